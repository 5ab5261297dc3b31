/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The lists of kernel/livepatch/core.c, patch.c and transition.c, 6.1 to 7.2:
 * klp_patches -> klp_patch.obj_list -> klp_object.func_list, which has also
 * what the kernel added itself (nops), and klp_ops -> klp_ops.func_stack.
 */
#include "kern/livepatch.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "image/capture.h"
#include "kern/kallsyms.h"
#include "kern/list.h"
#include "kern/module.h"
#include "kern/read.h"
#include "util/fail.h"
#include "util/grow.h"

/* PF_KTHREAD in include/linux/sched.h, a macro: no type data has it */
#define PF_KTHREAD 0x00200000u

struct reader {
	const struct zu_kernel *k;
	struct zu_klp *klp;
	size_t cap_patches;
	size_t cap_objects;
	size_t cap_funcs;
};

bool zu_klp_there(const struct zu_kernel *k)
{
	static const enum zu_field fields[] = {
		ZU_F_task_flags, ZU_F_task_patch_state, ZU_F_klp_patch_mod,
		ZU_F_klp_patch_replace, ZU_F_klp_patch_list,
		ZU_F_klp_patch_objects, ZU_F_klp_patch_enabled,
		ZU_F_klp_patch_forced, ZU_F_klp_object_name,
		ZU_F_klp_object_funcs, ZU_F_klp_object_node,
		ZU_F_klp_object_mod, ZU_F_klp_object_patched,
		ZU_F_klp_func_old_name, ZU_F_klp_func_new_func,
		ZU_F_klp_func_sympos, ZU_F_klp_func_old_func,
		ZU_F_klp_func_node, ZU_F_klp_func_stack_node,
		ZU_F_klp_func_old_size, ZU_F_klp_func_new_size,
		ZU_F_klp_func_nop, ZU_F_klp_func_patched,
		ZU_F_klp_func_transition, ZU_F_klp_ops_node,
		ZU_F_klp_ops_stack,
	};
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (!zu_has(k, fields[i]))
			return false;
	return k->global[ZU_G_klp_transition_patch] &&
	       k->global[ZU_G_klp_target_state] &&
	       k->global[ZU_G_klp_patches] && k->global[ZU_G_klp_ops];
}

/* Captures made before they kept this say nothing. */
bool zu_klp_known(const struct zu_kernel *k)
{
	if (zu_klp_there(k) || !zu_image_is_capture(k->image))
		return true;
	return zu_captured_says(k->image, "\nlivepatch=");
}

static int is_absent(const struct zu_kernel *k, struct zu_error *err)
{
	if (!zu_klp_known(k))
		return zu_fail(err, ZU_ENOENT,
			       "the capture does not hold the state of live patching: it was made by an older zunwind");
	if (k->global[ZU_G_klp_patches])
		return zu_fail(err, ZU_ENOENT,
			       "the kernel's type data lacks members of live patching's structures");
	return zu_fail(err, ZU_ENOENT,
		       "this kernel has no live patching (CONFIG_LIVEPATCH)");
}

static int list_failed(int code, struct zu_error *err, const char *what,
		       uint64_t head)
{
	zu_fail(err, code, code == ZU_EFAULT ?
		"it leads out of the memory that is in the image" :
		"it runs in a circle, or a node does not lead back");
	return zu_fail_at(err, "the list of %s at 0x%" PRIx64, what, head);
}

static int read_flag(const struct reader *r, uint64_t base, enum zu_field f,
		     bool *ret, struct zu_error *err)
{
	uint64_t value;
	int code = zu_read_field_err(r->k, base, f, &value, err);

	if (!code)
		*ret = value != 0;
	return code;
}

static int read_name(const struct reader *r, uint64_t addr, char *buf,
		     size_t size, struct zu_error *err)
{
	int code = zu_read_string(r->k, addr, buf, size);

	if (code)
		return zu_fail(err, code, "cannot read a name at 0x%" PRIx64,
			       addr);
	return 0;
}

static int fill_func(const struct reader *r, struct zu_klp_func *f,
		     struct zu_error *err)
{
	const struct {
		enum zu_field field;
		uint64_t *to;
	} words[] = {
		{ ZU_F_klp_func_sympos, &f->sympos },
		{ ZU_F_klp_func_old_func, &f->old_func },
		{ ZU_F_klp_func_old_size, &f->old_size },
		{ ZU_F_klp_func_new_func, &f->new_func },
		{ ZU_F_klp_func_new_size, &f->new_size },
	};
	char name[ZU_KSYM_NAME];
	uint64_t at;
	size_t i;
	int ret;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		ret = zu_read_field_err(r->k, f->address, words[i].field,
					words[i].to, err);
		if (ret)
			return ret;
	}
	ret = read_flag(r, f->address, ZU_F_klp_func_nop, &f->nop, err);
	if (!ret)
		ret = read_flag(r, f->address, ZU_F_klp_func_patched,
				&f->patched, err);
	if (!ret)
		ret = read_flag(r, f->address, ZU_F_klp_func_transition,
				&f->transition, err);
	if (!ret)
		ret = zu_read_field_err(r->k, f->address,
					ZU_F_klp_func_old_name, &at, err);
	if (!ret)
		ret = read_name(r, at, name, sizeof(name), err);
	if (ret)
		return ret;
	f->name = strdup(name);
	return f->name ? 0 : zu_fail_nomem(err);
}

static int add_func(struct reader *r, uint64_t address, struct zu_error *err)
{
	struct zu_klp *klp = r->klp;
	struct zu_klp_func *f;

	if (klp->nr_funcs == ZU_KLP_FUNCS)
		return zu_fail(err, ZU_EFORMAT,
			       "there are more than %u functions in live patches",
			       ZU_KLP_FUNCS);
	f = zu_grow(klp->funcs, klp->nr_funcs, &r->cap_funcs, sizeof(*f));
	if (!f)
		return zu_fail_nomem(err);
	klp->funcs = f;
	f += klp->nr_funcs++;
	*f = (struct zu_klp_func){
		.address = address,
		.object = klp->nr_objects - 1,
		.older = ZU_KLP_NONE,
	};
	if (fill_func(r, f, err))
		return zu_fail_at(err, "klp_func at 0x%" PRIx64, address);
	return 0;
}

/* All entries of a list, each given to @add as the structure it is in */
static int each(struct reader *r, uint64_t head, enum zu_field node,
		const char *what,
		int (*add)(struct reader *r, uint64_t address,
			   struct zu_error *err), struct zu_error *err)
{
	struct zu_list l;
	uint64_t at;
	int ret;

	zu_list_init(&l, r->k, head, ZU_LIST_CIRCULAR);
	while ((ret = zu_list_next(&l, &at)) > 0) {
		ret = add(r, at - zu_offset(r->k, node), err);
		if (ret)
			return ret;
	}
	return ret ? list_failed(ret, err, what, head) : 0;
}

static int fill_object(struct reader *r, size_t number, struct zu_error *err)
{
	struct zu_klp_object *o = &r->klp->objects[number];
	uint64_t address = o->address, name, mod;
	int ret;

	ret = zu_read_field_err(r->k, address, ZU_F_klp_object_name, &name,
				err);
	if (!ret && name)
		ret = read_name(r, name, o->name, sizeof(o->name), err);
	if (!ret)
		ret = zu_read_field_err(r->k, address, ZU_F_klp_object_mod,
					&mod, err);
	if (!ret)
		ret = read_flag(r, address, ZU_F_klp_object_patched,
				&o->patched, err);
	if (ret)
		return ret;
	/* klp_is_object_loaded() */
	o->loaded = !name || mod;
	ret = each(r, address + zu_offset(r->k, ZU_F_klp_object_funcs),
		   ZU_F_klp_func_node, "functions", add_func, err);
	o->count = r->klp->nr_funcs - o->first;
	return ret;
}

static int add_object(struct reader *r, uint64_t address, struct zu_error *err)
{
	struct zu_klp *klp = r->klp;
	struct zu_klp_object *o;

	if (klp->nr_objects == ZU_KLP_OBJECTS)
		return zu_fail(err, ZU_EFORMAT,
			       "there are more than %u objects in live patches",
			       ZU_KLP_OBJECTS);
	o = zu_grow(klp->objects, klp->nr_objects, &r->cap_objects,
		    sizeof(*o));
	if (!o)
		return zu_fail_nomem(err);
	klp->objects = o;
	o[klp->nr_objects++] = (struct zu_klp_object){
		.address = address, .first = klp->nr_funcs,
	};
	if (fill_object(r, klp->nr_objects - 1, err))
		return zu_fail_at(err, "klp_object at 0x%" PRIx64, address);
	return 0;
}

static int fill_patch(struct reader *r, struct zu_klp_patch *p,
		      struct zu_error *err)
{
	uint64_t mod;
	int ret;

	ret = zu_read_field_err(r->k, p->address, ZU_F_klp_patch_mod, &mod,
				err);
	if (ret)
		return ret;
	if (!zu_module_name(r->k, mod, p->name, sizeof(p->name)))
		return zu_fail(err, ZU_EFAULT,
			       "cannot read the name of its module at 0x%" PRIx64,
			       mod);
	ret = read_flag(r, p->address, ZU_F_klp_patch_enabled, &p->enabled,
			err);
	if (!ret)
		ret = read_flag(r, p->address, ZU_F_klp_patch_replace,
				&p->replace, err);
	if (!ret)
		ret = read_flag(r, p->address, ZU_F_klp_patch_forced,
				&p->forced, err);
	if (!ret)
		ret = each(r, p->address +
			   zu_offset(r->k, ZU_F_klp_patch_objects),
			   ZU_F_klp_object_node, "objects", add_object,
			   err);
	p->count = r->klp->nr_objects - p->first;
	return ret;
}

static int add_patch(struct reader *r, uint64_t address, struct zu_error *err)
{
	struct zu_klp *klp = r->klp;
	struct zu_klp_patch *p;

	if (klp->nr_patches == ZU_KLP_PATCHES)
		return zu_fail(err, ZU_EFORMAT,
			       "there are more than %u live patches",
			       ZU_KLP_PATCHES);
	p = zu_grow(klp->patches, klp->nr_patches, &r->cap_patches,
		    sizeof(*p));
	if (!p)
		return zu_fail_nomem(err);
	klp->patches = p;
	p += klp->nr_patches++;
	*p = (struct zu_klp_patch){
		.address = address, .first = klp->nr_objects,
	};
	if (fill_patch(r, p, err))
		return zu_fail_at(err, "klp_patch at 0x%" PRIx64, address);
	return 0;
}

/* Where a function is, by the address of its klp_func */
struct place {
	uint64_t address;
	size_t number;
};

struct places {
	struct place *place;
	size_t count;
};

static int by_address(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return (x->address > y->address) - (x->address < y->address);
}

static int places_init(struct places *p, const struct zu_klp *klp,
		       struct zu_error *err)
{
	size_t i;

	p->count = klp->nr_funcs;
	p->place = calloc(p->count + 1, sizeof(*p->place));
	if (!p->place)
		return zu_fail_nomem(err);
	for (i = 0; i < p->count; i++)
		p->place[i] = (struct place){ klp->funcs[i].address, i };
	qsort(p->place, p->count, sizeof(*p->place), by_address);
	return 0;
}

static int stack_entry(struct zu_klp *klp, const struct places *places,
		       uint64_t address, size_t *newer, struct zu_error *err)
{
	struct place key = { .address = address };
	const struct place *p = bsearch(&key, places->place, places->count,
					sizeof(key), by_address);
	struct zu_klp_func *f;

	if (!p)
		return zu_fail(err, ZU_EFORMAT,
			       "klp_func at 0x%" PRIx64 " is in no patch",
			       address);
	/* a node that leads back is in one list, and there once */
	f = &klp->funcs[p->number];
	f->stacked = true;
	f->alone = *newer == ZU_KLP_NONE;
	if (!f->alone) {
		klp->funcs[*newer].alone = false;
		klp->funcs[*newer].older = p->number;
	}
	*newer = p->number;
	return 0;
}

/* The newest version of a function comes first. */
static int read_stack(struct reader *r, const struct places *places,
		      uint64_t head, struct zu_error *err)
{
	size_t newer = ZU_KLP_NONE;
	struct zu_list l;
	uint64_t at;
	int ret;

	zu_list_init(&l, r->k, head, ZU_LIST_CIRCULAR);
	while ((ret = zu_list_next(&l, &at)) > 0) {
		at -= zu_offset(r->k, ZU_F_klp_func_stack_node);
		ret = stack_entry(r->klp, places, at, &newer, err);
		if (ret)
			return zu_fail_at(err, "function stack at 0x%" PRIx64,
					  head);
	}
	return ret ? list_failed(ret, err, "versions of a function", head) : 0;
}

static int read_stacks(struct reader *r, const struct places *places,
		       struct zu_error *err)
{
	uint64_t head = r->k->global[ZU_G_klp_ops], at;
	size_t left = r->klp->nr_funcs;
	struct zu_list l;
	int ret;

	zu_list_init(&l, r->k, head, ZU_LIST_CIRCULAR);
	while ((ret = zu_list_next(&l, &at)) > 0) {
		if (!left--)
			return zu_fail(err, ZU_EFORMAT,
				       "there are more function stacks than functions");
		at -= zu_offset(r->k, ZU_F_klp_ops_node);
		ret = read_stack(r, places,
				 at + zu_offset(r->k, ZU_F_klp_ops_stack),
				 err);
		if (ret)
			return ret;
	}
	return ret ? list_failed(ret, err, "function stacks (klp_ops)", head) :
		     0;
}

static int read_lists(struct reader *r, struct zu_error *err)
{
	struct places places = { .place = NULL };
	int ret;

	ret = each(r, r->k->global[ZU_G_klp_patches], ZU_F_klp_patch_list,
		   "live patches (klp_patches)", add_patch, err);
	if (!ret)
		ret = places_init(&places, r->klp, err);
	if (!ret)
		ret = read_stacks(r, &places, err);
	free(places.place);
	return ret;
}

static int read_global(const struct reader *r, enum zu_global g, uint32_t size,
		       uint64_t *ret, struct zu_error *err)
{
	int code = zu_read_uint(r->k, r->k->global[g], size, ret);

	if (code)
		return zu_fail(err, code, "cannot read %s at 0x%" PRIx64,
			       zu_global_name(g), r->k->global[g]);
	return 0;
}

static int find_patch(struct zu_klp *klp, uint64_t address,
		      struct zu_error *err)
{
	size_t i;

	for (i = 0; i < klp->nr_patches; i++)
		if (klp->patches[i].address == address) {
			klp->transition = i;
			return 0;
		}
	return zu_fail(err, ZU_EFORMAT,
		       "klp_transition_patch is 0x%" PRIx64 ", which is no live patch",
		       address);
}

static int read_transition(struct reader *r, struct zu_error *err)
{
	struct zu_klp *klp = r->klp;
	uint64_t patch, target, rounds;
	int ret;

	klp->rounds = -1;
	ret = read_global(r, ZU_G_klp_transition_patch, 8, &patch, err);
	if (ret || !patch)
		return ret;
	ret = find_patch(klp, patch, err);
	if (!ret)
		ret = read_global(r, ZU_G_klp_target_state, 4, &target, err);
	if (ret)
		return ret;
	if (target > ZU_KLP_PATCHED)
		return zu_fail(err, ZU_EFORMAT,
			       "klp_target_state is %" PRId32 " during a transition",
			       (int32_t)target);
	klp->target = (enum zu_klp_state)target;
	if (!r->k->global[ZU_G_klp_signals_cnt])
		return 0;
	ret = read_global(r, ZU_G_klp_signals_cnt, 4, &rounds, err);
	if (!ret)
		klp->rounds = (int64_t)rounds;
	return ret;
}

int zu_klp_read(const struct zu_kernel *k, struct zu_klp *ret,
		struct zu_error *err)
{
	struct reader r = { .k = k, .klp = ret };
	int code;

	if (!zu_klp_there(k))
		return is_absent(k, err);
	code = read_lists(&r, err);
	if (!code)
		code = read_transition(&r, err);
	return code ? zu_fail_at(err, "live patching") : 0;
}

void zu_klp_deinit(struct zu_klp *klp)
{
	size_t i;

	for (i = 0; i < klp->nr_funcs; i++)
		free(klp->funcs[i].name);
	free(klp->funcs);
	free(klp->objects);
	free(klp->patches);
	*klp = (struct zu_klp)ZU_KLP_INIT;
}

/* What is looked for on stacks: a module can come while a transition goes on. */
static bool is_same_code(const struct zu_klp *a, const struct zu_klp *b)
{
	size_t i;

	if (a->nr_objects != b->nr_objects || a->nr_funcs != b->nr_funcs)
		return false;
	for (i = 0; i < a->nr_objects; i++)
		if (a->objects[i].loaded != b->objects[i].loaded ||
		    a->objects[i].patched != b->objects[i].patched)
			return false;
	for (i = 0; i < a->nr_funcs; i++)
		if (a->funcs[i].address != b->funcs[i].address ||
		    a->funcs[i].stacked != b->funcs[i].stacked ||
		    a->funcs[i].older != b->funcs[i].older ||
		    a->funcs[i].old_func != b->funcs[i].old_func)
			return false;
	return true;
}

static bool is_same(const struct zu_klp *a, const struct zu_klp *b)
{
	size_t i;

	if (a->nr_patches != b->nr_patches || a->transition != b->transition ||
	    a->target != b->target || !is_same_code(a, b))
		return false;
	for (i = 0; i < a->nr_patches; i++)
		if (a->patches[i].address != b->patches[i].address ||
		    a->patches[i].enabled != b->patches[i].enabled)
			return false;
	return true;
}

static int check_changes(const struct zu_klp *klp, struct zu_kernel *k,
			 struct zu_error *err)
{
	struct zu_klp now = ZU_KLP_INIT;
	int ret;

	zu_image_forget(k->image);
	ret = zu_klp_read(k, &now, err);
	if (!ret && !is_same(&now, klp))
		ret = zu_fail(err, ZU_EAGAIN,
			      "live patches came or went each time they were looked at");
	zu_klp_deinit(&now);
	return ret;
}

int zu_klp_check(const struct zu_klp *klp, struct zu_kernel *k,
		 struct zu_error *err)
{
	int ret = zu_kernel_changes(k) ? check_changes(klp, k, err) : 0;

	return ret ? ret : zu_kernel_check(k, err);
}

int zu_klp_task(const struct zu_kernel *k, const struct zu_task *task,
		struct zu_klp_task *ret, struct zu_error *err)
{
	uint64_t state, flags;
	int32_t value;
	int code;

	code = zu_read_field_err(k, task->address, ZU_F_task_patch_state,
				 &state, err);
	if (!code)
		code = zu_read_field_err(k, task->address, ZU_F_task_flags,
					 &flags, err);
	if (code)
		return zu_fail_at(err, "task at 0x%" PRIx64, task->address);
	value = (int32_t)state;
	if (value < ZU_KLP_IDLE || value > ZU_KLP_PATCHED)
		return zu_fail(err, ZU_EFORMAT,
			       "task at 0x%" PRIx64 " has the patch_state %" PRId32,
			       task->address, value);
	*ret = (struct zu_klp_task){
		.state = (enum zu_klp_state)value,
		.kthread = flags & PF_KTHREAD,
	};
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Structure layouts from BTF. libbpf's own writer makes the blobs, in both
 * byte orders; those that no writer makes are patched.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/bytes.h"
#include "kern/layout.h"

static struct zu_error err;

static void assert_place(const struct zu_layout *l, enum zu_field f,
			 uint32_t offset, uint32_t size, uint32_t target)
{
	assert_true(l->place[f].present);
	assert_int_equal(l->place[f].offset, offset);
	assert_int_equal(l->place[f].size, size);
	assert_int_equal(l->place[f].target, target);
}

/* a layout that zu_layout_check() likes */
static struct zu_layout good_layout(void)
{
	struct zu_layout l;
	int f;

	memset(&l, 0, sizeof(l));
	for (f = 0; f < ZU_FIELD_COUNT; f++)
		l.place[f] = (struct zu_place){ .present = true, .size = 8 };
	l.place[ZU_F_pt_regs].size = 200;
	l.place[ZU_F_sym].size = 24;
	l.place[ZU_F_ret_stack].size = 32;
	l.place[ZU_F_sym_name].size = 4;
	l.place[ZU_F_sym_shndx].size = 2;
	l.place[ZU_F_task_tasks].size = 16;
	l.place[ZU_F_task_thread_node].size = 16;
	l.place[ZU_F_signal_thread_head].size = 16;
	l.place[ZU_F_module_list].size = 16;
	l.place[ZU_F_kprobe_cache_pages].size = 16;
	l.place[ZU_F_kprobe_page_list].size = 16;
	l.place[ZU_F_bpf_ksym_lnode].size = 16;
	l.place[ZU_F_ftrace_entry_hlist].size = 16;
	l.place[ZU_F_klp_patch].size = 64;
	l.place[ZU_F_klp_object].size = 64;
	l.place[ZU_F_klp_func].size = 64;
	l.place[ZU_F_klp_patch_list].size = 16;
	l.place[ZU_F_klp_patch_objects].size = 16;
	l.place[ZU_F_klp_object_funcs].size = 16;
	l.place[ZU_F_klp_object_node].size = 16;
	l.place[ZU_F_klp_func_node].size = 16;
	l.place[ZU_F_klp_func_stack_node].size = 16;
	l.place[ZU_F_klp_ops_node].size = 16;
	l.place[ZU_F_klp_ops_stack].size = 16;
	l.place[ZU_F_module_mem].size = 504;
	l.place[ZU_F_module_mem].target = 72;
	l.place[ZU_F_mod_init_text].offset = 4;
	return l;
}

static void assert_checks(const struct zu_layout *l, int code,
			  const char *text)
{
	err.text[0] = '\0';
	assert_int_equal(zu_layout_check(l, &err), code);
	if (!strstr(err.text, text))
		print_error("%s\n", err.text);
	assert_non_null(strstr(err.text, text));
}

static void check_wants_what_is_needed(void **state)
{
	struct zu_layout l = good_layout();

	(void)state;
	assert_checks(&l, 0, "");
	l.place[ZU_F_bpf_ksym_end].present = false;
	l.place[ZU_F_bpf_ksym_end].size = 3;
	assert_checks(&l, 0, "");
	l.place[ZU_F_task_pid].present = false;
	assert_checks(&l, ZU_ENOENT,
		      "this kernel's type data lacks task_struct.pid");
	l = good_layout();
	l.place[ZU_F_pt_regs].present = false;
	assert_checks(&l, ZU_ENOENT, "lacks sizeof(pt_regs)");
}

static void check_wants_sizes_that_can_be_read(void **state)
{
	static const struct {
		enum zu_field f;
		uint32_t size;
		bool good;
	} cases[] = {
		{ ZU_F_task_pid, 0, false },
		{ ZU_F_task_pid, 1, true },
		{ ZU_F_task_pid, 3, false },
		{ ZU_F_task_pid, 4, true },
		{ ZU_F_task_pid, 9, false },
		{ ZU_F_task_on_cpu, 1, true },
		{ ZU_F_task_stack, 4, false },
		{ ZU_F_task_stack, 16, false },
		{ ZU_F_task_tasks, 8, false },
		{ ZU_F_task_tasks, 16, true },
		{ ZU_F_task_tasks, 17, false },
		{ ZU_F_task_comm, 0, false },
		{ ZU_F_task_comm, 1, true },
		{ ZU_F_task_comm, 512, true },
		{ ZU_F_task_comm, 513, false },
		{ ZU_F_pt_regs, 0, false },
		{ ZU_F_pt_regs, 1 << 20, true },
		{ ZU_F_pt_regs, (1 << 20) + 1, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct zu_layout l = good_layout();

		l.place[cases[i].f].size = cases[i].size;
		assert_checks(&l, cases[i].good ? 0 : ZU_EFORMAT,
			      cases[i].good ? "" : zu_field_name(cases[i].f));
	}
}

static void check_wants_members_inside(void **state)
{
	struct zu_layout l = good_layout();

	(void)state;
	l.place[ZU_F_task_pid].offset = (1 << 20) - 8;
	assert_checks(&l, 0, "");
	l.place[ZU_F_task_pid].offset++;
	assert_checks(&l, ZU_EFORMAT, "task_struct.pid");
	l.place[ZU_F_task_pid].offset = UINT32_MAX;
	assert_checks(&l, ZU_EFORMAT, "task_struct.pid");

	/* a row that tells the size of the structure bounds its members */
	l = good_layout();
	l.place[ZU_F_sym_value].offset = 16;
	assert_checks(&l, 0, "");
	l.place[ZU_F_sym_value].offset = 17;
	assert_checks(&l, ZU_EFORMAT, "elf64_sym.st_value");

	l = good_layout();
	l.place[ZU_F_task_ret_stack].target = (1 << 20) + 1;
	assert_checks(&l, ZU_EFORMAT, "task_struct.ret_stack");
	l = good_layout();
	l.place[ZU_F_mod_text].offset = UINT32_MAX;
	assert_checks(&l, ZU_EFORMAT, "MOD_TEXT");
}

static void check_wants_elements_inside(void **state)
{
	struct zu_layout l = good_layout();

	(void)state;
	l.place[ZU_F_mod_init_text].offset = 6;
	assert_checks(&l, 0, "");
	l.place[ZU_F_mod_init_text].offset = 7;
	assert_checks(&l, ZU_EFORMAT, "too few elements in module.mem");
	l = good_layout();
	l.place[ZU_F_mod_text].offset = 7;
	assert_checks(&l, ZU_EFORMAT, "too few elements in module.mem");
	l = good_layout();
	l.place[ZU_F_module_mem].target = 0;
	assert_checks(&l, ZU_EFORMAT, "too few elements in module.mem");
}

static void names_are_unique(void **state)
{
	int i, j;

	(void)state;
	assert_string_equal(zu_field_name(ZU_F_task_ksp),
			    "task_struct.thread.ksp");
	assert_string_equal(zu_field_name(ZU_F_pt_regs), "sizeof(pt_regs)");
	assert_string_equal(zu_field_name(ZU_F_mod_text),
			    "mod_mem_type.MOD_TEXT");
	for (i = 0; i < ZU_FIELD_COUNT; i++)
		for (j = 0; j < i; j++)
			assert_string_not_equal(zu_field_name(i),
						zu_field_name(j));
}

#if ZU_HAVE_BPF
#include <bpf/btf.h>

/* what differs from kernel to kernel, and what can be wrong with one */
struct options {
	bool big_endian;
	bool byte_on_cpu;	/* 7.2 */
	bool bit_field;		/* flags is one */
	bool old_bit_field;	/* flags is one of before kind_flag */
	bool no_pid;
	bool pid_nowhere;	/* its type does not exist */
	bool pid_endless;	/* a typedef of itself */
	bool pid_array;		/* of 4 GiB */
	bool within;		/* __state is inside of unnamed structures */
	bool deep;		/* __state is too deep inside of these */
	bool self;		/* task_struct contains itself, twice */
	bool enum64;
	bool low_bits;		/* pid does not start at a byte */
	bool thread_enum;	/* thread is an enum with an enumerator ksp */
	bool state_struct;	/* module_state is a structure */
	bool small_long;	/* long int has 4 bytes */
	bool no_ret_stack;
};

/* one kernel in the making */
struct kernel {
	struct btf *btf;
	int u8, u32, ulong, void_ptr, list;
};

static int ok(int id)
{
	assert_true(id >= 0);
	return id;
}

static void add(struct kernel *k, const char *name, int type, uint32_t offset)
{
	ok(btf__add_field(k->btf, name, type, 8 * offset, 0));
}

static void add_basics(struct kernel *k, const struct options *o)
{
	if (o->small_long)
		ok(btf__add_int(k->btf, "long int", 4, BTF_INT_SIGNED));
	k->u8 = ok(btf__add_int(k->btf, "unsigned char", 1, 0));
	k->u32 = ok(btf__add_int(k->btf, "unsigned int", 4, 0));
	k->ulong = ok(btf__add_int(k->btf, "long unsigned int", 8, 0));
	k->void_ptr = ok(btf__add_ptr(k->btf, 0));
	k->list = ok(btf__add_struct(k->btf, "list_head", 16));
	add(k, "next", k->void_ptr, 0);
	add(k, "prev", k->void_ptr, 8);
}

/* so many unnamed structures and unions around a member, at offset 4 or 8 */
static int add_nest(struct kernel *k, unsigned int depth, const char *name)
{
	int inner = ok(btf__add_struct(k->btf, NULL, 8));

	add(k, name, k->u32, 4);
	for (; depth > 2; depth--) {
		int outer = ok(btf__add_union(k->btf, NULL, 8));

		add(k, NULL, inner, 0);
		add(k, "other", k->u32, 0);
		inner = outer;
	}
	if (depth == 2) {
		int outer = ok(btf__add_struct(k->btf, NULL, 16));

		add(k, "other", k->u32, 0);
		add(k, NULL, inner, 4);
		inner = outer;
	}
	return inner;
}

static int pid_type(struct kernel *k, const struct options *o)
{
	int next = (int)btf__type_cnt(k->btf);

	if (o->pid_nowhere)
		return 100000;
	if (o->pid_endless)
		return ok(btf__add_typedef(k->btf, "pid_t", next));
	if (o->pid_array)
		return ok(btf__add_array(k->btf, k->u32, k->ulong, 1 << 30));
	return ok(btf__add_typedef(k->btf, "pid_t", k->u32));
}

static int state_type(struct kernel *k, const struct options *o)
{
	if (o->deep)
		return add_nest(k, 17, "__state");
	return add_nest(k, o->within ? 16 : 1, "__state");
}

/* moves the member that was added last by some bits */
static void add_bits(struct kernel *k, uint32_t bits)
{
	uint32_t id = btf__type_cnt(k->btf) - 1;
	struct btf_type *t = (void *)(uintptr_t)btf__type_by_id(k->btf, id);

	btf_members(t)[btf_vlen(t) - 1].offset += bits;
}

static void add_task_members(struct kernel *k, const struct options *o,
			     int state, int pid, int thread, int comm)
{
	add(k, NULL, state, 16);
	add(k, "stack", k->void_ptr, 32);
	if (o->bit_field)
		ok(btf__add_field(k->btf, "exit_state", k->u32, 8 * 80, 4));
	else if (!o->old_bit_field)
		add(k, "exit_state", k->u32, 80);
	add(k, "on_cpu", o->byte_on_cpu ? k->u8 : k->u32, 52);
	add(k, "tasks", k->list, 64);
	if (!o->no_pid)
		add(k, "pid", pid, 84);
	if (o->low_bits)
		add_bits(k, 4);
	add(k, "tgid", k->u32, 88);
	add(k, "thread_node", k->list, 96);
	add(k, "comm", comm, 112);
	add(k, "signal", k->void_ptr, 128);
	add(k, "thread", thread, 136);
}

/* an enum that, taken for a structure, has a member ksp at offset 0 */
static int add_false_thread(struct kernel *k)
{
	int id = ok(btf__add_enum(k->btf, "thread_struct", 4));
	struct btf_type *t;

	ok(btf__add_enum_value(k->btf, "ksp", k->ulong));
	ok(btf__add_enum_value(k->btf, "other", 0));
	t = (void *)(uintptr_t)btf__type_by_id(k->btf, (uint32_t)id);
	btf_enum(t)[1].name_off = 0;
	return id;
}

static void add_task(struct kernel *k, const struct options *o)
{
	int state = state_type(k, o), pid = pid_type(k, o);
	int comm = ok(btf__add_array(k->btf, k->u32, k->u8, 16));
	int words = ok(btf__add_ptr(k->btf, k->ulong));
	int thread, old = 0, task;

	if (o->thread_enum) {
		thread = add_false_thread(k);
	} else {
		thread = ok(btf__add_struct(k->btf, "thread_struct", 72));
		add(k, "ksp", k->ulong, 64);
	}
	if (o->old_bit_field) {
		old = ok(btf__add_int(k->btf, "unsigned int", 4, 0));
		/* 4 of 32 bits */
		*(uint32_t *)(uintptr_t)(btf__type_by_id(k->btf, old) + 1) = 4;
	}
	task = ok(btf__add_struct(k->btf, "task_struct", 224));
	add_task_members(k, o, state, pid, thread, comm);
	if (!o->no_ret_stack) {
		add(k, "ret_stack", words, 208);
		add(k, "curr_ret_stack", k->u32, 216);
	}
	if (old)
		add(k, "exit_state", old, 80);
	if (o->self) {
		add(k, NULL, task, 0);
		add(k, NULL, task, 0);
	}
}

static void add_rest(struct kernel *k, const struct options *o)
{
	int task, curr, context, id;

	id = ok(btf__add_struct(k->btf, "pt_regs", 200));
	add(k, "gprs", k->ulong, 24);
	ok(btf__add_struct(k->btf, "signal_struct", 1072));
	add(k, "thread_head", k->list, 16);

	/* rq.curr shares its place with donor (7.2) */
	task = ok(btf__add_ptr(k->btf, id));
	curr = ok(btf__add_union(k->btf, NULL, 8));
	add(k, "donor", task, 0);
	add(k, "curr", task, 0);
	ok(btf__add_struct(k->btf, "rq", 64));
	add(k, NULL, curr, 16);
	add(k, "idle", task, 24);

	/* the type of mm_struct.context is a typedef of an unnamed one */
	context = ok(btf__add_struct(k->btf, NULL, 64));
	add(k, "asce", k->ulong, 40);
	context = ok(btf__add_typedef(k->btf, "mm_context_t", context));
	context = ok(btf__add_type_tag(k->btf, "tag", context));
	context = ok(btf__add_const(k->btf, context));
	context = ok(btf__add_volatile(k->btf, context));
	ok(btf__add_struct(k->btf, "mm_struct", 128));
	add(k, "context", context, 64);

	if (o->state_struct) {
		ok(btf__add_struct(k->btf, "module_state", 8));
		add(k, "MODULE_STATE_UNFORMED", k->ulong, 0);
	}
	if (o->enum64) {
		ok(btf__add_enum64(k->btf, "mod_mem_type", 8, false));
		ok(btf__add_enum64_value(k->btf, "MOD_TEXT", 0));
		ok(btf__add_enum64_value(k->btf, "MOD_INIT_TEXT", 4));
	} else {
		ok(btf__add_enum(k->btf, "mod_mem_type", 4));
		ok(btf__add_enum_value(k->btf, "MOD_TEXT", 0));
		ok(btf__add_enum_value(k->btf, "MOD_INIT_TEXT", 4));
	}
}

static void begin(struct kernel *k, const struct options *o)
{
	k->btf = btf__new_empty();
	assert_non_null(k->btf);
	ok(btf__set_endianness(k->btf, o->big_endian ? BTF_BIG_ENDIAN :
						       BTF_LITTLE_ENDIAN));
	add_basics(k, o);
}

struct blob {
	uint8_t *data;
	size_t len;
};

/* a copy without a byte to spare, so that overruns are noticed */
static struct blob finish(struct kernel *k)
{
	struct blob b;
	uint32_t len;
	const void *raw = btf__raw_data(k->btf, &len);

	assert_non_null(raw);
	b.len = len;
	b.data = malloc(len);
	assert_non_null(b.data);
	memcpy(b.data, raw, len);
	btf__free(k->btf);
	return b;
}

static struct blob make(const struct options *o)
{
	struct kernel k;

	begin(&k, o);
	add_task(&k, o);
	add_rest(&k, o);
	return finish(&k);
}

static struct zu_layout layout_of(const struct options *o)
{
	struct blob b = make(o);
	struct zu_layout l;
	int ret = zu_layout_from_btf(b.data, b.len, &l, &err);

	if (ret)
		print_error("%s\n", err.text);
	assert_int_equal(ret, 0);
	free(b.data);
	return l;
}

static void assert_refused(struct blob b, int code, const char *text)
{
	struct zu_layout l = { .place[0].size = 77 };

	assert_int_equal(zu_layout_from_btf(b.data, b.len, &l, &err), code);
	assert_int_equal(err.code, code);
	if (!strstr(err.text, text))
		print_error("%s\n", err.text);
	assert_non_null(strstr(err.text, text));
	assert_int_equal(l.place[0].size, 77);
	free(b.data);
}

static void reads_both_byte_orders(void **state)
{
	int big;

	(void)state;
	for (big = 0; big < 2; big++) {
		struct options o = { .big_endian = big };
		struct zu_layout l = layout_of(&o);

		assert_place(&l, ZU_F_pt_regs, 0, 200, 0);
		assert_place(&l, ZU_F_task_state, 20, 4, 0);
		assert_place(&l, ZU_F_task_stack, 32, 8, 0);
		assert_place(&l, ZU_F_task_on_cpu, 52, 4, 0);
		assert_place(&l, ZU_F_task_tasks, 64, 16, 0);
		assert_place(&l, ZU_F_task_pid, 84, 4, 0);
		assert_place(&l, ZU_F_task_comm, 112, 16, 1);
		assert_place(&l, ZU_F_task_signal, 128, 8, 0);
		assert_place(&l, ZU_F_task_ksp, 200, 8, 0);
		assert_place(&l, ZU_F_task_ret_stack, 208, 8, 8);
		assert_place(&l, ZU_F_rq_curr, 16, 8, 200);
		assert_place(&l, ZU_F_mm_asce, 104, 8, 0);
		assert_place(&l, ZU_F_mod_init_text, 4, 0, 0);
		assert_false(l.place[ZU_F_task_rethooks].present);
		assert_false(l.place[ZU_F_sym].present);
		assert_false(l.place[ZU_F_module_unformed].present);
	}
}

/* trap: on_cpu was an int up to 6.12 and is a byte in 7.2 */
static void takes_size_of_on_cpu(void **state)
{
	struct options o = { .big_endian = true, .byte_on_cpu = true };
	struct zu_layout l = layout_of(&o);

	(void)state;
	assert_place(&l, ZU_F_task_on_cpu, 52, 1, 0);
}

static void reads_64_bit_enumerators(void **state)
{
	struct options o = { .big_endian = true, .enum64 = true };
	struct zu_layout l = layout_of(&o);

	(void)state;
	assert_place(&l, ZU_F_mod_text, 0, 0, 0);
	assert_place(&l, ZU_F_mod_init_text, 4, 0, 0);
}

static void descends_into_unnamed_members(void **state)
{
	struct options o = { .within = true };
	struct zu_layout l = layout_of(&o);

	(void)state;
	assert_place(&l, ZU_F_task_state, 24, 4, 0);
	o.deep = true;
	assert_refused(make(&o), ZU_ENOENT, "lacks task_struct.__state");
}

static void refuses_bit_fields(void **state)
{
	struct options o = { .bit_field = true };

	(void)state;
	assert_refused(make(&o), ZU_ENOENT, "lacks task_struct.exit_state");
	o = (struct options){ .old_bit_field = true };
	assert_refused(make(&o), ZU_ENOENT, "lacks task_struct.exit_state");
	o = (struct options){ .low_bits = true };
	assert_refused(make(&o), ZU_ENOENT, "lacks task_struct.pid");
}

static void names_what_is_missing(void **state)
{
	struct options o = { .big_endian = true, .no_pid = true };
	struct kernel k;

	(void)state;
	assert_refused(make(&o), ZU_ENOENT,
		       "this kernel's type data lacks task_struct.pid");
	begin(&k, &o);
	assert_refused(finish(&k), ZU_ENOENT, "lacks sizeof(pt_regs)");
}

static void doubts_types_of_members(void **state)
{
	struct options o = { .pid_nowhere = true };
	struct zu_layout l;

	(void)state;
	assert_refused(make(&o), ZU_ENOENT, "lacks task_struct.pid");
	o = (struct options){ .pid_endless = true };
	assert_refused(make(&o), ZU_ENOENT, "lacks task_struct.pid");
	o = (struct options){ .pid_array = true };
	assert_refused(make(&o), ZU_EFORMAT, "task_struct.pid at offset 84");

	/* a structure is no enum, and the other way round */
	o = (struct options){ .thread_enum = true };
	assert_refused(make(&o), ZU_ENOENT, "lacks task_struct.thread.ksp");
	o = (struct options){ .state_struct = true };
	l = layout_of(&o);
	assert_false(l.place[ZU_F_module_unformed].present);
	/* pointers have 8 bytes, whatever size long claims to have */
	o = (struct options){ .small_long = true };
	l = layout_of(&o);
	assert_place(&l, ZU_F_task_stack, 32, 8, 0);
}

static void ends_on_structures_in_themselves(void **state)
{
	struct options o = { .self = true };

	(void)state;
	assert_refused(make(&o), ZU_EFORMAT, "contain each other");
}

/* of several types with one name the one that has what is needed */
static void picks_among_types_of_one_name(void **state)
{
	/* one member that is needed outweighs two that are not */
	static const struct options whole = {
		.byte_on_cpu = true,
		.no_ret_stack = true,
	};
	static const struct options lacking = { .no_pid = true };
	static const struct options *const orders[][3] = {
		{ &lacking, &whole, &lacking },
		{ &whole, &lacking, &lacking },
	};
	size_t i, j;

	(void)state;
	for (i = 0; i < 2; i++) {
		struct options other = { .no_ret_stack = true };
		struct zu_layout l;
		struct kernel k;
		struct blob b;

		begin(&k, &other);
		ok(btf__add_fwd(k.btf, "task_struct", BTF_FWD_STRUCT));
		ok(btf__add_typedef(k.btf, "task_struct", k.u32));
		ok(btf__add_struct(k.btf, "rq", 8));
		for (j = 0; j < 3; j++)
			add_task(&k, orders[i][j]);
		/* as good, but later */
		add_task(&k, &other);
		add_rest(&k, &other);
		b = finish(&k);
		assert_int_equal(zu_layout_from_btf(b.data, b.len, &l, &err),
				 0);
		free(b.data);
		assert_place(&l, ZU_F_task_pid, 84, 4, 0);
		assert_place(&l, ZU_F_task_on_cpu, 52, 1, 0);
		assert_place(&l, ZU_F_rq_idle, 24, 8, 200);
	}
}

static uint32_t get32(const uint8_t *p, bool big)
{
	uint32_t v = zu_be32(p);

	return big ? v : __builtin_bswap32(v);
}

static void put32(uint8_t *p, uint32_t v, bool big)
{
	zu_put_be32(p, big ? v : __builtin_bswap32(v));
}

/* 7.2 adds two words to the header; libbpf 1.1 takes it in one byte order */
static void reads_longer_headers(void **state)
{
	int big;

	(void)state;
	for (big = 0; big < 2; big++) {
		struct options o = { .big_endian = big };
		struct blob b = make(&o), longer = { .len = b.len + 8 };
		struct zu_layout l;
		uint32_t type_len;

		longer.data = calloc(1, longer.len);
		assert_non_null(longer.data);
		memcpy(longer.data, b.data, 24);
		memcpy(longer.data + 32, b.data + 24, b.len - 24);
		put32(longer.data + 4, 32, big);
		assert_int_equal(zu_layout_from_btf(longer.data, longer.len,
						    &l, &err), 0);
		assert_place(&l, ZU_F_task_ksp, 200, 8, 0);

		/* but no types that leave the blob */
		type_len = get32(longer.data + 12, big);
		put32(longer.data + 12, 0xfffffff0, big);
		assert_int_equal(zu_layout_from_btf(longer.data, longer.len,
						    &l, &err), ZU_EFORMAT);
		put32(longer.data + 12, type_len, big);

		/* nor a header that does */
		put32(longer.data + 4, (uint32_t)longer.len + 1, big);
		assert_refused(longer, ZU_EFORMAT, "BTF is cut off");
		put32(b.data + 4, 23, big);
		assert_refused(b, ZU_EFORMAT, "BTF is cut off");
	}
}

static void refuses_what_is_no_btf(void **state)
{
	struct options o = { .big_endian = true };
	struct blob b = make(&o);
	uint8_t *copy;
	size_t len;

	(void)state;
	for (len = 0; len < b.len; len++) {
		copy = malloc(len + !len);
		assert_non_null(copy);
		memcpy(copy, b.data, len);
		assert_refused((struct blob){ copy, len }, ZU_EFORMAT, "BTF");
	}
	b.data[0] = 0;
	assert_refused(b, ZU_EFORMAT, "this is no BTF");
}

/* any word may be wrong: that is an error or another layout, never a crash */
static void survives_any_wrong_word(void **state)
{
	static const uint32_t wrong[] = { 0, 1, 0x7fffffff, 0xffffffff,
					  0x04ffffff, 0x84ffffff };
	int big;

	(void)state;
	for (big = 0; big < 2; big++) {
		struct options o = { .big_endian = big };
		struct blob b = make(&o);
		struct zu_layout l;
		size_t at, i;

		for (at = 4; at + 4 <= b.len; at += 4) {
			uint32_t right = get32(b.data + at, big);

			for (i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
				put32(b.data + at, wrong[i], big);
				if (!zu_layout_from_btf(b.data, b.len, &l,
							&err))
					assert_int_equal(zu_layout_check(&l,
									 &err),
							 0);
			}
			put32(b.data + at, right, big);
		}
		free(b.data);
	}
}
#else
static void needs_libbpf(void **state)
{
	struct zu_layout l;

	(void)state;
	assert_int_equal(zu_layout_from_btf("", 0, &l, &err), ZU_ENOTSUP);
	skip();
}
#endif

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(check_wants_what_is_needed),
		cmocka_unit_test(check_wants_sizes_that_can_be_read),
		cmocka_unit_test(check_wants_members_inside),
		cmocka_unit_test(check_wants_elements_inside),
		cmocka_unit_test(names_are_unique),
#if ZU_HAVE_BPF
		cmocka_unit_test(reads_both_byte_orders),
		cmocka_unit_test(takes_size_of_on_cpu),
		cmocka_unit_test(reads_64_bit_enumerators),
		cmocka_unit_test(descends_into_unnamed_members),
		cmocka_unit_test(refuses_bit_fields),
		cmocka_unit_test(names_what_is_missing),
		cmocka_unit_test(doubts_types_of_members),
		cmocka_unit_test(ends_on_structures_in_themselves),
		cmocka_unit_test(picks_among_types_of_one_name),
		cmocka_unit_test(reads_longer_headers),
		cmocka_unit_test(refuses_what_is_no_btf),
		cmocka_unit_test(survives_any_wrong_word),
#else
		cmocka_unit_test(needs_libbpf),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

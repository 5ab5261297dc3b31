/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Patches with a struct klp_patch in their data, as the kernel's samples have
 * it. It has no name that one could count on; it is found by what it must
 * have: a pointer to the module itself, which the linker leaves as relocation,
 * and beside it a pointer to a list of objects that can be read as one.
 */
#include <inttypes.h>
#include <string.h>

#include "klp/patch_make.h"
#include "util/fail.h"

/* elements of lists looked at, all together */
#define BUDGET (1u << 20)

/**
 * struct search - the search for the patch
 * @e: the file
 * @layout: of the kernel
 * @this_module: number of the section that struct module is in
 * @budget: elements of lists that may still be looked at
 */
struct search {
	const struct zu_patch_elf *e;
	const struct zu_layout *layout;
	size_t this_module;
	size_t budget;
};

static uint64_t offset_of(const struct search *s, enum zu_field f)
{
	return s->layout->place[f].offset;
}

static uint64_t size_of(const struct search *s, enum zu_field f)
{
	return s->layout->place[f].size;
}

static int check_layout(const struct zu_layout *layout, struct zu_error *err)
{
	static const enum zu_field fields[] = {
		ZU_F_klp_patch, ZU_F_klp_patch_mod, ZU_F_klp_patch_objs,
		ZU_F_klp_object, ZU_F_klp_object_name, ZU_F_klp_object_array,
		ZU_F_klp_func, ZU_F_klp_func_old_name,
		ZU_F_klp_func_new_func, ZU_F_klp_func_sympos,
	};
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (!layout->place[fields[i]].present)
			return zu_fail(err, ZU_ENOENT,
				       "the kernel's type data lacks %s: it was built without CONFIG_LIVEPATCH",
				       zu_field_name(fields[i]));
	return 0;
}

/* The kernel writes to its structures: they are in data that is not const. */
static bool is_data(const struct search *s, size_t section)
{
	uint64_t flags = s->e->elf.section[section].flags;

	return (flags & SHF_ALLOC) && (flags & SHF_WRITE) &&
	       !(flags & SHF_EXECINSTR);
}

/* Is there room for a whole element? */
static int check_element(struct search *s, struct zu_patch_place at,
			 enum zu_field type, struct zu_error *err)
{
	const struct zu_elf_section *section = &s->e->elf.section[at.section];

	if (!s->budget)
		return zu_fail(err, ZU_EFORMAT, "its lists are too long");
	s->budget--;
	if (at.offset <= section->size &&
	    size_of(s, type) <= section->size - at.offset)
		return 0;
	return zu_fail(err, ZU_EFORMAT,
		       "a list of struct %s does not end in section %s",
		       type == ZU_F_klp_func ? "klp_func" : "klp_object",
		       section->name);
}

/* klp_for_each_func_static() goes on while one of these is set. */
static int is_end(struct search *s, struct zu_patch_place at, bool *ret,
		  struct zu_error *err)
{
	bool name, func = false;
	uint64_t pos = 0;
	int code;

	code = zu_patch_is_set(s->e, zu_patch_at(at, offset_of(s,
			       ZU_F_klp_func_old_name)), &name, err);
	if (!code)
		code = zu_patch_is_set(s->e, zu_patch_at(at, offset_of(s,
				       ZU_F_klp_func_new_func)), &func, err);
	if (!code)
		code = zu_patch_number(s->e, zu_patch_at(at, offset_of(s,
				       ZU_F_klp_func_sympos)), 8, &pos, err);
	if (code)
		return code;
	*ret = !name && !func && !pos;
	/* klp_init_func() refuses it; what has a name may be a nop, later */
	return name && !func ?
	       zu_fail(err, ZU_EFORMAT,
		       "at %#" PRIx64 " of section %s: no function replaces the old one",
		       at.offset, s->e->elf.section[at.section].name) : 0;
}

static int read_funcs(struct search *s, const char *object,
		      struct zu_patch_place at, struct zu_patch_file *ret,
		      struct zu_error *err)
{
	size_t before = ret->functions.nr;
	bool end = false;
	int code;

	for (;; at.offset += size_of(s, ZU_F_klp_func)) {
		code = check_element(s, at, ZU_F_klp_func, err);
		if (!code)
			code = is_end(s, at, &end, err);
		if (code)
			return code;
		if (end)
			break;
		code = zu_patch_add(s->e, object, zu_patch_at(at, offset_of(s,
				    ZU_F_klp_func_old_name)),
				    zu_patch_at(at, offset_of(s,
				    ZU_F_klp_func_sympos)), &ret->functions,
				    err);
		if (code)
			return code;
	}
	ret->blank += ret->functions.nr == before;
	return 0;
}

/* @more: false: klp_for_each_object_static() ends there */
static int read_object(struct search *s, struct zu_patch_place at,
		       struct zu_patch_file *ret, bool *more,
		       struct zu_error *err)
{
	struct zu_patch_place name, funcs = { .section = 0 };
	const char *object = NULL;
	int code;

	code = zu_patch_pointer(s->e, zu_patch_at(at, offset_of(s,
				ZU_F_klp_object_name)), &name, err);
	if (!code)
		code = zu_patch_pointer(s->e, zu_patch_at(at, offset_of(s,
					ZU_F_klp_object_array)), &funcs, err);
	if (code)
		return code;
	*more = name.section || funcs.section;
	if (!*more)
		return 0;
	if (name.section)
		code = zu_patch_string(s->e, name, ZU_OBJECT_NAME - 1, &object,
				       err);
	if (code)
		return code;
	/* klp_enable_patch() refuses an object without */
	if (!funcs.section || !is_data(s, funcs.section))
		return zu_fail(err, ZU_EFORMAT,
			       "object %s has no list of functions",
			       object ? object : ZU_OBJECT_KERNEL);
	return read_funcs(s, object, funcs, ret, err);
}

static int read_objects(struct search *s, struct zu_patch_place at,
			struct zu_patch_file *ret, struct zu_error *err)
{
	bool more = true;
	size_t nr = 0;
	int code;

	for (; more; at.offset += size_of(s, ZU_F_klp_object), nr++) {
		code = check_element(s, at, ZU_F_klp_object, err);
		if (!code)
			code = read_object(s, at, ret, &more, err);
		if (code)
			return code;
	}
	return nr > 1 ? 0 :
	       zu_fail(err, ZU_ENOENT,
		       "its list of objects is empty in the file: its code fills it when it is loaded");
}

/*
 * Does a relocation make klp_patch.mod? @patch: then where klp_patch is; @objs: where
 * klp_patch.objs leads
 */
static bool is_candidate(const struct search *s, size_t section,
			 const struct zu_patch_reloc *r,
			 struct zu_patch_place *patch,
			 struct zu_patch_place *objs)
{
	uint64_t mod = offset_of(s, ZU_F_klp_patch_mod);
	uint64_t size = s->e->elf.section[section].size;
	struct zu_patch_place to;
	struct zu_error err;

	if (r->type != R_390_64 || zu_patch_target(s->e, r, &to, &err) ||
	    to.section != s->this_module || to.offset || r->offset < mod)
		return false;
	*patch = (struct zu_patch_place){ section, r->offset - mod };
	if (size_of(s, ZU_F_klp_patch) > size - patch->offset)
		return false;
	return !zu_patch_pointer(s->e, zu_patch_at(*patch, offset_of(s,
				 ZU_F_klp_patch_objs)), objs, &err) &&
	       objs->section && is_data(s, objs->section);
}

static int read_replaces(struct search *s, struct zu_patch_place patch,
			 bool *ret, struct zu_error *err)
{
	uint64_t value = 0;
	int code = 0;

	if (s->layout->place[ZU_F_klp_patch_replace].present)
		code = zu_patch_number(s->e, zu_patch_at(patch, offset_of(s,
				       ZU_F_klp_patch_replace)),
				       (unsigned int)size_of(s,
				       ZU_F_klp_patch_replace), &value, err);
	*ret = value;
	return code;
}

/* Many structures have a pointer to their module; few lead to such a list. */
static int look(struct search *s, size_t section,
		const struct zu_patch_reloc *r, struct zu_patch_file *found,
		size_t *nr, struct zu_error *err)
{
	struct zu_patch_file p = { .make = ZU_PATCH_STATIC };
	struct zu_patch_place patch, objs;
	struct zu_error why;

	if (!is_candidate(s, section, r, &patch, &objs))
		return 0;
	if (read_objects(s, objs, &p, &why) ||
	    read_replaces(s, patch, &p.replaces, &why)) {
		zu_patch_file_deinit(&p);
		/* it may be another thing; if there is no patch, it is told */
		if (!*nr && !err->code)
			*err = why;
		return why.code == ZU_ENOMEM || !s->budget ?
		       (*err = why).code : 0;
	}
	if ((*nr)++) {
		zu_patch_file_deinit(&p);
		return zu_fail(err, ZU_EFORMAT,
			       "two structures in it look like its klp_patch");
	}
	memcpy(p.name, found->name, sizeof(p.name));
	*found = p;
	return 0;
}

static int look_everywhere(struct search *s, struct zu_patch_file *ret,
			   struct zu_error *err)
{
	size_t i, j, nr = 0;
	int code;

	err->code = 0;
	for (i = 1; i < s->e->elf.nr; i++) {
		const struct zu_patch_relocs *r = &s->e->relocs[i];

		for (j = 0; is_data(s, i) && j < r->nr; j++) {
			code = look(s, i, &r->reloc[j], ret, &nr, err);
			if (code)
				return code;
		}
	}
	if (nr)
		return 0;
	return err->code ? zu_fail_at(err, "its klp_patch") :
	       zu_fail(err, ZU_ENOENT,
		       "there is no klp_patch in its data: its code makes one when it is loaded");
}

int zu_patch_static(const struct zu_patch_elf *e,
		    const struct zu_layout *layout, struct zu_patch_file *ret,
		    struct zu_error *err)
{
	struct search s = {
		.e = e,
		.layout = layout,
		.this_module = zu_patch_section(e, ZU_THIS_MODULE),
		.budget = BUDGET,
	};
	struct zu_error why = { 0 };
	int code;

	code = check_layout(layout, err);
	if (code)
		return code;
	code = look_everywhere(&s, ret, &why);
	if (!code && !ret->functions.nr)
		code = zu_fail(&why, ZU_ENOENT,
			       "its lists of functions are empty in the file: it has nothing but callbacks, or its code fills them when it is loaded");
	if (code)
		*err = why;
	return code;
}

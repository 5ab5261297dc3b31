/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Patches that tools make: arrays in sections of their own, which code in the
 * module turns into a klp_patch when it is loaded. The arrays are a format
 * between a tool and that code, no types of the kernel: BTF of a kernel does
 * not know them. doc/patch-file.md has the sources.
 */
#include <inttypes.h>
#include <string.h>

#include "klp/patch_make.h"
#include "util/fail.h"

/* kpatch-build: struct kpatch_patch_func */
#define KPATCH_SYMPOS 32
#define KPATCH_NAME 40
#define KPATCH_OBJECT 48
#define KPATCH_SIZE 56

/* klp-build: struct klp_object_ext, with four callbacks and a flag in it */
#define OBJECT_NAME 0
#define OBJECT_FUNCS 8
#define OBJECT_NR_FUNCS 56
#define OBJECT_SIZE 64

/* and struct klp_func_ext */
#define FUNC_NAME 0
#define FUNC_SYMPOS 16
#define FUNC_SIZE 24

/* Other sizes are of a format that we don't know. */
static int check_array(const struct zu_elf_section *s, uint64_t size,
		       struct zu_error *err)
{
	if (s->size % size)
		return zu_fail(err, ZU_ENOTSUP,
			       "section %s has %" PRIu64
			       " bytes, which are no elements of %" PRIu64
			       ": the tool that made it is not known",
			       s->name, s->size, size);
	return s->type == SHT_NOBITS ?
	       zu_fail(err, ZU_EFORMAT, "section %s has no data in this file",
		       s->name) : 0;
}

/* The object that a pointer names; @ret: NULL if it is a NULL pointer */
static int read_object(const struct zu_patch_elf *e, struct zu_patch_place at,
		       const char **ret, struct zu_error *err)
{
	struct zu_patch_place to;
	int code;

	code = zu_patch_pointer(e, at, &to, err);
	if (code)
		return code;
	*ret = NULL;
	return to.section ?
	       zu_patch_string(e, to, ZU_OBJECT_NAME - 1, ret, err) : 0;
}

/* The kernel is told by its name. */
static int read_func(const struct zu_patch_elf *e, struct zu_patch_place at,
		     struct zu_patch_functions *ret, struct zu_error *err)
{
	const char *object;
	int code;

	code = read_object(e, zu_patch_at(at, KPATCH_OBJECT), &object, err);
	if (!code && !object)
		code = zu_fail(err, ZU_EFORMAT,
			       "at %#" PRIx64
			       " of section %s: a function is in no object",
			       at.offset, e->elf.section[at.section].name);
	if (code)
		return code;
	if (!strcmp(object, ZU_OBJECT_KERNEL))
		object = NULL;
	return zu_patch_add(e, object, zu_patch_at(at, KPATCH_NAME),
			    zu_patch_at(at, KPATCH_SYMPOS), ret, err);
}

int zu_patch_kpatch(const struct zu_patch_elf *e, size_t section,
		    struct zu_patch_file *ret, struct zu_error *err)
{
	const struct zu_elf_section *s = &e->elf.section[section];
	struct zu_patch_place at = { .section = section };
	int code;

	code = check_array(s, KPATCH_SIZE, err);
	for (; !code && at.offset < s->size; at.offset += KPATCH_SIZE)
		code = read_func(e, at, &ret->functions, err);
	return code;
}

/* The kernel is the object without a name. */
static int read_ext(const struct zu_patch_elf *e, struct zu_patch_place at,
		    struct zu_patch_file *ret, struct zu_error *err)
{
	struct zu_patch_place func;
	const char *object;
	uint64_t nr;
	int code;

	code = read_object(e, zu_patch_at(at, OBJECT_NAME), &object, err);
	if (!code)
		code = zu_patch_number(e, zu_patch_at(at, OBJECT_NR_FUNCS), 4,
				       &nr, err);
	/* without functions the pointer may lead to an empty section */
	if (code || !nr)
		return code;
	code = zu_patch_pointer(e, zu_patch_at(at, OBJECT_FUNCS), &func, err);
	if (!code && !func.section)
		code = zu_fail(err, ZU_EFORMAT,
			       "an object with %" PRIu64
			       " functions has no list of them", nr);
	for (; !code && nr; nr--, func.offset += FUNC_SIZE)
		code = zu_patch_add(e, object, zu_patch_at(func, FUNC_NAME),
				    zu_patch_at(func, FUNC_SYMPOS),
				    &ret->functions, err);
	return code;
}

int zu_patch_klp_build(const struct zu_patch_elf *e, size_t section,
		       struct zu_patch_file *ret, struct zu_error *err)
{
	const struct zu_elf_section *s = &e->elf.section[section];
	struct zu_patch_place at = { .section = section };
	int code;

	code = check_array(s, OBJECT_SIZE, err);
	/* livepatch_mod_init() refuses it, too */
	if (!code && !s->size)
		code = zu_fail(err, ZU_EFORMAT, "section %s is empty", s->name);
	for (; !code && at.offset < s->size; at.offset += OBJECT_SIZE)
		code = read_ext(e, at, ret, err);
	return code;
}

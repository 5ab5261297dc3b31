/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers, pointers and strings in a module's file. */
#include <inttypes.h>
#include <string.h>

#include "core/bytes.h"
#include "klp/patch_elf.h"
#include "util/fail.h"

#define POINTER_SIZE 8

static int fail_place(const struct zu_patch_elf *e, struct zu_patch_place at,
		      struct zu_error *err)
{
	return zu_fail_at(err, "at %#" PRIx64 " of section %s", at.offset,
			  e->elf.section[at.section].name);
}

static int check_place(const struct zu_patch_elf *e, struct zu_patch_place at,
		       uint64_t len, struct zu_error *err)
{
	uint64_t size = e->elf.section[at.section].size;

	return at.offset <= size && len <= size - at.offset ? 0 :
	       zu_fail(err, ZU_EFORMAT, "the section ends there");
}

/* The first relocation in a piece, or NULL */
static const struct zu_patch_reloc *find_reloc(const struct zu_patch_elf *e,
					       struct zu_patch_place at,
					       uint64_t len)
{
	const struct zu_patch_relocs *r = &e->relocs[at.section];
	size_t lo = 0, hi = r->nr;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (r->reloc[mid].offset < at.offset)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < r->nr && r->reloc[lo].offset - at.offset < len ?
	       &r->reloc[lo] : NULL;
}

static uint64_t read_uint(const struct zu_patch_elf *e,
			  struct zu_patch_place at, uint32_t size)
{
	const uint8_t *p = e->elf.section[at.section].data;
	uint64_t v = 0;
	uint32_t i;

	for (i = 0; p && i < size; i++)
		v = v << 8 | p[at.offset + i];
	return v;
}

static int number(const struct zu_patch_elf *e, struct zu_patch_place at,
		  uint32_t size, uint64_t *ret, struct zu_error *err)
{
	int code;

	code = check_place(e, at, size, err);
	if (code)
		return code;
	if (find_reloc(e, at, size))
		return zu_fail(err, ZU_EFORMAT,
			       "a relocation is where a number should be");
	*ret = read_uint(e, at, size);
	return 0;
}

int zu_patch_number(const struct zu_patch_elf *e, struct zu_patch_place at,
		    uint32_t size, uint64_t *ret, struct zu_error *err)
{
	int code = number(e, at, size, ret, err);

	return code ? fail_place(e, at, err) : 0;
}

/* The relocation of a pointer; NULL for a NULL pointer */
static int pointer_reloc(const struct zu_patch_elf *e,
			 struct zu_patch_place at,
			 const struct zu_patch_reloc **ret,
			 struct zu_error *err)
{
	const struct zu_patch_reloc *r;
	int code;

	code = check_place(e, at, POINTER_SIZE, err);
	if (code)
		return code;
	r = find_reloc(e, at, POINTER_SIZE);
	if (r && (r->offset != at.offset || r->type != R_390_64))
		return zu_fail(err, ZU_EFORMAT,
			       "relocation type %" PRIu32 " at %#" PRIx64
			       " makes no pointer", r->type, r->offset);
	if (!r && read_uint(e, at, POINTER_SIZE))
		return zu_fail(err, ZU_EFORMAT,
			       "a number is where a pointer should be");
	*ret = r;
	return 0;
}

int zu_patch_pointer(const struct zu_patch_elf *e, struct zu_patch_place at,
		     struct zu_patch_place *ret, struct zu_error *err)
{
	struct zu_patch_place to = { .section = 0 };
	const struct zu_patch_reloc *r;
	int code;

	code = pointer_reloc(e, at, &r, err);
	if (!code && r)
		code = zu_patch_target(e, r, &to, err);
	if (code)
		return fail_place(e, at, err);
	*ret = to;
	return 0;
}

int zu_patch_is_set(const struct zu_patch_elf *e, struct zu_patch_place at,
		    bool *ret, struct zu_error *err)
{
	const struct zu_patch_reloc *r;
	int code;

	code = pointer_reloc(e, at, &r, err);
	if (code)
		return fail_place(e, at, err);
	*ret = r;
	return 0;
}

static int string(const struct zu_patch_elf *e, struct zu_patch_place at,
		  size_t max, const char **ret, struct zu_error *err)
{
	const uint8_t *p;
	uint64_t room;
	size_t i;
	int code;

	code = check_place(e, at, 1, err);
	if (code)
		return code;
	p = e->elf.section[at.section].data;
	if (!p || !p[at.offset])
		return zu_fail(err, ZU_EFORMAT, "a name is empty");
	p += at.offset;
	room = e->elf.section[at.section].size - at.offset;
	for (i = 0; i < room && p[i]; i++)
		if (i == max || p[i] <= ' ' || p[i] >= 0x7f)
			return zu_fail(err, ZU_EFORMAT,
				       i == max ? "a name is too long" :
				       "there is no name");
	if (i == room)
		return zu_fail(err, ZU_EFORMAT, "a name does not end");
	*ret = (const char *)p;
	return 0;
}

int zu_patch_string(const struct zu_patch_elf *e, struct zu_patch_place at,
		    size_t max, const char **ret, struct zu_error *err)
{
	int code = string(e, at, max, ret, err);

	return code ? fail_place(e, at, err) : 0;
}

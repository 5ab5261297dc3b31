/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Relocating an object that was laid out. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "check/code_elf.h"
#include "check/reloc.h"
#include "core/bytes.h"
#include "util/fail.h"

/* Symbols of livepatch modules, resolved late (include/uapi/linux/elf.h) */
#ifndef SHN_LIVEPATCH
#define SHN_LIVEPATCH 0xff20
#endif

/* One file at work */
struct work {
	struct zu_elf_code *e;
	const uint8_t *syms;
	struct zu_elf_section *got;
	const struct zu_elf_section *target;	/* its bytes are read */
};

static const uint8_t *symbol(const struct work *w, size_t i)
{
	return w->syms + i * sizeof(Elf64_Sym);
}

static uint64_t undef_addr(const struct zu_elf_code *e, size_t i)
{
	return e->undef_base + i * ZU_ELF_UNDEF_SIZE;
}

static int symbol_addr(const struct work *w, size_t i, uint64_t *ret,
		       struct zu_error *err)
{
	const uint8_t *sym = symbol(w, i);
	size_t index = zu_be16(sym + offsetof(Elf64_Sym, st_shndx));
	const struct zu_elf_file *elf = &w->e->elf;

	*ret = zu_be64(sym + offsetof(Elf64_Sym, st_value));
	if (!i || index == SHN_ABS)
		return 0;
	if (index == SHN_UNDEF || index == SHN_COMMON ||
	    index == SHN_LIVEPATCH) {
		*ret = undef_addr(w->e, i);
		return 0;
	}
	if (index >= elf->nr)
		return zu_fail(err, ZU_EFORMAT,
			       "symbol %zu is in section %zu of %zu", i,
			       index, elf->nr);
	/* what is not in memory is as far as what is not in the file */
	if (elf->section[index].flags & SHF_ALLOC)
		*ret += elf->section[index].addr;
	else
		*ret = undef_addr(w->e, i);
	return 0;
}

/* A slot for each symbol, though few are used: memory is taken when touched */
static int fill_slot(struct work *w, size_t i, uint64_t value,
		     struct zu_error *err)
{
	if (!w->got->data) {
		w->got->data = calloc(w->e->nr_syms + 1, 8);
		if (!w->got->data)
			return zu_fail_nomem(err);
		w->got->placed = true;
	}
	zu_put_be64(w->got->data + 8 * i, value);
	return 0;
}

static int relocate_one(struct work *w, const uint8_t *raw,
			struct zu_error *err)
{
	uint64_t info = zu_be64(raw + offsetof(Elf64_Rela, r_info));
	uint64_t at = zu_be64(raw + offsetof(Elf64_Rela, r_offset));
	const struct zu_elf_section *s = w->target;
	struct zu_reloc r = {
		.type = (uint32_t)info,
		.place = s->addr + at,
		.addend = (int64_t)zu_be64(raw +
					   offsetof(Elf64_Rela, r_addend)),
		.got = w->got->addr,
		.slot = 8 * (info >> 32),
	};
	int code;

	if (info >> 32 >= w->e->nr_syms)
		return zu_fail(err, ZU_EFORMAT, "it is about symbol %" PRIu64
			       " of %zu", info >> 32, w->e->nr_syms);
	if (at > s->size)
		return zu_fail(err, ZU_EFORMAT,
			       "it lies outside of the section");
	code = symbol_addr(w, info >> 32, &r.symbol, err);
	if (!code && zu_reloc_needs_slot(r.type))
		code = fill_slot(w, info >> 32, r.symbol, err);
	return code ? code : zu_reloc_apply(&r, s->data + at, s->size - at,
					    err);
}

static int relocate_all(struct work *w, const struct zu_elf_section *rela,
			const uint8_t *raw, struct zu_error *err)
{
	size_t n = rela->size / sizeof(Elf64_Rela), i;

	for (i = 0; i < n; i++)
		if (relocate_one(w, raw + i * sizeof(Elf64_Rela), err))
			return zu_fail_at(err, "relocation %zu of %s", i,
					  w->target->name);
	return 0;
}

/* A section of relocations, if they are for what is in memory */
static int relocate_section(struct work *w, const struct zu_elf_section *rela,
			    struct zu_error *err)
{
	struct zu_elf_file *elf = &w->e->elf;
	void *raw;
	int code;

	if (rela->info >= elf->nr)
		return zu_fail(err, ZU_EFORMAT,
			       "relocations %s are for section %" PRIu32
			       " of %zu", rela->name, rela->info, elf->nr);
	w->target = &elf->section[rela->info];
	if (!w->target->placed)
		return 0;
	if (rela->type == SHT_REL)
		return zu_fail(err, ZU_ENOTSUP,
			       "relocations without addends (%s) are not known",
			       rela->name);
	if (rela->link >= elf->nr ||
	    &elf->section[rela->link] != elf->symtab)
		return zu_fail(err, ZU_EFORMAT,
			       "relocations %s have another symbol table",
			       rela->name);
	code = zu_elf_file_read(elf, rela, &raw, err);
	if (code)
		return code;
	code = relocate_all(w, rela, raw, err);
	free(raw);
	return code;
}

int zu_elf_relocate(struct zu_elf_code *e, const uint8_t *syms,
		    struct zu_error *err)
{
	struct zu_elf_file *elf = &e->elf;
	struct work w = { .e = e, .syms = syms, .got = &elf->section[elf->nr] };
	size_t i;
	int code;

	w.got->name = "GOT";
	w.got->addr = undef_addr(e, e->nr_syms);
	w.got->size = 8 * e->nr_syms;
	for (i = 0; i < elf->nr; i++) {
		const struct zu_elf_section *s = &elf->section[i];

		if (s->type != SHT_RELA && s->type != SHT_REL)
			continue;
		code = relocate_section(&w, s, err);
		if (code)
			return code;
	}
	return 0;
}

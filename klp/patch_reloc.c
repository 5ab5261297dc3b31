/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Relocations of a module: as data, and where they lead. */
#include <inttypes.h>
#include <stdlib.h>

#include "core/bytes.h"
#include "klp/patch_elf.h"
#include "util/fail.h"

/* SHF_RELA_LIVEPATCH in include/uapi/linux/elf.h: live patching applies them */
#define RELA_LIVEPATCH UINT64_C(0x00100000)

/* relocations of what is loaded */
static bool is_wanted(const struct zu_patch_elf *e,
		      const struct zu_elf_section *rela)
{
	return (rela->type == SHT_RELA || rela->type == SHT_REL) &&
	       !(rela->flags & RELA_LIVEPATCH) && rela->info < e->elf.nr &&
	       e->elf.section[rela->info].flags & SHF_ALLOC;
}

static int check_rela(const struct zu_patch_elf *e,
		      const struct zu_elf_section *rela, struct zu_error *err)
{
	if (rela->type == SHT_REL)
		return zu_fail(err, ZU_ENOTSUP,
			       "relocations without addends (%s) are not known",
			       rela->name);
	if (rela->link >= e->elf.nr ||
	    &e->elf.section[rela->link] != e->elf.symtab)
		return zu_fail(err, ZU_EFORMAT,
			       "relocations %s have another symbol table",
			       rela->name);
	return 0;
}

static int parse(const struct zu_patch_elf *e, const struct zu_elf_section *to,
		 const uint8_t *raw, struct zu_patch_reloc *ret,
		 struct zu_error *err)
{
	uint64_t info = zu_be64(raw + offsetof(Elf64_Rela, r_info));

	*ret = (struct zu_patch_reloc){
		.offset = zu_be64(raw + offsetof(Elf64_Rela, r_offset)),
		.symbol = (uint32_t)(info >> 32),
		.type = (uint32_t)info,
		.addend = (int64_t)zu_be64(raw +
					   offsetof(Elf64_Rela, r_addend)),
	};
	if (ret->offset >= to->size)
		return zu_fail(err, ZU_EFORMAT,
			       "a relocation lies outside of section %s",
			       to->name);
	if (ret->symbol >= e->nr_syms)
		return zu_fail(err, ZU_EFORMAT,
			       "a relocation in section %s is about symbol %"
			       PRIu32 " of %zu", to->name, ret->symbol,
			       e->nr_syms);
	return 0;
}

static int add_section(struct zu_patch_elf *e,
		       const struct zu_elf_section *rela, struct zu_error *err)
{
	struct zu_patch_relocs *to = &e->relocs[rela->info];
	size_t n = rela->size / sizeof(Elf64_Rela), i;
	struct zu_patch_reloc *more;
	void *raw;
	int code;

	code = check_rela(e, rela, err);
	if (!code)
		code = zu_elf_file_read(&e->elf, rela, &raw, err);
	if (code)
		return code;
	more = realloc(to->reloc, (to->nr + n + 1) * sizeof(*more));
	if (!more)
		code = zu_fail_nomem(err);
	else
		to->reloc = more;
	for (i = 0; !code && i < n; i++)
		code = parse(e, &e->elf.section[rela->info],
			     (uint8_t *)raw + i * sizeof(Elf64_Rela),
			     &more[to->nr + i], err);
	if (!code)
		to->nr += n;
	free(raw);
	return code;
}

static int by_offset(const void *a, const void *b)
{
	const struct zu_patch_reloc *x = a, *y = b;

	return (x->offset > y->offset) - (x->offset < y->offset);
}

/* Of two at one place, nobody could tell which counts. */
static int sort(struct zu_patch_elf *e, size_t section, struct zu_error *err)
{
	struct zu_patch_relocs *r = &e->relocs[section];
	size_t i;

	if (r->nr)
		qsort(r->reloc, r->nr, sizeof(*r->reloc), by_offset);
	for (i = 1; i < r->nr; i++)
		if (r->reloc[i].offset == r->reloc[i - 1].offset)
			return zu_fail(err, ZU_EFORMAT,
				       "section %s has two relocations at %#"
				       PRIx64, e->elf.section[section].name,
				       r->reloc[i].offset);
	return 0;
}

int zu_patch_relocs_read(struct zu_patch_elf *e, struct zu_error *err)
{
	int code = 0;
	size_t i;

	for (i = 0; !code && i < e->elf.nr; i++)
		if (is_wanted(e, &e->elf.section[i]))
			code = add_section(e, &e->elf.section[i], err);
	for (i = 0; !code && i < e->elf.nr; i++)
		code = sort(e, i, err);
	return code;
}

int zu_patch_target(const struct zu_patch_elf *e,
		    const struct zu_patch_reloc *r, struct zu_patch_place *ret,
		    struct zu_error *err)
{
	const uint8_t *sym = e->syms + r->symbol * sizeof(Elf64_Sym);
	uint16_t section = zu_be16(sym + offsetof(Elf64_Sym, st_shndx));
	uint64_t value = zu_be64(sym + offsetof(Elf64_Sym, st_value));

	value += (uint64_t)r->addend;
	/* an undefined one, an absolute one, one of another object */
	if (!section || section >= e->elf.nr)
		return zu_fail(err, ZU_EFORMAT,
			       "it leads to a symbol that is not in the file");
	if (!(e->elf.section[section].flags & SHF_ALLOC))
		return zu_fail(err, ZU_EFORMAT,
			       "it leads to section %s, which is not loaded",
			       e->elf.section[section].name);
	if (value >= e->elf.section[section].size)
		return zu_fail(err, ZU_EFORMAT,
			       "it leads behind the end of section %s",
			       e->elf.section[section].name);
	ret->section = section;
	ret->offset = value;
	return 0;
}

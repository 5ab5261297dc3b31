/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the sections of a relocatable file go. */
#include <stdlib.h>
#include <string.h>

#include "check/code_elf.h"
#include "util/fail.h"

/* Whatever is addressed by 32 bits, also from one end to the other */
#define SPACE_MAX (1u << 30)
#define PAGE 4096u

/* In the order they are laid out */
enum group { TEXT, INIT_TEXT, OTHERS, GROUPS };

static enum group group_of(const struct zu_elf_section *s)
{
	if (!(s->flags & SHF_EXECINSTR))
		return OTHERS;
	/* module_init_section() */
	return strncmp(s->name, ".init", 5) ? TEXT : INIT_TEXT;
}

static uint64_t align(uint64_t addr, uint64_t to)
{
	return (addr + to - 1) & ~(to - 1);
}

/* The address behind it, or 0 if it does not fit */
static uint64_t lay_out_group(struct zu_elf_code *e, enum group g, uint64_t at)
{
	size_t i;

	for (i = 0; i < e->elf.nr; i++) {
		struct zu_elf_section *s = &e->elf.section[i];

		if (!(s->flags & SHF_ALLOC) || group_of(s) != g)
			continue;
		at = align(at, s->align);
		if (s->size > SPACE_MAX ||
		    at + s->size > ZU_ELF_BASE + SPACE_MAX)
			return 0;
		s->addr = at;
		at += s->size;
	}
	return at;
}

int zu_elf_layout(struct zu_elf_code *e, uint64_t text[2],
		  struct zu_error *err)
{
	uint64_t at = ZU_ELF_BASE, end[GROUPS];
	enum group g;

	for (g = TEXT; g < GROUPS; g++) {
		end[g] = lay_out_group(e, g, at);
		if (!end[g])
			return zu_fail(err, ZU_EFORMAT,
				       "its sections need too much memory");
		at = align(end[g], PAGE);
	}
	text[0] = ZU_ELF_BASE;
	text[1] = end[TEXT];
	e->undef_base = at + PAGE;
	return 0;
}

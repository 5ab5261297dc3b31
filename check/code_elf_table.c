/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check/code_elf_table.h"

#include <stdlib.h>
#include <string.h>

#include "check/code_syms.h"
#include "util/fail.h"

int zu_elf_table_check(const struct zu_elf_table *t,
		       const struct zu_elf_code *e, struct zu_error *err)
{
	size_t i;

	for (i = 0; i < t->nr; i++) {
		if (zu_elf_sym_name(t, i) >= e->names_len)
			return zu_fail(err, ZU_EFORMAT,
				       "the name of symbol %zu is damaged", i);
		if (zu_elf_is_index(zu_elf_sym_index(t, i)) &&
		    zu_elf_sym_index(t, i) >= e->elf.nr)
			return zu_fail(err, ZU_EFORMAT,
				       "symbol %zu is in section %zu of %zu",
				       i, zu_elf_sym_index(t, i), e->elf.nr);
	}
	return 0;
}

int zu_elf_table_read(struct zu_elf_code *e, struct zu_code *c,
		      struct zu_elf_table *t, struct zu_error *err)
{
	void *p;
	int code;

	if (!e->elf.symtab || e->elf.symtab->size < 2 * sizeof(Elf64_Sym))
		return zu_fail(err, ZU_ENOENT,
			       "it has no symbols, so there is no telling where a function starts: was it stripped?");
	code = zu_elf_file_read(&e->elf, e->elf.strtab, &p, err);
	if (code)
		return code;
	c->names = p;
	/* with the 0 that is put behind them */
	e->names_len = e->elf.strtab->size + 1;
	code = zu_elf_file_read(&e->elf, e->elf.symtab, &p, err);
	if (code)
		return code;
	t->raw = p;
	t->nr = e->elf.symtab->size / sizeof(Elf64_Sym);
	e->nr_syms = t->nr;
	return zu_elf_table_check(t, e, err);
}

size_t zu_elf_table_find(const struct zu_elf_table *t, const struct zu_code *c,
			 const char *name)
{
	size_t i;

	for (i = 1; i < t->nr; i++)
		if (zu_elf_sym_index(t, i) != SHN_UNDEF &&
		    !strcmp(c->names + zu_elf_sym_name(t, i), name))
			return i;
	return 0;
}

static int set_ranges(const struct zu_elf_code *e, struct zu_code_syms *syms,
		      struct zu_error *err)
{
	size_t i;

	syms->range = calloc(e->nr_place + 1, sizeof(*syms->range));
	if (!syms->range)
		return zu_fail_nomem(err);
	for (i = 0; i < e->nr_place; i++) {
		const struct zu_elf_section *s = e->place[i];

		if (zu_elf_has_code(s))
			syms->range[syms->nr_range++] = (struct zu_code_range){
				.begin = s->addr, .end = s->addr + s->size,
			};
	}
	return 0;
}

static bool kind_of(uint8_t info, uint8_t *ret)
{
	switch (ELF64_ST_TYPE(info)) {
	case STT_FUNC:
	case STT_GNU_IFUNC:
		*ret = ZU_CODE_SYM_FUNC;
		return true;
	case STT_NOTYPE:
		*ret = ZU_CODE_SYM_LABEL;
		return true;
	case STT_OBJECT:
		*ret = ZU_CODE_SYM_DATA;
		return true;
	}
	return false;
}

/* Names that the assembler or compiler made up for its own use */
static bool is_named(const char *name)
{
	return name[0] && name[0] != '$' && strncmp(name, ".L", 2);
}

static int add_symbols(const struct zu_elf_code *e, const struct zu_code *c,
		       const struct zu_elf_table *t, struct zu_code_syms *syms,
		       struct zu_error *err)
{
	size_t i;

	for (i = 1; i < t->nr; i++) {
		struct zu_code_sym sym = { .name = zu_elf_sym_name(t, i) };
		const struct zu_elf_section *s;
		uint8_t info = zu_elf_sym(t, i)[offsetof(Elf64_Sym, st_info)];

		if (!zu_elf_is_index(zu_elf_sym_index(t, i)) ||
		    !kind_of(info, &sym.kind) || !is_named(c->names + sym.name))
			continue;
		s = &e->elf.section[zu_elf_sym_index(t, i)];
		sym.addr = zu_elf_sym_value(t, i);
		if (e->elf.type == ET_REL)
			sym.addr += s->addr;
		if (!zu_elf_has_code(s) || sym.addr - s->addr > s->size)
			continue;
		sym.size = zu_be64(zu_elf_sym(t, i) + offsetof(Elf64_Sym, st_size));
		sym.global = ELF64_ST_BIND(info) != STB_LOCAL;
		sym.weak = ELF64_ST_BIND(info) == STB_WEAK;
		if (!zu_code_syms_add(syms, &sym))
			return zu_fail_nomem(err);
	}
	return 0;
}

int zu_elf_table_functions(const struct zu_elf_table *t,
			   const struct zu_elf_code *e, struct zu_code *c,
			   struct zu_error *err)
{
	struct zu_code_syms syms = { .sym = NULL };
	int code;

	code = set_ranges(e, &syms, err);
	if (!code)
		code = add_symbols(e, c, t, &syms, err);
	if (!code)
		code = zu_code_syms_take(&syms, c, err);
	zu_code_syms_deinit(&syms);
	return code;
}

/* ".klp.sym.vmlinux.name,0" is to be resolved late, as "name". */
static uint32_t late_name(char *names, uint32_t at)
{
	static const char prefix[] = ".klp.sym.";
	char *name = names + at, *object = name + sizeof(prefix) - 1;

	zu_code_name_clean(name);
	if (strncmp(name, prefix, sizeof(prefix) - 1) || !strchr(object, '.'))
		return at;
	name = strchr(object, '.') + 1;
	name[strcspn(name, ",")] = '\0';
	return (uint32_t)(name - names);
}

int zu_elf_table_undefined(const struct zu_elf_table *t, struct zu_elf_code *e,
			   struct zu_code *c, struct zu_error *err)
{
	size_t i;

	e->undef = calloc(t->nr, sizeof(*e->undef));
	if (!e->undef)
		return zu_fail_nomem(err);
	for (i = 1; i < t->nr; i++)
		if (!zu_elf_is_index(zu_elf_sym_index(t, i)) &&
		    zu_elf_sym_index(t, i) != SHN_ABS)
			e->undef[i] = late_name(c->names, zu_elf_sym_name(t, i));
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An object from an ELF file: its functions, and its bytes. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "check/code_elf_table.h"
#include "check/code_kinds.h"
#include "util/fail.h"

static int by_addr(const void *a, const void *b)
{
	const struct zu_elf_section *x = *(struct zu_elf_section *const *)a;
	const struct zu_elf_section *y = *(struct zu_elf_section *const *)b;

	return (x->addr > y->addr) - (x->addr < y->addr);
}

/* All that has bytes in memory, by address; pieces must not overlap. */
static int place_sections(struct zu_elf_code *e, struct zu_error *err)
{
	size_t i;

	e->place = calloc(e->elf.nr + 1, sizeof(*e->place));
	if (!e->place)
		return zu_fail_nomem(err);
	for (i = 0; i <= e->elf.nr; i++) {
		struct zu_elf_section *s = &e->elf.section[i];

		if (!s->placed)
			continue;
		e->place[e->nr_place++] = s;
	}
	qsort(e->place, e->nr_place, sizeof(*e->place), by_addr);
	for (i = 1; i < e->nr_place; i++)
		if (e->place[i - 1]->addr + e->place[i - 1]->size >
		    e->place[i]->addr)
			return zu_fail(err, ZU_EFORMAT,
				       "sections %s and %s overlap in memory",
				       e->place[i - 1]->name,
				       e->place[i]->name);
	return 0;
}

/* From the first function on, and not further than the last that counts */
static void set_text(struct zu_code *c, uint64_t begin, uint64_t end)
{
	size_t i;

	c->text = begin;
	c->text_len = end - begin;
	for (i = 0; i < c->nr_func; i++) {
		if (c->func[i].addr < begin || c->func[i].addr >= end)
			continue;
		c->text = c->func[i].addr;
		c->text_len = end - c->text;
		return;
	}
}

static int open_relocatable(struct zu_elf_code *e, struct zu_code *c,
			    struct zu_error *err)
{
	struct zu_elf_table t = { .raw = NULL };
	uint64_t text[2];
	size_t i;
	int code;

	c->relocatable = true;
	code = zu_elf_layout(e, text, err);
	if (!code)
		code = zu_elf_table_read(e, c, &t, err);
	for (i = 0; !code && i < e->elf.nr; i++)
		if (e->elf.section[i].placed)
			code = zu_elf_load(e, &e->elf.section[i], err);
	if (!code)
		code = zu_elf_relocate(e, t.raw, err);
	if (!code)
		code = place_sections(e, err);
	if (!code)
		code = zu_elf_table_functions(&t, e, c, err);
	if (!code)
		code = zu_elf_table_undefined(&t, e, c, err);
	if (!code)
		set_text(c, text[0], text[1]);
	free(t.raw);
	return code;
}

/*
 * Up to where code counts: what the linker script puts behind init and exit
 * text is copied elsewhere before it runs.
 */
static uint64_t text_end(const struct zu_elf_code *e)
{
	uint64_t end = 0;
	size_t i;

	for (i = 0; i < e->nr_place; i++) {
		const struct zu_elf_section *s = e->place[i];

		if (zu_elf_has_code(s) && strncmp(s->name, ".amode31", 8))
			end = s->addr + s->size;
	}
	return end;
}

static void set_linked_text(const struct zu_elf_code *e, struct zu_code *c,
			    const struct zu_elf_table *t, bool *is_kernel)
{
	size_t stext = zu_elf_table_find(t, c, "_stext");
	uint64_t end = text_end(e), start;

	set_text(c, 0, end);
	if (!stext)
		return;
	/* offsets in the kernel's table count from there: nothing is below */
	start = zu_elf_sym_value(t, stext);
	*is_kernel = start <= c->text && start % 2 == 0;
	if (*is_kernel) {
		c->text = start;
		c->text_len = end - start;
	}
}

/*
 * What lies between functions counts for the size of a table, though it takes
 * nothing of a file: no more of it than a file may have in memory.
 */
static int check_text(const struct zu_code *c, struct zu_error *err)
{
	return c->text_len <= ZU_ELF_FILE_MAX ? 0 :
	       zu_fail(err, ZU_EFORMAT, "its code is too far apart");
}

static int open_linked(struct zu_elf_code *e, struct zu_code *c,
		       bool *is_kernel, struct zu_error *err)
{
	struct zu_elf_table t = { .raw = NULL };
	int code;

	code = place_sections(e, err);
	if (!code)
		code = zu_elf_table_read(e, c, &t, err);
	if (!code)
		code = zu_elf_table_functions(&t, e, c, err);
	if (!code)
		set_linked_text(e, c, &t, is_kernel);
	free(t.raw);
	return code;
}

int zu_elf_load(const struct zu_elf_code *e, struct zu_elf_section *s,
		struct zu_error *err)
{
	void *data;
	int code;

	if (s->data)
		return 0;
	code = zu_elf_file_read(&e->elf, s, &data, err);
	if (!code)
		s->data = data;
	return code;
}

static bool covers(const struct zu_elf_section *s, uint64_t addr)
{
	return addr >= s->addr && addr - s->addr < s->size;
}

static struct zu_elf_section *place_at(struct zu_elf_code *e, uint64_t addr)
{
	size_t lo = 0, hi = e->nr_place;

	if (e->last < e->nr_place && covers(e->place[e->last], addr))
		return e->place[e->last];
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (e->place[mid]->addr <= addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (!lo || !covers(e->place[lo - 1], addr))
		return NULL;
	e->last = lo - 1;
	return e->place[lo - 1];
}

static const uint8_t *elf_bytes(struct zu_code *c, uint64_t addr, size_t len)
{
	struct zu_elf_code *e = c->priv;
	struct zu_elf_section *s = place_at(e, addr);
	struct zu_error err;

	if (!s || len > s->size - (addr - s->addr) || zu_elf_load(e, s, &err))
		return NULL;
	return s->data + (addr - s->addr);
}

/* Name of an undefined symbol, or NULL */
static const char *undef_name(const struct zu_code *c, uint64_t addr)
{
	const struct zu_elf_code *e = c->priv;
	uint64_t i = (addr - e->undef_base) / ZU_ELF_UNDEF_SIZE;

	if (!e->undef || addr < e->undef_base || i >= e->nr_syms ||
	    addr % ZU_ELF_UNDEF_SIZE || !e->undef[i])
		return NULL;
	return c->names + e->undef[i];
}

static const char *elf_dest_name(struct zu_code *c, uint64_t addr)
{
	const struct zu_code_func *f = zu_code_func_at(c, addr);

	if (f)
		return f->addr == addr ? c->names + f->name : NULL;
	return undef_name(c, addr);
}

static bool elf_is_entry(struct zu_code *c, uint64_t addr)
{
	return elf_dest_name(c, addr);
}

/* Asked for seldom: the table is read again, and the file may have changed. */
static bool elf_symbol(struct zu_code *c, const char *name, uint64_t *ret)
{
	struct zu_elf_code *e = c->priv;
	struct zu_elf_table t = { .nr = e->nr_syms };
	struct zu_error err;
	bool found = false;
	void *raw;
	size_t i;

	if (zu_elf_file_read(&e->elf, e->elf.symtab, &raw, &err))
		return false;
	t.raw = raw;
	if (!zu_elf_table_check(&t, e, &err) &&
	    (i = zu_elf_table_find(&t, c, name))) {
		*ret = zu_elf_sym_value(&t, i);
		if (c->relocatable && zu_elf_is_index(zu_elf_sym_index(&t, i)))
			*ret += e->elf.section[zu_elf_sym_index(&t, i)].addr;
		found = true;
	}
	free(raw);
	return found;
}

static bool elf_section(struct zu_code *c, const char *name, uint64_t *addr,
			uint64_t *len)
{
	const struct zu_elf_code *e = c->priv;
	const struct zu_elf_section *s = zu_elf_file_find(&e->elf, name);

	if (!s)
		return false;
	*addr = s->addr;
	*len = s->size;
	return true;
}

static void elf_close(struct zu_code *c)
{
	struct zu_elf_code *e = c->priv;

	zu_elf_file_close(&e->elf);
	free(e->place);
	free(e->undef);
	free(e);
}

/* What is in memory, with bytes in the file */
static int mark_placed(struct zu_elf_file *elf, struct zu_error *err)
{
	uint64_t all = 0;
	size_t i;

	for (i = 0; i < elf->nr; i++) {
		struct zu_elf_section *s = &elf->section[i];

		s->placed = (s->flags & SHF_ALLOC) && s->size &&
			    s->type != SHT_NULL && s->type != SHT_NOBITS;
		if (s->placed)
			all += s->size;
	}
	return all <= ZU_ELF_FILE_MAX ? 0 :
	       zu_fail(err, ZU_EFORMAT, "its sections need too much memory");
}

static int open_elf(struct zu_elf_code *e, struct zu_code *c,
		    struct zu_error *err)
{
	bool is_kernel = false;
	int code;

	code = mark_placed(&e->elf, err);
	if (code)
		return code;
	if (e->elf.type == ET_REL)
		code = open_relocatable(e, c, err);
	else
		code = open_linked(e, c, &is_kernel, err);
	if (!code)
		code = check_text(c, err);
	return code ? code : zu_elf_identify(e, c, is_kernel, err);
}

int zu_elf_code_open(const char *path, int fd, struct zu_code *ret,
		     struct zu_error *err)
{
	static const struct zu_code_ops ops = {
		.bytes = elf_bytes,
		.is_entry = elf_is_entry,
		.dest_name = elf_dest_name,
		.symbol = elf_symbol,
		.section = elf_section,
		.close = elf_close,
	};
	struct zu_elf_code *e = calloc(1, sizeof(*e));
	struct zu_code c = { .ops = &ops, .priv = e };
	int code;

	if (!e)
		return zu_fail_nomem(err);
	code = zu_elf_file_open(fd, &e->elf, err);
	if (code) {
		free(e);
		return code;
	}
	c.path = strdup(path);
	code = c.path ? open_elf(e, &c, err) : zu_fail_nomem(err);
	if (code)
		zu_code_deinit(&c);
	else
		*ret = c;
	return code;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check/code_syms.h"

#include <stdlib.h>
#include <string.h>

#include "util/fail.h"
#include "util/grow.h"

void zu_code_syms_deinit(struct zu_code_syms *s)
{
	free(s->sym);
	free(s->range);
	*s = (struct zu_code_syms){ .sym = NULL };
}

/* The piece of text that an address is in, or NULL */
static const struct zu_code_range *range_of(const struct zu_code_syms *s,
					    uint64_t addr)
{
	size_t lo = 0, hi = s->nr_range;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (s->range[mid].begin <= addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo && addr < s->range[lo - 1].end ? &s->range[lo - 1] : NULL;
}

bool zu_code_syms_add(struct zu_code_syms *s, const struct zu_code_sym *sym)
{
	struct zu_code_sym *p;

	if (sym->addr % 2 || !range_of(s, sym->addr))
		return true;
	p = zu_grow(s->sym, s->nr, &s->cap, sizeof(*p));
	if (!p)
		return false;
	s->sym = p;
	s->sym[s->nr++] = *sym;
	return true;
}

void zu_code_names_clean(char *names, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (names[i] && (names[i] <= ' ' || names[i] > '~'))
			names[i] = '?';
}

static bool ends_with(const char *s, const char *end)
{
	size_t len = strlen(s), n = strlen(end);

	return len >= n && !strcmp(s + len - n, end);
}

/* may_be_linker_script_provide_symbol() in scripts/kallsyms.c */
static bool is_provided(const char *name)
{
	if (strlen(name) < 8 || strncmp(name, "__", 2))
		return false;
	return !strncmp(name + 2, "start_", 6) ||
	       !strncmp(name + 2, "stop_", 5) ||
	       !strncmp(name + 2, "end_", 4) ||
	       ends_with(name, "_start") || ends_with(name, "_end");
}

/* Labels of arch/s390/kernel/vmlinux.lds.S and what it includes, in text */
static bool is_marker(const char *name)
{
	static const char *const others[] = {
		"_text",	  "_stext",	    "_etext",
		"_sinittext",	  "_einittext",	    "__init_begin",
		"__init_end",	  "_edata",	    "_samode31",
		"_eamode31",	  "_stext_amode31", "_etext_amode31",
		"__exittext_begin", "__exittext_end",
	};
	size_t i;

	if (name[0] != '_')
		return false;
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (!strcmp(name, others[i]))
			return true;
	return !strncmp(name, "__", 2) &&
	       (ends_with(name, "_text_start") || ends_with(name, "_text_end") ||
		ends_with(name, "_trampolines_start") ||
		ends_with(name, "_trampolines_end"));
}

/* Order at one address: the name to use first; as scripts/kallsyms.c */
static int by_name(const struct zu_code_sym *a, const struct zu_code_sym *b,
		   const char *names)
{
	const char *x = names + a->name, *y = names + b->name;
	size_t n, m;

	if (a->kind != b->kind)
		return a->kind - b->kind;
	if (!a->size != !b->size)
		return !a->size - !b->size;
	if (a->weak != b->weak)
		return a->weak - b->weak;
	if (is_provided(x) != is_provided(y))
		return is_provided(x) - is_provided(y);
	n = strspn(x, "_");
	m = strspn(y, "_");
	if (n != m)
		return n < m ? -1 : 1;
	return strcmp(x, y);
}

static int compare(const void *a, const void *b, void *names)
{
	const struct zu_code_sym *x = a, *y = b;

	if (x->addr != y->addr)
		return x->addr < y->addr ? -1 : 1;
	return by_name(x, y, names);
}

/* What is to be known while the symbols are gone through */
struct take {
	const struct zu_code_syms *s;
	struct zu_code *c;
	uint64_t inside;	/* up to here there is a function with a size */
};

/* The best of the symbols [i, end) at one address */
static const struct zu_code_sym *best(const struct take *t, size_t i,
				      size_t end)
{
	const struct zu_code_sym *sym = &t->s->sym[i];

	/* labels sort by name only after the kind: a function may follow */
	while (i + 1 < end && !sym->size &&
	       is_marker(t->c->names + sym->name))
		sym = &t->s->sym[++i];
	return sym;
}

static bool starts_function(const struct take *t,
			    const struct zu_code_sym *sym)
{
	if (sym->kind == ZU_CODE_SYM_DATA)
		return false;
	if (sym->size)
		return true;
	return sym->addr >= t->inside && !is_marker(t->c->names + sym->name);
}

/* The function before ends at @addr, or where its text does. */
static void end_function(const struct take *t, uint64_t addr)
{
	struct zu_code_func *f;
	uint64_t end;

	if (!t->c->nr_func)
		return;
	f = &t->c->func[t->c->nr_func - 1];
	if (f->len)
		return;
	end = range_of(t->s, f->addr)->end;
	f->len = (uint32_t)((addr < end ? addr : end) - f->addr);
}

static void start_function(struct take *t, const struct zu_code_sym *sym,
			   bool global)
{
	uint64_t end = sym->addr + sym->size;

	t->c->func[t->c->nr_func++] = (struct zu_code_func){
		.addr = sym->addr,
		.name = sym->name & 0x7fffffff,
		.global = global,
	};
	if (end > t->inside && end >= sym->addr)
		t->inside = end;
}

/* All symbols at one address; returns the number of the next one */
static size_t take_address(struct take *t, size_t i)
{
	const struct zu_code_sym *sym = t->s->sym, *name;
	bool global = false;
	size_t end;

	for (end = i; end < t->s->nr && sym[end].addr == sym[i].addr; end++)
		if (sym[end].kind != ZU_CODE_SYM_DATA)
			global |= sym[end].global;
	name = best(t, i, end);
	if (starts_function(t, name)) {
		end_function(t, name->addr);
		start_function(t, name, global);
	} else if (name->addr >= t->inside) {
		end_function(t, name->addr);
	}
	return end;
}

int zu_code_syms_take(struct zu_code_syms *s, struct zu_code *c,
		      struct zu_error *err)
{
	struct take t = { .s = s, .c = c };
	size_t i = 0;

	/* all of them may be functions; what is too much is never touched */
	c->func = calloc(s->nr + 1, sizeof(*c->func));
	if (!c->func)
		return zu_fail_nomem(err);
	qsort_r(s->sym, s->nr, sizeof(*s->sym), compare, c->names);
	while (i < s->nr)
		i = take_address(&t, i);
	end_function(&t, UINT64_MAX);
	return 0;
}

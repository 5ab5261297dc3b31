/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Looking things up in the kernel's symbol table; kern/kallsyms_load.c reads
 * and checks it, so that nothing has to be checked here.
 */
#include "kern/kallsyms.h"

#include <stdlib.h>
#include <string.h>

#include "kern/kallsyms_table.h"
#include "kern/text_symbols.h"
#include "util/fail.h"

void zu_kallsyms_destroy(struct zu_kallsyms *ks)
{
	if (!ks)
		return;
	free(ks->names);
	free(ks->marks);
	free(ks->tokens);
	free(ks->addrs);
	free(ks);
}

size_t zu_kallsyms_count(const struct zu_kallsyms *ks)
{
	return ks->n;
}

/* the codes of a symbol */
struct codes {
	const uint8_t *code;
	uint32_t n;
};

static struct codes codes_at(const struct zu_kallsyms *ks, uint32_t at)
{
	const uint8_t *p = ks->names + at;

	if (*p & 0x80)
		return (struct codes){
			.code = p + 2,
			.n = (p[0] & 0x7fu) | (uint32_t)p[1] << 7,
		};
	return (struct codes){ .code = p + 1, .n = *p };
}

/* place of the symbol after the one with these codes */
static uint32_t next_at(const struct zu_kallsyms *ks, const struct codes *c)
{
	return (uint32_t)(c->code + c->n - ks->names);
}

static struct codes codes_of(const struct zu_kallsyms *ks, size_t i)
{
	struct codes c = codes_at(ks, ks->marks[i / ZU_KSYM_STRIDE]);
	size_t skip;

	for (skip = i % ZU_KSYM_STRIDE; skip; skip--)
		c = codes_at(ks, next_at(ks, &c));
	return c;
}

/* the name without its type letter, which is returned */
static char expand(const struct zu_kallsyms *ks, const struct codes *c,
		   char name[ZU_KSYM_NAME])
{
	char buf[ZU_KSYM_NAME];
	size_t len = 0;
	uint32_t i;

	for (i = 0; i < c->n; i++) {
		const struct zu_ksym_token *token = &ks->token[c->code[i]];

		memcpy(buf + len, ks->tokens + token->at, token->len);
		len += token->len;
	}
	memcpy(name, buf + 1, len - 1);
	name[len - 1] = '\0';
	return buf[0];
}

/*
 * Most symbols are told from all names that are looked for by their first two
 * characters and their length, which is much cheaper than to expand them.
 */
struct sieve {
	uint8_t pairs[65536 / 8];
	uint64_t lengths;	/* modulo 64 */
};

static void sieve_fill(struct sieve *s, const char *const *names, size_t n)
{
	size_t i;

	memset(s, 0, sizeof(*s));
	for (i = 0; i < n; i++) {
		const uint8_t *name = (const uint8_t *)names[i];
		unsigned int pair = *name ? *name << 8 | name[1] : 0;

		s->pairs[pair / 8] |= (uint8_t)(1 << pair % 8);
		s->lengths |= UINT64_C(1) << strlen(names[i]) % 64;
	}
}

/* the first two characters of a name; 0 for a second that is not there */
static unsigned int first_pair(const struct zu_kallsyms *ks,
			       const struct codes *c)
{
	unsigned int pair = 0, seen = 0;
	uint32_t i, j;

	/* the type letter goes out at the top */
	for (i = 0; i < c->n && seen < 3; i++) {
		const struct zu_ksym_token *token = &ks->token[c->code[i]];

		for (j = 0; j < token->len && seen < 3; j++, seen++)
			pair = pair << 8 | (uint8_t)ks->tokens[token->at + j];
	}
	if (seen < 3)
		pair <<= 8;
	return pair & 0xffff;
}

static bool sieve_passes(const struct sieve *s, const struct zu_kallsyms *ks,
			 const struct codes *c)
{
	unsigned int pair = first_pair(ks, c);
	uint32_t len = 0, i;

	if (!(s->pairs[pair / 8] >> pair % 8 & 1))
		return false;
	for (i = 0; i < c->n; i++)
		len += ks->token[c->code[i]].len;
	return s->lengths >> (len - 1) % 64 & 1;
}

/* of a name that has several addresses, or 0; no symbol is there */
#define AMBIGUOUS UINT64_MAX

struct match {
	const char *const *names;
	size_t n;
	uint64_t *addrs;
};

static void match(void *ctx, const char *name, uint64_t addr)
{
	const struct match *m = ctx;
	size_t i;

	for (i = 0; i < m->n; i++) {
		uint64_t *to = &m->addrs[i];

		if (m->names[i][0] != name[0] || strcmp(m->names[i], name))
			continue;
		*to = !addr || (*to && *to != addr) ? AMBIGUOUS : addr;
	}
}

void zu_kallsyms_named(const struct zu_kallsyms *ks, const char *const *names,
		       size_t n,
		       void (*each)(void *ctx, const char *name, uint64_t addr),
		       void *ctx)
{
	char name[ZU_KSYM_NAME];
	struct sieve sieve;
	uint32_t at = 0;
	size_t i;

	sieve_fill(&sieve, names, n);
	for (i = 0; i < ks->n; i++) {
		struct codes c = codes_at(ks, at);

		at = next_at(ks, &c);
		if (!sieve_passes(&sieve, ks, &c))
			continue;
		expand(ks, &c, name);
		each(ctx, name, zu_ksym_addr(ks, i));
	}
}

static void find(const struct zu_kallsyms *ks, const char *const *names,
		 size_t n, uint64_t *addrs)
{
	struct match m = { .names = names, .n = n, .addrs = addrs };
	size_t i;

	for (i = 0; i < n; i++)
		addrs[i] = 0;
	zu_kallsyms_named(ks, names, n, match, &m);
}

void zu_kallsyms_find(const struct zu_kallsyms *ks, const char *const *names,
		      size_t n, uint64_t *addrs)
{
	size_t i;

	find(ks, names, n, addrs);
	for (i = 0; i < n; i++)
		if (addrs[i] == AMBIGUOUS)
			addrs[i] = 0;
}

int zu_kallsyms_find_single(const struct zu_kallsyms *ks,
			    const char *const *names, size_t n,
			    uint64_t *addrs, struct zu_error *err)
{
	size_t i;

	find(ks, names, n, addrs);
	for (i = 0; i < n; i++)
		if (addrs[i] == AMBIGUOUS)
			return zu_fail(err, ZU_EFORMAT,
				       "the kernel's symbol table has several %s: there is no telling which is meant",
				       names[i]);
	return 0;
}

/* index of the first symbol above, or with @equal not below, an address */
static size_t bound(const struct zu_kallsyms *ks, uint64_t addr, bool equal)
{
	size_t low = 0, high = ks->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		uint64_t a = zu_ksym_addr(ks, mid);

		if (a < addr || (!equal && a == addr))
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool in_range(const struct zu_ksym_range *r, uint64_t addr)
{
	return addr >= r->start && addr < r->end;
}

/* as is_ksym_addr() */
static bool is_ksym_addr(const struct zu_kallsyms *ks, uint64_t addr)
{
	return !ks->ranges_known || in_range(&ks->main, addr) ||
	       in_range(&ks->init, addr);
}

/* get_symbol_pos(): no symbol follows, so the end of the section does */
static uint64_t section_end(const struct zu_kallsyms *ks, uint64_t addr,
			    uint64_t start)
{
	if (!ks->ranges_known)
		return start;
	return in_range(&ks->init, addr) ? ks->init.end : ks->main.end;
}

bool zu_kallsyms_at(const struct zu_kallsyms *ks, uint64_t addr,
		    struct zu_kallsym *ret)
{
	size_t next = bound(ks, addr, false);
	uint64_t start, end;
	struct codes first;

	if (!next || !is_ksym_addr(ks, addr))
		return false;
	start = zu_ksym_addr(ks, next - 1);
	if (next < ks->n)
		end = zu_ksym_addr(ks, next);
	else
		end = section_end(ks, addr, start);
	if (addr >= end && addr != start)
		return false;

	first = codes_of(ks, bound(ks, start, true));
	expand(ks, &first, ret->name);
	ret->start = start;
	ret->size = end - start;
	return true;
}

/* nm(1): small letters are local, w and v weak; t and w are code */
static enum zu_text_symbol_type type_of(char letter)
{
	return strchr("tTwW", letter) ? ZU_TEXT_FUNCTION : ZU_TEXT_DATA;
}

void zu_kallsyms_each(const struct zu_kallsyms *ks, uint64_t begin,
		      uint64_t last, const struct zu_text_symbols *to)
{
	char name[ZU_KSYM_NAME];
	size_t i = bound(ks, begin, true);
	struct codes c;

	if (i == ks->n)
		return;
	for (c = codes_of(ks, i); zu_ksym_addr(ks, i) <= last;
	     c = codes_at(ks, next_at(ks, &c))) {
		char letter = expand(ks, &c, name);
		struct zu_text_symbol sym = {
			.addr = zu_ksym_addr(ks, i),
			.name = name,
			.type = type_of(letter),
			.weak = strchr("wWvV", letter),
		};

		sym.global = sym.weak || (letter >= 'A' && letter <= 'Z');
		if (!to->each(to->ctx, &sym) || ++i == ks->n)
			return;
	}
}

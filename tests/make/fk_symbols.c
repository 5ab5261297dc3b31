/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Symbols, and the tables that scripts/kallsyms.c makes of them. Each single
 * character is the token of its own number; some longer tokens take numbers
 * from 128 on.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bytes.h"
#include "tests/make/fk_private.h"
#include "util/buf.h"

#define FUNC_SIZE 0x100

static struct fk_sym *find(struct fk *fk, const char *name)
{
	unsigned int i;

	for (i = 0; i < fk->syms; i++)
		if (!strcmp(fk->sym[i].name, name))
			return &fk->sym[i];
	return NULL;
}

uint64_t fk_address(struct fk *fk, const char *name)
{
	const struct fk_sym *s = find(fk, name);

	return s ? s->addr : 0;
}

void fk_symbol(struct fk *fk, const char *name, char letter, uint64_t addr)
{
	struct fk_sym *s;

	if (fk->complete)
		fk_die("too late for a symbol %s", name);
	fk->sym = fk_grow(fk->sym, fk->syms + 1, sizeof(*fk->sym));
	s = &fk->sym[fk->syms];
	s->addr = addr;
	s->letter = letter;
	s->order = fk->syms++;
	snprintf(s->name, sizeof(s->name), "%s", name);
}

void fk_no_symbol(struct fk *fk, const char *name)
{
	struct fk_sym *s = find(fk, name);

	if (!s)
		fk_die("no symbol %s to take away", name);
	*s = fk->sym[--fk->syms];
}

/* scripts/kallsyms.c, symbol_valid(): the rest needs CONFIG_KALLSYMS_ALL */
void fk_text_symbols_only(struct fk *fk)
{
	unsigned int i;

	for (i = fk->syms; i-- > 0;)
		if (!strchr("tT", fk->sym[i].letter))
			fk->sym[i] = fk->sym[--fk->syms];
}

static uint64_t new_func(struct fk *fk, const char *name, uint64_t *next,
			 uint64_t end, uint32_t size)
{
	uint64_t addr = fk_address(fk, name);

	if (addr)
		return addr;
	addr = *next;
	*next += size;
	if (*next > end)
		fk_die("no room for function %s", name);
	fk_symbol(fk, name, 't', addr);
	return addr;
}

uint64_t fk_func_size(struct fk *fk, const char *name, uint32_t size)
{
	return new_func(fk, name, &fk->next_func, fk->image + FK_TEXT_END,
			size);
}

uint64_t fk_func(struct fk *fk, const char *name)
{
	return fk_func_size(fk, name, FUNC_SIZE);
}

uint64_t fk_init_func(struct fk *fk, const char *name)
{
	return new_func(fk, name, &fk->next_init_func, fk->image + FK_INIT_END,
			FUNC_SIZE);
}

uint64_t fk_place(struct fk *fk, const char *place)
{
	size_t len = strcspn(place, "+");
	char name[64];

	snprintf(name, sizeof(name), "%.*s", (int)len, place);
	return fk_func(fk, name) +
	       (place[len] ? strtoul(place + len + 1, NULL, 0) : 0x40);
}

static const char *const long_tokens[] = { "sched", "_struct", "__", "init" };

static uint8_t next_code(const char **name)
{
	size_t i;

	for (i = 0; i < FK_ARRAY_SIZE(long_tokens); i++) {
		size_t len = strlen(long_tokens[i]);

		if (!strncmp(*name, long_tokens[i], len)) {
			*name += len;
			return (uint8_t)(128 + i);
		}
	}
	return (uint8_t)*(*name)++;
}

static void add_name(struct zu_buf *names, const struct fk_sym *s)
{
	const char *name = s->name;
	uint8_t codes[2 + sizeof(s->name)];
	uint8_t n = 0;

	codes[1 + n++] = (uint8_t)s->letter;
	while (*name)
		codes[1 + n++] = next_code(&name);
	codes[0] = n;
	zu_buf_add(names, codes, n + 1u);
}

static void add_tokens(struct zu_buf *tokens, struct zu_buf *index)
{
	unsigned int i;

	for (i = 0; i < 256; i++) {
		char one[2] = { i < 128 ? (char)i : '\0', '\0' };
		const char *token = one;
		uint8_t at[2] = { (uint8_t)(tokens->len >> 8),
				  (uint8_t)tokens->len };

		if (i >= 128 && i - 128 < FK_ARRAY_SIZE(long_tokens))
			token = long_tokens[i - 128];
		zu_buf_add(index, at, sizeof(at));
		zu_buf_add(tokens, token, strlen(token) + 1);
	}
}

/* Put a table into the image and say in VMCOREINFO where it is. */
static uint64_t put(struct fk *fk, const char *name, const void *data,
		    size_t len)
{
	uint64_t at = fk_image_alloc(fk, len, fk->release == FK_7_2 ? 4 : 8);

	fk_put_bytes(fk, at, data, len);
	fk_info_add(fk, "SYMBOL(kallsyms_%s)=%" PRIx64, name, at);
	return at;
}

static void put_offsets(struct fk *fk)
{
	uint64_t base = fk->sym[0].addr, at;
	unsigned int i;

	at = fk_image_alloc(fk, fk->syms * 4ul, 8);
	fk_info_add(fk, "SYMBOL(kallsyms_offsets)=%" PRIx64, at);
	for (i = 0; i < fk->syms; i++) {
		if (fk->release == FK_7_2)
			base = at + i * 4;
		fk_put(fk, at + i * 4, 4, fk->sym[i].addr - base);
	}
	if (fk->release != FK_7_2) {
		uint8_t b[8];

		zu_put_be64(b, base);
		put(fk, "relative_base", b, sizeof(b));
	}
}

static int by_address(const void *a, const void *b)
{
	const struct fk_sym *x = a, *y = b;

	if (x->addr != y->addr)
		return x->addr < y->addr ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

void fk_kallsyms(struct fk *fk)
{
	struct zu_buf names = { .data = NULL }, tokens = names, index = names;
	uint8_t count[4];
	unsigned int i;

	qsort(fk->sym, fk->syms, sizeof(*fk->sym), by_address);
	for (i = 0; i < fk->syms; i++)
		add_name(&names, &fk->sym[i]);
	add_tokens(&tokens, &index);
	zu_put_be32(count, fk->syms);
	if (names.failed || tokens.failed || index.failed)
		fk_die("out of memory");

	if (fk->release == FK_6_1)
		put_offsets(fk);
	put(fk, "num_syms", count, sizeof(count));
	put(fk, "names", names.data, names.len);
	put(fk, "token_table", tokens.data, tokens.len);
	put(fk, "token_index", index.data, index.len);
	if (fk->release != FK_6_1)
		put_offsets(fk);
	zu_buf_deinit(&names);
	zu_buf_deinit(&tokens);
	zu_buf_deinit(&index);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading the kernel's symbol table (written by scripts/kallsyms.c, read by
 * kernel/kallsyms.c). Its parts, each a symbol of its own:
 *
 *	kallsyms_num_syms	how many symbols
 *	kallsyms_names		per symbol: how many codes, in one byte or, from
 *				128 on, in two (since 6.1); the codes
 *	kallsyms_token_table	text of each code, NUL-terminated
 *	kallsyms_token_index	where in it the text of each code starts
 *	kallsyms_offsets	addresses, or with
 *	kallsyms_relative_base	offsets from it; alone: from each own place
 *	kallsyms_addresses	addresses in full
 *
 * A part has no length of its own. It ends where the next one starts at the
 * latest.
 */
#include "kern/kallsyms.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "core/bytes.h"
#include "kern/kallsyms_table.h"
#include "util/big.h"
#include "util/big.h"
#include "util/fail.h"

/*
 * Debian's 7.2 has 150,000 symbols in 1.6 MB of names. The limits only keep
 * damaged numbers from asking for all memory there is.
 */
#define SYMS_MAX (4u << 20)
#define NAMES_MAX (64u << 20)

#define TOKENS 256
#define TOKEN_INDEX_SIZE (2 * TOKENS)
/* the index has 16 bits */
#define TOKEN_TABLE_MAX (65536 + ZU_KSYM_NAME)

enum part {
	NUM_SYMS,
	NAMES,
	TOKEN_TABLE,
	TOKEN_INDEX,
	OFFSETS,
	RELATIVE_BASE,
	ADDRESSES,
	PARTS,
};

static const char *const part_name[PARTS] = {
	[NUM_SYMS] = "kallsyms_num_syms",
	[NAMES] = "kallsyms_names",
	[TOKEN_TABLE] = "kallsyms_token_table",
	[TOKEN_INDEX] = "kallsyms_token_index",
	[OFFSETS] = "kallsyms_offsets",
	[RELATIVE_BASE] = "kallsyms_relative_base",
	[ADDRESSES] = "kallsyms_addresses",
};

/* addresses of the parts; 0 for what this kernel does not have */
struct parts {
	const struct zu_memory *mem;
	uint64_t at[PARTS];
};

static int locate(struct parts *p, const struct zu_vmcoreinfo *info,
		  struct zu_error *err)
{
	int i;

	for (i = 0; i < PARTS; i++) {
		p->at[i] = 0;
		zu_vmcoreinfo_symbol(info, part_name[i], &p->at[i]);
	}
	for (i = NUM_SYMS; i <= TOKEN_INDEX; i++)
		if (!p->at[i])
			return zu_fail(err, ZU_ENOENT,
				       "VMCOREINFO has no SYMBOL(%s)",
				       part_name[i]);
	if (!p->at[OFFSETS] && !p->at[ADDRESSES])
		return zu_fail(err, ZU_ENOENT,
			       "VMCOREINFO has no SYMBOL(kallsyms_offsets)");
	return 0;
}

/* bytes to the next part, or 0 if none follows */
static uint64_t room(const struct parts *p, enum part which)
{
	uint64_t best = 0;
	int i;

	for (i = 0; i < PARTS; i++) {
		uint64_t gap = p->at[i] - p->at[which];

		if (p->at[i] > p->at[which] && (!best || gap < best))
			best = gap;
	}
	return best;
}

static int read_part(const struct parts *p, enum part which, void *buf,
		     size_t len, struct zu_error *err)
{
	int ret = zu_memory_read(p->mem, p->at[which], buf, len);

	if (ret)
		return zu_fail(err, ret,
			       "cannot read %zu bytes of %s at %#" PRIx64, len,
			       part_name[which], p->at[which]);
	return 0;
}

static int read_tokens(struct zu_kallsyms *ks, const struct parts *p,
		       struct zu_error *err)
{
	uint8_t index[TOKEN_INDEX_SIZE];
	uint64_t len = room(p, TOKEN_TABLE);
	unsigned int i;
	int ret;

	if (!len)
		return zu_fail(err, ZU_EFORMAT,
			       "nothing follows kallsyms_token_table");
	if (len > TOKEN_TABLE_MAX)
		len = TOKEN_TABLE_MAX;
	ks->tokens = malloc(len);
	if (!ks->tokens)
		return zu_fail_nomem(err);
	ret = read_part(p, TOKEN_TABLE, ks->tokens, len, err);
	if (!ret)
		ret = read_part(p, TOKEN_INDEX, index, sizeof(index), err);
	if (ret)
		return ret;

	for (i = 0; i < TOKENS; i++) {
		uint32_t at = zu_be16(index + 2 * i);
		const char *end = NULL;

		if (at < len)
			end = memchr(ks->tokens + at, '\0', len - at);
		if (!end)
			return zu_fail(err, ZU_EFORMAT,
				       "kallsyms token %u is not in the token table",
				       i);
		ks->token[i].at = at;
		ks->token[i].len = (uint32_t)(end - (ks->tokens + at));
	}
	return 0;
}

/*
 * Checks the symbol at *pos and goes to the next one; false if its codes leave
 * the table or make no name that fits.
 */
static bool skip_name(const struct zu_kallsyms *ks, size_t *pos, size_t len)
{
	uint32_t codes, chars = 0, i;
	const uint8_t *code;
	size_t at = *pos;

	if (at >= len)
		return false;
	codes = ks->names[at++];
	if (codes & 0x80) {
		if (at >= len)
			return false;
		codes = (codes & 0x7f) | (uint32_t)ks->names[at++] << 7;
	}
	if (codes > len - at)
		return false;

	code = ks->names + at;
	for (i = 0; i < codes && chars <= ZU_KSYM_NAME; i++)
		chars += ks->token[code[i]].len;
	*pos = at + codes;
	return chars >= 2 && chars <= ZU_KSYM_NAME;
}

static int check_names(struct zu_kallsyms *ks, size_t len,
		       struct zu_error *err)
{
	size_t pos = 0, i;

	ks->marks = calloc(ks->n / ZU_KSYM_STRIDE + 1, sizeof(*ks->marks));
	if (!ks->marks)
		return zu_fail_nomem(err);
	for (i = 0; i < ks->n; i++) {
		if (i % ZU_KSYM_STRIDE == 0)
			ks->marks[i / ZU_KSYM_STRIDE] = (uint32_t)pos;
		if (!skip_name(ks, &pos, len))
			return zu_fail(err, ZU_EFORMAT,
				       "the name of symbol %zu of %zu is damaged",
				       i, ks->n);
	}
	return 0;
}

static int read_count(struct zu_kallsyms *ks, const struct parts *p,
		      uint64_t names_len, struct zu_error *err)
{
	uint8_t count[4];
	int ret;

	ret = read_part(p, NUM_SYMS, count, sizeof(count), err);
	if (ret)
		return ret;
	ks->n = zu_be32(count);
	/* each name takes a count and a code at least */
	if (!ks->n || ks->n > SYMS_MAX || ks->n > names_len / 2)
		return zu_fail(err, ZU_EFORMAT,
			       "kallsyms_num_syms is %zu, with %" PRIu64
			       " bytes of names", ks->n, names_len);
	return 0;
}

static int read_names(struct zu_kallsyms *ks, const struct parts *p,
		      struct zu_error *err)
{
	uint64_t len = room(p, NAMES);
	int ret;

	if (!len || len > NAMES_MAX)
		return zu_fail(err, ZU_EFORMAT,
			       "kallsyms_names has %" PRIu64 " bytes", len);
	ret = read_count(ks, p, len, err);
	if (ret)
		return ret;
	ks->names = zu_big_alloc(len);
	if (!ks->names)
		return zu_fail_nomem(err);
	ret = read_part(p, NAMES, ks->names, len, err);
	return ret ? ret : check_names(ks, len, err);
}

static int read_base(struct zu_kallsyms *ks, const struct parts *p,
		     struct zu_error *err)
{
	uint8_t base[8];
	int ret;

	if (!p->at[OFFSETS]) {
		ks->form = ZU_KSYM_FULL;
		return 0;
	}
	if (!p->at[RELATIVE_BASE]) {
		ks->form = ZU_KSYM_PLACED;
		ks->base = p->at[OFFSETS];
		return 0;
	}
	ks->form = ZU_KSYM_BASED;
	ret = read_part(p, RELATIVE_BASE, base, sizeof(base), err);
	if (!ret)
		ks->base = zu_be64(base);
	return ret;
}

static int read_addrs(struct zu_kallsyms *ks, const struct parts *p,
		      struct zu_error *err)
{
	bool full;
	size_t i, len;
	int ret;

	ret = read_base(ks, p, err);
	if (ret)
		return ret;
	full = ks->form == ZU_KSYM_FULL;
	len = ks->n * (full ? 8 : 4);
	ks->addrs = zu_big_alloc(len);
	if (!ks->addrs)
		return zu_fail_nomem(err);
	ret = read_part(p, full ? ADDRESSES : OFFSETS, ks->addrs, len, err);
	if (ret)
		return ret;

	for (i = 1; i < ks->n; i++)
		if (zu_ksym_addr(ks, i) < zu_ksym_addr(ks, i - 1))
			return zu_fail(err, ZU_EFORMAT,
				       "symbol %zu of %zu is below the one before it",
				       i, ks->n);
	return 0;
}

static void set_range(struct zu_ksym_range *r, uint64_t start, uint64_t end)
{
	if (start && start < end) {
		r->start = start;
		r->end = end;
	}
}

/*
 * What is_ksym_addr() accepts. Only CONFIG_KALLSYMS_ALL keeps symbols like
 * _end, which are outside of text.
 */
static void find_ranges(struct zu_kallsyms *ks)
{
	static const char *const names[] = {
		"_stext",  "_end",	 "__init_begin", "__init_end",
		"_etext", "_sinittext", "_einittext",
	};
	uint64_t a[sizeof(names) / sizeof(*names)];

	zu_kallsyms_find(ks, names, sizeof(names) / sizeof(*names), a);
	if (a[1]) {
		set_range(&ks->main, a[0], a[1]);
		set_range(&ks->init, a[2], a[3]);
	} else {
		set_range(&ks->main, a[0], a[4]);
		set_range(&ks->init, a[5], a[6]);
	}
	ks->ranges_known = ks->main.end;
}

int zu_kallsyms_load(const struct zu_memory *mem,
		     const struct zu_vmcoreinfo *info,
		     struct zu_kallsyms **ret, struct zu_error *err)
{
	struct parts p = { .mem = mem };
	struct zu_kallsyms *ks;
	int code;

	code = locate(&p, info, err);
	if (code)
		return zu_fail_at(err, "cannot find the kernel's symbols");
	ks = calloc(1, sizeof(*ks));
	if (!ks)
		return zu_fail_nomem(err);
	code = read_tokens(ks, &p, err);
	if (!code)
		code = read_names(ks, &p, err);
	if (!code)
		code = read_addrs(ks, &p, err);
	if (code) {
		zu_kallsyms_destroy(ks);
		return zu_fail_at(err, "cannot read the kernel's symbols");
	}
	find_ranges(ks);
	*ret = ks;
	return 0;
}

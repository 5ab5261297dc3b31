/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kern/bugs.h"

#include <stdlib.h>
#include <string.h>

#include "core/bytes.h"
#include "util/fail.h"

/* BUGFLAG_WARNING, and all others; a taint is above these */
#define WARNING 1u
#define FLAGS 0x1fu
#define MAX_TAINT 31u

/*
 * struct bug_entry on s390: distances of 4 bytes to the code, (7.2) to a
 * format, (CONFIG_DEBUG_BUGVERBOSE) to the file's name; a line of 2 bytes with
 * the latter; flags of 2 bytes; up to a multiple of 4. So its size is 8, 12, or
 * 16.
 */
static const size_t sizes[] = { 8, 12, 16 };

/* An instruction that entries name: mc, or (7.2, __WARN_printf) larl */
static bool is_bug(const struct zu_bug_code *c, uint64_t addr)
{
	uint8_t code[2];

	return addr % 2 == 0 && c->read(c->ctx, addr, code) &&
	       (code[0] == 0xaf || (code[0] == 0xc0 && !(code[1] & 0x0f)));
}

static uint64_t bug_addr(const uint8_t *entry, uint64_t addr)
{
	return addr + (uint64_t)(int32_t)zu_be32(entry);
}

/*
 * Each entry names such an instruction, but for a few outside of functions: in
 * init text, which a running kernel has given away.
 */
static bool is_size(const struct zu_bug_code *c, const uint8_t *table,
		    uint64_t addr, size_t len, size_t size)
{
	size_t at, elsewhere = 0;
	uint64_t to;

	if (len % size)
		return false;
	for (at = 0; at < len; at += size) {
		to = bug_addr(table + at, addr + at);
		if (is_bug(c, to))
			continue;
		if (to % 2 || c->is_func(c->ctx, to))
			return false;
		elsewhere++;
	}
	return elsewhere <= len / size / 4;
}

/* The smallest: of entries of 8, every other one is as if they were of 16. */
static size_t find_size(const struct zu_bug_code *c, const uint8_t *table,
			uint64_t addr, size_t len)
{
	size_t i;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		if (is_size(c, table, addr, len, sizes[i]))
			return sizes[i];
	return 0;
}

static bool is_zero(const uint8_t *table, size_t len, size_t size, size_t at)
{
	for (; at < len; at += size)
		if (zu_be16(table + at))
			return false;
	return true;
}

/* Flags are none (BUG), or say that it is a warning, and its taint. */
static bool are_flags(const uint8_t *table, size_t len, size_t size, size_t at)
{
	for (; at < len; at += size) {
		unsigned int v = zu_be16(table + at);

		if (v && (!(v & WARNING) || (v & 0xff) > FLAGS ||
			  v >> 8 > MAX_TAINT))
			return false;
	}
	return true;
}

/* Where in an entry the flags are; 0: that can't be told */
static size_t find_flags(const uint8_t *table, size_t len, size_t size)
{
	if (size != 12)
		return size == 16 ? 14 : 4;
	/* a file's name, a line, the flags; or a format, the flags, nothing */
	if (!is_zero(table, len, size, 10) || !are_flags(table, len, size, 8))
		return 10;
	return is_zero(table, len, size, 8) ? 8 : 0;
}

static int by_addr(const void *a, const void *b)
{
	const struct zu_bug *x = a, *y = b;

	return x->addr < y->addr ? -1 : x->addr > y->addr;
}

int zu_bugs_fill(struct zu_bugs *b, const struct zu_bug_code *c,
		 const uint8_t *table, uint64_t addr, size_t len,
		 struct zu_error *err)
{
	size_t size = find_size(c, table, addr, len), flags, i;

	memset(b, 0, sizeof(*b));
	flags = size ? find_flags(table, len, size) : 0;
	if (!flags)
		return 0;
	b->bug = calloc(len / size, sizeof(*b->bug));
	if (!b->bug)
		return zu_fail_nomem(err);
	b->nr = len / size;
	b->known = true;
	for (i = 0; i < b->nr; i++, table += size, addr += size)
		b->bug[i] = (struct zu_bug){
			.addr = bug_addr(table, addr),
			.warns = zu_be16(table + flags) & WARNING,
		};
	qsort(b->bug, b->nr, sizeof(*b->bug), by_addr);
	return 0;
}

void zu_bugs_deinit(struct zu_bugs *b)
{
	free(b->bug);
	memset(b, 0, sizeof(*b));
}

int zu_bugs_at(const struct zu_bugs *b, uint64_t addr)
{
	const struct zu_bug key = { .addr = addr }, *bug;

	if (!b->known)
		return -1;
	bug = bsearch(&key, b->bug, b->nr, sizeof(*b->bug), by_addr);
	return !bug || bug->warns;
}

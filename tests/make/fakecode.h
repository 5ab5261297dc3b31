/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An object with functions written as bytes.
 *
 *	fakecode_begin();
 *	fakecode_func("leaf", LEAF, sizeof(LEAF) - 1);
 *	... &fakecode.code ...
 *	fakecode_end();
 */
#ifndef ZU_TESTS_MAKE_FAKECODE_H
#define ZU_TESTS_MAKE_FAKECODE_H

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "check/code.h"

#define FAKECODE_BASE 0x1000000u
#define FAKECODE_SIZE 65536u
#define FAKECODE_FUNCS 1024u

/* What is not in the object: one symbol each 16 bytes */
#define FAKECODE_UNDEF 0x2000000u

/* Instructions, and a call whose target fakecode_call() fills in */
#define I_STMG_14 "\xeb\xef\xf0\x88\x00\x24"	/* stmg %r14,%r15,136(%r15) */
#define I_LGR_14 "\xb9\x04\x00\xef"		/* lgr %r14,%r15 */
#define I_LAY "\xe3\xf0\xff\xe8\xff\x71"	/* lay %r15,-24(%r15) */
#define I_CHAIN "\xe3\xe0\xf0\x98\x00\x24"	/* stg %r14,152(%r15) */
#define I_BRASL "\xc0\xe5\x00\x00\x00\x00"	/* brasl %r14,. */
#define I_LMG_14 "\xeb\xef\xf0\xa0\x00\x04"	/* lmg %r14,%r15,160(%r15) */
#define I_BR_14 "\x07\xfe"			/* br %r14 */
#define I_LOOP "\xa7\xf4\x00\x00"		/* j . */
#define I_PROLOGUE I_STMG_14 I_LGR_14 I_LAY I_CHAIN
#define I_EPILOGUE I_LMG_14 I_BR_14

static struct {
	struct zu_code code;
	struct zu_code_func func[FAKECODE_FUNCS];
	char names[65536];
	size_t names_len;
	uint8_t bytes[FAKECODE_SIZE];
	uint8_t copy[FAKECODE_SIZE];	/* what was handed out last */
	size_t len;
	size_t unread;			/* offset of bytes that are not there */
	size_t asked;			/* how often bytes were asked for */
	const char *undef[16];
	uint64_t bugs, bugs_len;	/* __bug_table, if it has a length */
	bool labels;			/* which is known by labels alone */
} fakecode;

/* As a dump's: what was handed out before does not hold. */
static const uint8_t *fakecode_bytes(struct zu_code *c, uint64_t addr,
				     size_t len)
{
	size_t at = addr - FAKECODE_BASE;

	(void)c;
	fakecode.asked++;
	memset(fakecode.copy, 0xee, sizeof(fakecode.copy));
	if (addr < FAKECODE_BASE || at > fakecode.len ||
	    len > fakecode.len - at)
		return NULL;
	if (at <= fakecode.unread && fakecode.unread < at + len)
		return NULL;
	return memcpy(fakecode.copy, fakecode.bytes + at, len);
}

static bool fakecode_is_undef(uint64_t addr)
{
	return addr >= FAKECODE_UNDEF && addr < FAKECODE_UNDEF + 256 &&
	       addr % 16 == 0 && fakecode.undef[(addr - FAKECODE_UNDEF) / 16];
}

static const char *fakecode_name(struct zu_code *c, uint64_t addr)
{
	const struct zu_code_func *f = zu_code_func_at(c, addr);

	if (f && f->addr == addr)
		return c->names + f->name;
	return fakecode_is_undef(addr) ?
	       fakecode.undef[(addr - FAKECODE_UNDEF) / 16] : NULL;
}

static bool fakecode_is_entry(struct zu_code *c, uint64_t addr)
{
	return fakecode_name(c, addr);
}

static bool fakecode_section(struct zu_code *c, const char *name,
			     uint64_t *addr, uint64_t *len)
{
	(void)c;
	if (strcmp(name, "__bug_table") || !fakecode.bugs_len ||
	    fakecode.labels)
		return false;
	*addr = fakecode.bugs;
	*len = fakecode.bugs_len;
	return true;
}

static bool fakecode_symbol(struct zu_code *c, const char *name, uint64_t *ret)
{
	(void)c;
	*ret = fakecode.bugs;
	if (!strcmp(name, "__start___bug_table"))
		return fakecode.labels;
	*ret += fakecode.bugs_len;
	return fakecode.labels && !strcmp(name, "__stop___bug_table");
}

static void fakecode_close(struct zu_code *c)
{
	(void)c;
}

static inline void fakecode_begin(void)
{
	static const struct zu_code_ops ops = {
		.bytes = fakecode_bytes,
		.is_entry = fakecode_is_entry,
		.dest_name = fakecode_name,
		.symbol = fakecode_symbol,
		.section = fakecode_section,
		.close = fakecode_close,
	};

	memset(&fakecode, 0, sizeof(fakecode));
	fakecode.unread = SIZE_MAX;
	fakecode.code = (struct zu_code){
		.name = (char []){ "" },
		.path = (char []){ "fake" },
		.text = FAKECODE_BASE,
		.func = fakecode.func,
		.names = fakecode.names,
		.ops = &ops,
	};
}

/* Appends a function; its address */
static inline uint64_t fakecode_func(const char *name, const void *bytes,
				     size_t len)
{
	struct zu_code *c = &fakecode.code;
	uint64_t addr = FAKECODE_BASE + fakecode.len;

	assert(c->nr_func < FAKECODE_FUNCS && fakecode.len + len <= FAKECODE_SIZE);
	assert(fakecode.names_len + strlen(name) < sizeof(fakecode.names));
	c->func[c->nr_func++] = (struct zu_code_func){
		.addr = addr, .len = (uint32_t)len,
		.name = (uint32_t)fakecode.names_len & 0x7fffffff,
	};
	memcpy(fakecode.names + fakecode.names_len, name, strlen(name) + 1);
	fakecode.names_len += strlen(name) + 1;
	memcpy(fakecode.bytes + fakecode.len, bytes, len);
	fakecode.len += len;
	c->text_len = c->code_len = fakecode.len;
	return addr;
}

/* The 6-byte relative instruction at @at now leads to @to. */
static inline void fakecode_aim(uint64_t at, uint64_t to)
{
	uint32_t half = (uint32_t)((int64_t)(to - at) / 2);
	uint8_t *p = fakecode.bytes + (at - FAKECODE_BASE) + 2;

	p[0] = (uint8_t)(half >> 24);
	p[1] = (uint8_t)(half >> 16);
	p[2] = (uint8_t)(half >> 8);
	p[3] = (uint8_t)half;
}

/* An address at which there is a symbol and nothing else */
static inline uint64_t fakecode_undef(size_t i, const char *name)
{
	fakecode.undef[i] = name;
	return FAKECODE_UNDEF + 16 * i;
}

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's symbol table. A small encoder makes tables in the three forms
 * that kernels have; each single character is the token of its own number,
 * some longer tokens take the numbers from 128 on.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/bytes.h"
#include "kern/kallsyms.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* where the tables are in the kernel, and the first symbol */
#define BASE UINT64_C(0x3ffe1000000)
#define TEXT UINT64_C(0x3ffe0100000)

enum form { FULL, BASED, PLACED };

enum part {
	NUM_SYMS, NAMES, TOKEN_TABLE, TOKEN_INDEX, OFFSETS, RELATIVE_BASE,
	ADDRESSES, PARTS,
};

static const char *const part_name[PARTS] = {
	"num_syms", "names", "token_table", "token_index", "offsets",
	"relative_base", "addresses",
};

static const char *const long_tokens[] = { "Ts", "sched", "ule", "__", "init" };

struct symbol {
	uint64_t addr;
	const char *name;	/* with its type letter in front */
};

/* a kernel with nothing but tables in its memory */
struct maker {
	enum form form;
	uint64_t relative_base;
	uint32_t gap;		/* free bytes between names and token table */
	uint8_t mem[1 << 16];
	size_t len;
	size_t at[PARTS];	/* in mem; 0 for what is not there */
	char text[1024];
	struct zu_vmcoreinfo info;
	struct zu_memory memory;
};

static int read_mem(void *ctx, uint64_t addr, void *buf, size_t len)
{
	const struct maker *m = ctx;

	if (addr < BASE || addr - BASE > m->len || len > m->len - (addr - BASE))
		return ZU_EFAULT;
	memcpy(buf, m->mem + (addr - BASE), len);
	return 0;
}

static void put(struct maker *m, const void *data, size_t len)
{
	assert_true(m->len + len <= sizeof(m->mem));
	memcpy(m->mem + m->len, data, len);
	m->len += len;
}

static void begin(struct maker *m, enum part part)
{
	m->len = (m->len + 7) & ~(size_t)7;
	m->at[part] = m->len;
}

static uint8_t next_code(const char **name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(long_tokens); i++) {
		size_t len = strlen(long_tokens[i]);

		if (!strncmp(*name, long_tokens[i], len)) {
			*name += len;
			return (uint8_t)(128 + i);
		}
	}
	return (uint8_t)*(*name)++;
}

static void put_name(struct maker *m, const char *name)
{
	uint8_t codes[1024], count[2];
	size_t n = 0;

	while (*name)
		codes[n++] = next_code(&name);
	count[0] = (uint8_t)(n < 128 ? n : 0x80 | (n & 0x7f));
	count[1] = (uint8_t)(n >> 7);
	put(m, count, n < 128 ? 1 : 2);
	put(m, codes, n);
}

static void put_tokens(struct maker *m)
{
	uint8_t index[512] = { 0 };
	unsigned int i;

	begin(m, TOKEN_TABLE);
	for (i = 0; i < 256; i++) {
		char one[2] = { i < 128 ? (char)i : '\0', '\0' };
		const char *token = one;

		if (i >= 128 && i - 128 < ARRAY_SIZE(long_tokens))
			token = long_tokens[i - 128];
		index[2 * i] = (uint8_t)((m->len - m->at[TOKEN_TABLE]) >> 8);
		index[2 * i + 1] = (uint8_t)(m->len - m->at[TOKEN_TABLE]);
		put(m, token, strlen(token) + 1);
	}
	begin(m, TOKEN_INDEX);
	put(m, index, sizeof(index));
}

static void put_addrs(struct maker *m, const struct symbol *syms, size_t n)
{
	uint8_t b[8];
	size_t i;

	begin(m, m->form == FULL ? ADDRESSES : OFFSETS);
	for (i = 0; i < n; i++) {
		if (m->form == FULL) {
			zu_put_be64(b, syms[i].addr);
			put(m, b, 8);
			continue;
		}
		zu_put_be32(b, (uint32_t)(syms[i].addr -
					  (m->form == BASED ? m->relative_base :
					   BASE + m->len)));
		put(m, b, 4);
	}
	if (m->form == BASED) {
		begin(m, RELATIVE_BASE);
		zu_put_be64(b, m->relative_base);
		put(m, b, 8);
	}
}

/* what VMCOREINFO says, after a test has moved parts about */
static void finish(struct maker *m)
{
	size_t len = 0;
	int i;

	for (i = 0; i < PARTS; i++)
		if (m->at[i])
			len += (size_t)snprintf(m->text + len,
						sizeof(m->text) - len,
						"SYMBOL(kallsyms_%s)=%" PRIx64
						"\n", part_name[i],
						BASE + m->at[i]);
	m->info.text = m->text;
	m->info.len = len;
	m->memory = (struct zu_memory){ .read = read_mem, .ctx = m };
}

static void make(struct maker *m, const struct symbol *syms, size_t n)
{
	static const uint8_t zeros[4096];
	uint8_t count[4];
	size_t i;

	m->len = 8;
	memset(m->at, 0, sizeof(m->at));
	begin(m, NUM_SYMS);
	zu_put_be32(count, (uint32_t)n);
	put(m, count, 4);
	begin(m, NAMES);
	for (i = 0; i < n; i++)
		put_name(m, syms[i].name);
	put(m, zeros, m->gap);
	put_tokens(m);
	put_addrs(m, syms, n);
	finish(m);
}

static struct maker maker;
static struct zu_error err;

static struct maker *start(enum form form)
{
	memset(&maker, 0, sizeof(maker));
	maker.form = form;
	maker.relative_base = TEXT;
	return &maker;
}

static struct zu_kallsyms *load(struct maker *m)
{
	struct zu_kallsyms *ks = NULL;
	int ret = zu_kallsyms_load(&m->memory, &m->info, &ks, &err);

	if (ret)
		print_error("%s\n", err.text);
	assert_int_equal(ret, 0);
	return ks;
}

static void assert_refused(struct maker *m, int code, const char *text)
{
	struct zu_kallsyms *ks = (void *)m;

	assert_int_equal(zu_kallsyms_load(&m->memory, &m->info, &ks, &err),
			 code);
	assert_int_equal(err.code, code);
	if (!strstr(err.text, text))
		print_error("%s\n", err.text);
	assert_non_null(strstr(err.text, text));
	assert_ptr_equal(ks, m);
}

static void assert_at(const struct zu_kallsyms *ks, uint64_t addr,
		      const char *name, uint64_t start_addr, uint64_t size)
{
	struct zu_kallsym sym;

	assert_true(zu_kallsyms_at(ks, addr, &sym));
	assert_string_equal(sym.name, name);
	assert_int_equal(sym.start, start_addr);
	assert_int_equal(sym.size, size);
}

static void assert_nothing_at(const struct zu_kallsyms *ks, uint64_t addr)
{
	struct zu_kallsym sym;

	assert_false(zu_kallsyms_at(ks, addr, &sym));
}

static uint64_t find(const struct zu_kallsyms *ks, const char *name)
{
	uint64_t addr = 99;

	zu_kallsyms_find(ks, &name, 1, &addr);
	return addr;
}

static const struct symbol plain[] = {
	{ TEXT, "Tschedule" },
	{ TEXT + 0x10, "t__sched_text_start" },
	{ TEXT + 0x10, "T__schedule" },
	{ TEXT + 0x10, "T__schedule_alias" },
	{ TEXT + 0x30, "tinit" },
	{ TEXT + 0x40, "ta" },
	{ TEXT + 0x50, "tinit" },
	{ TEXT + 0x60, "tsame" },
	{ TEXT + 0x60, "Tsame" },
	{ TEXT + 0x2000000, "D__end" },
};

static void assert_plain(const struct zu_kallsyms *ks)
{
	assert_int_equal(zu_kallsyms_count(ks), ARRAY_SIZE(plain));
	assert_at(ks, TEXT, "schedule", TEXT, 0x10);
	assert_at(ks, TEXT + 0xf, "schedule", TEXT, 0x10);
	/* of several with one address the first */
	assert_at(ks, TEXT + 0x10, "__sched_text_start", TEXT + 0x10, 0x20);
	assert_at(ks, TEXT + 0x2f, "__sched_text_start", TEXT + 0x10, 0x20);
	assert_at(ks, TEXT + 0x45, "a", TEXT + 0x40, 0x10);
	assert_at(ks, TEXT + 0x1ffffff, "same", TEXT + 0x60, 0x1ffffa0);
	assert_nothing_at(ks, TEXT - 1);
	assert_nothing_at(ks, 0);

	assert_int_equal(find(ks, "schedule"), TEXT);
	assert_int_equal(find(ks, "__schedule"), TEXT + 0x10);
	assert_int_equal(find(ks, "a"), TEXT + 0x40);
	assert_int_equal(find(ks, "__end"), TEXT + 0x2000000);
}

static void reads_full_addresses(void **state)
{
	struct maker *m = start(FULL);
	struct zu_kallsyms *ks;

	(void)state;
	make(m, plain, ARRAY_SIZE(plain));
	ks = load(m);
	assert_plain(ks);
	zu_kallsyms_destroy(ks);
}

static void reads_offsets_from_a_base(void **state)
{
	struct maker *m = start(BASED);
	struct zu_kallsyms *ks;

	(void)state;
	make(m, plain, ARRAY_SIZE(plain));
	ks = load(m);
	assert_plain(ks);
	zu_kallsyms_destroy(ks);
}

/* trap: since 7.0 an offset counts from its own place */
static void reads_offsets_from_their_place(void **state)
{
	struct maker *m = start(PLACED);
	struct zu_kallsyms *ks;

	(void)state;
	make(m, plain, ARRAY_SIZE(plain));
	ks = load(m);
	assert_plain(ks);
	zu_kallsyms_destroy(ks);
}

/* with a base they are unsigned, from their place signed */
static void offsets_have_32_bits(void **state)
{
	static const struct symbol low[] = {
		{ TEXT, "Ta" }, { TEXT + 0xffffffff, "Tb" },
	};
	static const struct symbol around[] = {
		{ BASE - 0x7fff0000, "Ta" }, { BASE + 0x7fff0000, "Tb" },
	};
	struct maker *m = start(BASED);
	struct zu_kallsyms *ks;

	(void)state;
	make(m, low, 2);
	ks = load(m);
	assert_int_equal(find(ks, "a"), TEXT);
	assert_int_equal(find(ks, "b"), TEXT + 0xffffffff);
	zu_kallsyms_destroy(ks);

	m = start(PLACED);
	make(m, around, 2);
	ks = load(m);
	assert_int_equal(find(ks, "a"), BASE - 0x7fff0000);
	assert_int_equal(find(ks, "b"), BASE + 0x7fff0000);
	zu_kallsyms_destroy(ks);
}

static void finds_many_names_at_once(void **state)
{
	static const char *const names[] = {
		"schedule", "init", "same", "absent", "sched", "schedule_",
		"schedule", "", "a", "Tschedule",
	};
	uint64_t addrs[ARRAY_SIZE(names)];
	struct maker *m = start(FULL);
	struct zu_kallsyms *ks;

	(void)state;
	make(m, plain, ARRAY_SIZE(plain));
	ks = load(m);
	zu_kallsyms_find(ks, names, ARRAY_SIZE(names), addrs);
	assert_int_equal(addrs[0], TEXT);
	assert_int_equal(addrs[1], 0);	/* two of this name */
	assert_int_equal(addrs[2], TEXT + 0x60);
	assert_int_equal(addrs[3], 0);
	assert_int_equal(addrs[4], 0);
	assert_int_equal(addrs[5], 0);
	assert_int_equal(addrs[6], TEXT);
	assert_int_equal(addrs[7], 0);
	assert_int_equal(addrs[8], TEXT + 0x40);
	assert_int_equal(addrs[9], 0);
	zu_kallsyms_destroy(ks);
}

/* 0 says that there is none: so it must not hide that there are two */
static void finds_nothing_at_address_0(void **state)
{
	static const struct symbol syms[] = {
		{ 0, "Aone" }, { 0, "Atwo" }, { TEXT, "Ttwo" },
	};
	struct maker *m = start(FULL);
	struct zu_kallsyms *ks;

	(void)state;
	make(m, syms, ARRAY_SIZE(syms));
	ks = load(m);
	assert_int_equal(find(ks, "one"), 0);
	assert_int_equal(find(ks, "two"), 0);
	zu_kallsyms_destroy(ks);
}

/* get_symbol_pos(): with CONFIG_KALLSYMS_ALL to the end of the image */
static void covers_the_image(void **state)
{
	static const struct symbol syms[] = {
		{ TEXT - 0x10, "Abelow" },   { TEXT, "T_stext" },
		{ TEXT + 0x100, "T_etext" }, { TEXT + 0x200, "Ddata" },
		{ TEXT + 0x300, "B_end" },   { TEXT + 0x380, "Bbeyond" },
		{ TEXT + 0x400, "T__init_begin" },
		{ TEXT + 0x500, "T__init_end" },
	};
	struct maker *m = start(PLACED);
	struct zu_kallsyms *ks;

	(void)state;
	make(m, syms, ARRAY_SIZE(syms));
	ks = load(m);
	assert_nothing_at(ks, TEXT - 1);
	assert_at(ks, TEXT, "_stext", TEXT, 0x100);
	assert_at(ks, TEXT + 0x2ff, "data", TEXT + 0x200, 0x100);
	assert_nothing_at(ks, TEXT + 0x300);
	assert_nothing_at(ks, TEXT + 0x3ff);
	assert_at(ks, TEXT + 0x400, "__init_begin", TEXT + 0x400, 0x100);
	assert_at(ks, TEXT + 0x4ff, "__init_begin", TEXT + 0x400, 0x100);
	assert_nothing_at(ks, TEXT + 0x500);
	zu_kallsyms_destroy(ks);
}

/* without it: to the end of text, or of init text */
static void covers_text(void **state)
{
	static const struct symbol syms[] = {
		{ TEXT, "T_stext" },		 { TEXT + 0x100, "T_etext" },
		{ TEXT + 0x200, "T_sinittext" }, { TEXT + 0x280, "tlast" },
		{ TEXT + 0x300, "T_einittext" },
	};
	struct maker *m = start(BASED);
	struct zu_kallsyms *ks;

	(void)state;
	make(m, syms, ARRAY_SIZE(syms));
	ks = load(m);
	assert_at(ks, TEXT + 0xff, "_stext", TEXT, 0x100);
	assert_nothing_at(ks, TEXT + 0x100);
	assert_nothing_at(ks, TEXT + 0x1ff);
	assert_at(ks, TEXT + 0x200, "_sinittext", TEXT + 0x200, 0x80);
	assert_at(ks, TEXT + 0x2ff, "last", TEXT + 0x280, 0x80);
	assert_nothing_at(ks, TEXT + 0x300);
	zu_kallsyms_destroy(ks);
}

/* a table without these symbols does not say how far its last one goes */
static void last_symbol_covers_itself(void **state)
{
	struct maker *m = start(FULL);
	struct zu_kallsyms *ks;

	(void)state;
	make(m, plain, ARRAY_SIZE(plain));
	ks = load(m);
	assert_at(ks, TEXT + 0x2000000, "__end", TEXT + 0x2000000, 0);
	assert_nothing_at(ks, TEXT + 0x2000001);
	assert_nothing_at(ks, UINT64_MAX);
	zu_kallsyms_destroy(ks);
}

/* makes a name, type letter included, of so many characters */
static const char *long_name(char *buf, size_t len)
{
	buf[0] = 't';
	memset(buf + 1, 'x', len - 1);
	buf[len] = '\0';
	return buf;
}

/* from 128 codes on their number takes two bytes (6.1) */
static void counts_codes_in_one_or_two_bytes(void **state)
{
	static const size_t lens[] = { 127, 128, 129, 255, 256, 511, 512 };
	char bufs[ARRAY_SIZE(lens)][600];
	struct symbol syms[ARRAY_SIZE(lens) + 1];
	struct maker *m = start(FULL);
	struct zu_kallsyms *ks;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lens); i++)
		syms[i] = (struct symbol){ TEXT + 16 * i,
					   long_name(bufs[i], lens[i]) };
	syms[i] = (struct symbol){ TEXT + 16 * i, "Tend" };
	make(m, syms, ARRAY_SIZE(syms));
	ks = load(m);
	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		assert_at(ks, TEXT + 16 * i, bufs[i] + 1, TEXT + 16 * i, 16);
		assert_int_equal(find(ks, bufs[i] + 1), TEXT + 16 * i);
	}
	assert_int_equal(find(ks, "end"), TEXT + 16 * i);
	zu_kallsyms_destroy(ks);
}

static void names_have_a_limit(void **state)
{
	char buf[600];
	struct symbol sym = { TEXT, buf };
	struct maker *m = start(FULL);

	(void)state;
	long_name(buf, ZU_KSYM_NAME);
	make(m, &sym, 1);
	zu_kallsyms_destroy(load(m));
	long_name(buf, ZU_KSYM_NAME + 1);
	make(m, &sym, 1);
	assert_refused(m, ZU_EFORMAT, "the name of symbol 0 of 1 is damaged");

	/* the shortest: a type letter and one character */
	sym.name = "ta";
	make(m, &sym, 1);
	zu_kallsyms_destroy(load(m));
	sym.name = "t";
	make(m, &sym, 1);
	assert_refused(m, ZU_EFORMAT, "is damaged");
}

static void finds_symbols_after_many(void **state)
{
	static char names[1000][8];
	static struct symbol syms[1000];
	struct maker *m = start(PLACED);
	struct zu_kallsyms *ks;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(syms); i++) {
		snprintf(names[i], sizeof(names[i]), "tf%zu", i);
		syms[i] = (struct symbol){ TEXT + 8 * i, names[i] };
	}
	make(m, syms, ARRAY_SIZE(syms));
	ks = load(m);
	for (i = 0; i + 1 < ARRAY_SIZE(syms); i++)
		assert_at(ks, TEXT + 8 * i + i % 8, names[i] + 1, TEXT + 8 * i,
			  8);
	zu_kallsyms_destroy(ks);
}

static void set_count(struct maker *m, uint32_t n)
{
	zu_put_be32(m->mem + m->at[NUM_SYMS], n);
}

static void refuses_wrong_count(void **state)
{
	static const struct symbol syms[] = {
		{ TEXT, "Tabcdef" }, { TEXT + 1, "Tghijkl" },
	};
	struct maker *m = start(FULL);

	(void)state;
	/* 16 bytes of names, so that the token table follows at once */
	make(m, syms, 2);
	assert_int_equal(m->at[TOKEN_TABLE] - m->at[NAMES], 16);
	zu_kallsyms_destroy(load(m));
	set_count(m, 3);
	assert_refused(m, ZU_EFORMAT, "the name of symbol 2 of 3 is damaged");
	set_count(m, 0);
	assert_refused(m, ZU_EFORMAT, "kallsyms_num_syms is 0");
	set_count(m, 9);
	assert_refused(m, ZU_EFORMAT, "kallsyms_num_syms is 9, with 16 bytes");
	set_count(m, UINT32_MAX);
	assert_refused(m, ZU_EFORMAT, "kallsyms_num_syms is 4294967295");
}

static void refuses_names_that_are_cut_off(void **state)
{
	static const struct symbol syms[] = {
		{ TEXT, "Tabcdef" }, { TEXT + 1, "Tghijkl" },
	};
	struct maker *m = start(FULL);
	uint8_t *second;

	(void)state;
	make(m, syms, 2);
	second = m->mem + m->at[NAMES] + 8;
	assert_int_equal(*second, 7);
	*second = 8;	/* one code more than there are */
	assert_refused(m, ZU_EFORMAT, "the name of symbol 1 of 2 is damaged");

	/* the first takes all but one byte, which says that two follow */
	make(m, syms, 2);
	m->mem[m->at[NAMES]] = 14;
	m->mem[m->at[NAMES] + 15] = 0x80;
	assert_refused(m, ZU_EFORMAT, "the name of symbol 1 of 2 is damaged");

	/* a symbol without a code */
	make(m, syms, 2);
	*second = 0;
	assert_refused(m, ZU_EFORMAT, "the name of symbol 1 of 2 is damaged");
}

static void refuses_tokens_outside_of_table(void **state)
{
	struct maker *m = start(FULL);
	size_t len;
	uint8_t *index;

	(void)state;
	make(m, plain, ARRAY_SIZE(plain));
	index = m->mem + m->at[TOKEN_INDEX] + 2 * 255;
	len = m->at[TOKEN_INDEX] - m->at[TOKEN_TABLE];
	index[0] = (uint8_t)((len - 1) >> 8);
	index[1] = (uint8_t)(len - 1);
	zu_kallsyms_destroy(load(m));
	index[0] = (uint8_t)(len >> 8);
	index[1] = (uint8_t)len;
	assert_refused(m, ZU_EFORMAT, "token 255 is not in the token table");

	/* inside, but without an end */
	make(m, plain, ARRAY_SIZE(plain));
	index[0] = (uint8_t)((len - 1) >> 8);
	index[1] = (uint8_t)(len - 1);
	m->mem[m->at[TOKEN_INDEX] - 1] = 'x';
	assert_refused(m, ZU_EFORMAT, "token 255 is not in the token table");
}

static void refuses_addresses_out_of_order(void **state)
{
	struct symbol syms[] = {
		{ TEXT, "Ta" }, { TEXT + 1, "Tb" }, { TEXT + 1, "Tc" },
	};
	enum form form;

	(void)state;
	for (form = FULL; form <= PLACED; form++) {
		struct maker *m = start(form);

		syms[2].addr = TEXT + 1;
		make(m, syms, 3);
		zu_kallsyms_destroy(load(m));
		syms[2].addr = TEXT;
		make(m, syms, 3);
		assert_refused(m, ZU_EFORMAT, "symbol 2 of 3 is below");
	}
}

static void needs_vmcoreinfo(void **state)
{
	static const enum part needed[] = {
		NUM_SYMS, NAMES, TOKEN_TABLE, TOKEN_INDEX, OFFSETS,
	};
	struct maker *m = start(BASED);
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(needed); i++) {
		make(m, plain, ARRAY_SIZE(plain));
		m->at[needed[i]] = 0;
		finish(m);
		assert_refused(m, ZU_ENOENT, part_name[needed[i]]);
	}
}

static void tells_what_it_cannot_read(void **state)
{
	static const enum part last[] = {
		NUM_SYMS, NAMES, TOKEN_TABLE, TOKEN_INDEX, OFFSETS,
		RELATIVE_BASE,
	};
	struct maker *m = start(BASED);
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(last); i++) {
		make(m, plain, ARRAY_SIZE(plain));
		/* what lies before the end stays readable */
		m->at[last[i]] = (m->len + 64) & ~(size_t)7;
		if (last[i] == NAMES || last[i] == TOKEN_TABLE)
			m->at[RELATIVE_BASE] = m->at[last[i]] + 64;
		finish(m);
		assert_refused(m, ZU_EFAULT, part_name[last[i]]);
	}
}

static void parts_end_where_the_next_starts(void **state)
{
	struct maker *m = start(FULL);

	(void)state;
	/* nothing above the names, nothing above the token table */
	make(m, plain, ARRAY_SIZE(plain));
	m->at[NAMES] = m->len + 8;
	finish(m);
	assert_refused(m, ZU_EFORMAT, "kallsyms_names has 0 bytes");
	make(m, plain, ARRAY_SIZE(plain));
	m->at[TOKEN_TABLE] = m->len + 8;
	finish(m);
	assert_refused(m, ZU_EFORMAT, "nothing follows kallsyms_token_table");

	/* markers after the names do no harm */
	m->gap = 4000;
	make(m, plain, ARRAY_SIZE(plain));
	zu_kallsyms_destroy(load(m));
}

/* damaged numbers do not get all the memory there is */
static void tables_have_limits(void **state)
{
	struct maker *m = start(FULL);

	(void)state;
	make(m, plain, ARRAY_SIZE(plain));
	m->at[NAMES] = m->len;
	m->at[ADDRESSES] = m->at[NAMES] + (64 << 20);
	finish(m);
	assert_refused(m, ZU_EFAULT, "cannot read 67108864 bytes");
	set_count(m, 4 << 20);
	assert_refused(m, ZU_EFAULT, "cannot read 67108864 bytes");
	set_count(m, (4 << 20) + 1);
	assert_refused(m, ZU_EFORMAT, "kallsyms_num_syms is 4194305");

	m->at[ADDRESSES]++;
	finish(m);
	assert_refused(m, ZU_EFORMAT, "kallsyms_names has 67108865 bytes");
}

static void destroys_nothing(void **state)
{
	(void)state;
	zu_kallsyms_destroy(NULL);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_full_addresses),
		cmocka_unit_test(reads_offsets_from_a_base),
		cmocka_unit_test(reads_offsets_from_their_place),
		cmocka_unit_test(offsets_have_32_bits),
		cmocka_unit_test(finds_many_names_at_once),
		cmocka_unit_test(finds_nothing_at_address_0),
		cmocka_unit_test(covers_the_image),
		cmocka_unit_test(covers_text),
		cmocka_unit_test(last_symbol_covers_itself),
		cmocka_unit_test(counts_codes_in_one_or_two_bytes),
		cmocka_unit_test(names_have_a_limit),
		cmocka_unit_test(finds_symbols_after_many),
		cmocka_unit_test(refuses_wrong_count),
		cmocka_unit_test(refuses_names_that_are_cut_off),
		cmocka_unit_test(refuses_tokens_outside_of_table),
		cmocka_unit_test(refuses_addresses_out_of_order),
		cmocka_unit_test(needs_vmcoreinfo),
		cmocka_unit_test(tells_what_it_cannot_read),
		cmocka_unit_test(parts_end_where_the_next_starts),
		cmocka_unit_test(tables_have_limits),
		cmocka_unit_test(destroys_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

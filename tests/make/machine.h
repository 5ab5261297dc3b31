/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine that executes one function's s390x code: enough of the
 * instruction set for what compilers do with stacks, and nothing shared with
 * insn/. All memory that nobody wrote to is random, and so is the condition
 * code where no comparison set it.
 *
 *	machine_reset(&m, seed);
 *	... m.r[15] = ..., m.pc = m.addr ...
 *	while (machine_step(&m) == MACHINE_GOES)
 *		...
 */
#ifndef ZU_TESTS_MAKE_MACHINE_H
#define ZU_TESTS_MAKE_MACHINE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define MACHINE_WORDS 4096u

/* What one instruction did */
enum machine_event {
	MACHINE_GOES,		/* pc is in the function */
	MACHINE_CALLS,		/* of dest; pc is behind the call */
	MACHINE_LEAVES,		/* to dest */
	MACHINE_TRAPS,		/* a monitor call, code dest; pc is behind it */
	MACHINE_STOPS,		/* a PSW was loaded */
	MACHINE_LOST,		/* no such instruction */
};

struct machine_word {
	uint64_t addr;
	uint64_t val;
	uint32_t life;
};

struct machine {
	uint64_t r[16];
	uint64_t pc;
	uint64_t dest;
	unsigned int cc;

	uint64_t addr;		/* the function's */
	const uint8_t *code;
	uint32_t len;
	uint64_t data_addr;	/* constants */
	const uint8_t *data;
	uint32_t data_len;

	struct {
		uint64_t begin, end;
	} guard[2];		/* stores to these */
	bool guard_hit;		/* are noticed */

	uint64_t seed;
	uint64_t random;
	uint32_t life;
	unsigned int used;
	struct machine_word word[MACHINE_WORDS];
};

/* splitmix64, by Steele, Lea and Flood */
static inline uint64_t machine_mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15u;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

static inline uint64_t machine_any(struct machine *m)
{
	return machine_mix(m->random++);
}

static inline void machine_reset(struct machine *m, uint64_t seed)
{
	m->seed = machine_mix(seed);
	m->random = m->seed ^ 0x5a5a5a5a5a5a5a5au;
	m->life++;
	m->used = 0;
	m->guard_hit = false;
	m->cc = machine_any(m) & 3;
}

/* Small numbers are as frequent as others. */
static inline uint64_t machine_pick(uint64_t any)
{
	return any & 1 ? any : any >> 1 & 15;
}

/* The word at @addr, a multiple of 8, or the place for it */
static inline struct machine_word *machine_find(struct machine *m,
						uint64_t addr)
{
	size_t i = machine_mix(addr) % MACHINE_WORDS;

	while (m->word[i].life == m->life && m->word[i].addr != addr)
		i = (i + 1) % MACHINE_WORDS;
	return &m->word[i];
}

static inline uint64_t machine_word(struct machine *m, uint64_t addr)
{
	const struct machine_word *w = machine_find(m, addr);

	return w->life == m->life ? w->val :
				    machine_pick(machine_mix(addr ^ m->seed));
}

static inline const uint8_t *machine_const(const struct machine *m,
					   uint64_t addr)
{
	if (addr - m->addr < m->len)
		return m->code + (addr - m->addr);
	if (addr - m->data_addr < m->data_len)
		return m->data + (addr - m->data_addr);
	return NULL;
}

static inline uint8_t machine_byte(struct machine *m, uint64_t addr)
{
	const uint8_t *at = machine_const(m, addr);

	if (at)
		return *at;
	return (uint8_t)(machine_word(m, addr & ~7ull) >> (56 - addr % 8 * 8));
}

static inline uint64_t machine_load(struct machine *m, uint64_t addr,
				    unsigned int len)
{
	uint64_t v = 0;

	if (len == 8 && addr % 8 == 0 && !machine_const(m, addr))
		return machine_word(m, addr);
	while (len--)
		v = v << 8 | machine_byte(m, addr++);
	return v;
}

static inline void machine_store_word(struct machine *m, uint64_t addr,
				      uint64_t val)
{
	struct machine_word *w = machine_find(m, addr);

	if (w->life != m->life) {
		if (m->used >= MACHINE_WORDS - 64)
			return;
		m->used++;
	}
	*w = (struct machine_word){ addr, val, m->life };
}

/* Without the guard: another's store */
static inline void machine_poke(struct machine *m, uint64_t addr, uint8_t byte)
{
	unsigned int shift = 56 - addr % 8 * 8;
	uint64_t v = machine_word(m, addr & ~7ull);

	v = (v & ~(0xffull << shift)) | (uint64_t)byte << shift;
	machine_store_word(m, addr & ~7ull, v);
}

static inline void machine_store(struct machine *m, uint64_t addr,
				 uint64_t val, unsigned int len)
{
	unsigned int i;

	for (i = 0; i < 2; i++)
		if (addr < m->guard[i].end && addr + len > m->guard[i].begin)
			m->guard_hit = true;
	if (len == 8 && addr % 8 == 0) {
		machine_store_word(m, addr, val);
		return;
	}
	while (len--)
		machine_poke(m, addr++, (uint8_t)(val >> 8 * len));
}

/* Someone else used all of [addr, addr + len) */
static inline void machine_trash(struct machine *m, uint64_t addr,
				 unsigned int len)
{
	for (; len >= 8; len -= 8, addr += 8)
		machine_store_word(m, addr, machine_any(m));
}


static inline uint64_t machine_base(const struct machine *m, unsigned int r)
{
	return r ? m->r[r] : 0;
}

/* B and D at @b: 12 bits */
static inline uint64_t machine_bd(const struct machine *m, const uint8_t *b)
{
	return machine_base(m, b[0] >> 4) + ((b[0] & 15u) << 8 | b[1]);
}

/* B and D at @b: 20 bits, signed */
static inline uint64_t machine_bdy(const struct machine *m, const uint8_t *b)
{
	int32_t d = (int32_t)((b[0] & 15u) << 8 | b[1]) | (int8_t)b[2] * 4096;

	return machine_base(m, b[0] >> 4) + (uint64_t)(int64_t)d;
}

static inline int64_t machine_i16(const uint8_t *b)
{
	return (int16_t)(b[0] << 8 | b[1]);
}

static inline int64_t machine_i32(const uint8_t *b)
{
	return (int32_t)((uint32_t)b[0] << 24 | b[1] << 16 | b[2] << 8 | b[3]);
}

static inline void machine_compare(struct machine *m, uint64_t a, uint64_t b)
{
	m->cc = a == b ? 0 : a < b ? 1 : 2;
}

static inline bool machine_cond(const struct machine *m, unsigned int mask)
{
	return mask >> (3 - m->cc) & 1;
}

static inline enum machine_event machine_goto(struct machine *m, uint64_t to)
{
	if (to - m->addr < m->len) {
		m->pc = to;
		return to % 2 ? MACHINE_LOST : MACHINE_GOES;
	}
	m->dest = to;
	return MACHINE_LEAVES;
}

static inline enum machine_event machine_call(struct machine *m,
					      unsigned int link, uint64_t to)
{
	m->r[link] = m->pc;
	if (to - m->addr < m->len && to != m->addr)
		return machine_goto(m, to);
	m->dest = to;
	return MACHINE_CALLS;
}

static inline enum machine_event machine_exec(struct machine *m,
					      const uint8_t *b, uint64_t at);

/* Registers to or from storage */
static inline void machine_multiple(struct machine *m, unsigned int from,
				    unsigned int to, uint64_t a, bool load)
{
	unsigned int n = (to - from) % 16 + 1;

	for (; n--; a += 8, from = (from + 1) % 16) {
		if (load)
			m->r[from] = machine_load(m, a, 8);
		else
			machine_store(m, a, m->r[from], 8);
	}
}

/* Storage to storage: byte by byte, as the operands may overlap */
static inline void machine_ss(struct machine *m, const uint8_t *b)
{
	uint64_t to = machine_bd(m, b + 2), from = machine_bd(m, b + 4);
	unsigned int i;

	for (i = 0; i <= b[1]; i++) {
		uint8_t v = machine_byte(m, from + i);

		if (b[0] == 0xd7)
			v ^= machine_byte(m, to + i);
		machine_store(m, to + i, v, 1);
	}
	if (b[0] == 0xd7)
		m->cc = machine_any(m) & 1;
}

static inline enum machine_event machine_execute(struct machine *m,
						 unsigned int r1, uint64_t a)
{
	uint8_t b[6];
	unsigned int i;

	for (i = 0; i < 6; i++)
		b[i] = machine_byte(m, a + i);
	/* of an array: lengths fit, or it would not be C */
	if (r1)
		b[1] |= (uint8_t)m->r[r1] & 15;
	if (a % 2 || b[0] == 0x44 || b[0] == 0xc6)
		return MACHINE_LOST;
	return machine_exec(m, b, a);
}

/* risbg, risbgn: only with the zero bit, and not wrapped */
static inline bool machine_rotate(struct machine *m, const uint8_t *b)
{
	unsigned int from = b[2] & 63, to = b[3] & 63, by = b[4] & 63;
	uint64_t v = m->r[b[1] & 15], mask;

	if (!(b[3] & 0x80) || from > to)
		return false;
	if (by)
		v = v << by | v >> (64 - by);
	mask = (~0ull >> from) & (~0ull << (63 - to));
	m->r[b[1] >> 4] = v & mask;
	if (b[5] == 0x55)
		m->cc = machine_any(m) & 3;
	return true;
}

/* a7, c0, c2, c4, c6: opcode in b[0] and half of b[1] */
static inline enum machine_event machine_imm(struct machine *m,
					     const uint8_t *b, uint64_t at)
{
	unsigned int r1 = b[1] >> 4;
	bool is32 = b[0] >= 0xc0;
	int64_t i = is32 ? machine_i32(b + 2) : machine_i16(b + 2);
	uint64_t to = at + 2 * (uint64_t)i;

	switch (b[0] << 4 | (b[1] & 15)) {
	case 0xc04:	/* brcl; patched at any time if it is a jump label */
		if ((r1 == 0 || r1 == 15) && at != m->addr && to != m->addr &&
		    to - m->addr < m->len)
			return machine_any(m) & 1 ? machine_goto(m, to) :
						    MACHINE_GOES;
		/* fall through */
	case 0xa74:	/* brc */
		return machine_cond(m, r1) ? machine_goto(m, to) : MACHINE_GOES;
	case 0xa75:
	case 0xc05:	/* bras brasl */
		return machine_call(m, r1, to);
	case 0xa76:	/* brct */
		m->r[r1] = (m->r[r1] & ~0xffffffffull) |
			   (uint32_t)(m->r[r1] - 1);
		return machine_any(m) & 1 ? machine_goto(m, to) : MACHINE_GOES;
	case 0xa77:	/* brctg */
		m->r[r1]--;
		return machine_any(m) & 1 ? machine_goto(m, to) : MACHINE_GOES;
	case 0xa78:	/* lhi */
		m->r[r1] = (m->r[r1] & ~0xffffffffull) | (uint32_t)i;
		return MACHINE_GOES;
	case 0xa79:
	case 0xc01:	/* lghi lgfi */
		m->r[r1] = (uint64_t)i;
		return MACHINE_GOES;
	case 0xa7b:
	case 0xc28:	/* aghi agfi */
		m->r[r1] += (uint64_t)i;
		m->cc = machine_any(m) & 3;
		return MACHINE_GOES;
	case 0xa7f:	/* cghi */
		m->cc = machine_any(m) % 3;
		return MACHINE_GOES;
	case 0xc24:	/* slgfi */
		m->r[r1] -= (uint32_t)i;
		m->cc = machine_any(m) & 3;
		return MACHINE_GOES;
	case 0xc2a:	/* algfi */
		m->r[r1] += (uint32_t)i;
		m->cc = machine_any(m) & 3;
		return MACHINE_GOES;
	case 0xc2e:	/* clgfi */
		machine_compare(m, m->r[r1], (uint32_t)i);
		return MACHINE_GOES;
	case 0xc2f:	/* clfi */
		machine_compare(m, (uint32_t)m->r[r1], (uint32_t)i);
		return MACHINE_GOES;
	case 0xc00:	/* larl */
		m->r[r1] = to;
		return MACHINE_GOES;
	case 0xc60:	/* exrl */
		return machine_execute(m, r1, to);
	case 0xa57:	/* nill */
		m->r[r1] &= ~0xffffull | (uint16_t)i;
		m->cc = machine_any(m) & 1;
		return MACHINE_GOES;
	default:
		return MACHINE_LOST;
	}
}

/* b9: RRE, RRF-a */
static inline bool machine_rr(struct machine *m, const uint8_t *b)
{
	unsigned int r1 = b[3] >> 4, r2 = b[3] & 15, r3 = b[2] >> 4;

	switch (b[1]) {
	case 0x04:	/* lgr */
		m->r[r1] = m->r[r2];
		return true;
	case 0x02:	/* ltgr */
		m->r[r1] = m->r[r2];
		break;
	case 0x08:
	case 0x0a:	/* agr algr */
		m->r[r1] += m->r[r2];
		break;
	case 0x09:
	case 0x0b:	/* sgr slgr */
		m->r[r1] -= m->r[r2];
		break;
	case 0xe8:
	case 0xea:	/* agrk algrk */
		m->r[r1] = m->r[r2] + m->r[r3];
		break;
	case 0x14:	/* lgfr */
		m->r[r1] = (uint64_t)(int32_t)m->r[r2];
		return true;
	case 0x16:	/* llgfr */
		m->r[r1] = (uint32_t)m->r[r2];
		return true;
	case 0x84:	/* llgcr */
		m->r[r1] = (uint8_t)m->r[r2];
		return true;
	case 0x85:	/* llghr */
		m->r[r1] = (uint16_t)m->r[r2];
		return true;
	case 0x21:	/* clgr */
		machine_compare(m, m->r[r1], m->r[r2]);
		return true;
	default:
		return false;
	}
	m->cc = machine_any(m) & 3;
	return true;
}

/* e3: RXY */
static inline bool machine_rxy(struct machine *m, const uint8_t *b)
{
	uint64_t a = machine_bdy(m, b + 2) + machine_base(m, b[1] & 15);
	uint64_t *r1 = &m->r[b[1] >> 4];

	switch (b[5]) {
	case 0x71:	/* lay */
		*r1 = a;
		return true;
	case 0x04:	/* lg: without an index it finds no label by chance */
		*r1 = machine_load(m, a, 8);
		if (!(b[1] & 15) && machine_const(m, a) &&
		    *r1 - m->addr < m->len)
			*r1 = machine_mix(*r1);
		return true;
	case 0x24:	/* stg */
		machine_store(m, a, *r1, 8);
		return true;
	case 0x14:	/* lgf */
		*r1 = (uint64_t)(int32_t)machine_load(m, a, 4);
		return true;
	case 0x16:	/* llgf */
		*r1 = machine_load(m, a, 4);
		return true;
	case 0x90:	/* llgc */
		*r1 = machine_load(m, a, 1);
		return true;
	case 0x91:	/* llgh */
		*r1 = machine_load(m, a, 2);
		return true;
	case 0x08:	/* ag */
		*r1 += machine_load(m, a, 8);
		m->cc = machine_any(m) & 3;
		return true;
	case 0x09:	/* sg */
		*r1 -= machine_load(m, a, 8);
		m->cc = machine_any(m) & 3;
		return true;
	default:
		return false;
	}
}

/* Compare and branch. Signed ones do as they like. */
static inline bool machine_compares(struct machine *m, const uint8_t *b,
				    unsigned int *mask)
{
	uint64_t a = m->r[b[1] >> 4], r2 = m->r[b[1] & 15];
	unsigned int old = m->cc;
	bool taken;

	*mask = b[5] == 0x64 || b[5] == 0x65 || b[5] == 0x76 || b[5] == 0x77 ?
		b[4] >> 4 : b[1] & 15u;
	switch (b[5]) {
	case 0x65:	/* clgrj */
		machine_compare(m, a, r2);
		break;
	case 0x77:	/* clrj */
		machine_compare(m, (uint32_t)a, (uint32_t)r2);
		break;
	case 0x7d:	/* clgij */
		machine_compare(m, a, b[4]);
		break;
	case 0x7f:	/* clij */
		machine_compare(m, (uint32_t)a, b[4]);
		break;
	default:
		m->cc = machine_any(m) % 3;
	}
	taken = machine_cond(m, *mask);
	m->cc = old;
	return taken;
}

/* ec: RIE */
static inline enum machine_event machine_rie(struct machine *m,
					     const uint8_t *b, uint64_t at)
{
	uint64_t to = at + 2 * (uint64_t)machine_i16(b + 2);
	unsigned int mask;

	switch (b[5]) {
	case 0x64:
	case 0x65:
	case 0x76:
	case 0x77:
	case 0x7c:
	case 0x7d:
	case 0x7e:
	case 0x7f:
		return machine_compares(m, b, &mask) ? machine_goto(m, to) :
						       MACHINE_GOES;
	case 0xd9:	/* aghik */
		m->r[b[1] >> 4] = m->r[b[1] & 15] + (uint64_t)machine_i16(b + 2);
		m->cc = machine_any(m) & 3;
		return MACHINE_GOES;
	case 0x55:
	case 0x59:	/* risbg risbgn */
		return machine_rotate(m, b) ? MACHINE_GOES : MACHINE_LOST;
	default:
		return MACHINE_LOST;
	}
}

static inline enum machine_event machine_rs(struct machine *m,
					    const uint8_t *b)
{
	uint64_t a = machine_bdy(m, b + 2);
	unsigned int r1 = b[1] >> 4, r3 = b[1] & 15;

	switch (b[5]) {
	case 0x24:
	case 0x04:	/* stmg lmg */
		machine_multiple(m, r1, r3, a, b[5] == 0x04);
		return MACHINE_GOES;
	case 0x0d:	/* sllg */
		m->r[r1] = m->r[r3] << (a & 63);
		return MACHINE_GOES;
	case 0x0c:	/* srlg */
		m->r[r1] = m->r[r3] >> (a & 63);
		return MACHINE_GOES;
	default:
		return MACHINE_LOST;
	}
}

/* e5: SIL */
static inline enum machine_event machine_sil(struct machine *m,
					     const uint8_t *b)
{
	uint64_t a = machine_bd(m, b + 2);
	int64_t i = machine_i16(b + 4);

	switch (b[1]) {
	case 0x48:	/* mvghi */
		machine_store(m, a, (uint64_t)i, 8);
		return MACHINE_GOES;
	case 0x4c:	/* mvhi */
		machine_store(m, a, (uint32_t)i, 4);
		return MACHINE_GOES;
	case 0x55:	/* clhhsi */
		machine_compare(m, machine_load(m, a, 2), (uint16_t)i);
		return MACHINE_GOES;
	case 0x59:	/* clghsi */
		machine_compare(m, machine_load(m, a, 8), (uint16_t)i);
		return MACHINE_GOES;
	case 0x5d:	/* clfhsi */
		machine_compare(m, machine_load(m, a, 4), (uint16_t)i);
		return MACHINE_GOES;
	default:
		return MACHINE_LOST;
	}
}

/* The short ones: RR, RX, SI */
static inline enum machine_event machine_short(struct machine *m,
					       const uint8_t *b)
{
	unsigned int r1 = b[1] >> 4, r2 = b[1] & 15;
	uint64_t a = machine_bd(m, b + 2), to = m->r[r2];

	switch (b[0]) {
	case 0x07:	/* bcr */
		return r2 && machine_cond(m, r1) ? machine_goto(m, to) :
						   MACHINE_GOES;
	case 0x0d:	/* basr */
		if (r2)
			return machine_call(m, r1, to);
		m->r[r1] = m->pc;
		return MACHINE_GOES;
	case 0x15:	/* clr */
		machine_compare(m, (uint32_t)m->r[r1], (uint32_t)to);
		return MACHINE_GOES;
	case 0x41:	/* la */
		m->r[r1] = a + machine_base(m, r2);
		return MACHINE_GOES;
	case 0x42:	/* stc */
		machine_store(m, a + machine_base(m, r2), (uint8_t)m->r[r1], 1);
		return MACHINE_GOES;
	case 0x50:	/* st */
		machine_store(m, a + machine_base(m, r2), (uint32_t)m->r[r1],
			      4);
		return MACHINE_GOES;
	case 0x47:	/* bc */
		a += machine_base(m, r2);
		return machine_cond(m, r1) ? machine_goto(m, a) : MACHINE_GOES;
	case 0x44:	/* ex */
		return machine_execute(m, r1, a + machine_base(m, r2));
	case 0x92:	/* mvi */
		machine_store(m, a, b[1], 1);
		return MACHINE_GOES;
	case 0x95:	/* cli */
		machine_compare(m, machine_byte(m, a), b[1]);
		return MACHINE_GOES;
	case 0xaf:	/* mc */
		m->dest = a;
		return MACHINE_TRAPS;
	default:
		return MACHINE_LOST;
	}
}

static inline enum machine_event machine_exec(struct machine *m,
					      const uint8_t *b, uint64_t at)
{
	switch (b[0]) {
	case 0xa5:
	case 0xa7:
	case 0xc0:
	case 0xc2:
	case 0xc6:
		return machine_imm(m, b, at);
	case 0xb9:
		return machine_rr(m, b) ? MACHINE_GOES : MACHINE_LOST;
	case 0xe3:
		return machine_rxy(m, b) ? MACHINE_GOES : MACHINE_LOST;
	case 0xe5:
		return machine_sil(m, b);
	case 0xeb:
		return machine_rs(m, b);
	case 0xec:
		return machine_rie(m, b, at);
	case 0xd2:
	case 0xd7:
		machine_ss(m, b);
		return MACHINE_GOES;
	case 0xb2:	/* lpswe */
		return b[1] == 0xb2 ? MACHINE_STOPS : MACHINE_LOST;
	default:
		return machine_short(m, b);
	}
}

/* One instruction, at pc */
static inline enum machine_event machine_step(struct machine *m)
{
	uint64_t at = m->pc, left = m->addr + m->len - at;
	unsigned int len, i;
	uint8_t b[6] = { 0 };

	len = m->code[at - m->addr] >> 6;
	len = len == 0 ? 2 : len == 3 ? 6 : 4;
	if (len > left)
		return MACHINE_LOST;
	for (i = 0; i < len; i++)
		b[i] = m->code[at - m->addr + i];
	m->pc += len;
	return machine_exec(m, b, at);
}

#endif

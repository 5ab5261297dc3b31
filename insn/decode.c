/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
#include "insn/effect.h"
#include "insn/insn.h"

/* An instruction as a number: its first bit is the highest one. */
#define SHIFT(p) (60 - 4 * (p))
#define N(p) ((uint64_t)15 << SHIFT(p))

/**
 * struct format - where operands are
 * @reserved: bits that have to be 0
 * @r1: shift of the field of the first register; 0 if there is none
 * @r2: second
 * @r3: third
 * @v1: shift of the fifth bit of the first one, if it is a vector
 * @v2: second
 * @v3: third
 * @mask: shift of the mask; 0 if none
 * @imm: bits in front of the immediate operand; 0 if none
 * @imm_bits: its own
 * @imm_signed: it has a sign
 * @rel: bits in front of the relative operand; 0 if none
 * @rel_bits: its own
 * @mem: what storage operands there are, bits of MEM_*
 * @at1: shift of the register that holds an address; 0 if none
 * @at2: a second one
 */
struct format {
	uint64_t reserved;
	uint8_t r1, r2, r3;
	uint8_t v1, v2, v3;
	uint8_t mask;
	uint8_t imm, imm_bits, imm_signed;
	uint8_t rel, rel_bits;
	uint8_t mem;
	uint8_t at1, at2;
};

enum {
	MEM_1 = 1,	/* base in N(4), 12 bits of displacement behind it */
	MEM_X = 2,	/* index in N(3) */
	MEM_20 = 4,	/* 8 more bits of displacement in N(8), N(9) */
	MEM_2 = 8,	/* base in N(8), 12 bits behind it */
};

#define NOTHING .reserved = 0
#define RESERVED(bits) .reserved = (bits)
#define REG1(p) .r1 = SHIFT(p)
#define REG2(p) .r2 = SHIFT(p)
#define REG3(p) .r3 = SHIFT(p)
#define HIGH_BIT(p) ((p) == 8 ? 24 : 29 - (p))
#define VREG1(p) .r1 = SHIFT(p), .v1 = HIGH_BIT(p)
#define VREG2(p) .r2 = SHIFT(p), .v2 = HIGH_BIT(p)
#define VREG3(p) .r3 = SHIFT(p), .v3 = HIGH_BIT(p)
#define MASK(p) .mask = SHIFT(p)
#define UIMM(p, n) .imm = 4 * (p), .imm_bits = (n)
#define IMM(p, n) UIMM(p, n), .imm_signed = 1
#define REL(p, n) .rel = 4 * (p), .rel_bits = (n)
#define MEM .mem = MEM_1
#define MEMX .mem = MEM_1 | MEM_X
#define MEM20 .mem = MEM_1 | MEM_20
#define MEMX20 .mem = MEM_1 | MEM_X | MEM_20
#define AT1(p) .at1 = SHIFT(p)
#define AT2(p) .at2 = SHIFT(p)
#define MEMS .mem = MEM_1 | MEM_2

enum format_id {
#define ZU_FORMAT(name, ...) FORMAT_##name,
#include "insn/format.def"
#undef ZU_FORMAT
};

static const struct format formats[] = {
#define ZU_FORMAT(name, ...) [FORMAT_##name] = { __VA_ARGS__ },
#include "insn/format.def"
#undef ZU_FORMAT
};

static const struct {
	uint64_t effect;
	uint8_t format;
} rows[ZU_OP_COUNT] = {
#define ZU_INSN(name, opcode, form, eff) \
	[ZU_OP_##name] = { .effect = (eff), .format = FORMAT_##form },
#include "insn/insn.def"
#undef ZU_INSN
};

/*
 * X(first byte, page, where): first bytes that are not all of an opcode, and
 * where its rest is. Each has a page of 256 places in the index; page 0 is for
 * all the others.
 */
#define LEADS(X, arg) \
	X(0x01, 1, SECOND, arg) X(0xa5, 2, NIBBLE, arg) \
	X(0xa7, 3, NIBBLE, arg) X(0xb2, 4, SECOND, arg) \
	X(0xb3, 5, SECOND, arg) X(0xb9, 6, SECOND, arg) \
	X(0xc0, 7, NIBBLE, arg) X(0xc2, 8, NIBBLE, arg) \
	X(0xc4, 9, NIBBLE, arg) X(0xc6, 10, NIBBLE, arg) \
	X(0xc8, 11, NIBBLE, arg) X(0xcc, 12, NIBBLE, arg) \
	X(0xe3, 13, LAST, arg) X(0xe5, 14, SECOND, arg) \
	X(0xe6, 15, LAST, arg) X(0xe7, 16, LAST, arg) \
	X(0xeb, 17, LAST, arg) X(0xec, 18, LAST, arg) \
	X(0xed, 19, LAST, arg)
#define PAGES 20

enum where { FIRST, SECOND, NIBBLE, LAST };

static const struct {
	uint8_t page;
	uint8_t where;
} leads[256] = {
#define LEAD(byte, number, place, arg) \
	[byte] = { .page = (number), .where = (place) },
	LEADS(LEAD, 0)
#undef LEAD
};

/* where: how far to shift, and what to keep */
static const struct {
	uint8_t shift;
	uint8_t keep;
} places[] = {
	[FIRST] = { 56, 0xff },
	[SECOND] = { 48, 0xff },
	[NIBBLE] = { 48, 0x0f },
	[LAST] = { 16, 0xff },
};

#define PAGE(byte, number, place, first) (first) == (byte) ? (number) :
#define PLACE(op) ((op) < 0x100 ? (op) : \
		   (op) >> 8 == 1 ? PAGE_OF(1) * 256 + ((op) & 255) : \
		   (op) < 0x1000 ? PAGE_OF((op) >> 4) * 256 + ((op) & 15) : \
		   PAGE_OF((op) >> 8) * 256 + ((op) & 255))
#define PAGE_OF(first) (LEADS(PAGE, first) 0)

static const uint16_t ops[PAGES * 256] = {
#define ZU_INSN(name, opcode, format, effect) [PLACE(opcode)] = ZU_OP_##name,
#include "insn/insn.def"
#undef ZU_INSN
};

static unsigned int find_op(uint64_t word)
{
	unsigned int first = word >> 56;
	unsigned int where = leads[first].where;

	return ops[leads[first].page * 256 +
		   (word >> places[where].shift & places[where].keep)];
}

static unsigned int field(uint64_t word, unsigned int shift)
{
	return word >> shift & 15;
}

static int64_t operand(uint64_t word, unsigned int from, unsigned int bits)
{
	return (int64_t)(word << from) >> (64 - bits);
}

static void set_regs(struct zu_insn *insn, const struct format *f,
		     uint64_t word, uint64_t e)
{
	unsigned int r1 = field(word, f->r1), r2 = field(word, f->r2);
	unsigned int r3 = field(word, f->r3);

	insn->reads = (uint16_t)(ZU_REGS(e, 0) << r1 | ZU_REGS(e, 4) << r2 |
				 ZU_REGS(e, 8) << r3 | ZU_IMPLIED(e, 12));
	insn->writes = (uint16_t)(ZU_REGS(e, 2) << r1 | ZU_REGS(e, 6) << r2 |
				  ZU_REGS(e, 10) << r3 | ZU_IMPLIED(e, 18));
	if (f->v1)
		r1 |= (word >> f->v1 & 1) << 4;
	if (f->v2)
		r2 |= (word >> f->v2 & 1) << 4;
	if (f->v3)
		r3 |= (word >> f->v3 & 1) << 4;
	insn->r1 = f->r1 ? (uint8_t)r1 : ZU_NO_REG;
	insn->r2 = f->r2 ? (uint8_t)r2 : ZU_NO_REG;
	insn->r3 = f->r3 ? (uint8_t)r3 : ZU_NO_REG;
	insn->mask = f->mask ? (uint8_t)field(word, f->mask) : 0;
}

static void set_numbers(struct zu_insn *insn, const struct format *f,
			uint64_t word)
{
	if (f->imm_signed)
		insn->imm = operand(word, f->imm, f->imm_bits);
	else if (f->imm)
		insn->imm = (int64_t)(word << f->imm >> (64 - f->imm_bits));
	if (f->rel) {
		insn->target = 2 * operand(word, f->rel, f->rel_bits);
		insn->pcrel = true;
	}
}

static uint16_t range_len(const struct zu_insn *insn, unsigned int each)
{
	unsigned int end = insn->op == ZU_OP_vlm || insn->op == ZU_OP_vstm ?
			   31 : 15;

	return (uint16_t)(((insn->r3 - insn->r1) & end) + 1) * each;
}

static unsigned int count_bits(unsigned int mask)
{
	return (mask & 1) + (mask >> 1 & 1) + (mask >> 2 & 1) + (mask >> 3 & 1);
}

static uint16_t ruled_len(const struct zu_insn *insn, uint64_t word,
			  unsigned int rule)
{
	switch (rule) {
	case ZU_LEN_L8:
		return (word >> 48 & 255) + 1;
	case ZU_LEN_LA:
		return field(word, SHIFT(2)) + 1;
	case ZU_LEN_LB:
		return field(word, SHIFT(3)) + 1;
	case ZU_LEN_EACH4:
		return range_len(insn, 4);
	case ZU_LEN_EACH8:
		return range_len(insn, 8);
	case ZU_LEN_EACH16:
		return range_len(insn, 16);
	case ZU_LEN_BITS:
		return count_bits(insn->mask);
	case ZU_LEN_ELEM:
		return 1 << (insn->mask & 3);
	case ZU_LEN_256:
		return 256;
	default:
		return ZU_LEN_UNKNOWN;
	}
}

/* Base and index: register 0 there is none */
static uint8_t address_reg(struct zu_insn *insn, unsigned int reg)
{
	if (!reg)
		return ZU_NO_REG;
	insn->reads |= 1U << reg;
	return reg;
}

static struct zu_mem *add_mem(struct zu_insn *insn, uint64_t word, uint64_t e)
{
	unsigned int k = insn->nr_mem++;
	struct zu_mem *m = &insn->mem[k];
	unsigned int len = ZU_LEN(e, k);

	m->reads = ZU_ACCESS(e, k) & 1;
	m->writes = ZU_ACCESS(e, k) >> 1;
	m->len = len < ZU_LEN_RULES ? len : ruled_len(insn, word, len);
	m->index = ZU_NO_REG;
	return m;
}

static void set_mem(struct zu_insn *insn, const struct format *f,
		    uint64_t word, uint64_t e)
{
	struct zu_mem *m;

	if (f->mem & MEM_1) {
		m = add_mem(insn, word, e);
		m->base = address_reg(insn, field(word, SHIFT(4)));
		m->disp = word >> 32 & 0xfff;
		if (f->mem & MEM_20)
			m->disp |= (int8_t)(word >> 24) * 4096;
		if (f->mem & MEM_X)
			m->index = address_reg(insn, field(word, SHIFT(3)));
	}
	if (f->mem & MEM_2) {
		m = add_mem(insn, word, e);
		m->base = address_reg(insn, field(word, SHIFT(8)));
		m->disp = word >> 16 & 0xfff;
	}
}

/* Registers that hold addresses; register 0 can be one. */
static void set_at(struct zu_insn *insn, const struct format *f,
		   uint64_t word, uint64_t e)
{
	add_mem(insn, word, e)->base = field(word, f->at1);
	if (f->at2)
		add_mem(insn, word, e)->base = field(word, f->at2);
}

/* Registers r1 to r3, or around from 15 to 0 */
static uint16_t range(unsigned int from, unsigned int to)
{
	unsigned int up = 0xffffU << from, down = (2U << to) - 1;

	return (uint16_t)(from <= to ? up & down : up | down);
}

/* What it becomes by its mask: never taken, always, or as it was */
static void set_taken(struct zu_insn *insn, enum zu_flow_kind always)
{
	if (!insn->mask)
		insn->flow = ZU_FLOW_NOP;
	else if (insn->mask == 15)
		insn->flow = always;
}

static void fix_branch_reg(struct zu_insn *insn, unsigned int fix)
{
	if (fix == ZU_FIX_BASR)
		insn->link = insn->r1;
	if (fix == ZU_FIX_BSM && !insn->r1)
		insn->writes = 0;
	if (!insn->r2) {
		insn->flow = fix == ZU_FIX_BCR ? ZU_FLOW_NOP : ZU_FLOW_NEXT;
		insn->reads &= fix == ZU_FIX_BCTR ? 1U << insn->r1 : 0;
	}
}

static void fix(struct zu_insn *insn, uint64_t word, unsigned int fix)
{
	switch (fix) {
	case ZU_FIX_BRC:
		set_taken(insn, ZU_FLOW_JUMP);
		break;
	case ZU_FIX_BC:
		set_taken(insn, ZU_FLOW_JUMP_MEM);
		break;
	case ZU_FIX_BIC:
		set_taken(insn, ZU_FLOW_JUMP_LOAD);
		break;
	case ZU_FIX_BCR:
		set_taken(insn, ZU_FLOW_JUMP_REG);
		/* fall through */
	case ZU_FIX_BCTR:
	case ZU_FIX_BSM:
	case ZU_FIX_BASR:
		fix_branch_reg(insn, fix);
		break;
	case ZU_FIX_LINK:
		insn->link = insn->r1;
		break;
	case ZU_FIX_TO:
		insn->writes |= range(insn->r1, insn->r3);
		break;
	case ZU_FIX_FROM:
		insn->reads |= range(insn->r1, insn->r3);
		break;
	case ZU_FIX_EREG:
		insn->writes |= range(insn->r1, insn->r2);
		break;
	case ZU_FIX_PAD:
		address_reg(insn, field(word, SHIFT(4)));
		break;
	default:
		break;
	}
}

/* Up to 6 bytes, at the high end */
static uint64_t load(const uint8_t *code, size_t len)
{
	uint64_t word = (uint64_t)code[0] << 56 | (uint64_t)code[1] << 48;

	if (len > 2)
		word |= (uint64_t)code[2] << 40 | (uint64_t)code[3] << 32;
	if (len > 4)
		word |= (uint64_t)code[4] << 24 | (uint64_t)code[5] << 16;
	return word;
}

unsigned int zu_insn_decode(struct zu_insn *insn, const uint8_t *code,
			    size_t avail)
{
	const struct format *f;
	uint64_t word, e;

	memset(insn, 0, sizeof(*insn));
	insn->r1 = insn->r2 = insn->r3 = insn->link = ZU_NO_REG;
	insn->len = avail ? zu_insn_len(code[0]) : 2;
	if (avail < insn->len)
		return 0;

	word = load(code, insn->len);
	insn->op = find_op(word);
	e = rows[insn->op].effect;
	f = &formats[rows[insn->op].format];
	if (!insn->op || word & f->reserved) {
		insn->op = ZU_OP_UNKNOWN;
		return insn->len;
	}
	insn->flow = ZU_FLOW(e);
	set_regs(insn, f, word, e);
	set_numbers(insn, f, word);
	if (f->mem)
		set_mem(insn, f, word, e);
	else if (f->at1)
		set_at(insn, f, word, e);
	if (ZU_FIX(e))
		fix(insn, word, ZU_FIX(e));
	return insn->len;
}

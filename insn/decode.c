/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
#include "insn/effect.h"
#include "insn/insn.h"

/* An instruction as a number: its first bit is the highest one. */
#define SHIFT(p) (60 - 4 * (p))
#define N(p) ((uint64_t)15 << SHIFT(p))

/**
 * struct format - where operands are: shifts of their fields, 0 for none
 * @reserved: bits that have to be 0
 * @r1: first register
 * @r2: second one
 * @r3: third one
 * @v1: highest bit of the first one, if it is a vector
 * @v2: second one
 * @v3: third one
 * @mask: mask
 * @is_branch: it is the condition of a branch
 * @imm: bits in front of the immediate operand
 * @imm_bits: its own
 * @is_signed: it has a sign
 * @rel_bits: bits of the pc-relative operand
 * @nr_mem: storage operands
 * @base: base of the first one
 * @index: its index
 * @base2: base of the second one
 * @disp_bits: bits of their displacements
 */
struct format {
	uint64_t reserved;
	uint8_t r1, r2, r3;
	uint8_t v1, v2, v3;
	uint8_t mask, is_branch;
	uint8_t imm, imm_bits, is_signed;
	uint8_t rel_bits;
	uint8_t nr_mem, base, index, base2, disp_bits;
};

#define NOTHING .reserved = 0
#define RESERVED(bits) .reserved = (bits)
#define REG1(p) .r1 = SHIFT(p)
#define REG2(p) .r2 = SHIFT(p)
#define REG3(p) .r3 = SHIFT(p)
#define HIGH_BIT(p) ((p) == 8 ? 24 : 29 - (p))
#define VREG1(p) REG1(p), .v1 = HIGH_BIT(p)
#define VREG2(p) REG2(p), .v2 = HIGH_BIT(p)
#define VREG3(p) REG3(p), .v3 = HIGH_BIT(p)
#define MASK(p) .mask = SHIFT(p)
#define BRANCH(p) MASK(p), .is_branch = 1
#define UIMM(p, n) .imm = 4 * (p), .imm_bits = (n)
#define IMM(p, n) UIMM(p, n), .is_signed = 1
#define REL16 .rel_bits = 16
#define REL32 .rel_bits = 32
#define MEM .nr_mem = 1, .base = SHIFT(4), .disp_bits = 12
#define MEM20 .nr_mem = 1, .base = SHIFT(4), .disp_bits = 20
#define MEMX MEM, .index = SHIFT(3)
#define MEMX20 MEM20, .index = SHIFT(3)
#define MEMS .nr_mem = 2, .base = SHIFT(4), .base2 = SHIFT(8), .disp_bits = 12
#define AT(p) .nr_mem = 1, .base = SHIFT(p)
#define ATS(p, q) .nr_mem = 2, .base = SHIFT(p), .base2 = SHIFT(q)

enum format_id {
#define ZU_FORMAT(name, ...) FORMAT_##name,
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
 * X(first byte, page, shift, keep): first bytes that are not all of an opcode,
 * and where its rest is: in the second byte, its low half, or the last byte.
 * Each has its own 256 places in the index, behind those of the first bytes.
 */
#define SECOND 48, 0xff
#define NIBBLE 48, 0x0f
#define LAST 16, 0xff
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
#define CALL(macro, ...) macro(__VA_ARGS__)
#define PLACES (20 * 256)

/* First bytes that are all of an opcode have the place of their own number. */
static const struct {
	uint16_t page;
	uint8_t shift;
	uint8_t keep;
} leads[256] = {
#define LEAD_(byte, number, at, bits, arg) \
	[byte] = { (number) * 256 - (byte), at, bits },
#define LEAD(...) CALL(LEAD_, __VA_ARGS__)
	LEADS(LEAD, 0)
};

#define PAGE_(byte, number, at, bits, first) (first) == (byte) ? (number) :
#define PAGE(...) CALL(PAGE_, __VA_ARGS__)
#define PAGE_OF(first) (256 * (LEADS(PAGE, first) 0))
#define PLACE(op) ((op) < 0x100 ? (op) : \
		   (op) >> 8 == 1 ? PAGE_OF(1) + ((op) & 255) : \
		   (op) < 0x1000 ? PAGE_OF((op) >> 4) + ((op) & 15) : \
		   PAGE_OF((op) >> 8) + ((op) & 255))

static const uint16_t ops[PLACES] = {
#define ZU_INSN(name, opcode, format, effect) [PLACE(opcode)] = ZU_OP_##name,
#include "insn/insn.def"
#undef ZU_INSN
};

static unsigned int find_op(uint64_t word)
{
	unsigned int first = word >> 56;
	unsigned int rest = word >> leads[first].shift & leads[first].keep;

	return ops[(uint16_t)(leads[first].page + first + rest)];
}

/*
 * fill() is compiled once for each format, with the format a constant: what is
 * left of it are a few loads and shifts.
 */
#define FOR_EACH_FORMAT static inline __attribute__((__always_inline__))

FOR_EACH_FORMAT uint8_t field(uint64_t word, unsigned int shift)
{
	return word >> shift & 15;
}

FOR_EACH_FORMAT uint8_t reg(uint64_t word, unsigned int shift,
			    unsigned int high)
{
	if (!shift)
		return ZU_NO_REG;
	return field(word, shift) | (high ? word >> high << 4 & 16 : 0);
}

/* Bits of one operand's registers, read and written */
FOR_EACH_FORMAT uint64_t use(uint64_t word, unsigned int shift,
			     uint64_t effect)
{
	return shift ? effect << field(word, shift) : 0;
}

FOR_EACH_FORMAT void set_regs(struct zu_insn *insn, const struct format *f,
			      uint64_t word, uint64_t e)
{
	uint64_t used = use(word, f->r1, ZU_OPERAND(e, 0)) |
			use(word, f->r2, ZU_OPERAND(e, 1)) |
			use(word, f->r3, ZU_OPERAND(e, 2)) | ZU_IMPLIED(e);

	insn->r1 = reg(word, f->r1, f->v1);
	insn->r2 = reg(word, f->r2, f->v2);
	insn->r3 = reg(word, f->r3, f->v3);
	insn->reads = (uint16_t)used;
	insn->writes = (uint16_t)(used >> ZU_WRITES);
}

ZU_STATIC_ASSERT(ZU_FLOW_JUMP + 1 == ZU_FLOW_COND &&
		 ZU_FLOW_JUMP_REG + 1 == ZU_FLOW_COND_REG &&
		 ZU_FLOW_JUMP_MEM + 1 == ZU_FLOW_COND_MEM &&
		 ZU_FLOW_JUMP_LOAD + 1 == ZU_FLOW_COND_LOAD,
		 "a jump stands before the branch of its kind");

FOR_EACH_FORMAT void set_control(struct zu_insn *insn, const struct format *f,
				 uint64_t word, uint64_t e)
{
	unsigned int flow = ZU_FLOW(e);

	insn->mask = f->mask ? field(word, f->mask) : 0;
	if (f->is_branch)
		flow = !insn->mask ? ZU_FLOW_NOP : flow - (insn->mask == 15);
	insn->flow = (uint8_t)flow;
	insn->link = flow - ZU_FLOW_CALL <= ZU_FLOW_CALL_MEM - ZU_FLOW_CALL ?
		     insn->r1 : ZU_NO_REG;
	insn->pcrel = f->rel_bits;
	if (f->rel_bits == 16)
		insn->target = (int16_t)(word >> 32) * 2;
	else if (f->rel_bits)
		insn->target = (int32_t)(word >> 16) * INT64_C(2);
	if (f->is_signed)
		insn->imm = (int64_t)(word << f->imm) >> (64 - f->imm_bits);
	else if (f->imm)
		insn->imm = word << f->imm >> (64 - f->imm_bits);
}

/* A base or an index: register 0 means none, but where it holds an address */
FOR_EACH_FORMAT uint8_t address_reg(struct zu_insn *insn, uint64_t word,
				    unsigned int shift, bool zero)
{
	unsigned int r = field(word, shift);

	insn->reads |= 1U << r & (zero ? 0xffff : 0xfffe);
	return zero ? r : r - !r;
}

FOR_EACH_FORMAT int32_t disp(uint64_t word, unsigned int bits)
{
	int32_t low = bits ? word >> 32 & 0xfff : 0;

	return bits == 20 ? low + (int8_t)(word >> 24) * 4096 : low;
}

static unsigned int count_bits(unsigned int mask)
{
	return (mask & 1) + (mask >> 1 & 1) + (mask >> 2 & 1) + (mask >> 3 & 1);
}

/* The rules of enum zu_len */
static unsigned int ruled_len(const struct zu_insn *insn, uint64_t word,
			      unsigned int rule)
{
	unsigned int range = (unsigned int)insn->r3 - insn->r1;

	switch (rule) {
	case ZU_LEN_L8:
		return (word >> 48 & 255) + 1;
	case ZU_LEN_LA:
		return field(word, SHIFT(2)) + 1;
	case ZU_LEN_LB:
		return field(word, SHIFT(3)) + 1;
	case ZU_LEN_EACH4:
		return 4 * ((range & 15) + 1);
	case ZU_LEN_EACH8:
		return 8 * ((range & 15) + 1);
	case ZU_LEN_EACH16:
		return 16 * ((range & 31) + 1);
	case ZU_LEN_BITS:
		return count_bits(insn->mask);
	case ZU_LEN_ELEM:
		return 1U << (insn->mask & 3);
	case ZU_LEN_256:
		return 256;
	default:
		return ZU_LEN_UNKNOWN;
	}
}

FOR_EACH_FORMAT void set_mem(struct zu_insn *insn, const struct format *f,
			     unsigned int k, uint64_t word, uint64_t e)
{
	struct zu_mem *m = &insn->mem[k];
	unsigned int len = ZU_LEN(e, k);

	m->base = address_reg(insn, word, k ? f->base2 : f->base,
			      !f->disp_bits);
	m->index = f->index ? address_reg(insn, word, f->index, false) :
			      ZU_NO_REG;
	m->reads = ZU_ACCESS(e, k) & 1;
	m->writes = ZU_ACCESS(e, k) >> 1;
	m->disp = disp(k ? word << 16 : word, f->disp_bits);
	m->len = (uint16_t)(len < ZU_LEN_RULES ? len :
			    ruled_len(insn, word, len));
}

/* Registers from one to another, or around from 15 to 0 */
static uint16_t range(unsigned int from, unsigned int to)
{
	unsigned int up = 0xffffU << from, down = (2U << to) - 1;

	return (uint16_t)(from <= to ? up & down : up | down);
}

/* Register 0 as r2 is no target. */
static void fix_target(struct zu_insn *insn, uint64_t e)
{
	if (insn->r2)
		return;
	insn->flow = insn->r1 == ZU_NO_REG ? ZU_FLOW_NOP : ZU_FLOW_NEXT;
	insn->reads = (uint16_t)(ZU_OPERAND(e, 0) << (insn->r1 & 15));
}

/*
 * What a hypervisor's function returns is not the instruction's own matter. By
 * their use in Linux: these return a pair.
 */
static uint16_t diag_pair(const struct zu_insn *insn)
{
	switch (insn->mem[0].disp) {
	case 0x250:
	case 0x304:
	case 0x308:
	case 0x310:
	case 0x320:
	case 0x324:
		return (uint16_t)(3U << insn->r1);
	case 0x008:
	case 0x204:
		return (uint16_t)(3U << insn->r3);
	default:
		return 0;
	}
}

static void fix(struct zu_insn *insn, uint64_t word, uint64_t e)
{
	switch (ZU_FIX(e)) {
	case ZU_FIX_NO_R1:
		if (!insn->r1)
			insn->writes = 0;
		fix_target(insn, e);
		break;
	case ZU_FIX_NO_R2:
		fix_target(insn, e);
		break;
	case ZU_FIX_LOAD:
		insn->writes |= range(insn->r1, insn->r3);
		break;
	case ZU_FIX_STORE:
		insn->reads |= range(insn->r1, insn->r3);
		break;
	case ZU_FIX_EREG:
		insn->writes |= range(insn->r1, insn->r2);
		break;
	case ZU_FIX_PAD:
		insn->reads |= 1U << field(word, SHIFT(4)) & 0xfffe;
		break;
	case ZU_FIX_DIAG:
		insn->reads |= diag_pair(insn);
		insn->writes |= diag_pair(insn);
		break;
	default:
		break;
	}
}

FOR_EACH_FORMAT void fill(struct zu_insn *insn, const struct format *f,
			  uint64_t word, uint64_t e)
{
	if (word & f->reserved) {
		insn->op = ZU_OP_UNKNOWN;
		return;
	}
	set_regs(insn, f, word, e);
	set_control(insn, f, word, e);
	insn->nr_mem = f->nr_mem;
	if (f->nr_mem > 0)
		set_mem(insn, f, 0, word, e);
	if (f->nr_mem > 1)
		set_mem(insn, f, 1, word, e);
	if (ZU_FIX(e))
		fix(insn, word, e);
}

static void fill_by_format(struct zu_insn *insn, unsigned int format,
			   uint64_t word, uint64_t e)
{
	switch (format) {
#define ZU_FORMAT(name, ...) \
	case FORMAT_##name: { \
		static const struct format f = { __VA_ARGS__ }; \
		fill(insn, &f, word, e); \
		break; \
	}
#include "insn/format.def"
#undef ZU_FORMAT
	default:
		break;
	}
}

static inline uint64_t word_at(const uint8_t *code)
{
	return (uint64_t)code[0] << 56 | (uint64_t)code[1] << 48 |
	       (uint64_t)code[2] << 40 | (uint64_t)code[3] << 32 |
	       (uint64_t)code[4] << 24 | (uint64_t)code[5] << 16 |
	       (uint64_t)code[6] << 8 | code[7];
}

unsigned int zu_insn_decode(struct zu_insn *insn, const uint8_t *code,
			    size_t avail)
{
	unsigned int len = avail ? zu_insn_len(code[0]) : 2;
	uint8_t end[8] = { 0 };
	uint64_t word;

	memset(insn, 0, sizeof(*insn));
	insn->r1 = insn->r2 = insn->r3 = insn->link = ZU_NO_REG;
	insn->len = (uint8_t)len;
	if (avail < len)
		return 0;
	/* What stands behind the instruction does no harm in it. */
	if (avail >= 8) {
		word = word_at(code);
	} else {
		memcpy(end, code, avail);
		word = word_at(end);
	}
	insn->op = find_op(word);
	if (insn->op)
		fill_by_format(insn, rows[insn->op].format, word,
			       rows[insn->op].effect);
	return len;
}

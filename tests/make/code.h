/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * s390x instructions to put together: a list of them with labels, and the
 * bytes it makes. Encoded here anew, so that insn/ has a second opinion.
 */
#ifndef ZU_TESTS_MAKE_CODE_H
#define ZU_TESTS_MAKE_CODE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum code_format {
	CODE_RR, CODE_RRE, CODE_RRF, CODE_RI, CODE_RIB, CODE_RIL, CODE_RILB,
	CODE_RX, CODE_RXY, CODE_RSY, CODE_RIEB, CODE_RIEC, CODE_RIED,
	CODE_RIEF, CODE_SS, CODE_SI, CODE_SIL,
};

/* CODE_OP(name, opcode, format) */
#define CODE_OPS \
	CODE_OP(bcr, 0x07, RR) CODE_OP(basr, 0x0d, RR) CODE_OP(clr, 0x15, RR) \
	CODE_OP(lgr, 0xb904, RRE) CODE_OP(ltgr, 0xb902, RRE) \
	CODE_OP(agr, 0xb908, RRE) CODE_OP(sgr, 0xb909, RRE) \
	CODE_OP(llgfr, 0xb916, RRE) CODE_OP(lgfr, 0xb914, RRE) \
	CODE_OP(llgcr, 0xb984, RRE) CODE_OP(clgr, 0xb921, RRE) \
	CODE_OP(agrk, 0xb9e8, RRF) \
	CODE_OP(lhi, 0xa78, RI) CODE_OP(lghi, 0xa79, RI) \
	CODE_OP(aghi, 0xa7b, RI) CODE_OP(cghi, 0xa7f, RI) \
	CODE_OP(nill, 0xa57, RI) \
	CODE_OP(brc, 0xa74, RIB) CODE_OP(bras, 0xa75, RIB) \
	CODE_OP(brct, 0xa76, RIB) CODE_OP(brctg, 0xa77, RIB) \
	CODE_OP(lgfi, 0xc01, RIL) CODE_OP(slgfi, 0xc24, RIL) \
	CODE_OP(agfi, 0xc28, RIL) CODE_OP(algfi, 0xc2a, RIL) \
	CODE_OP(clgfi, 0xc2e, RIL) CODE_OP(clfi, 0xc2f, RIL) \
	CODE_OP(larl, 0xc00, RILB) CODE_OP(brcl, 0xc04, RILB) \
	CODE_OP(brasl, 0xc05, RILB) CODE_OP(exrl, 0xc60, RILB) \
	CODE_OP(la, 0x41, RX) CODE_OP(stc, 0x42, RX) CODE_OP(st, 0x50, RX) \
	CODE_OP(bc, 0x47, RX) CODE_OP(ex, 0x44, RX) \
	CODE_OP(lay, 0xe371, RXY) CODE_OP(lg, 0xe304, RXY) \
	CODE_OP(stg, 0xe324, RXY) CODE_OP(lgf, 0xe314, RXY) \
	CODE_OP(llgf, 0xe316, RXY) CODE_OP(llgc, 0xe390, RXY) \
	CODE_OP(ag, 0xe308, RXY) CODE_OP(sg, 0xe309, RXY) \
	CODE_OP(stmg, 0xeb24, RSY) CODE_OP(lmg, 0xeb04, RSY) \
	CODE_OP(sllg, 0xeb0d, RSY) CODE_OP(srlg, 0xeb0c, RSY) \
	CODE_OP(cgrj, 0xec64, RIEB) CODE_OP(clgrj, 0xec65, RIEB) \
	CODE_OP(crj, 0xec76, RIEB) CODE_OP(clrj, 0xec77, RIEB) \
	CODE_OP(cgij, 0xec7c, RIEC) CODE_OP(clgij, 0xec7d, RIEC) \
	CODE_OP(cij, 0xec7e, RIEC) CODE_OP(clij, 0xec7f, RIEC) \
	CODE_OP(aghik, 0xecd9, RIED) CODE_OP(risbg, 0xec55, RIEF) \
	CODE_OP(risbgn, 0xec59, RIEF) \
	CODE_OP(mvc, 0xd2, SS) CODE_OP(xc, 0xd7, SS) \
	CODE_OP(mvi, 0x92, SI) CODE_OP(cli, 0x95, SI) CODE_OP(mc, 0xaf, SI) \
	CODE_OP(mvghi, 0xe548, SIL) CODE_OP(mvhi, 0xe54c, SIL) \
	CODE_OP(clghsi, 0xe559, SIL) CODE_OP(clfhsi, 0xe55d, SIL)

enum code_op {
#define CODE_OP(name, opcode, format) OP_##name,
	CODE_OPS
#undef CODE_OP
	OP_COUNT,
};

static const struct {
	uint16_t opcode;
	uint8_t format;
} code_ops[] = {
#define CODE_OP(name, opcode, format) { opcode, CODE_##format },
	CODE_OPS
#undef CODE_OP
};

#define CODE_MAX 400	/* instructions of a list */
#define CODE_LABELS 256
#define CODE_FAR 0	/* no label: to an address */

/*
 * An instruction. RX, RXY: r1, index r2, base r3. RSY: r1 to r2, base r3.
 * RIE, RIL branches: mask in m or r1. SS: i + 1 bytes, bases r1 and r2,
 * displacements d and d2. SI, SIL: base r1.
 */
struct code_insn {
	uint8_t op, r1, r2, r3, m;
	bool keep;		/* mutations leave its operands alone */
	uint16_t to;		/* label, or CODE_FAR */
	int32_t d, d2;
	int64_t i;
	uint64_t far;
};

struct code {
	struct code_insn insn[CODE_MAX];
	unsigned int n;
	uint16_t label[CODE_LABELS];	/* number of an instruction */
	unsigned int labels;
	uint64_t addr;

	uint8_t bytes[CODE_MAX * 6];
	uint32_t off[CODE_MAX + 1];
	uint32_t len;
};

static inline void code_begin(struct code *c, uint64_t addr)
{
	c->n = 0;
	c->labels = 1;
	c->addr = addr;
}

static inline struct code_insn *code_add(struct code *c, struct code_insn i)
{
	struct code_insn *at = &c->insn[c->n < CODE_MAX - 1 ? c->n++ : c->n];

	*at = i;
	return at;
}

/* A label for later; code_here() puts it */
static inline uint16_t code_label(struct code *c)
{
	uint16_t l = (uint16_t)(c->labels < CODE_LABELS - 1 ? c->labels++ :
							      c->labels);

	c->label[l] = (uint16_t)c->n;
	return l;
}

static inline void code_here(struct code *c, uint16_t label)
{
	c->label[label] = (uint16_t)c->n;
}

static inline unsigned int code_len(const struct code_insn *i)
{
	switch (code_ops[i->op].format) {
	case CODE_RR:
		return 2;
	case CODE_RRE:
	case CODE_RRF:
	case CODE_RI:
	case CODE_RIB:
	case CODE_RX:
	case CODE_SI:
		return 4;
	default:
		return 6;
	}
}

static inline void code_16(uint8_t *b, int64_t v)
{
	b[0] = (uint8_t)(v >> 8);
	b[1] = (uint8_t)v;
}

static inline void code_32(uint8_t *b, int64_t v)
{
	code_16(b, v >> 16);
	code_16(b + 2, v);
}

static inline void code_bd(uint8_t *b, unsigned int base, int32_t d)
{
	code_16(b, (int64_t)(base << 12) | (d & 0xfff));
}

static inline void code_bdy(uint8_t *b, unsigned int base, int32_t d)
{
	code_bd(b, base, d);
	b[2] = (uint8_t)(d >> 12);
}

/* Formats with an immediate operand or a target */
static inline void code_encode_imm(const struct code_insn *i, uint8_t *b,
				   int64_t dist)
{
	uint16_t opcode = code_ops[i->op].opcode;

	switch (code_ops[i->op].format) {
	case CODE_RI:
	case CODE_RIB:
	case CODE_RIL:
	case CODE_RILB:
		b[0] = (uint8_t)(opcode >> 4);
		b[1] = (uint8_t)(i->r1 << 4 | (opcode & 15));
		break;
	default:
		b[0] = (uint8_t)(opcode >> 8);
		b[1] = (uint8_t)(i->r1 << 4 | i->r2);
		b[5] = (uint8_t)opcode;
	}
	switch (code_ops[i->op].format) {
	case CODE_RI:
	case CODE_RIED:
		code_16(b + 2, i->i);
		break;
	case CODE_RIL:
		code_32(b + 2, i->i);
		break;
	case CODE_RILB:
		code_32(b + 2, dist / 2);
		break;
	case CODE_RIEB:
		b[4] = (uint8_t)(i->m << 4);
		code_16(b + 2, dist / 2);
		break;
	case CODE_RIEC:
		b[1] = (uint8_t)(i->r1 << 4 | i->m);
		b[4] = (uint8_t)i->i;
		code_16(b + 2, dist / 2);
		break;
	default:
		code_16(b + 2, dist / 2);
	}
}

static inline void code_encode(const struct code_insn *i, uint8_t *b,
			       int64_t dist)
{
	uint16_t opcode = code_ops[i->op].opcode;

	memset(b, 0, 6);
	b[0] = (uint8_t)(opcode > 0xff ? opcode >> 8 : opcode);
	b[1] = (uint8_t)(i->r1 << 4 | i->r2);
	switch (code_ops[i->op].format) {
	case CODE_RR:
		break;
	case CODE_RRE:
	case CODE_RRF:
		b[1] = (uint8_t)opcode;
		b[2] = (uint8_t)(i->r3 << 4);
		b[3] = (uint8_t)(i->r1 << 4 | i->r2);
		break;
	case CODE_RX:
		code_bd(b + 2, i->r3, i->d);
		break;
	case CODE_RXY:
	case CODE_RSY:
		code_bdy(b + 2, i->r3, i->d);
		b[5] = (uint8_t)opcode;
		break;
	case CODE_RIEF:
		b[2] = (uint8_t)i->m;
		b[3] = (uint8_t)i->i;
		b[4] = (uint8_t)i->d;
		b[5] = (uint8_t)opcode;
		break;
	case CODE_SS:
		b[1] = (uint8_t)i->i;
		code_bd(b + 2, i->r1, i->d);
		code_bd(b + 4, i->r2, i->d2);
		break;
	case CODE_SI:
		b[1] = (uint8_t)i->i;
		code_bd(b + 2, i->r1, i->d);
		break;
	case CODE_SIL:
		b[1] = (uint8_t)opcode;
		code_bd(b + 2, i->r1, i->d);
		code_16(b + 4, i->i);
		break;
	default:
		code_encode_imm(i, b, dist);
	}
}

/* Offset of a label */
static inline uint32_t code_at(const struct code *c, uint16_t label)
{
	return c->off[c->label[label] < c->n ? c->label[label] : c->n];
}

/* Labels become distances, instructions bytes. */
static inline void code_end(struct code *c)
{
	const struct code_insn *i;
	unsigned int k;
	uint8_t b[6];

	c->off[0] = 0;
	for (k = 0; k < c->n; k++)
		c->off[k + 1] = c->off[k] + code_len(&c->insn[k]);
	c->len = c->off[c->n];
	for (k = 0; k < c->n; k++) {
		i = &c->insn[k];
		code_encode(i, b, (int64_t)((i->to == CODE_FAR ? i->far :
			    c->addr + code_at(c, i->to)) - c->addr) -
			    c->off[k]);
		memcpy(c->bytes + c->off[k], b, code_len(i));
	}
}

#endif

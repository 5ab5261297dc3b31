/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The input is code: an instruction is decoded at each halfword. What it is
 * depends on its own bytes alone, and what the decoder says of it fits
 * together. An instruction that it does not know does nothing.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "insn/insn.h"

#define check(what)							\
	do {								\
		if (!(what))						\
			abort();					\
	} while (0)

#define NO_TARGET INT64_MIN

static int64_t halfwords(const uint8_t *code, unsigned int len)
{
	uint64_t v = code[0] & 0x80 ? UINT64_MAX : 0;
	unsigned int i;

	for (i = 0; i < len; i++)
		v = v << 8 | code[i];
	return (int64_t)v * 2;
}

static void check_unknown(const struct zu_insn *insn)
{
	struct zu_insn none;

	memset(&none, 0, sizeof(none));
	none.r1 = none.r2 = none.r3 = none.link = ZU_NO_REG;
	none.len = insn->len;
	check(insn->op == none.op && insn->flow == none.flow);
	check(insn->r1 == none.r1 && insn->r2 == none.r2 &&
	      insn->r3 == none.r3 && insn->link == none.link);
	check(!insn->mask && !insn->nr_mem && !insn->pcrel);
	check(!insn->reads && !insn->writes && !insn->imm && !insn->target);
	check(!memcmp(insn->mem, none.mem, sizeof(none.mem)));
}

static bool is_reg(uint8_t reg)
{
	return reg < 16;
}

static void check_mem(const struct zu_insn *insn, const struct zu_mem *m)
{
	check(m->base == ZU_NO_REG ||
	      (is_reg(m->base) && insn->reads & 1u << m->base));
	check(m->index == ZU_NO_REG ||
	      (m->index && is_reg(m->index) && insn->reads & 1u << m->index));
	check(m->disp >= -0x80000 && m->disp < 0x80000);
	check(m->len <= 512 || m->len == ZU_LEN_UNKNOWN);
	check(m->reads || m->writes || !m->len);
}

/* Where it leads stands in its bytes, behind the second one. */
static void check_target(const struct zu_insn *insn, const uint8_t *code)
{
	if (!insn->pcrel) {
		check(!insn->target);
		return;
	}
	check(insn->len > 2);
	check(insn->target == halfwords(code + 2, 2) ||
	      (insn->len == 6 && insn->target == halfwords(code + 2, 4)));
}

static void check_flow(const struct zu_insn *insn)
{
	bool call = false;

	switch ((enum zu_flow_kind)insn->flow) {
	case ZU_FLOW_CALL:
	case ZU_FLOW_JUMP:
	case ZU_FLOW_COND:
		check(insn->pcrel && !insn->nr_mem);
		call = insn->flow == ZU_FLOW_CALL;
		break;
	case ZU_FLOW_CALL_REG:
	case ZU_FLOW_JUMP_REG:
	case ZU_FLOW_COND_REG:
		check(insn->r2 && is_reg(insn->r2) && !insn->pcrel);
		check(insn->reads & 1u << insn->r2);
		call = insn->flow == ZU_FLOW_CALL_REG;
		break;
	case ZU_FLOW_CALL_MEM:
	case ZU_FLOW_JUMP_MEM:
	case ZU_FLOW_COND_MEM:
	case ZU_FLOW_JUMP_LOAD:
	case ZU_FLOW_COND_LOAD:
		check(insn->nr_mem && !insn->pcrel);
		call = insn->flow == ZU_FLOW_CALL_MEM;
		break;
	case ZU_FLOW_EXECUTE:
		check(insn->pcrel || insn->nr_mem == 1);
		break;
	default:
		break;
	}
	/* basr 1,0 only sets its link */
	check(insn->link == ZU_NO_REG ? !call :
	      is_reg(insn->link) && insn->writes & 1u << insn->link);
	check(call || insn->link == ZU_NO_REG || insn->flow == ZU_FLOW_NEXT);
	check(insn->flow <= ZU_FLOW_STOP);
}

static void check_known(const struct zu_insn *insn, const uint8_t *code)
{
	unsigned int i;

	check(insn->op < ZU_OP_COUNT);
	check(strcmp(zu_insn_name(insn->op), "unknown"));
	check(insn->r1 < 32 || insn->r1 == ZU_NO_REG);
	check(insn->r2 < 32 || insn->r2 == ZU_NO_REG);
	check(insn->r3 < 32 || insn->r3 == ZU_NO_REG);
	check(insn->mask < 16 && insn->nr_mem <= 2);
	for (i = 0; i < insn->nr_mem; i++)
		check_mem(insn, &insn->mem[i]);
	check_target(insn, code);
	check_flow(insn);
}

/*
 * The same from a buffer that ends with it, whatever follows, and nothing from
 * one that ends before.
 */
static void check_bytes(const struct zu_insn *insn, const uint8_t *code)
{
	static uint8_t *room;
	uint8_t longer[16], *end;
	struct zu_insn again;
	unsigned int len;

	if (!room)
		room = malloc(6);
	check(room);
	end = room + 6;
	for (len = 0; len < insn->len; len++) {
		memcpy(end - len, code, len);
		memset(&again, 0xa5, sizeof(again));
		check(!zu_insn_decode(&again, end - len, len));
		check(!len || again.len == insn->len);
		check_unknown(&again);
	}
	memcpy(end - len, code, len);
	memset(&again, 0x5a, sizeof(again));
	check(zu_insn_decode(&again, end - len, len) == len);
	check(!memcmp(&again, insn, sizeof(again)));
	memset(longer, 0xff, sizeof(longer));
	memcpy(longer, code, len);
	zu_insn_decode(&again, longer, sizeof(longer));
	check(!memcmp(&again, insn, sizeof(again)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* two bits make 2, 4, 4, 6 */
	static const uint8_t lens[] = { 2, 4, 4, 6 };
	struct zu_insn insn;
	size_t off;

	for (off = 0; off < size; off += 2) {
		unsigned int len = lens[data[off] >> 6];
		unsigned int ret = zu_insn_decode(&insn, data + off,
						  size - off);

		check(insn.len == len && zu_insn_len(data[off]) == len);
		check(ret == (len <= size - off ? len : 0));
		if (!ret || !insn.op)
			check_unknown(&insn);
		else
			check_known(&insn, data + off);
		if (ret)
			check_bytes(&insn, data + off);
	}
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab/rows/tracks.h"

#include <stdlib.h>
#include <string.h>

#define CLOBBERED 0x403fu	/* what a call may change: r0 to r5, r14 */

struct track *tracks_find(const struct tracks *t, uint32_t off)
{
	size_t low = 0, high = t->nr;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (t->at[mid].off == off)
			return &t->at[mid];
		if (t->at[mid].off < off)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

static void decode(struct tracks *t, const uint8_t *code, size_t len)
{
	uint32_t off = 0;
	unsigned int n;

	t->at = calloc(len / 2 + 1, sizeof(*t->at));
	if (!t->at)
		abort();
	for (; off < len; off += n) {
		n = zu_insn_decode(&t->at[t->nr].insn, code + off, len - off);
		if (!n)
			break;
		t->at[t->nr++].off = off;
	}
}

static struct track *target(const struct tracks *t, const struct track *from)
{
	int64_t to = from->off + from->insn.target;

	if (!from->insn.pcrel || to < 0 || to > UINT32_MAX)
		return NULL;
	return tracks_find(t, (uint32_t)to);
}

/* Does it load a register with another one plus a number? */
static bool is_sum(const struct zu_insn *i, uint8_t *from, int32_t *add)
{
	*add = 0;
	if (i->op == ZU_OP_lgr) {
		*from = i->r2;
		return true;
	}
	if (i->op == ZU_OP_aghi) {
		*from = i->r1;
		*add = (int32_t)i->imm;
		return true;
	}
	if ((i->op == ZU_OP_la || i->op == ZU_OP_lay) &&
	    i->mem[0].index == ZU_NO_REG && i->mem[0].base != ZU_NO_REG) {
		*from = i->mem[0].base;
		*add = i->mem[0].disp;
		return true;
	}
	return false;
}

static void step(struct track *s)
{
	const struct zu_insn *i = &s->insn;
	unsigned int writes = i->writes;
	bool known = false;
	uint8_t from = 0;
	int32_t add = 0, d = 0;

	if (i->link != ZU_NO_REG)
		writes |= CLOBBERED;
	if (is_sum(i, &from, &add)) {
		known = s->frame >> from & 1;
		d = s->d[from] + add;
	}
	s->entry &= (uint16_t)~writes;
	s->frame &= (uint16_t)~writes;
	if (known) {
		s->frame |= (uint16_t)(1u << i->r1);
		s->d[i->r1] = d;
	}
}

/* Does more become known, or less, when this state arrives there? */
static bool meet(struct track *to, const struct track *s)
{
	uint16_t entry = to->entry, frame = to->frame;
	unsigned int r;

	if (!to->reached) {
		to->reached = true;
		to->entry = s->entry;
		to->frame = s->frame;
		memcpy(to->d, s->d, sizeof(to->d));
		return true;
	}
	to->entry &= s->entry;
	to->frame &= s->frame;
	for (r = 0; r < 16; r++)
		if (to->d[r] != s->d[r])
			to->frame &= (uint16_t)~(1u << r);
	return to->entry != entry || to->frame != frame;
}

static bool goes_on(const struct zu_insn *i)
{
	switch (i->flow) {
	case ZU_FLOW_JUMP:
	case ZU_FLOW_JUMP_REG:
	case ZU_FLOW_JUMP_MEM:
	case ZU_FLOW_JUMP_LOAD:
	case ZU_FLOW_STOP:
		return false;
	}
	return true;
}

static bool branches(const struct zu_insn *i)
{
	return i->flow == ZU_FLOW_JUMP || i->flow == ZU_FLOW_COND ||
	       i->flow == ZU_FLOW_NOP;
}

/* A jump of six bytes can be a jump label: no operation, at other times. */
static bool is_label(const struct zu_insn *i, const struct track *to)
{
	return to && i->op == ZU_OP_brcl;
}

static bool pass(struct tracks *t)
{
	bool changed = false;
	struct track s, *to;
	size_t n;

	for (n = 0; n < t->nr; n++) {
		s = t->at[n];
		if (!s.reached)
			continue;
		step(&s);
		to = branches(&s.insn) ? target(t, &s) : NULL;
		if ((goes_on(&s.insn) || is_label(&s.insn, to)) &&
		    n + 1 < t->nr)
			changed |= meet(&t->at[n + 1], &s);
		if (to)
			changed |= meet(to, &s);
	}
	return changed;
}

/* exrl names what it executes; ex finds it behind a bras, or by a larl. */
static void mark(struct track *t)
{
	if (t)
		t->is_executed = true;
}

static void mark_executed(struct tracks *t)
{
	size_t n, m;
	uint8_t r;

	for (n = 0; n < t->nr; n++) {
		if (t->at[n].insn.op == ZU_OP_exrl)
			mark(target(t, &t->at[n]));
		if (t->at[n].insn.op != ZU_OP_ex)
			continue;
		r = t->at[n].insn.mem[0].base;
		for (m = 0; m + 1 < t->nr; m++) {
			const struct zu_insn *i = &t->at[m].insn;

			if (i->op == ZU_OP_bras && i->link == r)
				mark(&t->at[m + 1]);
			if (i->op == ZU_OP_larl && i->r1 == r)
				mark(target(t, &t->at[m]));
		}
	}
}

void tracks_make(struct tracks *t, const uint8_t *code, size_t len)
{
	*t = (struct tracks){ .nr = 0 };
	decode(t, code, len);
	mark_executed(t);
	if (!t->nr)
		return;
	t->at[0].reached = true;
	t->at[0].entry = 0xffff;
	t->at[0].frame = 1u << 15;
	while (pass(t))
		;
}

void tracks_free(struct tracks *t)
{
	free(t->at);
}

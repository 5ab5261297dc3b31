/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Find the instructions that may be reached, and where branches lead. More
 * than what is really reached does no harm: nothing is judged here.
 */
#include "flow/private.h"

#include "util/grow.h"

static bool push(struct zu_run *r, uint32_t off)
{
	struct zu_flow_scratch *w = r->w;
	uint32_t *todo = zu_grow(w->todo, w->nr_todo, &w->cap_todo,
				 sizeof(*todo));

	if (!todo)
		return false;
	w->todo = todo;
	w->todo[w->nr_todo++] = off;
	return true;
}

/* A place that a branch leads to; one that was passed already: start over. */
static bool lead(struct zu_run *r, uint32_t off)
{
	struct zu_flow_scratch *w = r->w;
	uint8_t *mark = &w->mark[off / 2];

	if (*mark & ZU_MARK_LEADER)
		return true;
	*mark |= ZU_MARK_LEADER;
	w->node_of[off / 2] = 0;
	if (w->row_of[off / 2])
		r->again = true;
	return push(r, off);
}

static bool lead_relative(struct zu_run *r, uint32_t off,
			  const struct zu_insn *insn)
{
	int64_t to = off + insn->target;

	if (to < 0 || to >= r->func->len)
		return true;
	return lead(r, (uint32_t)to);
}

static struct zu_insn *add_insn(struct zu_run *r)
{
	struct zu_flow_scratch *w = r->w;
	struct zu_insn *insn = zu_grow(w->insn, w->nr_insn, &w->cap_insn,
				       sizeof(*insn));

	if (insn)
		w->insn = insn;
	return insn ? &w->insn[w->nr_insn] : NULL;
}

static bool is_end(const struct zu_insn *insn)
{
	switch (insn->flow) {
	case ZU_FLOW_JUMP:
		/* six bytes: patching can turn it off */
		return insn->op != ZU_OP_brcl;
	case ZU_FLOW_JUMP_REG:
	case ZU_FLOW_JUMP_MEM:
	case ZU_FLOW_JUMP_LOAD:
	case ZU_FLOW_STOP:
		return true;
	default:
		return insn->op == ZU_OP_UNKNOWN;
	}
}

static bool has_target(const struct zu_insn *insn)
{
	return insn->flow == ZU_FLOW_JUMP || insn->flow == ZU_FLOW_COND ||
	       insn->flow == ZU_FLOW_CALL || insn->op == ZU_OP_brcl;
}

/* Straight on from @off, up to a place that is known or an end. */
static bool scan_block(struct zu_run *r, uint32_t off)
{
	struct zu_flow_scratch *w = r->w;
	struct zu_insn *insn;
	unsigned int n;

	while (off < r->func->len && !(w->mark[off / 2] & ZU_MARK_INSN)) {
		insn = add_insn(r);
		if (!insn)
			return false;
		n = zu_insn_decode(insn, r->func->code + off,
				   r->func->len - off);
		w->mark[off / 2] |= ZU_MARK_INSN;
		w->insn_of[off / 2] = (uint32_t)w->nr_insn++;
		w->computes |= insn->flow == ZU_FLOW_JUMP_MEM;
		if (!n || (has_target(insn) && !lead_relative(r, off, insn)))
			return !n;
		if (is_end(insn) && off)
			return true;
		off += insn->len;
	}
	return true;
}

bool zu_flow_scan(struct zu_run *r, uint32_t off)
{
	struct zu_flow_scratch *w = r->w;

	w->nr_todo = 0;
	if (!lead(r, off))
		return false;
	while (w->nr_todo)
		if (!scan_block(r, w->todo[--w->nr_todo]))
			return false;
	return true;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Follow all paths of a function: from each place where paths meet straight
 * on, until nothing new is learned.
 */
#include "flow/private.h"

#include <stdlib.h>
#include <string.h>

#include "flow/walk.h"
#include "util/grow.h"

/* How many different rows a function may have; further ones are undefined. */
#define MAX_ROWS 1024

static struct zu_node *add_node(struct zu_run *r, uint32_t off)
{
	struct zu_flow_scratch *w = r->w;
	struct zu_node *n = zu_grow(w->nodes, w->nr_nodes, &w->cap_nodes,
				    sizeof(*n));

	if (!n) {
		r->nomem = true;
		return NULL;
	}
	w->nodes = n;
	w->node_of[off / 2] = (uint32_t)w->nr_nodes + 1;
	return &w->nodes[w->nr_nodes++];
}

/* A heap, the lowest offset on top: most branches lead forwards. */
static void queue(struct zu_run *r, uint32_t off)
{
	struct zu_flow_scratch *w = r->w;
	uint32_t *work;
	size_t i;

	if (w->mark[off / 2] & ZU_MARK_QUEUED)
		return;
	work = zu_grow(w->work, w->nr_work, &w->cap_work, sizeof(*work));
	if (!work) {
		r->nomem = true;
		return;
	}
	w->work = work;
	w->mark[off / 2] |= ZU_MARK_QUEUED;
	for (i = w->nr_work++; i && work[(i - 1) / 2] > off; i = (i - 1) / 2)
		work[i] = work[(i - 1) / 2];
	work[i] = off;
}

static uint32_t unqueue(struct zu_flow_scratch *w)
{
	uint32_t *work = w->work, top = work[0], last = work[--w->nr_work];
	size_t i = 0, k;

	while ((k = 2 * i + 1) < w->nr_work) {
		if (k + 1 < w->nr_work && work[k + 1] < work[k])
			k++;
		if (work[k] >= last)
			break;
		work[i] = work[k];
		i = k;
	}
	work[i] = last;
	w->mark[top / 2] &= (uint8_t)~ZU_MARK_QUEUED;
	return top;
}

/* How a new node was reached: by a branch, or straight on. */
static void set_path(struct zu_run *r, struct zu_node *n, bool branch)
{
	const struct zu_node *here = &r->w->nodes[r->node];

	n->from = branch ? r->off : here->from;
	n->to = branch ? n->off : here->to;
	n->before = branch ? r->node : here->before;
}

/* Paths with different stacks: the frame must be known all the same. */
static void meet(struct zu_run *r, struct zu_node *n,
		 const struct zu_state *s, bool through)
{
	bool had = zu_state_has_cfa(&n->state) && zu_state_has_cfa(s);
	bool changed = n->through && !through;

	n->through &= through;
	if (!zu_state_merge(&n->state, s) && !changed)
		return;
	queue(r, n->off);
	if (had && !zu_state_has_cfa(&n->state)) {
		n->clash = true;
		r->doubts++;
	}
}

/* Both can be: round a loop, a finding lies behind itself. */
static void spread(struct zu_run *r, struct zu_node *n,
		   const struct zu_state *s)
{
	bool *known = s->bad ? &n->state.bad : &n->clean;

	if (*known)
		return;
	*known = true;
	queue(r, n->off);
}

static void arrive(struct zu_run *r, uint32_t off, const struct zu_state *s,
		   bool branch)
{
	bool through = r->phase != ZU_PHASE_REPORT &&
		       zu_flow_jumps_through(r, off, s);
	uint32_t number = r->w->node_of[off / 2];
	struct zu_node *n;

	if (r->again || r->nomem)
		return;
	if (!number) {
		/* with final states there is nothing new */
		r->tired |= r->phase != ZU_PHASE_LEARN;
		n = r->tired ? NULL : add_node(r, off);
		if (!n)
			return;
		n->off = off;
		n->clash = n->clean = false;
		n->through = through;
		set_path(r, n, branch);
		zu_state_copy(&n->state, s);
		queue(r, off);
		return;
	}
	n = &r->w->nodes[number - 1];
	if (r->phase == ZU_PHASE_LEARN)
		meet(r, n, s, through);
	else if (r->phase == ZU_PHASE_SPREAD)
		spread(r, n, s);
}

void zu_flow_goto(struct zu_run *r, uint32_t off, const struct zu_state *s)
{
	if (off % 2 || off >= r->func->len) {
		zu_flow_find(r, ZU_FINDING_BAD_TARGET);
		return;
	}
	if (!(r->w->mark[off / 2] & ZU_MARK_LEADER) &&
	    !zu_flow_scan(r, off)) {
		r->nomem = true;
		return;
	}
	if (!r->again)
		arrive(r, off, s, true);
}

/*
 * What a function may cost: far more than any that a compiler makes, and no
 * more than that for one that was made to be slow.
 */
bool zu_flow_spend(struct zu_run *r, unsigned int steps)
{
	if (r->budget > steps)
		r->budget -= steps;
	else
		r->tired = true;
	return !r->tired;
}

static void note_row(struct zu_run *r)
{
	struct zu_flow_scratch *w = r->w;
	struct zu_row row, *rows;
	size_t i;

	if (r->dirty || r->insn.link == 14) {
		zu_flow_row_now(r, &row);
		for (i = 0; i < w->nr_row; i++)
			if (!memcmp(&w->row[i], &row, sizeof(row)))
				break;
		zu_flow_spend(r, (unsigned int)i / 8);
		if (i == MAX_ROWS)
			i = 0;
		if (i == w->nr_row) {
			rows = zu_grow(w->row, i, &w->cap_row, sizeof(*rows));
			if (!rows) {
				r->nomem = true;
				return;
			}
			w->row = rows;
			w->row[w->nr_row++] = row;
		}
		r->last_row = (uint32_t)i + 1;
		r->dirty = r->insn.link == 14;
	}
	w->row_of[r->off / 2] = (uint16_t)r->last_row;
}

static bool is_leader(const struct zu_run *r)
{
	return r->w->mark[r->off / 2] & ZU_MARK_LEADER;
}

/* Nothing of this walk counts any more. */
static bool stopped(const struct zu_run *r)
{
	return r->nomem || r->again || r->tired;
}

/* Straight on from a node, up to the next one */
static void walk_block(struct zu_run *r, uint32_t off, bool bad)
{
	struct zu_flow_scratch *w = r->w;

	zu_state_copy(&r->s, &w->nodes[r->node].state);
	r->s.bad = bad;
	r->cmp.valid = false;
	r->dirty = true;
	r->off = off;
	do {
		if (!(w->mark[r->off / 2] & ZU_MARK_INSN)) {
			zu_flow_goto(r, r->off, &r->s);
			return;
		}
		r->insn = w->insn[w->insn_of[r->off / 2]];
		note_row(r);
		zu_flow_step(r);
		if (r->end || !zu_flow_spend(r, 1))
			return;
		if (r->off + r->insn.len >= r->func->len) {
			zu_flow_find(r, ZU_FINDING_FALL_THROUGH);
			return;
		}
		r->off += r->insn.len;
	} while (!stopped(r) && !is_leader(r));
	if (!stopped(r))
		arrive(r, r->off, &r->s, false);
}

static void reset(struct zu_run *r)
{
	struct zu_flow_scratch *w = r->w;
	size_t half = (r->func->len + 1) / 2, i;

	for (i = 0; i < half; i++)
		w->mark[i] &= ZU_MARK_INSN | ZU_MARK_LEADER | ZU_MARK_BOUNDARY;
	memset(w->node_of, 0, half * sizeof(*w->node_of));
	memset(w->row_of, 0, half * sizeof(*w->row_of));
	w->nr_nodes = w->nr_work = 0;
	w->nr_row = 1;	/* 0 is the undefined row */
	r->f->nr_findings = r->f->nr_leaves = 0;
	r->f->returns = false;
	r->last_row = 0;
	r->doubts = r->hard_doubts = 0;
	r->doubt = ZU_FINDING_COUNT;
	r->vanished = false;
	r->astray = false;
	r->again = false;
}

static void start(struct zu_run *r)
{
	struct zu_state s;
	struct zu_node *n;

	zu_state_entry(&s);
	if (r->hint && r->hint->kind == ZU_HINT_RA_R0) {
		s.reg[0] = s.reg[14];
		s.reg[14] = 0;
	}
	if (r->entry)
		memset(s.reg, 0, sizeof(s.reg));
	if (r->entry && r->hint->kind == ZU_HINT_BASE)
		s.chain = zu_val_const(0);
	memset(&r->s, 0, sizeof(r->s));
	n = add_node(r, 0);
	if (!n)
		return;
	n->off = n->to = n->before = 0;
	n->clash = n->clean = n->through = false;
	n->from = ZU_NO_BRANCH;
	zu_state_copy(&n->state, &s);
	queue(r, 0);
}

/* A node whose state is final, once for each way in which it is reached */
static void walk_final(struct zu_run *r, uint32_t off)
{
	struct zu_node *n = &r->w->nodes[r->node];
	bool clean = n->clean;

	if (clean && n->clash) {
		r->s.bad = false;
		zu_flow_find_at(r, ZU_FINDING_STACK_MISMATCH, off);
		n->state.bad = true;
	} else if (clean) {
		walk_block(r, off, false);
		n = &r->w->nodes[r->node];
	}
	if (n->state.bad && !stopped(r))
		walk_block(r, off, true);
}

static void run_queue(struct zu_run *r)
{
	uint32_t off;

	while (r->w->nr_work && !stopped(r)) {
		off = unqueue(r->w);
		r->node = r->w->node_of[off / 2] - 1;
		if (r->phase == ZU_PHASE_LEARN)
			walk_block(r, off, false);
		else
			walk_final(r, off);
	}
}

/*
 * A table found late can lead into a block that was passed before: what is
 * known of tables stays, and the walk begins anew. Each time there is one
 * leader more, so this ends.
 */
static bool learn(struct zu_run *r)
{
	r->phase = ZU_PHASE_LEARN;
	do {
		reset(r);
		if (!zu_flow_scan(r, 0))
			return false;
		r->again = false;
		start(r);
		run_queue(r);
	} while (r->again && !r->nomem && !r->tired);
	return !r->nomem;
}

/* What no path leads to with final states holds nothing that is known. */
static void report(struct zu_run *r)
{
	struct zu_flow_scratch *w = r->w;
	size_t i;

	r->phase = ZU_PHASE_SPREAD;
	w->nodes[0].clean = true;
	queue(r, 0);
	run_queue(r);
	r->f->returns = false;
	r->phase = ZU_PHASE_REPORT;
	for (i = 0; i < w->nr_nodes && !stopped(r); i++) {
		r->node = (uint32_t)i;
		w->nodes[i].state.bad |= !w->nodes[i].clean;
		walk_final(r, w->nodes[i].off);
	}
	/* a doubt that vanished: nothing is proven by that */
	if (!stopped(r) && !r->f->nr_findings && r->hard_doubts)
		r->tired = r->vanished = true;
}

bool zu_flow_walk(struct zu_run *r)
{
	if (!learn(r))
		return false;
	if (r->doubts && !r->tired)
		report(r);
	return !r->nomem;
}

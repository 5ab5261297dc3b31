/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flow/private.h"

#include "util/grow.h"

static const char *const words[] = {
#define ZU_FINDING(id, word, text) word,
#include "flow/finding.def"
#undef ZU_FINDING
};

static const char *const texts[] = {
#define ZU_FINDING(id, word, text) text,
#include "flow/finding.def"
#undef ZU_FINDING
};

const char *zu_finding_word(enum zu_finding_kind kind)
{
	return kind < ZU_FINDING_COUNT ? words[kind] : "unknown";
}

const char *zu_finding_text(enum zu_finding_kind kind)
{
	return kind < ZU_FINDING_COUNT ? texts[kind] : "unknown";
}

/* Back along the branches by which nodes were reached first. */
static void add_path(const struct zu_run *r, struct zu_finding *f)
{
	const struct zu_node *n = &r->w->nodes[r->node];
	size_t left = r->w->nr_nodes;
	unsigned int i, k;

	for (i = 0; n->from != ZU_NO_BRANCH && left; left--) {
		if (i == ZU_FINDING_PATH) {
			f->path_cut = true;
			break;
		}
		f->path[i].from = n->from;
		f->path[i++].to = n->to;
		n = &r->w->nodes[n->before];
	}
	f->nr_path = (uint8_t)i;
	for (k = 0; k < i / 2; k++) {
		uint32_t from = f->path[k].from, to = f->path[k].to;

		f->path[k] = f->path[i - 1 - k];
		f->path[i - 1 - k].from = from;
		f->path[i - 1 - k].to = to;
	}
}

/*
 * By a pointer of which less is known on later rounds of a loop. What the first
 * one destroys is destroyed. What a later one would do beyond the frame is
 * another thing: copies from user space go on by pages, in theory.
 */
static void note_doubt(struct zu_run *r, enum zu_finding_kind kind,
		       uint32_t off)
{
	bool hard = kind != ZU_FINDING_FOREIGN_WRITTEN;

	r->doubts++;
	r->hard_doubts += hard;
	if (hard && r->doubt == ZU_FINDING_COUNT) {
		r->doubt = kind;
		r->doubt_off = off;
	}
}

/*
 * A way that nobody knows the end of: it may lead back inside. Of a trampoline,
 * who comes next.
 */
static bool is_astray(enum zu_finding_kind kind)
{
	return kind == ZU_FINDING_UNKNOWN_INSN ||
	       kind == ZU_FINDING_TRUNCATED ||
	       kind == ZU_FINDING_INDIRECT_JUMP ||
	       kind == ZU_FINDING_TRAMPOLINE ||
	       kind == ZU_FINDING_EXECUTED;
}

void zu_flow_find_at(struct zu_run *r, enum zu_finding_kind kind, uint32_t off)
{
	struct zu_finding *f;

	note_doubt(r, kind, off);
	r->astray |= r->phase == ZU_PHASE_REPORT && is_astray(kind);
	/* one cause is said once, at the first place */
	if (r->phase == ZU_PHASE_LEARN || r->s.bad)
		return;
	r->s.bad = true;
	r->dirty = true;
	if (r->phase == ZU_PHASE_SPREAD || r->w->mark[off / 2] & ZU_MARK_NOTED)
		return;
	f = zu_grow(r->f->findings, r->f->nr_findings, &r->w->cap_findings,
		    sizeof(*f));
	if (!f) {
		r->nomem = true;
		return;
	}
	r->f->findings = f;
	f += r->f->nr_findings++;
	*f = (struct zu_finding){ .kind = kind, .offset = off };
	r->w->mark[off / 2] |= ZU_MARK_NOTED;
	add_path(r, f);
}

void zu_flow_find(struct zu_run *r, enum zu_finding_kind kind)
{
	zu_flow_find_at(r, kind, r->off);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flow/state.h"

#include <string.h>

void zu_state_entry(struct zu_state *s)
{
	unsigned int r;

	memset(s, 0, offsetof(struct zu_state, slot));
	/* r0 to r5 owe nobody anything; where the first two lead is asked */
	for (r = 0; r < 15; r++)
		if (r < 2 || r >= 6)
			s->reg[r] = zu_val_entry(r);
	s->reg[15] = zu_val_sp(0);
}

void zu_state_copy(struct zu_state *to, const struct zu_state *from)
{
	memcpy(to, from, offsetof(struct zu_state, slot) +
	       from->nr_slots * sizeof(from->slot[0]));
}

zu_val zu_slot_get(const struct zu_state *s, int64_t off)
{
	unsigned int i;

	for (i = 0; i < s->nr_slots && s->slot[i].off <= off; i++)
		if (s->slot[i].off == off)
			return s->slot[i].val;
	return 0;
}

static bool merge_slots(struct zu_state *to, const struct zu_state *from)
{
	unsigned int i, k = 0, n = 0;

	if (to->nr_slots == from->nr_slots &&
	    !memcmp(to->slot, from->slot, to->nr_slots * sizeof(to->slot[0])))
		return false;
	for (i = 0; i < to->nr_slots; i++) {
		while (k < from->nr_slots &&
		       from->slot[k].off < to->slot[i].off)
			k++;
		if (k < from->nr_slots && from->slot[k].off == to->slot[i].off &&
		    from->slot[k].val == to->slot[i].val)
			to->slot[n++] = to->slot[i];
	}
	if (n == to->nr_slots)
		return false;
	to->nr_slots = (uint8_t)n;
	return true;
}

/* May it lead to a place that is not forgotten when paths meet? */
static bool lasts(zu_val v)
{
	return zu_val_is_label(v) || zu_val_is_resume(v);
}

/*
 * The larger of two bounds would let loops run: what differs is unknown. But
 * that it may lead into the function, or into a traced one, is not forgotten.
 */
static bool merge_val(zu_val *to, zu_val from)
{
	zu_val both = zu_val_is_resume(*to) || zu_val_is_resume(from) ?
		      zu_val_resume() : lasts(*to) || lasts(from) ?
		      zu_val_stale() : 0;

	if (*to == from || *to == both)
		return false;
	*to = both;
	return true;
}

static bool merge_flag(bool *to, bool from)
{
	if (!*to || from)
		return false;
	*to = false;
	return true;
}

static bool merge_bound(struct zu_bound *to, const struct zu_bound *from)
{
	if (!to->base || (to->base == from->base && to->disp == from->disp &&
			  to->len == from->len && to->max == from->max))
		return false;
	to->base = 0;
	return true;
}

/* What slot 152 of the frame holds, whatever r15 is known to be */
static zu_val chain_of(const struct zu_state *s)
{
	if (!zu_val_is(s->reg[15], ZU_VAL_SP))
		return s->chain;
	return zu_slot_get(s, zu_val_num(s->reg[15]) + 152);
}

int64_t zu_state_floor(const struct zu_state *s)
{
	return zu_val_is(s->reg[15], ZU_VAL_SP) ? zu_val_num(s->reg[15]) :
						  s->floor;
}

bool zu_state_merge(struct zu_state *to, const struct zu_state *from)
{
	bool changed = false, differ = false;
	unsigned int r;

	if (zu_state_floor(from) > zu_state_floor(to)) {
		to->floor = (int32_t)zu_state_floor(from);
		changed = true;
	} else {
		to->floor = (int32_t)zu_state_floor(to);
	}
	if (to->reg[15] != from->reg[15] && to->reg[15]) {
		to->chain = chain_of(to);
		to->reg[15] = 0;
		changed = true;
	}
	for (r = 0; r < 15; r++)
		differ |= to->reg[r] != from->reg[r] &&
			  (to->reg[r] || lasts(from->reg[r]));
	for (r = 0; differ && r < 15; r++)
		changed |= merge_val(&to->reg[r], from->reg[r]);
	if (!to->reg[15])
		changed |= merge_val(&to->chain, chain_of(from));
	changed |= merge_slots(to, from);
	changed |= merge_bound(&to->bound, &from->bound);
	changed |= merge_flag(&to->ra_saved, from->ra_saved);
	changed |= merge_flag(&to->fp_saved, from->fp_saved);
	if (from->resume_kept && !to->resume_kept)
		changed = to->resume_kept = true;
	if (from->bad && !to->bad)
		changed = to->bad = true;
	if (!to->ra_gone)
		to->ra_gone = from->ra_gone;
	if (!to->save_gone)
		to->save_gone = from->save_gone;
	return changed;
}

bool zu_state_has_cfa(const struct zu_state *s)
{
	unsigned int r;

	for (r = 16; r--; )
		if (zu_val_is(s->reg[r], ZU_VAL_SP))
			return true;
	return s->chain == zu_val_sp(0);
}

void zu_slot_forget(struct zu_state *s, int64_t off, int64_t len)
{
	unsigned int first = 0, end;

	/* they are sorted, and most of the time none is hit */
	while (first < s->nr_slots && s->slot[first].off + 8 <= off)
		first++;
	for (end = first; end < s->nr_slots && s->slot[end].off < off + len; )
		end++;
	if (first == end)
		return;
	memmove(&s->slot[first], &s->slot[end],
		(s->nr_slots - end) * sizeof(s->slot[0]));
	s->nr_slots = (uint8_t)(s->nr_slots - (end - first));
}

void zu_state_call(struct zu_state *s, int64_t len)
{
	zu_slot_forget(s, INT32_MIN, zu_state_floor(s) + len - INT32_MIN);
}

void zu_slot_put(struct zu_state *s, int64_t off, zu_val val)
{
	unsigned int i;

	zu_slot_forget(s, off, 8);
	if (!val || s->nr_slots == ZU_SLOTS ||
	    off < INT32_MIN || off > INT32_MAX)
		return;
	for (i = s->nr_slots; i && s->slot[i - 1].off > off; i--)
		s->slot[i] = s->slot[i - 1];
	s->slot[i] = (struct zu_slot){ .val = val, .off = (int32_t)off };
	s->nr_slots++;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The walks and the judges on any memory. Input:
 *
 *	byte 0		stacks beside the task's own, HAS_TRACING, HAS_CODE
 *	bytes 1 to 3	ksp: a stack, an offset
 *	byte 4		where the task's registers are, from where they should be
 *	byte 5		records of the tracers, four bits for each kind
 *	byte 6		the frame whose return address is turned to no text
 *	4 bytes each	records: offset of their frame, a value
 *	with code:	1 byte, how many rows and calls; see add_row(), add_call()
 *	3 bytes each	words of memory, see value()
 *
 * They have to end, to stay on the stacks, and to agree with the models.
 */
#include <stdint.h>
#include <stdlib.h>

#include "tests/make/model.h"
#include "tests/make/model_rows.h"

#define HAS_TRACING 0x80
#define HAS_CODE 0x40

#define TEXT 0x3ffe0100000ULL
#define TEXT_SIZE 0x10000
#define HANDLER (TEXT + 0x100)
#define TRAMPOLINE (TEXT + 0x200)
#define FUNCS 16
#define FUNC_SIZE 0x100
#define SWITCH_TO TEXT
#define STACKS 0x37fe0000000ULL
#define STACK_STEP 0x10000
#define STACK_SIZE 1024
#define MAX_FRAMES (2 * WORLD_STACKS * STACK_SIZE / 8)

struct input {
	const uint8_t *data;
	size_t len;
};

#define check(what)							\
	do {								\
		if (!(what))						\
			abort();					\
	} while (0)

static uint8_t next(struct input *in)
{
	if (!in->len)
		return 0;
	in->len--;
	return *in->data++;
}

static uint16_t next16(struct input *in)
{
	uint8_t high = next(in);

	return (uint16_t)(high << 8 | next(in));
}

static uint64_t in_stack(unsigned int i, uint64_t offset)
{
	return STACKS + i % WORLD_STACKS * STACK_STEP + offset;
}

/* Words that mean something are short, any other takes 8 bytes more. */
static uint64_t value(struct input *in)
{
	unsigned int kind = next(in);
	uint64_t v = next16(in);
	int i;

	switch (kind % 16) {
	case 0:
		return 0;
	case 1:
		return TEXT + v;
	case 2:
		return HANDLER;
	case 3:
		return TRAMPOLINE;
	case 4:
		return v << 48;
	case 5:
		for (i = 0; i < 6; i++)
			v = v << 8 | next(in);
		return v;
	case 6:
	case 7:
	case 8:
	case 9:
	case 10:
		return in_stack(kind % 16 - 6, v);
	default:	/* near the end, where the bounds are */
		return in_stack(kind % 16 - 11, STACK_SIZE - v % 64 * 8);
	}
}

static void add_records(struct world_record *r, unsigned int n,
			struct input *in)
{
	for (; n; n--, r++) {
		r->sp = in_stack(0, next16(in));
		r->ret = TEXT + next16(in);
	}
}

static uint64_t func(unsigned int i)
{
	return TEXT + 0x1000 + i % FUNCS * FUNC_SIZE;
}

static int32_t offset(struct input *in)
{
	return 8 * (int8_t)next(in);
}

/* As the file of a table has them: what means nothing is 0. */
static struct zu_row next_row(struct input *in)
{
	unsigned int bits = next(in), regs = next(in);
	struct zu_row row = { .kind = bits & 3 };
	int32_t cfa = offset(in), ra = offset(in), fp = offset(in);

	if (row.kind == ZU_ROW_FRAME || row.kind == ZU_ROW_REGS)
		row.cfa_off = cfa;
	if (row.kind != ZU_ROW_FRAME)
		return row;
	row.cfa_rule = bits >> 2 & 1;
	row.cfa_reg = row.cfa_rule == ZU_CFA_REG ? regs & 15 : 0;
	row.ra_place = bits >> 3 & 3;
	row.ra_reg = row.ra_place == ZU_PLACE_REG ? regs >> 4 : 0;
	row.ra_off = row.ra_place == ZU_PLACE_CFA ? ra : 0;
	row.fp_place = bits >> 5 & 3;
	row.fp_reg = row.fp_place == ZU_PLACE_REG ? regs >> 4 : 0;
	row.fp_off = row.fp_place == ZU_PLACE_CFA ? fp : 0;
	return row;
}

/* Byte 0: the function, its second half only, its memory is gone */
static void add_row(struct world_row *r, struct input *in)
{
	unsigned int head = next(in);

	r->begin = func(head) + (head & 0x10 ? FUNC_SIZE / 2 : 0);
	r->end = func(head) + FUNC_SIZE;
	r->gone = head & 0x80;
	r->row = next_row(in);
}

/* The caller and the kind of call, where in it, what is called */
static void add_call(struct world_call *c, struct input *in)
{
	unsigned int head = next(in), to;

	c->ret = func(head) + next(in);
	c->call = head >> 4 & 3;
	to = next(in);
	c->target = to & 0x80 ? SWITCH_TO : func(to) + (to & 0x70);
}

static void add_code(struct world *w, struct input *in)
{
	unsigned int nr = next(in), i;

	world_have_code(w);
	w->env.switch_to[0] = SWITCH_TO;
	w->env.ret_from_fork = func(FUNCS - 1);
	for (i = 0; i < FUNCS; i++)
		w->text[w->texts++] = (struct world_range){
			func(i), func(i) + FUNC_SIZE,
		};
	w->tails = 1;
	w->tail[0] = (struct world_tail){ func(0), func(1) };
	w->rows = nr % 16;
	w->calls = nr / 16;
	for (i = 0; i < w->rows; i++)
		add_row(&w->row[i], in);
	for (i = 0; i < w->calls; i++)
		add_call(&w->call[i], in);
}

/* Returns the number of the frame to damage. */
static unsigned int make_world(struct world *w, struct input *in)
{
	unsigned int head = next(in), i, victim;
	uint64_t at;

	world_init(w);
	for (i = 0; i <= head % WORLD_STACKS; i++)
		check(world_add_stack(w, ZU_STACK_TASK + i, in_stack(i, 0),
				      STACK_SIZE));
	w->text[0] = (struct world_range){ TEXT, TEXT + TEXT_SIZE };
	w->texts = 1;
	if (head & HAS_TRACING) {
		w->env.return_to_handler = HANDLER;
		w->env.rethook_trampoline = TRAMPOLINE;
	}
	i = next(in);
	w->task.ksp = in_stack(i, next16(in));
	w->task.regs += (uint64_t)(int8_t)next(in);
	i = next(in);
	w->shadows = i % 16;
	w->probes = i / 16;
	victim = next(in);
	add_records(w->shadow, w->shadows, in);
	add_records(w->probe, w->probes, in);
	w->hides = TEXT + 0x300;
	if (head & HAS_CODE)
		add_code(w, in);
	for (i = 0; i < w->task.nr_stacks; i++)
		for (at = 0; in->len && at < STACK_SIZE; at += 8)
			world_put(w, in_stack(i, at), value(in));
	return victim;
}

static struct zu_frame frames[MAX_FRAMES];
static struct zu_frame row_frames[MAX_FRAMES];
static struct model_spot spots[MAX_FRAMES];

static bool same_frame(const struct zu_frame *a, const struct zu_frame *b)
{
	return a->sp == b->sp && a->ip == b->ip && a->regs == b->regs &&
	       a->from == b->from && a->stack == b->stack &&
	       a->guess == b->guess;
}

static void check_rows(const struct world *w, const struct walk *walk)
{
	unsigned int i;

	check(walk->row_n <= MAX_FRAMES);
	check(walk->strict.why != ZU_WHY_NONE || !walk->row_why);
	/* registers are what a walk by rows can go through, and all */
	check(!walk->kernel.why || walk->strict.why ||
	      walk->kernel.why == ZU_WHY_EXCEPTION_FRAME);
	for (i = 0; i < walk->n; i++) {
		check(i < walk->row_n && same_frame(&frames[i], &row_frames[i]));
		if (frames[i].regs)
			break;
	}
	check(i < walk->n || (walk->n == walk->row_n &&
			      walk->why == walk->row_why &&
			      walk->at == walk->row_at));
	check((walk->strict.why == ZU_WHY_NONE) ==
	      (!walk->row_why && model_rows_judge(w, row_frames, walk->row_n)));
}

static struct walk do_walk(const struct world *w)
{
	struct walk walk = {
		.frame = frames, .row_frame = row_frames, .room = MAX_FRAMES,
	};

	walk_world(w, &walk);
	check(!walk.endless && walk.n <= MAX_FRAMES);
	check(!w->stray);
	/* ours never accept what the kernel's rules refuse */
	check(!walk.kernel.why || walk.chain.why);
	check(!walk.why || walk.kernel.why);
	if (w->env.site)
		check_rows(w, &walk);
	return walk;
}

static void compare(const struct world *w, const struct walk *walk)
{
	struct model m = { .w = w, .spot = spots, .room = MAX_FRAMES };
	unsigned int frame = 0, i;

	model_walk(&m);
	check(m.n == walk->n);
	check(m.error == (walk->why != ZU_WHY_NONE));
	for (i = 0; i < m.n; i++)
		check(spots[i].sp == frames[i].sp &&
		      spots[i].ip == frames[i].ip &&
		      spots[i].regs == frames[i].regs &&
		      spots[i].type == frames[i].stack &&
		      spots[i].reliable != frames[i].guess);
	check((model_judge(&m, &frame) != MODEL_RELIABLE) ==
	      (walk->kernel.why != ZU_WHY_NONE));
	check(!walk->kernel.why || walk->kernel.frame == frame);
}

/* A reliable walk is none any more if a return address is no text. */
static void damage(struct world *w, const struct walk *walk,
		   unsigned int victim)
{
	struct walk after;

	victim %= walk->n;
	world_put(w, frames[victim].sp + ZU_FRAME_R14, TEXT - 2);
	after = do_walk(w);
	check(after.kernel.why == ZU_WHY_NOT_TEXT);
	check(after.kernel.frame == victim);
	/* a witness may have looked at that word before */
	check(after.chain.why == ZU_WHY_NOT_TEXT || w->env.site);
	check(after.chain.why && after.chain.frame <= victim);
}

/* Nor is one by rows, whatever registers it goes through. */
static void damage_rows(struct world *w, const struct walk *walk,
			unsigned int victim)
{
	const struct zu_frame *f = &row_frames[victim % walk->row_n];
	uint64_t slot = f->sp + ZU_FRAME_R14;

	if (f->from != ZU_FROM_SWITCH && f->from != ZU_FROM_CHAIN)
		return;
	world_put(w, slot, TEXT - 2);
	check(do_walk(w).strict.why);
}

/* Memory that is missing makes the walk shorter, and never reliable. */
static void forget(struct world *w, const struct walk *walk,
		   unsigned int victim)
{
	struct walk after;

	w->hole[0].begin = in_stack(victim, victim / WORLD_STACKS * 20);
	w->hole[0].end = w->hole[0].begin + 8;
	w->holes = 1;
	after = do_walk(w);
	w->holes = 0;
	check(after.n <= walk->n);
	check(after.why == ZU_WHY_UNREADABLE ||
	      (after.n == walk->n && after.why == walk->why));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	static struct world w;
	struct walk walk;
	unsigned int victim = make_world(&w, &in);

	walk = do_walk(&w);
	compare(&w, &walk);
	forget(&w, &walk, victim);
	walk = do_walk(&w);
	if (!walk.chain.why)
		damage(&w, &walk, victim);
	else if (!walk.strict.why)
		damage_rows(&w, &walk, victim);
	world_deinit(&w);
	return 0;
}

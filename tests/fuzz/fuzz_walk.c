/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The walk and the judges on any memory. Input:
 *
 *	byte 0		stacks beside the task's own, and whether tracing exists
 *	bytes 1 to 3	ksp: a stack, an offset
 *	byte 4		where the task's registers are, from where they should be
 *	byte 5		records of the tracers, four bits for each kind
 *	byte 6		the frame whose return address is turned to no text
 *	4 bytes each	records: offset of their frame, a value
 *	3 bytes each	words of memory, see value()
 *
 * Both have to end, to stay on the stacks, and to agree with the model.
 */
#include <stdint.h>
#include <stdlib.h>

#include "tests/make/model.h"

#define TEXT 0x3ffe0100000ULL
#define TEXT_SIZE 0x10000
#define HANDLER (TEXT + 0x100)
#define TRAMPOLINE (TEXT + 0x200)
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
	if (head & 0x80) {
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
	for (i = 0; i < w->task.nr_stacks; i++)
		for (at = 0; in->len && at < STACK_SIZE; at += 8)
			world_put(w, in_stack(i, at), value(in));
	return victim;
}

static struct zu_frame frames[MAX_FRAMES];
static struct model_spot spots[MAX_FRAMES];

static struct walk do_walk(const struct world *w)
{
	struct walk walk = { .frame = frames, .room = MAX_FRAMES };

	walk_world(w, &walk);
	check(!walk.endless && walk.n <= MAX_FRAMES);
	check(!w->stray);
	/* ours never accept what the kernel's rules refuse */
	check(!walk.kernel.why || walk.strict.why);
	check(!walk.why || walk.kernel.why);
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
	check(after.strict.why == ZU_WHY_NOT_TEXT);
	check(after.kernel.why == ZU_WHY_NOT_TEXT);
	check(after.strict.frame == victim && after.kernel.frame == victim);
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
	if (!walk.strict.why)
		damage(&w, &walk, victim);
	world_deinit(&w);
	return 0;
}

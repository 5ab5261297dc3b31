/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bench/corruption: real stacks with one word changed. What the files share.
 *
 *	corruption.c		options, the draws
 *	corruption_source.c	a source: its stacks, their words, what to put in
 *	corruption_try.c	one change: both walks and verdicts
 *	corruption_sums.c	what came of them
 *	corruption_cause.c	changes that strict rules did not notice: why not
 */
#ifndef ZU_BENCH_CORRUPTION_H
#define ZU_BENCH_CORRUPTION_H

#include "core/bytes.h"
#include "kern/kernel.h"
#include "zunwind/trace.h"

#define RULES 2	/* enum zu_rules */

/* Which word is changed, by what a walk takes it for */
enum place {
	PLACE_R14,	/* a return address */
	PLACE_CHAIN,
	PLACE_END,	/* the 0 at the end of the chain */
	PLACE_REGS,	/* of the registers that an interrupt saved */
	PLACE_R11,	/* a frame pointer, where the code keeps it */
	PLACE_OTHER,	/* not looked at */
	PLACES,
};

/* What is put there */
enum kind {
	KIND_RANDOM,
	KIND_ABOVE,	/* an address in the same stack */
	KIND_BELOW,
	KIND_TEXT,
	KIND_MIDDLE,	/* of a function */
	KIND_WALKED,	/* a return address of a task of the same source */
	KIND_CALL,	/* an address behind any call */
	KIND_SKIP,	/* the caller's back chain: leaves out a frame */
	KIND_AIMED,	/* an address behind another call of the same function */
	KINDS,
};

struct pool {
	uint64_t *addr;
	size_t n;
	size_t cap;
};

struct word {
	uint64_t addr;
	uint64_t old;
	enum place place;
	size_t frame;	/* of the walk by strict rules */
};

/* A task whose stack is reliable by strict rules */
struct victim {
	struct zu_task task;
	struct zu_frame *frame;
	size_t nr_frames;
	struct pool list[RULES];	/* functions, by each one's walk */
	struct word *word;	/* by place */
	size_t nr_words;
	size_t first[PLACES + 1];
};

struct function {
	uint64_t start;
	uint64_t size;
};

struct call {
	uint64_t target;	/* 0: what a register holds */
	uint64_t ret;		/* the address behind it */
};

struct source {
	const char *name;
	struct zu_kernel *k;
	struct zu_trace trace;

	/* between the kernel and its memory */
	struct zu_memory below;
	uint64_t at;		/* 0: nothing is changed */
	uint8_t value[8];
	struct pool *reads;	/* told of addresses and lengths, or NULL */

	struct victim *victim;
	size_t nr_victims;
	size_t cap_victims;
	struct function *function;
	size_t nr_functions;
	size_t cap_functions;
	struct pool walked;
	struct call *call;	/* by target */
	size_t nr_calls;
	size_t cap_calls;
};

struct change {
	const struct victim *victim;
	const struct word *word;
	enum kind kind;
	uint64_t value;
};

struct outcome {
	bool other[RULES];	/* functions than before */
	struct zu_verdict verdict[RULES];
};

void die(const char *fmt, ...) __attribute__((noreturn, format(printf, 1, 2)));
void pool_add(struct pool *p, uint64_t addr);

/* Without code there are no victims */
void source_open(struct source *s, const char *path);
void source_close(struct source *s);

/* All calls of a function */
const struct call *calls_of(const struct source *s, uint64_t target,
			    size_t *n);

uint64_t function_of(struct source *s, const struct zu_frame *f);
void change_try(struct source *s, const struct change *c,
		struct outcome *ret);
void change_put(struct source *s, const struct change *c);
void change_undo(struct source *s);

void sums_add(const struct change *c, const struct outcome *o);
void sums_print(void);

/* Of changes that made other functions, and are reliable by strict rules */
void cause_add(struct source *s, const struct change *c);
void causes_print(void);

extern const char *const place_name[PLACES];
extern const char *const kind_name[KINDS];

#endif

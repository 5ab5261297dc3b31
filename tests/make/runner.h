/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A task of a made kernel that runs: it does what __schedule() and
 * finish_task() do (kernel/sched/core.c, 6.12 to 7.2), one step after the other. When
 * it is off its CPU its stack is one of two.
 *
 * This and tests/make/fakekernel.h must be included by tests that use it.
 */
#ifndef ZU_TESTS_MAKE_RUNNER_H
#define ZU_TESTS_MAKE_RUNNER_H

#include "tests/make/fakekernel.h"
#include "zunwind/trace.h"

#define FK_RUNNER_FRAMES 8

/**
 * enum fk_step - of one run: on a CPU; outer frames; inner frames; counted; registers
 * saved in the innermost one, by __switch_to_asm(); ksp; off the CPU
 */
enum fk_step {
	FK_ON, FK_OUTER, FK_INNER, FK_COUNT, FK_SAVE, FK_KSP, FK_OFF, FK_STEPS
};

/**
 * struct fk_runner_stack - a stack as the task may leave it behind
 * @word: its bytes, from its lowest address on
 * @ksp: where it begins
 * @ip: of its frames, innermost first
 * @frames: how many
 *
 * Both are of the same size, so a mixture of them would look right.
 */
struct fk_runner_stack {
	uint64_t word[FK_STACK_SIZE / 8];
	uint64_t ksp;
	uint64_t ip[FK_RUNNER_FRAMES];
	unsigned int frames;
};

/**
 * struct fk_runner - a task that runs
 * @fk: its kernel
 * @task: the task
 * @stack: the two
 * @which: the one it has, or is making
 * @step: which comes next
 * @counter: the count that goes up: "nvcsw" or "nivcsw"
 * @leftover: an address in code, where registers are not saved yet
 */
struct fk_runner {
	struct fk *fk;
	struct fk_task *task;
	struct fk_runner_stack stack[2];
	unsigned int which;
	enum fk_step step;
	const char *counter;
	uint64_t leftover;
};

/**
 * fk_runner_init() - a task that is off its CPU, with the first stack
 * @r: the task
 * @fk: its kernel
 * @leader: whose thread it is, or NULL
 * @comm: its name
 * @pid: its number
 * @code: an address in code for each stack, by which they are told from all others;
 *	what is 0x20 behind it is a leftover
 */
void fk_runner_init(struct fk_runner *r, struct fk *fk,
		    struct fk_task *leader, const char *comm, int pid,
		    uint64_t code);

/**
 * fk_runner_rest() - off its CPU, at once
 * @r: the task
 * @which: with this stack
 */
void fk_runner_rest(struct fk_runner *r, unsigned int which);

/**
 * fk_runner_step() - the next step
 * @r: the task
 */
void fk_runner_step(struct fk_runner *r);

/**
 * fk_runner_stack_of() - whose stack is it?
 * @r: the task
 * @t: a walk
 *
 * Return: number of the stack whose frames these are; -1: neither.
 */
int fk_runner_stack_of(const struct fk_runner *r, const struct zu_trace *t);

#endif

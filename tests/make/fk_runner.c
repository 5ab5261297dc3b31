/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/make/runner.h"

#include "core/frame_s390x.h"

static void put_words(const struct fk_runner *r,
		      const struct fk_runner_stack *s, uint64_t from,
		      uint64_t to)
{
	uint64_t addr;

	for (addr = from; addr < to; addr += 8)
		fk_put(r->fk, addr, 8, s->word[(addr - r->task->stack) / 8]);
}

static void put_frames(const struct fk_runner *r,
		       const struct fk_runner_stack *s, enum fk_step part)
{
	uint64_t end = r->task->stack + FK_STACK_SIZE;
	uint64_t middle = s->ksp / 2 + end / 2;
	uint64_t saved = s->ksp + ZU_FRAME_R14 + 16;

	middle -= middle % 8;
	if (part == FK_OUTER)
		put_words(r, s, middle, end);
	else if (part == FK_INNER)
		put_words(r, s, saved, middle);
	else
		put_words(r, s, s->ksp, saved);
}

/* What other calls left where registers are going to be saved */
static void put_leftovers(const struct fk_runner *r,
			  const struct fk_runner_stack *s)
{
	fk_put(r->fk, s->ksp + ZU_FRAME_R14, 8, r->leftover);
}

void fk_runner_rest(struct fk_runner *r, unsigned int which)
{
	put_frames(r, &r->stack[which], FK_OUTER);
	put_frames(r, &r->stack[which], FK_INNER);
	put_frames(r, &r->stack[which], FK_SAVE);
	fk_set_task(r->task, "thread.ksp", r->stack[which].ksp);
	fk_set_task(r->task, "on_cpu", 0);
	r->which = which;
	r->step = FK_ON;
}

void fk_runner_step(struct fk_runner *r)
{
	switch (r->step) {
	case FK_ON:
		fk_set_task(r->task, "on_cpu", 1);
		r->which = !r->which;
		break;
	case FK_INNER:
		put_leftovers(r, &r->stack[r->which]);
		/* fall through */
	case FK_OUTER:
	case FK_SAVE:
		put_frames(r, &r->stack[r->which], r->step);
		break;
	case FK_COUNT:
		fk_set_task(r->task, r->counter,
			    fk_read(r->fk, r->task->addr, "task_struct",
				    r->counter) + 1);
		break;
	case FK_KSP:
		fk_set_task(r->task, "thread.ksp", r->stack[r->which].ksp);
		break;
	default:
		fk_set_task(r->task, "on_cpu", 0);
	}
	r->step = (r->step + 1) % FK_STEPS;
}

static void keep_stack(struct fk_runner *r, struct fk_runner_stack *s)
{
	unsigned int i;
	uint64_t sp;

	for (i = 0; i < FK_STACK_SIZE / 8; i++)
		s->word[i] = fk_get(r->fk, r->task->stack + i * 8, 8);
	s->ksp = r->task->sp;
	for (sp = s->ksp; sp;
	     sp = fk_get(r->fk, sp + ZU_FRAME_BACK_CHAIN, 8))
		s->ip[s->frames++] = fk_get(r->fk, sp + ZU_FRAME_R14, 8);
}

static void make_stack(struct fk_runner *r, const char *const *place,
		       uint64_t code, struct fk_runner_stack *s)
{
	uint64_t top = r->task->sp;

	for (; *place; place++)
		fk_frame(r->task, *place);
	fk_frame_at(r->task, code, 168);
	fk_frame(r->task, "schedule");
	fk_frame(r->task, "__schedule");
	keep_stack(r, s);
	r->task->sp = top;
	r->task->frames = 0;
}

void fk_runner_init(struct fk_runner *r, struct fk *fk,
		    struct fk_task *leader, const char *comm, int pid,
		    uint64_t code)
{
	static const char *const one[] = {
		"system_call+0x78", "__do_syscall", "do_read", NULL,
	};
	static const char *const two[] = {
		"system_call+0x78", "__do_syscall", "do_write", NULL,
	};

	*r = (struct fk_runner){ .fk = fk, .counter = "nvcsw" };
	r->leftover = code + 0x20;
	r->task = leader ? fk_thread(leader, comm, pid) :
			   fk_task(fk, comm, pid);
	fk_put(fk, fk_task_regs(r->task) + ZU_REGS_PSW_MASK, 8,
	       0x0705200180000000ULL);
	make_stack(r, one, code, &r->stack[0]);
	make_stack(r, two, code + 0x10, &r->stack[1]);
	fk_runner_rest(r, 0);
}

int fk_runner_stack_of(const struct fk_runner *r, const struct zu_trace *t)
{
	unsigned int which;
	size_t i;

	for (which = 0; which < 2; which++) {
		const struct fk_runner_stack *s = &r->stack[which];

		if (t->nr_frames != s->frames || t->task.ksp != s->ksp)
			continue;
		for (i = 0; i < s->frames; i++)
			if (t->frames[i].ip != s->ip[i])
				break;
		if (i == s->frames)
			return (int)which;
	}
	return -1;
}

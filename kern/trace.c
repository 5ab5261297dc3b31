/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "zunwind/trace.h"

#include <stdlib.h>

#include "core/frame_s390x.h"
#include "kern/fresh.h"
#include "kern/read.h"
#include "kern/recover.h"
#include "kern/rows.h"
#include "util/fail.h"
#include "util/grow.h"

/* What the functions of the walk need to know. */
struct walk {
	struct zu_kernel *k;
	uint64_t task;
	uint64_t rethook_trampoline;
	uint64_t inner;	/* the frame before, for hides_caller() */
	bool boot_idle;
};

static int walk_read(void *ctx, uint64_t addr, void *buf, size_t len)
{
	struct walk *w = ctx;

	return zu_memory_read(&w->k->mem, addr, buf, len);
}

static bool walk_is_text(void *ctx, uint64_t addr)
{
	struct walk *w = ctx;

	return zu_text_find(&w->k->text, addr);
}

/*
 * unwind_recover_ret_addr() in arch/s390/include/asm/unwind.h. Where records
 * can't be read the answer is 0, which no rules accept.
 */
static uint64_t walk_recover(void *ctx, struct zu_cursor *cursor, uint64_t ip,
			     uint64_t sp, enum zu_from *from)
{
	struct walk *w = ctx;

	if (ip && ip == w->k->global[ZU_G_return_to_handler]) {
		*from = ZU_FROM_FGRAPH;
		if (zu_fgraph_recover(w->k, w->task, &cursor->fgraph, sp, &ip))
			return 0;
	}
	if (ip && ip == w->rethook_trampoline) {
		*from = ZU_FROM_RETHOOK;
		if (zu_rethook_recover(w->k, w->task, false, &cursor->rethook,
				       sp, w->rethook_trampoline, &ip))
			return 0;
	}
	return ip;
}

static bool walk_hides_caller(void *ctx, const struct zu_frame *frame)
{
	struct walk *w = ctx;

	return zu_hides_caller(w->k, frame, w->inner);
}

/* The boot CPU's idle task still returns, in theory, to code that was freed. */
static void walk_site(void *ctx, uint64_t ip, bool exact, struct zu_site *ret)
{
	struct walk *w = ctx;

	zu_site(w->k, ip, exact, ret);
	ret->gone &= w->boot_idle;
}

static bool walk_leads_to(void *ctx, uint64_t target, uint64_t func)
{
	struct walk *w = ctx;

	return zu_leads_to(w->k, target, func);
}

static int add_frame(struct zu_trace *t, const struct zu_frame *f,
		     struct zu_error *err)
{
	struct zu_frame *p;

	p = zu_grow(t->frames, t->nr_frames, &t->cap_frames, sizeof(*p));
	if (!p)
		return zu_fail_nomem(err);
	t->frames = p;
	t->frames[t->nr_frames++] = *f;
	return 0;
}

static struct zu_verdict verdict(const struct zu_judge *j)
{
	return (struct zu_verdict){
		.kind = j->why ? ZU_UNRELIABLE : ZU_RELIABLE,
		.why = j->why,
		.frame = j->why ? (j->frames ? (int)j->frame : -1) : 0,
		.at = j->at,
	};
}

/* One walk for both judges. @regs: there are saved registers on the way */
static int walk_chain(struct zu_trace *t, const struct zu_unwind_env *env,
		      const struct zu_unwind_task *task, struct walk *w,
		      bool *regs, struct zu_error *err)
{
	struct zu_judge strict, kernel;
	struct zu_unwind u;

	zu_judge_init(&strict, ZU_RULES_STRICT);
	zu_judge_init(&kernel, ZU_RULES_KERNEL);
	zu_for_each_frame(&u, env, task) {
		int ret = add_frame(t, &u.frame, err);

		if (ret)
			return ret;
		*regs |= u.frame.regs != 0;
		zu_judge_frame(&kernel, &u);
		zu_judge_frame(&strict, &u);
		if (!kernel.why)
			t->kernel_entries = kernel.frames;
		w->inner = u.frame.ip;
	}
	zu_judge_end(&kernel, &u);
	zu_judge_end(&strict, &u);
	/* the entry that fills the array is stored, and refused */
	if (kernel.why == ZU_WHY_TOO_DEEP)
		t->kernel_entries = ZU_MAX_ENTRIES;
	t->kernel = verdict(&kernel);
	t->strict = verdict(&strict);
	return 0;
}

/* Once more, by rows: what strict rules see behind saved registers */
static int walk_rows(struct zu_trace *t, const struct zu_unwind_env *env,
		     const struct zu_unwind_task *task, struct walk *w,
		     struct zu_error *err)
{
	bool show = t->rules == ZU_RULES_STRICT;
	struct zu_judge strict;
	struct zu_unwind u;

	if (show)
		t->nr_frames = 0;
	w->inner = 0;
	zu_judge_init(&strict, ZU_RULES_STRICT);
	for (zu_unwind_start_rows(&u, env, task); !zu_unwind_done(&u);
	     zu_unwind_next(&u)) {
		int ret = show ? add_frame(t, &u.frame, err) : 0;

		if (ret)
			return ret;
		zu_judge_frame(&strict, &u);
		w->inner = u.frame.ip;
	}
	zu_judge_end(&strict, &u);
	t->strict = verdict(&strict);
	return 0;
}

static int walk_stack(struct zu_trace *t, const struct zu_unwind_env *env,
		      const struct zu_unwind_task *task, struct walk *w,
		      struct zu_error *err)
{
	bool regs = false;
	int ret = walk_chain(t, env, task, w, &regs, err);

	if (ret || !regs || !env->site)
		return ret;
	return walk_rows(t, env, task, w, err);
}

/*
 * The saved stack pointer of a CPU's idle task is from before the CPU went
 * offline: it will start anew, so what the stack holds is not what it returns
 * to. One that never ran has nothing but its start.
 */
static bool is_leftover(const struct zu_kernel *k, const struct zu_task *task,
			const struct zu_trace *t)
{
	return task->offline &&
	       !(t->nr_frames == 1 && k->global[ZU_G_ret_from_fork] &&
		 t->frames[0].ip == k->global[ZU_G_ret_from_fork]);
}

static struct zu_verdict bad_start(const struct zu_trace *t,
				   const struct zu_task *task)
{
	return (struct zu_verdict){
		.kind = ZU_UNRELIABLE,
		.why = ZU_WHY_BAD_START,
		.frame = t->nr_frames ? 0 : -1,
		.at = task->ksp,
	};
}

static int trace_still(struct zu_trace *t, struct zu_kernel *k,
		       const struct zu_task *task, struct zu_error *err)
{
	struct walk w = {
		.k = k,
		.task = task->address,
		.boot_idle = task->address == k->global[ZU_G_init_task],
		.rethook_trampoline = zu_rethook_trampoline(k),
	};
	struct zu_unwind_env env = {
		.read = walk_read,
		.is_text = walk_is_text,
		.recover = walk_recover,
		.hides_caller = walk_hides_caller,
		.text = { k->global[ZU_G__stext], k->global[ZU_G__etext] },
		.return_to_handler = k->global[ZU_G_return_to_handler],
		.rethook_trampoline = w.rethook_trampoline,
		.site = k->rows ? walk_site : NULL,
		.leads_to = walk_leads_to,
		.ret_from_fork = k->global[ZU_G_ret_from_fork],
		.switch_to = {
			k->global[ZU_G___switch_to],
			k->global[ZU_G___switch_to_asm],
		},
		.regs_size = k->layout.place[ZU_F_pt_regs].size,
	};
	struct zu_stack stack = {
		.begin = task->stack,
		.end = task->stack + k->about.stack_size,
		.type = ZU_STACK_TASK,
	};
	struct zu_unwind_task what = {
		.ctx = &w,
		.ksp = task->ksp,
		.regs = stack.end - env.regs_size,
		.stacks = &stack,
		.nr_stacks = 1,
		.idle = task->idle,
	};
	int ret;

	t->nr_frames = 0;
	t->kernel_entries = 0;
	t->strict = t->kernel = (struct zu_verdict){
		.kind = task->running ? ZU_RUNNING : ZU_RELIABLE,
	};
	/* stack_trace_save_tsk_reliable(): no stack is reliably empty */
	if (task->running)
		return 0;
	if (!task->has_stack) {
		/* but only a task that has ended can have lost it */
		if (!task->exited)
			t->strict = bad_start(t, task);
		return 0;
	}
	ret = walk_stack(t, &env, &what, &w, err);
	if (!ret)
		ret = zu_image_check(k->image, err);
	if (ret)
		return ret;
	if (is_leftover(k, task, t))
		t->strict = bad_start(t, task);
	return 0;
}

static void set_changed(struct zu_trace *t)
{
	t->nr_frames = 0;
	t->kernel_entries = 0;
	t->strict = t->kernel = (struct zu_verdict){
		.kind = ZU_UNRELIABLE,
		.why = ZU_WHY_CHANGED,
		.frame = -1,
		.at = t->task.ksp,
	};
}

/* A look counts if the task did not run meanwhile. */
static int trace_changing(struct zu_trace *t, struct zu_kernel *k,
			  const struct zu_task *task, struct zu_error *err)
{
	struct zu_stamp stamp;
	int i, ret;

	for (i = 0; i < ZU_TRACE_TRIES; i++) {
		if (!zu_fresh_begin(k, task, &t->task, &stamp)) {
			t->task = *task;
			t->gone = true;
			return 0;
		}
		t->switches = stamp.voluntary + stamp.involuntary;
		ret = trace_still(t, k, &t->task, err);
		if (ret || t->task.running || zu_fresh_end(k, t, &stamp))
			return ret;
	}
	set_changed(t);
	return 0;
}

int zu_trace_task(struct zu_trace *t, struct zu_kernel *k,
		  const struct zu_task *task, struct zu_error *err)
{
	t->task = *task;
	t->gone = false;
	t->switches = 0;
	t->nr_frames = 0;
	return k->image->kind->changes ? trace_changing(t, k, task, err) :
	       trace_still(t, k, task, err);
}

void zu_trace_deinit(struct zu_trace *t)
{
	free(t->frames);
	*t = (struct zu_trace)ZU_TRACE_INIT;
}

const char *zu_verdict_word(enum zu_verdict_kind kind)
{
	switch (kind) {
	case ZU_RELIABLE:
		return "reliable";
	case ZU_UNRELIABLE:
		return "unreliable";
	case ZU_RUNNING:
		return "running";
	}
	return "unknown";
}

/* Places that are a function's start and no return address of a call */
static bool is_exact(const struct zu_kernel *k, const struct zu_frame *f)
{
	return f->regs || f->ip == k->global[ZU_G_ret_from_fork] ||
	       f->ip == k->global[ZU_G_return_to_handler] ||
	       f->ip == zu_rethook_trampoline(k);
}

bool zu_frame_symbol(struct zu_kernel *k, const struct zu_frame *f,
		     struct zu_symbol *ret)
{
	return f->ip && zu_kernel_symbol(k, is_exact(k, f) ? f->ip :
					 f->ip - 1, ret);
}

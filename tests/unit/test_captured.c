/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A capture of a kernel says of every task what its dump says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/frame_s390x.h"
#include "tests/make/bytes.h"
#include "tests/make/fakekernel_check.h"
#include "zunwind/capture.h"

#define NOWHERE UINT64_C(0x2345678000)

/* One of everything that a stack can have */
static struct fk *make_tasks(enum fk_release r)
{
	struct fk *fk = fk_new(r);
	struct fk_task *t = fk_task(fk, "sleeper", 1);

	fk_sleep(t);
	fk_sleep(fk_thread(t, "thread", 2));
	fk_kthread(fk_task(fk, "kthreadd", 3));
	fk_never_ran(fk_task(fk, "fresh", 4));
	fk_never_ran(fk_cpu(fk, 2, false));
	fk_sleep(fk_cpu(fk, 3, false));
	t = fk_task(fk, "zombie", 5);
	fk_set_task(t, "stack", 0);
	fk_set_task(t, "exit_state", 0x20);
	t = fk_task(fk, "running", 6);
	fk_sleep(t);
	fk_run(t, 1);
	t = fk_task(fk, "\x01\xff\"\\\n", 7);
	fk_frame(t, "system_call");
	fk_interrupt(t, "loop+0", "ext_int_handler");
	fk_frame(t, "__schedule");
	return fk;
}

static void add_code(struct fk *fk)
{
	uint64_t page = fk_valloc(fk, 4096);
	struct fk_task *t = fk_task(fk, "code", 10);
	struct fk_module m;

	fk_module(fk, &m, "a_module");
	fk_module_symbol(&m, "function", m.text, 1);
	fk_module_symbol(&m, "trampoline", m.text + 0x100, 1);
	fk_direct(fk, fk_func(fk, "traced"), m.text + 0x100);
	fk_bpf(fk, "bpf_prog_1", page, 0x80, true);
	fk_frame(t, "system_call");
	fk_frame_at(t, m.text + 0x10, 160);
	fk_frame_at(t, page + 0x80, 160);
	fk_frame_at(t, fk_kprobe_page(fk) + 8, 160);
	fk_frame(t, "__schedule");

	t = fk_task(fk, "direct", 11);
	fk_frame(t, "system_call");
	fk_frame_at(t, m.text + 0x110, 160);
	fk_frame(t, "__schedule");

	t = fk_task(fk, "fentry", 12);
	fk_bpf_trampoline(fk, page + 0x100, 0x100, "traced", 0x80);
	fk_frame(t, "system_call");
	fk_frame_at(t, page + 0x140, 160);
	fk_frame(t, "__schedule");

	t = fk_task(fk, "fexit", 13);
	fk_frame(t, "system_call");
	fk_frame_at(t, page + 0x17a, 160);
	fk_frame(t, "traced");
	fk_frame(t, "__schedule");
}

static void add_traced(struct fk *fk)
{
	struct fk_task *t = fk_task(fk, "traced", 20);

	fk_frame(t, "system_call");
	fk_kretprobe(t);
	fk_fgraph(t);
	fk_frame(t, "outer");
	fk_fgraph(t);
	fk_fgraph(t);
	fk_frame(t, "inner");
	fk_kretprobe(t);
	fk_frame(t, "__schedule");

	t = fk_task(fk, "unresolved", 21);
	fk_frame(t, "system_call");
	fk_fgraph(t);
	fk_frame(t, "outer");
	fk_kretprobe(t);
	fk_frame(t, "__schedule");
	fk_set_task(t, "curr_ret_stack", 0);
	fk_set_task(t, fk_has(fk, "task_struct", "rethooks") ?
		    "rethooks.first" : "kretprobe_instances.first", NOWHERE);
}

/* What can't be read in the dump can't be read in the capture. */
static void add_damaged(struct fk *fk)
{
	struct fk_task *t = fk_task(fk, "no memory", 30);

	fk_frame(t, "system_call");
	fk_frame_at(t, fk_func(fk, "wide") + 8, 160);
	fk_frame_at(t, fk_func(fk, "wide") + 8, 4096);
	fk_frame_at(t, fk_func(fk, "wide") + 8, 4096);
	fk_forget(fk, t->sp + 4096);
	t = fk_task(fk, "no shadow", 31);
	fk_frame(t, "system_call");
	fk_fgraph(t);
	fk_frame(t, "__schedule");
	fk_set_task(t, "ret_stack", NOWHERE);
	t = fk_task(fk, "no stack", 32);
	fk_set_task(t, "stack", NOWHERE);
	fk_set_task(t, "thread.ksp", NOWHERE + 0x3000);
	t = fk_task(fk, "garbage", 33);
	fk_frame(t, "system_call");
	fk_frame_at(t, 0x4711, 160);
	fk_frame(t, "__schedule");
	fk_set_task(t, "thread.ksp", t->sp + 4);
}

static void assert_same_symbol(struct zu_kernel *a, struct zu_kernel *b,
			       const struct zu_frame *f)
{
	struct zu_symbol x = { 0 }, y = { 0 };

	assert_int_equal(zu_frame_symbol(a, f, &x), zu_frame_symbol(b, f, &y));
	assert_int_equal(x.start, y.start);
	assert_int_equal(x.size, y.size);
	assert_string_equal(x.name ? x.name : "", y.name ? y.name : "");
	assert_string_equal(x.module ? x.module : "", y.module ? y.module : "");
}

static void assert_same_frame(const struct zu_frame *x,
			      const struct zu_frame *y)
{
	assert_int_equal(x->sp, y->sp);
	assert_int_equal(x->ip, y->ip);
	assert_int_equal(x->regs, y->regs);
	assert_int_equal(x->from, y->from);
	assert_int_equal(x->stack, y->stack);
	assert_int_equal(x->guess, y->guess);
}

static void assert_same_verdict(const struct zu_verdict *x,
				const struct zu_verdict *y)
{
	assert_int_equal(x->kind, y->kind);
	assert_int_equal(x->why, y->why);
	assert_int_equal(x->frame, y->frame);
	assert_int_equal(x->at, y->at);
}

static void assert_same_task(const struct zu_task *x, const struct zu_task *y)
{
	assert_int_equal(x->address, y->address);
	assert_int_equal(x->pid, y->pid);
	assert_int_equal(x->tgid, y->tgid);
	assert_string_equal(x->comm, y->comm);
	assert_int_equal(x->state, y->state);
	assert_int_equal(x->cpu, y->cpu);
	assert_int_equal(x->running, y->running);
	assert_int_equal(x->idle, y->idle);
	assert_int_equal(x->offline, y->offline);
	assert_int_equal(x->has_stack, y->has_stack);
	assert_int_equal(x->stack, y->stack);
	assert_int_equal(x->ksp, y->ksp);
}

/* Returns the verdict of one. */
static enum zu_why compare_task(struct zu_kernel *a, struct zu_kernel *b,
				size_t i)
{
	struct zu_trace s = ZU_TRACE_INIT, t = ZU_TRACE_INIT;
	struct zu_task x, y;
	struct zu_error err;
	enum zu_why why;
	size_t n;

	assert_int_equal(zu_kernel_task(a, i, &x, &err), 0);
	assert_int_equal(zu_kernel_task(b, i, &y, &err), 0);
	assert_same_task(&x, &y);
	assert_int_equal(zu_trace_task(&s, a, &x, &err), 0);
	assert_int_equal(zu_trace_task(&t, b, &y, &err), 0);
	assert_same_verdict(&s.strict, &t.strict);
	assert_same_verdict(&s.kernel, &t.kernel);
	assert_int_equal(s.kernel_entries, t.kernel_entries);
	assert_int_equal(s.nr_frames, t.nr_frames);
	for (n = 0; n < s.nr_frames; n++) {
		assert_same_frame(&s.frames[n], &t.frames[n]);
		assert_same_symbol(a, b, &s.frames[n]);
	}
	why = s.strict.why;
	zu_trace_deinit(&s);
	zu_trace_deinit(&t);
	return why;
}

static struct zu_kernel *open_capture(const char *source)
{
	char folder[] = "/tmp/zunwind-test-XXXXXX", path[64];
	struct zu_capture_info info = { 0 };
	struct zu_error err = { 0 };
	struct zu_kernel *k = NULL;

	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/made.zuc", folder);
	if (zu_capture_make(source, NULL, path, &info, &err) ||
	    zu_kernel_open(path, NULL, &k, &err))
		fail_msg("%s", err.text);
	assert_int_equal(info.tasks, zu_kernel_task_count(k));
	unlink(path);
	rmdir(folder);
	return k;
}

static void a_capture_says_the_same(void **state)
{
	unsigned int seen[ZU_WHY_COUNT];
	enum fk_release r;
	size_t i, n;

	(void)state;
	if (!ZU_HAVE_ZSTD)
		skip();
	fk_for_each_release(r) {
		struct fk *fk = make_tasks(r);
		struct zu_kernel *dump, *capture;
		struct mk file;

		if (r != FK_6_1)
			add_code(fk);
		add_traced(fk);
		add_damaged(fk);
		fk_dump(fk, &file);
		dump = fk_open(fk);
		capture = open_capture(mk_file(&file));
		memset(seen, 0, sizeof(seen));
		n = zu_kernel_task_count(dump);
		assert_int_equal(n, zu_kernel_task_count(capture));
		for (i = 0; i < n; i++)
			seen[compare_task(dump, capture, i)]++;
		assert_int_equal(seen[ZU_WHY_UNREADABLE], 2);
		assert_int_equal(seen[ZU_WHY_HIDDEN_CALLER], r == FK_6_1 ? 0 : 2);
		zu_kernel_close(dump);
		zu_kernel_close(capture);
		mk_free(&file);
		fk_free(fk);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_capture_says_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Return addresses that return probes replaced: rethook_find_ret_addr() in
 * kernel/trace/rethook.c, in 6.1 kretprobe_find_ret_addr() in
 * kernel/kprobes.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/make/fakekernel_check.h"

#define NOWHERE UINT64_C(0x2345678000)
#define FOUND "__schedule outer_call caller system_call"
#define LOST "__schedule ? caller system_call"

/* The task is in a function that outer_call() called, and that is probed. */
static struct fk_task *make(enum fk_release release)
{
	struct fk_task *t = fk_task(fk_new(release), "probed", 1);

	fk_frame(t, "system_call");
	fk_frame(t, "caller");
	fk_frame(t, "outer_call");
	return t;
}

static void end(struct fk_task *t)
{
	fk_free(t->fk);
}

static bool is_old(struct fk_task *t)
{
	return !fk_has(t->fk, "task_struct", "rethooks");
}

static const char *record_type(struct fk_task *t)
{
	return is_old(t) ? "kretprobe_instance" : "rethook_node";
}

static const char *head_of(struct fk_task *t)
{
	return is_old(t) ? "kretprobe_instances.first" : "rethooks.first";
}

static void set_record(struct fk_task *t, uint64_t record, uint64_t ret,
		       uint64_t sp)
{
	fk_set(t->fk, record, record_type(t), "ret_addr", ret);
	fk_set(t->fk, record, record_type(t), is_old(t) ? "fp" : "frame", sp);
}

static uint64_t node_of(struct fk_task *t, uint64_t record)
{
	return record + fk_offset(t->fk, record_type(t), "llist");
}

static uint64_t trampoline(struct fk_task *t)
{
	return fk_address(t->fk, is_old(t) ? "__kretprobe_trampoline" :
					     "arch_rethook_trampoline");
}

static void finds_the_address(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = make(r);

		fk_kretprobe(t);
		fk_frame(t, "__schedule");
		fk_expect(t, "reliable", "reliable", FOUND);
		end(t);
	}
}

static void says_where_it_was_found(void **state)
{
	struct fk_task *t = make(FK_6_12);
	struct zu_trace trace = ZU_TRACE_INIT;
	struct zu_error err = { 0 };
	struct zu_task task;
	struct zu_kernel *k;

	(void)state;
	fk_kretprobe(t);
	fk_frame(t, "__schedule");
	k = fk_open(t->fk);
	fk_find(k, t, &task);
	assert_int_equal(zu_trace_task(&trace, k, &task, &err), 0);
	assert_int_equal(trace.nr_frames, 4);
	assert_int_equal(trace.frames[1].from, ZU_FROM_RETHOOK);
	assert_int_equal(trace.frames[2].from, ZU_FROM_CHAIN);
	zu_trace_deinit(&trace);
	zu_kernel_close(k);
	end(t);
}

static void finds_several(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = make(r);

		fk_kretprobe(t);
		fk_frame(t, "middle");
		fk_kretprobe(t);
		fk_frame(t, "inner");
		fk_kretprobe(t);
		fk_frame(t, "__schedule");
		fk_expect(t, "reliable", "reliable",
			  "__schedule inner middle outer_call caller system_call");
		end(t);
	}
}

/* Two probes of one function: only the first one saw the real address. */
static void skips_records_of_trampolines(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = make(r);

		fk_kretprobe(t);
		fk_kretprobe(t);
		fk_frame(t, "inner");
		fk_kretprobe(t);
		fk_kretprobe(t);
		fk_kretprobe(t);
		fk_frame(t, "__schedule");
		fk_expect(t, "reliable", "reliable",
			  "__schedule inner outer_call caller system_call");
		end(t);
	}
}

static void without_a_match_there_is_no_address(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = make(r);
		uint64_t sp = t->sp, record = fk_kretprobe(t);
		uint64_t ret = fk_func(t->fk, "outer_call") + 0x40;

		fk_frame(t, "__schedule");
		set_record(t, record, ret, sp + 8);
		fk_expect(t, "unresolved-rethook", "unresolved-rethook", LOST);
		set_record(t, record, trampoline(t), sp);
		fk_expect(t, "unresolved-rethook", "unresolved-rethook", LOST);
		set_record(t, record, ret, sp);
		fk_expect(t, "reliable", "reliable", FOUND);
		fk_set_task(t, head_of(t), 0);
		fk_expect(t, "unresolved-rethook", "unresolved-rethook", LOST);
		end(t);
	}
}

/* A record without address ends the search, though the next one matches. */
static void no_address_ends_the_search(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = make(r);
		uint64_t sp = t->sp, record;

		fk_kretprobe(t);
		record = fk_kretprobe(t);
		fk_frame(t, "__schedule");
		set_record(t, record, 0, sp + 8);
		fk_expect(t, "unresolved-rethook", "unresolved-rethook", LOST);
		set_record(t, record, trampoline(t), sp + 8);
		fk_expect(t, "reliable", "reliable", FOUND);
		end(t);
	}
}

/* Records in the wrong order: the search does not come back to the first. */
static void never_goes_back(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = make(r);
		uint64_t outer_sp = t->sp, one = fk_kretprobe(t), two;
		uint64_t outer = fk_func(t->fk, "outer_call") + 0x40;
		uint64_t inner = fk_func(t->fk, "inner") + 0x40;

		fk_frame(t, "inner");
		two = fk_kretprobe(t);
		set_record(t, two, outer, outer_sp);
		set_record(t, one, inner, t->sp);
		fk_frame(t, "__schedule");
		fk_expect(t, "unresolved-rethook", "unresolved-rethook",
			  "__schedule inner ? caller system_call");
		end(t);
	}
}

/* rethook does not look at a task that may be running; kretprobe did. */
static void a_runnable_task(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = make(r);
		const char *verdict = r == FK_6_1 ? "reliable" :
						    "unresolved-rethook";

		fk_kretprobe(t);
		fk_frame(t, "__schedule");
		fk_set_task(t, "__state", 0);
		fk_expect(t, verdict, verdict, r == FK_6_1 ? FOUND : LOST);
		fk_set_task(t, "__state", 2);
		fk_expect(t, "reliable", "reliable", FOUND);
		end(t);
	}
}

static void damaged_records_are_never_reliable(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = make(r);
		uint64_t sp = t->sp, record = fk_kretprobe(t);

		fk_frame(t, "__schedule");
		set_record(t, record, trampoline(t), sp);
		/* a circle */
		fk_put(t->fk, node_of(t, record), 8, node_of(t, record));
		fk_expect(t, "unresolved-rethook", "unresolved-rethook", LOST);
		fk_put(t->fk, node_of(t, record), 8, NOWHERE);
		fk_expect(t, "unresolved-rethook", "unresolved-rethook", LOST);
		fk_set_task(t, head_of(t), NOWHERE);
		fk_expect(t, "unresolved-rethook", "unresolved-rethook", LOST);
		end(t);
	}
}

static void what_it_finds_has_to_be_text(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = make(r);
		uint64_t sp = t->sp, record = fk_kretprobe(t);

		fk_frame(t, "__schedule");
		set_record(t, record, fk_address(t->fk, "init_task"), sp);
		fk_expect(t, "unresolved-rethook", "unresolved-rethook", LOST);
		end(t);
	}
}

/*
 * The probe came first; then the tracer found its trampoline there, and keeps
 * it as the return address.
 */
static void tracer_on_top_of_a_probe(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = make(r);

		fk_kretprobe(t);
		fk_fgraph(t);
		fk_frame(t, "inner");
		fk_kretprobe(t);
		fk_fgraph(t);
		fk_frame(t, "__schedule");
		fk_expect(t, "reliable", "reliable",
			  "__schedule inner outer_call caller system_call");
		end(t);
	}
}

/* The other way round the kernel does not look a second time. */
static void probe_on_top_of_the_tracer(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = make(r);

		fk_fgraph(t);
		fk_kretprobe(t);
		fk_frame(t, "__schedule");
		fk_expect(t, "unresolved-fgraph", "reliable",
			  "__schedule return_to_handler caller system_call");
		end(t);
	}
}

/* The trampoline is there, but not the members that lead to the records. */
static void without_members_nothing_is_found(void **state)
{
	static const struct {
		enum fk_release release;
		const char *type, *member;
	} rows[] = {
		{ FK_6_1, "task_struct", "kretprobe_instances" },
		{ FK_6_1, "kretprobe_instance", "fp" },
		{ FK_6_12, "task_struct", "rethooks" },
		{ FK_7_2, "rethook_node", NULL },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fk_task *t = make(rows[i].release);

		fk_kretprobe(t);
		fk_frame(t, "__schedule");
		fk_hide(t->fk, rows[i].type, rows[i].member);
		fk_expect(t, "unresolved-rethook", "unresolved-rethook", LOST);
		end(t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_address),
		cmocka_unit_test(says_where_it_was_found),
		cmocka_unit_test(finds_several),
		cmocka_unit_test(skips_records_of_trampolines),
		cmocka_unit_test(without_a_match_there_is_no_address),
		cmocka_unit_test(no_address_ends_the_search),
		cmocka_unit_test(never_goes_back),
		cmocka_unit_test(a_runnable_task),
		cmocka_unit_test(damaged_records_are_never_reliable),
		cmocka_unit_test(what_it_finds_has_to_be_text),
		cmocka_unit_test(tracer_on_top_of_a_probe),
		cmocka_unit_test(probe_on_top_of_the_tracer),
		cmocka_unit_test(without_members_nothing_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

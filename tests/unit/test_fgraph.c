/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Return addresses that the function graph tracer replaced:
 * ftrace_graph_ret_addr() in kernel/trace/fgraph.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/frame_s390x.h"
#include "tests/make/fakekernel_check.h"

#define NOWHERE UINT64_C(0x2345678000)
#define SHADOW_WORDS 512

#define FOUND "__schedule outer_call caller system_call"
#define LOST "__schedule return_to_handler caller system_call"

/* The task is in a function that outer_call() called, and that is traced. */
static struct fk_task *make(enum fk_release release)
{
	struct fk_task *t = fk_task(fk_new(release), "traced", 1);

	fk_frame(t, "system_call");
	fk_frame(t, "caller");
	fk_frame(t, "outer_call");
	return t;
}

static void end(struct fk_task *t)
{
	fk_free(t->fk);
}

static uint64_t shadow(struct fk_task *t)
{
	return fk_read(t->fk, t->addr, "task_struct", "ret_stack");
}

static uint64_t record_words(struct fk_task *t)
{
	return fk_sizeof(t->fk, "ftrace_ret_stack") / 8;
}

static void set_record(struct fk_task *t, uint64_t record, uint64_t ret,
		       uint64_t retp)
{
	fk_set(t->fk, record, "ftrace_ret_stack", "ret", ret);
	fk_set(t->fk, record, "ftrace_ret_stack", "retp", retp);
}

static void finds_the_address(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = make(r);

		fk_fgraph(t);
		fk_frame(t, "__schedule");
		fk_expect(t, "reliable", "reliable", FOUND);
		end(t);
	}
}

static void says_where_it_was_found(void **state)
{
	struct fk_task *t = make(FK_7_2);
	struct zu_trace trace = ZU_TRACE_INIT;
	struct zu_error err = { 0 };
	struct zu_task task;
	struct zu_kernel *k;

	(void)state;
	fk_fgraph(t);
	fk_frame(t, "__schedule");
	k = fk_open(t->fk);
	fk_find(k, t, &task);
	assert_int_equal(zu_trace_task(&trace, k, &task, &err), 0);
	assert_int_equal(trace.nr_frames, 4);
	assert_int_equal(trace.frames[0].from, ZU_FROM_SWITCH);
	assert_int_equal(trace.frames[1].from, ZU_FROM_FGRAPH);
	assert_int_equal(trace.frames[2].from, ZU_FROM_CHAIN);
	zu_trace_deinit(&trace);
	zu_kernel_close(k);
	end(t);
}

/* Each look-up goes on below the record that the one before it used. */
static void finds_several(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = make(r);

		fk_fgraph(t);
		fk_frame(t, "middle");
		fk_frame(t, "inner");
		fk_fgraph(t);
		fk_frame(t, "innermost");
		fk_fgraph(t);
		fk_frame(t, "__schedule");
		fk_expect(t, "reliable", "reliable",
			  "__schedule innermost inner middle outer_call caller system_call");
		end(t);
	}
}

/* Both records have one frame; only the first has the address. */
static void finds_it_behind_tail_calls(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = make(r);

		fk_fgraph(t);
		fk_fgraph(t);
		fk_frame(t, "inner");
		fk_fgraph(t);
		fk_fgraph(t);
		fk_fgraph(t);
		fk_frame(t, "__schedule");
		fk_expect(t, "reliable", "reliable",
			  "__schedule inner outer_call caller system_call");
		end(t);
	}
}

static void steps_over_data_of_tracers(void **state)
{
	enum fk_release r;

	(void)state;
	for (r = FK_6_12; r < FK_RELEASES; r++) {
		struct fk_task *t = make(r);

		fk_fgraph(t);
		fk_fgraph_data(t, 2);
		fk_frame(t, "inner");
		fk_fgraph(t);
		fk_fgraph_data(t, 32);
		fk_frame(t, "__schedule");
		fk_expect(t, "reliable", "reliable",
			  "__schedule inner outer_call caller system_call");
		end(t);
	}
}

/*
 * The kernel takes the trampoline for a function: it is text. But there is a
 * caller that no frame shows.
 */
static void an_empty_stack_finds_nothing(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = make(r);

		fk_fgraph(t);
		fk_frame(t, "__schedule");
		fk_set_task(t, "curr_ret_stack", r == FK_6_1 ? UINT64_MAX : 0);
		fk_expect(t, "unresolved-fgraph", "reliable", LOST);
		/* 0 is the first structure, or no word; -1 is never one */
		fk_set_task(t, "curr_ret_stack", r == FK_6_1 ? 0 : UINT64_MAX);
		fk_expect(t, r == FK_6_1 ? "reliable" : "unresolved-fgraph",
			  "reliable", r == FK_6_1 ? FOUND : LOST);
		end(t);
	}
}

static void no_stack_finds_nothing(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = make(r);

		fk_fgraph(t);
		fk_frame(t, "__schedule");
		fk_set_task(t, "ret_stack", 0);
		fk_expect(t, "unresolved-fgraph", "reliable", LOST);
		end(t);
	}
}

static void a_record_of_another_frame_is_not_it(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = make(r);
		uint64_t sp = t->sp, record = fk_fgraph(t);
		uint64_t ret = fk_func(t->fk, "outer_call") + 0x40;

		fk_frame(t, "__schedule");
		set_record(t, record, ret, sp + 8);
		fk_expect(t, "unresolved-fgraph", "reliable", LOST);
		set_record(t, record, ret, sp - 8);
		fk_expect(t, "unresolved-fgraph", "reliable", LOST);
		set_record(t, record, ret, sp);
		fk_expect(t, "reliable", "reliable", FOUND);
		end(t);
	}
}

/* Which of two is taken: by 6.1 the oldest, since then the youngest. */
static void takes_the_one_that_the_kernel_takes(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = make(r);
		uint64_t sp = t->sp;
		uint64_t one = fk_fgraph(t), two = fk_fgraph(t);
		uint64_t a = fk_func(t->fk, "oldest") + 0x40;
		uint64_t b = fk_func(t->fk, "youngest") + 0x40;

		fk_frame(t, "__schedule");
		set_record(t, one, a, sp);
		set_record(t, two, b, sp);
		fk_expect(t, "reliable", "reliable", r == FK_6_1 ?
			  "__schedule oldest caller system_call" :
			  "__schedule youngest caller system_call");
		end(t);
	}
}

/*
 * The outer frame's record is above the inner one's. 6.1 looks at all records
 * each time; since then the search goes on below, and does not find it.
 */
static void never_goes_back(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = make(r);
		uint64_t outer_sp = t->sp, inner_sp;
		uint64_t outer = fk_func(t->fk, "outer_call") + 0x40;
		uint64_t inner = fk_func(t->fk, "inner") + 0x40;
		uint64_t bottom = fk_fgraph(t), one, two;

		one = fk_fgraph(t);
		fk_frame(t, "inner");
		inner_sp = t->sp;
		two = fk_fgraph(t);
		fk_frame(t, "__schedule");
		set_record(t, bottom, outer, outer_sp + 8);
		set_record(t, one, inner, inner_sp);
		set_record(t, two, outer, outer_sp);
		if (r == FK_6_1)
			fk_expect(t, "reliable", "reliable",
				  "__schedule inner outer_call caller system_call");
		else
			fk_expect(t, "unresolved-fgraph", "reliable",
				  "__schedule inner return_to_handler caller system_call");
		end(t);
	}
}

/*
 * A distance of 0 leads nowhere, and one that is too long out of the stack.
 * Where they would lead to, something lies that looks right.
 */
static void a_damaged_distance_finds_nothing(void **state)
{
	enum fk_release r;

	(void)state;
	for (r = FK_6_12; r < FK_RELEASES; r++) {
		struct fk_task *t = make(r);
		uint64_t page = fk_alloc(t->fk, 4096), sp = t->sp;
		uint64_t word, words = record_words(t);
		uint64_t other = fk_address(t->fk, "_stext") + 0x400;

		fk_fgraph(t);
		fk_frame(t, "__schedule");
		assert_int_equal(shadow(t), page + 4096);
		word = shadow(t) + words * 8;
		set_record(t, shadow(t) - 8, other, sp);
		set_record(t, word, other, sp);
		assert_int_equal(other & 0x3ff, 0);
		fk_expect(t, "unresolved-fgraph", "reliable", LOST);
		fk_put(t->fk, word, 8, 0x400);
		fk_expect(t, "unresolved-fgraph", "reliable", LOST);
		fk_put(t->fk, word, 8, words + 1);
		fk_expect(t, "unresolved-fgraph", "reliable", LOST);
		fk_put(t->fk, word, 8, words - 1);
		fk_expect(t, "unresolved-fgraph", "reliable", LOST);
		fk_put(t->fk, word, 8, UINT64_MAX);
		fk_expect(t, "unresolved-fgraph", "reliable", LOST);
		/* only ten bits are the distance */
		fk_put(t->fk, word, 8, UINT64_MAX << 10 | words);
		fk_expect(t, "reliable", "reliable", FOUND);
		end(t);
	}
}

/* The whole page is in use, and a word more, which would be a good one. */
static void bounds_the_index(void **state)
{
	enum fk_release r;

	(void)state;
	for (r = FK_6_12; r < FK_RELEASES; r++) {
		struct fk_task *t = make(r);
		uint64_t sp = t->sp, last, words = record_words(t);
		uint64_t page;

		fk_fgraph(t);
		fk_frame(t, "__schedule");
		page = fk_alloc(t->fk, 4096);
		assert_int_equal(page, shadow(t) + SHADOW_WORDS * 8);
		last = shadow(t) + (SHADOW_WORDS - 1) * 8;
		fk_put(t->fk, last, 8, words);
		set_record(t, last - words * 8,
			   fk_func(t->fk, "outer_call") + 0x40, sp);
		fk_set_task(t, "curr_ret_stack", SHADOW_WORDS);
		fk_expect(t, "reliable", "reliable", FOUND);
		fk_put(t->fk, page, 8, words);
		set_record(t, page - words * 8,
			   fk_func(t->fk, "outer_call") + 0x40, sp);
		fk_set_task(t, "curr_ret_stack", SHADOW_WORDS + 1);
		fk_expect(t, "not-text", "not-text",
			  "__schedule ? caller system_call");
		fk_set_task(t, "curr_ret_stack", INT32_MAX);
		fk_expect(t, "not-text", "not-text",
			  "__schedule ? caller system_call");
		end(t);
	}
}

/* Far more structures than there are: it ends, and not in a good word. */
static void bounds_the_number_of_structures(void **state)
{
	struct fk_task *t = make(FK_6_1);
	uint64_t sp = t->sp, record = fk_fgraph(t);

	(void)state;
	fk_frame(t, "__schedule");
	set_record(t, record, fk_func(t->fk, "outer_call") + 0x40, sp + 8);
	fk_set_task(t, "curr_ret_stack", INT32_MAX);
	fk_expect(t, "not-text", "not-text",
		  "__schedule ? caller system_call");
	/* a match in front of it is one */
	set_record(t, record, fk_func(t->fk, "outer_call") + 0x40, sp);
	fk_expect(t, "reliable", "reliable", FOUND);
	end(t);
}

static void an_unreadable_stack_is_never_reliable(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = make(r);

		fk_fgraph(t);
		fk_frame(t, "__schedule");
		fk_set_task(t, "ret_stack", NOWHERE);
		fk_expect(t, "not-text", "not-text",
			  "__schedule ? caller system_call");
		end(t);
	}
}

static void what_it_finds_has_to_be_text(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		struct fk_task *t = make(r);
		uint64_t sp = t->sp, record = fk_fgraph(t);

		fk_frame(t, "__schedule");
		set_record(t, record, fk_address(t->fk, "init_task"), sp);
		fk_expect(t, "not-text", "not-text",
			  "__schedule ? caller system_call");
		set_record(t, record, 0, sp);
		fk_expect(t, "not-text", "not-text",
			  "__schedule ? caller system_call");
		end(t);
	}
}

/* A kernel without the tracer has none of its members. */
static void needs_every_member(void **state)
{
	static const char *const rows[][2] = {
		{ "ftrace_ret_stack", "ret" }, { "ftrace_ret_stack", "retp" },
		{ "ftrace_ret_stack", NULL }, { "task_struct", "ret_stack" },
		{ "task_struct", "curr_ret_stack" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct fk_task *t = make(FK_6_12);

		fk_fgraph(t);
		fk_frame(t, "__schedule");
		fk_hide(t->fk, rows[i][0], rows[i][1]);
		fk_expect(t, "unresolved-fgraph", "reliable", LOST);
		end(t);
	}
}

/* Without the symbol the trampoline is some function of the kernel. */
static void a_kernel_may_have_no_tracer(void **state)
{
	struct fk_task *t = make(FK_6_12);

	(void)state;
	fk_frame(t, "__schedule");
	fk_no_symbol(t->fk, "return_to_handler");
	fk_expect(t, "reliable", "reliable", FOUND);
	end(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_address),
		cmocka_unit_test(says_where_it_was_found),
		cmocka_unit_test(finds_several),
		cmocka_unit_test(finds_it_behind_tail_calls),
		cmocka_unit_test(steps_over_data_of_tracers),
		cmocka_unit_test(an_empty_stack_finds_nothing),
		cmocka_unit_test(no_stack_finds_nothing),
		cmocka_unit_test(a_record_of_another_frame_is_not_it),
		cmocka_unit_test(takes_the_one_that_the_kernel_takes),
		cmocka_unit_test(never_goes_back),
		cmocka_unit_test(a_damaged_distance_finds_nothing),
		cmocka_unit_test(bounds_the_index),
		cmocka_unit_test(bounds_the_number_of_structures),
		cmocka_unit_test(an_unreadable_stack_is_never_reliable),
		cmocka_unit_test(what_it_finds_has_to_be_text),
		cmocka_unit_test(needs_every_member),
		cmocka_unit_test(a_kernel_may_have_no_tracer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

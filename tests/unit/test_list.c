/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Walks along the kernel's lists, whole and damaged ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kern/list.h"
#include "tests/make/fakekernel_check.h"

#define NOWHERE UINT64_C(0x2345678000)
#define NODES 256

/* A head and nodes, each two pointers of which some lists use one */
struct some {
	struct fk *fk;
	uint64_t head;
	uint64_t node[NODES];
};

static struct some make(void)
{
	struct some s = { .fk = fk_new(FK_6_12) };
	int i;

	s.head = fk_alloc(s.fk, 16);
	for (i = 0; i < NODES; i++)
		s.node[i] = fk_alloc(s.fk, 16);
	return s;
}

/* head, then n nodes, then what the last one points to */
static void chain(struct some *s, int n, uint64_t last)
{
	int i;

	fk_put(s->fk, s->head, 8, n ? s->node[0] : last);
	fk_put(s->fk, s->head + 8, 8, n ? s->node[n - 1] : s->head);
	for (i = 0; i < n; i++) {
		fk_put(s->fk, s->node[i], 8, i + 1 < n ? s->node[i + 1] :
							 last);
		fk_put(s->fk, s->node[i] + 8, 8, i ? s->node[i - 1] :
						     s->head);
	}
}

/*
 * Walks to the end; what the last step said. The first @n nodes are those of
 * the chain; a loop has to be noticed before three times as many, and a few.
 */
static int walk(struct some *s, enum zu_list_kind kind, int n, int *steps)
{
	struct zu_kernel *k = fk_open(s->fk);
	struct zu_list list;
	uint64_t node;
	int ret;

	*steps = 0;
	zu_list_init(&list, k, s->head, kind);
	while ((ret = zu_list_next(&list, &node)) > 0) {
		if (*steps < n)
			assert_int_equal(node, s->node[*steps]);
		if (++*steps > 3 * n + 8)
			fail_msg("no end after %d nodes", *steps);
	}
	zu_kernel_close(k);
	return ret;
}

/* No number of nodes looks like a loop. */
static void whole_lists(void **state)
{
	static const int counts[] = {
		0, 1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 63, 64, 65, 255, 256,
	};
	struct some s = make();
	size_t i;
	int steps;

	(void)state;
	for (i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		chain(&s, counts[i], s.head);
		assert_int_equal(walk(&s, ZU_LIST_CIRCULAR, counts[i],
				      &steps), 0);
		assert_int_equal(steps, counts[i]);
		chain(&s, counts[i], 0);
		assert_int_equal(walk(&s, ZU_LIST_NULL, counts[i], &steps),
				 0);
		assert_int_equal(steps, counts[i]);
	}
	fk_free(s.fk);
}

/* A way in of any length, and a loop of any length */
static void loops(void **state)
{
	static const int lengths[] = { 1, 2, 3, 4, 7, 8, 16, 17 };
	struct some s = make();
	size_t in, loop;
	int steps;

	(void)state;
	for (in = 0; in < sizeof(lengths) / sizeof(lengths[0]); in++) {
		for (loop = 0; loop <= in; loop++) {
			int n = lengths[in];
			uint64_t back = s.node[n - lengths[loop]];

			chain(&s, n, back);
			assert_int_equal(walk(&s, ZU_LIST_CIRCULAR, n,
					      &steps), ZU_EFORMAT);
		}
	}
	fk_free(s.fk);
}

static void circular_lists_do_not_end_in_null(void **state)
{
	struct some s = make();
	int steps;

	(void)state;
	chain(&s, 3, 0);
	assert_int_equal(walk(&s, ZU_LIST_CIRCULAR, 3, &steps), ZU_EFORMAT);
	assert_int_equal(steps, 3);
	chain(&s, 0, 0);
	assert_int_equal(walk(&s, ZU_LIST_CIRCULAR, 0, &steps), ZU_EFORMAT);
	fk_free(s.fk);
}

/* A pointer that skips nodes makes a shorter list: the way back tells. */
static void circular_lists_lead_back(void **state)
{
	struct some s = make();
	int steps, i;

	(void)state;
	for (i = 0; i < 5; i++) {
		chain(&s, 5, s.head);
		fk_put(s.fk, i ? s.node[i - 1] : s.head, 8,
		       i < 4 ? s.node[i + 1] : s.head);
		assert_int_equal(walk(&s, ZU_LIST_CIRCULAR, 0, &steps),
				 ZU_EFORMAT);
	}
	chain(&s, 5, s.head);
	fk_put(s.fk, s.head + 8, 8, s.node[3]);
	assert_int_equal(walk(&s, ZU_LIST_CIRCULAR, 5, &steps), ZU_EFORMAT);
	chain(&s, 0, s.head);
	fk_put(s.fk, s.head + 8, 8, s.node[0]);
	assert_int_equal(walk(&s, ZU_LIST_CIRCULAR, 0, &steps), ZU_EFORMAT);
	fk_free(s.fk);
}

/* In a list that ends in NULL the head is a node like others. */
static void other_lists_do_not_end_at_their_head(void **state)
{
	struct some s = make();
	int steps;

	(void)state;
	chain(&s, 3, s.head);
	assert_int_equal(walk(&s, ZU_LIST_NULL, 3, &steps), ZU_EFORMAT);
	fk_free(s.fk);
}

static void lists_into_nowhere(void **state)
{
	struct some s = make();
	int steps;

	(void)state;
	chain(&s, 2, NOWHERE);
	/* the node is given: only its next one can't be read */
	fk_put(s.fk, s.head, 8, s.node[0]);
	s.node[2] = NOWHERE;
	assert_int_equal(walk(&s, ZU_LIST_CIRCULAR, 3, &steps), ZU_EFAULT);
	assert_int_equal(steps, 3);
	assert_int_equal(walk(&s, ZU_LIST_NULL, 3, &steps), ZU_EFAULT);
	s.head = NOWHERE;
	assert_int_equal(walk(&s, ZU_LIST_CIRCULAR, 0, &steps), ZU_EFAULT);
	fk_free(s.fk);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_lists),
		cmocka_unit_test(loops),
		cmocka_unit_test(circular_lists_do_not_end_in_null),
		cmocka_unit_test(circular_lists_lead_back),
		cmocka_unit_test(other_lists_do_not_end_at_their_head),
		cmocka_unit_test(lists_into_nowhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Each case of tests/data/stacks/ is a test: the walk, both verdicts, the
 * model's opinion, and, where it stands "beside" another, that one byte or one
 * unit made the difference.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <err.h>
#include <glob.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/make/model.h"
#include "tests/make/stk.h"

#define FOLDER "tests/data/stacks"
#define MAX_CASES 512

static struct stk_case cases[MAX_CASES];
static unsigned int nr_cases;
static struct stk one, other;

/* A line "case NAME" or "beside NAME": its name, else NULL */
static const char *named_line(const char *p, const char *word, size_t *len)
{
	size_t n = strlen(word);

	if (strncmp(p, word, n) || p[n] != ' ')
		return NULL;
	p += n + 1;
	*len = strcspn(p, "\n");
	return p;
}

static struct stk_case *find_case(const char *file, const char *name,
				  size_t len)
{
	char full[sizeof(cases[0].name)];
	unsigned int i;

	snprintf(full, sizeof(full), "%s/%.*s", file, (int)len, name);
	for (i = 0; i < nr_cases; i++)
		if (!strcmp(cases[i].name, full))
			return &cases[i];
	return NULL;
}

static void add_case(const char *file, const char *text, const char *first,
		     const char *name, size_t len)
{
	struct stk_case *c = &cases[nr_cases];
	const char *p = name + len, *beside;

	if (nr_cases == MAX_CASES || find_case(file, name, len))
		errx(1, "%s: case %.*s is there twice, or one too many", file,
		     (int)len, name);
	snprintf(c->name, sizeof(c->name), "%s/%.*s", file, (int)len, name);
	c->common = text;
	c->common_end = first;
	p += *p == '\n';
	beside = named_line(p, "beside", &len);
	if (beside) {
		c->beside = find_case(file, beside, len);
		if (!c->beside)
			errx(1, "%s: beside which case?", c->name);
		p = beside + len;
	}
	c->text = p;
	c->end = strstr(p, "\ncase ");
	c->end = c->end ? c->end + 1 : p + strlen(p);
	nr_cases++;
}

static char *read_file(const char *path)
{
	const size_t room = 1 << 16;
	FILE *f = fopen(path, "re");
	char *text = calloc(1, room);
	size_t len = f && text ? fread(text, 1, room, f) : 0;

	if (!len || len == room)
		err(1, "%s", path);
	fclose(f);
	return text;
}

static void add_file(char *path, const char *text)
{
	const char *first = strstr(text, "\ncase "), *p = first, *name;
	char *file = basename(path);
	size_t len;

	file[strcspn(file, ".")] = '\0';
	for (; p; p = strstr(p + 1, "\ncase ")) {
		name = named_line(p + 1, "case", &len);
		add_case(file, text, first, name, len);
	}
}

/* The path and the text of each file stay: cases point into them. */
static void load(void)
{
	glob_t found;
	size_t i;

	if (glob(FOLDER "/*.stk", 0, NULL, &found))
		errx(1, "nothing in " FOLDER);
	for (i = 0; i < found.gl_pathc; i++)
		add_file(found.gl_pathv[i], read_file(found.gl_pathv[i]));
	globfree(&found);
}

static void build(struct stk *s, const struct stk_case *c)
{
	if (!stk_build(s, c))
		fail_msg("%s: %s", c->name, s->error);
	if (s->strict.why == ZU_WHY_COUNT || s->kernel.why == ZU_WHY_COUNT)
		fail_msg("%s expects no verdict", c->name);
}

static const char *word(enum zu_why why)
{
	return why ? zu_why_word(why) : "reliable";
}

static void check_frame(const struct zu_frame *got,
			const struct zu_frame *want, unsigned int i)
{
	if (got->sp == want->sp && got->ip == want->ip &&
	    got->regs == want->regs && got->from == want->from &&
	    got->stack == want->stack && got->guess == want->guess)
		return;
	fail_msg("frame %u: sp 0x%" PRIx64 " ip 0x%" PRIx64 " regs 0x%" PRIx64
		 " %s stack %d guess %d, expected sp 0x%" PRIx64 " ip 0x%"
		 PRIx64 " regs 0x%" PRIx64 " %s stack %d guess %d", i,
		 got->sp, got->ip, got->regs, zu_from_word(got->from),
		 got->stack, got->guess, want->sp, want->ip, want->regs,
		 zu_from_word(want->from), want->stack, want->guess);
}

static void check_end(enum zu_why why, uint64_t at,
		      const struct stk_verdict *want)
{
	if (want->why == ZU_WHY_COUNT || (why == want->why && at == want->at))
		return;
	fail_msg("the walk ends %s 0x%" PRIx64 ", expected %s 0x%" PRIx64,
		 word(why), at, word(want->why), want->at);
}

static void check_verdict(const char *rules, const struct zu_judge *got,
			  const struct stk_verdict *want)
{
	if (got->why == want->why &&
	    (!got->why || (got->frame == want->frame && got->at == want->at)))
		return;
	fail_msg("%s: %s at frame %u, 0x%" PRIx64
		 ", expected %s at frame %" PRIu64 ", 0x%" PRIx64, rules,
		 word(got->why), got->frame, got->at, word(want->why),
		 want->frame, want->at);
}

/* The kernel reads memory wherever it is, so the model knows no holes. */
static void check_model(const struct world *w, const struct walk *walk)
{
	struct model_spot spot[STK_FRAMES];
	struct model m = { .w = w, .spot = spot, .room = STK_FRAMES };
	unsigned int frame, i;

	if (w->holes || walk->n > STK_FRAMES || !w->env.recover)
		return;
	model_walk(&m);
	assert_int_equal(m.n, walk->n);
	assert_int_equal(m.error, walk->why != ZU_WHY_NONE);
	for (i = 0; i < m.n; i++) {
		assert_int_equal(spot[i].sp, walk->frame[i].sp);
		assert_int_equal(spot[i].ip, walk->frame[i].ip);
	}
	assert_int_equal(model_judge(&m, &frame) != MODEL_RELIABLE,
			 walk->kernel.why != ZU_WHY_NONE);
	assert_int_equal(frame, walk->kernel.why ? walk->kernel.frame :
			 walk->n - 1);
}

static unsigned int ranges_differ(const struct world_range *a, unsigned int n,
				  const struct world_range *b, unsigned int m)
{
	unsigned int i, count = 0;

	if (n != m)
		return n > m ? n - m : m - n;
	for (i = 0; i < n; i++)
		count += (a[i].begin != b[i].begin) + (a[i].end != b[i].end);
	return count;
}

static unsigned int records_differ(const struct world_record *a,
				   unsigned int n,
				   const struct world_record *b,
				   unsigned int m)
{
	unsigned int i, count = 0;

	if (n != m)
		return n > m ? n - m : m - n;
	for (i = 0; i < n; i++)
		count += (a[i].sp != b[i].sp) + (a[i].ret != b[i].ret);
	return count;
}

/* A row that only one has counts as one unit, as does a call or a jump. */
static unsigned int code_differs(const struct world *a, const struct world *b)
{
	unsigned int i, count = 0;

	if (a->rows + a->calls + a->tails != b->rows + b->calls + b->tails) {
		count = a->rows > b->rows ? a->rows - b->rows :
					    b->rows - a->rows;
		count += a->calls > b->calls ? a->calls - b->calls :
					       b->calls - a->calls;
		return count + (a->tails > b->tails ? a->tails - b->tails :
						      b->tails - a->tails);
	}
	for (i = 0; i < a->rows; i++)
		count += memcmp(&a->row[i], &b->row[i], sizeof(a->row[i])) != 0;
	for (i = 0; i < a->calls; i++)
		count += memcmp(&a->call[i], &b->call[i],
				sizeof(a->call[i])) != 0;
	for (i = 0; i < a->tails; i++)
		count += memcmp(&a->tail[i], &b->tail[i],
				sizeof(a->tail[i])) != 0;
	return count;
}

static unsigned int memory_differs(const struct world *a,
				   const struct world *b)
{
	unsigned int i, count = 0;

	assert_int_equal(a->task.nr_stacks, b->task.nr_stacks);
	for (i = 0; i < a->task.nr_stacks; i++) {
		uint64_t size = world_size(a, i), at;

		count += a->stack[i].type != b->stack[i].type;
		count += a->stack[i].begin != b->stack[i].begin;
		count += size != world_size(b, i);
		for (at = 0; at < size && at < world_size(b, i); at++)
			count += a->mem[i][at] != b->mem[i][at];
	}
	return count;
}

/* In how many bytes, or units of something else, two worlds differ */
static unsigned int distance(const struct world *a, const struct world *b)
{
	return memory_differs(a, b) + (a->task.ksp != b->task.ksp) +
	       (a->task.regs != b->task.regs) + (a->hides != b->hides) +
	       (a->task.idle != b->task.idle) +
	       (a->env.regs_size != b->env.regs_size) +
	       (a->env.recover != b->env.recover) +
	       (a->env.return_to_handler != b->env.return_to_handler) +
	       (a->env.rethook_trampoline != b->env.rethook_trampoline) +
	       ranges_differ(a->text, a->texts, b->text, b->texts) +
	       ranges_differ(a->hole, a->holes, b->hole, b->holes) +
	       (a->env.ret_from_fork != b->env.ret_from_fork) +
	       (a->env.switch_to[0] != b->env.switch_to[0]) +
	       records_differ(a->shadow, a->shadows, b->shadow, b->shadows) +
	       records_differ(a->probe, a->probes, b->probe, b->probes) +
	       code_differs(a, b);
}

static void check_beside(const struct stk_case *c)
{
	if (!c->beside)
		return;
	build(&other, c->beside);
	assert_int_equal(distance(&one.w, &other.w), 1);
	assert_true(one.strict.why != other.strict.why ||
		    one.kernel.why != other.kernel.why ||
		    one.total != other.total);
	world_deinit(&other.w);
}

/* With code at hand the frames expected are those of the walk by rows. */
static void check_walk(const struct walk *walk, const struct zu_frame *frame,
		       unsigned int n)
{
	unsigned int i;

	for (i = 0; i < one.frames && i < n; i++)
		check_frame(&frame[i], &one.frame[i], i);
	assert_int_equal(n, one.total);
	if (frame == walk->row_frame)
		check_end(walk->row_why, walk->row_at, &one.end);
	else
		check_end(walk->why, walk->at, &one.end);
}

static void test_case(void **state)
{
	static struct zu_frame frame[STK_FRAMES], by_row[STK_FRAMES];
	struct walk walk = {
		.frame = frame, .row_frame = by_row, .room = STK_FRAMES,
	};
	const struct stk_case *c = *state;

	build(&one, c);
	walk_world(&one.w, &walk);
	assert_false(walk.endless);
	assert_int_equal(one.w.stray, 0);
	if (one.w.env.site)
		check_walk(&walk, by_row, walk.row_n);
	else
		check_walk(&walk, frame, walk.n);
	check_verdict("strict", &walk.strict, &one.strict);
	check_verdict("kernel", &walk.kernel, &one.kernel);
	check_model(&one.w, &walk);
	check_beside(c);
	world_deinit(&one.w);
}

/* Is there a case with this reason, and one beside it without? */
static bool has_neighbour(enum zu_why why)
{
	unsigned int i;
	bool found = false;

	for (i = 0; i < nr_cases && !found; i++) {
		if (!cases[i].beside)
			continue;
		build(&one, &cases[i]);
		build(&other, cases[i].beside);
		found = (one.strict.why == why) != (other.strict.why == why);
		world_deinit(&one.w);
		world_deinit(&other.w);
	}
	return found;
}

static void test_every_reason_has_a_neighbour(void **state)
{
	enum zu_why why;

	(void)state;
	/* stacks that stand still never end in changed: see test_fresh.c */
	for (why = ZU_WHY_NONE + 1; why < ZU_WHY_COUNT; why++)
		if (why != ZU_WHY_CHANGED && !has_neighbour(why))
			fail_msg("no case shows where %s begins",
				 zu_why_word(why));
}

int main(void)
{
	static struct CMUnitTest tests[MAX_CASES + 1];
	unsigned int i;

	load();
	tests[0] = (struct CMUnitTest)
		cmocka_unit_test(test_every_reason_has_a_neighbour);
	for (i = 0; i < nr_cases; i++)
		tests[i + 1] = (struct CMUnitTest){
			.name = cases[i].name,
			.test_func = test_case,
			.initial_state = &cases[i],
		};
	return _cmocka_run_group_tests("stacks-data", tests, nr_cases + 1,
				       NULL, NULL);
}

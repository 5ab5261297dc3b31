// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bench/corruption [-n CHANGES] [-s SEED] SOURCE...: how much damage do the
 * rules notice? Again and again one word of a stack that is reliable by strict
 * rules is another; of the changes after which a rule set's walk finds other
 * functions, how many does that rule set still call reliable? The same seed
 * makes the same changes. Sources without code are left out: there strict rules
 * have no witnesses.
 *
 * Beside CHANGES, a fifth as many are aimed: a return address becomes one
 * behind another call of the same function.
 */
#include "bench/corruption.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "kern/rows.h"

/* How often of 100 a word of some place is drawn, if the stack has one */
static const unsigned int weight[PLACES] = {
	[PLACE_R14] = 35,
	[PLACE_CHAIN] = 30,
	[PLACE_END] = 5,
	[PLACE_REGS] = 10,
	[PLACE_R11] = 10,
	[PLACE_OTHER] = 10,
};

static uint64_t draw_state;

void die(const char *fmt, ...)
{
	va_list args;

	fputs("corruption: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	exit(2);
}

/* splitmix64 */
static uint64_t draw64(void)
{
	uint64_t z = draw_state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

static uint64_t draw(uint64_t n)
{
	return draw64() % n;
}

static uint64_t draw_even(uint64_t begin, uint64_t size)
{
	return begin + 2 * draw(size / 2);
}

/* A word that no walk looks at; @room: for it */
static const struct word *draw_other(struct source *s,
				     const struct victim *v,
				     struct word *room)
{
	uint64_t end = v->task.stack + s->k->about.stack_size;
	uint8_t old[8] = { 0 };
	size_t i;

	room->addr = v->task.ksp + 8 * draw((end - v->task.ksp) / 8);
	room->place = PLACE_OTHER;
	room->frame = 0;
	for (i = 0; i < v->nr_words; i++)
		if (v->word[i].addr == room->addr)
			return &v->word[i];
	/* captures don't have it */
	zu_memory_read(&s->below, room->addr, old, sizeof(old));
	room->old = zu_be64(old);
	return room;
}

static const struct word *draw_word(struct source *s, const struct victim *v,
				    struct word *room)
{
	for (;;) {
		unsigned int place = 0, at = (unsigned int)draw(100);
		size_t n;

		while (at >= weight[place])
			at -= weight[place++];
		if (place == PLACE_OTHER)
			return draw_other(s, v, room);
		n = v->first[place + 1] - v->first[place];
		if (n)
			return &v->word[v->first[place] + draw(n)];
	}
}

static const struct word *draw_chain(const struct victim *v)
{
	size_t n = v->first[PLACE_CHAIN + 1] - v->first[PLACE_CHAIN];

	return n ? &v->word[v->first[PLACE_CHAIN] + draw(n)] : NULL;
}

static uint64_t draw_kernel_text(struct source *s)
{
	const struct zu_text_range *r;

	do
		r = &s->k->text.range[draw(s->k->text.count)];
	while (r->kind != ZU_TEXT_KERNEL);
	return draw_even(r->begin, r->last - r->begin);
}

static uint64_t draw_value(struct source *s, const struct change *c)
{
	const struct victim *v = c->victim;
	uint64_t end = v->task.stack + s->k->about.stack_size;
	uint64_t addr = c->word->addr;
	const struct function *f;

	switch (c->kind) {
	case KIND_ABOVE:
		return addr + 8 + 8 * draw((end - addr) / 8);
	case KIND_BELOW:
		return v->task.stack + 8 * draw((addr - v->task.stack) / 8);
	case KIND_TEXT:
		return draw_kernel_text(s);
	case KIND_MIDDLE:
		f = &s->function[draw(s->nr_functions)];
		return draw_even(f->start, f->size);
	case KIND_WALKED:
		return s->walked.addr[draw(s->walked.n)];
	case KIND_CALL:
		return s->call[draw(s->nr_calls)].ret;
	case KIND_SKIP:
		return v->frame[c->word->frame + 2].sp;
	case KIND_RANDOM:
	case KIND_AIMED:
	case KINDS:
		break;
	}
	return draw64();
}

static void draw_change(struct source *s, struct change *c, struct word *room)
{
	do {
		c->victim = &s->victim[draw(s->nr_victims)];
		c->kind = (enum kind)draw(KIND_AIMED);
		c->word = c->kind == KIND_SKIP ? draw_chain(c->victim) :
			  draw_word(s, c->victim, room);
		if (!c->word || (c->kind == KIND_SKIP &&
				 c->word->frame + 2 >= c->victim->nr_frames))
			continue;
		c->value = draw_value(s, c);
		if (c->value != c->word->old)
			return;
	} while (1);
}

/* As hard to notice as a return address can be */
static bool draw_aimed(struct source *s, struct change *c)
{
	const struct victim *v = &s->victim[draw(s->nr_victims)];
	const struct call *call;
	struct zu_site site;
	size_t n = v->first[PLACE_R14 + 1];

	if (!n)
		return false;
	c->victim = v;
	c->word = &v->word[draw(n)];
	c->kind = KIND_AIMED;
	zu_site(s->k, c->word->old, false, &site);
	if (site.call != ZU_CALL_DIRECT)
		return false;
	call = calls_of(s, site.target, &n);
	if (!n)
		return false;
	c->value = call[draw(n)].ret;
	return c->value != c->word->old;
}

static void change_source(struct source *s, unsigned long n)
{
	unsigned long i, aimed = n / 5;
	struct change c;
	struct outcome o;

	for (i = 0; i < aimed; i++) {
		if (!draw_aimed(s, &c))
			continue;
		change_try(s, &c, &o);
		sums_add(&c, &o);
	}
	while (n--) {
		struct word room;

		draw_change(s, &c, &room);
		change_try(s, &c, &o);
		sums_add(&c, &o);
		if (o.other[ZU_RULES_STRICT] &&
		    o.verdict[ZU_RULES_STRICT].kind == ZU_RELIABLE)
			cause_add(s, &c);
	}
}

static uint64_t number(const char *s)
{
	char *end;
	unsigned long long n = strtoull(s, &end, 0);

	if (*s < '0' || *s > '9' || *end)
		die("'%s' is no number", s);
	return n;
}

static void run(char **paths, size_t n, unsigned long changes, uint64_t seed)
{
	struct source *s = calloc(n, sizeof(*s));
	size_t i, left = 0;

	if (!s)
		die("out of memory");
	for (i = 0; i < n; i++) {
		source_open(&s[i], paths[i]);
		left += s[i].nr_victims != 0;
	}
	if (!left)
		die("no source has code");
	for (i = 0; i < n; i++) {
		if (s[i].nr_victims) {
			unsigned long part = changes / left--;

			draw_state = seed + i;
			change_source(&s[i], part);
			changes -= part;
		}
		source_close(&s[i]);
	}
	free(s);
}

int main(int argc, char **argv)
{
	unsigned long changes = 1000000;
	uint64_t seed = 1;
	clock_t start = clock();
	int opt;

	while ((opt = getopt(argc, argv, "n:s:")) != -1) {
		if (opt == 'n')
			changes = number(optarg);
		else if (opt == 's')
			seed = number(optarg);
		else
			optind = argc;
	}
	if (optind >= argc || !changes) {
		fprintf(stderr, "usage: corruption [-n CHANGES] [-s SEED] SOURCE...\n");
		return 2;
	}
	printf("%lu changes, seed %" PRIu64 "\n", changes, seed);
	run(argv + optind, (size_t)(argc - optind), changes, seed);
	sums_print();
	printf("time: %.1f s CPU\n",
	       (double)(clock() - start) / CLOCKS_PER_SEC);
	return 0;
}

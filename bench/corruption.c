// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * bench/corruption [-n CHANGES] [-s SEED] SOURCE...: how much damage do the
 * rules notice? Again and again one word of a stack that is reliable by strict
 * rules is another; of the changes after which a rule set's walk finds other
 * functions, how many does that rule set still call reliable? The same seed
 * makes the same changes.
 */
#include "bench/corruption.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

const char *const place_name[PLACES] = {
	[PLACE_R14] = "return address",
	[PLACE_CHAIN] = "back chain",
	[PLACE_END] = "end of chain",
	[PLACE_REGS] = "saved registers",
	[PLACE_R11] = "frame pointer",
	[PLACE_OTHER] = "any other word",
};

const char *const kind_name[KINDS] = {
	[KIND_RANDOM] = "random",
	[KIND_ABOVE] = "stack above",
	[KIND_BELOW] = "stack below",
	[KIND_TEXT] = "kernel text",
	[KIND_MIDDLE] = "in a function",
	[KIND_WALKED] = "return, of a walk",
	[KIND_CALL] = "return, of a call",
	[KIND_SKIP] = "skipped frame",
};

/* How often of 100 a word of some place is drawn, if the stack has one */
static const unsigned int weight[PLACES] = {
	[PLACE_R14] = 35,
	[PLACE_CHAIN] = 30,
	[PLACE_END] = 5,
	[PLACE_REGS] = 10,
	[PLACE_R11] = 10,
	[PLACE_OTHER] = 10,
};

struct sums {
	unsigned long n;
	unsigned long other[RULES];
	unsigned long passed[RULES];
	unsigned long unreadable[RULES];
};

static struct sums sums[PLACES][KINDS];
/* What strict rules say where the kernel's say reliable, and are wrong */
static unsigned long whys[ZU_WHY_COUNT];
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
		return s->calls.addr[draw(s->calls.n)];
	case KIND_SKIP:
		return v->frame[c->word->frame + 2].sp;
	case KIND_RANDOM:
	case KINDS:
		break;
	}
	return draw64();
}

static void draw_change(struct source *s, struct change *c, struct word *room)
{
	do {
		c->victim = &s->victim[draw(s->nr_victims)];
		c->kind = (enum kind)draw(KINDS);
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

static void count(const struct change *c, const struct outcome *o)
{
	struct sums *sum = &sums[c->word->place][c->kind];
	unsigned int i;

	sum->n++;
	for (i = 0; i < RULES; i++) {
		if (!o->other[i])
			continue;
		sum->other[i]++;
		sum->passed[i] += o->verdict[i].kind == ZU_RELIABLE;
		sum->unreadable[i] += o->verdict[i].why == ZU_WHY_UNREADABLE;
	}
	if (o->other[ZU_RULES_KERNEL] &&
	    o->verdict[ZU_RULES_KERNEL].kind == ZU_RELIABLE)
		whys[o->verdict[ZU_RULES_STRICT].why]++;
}

static void change_source(struct source *s, unsigned long n)
{
	while (n--) {
		struct change c;
		struct outcome o;
		struct word room;

		draw_change(s, &c, &room);
		change_try(s, &c, &o);
		count(&c, &o);
		if (o.other[ZU_RULES_STRICT] &&
		    o.verdict[ZU_RULES_STRICT].kind == ZU_RELIABLE)
			cause_add(s, &c);
	}
}

static void add(struct sums *to, const struct sums *sum)
{
	unsigned int i;

	to->n += sum->n;
	for (i = 0; i < RULES; i++) {
		to->other[i] += sum->other[i];
		to->passed[i] += sum->passed[i];
		to->unreadable[i] += sum->unreadable[i];
	}
}

static double percent(unsigned long part, unsigned long all)
{
	return all ? 100.0 * (double)part / (double)all : 0.0;
}

static void print_line(const char *place, const char *kind,
		       const struct sums *s)
{
	static const enum zu_rules order[RULES] = {
		ZU_RULES_KERNEL, ZU_RULES_STRICT,
	};
	unsigned int i;

	if (!s->n)
		return;
	printf("%-15s %-17s %8lu", place, kind, s->n);
	for (i = 0; i < RULES; i++)
		printf(" | %7lu %7lu %7.3f%%", s->other[order[i]],
		       s->passed[order[i]],
		       percent(s->passed[order[i]], s->other[order[i]]));
	putchar('\n');
}

static void print_sums(struct sums *all)
{
	struct sums of_kind[KINDS] = { 0 };
	unsigned int place, kind;

	printf("\n%42s| kernel rules: other    | strict rules: other\n", "");
	printf("%-15s %-17s %8s | functions, reliable    | functions, reliable\n",
	       "word", "becomes", "changes");
	for (place = 0; place < PLACES; place++) {
		struct sums of_place = { 0 };

		for (kind = 0; kind < KINDS; kind++) {
			print_line(place_name[place], kind_name[kind],
				   &sums[place][kind]);
			add(&of_place, &sums[place][kind]);
			add(&of_kind[kind], &sums[place][kind]);
		}
		print_line(place_name[place], "all", &of_place);
		add(all, &of_place);
	}
	for (kind = 0; kind < KINDS; kind++)
		print_line("all", kind_name[kind], &of_kind[kind]);
	print_line("all", "all", all);
}

static void print_whys(void)
{
	unsigned int i;

	printf("\nwhat strict rules say where the kernel's are wrong:");
	for (i = 0; i < ZU_WHY_COUNT; i++)
		if (whys[i])
			printf(" %s %lu", i ? zu_why_word(i) : "reliable",
			       whys[i]);
	putchar('\n');
}

static void print_result(const struct sums *all)
{
	unsigned long left[RULES];
	unsigned int i;

	for (i = 0; i < RULES; i++)
		left[i] = all->other[i] - all->unreadable[i];
	printf("\nwithout walks that leave what a source holds: kernel %.3f%% of %lu, strict %.3f%% of %lu\n",
	       percent(all->passed[ZU_RULES_KERNEL], left[ZU_RULES_KERNEL]),
	       left[ZU_RULES_KERNEL],
	       percent(all->passed[ZU_RULES_STRICT], left[ZU_RULES_STRICT]),
	       left[ZU_RULES_STRICT]);
	printf("result: kernel %lu of %lu, strict %lu of %lu\n",
	       all->passed[ZU_RULES_KERNEL], all->other[ZU_RULES_KERNEL],
	       all->passed[ZU_RULES_STRICT], all->other[ZU_RULES_STRICT]);
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
	struct sums all = { 0 };
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
	print_sums(&all);
	print_whys();
	causes_print();
	print_result(&all);
	printf("time: %.1f s CPU\n",
	       (double)(clock() - start) / CLOCKS_PER_SEC);
	return 0;
}

// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/corruption.h"

#include <stdio.h>

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
	[KIND_AIMED] = "same function",
};

struct sums {
	unsigned long n;
	unsigned long other[RULES];
	unsigned long passed[RULES];
	unsigned long unreadable[RULES];
};

static struct sums sums[PLACES][KINDS];
/* By strict rules, where the kernel's pass other functions */
static unsigned long whys[ZU_WHY_COUNT];

void sums_add(const struct change *c, const struct outcome *o)
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
	if (c->kind != KIND_AIMED && o->other[ZU_RULES_KERNEL] &&
	    o->verdict[ZU_RULES_KERNEL].kind == ZU_RELIABLE)
		whys[o->verdict[ZU_RULES_STRICT].why]++;
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

	/* of the changes, how many make other functions, and pass all the same */
	printf("\n%-15s %-17s %8s | %-24s | %s\n%43s| %7s %7s %8s | %7s %7s\n",
	       "word", "becomes", "changes", "by the kernel's rules",
	       "by strict rules", "", "other", "passed", "", "other",
	       "passed");
	for (place = 0; place < PLACES; place++) {
		struct sums of_place = { 0 };

		for (kind = 0; kind < KIND_AIMED; kind++) {
			print_line(place_name[place], kind_name[kind],
				   &sums[place][kind]);
			add(&of_place, &sums[place][kind]);
			add(&of_kind[kind], &sums[place][kind]);
		}
		print_line(place_name[place], "all", &of_place);
		add(all, &of_place);
	}
	for (kind = 0; kind < KIND_AIMED; kind++)
		print_line("all", kind_name[kind], &of_kind[kind]);
	print_line("all", "all", all);
	printf("\nbeside these, behind a call of the function that was called:\n");
	print_line(place_name[PLACE_R14], kind_name[KIND_AIMED],
		   &sums[PLACE_R14][KIND_AIMED]);
}

static void print_whys(void)
{
	unsigned int i;

	printf("\nwhere the kernel's rules pass other functions, strict rules say:");
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

void sums_print(void)
{
	struct sums all = { 0 };

	print_sums(&all);
	print_whys();
	causes_print();
	print_result(&all);
}

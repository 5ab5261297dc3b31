// SPDX-License-Identifier: GPL-2.0-or-later
#include "kmod/counters.h"

#include <linux/cpumask.h>
#include <linux/seq_file.h>

#include "kmod/redirect.h"

DEFINE_PER_CPU(struct zu_counters, zu_counters);

static void add(struct zu_counters *sum, const struct zu_counters *c)
{
	const u64 *from = (const u64 *)c;
	u64 *to = (u64 *)sum;
	size_t i;

	/* nothing but numbers of one kind */
	for (i = 0; i < sizeof(*sum) / sizeof(*to); i++)
		to[i] += READ_ONCE(from[i]);
}

static void show_refused(struct seq_file *m, const struct zu_counters *sum)
{
	const char *comma = "";
	unsigned int i;

	seq_puts(m, "\"refused\":{");
	for (i = ZU_WHY_NONE + 1; i < ZU_WHY_COUNT; i++) {
		seq_printf(m, "%s\"%s\":%llu", comma, zu_why_word(i),
			   sum->refused[i]);
		comma = ",";
	}
	seq_putc(m, '}');
}

void zu_counters_show(struct seq_file *m)
{
	struct zu_counters sum = { .walks = 0 };
	int cpu;

	for_each_possible_cpu(cpu)
		add(&sum, per_cpu_ptr(&zu_counters, cpu));
	seq_printf(m, "{\"schema\":\"zunwind.counters/1\",\"redirect\":%s,",
		   zu_redirect_is_on() ? "true" : "false");
	seq_printf(m, "\"walks\":%llu,\"empty\":%llu,\"reliable\":%llu,\"rescued\":%llu,",
		   sum.walks, sum.empty, sum.reliable, sum.rescued);
	show_refused(m, &sum);
	/* 4096 units are a microsecond, so 512 are 125 ns */
	seq_printf(m, ",\"nanoseconds\":%llu,\"disagreed\":%llu}\n",
		   sum.ticks * 125 / 512, sum.disagreed);
}

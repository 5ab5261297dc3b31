/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kern/cpu.h"

#include <inttypes.h>
#include <stdlib.h>

#include "kern/read.h"
#include "util/fail.h"

static int read_bit(const struct zu_kernel *k, enum zu_global mask,
		    uint32_t cpu, bool *ret, struct zu_error *err)
{
	uint64_t word;
	int code;

	code = zu_read_uint(k, k->global[mask] + cpu / 64 * 8, 8, &word);
	if (code)
		return zu_fail(err, code, "cannot read %s",
			       zu_global_name(mask));
	*ret = word >> cpu % 64 & 1;
	return 0;
}

int zu_cpu_read_online(const struct zu_kernel *k, uint32_t cpu, bool *ret,
		       struct zu_error *err)
{
	return read_bit(k, ZU_G___cpu_online_mask, cpu, ret, err);
}

static int read_cpu(const struct zu_kernel *k, struct zu_cpu *cpu,
		    struct zu_error *err)
{
	uint64_t offset, rq;
	int ret;

	ret = zu_cpu_read_online(k, cpu->number, &cpu->online, err);
	if (ret)
		return ret;
	ret = zu_read_uint(k, k->global[ZU_G___per_cpu_offset] +
			   cpu->number * 8, 8, &offset);
	if (ret)
		return zu_fail(err, ret, "cannot read __per_cpu_offset");
	/* wraps around: per-CPU areas can lie below the kernel image */
	rq = k->global[ZU_G_runqueues] + offset;
	ret = zu_read_field_err(k, rq, ZU_F_rq_idle, &cpu->idle, err);
	if (ret)
		return ret;
	return zu_read_field_err(k, rq, ZU_F_rq_curr, &cpu->curr, err);
}

static int read_cpus(struct zu_kernel *k, uint32_t ids, struct zu_error *err)
{
	struct zu_cpus *cpus = &k->cpus;
	uint32_t i;
	bool possible = false;
	int ret;

	for (i = 0; i < ids; i++) {
		struct zu_cpu *cpu = &cpus->cpu[cpus->count];

		ret = read_bit(k, ZU_G___cpu_possible_mask, i, &possible, err);
		if (ret)
			return ret;
		if (!possible)
			continue;
		cpu->number = i;
		ret = read_cpu(k, cpu, err);
		if (ret)
			return zu_fail_at(err, "CPU %" PRIu32, i);
		cpus->online += cpu->online;
		cpus->count++;
	}
	if (!cpus->online)
		return zu_fail(err, ZU_EFORMAT, "no CPU is online");
	return 0;
}

int zu_cpus_init(struct zu_kernel *k, struct zu_error *err)
{
	uint64_t ids;
	int ret;

	ret = zu_read_uint(k, k->global[ZU_G_nr_cpu_ids], 4, &ids);
	if (ret)
		return zu_fail(err, ret, "cannot read nr_cpu_ids");
	if (!ids || ids > ZU_MAX_CPUS)
		return zu_fail(err, ZU_EFORMAT,
			       "nr_cpu_ids is %" PRIu64 ", which cannot be",
			       ids);
	k->cpus.cpu = calloc(ids, sizeof(*k->cpus.cpu));
	if (!k->cpus.cpu)
		return zu_fail_nomem(err);
	return read_cpus(k, (uint32_t)ids, err);
}

void zu_cpus_deinit(struct zu_cpus *cpus)
{
	free(cpus->cpu);
	*cpus = (struct zu_cpus){ .cpu = NULL };
}

bool zu_cpus_runs(const struct zu_cpus *cpus, uint64_t task)
{
	unsigned int i;

	for (i = 0; i < cpus->count; i++)
		if (cpus->cpu[i].online && cpus->cpu[i].curr == task)
			return true;
	return false;
}

const struct zu_cpu *zu_cpus_idle(const struct zu_cpus *cpus, uint64_t task)
{
	unsigned int i;

	for (i = 0; i < cpus->count; i++)
		if (cpus->cpu[i].idle == task)
			return &cpus->cpu[i];
	return NULL;
}

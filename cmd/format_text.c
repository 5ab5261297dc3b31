/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <ctype.h>
#include <inttypes.h>

#include "cmd/format.h"

static const char *const colour[] = {
	[ZU_RELIABLE] = "\033[32m",
	[ZU_UNRELIABLE] = "\033[1;31m",
	[ZU_RUNNING] = "\033[33m",
};

static int text_begin(struct report *r)
{
	const struct zu_kernel_info *info = zu_kernel_info(r->k);

	printf("Linux %s, %u CPU%s online", info->release, info->cpus,
	       info->cpus == 1 ? "" : "s");
	if (*info->build_id)
		printf(", build-id %s", info->build_id);
	printf("\n\n");
	return 0;
}

/* A task may call itself anything. */
static void put_comm(const char *comm)
{
	for (; *comm; comm++)
		putchar(isprint((unsigned char)*comm) ? *comm : '?');
}

static void put_verdict(const struct report *r, const struct zu_verdict *v)
{
	printf("%s%s%s", r->colour ? colour[v->kind] : "",
	       zu_verdict_word(v->kind), r->colour ? "\033[m" : "");
	if (!v->why)
		return;
	printf(", %s", zu_why_word(v->why));
	if (v->frame >= 0)
		printf(" at #%d", v->frame);
	printf(" (0x%" PRIx64 ")", v->at);
}

static void put_frame(struct zu_kernel *k, size_t i, const struct zu_frame *f)
{
	struct zu_symbol sym;

	printf("    #%-2zu %s", i, f->guess ? "(" : "");
	if (zu_frame_symbol(k, f, &sym)) {
		printf("%s+0x%" PRIx64 "/0x%" PRIx64, sym.name,
		       f->ip - sym.start, sym.size);
		if (sym.module)
			printf(" [%s]", sym.module);
	} else {
		printf("0x%" PRIx64, f->ip);
	}
	if (f->guess)
		putchar(')');
	if (f->from > ZU_FROM_CHAIN)
		printf(" <%s>", zu_from_word(f->from));
	putchar('\n');
}

static bool differ(const struct zu_trace *t)
{
	return t->kernel.kind != t->strict.kind ||
	       t->kernel.why != t->strict.why;
}

static int text_task(struct report *r, const struct zu_task *task,
		     const struct zu_trace *t)
{
	const struct zu_verdict *v = report_verdict(r, t);
	const struct zu_verdict *other =
		r->rules == ZU_RULES_KERNEL ? &t->strict : &t->kernel;
	size_t i;

	printf("%" PRId32 " ", task->pid);
	put_comm(task->comm);
	printf(" (%c, CPU %" PRIu32 "%s%s): ", task->state, task->cpu,
	       task->offline ? ", offline" : "",
	       task->has_stack ? "" : ", no stack");
	put_verdict(r, v);
	putchar('\n');
	if (v->why)
		printf("    %s\n", zu_why_text(v->why));
	if (differ(t)) {
		printf("    by %s rules: ", r->rules == ZU_RULES_KERNEL ?
		       "strict" : "the kernel's");
		put_verdict(r, other);
		putchar('\n');
	}
	for (i = 0; i < t->nr_frames; i++)
		put_frame(r->k, i, &t->frames[i]);
	return ferror(stdout) ? ZU_EIO : 0;
}

static int text_end(struct report *r, bool whole)
{
	size_t all = r->seen[ZU_RELIABLE] + r->seen[ZU_UNRELIABLE] +
		     r->seen[ZU_RUNNING];

	if (!whole)
		return 0;
	printf("\n%zu task%s by %s rules: %zu reliable, %zu unreliable, %zu running\n",
	       all, all == 1 ? "" : "s",
	       r->rules == ZU_RULES_KERNEL ? "the kernel's" : "strict",
	       r->seen[ZU_RELIABLE], r->seen[ZU_UNRELIABLE],
	       r->seen[ZU_RUNNING]);
	return 0;
}

const struct format format_text = {
	.name = "text",
	.begin = text_begin,
	.task = text_task,
	.end = text_end,
};

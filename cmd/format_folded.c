/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One line a stack, root first, with the number of tasks that have it. */
#include <stdlib.h>
#include <string.h>

#include "cmd/format.h"
#include "util/buf.h"

/* All stacks as strings, each with a NUL, to be sorted and counted */
struct stacks {
	struct zu_buf text;
	size_t count;
};

static int folded_begin(struct report *r)
{
	r->priv = calloc(1, sizeof(struct stacks));
	return r->priv ? 0 : ZU_ENOMEM;
}

/* ';' separates frames and a line break stacks: neither may be in a name. */
static void add_comm(struct zu_buf *b, const char *comm)
{
	for (; *comm; comm++) {
		char c = *comm == ';' ? ',' : *comm;

		if ((unsigned char)c < ' ' || (unsigned char)c >= 0x7f)
			c = '?';
		zu_buf_add(b, &c, 1);
	}
}

static void add_frame(struct zu_buf *b, struct zu_kernel *k,
		      const struct zu_frame *f)
{
	struct zu_symbol sym;

	zu_buf_add(b, ";", 1);
	if (f->guess)
		zu_buf_add(b, "(", 1);
	if (zu_frame_symbol(k, f, &sym)) {
		zu_buf_add(b, sym.name, strlen(sym.name));
		if (sym.module)
			zu_buf_printf(b, " [%s]", sym.module);
	} else {
		zu_buf_printf(b, "0x%llx", (unsigned long long)f->ip);
	}
	if (f->guess)
		zu_buf_add(b, ")", 1);
}

static int folded_task(struct report *r, const struct zu_task *task,
		       const struct zu_trace *t)
{
	struct stacks *s = r->priv;
	size_t i;

	add_comm(&s->text, task->comm);
	if (report_verdict(r, t)->kind == ZU_RUNNING)
		zu_buf_printf(&s->text, ";[running]");
	else if (!t->nr_frames)
		zu_buf_printf(&s->text, task->has_stack ? ";[no frames]" :
							  ";[no stack]");
	for (i = t->nr_frames; i > 0; i--)
		add_frame(&s->text, r->k, &t->frames[i - 1]);
	zu_buf_add(&s->text, "", 1);
	s->count++;
	return s->text.failed ? ZU_ENOMEM : 0;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int print(const struct stacks *s)
{
	const char **line = calloc(s->count + 1, sizeof(*line));
	const char *p = s->text.data;
	size_t i, n = 0;

	if (!line)
		return ZU_ENOMEM;
	for (i = 0; i < s->count; i++) {
		line[i] = p;
		p += strlen(p) + 1;
	}
	qsort(line, s->count, sizeof(*line), by_text);
	for (i = 0; i < s->count; i++) {
		n++;
		if (i + 1 < s->count && !strcmp(line[i], line[i + 1]))
			continue;
		printf("%s %zu\n", line[i], n);
		n = 0;
	}
	free(line);
	return 0;
}

static int folded_end(struct report *r, bool whole)
{
	struct stacks *s = r->priv;
	int ret = 0;

	if (!s)
		return 0;
	if (whole)
		ret = s->text.failed ? ZU_ENOMEM : print(s);
	zu_buf_deinit(&s->text);
	free(s);
	return ret;
}

const struct format format_folded = {
	.name = "folded",
	.begin = folded_begin,
	.task = folded_task,
	.end = folded_end,
};

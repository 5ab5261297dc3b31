/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "cmd/format.h"
#include "cmd/json_parts.h"

#define SCHEMA "zunwind.stacks/1"

/* Write when so much has come together */
#define CHUNK (64u << 10)

/* The names of so many addresses are kept, in text no longer than that */
#define NAMES 4096u
#define NAMES_TEXT (4u << 20)

/* The name of a return address, as it was written before */
struct name {
	uint64_t ip;
	size_t at;
	size_t len;
};

/*
 * Stacks have the same few hundred return addresses over and over: their names
 * are looked up, escaped and written once.
 */
struct names {
	struct name name[NAMES];
	struct zu_json text;
};

struct output {
	struct zu_json json;
	struct names names;
};

static int flush(struct zu_json *j, size_t chunk)
{
	if (j->out.failed)
		return ZU_ENOMEM;
	if (j->out.len < chunk)
		return 0;
	if (fwrite(j->out.data, 1, j->out.len, stdout) != j->out.len)
		return ZU_EIO;
	j->out.len = 0;
	return 0;
}

static int json_begin(struct report *r)
{
	struct output *o = calloc(1, sizeof(*o));
	struct zu_json *j = &o->json;

	r->priv = o;
	if (!o)
		return ZU_ENOMEM;
	json_put_head(j, SCHEMA, r->k);
	zu_json_string(j, "rules", r->rules == ZU_RULES_KERNEL ?
		       "kernel" : "strict");
	zu_json_open(j, "tasks", '[');
	return 0;
}

static void put_detail(struct zu_json *j, const struct zu_verdict *v)
{
	zu_json_string(j, "verdict", zu_verdict_word(v->kind));
	zu_json_string(j, "reason", zu_why_word(v->why));
	if (v->why && v->frame >= 0)
		zu_json_int(j, "frame", v->frame);
	else
		zu_json_null(j, "frame");
	if (v->why)
		zu_json_hex(j, "address", v->at);
	else
		zu_json_null(j, "address");
	zu_json_string(j, "detail", zu_why_text(v->why));
}

static const struct name *find_name(struct names *names, struct zu_kernel *k,
				    const struct zu_frame *f)
{
	struct name *n = &names->name[(f->ip * 0x9e3779b97f4a7c15ULL >> 32) %
				      NAMES];
	struct zu_buf *text = &names->text.out;

	if (n->len && n->ip == f->ip)
		return n;
	if (text->len > NAMES_TEXT) {
		text->len = 0;
		memset(names->name, 0, sizeof(names->name));
	}
	*n = (struct name){ .ip = f->ip, .at = text->len };
	names->text.comma = false;
	json_put_name(&names->text, k, f);
	n->len = text->len - n->at;
	return n;
}

static void put_frame(struct output *o, struct zu_kernel *k,
		      const struct zu_frame *f)
{
	struct zu_json *j = &o->json;

	zu_json_open(j, NULL, '{');
	zu_json_hex(j, "ip", f->ip);
	zu_json_hex(j, "sp", f->sp);
	/* an interrupted instruction is named after itself: see trace.h */
	if (f->regs) {
		json_put_name(j, k, f);
	} else {
		const struct name *n = find_name(&o->names, k, f);

		zu_json_raw(j, o->names.text.out.data + n->at, n->len);
	}
	zu_json_string(j, "from", zu_from_word(f->from));
	zu_json_bool(j, "guess", f->guess);
	zu_json_close(j, '}');
}

static int json_task(struct report *r, const struct zu_task *task,
		     const struct zu_trace *t)
{
	char state[2] = { task->state, '\0' };
	struct output *o = r->priv;
	struct zu_json *j = &o->json;
	size_t i;

	zu_json_newline(j);
	zu_json_open(j, NULL, '{');
	zu_json_int(j, "pid", task->pid);
	zu_json_int(j, "tgid", task->tgid);
	zu_json_string(j, "comm", task->comm);
	zu_json_string(j, "state", state);
	zu_json_int(j, "cpu", task->cpu);
	zu_json_hex(j, "task", task->address);
	put_detail(j, report_verdict(r, t));
	zu_json_string(j, "kernel_verdict", zu_verdict_word(t->kernel.kind));
	zu_json_string(j, "kernel_reason", zu_why_word(t->kernel.why));
	zu_json_int(j, "kernel_entries", t->kernel_entries);
	zu_json_open(j, "frames", '[');
	for (i = 0; i < t->nr_frames; i++)
		put_frame(o, r->k, &t->frames[i]);
	zu_json_close(j, ']');
	zu_json_close(j, '}');
	if (o->names.text.out.failed)
		return ZU_ENOMEM;
	return flush(j, CHUNK);
}

static int put_summary(struct report *r, struct zu_json *j)
{
	zu_json_close(j, ']');
	zu_json_open(j, "summary", '{');
	zu_json_int(j, "tasks", (int64_t)(r->seen[ZU_RELIABLE] +
		    r->seen[ZU_UNRELIABLE] + r->seen[ZU_RUNNING]));
	zu_json_int(j, "reliable", (int64_t)r->seen[ZU_RELIABLE]);
	zu_json_int(j, "unreliable", (int64_t)r->seen[ZU_UNRELIABLE]);
	zu_json_int(j, "running", (int64_t)r->seen[ZU_RUNNING]);
	zu_json_close(j, '}');
	zu_json_close(j, '}');
	zu_buf_add(&j->out, "\n", 1);
	return flush(j, 0);
}

static int json_end(struct report *r, bool whole)
{
	struct output *o = r->priv;
	int ret = 0;

	if (!o)
		return 0;
	if (whole)
		ret = put_summary(r, &o->json);
	zu_buf_deinit(&o->json.out);
	zu_buf_deinit(&o->names.text.out);
	free(o);
	return ret;
}

const struct format format_json = {
	.name = "json",
	.begin = json_begin,
	.task = json_task,
	.end = json_end,
};

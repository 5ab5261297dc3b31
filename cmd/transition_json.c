/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>

#include "cmd/json_parts.h"
#include "cmd/transition.h"
#include "util/fail.h"

#define SCHEMA "zunwind.transition/1"

static void put_func(struct zu_json *j, const struct zu_klp_func *f)
{
	zu_json_open(j, NULL, '{');
	zu_json_string(j, "name", f->name);
	zu_json_int(j, "sympos", (int64_t)f->sympos);
	zu_json_hex(j, "old", f->old_func);
	zu_json_int(j, "old_size", (int64_t)f->old_size);
	zu_json_hex(j, "new", f->new_func);
	zu_json_int(j, "new_size", (int64_t)f->new_size);
	zu_json_bool(j, "nop", f->nop);
	zu_json_bool(j, "patched", f->patched);
	zu_json_bool(j, "transition", f->transition);
	zu_json_close(j, '}');
}

static void put_object(struct zu_json *j, const struct zu_klp *klp,
		       const struct zu_klp_object *o)
{
	size_t i;

	zu_json_open(j, NULL, '{');
	zu_json_string(j, "name", *o->name ? o->name : NULL);
	zu_json_bool(j, "loaded", o->loaded);
	zu_json_bool(j, "patched", o->patched);
	zu_json_open(j, "functions", '[');
	for (i = 0; i < o->count; i++)
		put_func(j, &klp->funcs[o->first + i]);
	zu_json_close(j, ']');
	zu_json_close(j, '}');
}

static void put_patch(struct zu_json *j, const struct zu_klp *klp,
		      const struct zu_klp_patch *p)
{
	size_t i;

	zu_json_newline(j);
	zu_json_open(j, NULL, '{');
	zu_json_string(j, "name", p->name);
	zu_json_bool(j, "enabled", p->enabled);
	zu_json_bool(j, "replace", p->replace);
	zu_json_bool(j, "forced", p->forced);
	zu_json_open(j, "objects", '[');
	for (i = 0; i < p->count; i++)
		put_object(j, klp, &klp->objects[p->first + i]);
	zu_json_close(j, ']');
	zu_json_close(j, '}');
}

static void put_transition(struct zu_json *j, const struct transition *t)
{
	const struct zu_klp *klp = &t->klp;
	size_t i;

	if (klp->transition == ZU_KLP_NONE) {
		zu_json_null(j, "transition");
		return;
	}
	zu_json_open(j, "transition", '{');
	zu_json_string(j, "patch", klp->patches[klp->transition].name);
	zu_json_string(j, "target", transition_target(klp->target));
	if (klp->rounds < 0)
		zu_json_null(j, "rounds");
	else
		zu_json_int(j, "rounds", klp->rounds);
	zu_json_open(j, "ranges", '[');
	for (i = 0; i < t->ranges.count; i++) {
		const struct zu_klp_range *r = &t->ranges.range[i];

		zu_json_open(j, NULL, '{');
		zu_json_string(j, "function", r->name);
		zu_json_string(j, "module", r->module);
		zu_json_hex(j, "start", r->start);
		zu_json_int(j, "size", (int64_t)r->size);
		zu_json_bool(j, "replaced", r->replaced);
		zu_json_close(j, '}');
	}
	zu_json_close(j, ']');
	zu_json_close(j, '}');
}

static int json_begin(struct transition *t, struct zu_error *err)
{
	struct zu_json *j = calloc(1, sizeof(*j));
	size_t i;

	t->priv = j;
	if (!j)
		return zu_fail_nomem(err);
	json_put_head(j, SCHEMA, t->k);
	put_transition(j, t);
	zu_json_open(j, "patches", '[');
	for (i = 0; i < t->klp.nr_patches; i++)
		put_patch(j, &t->klp, &t->klp.patches[i]);
	zu_json_close(j, ']');
	zu_json_open(j, "tasks", '[');
	return 0;
}

static void put_decision(struct zu_json *j, const char *key,
			 const struct transition *t,
			 const struct zu_klp_decision *d)
{
	const struct zu_klp_range *r = d->range == ZU_KLP_NONE ? NULL :
				       &t->ranges.range[d->range];

	zu_json_open(j, key, '{');
	zu_json_string(j, "cause", zu_klp_cause_word(d->cause));
	zu_json_bool(j, "blocks", zu_klp_blocks(d));
	zu_json_string(j, "reason", zu_why_word(d->why));
	zu_json_string(j, "detail", zu_why_text(d->why));
	if (d->frame >= 0)
		zu_json_int(j, "frame", d->frame);
	else
		zu_json_null(j, "frame");
	if (d->why || r)
		zu_json_hex(j, "address", d->at);
	else
		zu_json_null(j, "address");
	zu_json_string(j, "function", r ? r->name : NULL);
	zu_json_string(j, "module", r ? r->module : NULL);
	zu_json_close(j, '}');
}

static void put_frame(struct zu_json *j, struct zu_kernel *k,
		      const struct zu_frame *f)
{
	zu_json_open(j, NULL, '{');
	zu_json_hex(j, "ip", f->ip);
	zu_json_hex(j, "sp", f->sp);
	json_put_name(j, k, f);
	zu_json_string(j, "from", zu_from_word(f->from));
	zu_json_bool(j, "guess", f->guess);
	zu_json_close(j, '}');
}

static void put_frames(struct zu_json *j, const char *key, struct zu_kernel *k,
		       const struct zu_trace *trace)
{
	size_t i;

	zu_json_open(j, key, '[');
	for (i = 0; i < trace->nr_frames; i++)
		put_frame(j, k, &trace->frames[i]);
	zu_json_close(j, ']');
}

static int json_task(struct transition *t, const struct zu_task *task,
		     const struct zu_klp_blocker *b, struct zu_error *err)
{
	char state[2] = { task->state, '\0' };
	struct zu_json *j = t->priv;

	if (b->kernel.cause == ZU_KLP_DONE)
		return 0;
	zu_json_newline(j);
	zu_json_open(j, NULL, '{');
	zu_json_int(j, "pid", task->pid);
	zu_json_int(j, "tgid", task->tgid);
	zu_json_string(j, "comm", task->comm);
	zu_json_string(j, "state", state);
	zu_json_int(j, "cpu", task->cpu);
	zu_json_hex(j, "task", task->address);
	zu_json_bool(j, "kthread", b->klp.kthread);
	zu_json_int(j, "patch_state", b->klp.state);
	put_decision(j, "kernel", t, &b->kernel);
	put_decision(j, "strict", t, &b->strict);
	zu_json_string(j, "help", transition_help(task, b));
	put_frames(j, "frames", t->k, &b->kernel_trace);
	if (b->two)
		put_frames(j, "strict_frames", t->k, &b->strict_trace);
	else
		zu_json_null(j, "strict_frames");
	zu_json_close(j, '}');
	/* a look that may not count is not to be seen */
	return put_flush(&j->out, zu_kernel_changes(t->k) ? SIZE_MAX :
			 PUT_CHUNK, err);
}

static void put_causes(struct zu_json *j, const char *key, const size_t *seen)
{
	size_t i;

	zu_json_open(j, key, '{');
	for (i = ZU_KLP_RUNNING; i <= ZU_KLP_UNVISITED; i++)
		zu_json_int(j, zu_klp_cause_word(i), (int64_t)seen[i]);
	zu_json_close(j, '}');
}

static int put_summary(const struct transition *t, struct zu_json *j,
		       struct zu_error *err)
{
	size_t all = 0, i;

	for (i = 0; i <= ZU_KLP_UNVISITED; i++)
		all += t->count.kernel[i];
	zu_json_close(j, ']');
	if (t->prospect)
		prospect_json(j, t->prospect);
	zu_json_open(j, "summary", '{');
	zu_json_int(j, "tasks", (int64_t)all);
	zu_json_int(j, "done", (int64_t)t->count.kernel[ZU_KLP_DONE]);
	zu_json_bool(j, "blocked", transition_blocks(t));
	put_causes(j, "kernel", t->count.kernel);
	put_causes(j, "strict", t->count.strict);
	zu_json_int(j, "could_switch", (int64_t)t->count.could);
	zu_json_int(j, "hidden", (int64_t)t->count.hidden);
	zu_json_close(j, '}');
	zu_json_close(j, '}');
	zu_buf_add(&j->out, "\n", 1);
	return put_flush(&j->out, 0, err);
}

static int json_end(struct transition *t, bool whole, struct zu_error *err)
{
	struct zu_json *j = t->priv;
	int ret = 0;

	if (!j)
		return 0;
	if (whole)
		ret = put_summary(t, j, err);
	zu_buf_deinit(&j->out);
	free(j);
	return ret;
}

const struct transition_format transition_json = {
	.name = "json",
	.begin = json_begin,
	.task = json_task,
	.end = json_end,
};

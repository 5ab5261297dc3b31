/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/prospect.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "klp/names.h"
#include "util/fail.h"

int prospect_open(struct prospect *p, struct zu_kernel *k,
		  struct zu_error *err)
{
	int ret = p->path ?
		  zu_prospect_from_file(k, p->path, &p->of, err) :
		  zu_patch_names(p->names, &p->of.functions, err);

	if (p->replaces >= 0)
		p->of.replaces = p->replaces;
	return ret;
}

/* There can be more of them than in the look before, at the end. */
static int grow(struct prospect *p, struct zu_error *err)
{
	size_t n = p->of.where.nr;
	struct prospect_count *c;

	if (p->count && n <= p->nr_count)
		return 0;
	c = reallocarray(p->count, n + 1, sizeof(*c));
	if (!c)
		return zu_fail_nomem(err);
	memset(c + p->nr_count, 0, (n + 1 - p->nr_count) * sizeof(*c));
	p->count = c;
	p->nr_count = n;
	return 0;
}

int prospect_begin(struct prospect *p, struct zu_error *err)
{
	size_t i;

	if (grow(p, err))
		return err->code;
	for (i = 0; i < p->nr_count; i++) {
		p->count[i].now = p->count[i].main = 0;
		memset(p->count[i].seen, 0, sizeof(p->count[i].seen));
	}
	return 0;
}

/*
 * kthread() calls a thread's main function, which returns when the thread is about
 * to end; what is further out never does.
 */
static bool is_main(struct zu_kernel *k, const struct zu_trace *t, int frame)
{
	static const char *const outer[] = {
		"kthread", "__ret_from_fork", "ret_from_fork",
	};
	struct zu_symbol sym;
	size_t i, at = (size_t)frame + 1;

	if (at >= t->nr_frames)
		return true;
	if (!zu_frame_symbol(k, &t->frames[at], &sym) || sym.module)
		return false;
	for (i = 0; i < sizeof(outer) / sizeof(outer[0]); i++)
		if (!strcmp(sym.name, outer[i]))
			return true;
	return false;
}

static bool is_same_task(const struct zu_task *a, const struct zu_task *b)
{
	return a->address == b->address && a->pid == b->pid;
}

/* In the first look all are new; later ones can only lose some. */
static void remember(struct prospect_count *c, const struct zu_task *task,
		     bool first)
{
	unsigned int i;

	for (i = 0; i < c->nr_stay; i++)
		if (is_same_task(&c->stay[i], task))
			c->seen[i] = true;
	if (!first || c->nr_stay == PROSPECT_STAY)
		return;
	c->seen[c->nr_stay] = true;
	c->stay[c->nr_stay++] = *task;
}

void prospect_task(struct prospect *p, struct zu_kernel *k,
		   const struct zu_task *task, const struct zu_klp_blocker *b)
{
	struct prospect_count *c;

	if (b->kernel.cause != ZU_KLP_ON_STACK)
		return;
	c = &p->count[p->of.entry[b->kernel.range]];
	c->now++;
	c->main += is_main(k, &b->kernel_trace, b->kernel.frame);
	remember(c, task, !p->looks);
}

static void end_count(struct prospect_count *c)
{
	unsigned int i, left = 0;

	c->looks += c->now != 0;
	if (c->now > c->most)
		c->most = c->now;
	for (i = 0; i < c->nr_stay; i++)
		if (c->seen[i])
			c->stay[left++] = c->stay[i];
	c->nr_stay = left;
}

void prospect_end(struct prospect *p)
{
	size_t i;

	for (i = 0; i < p->nr_count; i++)
		end_count(&p->count[i]);
	p->looks++;
}

static bool is_undone(const struct prospect *p, size_t i)
{
	return i >= p->of.functions.nr;
}

static void put_function(struct zu_buf *b, const struct zu_patch_function *f)
{
	put_name(b, f->name);
	if (f->sympos)
		zu_buf_printf(b, ",%" PRIu64, f->sympos);
	if (!f->object)
		return;
	zu_buf_printf(b, " [");
	put_name(b, f->object);
	zu_buf_printf(b, "]");
}

static void put_stay(struct zu_buf *b, const struct prospect *p,
		     const struct prospect_count *c)
{
	unsigned int i;

	if (c->main)
		zu_buf_printf(b, "        the main function of %zu of them: they never leave it, and the patch can't be finished as long as they live\n",
			      c->main);
	if (p->looks < 2 || !c->nr_stay)
		return;
	zu_buf_printf(b, "        in each look:");
	for (i = 0; i < c->nr_stay; i++) {
		zu_buf_printf(b, "%s %" PRId32 " ", i ? "," : "",
			      c->stay[i].pid);
		put_name(b, c->stay[i].comm);
	}
	zu_buf_printf(b, "\n");
}

static const char *which_version(const struct prospect *p, size_t i)
{
	const struct zu_patch_range *r = &p->of.where.range[i];

	if (is_undone(p, i))
		return " in the patch that would be undone";
	return r->start != r->old ? " in the patch that replaces it now" : "";
}

static void put_line(struct zu_buf *b, const struct prospect *p, size_t i)
{
	const struct prospect_count *c = &p->count[i];

	zu_buf_printf(b, "    ");
	put_function(b, p->of.where.range[i].function);
	if (p->of.where.range[i].waits) {
		zu_buf_printf(b, is_undone(p, i) ?
			      ": it is patched no longer\n" :
			      ": its module is not loaded, so nobody is in it\n");
		return;
	}
	zu_buf_printf(b, ": %zu task%s%s", c->now, c->now == 1 ? "" : "s",
		      which_version(p, i));
	if (p->looks > 1)
		zu_buf_printf(b, ", at most %zu; any in %u of %u looks",
			      c->most, c->looks, p->looks);
	zu_buf_printf(b, "\n");
	put_stay(b, p, c);
}

/* The next one to be shown: most tasks first, then as in the patch */
static size_t next(const struct prospect *p, const bool *shown)
{
	size_t i, best = ZU_KLP_NONE;

	for (i = 0; i < p->nr_count; i++)
		if (!shown[i] && (best == ZU_KLP_NONE ||
				  p->count[i].most > p->count[best].most))
			best = i;
	return best;
}

void prospect_text(struct zu_buf *b, const struct prospect *p)
{
	size_t n = p->of.functions.nr, i;
	bool *shown = calloc(p->nr_count + 1, sizeof(*shown));

	b->failed |= !shown;
	zu_buf_printf(b, "If ");
	put_name(b, p->path ? p->path : p->names);
	zu_buf_printf(b, " were patched now (%zu function%s", n,
		      n == 1 ? "" : "s");
	if (p->nr_count > n)
		zu_buf_printf(b, "; %zu that other patches have patched would be undone",
			      p->nr_count - n);
	zu_buf_printf(b, "):\n\n");
	while (shown && (i = next(p, shown)) != ZU_KLP_NONE) {
		put_line(b, p, i);
		shown[i] = true;
	}
	zu_buf_printf(b, "\n");
	free(shown);
}

void prospect_json(struct zu_json *j, const struct prospect *p)
{
	size_t i, t;

	zu_json_open(j, "prospect", '{');
	zu_json_string(j, "patch", p->path);
	zu_json_bool(j, "replace", p->of.replaces);
	zu_json_int(j, "looks", p->looks);
	zu_json_open(j, "functions", '[');
	for (i = 0; i < p->nr_count; i++) {
		const struct zu_patch_range *r = &p->of.where.range[i];
		const struct prospect_count *c = &p->count[i];

		zu_json_open(j, NULL, '{');
		zu_json_string(j, "name", r->function->name);
		zu_json_string(j, "module", r->function->object);
		zu_json_int(j, "sympos", (int64_t)r->function->sympos);
		zu_json_bool(j, "loaded", !r->waits);
		zu_json_bool(j, "undone", is_undone(p, i));
		zu_json_hex(j, "start", r->start);
		zu_json_int(j, "size", (int64_t)r->size);
		zu_json_int(j, "tasks", (int64_t)c->now);
		zu_json_int(j, "most", (int64_t)c->most);
		zu_json_int(j, "looks", c->looks);
		zu_json_int(j, "main", (int64_t)c->main);
		zu_json_open(j, "stay", '[');
		for (t = 0; p->looks > 1 && t < c->nr_stay; t++)
			zu_json_int(j, NULL, c->stay[t].pid);
		zu_json_close(j, ']');
		zu_json_close(j, '}');
	}
	zu_json_close(j, ']');
	zu_json_close(j, '}');
}

void prospect_deinit(struct prospect *p)
{
	free(p->count);
	zu_prospect_deinit(&p->of);
	p->count = NULL;
}

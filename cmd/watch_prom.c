/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Metrics for node_exporter's textfile collector, in Prometheus' text format:
 * without times, as that collector asks for.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "cmd/cmd.h"
#include "cmd/transition.h"
#include "cmd/watch.h"
#include "util/fail.h"
#include "util/outfile.h"

#define KLP "zunwind_livepatch_"

static void put_head(struct zu_buf *b, const char *name, const char *help)
{
	zu_buf_printf(b, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

static void put_gauge(struct zu_buf *b, const char *name, const char *help,
		      int64_t value)
{
	put_head(b, name, help);
	zu_buf_printf(b, "%s %" PRId64 "\n", name, value);
}

static void put_label(struct zu_buf *b, const char *name, const char *label,
		      const char *word, size_t value)
{
	zu_buf_printf(b, "%s{%s=\"%s\"} %zu\n", name, label, word, value);
}

/* A name is whatever bytes the kernel has; what can't be printed becomes '?'. */
static void put_escaped(struct zu_buf *b, const char *s)
{
	for (; *s; s++) {
		const char one[] = { *s, '\0' };

		if (*s == '"' || *s == '\\')
			zu_buf_add(b, "\\", 1);
		put_name(b, one);
	}
}

static void put_patches(struct zu_buf *b, const struct watch_look *l)
{
	static const char name[] = KLP "patches";
	size_t enabled = 0, i;

	for (i = 0; i < l->klp.nr_patches; i++)
		enabled += l->klp.patches[i].enabled;
	put_head(b, name, "Live patches that are there.");
	put_label(b, name, "state", "enabled", enabled);
	put_label(b, name, "state", "disabled", l->klp.nr_patches - enabled);
}

static void put_transition(struct zu_buf *b, const struct watch_look *l)
{
	static const char name[] = KLP "transition";
	const struct zu_klp_patch *p = watch_look_patch(l);

	put_head(b, name, "Whether a transition goes on, and of which patch.");
	if (!p) {
		zu_buf_printf(b, "%s 0\n", name);
		return;
	}
	zu_buf_printf(b, "%s{patch=\"", name);
	put_escaped(b, p->name);
	zu_buf_printf(b, "\",target=\"%s\"} 1\n",
		      transition_target(l->klp.target));
	if (l->klp.rounds >= 0)
		put_gauge(b, KLP "transition_rounds",
			  "How often the kernel has tried in vain to switch all tasks.",
			  l->klp.rounds);
}

static void put_pending(struct zu_buf *b, const struct watch_look *l)
{
	static const char name[] = KLP "transition_pending_tasks";

	put_head(b, name, "Tasks that are not switched yet, by what is in the way.");
	put_label(b, name, "cause", "running", l->count.kernel[ZU_KLP_RUNNING]);
	put_label(b, name, "cause", "unreliable", l->count.kernel[ZU_KLP_UNRELIABLE]);
	put_label(b, name, "cause", "on_stack", l->count.kernel[ZU_KLP_ON_STACK]);
	put_label(b, name, "cause", "unvisited", l->count.kernel[ZU_KLP_UNVISITED]);
}

static void put_unreliable(struct zu_buf *b, const struct watch_look *l)
{
	static const char name[] = KLP "unreliable_tasks";
	size_t count[ZU_WHY_COUNT] = { 0 }, i;

	for (i = 0; i < l->nr_tasks; i++)
		if (l->task[i].kernel.cause == ZU_KLP_UNRELIABLE)
			count[l->task[i].kernel.why]++;
	put_head(b, name, "Tasks that are not switched since their stack can't be trusted, by reason.");
	for (i = ZU_WHY_NONE + 1; i < ZU_WHY_COUNT; i++)
		put_label(b, name, "reason", zu_why_word((enum zu_why)i),
			  count[i]);
}

static void put_look(struct zu_buf *b, const struct watch_look *l)
{
	put_patches(b, l);
	put_transition(b, l);
	put_pending(b, l);
	put_unreliable(b, l);
	put_gauge(b, KLP "could_switch_tasks",
		  "Tasks that the kernel does not switch, though their code proves that it could.",
		  (int64_t)l->count.could);
	put_gauge(b, KLP "danger_tasks",
		  "Tasks that the kernel would switch, though by strict rules it should not.",
		  (int64_t)l->count.hidden);
}

/* Another user has to read it, whatever the umask is. */
static int write_readable(const char *path, const struct zu_buf *b,
			  struct zu_error *err)
{
	mode_t mask = umask(022);
	int ret = zu_outfile_write(path, b->data, b->len, err);

	umask(mask);
	return ret;
}

int watch_write_prometheus(const char *path, const struct zu_kernel *k,
			   const struct watch_look *l, struct zu_error *err)
{
	struct zu_buf b = { .data = NULL };
	bool known = k && zu_klp_known(k), supported = k && zu_klp_there(k);
	int ret;

	put_gauge(&b, "zunwind_up", "Whether zunwind could look at the kernel.",
		  l || (known && !supported));
	if (known)
		put_gauge(&b, KLP "supported",
			  "Whether the kernel has live patching.", supported);
	if (l && supported)
		put_look(&b, l);
	ret = b.failed ? zu_fail_nomem(err) : write_readable(path, &b, err);
	zu_buf_deinit(&b);
	return ret;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/make/bytes.h"
#include "tests/make/fakekernel_check.h"

static int open_made(struct fk *fk, struct zu_kernel **k, struct zu_error *err)
{
	struct mk file;
	int ret;

	fk_dump(fk, &file);
	ret = zu_kernel_open(mk_file(&file), NULL, k, err);
	mk_free(&file);
	return ret;
}

struct zu_kernel *fk_open(struct fk *fk)
{
	struct zu_kernel *k = NULL;
	struct zu_error err = { 0 };

	if (open_made(fk, &k, &err))
		fail_msg("%s", err.text);
	return k;
}

void fk_refused(struct fk *fk, int code, const char *text)
{
	struct zu_kernel *k = NULL;
	struct zu_error err = { 0 };
	int ret = open_made(fk, &k, &err);

	if (!ret)
		fail_msg("opened; expected \"%s\"", text);
	if (ret != code || err.code != code || !strstr(err.text, text))
		fail_msg("got %d \"%s\"; expected %d \"%s\"", ret, err.text,
			 code, text);
	assert_null(k);
}

void fk_find(struct zu_kernel *k, const struct fk_task *t, struct zu_task *ret)
{
	struct zu_error err = { 0 };
	struct zu_task task;
	size_t i, found = 0;

	for (i = 0; i < zu_kernel_task_count(k); i++) {
		if (zu_kernel_task(k, i, &task, &err))
			fail_msg("%s", err.text);
		if (task.address != t->addr)
			continue;
		*ret = task;
		found++;
	}
	assert_int_equal(found, 1);
}

static const char *word(const struct zu_verdict *v)
{
	return v->kind == ZU_UNRELIABLE ? zu_why_word(v->why) :
					  zu_verdict_word(v->kind);
}

static void join(struct zu_kernel *k, const struct zu_trace *t, char *buf,
		 size_t size)
{
	size_t i, len = 0;

	*buf = '\0';
	for (i = 0; i < t->nr_frames && len < size; i++) {
		struct zu_symbol s;
		bool found = zu_frame_symbol(k, &t->frames[i], &s);

		len += (size_t)snprintf(buf + len, size - len, "%s%s",
					i ? " " : "", found ? s.name : "?");
	}
}

void fk_expect(struct fk_task *t, const char *strict, const char *kernel,
	       const char *frames)
{
	struct zu_kernel *k = fk_open(t->fk);
	struct zu_trace trace = ZU_TRACE_INIT;
	struct zu_error err = { 0 };
	struct zu_task task = { 0 };
	char buf[4096];

	fk_find(k, t, &task);
	if (zu_trace_task(&trace, k, &task, &err))
		fail_msg("%s", err.text);
	join(k, &trace, buf, sizeof(buf));
	if (strcmp(word(&trace.strict), strict) ||
	    strcmp(word(&trace.kernel), kernel) ||
	    (frames && strcmp(buf, frames)))
		fail_msg("got %s (kernel: %s) \"%s\"; expected %s (%s) \"%s\"",
			 word(&trace.strict), word(&trace.kernel), buf, strict,
			 kernel, frames ? frames : "anything");
	zu_trace_deinit(&trace);
	zu_kernel_close(k);
}

const char *fk_name(struct zu_kernel *k, uint64_t addr)
{
	static char buf[256];
	struct zu_symbol s;

	if (!zu_kernel_symbol(k, addr, &s))
		return "?";
	snprintf(buf, sizeof(buf), "%s%s%s%s", s.name, s.module ? " [" : "",
		 s.module ? s.module : "", s.module ? "]" : "");
	return buf;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "zunwind/capture.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "image/capture.h"
#include "core/bytes.h"
#include "kern/kernel.h"
#include "kern/livepatch.h"
#include "kern/traps.h"
#include "util/buf.h"
#include "util/fail.h"
#include "zunwind/trace.h"

/* One read of the kernel's memory, and where its bytes are kept */
struct piece {
	uint64_t addr;
	size_t len;
	size_t data;
};

struct recorder {
	struct zu_buf pieces;	/* struct piece */
	struct zu_buf bytes;
};

static void record(void *ctx, uint64_t addr, const void *buf, size_t len)
{
	struct recorder *r = ctx;
	struct piece p = { .addr = addr, .len = len, .data = r->bytes.len };

	zu_buf_add(&r->pieces, &p, sizeof(p));
	zu_buf_add(&r->bytes, buf, len);
}

static int by_addr(const void *a, const void *b)
{
	const struct piece *x = a, *y = b;

	return (x->addr > y->addr) - (x->addr < y->addr);
}

/*
 * Make sorted, disjoint extents of the pieces, which overlap where something
 * was read twice. All are of one moment: see check_target().
 */
static size_t merge(const struct recorder *r, struct zu_buf *table,
		    struct zu_buf *bytes)
{
	struct piece *p = (struct piece *)(void *)r->pieces.data;
	size_t n = r->pieces.len / sizeof(*p), i, extents = 0;
	uint64_t begin = 0, end = 0;
	char entry[16];

	if (n)
		qsort(p, n, sizeof(*p), by_addr);
	for (i = 0; i < n; i++) {
		uint64_t skip;

		if (!extents || p[i].addr > end) {
			begin = end = p[i].addr;
			zu_buf_add(table, entry, sizeof(entry));
			extents++;
		}
		skip = end - p[i].addr;
		if (skip < p[i].len) {
			zu_buf_add(bytes, r->bytes.data + p[i].data + skip,
				   p[i].len - skip);
			end += p[i].len - skip;
		}
		zu_put_be64(entry, begin);
		zu_put_be64(entry + 8, end - begin);
		if (!table->failed)
			memcpy(table->data + table->len - sizeof(entry), entry,
			       sizeof(entry));
	}
	return extents;
}

static size_t write_memory(struct zu_buf *out, const struct recorder *r)
{
	struct zu_buf table = { .data = NULL }, bytes = { .data = NULL };
	size_t len;
	char count[8];

	zu_put_be64(count, merge(r, &table, &bytes));
	zu_buf_add(out, count, sizeof(count));
	zu_buf_add(out, table.data, table.len);
	zu_buf_add(out, bytes.data, bytes.len);
	out->failed |= table.failed | bytes.failed;
	len = bytes.len;
	zu_buf_deinit(&table);
	zu_buf_deinit(&bytes);
	return len;
}

static void write_layout(struct zu_buf *out, const struct zu_layout *l)
{
	size_t i;

	for (i = 0; i < ZU_FIELD_COUNT; i++) {
		const struct zu_place *p = &l->place[i];

		if (p->present)
			zu_buf_printf(out,
				      "%s %" PRIu32 " %" PRIu32 " %" PRIu32 "\n",
				      zu_field_name(i), p->offset, p->size,
				      p->target);
	}
}

static void write_globals(struct zu_buf *out, const struct zu_kernel *k)
{
	size_t i;

	for (i = 0; i < ZU_GLOBAL_COUNT; i++)
		if (k->global[i])
			zu_buf_printf(out, "%s %" PRIx64 "\n",
				      zu_global_name(i), k->global[i]);
}

static int by_start(const void *a, const void *b)
{
	const struct zu_symbol *x = *(const struct zu_symbol *const *)a;
	const struct zu_symbol *y = *(const struct zu_symbol *const *)b;

	return (x->start > y->start) - (x->start < y->start);
}

/* All answers that symbol look-ups gave, each symbol once */
static void write_symbols(struct zu_buf *out, const struct zu_symbols *s)
{
	struct zu_buf found = { .data = NULL };
	const struct zu_symbol **sym;
	size_t i, n;

	for (i = 0; i < s->slots; i++) {
		const struct zu_symbol *p = &s->slot[i].symbol;

		if (s->slot[i].addr && s->slot[i].found)
			zu_buf_add(&found, &p, sizeof(p));
	}
	sym = (const struct zu_symbol **)(void *)found.data;
	n = found.len / sizeof(*sym);
	if (n)
		qsort(sym, n, sizeof(*sym), by_start);
	for (i = 0; i < n; i++) {
		if (i && sym[i]->start == sym[i - 1]->start)
			continue;
		zu_buf_printf(out, "%" PRIx64 " %" PRIx64 " %s", sym[i]->start,
			      sym[i]->size, sym[i]->name);
		if (sym[i]->module)
			zu_buf_printf(out, " %s", sym[i]->module);
		zu_buf_add(out, "\n", 1);
	}
	out->failed |= found.failed;
	zu_buf_deinit(&found);
}

static int touch_stack(struct zu_kernel *k, const struct zu_task *task,
		       enum zu_rules rules, struct zu_trace *t,
		       struct zu_error *err)
{
	struct zu_symbol sym;
	size_t f;
	int ret;

	t->rules = rules;
	ret = zu_trace_task(t, k, task, err);
	if (ret)
		return ret;
	for (f = 0; f < t->nr_frames; f++)
		zu_frame_symbol(k, &t->frames[f], &sym);
	return 0;
}

static bool has_regs(const struct zu_trace *t)
{
	size_t f;

	for (f = 0; f < t->nr_frames; f++)
		if (t->frames[f].regs)
			return true;
	return false;
}

/*
 * Do all that zunwind stacks and transition do, for the reads and look-ups
 * they make. Only where there are registers on a stack do the walks differ.
 */
static int touch_task(struct zu_kernel *k, size_t i, bool patching,
		      struct zu_trace *t, struct zu_error *err)
{
	struct zu_klp_task klp;
	struct zu_error ignored;
	struct zu_task task;
	int ret;

	ret = zu_kernel_task(k, i, &task, err);
	if (ret)
		return ret;
	if (patching)
		zu_klp_task(k, &task, &klp, &ignored);
	ret = touch_stack(k, &task, ZU_RULES_STRICT, t, err);
	if (ret || !has_regs(t))
		return ret;
	return touch_stack(k, &task, ZU_RULES_KERNEL, t, err);
}

/*
 * What live patching has. If that is damaged the stacks can still be kept, and
 * who reads it of the capture hears the same.
 */
static int touch_livepatch(struct zu_kernel *k, bool *patching,
			   struct zu_error *err)
{
	struct zu_klp klp = ZU_KLP_INIT;
	struct zu_error why;
	int ret = zu_klp_there(k) ? zu_klp_read(k, &klp, &why) : 0;

	*patching = klp.transition != ZU_KLP_NONE;
	zu_klp_deinit(&klp);
	return ret == ZU_ENOMEM ? zu_fail_nomem(err) : 0;
}

static int touch_tasks(struct zu_kernel *k, struct zu_error *err)
{
	struct zu_trace t = ZU_TRACE_INIT;
	bool patching = false;
	size_t i;
	int ret = touch_livepatch(k, &patching, err);

	for (i = 0; i < zu_kernel_task_count(k) && !ret; i++)
		ret = touch_task(k, i, patching, &t, err);
	zu_trace_deinit(&t);
	return ret;
}

/* Of a capture only what it says itself is known. */
static const char *livepatch_line(const struct zu_kernel *k)
{
	if (zu_klp_there(k))
		return "livepatch=yes\n";
	return zu_klp_known(k) ? "livepatch=no\n" : "";
}

static int store(const char *path, struct zu_kernel *k,
		 const struct recorder *r, size_t *bytes,
		 struct zu_error *err)
{
	enum {
		ABOUT, INFO, LAYOUT, GLOBALS, SYMBOLS, TRAPS, MEMORY, PARTS,
	};
	static const char *const tag[PARTS] = {
		ZU_CAPTURE_ABOUT, ZU_CAPTURE_INFO, ZU_CAPTURE_LAYOUT,
		ZU_CAPTURE_GLOBALS, ZU_CAPTURE_SYMBOLS, ZU_CAPTURE_TRAPS,
		ZU_CAPTURE_MEMORY,
	};
	struct zu_buf b[PARTS] = { 0 };
	struct zu_capture_part part[PARTS];
	bool failed = r->pieces.failed || r->bytes.failed;
	size_t i;
	int ret;

	zu_buf_printf(&b[ABOUT], "source=%s\n%s%s", k->about.source_kind,
		      k->rows ? "code=yes\n" : "", livepatch_line(k));
	zu_buf_add(&b[INFO], k->info.text, k->info.len);
	write_layout(&b[LAYOUT], &k->layout);
	write_globals(&b[GLOBALS], k);
	write_symbols(&b[SYMBOLS], &k->symbols);
	zu_traps_store(k, &b[TRAPS]);
	if (!failed)
		*bytes = write_memory(&b[MEMORY], r);
	for (i = 0; i < PARTS; i++) {
		part[i] = (struct zu_capture_part){
			.tag = tag[i], .data = b[i].data, .len = b[i].len,
		};
		failed |= b[i].failed;
	}
	ret = failed ? zu_fail_nomem(err) :
		       zu_capture_store(path, part, PARTS, err);
	for (i = 0; i < PARTS; i++)
		zu_buf_deinit(&b[i]);
	return ret;
}

/*
 * Replacing the dump by its capture would lose it. And a capture holds memory as it
 * was read: lists, stacks and counts of different moments don't fit together.
 */
static int check_target(const char *source, const char *path,
			struct zu_error *err)
{
	struct stat s, t;

	if (zu_image_will_change(source))
		return zu_fail(err, ZU_ENOTSUP,
			       "cannot capture %s: its memory changes while it is read, so it would not be of one moment; take a dump, and capture that",
			       source);
	if (stat(source, &s) || stat(path, &t) || s.st_dev != t.st_dev ||
	    s.st_ino != t.st_ino)
		return 0;
	return zu_fail(err, ZU_EINVAL, "%s is the source itself", path);
}

int zu_capture_make(const char *source, const struct zu_open_options *options,
		    const char *path, struct zu_capture_info *ret,
		    struct zu_error *err)
{
	struct recorder r = { .pieces.data = NULL };
	struct zu_kernel *k;
	size_t bytes = 0;
	int code;

	code = check_target(source, path, err);
	if (code)
		return code;
	code = zu_kernel_open_recorded(source, options, record, &r, &k, err);
	if (!code) {
		code = touch_tasks(k, err);
		if (!code)
			code = zu_kernel_check(k, err);
		if (!code)
			code = store(path, k, &r, &bytes, err);
		if (!code && ret)
			*ret = (struct zu_capture_info){
				.tasks = zu_kernel_task_count(k),
				.bytes = bytes,
			};
		zu_kernel_close(k);
	}
	zu_buf_deinit(&r.pieces);
	zu_buf_deinit(&r.bytes);
	return code;
}

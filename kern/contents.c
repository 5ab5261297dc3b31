/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kern/contents.h"

#include <inttypes.h>
#include <stdlib.h>

#include "kern/captured.h"
#include "kern/livepatch.h"
#include "kern/traps.h"
#include "util/fail.h"

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

/* Of a capture only what it says itself is known. */
static const char *livepatch_line(const struct zu_kernel *k)
{
	if (zu_klp_there(k))
		return "livepatch=yes\n";
	return zu_klp_known(k) ? "livepatch=no\n" : "";
}

static void write_about(struct zu_buf *out, const struct zu_kernel *k)
{
	zu_buf_printf(out, "source=%s\n%s%s%s", k->about.source_kind,
		      k->rows ? "code=yes\n" : "", livepatch_line(k),
		      k->many_moments ? &ZU_CAPTURED_MANY_MOMENTS[1] : "");
}

int zu_contents_make(struct zu_contents *c, struct zu_kernel *k,
		     const struct zu_recorder *r, struct zu_error *err)
{
	enum { ABOUT, INFO, LAYOUT, GLOBALS, SYMBOLS, TRAPS, MEMORY };
	static const char *const tag[ZU_CONTENTS_PARTS] = {
		ZU_CAPTURE_ABOUT, ZU_CAPTURE_INFO, ZU_CAPTURE_LAYOUT,
		ZU_CAPTURE_GLOBALS, ZU_CAPTURE_SYMBOLS, ZU_CAPTURE_TRAPS,
		ZU_CAPTURE_MEMORY,
	};
	struct zu_buf *b = c->buf;
	bool failed = false;
	size_t i;

	write_about(&b[ABOUT], k);
	zu_buf_add(&b[INFO], k->info.text, k->info.len);
	write_layout(&b[LAYOUT], &k->layout);
	write_globals(&b[GLOBALS], k);
	write_symbols(&b[SYMBOLS], &k->symbols);
	zu_traps_store(k, &b[TRAPS]);
	c->bytes = zu_recorder_write(r, &b[MEMORY]);
	for (i = 0; i < ZU_CONTENTS_PARTS; i++) {
		c->part[i] = (struct zu_capture_part){
			.tag = tag[i], .data = b[i].data, .len = b[i].len,
		};
		failed |= b[i].failed;
	}
	return failed ? zu_fail_nomem(err) : 0;
}

void zu_contents_deinit(struct zu_contents *c)
{
	size_t i;

	for (i = 0; i < ZU_CONTENTS_PARTS; i++)
		zu_buf_deinit(&c->buf[i]);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One function of any bytes. Input:
 *
 *	byte 0		what the host knows: HAS_*
 *	byte 1		the function's name: 0 for none, else a row of hints.def
 *	bytes 2 and 3	its length, of what follows
 *	the rest	its code, and constants behind that
 *
 * Whatever is found fits together, comes again when the same is asked again,
 * and takes a number of steps in proportion to the length. With CHANGES the
 * memory is that of a system that runs: it only has to end well.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/table_format.h"
#include "flow/flow.h"

#define BASE UINT64_C(0x100000)
#define OTHERS (BASE + 0x10000)	/* other functions, 16 bytes each */
#define OTHERS_END (OTHERS + 0x10000)

enum {
	HAS_BACK_CHAIN = 1,
	HAS_TRAPS = 2,
	HAS_DEST = 8,
	CHANGES = 16,	/* one read in four sees other bytes */
};

#define check(what)							\
	do {								\
		if (!(what))						\
			abort();					\
	} while (0)

static const char *const names[] = {
	NULL,
#define ZU_HINT(name, kind, shape, reason) name,
#include "flow/hints.def"
#undef ZU_HINT
};

#define NAMES (sizeof(names) / sizeof(names[0]))

/* Memory: the function, and what is behind it */
struct host {
	const uint8_t *bytes;
	uint64_t len;
	uint64_t asked;
	bool changes;
};

static void change(const struct host *h, uint8_t *buf, size_t len)
{
	uint64_t x = (h->asked + h->len) * UINT64_C(0x9e3779b97f4a7c15);

	if (len && x >> 62 == 3)
		buf[(x >> 32) % len] ^= (uint8_t)(x >> 24);
}

static int read_memory(void *ctx, uint64_t addr, void *buf, size_t len)
{
	struct host *h = ctx;

	h->asked++;
	check(len <= 16);
	if (addr < BASE || addr - BASE > h->len || len > h->len - (addr - BASE))
		return -1;
	memcpy(buf, h->bytes + (addr - BASE), len);
	if (h->changes)
		change(h, buf, len);
	return 0;
}

static unsigned int dest(void *ctx, uint64_t addr, bool want_noreturn)
{
	unsigned int kind = (unsigned int)(addr >> 4) & 63;
	struct host *h = ctx;

	h->asked++;
	if (addr == BASE)
		return ZU_DEST_ENTRY;
	if (addr < OTHERS || addr >= OTHERS_END || addr % 16)
		return 0;
	if (kind < 16)
		return ZU_DEST_ENTRY | ZU_DEST_THUNK | kind;
	/* some are known at once, some only after a look */
	if (kind < 20 || (kind < 24 && want_noreturn))
		return ZU_DEST_ENTRY | ZU_DEST_NORETURN;
	return ZU_DEST_ENTRY;
}

static int trap(void *ctx, uint64_t addr)
{
	struct host *h = ctx;

	h->asked++;
	check(addr >= BASE && addr - BASE < h->len);
	return (int)(addr >> 1) % 3 - 1;
}

/* Offsets may be too large for a table, all else is what a table can hold. */
static void check_row(struct zu_row row)
{
	uint8_t state[ZU_TABLE_STATE];

	row.cfa_off = row.cfa_off ? 8 : 0;
	row.ra_off = row.ra_off ? 8 : 0;
	row.fp_off = row.fp_off ? 8 : 0;
	check(zu_table_put_state(state, &row));
}

static void check_rows(const struct zu_flow *f, uint32_t len)
{
	size_t i;

	check(f->nr_rows && !f->rows[0].offset);
	for (i = 0; i < f->nr_rows; i++) {
		const struct zu_flow_row *r = &f->rows[i];

		check(r->offset < len && r->offset % 2 == 0);
		check_row(r->row);
		if (!i)
			continue;
		check(r->offset > r[-1].offset);
		check(memcmp(&r->row, &r[-1].row, sizeof(r->row)));
	}
}

static void check_findings(const struct zu_flow *f, uint32_t len)
{
	size_t i;
	unsigned int k;

	for (i = 0; i < f->nr_findings; i++) {
		const struct zu_finding *n = &f->findings[i];

		check(n->kind < ZU_FINDING_COUNT);
		check(n->offset < len && n->offset % 2 == 0);
		check(!i || n->offset >= n[-1].offset);
		check(n->nr_path <= ZU_FINDING_PATH);
		check(!n->path_cut || n->nr_path == ZU_FINDING_PATH);
		for (k = 0; k < n->nr_path; k++)
			check(n->path[k].from < len && n->path[k].to < len);
	}
}

static void check_ways(const struct zu_flow *f, uint32_t len)
{
	size_t i;

	for (i = 0; i < f->nr_calls; i++) {
		const struct zu_flow_call *c = &f->calls[i];

		check(c->last + 2 <= len && c->last % 2 == 0);
		check(c->offset <= c->last && c->last - c->offset <= 4);
		check(!i || c->last > c[-1].last ||
		      f->verdict == ZU_FLOW_UNPROVEN);
	}
	check(f->nr_calls <= f->stats.calls);
	for (i = 0; i < f->nr_leaves; i++) {
		const struct zu_flow_leave *l = &f->leaves[i];

		check(l->offset < len && l->offset % 2 == 0);
		check(!i || l->offset > l[-1].offset ||
		      (l->offset == l[-1].offset && l->addr > l[-1].addr));
		check(!l->direct || l->offset + 6 <= len);
	}
}

static void check_result(const struct zu_flow *f, uint32_t len)
{
	const struct zu_flow_stats *s = &f->stats;

	check_rows(f, len);
	check_findings(f, len);
	check_ways(f, len);
	check((f->verdict == ZU_FLOW_UNPROVEN) == (f->nr_findings > 0));
	check(f->verdict != ZU_FLOW_HINTED || f->hint);
	check(f->verdict != ZU_FLOW_PROVEN || !f->hint);
	check(!f->nr_findings || f->returns);
	check(s->rows_known <= s->insns && s->insns <= (len + 1) / 2);
	check(s->calls <= s->insns && s->executed <= s->insns &&
	      s->traps <= s->insns);
	check(s->open_tables <= s->jump_tables && s->jump_tables <= s->insns);
	/* what is proven has been seen, from the first instruction on */
	if (f->verdict == ZU_FLOW_PROVEN)
		check(s->insns && s->rows_known &&
		      f->rows[0].row.kind == ZU_ROW_FRAME);
}

static void check_same_finding(const struct zu_finding *a,
			       const struct zu_finding *b)
{
	check(a->kind == b->kind && a->offset == b->offset);
	check(a->nr_path == b->nr_path && a->path_cut == b->path_cut);
	check(!memcmp(a->path, b->path, sizeof(a->path)));
}

static void check_same(const struct zu_flow *a, const struct zu_flow *b)
{
	size_t i;

	check(a->verdict == b->verdict && a->hint == b->hint &&
	      a->returns == b->returns);
	check(a->nr_rows == b->nr_rows && a->nr_findings == b->nr_findings);
	check(!memcmp(a->rows, b->rows, a->nr_rows * sizeof(*a->rows)));
	for (i = 0; i < a->nr_findings; i++)
		check_same_finding(&a->findings[i], &b->findings[i]);
	check(!memcmp(&a->stats, &b->stats, sizeof(a->stats)));
	check(a->thunk == b->thunk && a->nr_calls == b->nr_calls &&
	      a->nr_leaves == b->nr_leaves);
	for (i = 0; i < a->nr_calls; i++)
		check(a->calls[i].offset == b->calls[i].offset &&
		      a->calls[i].last == b->calls[i].last &&
		      a->calls[i].thunk == b->calls[i].thunk);
	for (i = 0; i < a->nr_leaves; i++)
		check(a->leaves[i].offset == b->leaves[i].offset &&
		      a->leaves[i].direct == b->leaves[i].direct &&
		      a->leaves[i].addr == b->leaves[i].addr);
}

static void run(struct host *h, const struct zu_flow_env *env,
		const struct zu_flow_func *func)
{
	static struct zu_flow used = ZU_FLOW_INIT;
	struct zu_flow fresh = ZU_FLOW_INIT;
	uint64_t asked, most = 4 * (1000000 + (uint64_t)func->len * 64);
	struct zu_error err;

	h->asked = 0;
	check(!zu_flow_run(&fresh, env, func, &err));
	check_result(&fresh, func->len);
	asked = h->asked;
	check(asked <= most);
	if (h->changes) {
		zu_flow_deinit(&fresh);
		return;
	}
	/* what other functions left behind does not matter */
	check(!zu_flow_run(&used, env, func, &err));
	check(h->asked == 2 * asked);
	check_same(&used, &fresh);
	zu_flow_deinit(&fresh);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct host h = { .len = 0 };
	struct zu_flow_env env = { .ctx = &h, .read = read_memory };
	struct zu_flow_func func = { .addr = BASE };
	uint8_t *code;

	if (size < 5)
		return 0;
	h.changes = data[0] & CHANGES;
	env.back_chain = data[0] & HAS_BACK_CHAIN;
	env.trap = data[0] & HAS_TRAPS ? trap : NULL;
	env.dest = data[0] & HAS_DEST ? dest : NULL;
	func.name = names[data[1] % NAMES];
	h.len = size - 4;
	h.bytes = data + 4;
	func.len = 1 + (uint32_t)((data[2] * 256u + data[3]) % h.len);
	/* a read behind it is a read of other memory */
	code = malloc(func.len);
	check(code);
	memcpy(code, h.bytes, func.len);
	func.code = code;
	run(&h, &env, &func);
	free(code);
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check/callee.h"

#include <stdlib.h>
#include <string.h>

#include "check/bugs.h"
#include "check/check.h"
#include "check/thunk.h"
#include "flow/thunk.h"
#include "util/fail.h"

/* What is known of a function: bits */
enum {
	THUNK_REG = 0x0f,	/* as in enum zu_dest */
	THUNK = 0x40,
	SEEN_SHAPE = 0x100,	/* whether it is a thunk */
	RETURNS = 0x200,
	NORETURN = 0x400,
	BUSY = 0x800,		/* being looked at: a call of it is a cycle */
	SEEN_NAME = 0x1000,	/* whether it is declared not to return */
	TRY = 0x2000,		/* counted in the bits from here */
	TRIES = 0x6000,
};

/*
 * What is known of a function. One that was asked about for the same caller,
 * no deeper, is not asked again: the answer was cut then and would be now.
 */
struct known {
	uint16_t bits;
	uint16_t depth;		/* at which it was asked about last */
	uint32_t turn;		/* and when */
};

/* A function that is being looked at */
struct level {
	struct zu_flow flow;
	uint8_t *code;
	size_t cap;
};

struct zu_callees {
	struct zu_code *c;
	struct zu_flow_env env;
	struct zu_bugs bugs;
	struct known *known;	/* by function */
	struct level level[1 + ZU_CHECK_DEPTH];
	unsigned int depth;
	uint32_t turn;		/* counts the callers */
	bool cut;		/* a callee was not looked at: cycle or depth */
	bool no_memory;
};

static int read_code(void *ctx, uint64_t addr, void *buf, size_t len)
{
	struct zu_callees *k = ctx;
	const uint8_t *bytes = k->c->ops->bytes(k->c, addr, len);

	if (!bytes)
		return ZU_EFAULT;
	memcpy(buf, bytes, len);
	return 0;
}

/* The bytes must hold while constants are read: hence the copy. */
static const uint8_t *take_code(struct zu_callees *k, struct level *l,
				uint64_t addr, size_t len)
{
	const uint8_t *bytes = k->c->ops->bytes(k->c, addr, len);

	if (!bytes)
		return NULL;
	if (len > l->cap) {
		uint8_t *more = realloc(l->code, len);

		if (!more) {
			k->no_memory = true;
			return NULL;
		}
		l->code = more;
		l->cap = len;
	}
	return memcpy(l->code, bytes, len);
}

/* At the present depth; NULL if it cannot be looked at */
static const struct zu_flow *look(struct zu_callees *k,
				  const struct zu_code_func *f)
{
	struct level *l = &k->level[k->depth];
	struct zu_flow_func func = {
		.name = k->c->names + f->name,
		.addr = f->addr,
		.len = f->len < ZU_FLOW_MAX_LEN ? f->len : ZU_FLOW_MAX_LEN,
	};
	struct zu_error err;
	int ret;

	func.code = take_code(k, l, func.addr, func.len);
	if (!func.code)
		return NULL;
	ret = zu_flow_run(&l->flow, &k->env, &func, &err);
	if (ret == ZU_ENOMEM)
		k->no_memory = true;
	return ret ? NULL : &l->flow;
}

/*
 * What is found with a callee taken to return is more paths, not fewer: "does
 * not return" is right then, too. "Returns" is not, so a few more tries are
 * made from elsewhere. Where there are findings, paths may be missing.
 */
static void learn(struct zu_callees *k, struct known *known,
		  const struct zu_flow *flow)
{
	if (flow && flow->verdict != ZU_FLOW_UNPROVEN && !flow->returns)
		known->bits |= NORETURN;
	else if (!k->cut || (known->bits & TRIES) == TRIES)
		known->bits |= RETURNS;
	else
		known->bits += TRY;
}

static void ask(struct zu_callees *k, const struct zu_code_func *f,
		struct known *known)
{
	bool cut = k->cut;

	if ((known->bits & BUSY) || k->depth == ZU_CHECK_DEPTH ||
	    (known->turn == k->turn && known->depth <= k->depth)) {
		k->cut = true;
		return;
	}
	known->turn = k->turn;
	known->depth = (uint16_t)k->depth;
	k->depth++;
	known->bits |= BUSY;
	k->cut = false;
	learn(k, known, look(k, f));
	known->bits &= (uint16_t)~BUSY;
	k->depth--;
	/* what stays open here stays open above */
	k->cut = cut || !(known->bits & (RETURNS | NORETURN));
}

/* What is declared goes first: callers were compiled by it. */
static bool never_returns(struct zu_callees *k, const struct zu_code_func *f,
			  struct known *known, bool want_noreturn)
{
	if (!(known->bits & SEEN_NAME)) {
		known->bits |= SEEN_NAME;
		if (zu_is_noreturn(k->c->names + f->name))
			known->bits |= NORETURN;
	}
	if (want_noreturn && !(known->bits & (RETURNS | NORETURN)))
		ask(k, f, known);
	return known->bits & NORETURN;
}

static unsigned int dest_func(struct zu_callees *k,
			      const struct zu_code_func *f, bool want_noreturn)
{
	struct known *known = &k->known[f - k->c->func];

	if (!(known->bits & SEEN_SHAPE))
		known->bits |= (uint16_t)(SEEN_SHAPE |
					  zu_flow_thunk(&k->env, f->addr));
	return ZU_DEST_ENTRY | (known->bits & (THUNK | THUNK_REG)) |
	       (never_returns(k, f, known, want_noreturn) ?
		ZU_DEST_NORETURN : 0);
}

/* Outside of the object there is but the name. */
static unsigned int dest_name(struct zu_callees *k, uint64_t addr)
{
	const char *name = k->c->ops->dest_name(k->c, addr);

	if (!name)
		return ZU_DEST_ENTRY;
	return ZU_DEST_ENTRY | zu_thunk_name(name) |
	       (zu_is_noreturn(name) ? ZU_DEST_NORETURN : 0);
}

static unsigned int dest(void *ctx, uint64_t addr, bool want_noreturn)
{
	struct zu_callees *k = ctx;
	const struct zu_code_func *f = zu_code_func_at(k->c, addr);

	if (f && f->addr == addr)
		return dest_func(k, f, want_noreturn);
	if (!k->c->ops->is_entry(k->c, addr))
		return 0;
	return dest_name(k, addr);
}

static int trap(void *ctx, uint64_t addr)
{
	struct zu_callees *k = ctx;

	return zu_bugs_at(&k->bugs, addr);
}

void zu_callees_destroy(struct zu_callees *k)
{
	size_t i;

	if (!k)
		return;
	for (i = 0; i < sizeof(k->level) / sizeof(k->level[0]); i++) {
		zu_flow_deinit(&k->level[i].flow);
		free(k->level[i].code);
	}
	zu_bugs_deinit(&k->bugs);
	free(k->known);
	free(k);
}

int zu_callees_create(struct zu_code *c, bool back_chain,
		      struct zu_callees **ret, struct zu_error *err)
{
	struct zu_callees *k = calloc(1, sizeof(*k));

	if (!k)
		return zu_fail_nomem(err);
	k->c = c;
	k->env = (struct zu_flow_env){
		.ctx = k,
		.read = read_code,
		.dest = dest,
		.trap = trap,
		.back_chain = back_chain,
	};
	k->known = calloc(c->nr_func + 1, sizeof(*k->known));
	if (k->known ? zu_bugs_init(&k->bugs, c, err) : zu_fail_nomem(err)) {
		zu_callees_destroy(k);
		return err->code;
	}
	*ret = k;
	return 0;
}

int zu_callees_flow(struct zu_callees *k, const struct zu_code_func *f,
		    const struct zu_flow **ret, struct zu_error *err)
{
	struct known *known = &k->known[f - k->c->func];
	const struct zu_flow *flow;

	k->turn++;
	k->cut = false;
	known->bits |= BUSY;
	flow = look(k, f);
	known->bits &= (uint16_t)~BUSY;
	if (k->no_memory)
		return zu_fail_nomem(err);
	if (!(known->bits & (RETURNS | NORETURN)))
		learn(k, known, flow);
	*ret = flow;
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kern/funcs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flow/label.h"
#include "flow/noreturn.h"
#include "flow/thunk.h"
#include "kern/read.h"
#include "kern/traps.h"
#include "util/fail.h"

/* How deep callees are asked whether they return */
#define DEPTH 4
#define FIRST_SLOTS 1024u
/* A damaged dump can ask for new functions for ever: then start over. */
#define MAX_FUNCS (1u << 15)
#define MAX_BYTES (64u << 20)
/* Places in a function that have a symbol */
#define MAX_PLACES 16u
/* Tail calls of one function; further ones are not believed. */
#define MAX_JUMPS 256u

/* struct zu_func.known: bits */
enum {
	THUNK_REG = 0x0f,	/* as in enum zu_dest */
	THUNK = 0x40,
	SEEN_SHAPE = 0x100,	/* whether it is a thunk */
	RETURNS = 0x200,
	NORETURN = 0x400,
	BUSY = 0x800,		/* being looked at: a call of it is a cycle */
	TRY = 0x1000,		/* counted in the bits from here */
	TRIES = 0x3000,
};

struct zu_funcs {
	struct zu_flow_env env;
	struct zu_func **slot;	/* by start */
	size_t slots;		/* a power of two */
	size_t used;
	size_t bytes;
	struct zu_flow flow[1 + DEPTH];
	unsigned int depth;
	unsigned int looks;	/* going on now */
	bool cut;		/* a callee was not looked at: cycle or depth */
	bool known_if_gone;
	bool init_is_gone;
	bool known_places;
	uint64_t place[MAX_PLACES];	/* in functions; 0: not there */
	size_t nr_places;
};

static struct zu_func **find_slot(struct zu_funcs *s, uint64_t start)
{
	size_t i = (start * 0x9e3779b97f4a7c15ULL >> 32) & (s->slots - 1);

	while (s->slot[i] && s->slot[i]->start != start)
		i = (i + 1) & (s->slots - 1);
	return &s->slot[i];
}

static void destroy(struct zu_func *f)
{
	if (!f)
		return;
	free(f->code);
	free(f->rows);
	free(f->jumps);
	free(f);
}

static void clear(struct zu_funcs *s)
{
	size_t i;

	for (i = 0; i < s->slots; i++)
		destroy(s->slot[i]);
	free(s->slot);
	s->slot = NULL;
	s->slots = s->used = s->bytes = 0;
}

static bool grow(struct zu_funcs *s)
{
	struct zu_funcs bigger = {
		.slots = s->slots ? s->slots * 2 : FIRST_SLOTS,
	};
	size_t i;

	if (s->used < s->slots / 2)
		return true;
	bigger.slot = calloc(bigger.slots, sizeof(struct zu_func *));
	if (!bigger.slot)
		return false;
	for (i = 0; i < s->slots; i++)
		if (s->slot[i])
			*find_slot(&bigger, s->slot[i]->start) = s->slot[i];
	free(s->slot);
	s->slot = bigger.slot;
	s->slots = bigger.slots;
	return true;
}

bool zu_code_is_gone(struct zu_kernel *k, uint64_t addr)
{
	const struct zu_text_range *range = zu_text_find(&k->text, addr);
	uint64_t state, at = k->global[ZU_G_system_state];
	struct zu_funcs *s = k->funcs;

	if (!range || range->kind != ZU_TEXT_INIT)
		return false;
	if (!s->known_if_gone) {
		/* SYSTEM_FREEING_INITMEM is 2; before 5.17 RUNNING was */
		s->init_is_gone = !at || zu_read_uint(k, at, 4, &state) ||
				  state >= 2;
		s->known_if_gone = true;
	}
	return s->init_is_gone;
}

/* How much of a symbol is code; 0: nothing that may be read */
static uint64_t code_len(struct zu_kernel *k, const struct zu_symbol *sym)
{
	const struct zu_text_range *range = zu_text_find(&k->text, sym->start);
	uint64_t len;

	if (!range || range->kind == ZU_TEXT_KPROBE ||
	    zu_code_is_gone(k, sym->start))
		return 0;
	/* of BPF programs the end counts as text, and is none */
	len = range->last - sym->start + (range->kind != ZU_TEXT_BPF &&
					  range->kind != ZU_TEXT_BPF_IMAGE);
	if (len > sym->size)
		len = sym->size;
	return len > ZU_FLOW_MAX_LEN || sym->start % 2 ? 0 : len;
}

static struct zu_func *read_func(struct zu_kernel *k,
				 const struct zu_symbol *sym)
{
	uint64_t len = code_len(k, sym);
	struct zu_func *f;

	if (!len)
		return NULL;
	f = calloc(1, sizeof(*f));
	if (!f)
		return NULL;
	f->start = sym->start;
	f->len = (uint32_t)len;
	f->code = malloc(len);
	if (!f->code || zu_memory_read(&k->mem, f->start, f->code, len)) {
		destroy(f);
		return NULL;
	}
	return f;
}

static struct zu_func *find_by_symbol(struct zu_kernel *k,
				      const struct zu_symbol *sym)
{
	struct zu_funcs *s = k->funcs;
	struct zu_func **slot;

	if (!s->looks && (s->used >= MAX_FUNCS || s->bytes >= MAX_BYTES))
		clear(s);
	if (!grow(s))
		return NULL;
	slot = find_slot(s, sym->start);
	if (!*slot) {
		*slot = read_func(k, sym);
		if (*slot) {
			s->used++;
			s->bytes += (*slot)->len;
		}
	}
	return *slot;
}

static void *copy(const void *from, size_t len)
{
	void *to = malloc(len ? len : 1);

	return to && len ? memcpy(to, from, len) : to;
}

static void keep_jump(struct zu_func *f, uint64_t addr)
{
	size_t i;

	for (i = 0; i < f->nr_jumps; i++)
		if (f->jumps[i] == addr)
			return;
	if (f->nr_jumps < MAX_JUMPS)
		f->jumps[f->nr_jumps++] = addr;
}

static void keep_jumps(struct zu_func *f, const struct zu_flow *flow)
{
	size_t i, most = flow->nr_leaves < MAX_JUMPS ? flow->nr_leaves :
						       MAX_JUMPS;

	f->jumps = most ? malloc(most * sizeof(*f->jumps)) : NULL;
	for (i = 0; i < flow->nr_leaves; i++) {
		if (!flow->leaves[i].addr)
			f->anywhere = true;
		else if (f->jumps)
			keep_jump(f, flow->leaves[i].addr);
	}
}

/* Keep what was found; a function without memory for that has no rows. */
static void keep(struct zu_func *f, const struct zu_flow *flow, bool proven)
{
	free(f->rows);
	free(f->jumps);
	f->rows = NULL;
	f->jumps = NULL;
	f->nr_rows = f->nr_jumps = 0;
	f->anywhere = false;
	if (!proven)
		return;
	keep_jumps(f, flow);
	f->rows = copy(flow->rows, flow->nr_rows * sizeof(*f->rows));
	f->nr_rows = f->rows ? flow->nr_rows : 0;
}

/*
 * What is found with a callee taken to return is more paths, not fewer: "does
 * not return" is right then, too. "Returns" is not, so a few more tries are
 * made from elsewhere. Where there are findings, paths may be missing.
 */
static void learn(struct zu_func *f, const struct zu_flow *flow, bool cut)
{
	if (flow && flow->verdict != ZU_FLOW_UNPROVEN && !flow->returns)
		f->known |= NORETURN;
	else if (!cut || (f->known & TRIES) == TRIES)
		f->known |= RETURNS;
	else
		f->known += TRY;
}

/* Of its trampolines zu_hides_caller() knows when they call the function. */
static bool is_bpf_image(const struct zu_kernel *k, uint64_t addr)
{
	const struct zu_text_range *range = zu_text_find(&k->text, addr);

	return range && range->kind == ZU_TEXT_BPF_IMAGE;
}

static void look(struct zu_kernel *k, struct zu_func *f, const char *name)
{
	struct zu_funcs *s = k->funcs;
	struct zu_flow *flow = &s->flow[s->depth];
	struct zu_flow_func func = {
		.name = name, .code = f->code, .len = f->len, .addr = f->start,
		.recorded = is_bpf_image(k, f->start),
	};
	struct zu_error err;
	bool cut = s->cut, ok;

	s->cut = false;
	s->looks++;
	f->known |= BUSY;
	ok = !zu_flow_run(flow, &s->env, &func, &err);
	f->known &= (uint16_t)~BUSY;
	s->looks--;
	keep(f, flow, ok && zu_flow_trusted(flow));
	/* a better look may come from elsewhere */
	f->looked = !s->cut || !s->depth;
	if (!(f->known & (RETURNS | NORETURN)))
		learn(f, ok ? flow : NULL, s->cut);
	s->cut = cut || (s->cut && !(f->known & (RETURNS | NORETURN)));
}

static bool never_returns(struct zu_kernel *k, struct zu_func *f,
			  const char *name)
{
	struct zu_funcs *s = k->funcs;

	if (!(f->known & (RETURNS | NORETURN))) {
		if (zu_is_noreturn(name)) {
			f->known |= NORETURN;
		} else if ((f->known & BUSY) || s->depth == DEPTH) {
			s->cut = true;
		} else {
			s->depth++;
			look(k, f, name);
			s->depth--;
		}
	}
	return f->known & NORETURN;
}

/*
 * Can there be a place in a function at @addr? Not to be asked of every symbol's
 * neighbour, or a capture would keep twice as many. A capture has what counts.
 */
static bool can_be_inside(struct zu_kernel *k, uint64_t addr)
{
	struct zu_funcs *s = k->funcs;
	const char *names[MAX_PLACES];
	size_t i;

	if (!k->symbols.kallsyms)
		return true;
	if (!s->known_places) {
		s->nr_places = zu_label_places(names, MAX_PLACES);
		zu_kallsyms_find(k->symbols.kallsyms, names, s->nr_places,
				 s->place);
		s->known_places = true;
	}
	for (i = 0; i < s->nr_places; i++)
		if (s->place[i] == addr)
			return true;
	return false;
}

/* A place in a function is part of it, though it has a symbol. */
static bool is_inside(struct zu_kernel *k, uint64_t addr,
		      struct zu_symbol *sym)
{
	return can_be_inside(k, addr) && zu_kernel_symbol(k, addr, sym) &&
	       sym->start == addr && zu_label(sym->name) == ZU_LABEL_INSIDE;
}

/* The symbol of the function at an address, with all places in it */
static bool function_at(struct zu_kernel *k, uint64_t addr,
			struct zu_symbol *ret)
{
	struct zu_symbol next;
	unsigned int i;

	if (!zu_kernel_symbol(k, addr, ret))
		return false;
	for (i = 0; i < MAX_PLACES && ret->start &&
	     zu_label(ret->name) == ZU_LABEL_INSIDE; i++)
		if (!zu_kernel_symbol(k, ret->start - 1, ret))
			return false;
	for (i = 0; i < MAX_PLACES &&
	     is_inside(k, ret->start + ret->size, &next); i++)
		ret->size += next.size;
	return zu_label(ret->name) != ZU_LABEL_DATA;
}

/* A symbol's name must outlive further look-ups. */
static bool symbol_at(struct zu_kernel *k, uint64_t addr,
		      struct zu_symbol *sym, char *name, size_t size)
{
	if (!function_at(k, addr, sym))
		return false;
	snprintf(name, size, "%s", sym->name);
	sym->name = name;
	return true;
}

uint64_t zu_plt_target(struct zu_kernel *k, uint64_t addr)
{
	/* apply_rela() in arch/s390/kernel/module.c: basr 1,0; lg 1,D(1) */
	static const uint8_t shape[] = { 0x0d, 0x10, 0xe3, 0x10 };
	const struct zu_text_range *range = zu_text_find(&k->text, addr);
	uint8_t code[8];
	uint64_t to;

	if (!range || range->kind != ZU_TEXT_MODULE ||
	    zu_memory_read(&k->mem, addr, code, sizeof(code)) ||
	    memcmp(code, shape, sizeof(shape)) || code[4] >> 4 != 1 ||
	    code[6] != 0 || code[7] != 4)
		return addr;
	addr += 2;
	if (zu_read_uint(k, addr + (zu_be16(code + 4) & 0xfff), 8, &to))
		return addr - 2;
	return to;
}

static unsigned int dest(void *ctx, uint64_t addr, bool want_noreturn)
{
	struct zu_kernel *k = ctx;
	char name[ZU_KSYM_NAME];
	struct zu_symbol sym;
	struct zu_func *f;
	unsigned int bits;

	if (!symbol_at(k, addr, &sym, name, sizeof(name)))
		return 0;
	if (sym.start != addr) {
		uint64_t to = zu_plt_target(k, addr);

		if (to == addr || !symbol_at(k, to, &sym, name, sizeof(name)) ||
		    sym.start != to)
			return 0;
	}
	f = find_by_symbol(k, &sym);
	if (!f)
		return ZU_DEST_ENTRY | (zu_is_noreturn(name) ?
					ZU_DEST_NORETURN : 0);
	if (!(f->known & SEEN_SHAPE))
		f->known |= (uint16_t)(SEEN_SHAPE |
				       zu_flow_thunk(&k->funcs->env, f->start));
	bits = ZU_DEST_ENTRY | (f->known & (THUNK | THUNK_REG));
	if (want_noreturn ? never_returns(k, f, name) : zu_is_noreturn(name))
		bits |= ZU_DEST_NORETURN;
	return bits;
}

static int read_code(void *ctx, uint64_t addr, void *buf, size_t len)
{
	struct zu_kernel *k = ctx;

	return zu_memory_read(&k->mem, addr, buf, len);
}

static int trap(void *ctx, uint64_t addr)
{
	return zu_trap(ctx, addr);
}

unsigned int zu_func_dest(struct zu_kernel *k, uint64_t addr)
{
	return dest(k, addr, false);
}

const struct zu_func *zu_func_find(struct zu_kernel *k, uint64_t addr)
{
	struct zu_symbol sym;

	return function_at(k, addr, &sym) ? find_by_symbol(k, &sym) : NULL;
}

const struct zu_func *zu_func_look(struct zu_kernel *k, uint64_t addr)
{
	char name[ZU_KSYM_NAME];
	struct zu_symbol sym;
	struct zu_func *f;

	if (!symbol_at(k, addr, &sym, name, sizeof(name)))
		return NULL;
	f = find_by_symbol(k, &sym);
	if (f && !f->looked)
		look(k, f, name);
	return f;
}

void zu_func_row(const struct zu_func *f, uint64_t addr, struct zu_row *ret)
{
	size_t lo = 0, hi = f->nr_rows;

	memset(ret, 0, sizeof(*ret));
	if (addr < f->start || addr - f->start >= f->len)
		return;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (f->rows[mid].offset <= addr - f->start)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo)
		*ret = f->rows[lo - 1].row;
}

int zu_funcs_create(struct zu_kernel *k, struct zu_error *err)
{
	struct zu_funcs *s = calloc(1, sizeof(*s));

	if (!s)
		return zu_fail_nomem(err);
	s->env = (struct zu_flow_env){
		.ctx = k,
		.read = read_code,
		.dest = dest,
		.trap = trap,
		.back_chain = true,
	};
	k->funcs = s;
	return 0;
}

void zu_funcs_destroy(struct zu_funcs *s)
{
	size_t i;

	if (!s)
		return;
	clear(s);
	for (i = 0; i < sizeof(s->flow) / sizeof(s->flow[0]); i++)
		zu_flow_deinit(&s->flow[i]);
	free(s);
}

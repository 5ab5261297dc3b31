// SPDX-License-Identifier: GPL-2.0-or-later
#include "bench/corruption.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bytes.h"
#include "core/frame_s390x.h"
#include "insn/insn.h"
#include "kern/funcs.h"
#include "kern/text_symbols.h"
#include "util/grow.h"

#define MAX_FUNCTION (1u << 20)

static void *grow(void *array, size_t n, size_t *cap, size_t size)
{
	void *p = zu_grow(array, n, cap, size);

	if (!p)
		die("out of memory");
	return p;
}

void pool_add(struct pool *p, uint64_t addr)
{
	p->addr = grow(p->addr, p->n, &p->cap, sizeof(*p->addr));
	p->addr[p->n++] = addr;
}

static int by_number(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void pool_unique(struct pool *p)
{
	size_t i, n = 0;

	if (!p->n)
		return;
	qsort(p->addr, p->n, sizeof(*p->addr), by_number);
	for (i = 0; i < p->n; i++)
		if (!n || p->addr[n - 1] != p->addr[i])
			p->addr[n++] = p->addr[i];
	p->n = n;
}

/* The kernel's memory, one word of which may be another */
static int read_changed(void *ctx, uint64_t addr, void *buf, size_t len)
{
	struct source *s = ctx;
	int ret = zu_memory_read(&s->below, addr, buf, len);
	size_t i;

	if (ret)
		return ret;
	if (s->reads) {
		pool_add(s->reads, addr);
		pool_add(s->reads, len);
	}
	if (!s->at || addr >= s->at + 8 || s->at >= addr + len)
		return 0;
	for (i = 0; i < 8; i++)
		if (s->at + i >= addr && s->at + i - addr < len)
			((uint8_t *)buf)[s->at + i - addr] = s->value[i];
	return 0;
}

uint64_t function_of(struct source *s, const struct zu_frame *f)
{
	struct zu_symbol sym;

	return zu_frame_symbol(s->k, f, &sym) ? sym.start : f->ip;
}

static void trace(struct source *s, const struct zu_task *task,
		  enum zu_rules rules, struct pool *list)
{
	struct zu_error err;
	size_t i;

	s->trace.rules = rules;
	if (zu_trace_task(&s->trace, s->k, task, &err))
		die("%s: %s", s->name, err.text);
	for (i = 0; i < s->trace.nr_frames; i++)
		pool_add(list, function_of(s, &s->trace.frames[i]));
}

/* What a word is to the walk: the frame, or NULL for none */
static const struct zu_frame *take_for(const struct source *s,
				       const struct victim *v, uint64_t addr,
				       uint64_t len, enum place *place)
{
	uint32_t regs_size = s->k->layout.place[ZU_F_pt_regs].size;
	size_t i;

	/* the slots that links are in are read together */
	*place = len == 8 ? PLACE_R11 : PLACE_OTHER;
	for (i = 0; i < v->nr_frames; i++) {
		const struct zu_frame *f = &v->frame[i];

		if (f->regs && addr - f->regs < regs_size)
			*place = PLACE_REGS;
		else if (addr == f->sp + ZU_FRAME_R14)
			*place = PLACE_R14;
		else if (addr == f->sp + ZU_FRAME_BACK_CHAIN)
			*place = PLACE_CHAIN;
		else
			continue;
		return f;
	}
	return NULL;
}

static void add_word(struct source *s, struct victim *v, size_t *cap,
		     uint64_t addr, uint64_t len)
{
	struct word w = { .addr = addr };
	const struct zu_frame *f = take_for(s, v, addr, len, &w.place);
	uint8_t old[8];
	size_t i;

	for (i = 0; i < v->nr_words; i++)
		if (v->word[i].addr == addr)
			return;
	if (w.place == PLACE_OTHER || zu_memory_read(&s->below, addr, old, 8))
		return;
	w.old = zu_be64(old);
	if (w.place == PLACE_CHAIN && !w.old)
		w.place = PLACE_END;
	w.frame = f ? (size_t)(f - v->frame) : 0;
	v->word = grow(v->word, v->nr_words, cap, sizeof(w));
	v->word[v->nr_words++] = w;
}

static int by_place(const void *a, const void *b)
{
	const struct word *x = a, *y = b;

	if (x->place != y->place)
		return x->place < y->place ? -1 : 1;
	return (x->addr > y->addr) - (x->addr < y->addr);
}

/* All words of the stack that a walk by both rules reads */
static void find_words(struct source *s, struct victim *v,
		       const struct pool *reads)
{
	uint64_t end = v->task.stack + s->k->about.stack_size;
	size_t i, cap = 0;
	unsigned int place;

	for (i = 0; i < reads->n; i += 2) {
		uint64_t addr = (reads->addr[i] + 7) & ~UINT64_C(7);
		uint64_t last = reads->addr[i] + reads->addr[i + 1];

		if (reads->addr[i] < v->task.ksp || last > end)
			continue;
		for (; addr + 8 <= last; addr += 8)
			add_word(s, v, &cap, addr, reads->addr[i + 1]);
	}
	if (v->nr_words)
		qsort(v->word, v->nr_words, sizeof(*v->word), by_place);
	for (i = 0, place = 0; place <= PLACES; place++) {
		while (i < v->nr_words && v->word[i].place < place)
			i++;
		v->first[place] = i;
	}
}

static void add_victim(struct source *s, const struct zu_task *task)
{
	struct victim v = { .task = *task };
	struct pool reads = { .n = 0 };
	size_t i;

	/* once before, so that it reads no code the next time */
	trace(s, task, ZU_RULES_KERNEL, &v.list[ZU_RULES_KERNEL]);
	if (s->trace.strict.kind != ZU_RELIABLE || !s->trace.nr_frames) {
		free(v.list[ZU_RULES_KERNEL].addr);
		return;
	}
	s->reads = &reads;
	trace(s, task, ZU_RULES_STRICT, &v.list[ZU_RULES_STRICT]);
	s->reads = NULL;
	v.nr_frames = s->trace.nr_frames;
	v.frame = calloc(v.nr_frames, sizeof(*v.frame));
	if (!v.frame)
		die("out of memory");
	memcpy(v.frame, s->trace.frames, v.nr_frames * sizeof(*v.frame));
	find_words(s, &v, &reads);
	free(reads.addr);
	for (i = 0; i < v.nr_frames; i++)
		pool_add(&s->walked, v.frame[i].ip);
	s->victim = grow(s->victim, s->nr_victims, &s->cap_victims,
			 sizeof(v));
	s->victim[s->nr_victims++] = v;
}

static void add_call(struct source *s, uint64_t addr,
		     const struct zu_insn *insn)
{
	struct call c = { .ret = addr + insn->len };

	if (insn->link != 14)
		return;
	if (insn->flow == ZU_FLOW_CALL)
		c.target = zu_plt_target(s->k, addr + (uint64_t)insn->target);
	else if (insn->flow != ZU_FLOW_CALL_REG)
		return;
	s->call = grow(s->call, s->nr_calls, &s->cap_calls, sizeof(c));
	s->call[s->nr_calls++] = c;
}

static void find_calls(struct source *s, const struct function *f)
{
	uint8_t *code = malloc(f->size);
	struct zu_insn insn;
	uint64_t at;

	if (!code)
		die("out of memory");
	if (zu_memory_read(&s->below, f->start, code, f->size)) {
		free(code);
		return;
	}
	for (at = 0; at < f->size; at += insn.len) {
		if (!zu_insn_decode(&insn, code + at, f->size - at))
			break;
		add_call(s, f->start + at, &insn);
	}
	free(code);
}

static bool add_function(void *ctx, const struct zu_text_symbol *sym)
{
	struct source *s = ctx;
	struct zu_symbol at;
	struct function f;

	/* the kernel's own symbols have no size of their own */
	if (sym->type != ZU_TEXT_FUNCTION || sym->addr % 2 ||
	    !zu_kernel_symbol(s->k, sym->addr, &at) || at.start != sym->addr)
		return true;
	f = (struct function){ .start = at.start, .size = at.size };
	if (f.size < 4 || f.size > MAX_FUNCTION)
		return true;
	s->function = grow(s->function, s->nr_functions, &s->cap_functions,
			   sizeof(f));
	s->function[s->nr_functions++] = f;
	find_calls(s, &f);
	return true;
}

static int by_target(const void *a, const void *b)
{
	const struct call *x = a, *y = b;

	if (x->target != y->target)
		return x->target < y->target ? -1 : 1;
	return (x->ret > y->ret) - (x->ret < y->ret);
}

const struct call *calls_of(const struct source *s, uint64_t target,
			    size_t *n)
{
	size_t lo = 0, hi = s->nr_calls;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (s->call[mid].target < target)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (*n = 0; lo + *n < s->nr_calls; ++*n)
		if (s->call[lo + *n].target != target)
			break;
	return s->call + lo;
}

/* A function that has two names was looked at twice. */
static void sort_calls(struct source *s)
{
	size_t i, n = 0;

	if (s->nr_calls)
		qsort(s->call, s->nr_calls, sizeof(*s->call), by_target);
	for (i = 0; i < s->nr_calls; i++)
		if (!n || by_target(&s->call[n - 1], &s->call[i]))
			s->call[n++] = s->call[i];
	s->nr_calls = n;
}

static void find_functions(struct source *s)
{
	struct zu_text_symbols to = { .each = add_function, .ctx = s };
	struct zu_error err;
	size_t i;

	for (i = 0; i < s->k->text.count; i++) {
		const struct zu_text_range *range = &s->k->text.range[i];

		if (range->kind != ZU_TEXT_INIT &&
		    zu_text_symbols(s->k, range, &to, &err))
			die("%s: %s", s->name, err.text);
	}
	sort_calls(s);
}

static void find_victims(struct source *s)
{
	struct zu_error err;
	struct zu_task task;
	size_t i;

	for (i = 0; i < zu_kernel_task_count(s->k); i++) {
		if (zu_kernel_task(s->k, i, &task, &err))
			die("%s: %s", s->name, err.text);
		if (!task.running && task.has_stack)
			add_victim(s, &task);
	}
	pool_unique(&s->walked);
	if (!s->nr_victims || !s->nr_functions || !s->nr_calls)
		die("%s: there is nothing to change", s->name);
}

void source_open(struct source *s, const char *path)
{
	const char *base = strrchr(path, '/');
	struct zu_error err;

	s->name = base ? base + 1 : path;
	if (zu_kernel_open(path, NULL, &s->k, &err))
		die("%s", err.text);
	s->below = s->k->mem;
	s->k->mem = (struct zu_memory){ .read = read_changed, .ctx = s };
	if (!s->k->rows) {
		printf("%s: has no code, left out\n", s->name);
		return;
	}
	find_functions(s);
	find_victims(s);
	printf("%s: %zu of %zu tasks, %zu return addresses on stacks, %zu calls\n",
	       s->name, s->nr_victims, zu_kernel_task_count(s->k),
	       s->walked.n, s->nr_calls);
}

void source_close(struct source *s)
{
	size_t i;

	for (i = 0; i < s->nr_victims; i++) {
		free(s->victim[i].frame);
		free(s->victim[i].word);
		free(s->victim[i].list[ZU_RULES_STRICT].addr);
		free(s->victim[i].list[ZU_RULES_KERNEL].addr);
	}
	free(s->victim);
	free(s->function);
	free(s->walked.addr);
	free(s->call);
	zu_trace_deinit(&s->trace);
	zu_kernel_close(s->k);
}

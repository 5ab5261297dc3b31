/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads tests/data/stacks/ (its README describes the language) and makes of
 * each case a world and what is expected of a walk in it.
 */
#ifndef ZU_TESTS_MAKE_STK_H
#define ZU_TESTS_MAKE_STK_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "tests/make/world.h"

#define STK_NAMES 64
#define STK_FRAMES 128
#define STK_WORDS 12

/* A case of a file: two ranges of its text */
struct stk_case {
	char name[96];		/* file/case */
	const char *common;	/* what all cases of the file begin with */
	const char *common_end;
	const char *text;
	const char *end;
	const struct stk_case *beside;	/* all but equal, other verdict */
};

struct stk_verdict {
	enum zu_why why;
	uint64_t frame;
	uint64_t at;
};

struct stk {
	struct world w;
	struct zu_frame frame[STK_FRAMES];
	unsigned int frames;	/* in frame[] */
	uint64_t total;		/* frames of the walk */
	struct stk_verdict strict;
	struct stk_verdict kernel;
	struct stk_verdict end;	/* of the walk; ZU_WHY_COUNT: not told */
	/* of the reader */
	struct {
		char name[32];
		uint64_t value;
	} let[STK_NAMES];
	unsigned int lets;
	char error[160];
};

struct stk_words {
	char line[256];
	char *at[STK_WORDS];
	unsigned int n;
};

static inline bool stk_bad(struct stk *s, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static inline bool stk_bad(struct stk *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(s->error, sizeof(s->error), fmt, ap);
	va_end(ap);
	return false;
}

static inline bool stk_let(struct stk *s, const char *name, const char *what,
			   uint64_t value)
{
	if (s->lets == STK_NAMES)
		return stk_bad(s, "too many names");
	snprintf(s->let[s->lets].name, sizeof(s->let[0].name), "%s%s", name,
		 what);
	s->let[s->lets++].value = value;
	return true;
}

/* A number, perhaps with K behind it, or a name; the newest one counts */
static inline bool stk_term(struct stk *s, const char **p, uint64_t *ret)
{
	size_t len = strcspn(*p, "+-");
	unsigned int i;
	char *end;

	if (**p >= '0' && **p <= '9') {
		*ret = strtoull(*p, &end, 0);
		if (*end == 'K') {
			*ret *= 1024;
			end++;
		}
		*p += len;
		return end == *p || stk_bad(s, "bad number");
	}
	for (i = s->lets; i-- > 0;) {
		if (strlen(s->let[i].name) != len ||
		    memcmp(s->let[i].name, *p, len))
			continue;
		*ret = s->let[i].value;
		*p += len;
		return true;
	}
	return stk_bad(s, "unknown name: %s", *p);
}

static inline bool stk_value(struct stk *s, const char *p, uint64_t *ret)
{
	uint64_t v = 0;

	if (!stk_term(s, &p, ret))
		return false;
	while (*p) {
		char sign = *p++;

		if (!stk_term(s, &p, &v))
			return false;
		*ret += sign == '-' ? -v : v;
	}
	return true;
}

/* Word @i, whatever "key=" it begins with */
static inline bool stk_arg(struct stk *s, const struct stk_words *w,
			   unsigned int i, uint64_t *ret)
{
	const char *p;

	if (i >= w->n)
		return stk_bad(s, "%s: too few words", w->at[0]);
	p = strchr(w->at[i], '=');
	return stk_value(s, p ? p + 1 : w->at[i], ret);
}

static inline bool stk_type(struct stk *s, const char *word,
			    enum zu_stack_type *ret)
{
	static const char *const types[] = {
		[ZU_STACK_TASK] = "task", [ZU_STACK_IRQ] = "irq",
		[ZU_STACK_NODAT] = "nodat", [ZU_STACK_RESTART] = "restart",
		[ZU_STACK_MCCK] = "mcck",
	};
	unsigned int i;

	for (i = ZU_STACK_TASK; i <= ZU_STACK_MCCK; i++) {
		if (strcmp(word, types[i]))
			continue;
		*ret = (enum zu_stack_type)i;
		return true;
	}
	return stk_bad(s, "no kind of stack: %s", word);
}

static inline bool stk_put(struct stk *s, uint64_t addr, uint64_t value)
{
	return world_put(&s->w, addr, value) ||
	       stk_bad(s, "0x%" PRIx64 " is on no stack", addr);
}

/* stack TYPE NAME BEGIN SIZE: NAME.begin and NAME.end are names then */
static inline bool stk_stack(struct stk *s, const struct stk_words *w)
{
	enum zu_stack_type type = ZU_STACK_UNKNOWN;
	uint64_t begin, size;

	if (!stk_arg(s, w, 4, &size) || !stk_arg(s, w, 3, &begin) ||
	    !stk_type(s, w->at[1], &type))
		return false;
	return (world_add_stack(&s->w, type, begin, size) ||
		stk_bad(s, "too many stacks")) &&
	       stk_let(s, w->at[2], ".begin", begin) &&
	       stk_let(s, w->at[2], ".end", begin + size);
}

/* text NAME BEGIN SIZE: a function */
static inline bool stk_text(struct stk *s, const struct stk_words *w)
{
	struct world_range r;
	uint64_t size;

	if (!stk_arg(s, w, 3, &size) || !stk_arg(s, w, 2, &r.begin))
		return false;
	if (s->w.texts == WORLD_RANGES)
		return stk_bad(s, "too many functions");
	r.end = r.begin + size;
	s->w.text[s->w.texts++] = r;
	return stk_let(s, w->at[1], "", r.begin);
}

static inline bool stk_name(struct stk *s, const struct stk_words *w)
{
	uint64_t value;

	return stk_arg(s, w, 2, &value) && stk_let(s, w->at[1], "", value);
}

/* hole ADDR LEN: memory that is not in the image */
static inline bool stk_hole(struct stk *s, const struct stk_words *w)
{
	struct world_range r;
	uint64_t len;

	if (!stk_arg(s, w, 2, &len) || !stk_arg(s, w, 1, &r.begin))
		return false;
	if (s->w.holes == WORLD_RANGES)
		return stk_bad(s, "too many holes");
	r.end = r.begin + len;
	s->w.hole[s->w.holes++] = r;
	return true;
}

/* frame SP back=ADDR r14=ADDR */
static inline bool stk_frame(struct stk *s, const struct stk_words *w)
{
	uint64_t sp, back, r14;

	return stk_arg(s, w, 3, &r14) && stk_arg(s, w, 2, &back) &&
	       stk_arg(s, w, 1, &sp) && stk_put(s, sp + 136, r14) &&
	       stk_put(s, sp + 152, back);
}

/* regs ADDR mask=VALUE psw=ADDR r15=ADDR: saved registers */
static inline bool stk_regs(struct stk *s, const struct stk_words *w)
{
	uint64_t at, mask, psw, r15;

	return stk_arg(s, w, 4, &r15) && stk_arg(s, w, 3, &psw) &&
	       stk_arg(s, w, 2, &mask) && stk_arg(s, w, 1, &at) &&
	       stk_put(s, at + 8, mask) && stk_put(s, at + 16, psw) &&
	       stk_put(s, at + 144, r15);
}

/* word ADDR VALUE... */
static inline bool stk_word(struct stk *s, const struct stk_words *w)
{
	uint64_t at, value;
	unsigned int i;

	if (!stk_arg(s, w, 1, &at))
		return false;
	for (i = 2; i < w->n; i++, at += 8)
		if (!stk_arg(s, w, i, &value) || !stk_put(s, at, value))
			return false;
	return true;
}

/* ladder SP COUNT STEP r14=ADDR: frames, each leading STEP further up */
static inline bool stk_ladder(struct stk *s, const struct stk_words *w)
{
	uint64_t sp, count, step, r14;

	if (!stk_arg(s, w, 4, &r14) || !stk_arg(s, w, 3, &step) ||
	    !stk_arg(s, w, 2, &count) || !stk_arg(s, w, 1, &sp))
		return false;
	for (; count; count--, sp += step)
		if (!stk_put(s, sp + 136, r14) ||
		    !stk_put(s, sp + 152, sp + step))
			return false;
	return true;
}

/* shadow SP RET, probe SP RET: what tracing remembers of a return address */
static inline bool stk_record(struct stk *s, const struct stk_words *w,
			      struct world_record *r, unsigned int *n)
{
	if (*n == WORLD_RECORDS)
		return stk_bad(s, "too many records");
	r += (*n)++;
	return stk_arg(s, w, 1, &r->sp) && stk_arg(s, w, 2, &r->ret);
}

/* A number in a row, such as the N of reg=N */
static inline bool stk_row_word(struct stk *s, struct zu_row *row,
				const struct stk_words *w, unsigned int i)
{
	const char *word = w->at[i];
	uint64_t n = 0;

	if (!strcmp(word, "ra-lost") || !strcmp(word, "fp-lost")) {
		*(word[0] == 'r' ? &row->ra_place : &row->fp_place) =
			ZU_PLACE_LOST;
		return true;
	}
	if (!stk_arg(s, w, i, &n))
		return false;
	if (!strncmp(word, "reg=", 4)) {
		row->cfa_reg = (uint8_t)n;
	} else if (!strncmp(word, "size=", 5)) {
		row->cfa_off = (int32_t)n + ZU_FRAME_SIZE;
	} else if (!strncmp(word, "regs=", 5) || !strncmp(word, "load=", 5)) {
		row->cfa_off = (int32_t)n;
	} else if (!strncmp(word, "ra=", 3)) {
		row->ra_place = n == 14 ? ZU_PLACE_SAME : ZU_PLACE_REG;
		row->ra_reg = n == 14 ? 0 : (uint8_t)n;
		row->ra_off = 0;
	} else if (!strncmp(word, "ra-slot=", 8)) {
		row->ra_off = (int32_t)n - ZU_FRAME_SIZE;
	} else if (!strncmp(word, "fp=", 3)) {
		row->fp_place = ZU_PLACE_REG;
		row->fp_reg = (uint8_t)n;
	} else if (!strncmp(word, "fp-slot=", 8)) {
		row->fp_place = ZU_PLACE_CFA;
		row->fp_off = (int32_t)n - ZU_FRAME_SIZE;
	} else {
		return stk_bad(s, "row: what is %s?", word);
	}
	return true;
}

/* row ADDR SIZE frame|load|regs|end|undefined|gone WORD... */
static inline bool stk_row(struct stk *s, const struct stk_words *w)
{
	struct world_row r = { .row = { .kind = ZU_ROW_FRAME } };
	const char *kind = w->n > 3 ? w->at[3] : "";
	uint64_t size;
	unsigned int i;

	if (!stk_arg(s, w, 2, &size) || !stk_arg(s, w, 1, &r.begin))
		return false;
	r.end = r.begin + size;
	if (!strcmp(kind, "frame") || !strcmp(kind, "load")) {
		r.row.cfa_rule = *kind == 'f' ? ZU_CFA_REG : ZU_CFA_LOAD;
		r.row.cfa_reg = *kind == 'f' ? 15 : 0;
		r.row.cfa_off = *kind == 'f' ? ZU_FRAME_SIZE : 0;
		r.row.ra_place = ZU_PLACE_CFA;
		r.row.ra_off = ZU_FRAME_R14 - ZU_FRAME_SIZE;
	} else if (!strcmp(kind, "regs")) {
		r.row.kind = ZU_ROW_REGS;
	} else if (!strcmp(kind, "end")) {
		r.row.kind = ZU_ROW_END;
	} else {
		r.row.kind = ZU_ROW_UNDEFINED;
		r.gone = !strcmp(kind, "gone");
	}
	for (i = 4; i < w->n; i++) {
		r.cpu |= !strcmp(w->at[i], "cpu");
		if (strcmp(w->at[i], "cpu") && !stk_row_word(s, &r.row, w, i))
			return false;
	}
	if (s->w.rows == WORLD_RANGES)
		return stk_bad(s, "too many rows");
	s->w.row[s->w.rows++] = r;
	world_have_code(&s->w);
	return true;
}

/* call RET TARGET, call RET (of anything), call RET none, call RET unknown */
static inline bool stk_call(struct stk *s, const struct stk_words *w)
{
	struct world_call c = { .call = ZU_CALL_INDIRECT };
	const char *what = w->n > 2 ? w->at[2] : "";

	if (!stk_arg(s, w, 1, &c.ret))
		return false;
	if (!strcmp(what, "none"))
		c.call = ZU_CALL_NONE;
	else if (!strcmp(what, "unknown"))
		c.call = ZU_CALL_UNKNOWN;
	else if (*what)
		c.call = ZU_CALL_DIRECT;
	if (c.call == ZU_CALL_DIRECT && !stk_arg(s, w, 2, &c.target))
		return false;
	if (s->w.calls == WORLD_RANGES)
		return stk_bad(s, "too many calls");
	s->w.call[s->w.calls++] = c;
	return true;
}

/* tail FROM TO: a function that jumps to another */
static inline bool stk_tail(struct stk *s, const struct stk_words *w)
{
	struct world_tail t;

	if (!stk_arg(s, w, 2, &t.to) || !stk_arg(s, w, 1, &t.from))
		return false;
	if (s->w.tails == WORLD_RANGES)
		return stk_bad(s, "too many tail calls");
	s->w.tail[s->w.tails++] = t;
	return true;
}

/* walk SP IP FROM [guess] [regs=ADDR] [STACK]: the next frame to expect */
static inline bool stk_walk(struct stk *s, const struct stk_words *w)
{
	struct zu_frame *f = &s->frame[s->frames];
	unsigned int i;

	if (s->frames == STK_FRAMES || w->n < 4)
		return stk_bad(s, "walk: too many frames or too few words");
	*f = (struct zu_frame){ .stack = ZU_STACK_TASK };
	while (f->from < ZU_FROM_TABLE &&
	       strcmp(zu_from_word(f->from), w->at[3]))
		f->from++;
	if (strcmp(zu_from_word(f->from), w->at[3]))
		return stk_bad(s, "found how? %s", w->at[3]);
	for (i = 4; i < w->n; i++) {
		if (!strcmp(w->at[i], "guess"))
			f->guess = true;
		else if (!strncmp(w->at[i], "regs=", 5)) {
			if (!stk_arg(s, w, i, &f->regs))
				return false;
		} else if (!stk_type(s, w->at[i], &f->stack)) {
			return false;
		}
	}
	s->total = ++s->frames;
	return stk_arg(s, w, 1, &f->sp) && stk_arg(s, w, 2, &f->ip);
}

/* frames N: so many of those expected so far, or so many in all */
static inline bool stk_frames(struct stk *s, const struct stk_words *w)
{
	if (!stk_arg(s, w, 1, &s->total))
		return false;
	if (s->frames > s->total)
		s->frames = (unsigned int)s->total;
	return true;
}

static inline bool stk_reason(struct stk *s, const char *word,
			      enum zu_why *ret)
{
	for (*ret = ZU_WHY_NONE + 1; *ret < ZU_WHY_COUNT; ++*ret)
		if (!strcmp(word, zu_why_word(*ret)))
			return true;
	return stk_bad(s, "no reason: %s", word);
}

/* strict reliable, strict REASON FRAME AT; the same with kernel, or both */
static inline bool stk_expect(struct stk *s, const struct stk_words *w)
{
	struct stk_verdict v = { .why = ZU_WHY_NONE };
	const char *word = w->n > 1 ? w->at[1] : "";

	if (strcmp(word, "reliable") &&
	    (!stk_reason(s, word, &v.why) || !stk_arg(s, w, 2, &v.frame) ||
	     !stk_arg(s, w, 3, &v.at)))
		return false;
	if (strcmp(w->at[0], "strict"))
		s->kernel = v;
	if (strcmp(w->at[0], "kernel"))
		s->strict = v;
	return true;
}

/* ends well, ends REASON AT */
static inline bool stk_ends(struct stk *s, const struct stk_words *w)
{
	const char *word = w->n > 1 ? w->at[1] : "";

	s->end.why = ZU_WHY_NONE;
	if (!strcmp(word, "well"))
		return true;
	return stk_reason(s, word, &s->end.why) &&
	       stk_arg(s, w, 2, &s->end.at);
}

static const struct {
	const char *word;
	bool (*read)(struct stk *s, const struct stk_words *w);
} stk_lines[] = {
	{ "stack", stk_stack },	  { "text", stk_text },
	{ "name", stk_name },	  { "hole", stk_hole },
	{ "frame", stk_frame },	  { "regs", stk_regs },
	{ "word", stk_word },	  { "ladder", stk_ladder },
	{ "row", stk_row },	  { "call", stk_call },
	{ "tail", stk_tail },
	{ "walk", stk_walk },	  { "frames", stk_frames },
	{ "strict", stk_expect }, { "kernel", stk_expect },
	{ "both", stk_expect },	  { "ends", stk_ends },
};

/* Lines that set one number */
static inline uint64_t *stk_setting(struct stk *s, const char *word)
{
	if (!strcmp(word, "ksp"))
		return &s->w.task.ksp;
	if (!strcmp(word, "task-regs"))
		return &s->w.task.regs;
	if (!strcmp(word, "return-to-handler"))
		return &s->w.env.return_to_handler;
	if (!strcmp(word, "rethook-trampoline"))
		return &s->w.env.rethook_trampoline;
	if (!strcmp(word, "hides"))
		return &s->w.hides;
	if (!strcmp(word, "ret-from-fork"))
		return &s->w.env.ret_from_fork;
	if (!strcmp(word, "switch-to"))
		return &s->w.env.switch_to[0];
	return NULL;
}

static inline bool stk_obey(struct stk *s, const struct stk_words *w)
{
	const char *word = w->at[0];
	uint64_t value;
	size_t i;

	for (i = 0; i < sizeof(stk_lines) / sizeof(stk_lines[0]); i++)
		if (!strcmp(word, stk_lines[i].word))
			return stk_lines[i].read(s, w);
	if (!strcmp(word, "shadow"))
		return stk_record(s, w, s->w.shadow, &s->w.shadows);
	if (!strcmp(word, "probe"))
		return stk_record(s, w, s->w.probe, &s->w.probes);
	if (!strcmp(word, "no-records")) {
		s->w.env.recover = NULL;
		return true;
	}
	if (!strcmp(word, "idle"))
		return s->w.task.idle = true;
	if (!stk_arg(s, w, 1, &value))
		return false;
	if (!strcmp(word, "regs-size"))
		s->w.env.regs_size = (uint32_t)value;
	else if (stk_setting(s, word))
		*stk_setting(s, word) = value;
	else
		return stk_bad(s, "no such line: %s", word);
	return true;
}

/* Obey the lines from @p to @end; a # begins a comment. */
static inline bool stk_read(struct stk *s, const char *p, const char *end)
{
	while (p < end) {
		size_t len = strcspn(p, "\n");
		struct stk_words w = { .n = 0 };
		char *save = NULL, *word;

		snprintf(w.line, sizeof(w.line), "%.*s", (int)len, p);
		w.line[strcspn(w.line, "#")] = '\0';
		for (word = strtok_r(w.line, " \t", &save);
		     word && w.n < STK_WORDS;
		     word = strtok_r(NULL, " \t", &save))
			w.at[w.n++] = word;
		if (w.n && !stk_obey(s, &w))
			return false;
		p += len + 1;
	}
	return true;
}

/* The world of a case; s->error says what is wrong with it. */
static inline bool stk_build(struct stk *s, const struct stk_case *c)
{
	memset(s, 0, sizeof(*s));
	world_init(&s->w);
	s->strict.why = s->kernel.why = s->end.why = ZU_WHY_COUNT;
	return stk_read(s, c->common, c->common_end) &&
	       stk_read(s, c->text, c->end);
}

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kern/captured.h"

#include <stdlib.h>
#include <string.h>

#include "image/capture.h"
#include "kern/text_symbols.h"
#include "util/fail.h"
#include "util/grow.h"

bool zu_captured_says(const struct zu_image *image, const char *line)
{
	const char *text;
	size_t len = 0;

	if (!zu_image_is_capture(image))
		return false;
	text = zu_capture_section(image, ZU_CAPTURE_ABOUT, &len);
	return text && memmem(text, len, line, strlen(line));
}

/* Words of a line, separated by single spaces */
#define MAX_WORDS 4

struct words {
	const char *at[MAX_WORDS];
	size_t len[MAX_WORDS];
	unsigned int n;
};

/* Take the next line apart; false at the end of the text. */
static bool next_line(const char **text, const char *end, struct words *w)
{
	const char *p = *text, *eol;

	if (p >= end)
		return false;
	eol = memchr(p, '\n', (size_t)(end - p));
	if (!eol)
		eol = end;
	for (w->n = 0; w->n < MAX_WORDS && p < eol; w->n++) {
		const char *stop = memchr(p, ' ', (size_t)(eol - p));

		if (!stop)
			stop = eol;
		w->at[w->n] = p;
		w->len[w->n] = (size_t)(stop - p);
		p = stop + 1;
	}
	*text = eol + 1;
	return true;
}

static bool is_word(const struct words *w, unsigned int i, const char *s)
{
	return i < w->n && w->len[i] == strlen(s) &&
	       !memcmp(w->at[i], s, w->len[i]);
}

static bool number(const struct words *w, unsigned int i, int base,
		   uint64_t max, uint64_t *ret)
{
	char digits[24];
	char *end;

	if (i >= w->n || !w->len[i] || w->len[i] >= sizeof(digits))
		return false;
	memcpy(digits, w->at[i], w->len[i]);
	digits[w->len[i]] = '\0';
	*ret = strtoull(digits, &end, base);
	return !*end && digits[0] != '-' && digits[0] != '+' && *ret <= max;
}

static void layout_line(const struct words *w, struct zu_layout *l)
{
	uint64_t offset, size, target;
	size_t i;

	if (!number(w, 1, 10, UINT32_MAX, &offset) ||
	    !number(w, 2, 10, UINT32_MAX, &size) ||
	    !number(w, 3, 10, UINT32_MAX, &target))
		return;
	for (i = 0; i < ZU_FIELD_COUNT; i++)
		if (is_word(w, 0, zu_field_name(i)))
			l->place[i] = (struct zu_place){
				.present = true,
				.offset = (uint32_t)offset,
				.size = (uint32_t)size,
				.target = (uint32_t)target,
			};
}

void zu_captured_layout(const struct zu_image *image, struct zu_layout *ret)
{
	size_t len = 0;
	const char *text = zu_capture_section(image, ZU_CAPTURE_LAYOUT, &len);
	const char *end = text ? text + len : NULL;
	struct words w;

	memset(ret, 0, sizeof(*ret));
	while (next_line(&text, end, &w))
		layout_line(&w, ret);
}

void zu_captured_globals(const struct zu_image *image,
			 const char *const *names, size_t n, uint64_t *addrs)
{
	size_t len = 0, i;
	const char *text = zu_capture_section(image, ZU_CAPTURE_GLOBALS, &len);
	const char *end = text ? text + len : NULL;
	struct words w;

	memset(addrs, 0, n * sizeof(*addrs));
	while (next_line(&text, end, &w))
		for (i = 0; i < n; i++)
			if (is_word(&w, 0, names[i]))
				number(&w, 1, 16, UINT64_MAX, &addrs[i]);
}

/* A symbol, and where its names are told */
struct zu_captured_line {
	uint64_t start;
	uint64_t size;
	const char *name;
	const char *module;	/* or NULL */
	size_t name_len;
	size_t module_len;
};

static bool parse_symbol(const struct words *w, struct zu_captured_line *l)
{
	*l = (struct zu_captured_line){ .name = NULL };
	if (w->n < 3 || !number(w, 0, 16, UINT64_MAX, &l->start) ||
	    !number(w, 1, 16, UINT64_MAX, &l->size))
		return false;
	l->name = w->at[2];
	l->name_len = w->len[2];
	if (w->n > 3) {
		l->module = w->at[3];
		l->module_len = w->len[3];
	}
	return true;
}

static int add_symbol(struct zu_captured_symbols *s, size_t *cap,
		      const struct zu_captured_line *l, struct zu_error *err)
{
	struct zu_captured_line *p;

	if (s->count && l->start <= s->line[s->count - 1].start)
		return zu_fail(err, ZU_EFORMAT,
			       "symbol %zu of the capture is out of order",
			       s->count);
	if (s->count == ZU_CAPTURED_SYMBOLS)
		return zu_fail(err, ZU_EFORMAT,
			       "the capture has more than %u symbols",
			       ZU_CAPTURED_SYMBOLS);
	p = zu_grow(s->line, s->count, cap, sizeof(*p));
	if (!p)
		return zu_fail_nomem(err);
	s->line = p;
	s->line[s->count++] = *l;
	return 0;
}

int zu_captured_symbols_init(struct zu_captured_symbols *s,
			     const struct zu_image *image,
			     struct zu_error *err)
{
	size_t len = 0, cap = 0;
	const char *text = zu_capture_section(image, ZU_CAPTURE_SYMBOLS, &len);
	const char *end = text ? text + len : NULL;
	struct words w;
	int ret = 0;

	*s = (struct zu_captured_symbols){ .line = NULL };
	while (!ret && next_line(&text, end, &w)) {
		struct zu_captured_line l;

		if (parse_symbol(&w, &l))
			ret = add_symbol(s, &cap, &l, err);
	}
	return ret;
}

void zu_captured_symbols_deinit(struct zu_captured_symbols *s)
{
	free(s->line);
	*s = (struct zu_captured_symbols){ .line = NULL };
}

static bool copy_word(const char *word, size_t len, char **buf, size_t *room,
		      const char **ret)
{
	if (!len || len >= *room)
		return false;
	memcpy(*buf, word, len);
	(*buf)[len] = '\0';
	*ret = *buf;
	*buf += len + 1;
	*room -= len + 1;
	return true;
}

/* How many symbols start at an address or below */
static size_t below(const struct zu_captured_symbols *s, uint64_t addr)
{
	size_t lo = 0, hi = s->count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (s->line[mid].start <= addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

bool zu_captured_symbol(const struct zu_captured_symbols *s, uint64_t addr,
			struct zu_symbol *ret, char *buf, size_t size)
{
	const struct zu_captured_line *l;
	size_t lo = below(s, addr);
	struct zu_symbol found;

	if (!lo)
		return false;
	l = &s->line[lo - 1];
	/* a symbol without size covers its own address */
	if (addr != l->start && addr - l->start >= l->size)
		return false;
	found = (struct zu_symbol){ .start = l->start, .size = l->size };
	if (!copy_word(l->name, l->name_len, &buf, &size, &found.name))
		return false;
	if (l->module && !copy_word(l->module, l->module_len, &buf, &size,
				    &found.module))
		return false;
	*ret = found;
	return true;
}

void zu_captured_symbols_each(const struct zu_captured_symbols *s,
			      uint64_t begin, uint64_t last,
			      const struct zu_text_symbols *to)
{
	char name[ZU_KSYM_NAME];
	size_t i;

	for (i = begin ? below(s, begin - 1) : 0;
	     i < s->count && s->line[i].start <= last; i++) {
		struct zu_text_symbol sym = {
			.addr = s->line[i].start,
			.size = s->line[i].size,
			.type = ZU_TEXT_FUNCTION,
			.global = true,
		};
		size_t room = sizeof(name);
		char *buf = name;

		if (copy_word(s->line[i].name, s->line[i].name_len, &buf,
			      &room, &sym.name) && !to->each(to->ctx, &sym))
			return;
	}
}

void zu_captured_traps_init(struct zu_captured_traps *t,
			    const struct zu_image *image)
{
	size_t len = 0, cap = 0;
	const char *text = zu_capture_section(image, ZU_CAPTURE_TRAPS, &len);
	const char *end = text ? text + len : NULL;
	struct words w;

	*t = (struct zu_captured_traps){ .trap = NULL };
	while (next_line(&text, end, &w)) {
		struct zu_captured_trap *p;
		uint64_t addr, returns;

		if (!number(&w, 0, 16, UINT64_MAX, &addr) ||
		    !number(&w, 1, 10, 1, &returns))
			continue;
		if (t->count && addr <= t->trap[t->count - 1].addr)
			return;
		p = zu_grow(t->trap, t->count, &cap, sizeof(*p));
		if (!p)
			return;
		t->trap = p;
		t->trap[t->count++] = (struct zu_captured_trap){
			.addr = addr, .returns = (int)returns,
		};
	}
}

void zu_captured_traps_deinit(struct zu_captured_traps *t)
{
	free(t->trap);
	*t = (struct zu_captured_traps){ .trap = NULL };
}

int zu_captured_trap(const struct zu_captured_traps *t, uint64_t addr)
{
	size_t lo = 0, hi = t->count;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (t->trap[mid].addr < addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo == t->count || t->trap[lo].addr != addr)
		return -1;
	return t->trap[lo].returns;
}

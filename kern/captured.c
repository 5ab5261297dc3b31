/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kern/captured.h"

#include <stdlib.h>
#include <string.h>

#include "image/capture.h"

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
	const char *end = text + len;
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
	const char *end = text + len;
	struct words w;

	memset(addrs, 0, n * sizeof(*addrs));
	while (next_line(&text, end, &w))
		for (i = 0; i < n; i++)
			if (is_word(&w, 0, names[i]))
				number(&w, 1, 16, UINT64_MAX, &addrs[i]);
}

static bool copy_word(const struct words *w, unsigned int i, char **buf,
		      size_t *room, const char **ret)
{
	if (i >= w->n || !w->len[i] || w->len[i] >= *room)
		return false;
	memcpy(*buf, w->at[i], w->len[i]);
	(*buf)[w->len[i]] = '\0';
	*ret = *buf;
	*buf += w->len[i] + 1;
	*room -= w->len[i] + 1;
	return true;
}

/* A capture has a few hundred symbols, and each answer is remembered. */
bool zu_captured_symbol(const struct zu_image *image, uint64_t addr,
			struct zu_symbol *ret, char *buf, size_t size)
{
	size_t len = 0;
	const char *text = zu_capture_section(image, ZU_CAPTURE_SYMBOLS, &len);
	const char *end = text + len;
	struct words w;

	while (next_line(&text, end, &w)) {
		struct zu_symbol s = { .name = NULL };

		if (!number(&w, 0, 16, UINT64_MAX, &s.start) ||
		    !number(&w, 1, 16, UINT64_MAX, &s.size))
			continue;
		if (addr < s.start || (addr != s.start &&
				       addr - s.start >= s.size))
			continue;
		if (!copy_word(&w, 2, &buf, &size, &s.name))
			return false;
		if (w.n > 3 && !copy_word(&w, 3, &buf, &size, &s.module))
			return false;
		*ret = s;
		return true;
	}
	return false;
}

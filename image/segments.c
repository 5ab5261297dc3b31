/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "image/segments.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "util/fail.h"

static int by_start(const void *a, const void *b)
{
	const struct zu_segment *s = a, *t = b;

	if (s->start != t->start)
		return s->start < t->start ? -1 : 1;
	return s->offset < t->offset ? -1 : s->offset > t->offset;
}

/* Take from @s what @prev has; false if nothing is left */
static bool cut(struct zu_segment *s, const struct zu_segment *prev)
{
	uint64_t last = prev->start + (prev->len - 1);
	uint64_t both;

	if (s->start > last)
		return true;
	both = last - s->start + 1;
	if (both >= s->len)
		return false;
	s->start += both;
	s->offset += both;
	s->len -= both;
	return true;
}

static bool joins(const struct zu_segment *s, const struct zu_segment *prev)
{
	return s->start - prev->start == prev->len &&
	       s->offset - prev->offset == prev->len;
}

static void sort(struct zu_segments *s)
{
	struct zu_segment *seg = s->seg;
	size_t i, n = 0;

	qsort(seg, s->count, sizeof(*seg), by_start);
	for (i = 0; i < s->count; i++) {
		struct zu_segment next = seg[i];

		if (n && !cut(&next, &seg[n - 1]))
			continue;
		if (n && joins(&next, &seg[n - 1]))
			seg[n - 1].len += next.len;
		else
			seg[n++] = next;
	}
	s->count = n;
}

int zu_segments_init(struct zu_segments *s, struct zu_error *err)
{
	sort(s);
	s->cache = zu_cache_create();
	return s->cache ? 0 : zu_fail_nomem(err);
}

void zu_segments_deinit(struct zu_segments *s)
{
	zu_cache_destroy(s->cache);
	free(s->seg);
	s->cache = NULL;
	s->seg = NULL;
	s->count = 0;
}

/* The piece that has @addr, or NULL */
static const struct zu_segment *find(struct zu_segments *s, uint64_t addr)
{
	const struct zu_segment *seg = s->seg;
	size_t lo = 0, hi = s->count;

	if (addr - seg[s->last].start < seg[s->last].len)
		return &seg[s->last];

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (addr < seg[mid].start)
			hi = mid;
		else
			lo = mid + 1;
	}
	if (!lo || addr - seg[lo - 1].start >= seg[lo - 1].len)
		return NULL;
	s->last = lo - 1;
	return &seg[lo - 1];
}

/* Without the cache */
static int read_direct(const struct zu_file *file, const struct zu_segment *seg,
		       uint64_t addr, void *buf, size_t len)
{
	return zu_file_read(file, seg->offset + (addr - seg->start), buf,
			    len) ? ZU_EFAULT : 0;
}

int zu_segments_read_now(struct zu_segments *s, const struct zu_file *file,
			 uint64_t addr, void *buf, size_t len)
{
	const struct zu_segment *seg = find(s, addr);

	if (!seg || len > seg->len - (addr - seg->start))
		return ZU_EFAULT;
	return read_direct(file, seg, addr, buf, len);
}

/* The page at @page, all of which is in @seg, or NULL */
static const uint8_t *get_page(struct zu_segments *s,
			       const struct zu_file *file,
			       const struct zu_segment *seg, uint64_t page)
{
	uint8_t *room = zu_cache_claim(s->cache, page);

	if (read_direct(file, seg, page, room, ZU_CACHE_PAGE))
		return NULL;
	zu_cache_keep(s->cache, page);
	return room;
}

/*
 * A read across a page boundary, such as that of a structure: take both pages
 * at once, if neither is there. Whether that worked does not matter.
 */
static void get_pair(struct zu_segments *s, const struct zu_file *file,
		     const struct zu_segment *seg, uint64_t page)
{
	uint8_t both[2 * ZU_CACHE_PAGE];
	uint64_t next = page + ZU_CACHE_PAGE;

	if (page < seg->start ||
	    seg->len - (page - seg->start) < sizeof(both) ||
	    zu_cache_find(s->cache, page) || zu_cache_find(s->cache, next) ||
	    read_direct(file, seg, page, both, sizeof(both)))
		return;
	memcpy(zu_cache_claim(s->cache, page), both, ZU_CACHE_PAGE);
	zu_cache_keep(s->cache, page);
	memcpy(zu_cache_claim(s->cache, next), both + ZU_CACHE_PAGE,
	       ZU_CACHE_PAGE);
	zu_cache_keep(s->cache, next);
}

/* Bytes inside one piece and one page */
static int read_in_page(struct zu_segments *s, const struct zu_file *file,
			const struct zu_segment *seg, uint64_t addr, void *buf,
			size_t len)
{
	uint64_t offset = addr % ZU_CACHE_PAGE;
	uint64_t page = addr - offset;
	const uint8_t *p;

	/* of a page cut by the end of a piece only what is needed is read */
	if (page < seg->start ||
	    seg->len - (page - seg->start) < ZU_CACHE_PAGE)
		return read_direct(file, seg, addr, buf, len);
	p = zu_cache_find(s->cache, page);
	if (!p)
		p = get_page(s, file, seg, page);
	if (!p)
		return ZU_EFAULT;
	if (len == sizeof(uint64_t))	/* the usual, without a call */
		memcpy(buf, p + offset, sizeof(uint64_t));
	else
		memcpy(buf, p + offset, len);
	return 0;
}

int zu_segments_read(struct zu_segments *s, const struct zu_file *file,
		     uint64_t addr, void *buf, size_t len)
{
	while (len) {
		const struct zu_segment *seg = find(s, addr);
		uint64_t left;
		size_t n = len;
		int ret;

		if (!seg)
			return ZU_EFAULT;
		left = seg->len - (addr - seg->start);
		if (n > left)
			n = (size_t)left;
		left = ZU_CACHE_PAGE - addr % ZU_CACHE_PAGE;
		if (n > ZU_CACHE_PAGE) {
			ret = read_direct(file, seg, addr, buf, n);
		} else {
			if (n > left) {
				get_pair(s, file, seg, addr - addr %
					 ZU_CACHE_PAGE);
				n = (size_t)left;
			}
			ret = read_in_page(s, file, seg, addr, buf, n);
		}
		if (ret)
			return ret;
		len -= n;
		addr += n;
		/* nothing follows the last byte of a 64-bit space */
		if (len && !addr)
			return ZU_EFAULT;
		buf = (char *)buf + n;
	}
	return 0;
}

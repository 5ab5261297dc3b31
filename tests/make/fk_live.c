/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/make/fakelive.h"

#include <stdlib.h>
#include <string.h>

#include "kern/kernel.h"
#include "tests/make/fk_private.h"

static void live_tick(struct fk_live *live)
{
	if (live->tick)
		live->tick(live->ctx);
}

typedef const uint8_t *page_fn(struct fk_live *live, uint64_t addr);

static bool copy(struct fk_live *live, page_fn *page_at, uint64_t addr,
		 uint8_t *to, size_t len)
{
	while (len) {
		size_t at = addr % FK_PAGE, n = FK_PAGE - at;
		const uint8_t *from = page_at(live, addr - at);

		if (!from)
			return false;
		if (n > len)
			n = len;
		memcpy(to, from + at, n);
		to += n;
		addr += n;
		len -= n;
	}
	return true;
}

static const uint8_t *page_now(struct fk_live *live, uint64_t addr)
{
	return fk_page(live->fk, addr);
}

/* What is there now, if anything is. A test may change it in between. */
static bool get_now(struct fk_live *live, uint64_t addr, uint8_t *to,
		    size_t len)
{
	size_t word = live->torn ? FK_PAGE / FK_LIVE_WORDS : len;
	size_t i, n = (len + word - 1) / word;

	live->reads++;
	for (i = 0; i < n; i++) {
		size_t at = (live->backwards ? n - 1 - i : i) * word;

		live_tick(live);
		if (!copy(live, page_now, addr + at, to + at,
			  len - at < word ? len - at : word))
			return false;
	}
	return true;
}

static const uint8_t *get_page(struct fk_live *live, uint64_t addr)
{
	uint8_t *to;

	if (live->kept == FK_LIVE_PAGES)
		live->kept = 0;
	to = live->page[live->kept];
	if (!get_now(live, addr, to, FK_PAGE))
		return NULL;
	live->addr[live->kept++] = addr;
	return to;
}

static bool is_in_window(const struct fk_live *live, uint64_t addr, size_t len)
{
	return addr >= live->window_addr &&
	       addr + len <= live->window_addr + live->window_len;
}

static void live_fetch(struct zu_image *image, uint64_t addr, size_t len)
{
	struct fk_live *live = image->priv;

	if (!live->fetches || is_in_window(live, addr, len))
		return;
	live->window_len = 0;
	if (len > sizeof(live->window) ||
	    !get_now(live, addr, live->window, len))
		return;
	live->window_addr = addr;
	live->window_len = len;
}

static const uint8_t *find(struct fk_live *live, uint64_t addr)
{
	unsigned int i;

	for (i = 0; i < live->kept; i++)
		if (live->addr[i] == addr)
			return live->page[i];
	return get_page(live, addr);
}

static int live_read(struct zu_image *image, uint64_t addr, void *buf,
		     size_t len)
{
	struct fk_live *live = image->priv;

	if (is_in_window(live, addr, len)) {
		memcpy(buf, live->window + (addr - live->window_addr), len);
		return 0;
	}
	return copy(live, find, addr, buf, len) ? 0 : ZU_EFAULT;
}

static void live_forget(struct zu_image *image)
{
	struct fk_live *live = image->priv;

	live->kept = 0;
	live->window_len = 0;
}

static int live_hold(struct zu_image *image, struct zu_error *err)
{
	(void)err;
	live_forget(image);
	return 0;
}

static void live_close(struct zu_image *image)
{
	(void)image;
}

static const struct zu_image_kind live_kind = {
	.name = "live",
	.changes = true,
	.close = live_close,
	.read_virt = live_read,
	.fetch = live_fetch,
	.hold = live_hold,
	.forget = live_forget,
};

struct zu_image *fk_live_image(struct fk_live *live)
{
	struct zu_image *image = fk_grow(NULL, 1, sizeof(*image));

	fk_complete(live->fk);
	*image = (struct zu_image){
		.kind = &live_kind, .path = strdup("live"), .priv = live,
		.vmcoreinfo = live->fk->info,
		.vmcoreinfo_len = live->fk->info_len,
	};
	return image;
}

struct zu_kernel *fk_live_open(struct fk_live *live)
{
	struct zu_kernel *k = NULL;
	struct zu_error err = { 0 };

	if (zu_kernel_open_image(fk_live_image(live), NULL, NULL, NULL, &k,
				 &err))
		fk_die("%s", err.text);
	return k;
}

uint64_t fk_draw(uint64_t *random, uint64_t n)
{
	*random ^= *random << 13;
	*random ^= *random >> 7;
	*random ^= *random << 17;
	return *random % n;
}

uint64_t fk_number(const char *name, uint64_t otherwise)
{
	const char *s = getenv(name);

	return s ? strtoull(s, NULL, 0) : otherwise;
}

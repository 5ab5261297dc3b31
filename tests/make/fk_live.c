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

/* What is there now; NULL if nothing is. A test may change it in between. */
static const uint8_t *fetch(struct fk_live *live, uint64_t addr)
{
	unsigned int i, n = live->torn ? FK_LIVE_WORDS : 1;
	size_t len = FK_PAGE / n;
	uint8_t *to;

	if (live->kept == FK_LIVE_PAGES)
		live->kept = 0;
	to = live->page[live->kept];
	live->reads++;
	for (i = 0; i < n; i++) {
		size_t at = (live->backwards ? n - 1 - i : i) * len;
		const uint8_t *from;

		live_tick(live);
		from = fk_page(live->fk, addr);
		if (!from)
			return NULL;
		memcpy(to + at, from + at, len);
	}
	live->addr[live->kept++] = addr;
	return to;
}

static const uint8_t *find(struct fk_live *live, uint64_t addr)
{
	unsigned int i;

	for (i = 0; i < live->kept; i++)
		if (live->addr[i] == addr)
			return live->page[i];
	return fetch(live, addr);
}

static int live_read(struct zu_image *image, uint64_t addr, void *buf,
		     size_t len)
{
	uint8_t *to = buf;

	while (len) {
		size_t at = addr % FK_PAGE, n = FK_PAGE - at;
		const uint8_t *page = find(image->priv, addr - at);

		if (!page)
			return ZU_EFAULT;
		if (n > len)
			n = len;
		memcpy(to, page + at, n);
		to += n;
		addr += n;
		len -= n;
	}
	return 0;
}

static void live_forget(struct zu_image *image)
{
	struct fk_live *live = image->priv;

	live->kept = 0;
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
	.hold = live_hold,
	.forget = live_forget,
};

struct zu_kernel *fk_live_record(struct fk_live *live,
				 void (*record)(void *ctx, uint64_t addr,
						const void *buf, size_t len),
				 void *ctx)
{
	struct zu_image *image = fk_grow(NULL, 1, sizeof(*image));
	struct zu_kernel *k = NULL;
	struct zu_error err = { 0 };

	fk_complete(live->fk);
	*image = (struct zu_image){
		.kind = &live_kind, .path = strdup("live"), .priv = live,
		.vmcoreinfo = live->fk->info,
		.vmcoreinfo_len = live->fk->info_len,
	};
	if (zu_kernel_open_image(image, NULL, record, ctx, &k, &err))
		fk_die("%s", err.text);
	return k;
}

struct zu_kernel *fk_live_open(struct fk_live *live)
{
	return fk_live_record(live, NULL, NULL);
}

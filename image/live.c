/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The running kernel: /proc/kcore (fs/proc/kcore.c, 6.12 to 7.2), an ELF core
 * file that has the kernel's memory by virtual addresses: the identity mapping,
 * the image, vmalloc and modules. Where nothing is mapped in the last two, it
 * gives zeros; but what a walk looks at is never on a page that is all zero, so
 * such a page is taken for a hole.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image/elf.h"
#include "image/kinds.h"
#include "util/fail.h"
#include "util/grow.h"

/* A test has a file of its own. */
#ifndef KCORE
#define KCORE "/proc/kcore"
#endif

/* p_paddr where an address says nothing of where it is: vmalloc, modules */
#define NO_PADDR UINT64_MAX

/* What may have holes */
struct range {
	uint64_t start;
	uint64_t len;
};

/*
 * Bytes that were fetched: one read of a few hundred, where pages would be
 * thousands. They are forgotten with all else.
 */
struct window {
	uint64_t start;
	size_t len;
	uint8_t byte[4096];
};

struct live {
	struct zu_elf elf;
	struct window window;
	struct range *mapped;
	size_t nr_mapped;
	size_t cap_mapped;
	bool failed;	/* there was no memory for all of them */
};

static uint64_t live_piece(void *ctx, uint64_t virt, uint64_t abs,
			   uint64_t len)
{
	struct live *live = ctx;
	struct range *p;

	if (abs != NO_PADDR)
		return virt;
	p = zu_grow(live->mapped, live->nr_mapped, &live->cap_mapped,
		    sizeof(*p));
	if (!p) {
		live->failed = true;
		return virt;
	}
	live->mapped = p;
	p[live->nr_mapped++] = (struct range){ virt, len };
	return virt;
}

static bool live_is_mine(const char *source)
{
	return !strcmp(source, "live");
}

static int open_kcore(int *ret, struct zu_error *err)
{
	int fd = open(KCORE, O_RDONLY | O_CLOEXEC);

	if (fd >= 0) {
		*ret = fd;
		return 0;
	}
	switch (errno) {
	case ENOENT:
		return zu_fail(err, ZU_ENOTSUP,
			       "there is no " KCORE ": the kernel is built without CONFIG_PROC_KCORE");
	case EACCES:
		return zu_fail(err, ZU_EIO,
			       "only root may read " KCORE);
	case EPERM:
		return zu_fail(err, ZU_EIO, geteuid() ?
			       "only root may read " KCORE :
			       KCORE " may not be read: the kernel is locked down, or a capability is missing (CAP_SYS_RAWIO)");
	}
	return zu_fail(err, ZU_EIO, "cannot open " KCORE ": %s",
		       strerror(errno));
}

static void live_free(struct live *live)
{
	free(live->mapped);
	free(live);
}

static int live_open(struct zu_image *image, const char *path, int fd,
		     struct zu_error *err)
{
	struct live *live;
	int ret;

	(void)path;
	ret = open_kcore(&fd, err);
	if (ret)
		return ret;
	live = calloc(1, sizeof(*live));
	ret = live ? zu_elf_init(&live->elf, image, fd, live_piece, live,
				 err) : zu_fail_nomem(err);
	close(fd);
	if (ret == ZU_ENOTMINE)
		ret = zu_fail(err, ZU_EFORMAT, "it is not an ELF file");
	if (!ret && live->failed) {
		zu_elf_deinit(&live->elf);
		ret = zu_fail_nomem(err);
	}
	if (!ret)
		image->priv = live;
	else if (live)
		live_free(live);
	return ret ? zu_fail_at(err, KCORE) : 0;
}

static void live_close(struct zu_image *image)
{
	struct live *live = image->priv;

	zu_elf_deinit(&live->elf);
	live_free(live);
}

static bool is_zero(const uint8_t *p, size_t len)
{
	return !len || (!p[0] && !memcmp(p, p + 1, len - 1));
}

static bool may_have_holes(const struct live *live, uint64_t addr)
{
	size_t i;

	for (i = 0; i < live->nr_mapped; i++)
		if (addr - live->mapped[i].start < live->mapped[i].len)
			return true;
	return false;
}

static int read_memory(struct live *live, uint64_t addr, void *buf, size_t len)
{
	return zu_segments_read(&live->elf.memory, &live->elf.file, addr, buf,
				len);
}

/* The bytes of one page that were read are all zero: is the page? */
static bool is_hole(struct live *live, uint64_t addr)
{
	uint8_t page[ZU_CACHE_PAGE];

	addr -= addr % ZU_CACHE_PAGE;
	return !read_memory(live, addr, page, sizeof(page)) &&
	       is_zero(page, sizeof(page));
}

static bool is_in_window(const struct window *w, uint64_t addr, size_t len)
{
	return addr - w->start < w->len && len <= w->len - (addr - w->start);
}

static void copy_from(const struct window *w, uint64_t addr, void *buf,
		      size_t len)
{
	const uint8_t *from = w->byte + (addr - w->start);

	if (len == sizeof(uint64_t))	/* the usual, without a call */
		memcpy(buf, from, sizeof(uint64_t));
	else if (len == sizeof(uint32_t))
		memcpy(buf, from, sizeof(uint32_t));
	else
		memcpy(buf, from, len);
}

static void live_fetch(struct zu_image *image, uint64_t addr, size_t len)
{
	struct live *live = image->priv;
	struct window *w = &live->window;

	if (is_in_window(w, addr, len) || len > sizeof(w->byte))
		return;
	w->len = 0;
	if (may_have_holes(live, addr) || may_have_holes(live, addr + len) ||
	    zu_segments_read_now(&live->elf.memory, &live->elf.file, addr,
				 w->byte, len))
		return;
	w->start = addr;
	w->len = len;
}

static int live_read_virt(struct zu_image *image, uint64_t addr, void *buf,
			  size_t len)
{
	struct live *live = image->priv;
	size_t done, n;
	int ret;

	if (is_in_window(&live->window, addr, len)) {
		copy_from(&live->window, addr, buf, len);
		return 0;
	}
	ret = read_memory(live, addr, buf, len);
	if (ret || !may_have_holes(live, addr))
		return ret;
	for (done = 0; done < len; done += n) {
		n = ZU_CACHE_PAGE - (addr + done) % ZU_CACHE_PAGE;
		if (n > len - done)
			n = len - done;
		if (is_zero((uint8_t *)buf + done, n) &&
		    is_hole(live, addr + done))
			return ZU_EFAULT;
	}
	return 0;
}

static void live_forget(struct zu_image *image)
{
	struct live *live = image->priv;

	live->window.len = 0;
	zu_cache_forget(live->elf.memory.cache);
}

static int live_hold(struct zu_image *image, struct zu_error *err)
{
	(void)err;
	live_forget(image);
	return 0;
}

const struct zu_image_kind zu_image_live = {
	.name = "live",
	.is_mine = live_is_mine,
	.changes = true,
	.btf_path = "/sys/kernel/btf/vmlinux",
	.open = live_open,
	.close = live_close,
	.read_virt = live_read_virt,
	.fetch = live_fetch,
	.hold = live_hold,
	.forget = live_forget,
};

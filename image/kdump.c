/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kdump-compressed and s390 stand-alone dumps, by libkdumpfile.
 *
 * The library needs some 10 us for a read, and a walk reads eight bytes at a
 * time: pages are kept here, so that it is asked once for most of them.
 */
#include <errno.h>
#include <inttypes.h>
#include <libkdumpfile/kdumpfile.h>
#include <stdlib.h>
#include <string.h>

#include "image/cache.h"
#include "image/kdump_check.h"
#include "image/kdump_magic.h"
#include "image/kinds.h"
#include "util/fail.h"

struct kdump {
	enum zu_kdump_kind kind;
	kdump_ctx_t *ctx;
	struct zu_file file;
	char *vmcoreinfo;
	struct zu_cache *cache;
};

static int code_of(kdump_status status)
{
	switch (status) {
	case KDUMP_ERR_SYSTEM:
		return errno == ENOMEM ? ZU_ENOMEM : ZU_EIO;
	case KDUMP_ERR_NOTIMPL:
		return ZU_ENOTSUP;
	case KDUMP_ERR_NODATA:
		return ZU_EFAULT;
	default:
		return ZU_EFORMAT;
	}
}

static int fail_kdump(struct kdump *k, kdump_status status,
		      struct zu_error *err)
{
	int code = code_of(status);
	const char *text = kdump_get_err(k->ctx);

	return zu_fail(err, code, "libkdumpfile: %s",
		       text ? text : kdump_strerror(status));
}

static kdump_status read_page(struct kdump *k, uint64_t addr, void *buf)
{
	size_t len = ZU_CACHE_PAGE;

	return kdump_read(k->ctx, KDUMP_MACHPHYSADDR, addr, buf, &len);
}

/* One page of each way of compression: is the library built for it? */
static int try_methods(struct kdump *k, const struct zu_kdump_facts *facts,
		       struct zu_error *err)
{
	uint32_t methods = facts->methods;
	uint8_t page[ZU_CACHE_PAGE];
	kdump_status status;

	for (; methods; methods &= methods - 1) {
		uint64_t addr = facts->sample[__builtin_ctz(methods)];

		status = read_page(k, addr, page);
		if (status != KDUMP_OK) {
			fail_kdump(k, status, err);
			return zu_fail_at(err, "page 0x%" PRIx64, addr);
		}
	}
	return 0;
}

static int check_arch(struct kdump *k, struct zu_error *err)
{
	const char *arch;

	/* if it is not known here, zu_kdump_check() has seen the machine */
	if (kdump_get_string_attr(k->ctx, KDUMP_ATTR_ARCH_NAME, &arch) !=
	    KDUMP_OK || !strcmp(arch, KDUMP_ARCH_S390X))
		return 0;
	return zu_fail(err, ZU_ENOTSUP,
		       "this is a dump of machine %s; zunwind reads dumps of s390x",
		       arch);
}

static int open_library(struct kdump *k, struct zu_error *err)
{
	kdump_status status;

	k->ctx = kdump_new();
	if (!k->ctx)
		return zu_fail_nomem(err);
	/* not mapped, as image/file.h says; and there is a cache here */
	status = kdump_set_number_attr(k->ctx, KDUMP_ATTR_FILE_MMAP_POLICY,
				       KDUMP_MMAP_NEVER);
	if (status == KDUMP_OK)
		status = kdump_set_number_attr(k->ctx, "cache.size", 16);
	if (status != KDUMP_OK)
		return fail_kdump(k, status, err);
	status = kdump_open_fd(k->ctx, k->file.fd);
	if (status == KDUMP_ERR_NOTIMPL && k->kind == ZU_KDUMP_FLAT)
		return zu_fail(err, ZU_ENOTSUP,
			       "this is a flattened dump, which libkdumpfile "
			       KDUMPFILE_VERSION_STRING
			       " does not read: convert it with makedumpfile -R");
	if (status != KDUMP_OK)
		return fail_kdump(k, status, err);
	return check_arch(k, err);
}

static int check_file(struct kdump *k, struct zu_kdump_facts *facts,
		      struct zu_error *err)
{
	size_t len;
	int ret;

	ret = zu_kdump_check(&k->file, facts, err);
	if (ret || !facts->vmcoreinfo_len)
		return ret;
	len = (size_t)facts->vmcoreinfo_len;
	k->vmcoreinfo = malloc(len);
	if (!k->vmcoreinfo)
		return zu_fail_nomem(err);
	ret = zu_file_read(&k->file, facts->vmcoreinfo, k->vmcoreinfo, len);
	if (ret)
		return zu_fail(err, ret, "cannot read VMCOREINFO");
	return 0;
}

/*
 * Before 0.5.2 kdump_free() goes on to use attributes of a kdump-compressed
 * dump after it has freed them (corrected by libkdumpfile's commit 97c716a424a8
 * "Run attribute cleanup hooks before deallocating attributes"). The process
 * keeps some 4 MiB, most of it never touched: the smaller evil.
 */
static void free_library(struct kdump *k)
{
	bool safe = KDUMPFILE_VERSION >= KDUMPFILE_MKVER(0, 5, 2);

	if (k->ctx && (safe || k->kind == ZU_KDUMP_ALONE))
		kdump_free(k->ctx);
}

static void kdump_release(struct kdump *k)
{
	free_library(k);
	zu_file_deinit(&k->file);
	zu_cache_destroy(k->cache);
	free(k->vmcoreinfo);
	free(k);
}

static int open_kdump(struct kdump *k, int fd, struct zu_kdump_facts *facts,
		      struct zu_error *err)
{
	int ret;

	k->file.fd = -1;
	k->cache = zu_cache_create();
	if (!k->cache)
		return zu_fail_nomem(err);
	ret = zu_file_init(&k->file, fd, err);
	if (!ret)
		ret = check_file(k, facts, err);
	if (!ret)
		ret = open_library(k, err);
	if (!ret)
		ret = try_methods(k, facts, err);
	return ret;
}

static int kdump_image_open(struct zu_image *image, const char *path, int fd,
			    struct zu_error *err)
{
	uint8_t head[ZU_KDUMP_MAGIC_SIZE];
	struct zu_kdump_facts facts = { 0 };
	enum zu_kdump_kind kind;
	struct kdump *k;
	size_t len;
	int ret;

	(void)path;
	ret = zu_file_head(fd, head, sizeof(head), &len, err);
	if (ret)
		return ret;
	kind = zu_kdump_kind(head);
	if (kind == ZU_KDUMP_NONE)
		return ZU_ENOTMINE;
	k = calloc(1, sizeof(*k));
	if (!k)
		return zu_fail_nomem(err);
	k->kind = kind;
	ret = open_kdump(k, fd, &facts, err);
	if (ret) {
		kdump_release(k);
		return ret;
	}
	image->priv = k;
	image->vmcoreinfo = k->vmcoreinfo;
	image->vmcoreinfo_len = k->vmcoreinfo ? facts.vmcoreinfo_len : 0;
	return 0;
}

static void kdump_image_close(struct zu_image *image)
{
	kdump_release(image->priv);
}

/* A page that is filtered out or damaged is not in the image */
static const uint8_t *get_page(struct kdump *k, uint64_t page)
{
	const uint8_t *held = zu_cache_find(k->cache, page);
	uint8_t *room;

	if (held)
		return held;
	room = zu_cache_claim(k->cache, page);
	if (read_page(k, page, room) != KDUMP_OK)
		return NULL;
	zu_cache_keep(k->cache, page);
	return room;
}

static int kdump_read_abs(struct zu_image *image, uint64_t addr, void *buf,
			  size_t len)
{
	struct kdump *k = image->priv;

	while (len) {
		size_t offset = addr % ZU_CACHE_PAGE;
		size_t n = ZU_CACHE_PAGE - offset;
		const uint8_t *page = get_page(k, addr - offset);

		if (!page)
			return ZU_EFAULT;
		if (n > len)
			n = len;
		memcpy(buf, page + offset, n);
		len -= n;
		addr += n;
		buf = (char *)buf + n;
	}
	return 0;
}

const struct zu_image_kind zu_image_kdump = {
	.name = "kdump",
	.open = kdump_image_open,
	.close = kdump_image_close,
	.read_abs = kdump_read_abs,
};

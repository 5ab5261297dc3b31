/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "image/capture.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "core/bytes.h"
#include "image/capture_format.h"
#include "image/file.h"
#include "image/kinds.h"
#include "util/big.h"
#include "util/buf.h"
#include "util/fail.h"

/* More sections than any version writes */
#define MAX_SECTIONS 64

struct section {
	const char *tag;
	const char *data;
	size_t len;
};

struct capture {
	char *payload;		/* all sections, each followed by a NUL */
	struct section section[MAX_SECTIONS];
	unsigned int sections;
	const char *extents;	/* addresses and lengths */
	size_t *start;		/* of each extent's bytes */
	uint64_t count;
	const char *bytes;
	uint64_t last;		/* the extent that was read last */
};

static uint64_t extent_addr(const struct capture *c, uint64_t i)
{
	return zu_be64(c->extents + i * ZU_CAPTURE_EXTENT);
}

static uint64_t extent_len(const struct capture *c, uint64_t i)
{
	return zu_be64(c->extents + i * ZU_CAPTURE_EXTENT + 8);
}

const char *zu_capture_section(const struct zu_image *image, const char *tag,
			       size_t *len)
{
	const struct capture *c = image->priv;
	unsigned int i;

	for (i = 0; i < c->sections; i++) {
		if (strncmp(c->section[i].tag, tag, ZU_CAPTURE_TAG))
			continue;
		*len = c->section[i].len;
		return c->section[i].data;
	}
	return NULL;
}

/*
 * Decompress piece by piece: the buffer grows with what is really there, not
 * with what the header says.
 */
static int decompress(struct zu_buf *out, const uint8_t *in, size_t len,
		      uint64_t want, struct zu_error *err)
{
	ZSTD_DStream *stream = ZSTD_createDStream();
	ZSTD_inBuffer src = { .src = in, .size = len };
	size_t piece = ZSTD_DStreamOutSize();
	size_t left = 1;
	int ret = 0;

	if (!stream)
		return zu_fail_nomem(err);
	while (left && !ret) {
		ZSTD_outBuffer dst = {
			.dst = zu_buf_reserve(out, piece), .size = piece,
		};
		size_t at = src.pos;

		if (!dst.dst) {
			ret = zu_fail_nomem(err);
			break;
		}
		left = ZSTD_decompressStream(stream, &dst, &src);
		out->len += dst.pos;
		if (ZSTD_isError(left))
			ret = zu_fail(err, ZU_EFORMAT, "%s",
				      ZSTD_getErrorName(left));
		else if (out->len > want)
			ret = zu_fail(err, ZU_EFORMAT,
				      "it holds more than its header says");
		else if (left && !dst.pos && src.pos == at)
			ret = zu_fail(err, ZU_EFORMAT, "the file is cut off");
	}
	ZSTD_freeDStream(stream);
	if (!ret && src.pos != len)
		ret = zu_fail(err, ZU_EFORMAT,
			      "there are bytes behind its end");
	if (!ret && out->len != want)
		ret = zu_fail(err, ZU_EFORMAT,
			      "it holds less than its header says");
	return ret;
}

static int find_sections(struct capture *c, size_t len, struct zu_error *err)
{
	size_t at = 0;

	while (at < len) {
		struct section *s = &c->section[c->sections];
		uint64_t size;

		if (c->sections == MAX_SECTIONS)
			return zu_fail(err, ZU_EFORMAT,
				       "it has more than %d sections",
				       MAX_SECTIONS);
		if (len - at < ZU_CAPTURE_SECTION_HEADER + 1)
			return zu_fail(err, ZU_EFORMAT,
				       "section %u is cut off", c->sections);
		size = zu_be64(c->payload + at + ZU_CAPTURE_TAG);
		s->tag = c->payload + at;
		at += ZU_CAPTURE_SECTION_HEADER;
		if (size >= len - at || c->payload[at + size])
			return zu_fail(err, ZU_EFORMAT,
				       "section %u does not end where its length says",
				       c->sections);
		s->data = c->payload + at;
		s->len = size;
		at += size + 1;
		c->sections++;
	}
	return 0;
}

static int check_extents(struct capture *c, uint64_t room,
			 struct zu_error *err)
{
	uint64_t end = 0, used = 0, i;

	for (i = 0; i < c->count; i++) {
		uint64_t addr = extent_addr(c, i), len = extent_len(c, i);

		if ((i && addr < end) || addr + len < addr)
			return zu_fail(err, ZU_EFORMAT,
				       "piece of memory %" PRIu64 " is out of order",
				       i);
		if (len > room - used)
			return zu_fail(err, ZU_EFORMAT,
				       "piece of memory %" PRIu64 " is cut off",
				       i);
		c->start[i] = used;
		used += len;
		end = addr + len;
	}
	if (used != room)
		return zu_fail(err, ZU_EFORMAT,
			       "there is memory without an address");
	return 0;
}

static int find_memory(struct capture *c, const struct zu_image *image,
		       struct zu_error *err)
{
	const char *p;
	size_t len;

	p = zu_capture_section(image, ZU_CAPTURE_MEMORY, &len);
	if (!p)
		return zu_fail(err, ZU_EFORMAT, "it has no memory");
	if (len < 8 || zu_be64(p) > (len - 8) / ZU_CAPTURE_EXTENT)
		return zu_fail(err, ZU_EFORMAT, "its memory is cut off");
	c->count = zu_be64(p);
	c->extents = p + 8;
	c->bytes = c->extents + c->count * ZU_CAPTURE_EXTENT;
	c->start = calloc(c->count + 1, sizeof(*c->start));
	if (!c->start)
		return zu_fail_nomem(err);
	return check_extents(c, len - 8 - c->count * ZU_CAPTURE_EXTENT, err);
}

static int find_parts(struct capture *c, struct zu_image *image, size_t len,
		      struct zu_error *err)
{
	int ret = find_sections(c, len, err);

	if (!ret)
		ret = find_memory(c, image, err);
	if (!ret)
		image->vmcoreinfo = zu_capture_section(image, ZU_CAPTURE_INFO,
						&image->vmcoreinfo_len);
	return ret;
}

static int load(struct capture *c, struct zu_image *image,
		const uint8_t *data, uint64_t size, struct zu_error *err)
{
	struct zu_buf payload = { .data = NULL };
	uint32_t version;
	uint64_t want;
	int ret;

	if (size < ZU_CAPTURE_HEADER)
		return zu_fail(err, ZU_EFORMAT, "the file is cut off");
	version = zu_be32(data + ZU_CAPTURE_VERSION_AT);
	want = zu_be64(data + ZU_CAPTURE_LEN_AT);
	if (version != ZU_CAPTURE_VERSION)
		return zu_fail(err, ZU_ENOTSUP,
			       "it is of version %" PRIu32 ", this zunwind reads version %d",
			       version, ZU_CAPTURE_VERSION);
	if (want > ZU_CAPTURE_MAX)
		return zu_fail(err, ZU_EFORMAT,
			       "its header promises %" PRIu64 " bytes, more than any has",
			       want);
	ret = decompress(&payload, data + ZU_CAPTURE_HEADER,
			 size - ZU_CAPTURE_HEADER, want, err);
	c->payload = payload.data;
	return ret ? ret : find_parts(c, image, payload.len, err);
}

static void capture_close(struct zu_image *image)
{
	struct capture *c = image->priv;

	free(c->payload);
	free(c->start);
	free(c);
}

/* A file that is larger than what it may hold is no capture. */
static int read_file(int fd, uint8_t **data, uint64_t *size,
		     struct zu_error *err)
{
	struct zu_file file;
	int ret;

	ret = zu_file_init(&file, fd, err);
	if (ret)
		return ret;
	*size = file.size;
	*data = file.size <= ZU_CAPTURE_MAX ? zu_big_alloc(file.size) : NULL;
	if (file.size > ZU_CAPTURE_MAX)
		ret = zu_fail(err, ZU_EFORMAT, "it is too large");
	else if (!*data)
		ret = zu_fail_nomem(err);
	else if (zu_file_read(&file, 0, *data, file.size))
		ret = zu_fail(err, ZU_EIO, "cannot read the file");
	zu_file_deinit(&file);
	return ret;
}

static int capture_open(struct zu_image *image, const char *path, int fd,
			struct zu_error *err)
{
	char magic[ZU_CAPTURE_MAGIC_LEN];
	uint8_t *data = NULL;
	uint64_t size;
	size_t len;
	int ret;

	(void)path;
	ret = zu_file_head(fd, magic, sizeof(magic), &len, err);
	if (ret)
		return ret;
	if (memcmp(magic, ZU_CAPTURE_MAGIC, sizeof(magic)))
		return ZU_ENOTMINE;
	image->priv = calloc(1, sizeof(struct capture));
	if (!image->priv)
		return zu_fail_nomem(err);
	ret = read_file(fd, &data, &size, err);
	if (!ret)
		ret = load(image->priv, image, data, size, err);
	free(data);
	if (ret) {
		capture_close(image);
		return zu_fail_at(err, "this capture can't be used");
	}
	return 0;
}

/* The last extent that begins at or below the address, or the first */
static uint64_t find_extent(const struct capture *c, uint64_t addr)
{
	uint64_t lo = 0, hi = c->count;

	while (hi - lo > 1) {
		uint64_t mid = lo + (hi - lo) / 2;

		if (extent_addr(c, mid) <= addr)
			lo = mid;
		else
			hi = mid;
	}
	return lo;
}

static bool covers(const struct capture *c, uint64_t i, uint64_t addr,
		   size_t len)
{
	uint64_t begin = extent_addr(c, i), size = extent_len(c, i);

	return addr >= begin && addr - begin <= size &&
	       len <= size - (addr - begin);
}

static int capture_read_virt(struct zu_image *image, uint64_t addr, void *buf,
			     size_t len)
{
	struct capture *c = image->priv;
	uint64_t i = c->last;

	if (!c->count)
		return ZU_EFAULT;
	if (!covers(c, i, addr, len)) {
		i = find_extent(c, addr);
		if (!covers(c, i, addr, len))
			return ZU_EFAULT;
		c->last = i;
	}
	memcpy(buf, c->bytes + c->start[i] + (addr - extent_addr(c, i)), len);
	return 0;
}

const struct zu_image_kind zu_image_capture = {
	.name = "capture",
	.open = capture_open,
	.close = capture_close,
	.read_virt = capture_read_virt,
};

static int open_parts(struct zu_image *image,
		      const struct zu_capture_part *parts, size_t n,
		      struct zu_error *err)
{
	struct zu_buf payload = { .data = NULL };
	struct capture *c = image->priv;
	int ret = zu_capture_payload(parts, n, &payload, err);

	c->payload = payload.data;
	return ret ? ret : find_parts(c, image, payload.len, err);
}

int zu_capture_open(const struct zu_capture_part *parts, size_t n,
		    struct zu_image **ret, struct zu_error *err)
{
	struct zu_image *image = calloc(1, sizeof(*image));
	int code;

	if (!image)
		return zu_fail_nomem(err);
	image->kind = &zu_image_capture;
	image->path = strdup("capture");
	image->priv = calloc(1, sizeof(struct capture));
	code = image->path && image->priv ?
	       open_parts(image, parts, n, err) : zu_fail_nomem(err);
	if (!code) {
		*ret = image;
		return 0;
	}
	if (image->priv)
		capture_close(image);
	free(image->path);
	free(image);
	return code;
}

bool zu_image_is_capture(const struct zu_image *image)
{
	return image->kind == &zu_image_capture;
}

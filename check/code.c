/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check/code.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check/code_kinds.h"
#include "core/bytes.h"
#include "image/file.h"
#include "util/fail.h"

#define HEAD 20u

/* How modules and kernels are packed; what is no such file image/ tells. */
static const struct {
	const char *magic;
	size_t len;
	const char *text;
} packed[] = {
	{ "\x1f\x8b", 2, "gzip: unpack it with gzip -d" },
	{ "\xfd" "7zXZ", 6, "xz: unpack it with xz -d" },
	{ "\x28\xb5\x2f\xfd", 4, "zstd: unpack it with zstd -d" },
};

/* Is it an ELF file of the kind that linkers write, not dumpers? */
static bool is_code(const uint8_t *head, size_t len)
{
	unsigned int type;

	if (len < HEAD || memcmp(head, ELFMAG, SELFMAG))
		return false;
	if (head[EI_DATA] != ELFDATA2MSB)
		return head[EI_DATA] == ELFDATA2LSB && head[16] != ET_CORE;
	type = zu_be16(head + 16);
	return type == ET_REL || type == ET_EXEC || type == ET_DYN;
}

static int open_elf(const char *path, int fd, struct zu_code_set *ret,
		    struct zu_error *err)
{
	struct zu_code *c = calloc(1, sizeof(*c));
	int code;

	if (!c)
		return zu_fail_nomem(err);
	code = zu_elf_code_open(path, fd, c, err);
	if (code) {
		free(c);
		return zu_fail_at(err, "cannot read %s", path);
	}
	*ret = (struct zu_code_set){ .code = c, .nr = 1 };
	return 0;
}

static int open_fd(const char *path, int fd, struct zu_code_set *ret,
		   struct zu_error *err)
{
	uint8_t head[HEAD];
	size_t len, i;

	if (zu_file_head(fd, head, sizeof(head), &len, err))
		return zu_fail_at(err, "cannot read %s", path);
	for (i = 0; i < sizeof(packed) / sizeof(packed[0]); i++)
		if (!memcmp(head, packed[i].magic, packed[i].len))
			return zu_fail(err, ZU_ENOTSUP,
				       "cannot read %s: it is compressed with %s",
				       path, packed[i].text);
	if (is_code(head, len))
		return open_elf(path, fd, ret, err);
	return zu_kernel_code_open(path, ret, err);
}

int zu_code_open(const char *path, struct zu_code_set *ret,
		 struct zu_error *err)
{
	/* O_NONBLOCK: don't wait for the writer of a pipe */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	int code;

	if (fd < 0)
		return zu_fail(err, ZU_EIO, "cannot open %s: %s", path,
			       strerror(errno));
	/* what is no file image/ can tell */
	if (fstat(fd, &st) || !S_ISREG(st.st_mode))
		code = zu_kernel_code_open(path, ret, err);
	else
		code = open_fd(path, fd, ret, err);
	close(fd);
	return code;
}

void zu_code_deinit(struct zu_code *c)
{
	if (c->priv)
		c->ops->close(c);
	free(c->name);
	free(c->path);
	free(c->func);
	free(c->bucket);
	free(c->names);
	*c = (struct zu_code){ .name = NULL };
}

void zu_code_close(struct zu_code_set *set)
{
	size_t i;

	for (i = 0; i < set->nr; i++)
		zu_code_deinit(&set->code[i]);
	free(set->code);
	*set = (struct zu_code_set){ .code = NULL };
}

/* How many functions start at an address or below */
static size_t below(const struct zu_code *c, uint64_t addr)
{
	size_t lo = 0, hi = c->nr_func;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (c->func[mid].addr <= addr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* The same with less looking around: every branch of the code comes here */
static size_t below_bucket(const struct zu_code *c, uint64_t addr)
{
	uint64_t i = (addr - c->func[0].addr) / ZU_CODE_BUCKET;
	size_t n;

	if (addr < c->func[0].addr)
		return 0;
	if (i >= c->nr_bucket)
		return c->nr_func;
	n = c->bucket[i] + 1;
	while (n < c->nr_func && c->func[n].addr <= addr)
		n++;
	return n;
}

const struct zu_code_func *zu_code_func_at(const struct zu_code *c,
					   uint64_t addr)
{
	size_t n = c->bucket ? below_bucket(c, addr) : below(c, addr);

	if (!n || addr - c->func[n - 1].addr >= c->func[n - 1].len)
		return NULL;
	return &c->func[n - 1];
}

bool zu_code_in_text(const struct zu_code *c, const struct zu_code_func *f)
{
	uint64_t offset = f->addr - c->text;

	return f->addr >= c->text && offset < c->text_len &&
	       f->len <= c->text_len - offset;
}

bool zu_code_symbol(struct zu_code *c, const char *name, uint64_t *ret)
{
	return c->ops->symbol && c->ops->symbol(c, name, ret);
}

bool zu_code_section(struct zu_code *c, const char *name, uint64_t *addr,
		     uint64_t *len)
{
	return c->ops->section && c->ops->section(c, name, addr, len);
}

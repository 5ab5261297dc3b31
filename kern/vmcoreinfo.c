/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kern/vmcoreinfo.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bytes.h"
#include "image/image.h"
#include "util/fail.h"

/* struct lowcore.vmcore_info, arch/s390/include/asm/lowcore.h */
#define LOWCORE_VMCORE_INFO 0xe0c

/*
 * The note, see append_elf_note(): struct elf_note, the name with its NUL,
 * filled up to a word, the text.
 */
#define NOTE_NAME "VMCOREINFO"
#define NOTE_NAMESZ 0
#define NOTE_DESCSZ 4
#define NOTE_NAME_AT 12
#define NOTE_TEXT_AT 24

/*
 * The kernel keeps its text within VMCOREINFO_BYTES, one page, and cuts off
 * what does not fit. The limit is for kernels that will need more.
 */
#define VMCOREINFO_BYTES 4096
#define TEXT_MAX 65536

/* the longest key looked for: "SYMBOL()" around a symbol name */
#define KEY_MAX 640

static const char *line_end(const char *line, const char *end)
{
	const char *nl = memchr(line, '\n', (size_t)(end - line));

	return nl ? nl : end;
}

static bool has_pair(const char *text, size_t len)
{
	const char *end = text + len;
	const char *line, *eol;

	for (line = text; line < end; line = eol + 1) {
		eol = line_end(line, end);
		if (*line != '=' && memchr(line, '=', (size_t)(eol - line)))
			return true;
		if (eol == end)
			break;
	}
	return false;
}

/*
 * What vmcoreinfo_append_str() cut off in the middle of a line must not be
 * taken for a whole value.
 */
static size_t drop_cut_line(const char *text, size_t len)
{
	if (len == VMCOREINFO_BYTES)
		while (len && text[len - 1] != '\n')
			len--;
	return len;
}

int zu_vmcoreinfo_init_text(struct zu_vmcoreinfo *info, const char *text,
			    size_t len, struct zu_error *err)
{
	char *copy;

	if (len > TEXT_MAX)
		return zu_fail(err, ZU_EFORMAT,
			       "VMCOREINFO has %zu bytes, more than %d", len,
			       TEXT_MAX);
	len = drop_cut_line(text, strnlen(text, len));
	if (!has_pair(text, len))
		return zu_fail(err, ZU_EFORMAT,
			       "VMCOREINFO has no line KEY=VALUE");

	copy = malloc(len + 1);
	if (!copy)
		return zu_fail_nomem(err);
	memcpy(copy, text, len);
	copy[len] = '\0';
	info->text = copy;
	info->len = len;
	return 0;
}

static int find_note(struct zu_image *image, uint64_t *addr,
		     struct zu_error *err)
{
	uint8_t field[8];
	uint64_t value;
	int ret;

	ret = zu_image_read_abs(image, LOWCORE_VMCORE_INFO, field,
				sizeof(field));
	if (ret)
		return zu_fail(err, ret,
			       "lowcore.vmcore_info is not in the image");

	value = zu_be64(field);
	if (!value)
		return zu_fail(err, ZU_ENOENT,
			       "lowcore.vmcore_info is 0: no Linux, a kernel "
			       "that was still booting, or no CONFIG_VMCORE_INFO");
	/* startup_kernel() in arch/s390/boot/startup.c: KASLR offset | 1 */
	if (value & 1)
		return zu_fail(err, ZU_ENOENT,
			       "the kernel was still booting: no VMCOREINFO yet");
	*addr = value;
	return 0;
}

static int check_note(const uint8_t *head, uint64_t addr, struct zu_error *err)
{
	uint32_t namesz = zu_be32(head + NOTE_NAMESZ);
	uint32_t descsz = zu_be32(head + NOTE_DESCSZ);

	if (namesz != sizeof(NOTE_NAME) ||
	    memcmp(head + NOTE_NAME_AT, NOTE_NAME, sizeof(NOTE_NAME)))
		return zu_fail(err, ZU_EFORMAT,
			       "there is no VMCOREINFO note at %#" PRIx64
			       ", where lowcore.vmcore_info points to", addr);
	if (!descsz || descsz > TEXT_MAX)
		return zu_fail(err, ZU_EFORMAT,
			       "the VMCOREINFO note at %#" PRIx64 " claims %"
			       PRIu32 " bytes of text; 1 to %d make sense",
			       addr, descsz, TEXT_MAX);
	return 0;
}

static int read_text(struct zu_image *image, uint64_t addr, char *text,
		     size_t len, struct zu_error *err)
{
	int ret;

	ret = zu_image_read_abs(image, addr, text, len);
	if (ret)
		return zu_fail(err, ret,
			       "the VMCOREINFO text, %zu bytes at %#" PRIx64
			       ", is not in the image", len, addr);
	return 0;
}

static int init_lowcore(struct zu_vmcoreinfo *info, struct zu_image *image,
			struct zu_error *err)
{
	uint8_t head[NOTE_TEXT_AT];
	uint64_t addr = 0;
	uint32_t len;
	char *text;
	int ret;

	ret = find_note(image, &addr, err);
	if (ret)
		return ret;
	ret = zu_image_read_abs(image, addr, head, sizeof(head));
	if (ret)
		return zu_fail(err, ret,
			       "lowcore.vmcore_info points to %#" PRIx64
			       ", which is not in the image", addr);
	ret = check_note(head, addr, err);
	if (ret)
		return ret;

	len = zu_be32(head + NOTE_DESCSZ);
	text = malloc(len);
	if (!text)
		return zu_fail_nomem(err);
	ret = read_text(image, addr + NOTE_TEXT_AT, text, len, err);
	if (!ret)
		ret = zu_vmcoreinfo_init_text(info, text, len, err);
	free(text);
	return ret;
}

int zu_vmcoreinfo_init(struct zu_vmcoreinfo *info, struct zu_image *image,
		       struct zu_error *err)
{
	if (image->vmcoreinfo)
		return zu_vmcoreinfo_init_text(info, image->vmcoreinfo,
					       image->vmcoreinfo_len, err);
	return init_lowcore(info, image, err);
}

void zu_vmcoreinfo_deinit(struct zu_vmcoreinfo *info)
{
	free(info->text);
	info->text = NULL;
	info->len = 0;
}

const char *zu_vmcoreinfo_get(const struct zu_vmcoreinfo *info,
			      const char *key, size_t *len)
{
	const char *end = info->text + info->len;
	size_t n = strlen(key);
	const char *line, *eol;

	for (line = info->text; line < end; line = eol + 1) {
		eol = line_end(line, end);
		if ((size_t)(eol - line) > n && line[n] == '=' &&
		    !memcmp(line, key, n)) {
			*len = (size_t)(eol - line) - n - 1;
			return line + n + 1;
		}
		if (eol == end)
			break;
	}
	return NULL;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool zu_vmcoreinfo_hex(const struct zu_vmcoreinfo *info, const char *key,
		       uint64_t *ret)
{
	uint64_t value = 0;
	const char *s;
	size_t len, i;

	s = zu_vmcoreinfo_get(info, key, &len);
	if (!s)
		return false;
	if (len > 2 && s[0] == '0' && s[1] == 'x') {
		s += 2;
		len -= 2;
	}
	if (!len || len > 16)
		return false;
	for (i = 0; i < len; i++) {
		int digit = hex_digit(s[i]);

		if (digit < 0)
			return false;
		value = value << 4 | (uint64_t)digit;
	}
	*ret = value;
	return true;
}

bool zu_vmcoreinfo_symbol(const struct zu_vmcoreinfo *info, const char *name,
			  uint64_t *ret)
{
	char key[KEY_MAX];
	int len;

	len = snprintf(key, sizeof(key), "SYMBOL(%s)", name);
	if (len < 0 || (size_t)len >= sizeof(key))
		return false;
	return zu_vmcoreinfo_hex(info, key, ret);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The input is an ASCE, a virtual address, a prefix, a length, and storage,
 * which is repeated endlessly, so that every table is there. The result is
 * compared with that of a translation written once more, bit by bit as the
 * Principles of Operation number them.
 */
#include <stdlib.h>
#include <string.h>

#include "core/bytes.h"
#include "image/xlat.h"

#define HEAD 32
#define MAX_LEN 0x8000

struct storage {
	const uint8_t *data;
	size_t size;
	unsigned int reads;
};

static int read_abs(struct zu_image *image, uint64_t addr, void *buf,
		    size_t len)
{
	struct storage *s = image->priv;
	size_t i;

	s->reads++;
	if (addr + len < addr)
		return ZU_EFAULT;
	for (i = 0; i < len; i++)
		((uint8_t *)buf)[i] = s->data[(addr + i) % s->size];
	return 0;
}

static const struct zu_image_kind kind = {
	.name = "fuzz",
	.read_abs = read_abs,
};

/* Bits from..to, counted from the left */
static uint64_t bits(uint64_t v, unsigned int from, unsigned int to)
{
	return v << from >> (from + 63 - to);
}

static uint64_t fetch(struct zu_image *image, uint64_t addr)
{
	uint8_t raw[8];

	return read_abs(image, addr, raw, sizeof(raw)) ? 0x420 : zu_be64(raw);
}

static uint64_t prefixed(uint64_t real, uint64_t prefix)
{
	if (prefix == ZU_NO_PREFIX)
		return real;
	if (bits(real, 0, 50) == 0)
		return prefix | bits(real, 51, 63);
	if (bits(real, 0, 50) == bits(prefix, 0, 50))
		return bits(real, 51, 63);
	return real;
}

/* 0 with *real set, or an error */
static int reference(struct zu_image *image, uint64_t asce, uint64_t virt,
		     uint64_t *real)
{
	const uint64_t index[4] = {	/* RX, SX by table type */
		bits(virt, 33, 43), bits(virt, 22, 32),
		bits(virt, 11, 21), bits(virt, 0, 10),
	};
	uint64_t origin = asce & ~UINT64_C(0xfff), entry;
	uint64_t from = 0, to = bits(asce, 62, 63);
	int type;

	*real = virt;
	if (bits(asce, 58, 58))
		return 0;
	for (type = 3; type > (int)bits(asce, 60, 61); type--) {
		if (index[type])
			return ZU_EFAULT;
	}
	for (; type >= 0; type--) {
		uint64_t quarter = index[type] / 512;

		if (quarter < from || quarter > to ||
		    origin > UINT64_MAX - index[type] * 8)
			return ZU_EFAULT;
		entry = fetch(image, origin + index[type] * 8);
		if (bits(entry, 58, 58))
			return ZU_EFAULT;
		if ((int)bits(entry, 60, 61) != type)
			return ZU_EFORMAT;
		if (type <= 1 && bits(entry, 53, 53)) {
			*real = type ? bits(entry, 0, 32) << 31 |
				       bits(virt, 33, 63) :
				       bits(entry, 0, 43) << 20 |
				       bits(virt, 44, 63);
			return 0;
		}
		origin = entry & ~UINT64_C(0xfff);
		from = bits(entry, 56, 57);
		to = bits(entry, 62, 63);
	}
	origin = bits(entry, 0, 52) << 11;
	entry = fetch(image, origin + bits(virt, 44, 51) * 8);
	if (bits(entry, 53, 53))
		return ZU_EFAULT;
	if (bits(entry, 52, 52))
		return ZU_EFORMAT;
	*real = bits(entry, 0, 51) << 12 | bits(virt, 52, 63);
	return 0;
}

static void read_some(struct zu_xlat *x, struct storage *s, uint64_t virt,
		      size_t len)
{
	static uint8_t buf[MAX_LEN], byte;
	size_t i;

	s->reads = 0;
	if (zu_xlat_read(x, virt, buf, len))
		return;
	/* five entries and the page itself, for each page */
	if (s->reads > 6 * (len / 4096 + 2))
		abort();
	for (i = 0; i < len; i += 509) {
		if (zu_xlat_read(x, virt + i, &byte, 1) || byte != buf[i])
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct zu_xlat x;
	struct storage s = { .data = data + HEAD, .size = size - HEAD };
	struct zu_image image = { .kind = &kind, .priv = &s };
	uint64_t asce, virt, prefix, real, abs = 0;
	int expected, round;

	if (size <= HEAD)
		return 0;
	asce = zu_be64(data);
	virt = zu_be64(data + 8);
	prefix = zu_be64(data + 16);
	if (prefix != ZU_NO_PREFIX)
		prefix &= 0x7fffe000;
	zu_xlat_init(&x, &image, asce, prefix);
	expected = reference(&image, asce, virt, &real);
	for (round = 0; round < 2; round++) {
		s.reads = 0;
		if (zu_xlat_abs(&x, virt, &abs) != expected ||
		    (!expected && abs != prefixed(real, prefix)) ||
		    s.reads > 5)
			abort();
	}
	read_some(&x, &s, virt, zu_be64(data + 24) % MAX_LEN);
	return 0;
}

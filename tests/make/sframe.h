/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads SFrame sections, for s390x, as their specification has them; numbers
 * stand here anew, so that check/sframe_format.h has a second opinion. What is
 * wrong fails the test.
 */
#ifndef ZU_TESTS_MAKE_SFRAME_H
#define ZU_TESTS_MAKE_SFRAME_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "core/bytes.h"
#include "core/row.h"

/**
 * struct sframe - a section
 * @bytes: the section
 * @len: its length
 * @addr: where it is in memory
 * @nr_fdes: functions, or pieces of them
 * @nr_fres: rows
 */
struct sframe {
	const uint8_t *bytes;
	size_t len;
	uint64_t addr;
	uint32_t nr_fdes;
	uint32_t nr_fres;
};

/**
 * struct sframe_fde - a function, or a piece of one
 * @start: where it is
 * @size: its length
 * @nr: rows
 * @start_size: bytes of the place where a row begins
 * @flex: it has the flexible type
 * @rows: the first row
 */
struct sframe_fde {
	uint64_t start;
	uint32_t size;
	uint16_t nr;
	unsigned int start_size;
	bool flex;
	const uint8_t *rows;
};

/* The section of type GNU_SFRAME in an ELF file */
static inline struct sframe sframe_find(const uint8_t *elf, size_t len)
{
	struct sframe s = { .bytes = NULL };
	uint64_t at = zu_be64(elf + 40);
	unsigned int n = zu_be16(elf + 60), i;

	assert_true(len > 64 && at + n * 64ull <= len);
	for (i = 0; i < n; i++, at += 64) {
		if (zu_be32(elf + at + 4) != 0x6ffffff4)
			continue;
		assert_null(s.bytes);
		s.addr = zu_be64(elf + at + 16);
		s.bytes = elf + zu_be64(elf + at + 24);
		s.len = (size_t)zu_be64(elf + at + 32);
		assert_true((size_t)(s.bytes - elf) + s.len <= len);
	}
	assert_non_null(s.bytes);
	assert_true(s.len >= 28);
	assert_memory_equal(s.bytes, "\xde\xe2\3\5\4\0\0\0", 8);
	s.nr_fdes = zu_be32(s.bytes + 8);
	s.nr_fres = zu_be32(s.bytes + 12);
	assert_int_equal(zu_be32(s.bytes + 20), 0);
	assert_int_equal(zu_be32(s.bytes + 24), 16 * s.nr_fdes);
	assert_int_equal(zu_be32(s.bytes + 16) + 28 + 16 * s.nr_fdes, s.len);
	return s;
}

static inline struct sframe_fde sframe_fde(const struct sframe *s, uint32_t i)
{
	const uint8_t *index = s->bytes + 28 + 16 * i;
	const uint8_t *data = s->bytes + 28 + 16 * s->nr_fdes +
			      zu_be32(index + 12);
	struct sframe_fde f;

	assert_true(i < s->nr_fdes && data + 5 <= s->bytes + s->len);
	f.start = s->addr + 28 + 16 * i + zu_be64(index);
	f.size = zu_be32(index + 8);
	f.nr = zu_be16(data);
	assert_true(data[2] <= 2 && data[3] <= 1 && !data[4]);
	f.start_size = 1u << data[2];
	f.flex = data[3];
	f.rows = data + 5;
	return f;
}

static inline int64_t sframe_word(const uint8_t *p, unsigned int size)
{
	return size == 1 ? (int8_t)*p : size == 2 ? (int16_t)zu_be16(p) :
						    (int32_t)zu_be32(p);
}

/* A pair of words of the flexible type: places of r14 and r11 */
static inline unsigned int sframe_place(const int64_t *word, unsigned int n,
					uint8_t *where, uint8_t *reg,
					int32_t *off)
{
	*where = ZU_PLACE_SAME;
	if (!n)
		return 0;
	if (!word[0])
		return 1;
	assert_true(n >= 2);
	if (word[0] == 2) {
		*where = ZU_PLACE_CFA;
		*off = (int32_t)word[1];
	} else {
		assert_int_equal(word[0] & 7, 1);
		assert_int_equal(word[1], 0);
		*where = ZU_PLACE_REG;
		*reg = (uint8_t)(word[0] >> 3);
	}
	return 2;
}

static inline void sframe_flex(const int64_t *word, unsigned int n,
			       struct zu_row *row)
{
	unsigned int at = 2;

	assert_true(n >= 2 && (word[0] & 7) == 1);
	row->cfa_reg = (uint8_t)(word[0] >> 3);
	row->cfa_off = (int32_t)(word[1] * 8 + 160);
	at += sframe_place(word + at, n - at, &row->ra_place, &row->ra_reg,
			   &row->ra_off);
	at += sframe_place(word + at, n - at, &row->fp_place, &row->fp_reg,
			   &row->fp_off);
	assert_int_equal(at, n);
}

static inline void sframe_default(const int64_t *word, unsigned int n,
				  bool sp, struct zu_row *row)
{
	assert_true(n <= 3);
	row->cfa_reg = sp ? 15 : 11;
	row->cfa_off = (int32_t)(word[0] * 8 + 160);
	if (n > 1 && word[1]) {
		row->ra_place = ZU_PLACE_CFA;
		row->ra_off = (int32_t)word[1];
	}
	if (n > 2) {
		row->fp_place = ZU_PLACE_CFA;
		row->fp_off = (int32_t)word[2];
	}
}

/* One row; the end of it */
static inline const uint8_t *sframe_row(const struct sframe_fde *f,
					const uint8_t *p, uint32_t *start,
					struct zu_row *row)
{
	unsigned int info, size, n, i;
	int64_t word[15];

	*start = f->start_size == 1 ? *p : f->start_size == 2 ? zu_be16(p) :
								zu_be32(p);
	p += f->start_size;
	info = *p++;
	n = info >> 1 & 15;
	size = 1u << (info >> 5 & 3);
	assert_true(size <= 4 && info < 0x80);
	for (i = 0; i < n; i++, p += size)
		word[i] = sframe_word(p, size);
	memset(row, 0, sizeof(*row));
	row->kind = n ? ZU_ROW_FRAME : ZU_ROW_END;
	if (n && f->flex)
		sframe_flex(word, n, row);
	else if (n)
		sframe_default(word, n, info & 1, row);
	return p;
}

/* What is said of an instruction; ZU_ROW_UNDEFINED: nothing */
static inline struct zu_row sframe_at(const struct sframe *s, uint64_t pc)
{
	struct zu_row ret, row;
	uint32_t i, k, start;

	memset(&ret, 0, sizeof(ret));
	for (i = 0; i < s->nr_fdes; i++) {
		struct sframe_fde f = sframe_fde(s, i);
		const uint8_t *p = f.rows;

		if (pc < f.start || pc - f.start >= f.size)
			continue;
		for (k = 0; k < f.nr; k++) {
			p = sframe_row(&f, p, &start, &row);
			if (start <= pc - f.start)
				ret = row;
		}
		assert_true(p <= s->bytes + s->len);
	}
	return ret;
}

#endif

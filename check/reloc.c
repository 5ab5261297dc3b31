/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check/reloc.h"

#include <elf.h>
#include <inttypes.h>
#include <string.h>

#include "util/fail.h"

/* Newer than some <elf.h>: operands of bpp and bprp (zEC12) */
#ifndef R_390_PC12DBL
#define R_390_PC12DBL 62
#define R_390_PLT12DBL 63
#define R_390_PC24DBL 64
#define R_390_PLT24DBL 65
#endif

/* What a field gets: S symbol, A addend, P place, G slot, GOT */
enum value {
	UNKNOWN,
	NOTHING,
	S_A,		/* the address itself */
	S_A_P,		/* ... from here */
	G_A,		/* its slot in the GOT */
	GOT_G_A_P,	/* ... from here */
	S_A_GOT,	/* from the GOT */
	GOT_A_P,	/* the GOT from here */
};

/*
 * bits of the field; 12: the low ones of 2 bytes; 20: a long displacement, in
 * 4 bytes
 */
struct kind {
	uint8_t value;
	uint8_t bits;
	uint8_t shift;
	bool is_signed;
};

/* R_390_12 and the like are unsigned displacements; others may be either */
#define ANY false
#define SIGNED true

static const struct kind kinds[] = {
	[R_390_NONE] = { NOTHING, 0, 0, ANY },
	[R_390_8] = { S_A, 8, 0, ANY },
	[R_390_12] = { S_A, 12, 0, ANY },
	[R_390_16] = { S_A, 16, 0, ANY },
	[R_390_20] = { S_A, 20, 0, SIGNED },
	[R_390_32] = { S_A, 32, 0, ANY },
	[R_390_64] = { S_A, 64, 0, ANY },
	[R_390_PC16] = { S_A_P, 16, 0, SIGNED },
	[R_390_PC32] = { S_A_P, 32, 0, SIGNED },
	[R_390_PC64] = { S_A_P, 64, 0, SIGNED },
	[R_390_PC12DBL] = { S_A_P, 12, 1, SIGNED },
	[R_390_PC16DBL] = { S_A_P, 16, 1, SIGNED },
	[R_390_PC24DBL] = { S_A_P, 24, 1, SIGNED },
	[R_390_PC32DBL] = { S_A_P, 32, 1, SIGNED },
	[R_390_PLT12DBL] = { S_A_P, 12, 1, SIGNED },
	[R_390_PLT16DBL] = { S_A_P, 16, 1, SIGNED },
	[R_390_PLT24DBL] = { S_A_P, 24, 1, SIGNED },
	[R_390_PLT32DBL] = { S_A_P, 32, 1, SIGNED },
	[R_390_PLT32] = { S_A_P, 32, 0, SIGNED },
	[R_390_PLT64] = { S_A_P, 64, 0, SIGNED },
	[R_390_GOT12] = { G_A, 12, 0, ANY },
	[R_390_GOT16] = { G_A, 16, 0, ANY },
	[R_390_GOT20] = { G_A, 20, 0, SIGNED },
	[R_390_GOT32] = { G_A, 32, 0, ANY },
	[R_390_GOT64] = { G_A, 64, 0, ANY },
	[R_390_GOTPLT12] = { G_A, 12, 0, ANY },
	[R_390_GOTPLT16] = { G_A, 16, 0, ANY },
	[R_390_GOTPLT20] = { G_A, 20, 0, SIGNED },
	[R_390_GOTPLT32] = { G_A, 32, 0, ANY },
	[R_390_GOTPLT64] = { G_A, 64, 0, ANY },
	[R_390_GOTENT] = { GOT_G_A_P, 32, 1, SIGNED },
	[R_390_GOTPLTENT] = { GOT_G_A_P, 32, 1, SIGNED },
	[R_390_GOTOFF16] = { S_A_GOT, 16, 0, SIGNED },
	[R_390_GOTOFF32] = { S_A_GOT, 32, 0, SIGNED },
	[R_390_GOTOFF64] = { S_A_GOT, 64, 0, SIGNED },
	[R_390_PLTOFF16] = { S_A_GOT, 16, 0, SIGNED },
	[R_390_PLTOFF32] = { S_A_GOT, 32, 0, SIGNED },
	[R_390_PLTOFF64] = { S_A_GOT, 64, 0, SIGNED },
	[R_390_GOTPC] = { GOT_A_P, 32, 0, SIGNED },
	[R_390_GOTPCDBL] = { GOT_A_P, 32, 1, SIGNED },
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

bool zu_reloc_is_known(uint32_t type)
{
	return type < KINDS && kinds[type].value != UNKNOWN;
}

bool zu_reloc_needs_slot(uint32_t type)
{
	return type < KINDS && (kinds[type].value == G_A ||
				kinds[type].value == GOT_G_A_P);
}

static uint64_t compute(const struct zu_reloc *r)
{
	uint64_t a = (uint64_t)r->addend;

	switch ((enum value)kinds[r->type].value) {
	case S_A:
		return r->symbol + a;
	case S_A_P:
		return r->symbol + a - r->place;
	case G_A:
		return r->slot + a;
	case GOT_G_A_P:
		return r->got + r->slot + a - r->place;
	case S_A_GOT:
		return r->symbol + a - r->got;
	case GOT_A_P:
		return r->got + a - r->place;
	case NOTHING:
	case UNKNOWN:
		break;
	}
	return 0;
}

/* An address may be taken for signed or not: bits above are all 0 or all 1. */
static bool fits(const struct kind *k, uint64_t value)
{
	int64_t v = (int64_t)value >> k->shift;

	if (value & ((1u << k->shift) - 1))
		return false;
	if (k->bits == 64)
		return true;
	if (v < -(INT64_C(1) << (k->bits - 1)))
		return false;
	return v < INT64_C(1) << (k->is_signed ? k->bits - 1 : k->bits);
}

static size_t bytes_of(const struct kind *k)
{
	if (k->bits == 12)
		return 2;
	if (k->bits == 20)
		return 4;
	return k->bits / 8;
}

/* Replaces the bits of @mask in @len bytes, big-endian. */
static void put(uint8_t *field, size_t len, uint64_t value, uint64_t mask)
{
	size_t i;

	for (i = 0; i < len; i++) {
		unsigned int shift = 8 * (unsigned int)(len - 1 - i);
		uint8_t m = (uint8_t)(mask >> shift);

		field[i] = (uint8_t)((field[i] & ~m) |
				     ((uint8_t)(value >> shift) & m));
	}
}

int zu_reloc_apply(const struct zu_reloc *r, uint8_t *field, size_t room,
		   struct zu_error *err)
{
	const struct kind *k;
	uint64_t value, mask;

	if (!zu_reloc_is_known(r->type))
		return zu_fail(err, ZU_ENOTSUP,
			       "relocations of type %" PRIu32 " are not known",
			       r->type);
	k = &kinds[r->type];
	if (k->value == NOTHING)
		return 0;
	if (room < bytes_of(k))
		return zu_fail(err, ZU_EFORMAT,
			       "it lies outside of the section");
	value = compute(r);
	if (!fits(k, value))
		return zu_fail(err, ZU_EFORMAT,
			       "0x%" PRIx64 " does not fit into type %" PRIu32,
			       value, r->type);
	value = (uint64_t)((int64_t)value >> k->shift);
	mask = k->bits == 64 ? UINT64_MAX : (UINT64_C(1) << k->bits) - 1;
	if (k->bits == 20) {
		/* DL in bits 4 to 15 of the word, then DH */
		value = (value & 0xfff) << 16 | (value & 0xff000) >> 4;
		mask = 0x0fffff00;
	}
	put(field, bytes_of(k), value, mask);
	return 0;
}

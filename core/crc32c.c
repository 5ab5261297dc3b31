/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
#include "core/crc32c.h"

/* What four bits do to the checksum; the polynomial is 0x82f63b78, reflected. */
static const uint32_t nibble[16] = {
	0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1,
	0x417b1dbc, 0x5125dad3, 0x61c69362, 0x7198540d,
	0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9,
	0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75,
};

uint32_t zu_crc32c(const uint8_t *bytes, size_t len)
{
	uint32_t crc = ~0u;

	while (len--) {
		crc ^= *bytes++;
		crc = crc >> 4 ^ nibble[crc & 15];
		crc = crc >> 4 ^ nibble[crc & 15];
	}
	return ~crc;
}

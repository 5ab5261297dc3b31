/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The input is what a gdb server sends, behind a byte that says how much room a
 * packet has. Each packet that is taken is compared with what a decoder that sees
 * all of its bytes at once makes of it.
 */
#include <stdlib.h>
#include <string.h>

#include "image/gdb_packet.h"

/* Data between $ and #; false if it is none, or is too long */
static bool reference(const uint8_t *in, size_t len, uint8_t *out, size_t cap,
		      size_t *ret)
{
	size_t at, n = 0;

	for (at = 0; at < len; at++) {
		size_t times = 1;
		uint8_t byte = in[at];

		if (byte == '}') {
			byte = at + 1 < len ? in[++at] ^ 0x20 : 0;
		} else if (byte == '*') {
			if (!n || at + 1 == len)
				return false;
			byte = out[n - 1];
			times = (size_t)in[++at] - 29;
		}
		for (; times; times--) {
			if (n == cap)
				return false;
			out[n++] = byte;
		}
	}
	*ret = n;
	return true;
}

static void check(const struct zu_gdb_parser *p, const uint8_t *in, size_t len)
{
	static uint8_t out[65536];
	uint8_t sum = 0;
	size_t n, i;

	/* $ data # and two digits */
	for (i = 1; i + 3 < len; i++)
		sum += in[i];
	if (len < 4 || in[0] != '$' || in[len - 3] != '#' ||
	    !reference(in + 1, len - 4, out, p->cap, &n) || n != p->len ||
	    memcmp(out, p->data, n) || p->sum != sum)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t room[256 * 16 + 1];
	struct zu_gdb_parser p = { .data = room };
	size_t i, begin = 1;

	if (!size)
		return 0;
	p.cap = data[0] * 16u;
	room[p.cap] = 0xee;
	for (i = 1; i < size; i++) {
		switch (zu_gdb_parse(&p, data[i])) {
		case ZU_GDB_MORE:
			if (p.len > p.cap || room[p.cap] != 0xee)
				abort();
			continue;
		case ZU_GDB_PACKET:
			check(&p, data + begin, i + 1 - begin);
			begin = i + 1;
			continue;
		case ZU_GDB_ACK:
		case ZU_GDB_NAK:
			begin = i + 1;
			continue;
		default:
			return 0;
		}
	}
	return 0;
}

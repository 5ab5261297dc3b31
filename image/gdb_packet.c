/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "image/gdb_packet.h"

#include <assert.h>
#include <string.h>

/* A count of a run is a printable byte: this much more than it means */
#define RUN_BIAS 29

/* Of a digit, or -1 */
static int value(uint8_t digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	return -1;
}

static enum zu_gdb_event add(struct zu_gdb_parser *p, uint8_t byte, size_t n)
{
	if (n > p->cap - p->len)
		return ZU_GDB_TOO_LONG;
	memset(p->data + p->len, byte, n);
	p->len += n;
	p->state = ZU_GDB_DATA;
	return ZU_GDB_MORE;
}

static enum zu_gdb_event between(struct zu_gdb_parser *p, uint8_t byte)
{
	switch (byte) {
	case '$':
		p->state = ZU_GDB_DATA;
		p->len = 0;
		p->sum = 0;
		return ZU_GDB_MORE;
	case '+':
		return ZU_GDB_ACK;
	case '-':
		return ZU_GDB_NAK;
	}
	return ZU_GDB_NONSENSE;
}

static enum zu_gdb_event in_data(struct zu_gdb_parser *p, uint8_t byte)
{
	if (byte == '#') {
		p->state = ZU_GDB_SUM1;
		return ZU_GDB_MORE;
	}
	if (byte == '$')
		return ZU_GDB_NONSENSE;
	p->sum += byte;
	if (byte == '}')
		p->state = ZU_GDB_ESCAPED;
	else if (byte == '*')
		p->state = ZU_GDB_RUN;
	else
		return add(p, byte, 1);
	return ZU_GDB_MORE;
}

static enum zu_gdb_event run(struct zu_gdb_parser *p, uint8_t byte)
{
	if (byte < ' ' || byte > '~' || byte == '#' || byte == '$' || !p->len)
		return ZU_GDB_NONSENSE;
	p->sum += byte;
	return add(p, p->data[p->len - 1], byte - RUN_BIAS);
}

static enum zu_gdb_event sum(struct zu_gdb_parser *p, uint8_t byte)
{
	int v = value(byte);

	if (v < 0)
		return ZU_GDB_NONSENSE;
	if (p->state == ZU_GDB_SUM1) {
		p->said = (uint8_t)v;
		p->state = ZU_GDB_SUM2;
		return ZU_GDB_MORE;
	}
	p->state = ZU_GDB_BETWEEN;
	return p->said * 16 + v == p->sum ? ZU_GDB_PACKET : ZU_GDB_BAD_SUM;
}

enum zu_gdb_event zu_gdb_parse(struct zu_gdb_parser *p, uint8_t byte)
{
	switch (p->state) {
	case ZU_GDB_BETWEEN:
		return between(p, byte);
	case ZU_GDB_DATA:
		return in_data(p, byte);
	case ZU_GDB_ESCAPED:
		p->sum += byte;
		return add(p, byte ^ 0x20, 1);
	case ZU_GDB_RUN:
		return run(p, byte);
	case ZU_GDB_SUM1:
	case ZU_GDB_SUM2:
		return sum(p, byte);
	}
	return ZU_GDB_NONSENSE;
}

size_t zu_gdb_frame(const char *data, uint8_t *to)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t checksum = 0, *p = to;

	assert(strlen(data) <= ZU_GDB_REQUEST_MAX - 4);
	*p++ = '$';
	for (; *data; data++) {
		checksum += (uint8_t)*data;
		*p++ = (uint8_t)*data;
	}
	*p++ = '#';
	*p++ = (uint8_t)digits[checksum / 16];
	*p++ = (uint8_t)digits[checksum % 16];
	return (size_t)(p - to);
}

bool zu_gdb_hex(const uint8_t *digits, void *buf, size_t len)
{
	uint8_t *to = buf;
	size_t i;

	for (i = 0; i < len; i++) {
		int high = value(digits[2 * i]);
		int low = value(digits[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		to[i] = (uint8_t)(high * 16 + low);
	}
	return true;
}

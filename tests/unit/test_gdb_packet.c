/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packets of gdb's remote protocol, byte by byte */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "image/gdb_packet.h"

static uint8_t room[256];

static struct zu_gdb_parser parser(size_t cap)
{
	return (struct zu_gdb_parser){ .data = room, .cap = cap };
}

/* What the last byte of @s made complete; nothing may be before that */
static enum zu_gdb_event feed(struct zu_gdb_parser *p, const char *s)
{
	for (; s[1]; s++)
		assert_int_equal(zu_gdb_parse(p, (uint8_t)*s), ZU_GDB_MORE);
	return zu_gdb_parse(p, (uint8_t)*s);
}

/* $data#sum with the sum that belongs there, more or less */
static enum zu_gdb_event feed_data(struct zu_gdb_parser *p, const char *data,
				   int wrong)
{
	char packet[512];
	uint8_t sum = (uint8_t)wrong;
	size_t i;

	for (i = 0; data[i]; i++)
		sum += (uint8_t)data[i];
	snprintf(packet, sizeof(packet), "$%s#%02x", data, sum);
	return feed(p, packet);
}

static void is(const struct zu_gdb_parser *p, const char *data)
{
	assert_int_equal(p->len, strlen(data));
	assert_memory_equal(p->data, data, p->len);
}

static void plain(void **state)
{
	struct zu_gdb_parser p = parser(sizeof(room));

	(void)state;
	assert_int_equal(feed(&p, "+"), ZU_GDB_ACK);
	assert_int_equal(feed(&p, "-"), ZU_GDB_NAK);
	assert_int_equal(feed(&p, "$OK#9a"), ZU_GDB_PACKET);
	is(&p, "OK");
	assert_int_equal(feed(&p, "$#00"), ZU_GDB_PACKET);
	is(&p, "");
	assert_int_equal(feed(&p, "$OK#9A"), ZU_GDB_PACKET);
	assert_int_equal(feed(&p, "+"), ZU_GDB_ACK);
}

static void escaped(void **state)
{
	struct zu_gdb_parser p = parser(sizeof(room));

	(void)state;
	/* of } * # and $ */
	assert_int_equal(feed_data(&p, "a}]}\n}\003}\004b", 0), ZU_GDB_PACKET);
	is(&p, "a}*#$b");
}

static void runs(void **state)
{
	struct zu_gdb_parser p = parser(sizeof(room));

	(void)state;
	assert_int_equal(feed_data(&p, "0* 1", 0), ZU_GDB_PACKET);
	is(&p, "00001");
	/* the longest: a tilde is 97 more */
	assert_int_equal(feed_data(&p, "x*~", 0), ZU_GDB_PACKET);
	assert_int_equal(p.len, 98);
	/* nothing to repeat, and what is no count */
	p = parser(sizeof(room));
	assert_int_equal(feed(&p, "$* "), ZU_GDB_NONSENSE);
	p = parser(sizeof(room));
	assert_int_equal(feed(&p, "$0*\037"), ZU_GDB_NONSENSE);
	p = parser(sizeof(room));
	assert_int_equal(feed(&p, "$0*\177"), ZU_GDB_NONSENSE);
	p = parser(sizeof(room));
	assert_int_equal(feed(&p, "$0*#"), ZU_GDB_NONSENSE);
	p = parser(sizeof(room));
	assert_int_equal(feed(&p, "$0*$"), ZU_GDB_NONSENSE);
}

static void sums(void **state)
{
	struct zu_gdb_parser p = parser(sizeof(room));

	(void)state;
	assert_int_equal(feed_data(&p, "OK", 1), ZU_GDB_BAD_SUM);
	assert_int_equal(feed_data(&p, "OK", 16), ZU_GDB_BAD_SUM);
	assert_int_equal(feed(&p, "$OK#g"), ZU_GDB_NONSENSE);
	p = parser(sizeof(room));
	assert_int_equal(feed(&p, "$OK#9$"), ZU_GDB_NONSENSE);
}

static void nonsense(void **state)
{
	struct zu_gdb_parser p = parser(sizeof(room));

	(void)state;
	assert_int_equal(feed(&p, "H"), ZU_GDB_NONSENSE);
	assert_int_equal(feed(&p, "#"), ZU_GDB_NONSENSE);
	/* a packet in a packet */
	assert_int_equal(feed(&p, "$O$"), ZU_GDB_NONSENSE);
}

static void bounds(void **state)
{
	struct zu_gdb_parser p = parser(4);

	(void)state;
	memset(room, 0xee, sizeof(room));
	assert_int_equal(feed_data(&p, "abc", 0), ZU_GDB_PACKET);
	assert_int_equal(feed_data(&p, "abcd", 0), ZU_GDB_PACKET);
	assert_int_equal(feed(&p, "$abcde"), ZU_GDB_TOO_LONG);
	p = parser(4);
	assert_int_equal(feed_data(&p, "a* ", 0), ZU_GDB_PACKET);
	assert_int_equal(p.len, 4);
	assert_int_equal(feed(&p, "$a*!"), ZU_GDB_TOO_LONG);
	p = parser(4);
	assert_int_equal(feed(&p, "$abcd}a"), ZU_GDB_TOO_LONG);
	assert_int_equal(room[4], 0xee);
}

static void frames(void **state)
{
	static char longest[ZU_GDB_REQUEST_MAX - 4 + 1];
	uint8_t packet[ZU_GDB_REQUEST_MAX];

	(void)state;
	assert_int_equal(zu_gdb_frame("", packet), 4);
	assert_memory_equal(packet, "$#00", 4);
	assert_int_equal(zu_gdb_frame("qSupported", packet), 14);
	assert_memory_equal(packet, "$qSupported#37", 14);
	memset(longest, 'z', sizeof(longest) - 1);
	assert_int_equal(zu_gdb_frame(longest, packet), sizeof(packet));
}

static void hex(void **state)
{
	uint8_t buf[4];

	(void)state;
	assert_true(zu_gdb_hex((const uint8_t *)"00fFA19a", buf, 4));
	assert_memory_equal(buf, "\x00\xff\xa1\x9a", 4);
	assert_false(zu_gdb_hex((const uint8_t *)"0g", buf, 1));
	assert_false(zu_gdb_hex((const uint8_t *)"@0", buf, 1));
	assert_false(zu_gdb_hex((const uint8_t *)"/0", buf, 1));
	assert_false(zu_gdb_hex((const uint8_t *)"0:", buf, 1));
	assert_false(zu_gdb_hex((const uint8_t *)"0G", buf, 1));
	assert_false(zu_gdb_hex((const uint8_t *)"`0", buf, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain),
		cmocka_unit_test(escaped),
		cmocka_unit_test(runs),
		cmocka_unit_test(sums),
		cmocka_unit_test(nonsense),
		cmocka_unit_test(bounds),
		cmocka_unit_test(frames),
		cmocka_unit_test(hex),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

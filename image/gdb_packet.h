/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packets of gdb's remote protocol ("Overview" in the appendix of gdb's manual
 * that describes it): $data#sum, where data may have escaped bytes and runs.
 */
#ifndef ZU_IMAGE_GDB_PACKET_H
#define ZU_IMAGE_GDB_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The longest that is taken from a server, after runs are written out */
#define ZU_GDB_PACKET_MAX	(128 * 1024)

/* The longest that is sent; what zunwind asks is short */
#define ZU_GDB_REQUEST_MAX	256

/**
 * enum zu_gdb_event - what a byte of a server's made complete
 * @ZU_GDB_MORE: nothing yet
 * @ZU_GDB_ACK: it got our packet
 * @ZU_GDB_NAK: it did not
 * @ZU_GDB_PACKET: a packet
 * @ZU_GDB_BAD_SUM: a packet that was changed on its way
 * @ZU_GDB_TOO_LONG: a packet of more than there is room for
 * @ZU_GDB_NONSENSE: what no server sends
 *
 * There is no way on from the last three.
 */
enum zu_gdb_event {
	ZU_GDB_MORE,
	ZU_GDB_ACK,
	ZU_GDB_NAK,
	ZU_GDB_PACKET,
	ZU_GDB_BAD_SUM,
	ZU_GDB_TOO_LONG,
	ZU_GDB_NONSENSE,
};

/**
 * enum zu_gdb_state - where in a packet
 * @ZU_GDB_BETWEEN: before it
 * @ZU_GDB_DATA: in its data
 * @ZU_GDB_ESCAPED: behind the byte that changes the next one
 * @ZU_GDB_RUN: behind the byte before a count
 * @ZU_GDB_SUM1: before the first digit of the sum
 * @ZU_GDB_SUM2: before the second
 */
enum zu_gdb_state {
	ZU_GDB_BETWEEN,
	ZU_GDB_DATA,
	ZU_GDB_ESCAPED,
	ZU_GDB_RUN,
	ZU_GDB_SUM1,
	ZU_GDB_SUM2,
};

/**
 * struct zu_gdb_parser - bytes from a server on their way to packets
 * @data: of the packet, complete with ZU_GDB_PACKET
 * @cap: room there
 * @len: how much there is
 * @state: where in the packet the last byte was
 * @sum: of the bytes so far
 * @said: first digit of the sum that the server said
 */
struct zu_gdb_parser {
	uint8_t *data;
	size_t cap;
	size_t len;
	enum zu_gdb_state state;
	uint8_t sum;
	uint8_t said;
};

/**
 * zu_gdb_parse() - take the next byte
 * @p: the parser; zeroed but for @data and @cap before the first one
 * @byte: the byte
 *
 * Return: what it made complete. What @p holds of a packet is valid until the
 * next byte.
 */
enum zu_gdb_event zu_gdb_parse(struct zu_gdb_parser *p, uint8_t byte);

/**
 * zu_gdb_frame() - make a packet
 * @data: what it says: a string without the bytes that would have to be escaped
 * @to: room for ZU_GDB_REQUEST_MAX bytes
 *
 * Return: its length.
 */
size_t zu_gdb_frame(const char *data, uint8_t *to);

/**
 * zu_gdb_hex() - bytes that are written as hexadecimal digits
 * @digits: the digits, two for each byte
 * @buf: where to
 * @len: how many bytes
 *
 * Return: false if one of them is no digit.
 */
bool zu_gdb_hex(const uint8_t *digits, void *buf, size_t len);

#endif

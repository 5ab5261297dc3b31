/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A connection to a gdb server. Nothing waits longer than ZU_GDB_SECONDS for
 * anything, and after the first error there is no second: what is asked then is
 * answered with the same.
 */
#ifndef ZU_IMAGE_GDB_LINK_H
#define ZU_IMAGE_GDB_LINK_H

#include "image/gdb_packet.h"
#include "zunwind/error.h"

/* How many requests may be sent before the first is answered */
#define ZU_GDB_AHEAD	8

/* How long a server may take for a whole answer */
#define ZU_GDB_SECONDS	10

/**
 * struct zu_gdb_link - a connection
 * @fd: its socket
 * @no_ack: packets are not acknowledged
 * @acks: of our packets that did not come yet
 * @owed: packets of the server's that were not acknowledged yet
 * @parser: what comes from the server
 * @in: bytes received
 * @at: the first one that was not looked at
 * @have: how many there are
 * @lost: why the server is not asked any more, if its code is set
 */
struct zu_gdb_link {
	int fd;
	bool no_ack;
	unsigned int acks;
	unsigned int owed;
	struct zu_gdb_parser parser;
	uint8_t in[8192];
	size_t at;
	size_t have;
	struct zu_error lost;
};

/**
 * zu_gdb_link_open() - connect
 * @link: caller-owned
 * @where: HOST:PORT, PORT, [ADDRESS]:PORT, or the path of a socket, which has a /
 * @err: the causes
 *
 * Return: 0; ZU_EINVAL if @where is none of these; ZU_EIO; ZU_ENOMEM.
 */
int zu_gdb_link_open(struct zu_gdb_link *link, const char *where,
		     struct zu_error *err);

/**
 * zu_gdb_link_close() - disconnect
 * @link: open
 *
 * What was sent gets there: it waits until the server has closed its side, or for a
 * second.
 */
void zu_gdb_link_close(struct zu_gdb_link *link);

/**
 * zu_gdb_link_send() - send a packet
 * @link: open
 * @data: what it says
 *
 * Return: 0; else it is lost.
 */
int zu_gdb_link_send(struct zu_gdb_link *link, const char *data);

/**
 * zu_gdb_link_break() - send the byte that stops a machine
 * @link: open
 *
 * Return: 0; else it is lost.
 */
int zu_gdb_link_break(struct zu_gdb_link *link);

/**
 * zu_gdb_link_receive() - wait for a packet
 * @link: open. The packet is in its parser until something is asked again
 *
 * Return: 0; else it is lost.
 */
int zu_gdb_link_receive(struct zu_gdb_link *link);

/**
 * zu_gdb_link_pending() - is there something to receive?
 * @link: open
 *
 * Return: true if there are bytes, or the server has closed.
 */
bool zu_gdb_link_pending(struct zu_gdb_link *link);

/**
 * zu_gdb_link_settle() - wait until the server has all that was sent
 * @link: open
 *
 * For packets that nothing answers.
 *
 * Return: 0; else it is lost.
 */
int zu_gdb_link_settle(struct zu_gdb_link *link);

/**
 * zu_gdb_link_last() - send packets however it is, and wait for nothing
 * @link: open, or lost
 * @data: what it says
 */
void zu_gdb_link_last(struct zu_gdb_link *link, const char *data);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "image/gdb_link.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "image/gdb_connect.h"
#include "util/fail.h"

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Until @deadline; false when it is over */
static bool wait_for(int fd, short events, int64_t deadline)
{
	struct pollfd p = { .fd = fd, .events = events };
	int64_t left;
	int ret;

	do {
		left = deadline - now_ms();
		ret = poll(&p, 1, left > 0 ? (int)left : 0);
	} while (ret < 0 && errno == EINTR);
	return ret > 0;
}

static int lost(struct zu_gdb_link *link, const char *why)
{
	return zu_fail(&link->lost, ZU_EIO, "%s", why);
}

static int lost_errno(struct zu_gdb_link *link)
{
	if (errno == ECONNRESET || errno == EPIPE)
		return lost(link, "the gdb server has closed the connection");
	return zu_fail(&link->lost, ZU_EIO, "the connection to the gdb server: %s",
		       strerror(errno));
}

static int silent(struct zu_gdb_link *link)
{
	return zu_fail(&link->lost, ZU_EIO,
		       "the gdb server does not answer within %d seconds",
		       ZU_GDB_SECONDS);
}

static int send_all(struct zu_gdb_link *link, const uint8_t *p, size_t len)
{
	int64_t deadline = now_ms() + ZU_GDB_SECONDS * 1000;

	while (len) {
		ssize_t n = send(link->fd, p, len, MSG_NOSIGNAL);

		if (n >= 0) {
			p += n;
			len -= (size_t)n;
			continue;
		}
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN)
			return lost_errno(link);
		if (!wait_for(link->fd, POLLOUT, deadline))
			return silent(link);
	}
	return 0;
}

/* Some bytes, one at least */
static int fill(struct zu_gdb_link *link, int64_t deadline)
{
	ssize_t n;

	do {
		if (!wait_for(link->fd, POLLIN, deadline))
			return silent(link);
		n = recv(link->fd, link->in, sizeof(link->in), 0);
	} while (n < 0 && (errno == EINTR || errno == EAGAIN));
	if (n < 0)
		return lost_errno(link);
	if (!n)
		return lost(link, "the gdb server has closed the connection");
	link->at = 0;
	link->have = (size_t)n;
	return 0;
}

/* The next event that is none of the parser's own */
static int next(struct zu_gdb_link *link, enum zu_gdb_event *ret,
		int64_t deadline)
{
	enum zu_gdb_event event = ZU_GDB_MORE;

	while (event == ZU_GDB_MORE) {
		/* the deadline is also for who always has one more byte */
		if (link->at == link->have &&
		    (now_ms() > deadline ? silent(link) : fill(link, deadline)))
			return link->lost.code;
		event = zu_gdb_parse(&link->parser, link->in[link->at++]);
	}
	switch (event) {
	case ZU_GDB_NAK:
	case ZU_GDB_BAD_SUM:
		return lost(link, "a packet from or to the gdb server was damaged on its way");
	case ZU_GDB_TOO_LONG:
		return lost(link, "the gdb server's answer is too long");
	case ZU_GDB_NONSENSE:
		return lost(link, "what answers there is no gdb server, or talks nonsense");
	default:
		*ret = event;
		return 0;
	}
}

/* An ack too many does no harm: gdb, too, sends one to begin with */
static void count_ack(struct zu_gdb_link *link)
{
	if (link->acks)
		link->acks--;
}

int zu_gdb_link_receive(struct zu_gdb_link *link)
{
	int64_t deadline = now_ms() + ZU_GDB_SECONDS * 1000;
	enum zu_gdb_event event = ZU_GDB_ACK;

	while (!link->lost.code && event != ZU_GDB_PACKET) {
		if (!next(link, &event, deadline) && event == ZU_GDB_ACK)
			count_ack(link);
	}
	link->owed += !link->no_ack;
	return link->lost.code;
}

int zu_gdb_link_settle(struct zu_gdb_link *link)
{
	int64_t deadline = now_ms() + ZU_GDB_SECONDS * 1000;
	enum zu_gdb_event event;

	while (!link->lost.code && link->acks) {
		if (next(link, &event, deadline))
			break;
		if (event == ZU_GDB_PACKET)
			return lost(link, "the gdb server says what it was not asked");
		count_ack(link);
	}
	return link->lost.code;
}

bool zu_gdb_link_pending(struct zu_gdb_link *link)
{
	return link->at < link->have || wait_for(link->fd, POLLIN, 0);
}

/* What is owed goes with what is sent: one packet on the wire */
static int send_with_acks(struct zu_gdb_link *link, const uint8_t *p, size_t len)
{
	uint8_t all[ZU_GDB_AHEAD + ZU_GDB_REQUEST_MAX];
	size_t owed = link->owed < ZU_GDB_AHEAD ? link->owed : ZU_GDB_AHEAD;

	if (link->lost.code)
		return link->lost.code;
	memset(all, '+', owed);
	memcpy(all + owed, p, len);
	link->owed = 0;
	return send_all(link, all, owed + len);
}

int zu_gdb_link_send(struct zu_gdb_link *link, const char *data)
{
	uint8_t packet[ZU_GDB_REQUEST_MAX];

	link->acks += !link->no_ack;
	return send_with_acks(link, packet, zu_gdb_frame(data, packet));
}

int zu_gdb_link_break(struct zu_gdb_link *link)
{
	return send_with_acks(link, (const uint8_t *)"\x03", 1);
}

void zu_gdb_link_last(struct zu_gdb_link *link, const char *data)
{
	uint8_t packet[ZU_GDB_REQUEST_MAX];

	/* if there is no room for that, nobody takes it out */
	(void)!send(link->fd, packet, zu_gdb_frame(data, packet),
		    MSG_NOSIGNAL | MSG_DONTWAIT);
}

int zu_gdb_link_open(struct zu_gdb_link *link, const char *where,
		     struct zu_error *err)
{
	memset(link, 0, sizeof(*link));
	link->parser.cap = ZU_GDB_PACKET_MAX;
	link->parser.data = malloc(link->parser.cap);
	if (!link->parser.data)
		return zu_fail_nomem(err);
	if (!zu_gdb_connect(where, ZU_GDB_SECONDS, &link->fd, err))
		return 0;
	free(link->parser.data);
	return err->code;
}

void zu_gdb_link_close(struct zu_gdb_link *link)
{
	int64_t deadline = now_ms() + 1000;

	/* to close with bytes unread would take back what was sent */
	shutdown(link->fd, SHUT_WR);
	while (now_ms() <= deadline) {
		ssize_t n = recv(link->fd, link->in, sizeof(link->in), 0);

		if (!n || (n < 0 && errno != EAGAIN && errno != EINTR))
			break;
		if (n < 0 && !wait_for(link->fd, POLLIN, deadline))
			break;
	}
	close(link->fd);
	free(link->parser.data);
}

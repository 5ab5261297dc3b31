/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine behind a gdb server: QEMU's gdbstub (gdbstub/ of QEMU 7.2 to 10.1;
 * up to 7.1 gdbstub.c), which has a mode in which addresses are absolute.
 *
 * It stops the machine when somebody connects, and lets it go on for "c" and
 * "D"; not when the connection ends. So "D" is sent whatever happens, and what
 * never changes is read in short stops (struct zu_image_kind).
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "image/cache.h"
#include "image/gdb_link.h"
#include "image/kinds.h"
#include "util/fail.h"

/* Before a look the machine stands still so long at most, and runs as long */
#define SLICE_US	20000

/* GDB_SIGNAL_INT: it was stopped because somebody asked for it */
#define SIGNAL_STOP	2

struct gdb {
	struct zu_gdb_link link;
	struct zu_cache *cache;
	size_t max;		/* bytes that fit into an answer */
	char mode_before;	/* the server's PhyMemMode: '0' or '1' */
	bool stopped;
	bool looking;		/* between hold and let_go */
	bool was_stopped;	/* for a reason of its own, and stays so */
	int64_t since_us;	/* when it was stopped or let go */
};

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static bool gdb_is_mine(const char *source)
{
	return !strncmp(source, "gdb:", 4);
}

static int lose(struct gdb *g, const char *why)
{
	return zu_fail(&g->link.lost, ZU_EIO, "%s", why);
}

static bool says(const struct gdb *g, const char *what)
{
	const struct zu_gdb_parser *p = &g->link.parser;

	return p->len == strlen(what) && !memcmp(p->data, what, p->len);
}

/* "T02thread:01;", "S05": the signal, or -1 */
static int stop_signal(const struct gdb *g)
{
	const struct zu_gdb_parser *p = &g->link.parser;
	uint8_t sig;

	if (p->len < 3 || (p->data[0] != 'T' && p->data[0] != 'S') ||
	    !zu_gdb_hex(p->data + 1, &sig, 1))
		return -1;
	return sig;
}

static int ask(struct gdb *g, const char *what)
{
	int ret = zu_gdb_link_send(&g->link, what);

	return ret ? ret : zu_gdb_link_receive(&g->link);
}

static int ask_for_ok(struct gdb *g, const char *what)
{
	int ret = ask(g, what);

	if (ret || says(g, "OK"))
		return ret;
	return zu_fail(&g->link.lost, ZU_EIO, "the gdb server refuses %s", what);
}

/* The number behind @name= in a list with ; between, or 0 */
static uint64_t feature(const struct gdb *g, const char *name)
{
	const char *at = (const char *)g->link.parser.data;

	do {
		at += *at == ';';
		if (!strncmp(at, name, strlen(name)))
			return strtoull(at + strlen(name), NULL, 16);
		at = strchr(at, ';');
	} while (at);
	return 0;
}

static int read_features(struct gdb *g)
{
	struct zu_gdb_parser *p = &g->link.parser;
	uint64_t size;
	bool no_ack;

	/* up to QEMU 8.0 that it stopped is said, without being asked */
	if (ask(g, "qSupported") ||
	    (stop_signal(g) >= 0 && zu_gdb_link_receive(&g->link)))
		return g->link.lost.code;
	if (p->len == p->cap)
		return lose(g, "the gdb server's answer is too long");
	p->data[p->len] = 0;
	size = feature(g, "PacketSize=");
	no_ack = strstr((const char *)p->data, "QStartNoAckMode+");
	if (size > p->cap)
		size = p->cap;
	/* what every server takes: its registers fit */
	g->max = (size < 512 ? 512 : (size_t)size) / 2;
	if (no_ack && !ask_for_ok(g, "QStartNoAckMode"))
		g->link.no_ack = true;
	return g->link.lost.code;
}

static int find_mode(struct gdb *g)
{
	struct zu_gdb_parser *p = &g->link.parser;

	if (ask(g, "qqemu.PhyMemMode"))
		return g->link.lost.code;
	if (p->len != 1 || (p->data[0] != '0' && p->data[0] != '1'))
		return zu_fail(&g->link.lost, ZU_ENOTSUP,
			       "the gdb server has no physical memory mode (QEMU has)");
	g->mode_before = (char)p->data[0];
	return 0;
}

/* Is @line "VM status: paused (prelaunch)", or why else it does not run? */
static bool has_reason(const char *line)
{
	const char *paused = strstr(line, ": paused");
	const char *reason = paused ? strchr(paused, '(') : NULL;

	/* that is a way to run */
	if (reason && !strncmp(reason, "(single step mode)", 18))
		reason = strchr(reason + 1, '(');
	return reason;
}

/*
 * Did it run before we came? QEMU's monitor knows if it was stopped for a reason
 * of its own: not started, panicked. Servers without a monitor don't.
 */
static int find_reason(struct gdb *g)
{
	const struct zu_gdb_parser *p = &g->link.parser;
	char line[256];
	size_t len = 0, n;

	/* "info status" */
	if (ask(g, "qRcmd,696e666f20737461747573"))
		return g->link.lost.code;
	while (p->len > 1 && p->data[0] == 'O' && !says(g, "OK")) {
		n = (p->len - 1) / 2;
		if (n < sizeof(line) - len &&
		    zu_gdb_hex(p->data + 1, line + len, n))
			len += n;
		if (zu_gdb_link_receive(&g->link))
			return g->link.lost.code;
	}
	line[len] = 0;
	g->was_stopped = says(g, "OK") && has_reason(line);
	return 0;
}

static int set_mode(struct gdb *g, char mode)
{
	char what[] = "Qqemu.PhyMemMode:0";

	what[sizeof(what) - 2] = mode;
	return ask_for_ok(g, what);
}

static int start(struct gdb *g)
{
	g->stopped = true;
	g->since_us = now_us();
	if (read_features(g) || find_reason(g) || find_mode(g))
		return g->link.lost.code;
	return set_mode(g, '1');
}

/* Wait until it stands still */
static int await_stop(struct gdb *g)
{
	const struct zu_gdb_parser *p = &g->link.parser;
	int sig;

	do {
		if (zu_gdb_link_receive(&g->link))
			return g->link.lost.code;
		if (p->len && (p->data[0] == 'W' || p->data[0] == 'X'))
			return lose(g, "the machine has ended");
		sig = stop_signal(g);
	} while (sig < 0 && p->len && p->data[0] == 'O');
	if (sig < 0)
		return lose(g, "the gdb server does not say that the machine stopped");
	g->stopped = true;
	g->was_stopped = sig != SIGNAL_STOP;
	return 0;
}

static bool is_over(const struct gdb *g)
{
	return now_us() - g->since_us >= SLICE_US;
}

/* It is to run as long as it may be stopped */
static void rest(const struct gdb *g)
{
	int64_t left = g->since_us + SLICE_US - now_us();
	struct timespec t = { .tv_nsec = left * 1000 };

	if (left > 0)
		nanosleep(&t, NULL);
}

static int stop(struct gdb *g)
{
	if (g->link.lost.code || g->stopped)
		return g->link.lost.code;
	rest(g);
	/* it may have stopped of its own accord, and then says that once */
	if (!zu_gdb_link_pending(&g->link) && zu_gdb_link_break(&g->link))
		return g->link.lost.code;
	if (await_stop(g))
		return g->link.lost.code;
	g->since_us = now_us();
	return set_mode(g, '1');
}

static void go_on(struct gdb *g)
{
	if (g->link.lost.code || !g->stopped || g->was_stopped)
		return;
	if (set_mode(g, g->mode_before) || zu_gdb_link_send(&g->link, "c"))
		return;
	g->stopped = false;
	zu_gdb_link_settle(&g->link);
	g->since_us = now_us();
}

static void gdb_free(struct gdb *g)
{
	zu_cache_destroy(g->cache);
	free(g);
}

/* The machine runs afterwards, if it ran before */
static void detach(struct gdb *g)
{
	if (!g->link.lost.code && g->stopped && !set_mode(g, g->mode_before) &&
	    !g->was_stopped)
		ask_for_ok(g, "D");
	if (g->link.lost.code && !g->was_stopped) {
		zu_gdb_link_last(&g->link, "Qqemu.PhyMemMode:0");
		zu_gdb_link_last(&g->link, "D");
	}
	zu_gdb_link_close(&g->link);
}

static int gdb_open(struct zu_image *image, const char *path, int fd,
		    struct zu_error *err)
{
	struct gdb *g = calloc(1, sizeof(*g));

	(void)fd;
	if (g)
		g->cache = zu_cache_create();
	if (!g || !g->cache) {
		free(g);
		return zu_fail_nomem(err);
	}
	if (zu_gdb_link_open(&g->link, path + strlen("gdb:"), err)) {
		gdb_free(g);
		return err->code;
	}
	if (start(g)) {
		*err = g->link.lost;
		detach(g);
		gdb_free(g);
		return err->code;
	}
	image->priv = g;
	return 0;
}

static void gdb_close(struct zu_image *image)
{
	struct gdb *g = image->priv;

	detach(g);
	gdb_free(g);
}

static int take_answer(struct gdb *g, void *buf, size_t len)
{
	const struct zu_gdb_parser *p = &g->link.parser;

	if (p->len == 3 && p->data[0] == 'E')
		return ZU_EFAULT;
	if (stop_signal(g) >= 0)
		return lose(g, "somebody else let the machine run while it was looked at");
	if (p->len != 2 * len)
		return zu_fail(&g->link.lost, ZU_EIO,
			       "the gdb server was asked for %zu bytes of memory, and answers with %zu digits",
			       len, p->len);
	if (!zu_gdb_hex(p->data, buf, len))
		return lose(g, "the gdb server answers with what is no memory");
	return 0;
}

/* Some requests at once: QEMU does not wait to hear that an answer arrived */
static int read_ahead(struct gdb *g, uint64_t addr, uint8_t *buf, size_t len)
{
	char what[64];
	size_t at, n;
	int ret = 0, got;

	for (at = 0; at < len; at += n) {
		n = len - at < g->max ? len - at : g->max;
		snprintf(what, sizeof(what), "m%" PRIx64 ",%zx", addr + at, n);
		if (zu_gdb_link_send(&g->link, what))
			return ZU_EIO;
	}
	for (at = 0; at < len; at += n) {
		n = len - at < g->max ? len - at : g->max;
		if (zu_gdb_link_receive(&g->link))
			return ZU_EIO;
		got = take_answer(g, buf + at, n);
		ret = ret ? ret : got;
	}
	return ret;
}

/* From the server, whatever the length */
static int read_direct(struct gdb *g, uint64_t addr, void *buf, size_t len)
{
	uint8_t *to = buf;
	size_t n;
	int ret;

	for (; len; len -= n) {
		n = g->max * ZU_GDB_AHEAD;
		if (n > len)
			n = len;
		if (stop(g))
			return ZU_EIO;
		ret = read_ahead(g, addr, to, n);
		if (ret)
			return ret;
		if (!g->looking && is_over(g))
			go_on(g);
		addr += n;
		to += n;
	}
	return 0;
}

static const uint8_t *get_page(struct gdb *g, uint64_t page)
{
	const uint8_t *p = zu_cache_find(g->cache, page);
	uint8_t *room;

	if (p)
		return p;
	room = zu_cache_claim(g->cache, page);
	if (read_direct(g, page, room, ZU_CACHE_PAGE))
		return NULL;
	zu_cache_keep(g->cache, page);
	return room;
}

static int read_pages(struct gdb *g, uint64_t addr, void *buf, size_t len)
{
	size_t n;

	for (; len; len -= n) {
		uint64_t offset = addr % ZU_CACHE_PAGE;
		const uint8_t *p = get_page(g, addr - offset);

		if (!p)
			return g->link.lost.code ? ZU_EIO : ZU_EFAULT;
		n = ZU_CACHE_PAGE - offset;
		if (n > len)
			n = len;
		memcpy(buf, p + offset, n);
		addr += n;
		buf = (char *)buf + n;
	}
	return 0;
}

static int gdb_read_abs(struct zu_image *image, uint64_t addr, void *buf,
			size_t len)
{
	struct gdb *g = image->priv;
	int ret;

	if (g->link.lost.code)
		return ZU_EIO;
	if (!len)
		return 0;
	if (addr > UINT64_MAX - (len - 1))
		return ZU_EFAULT;
	if (len <= ZU_CACHE_PAGE)
		return read_pages(g, addr, buf, len);
	ret = read_direct(g, addr, buf, len);
	/* who reads that much thinks about it for long */
	if (!g->looking)
		go_on(g);
	return ret;
}

static int gdb_hold(struct zu_image *image, struct zu_error *err)
{
	struct gdb *g = image->priv;

	zu_cache_forget(g->cache);
	g->looking = true;
	if (!stop(g))
		return 0;
	*err = g->link.lost;
	return err->code;
}

static void gdb_let_go(struct zu_image *image)
{
	struct gdb *g = image->priv;

	g->looking = false;
	go_on(g);
}

static void gdb_forget(struct zu_image *image)
{
	struct gdb *g = image->priv;

	zu_cache_forget(g->cache);
}

static int gdb_check(struct zu_image *image, struct zu_error *err)
{
	const struct gdb *g = image->priv;

	if (!g->link.lost.code)
		return 0;
	*err = g->link.lost;
	return err->code;
}

const struct zu_image_kind zu_image_gdb = {
	.name = "gdb",
	.is_mine = gdb_is_mine,
	.open = gdb_open,
	.close = gdb_close,
	.read_abs = gdb_read_abs,
	.hold = gdb_hold,
	.let_go = gdb_let_go,
	.forget = gdb_forget,
	.check = gdb_check,
};

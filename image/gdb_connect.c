/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "image/gdb_connect.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "util/fail.h"

#define FORM "a gdb server is named gdb:HOST:PORT, gdb:PORT or gdb:/SOCKET"

/* 0 or an errno */
static int finish(int fd, int seconds)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	int error = 0, ret;
	socklen_t len = sizeof(error);

	do {
		ret = poll(&p, 1, seconds * 1000);
	} while (ret < 0 && errno == EINTR);
	if (!ret)
		return ETIMEDOUT;
	if (ret < 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len))
		return errno;
	return error;
}

/* 0 or an errno */
static int try(const struct sockaddr *addr, socklen_t len, int seconds,
	       int *ret)
{
	const int on = 1;
	int fd, error;

	fd = socket(addr->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
		    0);
	if (fd < 0)
		return errno;
	error = connect(fd, addr, len) ? errno : 0;
	if (error == EINPROGRESS || error == EINTR)
		error = finish(fd, seconds);
	if (error) {
		close(fd);
		return error;
	}
	/* requests are small, and their answers waited for */
	if (addr->sa_family != AF_UNIX)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	*ret = fd;
	return 0;
}

static int connect_unix(const char *path, int seconds, int *ret,
			struct zu_error *err)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	size_t len = strlen(path);
	int error;

	if (len >= sizeof(addr.sun_path))
		return zu_fail(err, ZU_EINVAL,
			       "the path of a socket has %zu bytes at most",
			       sizeof(addr.sun_path) - 1);
	memcpy(addr.sun_path, path, len);
	error = try((const struct sockaddr *)&addr, sizeof(addr), seconds, ret);
	return error ? zu_fail(err, ZU_EIO, "cannot connect: %s",
			       strerror(error)) : 0;
}

static int connect_inet(const char *host, const char *port, int seconds,
			int *ret, struct zu_error *err)
{
	const struct addrinfo hints = {
		.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM,
	};
	struct addrinfo *list, *a;
	int error;

	error = getaddrinfo(host, port, &hints, &list);
	if (error)
		return zu_fail(err, ZU_EIO, "cannot find %s, port %s: %s", host,
			       port, gai_strerror(error));
	for (a = list; a; a = a->ai_next) {
		error = try(a->ai_addr, a->ai_addrlen, seconds, ret);
		if (!error)
			break;
	}
	freeaddrinfo(list);
	return error ? zu_fail(err, ZU_EIO, "cannot connect: %s",
			       strerror(error)) : 0;
}

/* The port is behind the last colon, the rest may be in brackets */
static int split(const char *where, char *host, size_t room, const char **port,
		 struct zu_error *err)
{
	const char *colon = strrchr(where, ':');
	size_t len;

	*port = colon ? colon + 1 : where;
	if (!**port || strspn(*port, "0123456789") != strlen(*port) ||
	    strlen(*port) > 5)
		return zu_fail(err, ZU_EINVAL, FORM);
	len = colon ? (size_t)(colon - where) : 0;
	if (len > 1 && where[0] == '[' && where[len - 1] == ']') {
		where++;
		len -= 2;
	}
	if (!len) {
		where = "localhost";
		len = strlen(where);
	}
	if (len >= room)
		return zu_fail(err, ZU_EINVAL, FORM);
	memcpy(host, where, len);
	host[len] = 0;
	return 0;
}

int zu_gdb_connect(const char *where, int seconds, int *ret,
		   struct zu_error *err)
{
	char host[256];
	const char *port;

	if (strchr(where, '/'))
		return connect_unix(where, seconds, ret, err);
	if (split(where, host, sizeof(host), &port, err))
		return err->code;
	return connect_inet(host, port, seconds, ret, err);
}

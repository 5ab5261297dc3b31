/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Captures, opened as images and as kernels. The first byte says what the rest
 * of the input is, so that the fuzzer gets behind the compression:
 *
 *	0	a whole file
 *	1	the contents of one, compressed here
 *	else	the sections of one, put together and compressed here. Each is
 *		a byte for its name, two bytes for its length, and its bytes;
 *		those of "memory" are pieces: distance from the end of the last
 *		one (8), length (2), bytes
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "image/capture.h"
#include "klp/blocker.h"
#include "tests/make/capture.h"
#include "zunwind/kernel.h"
#include "zunwind/trace.h"

/* Larger contents are right, but cost too much to be tried often. */
#define MAX_CONTENTS (1 << 20)
#define MAX_TASKS 64

#define check(what)							\
	do {								\
		if (!(what))						\
			abort();					\
	} while (0)

static const char *const tags[] = {
	ZU_CAPTURE_ABOUT, ZU_CAPTURE_INFO, ZU_CAPTURE_LAYOUT,
	ZU_CAPTURE_GLOBALS, ZU_CAPTURE_SYMBOLS, ZU_CAPTURE_MEMORY, "unknown",
};

static uint64_t number(const uint8_t *p, size_t len)
{
	uint64_t v = 0;

	while (len--)
		v = v << 8 | *p++;
	return v;
}

/* The pieces of memory as the section has them: first all addresses */
static void add_memory(struct cap *c, const uint8_t *data, size_t size)
{
	struct mk m = { .len = 0 }, bytes = { .len = 0 };
	uint64_t addr = 0, count = 0;

	mk_be64(&m, 0, 0);
	while (size >= 10) {
		size_t len = number(data + 8, 2);

		addr += number(data, 8);
		data += 10;
		size -= 10;
		if (len > size)
			len = size;
		mk_be64(&m, m.len, addr);
		mk_be64(&m, m.len, len);
		if (len)
			mk_put(&bytes, bytes.len, data, len);
		data += len;
		size -= len;
		addr += len;
		count++;
	}
	mk_be64(&m, 0, count);
	if (bytes.len)
		mk_put(&m, m.len, bytes.data, bytes.len);
	cap_section(c, ZU_CAPTURE_MEMORY, m.data, m.len);
	mk_free(&m);
	mk_free(&bytes);
}

static void add_sections(struct cap *c, const uint8_t *data, size_t size)
{
	const size_t n = sizeof(tags) / sizeof(tags[0]);

	while (size >= 3) {
		const char *tag = tags[data[0] % n];
		size_t len = number(data + 1, 2);

		data += 3;
		size -= 3;
		if (len > size)
			len = size;
		if (strcmp(tag, ZU_CAPTURE_MEMORY))
			cap_section(c, tag, data, len);
		else
			add_memory(c, data, len);
		data += len;
		size -= len;
	}
}

/* Every byte that a piece has, and one more on either side */
static void read_image(const char *path)
{
	static const uint64_t addrs[] = { 0, 1, 0x1000, UINT64_MAX };
	struct zu_image *image;
	struct zu_error err;
	uint8_t buf[64];
	size_t i, len;

	if (zu_image_open(path, &image, &err)) {
		check(err.code < 0 && err.text[0]);
		return;
	}
	check(zu_image_is_capture(image));
	for (i = 0; i < sizeof(tags) / sizeof(tags[0]); i++) {
		const char *s = zu_capture_section(image, tags[i], &len);

		check(!s || !s[len]);
	}
	for (i = 0; i < sizeof(addrs) / sizeof(addrs[0]); i++)
		image->kind->read_virt(image, addrs[i], buf, sizeof(buf));
	zu_image_close(image);
}

static void look_at_task(struct zu_kernel *k, size_t i, struct zu_trace *t)
{
	struct zu_symbol symbol;
	struct zu_error err;
	struct zu_task task;
	size_t f;

	if (zu_kernel_task(k, i, &task, &err) ||
	    zu_trace_task(t, k, &task, &err)) {
		check(err.code < 0 && err.text[0]);
		return;
	}
	check(memchr(task.comm, 0, sizeof(task.comm)));
	/* ours never accept what the kernel's rules refuse */
	check(t->strict.kind != ZU_RELIABLE || t->kernel.kind == ZU_RELIABLE);
	check((t->strict.kind == ZU_UNRELIABLE) == (t->strict.why != 0));
	for (f = 0; f < t->nr_frames; f++)
		if (zu_frame_symbol(k, &t->frames[f], &symbol))
			check(symbol.name[0]);
}

/* What goes on in live patching, and what is in its way */
static void look_at_livepatch(struct zu_kernel *k)
{
	struct zu_klp_blocker b = ZU_KLP_BLOCKER_INIT;
	struct zu_klp_ranges r = ZU_KLP_RANGES_INIT;
	struct zu_klp klp = ZU_KLP_INIT;
	struct zu_error err;
	struct zu_task task;
	size_t i;
	int ret = zu_klp_read(k, &klp, &err);

	if (!ret)
		ret = zu_klp_ranges_transition(&r, &klp, &err);
	check(!ret || (ret == err.code && err.text[0]));
	if (ret || klp.transition == ZU_KLP_NONE)
		goto out;
	for (i = 0; i < zu_kernel_task_count(k) && i < MAX_TASKS; i++) {
		if (zu_kernel_task(k, i, &task, &err) ||
		    zu_klp_blocker_look(&b, k, klp.target, &r, &task, &err))
			continue;
		check((b.kernel.cause == ZU_KLP_ON_STACK) ==
		      (b.kernel.range < r.count));
		check((b.strict.cause == ZU_KLP_ON_STACK) ==
		      (b.strict.range < r.count));
	}
out:
	zu_klp_blocker_deinit(&b);
	zu_klp_ranges_deinit(&r);
	zu_klp_deinit(&klp);
}

static void read_kernel(const char *path)
{
	struct zu_trace t = ZU_TRACE_INIT;
	struct zu_kernel *k;
	struct zu_error err;
	size_t i;

	if (zu_kernel_open(path, NULL, &k, &err)) {
		check(err.code < 0 && err.text[0]);
		return;
	}
	for (i = 0; i < zu_kernel_task_count(k) && i < MAX_TASKS; i++)
		look_at_task(k, i, &t);
	zu_trace_deinit(&t);
	look_at_livepatch(k);
	zu_kernel_close(k);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cap cap = { .file.len = 0 };
	const char *path;

	if (!size)
		return 0;
	if (data[0] == 0) {
		if (size > 24 && number(data + 17, 8) > MAX_CONTENTS)
			return 0;
		mk_put(&cap.file, 0, data + 1, size - 1);
		path = mk_file(&cap.file);
	} else {
		if (data[0] == 1)
			mk_put(&cap.contents, 0, data + 1, size - 1);
		else
			add_sections(&cap, data + 1, size - 1);
		path = cap_finish(&cap);
	}
	read_image(path);
	read_kernel(path);
	cap_free(&cap);
	return 0;
}

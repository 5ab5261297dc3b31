/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kern/traps.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "image/capture.h"
#include "kern/bugs.h"
#include "kern/captured.h"
#include "kern/module.h"

/* More than a kernel has; a damaged dump may say anything. */
#define MAX_TABLE (16u << 20)
#define MAX_TABLES 1024u

/* The table of the kernel (@owner is 0) or of a module */
struct table {
	uint64_t owner;
	struct zu_bugs bugs;
};

struct zu_traps {
	struct table table[MAX_TABLES];
	size_t nr_tables;
	struct zu_buf asked;	/* struct zu_captured_trap */
	struct zu_captured_traps captured;
};

static bool read_start(void *ctx, uint64_t addr, uint8_t ret[2])
{
	struct zu_kernel *k = ctx;

	return zu_text_find(&k->text, addr) &&
	       !zu_memory_read(&k->mem, addr, ret, 2);
}

/* Init text is left out: by now it is something else. */
static bool is_func(void *ctx, uint64_t addr)
{
	const struct zu_kernel *k = ctx;
	const struct zu_text_range *range = zu_text_find(&k->text, addr);

	return range && range->kind != ZU_TEXT_INIT;
}

static bool find_table(const struct zu_kernel *k, uint64_t owner,
		       uint64_t *addr, uint64_t *len)
{
	uint64_t end = k->global[ZU_G___stop___bug_table];

	if (owner)
		return zu_module_bugs(k, owner, addr, len);
	*addr = k->global[ZU_G___start___bug_table];
	*len = end - *addr;
	return *addr && end > *addr;
}

static void read_table(struct zu_kernel *k, struct table *t)
{
	const struct zu_bug_code code = {
		.ctx = k, .read = read_start, .is_func = is_func,
	};
	struct zu_error err;
	uint64_t addr, len;
	uint8_t *bytes;

	if (!find_table(k, t->owner, &addr, &len) || len > MAX_TABLE)
		return;
	bytes = malloc(len);
	/* without it nothing is known, which is no error */
	if (bytes && !zu_memory_read(&k->mem, addr, bytes, len))
		zu_bugs_fill(&t->bugs, &code, bytes, addr, len, &err);
	free(bytes);
}

static struct table *table_of(struct zu_kernel *k, uint64_t owner)
{
	struct zu_traps *s = k->traps;
	struct table *t;
	size_t i;

	for (i = 0; i < s->nr_tables; i++)
		if (s->table[i].owner == owner)
			return &s->table[i];
	if (s->nr_tables == MAX_TABLES)
		return NULL;
	t = &s->table[s->nr_tables++];
	t->owner = owner;
	/* a capture gets the answers */
	k->vm.quiet++;
	read_table(k, t);
	k->vm.quiet--;
	return t;
}

static int ask(struct zu_kernel *k, uint64_t addr)
{
	const struct zu_text_range *range = zu_text_find(&k->text, addr);
	const struct table *t;

	if (zu_image_is_capture(k->image))
		return zu_captured_trap(&k->traps->captured, addr);
	if (!range || (range->kind != ZU_TEXT_KERNEL &&
		       range->kind != ZU_TEXT_INIT &&
		       range->kind != ZU_TEXT_MODULE))
		return -1;
	t = table_of(k, range->kind == ZU_TEXT_MODULE ? range->owner : 0);
	return t ? zu_bugs_at(&t->bugs, addr) : -1;
}

static bool create(struct zu_kernel *k)
{
	if (k->traps)
		return true;
	k->traps = calloc(1, sizeof(*k->traps));
	if (k->traps && zu_image_is_capture(k->image))
		zu_captured_traps_init(&k->traps->captured, k->image);
	return k->traps;
}

void zu_traps_ahead(struct zu_kernel *k)
{
	if (create(k))
		table_of(k, 0);
}

void zu_traps_forget(struct zu_traps *s)
{
	size_t i, kept = 0;

	if (!s)
		return;
	for (i = 0; i < s->nr_tables; i++) {
		if (s->table[i].owner)
			zu_bugs_deinit(&s->table[i].bugs);
		else
			s->table[kept++] = s->table[i];
	}
	memset(s->table + kept, 0,
	       (s->nr_tables - kept) * sizeof(s->table[0]));
	s->nr_tables = kept;
	zu_buf_deinit(&s->asked);
}

int zu_trap(struct zu_kernel *k, uint64_t addr)
{
	struct zu_captured_trap asked = { .addr = addr };
	int ret;

	if (!create(k))
		return -1;
	ret = ask(k, addr);
	asked.returns = ret;
	if (k->vm.record && ret >= 0)
		zu_buf_add(&k->traps->asked, &asked, sizeof(asked));
	return ret;
}

static int by_addr(const void *a, const void *b)
{
	const struct zu_captured_trap *x = a, *y = b;

	return x->addr < y->addr ? -1 : x->addr > y->addr;
}

void zu_traps_store(const struct zu_kernel *k, struct zu_buf *out)
{
	struct zu_captured_trap *trap;
	size_t n, i;

	if (!k->traps)
		return;
	trap = (struct zu_captured_trap *)(void *)k->traps->asked.data;
	n = k->traps->asked.len / sizeof(*trap);
	if (n)
		qsort(trap, n, sizeof(*trap), by_addr);
	for (i = 0; i < n; i++)
		if (!i || trap[i].addr != trap[i - 1].addr)
			zu_buf_printf(out, "%" PRIx64 " %d\n", trap[i].addr,
				      trap[i].returns);
	out->failed |= k->traps->asked.failed;
}

void zu_traps_destroy(struct zu_traps *s)
{
	size_t i;

	if (!s)
		return;
	for (i = 0; i < s->nr_tables; i++)
		zu_bugs_deinit(&s->table[i].bugs);
	zu_buf_deinit(&s->asked);
	zu_captured_traps_deinit(&s->captured);
	free(s);
}

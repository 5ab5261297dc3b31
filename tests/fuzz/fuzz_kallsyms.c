/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's symbol table. The input: seven offsets of 16 bits, big-endian,
 * one for each part of the table, 0 if there is no such part; then the memory
 * they are in.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bytes.h"
#include "kern/kallsyms.h"

#define BASE UINT64_C(0x3ffe0000000)
#define PARTS 7
#define PROBES 64

static const char *const part_name[PARTS] = {
	"num_syms", "names", "token_table", "token_index", "offsets",
	"relative_base", "addresses",
};

struct memory {
	const uint8_t *data;
	size_t size;
};

static int read_mem(void *ctx, uint64_t addr, void *buf, size_t len)
{
	const struct memory *m = ctx;

	if (addr < BASE || addr - BASE > m->size ||
	    len > m->size - (addr - BASE))
		return ZU_EFAULT;
	memcpy(buf, m->data + (addr - BASE), len);
	return 0;
}

static size_t make_info(const uint8_t *data, char *text, size_t size)
{
	size_t len = 0;
	int i;

	for (i = 0; i < PARTS; i++) {
		uint16_t offset = zu_be16(data + 2 * i);

		if (offset)
			len += (size_t)snprintf(text + len, size - len,
						"SYMBOL(kallsyms_%s)=%" PRIx64
						"\n", part_name[i],
						BASE + offset);
	}
	return len;
}

static void probe(const struct zu_kallsyms *ks, uint64_t addr)
{
	struct zu_kallsym sym;
	const char *name = sym.name;
	uint64_t found;

	if (!zu_kallsyms_at(ks, addr, &sym))
		return;
	if (addr < sym.start ||
	    (addr != sym.start && addr - sym.start >= sym.size) ||
	    strnlen(sym.name, sizeof(sym.name)) == sizeof(sym.name))
		abort();
	/* 0 if there are several of this name */
	zu_kallsyms_find(ks, &name, 1, &found);
	if (found && found != sym.start)
		abort();
}

static void use(const struct zu_kallsyms *ks, const struct memory *m)
{
	static const char *const names[] = { "schedule", "", "_stext", "_end" };
	uint64_t addrs[4];
	size_t i;

	zu_kallsyms_find(ks, names, 4, addrs);
	for (i = 0; i < 4; i++)
		probe(ks, addrs[i]);
	for (i = 0; i < PROBES; i++) {
		probe(ks, BASE + 8 * i);
		if (8 * i + 8 <= m->size)
			probe(ks, zu_be64(m->data + m->size - 8 * i - 8));
	}
	probe(ks, UINT64_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct zu_vmcoreinfo info;
	struct zu_kallsyms *ks;
	struct zu_memory mem;
	struct zu_error err;
	struct memory m;
	char text[512];

	if (size < 2 * PARTS)
		return 0;
	m = (struct memory){ data + 2 * PARTS, size - 2 * PARTS };
	mem = (struct zu_memory){ read_mem, &m };
	info.text = text;
	info.len = make_info(data, text, sizeof(text));
	if (zu_kallsyms_load(&mem, &info, &ks, &err))
		return 0;
	use(ks, &m);
	zu_kallsyms_destroy(ks);
	return 0;
}

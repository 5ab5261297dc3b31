// SPDX-License-Identifier: GPL-2.0-or-later
#include "kmod/build_id.h"

#include <linux/elf.h>
#include <linux/hex.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/string.h>

#include "kmod/symbols.h"

#define GNU_BUILD_ID 3
#define GNU 0x474e5500	/* "GNU" */
#define ALIGNMENT 4

/* The header of a note, with a name of four bytes */
struct note {
	u32 name_len;
	u32 len;
	u32 type;
	u32 name;
};

/*
 * Looks between a module's variables, too, where KASAN allows nobody. So all that
 * may be something else is read here, and by no function that KASAN knows.
 */
static __no_sanitize_address const struct note *note_at(const u8 *p,
							size_t room)
{
	const struct note *n = (const struct note *)p;

	if (room < sizeof(*n) || n->name_len != sizeof(n->name) ||
	    n->type != GNU_BUILD_ID || n->name != GNU)
		return NULL;
	if (!n->len || n->len > ZU_TABLE_BUILD_ID ||
	    n->len > room - sizeof(*n))
		return NULL;
	return n;
}

static void find(const void *begin, size_t len, struct zu_build_id *ret)
{
	const struct note *n;
	unsigned int found = 0;
	size_t at;

	memset(ret, 0, sizeof(*ret));
	for (at = 0; at < len; at += ALIGNMENT) {
		n = note_at(begin + at, len - at);
		if (!n)
			continue;
		if (found++) {
			ret->len = 0;
			return;
		}
		ret->len = n->len;
		memcpy(ret->bytes, n + 1, n->len);
	}
}

void zu_build_id_kernel(struct zu_build_id *ret)
{
	find((const void *)zu_sym.start_notes,
	     zu_sym.stop_notes - zu_sym.start_notes, ret);
}

void zu_build_id_module(const struct module *mod, struct zu_build_id *ret)
{
	const struct module_memory *mem = &mod->mem[MOD_RODATA];

	find(mem->base, mem->base ? mem->size : 0, ret);
}

void zu_build_id_hex(const struct zu_build_id *id, char *buf)
{
	strscpy(buf, "-", ZU_BUILD_ID_HEX);
	if (id->len)
		*bin2hex(buf, id->bytes, id->len) = '\0';
}

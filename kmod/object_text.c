// SPDX-License-Identifier: GPL-2.0-or-later
#include "kmod/object_text.h"

#include <linux/kernel.h>
#include <linux/string.h>

#include "core/bytes.h"
#include "kmod/object_index.h"
#include "kmod/objects.h"
#include "kmod/symbols.h"

bool zu_text_is_gone(unsigned long addr)
{
	return addr >= zu_sym.sinittext && addr < zu_sym.einittext &&
	       system_state >= SYSTEM_FREEING_INITMEM;
}

static bool in(const unsigned long range[2], unsigned long addr, size_t len)
{
	return addr >= range[0] && addr + len >= addr &&
	       addr + len <= range[1];
}

bool zu_object_read(const struct zu_object *o, unsigned long addr, void *buf,
		    size_t len)
{
	if (!in(o->memory, addr, len) || zu_text_is_gone(addr) ||
	    zu_text_is_gone(addr + len - 1))
		return false;
	memcpy(buf, (const void *)addr, len);
	return true;
}

static bool find(void *ctx, uint64_t addr, struct zu_table_text *ret)
{
	const struct zu_object *o = zu_object_find(addr);

	if (!o || addr - o->begin >= o->size)
		return false;
	ret->table = &o->rows;
	ret->begin = o->begin;
	return true;
}

/* Hotpatch trampolines of modules lie outside of their text. */
static bool read(void *ctx, uint64_t addr, void *buf, size_t len)
{
	const struct zu_object *o = zu_object_find(addr);

	if (!o)
		o = zu_object_find_trampoline(addr);
	if (!o)
		return false;
	if (zu_object_read(o, addr, buf, len))
		return true;
	if (!in(o->trampolines, addr, len))
		return false;
	memcpy(buf, (const void *)addr, len);
	return true;
}

/* apply_rela() in arch/s390/kernel/module.c: basr 1,0; lg 1,D(1) */
static uint64_t plt(void *ctx, uint64_t addr)
{
	static const u8 shape[] = { 0x0d, 0x10, 0xe3, 0x10 };
	const struct zu_object *o = zu_object_find(addr);
	u8 code[8], to[8];

	if (!o || !o->module || !zu_object_read(o, addr, code, sizeof(code)) ||
	    memcmp(code, shape, sizeof(shape)) || code[4] >> 4 != 1 ||
	    code[6] != 0 || code[7] != 4)
		return addr;
	if (!zu_object_read(o, addr + 2 + (zu_be16(code + 4) & 0xfff), to,
			    sizeof(to)))
		return addr;
	return zu_be64(to);
}

static bool may_replace(void *ctx, uint64_t func)
{
	const struct zu_object *o = zu_object_find(func);

	return o && o->livepatch;
}

const struct zu_table_env zu_object_text = {
	.find = find,
	.read = read,
	.plt = plt,
	.may_replace = may_replace,
};

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel keeps of a module's file. */
#include <string.h>

#include "image/notes.h"
#include "kern/module.h"
#include "kern/read.h"

#define NT_GNU_BUILD_ID 3

/* Sections with notes of a module, and the size of one; more are not read */
#define MAX_NOTES 8
#define NOTE_MAX 256

static uint32_t find_build_id(const uint8_t *notes, size_t len,
			      uint8_t ret[ZU_MODULE_BUILD_ID])
{
	struct zu_notes it = { .data = notes, .len = len };
	struct zu_error err;
	struct zu_note note;

	while (!zu_notes_next(&it, &note, &err)) {
		if (note.type != NT_GNU_BUILD_ID || note.name_len != 3 ||
		    memcmp(note.name, "GNU", 3) ||
		    note.desc_len > ZU_MODULE_BUILD_ID)
			continue;
		memcpy(ret, note.desc, note.desc_len);
		return (uint32_t)note.desc_len;
	}
	return 0;
}

/* A file of sysfs, struct bin_attribute: its contents lie at ->private */
static uint32_t read_attribute(const struct zu_kernel *k, uint64_t attr,
			       uint8_t ret[ZU_MODULE_BUILD_ID])
{
	uint64_t name, addr, len;
	uint8_t notes[NOTE_MAX];
	char section[32];

	if (zu_read_field(k, attr, ZU_F_bin_attribute_name, &name) ||
	    zu_read_string(k, name, section, sizeof(section)) ||
	    strcmp(section, ".note.gnu.build-id") ||
	    zu_read_field(k, attr, ZU_F_bin_attribute_private, &addr) ||
	    zu_read_field(k, attr, ZU_F_bin_attribute_size, &len) ||
	    len > sizeof(notes) || zu_memory_read(&k->mem, addr, notes, len))
		return 0;
	return find_build_id(notes, len, ret);
}

/*
 * add_notes_attrs() in kernel/module/sysfs.c: struct module_notes_attrs ends in
 * an array without a length, of which BTF tells no more than where it starts.
 */
uint32_t zu_module_build_id(const struct zu_kernel *k, uint64_t module,
			    uint8_t ret[ZU_MODULE_BUILD_ID])
{
	uint32_t size = k->layout.place[ZU_F_bin_attribute].size, len = 0, i;
	uint64_t attrs;

	if (!size || zu_read_field(k, module, ZU_F_module_notes, &attrs) ||
	    !attrs)
		return 0;
	attrs += k->layout.place[ZU_F_module_notes].target;
	for (i = 0; i < MAX_NOTES && !len; i++)
		len = read_attribute(k, attrs + (uint64_t)i * size, ret);
	return len;
}

bool zu_module_bugs(const struct zu_kernel *k, uint64_t module, uint64_t *addr,
		    uint64_t *len)
{
	uint64_t table, n;

	if (zu_read_field(k, module, ZU_F_module_bugs, &table) ||
	    zu_read_field(k, module, ZU_F_module_num_bugs, &n) || !table ||
	    !n || n > UINT32_MAX)
		return false;
	*addr = table;
	*len = n * k->layout.place[ZU_F_module_bugs].target;
	return *len;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Code outside of the kernel image: modules, kprobe slots, BPF. */
#include <elf.h>
#include <stdio.h>
#include <string.h>

#include "tests/make/fk_private.h"

#define TEXT_SIZE 0x1800
#define INIT_SIZE 0x800
#define MAX_SYMBOLS 64
#define MAX_STRINGS 4096

static void set_memory(struct fk_module *m, const char *type, uint64_t base,
		       uint32_t size)
{
	struct fk *fk = m->fk;
	const struct fk_row *row = fk_find_type(fk, "mod_mem_type");
	uint64_t mem;

	while (row && strcmp(row->name, type))
		row = fk_next_member(fk, row);
	if (!row)
		fk_die("no enumerator %s", type);
	mem = m->addr + fk_offset(fk, "module", "mem") +
	      (uint64_t)row->value[fk->release] * fk_sizeof(fk, "module_memory");
	fk_set(fk, mem, "module_memory", "base", base);
	fk_set(fk, mem, "module_memory", "size", size);
}

/* One piece of memory has all that is not init; text is first. */
static void set_layout(struct fk_module *m, const char *which, uint64_t base,
		       uint32_t size, uint32_t text_size)
{
	uint64_t at = m->addr + fk_offset(m->fk, "module", which);

	fk_set(m->fk, at, "module_layout", "base", base);
	fk_set(m->fk, at, "module_layout", "size", size);
	fk_set(m->fk, at, "module_layout", "text_size", text_size);
}

void fk_module(struct fk *fk, struct fk_module *m, const char *name)
{
	uint64_t kallsyms = fk_alloc(fk, fk_sizeof(fk, "mod_kallsyms"));

	memset(m, 0, sizeof(*m));
	m->fk = fk;
	m->addr = fk_valloc(fk, fk_sizeof(fk, "module"));
	m->text = fk_valloc(fk, TEXT_SIZE + FK_PAGE);
	m->text_size = TEXT_SIZE;
	m->init = fk_valloc(fk, INIT_SIZE);
	m->init_size = INIT_SIZE;
	m->data = m->text + 2 * FK_PAGE;
	m->symtab = fk_valloc(fk, MAX_SYMBOLS * fk_sizeof(fk, "elf64_sym"));
	m->strtab = fk_valloc(fk, MAX_STRINGS);
	m->strings = 1;
	fk_put_bytes(fk, m->addr + fk_offset(fk, "module", "name"), name,
		     strlen(name));
	if (fk->release == FK_6_1) {
		set_layout(m, "core_layout", m->text, 3 * FK_PAGE,
			   m->text_size);
		set_layout(m, "init_layout", m->init, FK_PAGE, m->init_size);
	} else {
		set_memory(m, "MOD_TEXT", m->text, m->text_size);
		set_memory(m, "MOD_DATA", m->data, FK_PAGE);
		set_memory(m, "MOD_INIT_TEXT", m->init, m->init_size);
	}
	fk_set(fk, kallsyms, "mod_kallsyms", "symtab", m->symtab);
	fk_set(fk, kallsyms, "mod_kallsyms", "strtab", m->strtab);
	fk_set(fk, kallsyms, "mod_kallsyms", "num_symtab", 1);
	fk_set(fk, m->addr, "module", "kallsyms", kallsyms);
	fk_set(fk, m->addr, "module", "klp_alive", 1);
	fk_list_add(fk, fk_address(fk, "modules"),
		    m->addr + fk_offset(fk, "module", "list"));
}

void fk_module_init_freed(struct fk_module *m)
{
	if (m->fk->release == FK_6_1)
		set_layout(m, "init_layout", 0, 0, 0);
	else
		set_memory(m, "MOD_INIT_TEXT", 0, 0);
}

static uint64_t add_symbol(struct fk_module *m, const char *name,
			   uint64_t value, unsigned int section)
{
	struct fk *fk = m->fk;
	uint64_t kallsyms = fk_read(fk, m->addr, "module", "kallsyms");
	uint64_t n = fk_read(fk, kallsyms, "mod_kallsyms", "num_symtab");
	uint64_t sym = m->symtab + n * fk_sizeof(fk, "elf64_sym");
	size_t len = strlen(name) + 1;

	if (n == MAX_SYMBOLS || m->strings + len > MAX_STRINGS)
		fk_die("too many symbols in a module");
	fk_set(fk, sym, "elf64_sym", "st_name", m->strings);
	fk_set(fk, sym, "elf64_sym", "st_shndx", section);
	fk_set(fk, sym, "elf64_sym", "st_value", value);
	fk_put_bytes(fk, m->strtab + m->strings, name, len);
	m->strings += (uint32_t)len;
	fk_set(fk, kallsyms, "mod_kallsyms", "num_symtab", n + 1);
	return sym;
}

void fk_module_symbol(struct fk_module *m, const char *name, uint64_t value,
		      unsigned int section)
{
	add_symbol(m, name, value, section);
}

void fk_module_func(struct fk_module *m, const char *name, uint64_t value,
		    uint64_t size)
{
	uint64_t sym = add_symbol(m, name, value, 1);

	fk_set(m->fk, sym, "elf64_sym", "st_info", STT_FUNC);
	fk_set(m->fk, sym, "elf64_sym", "st_size", size);
}

/* add_notes_attrs() in kernel/module/sysfs.c: an entry for each section */
static void add_notes(struct fk_module *m, uint64_t attr, const char *section,
		      const uint8_t *notes, uint32_t len)
{
	struct fk *fk = m->fk;
	uint64_t name = fk_alloc(fk, 32), data = fk_alloc(fk, len);

	fk_put_bytes(fk, name, section, strlen(section));
	fk_put_bytes(fk, data, notes, len);
	fk_set(fk, attr, "bin_attribute", "attr.name", name);
	fk_set(fk, attr, "bin_attribute", "size", len);
	fk_set(fk, attr, "bin_attribute", "private", data);
}

void fk_module_build_id(struct fk_module *m, const uint8_t *id, uint32_t len)
{
	uint8_t note[64] = { 0, 0, 0, 4, 0, 0, 0, (uint8_t)len,
			     0, 0, 0, NT_GNU_BUILD_ID, 'G', 'N', 'U' };
	uint32_t size = fk_sizeof(m->fk, "bin_attribute");
	uint32_t attrs = fk_sizeof(m->fk, "module_notes_attrs");
	uint64_t at = fk_alloc(m->fk, attrs + 2 * size);

	if (len > sizeof(note) - 16)
		fk_die("a build ID of %u bytes", len);
	fk_set(m->fk, m->addr, "module", "notes_attrs", at);
	add_notes(m, at + attrs, ".note.Linux", note, 16);
	memcpy(note + 16, id, len);
	add_notes(m, at + attrs + size, ".note.gnu.build-id", note, 16 + len);
}

uint64_t fk_kprobe_page(struct fk *fk)
{
	uint64_t page = fk_alloc(fk, fk_sizeof(fk, "kprobe_insn_page"));
	uint64_t insns = fk_valloc(fk, FK_PAGE);

	fk_set(fk, page, "kprobe_insn_page", "insns", insns);
	fk_list_add(fk, fk_address(fk, "kprobe_insn_slots") +
		    fk_offset(fk, "kprobe_insn_cache", "pages"),
		    page + fk_offset(fk, "kprobe_insn_page", "list"));
	return insns;
}

static void add_ksym(struct fk *fk, uint64_t ksym, const char *name,
		     uint64_t start, uint32_t size, bool prog)
{
	fk_set(fk, ksym, "bpf_ksym", "start", start);
	fk_set(fk, ksym, "bpf_ksym", "end", start + size);
	fk_set(fk, ksym, "bpf_ksym", "prog", prog);
	fk_put_bytes(fk, ksym + fk_offset(fk, "bpf_ksym", "name"), name,
		     strlen(name));
	fk_list_add(fk, fk_address(fk, "bpf_kallsyms"),
		    ksym + fk_offset(fk, "bpf_ksym", "lnode"));
}

uint64_t fk_bpf(struct fk *fk, const char *name, uint64_t start, uint32_t size,
		bool prog)
{
	uint64_t ksym = fk_alloc(fk, fk_sizeof(fk, "bpf_ksym"));

	add_ksym(fk, ksym, name, start, size, prog);
	return ksym;
}

uint64_t fk_bpf_trampoline(struct fk *fk, uint64_t start, uint32_t size,
			   const char *function, uint32_t after_call)
{
	uint64_t image = fk_alloc(fk, fk_sizeof(fk, "bpf_tramp_image"));
	uint64_t tr = fk_alloc(fk, fk_sizeof(fk, "bpf_trampoline"));

	fk_set(fk, tr, "bpf_trampoline", "func.addr", fk_func(fk, function));
	if (fk_has(fk, "bpf_tramp_image", "tr"))
		fk_set(fk, image, "bpf_tramp_image", "tr", tr);
	if (fk_has(fk, "bpf_tramp_image", "ip_after_call") && after_call)
		fk_set(fk, image, "bpf_tramp_image", "ip_after_call",
		       start + after_call);
	add_ksym(fk, image + fk_offset(fk, "bpf_tramp_image", "ksym"),
		 "bpf_trampoline_6442536467", start, size, false);
	return image;
}

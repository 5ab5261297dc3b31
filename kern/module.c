/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Modules: their text, and the names in it. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "kern/list.h"
#include "kern/module.h"
#include "kern/read.h"
#include "util/fail.h"

/* 6.4 and newer: module.mem[], one entry for each type of memory */
static int add_mem(struct zu_kernel *k, uint64_t module, enum zu_field type,
		   struct zu_error *err)
{
	uint64_t mem, base, size;
	int ret;

	mem = module + zu_offset(k, ZU_F_module_mem) +
	      zu_offset(k, type) * k->layout.place[ZU_F_module_mem].target;
	ret = zu_read_field_err(k, mem, ZU_F_module_memory_base, &base, err);
	if (!ret)
		ret = zu_read_field_err(k, mem, ZU_F_module_memory_size, &size,
					err);
	if (ret || !base || !size)
		return ret;
	return zu_text_add(k, base, base + size - 1, ZU_TEXT_MODULE, module,
			   err);
}

/* before: two struct module_layout, text at the beginning of each */
static int add_layout(struct zu_kernel *k, uint64_t module,
		      enum zu_field which, struct zu_error *err)
{
	uint64_t layout = module + zu_offset(k, which);
	uint64_t base, size;
	int ret;

	ret = zu_read_field_err(k, layout, ZU_F_module_layout_base, &base,
				err);
	if (!ret)
		ret = zu_read_field_err(k, layout,
					ZU_F_module_layout_text_size, &size,
					err);
	if (ret || !base || !size)
		return ret;
	return zu_text_add(k, base, base + size - 1, ZU_TEXT_MODULE, module,
			   err);
}

int zu_text_add_module(struct zu_kernel *k, uint64_t module,
		       struct zu_error *err)
{
	uint64_t state;
	int ret;

	ret = zu_read_field_err(k, module, ZU_F_module_state, &state, err);
	if (ret)
		return ret;
	/* __module_address(): an unformed one does not count */
	if (state == zu_offset(k, ZU_F_module_unformed))
		return 0;
	if (zu_has(k, ZU_F_module_mem)) {
		ret = add_mem(k, module, ZU_F_mod_text, err);
		return ret ? ret : add_mem(k, module, ZU_F_mod_init_text, err);
	}
	ret = add_layout(k, module, ZU_F_module_core, err);
	return ret ? ret : add_layout(k, module, ZU_F_module_init, err);
}

static bool knows_layout(const struct zu_kernel *k)
{
	if (!zu_has(k, ZU_F_module_list) || !zu_has(k, ZU_F_module_state) ||
	    !zu_has(k, ZU_F_module_unformed))
		return false;
	if (zu_has(k, ZU_F_module_mem))
		return zu_has(k, ZU_F_mod_text) &&
		       zu_has(k, ZU_F_mod_init_text) &&
		       zu_has(k, ZU_F_module_memory_base) &&
		       zu_has(k, ZU_F_module_memory_size);
	return zu_has(k, ZU_F_module_core) && zu_has(k, ZU_F_module_init) &&
	       zu_has(k, ZU_F_module_layout_base) &&
	       zu_has(k, ZU_F_module_layout_text_size);
}

int zu_text_add_modules(struct zu_kernel *k, struct zu_error *err)
{
	struct zu_list list;
	uint64_t node;
	int ret;

	if (!k->global[ZU_G_modules])
		return 0;
	if (!knows_layout(k))
		return zu_fail(err, ZU_ENOENT,
			       "the type data does not tell where the text of a module is");
	zu_list_init(&list, k, k->global[ZU_G_modules], ZU_LIST_CIRCULAR);
	while ((ret = zu_list_next(&list, &node)) > 0) {
		ret = zu_text_add_module(k, node -
					 zu_offset(k, ZU_F_module_list), err);
		if (ret)
			return ret;
	}
	if (ret)
		return zu_fail(err, ret, "the list of modules is damaged");
	return 0;
}

/*
 * A module's symbol table: struct mod_kallsyms and its arrays, which have the
 * form of ELF.
 */
struct table {
	const struct zu_kernel *k;
	uint8_t *syms;
	uint64_t num;
	uint64_t strtab;
	uint32_t sym_size;
};

/* More symbols than this no module has. */
#define MAX_SYMBOLS (1u << 20)

/* Without it the kernel has no names of modules. */
static bool has_table(const struct zu_kernel *k)
{
	return zu_has(k, ZU_F_sym_name) && zu_has(k, ZU_F_sym_shndx) &&
	       zu_has(k, ZU_F_sym_value) && zu_has(k, ZU_F_sym) &&
	       zu_has(k, ZU_F_module_kallsyms) &&
	       zu_has(k, ZU_F_mod_kallsyms_symtab) &&
	       zu_has(k, ZU_F_mod_kallsyms_num) &&
	       zu_has(k, ZU_F_mod_kallsyms_strtab);
}

static bool load_table(const struct zu_kernel *k, uint64_t module,
		       struct table *t)
{
	uint64_t kallsyms, symtab;

	if (!has_table(k))
		return false;
	t->k = k;
	t->sym_size = k->layout.place[ZU_F_sym].size;
	if (zu_read_field(k, module, ZU_F_module_kallsyms, &kallsyms) ||
	    zu_read_field(k, kallsyms, ZU_F_mod_kallsyms_symtab, &symtab) ||
	    zu_read_field(k, kallsyms, ZU_F_mod_kallsyms_num, &t->num) ||
	    zu_read_field(k, kallsyms, ZU_F_mod_kallsyms_strtab, &t->strtab))
		return false;
	if (t->num > MAX_SYMBOLS || !t->sym_size || t->sym_size > 256)
		return false;
	t->syms = malloc(t->num * t->sym_size + 1);
	if (!t->syms)
		return false;
	if (zu_memory_read(&k->mem, symtab, t->syms, t->num * t->sym_size)) {
		free(t->syms);
		return false;
	}
	return true;
}

static const uint8_t *member(const struct table *t, uint64_t i,
			     enum zu_field f)
{
	return t->syms + i * t->sym_size + zu_offset(t->k, f);
}

static uint64_t value(const struct table *t, uint64_t i)
{
	return zu_be64(member(t, i, ZU_F_sym_value));
}

static bool name(const struct table *t, uint64_t i, char *buf, size_t size)
{
	return !zu_read_string(t->k, t->strtab +
			       zu_be32(member(t, i, ZU_F_sym_name)), buf,
			       size);
}

/* find_kallsyms_symbol() in kernel/module/kallsyms.c skips these */
static bool is_named(const struct table *t, uint64_t i)
{
	char s[3];

	if (!zu_be16(member(t, i, ZU_F_sym_shndx)) ||
	    !name(t, i, s, sizeof(s)) || !s[0])
		return false;
	return s[0] != '$' && strcmp(s, ".L") && strcmp(s, "L0");
}

/* Before 7.x the kernel also took a symbol from below the range. */
static bool search(const struct table *t, const struct zu_text_range *range,
		   uint64_t addr, struct zu_symbol *ret, char *buf,
		   size_t size)
{
	uint64_t best = 0, start = range->begin - 1, next = range->last + 1, i;

	for (i = 1; i < t->num; i++) {
		uint64_t v = value(t, i);

		if (v <= addr ? v <= start : v >= next)
			continue;
		if (!is_named(t, i))
			continue;
		if (v <= addr) {
			best = i;
			start = v;
		} else {
			next = v;
		}
	}
	if (!best || !name(t, best, buf, size))
		return false;
	ret->name = buf;
	ret->start = start;
	ret->size = next - start;
	return true;
}

bool zu_module_symbol(const struct zu_kernel *k,
		      const struct zu_text_range *range, uint64_t addr,
		      struct zu_symbol *ret, char *buf, size_t size)
{
	struct table t;
	bool found;

	if (!load_table(k, range->owner, &t))
		return false;
	found = search(&t, range, addr, ret, buf, size);
	free(t.syms);
	return found;
}

/* st_info and st_size of Elf64_Sym, whose form is fixed */
#define SYM_SIZE 24
#define SYM_INFO_AT 4
#define SYM_SIZE_AT 16

/* false: neither code nor data */
static bool parse_symbol(const struct table *t, uint64_t i,
			 struct zu_text_symbol *ret)
{
	static const enum zu_text_symbol_type types[] = {
		ZU_TEXT_LABEL, ZU_TEXT_DATA, ZU_TEXT_FUNCTION,
	};
	uint8_t info;

	*ret = (struct zu_text_symbol){
		.addr = value(t, i),
		.type = ZU_TEXT_FUNCTION,
		.global = true,
	};
	if (t->sym_size != SYM_SIZE)
		return true;
	info = t->syms[i * SYM_SIZE + SYM_INFO_AT];
	if ((info & 15) >= sizeof(types) / sizeof(types[0]))
		return false;
	ret->type = types[info & 15];
	ret->global = info >> 4;
	ret->weak = info >> 4 == 2;
	ret->size = zu_be64(t->syms + i * SYM_SIZE + SYM_SIZE_AT);
	return true;
}

int zu_module_symbols(const struct zu_kernel *k,
		      const struct zu_text_range *range,
		      const struct zu_text_symbols *to, struct zu_error *err)
{
	struct zu_text_symbol sym;
	char buf[ZU_KSYM_NAME];
	struct table t;
	uint64_t i;

	if (!has_table(k))
		return 0;
	if (!load_table(k, range->owner, &t))
		return zu_fail(err, ZU_EFAULT,
			       "cannot read the symbol table of the module at 0x%" PRIx64,
			       range->owner);
	for (i = 1; i < t.num; i++) {
		if (value(&t, i) < range->begin || value(&t, i) > range->last ||
		    !is_named(&t, i) || !parse_symbol(&t, i, &sym) ||
		    !name(&t, i, buf, sizeof(buf)))
			continue;
		sym.name = buf;
		if (!to->each(to->ctx, &sym))
			break;
	}
	free(t.syms);
	return 0;
}

int zu_module_named(const struct zu_kernel *k, uint64_t module,
		    void (*each)(void *ctx, const char *name, uint64_t addr),
		    void *ctx, struct zu_error *err)
{
	char buf[ZU_KSYM_NAME];
	struct table t;
	uint64_t i;

	if (!has_table(k))
		return zu_fail(err, ZU_ENOENT,
			       "the kernel keeps no symbols of modules");
	if (!load_table(k, module, &t))
		return zu_fail(err, ZU_EFAULT,
			       "cannot read the symbol table of the module at 0x%" PRIx64,
			       module);
	for (i = 0; i < t.num; i++)
		if (zu_be16(member(&t, i, ZU_F_sym_shndx)) &&
		    name(&t, i, buf, sizeof(buf)))
			each(ctx, buf, value(&t, i));
	free(t.syms);
	return 0;
}

bool zu_module_text(const struct zu_kernel *k, uint64_t module, uint64_t *ret)
{
	enum zu_field base = ZU_F_module_layout_base;
	uint64_t at = module;

	if (zu_has(k, ZU_F_module_mem) && zu_has(k, ZU_F_mod_text)) {
		at += zu_offset(k, ZU_F_module_mem) + zu_offset(k, ZU_F_mod_text) *
		      k->layout.place[ZU_F_module_mem].target;
		base = ZU_F_module_memory_base;
	} else if (zu_has(k, ZU_F_module_core)) {
		at += zu_offset(k, ZU_F_module_core);
	} else {
		return false;
	}
	return !zu_read_field(k, at, base, ret) && *ret;
}

bool zu_module_is_livepatch(const struct zu_kernel *k, uint64_t module)
{
	uint64_t klp;

	return zu_has(k, ZU_F_module_klp) &&
	       !zu_read_field(k, module, ZU_F_module_klp, &klp) && klp;
}

bool zu_module_name(const struct zu_kernel *k, uint64_t module, char *buf,
		    size_t size)
{
	if (!zu_has(k, ZU_F_module_name))
		return false;
	if (size > k->layout.place[ZU_F_module_name].size)
		size = k->layout.place[ZU_F_module_name].size;
	return size && !zu_read_string(k, module +
				       zu_offset(k, ZU_F_module_name), buf,
				       size);
}

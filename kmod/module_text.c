// SPDX-License-Identifier: GPL-2.0-or-later
#include "kmod/module_text.h"

#include <linux/elf.h>
#include <linux/module.h>
#include <linux/rcupdate.h>

void zu_module_memory(const struct module *mod, unsigned long memory[2],
		      unsigned long trampolines[2])
{
	const struct module_memory *mem = &mod->mem[MOD_TEXT];

	memory[0] = (unsigned long)mem->base;
	memory[1] = memory[0] + mem->size;
#ifdef CONFIG_FUNCTION_TRACER
	trampolines[0] = (unsigned long)mod->arch.trampolines_start;
	trampolines[1] = (unsigned long)mod->arch.trampolines_end;
#endif
}

static bool is_func(const struct module_memory *mem, const Elf_Sym *sym)
{
	return ELF_ST_TYPE(sym->st_info) == STT_FUNC && sym->st_size &&
	       sym->st_value - (unsigned long)mem->base < mem->size;
}

bool zu_module_funcs(const struct module *mod,
		     bool (*fn)(void *ctx, unsigned long addr), void *ctx)
{
	const struct mod_kallsyms *syms;
	bool go_on = true;
	unsigned int i;

	rcu_read_lock();
	syms = rcu_dereference(mod->kallsyms);
	for (i = 0; syms && i < syms->num_symtab && go_on; i++)
		if (is_func(&mod->mem[MOD_TEXT], &syms->symtab[i]))
			go_on = fn(ctx, syms->symtab[i].st_value);
	rcu_read_unlock();
	return go_on;
}

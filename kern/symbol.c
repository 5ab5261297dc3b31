/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kern/symbol.h"

#include <stdlib.h>
#include <string.h>

#include "kern/module.h"
#include "kern/read.h"

#define FIRST_SLOTS 1024u
/* A damaged dump can ask for a new address each time: then start over. */
#define MAX_SLOTS (1u << 17)

/* Room for the strings of one answer */
struct names {
	char name[ZU_KSYM_NAME];
	char module[128];
};

static bool bpf_symbol(const struct zu_kernel *k,
		       const struct zu_text_range *range,
		       struct zu_symbol *ret, struct names *names)
{
	if (!zu_has(k, ZU_F_bpf_ksym_name) ||
	    zu_read_string(k, range->owner + zu_offset(k, ZU_F_bpf_ksym_name),
			   names->name, sizeof(names->name)))
		return false;
	/* no module, as in the kernel's own traces: bpf_address_lookup() */
	*ret = (struct zu_symbol){
		.name = names->name,
		.start = range->begin,
		.size = range->last - range->begin,
	};
	return true;
}

static bool module_symbol(const struct zu_kernel *k,
			  const struct zu_text_range *range, uint64_t addr,
			  struct zu_symbol *ret, struct names *names)
{
	if (!zu_module_symbol(k, range, addr, ret, names->name,
			      sizeof(names->name)))
		return false;
	ret->module = zu_module_name(k, range->owner, names->module,
				     sizeof(names->module)) ?
		      names->module : "?";
	return true;
}

static bool kernel_symbol(const struct zu_kernel *k, uint64_t addr,
			  struct zu_symbol *ret, struct names *names)
{
	struct zu_kallsym sym;

	if (!zu_kallsyms_at(k->symbols.kallsyms, addr, &sym))
		return false;
	memcpy(names->name, sym.name, sizeof(names->name));
	*ret = (struct zu_symbol){
		.name = names->name,
		.start = sym.start,
		.size = sym.size,
	};
	return true;
}

static bool look_up(const struct zu_kernel *k, uint64_t addr,
		    struct zu_symbol *ret, struct names *names)
{
	const struct zu_text_range *range;

	if (!k->symbols.kallsyms)
		return zu_captured_symbol(&k->symbols.captured, addr, ret,
					  (char *)names, sizeof(*names));
	range = zu_text_find(&k->text, addr);
	if (!range)
		return false;
	switch (range->kind) {
	case ZU_TEXT_KERNEL:
	case ZU_TEXT_INIT:
		return kernel_symbol(k, addr, ret, names);
	case ZU_TEXT_MODULE:
		return module_symbol(k, range, addr, ret, names);
	case ZU_TEXT_BPF:
	case ZU_TEXT_BPF_IMAGE:
		return bpf_symbol(k, range, ret, names);
	case ZU_TEXT_KPROBE:
		break;
	}
	return false;
}

static struct zu_symbol_slot *find_slot(struct zu_symbols *s, uint64_t addr)
{
	size_t i = (addr * 0x9e3779b97f4a7c15ULL >> 32) & (s->slots - 1);

	while (s->slot[i].addr && s->slot[i].addr != addr)
		i = (i + 1) & (s->slots - 1);
	return &s->slot[i];
}

void zu_symbols_forget(struct zu_symbols *s)
{
	size_t i;

	for (i = 0; i < s->slots; i++)
		free(s->slot[i].text);
	free(s->slot);
	s->slot = NULL;
	s->slots = 0;
	s->used = 0;
}

/* Make room for one more, so that at least half of the slots stay empty. */
static bool grow(struct zu_symbols *s)
{
	size_t slots = s->slots ? s->slots * 2 : FIRST_SLOTS;
	struct zu_symbols bigger = { .slots = slots };
	size_t i;

	if (s->used < s->slots / 2)
		return true;
	if (slots > MAX_SLOTS) {
		zu_symbols_forget(s);
		bigger.slots = FIRST_SLOTS;
	}
	bigger.slot = calloc(bigger.slots, sizeof(*bigger.slot));
	if (!bigger.slot)
		return false;
	for (i = 0; i < s->slots; i++)
		if (s->slot[i].addr)
			*find_slot(&bigger, s->slot[i].addr) = s->slot[i];
	free(s->slot);
	s->slot = bigger.slot;
	s->slots = bigger.slots;
	return true;
}

/* Names from a damaged dump must not break lines of output or of a capture. */
static void copy_name(char *to, const char *name, size_t size)
{
	size_t i;

	for (i = 0; i + 1 < size; i++)
		to[i] = name[i] > ' ' && name[i] < 0x7f ? name[i] : '?';
	to[i] = '\0';
}

static bool remember(struct zu_symbol_slot *slot, uint64_t addr, bool found,
		     const struct zu_symbol *sym)
{
	size_t name = 0, module = 0;

	if (found) {
		name = strlen(sym->name) + 1;
		module = sym->module ? strlen(sym->module) + 1 : 0;
		slot->text = malloc(name + module);
		if (!slot->text)
			return false;
		slot->symbol = *sym;
		copy_name(slot->text, sym->name, name);
		slot->symbol.name = slot->text;
		if (module) {
			copy_name(slot->text + name, sym->module, module);
			slot->symbol.module = slot->text + name;
		}
	}
	slot->addr = addr;
	slot->found = found;
	return true;
}

bool zu_kernel_symbol(struct zu_kernel *k, uint64_t addr,
		      struct zu_symbol *ret)
{
	struct zu_symbols *s = &k->symbols;
	struct zu_symbol_slot *slot;

	/* without memory there are no names; the addresses are still right */
	if (!addr || !grow(s))
		return false;
	slot = find_slot(s, addr);
	if (!slot->addr) {
		struct zu_symbol sym;
		struct names names;
		bool found;

		/* a capture keeps the answer, not the tables it came from */
		k->vm.quiet++;
		found = look_up(k, addr, &sym, &names);
		k->vm.quiet--;
		if (!remember(slot, addr, found, &sym))
			return false;
		s->used++;
	}
	if (slot->found)
		*ret = slot->symbol;
	return slot->found;
}

void zu_symbols_deinit(struct zu_symbols *s)
{
	zu_symbols_forget(s);
	zu_captured_symbols_deinit(&s->captured);
	zu_kallsyms_destroy(s->kallsyms);
	s->kallsyms = NULL;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kern/layout.h"

#include <string.h>

#include "kern/layout_rows.h"
#include "util/fail.h"

enum { MAY, MUST };

const struct zu_row zu_rows[ZU_FIELD_COUNT] = {
#define ZU_MEMBER(id, type, path, need) \
	[ZU_F_##id] = { ZU_ROW_MEMBER, need, type, path },
#define ZU_SIZEOF(id, type, need) \
	[ZU_F_##id] = { ZU_ROW_SIZEOF, need, type, NULL },
#define ZU_ENUMERATOR(id, type, name, need) \
	[ZU_F_##id] = { ZU_ROW_ENUMERATOR, need, type, name },
#include "kern/layout.def"
#undef ZU_MEMBER
#undef ZU_SIZEOF
#undef ZU_ENUMERATOR
};

const char *zu_field_name(enum zu_field f)
{
	static const char *const names[ZU_FIELD_COUNT] = {
#define ZU_MEMBER(id, type, path, need) [ZU_F_##id] = type "." path,
#define ZU_SIZEOF(id, type, need) [ZU_F_##id] = "sizeof(" type ")",
#define ZU_ENUMERATOR(id, type, name, need) [ZU_F_##id] = type "." name,
#include "kern/layout.def"
#undef ZU_MEMBER
#undef ZU_SIZEOF
#undef ZU_ENUMERATOR
	};

	return names[f];
}

/*
 * No structure that zunwind looks at comes near this. With it, adding an
 * offset and a size can't overflow.
 */
#define STRUCT_MAX (1u << 20)

/*
 * Sizes that the readers of a member can work with. A member that is not
 * listed is read as an integer of 1, 2, 4 or 8 bytes.
 */
struct sizes {
	uint32_t min;
	uint32_t max;
};

#define POINTER { 8, 8 }	/* and unsigned long, and llist_head */
#define LIST { 16, 16 }		/* list_head, hlist_node */
#define BLOCK { 8, STRUCT_MAX }	/* its members are rows of their own */
#define NAME { 1, 512 }

static const struct sizes sizes[ZU_FIELD_COUNT] = {
	[ZU_F_task_stack] = POINTER,
	[ZU_F_task_tasks] = LIST,
	[ZU_F_task_thread_node] = LIST,
	[ZU_F_task_comm] = NAME,
	[ZU_F_task_signal] = POINTER,
	[ZU_F_task_ksp] = POINTER,
	[ZU_F_signal_thread_head] = LIST,
	[ZU_F_rq_curr] = POINTER,
	[ZU_F_rq_idle] = POINTER,
	[ZU_F_mm_asce] = POINTER,

	[ZU_F_module_list] = LIST,
	[ZU_F_module_name] = NAME,
	[ZU_F_module_mem] = BLOCK,
	[ZU_F_module_memory_base] = POINTER,
	[ZU_F_module_core] = BLOCK,
	[ZU_F_module_init] = BLOCK,
	[ZU_F_module_layout_base] = POINTER,
	[ZU_F_module_kallsyms] = POINTER,
	[ZU_F_mod_kallsyms_symtab] = POINTER,
	[ZU_F_mod_kallsyms_strtab] = POINTER,
	[ZU_F_sym_name] = { 4, 4 },	/* Elf64_Word */
	[ZU_F_sym_shndx] = { 2, 2 },	/* Elf64_Half */
	[ZU_F_sym_value] = POINTER,	/* Elf64_Addr */

	[ZU_F_kprobe_cache_pages] = LIST,
	[ZU_F_kprobe_page_list] = LIST,
	[ZU_F_kprobe_page_insns] = POINTER,
	[ZU_F_bpf_ksym_lnode] = LIST,
	[ZU_F_bpf_ksym_start] = POINTER,
	[ZU_F_bpf_ksym_end] = POINTER,
	[ZU_F_bpf_ksym_name] = NAME,
	[ZU_F_tramp_ksym] = BLOCK,
	[ZU_F_tramp_ip_after_call] = POINTER,
	[ZU_F_tramp_trampoline] = POINTER,
	[ZU_F_trampoline_addr] = POINTER,

	[ZU_F_ftrace_hash_buckets] = POINTER,
	[ZU_F_ftrace_entry_hlist] = LIST,
	[ZU_F_ftrace_entry_ip] = POINTER,
	[ZU_F_ftrace_entry_direct] = POINTER,
	[ZU_F_task_ret_stack] = POINTER,
	[ZU_F_ret_stack_ret] = POINTER,
	[ZU_F_ret_stack_retp] = POINTER,
	[ZU_F_task_rethooks] = POINTER,
	[ZU_F_rethook_llist] = POINTER,
	[ZU_F_rethook_ret_addr] = POINTER,
	[ZU_F_rethook_frame] = POINTER,
	[ZU_F_task_kretprobes] = POINTER,
	[ZU_F_kretprobe_llist] = POINTER,
	[ZU_F_kretprobe_ret_addr] = POINTER,
	[ZU_F_kretprobe_fp] = POINTER,

	[ZU_F_klp_patch_mod] = POINTER,
	[ZU_F_klp_patch_list] = LIST,
	[ZU_F_klp_patch_objects] = LIST,
	[ZU_F_klp_object_name] = POINTER,
	[ZU_F_klp_object_funcs] = LIST,
	[ZU_F_klp_object_node] = LIST,
	[ZU_F_klp_object_mod] = POINTER,
	[ZU_F_klp_func_old_name] = POINTER,
	[ZU_F_klp_func_new_func] = POINTER,
	[ZU_F_klp_func_sympos] = POINTER,
	[ZU_F_klp_func_old_func] = POINTER,
	[ZU_F_klp_func_node] = LIST,
	[ZU_F_klp_func_stack_node] = LIST,
	[ZU_F_klp_ops_node] = LIST,
	[ZU_F_klp_ops_stack] = LIST,
	[ZU_F_klp_patch_objs] = POINTER,
	[ZU_F_klp_object_array] = POINTER,
};

static bool size_fits(enum zu_field f, uint32_t size)
{
	if (sizes[f].max)
		return size >= sizes[f].min && size <= sizes[f].max;
	return size == 1 || size == 2 || size == 4 || size == 8;
}

/* end of the structure a member is in, as far as that is a row, too */
static uint32_t struct_end(const struct zu_layout *l, enum zu_field member)
{
	int f;

	for (f = 0; f < ZU_FIELD_COUNT; f++)
		if (zu_rows[f].kind == ZU_ROW_SIZEOF && l->place[f].present &&
		    !strcmp(zu_rows[f].type, zu_rows[member].type))
			return l->place[f].size;
	return STRUCT_MAX;
}

static bool place_fits(const struct zu_layout *l, enum zu_field f)
{
	const struct zu_place *p = &l->place[f];

	switch (zu_rows[f].kind) {
	case ZU_ROW_SIZEOF:
		return p->size && p->size <= STRUCT_MAX;
	case ZU_ROW_ENUMERATOR:
		return p->offset <= STRUCT_MAX;
	default:
		return size_fits(f, p->size) && p->offset <= STRUCT_MAX &&
		       p->target <= STRUCT_MAX &&
		       p->offset + p->size <= struct_end(l, f);
	}
}

/* an array is read element by element */
static bool module_mem_fits(const struct zu_layout *l)
{
	const struct zu_place *mem = &l->place[ZU_F_module_mem];
	const struct zu_place *text = &l->place[ZU_F_mod_text];
	const struct zu_place *init = &l->place[ZU_F_mod_init_text];

	if (!mem->present)
		return true;
	return mem->target &&
	       (!text->present || text->offset < mem->size / mem->target) &&
	       (!init->present || init->offset < mem->size / mem->target);
}

int zu_layout_check(const struct zu_layout *l, struct zu_error *err)
{
	int f;

	for (f = 0; f < ZU_FIELD_COUNT; f++) {
		const struct zu_place *p = &l->place[f];

		if (p->present && !place_fits(l, f))
			return zu_fail(err, ZU_EFORMAT,
				       "the type data has %s at offset %u with %u bytes",
				       zu_field_name(f), p->offset, p->size);
		if (!p->present && zu_rows[f].must)
			return zu_fail(err, ZU_ENOENT,
				       "this kernel's type data lacks %s",
				       zu_field_name(f));
	}
	if (!module_mem_fits(l))
		return zu_fail(err, ZU_EFORMAT,
			       "the type data has too few elements in %s",
			       zu_field_name(ZU_F_module_mem));
	return 0;
}

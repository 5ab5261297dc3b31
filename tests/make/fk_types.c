/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's structures, as far as tests need them. The numbers of 6.12 and
 * 7.2 are those of Debian's kernels; for 6.1, whose kernels have no BTF there,
 * those of a kernel that was built with it, or of the source.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/make/fk_private.h"

#define NO -1
#define S(name, ...) { 's', name, NULL, { __VA_ARGS__ }, false, 0 },
#define U(name, ...) { 'u', name, NULL, { __VA_ARGS__ }, false, 0 },
#define E(name) { 'e', name, NULL, { 4, 4, 4 }, false, 0 },
#define M(name, type, ...) { 'm', name, type, { __VA_ARGS__ }, false, 0 },
#define V(name, ...) { 'v', name, NULL, { __VA_ARGS__ }, false, 0 },

static const struct fk_row table[] = {
	/* name, type			 6.1   6.12  7.2 */
	S("list_head",			 16,   16,   16)
	M("next", "*list_head",		 0,    0,    0)
	M("prev", "*list_head",		 8,    8,    8)
	S("hlist_head",			 8,    8,    8)
	M("first", "*hlist_node",	 0,    0,    0)
	S("hlist_node",			 16,   16,   16)
	M("next", "*hlist_node",	 0,    0,    0)
	M("pprev", "*hlist_node",	 8,    8,    8)
	S("llist_head",			 8,    8,    8)
	M("first", "*llist_node",	 0,    0,    0)
	S("llist_node",			 8,    8,    8)
	M("next", "*llist_node",	 0,    0,    0)

	S("psw_t",			 16,   16,   16)
	M("mask", "u64",		 0,    0,    0)
	M("addr", "u64",		 8,    8,    8)
	S("pt_regs",			 200,  200,  200)
	M("psw", "psw_t",		 8,    8,    8)
	M("gprs", "u64[16]",		 24,   24,   24)

	S("thread_info",		 24,   24,   24)
	M("flags", "u64",		 0,    0,    0)
	M("cpu", "u32",			 16,   16,   16)
	S("thread_struct",		 704,  704,  704)
	M("ksp", "u64",			 64,   64,   64)
	S("atomic_t",			 4,    4,    4)
	M("counter", "int",		 0,    0,    0)
	S("refcount_struct",		 4,    4,    4)
	M("refs", "atomic_t",		 0,    0,    0)
	S("task_struct",		 4352, 5120, 5120)
	M("thread_info", "thread_info",	 0,    0,    0)
	M("__state", "u32",		 24,   24,   24)
	M("stack", "*void",		 32,   32,   32)
	M("usage", "refcount_struct",	 40,   40,   40)
	M("flags", "u32",		 44,   44,   44)
	M("on_cpu", "int",		 52,   52,   NO)
	M("on_cpu", "u8",		 NO,   NO,   52)
	M("on_rq", "u8",		 NO,   NO,   53)
	M("tasks", "list_head",		 1392, 1712, 1768)
	M("exit_state", "int",		 1496, 1816, 1872)
	M("pid", "int",			 1600, 1920, 1976)
	M("tgid", "int",		 1604, 1924, 1980)
	M("thread_node", "list_head",	 1768, 2088, 2152)
	M("nvcsw", "u64",		 1856, 2176, 2240)
	M("nivcsw", "u64",		 1864, 2184, 2248)
	M("start_time", "u64",		 1872, 2192, 2256)
	M("comm", "char[16]",		 2008, 2336, 2448)
	M("signal", "*signal_struct",	 2064, 2432, 2552)
	M("curr_ret_stack", "int",	 2464, 3104, 3296)
	M("ret_stack", "*ftrace_ret_stack", 2472, NO, NO)
	M("ret_stack", "*u64",		 NO,   3112, 3304)
	M("stack_refcount", "u32",	 2576, 3272, 3472)
	M("patch_state", "int",		 2580, 3276, 3476)
	M("kretprobe_instances", "llist_head", 2616, 3320, 3512)
	M("rethooks", "llist_head",	 NO,   3328, 3520)
	M("thread", "thread_struct",	 2632, 3336, 3528)
	S("signal_struct",		 1072, 1072, 1112)
	M("thread_head", "list_head",	 16,   16,   16)

	S("rq",				 3584, 3584, 3584)
	M("curr", "*task_struct",	 3040, 3320, NO)
	M("", "@rq_donor",		 NO,   NO,   16)
	M("idle", "*task_struct",	 3056, 3336, 24)
	U("@rq_donor",			 8,    8,    8)
	M("donor", "*task_struct",	 0,    0,    0)
	M("curr", "*task_struct",	 0,    0,    0)
	S("mm_context_t",		 96,   96,   96)
	M("asce", "u64",		 40,   40,   40)
	S("mm_struct",			 1280, 1280, 1856)
	M("context", "mm_context_t",	 904,  1160, 1720)

	E("module_state")
	V("MODULE_STATE_LIVE",		 0,    0,    0)
	V("MODULE_STATE_COMING",	 1,    1,    1)
	V("MODULE_STATE_GOING",		 2,    2,    2)
	V("MODULE_STATE_UNFORMED",	 3,    3,    3)
	E("mod_mem_type")
	V("MOD_TEXT",			 NO,   0,    0)
	V("MOD_DATA",			 NO,   1,    1)
	V("MOD_INIT_TEXT",		 NO,   4,    4)
	S("module_layout",		 80,   80,   80)
	M("base", "*void",		 0,    NO,   NO)
	M("size", "u32",		 8,    NO,   NO)
	M("text_size", "u32",		 12,   NO,   NO)
	S("module_memory",		 72,   72,   72)
	M("base", "*void",		 NO,   0,    0)
	M("is_rox", "u8",		 NO,   NO,   8)
	M("size", "u32",		 NO,   8,    12)
	S("module",			 1280, 1280, 1280)
	M("state", "module_state",	 0,    0,    0)
	M("list", "list_head",		 8,    8,    8)
	M("name", "char[56]",		 24,   24,   24)
	M("core_layout", "module_layout", 320, NO,   NO)
	M("init_layout", "module_layout", 400, NO,   NO)
	M("mem", "module_memory[7]",	 NO,   512,  512)
	M("kallsyms", "*mod_kallsyms",	 600,  1128, 1128)
	M("notes_attrs", "*module_notes_attrs", 648, 1176, 1176)
	/* of LIVEPATCH, which Debian's kernels are built without */
	M("klp", "u8",			 1208, 1208, 1208)
	M("klp_alive", "u8",		 1209, 1209, 1209)
	/* and then an array of bin_attribute */
	S("module_notes_attrs",		 16,   16,   48)
	S("attribute",			 16,   16,   16)
	M("name", "*char",		 0,    0,    0)
	S("bin_attribute",		 64,   72,   72)
	M("attr", "attribute",		 0,    0,    0)
	M("size", "u64",		 16,   16,   16)
	M("private", "*void",		 24,   24,   24)
	S("mod_kallsyms",		 32,   32,   32)
	M("symtab", "*elf64_sym",	 0,    0,    0)
	M("num_symtab", "u32",		 8,    8,    8)
	M("strtab", "*char",		 16,   16,   16)
	S("elf64_sym",			 24,   24,   24)
	M("st_name", "u32",		 0,    0,    0)
	M("st_info", "u8",		 4,    4,    4)
	M("st_shndx", "u16",		 6,    6,    6)
	M("st_value", "u64",		 8,    8,    8)
	M("st_size", "u64",		 16,   16,   16)

	S("kprobe_insn_cache",		 80,   80,   80)
	M("pages", "list_head",		 56,   56,   48)
	S("kprobe_insn_page",		 64,   64,   64)
	M("list", "list_head",		 0,    0,    0)
	M("insns", "*u16",		 16,   16,   16)

	S("bpf_ksym",			 600,  600,  608)
	M("start", "u64",		 0,    0,    0)
	M("end", "u64",			 8,    8,    8)
	M("name", "char[512]",		 16,   16,   16)
	M("lnode", "list_head",		 528,  528,  528)
	M("prog", "u8",			 592,  592,  592)
	S("bpf_tramp_image",		 656,  656,  672)
	M("ksym", "bpf_ksym",		 16,   16,   16)
	M("ip_after_call", "*void",	 NO,   632,  NO)
	M("tr", "*bpf_trampoline",	 NO,   NO,   648)
	S("@bpf_func",			 32,   32,   32)
	M("addr", "*void",		 16,   16,   16)
	S("bpf_trampoline",		 200,  200,  200)
	M("func", "@bpf_func",		 88,   88,   80)

	S("klp_patch",			 256,  256,  256)
	M("mod", "*module",		 0,    0,    0)
	M("replace", "u8",		 24,   24,   24)
	M("list", "list_head",		 32,   32,   32)
	M("obj_list", "list_head",	 112,  112,  112)
	M("enabled", "u8",		 128,  128,  128)
	M("forced", "u8",		 129,  129,  129)
	S("klp_object",			 168,  168,  168)
	M("name", "*void",		 0,    0,    0)
	M("func_list", "list_head",	 120,  120,  120)
	M("node", "list_head",		 136,  136,  136)
	M("mod", "*module",		 152,  152,  152)
	M("dynamic", "u8",		 160,  160,  160)
	M("patched", "u8",		 161,  161,  161)
	S("klp_func",			 152,  152,  152)
	M("old_name", "*void",		 0,    0,    0)
	M("new_func", "*void",		 8,    8,    8)
	M("old_sympos", "u64",		 16,   16,   16)
	M("old_func", "*void",		 24,   24,   24)
	M("node", "list_head",		 96,   96,   96)
	M("stack_node", "list_head",	 112,  112,  112)
	M("old_size", "u64",		 128,  128,  128)
	M("new_size", "u64",		 136,  136,  136)
	M("nop", "u8",			 144,  144,  144)
	M("patched", "u8",		 145,  145,  145)
	M("transition", "u8",		 146,  146,  146)
	S("klp_ops",			 256,  256,  256)
	M("node", "list_head",		 0,    0,    0)
	M("func_stack", "list_head",	 16,   16,   16)

	S("ftrace_hash",		 48,   48,   48)
	M("size_bits", "u64",		 0,    0,    0)
	M("buckets", "*hlist_head",	 8,    8,    8)
	S("ftrace_func_entry",		 32,   32,   32)
	M("hlist", "hlist_node",	 0,    0,    0)
	M("ip", "u64",			 16,   16,   16)
	M("direct", "u64",		 24,   24,   24)
	S("ftrace_ret_stack",		 32,   32,   24)
	M("ret", "u64",			 0,    0,    0)
	M("func", "u64",		 8,    8,    8)
	M("calltime", "u64",		 16,   16,   NO)
	M("retp", "*u64",		 24,   24,   16)

	S("rethook_node",		 NO,   48,   48)
	M("llist", "llist_node",	 NO,   16,   16)
	M("ret_addr", "u64",		 NO,   32,   32)
	M("frame", "u64",		 NO,   40,   40)
	S("kretprobe_instance",		 48,   NO,   NO)
	M("llist", "llist_node",	 16,   NO,   NO)
	M("ret_addr", "*u16",		 32,   NO,   NO)
	M("fp", "*void",		 40,   NO,   NO)
};

/* only those that this release has */
void fk_types_init(struct fk *fk)
{
	unsigned int i;

	fk->row = fk_grow(NULL, FK_ARRAY_SIZE(table), sizeof(*fk->row));
	for (i = 0; i < FK_ARRAY_SIZE(table); i++) {
		struct fk_row *row = &fk->row[fk->rows];

		if (table[i].value[fk->release] == NO)
			continue;
		*row = table[i];
		row->claim = (uint32_t)row->value[fk->release];
		fk->rows++;
	}
}

static bool is_type(const struct fk_row *row)
{
	return row->kind == 's' || row->kind == 'u' || row->kind == 'e';
}

const struct fk_row *fk_find_type(struct fk *fk, const char *name)
{
	unsigned int i;

	for (i = 0; i < fk->rows; i++)
		if (is_type(&fk->row[i]) && !strcmp(fk->row[i].name, name))
			return &fk->row[i];
	return NULL;
}

const struct fk_row *fk_next_member(struct fk *fk, const struct fk_row *row)
{
	row++;
	return row < fk->row + fk->rows && !is_type(row) ? row : NULL;
}

uint32_t fk_size_of(struct fk *fk, const char *type)
{
	static const struct {
		const char *name;
		uint32_t size;
	} plain[] = {
		{ "char", 1 }, { "u8", 1 }, { "u16", 2 }, { "u32", 4 },
		{ "int", 4 }, { "u64", 8 },
	};
	const char *bracket = strchr(type, '[');
	const struct fk_row *row;
	unsigned int i;

	if (*type == '*')
		return 8;
	if (bracket) {
		char *element = strndup(type, (size_t)(bracket - type));
		uint32_t size = fk_size_of(fk, element);

		free(element);
		return size * (uint32_t)strtoul(bracket + 1, NULL, 10);
	}
	for (i = 0; i < FK_ARRAY_SIZE(plain); i++)
		if (!strcmp(plain[i].name, type))
			return plain[i].size;
	row = fk_find_type(fk, type);
	if (!row)
		fk_die("no type %s", type);
	return (uint32_t)row->value[fk->release];
}

uint32_t fk_sizeof(struct fk *fk, const char *type)
{
	return fk_size_of(fk, type);
}

/* a member, also of a member without a name */
static const struct fk_row *find_member(struct fk *fk, const char *type,
					const char *name, size_t len,
					uint32_t *offset)
{
	const struct fk_row *row = fk_find_type(fk, type), *found;

	if (!row)
		fk_die("no type %s", type);
	while ((row = fk_next_member(fk, row))) {
		uint32_t here = (uint32_t)row->value[fk->release];

		if (!*row->name) {
			found = find_member(fk, row->type, name, len, offset);
			if (!found)
				continue;
			*offset += here;
			return found;
		}
		if (strncmp(row->name, name, len) || row->name[len])
			continue;
		*offset += here;
		return row;
	}
	return NULL;
}

static const struct fk_row *find_path(struct fk *fk, const char *type,
				      const char *path, uint32_t *offset)
{
	const struct fk_row *row;

	*offset = 0;
	for (;;) {
		size_t len = strcspn(path, ".");

		row = find_member(fk, type, path, len, offset);
		if (!row || !path[len])
			return row;
		type = row->type;
		path += len + 1;
	}
}

uint32_t fk_offset(struct fk *fk, const char *type, const char *path)
{
	uint32_t offset;

	if (!find_path(fk, type, path, &offset))
		fk_die("no member %s.%s", type, path);
	return offset;
}

bool fk_has(struct fk *fk, const char *type, const char *member)
{
	uint32_t offset;

	return fk_find_type(fk, type) && find_path(fk, type, member, &offset);
}

/* size of a member that is an integer, a pointer, or just one of these */
static unsigned int int_size(struct fk *fk, const char *type, const char *path,
			     uint32_t *offset)
{
	const struct fk_row *row = find_path(fk, type, path, offset);

	if (!row)
		fk_die("no member %s.%s", type, path);
	return fk_size_of(fk, row->type);
}

void fk_set(struct fk *fk, uint64_t base, const char *type, const char *path,
	    uint64_t value)
{
	uint32_t offset;
	unsigned int size = int_size(fk, type, path, &offset);

	fk_put(fk, base + offset, size, value);
}

uint64_t fk_read(struct fk *fk, uint64_t base, const char *type,
		 const char *path)
{
	uint32_t offset;
	unsigned int size = int_size(fk, type, path, &offset);

	return fk_get(fk, base + offset, size);
}

static struct fk_row *own_row(struct fk *fk, const char *type,
			      const char *member)
{
	const struct fk_row *row = fk_find_type(fk, type);

	while (row && member && (row = fk_next_member(fk, row)))
		if (!strcmp(row->name, member))
			break;
	if (!row)
		fk_die("no %s.%s", type, member ? member : "");
	return &fk->row[row - fk->row];
}

void fk_hide(struct fk *fk, const char *type, const char *member)
{
	own_row(fk, type, member)->hidden = true;
}

void fk_lie(struct fk *fk, const char *type, const char *member,
	    uint32_t number)
{
	own_row(fk, type, member)->claim = number;
}

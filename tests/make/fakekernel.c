/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tests/make/fakekernel.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bytes.h"
#include "tests/make/elf.h"
#include "tests/make/fk_private.h"

#define LOWCORE_VMCORE_INFO 0xe0c

/* room for so many program headers */
#define FK_SEGMENTS 512

static bool is_line_of(const char *line, const char *key)
{
	size_t len = strlen(key);

	return !strncmp(line, key, len) && line[len] == '=';
}

void fk_info_add(struct fk *fk, const char *fmt, ...)
{
	char line[256];
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(line, sizeof(line) - 1, fmt, ap);
	va_end(ap);
	if (len < 0 || (size_t)len >= sizeof(line) - 1)
		fk_die("a line of VMCOREINFO is too long");
	if (fk->dropped_key && is_line_of(line, fk->dropped_key))
		return;
	line[len++] = '\n';
	fk->info = fk_grow(fk->info, fk->info_len + (size_t)len, 1);
	memcpy(fk->info + fk->info_len, line, (size_t)len);
	fk->info_len += (size_t)len;
}

void fk_vmcoreinfo_note(struct fk *fk, bool in_file)
{
	fk->info_in_file = in_file;
}

void fk_vmcoreinfo_drop(struct fk *fk, const char *key)
{
	fk->dropped_key = key;
}

void fk_cpu_notes(struct fk *fk, uint8_t fill)
{
	fk->cpu_notes = fill;
}

void fk_no_btf(struct fk *fk)
{
	fk->without_btf = true;
}

void fk_vmap_stacks(struct fk *fk, bool vmap)
{
	fk->vmap_stacks = vmap;
}

static void add_info(struct fk *fk)
{
	static const char *const version[FK_RELEASES] = {
		[FK_6_1] = "6.1.192", [FK_6_12] = "6.12.107",
		[FK_7_2] = "7.2.12",
	};

	fk_info_add(fk, "OSRELEASE=%s-made", version[fk->release]);
	fk_info_add(fk, "BUILD-ID=00112233445566778899aabbccddeeff00112233");
	fk_info_add(fk, "PAGESIZE=4096");
	fk_info_add(fk, "SYMBOL(_stext)=%" PRIx64, fk->image + FK_TEXT);
	fk_info_add(fk, "SAMODE31=10000");
	fk_info_add(fk, "EAMODE31=20000");
	fk_info_add(fk, "KERNELOFFSET=%" PRIx64, fk->image);
	if (fk->release == FK_6_1)
		return;
	fk_info_add(fk, "IDENTITYBASE=%" PRIx64, fk->identity);
	fk_info_add(fk, "KERNELOFFPHYS=%" PRIx64, fk->image_phys);
}

/* what the linker script names, and functions that every test needs */
static void add_text(struct fk *fk)
{
	static const char *const funcs[] = {
		"startup_continue", "system_call", "__do_syscall",
		"pgm_check_handler", "ret_from_fork", "__ret_from_fork",
		"kthread", "io_int_handler", "ext_int_handler",
		"return_to_handler", "schedule", "__schedule",
	};
	size_t i;

	fk_symbol(fk, "_stext", 'T', fk->image + FK_TEXT);
	fk_symbol(fk, "_etext", 'T', fk->image + FK_TEXT_END);
	fk_symbol(fk, "__init_begin", 'T', fk->image + FK_INIT);
	fk_symbol(fk, "_sinittext", 'T', fk->image + FK_INIT);
	fk_symbol(fk, "_einittext", 'T', fk->image + FK_INIT_END);
	fk_symbol(fk, "__init_end", 'T', fk->image + FK_INIT_END);
	fk_symbol(fk, "_end", 'B', fk->image + FK_IMAGE_END);
	for (i = 0; i < FK_ARRAY_SIZE(funcs); i++)
		fk_func(fk, funcs[i]);
	/* shares its address with labels */
	fk_init_func(fk, "set_reset_devices");
	fk_func(fk, fk->release == FK_6_1 ? "__kretprobe_trampoline" :
					    "arch_rethook_trampoline");
}

static void add_variables(struct fk *fk)
{
	uint64_t pages, hash;

	fk_static(fk, "init_mm", fk_sizeof(fk, "mm_struct"));
	fk_static(fk, "__per_cpu_offset", FK_CPUS * 8);
	fk_static(fk, "__cpu_possible_mask", FK_CPUS / 8);
	fk_static(fk, "__cpu_online_mask", FK_CPUS / 8);
	fk_static(fk, "nr_cpu_ids", 4);
	fk_static(fk, "__per_cpu_start", 0x400);
	fk_static(fk, "runqueues", fk_sizeof(fk, "rq"));
	fk_list_init(fk, fk_static(fk, "modules", 16));
	fk_list_init(fk, fk_static(fk, "bpf_kallsyms", 16));
	pages = fk_static(fk, "kprobe_insn_slots",
			  fk_sizeof(fk, "kprobe_insn_cache"));
	fk_list_init(fk, pages + fk_offset(fk, "kprobe_insn_cache", "pages"));

	/* EMPTY_HASH in kernel/trace/ftrace.c */
	hash = fk_static(fk, "empty_hash", fk_sizeof(fk, "ftrace_hash"));
	fk_set(fk, hash, "ftrace_hash", "buckets",
	       fk_static(fk, "empty_buckets", 8));
	fk_put(fk, fk_static(fk, "direct_functions", 8), 8, hash);
}

/* init_task, as INIT_TASK() has it */
static void add_init_task(struct fk *fk)
{
	bool old = fk->release == FK_6_1;
	uint64_t stack = fk_image_alloc(fk, FK_STACK_SIZE, FK_STACK_SIZE);

	fk_symbol(fk, old ? "__start_init_task" : "__start_init_stack", 'D',
		  stack);
	fk_symbol(fk, old ? "__end_init_task" : "__end_init_stack", 'D',
		  stack + FK_STACK_SIZE);
	fk->init_task = fk_static(fk, "init_task",
				  fk_sizeof(fk, "task_struct"));
	fk_list_init(fk, fk->init_task +
		     fk_offset(fk, "task_struct", "tasks"));
	/* arch_call_rest_init() of 6.1 moves to another stack */
	fk->idle[0] = fk_task_new(fk, "swapper/0", 0, fk->init_task,
				  old ? fk_linear_stack(fk) : stack);
}

struct fk *fk_new(enum fk_release release)
{
	struct fk *fk = fk_grow(NULL, 1, sizeof(*fk));

	memset(fk, 0, sizeof(*fk));
	fk->release = release;
	fk->info_in_file = release == FK_6_1;
	fk->vmap_stacks = release != FK_6_1;
	fk_memory_init(fk);
	fk_types_init(fk);
	add_text(fk);
	add_variables(fk);
	add_init_task(fk);
	fk_cpu(fk, 0, true);
	fk_cpu(fk, 1, true);
	return fk;
}

void fk_free(struct fk *fk)
{
	unsigned int i;

	for (i = 0; i < fk->tasks; i++)
		free(fk->task[i]);
	free(fk->task);
	fk_memory_free(fk);
	free(fk->row);
	free(fk->sym);
	free(fk->info);
	free(fk);
}

static void put_btf(struct fk *fk)
{
	uint32_t len;
	void *data;
	uint64_t at;

	if (fk->without_btf)
		return;
	data = fk_btf(fk, &len);
	at = fk_image_alloc(fk, len, 8);
	fk_put_bytes(fk, at, data, len);
	free(data);
	fk_symbol(fk, "__start_BTF", 'R', at);
	fk_symbol(fk, "__stop_BTF", 'R', at + len);
}

/* lowcore.vmcore_info at absolute 0xe0c, not aligned */
static void put_note(struct fk *fk)
{
	struct mk note = { .data = NULL };
	uint8_t pointer[8];
	uint64_t at;

	mk_note(&note, 0, "VMCOREINFO", 11, 0, fk->info, fk->info_len);
	at = fk_alloc_abs(fk, note.len, FK_PAGE);
	fk_put_abs(fk, at, note.data, note.len);
	zu_put_be64(pointer, at);
	fk_put_abs(fk, LOWCORE_VMCORE_INFO, pointer, sizeof(pointer));
	mk_free(&note);
}

void fk_complete(struct fk *fk)
{
	if (fk->complete)
		return;
	add_info(fk);
	put_btf(fk);
	fk_kallsyms(fk);
	fk_set(fk, fk_address(fk, "init_mm"), "mm_struct", "context.asce",
	       fk_tables(fk));
	fk->complete = true;
	if (!fk->info_in_file)
		put_note(fk);
}

/* How many pages from @first on are in the dump, or are not */
static unsigned int run(const struct fk *fk, unsigned int first, bool there)
{
	unsigned int i = first;

	while (i < FK_PAGES && !fk->page[i] == !there)
		i++;
	return i - first;
}

/* Registers of a CPU, as QEMU writes them: each byte is the same */
static size_t add_cpu_notes(const struct fk *fk, struct mk *m, size_t at)
{
	enum { PRSTATUS = 1, CTRS = 0x304, PREFIX = 0x305 };
	uint8_t bytes[336];

	memset(bytes, fk->cpu_notes, sizeof(bytes));
	at = mk_note(m, at, "CORE", 5, PRSTATUS, bytes, 336);
	at = mk_note(m, at, "LINUX", 6, PREFIX, bytes, 4);
	return mk_note(m, at, "LINUX", 6, CTRS, bytes, 128);
}

/* A segment of all notes; the end of it */
static size_t dump_notes(const struct fk *fk, struct mk *m, size_t at)
{
	size_t start = at;
	unsigned int i;

	for (i = 0; fk->cpu_notes && i < FK_CPUS; i++)
		if (fk->idle[i])
			at = add_cpu_notes(fk, m, at);
	if (fk->info_in_file)
		at = mk_note(m, at, "VMCOREINFO", 11, 0, fk->info,
			     fk->info_len);
	mk_notes(m, 0, start, at - start);
	return at;
}

/* All storage, one segment for each run of pages */
static void dump_storage(const struct fk *fk, struct mk *m)
{
	size_t at = dump_notes(fk, m, MK_PHDRS +
			       (size_t)FK_SEGMENTS * MK_PHDR_SIZE);
	unsigned int first, n, i, segments = 1;

	for (first = run(fk, 0, false); first < FK_PAGES;
	     first += n + run(fk, first + n, false)) {
		struct mk_phdr p = { .type = MK_LOAD, .offset = at };

		n = run(fk, first, true);
		p.paddr = (uint64_t)first * FK_PAGE;
		p.filesz = p.memsz = (uint64_t)n * FK_PAGE;
		if (segments == FK_SEGMENTS)
			fk_die("too many pieces of storage");
		mk_phdr(m, segments++, &p);
		mk_at(m, at, (size_t)p.filesz);
		for (i = 0; i < n; i++, at += FK_PAGE)
			memcpy(m->data + at, fk->page[first + i], FK_PAGE);
	}
	mk_ehdr(m, segments);
}

void fk_dump(struct fk *fk, struct mk *m)
{
	fk_complete(fk);
	memset(m, 0, sizeof(*m));
	dump_storage(fk, m);
}

void fk_write(struct fk *fk, const char *path)
{
	FILE *f = fopen(path, "wb");
	struct mk m;

	fk_dump(fk, &m);
	if (!f || fwrite(m.data, 1, m.len, f) != m.len || fclose(f))
		fk_die("cannot write %s", path);
	mk_free(&m);
}

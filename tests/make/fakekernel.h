/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel that never ran: tests make the memory of an s390x kernel, with all
 * that zunwind looks at, and write it as a dump. Everything has the layout of
 * a real kernel of that release, types, symbols and page tables included, so
 * the dump is opened as any other:
 *
 *	struct fk *fk = fk_new(FK_7_2);
 *	struct fk_task *t = fk_task(fk, "sleeper", 42);
 *
 *	fk_frame(t, "system_call");	outermost first
 *	fk_frame(t, "__do_syscall");
 *	fk_frame(t, "__schedule");
 *	fk_write(fk, path);
 *	fk_free(fk);
 *
 * What is wrong in a test's use of it ends the program with a message.
 */
#ifndef ZU_TESTS_MAKE_FAKEKERNEL_H
#define ZU_TESTS_MAKE_FAKEKERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * enum fk_release - which kernel's ways
 * @FK_6_1: virtual addresses are physical ones; stacks in linear memory;
 *	kallsyms with a base, in front; module_layout; kretprobe's own records;
 *	shadow stack of structures; VMCOREINFO note in the file; page tables of
 *	three levels with 4 KiB pages
 * @FK_6_12: image apart from identity mapping; VMAP stacks; kallsyms with a
 *	base, at the end; module_memory; rethook; shadow stack of words, records
 *	of 32 bytes; VMCOREINFO by lowcore; 1 MiB pages
 * @FK_7_2: identity mapping not at 0; kallsyms relative to their own place;
 *	on_cpu of one byte; rq.curr in a union; records of 24 bytes; longer BTF
 *	header; page tables of four levels with a 2 GiB page
 */
enum fk_release { FK_6_1, FK_6_12, FK_7_2, FK_RELEASES };

#define fk_for_each_release(r) for (r = FK_6_1; r < FK_RELEASES; r++)

/** FK_STACK_SIZE - THREAD_SIZE */
#define FK_STACK_SIZE 16384

struct fk;
struct mk;

/**
 * struct fk_task - a task
 * @fk: its kernel
 * @addr: of its struct task_struct
 * @stack: lowest address of its stack
 * @sp: the innermost frame: where the next one goes below, and ksp
 * @frames: how many
 */
struct fk_task {
	struct fk *fk;
	uint64_t addr;
	uint64_t stack;
	uint64_t sp;
	unsigned int frames;
};

/**
 * fk_new() - a kernel with CPUs 0 and 1, both online and idle
 * @release: which
 *
 * Return: the kernel; fk_free() it, with all tasks.
 */
struct fk *fk_new(enum fk_release release);
void fk_free(struct fk *fk);

/**
 * fk_dump() - make a dump
 * @fk: the kernel; the first call completes it, after that only memory can be
 *	changed
 * @m: an ELF file; mk_free() it
 */
void fk_dump(struct fk *fk, struct mk *m);

/**
 * fk_write() - write a dump
 * @fk: as for fk_dump()
 * @path: an ELF file
 */
void fk_write(struct fk *fk, const char *path);

/*
 * Memory. Addresses are kernel virtual ones; what is new is zero.
 *
 * fk_alloc: linear memory, aligned to its size rounded up to a power of two,
 *	at most a page
 * fk_valloc: whole pages that are apart from each other in storage
 * fk_static: a variable in the kernel image, with a symbol
 * fk_put, fk_get: big-endian integers of 1, 2, 4, 8 bytes
 * fk_forget: leave a page out of the dump
 */
uint64_t fk_alloc(struct fk *fk, size_t size);
uint64_t fk_valloc(struct fk *fk, size_t size);
uint64_t fk_static(struct fk *fk, const char *name, size_t size);
void fk_put(struct fk *fk, uint64_t addr, unsigned int size, uint64_t value);
uint64_t fk_get(struct fk *fk, uint64_t addr, unsigned int size);
void fk_put_bytes(struct fk *fk, uint64_t addr, const void *data, size_t len);
void fk_forget(struct fk *fk, uint64_t addr);
/* the absolute address of a virtual one, and bytes at absolute addresses */
uint64_t fk_abs(struct fk *fk, uint64_t addr);
void fk_put_abs(struct fk *fk, uint64_t abs, const void *data, size_t len);

/*
 * Types, as the table in tests/make/fk_types.c has them. A path may lead
 * through members that are structures: "thread.ksp".
 *
 * fk_offset, fk_sizeof: numbers of this release
 * fk_has: does this release have the member?
 * fk_set, fk_read: a member of the structure at an address
 * fk_hide: the type data does not have a member, or with @member NULL a type
 * fk_lie: the type data has a member at another offset, or with @member NULL a
 *	type with another size
 */
uint32_t fk_offset(struct fk *fk, const char *type, const char *path);
uint32_t fk_sizeof(struct fk *fk, const char *type);
bool fk_has(struct fk *fk, const char *type, const char *member);
void fk_set(struct fk *fk, uint64_t base, const char *type, const char *path,
	    uint64_t value);
uint64_t fk_read(struct fk *fk, uint64_t base, const char *type,
		 const char *path);
void fk_hide(struct fk *fk, const char *type, const char *member);
void fk_lie(struct fk *fk, const char *type, const char *member,
	    uint32_t number);

/**
 * fk_btf() - the type data that the kernel carries
 * @fk: the kernel
 * @len: its length
 *
 * Return: raw BTF; free() it.
 */
void *fk_btf(struct fk *fk, uint32_t *len);

/*
 * Symbols.
 *
 * fk_func: a function of kernel text, made if there is none of that name;
 *	those made one after the other are neighbours
 * fk_func_size: the same with a size, which is 0x100 otherwise
 * fk_init_func: a function of init text
 * fk_place: "function+0x1c", or "function", which means a place after some
 *	call in the middle of it
 * fk_symbol: a symbol of any address; text symbols have the letter t
 * fk_address: of a symbol, 0 if there is none
 * fk_no_symbol: take it away
 * fk_text_symbols_only: as without CONFIG_KALLSYMS_ALL
 */
uint64_t fk_func(struct fk *fk, const char *name);
uint64_t fk_func_size(struct fk *fk, const char *name, uint32_t size);
uint64_t fk_init_func(struct fk *fk, const char *name);
uint64_t fk_place(struct fk *fk, const char *place);
void fk_symbol(struct fk *fk, const char *name, char letter, uint64_t addr);
uint64_t fk_address(struct fk *fk, const char *name);
void fk_no_symbol(struct fk *fk, const char *name);
void fk_text_symbols_only(struct fk *fk);

/* VMCOREINFO: by lowcore.vmcore_info, or in a note of the file */
void fk_vmcoreinfo_note(struct fk *fk, bool in_file);
/* leave out the line of one key: "KERNELOFFSET"; the string is kept */
void fk_vmcoreinfo_drop(struct fk *fk, const char *key);
/* notes of the CPUs' registers in the file, each byte of them @fill */
void fk_cpu_notes(struct fk *fk, uint8_t fill);
/* as without CONFIG_DEBUG_INFO_BTF */
void fk_no_btf(struct fk *fk);
/* stacks from vmalloc from now on, or not */
void fk_vmap_stacks(struct fk *fk, bool vmap);

/*
 * Tasks.
 *
 * fk_cpu: one more CPU, and its idle task, which it runs if it is online
 * fk_idle: the idle task of a CPU
 * fk_task: a process, sleeping; its stack has only the base frame's room
 * fk_thread: one more thread of a process
 * fk_run: let a CPU run it
 * fk_list_add: at the end of a list_head
 */
struct fk_task *fk_cpu(struct fk *fk, unsigned int cpu, bool online);
struct fk_task *fk_idle(struct fk *fk, unsigned int cpu);
struct fk_task *fk_task(struct fk *fk, const char *comm, int pid);
struct fk_task *fk_thread(struct fk_task *leader, const char *comm, int pid);
void fk_run(struct fk_task *t, unsigned int cpu);
void fk_set_task(struct fk_task *t, const char *path, uint64_t value);
uint64_t fk_rq(struct fk *fk, unsigned int cpu);
void fk_list_init(struct fk *fk, uint64_t head);
void fk_list_add(struct fk *fk, uint64_t head, uint64_t node);

/*
 * Stacks, from the outermost frame inwards. Each frame has a return address in
 * a function, and a back chain to the frame before; the first one has none,
 * and the task's own registers above it.
 *
 * fk_frame: place as for fk_place()
 * fk_frame_at: the return address itself; size of the frame
 * fk_sleep: the frames of a user task that sleeps in a system call:
 *	system_call, __do_syscall, do_sleep, schedule, __schedule
 * fk_kthread: ret_from_fork, __ret_from_fork, kthread, schedule, __schedule
 * fk_never_ran: what copy_thread() leaves
 * fk_interrupt: registers of an interrupt at @place, and the first frame of
 *	@handler
 */
void fk_frame(struct fk_task *t, const char *place);
void fk_frame_at(struct fk_task *t, uint64_t ip, uint32_t size);
void fk_sleep(struct fk_task *t);
void fk_kthread(struct fk_task *t);
void fk_never_ran(struct fk_task *t);
void fk_interrupt(struct fk_task *t, const char *place, const char *handler);
uint64_t fk_task_regs(const struct fk_task *t);

/*
 * Tracing of the innermost frame's return address, as if the function called
 * from there were traced: the trampoline takes its place, a record keeps it.
 *
 * fk_fgraph: the function graph tracer; returns the address of the record
 * fk_fgraph_data: words that a tracer keeps with the last record (not 6.1)
 * fk_kretprobe: a return probe (rethook or kretprobe); returns the same
 * fk_direct: an ftrace direct call from @ip to @trampoline; returns its entry
 */
uint64_t fk_fgraph(struct fk_task *t);
void fk_fgraph_data(struct fk_task *t, unsigned int words);
uint64_t fk_kretprobe(struct fk_task *t);
uint64_t fk_direct(struct fk *fk, uint64_t ip, uint64_t trampoline);

/**
 * struct fk_module - a module
 * @addr: of its struct module
 * @text: its text, of @text_size bytes
 * @init: its init text, of @init_size bytes
 * @data: its data, a page
 */
struct fk_module {
	struct fk *fk;
	uint64_t addr;
	uint64_t text;
	uint32_t text_size;
	uint64_t init;
	uint32_t init_size;
	uint64_t data;
	uint64_t symtab;
	uint64_t strtab;
	uint32_t strings;
};

/*
 * Other code.
 *
 * fk_module: a module without symbols. Sizes of text are even, not whole
 *	pages: behind them is more memory of the module
 * fk_module_init_freed: its init text is gone, as do_free_init() leaves it
 * fk_module_symbol: one symbol more; section 0 means undefined
 * fk_module_func: one symbol more, which says that it is a function
 * fk_module_build_id: its build ID, in a note of its file
 * fk_kprobe_page: one page of moved instructions
 * fk_bpf: a BPF program or, with @prog false, an image; its struct bpf_ksym
 * fk_bpf_trampoline: the struct bpf_tramp_image of a traced function.
 *	@after_call: where it returns to from the original function, an offset,
 *	or 0 if it does not call it
 */
void fk_module(struct fk *fk, struct fk_module *m, const char *name);
void fk_module_init_freed(struct fk_module *m);
void fk_module_symbol(struct fk_module *m, const char *name, uint64_t value,
		      unsigned int section);
void fk_module_func(struct fk_module *m, const char *name, uint64_t value,
		    uint64_t size);
void fk_module_build_id(struct fk_module *m, const uint8_t *id, uint32_t len);
uint64_t fk_kprobe_page(struct fk *fk);
uint64_t fk_bpf(struct fk *fk, const char *name, uint64_t start, uint32_t size,
		bool prog);
uint64_t fk_bpf_trampoline(struct fk *fk, uint64_t start, uint32_t size,
			   const char *function, uint32_t after_call);

#endif

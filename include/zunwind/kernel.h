/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kernel in a source: a dump or a capture of Linux on s390x.
 *
 * Invariants
 * - A struct zu_kernel is used by one thread at a time. Two of them are
 *   independent of each other, but not while they are opened: libbpf's print
 *   function, which is one for the process, is set aside meanwhile.
 * - Nothing is read but the source, and the files that struct
 *   zu_open_options names.
 * - Nothing is printed and no signal is handled.
 *
 * Life cycle
 *
 *	struct zu_error err;
 *	struct zu_kernel *k;
 *	struct zu_trace t = ZU_TRACE_INIT;
 *	struct zu_task task;
 *
 *	if (zu_kernel_open("vmcore", NULL, &k, &err))
 *		... err.text says why ...
 *	for (i = 0; i < zu_kernel_task_count(k); i++) {
 *		if (zu_kernel_task(k, i, &task, &err) ||
 *		    zu_trace_task(&t, k, &task, &err))
 *			...
 *		... t.strict, t.kernel, t.frames[0 to t.nr_frames - 1] ...
 *	}
 *	zu_trace_deinit(&t);
 *	zu_kernel_close(k);
 */
#ifndef ZUNWIND_KERNEL_H
#define ZUNWIND_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "zunwind/error.h"

struct zu_kernel;

/**
 * struct zu_open_options - how to open a kernel
 * @btf_path: take the type data from this file (raw BTF, or an ELF file with
 *	a .BTF section) instead of from the kernel's memory; NULL: don't
 * @table_path: take unwind rows of the kernel itself from this table, which
 *	zunwind table made of the same build; NULL: from its code in memory. A folder: all rows
 *	from the tables BUILD-ID.zut in it, as zunwind.ko has them
 */
struct zu_open_options {
	const char *btf_path;
	const char *table_path;
};

/**
 * zu_kernel_open() - open the kernel in a source
 * @path: an ELF dump, a kdump-compressed or s390 stand-alone dump, a capture; or
 *	"live": the kernel that runs here; or "gdb:HOST:PORT": QEMU's gdb server
 * @options: NULL for the defaults
 * @ret: the kernel; zu_kernel_close() it
 * @err: the causes
 *
 * Everything that holds for all tasks is read here: symbols, types, CPUs, text
 * ranges, and the list of tasks. Of a machine that runs this begins a look.
 *
 * Return: 0; ZU_EIO if a file can't be opened; ZU_ENOTSUP if it is of a kind
 * or of an architecture that zunwind does not read; ZU_EFORMAT if it is
 * damaged; ZU_EFAULT if memory that is needed isn't in it; ZU_ENOENT if the
 * kernel lacks a symbol or type that is needed; ZU_ENOMEM. For @table_path
 * also ZU_EINVAL if it is of another kernel, ZU_ENOENT if the folder has none of
 * this one, ZU_ENOTMINE if it is no table.
 */
int zu_kernel_open(const char *path, const struct zu_open_options *options,
		   struct zu_kernel **ret, struct zu_error *err);

/**
 * zu_kernel_close() - close a kernel
 * @k: the kernel, or NULL; what was got from it is invalid afterwards
 */
void zu_kernel_close(struct zu_kernel *k);

/**
 * zu_kernel_look() - look again, at a machine that runs
 * @k: the kernel; all that was got from it before but strings of
 *	zu_kernel_info() is invalid
 * @err: the causes
 *
 * CPUs, text ranges and the list of tasks are read anew. Of a dump it is the same
 * look.
 *
 * Return: 0; as zu_kernel_open() when it fails: @k may be looked at again, or
 * closed.
 */
int zu_kernel_look(struct zu_kernel *k, struct zu_error *err);

/**
 * zu_kernel_changes() - may what is read change during a look?
 * @k: the kernel
 *
 * Return: true for one that runs.
 */
bool zu_kernel_changes(const struct zu_kernel *k);

/**
 * zu_kernel_runs() - is there more than one look?
 * @k: the kernel
 *
 * Return: true for a machine, also if it stands still for a look; false for a dump.
 */
bool zu_kernel_runs(const struct zu_kernel *k);

/**
 * zu_kernel_let_go() - the machine may go on
 * @k: the kernel. Nothing may be asked of it but what needs no memory: closing,
 *	zu_kernel_info(), another look
 */
void zu_kernel_let_go(struct zu_kernel *k);

/**
 * zu_kernel_check() - was all of it there, so far?
 * @k: the kernel
 * @err: the causes
 *
 * Names, and what zu_trace_task() says, come without an error of their own; ask when
 * a look is complete.
 *
 * Return: 0; ZU_EIO if the machine was lost: the server that gives its memory
 * has gone, or gave no sense.
 */
int zu_kernel_check(struct zu_kernel *k, struct zu_error *err);

/**
 * struct zu_kernel_info - what is known of a kernel
 * @source_kind: "elf", "kdump", "capture", "live" or "gdb"
 * @source_path: as given to zu_kernel_open()
 * @release: as uname -r prints it
 * @build_id: hexadecimal, or "" if the kernel does not tell
 * @cpus: CPUs that are online
 * @stack_size: bytes of a kernel stack
 *
 * The strings belong to the kernel.
 */
struct zu_kernel_info {
	const char *source_kind;
	const char *source_path;
	const char *release;
	const char *build_id;
	unsigned int cpus;
	uint32_t stack_size;
};

/**
 * zu_kernel_info() - what is known of a kernel
 * @k: the kernel
 *
 * Return: the same for as long as @k is open.
 */
const struct zu_kernel_info *zu_kernel_info(const struct zu_kernel *k);

/** ZU_TASK_COMM - room for a task's name (TASK_COMM_LEN is 16 up to 7.2) */
#define ZU_TASK_COMM 64

/** ZU_NO_PATCH_STATE - what live patching says of a task is not known */
#define ZU_NO_PATCH_STATE (-2)

/**
 * struct zu_task - a task
 * @address: of its struct task_struct
 * @pid: thread ID; 0 for idle tasks
 * @tgid: process ID
 * @comm: its name, as the kernel has it: any bytes but 0
 * @state: the letter that ps shows: R S D T t X Z P I
 * @cpu: the CPU it is or was on
 * @running: on a CPU at this moment
 * @idle: the idle task of @cpu
 * @offline: an idle task whose CPU is not online
 * @exited: it has ended, and is only kept for its parent to ask
 * @has_stack: false for a zombie whose stack is gone
 * @stack: lowest address of its stack
 * @ksp: the stack pointer its last switch saved; out of date if @running
 * @patch_state: which functions it uses: -1: no transition goes on, 0: unpatched
 *	ones, 1: patched ones; ZU_NO_PATCH_STATE if it is not known
 */
struct zu_task {
	uint64_t address;
	int32_t pid;
	int32_t tgid;
	char comm[ZU_TASK_COMM];
	char state;
	uint32_t cpu;
	bool running;
	bool idle;
	bool offline;
	bool exited;
	bool has_stack;
	uint64_t stack;
	uint64_t ksp;
	int32_t patch_state;
};

/**
 * zu_kernel_task_count() - how many tasks
 * @k: the kernel
 *
 * Return: the number of tasks: the idle tasks of all possible CPUs, then all
 * threads of all processes in the kernel's order.
 */
size_t zu_kernel_task_count(const struct zu_kernel *k);

/**
 * zu_kernel_task() - a task
 * @k: the kernel
 * @index: 0 to zu_kernel_task_count() - 1
 * @ret: the task
 * @err: the causes
 *
 * Return: 0; ZU_EINVAL if there is no such task.
 */
int zu_kernel_task(struct zu_kernel *k, size_t index, struct zu_task *ret,
		   struct zu_error *err);

/**
 * struct zu_symbol - a function's name
 * @name: the name
 * @module: its module, or NULL for the kernel itself and for code of BPF
 * @start: its first address
 * @size: bytes up to the next symbol, padding included
 *
 * The strings belong to the kernel and are valid until the next look-up.
 */
struct zu_symbol {
	const char *name;
	const char *module;
	uint64_t start;
	uint64_t size;
};

/**
 * zu_kernel_symbol() - the function at an address
 * @k: the kernel
 * @addr: an address
 * @ret: the symbol
 *
 * For a return address ask for the byte before it: a call that never returns
 * can be the last instruction of its function. zu_frame_symbol() does that.
 *
 * Return: true if there is one.
 */
bool zu_kernel_symbol(struct zu_kernel *k, uint64_t addr,
		      struct zu_symbol *ret);

#endif

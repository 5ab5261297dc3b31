/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What live patching (kernel/livepatch) keeps in memory: patches, their
 * objects and functions, function stacks, and the transition that goes on.
 *
 * The reader is here and not in klp/, since a capture has to keep what it
 * reads.
 */
#ifndef ZU_KERN_LIVEPATCH_H
#define ZU_KERN_LIVEPATCH_H

#include "kern/kernel.h"

/* More than any kernel has; what is beyond is damage. */
#define ZU_KLP_PATCHES	1024u
#define ZU_KLP_OBJECTS	4096u
#define ZU_KLP_FUNCS	16384u

/** ZU_KLP_NAME - room for a module's name (MODULE_NAME_LEN is 56 up to 7.2) */
#define ZU_KLP_NAME 64

/** ZU_KLP_NONE - no such function, object, patch */
#define ZU_KLP_NONE ((size_t)-1)

/**
 * enum zu_klp_state - which functions a task uses, as task_struct.patch_state
 * @ZU_KLP_IDLE: no transition
 * @ZU_KLP_UNPATCHED: those from before the patch
 * @ZU_KLP_PATCHED: those of the patch
 */
enum zu_klp_state {
	ZU_KLP_IDLE = -1,
	ZU_KLP_UNPATCHED = 0,
	ZU_KLP_PATCHED = 1,
};

/**
 * struct zu_klp_func - struct klp_func: a function that a patch replaces
 * @address: of the struct klp_func
 * @name: of the function that is replaced; owned
 * @object: number of its object
 * @sympos: which of those of that name, 0: the only one
 * @old_func: where it is; 0 as long as its object is not loaded
 * @old_size: bytes up to the next symbol
 * @new_func: what replaces it
 * @new_size: bytes up to the next symbol
 * @nop: put there by the kernel: back to what was there before all patches
 * @patched: it is on a function stack
 * @transition: which version to use is asked of each task
 * @stacked: it was found on a function stack
 * @alone: and is the only one there
 * @older: number of the function next to it there, which is older, or
 *	ZU_KLP_NONE
 */
struct zu_klp_func {
	uint64_t address;
	char *name;
	size_t object;
	uint64_t sympos;
	uint64_t old_func;
	uint64_t old_size;
	uint64_t new_func;
	uint64_t new_size;
	bool nop;
	bool patched;
	bool transition;
	bool stacked;
	bool alone;
	size_t older;
};

/**
 * struct zu_klp_object - struct klp_object: what functions are in
 * @address: of the struct klp_object
 * @name: of the module; empty for vmlinux
 * @loaded: it is there: vmlinux, or a module that is loaded
 * @patched: its functions are on function stacks
 * @first: number of its first function
 * @count: how many functions
 */
struct zu_klp_object {
	uint64_t address;
	char name[ZU_KLP_NAME];
	bool loaded;
	bool patched;
	size_t first;
	size_t count;
};

/**
 * struct zu_klp_patch - struct klp_patch: a live patch
 * @address: of the struct klp_patch
 * @name: of its module
 * @enabled: it is applied, or about to be
 * @replace: it replaces all patches before it
 * @forced: a transition was forced: its code may be in use for ever
 * @first: number of its first object
 * @count: how many objects
 */
struct zu_klp_patch {
	uint64_t address;
	char name[ZU_KLP_NAME];
	bool enabled;
	bool replace;
	bool forced;
	size_t first;
	size_t count;
};

/**
 * struct zu_klp - live patching in a kernel
 * @patches: in the order in which they were applied; owned
 * @nr_patches: how many
 * @objects: of all patches; owned
 * @nr_objects: how many
 * @funcs: of all objects; owned
 * @nr_funcs: how many
 * @transition: number of the patch whose transition goes on, or ZU_KLP_NONE
 * @target: where tasks have to come to; ZU_KLP_IDLE if no transition goes on
 * @rounds: how often the kernel has tried in vain to switch all tasks, or -1
 *	if it does not tell
 */
struct zu_klp {
	struct zu_klp_patch *patches;
	size_t nr_patches;
	struct zu_klp_object *objects;
	size_t nr_objects;
	struct zu_klp_func *funcs;
	size_t nr_funcs;
	size_t transition;
	enum zu_klp_state target;
	int64_t rounds;
};

/** ZU_KLP_INIT - nothing */
#define ZU_KLP_INIT { .transition = ZU_KLP_NONE, .target = ZU_KLP_IDLE }

/**
 * zu_klp_read() - read the state of live patching
 * @k: the kernel
 * @ret: ZU_KLP_INIT; zu_klp_deinit() it, also on failure
 * @err: the causes
 *
 * Return: 0; ZU_ENOENT if this kernel has no live patching, or a capture does
 * not hold it; ZU_EFAULT if a list leads out of memory; ZU_EFORMAT if one is
 * damaged or what it says does not fit together; ZU_ENOMEM.
 */
int zu_klp_read(const struct zu_kernel *k, struct zu_klp *ret,
		struct zu_error *err);

/**
 * zu_klp_deinit() - release it
 * @klp: read, or ZU_KLP_INIT
 */
void zu_klp_deinit(struct zu_klp *klp);

/**
 * zu_klp_check() - does a look at all tasks count?
 * @klp: as it was read before they were looked at
 * @k: the kernel
 * @err: the causes
 *
 * Return: 0; ZU_EAGAIN if live patches came or went meanwhile, or modules that they
 * change; as zu_klp_read() and
 * zu_kernel_check().
 */
int zu_klp_check(const struct zu_klp *klp, struct zu_kernel *k,
		 struct zu_error *err);

/**
 * struct zu_klp_task - what live patching knows of a task
 * @state: its patch_state
 * @kthread: a kernel thread: signals don't reach it (PF_KTHREAD)
 */
struct zu_klp_task {
	enum zu_klp_state state;
	bool kthread;
};

/**
 * zu_klp_task() - read it
 * @k: the kernel; it has live patching
 * @task: the task
 * @ret: what is known
 * @err: the causes
 *
 * Return: 0; ZU_EFAULT if it can't be read; ZU_EFORMAT if patch_state is none.
 */
int zu_klp_task(const struct zu_kernel *k, const struct zu_task *task,
		struct zu_klp_task *ret, struct zu_error *err);

/**
 * zu_klp_there() - does a kernel have what zu_klp_read() reads?
 * @k: the kernel
 *
 * Return: true if so.
 */
bool zu_klp_there(const struct zu_kernel *k);

/**
 * zu_klp_known() - is it known whether a kernel has live patching?
 * @k: the kernel
 *
 * Return: false for a capture that an older zunwind made.
 */
bool zu_klp_known(const struct zu_kernel *k);

#endif

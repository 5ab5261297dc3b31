/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is kernel code: __kernel_text_address() in kernel/extable.c.
 *
 * To add a kind of text: a file that calls zu_text_add() for each piece, one
 * row in the table in kern/text.c.
 */
#ifndef ZU_KERN_TEXT_H
#define ZU_KERN_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "zunwind/error.h"

struct zu_kernel;

/**
 * enum zu_text_kind - whose code it is
 * @ZU_TEXT_KERNEL: from _stext to _etext
 * @ZU_TEXT_INIT: init text of the kernel: counts for ever, also when its
 *	memory has been freed
 * @ZU_TEXT_MODULE: text or init text of a module
 * @ZU_TEXT_KPROBE: instructions that kprobes moved away
 * @ZU_TEXT_BPF: a BPF program
 * @ZU_TEXT_BPF_IMAGE: a BPF trampoline, dispatcher or struct_ops stub
 */
enum zu_text_kind {
	ZU_TEXT_KERNEL,
	ZU_TEXT_INIT,
	ZU_TEXT_MODULE,
	ZU_TEXT_KPROBE,
	ZU_TEXT_BPF,
	ZU_TEXT_BPF_IMAGE,
};

/**
 * struct zu_text_range - a piece of code
 * @begin: first address
 * @last: last address that counts
 * @kind: whose it is
 * @owner: address of its struct module or struct bpf_ksym, or 0
 * @name: of a kernel that changes: a number made of its owner's name, by which it
 *	differs from what comes to the same place
 */
struct zu_text_range {
	uint64_t begin;
	uint64_t last;
	enum zu_text_kind kind;
	uint64_t owner;
	uint64_t name;
};

/**
 * struct zu_text - all code
 * @range: sorted by @begin; owned
 * @count: how many
 * @cap: room for
 */
struct zu_text {
	struct zu_text_range *range;
	size_t count;
	size_t cap;
};

/**
 * zu_text_init() - find all code
 * @k: the kernel; fills k->text, which zu_text_deinit() releases
 * @err: the causes
 *
 * Return: 0; ZU_EFAULT or ZU_EFORMAT if a list of modules, probes or programs
 * is damaged; ZU_ENOENT if the kernel has modules but not the members that
 * tell where their text is; ZU_ENOMEM.
 */
int zu_text_init(struct zu_kernel *k, struct zu_error *err);

/**
 * zu_text_init_kernel() - find that of the kernel itself, which never changes
 * @k: the kernel
 * @err: the causes
 *
 * Return: as zu_text_init().
 */
int zu_text_init_kernel(struct zu_kernel *k, struct zu_error *err);

/**
 * zu_text_deinit() - forget it
 * @text: initialized or zeroed
 */
void zu_text_deinit(struct zu_text *text);

/**
 * zu_text_add() - add a piece of code, while zu_text_init() runs
 * @k: the kernel
 * @begin: first address
 * @last: last address that counts; a piece with @last < @begin is empty and
 *	left out
 * @kind: whose it is
 * @owner: address of its struct module or struct bpf_ksym, or 0
 * @err: the causes
 *
 * Return: 0; ZU_ENOMEM.
 */
int zu_text_add(struct zu_kernel *k, uint64_t begin, uint64_t last,
		enum zu_text_kind kind, uint64_t owner, struct zu_error *err);

/**
 * zu_text_find() - the code at an address
 * @text: all code
 * @addr: any address
 *
 * Return: a range that covers it, or NULL.
 */
const struct zu_text_range *zu_text_find(const struct zu_text *text,
					 uint64_t addr);

/**
 * zu_text_is_there() - is a piece of code still what it was?
 * @k: the kernel
 * @range: of a module, or of BPF
 *
 * Return: true if its owner says so. Others go and come with new owners, or names;
 * one of the same name at the same place, of the same length, is the same again.
 */
bool zu_text_is_there(struct zu_kernel *k, const struct zu_text_range *range);

/**
 * zu_text_add_modules() - add the text of all modules
 * @k: the kernel
 * @err: the causes
 *
 * Return: as zu_text_init(). The other functions of this kind are the same.
 */
int zu_text_add_modules(struct zu_kernel *k, struct zu_error *err);
int zu_text_add_kprobes(struct zu_kernel *k, struct zu_error *err);
int zu_text_add_bpf(struct zu_kernel *k, struct zu_error *err);

/**
 * zu_text_add_module() - add the text of one module
 * @k: the kernel
 * @owner: address of its struct module
 * @err: the causes
 *
 * Return: as zu_text_init(). zu_text_add_ksym() is the same for a struct bpf_ksym.
 */
int zu_text_add_module(struct zu_kernel *k, uint64_t owner,
		       struct zu_error *err);
int zu_text_add_ksym(struct zu_kernel *k, uint64_t owner,
		     struct zu_error *err);

#endif

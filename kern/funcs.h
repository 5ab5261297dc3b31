/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The functions of a kernel as they are in its memory, each looked at once and
 * only if somebody asks: its frame at every instruction, where it jumps to,
 * whether it returns.
 *
 * Invariants
 * - Only memory that is code now is read: not init text that was given away.
 * - A function that is not proven, and has no hint, has no rows.
 * - What is kept is bounded, whatever a damaged dump asks for. Pointers hold
 *   until the next call of zu_func_find() or zu_func_look().
 */
#ifndef ZU_KERN_FUNCS_H
#define ZU_KERN_FUNCS_H

#include "core/row.h"
#include "flow/flow.h"
#include "kern/kernel.h"

/**
 * struct zu_func - a function
 * @start: its address
 * @code: its bytes; owned
 * @len: how many, padding included
 * @known: private
 * @looked: rows and jumps are there
 * @anywhere: it can jump to what a register holds
 * @rows: by offset, the first at 0; owned
 * @nr_rows: 0 if it is not proven
 * @jumps: the functions it can jump to; owned
 * @nr_jumps: how many
 */
struct zu_func {
	uint64_t start;
	uint8_t *code;
	uint32_t len;
	uint16_t known;
	bool looked;
	bool anywhere;
	struct zu_flow_row *rows;
	size_t nr_rows;
	uint64_t *jumps;
	size_t nr_jumps;
};

/**
 * zu_funcs_create() - begin
 * @k: the kernel, which gets it as k->funcs
 * @err: the causes
 *
 * Return: 0; ZU_ENOMEM.
 */
int zu_funcs_create(struct zu_kernel *k, struct zu_error *err);

/**
 * zu_funcs_destroy() - end
 * @funcs: the functions, or NULL
 */
void zu_funcs_destroy(struct zu_funcs *funcs);

/**
 * zu_func_find() - the function at an address, not looked at
 * @k: the kernel
 * @addr: any address
 *
 * Return: the function; NULL if there is no symbol or no code.
 */
const struct zu_func *zu_func_find(struct zu_kernel *k, uint64_t addr);

/**
 * zu_func_look() - the function at an address, looked at
 * @k: the kernel
 * @addr: any address
 *
 * Return: as zu_func_find().
 */
const struct zu_func *zu_func_look(struct zu_kernel *k, uint64_t addr);

/**
 * zu_func_row() - the row for an address
 * @f: a function that was looked at
 * @addr: inside of it
 * @ret: the row; ZU_ROW_UNDEFINED if there is none
 */
void zu_func_row(const struct zu_func *f, uint64_t addr, struct zu_row *ret);

/**
 * zu_func_dest() - what is at an address that code branches to
 * @k: the kernel
 * @addr: the address
 *
 * Return: bits of enum zu_dest, but not ZU_DEST_NORETURN.
 */
unsigned int zu_func_dest(struct zu_kernel *k, uint64_t addr);

/**
 * zu_plt_target() - where an entry of a module's PLT leads
 * @k: the kernel
 * @addr: an address
 *
 * Return: the address that is jumped to; @addr itself if it is no such entry.
 */
uint64_t zu_plt_target(struct zu_kernel *k, uint64_t addr);

/**
 * zu_code_is_gone() - was the code at an address freed?
 * @k: the kernel
 * @addr: an address
 *
 * Return: true for init text of a kernel that is up.
 */
bool zu_code_is_gone(struct zu_kernel *k, uint64_t addr);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's own symbol table, read from its memory.
 *
 * Three forms exist: absolute addresses (all kernels before 4.6, later those
 * without CONFIG_KALLSYMS_BASE_RELATIVE, none in 6.12), offsets from
 * kallsyms_relative_base, and since 7.0 (a081b5789255) offsets from their own
 * place. Which one it is shows in the symbols VMCOREINFO names.
 */
#ifndef ZU_KERN_KALLSYMS_H
#define ZU_KERN_KALLSYMS_H

#include "kern/memory.h"
#include "kern/vmcoreinfo.h"

struct zu_kallsyms;
struct zu_text_symbols;

/** ZU_KSYM_NAME - room for the longest symbol name (KSYM_NAME_LEN, since 6.1) */
#define ZU_KSYM_NAME 512

/**
 * struct zu_kallsym - a symbol found by its address
 * @start: its address
 * @size: bytes to the next symbol with another address (the kernel's notion:
 *	padding counts), after the last one to the end of text, init text or
 *	the image; 0 if that is not known
 * @name: its name
 */
struct zu_kallsym {
	uint64_t start;
	uint64_t size;
	char name[ZU_KSYM_NAME];
};

/**
 * zu_kallsyms_load() - read the tables
 * @mem: kernel memory
 * @info: says where the tables are
 * @ret: the symbols; zu_kallsyms_destroy() them
 * @err: the causes
 *
 * Return: 0; ZU_ENOENT if VMCOREINFO does not say where they are; ZU_EFAULT
 * if they can't be read; ZU_EFORMAT if they contradict themselves, or page
 * tables do; ZU_ENOMEM.
 */
int zu_kallsyms_load(const struct zu_memory *mem,
		     const struct zu_vmcoreinfo *info,
		     struct zu_kallsyms **ret, struct zu_error *err);

/**
 * zu_kallsyms_destroy() - forget symbols
 * @ks: symbols, or NULL
 */
void zu_kallsyms_destroy(struct zu_kallsyms *ks);

/**
 * zu_kallsyms_count() - how many symbols
 * @ks: symbols
 *
 * Return: their number.
 */
size_t zu_kallsyms_count(const struct zu_kallsyms *ks);

/**
 * zu_kallsyms_find() - addresses of some names, in one pass over the table
 * @ks: symbols
 * @names: what to look for
 * @n: how many
 * @addrs: n addresses; 0 for a name that isn't there or that more than one
 *	symbol with different addresses has
 */
void zu_kallsyms_find(const struct zu_kallsyms *ks, const char *const *names,
		      size_t n, uint64_t *addrs);

/**
 * zu_kallsyms_find_single() - zu_kallsyms_find() that tells several from none
 * @ks: symbols
 * @names: what to look for
 * @n: how many
 * @addrs: n addresses; 0 for a name that isn't there
 * @err: the causes
 *
 * Return: 0; ZU_EFORMAT if a name has several addresses, or the address 0.
 */
int zu_kallsyms_find_single(const struct zu_kallsyms *ks,
			    const char *const *names, size_t n,
			    uint64_t *addrs, struct zu_error *err);

/**
 * zu_kallsyms_named() - symbols that have one of some names, in one pass
 * @ks: symbols
 * @names: what to look for
 * @n: how many
 * @each: called in the order of the table, which counts for sympos of live
 *	patches, for each symbol that may have one of the names: it has to
 *	compare. Symbols of data are among them
 * @ctx: given to @each
 */
void zu_kallsyms_named(const struct zu_kallsyms *ks, const char *const *names,
		       size_t n,
		       void (*each)(void *ctx, const char *name, uint64_t addr),
		       void *ctx);

/**
 * zu_kallsyms_at() - the symbol that covers an address
 * @ks: symbols
 * @addr: an address
 * @ret: the symbol
 *
 * As kallsyms_lookup() does: the greatest start that is not above @addr, of
 * several with one start the first in the table; and nothing outside of what
 * is_ksym_addr() takes: text and init text, or the whole image in a kernel with
 * CONFIG_KALLSYMS_ALL (one whose table has _end). If the table does not say
 * where these are, the last symbol covers its own address only.
 *
 * Return: true if there is one.
 */
bool zu_kallsyms_at(const struct zu_kallsyms *ks, uint64_t addr,
		    struct zu_kallsym *ret);

/**
 * zu_kallsyms_each() - all symbols in a range
 * @ks: symbols
 * @begin: the first address
 * @last: the last one
 * @to: what to do; with sizes of 0, and all of them functions but those whose
 *	letter says that they are data
 *
 * In the order of the table.
 */
void zu_kallsyms_each(const struct zu_kallsyms *ks, uint64_t begin,
		      uint64_t last, const struct zu_text_symbols *to);

#endif

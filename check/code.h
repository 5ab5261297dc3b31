/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Code to look at: the functions of an object (a kernel, or a module), their
 * bytes, and what their branches lead to; from a file or from a kernel in a
 * source.
 *
 * Invariants
 * - An object is one flat address space. Relocatable files are laid out and
 *   relocated when they are opened; what they leave undefined gets addresses
 *   of its own, at which there are symbols but no bytes.
 * - Functions are sorted by address and don't overlap. Each one ends where the
 *   next one, data with a symbol, or a label between pieces of text begins, or
 *   where the section ends: padding is included.
 * - Nothing is larger than what the file or source really holds.
 *
 * What is looked at: of a vmlinux and of a relocatable file all sections with
 * code; of a kernel in a source its text, without init text, whose memory has
 * been given away, and the text of each module; no code that a kernel made
 * itself (BPF, trampolines, kprobes).
 *
 * Which symbols are functions: check/code_syms.h.
 *
 * To add a kind of object: a file with a const struct zu_code_ops, one call in
 * check/code.c.
 */
#ifndef ZU_CHECK_CODE_H
#define ZU_CHECK_CODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "zunwind/error.h"

/**
 * struct zu_code_func - a function
 * @addr: where it is
 * @len: bytes, padding included
 * @name: offset of its name in zu_code.names
 * @global: other objects can call it, by this name or another that it has
 */
struct zu_code_func {
	uint64_t addr;
	uint32_t len;
	uint32_t name : 31;
	uint32_t global : 1;
};

/**
 * struct zu_code - an object
 * @name: "" for a kernel, else the module's name; owned
 * @path: the file, or the source, for messages; owned
 * @build_id: its build ID
 * @build_id_len: 0 if it has none, or it can't be told
 * @text: what offsets in tables are relative to. A kernel: _stext; a module or
 *	another file: its first function in memory that is kept, which is the
 *	start of .text. That is not the start of a module's text memory: on
 *	s390 a GOT and a PLT come first, of a size that the loader chooses
 *	(module_frob_arch_sections()).
 * @text_len: bytes of text from there on. Functions that lie outside have no
 *	place in tables: init text of modules, and in a vmlinux what is linked
 *	behind init and exit text (.amode31.text), which never runs there.
 * @code_len: bytes of all text that was looked into for functions, the gaps
 *	between its pieces left out
 * @func: the functions
 * @nr_func: how many
 * @names: their names, each 0-terminated; owned
 * @relocatable: a file that is not laid out yet: of its sections only .text
 *	has its final place
 * @bucket: for each ZU_CODE_BUCKET bytes from the first function on, the last
 *	function that starts there or before; owned. May be NULL.
 * @nr_bucket: how many
 *
 * The rest is private to the readers.
 */
struct zu_code {
	char *name;
	char *path;
	uint8_t build_id[32];
	uint32_t build_id_len;
	uint64_t text;
	uint64_t text_len;
	uint64_t code_len;
	struct zu_code_func *func;
	size_t nr_func;
	char *names;
	bool relocatable;
	uint32_t *bucket;
	size_t nr_bucket;

	const struct zu_code_ops *ops;
	void *priv;
};

/** ZU_CODE_BUCKET - bytes; about the size of a function */
#define ZU_CODE_BUCKET 512u

/**
 * struct zu_code_ops - what a kind of object does; private to readers
 * @bytes: the code or constants at @addr without copying, or NULL if @len of
 *	them are not there in one piece; valid until the next call
 * @is_entry: does anything that can be called start at @addr: a function of
 *	this object, or an undefined symbol
 * @dest_name: name of what is at @addr: a function or an undefined symbol; or
 *	NULL
 * @symbol: as zu_code_symbol(); NULL: there are none
 * @section: as zu_code_section(); NULL: there are none
 * @close: releases @priv
 */
struct zu_code_ops {
	const uint8_t *(*bytes)(struct zu_code *c, uint64_t addr, size_t len);
	bool (*is_entry)(struct zu_code *c, uint64_t addr);
	const char *(*dest_name)(struct zu_code *c, uint64_t addr);
	bool (*symbol)(struct zu_code *c, const char *name, uint64_t *ret);
	bool (*section)(struct zu_code *c, const char *name, uint64_t *addr,
			uint64_t *len);
	void (*close)(struct zu_code *c);
};

/**
 * struct zu_code_set - the objects of a file or source
 * @code: the objects; owned. A kernel is the first.
 * @nr: how many
 */
struct zu_code_set {
	struct zu_code *code;
	size_t nr;
};

/**
 * zu_code_open() - open what a user names
 * @path: an s390x ELF file: vmlinux, a module, an object file; or a dump or
 *	capture of a kernel
 * @ret: the objects; zu_code_close() them
 * @err: the causes
 *
 * Return: 0; ZU_EIO if the file can't be opened; ZU_ENOTSUP if it is nothing
 * that holds s390x code (or is compressed: says how to unpack it), or needs a
 * relocation that isn't known; ZU_EFORMAT if it is damaged; ZU_ENOENT if it has
 * no symbols; ZU_EFAULT, ZU_ENOENT as zu_kernel_open(); ZU_ENOMEM.
 */
int zu_code_open(const char *path, struct zu_code_set *ret,
		 struct zu_error *err);

/**
 * zu_code_close() - close them
 * @set: opened, or zeroed; empty afterwards
 */
void zu_code_close(struct zu_code_set *set);

/**
 * zu_code_func_at() - the function at an address
 * @c: an object
 * @addr: an address
 *
 * Return: the function that covers it, or NULL.
 */
const struct zu_code_func *zu_code_func_at(const struct zu_code *c,
					   uint64_t addr);

/**
 * zu_code_in_text() - has a function a place in tables?
 * @c: an object
 * @f: a function of it
 *
 * Return: true if it lies in the text that offsets are counted in.
 */
bool zu_code_in_text(const struct zu_code *c, const struct zu_code_func *f);

/**
 * zu_code_symbol() - address of a symbol that an object defines
 * @c: an object
 * @name: its name
 * @ret: its address
 *
 * It takes a look at the whole symbol table. Of several with one name the
 * first counts. Modules in a source know their functions only.
 *
 * Return: true if there is one.
 */
bool zu_code_symbol(struct zu_code *c, const char *name, uint64_t *ret);

/**
 * zu_code_section() - where a section is
 * @c: an object
 * @name: its name
 * @addr: its address
 * @len: its length
 *
 * A source has no sections: there, and in a vmlinux, labels like
 * __start___bug_table can be had from zu_code_symbol().
 *
 * Return: true if the object has it in memory.
 */
bool zu_code_section(struct zu_code *c, const char *name, uint64_t *addr,
		     uint64_t *len);

#endif

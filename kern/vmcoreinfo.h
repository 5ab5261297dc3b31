/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * VMCOREINFO: the text in which a kernel says where its things are
 * (kernel/vmcore_info.c, arch/s390/kernel/vmcore_info.c; before 6.9
 * kernel/crash_core.c, arch/s390/kernel/machine_kexec.c).
 */
#ifndef ZU_KERN_VMCOREINFO_H
#define ZU_KERN_VMCOREINFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "zunwind/error.h"

struct zu_image;

/**
 * struct zu_vmcoreinfo - the text
 * @text: NUL-terminated copy; owned
 * @len: its length without the NUL
 */
struct zu_vmcoreinfo {
	char *text;
	size_t len;
};

/**
 * zu_vmcoreinfo_init() - find it in an image
 * @info: any content; zu_vmcoreinfo_deinit() it
 * @image: its own note if the container has one, else the note that
 *	lowcore.vmcore_info (8 bytes at absolute address 0xe0c, not aligned,
 *	set by arch_crash_save_vmcoreinfo()) points to
 * @err: the causes
 *
 * Return: 0; ZU_ENOENT if there is none (an odd value: the kernel was still
 * booting; 0: not Linux, or without CONFIG_VMCORE_INFO); ZU_EFORMAT if
 * what it points to is no such note or the note's lengths lie; ZU_EFAULT;
 * ZU_ENOMEM. On failure @info is not touched.
 */
int zu_vmcoreinfo_init(struct zu_vmcoreinfo *info, struct zu_image *image,
		       struct zu_error *err);

/**
 * zu_vmcoreinfo_init_text() - take a text
 * @info: any content; zu_vmcoreinfo_deinit() it
 * @text: the text, need not be NUL-terminated; a NUL ends it
 * @len: its length
 * @err: the causes
 *
 * The last line need not end in a newline, except in a text that fills the
 * kernel's page: there it was cut off, and is dropped.
 *
 * Return: 0; ZU_EFORMAT if it has no line "KEY=VALUE" or more than 64 KiB;
 * ZU_ENOMEM. On failure @info is not touched.
 */
int zu_vmcoreinfo_init_text(struct zu_vmcoreinfo *info, const char *text,
			    size_t len, struct zu_error *err);

/**
 * zu_vmcoreinfo_deinit() - release it
 * @info: initialized, or zeroed
 */
void zu_vmcoreinfo_deinit(struct zu_vmcoreinfo *info);

/**
 * zu_vmcoreinfo_get() - the value of a key
 * @info: the text
 * @key: "OSRELEASE", "SYMBOL(_stext)"
 * @len: length of the value, which is not NUL-terminated
 *
 * The whole key has to match, at the start of a line; the first such line
 * counts.
 *
 * Return: the value inside @info, or NULL.
 */
const char *zu_vmcoreinfo_get(const struct zu_vmcoreinfo *info,
			      const char *key, size_t *len);

/**
 * zu_vmcoreinfo_hex() - the value of a key as a hexadecimal number
 * @info: the text
 * @key: the key
 * @ret: the number; "0x" in front is allowed
 *
 * Return: true if the key is there and its whole value is such a number.
 */
bool zu_vmcoreinfo_hex(const struct zu_vmcoreinfo *info, const char *key,
		       uint64_t *ret);

/**
 * zu_vmcoreinfo_symbol() - the runtime address of a symbol
 * @info: the text
 * @name: the symbol, without "SYMBOL()"
 * @ret: its address
 *
 * Return: true if it is there.
 */
bool zu_vmcoreinfo_symbol(const struct zu_vmcoreinfo *info, const char *name,
			  uint64_t *ret);

#endif

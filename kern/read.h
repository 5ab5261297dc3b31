/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading the kernel's variables and structure members. */
#ifndef ZU_KERN_READ_H
#define ZU_KERN_READ_H

#include "core/bytes.h"
#include "kern/kernel.h"

/**
 * zu_read_uint() - an unsigned integer of the kernel
 * @k: the kernel
 * @addr: its address
 * @size: its size, 1, 2, 4 or 8
 * @ret: the value
 *
 * Return: 0; ZU_EFAULT or ZU_EFORMAT as the kernel's memory says; ZU_EINVAL
 * for another size.
 */
int zu_read_uint(const struct zu_kernel *k, uint64_t addr, uint32_t size,
		 uint64_t *ret);

/**
 * zu_read_field() - a member that is an integer or a pointer
 * @k: the kernel
 * @base: address of the structure
 * @f: the member
 * @ret: the value
 *
 * Return: as zu_read_uint(); ZU_ENOENT if this kernel has no such member.
 */
int zu_read_field(const struct zu_kernel *k, uint64_t base, enum zu_field f,
		  uint64_t *ret);

/**
 * zu_read_field_err() - zu_read_field() that can say what failed
 * @k: the kernel
 * @base: address of the structure
 * @f: the member
 * @ret: the value
 * @err: the causes
 *
 * Return: as zu_read_field().
 */
int zu_read_field_err(const struct zu_kernel *k, uint64_t base,
		      enum zu_field f, uint64_t *ret, struct zu_error *err);

/**
 * zu_read_string() - a string of the kernel, made fit for C
 * @k: the kernel
 * @addr: its address
 * @buf: where to; always terminated
 * @size: of @buf; a longer string is cut
 *
 * Return: 0, or as the kernel's memory says.
 */
int zu_read_string(const struct zu_kernel *k, uint64_t addr, char *buf,
		   size_t size);

/**
 * zu_has() - does this kernel have a member?
 * @k: the kernel
 * @f: the member
 *
 * Return: true if it has.
 */
static inline bool zu_has(const struct zu_kernel *k, enum zu_field f)
{
	return k->layout.place[f].present;
}

/**
 * zu_offset() - where a member is
 * @k: the kernel
 * @f: a member the kernel has
 *
 * Return: bytes from the start of the structure; an enumerator's value.
 */
static inline uint64_t zu_offset(const struct zu_kernel *k, enum zu_field f)
{
	return k->layout.place[f].offset;
}

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the members of the kernel's structures are. Every structure, member
 * and enumerator that zunwind looks at is a row of kern/layout.def; the
 * numbers come from the kernel's own BTF (kern/btf.c), or from a capture that
 * took them from there.
 */
#ifndef ZU_KERN_LAYOUT_H
#define ZU_KERN_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "zunwind/error.h"

/** ZU_BTF_MAX - bytes, far more than any kernel has (6 MB in Debian 7.2) */
#define ZU_BTF_MAX (256u << 20)

/**
 * enum zu_field - the rows of kern/layout.def
 */
enum zu_field {
#define ZU_MEMBER(id, type, path, need) ZU_F_##id,
#define ZU_SIZEOF(id, type, need) ZU_F_##id,
#define ZU_ENUMERATOR(id, type, name, need) ZU_F_##id,
#include "kern/layout.def"
#undef ZU_MEMBER
#undef ZU_SIZEOF
#undef ZU_ENUMERATOR
	ZU_FIELD_COUNT,
};

/**
 * struct zu_place - what is known of one row
 * @present: this kernel has it
 * @offset: of a member: bytes from the start of the structure; of an
 *	enumerator: its value; of a size: 0
 * @size: of a member: its size in bytes (an array as a whole); of a size: it
 * @target: of a member that is a pointer or an array: the size of what it
 *	points to, or of an element; otherwise 0
 */
struct zu_place {
	bool present;
	uint32_t offset;
	uint32_t size;
	uint32_t target;
};

/**
 * struct zu_layout - all rows
 * @place: by enum zu_field
 */
struct zu_layout {
	struct zu_place place[ZU_FIELD_COUNT];
};

/**
 * zu_layout_from_btf() - take a layout from raw BTF
 * @data: a BTF blob in either byte order
 * @len: its length
 * @ret: the layout
 * @err: the causes
 *
 * Not for two threads at once: libbpf is told to be quiet meanwhile, and that
 * setting is the whole process's.
 *
 * Return: 0; ZU_EFORMAT if it is no BTF, is damaged, or has sizes or offsets
 * that no s390x structure can have; ZU_ENOENT if a structure or member that
 * zunwind can't do without is missing (named in @err); ZU_ENOTSUP if this
 * build has no BTF reader; ZU_ENOMEM.
 */
int zu_layout_from_btf(const void *data, size_t len, struct zu_layout *ret,
		       struct zu_error *err);

/**
 * zu_layout_from_file() - take a layout from a file
 * @path: raw BTF, or an ELF file with a section .BTF (a vmlinux)
 * @build_id: the kernel's, as its VMCOREINFO has it: lower-case hex; NULL, ""
 *	or zeros only: not known
 * @ret: the layout
 * @err: the causes, without @path
 *
 * Of raw BTF, and of an ELF file without a GNU build-id note, nobody can tell
 * which build of a kernel it belongs to: it is taken.
 *
 * Return: as zu_layout_from_btf(); ZU_EIO if the file can't be read;
 * ZU_ENOTSUP if it is an ELF file, but not of s390x, or if this build has no
 * reader for it; ZU_EINVAL if its build-id is not @build_id; ZU_ENOENT if
 * there is no such section in it.
 */
int zu_layout_from_file(const char *path, const char *build_id,
			struct zu_layout *ret, struct zu_error *err);

/**
 * zu_layout_check() - is everything there that zunwind can't do without?
 * @l: a layout
 * @err: the causes
 *
 * Return: 0; ZU_ENOENT with the first missing row named; ZU_EFORMAT if a row
 * has a size that its readers can't work with (a pid of 3 bytes), or lies
 * outside of its structure. After it no offset or size is above 1 MiB.
 */
int zu_layout_check(const struct zu_layout *l, struct zu_error *err);

/**
 * zu_field_name() - the name of a row: "task_struct.pid", "sizeof(pt_regs)"
 * @f: the row
 *
 * Return: static memory; what a capture stores and an error says.
 */
const char *zu_field_name(enum zu_field f);

#endif

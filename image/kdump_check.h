/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is a kdump-compressed or s390 stand-alone dump complete?
 *
 * libkdumpfile 0.5 reads what lies beyond the end of a file as zeros, and
 * believes the sizes in a header. So a file is looked over before it gets it:
 * every piece it promises must be there.
 */
#ifndef ZU_IMAGE_KDUMP_CHECK_H
#define ZU_IMAGE_KDUMP_CHECK_H

#include "image/file.h"

/** ZU_KDUMP_METHODS - ways to store a page, one bit of the flags each */
#define ZU_KDUMP_METHODS 32

/**
 * struct zu_kdump_facts - what was found
 * @vmcoreinfo: offset of the VMCOREINFO text
 * @vmcoreinfo_len: its length, 0 if there is none
 * @methods: how pages are compressed, bits of the flags of their descriptors
 * @sample: address of a page of each method
 */
struct zu_kdump_facts {
	uint64_t vmcoreinfo;
	uint64_t vmcoreinfo_len;
	uint32_t methods;
	uint64_t sample[ZU_KDUMP_METHODS];
};

/**
 * zu_kdump_check() - look a dump over
 * @file: the dump
 * @facts: what was found
 * @err: the causes
 *
 * Of a flattened dump it is only checked that all its pieces are there.
 *
 * Return: 0; ZU_ENOTMINE, without touching @err, if the file is none;
 * ZU_ENOTSUP if it is a dump of another machine or a part of one;
 * ZU_EFORMAT if it is truncated or damaged.
 */
int zu_kdump_check(const struct zu_file *file, struct zu_kdump_facts *facts,
		   struct zu_error *err);

#endif

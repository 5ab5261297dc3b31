/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file that is read at places.
 *
 * Dumps are read by pread(), a page at a time through image/cache.h, and not
 * mapped. A mapping was tried: a walk of all tasks touches many pages, far
 * apart, once each, and then a page fault each costs more than a system call
 * each (a guest under QEMU, warm, 80,000 pages of 2 GiB: 1.3 s of CPU time
 * mapped, with or without madvise(), 0.3 s read). Besides, a mapped file that
 * shrinks, or whose disk fails, ends the process by SIGBUS, and a library
 * can't do anything about that. Here it is an error like others.
 */
#ifndef ZU_IMAGE_FILE_H
#define ZU_IMAGE_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "zunwind/error.h"

/**
 * struct zu_file - an open file or block device
 * @fd: owned
 * @size: in bytes
 */
struct zu_file {
	int fd;
	uint64_t size;
};

/**
 * zu_file_init() - keep a file open
 * @file: any content; zu_file_deinit() it
 * @fd: the file; stays with the caller, who may close it
 * @err: the causes
 *
 * Return: 0; ZU_EIO.
 */
int zu_file_init(struct zu_file *file, int fd, struct zu_error *err);

/**
 * zu_file_deinit() - close it
 * @file: an open file, or one whose @fd is -1
 */
void zu_file_deinit(struct zu_file *file);

/**
 * zu_file_read() - read a piece
 * @file: an open file
 * @offset: where it is
 * @buf: where to
 * @len: how much; all of it or nothing
 *
 * Return: 0; ZU_EIO if the operating system refuses; ZU_EFAULT if the piece
 * is not in the file as it is now.
 */
int zu_file_read(const struct zu_file *file, uint64_t offset, void *buf,
		 size_t len);

/**
 * zu_file_head() - read the beginning of a file
 * @fd: the file
 * @buf: where to; what lies beyond the end of the file is zeroed
 * @len: how much
 * @ret: how much there was
 * @err: the causes
 *
 * Return: 0; ZU_EIO.
 */
int zu_file_head(int fd, void *buf, size_t len, size_t *ret,
		 struct zu_error *err);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Captures: small dumps of what a look at every task's stack touches.
 */
#ifndef ZUNWIND_CAPTURE_H
#define ZUNWIND_CAPTURE_H

#include "zunwind/kernel.h"

/**
 * struct zu_capture_info - what a capture holds
 * @tasks: tasks
 * @bytes: bytes of kernel memory
 */
struct zu_capture_info {
	size_t tasks;
	size_t bytes;
};

/**
 * zu_capture_make() - make a capture of a kernel
 * @source: as for zu_kernel_open()
 * @options: as for zu_kernel_open()
 * @path: the file to write; it appears, or is replaced, when it is whole
 * @ret: what it holds; may be NULL
 * @err: the causes
 *
 * It holds the bytes that opening the kernel, walking and judging every task
 * read from memory, and the symbols and type data that go with them. Of an
 * undamaged kernel no byte of user memory is read, so none gets into it;
 * process names, and whatever a kernel stack holds where a frame has its
 * links, do. In a damaged one a pointer can lead anywhere.
 *
 * Return: 0; as zu_kernel_open(); ZU_EINVAL if @path is the source; ZU_EIO if
 * it can't be written.
 */
int zu_capture_make(const char *source, const struct zu_open_options *options,
		    const char *path, struct zu_capture_info *ret,
		    struct zu_error *err);

#endif

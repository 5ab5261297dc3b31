/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The input is a kdump-compressed, flattened or stand-alone dump. Only our own
 * look at it is tried: libkdumpfile, which gets what passes, is not ours.
 */
#include <fcntl.h>
#include <stdlib.h>

#include "image/kdump_check.h"
#include "tests/make/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
#if ZU_HAVE_KDUMPFILE
	struct zu_kdump_facts facts;
	struct zu_error err = { 0 };
	struct zu_file file;
	int fd, ret;

	fd = open(mk_fuzz_file(data, size), O_RDONLY | O_CLOEXEC);
	if (fd < 0 || zu_file_init(&file, fd, &err))
		abort();
	close(fd);
	ret = zu_kdump_check(&file, &facts, &err);
	if (ret && ret != ZU_ENOTMINE && (err.code != ret || !err.text[0]))
		abort();
	if (!ret && facts.vmcoreinfo_len > size)
		abort();
	zu_file_deinit(&file);
#else
	(void)data;
	(void)size;
#endif
	return 0;
}

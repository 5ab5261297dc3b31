// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a live patch's file says, and where functions are in a dump, for those
 * who compare it with what others say.
 *
 *	patches VMLINUX FILE.ko...	as /sys/kernel/livepatch has it:
 *					PATCH/OBJECT/FUNCTION,POSITION
 *	patches DUMP <NAMES		for each line of names, as
 *					zu_patch_names() takes them:
 *					NAME START SIZE, or the error
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kern/layout.h"
#include "klp/names.h"
#include "klp/patch_file.h"
#include "klp/resolve.h"

static int show_file(const char *path, const struct zu_layout *layout)
{
	struct zu_patch_file p;
	struct zu_error err;
	size_t i;

	if (zu_patch_file_read(path, layout, &p, &err)) {
		printf("%s: %s\n", path, err.text);
		return 2;
	}
	for (i = 0; i < p.functions.nr; i++) {
		const struct zu_patch_function *f = &p.functions.function[i];

		printf("%s/%s/%s,%" PRIu64 "\n", p.name,
		       f->object ? f->object : ZU_OBJECT_KERNEL, f->name,
		       f->sympos ? f->sympos : 1);
	}
	zu_patch_file_deinit(&p);
	return 0;
}

static int show_files(const char *vmlinux, char **files)
{
	struct zu_layout layout;
	struct zu_error err;
	int status = 0;

	if (zu_layout_from_file(vmlinux, NULL, &layout, &err)) {
		fprintf(stderr, "patches: %s: %s\n", vmlinux, err.text);
		return 2;
	}
	for (; *files; files++)
		status |= show_file(*files, &layout);
	return status;
}

static int show_line(struct zu_kernel *k, const char *line)
{
	struct zu_patch_functions list = { .nr = 0 };
	struct zu_patch_ranges ranges;
	struct zu_error err;
	size_t i;

	if (zu_patch_names(line, &list, &err) ||
	    zu_patch_resolve(k, &list, &ranges, &err)) {
		printf("%s\n", err.text);
		zu_patch_functions_deinit(&list);
		return 2;
	}
	for (i = 0; i < ranges.nr; i++)
		if (ranges.range[i].waits)
			printf("%s waits for %s\n", list.function[i].name,
			       list.function[i].object);
		else
			printf("%s %" PRIx64 " %" PRIx64 "\n",
			       list.function[i].name, ranges.range[i].start,
			       ranges.range[i].size);
	zu_patch_ranges_deinit(&ranges);
	zu_patch_functions_deinit(&list);
	return 0;
}

static int show_names(const char *dump)
{
	struct zu_kernel *k;
	struct zu_error err;
	char *line = NULL;
	size_t size = 0;
	int status = 0;

	if (zu_kernel_open(dump, NULL, &k, &err)) {
		fprintf(stderr, "patches: %s: %s\n", dump, err.text);
		return 2;
	}
	while (getline(&line, &size, stdin) > 0) {
		line[strcspn(line, "\n")] = '\0';
		status |= show_line(k, line);
	}
	free(line);
	zu_kernel_close(k);
	return status;
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		fputs("usage: patches VMLINUX FILE.ko... | patches DUMP\n",
		      stderr);
		return 2;
	}
	return argc > 2 ? show_files(argv[1], argv + 2) : show_names(argv[1]);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "klp/patch_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "klp/patch_make.h"
#include "util/fail.h"

/* The value of name= in .modinfo, or NULL */
static const char *modinfo(const struct zu_elf_section *s, const char *name)
{
	const char *p = (const char *)s->data;
	const char *end = p ? p + s->size : NULL; /* none where it has no bits */
	size_t len = strlen(name);

	/* a 0 follows the section */
	for (; p < end; p += strlen(p) + 1)
		if (!strncmp(p, name, len) && p[len] == '=')
			return p + len + 1;
	return NULL;
}

/* As check_modinfo_livepatch(): the value is of no interest. */
static int check_module(const struct zu_patch_elf *e,
			struct zu_patch_file *ret, struct zu_error *err)
{
	size_t info = zu_patch_section(e, ".modinfo");
	const char *name;

	if (!info || !zu_patch_section(e, ZU_THIS_MODULE))
		return zu_fail(err, ZU_EFORMAT,
			       "it is an object file, but no kernel module");
	if (!modinfo(&e->elf.section[info], "livepatch"))
		return zu_fail(err, ZU_EINVAL,
			       "it is a kernel module, but no live patch (no livepatch= in .modinfo)");
	name = modinfo(&e->elf.section[info], "name");
	if (name && strlen(name) < sizeof(ret->name))
		memcpy(ret->name, name, strlen(name) + 1);
	return 0;
}

int zu_patch_add(const struct zu_patch_elf *e, const char *object,
		 struct zu_patch_place name, struct zu_patch_place sympos,
		 struct zu_patch_functions *ret, struct zu_error *err)
{
	struct zu_patch_place to;
	const char *s;
	uint64_t pos;
	int code;

	code = zu_patch_pointer(e, name, &to, err);
	if (!code && !to.section)
		code = zu_fail(err, ZU_EFORMAT,
			       "at %#" PRIx64 " of section %s: a function has no name",
			       name.offset, e->elf.section[name.section].name);
	if (!code)
		code = zu_patch_string(e, to, ZU_PATCH_NAME, &s, err);
	if (!code)
		code = zu_patch_number(e, sympos, 8, &pos, err);
	return code ? code : zu_patch_functions_add(ret, object, s, pos, err);
}

/* The tools' makes first: their modules may have a klp_patch, too. */
static int read_functions(const struct zu_patch_elf *e,
			  const struct zu_layout *layout,
			  struct zu_patch_file *ret, struct zu_error *err)
{
	size_t section = zu_patch_section(e, ".init.klp_objects");

	if (section) {
		ret->make = ZU_PATCH_KLP_BUILD;
		ret->replaces = true;
		return zu_patch_klp_build(e, section, ret, err);
	}
	section = zu_patch_section(e, ".kpatch.funcs");
	if (section) {
		ret->make = ZU_PATCH_KPATCH;
		ret->replaces = true;
		return zu_patch_kpatch(e, section, ret, err);
	}
	ret->make = ZU_PATCH_STATIC;
	return zu_patch_static(e, layout, ret, err);
}

static int read_fd(int fd, const struct zu_layout *layout,
		   struct zu_patch_file *ret, struct zu_error *err)
{
	struct zu_patch_elf e;
	int code;

	code = zu_patch_elf_open(fd, &e, err);
	if (code)
		return code;
	code = check_module(&e, ret, err);
	if (!code)
		code = read_functions(&e, layout, ret, err);
	zu_patch_elf_close(&e);
	return code;
}

int zu_patch_file_read(const char *path, const struct zu_layout *layout,
		       struct zu_patch_file *ret, struct zu_error *err)
{
	struct zu_patch_file p = { .blank = 0 };
	int code, fd;

	/* a FIFO without a writer must not hold us up */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return zu_fail(err, ZU_EIO, "cannot open it: %s",
			       strerror(errno));
	code = read_fd(fd, layout, &p, err);
	close(fd);
	if (code)
		zu_patch_file_deinit(&p);
	else
		*ret = p;
	return code;
}

void zu_patch_file_deinit(struct zu_patch_file *p)
{
	zu_patch_functions_deinit(&p->functions);
	memset(p, 0, sizeof(*p));
}

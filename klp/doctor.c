/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "klp/doctor.h"

#include <string.h>
#include <sys/utsname.h>

#include "klp/checks.h"
#include "util/fail.h"

struct zu_need *zu_doctor_unknown(struct zu_doctor *d, const char *check,
				  const struct zu_error *err,
				  const char *text)
{
	struct zu_need *n = zu_need(&d->needs, check, ZU_NEED_UNKNOWN, "%s",
				    text);

	zu_buf_printf(&n->why, "%s", err->text);
	if (err->code == ZU_EIO && !d->is_root)
		zu_buf_printf(&n->command, "sudo zunwind doctor");
	return n;
}

/* Kernels before 6.1 have no such file; this system can be asked itself. */
static int read_arch(const struct zu_doctor *d, char *ret, size_t size,
		     struct zu_error *err)
{
	struct zu_path path;
	struct utsname uts;
	int code;

	zu_root_path(&d->root, &path, "/proc/sys/kernel/arch");
	code = zu_root_line(&path, ret, size, err);
	if (code != ZU_ENOENT || *d->root.dir || uname(&uts) ||
	    strlen(uts.machine) >= size)
		return code;
	memcpy(ret, uts.machine, strlen(uts.machine) + 1);
	return 0;
}

static int look_at_kernel(struct zu_doctor *d, struct zu_error *err)
{
	char arch[ZU_RELEASE];
	struct zu_path path;
	int code;

	zu_root_path(&d->root, &path, "/proc/sys/kernel/osrelease");
	code = zu_root_line(&path, d->release, sizeof(d->release), err);
	if (!code)
		code = read_arch(d, arch, sizeof(arch), err);
	if (code)
		return code;
	/* it becomes part of paths, and of commands */
	if (!zu_root_is_plain(d->release) || strchr(d->release, '/'))
		return zu_fail(err, ZU_EFORMAT, "%s has no kernel release",
			       path.text);
	if (strcmp(arch, "s390x"))
		return zu_fail(err, ZU_ENOTSUP, "it is %s; zunwind is for s390x",
			       arch);
	zu_need(&d->needs, "kernel", ZU_NEED_OK, "kernel %s on %s", d->release,
		arch);
	return 0;
}

static void read_objects(struct zu_doctor *d)
{
	struct zu_error err;

	if (zu_objects_read(&d->root, &d->objects, &err))
		zu_doctor_unknown(d, "table", &err,
				  "build-ids of the kernel and its modules");
}

/* Known first: what is active was possible, whatever else is known or not */
static void read_redirect(struct zu_doctor *d)
{
	struct zu_path path;
	struct zu_error err;
	char word[2];

	zu_root_path(&d->root, &path, "/sys/module/zunwind");
	d->loaded = zu_root_has(&path);
	zu_root_path(&d->root, &path, "/sys/module/zunwind/parameters/redirect");
	d->redirect = !zu_root_line(&path, word, sizeof(word), &err) &&
		      *word == 'Y';
}

int zu_doctor_look(struct zu_doctor *d, struct zu_error *err)
{
	int code = look_at_kernel(d, err);

	if (code)
		return zu_fail_at(err, "cannot tell what this system is");
	read_redirect(d);
	zu_doctor_config(d);
	read_objects(d);
	zu_doctor_tables(d);
	zu_doctor_debugfs(d);
	zu_doctor_module(d);
	zu_doctor_loaded(d);
	zu_doctor_redirect(d);
	zu_doctor_transition(d);
	return zu_needs_is_whole(&d->needs) ? 0 : zu_fail_nomem(err);
}

void zu_doctor_deinit(struct zu_doctor *d)
{
	zu_objects_deinit(&d->objects);
	zu_needs_deinit(&d->needs);
}

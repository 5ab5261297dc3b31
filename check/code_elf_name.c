/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an ELF file says of itself: name and build ID. */
#include <stdlib.h>
#include <string.h>

#include "check/code_elf.h"
#include "check/code_syms.h"
#include "image/notes.h"
#include "util/fail.h"

/* The value of name= in .modinfo, or NULL */
static const char *modinfo_name(const struct zu_elf_section *s)
{
	const char *p = (const char *)s->data, *end = p + s->size;

	/* a 0 follows the section */
	for (; p < end; p += strlen(p) + 1)
		if (!strncmp(p, "name=", 5) && p[5])
			return p + 5;
	return NULL;
}

/* The file's own name, without folder and ".o" */
static char *stem(const char *path)
{
	const char *base = strrchr(path, '/');
	size_t len;

	base = base ? base + 1 : path;
	len = strlen(base);
	if (len > 2 && !strcmp(base + len - 2, ".o"))
		len -= 2;
	else if (len > 3 && !strcmp(base + len - 3, ".ko"))
		len -= 3;
	return strndup(base, len);
}

static int set_name(struct zu_elf_code *e, struct zu_code *c, bool is_kernel,
		    struct zu_error *err)
{
	struct zu_elf_section *s =
		(struct zu_elf_section *)zu_elf_file_find(&e->elf, ".modinfo");
	const char *name = is_kernel ? "" : NULL;
	int code;

	if (!name && s && s->placed && e->elf.type == ET_REL) {
		code = zu_elf_load(e, s, err);
		if (code)
			return code;
		name = modinfo_name(s);
	}
	c->name = name ? strdup(name) : stem(c->path);
	if (!c->name)
		return zu_fail_nomem(err);
	zu_code_name_clean(c->name);
	return 0;
}

static int find_build_id(const struct zu_elf_section *s, struct zu_code *c,
			 struct zu_error *err)
{
	struct zu_notes it = { .data = s->data, .len = s->size };
	struct zu_note note;
	int code;

	while (!(code = zu_notes_next(&it, &note, err))) {
		if (note.type != NT_GNU_BUILD_ID || note.name_len != 3 ||
		    memcmp(note.name, "GNU", 3) || !note.desc_len ||
		    note.desc_len > sizeof(c->build_id))
			continue;
		memcpy(c->build_id, note.desc, note.desc_len);
		c->build_id_len = (uint32_t)note.desc_len;
		return 0;
	}
	return code == ZU_ENOENT ? 0 : zu_fail_at(err, "section %s", s->name);
}

int zu_elf_identify(struct zu_elf_code *e, struct zu_code *c, bool is_kernel,
		    struct zu_error *err)
{
	size_t i;
	int code;

	code = set_name(e, c, is_kernel, err);
	for (i = 0; !code && !c->build_id_len && i < e->elf.nr; i++) {
		struct zu_elf_section *s = &e->elf.section[i];

		if (s->type != SHT_NOTE || !s->placed)
			continue;
		code = zu_elf_load(e, s, err);
		if (!code)
			code = find_build_id(s, c, err);
	}
	return code;
}

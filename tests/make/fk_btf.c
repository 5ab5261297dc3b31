/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The made kernel's types as BTF. */
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>

#include "core/bytes.h"
#include "tests/make/fk_private.h"

/* Integers come first, then pointers and arrays, then all types of the table. */
static const struct {
	const char *name;
	const char *c_name;
	size_t size;
	int encoding;
} ints[] = {
	{ "char", "char", 1, BTF_INT_CHAR },
	{ "u8", "unsigned char", 1, 0 },
	{ "u16", "short unsigned int", 2, 0 },
	{ "u32", "unsigned int", 4, 0 },
	{ "u64", "long unsigned int", 8, 0 },
	{ "int", "int", 4, BTF_INT_SIGNED },
};

static bool is_derived(const struct fk_row *row)
{
	return row->kind == 'm' && strpbrk(row->type, "*[");
}

static bool is_type(const struct fk_row *row)
{
	return strchr("sue", row->kind);
}

static int first_derived(void)
{
	return (int)FK_ARRAY_SIZE(ints) + 1;
}

static int first_type(struct fk *fk)
{
	int id = first_derived();
	unsigned int i;

	for (i = 0; i < fk->rows; i++)
		id += is_derived(&fk->row[i]);
	return id;
}

/* a plain type's number */
static int id_of(struct fk *fk, const char *name, size_t len)
{
	int id = first_type(fk);
	unsigned int i;

	if (!strncmp(name, "void", len))
		return 0;
	for (i = 0; i < FK_ARRAY_SIZE(ints); i++)
		if (!strncmp(ints[i].name, name, len) && !ints[i].name[len])
			return (int)i + 1;
	for (i = 0; i < fk->rows; i++) {
		if (!is_type(&fk->row[i]))
			continue;
		if (!strncmp(fk->row[i].name, name, len) &&
		    !fk->row[i].name[len])
			return id;
		id++;
	}
	fk_die("no type %.*s", (int)len, name);
}

static void check(int id)
{
	if (id < 0)
		fk_die("libbpf does not make BTF: %s", strerror(-id));
}

static void add_derived(struct fk *fk, struct btf *btf)
{
	unsigned int i;

	for (i = 0; i < fk->rows; i++) {
		const char *type = fk->row[i].type;
		size_t len;

		if (!is_derived(&fk->row[i]))
			continue;
		if (*type == '*') {
			check(btf__add_ptr(btf, id_of(fk, type + 1,
						      strlen(type + 1))));
			continue;
		}
		len = strcspn(type, "[");
		check(btf__add_array(btf, 3, id_of(fk, type, len),
				     (__u32)strtoul(type + len + 1, NULL, 10)));
	}
}

static void add_type(struct btf *btf, const struct fk_row *row)
{
	const char *name = *row->name == '@' ? NULL : row->name;

	if (row->hidden)
		name = "hidden";
	if (row->kind == 's')
		check(btf__add_struct(btf, name, row->claim));
	else if (row->kind == 'u')
		check(btf__add_union(btf, name, row->claim));
	else
		check(btf__add_enum(btf, name, row->claim));
}

static void add_types(struct fk *fk, struct btf *btf)
{
	int derived = first_derived();
	unsigned int i;

	for (i = 0; i < fk->rows; i++) {
		const struct fk_row *row = &fk->row[i];
		const char *name = row->hidden ? "hidden" : row->name;
		int id;

		if (is_type(row)) {
			add_type(btf, row);
			continue;
		}
		if (row->kind == 'v') {
			check(btf__add_enum_value(btf, name, row->claim));
			continue;
		}
		id = is_derived(row) ? derived++ :
				       id_of(fk, row->type, strlen(row->type));
		check(btf__add_field(btf, *name ? name : NULL, id,
				     row->claim * 8, 0));
	}
}

/* 7.x: two words more in the header, for a section that may be absent */
static void *longer_header(const void *data, uint32_t *len)
{
	enum { HDR_LEN = 4, OLD = 24, NEW = 32 };
	uint8_t *copy = fk_grow(NULL, 1, *len + NEW - OLD);

	memset(copy, 0, NEW);
	memcpy(copy, data, OLD);
	memcpy(copy + NEW, (const uint8_t *)data + OLD, *len - OLD);
	zu_put_be32(copy + HDR_LEN, NEW);
	*len += NEW - OLD;
	return copy;
}

void *fk_btf(struct fk *fk, uint32_t *len)
{
	struct btf *btf = btf__new_empty();
	const void *raw;
	void *data;
	size_t i;

	if (!btf)
		fk_die("libbpf does not make BTF");
	for (i = 0; i < FK_ARRAY_SIZE(ints); i++)
		check(btf__add_int(btf, ints[i].c_name, ints[i].size,
				   ints[i].encoding));
	add_derived(fk, btf);
	add_types(fk, btf);
	btf__set_endianness(btf, BTF_BIG_ENDIAN);
	raw = btf__raw_data(btf, len);
	if (!raw)
		fk_die("libbpf does not give BTF");
	if (fk->release == FK_7_2) {
		data = longer_header(raw, len);
	} else {
		data = fk_grow(NULL, 1, *len);
		memcpy(data, raw, *len);
	}
	btf__free(btf);
	return data;
}

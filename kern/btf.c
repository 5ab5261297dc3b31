/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rows of kern/layout.def looked up in BTF, by libbpf.
 *
 * libbpf 1.1 keeps a blob's types and strings inside their sections, but does
 * not check what they say: ids may be those of no type or run in circles,
 * names may be nowhere, a structure may contain itself. So every look-up here
 * can fail, every loop has a limit, and all looking into structures together
 * draws on one budget.
 */
#include "kern/layout.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "core/bytes.h"
#include "kern/layout_rows.h"
#include "util/fail.h"

/* struct btf_header as of 2018; 7.2 has two words more */
#define HEADER_SIZE 24
#define HEADER_MAGIC 0
#define HEADER_LEN 4
#define HEADER_TYPE_OFF 8
#define HEADER_TYPE_LEN 12
#define HEADER_STR_OFF 16
#define HEADER_STR_LEN 20

/* const, volatile, typedefs and tags in front of a type */
#define MODIFIERS_MAX 32
/* anonymous structures inside each other */
#define NESTING_MAX 16
/* members and enumerators looked at; Debian's kernels need 2,600 */
#define BUDGET 100000

#define POINTER_SIZE 8

struct header {
	bool big_endian;
	uint64_t len;
	uint64_t type_off;
	uint64_t type_len;
	uint64_t str_off;
	uint64_t str_len;
};

static uint32_t word(const uint8_t *p, bool big_endian)
{
	return big_endian ? zu_be32(p) : __builtin_bswap32(zu_be32(p));
}

static int read_header(const uint8_t *p, size_t len, struct header *h,
		       struct zu_error *err)
{
	uint64_t room;

	if (len < HEADER_SIZE || len > UINT32_MAX)
		return zu_fail(err, ZU_EFORMAT, "BTF can't have %zu bytes",
			       len);
	if (zu_be16(p + HEADER_MAGIC) != 0xeb9f &&
	    zu_be16(p + HEADER_MAGIC) != 0x9feb)
		return zu_fail(err, ZU_EFORMAT, "this is no BTF");
	h->big_endian = zu_be16(p + HEADER_MAGIC) == 0xeb9f;
	h->len = word(p + HEADER_LEN, h->big_endian);
	h->type_off = word(p + HEADER_TYPE_OFF, h->big_endian);
	h->type_len = word(p + HEADER_TYPE_LEN, h->big_endian);
	h->str_off = word(p + HEADER_STR_OFF, h->big_endian);
	h->str_len = word(p + HEADER_STR_LEN, h->big_endian);

	room = len - h->len;
	if (h->len < HEADER_SIZE || h->len > len ||
	    h->type_off + h->type_len > room || h->str_off + h->str_len > room)
		return zu_fail(err, ZU_EFORMAT, "BTF is cut off");
	return 0;
}

static void put_word(uint8_t *p, uint64_t v, bool big_endian)
{
	uint32_t w = (uint32_t)v;

	zu_put_be32(p, big_endian ? w : __builtin_bswap32(w));
}

/*
 * libbpf takes a header that has grown only in the host's byte order (see
 * btf_parse_hdr()): give it what it knows, header, types and strings.
 */
static uint8_t *repack(const uint8_t *p, const struct header *h, size_t *len)
{
	const uint8_t *body = p + h->len;
	uint64_t type_len = (h->type_len + 3) & ~UINT64_C(3);
	uint8_t *copy;

	*len = HEADER_SIZE + type_len + h->str_len;
	copy = calloc(1, *len);
	if (!copy)
		return NULL;
	memcpy(copy, p, HEADER_LEN);
	put_word(copy + HEADER_LEN, HEADER_SIZE, h->big_endian);
	put_word(copy + HEADER_TYPE_LEN, h->type_len, h->big_endian);
	put_word(copy + HEADER_STR_OFF, type_len, h->big_endian);
	put_word(copy + HEADER_STR_LEN, h->str_len, h->big_endian);
	memcpy(copy + HEADER_SIZE, body + h->type_off, h->type_len);
	memcpy(copy + HEADER_SIZE + type_len, body + h->str_off, h->str_len);
	return copy;
}

/* libbpf's messages are of no use without a place to print them */
static struct btf *new_quietly(const void *data, size_t len)
{
	libbpf_print_fn_t print = libbpf_set_print(NULL);
	struct btf *btf = btf__new(data, (uint32_t)len);
	int saved = errno;

	libbpf_set_print(print);
	errno = saved;
	return btf;
}

static int parse(const uint8_t *data, size_t len, struct btf **ret,
		 struct zu_error *err)
{
	uint8_t *copy = NULL;
	struct header h = { 0 };
	struct btf *btf;
	int code;

	code = read_header(data, len, &h, err);
	if (code)
		return code;
	if (h.len != HEADER_SIZE) {
		copy = repack(data, &h, &len);
		if (!copy)
			return zu_fail_nomem(err);
		data = copy;
	}
	btf = new_quietly(data, len);
	code = btf ? 0 : errno;
	free(copy);
	if (code == ENOMEM)
		return zu_fail_nomem(err);
	if (code)
		return zu_fail(err, ZU_EFORMAT,
			       "BTF is damaged, or newer than this build's libbpf");
	/* or it would look for an integer named long, and believe its size */
	btf__set_pointer_size(btf, POINTER_SIZE);
	*ret = btf;
	return 0;
}

/* a blob and how much of it may still be looked at */
struct finder {
	const struct btf *btf;
	unsigned int budget;
};

/* a type without what does not change its size; NULL for void and nonsense */
static const struct btf_type *plain_type(const struct btf *btf, uint32_t id)
{
	unsigned int i;

	for (i = 0; i < MODIFIERS_MAX && id; i++) {
		const struct btf_type *t = btf__type_by_id(btf, id);

		if (!t || !(btf_is_mod(t) || btf_is_typedef(t)))
			return t;
		id = t->type;
	}
	return NULL;
}

static const struct btf_type *composite_type(const struct btf *btf,
					     uint32_t id)
{
	const struct btf_type *t = plain_type(btf, id);

	return t && btf_is_composite(t) ? t : NULL;
}

struct member {
	uint64_t bit;	/* from the start of the outermost structure */
	uint32_t type;
	bool bit_field;
};

static bool find_member(struct finder *f, const struct btf_type *t,
			const char *name, size_t len, unsigned int depth,
			struct member *ret)
{
	uint64_t start = ret->bit;
	uint32_t i;

	for (i = 0; i < btf_vlen(t) && f->budget; i++) {
		const struct btf_member *m = btf_members(t) + i;
		const char *s = btf__name_by_offset(f->btf, m->name_off);
		const struct btf_type *inner;

		f->budget--;
		ret->bit = start + btf_member_bit_offset(t, i);
		if (s && *s) {
			if (strncmp(s, name, len) || s[len])
				continue;
			ret->type = m->type;
			ret->bit_field = btf_member_bitfield_size(t, i);
			return true;
		}
		inner = composite_type(f->btf, m->type);
		if (inner && depth < NESTING_MAX &&
		    find_member(f, inner, name, len, depth + 1, ret))
			return true;
	}
	return false;
}

static bool find_path(struct finder *f, const struct btf_type *t,
		      const char *path, struct member *ret)
{
	ret->bit = 0;
	for (;;) {
		size_t len = strcspn(path, ".");

		if (!find_member(f, t, path, len, 0, ret))
			return false;
		if (!path[len])
			return true;
		t = composite_type(f->btf, ret->type);
		if (!t)
			return false;
		path += len + 1;
	}
}

/* before kernel 4.20's kind_flag an integer type told that it is a bit-field */
static bool is_bit_field(const struct btf *btf, const struct member *m)
{
	const struct btf_type *t = plain_type(btf, m->type);

	return m->bit_field || m->bit % 8 ||
	       (t && btf_is_int(t) && btf_int_bits(t) != t->size * 8);
}

/* 0 for what has no size; too large for zu_layout_check() if it overflows */
static uint32_t size_of(const struct btf *btf, uint32_t id)
{
	int64_t size = btf__resolve_size(btf, id);

	if (size == -E2BIG || size > UINT32_MAX)
		return UINT32_MAX;
	return size < 0 ? 0 : (uint32_t)size;
}

static uint32_t target_of(const struct btf *btf, uint32_t id)
{
	const struct btf_type *t = plain_type(btf, id);

	if (t && btf_is_ptr(t))
		return size_of(btf, t->type);
	if (t && btf_is_array(t))
		return size_of(btf, btf_array(t)->type);
	return 0;
}

static void set_member(struct finder *f, const struct btf_type *t,
		       const char *path, struct zu_place *p)
{
	struct member m;

	if (!find_path(f, t, path, &m) || is_bit_field(f->btf, &m))
		return;
	p->size = size_of(f->btf, m.type);
	if (!p->size)
		return;
	p->offset = m.bit / 8 > UINT32_MAX ? UINT32_MAX :
					     (uint32_t)(m.bit / 8);
	p->target = target_of(f->btf, m.type);
	p->present = true;
}

static bool is_name(const struct btf *btf, uint32_t name_off, const char *name)
{
	const char *s = btf__name_by_offset(btf, name_off);

	return s && !strcmp(s, name);
}

static void set_enumerator(struct finder *f, const struct btf_type *t,
			   const char *name, struct zu_place *p)
{
	uint32_t i;

	for (i = 0; i < btf_vlen(t) && f->budget; i++, f->budget--) {
		if (btf_is_enum(t)) {
			if (!is_name(f->btf, btf_enum(t)[i].name_off, name))
				continue;
			p->offset = (uint32_t)btf_enum(t)[i].val;
		} else {
			const struct btf_enum64 *e = &btf_enum64(t)[i];

			if (!is_name(f->btf, e->name_off, name))
				continue;
			p->offset = e->val_hi32 ? UINT32_MAX : e->val_lo32;
		}
		p->present = true;
		return;
	}
}

static bool is_kind_for(const struct btf_type *t, enum zu_row_kind kind)
{
	if (kind == ZU_ROW_ENUMERATOR)
		return btf_is_any_enum(t);
	return btf_is_composite(t);
}

/* what one type says of the rows that ask for its name */
struct answer {
	struct zu_place place[ZU_FIELD_COUNT];
	unsigned int score;
};

static void ask(struct finder *f, const struct btf_type *t, const char *name,
		struct answer *a)
{
	bool all_must = true;
	int i;

	memset(a, 0, sizeof(*a));
	for (i = 0; i < ZU_FIELD_COUNT; i++) {
		const struct zu_row *row = &zu_rows[i];
		struct zu_place *p = &a->place[i];

		if (strcmp(row->type, name) || !is_kind_for(t, row->kind))
			continue;
		if (row->kind == ZU_ROW_MEMBER) {
			set_member(f, t, row->path, p);
		} else if (row->kind == ZU_ROW_ENUMERATOR) {
			set_enumerator(f, t, row->path, p);
		} else {
			p->size = t->size;
			p->present = true;
		}
		a->score += p->present;
		all_must &= p->present || !row->must;
	}
	if (all_must)
		a->score += ZU_FIELD_COUNT;
}

/*
 * Unrelated structures of several source files may have one name. The one
 * with all that is needed, else the one with the most, is the one that is
 * meant; of equals the first.
 */
static void merge(const struct answer *a, const char *name, unsigned int *best,
		  struct zu_layout *l)
{
	int i;

	if (a->score <= *best)
		return;
	*best = a->score;
	for (i = 0; i < ZU_FIELD_COUNT; i++)
		if (!strcmp(zu_rows[i].type, name))
			l->place[i] = a->place[i];
}

/* rows by the first letter of their type, so that most types fall through */
struct index {
	int first[256];		/* row + 1 */
	int next[ZU_FIELD_COUNT];
};

static void index_rows(struct index *x)
{
	int i, j;

	memset(x, 0, sizeof(*x));
	for (i = 0; i < ZU_FIELD_COUNT; i++) {
		uint8_t c = (uint8_t)zu_rows[i].type[0];

		for (j = 0; j < i; j++)
			if (!strcmp(zu_rows[j].type, zu_rows[i].type))
				break;
		if (j < i)
			continue;
		x->next[i] = x->first[c];
		x->first[c] = i + 1;
	}
}

/* the first row that asks for a type, or -1 */
static int find_row(const struct index *x, const struct btf *btf,
		    const struct btf_type *t)
{
	const char *name;
	int row;

	if (!t->name_off || !(btf_is_composite(t) || btf_is_any_enum(t)))
		return -1;
	name = btf__name_by_offset(btf, t->name_off);
	if (!name)
		return -1;
	for (row = x->first[(uint8_t)*name]; row; row = x->next[row - 1])
		if (!strcmp(zu_rows[row - 1].type, name))
			break;
	return row - 1;
}

static int scan(struct finder *f, struct zu_layout *l, struct zu_error *err)
{
	unsigned int best[ZU_FIELD_COUNT] = { 0 };
	uint32_t id, n = btf__type_cnt(f->btf);
	struct answer answer;
	struct index index;

	index_rows(&index);
	memset(l, 0, sizeof(*l));
	for (id = 1; id < n; id++) {
		const struct btf_type *t = btf__type_by_id(f->btf, id);
		int row = t ? find_row(&index, f->btf, t) : -1;

		if (row < 0)
			continue;
		ask(f, t, zu_rows[row].type, &answer);
		if (!f->budget)
			return zu_fail(err, ZU_EFORMAT,
				       "the structures in BTF contain each other");
		merge(&answer, zu_rows[row].type, &best[row], l);
	}
	return 0;
}

int zu_layout_from_btf(const void *data, size_t len, struct zu_layout *ret,
		       struct zu_error *err)
{
	struct finder f = { .budget = BUDGET };
	struct zu_layout layout;
	struct btf *btf = NULL;
	int code;

	code = parse(data, len, &btf, err);
	if (code)
		return code;
	f.btf = btf;
	code = scan(&f, &layout, err);
	btf__free(btf);
	if (!code)
		code = zu_layout_check(&layout, err);
	if (!code)
		*ret = layout;
	return code;
}

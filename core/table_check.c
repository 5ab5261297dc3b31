/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * What must hold of a table before it is used. Each check returns NULL, or
 * what is wrong. They go through the file once, from its start to its end:
 * each part has to begin where the one before ends.
 */
#include "core/table.h"

#include "core/bytes.h"
#include "core/crc32c.h"
#include "core/table_format.h"

/* Where the next part has to begin, and where the last one ends */
struct place {
	uint64_t name;
	uint64_t names_len;
	uint64_t data;
	uint64_t end;
};

static const char *check_header(const uint8_t *bytes, size_t len)
{
	if (len < ZU_TABLE_MAGIC_LEN ||
	    memcmp(bytes, ZU_TABLE_MAGIC, ZU_TABLE_MAGIC_LEN))
		return "it is no unwind table";
	if (len < ZU_TABLE_HEADER + ZU_TABLE_CRC)
		return "it is cut off in its header";
	if (zu_be32(bytes + ZU_TABLE_H_VERSION) != ZU_TABLE_VERSION)
		return "its format is of another version";
	if (zu_be32(bytes + ZU_TABLE_H_LEN) > len)
		return "it is cut off";
	if (zu_be32(bytes + ZU_TABLE_H_LEN) != len)
		return "there are bytes behind its end";
	if (zu_be32(bytes + len - ZU_TABLE_CRC) !=
	    zu_crc32c(bytes, len - ZU_TABLE_CRC))
		return "its checksum is wrong: it is damaged";
	if (zu_be32(bytes + ZU_TABLE_H_ZERO))
		return "a reserved field is not 0";
	return NULL;
}

/* Where everything is, and that it fits */
static const char *check_parts(struct zu_table *t, struct place *ret)
{
	uint64_t objects, states;

	t->nr_objects = zu_be32(t->bytes + ZU_TABLE_H_NR_OBJECTS);
	t->nr_states = zu_be32(t->bytes + ZU_TABLE_H_NR_STATES);
	if (!t->nr_objects)
		return "it holds no object";
	if (t->nr_states > ZU_TABLE_MAX_STATES)
		return "it has too many states";
	objects = (uint64_t)t->nr_objects * ZU_TABLE_OBJECT;
	states = (uint64_t)t->nr_states * ZU_TABLE_STATE;
	ret->name = 0;
	ret->names_len = zu_be32(t->bytes + ZU_TABLE_H_NAMES_LEN);
	ret->data = ZU_TABLE_HEADER + objects + states + ret->names_len;
	ret->end = t->len - ZU_TABLE_CRC;
	if (ret->data > ret->end)
		return "its objects, states and names don't fit in the file";
	t->objects = t->bytes + ZU_TABLE_HEADER;
	t->states = t->objects + objects;
	t->names = t->states + states;
	return NULL;
}

static const char *check_state(const uint8_t *state)
{
	uint8_t again[ZU_TABLE_STATE] = { 0 };
	struct zu_row row;

	zu_table_get_state(state, &row);
	if (!zu_table_put_state(again, &row) ||
	    memcmp(state, again, sizeof(again)))
		return "a state is malformed";
	return NULL;
}

/*
 * No state twice. Those with short numbers and the others are in ascending
 * order each, so that one pass over both can tell.
 */
static const char *check_states(const struct zu_table *t)
{
	const uint8_t *narrow = t->states;
	const uint8_t *end = t->states + (size_t)t->nr_states * ZU_TABLE_STATE;
	const uint8_t *wide = t->nr_states <= ZU_TABLE_NARROW ? end :
			      t->states + ZU_TABLE_NARROW * ZU_TABLE_STATE;
	const uint8_t *narrow_end = wide, *p;
	const char *why;

	for (p = t->states; p < end; p += ZU_TABLE_STATE) {
		why = check_state(p);
		if (why)
			return why;
		if (p != narrow && p != wide &&
		    memcmp(p - ZU_TABLE_STATE, p, ZU_TABLE_STATE) >= 0)
			return "its states are not in order";
	}
	while (narrow < narrow_end && wide < end) {
		int order = memcmp(narrow, wide, ZU_TABLE_STATE);

		if (!order)
			return "a state is there twice";
		if (order < 0)
			narrow += ZU_TABLE_STATE;
		else
			wide += ZU_TABLE_STATE;
	}
	return NULL;
}

/*
 * Names follow each other and each is greater than the one before: none is
 * there twice, and that of a kernel, being empty, is the first.
 */
static const char *check_name(const struct zu_table *t, uint64_t at,
			      const uint8_t *before, struct place *pl)
{
	const uint8_t *p = t->names + at;
	const uint8_t *end = t->names + pl->names_len;

	if (at != pl->name)
		return "a name is not where it should be";
	for (; p < end && *p; p++)
		if (*p <= ' ' || *p > '~')
			return "a name has a character that can't be printed";
	if (p == end)
		return "a name has no end";
	pl->name = (uint64_t)(p + 1 - t->names);
	if (!before)
		return NULL;
	p = t->names + at;
	while (*p && *p == *before) {
		p++;
		before++;
	}
	return *p > *before ? NULL : "its objects are not in order of names";
}

static const char *check_build_id(const uint8_t *object)
{
	uint32_t i = zu_be32(object + ZU_TABLE_O_ID_LEN);

	if (i > ZU_TABLE_BUILD_ID)
		return "a build ID is too long";
	for (; i < ZU_TABLE_BUILD_ID; i++)
		if (object[ZU_TABLE_O_ID + i])
			return "there are bytes behind a build ID";
	return NULL;
}

/* A walk over the rows of an object, block by block */
struct rows {
	const struct zu_table_object *o;
	uint32_t nr_states;
	uint32_t block;
	uint32_t before;	/* entry of the block before */
	uint32_t entry;		/* of this block */
	uint32_t nr;		/* rows in it */
	uint32_t total;		/* rows so far */
	uint32_t number;	/* of the last row's state */
};

static const char *check_numbers(struct rows *r, const uint8_t *p)
{
	uint32_t i, number;

	for (i = 0; i < r->nr; i++) {
		if (r->entry & ZU_TABLE_WIDE)
			number = zu_be16(p + 2 * (size_t)i);
		else
			number = p[i];
		if (number >= r->nr_states)
			return "a row has a state that is not there";
		if (r->total && number == r->number)
			return "a row is the same as the one before";
		r->number = number;
		r->total++;
	}
	return NULL;
}

static const char *check_offsets(const struct rows *r, const uint8_t *p)
{
	uint32_t i;

	for (i = 1; i < r->nr; i++)
		if (p[i] <= p[i - 1])
			return "rows are not in order";
	if (r->block == 0 && p[0])
		return "the first row is not at the start";
	if ((uint64_t)r->block * ZU_TABLE_BLOCK + p[r->nr - 1] * 2u >=
	    r->o->size)
		return "a row is behind the end of the text";
	return NULL;
}

static const char *check_block(struct rows *r, uint32_t next)
{
	uint32_t at = r->entry & ~ZU_TABLE_WIDE;
	uint32_t stride = r->entry & ZU_TABLE_WIDE ? 3 : 2;
	uint32_t len = (next & ~ZU_TABLE_WIDE) - at;
	const char *why;

	if (len % stride || len / stride > ZU_TABLE_BLOCK / 2)
		return "a block has part of a row, or too many";
	r->nr = len / stride;
	if (!r->nr && !r->block)
		return "the first row is not at the start";
	if (!r->nr)
		return (r->entry ^ r->before) & ZU_TABLE_WIDE ?
		       "a block without rows has another width" : NULL;
	why = check_offsets(r, r->o->rows + at);
	return why ? why : check_numbers(r, r->o->rows + at + r->nr);
}

/* The rows of an object and their index, which may be up to @room bytes */
static const char *check_rows(const struct zu_table *t,
			      const struct zu_table_object *o, uint64_t room,
			      uint64_t *len)
{
	struct rows r = { .o = o, .nr_states = t->nr_states };
	uint32_t blocks = zu_table_blocks(o->size), next;
	uint64_t index_len = zu_table_index_len(o->size);
	const uint8_t *p = o->index;
	const char *why;

	if (o->size > ZU_TABLE_MAX_TEXT)
		return "a text is too long";
	if (index_len > room)
		return "an index does not fit in the file";
	room -= index_len;
	next = zu_be32(p);
	if (next & ~ZU_TABLE_WIDE)
		return "an index does not begin at the first row";
	for (; r.block < blocks; r.block++) {
		r.before = r.entry;
		r.entry = next;
		p += ZU_TABLE_ENTRY;
		next = zu_be32(p);
		if ((next & ~ZU_TABLE_WIDE) < (r.entry & ~ZU_TABLE_WIDE) ||
		    (next & ~ZU_TABLE_WIDE) > room)
			return "an index is not in order";
		why = check_block(&r, next);
		if (why)
			return why;
	}
	if (next & ZU_TABLE_WIDE)
		return "an index does not end well";
	if (r.total != o->nr_rows)
		return "an object has another number of rows than it says";
	*len = index_len + next;
	return NULL;
}

/* Marks and exits, which follow the rows */
static const char *check_code(struct zu_table_object *o, struct place *pl)
{
	const char *why;
	uint64_t len;

	zu_table_place_marks(o);
	why = zu_table_check_marks(o, pl->end - pl->data, &len);
	if (why)
		return why;
	pl->data += len;
	zu_table_place_exits(o);
	why = zu_table_check_exits(o, pl->end - pl->data, &len);
	if (why)
		return why;
	pl->data += len;
	return NULL;
}

static const char *check_object(const struct zu_table *t, uint32_t index,
				const uint8_t *before, struct place *pl)
{
	const uint8_t *object = t->objects + (size_t)index * ZU_TABLE_OBJECT;
	struct zu_table_object o;
	const char *why;
	uint64_t len;

	why = check_name(t, zu_be32(object + ZU_TABLE_O_NAME), before, pl);
	if (!why)
		why = check_build_id(object);
	if (why)
		return why;
	if (zu_be32(object + ZU_TABLE_O_DATA) != pl->data)
		return "an object's data is not where it should be";
	zu_table_object_rows(t, index, &o);
	why = check_rows(t, &o, pl->end - pl->data, &len);
	if (why)
		return why;
	pl->data += len;
	return check_code(&o, pl);
}

static const char *check_objects(const struct zu_table *t, struct place *pl)
{
	const uint8_t *before = NULL;
	const char *why = NULL;
	uint32_t i;

	for (i = 0; i < t->nr_objects && !why; i++) {
		uint64_t at = pl->name;

		why = check_object(t, i, before, pl);
		before = t->names + at;
	}
	if (why)
		return why;
	if (pl->name != pl->names_len)
		return "there are bytes behind the last name";
	if (pl->data != pl->end)
		return "there are bytes behind the last object";
	return NULL;
}

static const char *check(struct zu_table *t, const uint8_t *bytes, size_t len)
{
	struct place pl;
	const char *why = check_header(bytes, len);

	if (why)
		return why;
	t->bytes = bytes;
	t->len = len;
	why = check_parts(t, &pl);
	if (!why)
		why = check_states(t);
	return why ? why : check_objects(t, &pl);
}

static bool is_other_version(const uint8_t *bytes, size_t len)
{
	return len >= ZU_TABLE_H_VERSION + 4 &&
	       !memcmp(bytes, ZU_TABLE_MAGIC, ZU_TABLE_MAGIC_LEN) &&
	       zu_be32(bytes + ZU_TABLE_H_VERSION) != ZU_TABLE_VERSION;
}

int zu_table_init(struct zu_table *t, const void *bytes, size_t len,
		  const char **why)
{
	struct zu_table_object first;
	struct zu_table found;
	const char *wrong;

	memset(&found, 0, sizeof(found));
	wrong = check(&found, bytes, len);
	if (why)
		*why = wrong;
	if (wrong)
		return is_other_version(bytes, len) ? ZU_ENOTSUP : ZU_EFORMAT;
	zu_table_object(&found, 0, &first);
	if (!first.name[0]) {
		found.build_id = first.build_id;
		found.build_id_len = first.build_id_len;
	}
	*t = found;
	return 0;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rows are collected with the number of their state in order of appearance.
 * When all are there, check/table_write.c gives the states their final numbers.
 */
#include "check/table_make.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "check/table_private.h"
#include "core/bytes.h"
#include "core/table_format.h"
#include "util/fail.h"
#include "util/grow.h"

/* The state of rows that say nothing: its bytes are 0, and so is its number */
#define UNDEFINED 0

static bool is_name(const char *name)
{
	for (; *name; name++)
		if (*name <= ' ' || *name > '~')
			return false;
	return true;
}

/* Double the hash, which is never more than half full */
static int grow_hash(struct zu_table_maker *m)
{
	size_t size = m->hash_size ? m->hash_size * 2 : 1024, i, at;
	uint32_t *hash = calloc(size, sizeof(*hash));

	if (!hash)
		return ZU_ENOMEM;
	for (i = 0; i < m->nr_states; i++) {
		at = zu_state_hash(m->states[i].key);
		while (hash[at & (size - 1)])
			at++;
		hash[at & (size - 1)] = (uint32_t)i + 1;
	}
	free(m->hash);
	m->hash = hash;
	m->hash_size = size;
	return 0;
}

/* The number of a state; 0 or negative enum zu_err */
static int find_state(struct zu_table_maker *m, uint64_t key, uint32_t *ret)
{
	struct zu_table_maker_state *states;
	size_t at;

	if (m->nr_states * 2 >= m->hash_size && grow_hash(m))
		return ZU_ENOMEM;
	for (at = zu_state_hash(key); ; at++) {
		*ret = m->hash[at & (m->hash_size - 1)];
		if (!*ret)
			break;
		if (m->states[--*ret].key == key)
			return 0;
	}
	if (m->nr_states == ZU_TABLE_MAX_STATES)
		return ZU_ENOTSUP;
	states = zu_grow(m->states, m->nr_states, &m->cap_states,
			 sizeof(*states));
	if (!states)
		return ZU_ENOMEM;
	m->states = states;
	states[m->nr_states] = (struct zu_table_maker_state){ .key = key };
	*ret = (uint32_t)m->nr_states++;
	m->hash[at & (m->hash_size - 1)] = *ret + 1;
	return 0;
}

/* A row, unless it says what the one before says */
static int add_row(struct zu_table_maker *m, uint32_t offset, uint32_t state)
{
	struct zu_table_maker_object *o = &m->objects[m->nr_objects - 1];
	struct zu_table_maker_row *rows;

	if (m->nr_rows > o->first_row &&
	    m->rows[m->nr_rows - 1].state == state)
		return 0;
	rows = zu_grow(m->rows, m->nr_rows, &m->cap_rows, sizeof(*rows));
	if (!rows)
		return ZU_ENOMEM;
	m->rows = rows;
	rows[m->nr_rows].offset = offset;
	rows[m->nr_rows++].state = state;
	o->nr_rows++;
	m->states[state].uses++;
	return 0;
}

/* Up to @offset there is no function more. */
static int add_gap(struct zu_table_maker *m, uint64_t offset)
{
	struct zu_table_maker_object *o = &m->objects[m->nr_objects - 1];

	return o->end < offset ? add_row(m, o->end, UNDEFINED) : 0;
}

static int end_object(struct zu_table_maker *m)
{
	return m->nr_objects ?
	       add_gap(m, m->objects[m->nr_objects - 1].size) : 0;
}

int zu_table_maker_object(struct zu_table_maker *m, const char *name,
			  const uint8_t *build_id, size_t build_id_len,
			  uint64_t text_size, struct zu_error *err)
{
	struct zu_table_maker_object *o;
	uint32_t undefined;

	if (!is_name(name))
		return zu_fail(err, ZU_EINVAL,
			       "the name of a module can't be printed");
	if (build_id_len > ZU_TABLE_BUILD_ID)
		return zu_fail(err, ZU_EINVAL,
			       "a build ID of %zu bytes is too long",
			       build_id_len);
	if (text_size > ZU_TABLE_MAX_TEXT)
		return zu_fail(err, ZU_EINVAL,
			       "%" PRIu64 " bytes of text are too many",
			       text_size);
	if (find_state(m, UNDEFINED, &undefined) || end_object(m))
		return zu_fail_nomem(err);
	o = zu_grow(m->objects, m->nr_objects, &m->cap_objects, sizeof(*o));
	if (!o)
		return zu_fail_nomem(err);
	m->objects = o;
	o += m->nr_objects;
	memset(o, 0, sizeof(*o));
	o->name = strdup(name);
	if (!o->name)
		return zu_fail_nomem(err);
	if (build_id_len)
		memcpy(o->build_id, build_id, build_id_len);
	o->build_id_len = (uint32_t)build_id_len;
	o->size = (uint32_t)text_size;
	o->first_row = m->nr_rows;
	o->first_func = m->nr_funcs;
	o->first_call = m->nr_calls;
	m->nr_objects++;
	return 0;
}

static uint32_t row_state(struct zu_table_maker *m, const struct zu_row *row,
			  int *code)
{
	uint8_t state[ZU_TABLE_STATE];
	uint32_t number;

	if (!zu_table_put_state(state, row)) {
		m->unfit++;
		return UNDEFINED;
	}
	*code = find_state(m, zu_be64(state), &number);
	return *code ? UNDEFINED : number;
}

static int add_rows(struct zu_table_maker *m, uint32_t offset, uint32_t len,
		    const struct zu_flow_row *rows, size_t nr,
		    struct zu_error *err)
{
	uint32_t state = UNDEFINED;
	int code = 0;
	size_t i;

	if (len && (!nr || rows[0].offset))
		code = add_row(m, offset, UNDEFINED);
	for (i = 0; i < nr && !code; i++) {
		if (rows[i].offset >= len || rows[i].offset % 2 ||
		    (i && rows[i].offset <= rows[i - 1].offset))
			return zu_fail(err, ZU_EINVAL,
				       "row %zu of the function at 0x%" PRIx32
				       " is not in its place", i, offset);
		state = row_state(m, &rows[i].row, &code);
		if (!code)
			code = add_row(m, offset + rows[i].offset, state);
	}
	if (code == ZU_ENOTSUP)
		return zu_fail(err, code,
			       "there are over %u different rows",
			       ZU_TABLE_MAX_STATES);
	return code ? zu_fail_nomem(err) : 0;
}

int zu_table_maker_func(struct zu_table_maker *m, uint64_t offset,
			uint32_t len, const struct zu_flow_row *rows,
			size_t nr, struct zu_error *err)
{
	struct zu_table_maker_object *o;
	int code;

	if (!m->nr_objects)
		return zu_fail(err, ZU_EINVAL, "a function without an object");
	o = &m->objects[m->nr_objects - 1];
	if (offset < o->end || offset >= o->size || !len ||
	    len > o->size - offset || offset % 2)
		return zu_fail(err, ZU_EINVAL,
			       "the function at 0x%" PRIx64
			       " is not in its place", offset);
	if (add_gap(m, offset))
		return zu_fail_nomem(err);
	code = zu_table_maker_mark(m, (uint32_t)offset, err);
	if (!code)
		code = add_rows(m, (uint32_t)offset, len, rows, nr, err);
	if (!code)
		o->end = (uint32_t)offset + len;
	return code;
}

int zu_table_maker_finish(struct zu_table_maker *m, void **bytes, size_t *len,
			  struct zu_error *err)
{
	if (!m->nr_objects)
		return zu_fail(err, ZU_EINVAL, "there is no code for a table");
	if (end_object(m))
		return zu_fail_nomem(err);
	return zu_table_write(m, bytes, len, err);
}

void zu_table_maker_deinit(struct zu_table_maker *m)
{
	size_t i;

	for (i = 0; i < m->nr_objects; i++)
		free(m->objects[i].name);
	free(m->objects);
	free(m->rows);
	free(m->funcs);
	free(m->calls);
	free(m->exits);
	free(m->states);
	free(m->hash);
	*m = (struct zu_table_maker)ZU_TABLE_MAKER_INIT;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bytes of marks and exits: core/table_format.h. */
#include "check/table_private.h"

#include "core/bytes.h"
#include "core/table_format.h"

/* The marks of an object that are not written yet */
struct marks {
	const struct zu_table_maker_func *func;
	const struct zu_table_maker_func *func_end;
	const uint32_t *call;
	const uint32_t *call_end;
	uint32_t last;		/* 1 + block of the last function; 0: none yet */
};

static void put_block(struct zu_table_out *out, struct marks *m, uint32_t block)
{
	uint8_t *p = out->bytes + out->at, *head = p;
	uint32_t back = m->last ? block - (m->last - 1) : 0;

	p += ZU_TABLE_M_HEAD;
	zu_put_be16(head + ZU_TABLE_M_BACK,
		    back <= ZU_TABLE_MAX_BACK ? (uint16_t)back : 0);
	while (m->func < m->func_end &&
	       m->func->offset / ZU_TABLE_BLOCK == block) {
		*p++ = (uint8_t)(m->func++->offset % ZU_TABLE_BLOCK / 2);
		m->last = block + 1;
	}
	head[ZU_TABLE_M_NR_FUNCS] = (uint8_t)(p - head - ZU_TABLE_M_HEAD);
	while (m->call < m->call_end && *m->call / ZU_TABLE_BLOCK == block)
		*p++ = (uint8_t)(*m->call++ % ZU_TABLE_BLOCK / 2);
	out->at = (size_t)(p - out->bytes);
}

static void put_marks(struct zu_table_out *out,
		      const struct zu_table_maker_object *o)
{
	uint32_t blocks = zu_table_blocks(o->size), block;
	uint8_t *index = out->bytes + out->at;
	struct marks m = { .func = NULL };
	size_t first;

	if (o->nr_funcs) {
		m.func = out->m->funcs + o->first_func;
		m.func_end = m.func + o->nr_funcs;
	}
	if (o->nr_calls) {
		m.call = out->m->calls + o->first_call;
		m.call_end = m.call + o->nr_calls;
	}
	out->at += zu_table_index_len(o->size);
	first = out->at;
	for (block = 0; block < blocks; block++) {
		zu_put_be32(index, (uint32_t)(out->at - first));
		index += ZU_TABLE_ENTRY;
		put_block(out, &m, block);
	}
	zu_put_be32(index, (uint32_t)(out->at - first));
}

static bool has_exits(const struct zu_table_maker_func *f)
{
	return f->flags || f->nr_exits;
}

uint32_t zu_table_count_exits(const struct zu_table_maker *m,
			      const struct zu_table_maker_object *o)
{
	uint32_t n = 0;
	size_t i;

	for (i = 0; i < o->nr_funcs; i++)
		n += has_exits(&m->funcs[o->first_func + i]);
	return n;
}

static void put_exits(struct zu_table_out *out,
		      const struct zu_table_maker_object *o)
{
	uint32_t nr = zu_table_count_exits(out->m, o), words = 0;
	uint8_t *func = out->bytes + out->at;
	uint8_t *begin = func + (size_t)nr * ZU_TABLE_WORD;
	uint8_t *list = begin + ((size_t)nr + 1) * ZU_TABLE_WORD;
	size_t i, k;

	for (i = 0; i < o->nr_funcs; i++) {
		const struct zu_table_maker_func *f =
			&out->m->funcs[o->first_func + i];

		if (!has_exits(f))
			continue;
		zu_put_be32(func, f->offset);
		zu_put_be32(begin, words | f->flags);
		func += ZU_TABLE_WORD;
		begin += ZU_TABLE_WORD;
		words += (uint32_t)f->nr_exits;
		for (k = 0; k < f->nr_exits; k++, list += ZU_TABLE_WORD)
			zu_put_be32(list, out->m->exits[f->first_exit + k]);
	}
	zu_put_be32(begin, words);
	out->at = (size_t)(list - out->bytes);
}

void zu_table_put_code(struct zu_table_out *out,
		       const struct zu_table_maker_object *o)
{
	put_marks(out, o);
	put_exits(out, o);
}

uint64_t zu_table_code_bytes(const struct zu_table_maker *m)
{
	uint64_t len = 0;
	size_t i;

	for (i = 0; i < m->nr_objects; i++) {
		uint32_t size = m->objects[i].size;

		len += zu_table_index_len(size) + ZU_TABLE_WORD +
		       (uint64_t)zu_table_blocks(size) * ZU_TABLE_M_HEAD;
	}
	return len + m->nr_funcs + m->nr_calls +
	       ((uint64_t)m->nr_funcs * 2 + m->nr_exits) * ZU_TABLE_WORD;
}

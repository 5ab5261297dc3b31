/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Live patches of all makes, put into a module of tests/make/module.h. */
#ifndef ZU_TESTS_MAKE_PATCH_H
#define ZU_TESTS_MAKE_PATCH_H

#include "kern/layout.h"
#include "tests/make/module.h"

#define MP_INFO "license=GPL\0livepatch=Y\0name=my_patch"

/* Where struct klp_patch, klp_object and klp_func have their members */
struct mp_layout {
	uint32_t patch, mod, objs, replace;
	uint32_t object, name, funcs;
	uint32_t func, old_name, new_func, sympos;
};

/* as in 6.12 and 7.2 */
static const struct mp_layout mp_real = {
	.patch = 200, .mod = 0, .objs = 8, .replace = 24,
	.object = 168, .name = 0, .funcs = 8,
	.func = 152, .old_name = 0, .new_func = 8, .sympos = 16,
};

/* as in no kernel */
static const struct mp_layout mp_odd = {
	.patch = 88, .mod = 24, .objs = 8, .replace = 87,
	.object = 56, .name = 16, .funcs = 40,
	.func = 72, .old_name = 64, .new_func = 16, .sympos = 8,
};

static inline void mp_place(struct zu_layout *l, enum zu_field f,
			    uint32_t offset, uint32_t size)
{
	l->place[f] = (struct zu_place){
		.present = true, .offset = offset, .size = size,
	};
}

static inline void mp_set_layout(struct zu_layout *l,
				 const struct mp_layout *m)
{
	memset(l, 0, sizeof(*l));
	mp_place(l, ZU_F_klp_patch, 0, m->patch);
	mp_place(l, ZU_F_klp_patch_mod, m->mod, 8);
	mp_place(l, ZU_F_klp_patch_objs, m->objs, 8);
	mp_place(l, ZU_F_klp_patch_replace, m->replace, 1);
	mp_place(l, ZU_F_klp_object, 0, m->object);
	mp_place(l, ZU_F_klp_object_name, m->name, 8);
	mp_place(l, ZU_F_klp_object_array, m->funcs, 8);
	mp_place(l, ZU_F_klp_func, 0, m->func);
	mp_place(l, ZU_F_klp_func_old_name, m->old_name, 8);
	mp_place(l, ZU_F_klp_func_new_func, m->new_func, 8);
	mp_place(l, ZU_F_klp_func_sympos, m->sympos, 8);
}

/* A klp_patch at @at of .data, whose list of objects is at @objs there */
static inline void mp_patch(struct mm *m, const struct mp_layout *l,
			    uint64_t at, uint64_t objs)
{
	mk_at(&m->section[MM_DATA].bytes, at, l->patch);
	mm_pointer(m, MM_DATA, at + l->mod, MM_THIS, 0);
	mm_pointer(m, MM_DATA, at + l->objs, MM_DATA, objs);
}

/* A klp_object at @at, whose list of functions is at @funcs of @section */
static inline void mp_object(struct mm *m, const struct mp_layout *l,
			     uint64_t at, const char *name,
			     unsigned int section, uint64_t funcs)
{
	mk_at(&m->section[MM_DATA].bytes, at, 2 * l->object);
	if (name)
		mm_string(m, MM_DATA, at + l->name, name);
	mm_pointer(m, MM_DATA, at + l->funcs, section, funcs);
}

/* A klp_func at @at, with room for the end of the list behind it */
static inline void mp_func(struct mm *m, const struct mp_layout *l,
			   uint64_t at, const char *name, uint64_t sympos)
{
	mk_at(&m->section[MM_DATA].bytes, at, 2 * l->func);
	mm_string(m, MM_DATA, at + l->old_name, name);
	mm_pointer(m, MM_DATA, at + l->new_func, MM_TEXT, 8);
	mk_be64(&m->section[MM_DATA].bytes, at + l->sympos, sympos);
}

/* One element of .kpatch.funcs */
static inline void mp_kpatch(struct mm *m, unsigned int section,
			     const char *object, const char *name,
			     uint64_t sympos)
{
	size_t at = m->section[section].bytes.len;

	mk_at(&m->section[section].bytes, at, 56);
	mm_pointer(m, section, at, MM_TEXT, 8);
	mk_be64(&m->section[section].bytes, at + 8, 0x40);
	mk_be64(&m->section[section].bytes, at + 16, 0x123456);
	mk_be64(&m->section[section].bytes, at + 24, 0x80);
	mk_be64(&m->section[section].bytes, at + 32, sympos);
	mm_string(m, section, at + 40, name);
	mm_string(m, section, at + 48, object);
}

/* One element of .init.klp_objects, with functions from @funcs of @section */
static inline void mp_ext_object(struct mm *m, unsigned int objects,
				 const char *name, unsigned int section,
				 uint64_t funcs, uint32_t nr)
{
	size_t at = m->section[objects].bytes.len;

	mk_at(&m->section[objects].bytes, at, 64);
	if (name)
		mm_string(m, objects, at, name);
	mm_pointer(m, objects, at + 8, section, funcs);
	mk_be32(&m->section[objects].bytes, at + 56, nr);
}

/* One element of .init.klp_funcs */
static inline void mp_ext_func(struct mm *m, unsigned int section,
			       const char *name, uint64_t sympos)
{
	size_t at = m->section[section].bytes.len;

	mk_at(&m->section[section].bytes, at, 24);
	mm_string(m, section, at, name);
	mm_pointer(m, section, at + 8, MM_TEXT, 8);
	mk_be64(&m->section[section].bytes, at + 16, sympos);
}

#endif

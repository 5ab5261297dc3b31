/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of live patches: what is read, in all makes, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "klp/patch_file.h"
#include "tests/make/patch.h"

static struct mm mm;
static struct mk file;
static struct zu_layout layout;
static struct zu_patch_file patch;
static struct zu_error error;
static const struct mp_layout *l;

static int setup(void **state)
{
	(void)state;
	l = &mp_real;
	mp_set_layout(&layout, l);
	mm_init(&mm, MP_INFO, sizeof(MP_INFO));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	mm_free(&mm);
	mk_free(&file);
	zu_patch_file_deinit(&patch);
	return 0;
}

static int read_patch(void)
{
	mk_free(&file);
	mm_write(&mm, &file);
	zu_patch_file_deinit(&patch);
	memset(&error, 0, sizeof(error));
	return zu_patch_file_read(mk_file(&file), &layout, &patch, &error);
}

static void reads(void)
{
	if (read_patch())
		fail_msg("%s", error.text);
}

static void refuses(int code, const char *text)
{
	assert_int_equal(read_patch(), code);
	assert_int_equal(error.code, code);
	if (!strstr(error.text, text))
		fail_msg("no \"%s\" in \"%s\"", text, error.text);
	assert_int_equal(patch.functions.nr, 0);
	assert_null(patch.functions.function);
}

static void has(size_t i, const char *object, const char *name,
		uint64_t sympos)
{
	const struct zu_patch_function *f = &patch.functions.function[i];

	assert_true(i < patch.functions.nr);
	assert_string_equal(f->name, name);
	assert_int_equal(f->sympos, sympos);
	if (object)
		assert_string_equal(f->object, object);
	else
		assert_null(f->object);
}

/* Where the parts of the patch are in .data */
#define PATCH 0x40
#define OBJECTS 0x200
#define FUNCS 0x800
#define OTHERS 0xc00

static uint64_t data_at(uint64_t at)
{
	return zu_be64(mm.section[MM_DATA].bytes.data + at);
}

/* Two functions of the kernel, one of a module */
static void make_static(void)
{
	mp_patch(&mm, l, PATCH, OBJECTS);
	mp_object(&mm, l, OBJECTS, NULL, MM_DATA, FUNCS);
	mp_object(&mm, l, OBJECTS + l->object, "ext4", MM_DATA, OTHERS);
	mp_func(&mm, l, FUNCS, "vfs_read", 0);
	mp_func(&mm, l, FUNCS + l->func, "show", 3);
	mp_func(&mm, l, OTHERS, "ext4_sync_fs", 1);
}

static void has_static(void)
{
	assert_int_equal(patch.make, ZU_PATCH_STATIC);
	assert_string_equal(patch.name, "my_patch");
	assert_int_equal(patch.functions.nr, 3);
	assert_int_equal(patch.blank, 0);
	has(0, NULL, "vfs_read", 0);
	has(1, NULL, "show", 3);
	has(2, "ext4", "ext4_sync_fs", 1);
}

static void reads_klp_patch(void **state)
{
	(void)state;
	make_static();
	reads();
	has_static();
}

/* The offsets are those of the layout, whatever they are. */
static void reads_other_layouts(void **state)
{
	(void)state;
	l = &mp_odd;
	make_static();
	mp_set_layout(&layout, l);
	reads();
	has_static();

	mp_set_layout(&layout, &mp_real);
	assert_int_not_equal(read_patch(), 0);
}

/* Of the others the code decides that when it is loaded. */
static void tells_whether_it_replaces(void **state)
{
	uint8_t *flag;

	(void)state;
	make_static();
	flag = mm.section[MM_DATA].bytes.data + PATCH + l->replace;
	reads();
	assert_false(patch.replaces);
	*flag = 1;
	reads();
	has_static();
	assert_true(patch.replaces);
	/* 5.0 and before had no such thing */
	layout.place[ZU_F_klp_patch_replace].present = false;
	reads();
	assert_false(patch.replaces);
	mp_set_layout(&layout, l);
	/* a relocation is no flag */
	mm_pointer(&mm, MM_DATA, PATCH + l->replace, MM_TEXT, 8);
	assert_int_not_equal(read_patch(), 0);
}

/* Relocations against symbols that are not those of sections */
static void reads_symbols(void **state)
{
	struct mk *rela = &mm.section[MM_DATA].rela;
	unsigned int objs;

	(void)state;
	make_static();
	objs = mm_symbol(&mm, MM_DATA, OBJECTS - 8);
	mk_be64(rela, 24 + 8, (uint64_t)objs << 32 | R_390_64);
	mk_be64(rela, 24 + 16, 8);
	reads();
	has_static();
	mk_be64(rela, 24 + 16, 16);
	assert_int_not_equal(read_patch(), 0);
}

/* What else points to the module: an object of operations, a list of them */
static void finds_the_patch_among_others(void **state)
{
	unsigned int fixed = mm_section(&mm, ".rodata", SHF_ALLOC);

	(void)state;
	make_static();
	mk_at(&mm.section[fixed].bytes, 0, 2 * l->object);
	mm_pointer(&mm, fixed, l->funcs, MM_DATA, FUNCS);
	mk_at(&mm.section[MM_DATA].bytes, 0x2000, 0x400);
	mm_pointer(&mm, MM_DATA, 0x1000, MM_THIS, 0);	/* llseek */
	mm_pointer(&mm, MM_DATA, 0x1008, MM_TEXT, 8);
	mm_pointer(&mm, MM_DATA, 0x1100, MM_THIS, 0);	/* next, of strings */
	mm_pointer(&mm, MM_DATA, 0x1108, MM_DATA, 0x1200);
	mm_pointer(&mm, MM_DATA, 0x1200, MM_STR, 0);
	mm_pointer(&mm, MM_DATA, 0x1300, MM_THIS, 0);	/* an empty list */
	mm_pointer(&mm, MM_DATA, 0x1308, MM_DATA, 0x1400);
	mm_pointer(&mm, MM_DATA, 0x1500, MM_THIS, 8);	/* a member of it */
	mm_pointer(&mm, MM_DATA, 0x1508, MM_DATA, OBJECTS);
	mm_pointer(&mm, MM_DATA, 0x1600, MM_THIS, 0);	/* a const list */
	mm_pointer(&mm, MM_DATA, 0x1608, fixed, 0);
	mm_pointer(&mm, MM_DATA, 0x23f0, MM_THIS, 0);	/* without room */
	mm_pointer(&mm, MM_DATA, 0x23f8, MM_DATA, OBJECTS);
	reads();
	has_static();
}

static void refuses_two_patches(void **state)
{
	(void)state;
	make_static();
	mp_patch(&mm, l, 0x1000, OBJECTS);
	refuses(ZU_EFORMAT, "two structures");
}

static void refuses_what_code_fills(void **state)
{
	(void)state;
	refuses(ZU_ENOENT, "there is no klp_patch in its data");

	mp_patch(&mm, l, PATCH, OBJECTS);
	mk_at(&mm.section[MM_DATA].bytes, OBJECTS, l->object);
	refuses(ZU_ENOENT, "list of objects is empty");

	mp_object(&mm, l, OBJECTS, "ext4", MM_BSS, 0);
	refuses(ZU_ENOENT, "lists of functions are empty");

	/* of two objects one is told */
	mp_object(&mm, l, OBJECTS + l->object, NULL, MM_DATA, FUNCS);
	mp_func(&mm, l, FUNCS, "vfs_read", 0);
	reads();
	assert_int_equal(patch.functions.nr, 1);
	assert_int_equal(patch.blank, 1);
	has(0, NULL, "vfs_read", 0);
}

static void refuses_lists_without_end(void **state)
{
	struct mk *data = &mm.section[MM_DATA].bytes;

	(void)state;
	make_static();
	data->len = OTHERS + 2 * l->func;
	reads();
	data->len--;
	refuses(ZU_EFORMAT, "a list of struct klp_func does not end");
}

static void refuses_objects_without_end(void **state)
{
	(void)state;
	/* the objects at the end of the section, and nothing behind them */
	mp_patch(&mm, l, PATCH, OBJECTS);
	mp_func(&mm, l, 0x100, "vfs_read", 0);
	mp_object(&mm, l, OBJECTS, NULL, MM_DATA, 0x100);
	mm.section[MM_DATA].bytes.len = OBJECTS + l->object;
	refuses(ZU_EFORMAT, "a list of struct klp_object does not end");
}

/* Objects that share their functions, as a file of any size could have them */
static void bounds_the_functions(void **state)
{
	unsigned int i, shared = 300, funcs = 256;
	uint64_t at = 0x40000;

	(void)state;
	mp_patch(&mm, l, PATCH, OBJECTS);
	mm_string(&mm, MM_DATA, 0, "vfs_read");
	for (i = 0; i < funcs; i++)
		mp_func(&mm, l, at + i * l->func, "vfs_read", 1);
	for (i = 0; i < shared; i++)
		mp_object(&mm, l, OBJECTS + i * l->object, NULL, MM_DATA, at);
	refuses(ZU_EFORMAT, "functions are too many");
}

/*
 * Structures that look like a patch until the last function of a long list,
 * which all of them share: looked at for as long as that takes no second.
 */
static void bounds_the_search(void **state)
{
	static const struct mp_layout dense = {
		.patch = 24, .mod = 0, .objs = 8, .replace = 16,
		.object = 16, .name = 0, .funcs = 8,
		.func = 24, .old_name = 0, .new_func = 8, .sympos = 16,
	};
	/* with the end, and the object, 4096 elements: 255 times is enough */
	const unsigned int funcs = 4094;
	const uint64_t at = 0x40000;
	unsigned int i;

	(void)state;
	l = &dense;
	mp_set_layout(&layout, l);
	mp_patch(&mm, l, PATCH, OBJECTS);
	mp_object(&mm, l, OBJECTS, NULL, MM_DATA, 0x3000);
	mp_func(&mm, l, 0x3000, "vfs_read", 0);
	mp_object(&mm, l, 0x400, NULL, MM_DATA, at);
	for (i = 0; i < funcs; i++)
		mp_func(&mm, l, at + i * l->func, "f", 0);
	mk_be64(&mm.section[MM_DATA].bytes, at + funcs * l->func + 8, 1);
	for (i = 0; i < 255; i++)
		mp_patch(&mm, l, 0x1000 + i * l->patch, 0x400);
	reads();
	assert_int_equal(patch.functions.nr, 1);
	mp_patch(&mm, l, 0x1000 + i * l->patch, 0x400);
	refuses(ZU_EFORMAT, "its lists are too long");
}

static void refuses_bad_pointers(void **state)
{
	struct mk *rela = &mm.section[MM_DATA].rela;
	size_t name;

	(void)state;
	make_static();
	/* patch: 2, objects: 1 and 2, then functions: name first */
	name = 5 * 24;
	assert_int_equal(zu_be64(rela->data + name), FUNCS + l->old_name);
	mk_be64(rela, name + 8, (uint64_t)MM_STR << 32 | R_390_32);
	refuses(ZU_EFORMAT, "makes no pointer");
	mk_be64(rela, name + 8, (uint64_t)MM_UNDEF << 32 | R_390_64);
	refuses(ZU_EFORMAT, "a symbol that is not in the file");
	mk_be64(rela, name + 8, (uint64_t)MM_DEBUG << 32 | R_390_64);
	refuses(ZU_EFORMAT, "which is not loaded");
	mk_be64(rela, name + 8, (uint64_t)mm.nr_syms << 32 | R_390_64);
	refuses(ZU_EFORMAT, "is about symbol");
	mk_be64(rela, name + 8, (uint64_t)MM_STR << 32 | R_390_64);
	mk_be64(rela, name + 16, mm.section[MM_STR].bytes.len);
	refuses(ZU_EFORMAT, "behind the end of section .rodata.str");
	mk_be64(rela, name + 16, UINT64_MAX);
	refuses(ZU_EFORMAT, "behind the end of section .rodata.str");
	mk_be64(rela, name + 16, 0);
	reads();
	mk_be64(rela, name, mm.section[MM_DATA].bytes.len);
	refuses(ZU_EFORMAT, "outside of section .data");
	mk_be64(rela, name, FUNCS + l->new_func);
	refuses(ZU_EFORMAT, "two relocations");
}

static void refuses_bad_functions(void **state)
{
	struct mk *data = &mm.section[MM_DATA].bytes;
	struct mk *rela = &mm.section[MM_DATA].rela;
	size_t name = 5 * 24, func = 6 * 24;

	(void)state;
	make_static();
	assert_int_equal(zu_be64(rela->data + func), FUNCS + l->new_func);
	assert_int_equal(data_at(FUNCS + l->sympos), 0);

	/* elsewhere, where nothing is looked at */
	mk_be64(rela, name, PATCH + 32);
	refuses(ZU_EFORMAT, "a function has no name");
	mk_be64(data, FUNCS + l->old_name, 5);
	refuses(ZU_EFORMAT, "a number is where a pointer should be");
	mk_be64(data, FUNCS + l->old_name, 0);
	mk_be64(rela, name, FUNCS + l->old_name);
	mk_be64(rela, func, PATCH + 32);
	refuses(ZU_EFORMAT, "no function replaces the old one");
	mk_be64(rela, func, FUNCS + l->sympos);
	refuses(ZU_EFORMAT, "a relocation is where a number should be");
	mk_be64(rela, func, FUNCS + l->new_func);
	reads();
	has_static();
}

static void refuses_objects_without_functions(void **state)
{
	struct mk *rela = &mm.section[MM_DATA].rela;

	(void)state;
	make_static();
	assert_int_equal(zu_be64(rela->data + 4 * 24),
			 OBJECTS + l->object + l->funcs);
	mk_be64(rela, 4 * 24, PATCH + 32);
	refuses(ZU_EFORMAT, "object ext4 has no list of functions");
	/* nor is const data one, which the kernel writes to */
	mk_be64(rela, 4 * 24, OBJECTS + l->object + l->funcs);
	mk_be64(rela, 4 * 24 + 8, (uint64_t)MM_STR << 32 | R_390_64);
	mk_be64(rela, 4 * 24 + 16, 0);
	refuses(ZU_EFORMAT, "object ext4 has no list of functions");
}

/* Live patching's own relocations are of other objects' symbols. */
static void leaves_out_klp_relocations(void **state)
{
	(void)state;
	make_static();
	mm.rela_flags = 0x00100000;
	refuses(ZU_ENOENT, "there is no klp_patch");
}

static void names_have_a_length(void **state)
{
	char name[600];

	(void)state;
	memset(name, 'x', sizeof(name));
	name[511] = '\0';
	mp_patch(&mm, l, PATCH, OBJECTS);
	mp_object(&mm, l, OBJECTS, NULL, MM_DATA, FUNCS);
	mp_func(&mm, l, FUNCS, name, 0);
	reads();
	has(0, NULL, name, 0);

	name[511] = 'x';
	name[512] = '\0';
	teardown(state);
	setup(state);
	mp_patch(&mm, l, PATCH, OBJECTS);
	mp_object(&mm, l, OBJECTS, NULL, MM_DATA, FUNCS);
	mp_func(&mm, l, FUNCS, name, 0);
	refuses(ZU_EFORMAT, "a name is too long");
}

static void names_are_names(void **state)
{
	struct mk *str = &mm.section[MM_STR].bytes;

	(void)state;
	make_static();
	/* the first string is that of the module, the last its function */
	assert_string_equal((char *)str->data, "ext4");
	str->data[0] = '\n';
	refuses(ZU_EFORMAT, "there is no name");
	str->data[0] = '\0';
	refuses(ZU_EFORMAT, "a name is empty");
	str->data[0] = 'e';
	reads();
	str->len--;
	refuses(ZU_EFORMAT, "a name does not end");
}

static void names_of_modules_have_a_length(void **state)
{
	char name[64];

	(void)state;
	memset(name, 'm', sizeof(name));
	name[55] = '\0';
	mp_patch(&mm, l, PATCH, OBJECTS);
	mp_object(&mm, l, OBJECTS, name, MM_DATA, FUNCS);
	mp_func(&mm, l, FUNCS, "f", 0);
	reads();
	has(0, name, "f", 0);

	teardown(state);
	setup(state);
	name[55] = 'm';
	name[56] = '\0';
	mp_patch(&mm, l, PATCH, OBJECTS);
	mp_object(&mm, l, OBJECTS, name, MM_DATA, FUNCS);
	mp_func(&mm, l, FUNCS, "f", 0);
	refuses(ZU_EFORMAT, "a name is too long");
}

static void needs_the_types(void **state)
{
	static const enum zu_field fields[] = {
		ZU_F_klp_patch, ZU_F_klp_patch_mod, ZU_F_klp_patch_objs,
		ZU_F_klp_object, ZU_F_klp_object_name, ZU_F_klp_object_array,
		ZU_F_klp_func, ZU_F_klp_func_old_name,
		ZU_F_klp_func_new_func, ZU_F_klp_func_sympos,
	};
	size_t i;

	(void)state;
	make_static();
	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		layout.place[fields[i]].present = false;
		refuses(ZU_ENOENT, zu_field_name(fields[i]));
		layout.place[fields[i]].present = true;
	}
	reads();
}

static void reads_kpatch(void **state)
{
	unsigned int funcs = mm_section(&mm, ".kpatch.funcs", SHF_ALLOC);

	(void)state;
	memset(&layout, 0, sizeof(layout));
	mp_kpatch(&mm, funcs, "vmlinux", "vfs_read", 0);
	mp_kpatch(&mm, funcs, "ext4", "show", 2);
	reads();
	assert_true(patch.replaces);
	assert_int_equal(patch.make, ZU_PATCH_KPATCH);
	assert_int_equal(patch.functions.nr, 2);
	has(0, NULL, "vfs_read", 0);
	has(1, "ext4", "show", 2);
}

static void refuses_bad_kpatch(void **state)
{
	unsigned int funcs = mm_section(&mm, ".kpatch.funcs", SHF_ALLOC);
	struct mk *rela = &mm.section[funcs].rela;

	(void)state;
	mp_kpatch(&mm, funcs, "vmlinux", "vfs_read", 0);
	assert_int_equal(zu_be64(rela->data + 2 * 24), 48);
	mk_be64(rela, 2 * 24, 8);
	mk_be64(&mm.section[funcs].bytes, 8, 0);
	refuses(ZU_EFORMAT, "a function is in no object");
	mk_be64(rela, 2 * 24, 48);
	mk_be64(rela, 24, 16);
	refuses(ZU_EFORMAT, "a function has no name");
	mk_be64(rela, 24, 40);
	reads();
	mk_at(&mm.section[funcs].bytes, 56, 1);
	refuses(ZU_ENOTSUP, "no elements of 56");
	mm.section[funcs].type = SHT_NOBITS;
	mm.section[funcs].nobits = 56;
	refuses(ZU_EFORMAT, "has no data in this file");
}

/* It has callbacks, and no functions. */
static void reads_empty_kpatch(void **state)
{
	(void)state;
	mm_section(&mm, ".kpatch.funcs", SHF_ALLOC);
	reads();
	assert_int_equal(patch.functions.nr, 0);
}

static void reads_klp_build(void **state)
{
	unsigned int objs = mm_section(&mm, ".init.klp_objects", SHF_ALLOC);
	unsigned int funcs = mm_section(&mm, ".init.klp_funcs", SHF_ALLOC);

	(void)state;
	memset(&layout, 0, sizeof(layout));
	mp_ext_func(&mm, funcs, "vfs_read", 0);
	mp_ext_func(&mm, funcs, "show", 2);
	mp_ext_func(&mm, funcs, "ext4_sync_fs", 1);
	mp_ext_object(&mm, objs, NULL, funcs, 0, 2);
	mp_ext_object(&mm, objs, "ext4", funcs, 48, 1);
	mp_ext_object(&mm, objs, "xfs", funcs, 72, 0);
	reads();
	assert_true(patch.replaces);
	assert_int_equal(patch.make, ZU_PATCH_KLP_BUILD);
	assert_int_equal(patch.functions.nr, 3);
	has(0, NULL, "vfs_read", 0);
	has(1, NULL, "show", 2);
	has(2, "ext4", "ext4_sync_fs", 1);
}

static void refuses_bad_klp_build(void **state)
{
	unsigned int objs = mm_section(&mm, ".init.klp_objects", SHF_ALLOC);
	unsigned int funcs = mm_section(&mm, ".init.klp_funcs", SHF_ALLOC);
	struct mk *bytes = &mm.section[objs].bytes;

	(void)state;
	refuses(ZU_EFORMAT, "section .init.klp_objects is empty");
	mp_ext_func(&mm, funcs, "vfs_read", 0);
	mp_ext_object(&mm, objs, NULL, funcs, 0, 2);
	refuses(ZU_EFORMAT, "the section ends there");
	mk_be32(bytes, 56, UINT32_MAX);
	refuses(ZU_EFORMAT, "the section ends there");
	mk_be32(bytes, 56, 1);
	reads();
	mm.section[objs].rela.len = 0;
	refuses(ZU_EFORMAT, "has no list of them");
	mk_at(bytes, 64, 8);
	refuses(ZU_ENOTSUP, "no elements of 64");
}

static void refuses_other_modules(void **state)
{
	(void)state;
	make_static();
	mm.section[MM_INFO].bytes.len = sizeof("license=GPL");
	refuses(ZU_EINVAL, "no live patch");
	/* a value that begins so is none */
	mk_put(&mm.section[MM_INFO].bytes, 0, "livepatch2=Y", 13);
	refuses(ZU_EINVAL, "no live patch");
	mk_put(&mm.section[MM_INFO].bytes, 0, "livepatch=", 11);
	reads();
	assert_string_equal(patch.name, "");
	mm.section[MM_THIS].name = ".data.more";
	refuses(ZU_EFORMAT, "no kernel module");
	mm.section[MM_THIS].name = ".gnu.linkonce.this_module";
	mm.section[MM_INFO].name = ".comment";
	refuses(ZU_EFORMAT, "no kernel module");
}

static void refuses_other_files(void **state)
{
	(void)state;
	make_static();
	mm.machine = EM_X86_64;
	refuses(ZU_ENOTSUP, "not of s390x");
	mm.machine = EM_S390;
	mm.type = ET_EXEC;
	refuses(ZU_ENOTSUP, "not a relocatable one");
	mm.type = ET_REL;
	mm.section[MM_DATA].flags |= SHF_COMPRESSED;
	refuses(ZU_ENOTSUP, "it is compressed");
}

static void refuses_packed_files(void **state)
{
	static const struct {
		const char *magic, *program;
	} packed[] = {
		{ "\xfd" "7zXZ\0\0\4", "unxz" },
		{ "\x28\xb5\x2f\xfd\0\0\0", "unzstd" },
		{ "\x1f\x8b\x08\0\0\0\0", "gunzip" },
		{ "#!/bin/sh", "no ELF file" },
		{ "\0\0\0\0\0\0\0\0", "no ELF file" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(packed) / sizeof(packed[0]); i++) {
		mk_free(&file);
		mk_put(&file, 0, packed[i].magic, 8);
		assert_true(zu_patch_file_read(mk_file(&file), &layout, &patch,
					       &error) < 0);
		assert_non_null(strstr(error.text, packed[i].program));
	}
	assert_int_equal(zu_patch_file_read("/nonexistent", &layout, &patch,
					    &error), ZU_EIO);
	assert_int_equal(zu_patch_file_read("/", &layout, &patch, &error),
			 ZU_EIO);
}

/* Cut off anywhere it is refused: the names of sections come last. */
static void refuses_truncated_files(void **state)
{
	struct mk all = { .len = 0 };
	size_t len;

	(void)state;
	make_static();
	mm_write(&mm, &all);
	for (len = 0; len < all.len; len += len < 4096 ? 1 : 61) {
		mk_free(&file);
		mk_put(&file, 0, all.data, len);
		memset(&error, 0, sizeof(error));
		assert_true(zu_patch_file_read(mk_file(&file), &layout, &patch,
					       &error) < 0);
		assert_true(error.code && error.text[0]);
	}
	mk_free(&all);
}

/* tests/data/patch/: laid out by a compiler, and not by tests/make/patch.h */
static void reads_what_a_compiler_made(void **state)
{
	static const char folder[] = "tests/fuzz/corpus/patch/";
	static const char *const names[] = { "static", "kpatch", "klp-build" };
	char path[64];
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s%s", folder, names[i]);
		zu_patch_file_deinit(&patch);
		if (zu_patch_file_read(path, &layout, &patch, &error))
			fail_msg("%s: %s", path, error.text);
		assert_int_equal(patch.make, ZU_PATCH_STATIC + i);
		has(0, NULL, "vfs_read", 0);
		if (i == ZU_PATCH_KPATCH) {
			assert_int_equal(patch.functions.nr, 2);
			has(1, "ext4", "show", 2);
			continue;
		}
		assert_int_equal(patch.functions.nr, 3);
		has(1, NULL, "show", 3);
		has(2, "ext4", "ext4_sync_fs", i == ZU_PATCH_KLP_BUILD);
		assert_int_equal(patch.blank, i == ZU_PATCH_STATIC);
	}
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		CASE(reads_klp_patch),
		CASE(reads_other_layouts),
		CASE(reads_symbols),
		CASE(finds_the_patch_among_others),
		CASE(refuses_two_patches),
		CASE(refuses_what_code_fills),
		CASE(refuses_lists_without_end),
		CASE(refuses_objects_without_end),
		CASE(bounds_the_functions),
		CASE(bounds_the_search),
		CASE(refuses_bad_pointers),
		CASE(refuses_bad_functions),
		CASE(refuses_objects_without_functions),
		CASE(leaves_out_klp_relocations),
		CASE(names_have_a_length),
		CASE(names_are_names),
		CASE(names_of_modules_have_a_length),
		CASE(needs_the_types),
		CASE(tells_whether_it_replaces),
		CASE(reads_kpatch),
		CASE(refuses_bad_kpatch),
		CASE(reads_empty_kpatch),
		CASE(reads_klp_build),
		CASE(refuses_bad_klp_build),
		CASE(refuses_other_modules),
		CASE(refuses_other_files),
		CASE(refuses_packed_files),
		CASE(refuses_truncated_files),
		CASE(reads_what_a_compiler_made),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Types from a file: raw BTF, and ELF files of this and of other kernels. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "kern/layout.h"
#include "tests/make/bytes.h"
#include "tests/make/fakekernel.h"
#include "zunwind/kernel.h"

/* of the fake kernel and, unless said, of the files made here */
#define BUILD_ID "00112233445566778899aabbccddeeff00112233"

static struct zu_error err;

/* what the fake kernel carries, at @at */
static void put_btf(struct mk *file, size_t at)
{
	struct fk *fk = fk_new(FK_6_12);
	uint32_t len;
	void *btf = fk_btf(fk, &len);

	mk_put(file, at, btf, len);
	free(btf);
	fk_free(fk);
}

static void assert_taken(struct mk *file, const char *build_id)
{
	struct zu_layout l;

	if (zu_layout_from_file(mk_file(file), build_id, &l, &err))
		fail_msg("%s", err.text);
	assert_true(l.place[ZU_F_task_ksp].present);
	assert_int_equal(l.place[ZU_F_task_ksp].size, 8);
}

static void assert_code(const char *path, int code, const char *text)
{
	struct zu_layout l;

	assert_int_equal(zu_layout_from_file(path, BUILD_ID, &l, &err), code);
	assert_int_equal(err.code, code);
	if (!strstr(err.text, text))
		fail_msg("%s", err.text);
}

/* the first @len bytes of a file */
static void assert_refused(struct mk *file, size_t len, int code,
			   const char *text)
{
	struct mk part = { .data = NULL };

	mk_put(&part, 0, file->data, len);
	assert_code(mk_file(&part), code, text);
	mk_free(&part);
}

static void reads_raw_files(void **state)
{
	struct mk file = { .data = NULL };

	(void)state;
	put_btf(&file, 0);
	assert_taken(&file, NULL);
	assert_taken(&file, BUILD_ID);
	assert_refused(&file, file.len - 1, ZU_EFORMAT, "BTF is cut off");
	assert_refused(&file, 1, ZU_EFORMAT, "neither BTF nor ELF");
	assert_refused(&file, 0, ZU_EFORMAT, "neither BTF nor ELF");
	assert_code(mk_sparse(&file, (256u << 20) + 1), ZU_EFORMAT,
		    "268435457 bytes are too many");
	assert_code("/nonexistent", ZU_EIO, "cannot open it");
	assert_code("/", ZU_EIO, "");
	mk_free(&file);
}

#if ZU_HAVE_ELF
/* ELF header, section headers (none, names, .BTF, .notes), names, notes, BTF */
#define SHDR(n) (64 + (n) * 64)
#define NAMES SHDR(4)
#define NOTES (NAMES + 32)
#define NOTES_LEN (20 + 16 + 20)
#define ID_NOTE (NOTES + 20)
#define DATA (NOTES + 64)

static const char section_names[] = "\0.shstrtab\0.BTF\0.notes";

static void put_section(struct mk *file, unsigned int i, uint32_t name,
			uint32_t type, uint64_t at, size_t len)
{
	mk_be32(file, SHDR(i), name);
	mk_be32(file, SHDR(i) + 4, type);
	mk_be64(file, SHDR(i) + 24, at);
	mk_be64(file, SHDR(i) + 32, len);
	mk_be64(file, SHDR(i) + 48, 4);
}

static void put_note(struct mk *file, size_t at, const char *name,
		     uint32_t desc_len)
{
	mk_be32(file, at, (uint32_t)strlen(name) + 1);
	mk_be32(file, at + 4, desc_len);
	mk_be32(file, at + 8, 3);
	mk_put(file, at + 12, name, strlen(name) + 1);
}

static struct mk make_elf(void)
{
	struct mk file = { .data = NULL };
	unsigned int i;

	mk_put(&file, 0, "\177ELF\2\2\1", 7);
	mk_be16(&file, 16, 2);
	mk_be16(&file, 18, 22);
	mk_be64(&file, 40, SHDR(0));
	mk_be16(&file, 58, 64);
	mk_be16(&file, 60, 4);
	mk_be16(&file, 62, 1);
	put_btf(&file, DATA);
	put_section(&file, 1, 1, 3, NAMES, sizeof(section_names));
	put_section(&file, 2, 11, 1, DATA, file.len - DATA);
	put_section(&file, 3, 16, 7, NOTES, NOTES_LEN);
	mk_put(&file, NAMES, section_names, sizeof(section_names));
	/* first one of the same type by somebody else */
	put_note(&file, NOTES, "LNX", 4);
	put_note(&file, ID_NOTE, "GNU", 20);
	for (i = 0; i < 20; i++)
		file.data[ID_NOTE + 16 + i] = (uint8_t)(i % 16 * 0x11);
	return file;
}

static void reads_elf_files(void **state)
{
	struct mk elf = make_elf();

	(void)state;
	assert_taken(&elf, BUILD_ID);
	assert_refused(&elf, elf.len - 1, ZU_EFORMAT,
		       "cannot read section .BTF: the file is cut off");
	assert_refused(&elf, NOTES + NOTES_LEN, ZU_EFORMAT,
		       "cannot read section .BTF: the file is cut off");
	assert_refused(&elf, NOTES + NOTES_LEN - 1, ZU_EFORMAT,
		       "cannot read its notes: the file is cut off");
	assert_refused(&elf, NAMES - 1, ZU_EFORMAT,
		       "cannot read its sections: the file is cut off");
	assert_refused(&elf, 64, ZU_EFORMAT,
		       "cannot read its sections: the file is cut off");
	assert_refused(&elf, 63, ZU_EFORMAT, "the file is cut off");
	assert_refused(&elf, 20, ZU_EFORMAT, "the file is cut off");
	assert_refused(&elf, 19, ZU_ENOTSUP, "not of s390x");
	assert_refused(&elf, 4, ZU_ENOTSUP, "not of s390x");

	/* without notes, names are the first to be read */
	mk_be32(&elf, SHDR(3) + 4, 1);
	assert_refused(&elf, NAMES + sizeof(section_names), ZU_EFORMAT,
		       "cannot read section .BTF: the file is cut off");
	assert_refused(&elf, NAMES + sizeof(section_names) - 1, ZU_EFORMAT,
		       "cannot read the names of sections: the file is cut off");
	assert_refused(&elf, NAMES, ZU_EFORMAT,
		       "cannot read the names of sections: the file is cut off");
	mk_free(&elf);
}

/* one byte of a good file changed: what is then wrong with it */
static void refuses_damaged_elf_files(void **state)
{
	static const struct {
		size_t at;
		uint8_t value;
		int code;
		const char *text;
	} cases[] = {
		{ 4, 1, ZU_ENOTSUP, "not of s390x" },
		{ 5, 1, ZU_ENOTSUP, "not of s390x" },
		{ 6, 2, ZU_EFORMAT, "its ELF header is damaged" },
		{ 19, 62, ZU_ENOTSUP, "not of s390x" },
		{ 40, 0xff, ZU_EFORMAT, "cannot read its sections" },
		{ 59, 40, ZU_EFORMAT, "it has no sections" },
		{ 60, 0xff, ZU_EFORMAT, "cannot read its sections" },
		{ 61, 0, ZU_EFORMAT, "it has no sections" },
		{ 61, 2, ZU_ENOENT, "no section .BTF" },
		{ 63, 0, ZU_ENOENT, "no section .BTF" },
		{ 63, 4, ZU_EFORMAT, "cannot read the names of sections" },
		{ NAMES + 15, 'x', ZU_ENOENT, "no section .BTF" },
		{ SHDR(1) + 4, 1, ZU_ENOENT, "no section .BTF" },
		{ SHDR(1) + 7, 8, ZU_EFORMAT, "sections: it has no data" },
		{ SHDR(1) + 14, 8, ZU_ENOTSUP, "sections: it is compressed" },
		{ SHDR(2), 0xff, ZU_ENOENT, "no section .BTF" },
		{ SHDR(2) + 3, 17, ZU_ENOENT, "no section .BTF" },
		{ SHDR(2) + 7, 8, ZU_EFORMAT, ".BTF: it has no data" },
		{ SHDR(2) + 14, 8, ZU_ENOTSUP, ".BTF: it is compressed" },
		{ SHDR(2) + 24, 0xff, ZU_EFORMAT, ".BTF: the file is cut off" },
		{ SHDR(2) + 32, 0xff, ZU_EFORMAT, ".BTF: the file is cut off" },
		{ SHDR(3) + 14, 8, ZU_ENOTSUP, "notes: it is compressed" },
		{ SHDR(3) + 24, 0xff, ZU_EFORMAT, "notes: the file is cut off" },
		{ SHDR(3) + 32, 0xff, ZU_EFORMAT, "notes: the file is cut off" },
		{ SHDR(3) + 39, NOTES_LEN - 1, ZU_EFORMAT, "does not end in it" },
		{ NOTES, 1, ZU_EFORMAT, "a note does not end in it" },
		{ NOTES + 4, 1, ZU_EFORMAT, "a note does not end in it" },
		{ ID_NOTE + 4, 0xff, ZU_EFORMAT, "a note does not end in it" },
		{ ID_NOTE + 7, 21, ZU_EFORMAT, "a note does not end in it" },
		{ DATA, 0, ZU_EFORMAT, "this is no BTF" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct mk elf = make_elf();

		elf.data[cases[i].at] = cases[i].value;
		assert_code(mk_file(&elf), cases[i].code, cases[i].text);
		mk_free(&elf);
	}
}

/* sizes that the file has, because it is sparse, but no kernel */
static void bounds_what_it_reads(void **state)
{
	static const struct {
		size_t at;
		uint32_t most;
		const char *text;
	} cases[] = {
		{ SHDR(1) + 32, 1 << 20, "names of sections: 1048577 bytes" },
		{ SHDR(3) + 32, 1 << 20, "its notes: 1048577 bytes" },
		{ SHDR(2) + 32, 256 << 20, "section .BTF: 268435457 bytes" },
	};
	struct mk elf = make_elf();
	size_t i;

	(void)state;
	mk_at(&elf, 2 << 20, 1);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (cases[i].most < elf.len) {
			mk_be64(&elf, cases[i].at, cases[i].most);
			assert_taken(&elf, BUILD_ID);
		}
		mk_be64(&elf, cases[i].at, cases[i].most + 1);
		assert_code(mk_sparse(&elf, 1 << 30), ZU_EFORMAT,
			    cases[i].text);
		mk_be64(&elf, cases[i].at, 64);
	}

	/* notes may be in several sections; the limit is for all together */
	mk_be64(&elf, SHDR(1) + 32, sizeof(section_names));
	put_section(&elf, 2, 11, 7, NOTES, 20);
	mk_be64(&elf, SHDR(3) + 32, (1 << 20) - 20);
	assert_code(mk_file(&elf), ZU_EFORMAT, "BTF can't have 20 bytes");
	mk_be64(&elf, SHDR(3) + 32, (1 << 20) - 19);
	assert_code(mk_file(&elf), ZU_EFORMAT, "its notes: 1048557 bytes are");
	mk_free(&elf);
}

static void refuses_other_builds(void **state)
{
	static const char *const others[] = {
		"10112233445566778899aabbccddeeff00112233",
		"00112233445566778899aabbccddeeff00112234",
		"00112233445566778899aabbccddeeff0011223",
		BUILD_ID "00000001",
		"1", "x",
	};
	struct mk elf = make_elf();
	struct zu_layout l;
	char text[256];
	size_t i;

	(void)state;
	mk_file(&elf);
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		snprintf(text, sizeof(text),
			 "it is of another build of the kernel: its build-id is "
			 BUILD_ID ", that of the dump %s", others[i]);
		assert_int_equal(zu_layout_from_file(elf.path, others[i], &l,
						     &err), ZU_EINVAL);
		assert_string_equal(err.text, text);
	}
	mk_free(&elf);
}

/* the kernel puts zeros behind a short one, and does not keep a long one */
static void compares_build_ids_of_any_length(void **state)
{
	struct mk elf = make_elf();

	(void)state;
	elf.data[ID_NOTE + 7] = 16;
	elf.data[SHDR(3) + 39] -= 4;
	assert_taken(&elf, "00112233445566778899aabbccddeeff00000000");
	assert_code(mk_file(&elf), ZU_EINVAL,
		    "is 00112233445566778899aabbccddeeff, that of the dump "
		    BUILD_ID);
	elf.data[ID_NOTE + 7] = 24;
	elf.data[SHDR(3) + 39] += 8;
	assert_code(mk_file(&elf), ZU_EINVAL,
		    "is " BUILD_ID "00000000, that of the dump " BUILD_ID);
	mk_free(&elf);
}

/* nobody can tell that it is another kernel's */
static void takes_what_has_no_build_id(void **state)
{
	static const struct {
		size_t at;
		uint8_t value;
	} cases[] = {
		{ SHDR(3) + 7, 1 },	/* no section of notes */
		{ SHDR(3) + 39, 0 },	/* without notes */
		{ SHDR(3) + 39, 20 },	/* without that note */
		{ ID_NOTE + 11, 1 },	/* of another type */
		{ ID_NOTE + 12, 'X' },	/* of another name */
		{ ID_NOTE + 3, 3 },	/* of another name */
	};
	struct mk elf;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		elf = make_elf();
		elf.data[cases[i].at] = cases[i].value;
		assert_taken(&elf, "0123");
		mk_free(&elf);
	}
	elf = make_elf();
	elf.data[ID_NOTE + 7] = 0;
	elf.data[SHDR(3) + 39] -= 20;
	assert_taken(&elf, "0123");
	mk_free(&elf);
}

/* nothing to compare with: notes are not looked at, not even damaged ones */
static void takes_any_build_for_an_unknown_one(void **state)
{
	struct mk elf = make_elf();

	(void)state;
	elf.data[NOTES] = 1;
	assert_taken(&elf, NULL);
	assert_taken(&elf, "");
	assert_taken(&elf, "0000000000000000000000000000000000000000");
	mk_free(&elf);
}

/* the build-id to compare with comes from VMCOREINFO */
static void knows_the_build_of_a_kernel(void **state)
{
	struct fk *fk = fk_new(FK_6_12);
	struct mk elf = make_elf(), dump;
	struct zu_open_options options = { .btf_path = mk_file(&elf) };
	struct zu_kernel *k = NULL;
	char text[128];

	(void)state;
	fk_no_btf(fk);
	fk_dump(fk, &dump);
	if (zu_kernel_open(mk_file(&dump), &options, &k, &err))
		fail_msg("%s", err.text);
	zu_kernel_close(k);

	elf.data[ID_NOTE + 16] = 1;
	options.btf_path = mk_file(&elf);
	k = NULL;
	assert_int_equal(zu_kernel_open(dump.path, &options, &k, &err),
			 ZU_EINVAL);
	assert_null(k);
	snprintf(text, sizeof(text), "%s: type data of %s: it is of another",
		 dump.path, elf.path);
	assert_int_equal(strncmp(err.text, text, strlen(text)), 0);
	assert_non_null(strstr(err.text, ", that of the dump " BUILD_ID));
	mk_free(&dump);
	mk_free(&elf);
	fk_free(fk);
}
#else
static void needs_libelf(void **state)
{
	struct mk file = { .data = NULL };

	(void)state;
	mk_put(&file, 0, "\177ELF\2\2\1", 7);
	assert_code(mk_file(&file), ZU_ENOTSUP,
		    "reading ELF files was not built in (libelf)");
	mk_free(&file);
}
#endif

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_raw_files),
#if ZU_HAVE_ELF
		cmocka_unit_test(reads_elf_files),
		cmocka_unit_test(refuses_damaged_elf_files),
		cmocka_unit_test(bounds_what_it_reads),
		cmocka_unit_test(refuses_other_builds),
		cmocka_unit_test(compares_build_ids_of_any_length),
		cmocka_unit_test(takes_what_has_no_build_id),
		cmocka_unit_test(takes_any_build_for_an_unknown_one),
		cmocka_unit_test(knows_the_build_of_a_kernel),
#else
		cmocka_unit_test(needs_libelf),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* VMCOREINFO: the note that lowcore points to, and its text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/bytes.h"
#include "image/image.h"
#include "kern/vmcoreinfo.h"

#define POINTER_AT 0xe0c	/* not aligned to 8 */
#define NOTE_AT 0x2000
#define TEXT_MAX 65536

static const char sample[] =
	"OSRELEASE=6.12.107+deb13-s390x\n"
	"SYMBOL(_stext2)=xyz\n"
	"XSYMBOL(_stext)=xyz\n"
	"SYMBOL(_stext)=3ffe0100000\n"
	"SYMBOL(_stext)=1\n"
	"NUMBER(VMALLOC_START)=0x1c0000000000\n"
	"EMPTY=\n"
	"LENGTH(lowcore_ptr)=512\n"
	"KERNELOFFPHYS=300000";

/* a machine with a little memory that has a note in it */
struct machine {
	struct zu_image image;
	size_t size;
	uint8_t mem[NOTE_AT + 24 + TEXT_MAX + 1];
};

static int read_abs(struct zu_image *image, uint64_t addr, void *buf,
		    size_t len)
{
	struct machine *m = image->priv;

	if (addr > m->size || len > m->size - addr)
		return ZU_EFAULT;
	memcpy(buf, m->mem + addr, len);
	return 0;
}

static const struct zu_image_kind kind = {
	.name = "test",
	.read_abs = read_abs,
};

static void put_note(struct machine *m, const char *name, const char *text,
		     size_t len)
{
	uint8_t *note = m->mem + NOTE_AT;

	zu_put_be32(note, (uint32_t)strlen(name) + 1);
	zu_put_be32(note + 4, (uint32_t)len);
	zu_put_be32(note + 8, 0);
	memcpy(note + 12, name, strlen(name) + 1);
	memcpy(note + 24, text, len);
}

static struct machine machine;

static struct machine *make(void)
{
	struct machine *m = &machine;

	memset(m, 0, sizeof(*m));
	m->image.kind = &kind;
	m->image.priv = m;
	m->size = sizeof(m->mem);
	zu_put_be64(m->mem + POINTER_AT, NOTE_AT);
	put_note(m, "VMCOREINFO", sample, sizeof(sample) - 1);
	return m;
}

static struct zu_error err;

static void assert_refused(struct machine *m, int code, const char *text)
{
	struct zu_vmcoreinfo info = { .text = NULL, .len = 77 };

	assert_int_equal(zu_vmcoreinfo_init(&info, &m->image, &err), code);
	assert_int_equal(err.code, code);
	assert_non_null(strstr(err.text, text));
	assert_null(info.text);
	assert_int_equal(info.len, 77);
}

/* trap: the pointer is at 0xe0c, which no 8-byte load of the host would do */
static void finds_note_by_unaligned_pointer(void **state)
{
	struct zu_vmcoreinfo info;
	uint64_t value;

	(void)state;
	assert_int_equal(zu_vmcoreinfo_init(&info, &make()->image, &err), 0);
	assert_string_equal(info.text, sample);
	assert_int_equal(info.len, sizeof(sample) - 1);
	assert_true(zu_vmcoreinfo_symbol(&info, "_stext", &value));
	assert_int_equal(value, 0x3ffe0100000);
	zu_vmcoreinfo_deinit(&info);
	assert_null(info.text);
}

/* trap: before the kernel has written its note, the KASLR offset is there */
static void refuses_pointer_of_early_boot(void **state)
{
	struct machine *m = make();

	(void)state;
	zu_put_be64(m->mem + POINTER_AT, NOTE_AT | 1);
	assert_refused(m, ZU_ENOENT, "still booting");
	zu_put_be64(m->mem + POINTER_AT, 0);
	assert_refused(m, ZU_ENOENT, "lowcore.vmcore_info is 0");
}

static void refuses_what_is_no_note(void **state)
{
	struct machine *m = make();

	(void)state;
	put_note(m, "VMCOREINFX", sample, sizeof(sample) - 1);
	assert_refused(m, ZU_EFORMAT, "no VMCOREINFO note at 0x2000");
	put_note(m, "VMCOREINFO2", sample, sizeof(sample) - 1);
	assert_refused(m, ZU_EFORMAT, "no VMCOREINFO note");

	/* the right name, but another length of it */
	m = make();
	zu_put_be32(m->mem + NOTE_AT, 10);
	assert_refused(m, ZU_EFORMAT, "no VMCOREINFO note");
}

static void refuses_lying_length(void **state)
{
	struct zu_vmcoreinfo info;
	struct machine *m = make();

	(void)state;
	zu_put_be32(m->mem + NOTE_AT + 4, 0);
	assert_refused(m, ZU_EFORMAT, "claims 0 bytes");
	zu_put_be32(m->mem + NOTE_AT + 4, TEXT_MAX + 1);
	assert_refused(m, ZU_EFORMAT, "claims 65537 bytes");
	zu_put_be32(m->mem + NOTE_AT + 4, UINT32_MAX);
	assert_refused(m, ZU_EFORMAT, "claims 4294967295 bytes");

	zu_put_be32(m->mem + NOTE_AT + 4, TEXT_MAX);
	assert_int_equal(zu_vmcoreinfo_init(&info, &m->image, &err), 0);
	zu_vmcoreinfo_deinit(&info);
}

static void refuses_note_outside_of_image(void **state)
{
	struct zu_vmcoreinfo info;
	struct machine *m = make();
	size_t end = NOTE_AT + 24 + sizeof(sample) - 1;

	(void)state;
	m->size = end;
	assert_int_equal(zu_vmcoreinfo_init(&info, &m->image, &err), 0);
	zu_vmcoreinfo_deinit(&info);
	m->size = end - 1;
	assert_refused(m, ZU_EFAULT, "the VMCOREINFO text");
	m->size = NOTE_AT + 23;
	assert_refused(m, ZU_EFAULT, "lowcore.vmcore_info points to 0x2000");
	m->size = POINTER_AT + 7;
	assert_refused(m, ZU_EFAULT, "lowcore.vmcore_info is not in the image");
}

static void prefers_note_of_container(void **state)
{
	struct zu_vmcoreinfo info;
	struct machine *m = make();
	size_t len;

	(void)state;
	m->size = 0;
	m->image.vmcoreinfo = "OSRELEASE=6.1\nwhat follows is another's";
	m->image.vmcoreinfo_len = 14;
	assert_int_equal(zu_vmcoreinfo_init(&info, &m->image, &err), 0);
	assert_string_equal(info.text, "OSRELEASE=6.1\n");
	assert_non_null(zu_vmcoreinfo_get(&info, "OSRELEASE", &len));
	zu_vmcoreinfo_deinit(&info);
}

static struct zu_vmcoreinfo take(const char *text, size_t len)
{
	struct zu_vmcoreinfo info;

	assert_int_equal(zu_vmcoreinfo_init_text(&info, text, len, &err), 0);
	return info;
}

static void assert_value(const struct zu_vmcoreinfo *info, const char *key,
			 const char *value)
{
	size_t len = 99;
	const char *s = zu_vmcoreinfo_get(info, key, &len);

	assert_non_null(s);
	assert_int_equal(len, strlen(value));
	assert_memory_equal(s, value, len);
}

static void matches_whole_keys_only(void **state)
{
	struct zu_vmcoreinfo info = take(sample, sizeof(sample) - 1);
	size_t len;

	(void)state;
	assert_value(&info, "SYMBOL(_stext)", "3ffe0100000");
	assert_value(&info, "SYMBOL(_stext2)", "xyz");
	assert_value(&info, "EMPTY", "");
	assert_value(&info, "KERNELOFFPHYS", "300000");
	assert_null(zu_vmcoreinfo_get(&info, "SYMBOL(_stex", &len));
	assert_null(zu_vmcoreinfo_get(&info, "KERNELOFFPHY", &len));
	assert_null(zu_vmcoreinfo_get(&info, "KERNELOFFPHYSX", &len));
	assert_null(zu_vmcoreinfo_get(&info, "YMBOL(_stext)", &len));
	assert_null(zu_vmcoreinfo_get(&info, "", &len));
	zu_vmcoreinfo_deinit(&info);

	/* a key at the very end has no value, one longer than the text neither */
	info = take("A=1\nB", 5);
	assert_null(zu_vmcoreinfo_get(&info, "B", &len));
	assert_null(zu_vmcoreinfo_get(&info, "SYMBOL(kallsyms_names)", &len));
	zu_vmcoreinfo_deinit(&info);
}

static void reads_hexadecimal_numbers(void **state)
{
	static const char text[] = "MAX=ffffffffffffffff\n"
				   "BIG=10000000000000000\n"
				   "X=0x1F\n"
				   "BARE=0x\n"
				   "BLANK=1 \n"
				   "SIGN=-1\n"
				   "NONE=\n"
				   "LAST=a0";
	struct zu_vmcoreinfo info = take(text, sizeof(text) - 1);
	uint64_t value = 7;

	(void)state;
	assert_false(zu_vmcoreinfo_hex(&info, "BIG", &value));
	assert_false(zu_vmcoreinfo_hex(&info, "BARE", &value));
	assert_false(zu_vmcoreinfo_hex(&info, "BLANK", &value));
	assert_false(zu_vmcoreinfo_hex(&info, "SIGN", &value));
	assert_false(zu_vmcoreinfo_hex(&info, "NONE", &value));
	assert_false(zu_vmcoreinfo_hex(&info, "ABSENT", &value));
	assert_int_equal(value, 7);
	assert_true(zu_vmcoreinfo_hex(&info, "MAX", &value));
	assert_true(value == UINT64_MAX);
	assert_true(zu_vmcoreinfo_hex(&info, "X", &value));
	assert_int_equal(value, 0x1f);
	assert_true(zu_vmcoreinfo_hex(&info, "LAST", &value));
	assert_int_equal(value, 0xa0);
	zu_vmcoreinfo_deinit(&info);
}

static void symbol_names_have_a_limit(void **state)
{
	char name[2000], text[2000];
	struct zu_vmcoreinfo info;
	uint64_t value;
	size_t len;

	(void)state;
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	/* a longer name is not taken for its beginning */
	for (len = 500; len < 1000; len++) {
		snprintf(text, sizeof(text), "SYMBOL(%.*s=1", (int)len, name);
		info = take(text, strlen(text));
		assert_false(zu_vmcoreinfo_symbol(&info, name, &value));
		zu_vmcoreinfo_deinit(&info);
	}

	name[512] = '\0';
	snprintf(text, sizeof(text), "SYMBOL(%.512s)=1",
		 name);
	info = take(text, strlen(text));
	assert_true(zu_vmcoreinfo_symbol(&info, name, &value));
	assert_false(zu_vmcoreinfo_symbol(&info, name + 1, &value));
	zu_vmcoreinfo_deinit(&info);
}

static void takes_text_up_to_a_nul(void **state)
{
	struct zu_vmcoreinfo info = take("A=1\0B=2\n", 8);
	size_t len;

	(void)state;
	assert_int_equal(info.len, 3);
	assert_value(&info, "A", "1");
	assert_null(zu_vmcoreinfo_get(&info, "B", &len));
	zu_vmcoreinfo_deinit(&info);
}

static void refuses_text_without_pairs(void **state)
{
	static const char *const texts[] = { "", "\n\n", "A\nB\n", "=1\n" };
	static char large[TEXT_MAX + 1];
	struct zu_vmcoreinfo info;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(zu_vmcoreinfo_init_text(&info, texts[i],
							 strlen(texts[i]),
							 &err), ZU_EFORMAT);
	memset(large, '=', sizeof(large));
	large[0] = 'A';
	assert_int_equal(zu_vmcoreinfo_init_text(&info, large, sizeof(large),
						 &err), ZU_EFORMAT);
	info = take(large, sizeof(large) - 1);
	zu_vmcoreinfo_deinit(&info);
}

/* the kernel has one page for the text and cuts off what does not fit */
static void drops_line_cut_off_at_page_end(void **state)
{
	static char page[4097];
	struct zu_vmcoreinfo info;
	size_t len;

	(void)state;
	memset(page, '\n', sizeof(page));
	memcpy(page, "A=1", 3);
	memcpy(page + 4096 - 6, "B=1234", 6);
	info = take(page, 4096);
	assert_value(&info, "A", "1");
	assert_null(zu_vmcoreinfo_get(&info, "B", &len));
	zu_vmcoreinfo_deinit(&info);

	info = take(page, 4097);
	assert_value(&info, "B", "1234");
	zu_vmcoreinfo_deinit(&info);
	info = take(page, 4095);
	assert_value(&info, "B", "123");
	zu_vmcoreinfo_deinit(&info);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_note_by_unaligned_pointer),
		cmocka_unit_test(refuses_pointer_of_early_boot),
		cmocka_unit_test(refuses_what_is_no_note),
		cmocka_unit_test(refuses_lying_length),
		cmocka_unit_test(refuses_note_outside_of_image),
		cmocka_unit_test(prefers_note_of_container),
		cmocka_unit_test(matches_whole_keys_only),
		cmocka_unit_test(reads_hexadecimal_numbers),
		cmocka_unit_test(symbol_names_have_a_limit),
		cmocka_unit_test(takes_text_up_to_a_nul),
		cmocka_unit_test(refuses_text_without_pairs),
		cmocka_unit_test(drops_line_cut_off_at_page_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Answers from tables, of made kernels with a module: which tables are taken,
 * what they are refused for, and what counts where there is none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check/table_make.h"
#include "core/bytes.h"
#include "core/frame_s390x.h"
#include "core/table.h"
#include "kern/rows.h"
#include "tests/make/bytes.h"
#include "tests/make/fakekernel_check.h"
#include "tests/make/rows.h"
#include "zunwind/capture.h"

#define KERNEL_ID "00112233445566778899aabbccddeeff00112233"
#define MODULE_ID "ababababababababababababababababababab00"
#define FIRST 0x40u		/* of the module's functions, in its table */
#define PLACE 0x40u		/* behind a call in each function */
#define FRAME 168		/* as fk_frame() makes them */
#define JUMP ZU_TABLE_EXIT_JUMP

static struct some {
	struct fk *fk;
	struct fk_module module;
	uint64_t one, two;	/* the module's functions */
	uint64_t func, init;	/* of the kernel */
	char folder[40], kernel_path[128], module_path[128];
	struct zu_table_maker maker;
	uint8_t id[20];		/* of the object made last */
	uint32_t id_len;	/* how much of it is in a module's table, */
	uint8_t flip;		/* and what is wrong in it */
	struct zu_error err;
	struct zu_kernel *k;
} s;

static void must(int code)
{
	if (code)
		fail_msg("%s", s.err.text);
}

static void put_call(uint64_t end)
{
	fk_put(s.fk, end - 2, 2, 0x0de1);	/* basr %r14,%r1 */
}

/* A branch of 6 bytes */
static void put_far(uint64_t addr, uint32_t opcode, uint64_t to)
{
	fk_put(s.fk, addr, 2, opcode);
	fk_put(s.fk, addr + 2, 4, (uint32_t)((to - addr) / 2));
}

static void make_kernel(enum fk_release release)
{
	struct fk *fk = fk_new(release);

	s.fk = fk;
	fk_put(fk, fk_address(fk, "_stext"), 2, 0x07fe);
	s.func = fk_func(fk, "looked_at");
	s.init = fk_init_func(fk, "start_kernel");
	put_call(s.func + PLACE);
	put_call(s.init + PLACE);
	fk_put(fk, fk_static(fk, "system_state", 4), 4, 3);
	fk_module(fk, &s.module, "mod");
	memset(s.id, 0xab, sizeof(s.id) - 1);
	s.id[19] = 0;
	fk_module_build_id(&s.module, s.id, sizeof(s.id));
	s.one = s.module.text + 0x100;
	s.two = s.module.text + 0x200;
	fk_module_func(&s.module, "two", s.two, 0x100);
	fk_module_func(&s.module, "one", s.one, 0x100);
	/* what has no size, or is no function, need not be in a table */
	fk_module_func(&s.module, "label", s.module.text + 0x80, 0);
	fk_module_symbol(&s.module, "place", s.one + 0x20, 1);
	fk_module_func(&s.module, "data", s.module.text + 0x90, 8);
	fk_set(fk, s.module.symtab + 5 * fk_sizeof(fk, "elf64_sym"),
	       "elf64_sym", "st_info", STT_OBJECT);
	fk_module_func(&s.module, "alias", s.two, 0x100);
	fk_module_func(&s.module, "init_module", s.module.init, 0x100);
	/* bcr 0,0 and a jump to the other one; a leaf */
	fk_put(fk, s.one, 2, 0x0700);
	put_far(s.one + 2, 0xc0f4, s.two);
	fk_put(fk, s.two, 2, 0x07fe);
}

static void name_table(char *path, const char *id)
{
	snprintf(path, sizeof(s.kernel_path), "%s/%s.zut", s.folder, id);
}

static int setup(void **state)
{
	(void)state;
	memset(&s, 0, sizeof(s));
	s.maker = (struct zu_table_maker)ZU_TABLE_MAKER_INIT;
	snprintf(s.folder, sizeof(s.folder), "/tmp/zunwind-test-XXXXXX");
	s.id_len = sizeof(s.id);
	assert_non_null(mkdtemp(s.folder));
	name_table(s.kernel_path, KERNEL_ID);
	name_table(s.module_path, MODULE_ID);
	return 0;
}

static void drop(void)
{
	zu_kernel_close(s.k);
	s.k = NULL;
	if (s.fk)
		fk_free(s.fk);
	s.fk = NULL;
	zu_table_maker_deinit(&s.maker);
	if (unlink(s.kernel_path))
		rmdir(s.kernel_path);
	unlink(s.module_path);
}

static int teardown(void **state)
{
	(void)state;
	drop();
	rmdir(s.folder);
	return 0;
}

static void add_func(uint64_t offset, bool outermost)
{
	struct zu_flow_row row = {
		0, rows_frame(ZU_FRAME_SIZE + FRAME, -24, 0),
	};

	if (outermost)
		row.row = (struct zu_row){ .kind = ZU_ROW_END };
	must(zu_table_maker_func(&s.maker, offset, 0x100, &row, 1, &s.err));
	must(zu_table_maker_call(&s.maker, offset + PLACE - 2, &s.err));
}

/* The kernel's functions, each with a call */
static void kernel_object(void)
{
	uint64_t stext = fk_address(s.fk, "_stext"), at;
	uint64_t init = fk_address(s.fk, "_sinittext");
	uint32_t i;

	for (i = 0; i < sizeof(s.id); i++)
		s.id[i] = (uint8_t)(i % 16 * 0x11);
	must(zu_table_maker_object(&s.maker, "", s.id, sizeof(s.id),
				   fk_address(s.fk, "_einittext") - stext,
				   &s.err));
	for (at = stext; at < s.func + 0x1000; at += 0x100)
		add_func(at - stext,
			 at == fk_address(s.fk, "startup_continue"));
	for (at = init; at < init + 0x400; at += 0x100)
		add_func(at - stext, false);
}

/* The module's two functions, @apart from each other */
static void module_object(uint32_t apart)
{
	memset(s.id, 0xab, sizeof(s.id) - 1);
	s.id[19] = 0;
	s.id[19] ^= s.flip;
	must(zu_table_maker_object(&s.maker, "mod", s.id, s.id_len, 0x800,
				   &s.err));
	s.id[19] ^= s.flip;
	add_func(FIRST, false);
	add_func(FIRST + apart, false);
}

static void write_file(const char *path, const void *bytes, size_t len)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

/* What was made, but its last bytes */
static void write_cut(const char *path, size_t cut)
{
	void *bytes;
	size_t len;

	must(zu_table_maker_finish(&s.maker, &bytes, &len, &s.err));
	write_file(path, bytes, len - cut);
	free(bytes);
	zu_table_maker_deinit(&s.maker);
}

static void write_table(const char *path)
{
	write_cut(path, 0);
}

static void kernel_table(void)
{
	kernel_object();
	write_table(s.kernel_path);
}

static void module_table(void)
{
	module_object(0x100);
	write_table(s.module_path);
}

static int open_with(const char *table)
{
	const struct zu_open_options options = { .table_path = table };
	struct mk file;
	int ret;

	zu_kernel_close(s.k);
	s.k = NULL;
	fk_dump(s.fk, &file);
	ret = zu_kernel_open(mk_file(&file), &options, &s.k, &s.err);
	mk_free(&file);
	return ret;
}

static void refused(const char *table, int code, const char *text)
{
	int ret = open_with(table);

	if (!ret)
		fail_msg("opened; expected \"%s\"", text);
	if (ret != code || !strstr(s.err.text, text))
		fail_msg("got %d \"%s\"; expected %d \"%s\"", ret, s.err.text,
			 code, text);
	assert_null(strchr(s.err.text, '\n'));
}

static struct zu_site site(uint64_t ip)
{
	struct zu_site site;

	assert_non_null(s.k);
	zu_site(s.k, ip, false, &site);
	return site;
}

static void expect_table(uint64_t func)
{
	struct zu_site is = site(func + PLACE);

	assert_int_equal(is.row.kind, ZU_ROW_FRAME);
	assert_int_equal(is.row.cfa_off, ZU_FRAME_SIZE + FRAME);
	assert_int_equal(is.func, func);
	assert_false(is.gone);
}

static void expect_no_table(uint64_t func)
{
	struct zu_site is = site(func + PLACE);

	assert_int_equal(is.row.kind, ZU_ROW_UNDEFINED);
	assert_int_equal(is.call, ZU_CALL_UNKNOWN);
	assert_int_equal(is.func, 0);
	assert_false(is.gone);
}

static void a_folder_without_the_kernels_table(void **state)
{
	(void)state;
	make_kernel(FK_7_2);
	refused(s.folder, ZU_ENOENT,
		"has no table of this kernel, " KERNEL_ID ".zut");
	module_table();
	refused(s.folder, ZU_ENOENT, "has no table of this kernel");
	kernel_table();
	must(open_with(s.folder));
	refused("/nonexistent", ZU_EIO, "cannot read /nonexistent: No such");
}

static void a_kernel_without_build_id(void **state)
{
	(void)state;
	make_kernel(FK_7_2);
	kernel_table();
	fk_vmcoreinfo_drop(s.fk, "BUILD-ID");
	refused(s.folder, ZU_ENOENT, "which has no build-id");
	name_table(s.kernel_path, "");
	kernel_table();
	refused(s.folder, ZU_ENOENT, "which has no build-id");
	unlink(s.kernel_path);
	name_table(s.kernel_path, KERNEL_ID);
	kernel_table();
	refused(s.kernel_path, ZU_EINVAL, "which tells none");
	must(zu_table_maker_object(&s.maker, "", NULL, 0, 0x100, &s.err));
	write_table(s.kernel_path);
	refused(s.kernel_path, ZU_EINVAL, "which tells none");
}

/* Nor has a module that keeps no notes a table. */
static void a_module_without_build_id(void **state)
{
	(void)state;
	make_kernel(FK_7_2);
	fk_set(s.fk, s.module.addr, "module", "notes_attrs", 0);
	kernel_table();
	name_table(s.module_path, "");
	module_table();
	must(open_with(s.folder));
	expect_table(s.func);
	expect_no_table(s.one);
}

static void damaged_tables(void **state)
{
	struct fk_module other;

	(void)state;
	make_kernel(FK_7_2);
	/* one that nothing is wrong with comes behind it */
	fk_module(s.fk, &other, "other");
	assert_true(other.text > s.module.text);
	kernel_object();
	write_cut(s.kernel_path, 1);
	refused(s.folder, ZU_EFORMAT, "/" KERNEL_ID ".zut: ");
	refused(s.kernel_path, ZU_EFORMAT, "cannot read /");
	write_file(s.kernel_path, "", 0);
	refused(s.folder, ZU_ENOTMINE, ".zut: it is no unwind table");
	kernel_table();
	module_object(0x100);
	write_cut(s.module_path, 1);
	refused(s.folder, ZU_EFORMAT, "/" MODULE_ID ".zut: ");
	/* the file alone has no modules */
	must(open_with(s.kernel_path));
}

static void other_files_under_the_right_name(void **state)
{
	(void)state;
	make_kernel(FK_7_2);
	write_file(s.kernel_path, "a text\n", 7);
	refused(s.folder, ZU_ENOTMINE, "it is no unwind table");
	unlink(s.kernel_path);
	assert_int_equal(mkdir(s.kernel_path, 0700), 0);
	refused(s.folder, ZU_ENOTMINE, "it is no unwind table");
	assert_int_equal(rmdir(s.kernel_path), 0);
	module_object(0x100);
	write_table(s.kernel_path);
	refused(s.folder, ZU_EINVAL, "no rows for the kernel itself");
	must(zu_table_maker_object(&s.maker, "", s.id, sizeof(s.id), 0x100,
				   &s.err));
	write_table(s.kernel_path);
	refused(s.folder, ZU_EINVAL, "its build-id is not that of this kernel, "
		KERNEL_ID);
	must(zu_table_maker_object(&s.maker, "", NULL, 0, 0x100, &s.err));
	write_table(s.kernel_path);
	refused(s.folder, ZU_EINVAL, "was made for another kernel");
	/* the beginning of the right one */
	memcpy(s.id, "\x00\x11\x22\x33\x44", 5);
	must(zu_table_maker_object(&s.maker, "", s.id, 5, 0x100, &s.err));
	write_table(s.kernel_path);
	refused(s.folder, ZU_EINVAL, "was made for another kernel");
}

static void a_modules_table(void **state)
{
	enum fk_release r;

	(void)state;
	fk_for_each_release(r) {
		make_kernel(r);
		put_call(s.one + PLACE);
		kernel_table();
		module_table();
		must(open_with(s.folder));
		expect_table(s.func);
		expect_table(s.one);
		expect_table(s.two);
		assert_int_equal(site(s.one + PLACE).call, ZU_CALL_INDIRECT);
		assert_int_equal(site(s.two + PLACE).call, ZU_CALL_NONE);
		/* nothing is said of its init text, or of what lies around */
		expect_no_table(s.module.init);
		expect_no_table(s.module.text - 0x100);
		expect_no_table(s.module.text + 0x10000);
		drop();
	}
}

/* The same functions, but of another build; or the kernel's */
static void other_files_under_a_modules_name(void **state)
{
	(void)state;
	make_kernel(FK_7_2);
	kernel_table();
	module_object(0x100);
	must(zu_table_maker_object(&s.maker, "n", NULL, 0, 0x800, &s.err));
	write_table(s.module_path);
	must(open_with(s.folder));
	expect_table(s.one);
	/* also where it is not the first in the file */
	must(zu_table_maker_object(&s.maker, "a", NULL, 0, 0x800, &s.err));
	module_object(0x100);
	write_table(s.module_path);
	must(open_with(s.folder));
	expect_table(s.one);
	for (s.id_len = 0; s.id_len < sizeof(s.id); s.id_len += 19) {
		module_object(0x100);
		write_table(s.module_path);
		refused(s.folder, ZU_EINVAL,
			".zut was made for another module");
	}
	s.id_len = sizeof(s.id);
	s.flip = 1;
	module_object(0x100);
	write_table(s.module_path);
	refused(s.folder, ZU_EINVAL, "was made for another module");
	s.flip = 0;
	must(zu_table_maker_object(&s.maker, "", s.id, sizeof(s.id), 0x800,
				   &s.err));
	add_func(FIRST, false);
	add_func(FIRST + 0x100, false);
	write_table(s.module_path);
	refused(s.folder, ZU_EINVAL, "was made for another module");
}

/* Its symbols may be stripped: then nobody knows where they are. */
static void a_module_without_functions(void **state)
{
	(void)state;
	make_kernel(FK_7_2);
	kernel_table();
	module_table();
	fk_set(s.fk, fk_read(s.fk, s.module.addr, "module", "kallsyms"),
	       "mod_kallsyms", "num_symtab", 1);
	refused(s.folder, ZU_EINVAL, "functions are not where");
}

/* A name that leads to itself can't be opened by root either. */
static void tables_that_cannot_be_opened(void **state)
{
	(void)state;
	make_kernel(FK_7_2);
	assert_int_equal(symlink(KERNEL_ID ".zut", s.kernel_path), 0);
	refused(s.folder, ZU_EIO, "cannot read ");
	unlink(s.kernel_path);
	kernel_table();
	assert_int_equal(symlink(MODULE_ID ".zut", s.module_path), 0);
	refused(s.folder, ZU_EIO, "/" MODULE_ID ".zut: ");
}

static void modules_tables_that_do_not_fit(void **state)
{
	(void)state;
	make_kernel(FK_7_2);
	kernel_table();
	module_object(0x110);
	write_table(s.module_path);
	refused(s.folder, ZU_EINVAL,
		"the module's functions are not where /");
	/* it ends before the second one */
	must(zu_table_maker_object(&s.maker, "mod", s.id, sizeof(s.id), 0x140,
				   &s.err));
	add_func(FIRST, false);
	write_table(s.module_path);
	refused(s.folder, ZU_EINVAL, "functions are not where");
	/* the function before reaches over it */
	must(zu_table_maker_object(&s.maker, "mod", s.id, sizeof(s.id), 0x800,
				   &s.err));
	add_func(FIRST, false);
	write_table(s.module_path);
	refused(s.folder, ZU_EINVAL, "functions are not where");
	must(zu_table_maker_object(&s.maker, "mod", s.id, sizeof(s.id), 0x800,
				   &s.err));
	write_table(s.module_path);
	refused(s.folder, ZU_EINVAL, "functions are not where");
}

static void a_module_with_damaged_symbols(void **state)
{
	(void)state;
	make_kernel(FK_7_2);
	kernel_table();
	module_table();
	fk_forget(s.fk, s.module.symtab);
	refused(s.folder, ZU_EFAULT,
		"cannot read the symbol table of the module");
	must(open_with(s.kernel_path));
}

/* By the file other code is looked at, by the folder it has no rows. */
static void code_without_a_table(void **state)
{
	struct zu_site is;

	(void)state;
	make_kernel(FK_7_2);
	kernel_table();
	must(open_with(s.kernel_path));
	expect_table(s.func);
	is = site(s.two + 2);
	assert_int_equal(is.row.kind, ZU_ROW_FRAME);
	assert_int_equal(is.row.cfa_off, ZU_FRAME_SIZE);
	assert_int_equal(is.func, s.two);
	assert_true(zu_leads_to(s.k, s.one, s.two));
	must(open_with(s.folder));
	expect_table(s.func);
	expect_no_table(s.two);
	expect_no_table(s.one);
	assert_false(zu_leads_to(s.k, s.one, s.two));
	assert_true(zu_leads_to(s.k, s.one, s.one));
}

/* The table has no jump at all, and the code has one. */
static void tables_go_before_a_look(void **state)
{
	(void)state;
	make_kernel(FK_7_2);
	kernel_table();
	module_table();
	must(open_with(s.folder));
	assert_false(zu_leads_to(s.k, s.one, s.two));
	module_object(0x100);
	must(zu_table_maker_exit(&s.maker, FIRST, &s.err));
	write_table(s.module_path);
	must(open_with(s.folder));
	assert_true(zu_leads_to(s.k, s.two, s.one));
	assert_false(zu_leads_to(s.k, s.one, s.two));
	put_far(s.func, 0xc0f4, s.func + 0x100);
	must(open_with(s.kernel_path));
	assert_false(zu_leads_to(s.k, s.func, s.func + 0x100));
}

/* The code that runs, its PLT, and live patches */
static void what_runs_counts(void **state)
{
	static const uint8_t plt[] = {
		0x0d, 0x10, 0xe3, 0x10, 0x10, 0x0a, 0x00, 0x04, 0x07, 0xf1,
		0x00, 0x00,
	};
	uint64_t entry;

	(void)state;
	make_kernel(FK_6_12);
	entry = s.module.text + 0x300;
	fk_put_bytes(s.fk, entry, plt, sizeof(plt));
	fk_put(s.fk, entry + sizeof(plt), 8, s.func);
	put_far(s.one + PLACE - 6, 0xc0e5, entry);
	put_far(s.two + 0x10, 0xc0f4, entry);
	kernel_table();
	module_object(0x100);
	must(zu_table_maker_exit(&s.maker, JUMP | (FIRST + 0x110), &s.err));
	write_table(s.module_path);
	must(open_with(s.folder));
	assert_int_equal(site(s.one + PLACE).call, ZU_CALL_DIRECT);
	assert_int_equal(site(s.one + PLACE).target, s.func);
	assert_true(zu_leads_to(s.k, s.two, s.func));
	put_far(s.func, 0xc005, s.func + 0x100);
	must(open_with(s.folder));
	assert_false(zu_leads_to(s.k, s.func, s.one));
	fk_set(s.fk, s.module.addr, "module", "klp", 1);
	must(open_with(s.folder));
	assert_true(zu_leads_to(s.k, s.func, s.one));
	assert_true(zu_leads_to(s.k, s.two, s.one));
}

/* Of init text nothing counts once it was given away. */
static void code_that_is_gone(void **state)
{
	uint32_t system_state;

	(void)state;
	for (system_state = 0; system_state < 4; system_state++) {
		struct zu_site is;

		make_kernel(FK_7_2);
		fk_put(s.fk, fk_address(s.fk, "system_state"), 4,
		       system_state);
		kernel_table();
		must(open_with(s.folder));
		is = site(s.init + PLACE);
		assert_int_equal(is.func, s.init);
		assert_int_equal(is.gone, system_state >= 2);
		assert_int_equal(is.row.kind, is.gone ? ZU_ROW_UNDEFINED :
							ZU_ROW_FRAME);
		assert_int_equal(is.call, is.gone ? ZU_CALL_UNKNOWN :
						    ZU_CALL_INDIRECT);
		/* a return address belongs to what lies before it */
		is = site(fk_address(s.fk, "_einittext"));
		assert_int_equal(is.gone, system_state >= 2);
		assert_false(site(fk_address(s.fk, "_sinittext")).gone);
		expect_table(s.func);
		drop();
	}
}

static void expect_reliable(struct fk_task *t, bool want)
{
	struct zu_trace trace = ZU_TRACE_INIT;
	struct zu_task task = { 0 };

	must(open_with(s.folder));
	fk_find(s.k, t, &task);
	must(zu_trace_task(&trace, s.k, &task, &s.err));
	if ((trace.strict.kind == ZU_RELIABLE) != want ||
	    (!want && trace.strict.why != ZU_WHY_CALL_SITE))
		fail_msg("%s, %s at %d", zu_verdict_word(trace.strict.kind),
			 zu_why_word(trace.strict.why), trace.strict.frame);
	assert_int_equal(trace.nr_frames, 4);
	zu_trace_deinit(&trace);
}

/*
 * The boot CPU's idle task began in init text, in whose place there is
 * something else now.
 */
static void the_idle_task_of_the_boot_cpu(void **state)
{
	static const char *const names[] = {
		"startup_continue", "start_kernel", "do_idle", "__schedule",
	};
	struct fk_task *idle;
	uint64_t to, other;
	size_t i;

	(void)state;
	make_kernel(FK_7_2);
	idle = fk_idle(s.fk, 0);
	to = fk_func(s.fk, "__switch_to_asm");
	other = fk_place(s.fk, "restart_int_handler");
	for (i = 0; i < 4; i++) {
		fk_frame(idle, names[i]);
		put_call(fk_place(s.fk, names[i]));
	}
	put_far(fk_place(s.fk, "__schedule") - 6, 0xc0e5, to);
	fk_set_task(idle, "on_cpu", 0);
	fk_run(fk_task(s.fk, "busy", 1), 0);
	kernel_table();
	expect_reliable(idle, true);
	assert_true(site(other).cpu);
	assert_false(site(fk_place(s.fk, "do_idle")).cpu);
	fk_put(s.fk, s.init + PLACE - 2, 2, 0);
	expect_reliable(idle, true);
	/* what is still there has to be what the table says */
	fk_put(s.fk, fk_address(s.fk, "system_state"), 4, 1);
	expect_reliable(idle, false);
	put_call(s.init + PLACE);
	expect_reliable(idle, true);
}

/* Opens a capture that was made with one table, by the folder */
static void open_capture(const char *table)
{
	struct zu_open_options options = { .table_path = table };
	char path[128];
	struct mk file;

	zu_kernel_close(s.k);
	s.k = NULL;
	snprintf(path, sizeof(path), "%s/made.zuc", s.folder);
	module_table();
	fk_dump(s.fk, &file);
	must(zu_capture_make(mk_file(&file), &options, path, NULL, &s.err));
	write_file(s.module_path, "", 0);
	options.table_path = s.folder;
	must(zu_kernel_open(path, &options, &s.k, &s.err));
	unlink(path);
	mk_free(&file);
}

/* A capture has not all functions of a module, so its table can't be placed. */
static void captures_have_the_kernels_table_alone(void **state)
{
	struct fk_task *t;

	(void)state;
	if (!ZU_HAVE_ZSTD)
		skip();
	make_kernel(FK_7_2);
	t = fk_task(s.fk, "sleeper", 1);
	fk_frame(t, "system_call");
	fk_frame_at(t, s.two + 2, FRAME);
	kernel_table();
	open_capture(NULL);
	expect_table(fk_func(s.fk, "system_call"));
	assert_int_equal(site(s.two + 2).row.cfa_off, ZU_FRAME_SIZE);
	/* even if the capture knows the module's build ID */
	open_capture(s.folder);
	expect_table(fk_func(s.fk, "system_call"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_folder_without_the_kernels_table),
		TEST(a_kernel_without_build_id),
		TEST(a_module_without_build_id),
		TEST(damaged_tables),
		TEST(other_files_under_the_right_name),
		TEST(a_modules_table),
		TEST(other_files_under_a_modules_name),
		TEST(a_module_without_functions),
		TEST(tables_that_cannot_be_opened),
		TEST(modules_tables_that_do_not_fit),
		TEST(a_module_with_damaged_symbols),
		TEST(code_without_a_table),
		TEST(tables_go_before_a_look),
		TEST(what_runs_counts),
		TEST(code_that_is_gone),
		TEST(the_idle_task_of_the_boot_cpu),
		TEST(captures_have_the_kernels_table_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

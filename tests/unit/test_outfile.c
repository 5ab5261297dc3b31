/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A file appears whole, or what was there stays, and nothing else is left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/outfile.h"

static char folder[64];
static char path[96];
static struct zu_error error;

static int setup(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	snprintf(folder, sizeof(folder), "%s/zunwind-test.XXXXXX",
		 tmp && strlen(tmp) < 40 ? tmp : "/tmp");
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/out", folder);
	return 0;
}

/* Only the file itself may be there, so that the folder can go. */
static int teardown(void **state)
{
	(void)state;
	unlink(path);
	rmdir(path);
	return rmdir(folder);
}

static unsigned int files(void)
{
	DIR *d = opendir(folder);
	unsigned int n = 0;

	assert_non_null(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n - 2; /* . and .. */
}

static void expect_file(const char *data, size_t len)
{
	FILE *f = fopen(path, "re");
	char *got = malloc(len + 2);

	assert_non_null(f);
	assert_non_null(got);
	assert_int_equal(fread(got, 1, len + 2, f), len);
	assert_memory_equal(got, data, len);
	fclose(f);
	free(got);
	assert_int_equal(files(), 1);
}

static void write_ok(const char *data, size_t len)
{
	assert_int_equal(zu_outfile_write(path, data, len, &error), 0);
	expect_file(data, len);
}

static void test_new(void **state)
{
	(void)state;
	write_ok("a\0b", 3);
}

static void test_empty(void **state)
{
	(void)state;
	write_ok("", 0);
}

static void test_replaces(void **state)
{
	(void)state;
	write_ok("the first one, which is longer", 30);
	write_ok("second", 6);
}

/* Larger than what one write to a pipe or a page takes */
static void test_large(void **state)
{
	size_t len = 3 << 20, i;
	char *data = malloc(len);

	(void)state;
	assert_non_null(data);
	for (i = 0; i < len; i++)
		data[i] = (char)(i * 7 + (i >> 12));
	write_ok(data, len);
	free(data);
}

/* It is not private, as temporary files are: the user's mask decides. */
static void test_mode(void **state)
{
	static const mode_t masks[] = { 022, 077, 0, 027 };
	mode_t before = umask(022);
	struct stat st;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(masks) / sizeof(masks[0]); i++) {
		umask(masks[i]);
		write_ok("x", 1);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 07777, 0666 & ~masks[i]);
		assert_int_equal(umask(masks[i]), masks[i]);
	}
	umask(before);
}

static void test_no_folder(void **state)
{
	char nowhere[128];

	(void)state;
	snprintf(nowhere, sizeof(nowhere), "%s/none/out", folder);
	assert_int_equal(zu_outfile_write(nowhere, "x", 1, &error), ZU_EIO);
	assert_int_equal(error.code, ZU_EIO);
	assert_non_null(strstr(error.text, nowhere));
	assert_non_null(strstr(error.text, "No such file or directory"));
	assert_int_equal(files(), 0);
}

/* The rename fails when all is written. */
static void test_folder_in_the_way(void **state)
{
	(void)state;
	assert_int_equal(mkdir(path, 0755), 0);
	assert_int_equal(zu_outfile_write(path, "x", 1, &error), ZU_EIO);
	assert_non_null(strstr(error.text, path));
	assert_non_null(strstr(error.text, "directory"));
	assert_int_equal(files(), 1);
}

/* A pipe, as a device, is written to and stays one: think of /dev/null. */
static void test_pipe(void **state)
{
	char got[8] = "";
	struct stat st;
	int fd;

	(void)state;
	assert_int_equal(mkfifo(path, 0600), 0);
	fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	assert_true(fd >= 0);
	assert_int_equal(zu_outfile_write(path, "bytes", 5, &error), 0);
	assert_int_equal(read(fd, got, sizeof(got)), 5);
	assert_string_equal(got, "bytes");
	assert_int_equal(lstat(path, &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
	assert_int_equal(files(), 1);
	close(fd);
}

static void test_full_device(void **state)
{
	struct stat st;

	(void)state;
	assert_int_equal(symlink("/dev/full", path), 0);
	assert_int_equal(zu_outfile_write(path, "x", 1, &error), ZU_EIO);
	assert_non_null(strstr(error.text, "No space left"));
	assert_int_equal(stat(path, &st), 0);
	assert_true(S_ISCHR(st.st_mode));
	assert_int_equal(files(), 1);
}

/* As when the disk is full: the write itself fails on the way. */
static void test_no_room(void **state)
{
	struct rlimit old, small;
	char *data = calloc(1, 1 << 20);
	int ret;

	(void)state;
	assert_non_null(data);
	write_ok("what was there", 14);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
	small = old;
	small.rlim_cur = 100000;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	ret = zu_outfile_write(path, data, 1 << 20, &error);
	setrlimit(RLIMIT_FSIZE, &old);
	signal(SIGXFSZ, SIG_DFL);
	free(data);
	assert_int_equal(ret, ZU_EIO);
	assert_non_null(strstr(error.text, "File too large"));
	expect_file("what was there", 14);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_new),
		TEST(test_empty),
		TEST(test_replaces),
		TEST(test_large),
		TEST(test_mode),
		TEST(test_no_folder),
		TEST(test_folder_in_the_way),
		TEST(test_pipe),
		TEST(test_full_device),
		TEST(test_no_room),
	};

	return cmocka_run_group_tests_name("outfile", tests, NULL, NULL);
}

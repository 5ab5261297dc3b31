/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is written is JSON: json-c reads it back and is the witness. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/json.h"

#define REPLACED "\xef\xbf\xbd"	/* U+FFFD */

static struct zu_json j;

static int teardown(void **state)
{
	(void)state;
	zu_buf_deinit(&j.out);
	memset(&j, 0, sizeof(j));
	return 0;
}

static struct json_object *parse(void)
{
	struct json_tokener *t = json_tokener_new();
	struct json_object *ret;

	json_tokener_set_flags(t, JSON_TOKENER_STRICT |
				  JSON_TOKENER_VALIDATE_UTF8);
	ret = json_tokener_parse_ex(t, j.out.data, (int)j.out.len);
	if (json_tokener_get_error(t) != json_tokener_success ||
	    json_tokener_get_parse_end(t) != j.out.len)
		fail_msg("%.*s: %s", (int)j.out.len, j.out.data,
			 json_tokener_error_desc(json_tokener_get_error(t)));
	json_tokener_free(t);
	return ret;
}

static void expect_text(const char *text)
{
	assert_int_equal(j.out.len, strlen(text));
	assert_memory_equal(j.out.data, text, strlen(text));
}

/* A string's way through the writer and json-c */
static void round_trip(const char *in, const char *out)
{
	struct json_object *o, *s;
	char *copy = strdup(in); /* so that the sanitizer sees its end */

	zu_json_open(&j, NULL, '{');
	zu_json_string(&j, "s", copy);
	zu_json_close(&j, '}');
	o = parse();
	assert_true(json_object_object_get_ex(o, "s", &s));
	assert_int_equal(json_object_get_string_len(s), strlen(out));
	assert_string_equal(json_object_get_string(s), out);
	json_object_put(o);
	free(copy);
	teardown(NULL);
}

static void test_every_ascii(void **state)
{
	char s[4] = "a?b";
	int c;

	(void)state;
	for (c = 1; c < 128; c++) {
		s[1] = (char)c;
		round_trip(s, s);
	}
}

static void test_escapes_as_written(void **state)
{
	(void)state;
	zu_json_open(&j, NULL, '[');
	zu_json_string(&j, NULL, "\"\\/\b\n\t\x01\x1f \x7f~");
	zu_json_close(&j, ']');
	expect_text("[\"\\\"\\\\/\\u0008\\u000a\\u0009\\u0001\\u001f \\u007f~\"]");
}

static void test_utf8(void **state)
{
	static const char *const good[] = {
		"", "caf\xc3\xa9", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80",
		"\xed\x9f\xbf", "\xee\x80\x80", "\xef\xbf\xbf",
		"\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf",
		"\xf0\x9f\x90\xa7x\xe2\x82\xac",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		round_trip(good[i], good[i]);
}

/* Each byte that is not part of a character becomes one U+FFFD. */
static void test_invalid_utf8(void **state)
{
	static const char *const bad[] = {
		"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf",
		"\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf",
		"\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xfe",
		"\xc2", "\xe2\x82", "\xf0\x9f\x90", "\xf0\x9f", "\xf0",
	};
	size_t i, k;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char out[16 * 3] = "", in[16];

		for (k = 0; k < strlen(bad[i]); k++)
			memcpy(out + 3 * k, REPLACED, 4);
		round_trip(bad[i], out);
		/* and what follows is read again */
		snprintf(in, sizeof(in), "%sz", bad[i]);
		memcpy(out + 3 * k, "z", 2);
		round_trip(in, out);
	}
}

/* Names of tasks are any bytes. */
static void test_random_bytes(void **state)
{
	uint32_t seed = 1;
	int round, i;

	(void)state;
	for (round = 0; round < 20000; round++) {
		char s[17] = "";

		for (i = 0; i < 16; i++) {
			seed = seed * 1664525 + 1013904223;
			s[i] = (char)(seed >> 24);
		}
		zu_json_open(&j, NULL, '[');
		zu_json_string(&j, NULL, s);
		zu_json_close(&j, ']');
		json_object_put(parse());
		teardown(NULL);
	}
}

static void test_integers(void **state)
{
	static const int64_t values[] = {
		0, 1, -1, 9, 10, -9, -10, 99, 100, INT32_MAX, INT32_MIN,
		1LL << 53, INT64_MAX - 1, INT64_MAX, INT64_MIN + 1, INT64_MIN,
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		struct json_object *a, *v;
		char text[32];

		zu_json_open(&j, NULL, '[');
		zu_json_int(&j, NULL, values[i]);
		zu_json_close(&j, ']');
		snprintf(text, sizeof(text), "[%" PRId64 "]", values[i]);
		expect_text(text);
		a = parse();
		v = json_object_array_get_idx(a, 0);
		assert_int_equal(json_object_get_type(v), json_type_int);
		assert_true(json_object_get_int64(v) == values[i]);
		json_object_put(a);
		teardown(NULL);
	}
}

static void test_hex(void **state)
{
	static const uint64_t values[] = {
		0, 1, 0xf, 0x10, 0x3ffe0a2206a, 1ULL << 63, UINT64_MAX,
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		char text[32];

		zu_json_hex(&j, NULL, values[i]);
		snprintf(text, sizeof(text), "\"0x%" PRIx64 "\"", values[i]);
		expect_text(text);
		teardown(NULL);
	}
}

static void write_all(void)
{
	zu_json_open(&j, NULL, '{');
	zu_json_string(&j, "a", NULL);
	zu_json_open(&j, "b", '[');
	zu_json_close(&j, ']');
	zu_json_open(&j, "c", '{');
	zu_json_close(&j, '}');
	zu_json_bool(&j, "d", true);
	zu_json_open(&j, "e", '[');
	zu_json_newline(&j);
	zu_json_int(&j, NULL, 1);
	zu_json_newline(&j);
	zu_json_open(&j, NULL, '[');
	zu_json_bool(&j, NULL, false);
	zu_json_null(&j, NULL);
	zu_json_close(&j, ']');
	zu_json_string(&j, NULL, "");
	zu_json_close(&j, ']');
	zu_json_hex(&j, "f", 31);
	zu_json_null(&j, "g");
	zu_json_close(&j, '}');
}

static void test_commas(void **state)
{
	(void)state;
	write_all();
	expect_text("{\"a\":null,\"b\":[],\"c\":{},\"d\":true,\"e\":[\n1,\n"
		    "[false,null],\"\"],\"f\":\"0x1f\",\"g\":null}");
	json_object_put(parse());
}

/* The caller empties the buffer on the way; commas go on. */
static void test_emptied_on_the_way(void **state)
{
	(void)state;
	zu_json_open(&j, NULL, '[');
	zu_json_int(&j, NULL, 1);
	j.out.len = 0;
	zu_json_int(&j, NULL, 2);
	zu_json_close(&j, ']');
	expect_text(",2]");
}

/* At each length of what is there already: no value is cut or moved. */
static void test_at_each_place(void **state)
{
	size_t at, want;

	(void)state;
	write_all();
	want = j.out.len;
	teardown(NULL);
	for (at = 0; at < 600; at++) {
		char *p = zu_buf_reserve(&j.out, at);

		assert_non_null(p);
		memset(p, ' ', at);
		j.out.len = at;
		write_all();
		assert_int_equal(j.out.len, at + want);
		json_object_put(parse());
		teardown(NULL);
	}
}

/* Each byte takes six; five would fit into half a MiB, where a buffer ends. */
static void test_long_string(void **state)
{
	size_t len = 104000;
	char *in = malloc(len + 1);

	(void)state;
	assert_non_null(in);
	memset(in, 1, len);
	in[len] = '\0';
	round_trip(in, in);
	free(in);
}

/* Without memory nothing is written, and the buffer says so. */
static void test_no_memory(void **state)
{
	(void)state;
	j.out.failed = true;
	write_all();
	assert_int_equal(j.out.len, 0);
	assert_null(j.out.data);
	assert_true(j.out.failed);
}

#define TEST(f) cmocka_unit_test_teardown(f, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_every_ascii),
		TEST(test_escapes_as_written),
		TEST(test_utf8),
		TEST(test_invalid_utf8),
		TEST(test_random_bytes),
		TEST(test_integers),
		TEST(test_hex),
		TEST(test_commas),
		TEST(test_emptied_on_the_way),
		TEST(test_at_each_place),
		TEST(test_long_string),
		TEST(test_no_memory),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}

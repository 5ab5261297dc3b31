/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "util/json.h"

#include <string.h>

static void put(struct zu_json *j, const char *s, size_t len)
{
	zu_buf_add(&j->out, s, len);
}

static void put_str(struct zu_json *j, const char *s)
{
	put(j, s, strlen(s));
}

/* Length of the UTF-8 sequence at @s, or 0: RFC 3629, section 4 */
static size_t utf8_len(const unsigned char *s)
{
	size_t len = *s < 0xc2 ? 0 : *s < 0xe0 ? 2 : *s < 0xf0 ? 3 :
		     *s < 0xf5 ? 4 : 0;
	size_t i;

	for (i = 1; i < len; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((*s == 0xe0 && s[1] < 0xa0) || (*s == 0xed && s[1] > 0x9f) ||
	    (*s == 0xf0 && s[1] < 0x90) || (*s == 0xf4 && s[1] > 0x8f))
		return 0;
	return len;
}

static void put_escaped(struct zu_json *j, const char *value)
{
	const unsigned char *s = (const unsigned char *)value;

	while (*s) {
		size_t plain = 0, len;

		while (s[plain] >= ' ' && s[plain] < 0x7f && s[plain] != '"' &&
		       s[plain] != '\\')
			plain++;
		put(j, (const char *)s, plain);
		s += plain;
		if (!*s)
			break;
		if (*s == '"' || *s == '\\') {
			char esc[2] = { '\\', (char)*s++ };

			put(j, esc, 2);
			continue;
		}
		if (*s < 0x80) {
			zu_buf_printf(&j->out, "\\u%04x", *s++);
			continue;
		}
		len = utf8_len(s);
		if (len)
			put(j, (const char *)s, len);
		else
			put_str(j, "\\ufffd");
		s += len ? len : 1;
	}
}

static void put_key(struct zu_json *j, const char *key)
{
	if (j->comma)
		put(j, ",", 1);
	j->comma = true;
	if (!key)
		return;
	put(j, "\"", 1);
	put_str(j, key);
	put(j, "\":", 2);
}

void zu_json_open(struct zu_json *j, const char *key, char bracket)
{
	put_key(j, key);
	put(j, &bracket, 1);
	j->comma = false;
}

void zu_json_close(struct zu_json *j, char bracket)
{
	put(j, &bracket, 1);
	j->comma = true;
}

void zu_json_string(struct zu_json *j, const char *key, const char *value)
{
	if (!value) {
		zu_json_null(j, key);
		return;
	}
	put_key(j, key);
	put(j, "\"", 1);
	put_escaped(j, value);
	put(j, "\"", 1);
}

/* Digits from the right; printf would be most of the time of a large output */
static void put_number(struct zu_json *j, uint64_t value, unsigned int base)
{
	static const char digit[] = "0123456789abcdef";
	char s[24];
	size_t at = sizeof(s);

	do {
		s[--at] = digit[value % base];
		value /= base;
	} while (value);
	put(j, s + at, sizeof(s) - at);
}

void zu_json_int(struct zu_json *j, const char *key, int64_t value)
{
	put_key(j, key);
	if (value < 0)
		put(j, "-", 1);
	put_number(j, value < 0 ? -(uint64_t)value : (uint64_t)value, 10);
}

void zu_json_hex(struct zu_json *j, const char *key, uint64_t value)
{
	put_key(j, key);
	put_str(j, "\"0x");
	put_number(j, value, 16);
	put(j, "\"", 1);
}

void zu_json_bool(struct zu_json *j, const char *key, bool value)
{
	put_key(j, key);
	put_str(j, value ? "true" : "false");
}

void zu_json_null(struct zu_json *j, const char *key)
{
	put_key(j, key);
	put_str(j, "null");
}

void zu_json_newline(struct zu_json *j)
{
	put(j, "\n", 1);
}

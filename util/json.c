/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "util/json.h"

#include <string.h>

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

/*
 * Values are written straight into the buffer, room for the longest form
 * reserved first: a large output is hundreds of thousands of small values.
 */
static char *put(char *p, const char *s, size_t len)
{
	memcpy(p, s, len);
	return p + len;
}

/* Room for a key with its signs, and @len more; NULL without memory */
static char *begin(struct zu_json *j, const char *key, size_t len)
{
	size_t key_len = key ? strlen(key) : 0;
	char *p = zu_buf_reserve(&j->out, key_len + len + 4);

	if (!p)
		return NULL;
	if (j->comma)
		*p++ = ',';
	j->comma = true;
	if (key) {
		*p++ = '"';
		p = put(p, key, key_len);
		p = put(p, "\":", 2);
	}
	return p;
}

static void end(struct zu_json *j, const char *p)
{
	j->out.len = (size_t)(p - j->out.data);
}

void zu_json_open(struct zu_json *j, const char *key, char bracket)
{
	char *p = begin(j, key, 1);

	if (!p)
		return;
	*p++ = bracket;
	end(j, p);
	j->comma = false;
}

void zu_json_close(struct zu_json *j, char bracket)
{
	zu_buf_add(&j->out, &bracket, 1);
	j->comma = true;
}

static bool is_plain(unsigned char c)
{
	return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
}

/* What can't stand for itself; @s is moved behind it */
static char *put_special(char *p, const unsigned char **s)
{
	static const char digit[] = "0123456789abcdef";
	unsigned char c = **s;
	size_t len;

	if (c == '"' || c == '\\') {
		*p++ = '\\';
		*p++ = (char)c;
		len = 1;
	} else if (c < 0x80) {
		p = put(p, "\\u00", 4);
		*p++ = digit[c >> 4];
		*p++ = digit[c & 15];
		len = 1;
	} else {
		len = utf8_len(*s);
		p = len ? put(p, (const char *)*s, len) :
			  put(p, "\\ufffd", 6);
		len = len ? len : 1;
	}
	*s += len;
	return p;
}

void zu_json_string(struct zu_json *j, const char *key, const char *value)
{
	const unsigned char *s = (const unsigned char *)value;
	char *p;

	if (!value) {
		zu_json_null(j, key);
		return;
	}
	/* one byte becomes six at the most */
	p = begin(j, key, strlen(value) * 6 + 2);
	if (!p)
		return;
	*p++ = '"';
	while (*s) {
		if (is_plain(*s))
			*p++ = (char)*s++;
		else
			p = put_special(p, &s);
	}
	*p++ = '"';
	end(j, p);
}

/* Digits from the right; printf would be most of the time */
static char *put_number(char *p, uint64_t value, unsigned int base)
{
	static const char digit[] = "0123456789abcdef";
	char s[24];
	size_t at = sizeof(s);

	do {
		s[--at] = digit[value % base];
		value /= base;
	} while (value);
	return put(p, s + at, sizeof(s) - at);
}

void zu_json_int(struct zu_json *j, const char *key, int64_t value)
{
	char *p = begin(j, key, 24);

	if (!p)
		return;
	if (value < 0)
		*p++ = '-';
	end(j, put_number(p, value < 0 ? -(uint64_t)value : (uint64_t)value,
			  10));
}

void zu_json_hex(struct zu_json *j, const char *key, uint64_t value)
{
	char *p = begin(j, key, 24);

	if (!p)
		return;
	p = put_number(put(p, "\"0x", 3), value, 16);
	*p++ = '"';
	end(j, p);
}

static void put_word(struct zu_json *j, const char *key, const char *word)
{
	size_t len = strlen(word);
	char *p = begin(j, key, len);

	if (p)
		end(j, put(p, word, len));
}

void zu_json_bool(struct zu_json *j, const char *key, bool value)
{
	put_word(j, key, value ? "true" : "false");
}

void zu_json_null(struct zu_json *j, const char *key)
{
	put_word(j, key, "null");
}

void zu_json_raw(struct zu_json *j, const char *text, size_t len)
{
	char *p = begin(j, NULL, len);

	if (p)
		end(j, put(p, text, len));
}

void zu_json_newline(struct zu_json *j)
{
	if (j->comma)
		zu_buf_add(&j->out, ",", 1);
	zu_buf_add(&j->out, "\n", 1);
	j->comma = false;
}

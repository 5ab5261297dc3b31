/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writing JSON as it comes, without keeping it: the output for a large dump
 * is tens of megabytes. Commas and escapes are done here; that objects and
 * arrays are closed in order is for the caller.
 */
#ifndef ZU_UTIL_JSON_H
#define ZU_UTIL_JSON_H

#include <stdbool.h>
#include <stdint.h>

#include "util/buf.h"

/**
 * struct zu_json - a writer
 * @out: the text so far; the caller empties it from time to time
 * @comma: a value was written at this level
 */
struct zu_json {
	struct zu_buf out;
	bool comma;
};

/**
 * zu_json_open() - begin an object or array
 * @j: the writer
 * @key: its key in the object around it; NULL in an array and at the top
 * @bracket: '{' or '['
 */
void zu_json_open(struct zu_json *j, const char *key, char bracket);

/**
 * zu_json_close() - end an object or array
 * @j: the writer
 * @bracket: '}' or ']'
 */
void zu_json_close(struct zu_json *j, char bracket);

/**
 * zu_json_string() - a string
 * @j: the writer
 * @key: its key
 * @value: any bytes: what is no UTF-8 becomes U+FFFD; NULL becomes null
 */
void zu_json_string(struct zu_json *j, const char *key, const char *value);

/**
 * zu_json_int() - a number
 * @j: the writer
 * @key: its key
 * @value: the number; JSON readers are exact up to 2^53
 */
void zu_json_int(struct zu_json *j, const char *key, int64_t value);

/**
 * zu_json_hex() - an address, as a string "0x..."
 * @j: the writer
 * @key: its key
 * @value: the address
 */
void zu_json_hex(struct zu_json *j, const char *key, uint64_t value);

/**
 * zu_json_bool() - true or false
 * @j: the writer
 * @key: its key
 * @value: which
 */
void zu_json_bool(struct zu_json *j, const char *key, bool value);

/**
 * zu_json_null() - null
 * @j: the writer
 * @key: its key
 */
void zu_json_null(struct zu_json *j, const char *key);

/**
 * zu_json_raw() - members that were written before
 * @j: the writer
 * @text: what another writer made of them, without a comma at either end
 * @len: its length
 */
void zu_json_raw(struct zu_json *j, const char *text, size_t len);

/**
 * zu_json_newline() - a line break before the next value of an array
 * @j: the writer
 *
 * For those who read along, or want a value a line. Not at the end: a comma
 * may go before it.
 */
void zu_json_newline(struct zu_json *j);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON into a seq_file, in the form of `zunwind --format json`. */
#ifndef ZU_KMOD_JSON_H
#define ZU_KMOD_JSON_H

struct seq_file;

/**
 * zu_json_text() - a string, with its quotes
 * @m: where to
 * @s: the string, any bytes; NULL: null
 *
 * Bytes that are no UTF-8 become U+FFFD.
 */
void zu_json_text(struct seq_file *m, const char *s);

#endif

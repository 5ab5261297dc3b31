// SPDX-License-Identifier: GPL-2.0-or-later
#include "kmod/json.h"

#include <linux/seq_file.h>
#include <linux/types.h>

/* Length of the UTF-8 sequence at @s, or 0: RFC 3629, section 4 */
static unsigned int utf8_len(const u8 *s)
{
	unsigned int len, i;

	if (*s < 0xc2 || *s > 0xf4)
		return 0;
	len = *s < 0xe0 ? 2 : *s < 0xf0 ? 3 : 4;
	for (i = 1; i < len; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((*s == 0xe0 && s[1] < 0xa0) || (*s == 0xed && s[1] > 0x9f) ||
	    (*s == 0xf0 && s[1] < 0x90) || (*s == 0xf4 && s[1] > 0x8f))
		return 0;
	return len;
}

/* Return: how many bytes were taken */
static unsigned int put_char(struct seq_file *m, const u8 *s)
{
	unsigned int len;

	if (*s == '"' || *s == '\\') {
		seq_putc(m, '\\');
		seq_putc(m, *s);
		return 1;
	}
	if (*s < ' ' || *s == 0x7f) {
		seq_printf(m, "\\u%04x", *s);
		return 1;
	}
	if (*s < 0x7f) {
		seq_putc(m, *s);
		return 1;
	}
	len = utf8_len(s);
	if (len)
		seq_write(m, s, len);
	else
		seq_puts(m, "\\ufffd");
	return len ? len : 1;
}

void zu_json_text(struct seq_file *m, const char *s)
{
	const u8 *p = (const u8 *)s;

	if (!s) {
		seq_puts(m, "null");
		return;
	}
	seq_putc(m, '"');
	while (*p)
		p += put_char(m, p);
	seq_putc(m, '"');
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flow/hint.h"

#include <string.h>

#include "insn/insn.h"

static const struct zu_hint hints[] = {
#define ZU_HINT(name, kind, shape, reason) \
	{ name, ZU_HINT_##kind, shape, reason },
#include "flow/hints.def"
#undef ZU_HINT
};

/* Is the first word of a shape this mnemonic? Then behind it. */
static const char *eat(const char *shape, const char *word)
{
	size_t len = strlen(word);

	if (strncmp(shape, word, len) || (shape[len] && shape[len] != ' '))
		return NULL;
	return shape + len + (shape[len] == ' ');
}

static bool has_shape(const char *shape, const uint8_t *code, size_t len)
{
	struct zu_insn insn;
	const char *rest;
	size_t off, n;

	for (off = 0; *shape && off < len; off += n) {
		n = zu_insn_decode(&insn, code + off, len - off);
		if (!n)
			return false;
		rest = eat(shape, zu_insn_name(insn.op));
		if (rest)
			shape = rest;
	}
	return !*shape;
}

const struct zu_hint *zu_hint_find(const char *name, const uint8_t *code,
				   size_t len)
{
	size_t i;

	for (i = 0; name && i < sizeof(hints) / sizeof(hints[0]); i++)
		if (!strcmp(hints[i].name, name) &&
		    has_shape(hints[i].shape, code, len))
			return &hints[i];
	return NULL;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "flow/label.h"

#include <stdbool.h>
#include <string.h>

static const struct {
	const char *name;
	enum zu_label kind;
} labels[] = {
#define ZU_LABEL(name, kind, reason) { name, ZU_LABEL_##kind },
#include "flow/labels.def"
#undef ZU_LABEL
};

static bool matches(const char *name, const char *pattern)
{
	const char *star = strchr(pattern, '*');
	size_t head, tail, len;

	if (!star)
		return !strcmp(name, pattern);
	head = (size_t)(star - pattern);
	tail = strlen(star + 1);
	len = strlen(name);
	return len >= head + tail && !strncmp(name, pattern, head) &&
	       !strcmp(name + len - tail, star + 1);
}

enum zu_label zu_label(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		if (*name == *labels[i].name && matches(name, labels[i].name))
			return labels[i].kind;
	return ZU_LABEL_NONE;
}

size_t zu_label_places(const char **ret, size_t max)
{
	size_t n = 0, i;

	for (i = 0; i < sizeof(labels) / sizeof(labels[0]) && n < max; i++)
		if (labels[i].kind == ZU_LABEL_INSIDE)
			ret[n++] = labels[i].name;
	return n;
}

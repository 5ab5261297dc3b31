/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "check/bugs.h"

#include <stdlib.h>
#include <string.h>

#include "util/fail.h"

static bool read_start(void *ctx, uint64_t addr, uint8_t ret[2])
{
	struct zu_code *c = ctx;
	const uint8_t *code = c->ops->bytes(c, addr, 2);

	if (code)
		memcpy(ret, code, 2);
	return code;
}

static bool is_func(void *ctx, uint64_t addr)
{
	return zu_code_func_at(ctx, addr);
}

static bool find_table(struct zu_code *c, uint64_t *addr, uint64_t *len)
{
	uint64_t end;

	if (zu_code_section(c, "__bug_table", addr, len))
		return *len;
	if (!zu_code_symbol(c, "__start___bug_table", addr) ||
	    !zu_code_symbol(c, "__stop___bug_table", &end) || end <= *addr)
		return false;
	*len = end - *addr;
	return true;
}

int zu_bugs_init(struct zu_bugs *b, struct zu_code *c, struct zu_error *err)
{
	const struct zu_bug_code code = {
		.ctx = c, .read = read_start, .is_func = is_func,
	};
	const uint8_t *bytes;
	uint64_t addr, len;
	uint8_t *table;
	int ret;

	memset(b, 0, sizeof(*b));
	if (!find_table(c, &addr, &len))
		return 0;
	bytes = c->ops->bytes(c, addr, len);
	if (!bytes)
		return 0;
	/* the copy is there while code is looked at */
	table = malloc(len);
	if (!table)
		return zu_fail_nomem(err);
	memcpy(table, bytes, len);
	ret = zu_bugs_fill(b, &code, table, addr, len, err);
	free(table);
	return ret;
}

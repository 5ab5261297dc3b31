/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/json_parts.h"

void json_put_head(struct zu_json *j, const char *schema,
		   const struct zu_kernel *k)
{
	const struct zu_kernel_info *info = zu_kernel_info(k);

	zu_json_open(j, NULL, '{');
	zu_json_string(j, "schema", schema);
	zu_json_open(j, "source", '{');
	zu_json_string(j, "kind", info->source_kind);
	zu_json_string(j, "path", info->source_path);
	zu_json_close(j, '}');
	zu_json_open(j, "kernel", '{');
	zu_json_string(j, "release", info->release);
	zu_json_string(j, "build_id", info->build_id);
	zu_json_int(j, "cpus", info->cpus);
	zu_json_close(j, '}');
}

void json_put_name(struct zu_json *j, struct zu_kernel *k,
		   const struct zu_frame *f)
{
	struct zu_symbol sym;

	if (zu_frame_symbol(k, f, &sym)) {
		zu_json_string(j, "symbol", sym.name);
		zu_json_int(j, "offset", (int64_t)(f->ip - sym.start));
		zu_json_int(j, "size", (int64_t)sym.size);
		zu_json_string(j, "module", sym.module);
	} else {
		zu_json_null(j, "symbol");
		zu_json_null(j, "offset");
		zu_json_null(j, "size");
		zu_json_null(j, "module");
	}
}

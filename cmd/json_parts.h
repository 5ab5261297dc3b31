/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the JSON of several commands has in common. */
#ifndef ZU_CMD_JSON_PARTS_H
#define ZU_CMD_JSON_PARTS_H

#include "util/json.h"
#include "zunwind/trace.h"

/**
 * json_put_head() - open the object: schema, source, kernel
 * @j: where to
 * @schema: its name and number
 * @k: the kernel
 */
void json_put_head(struct zu_json *j, const char *schema,
		   const struct zu_kernel *k);

/**
 * json_put_name() - where a frame is: symbol, offset, size, module
 * @j: where to
 * @k: the kernel
 * @f: the frame
 */
void json_put_name(struct zu_json *j, struct zu_kernel *k,
		   const struct zu_frame *f);

#endif

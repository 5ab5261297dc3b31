/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/transition_words.h"

#include <inttypes.h>

void transition_put_place(struct zu_buf *b, struct zu_kernel *k,
			  const struct zu_frame *f)
{
	struct zu_symbol sym;

	if (!zu_frame_symbol(k, f, &sym)) {
		zu_buf_printf(b, "0x%" PRIx64, f->ip);
		return;
	}
	put_name(b, sym.name);
	zu_buf_printf(b, "+0x%" PRIx64 "/0x%" PRIx64, f->ip - sym.start,
		      sym.size);
	if (sym.module) {
		zu_buf_printf(b, " [");
		put_name(b, sym.module);
		zu_buf_printf(b, "]");
	}
}

void transition_put_range(struct zu_buf *b, const struct zu_klp_range *r)
{
	zu_buf_printf(b, "%s", r->replaced ? "a patch's " : "");
	put_name(b, r->name);
	if (r->module) {
		zu_buf_printf(b, " [");
		put_name(b, r->module);
		zu_buf_printf(b, "]");
	}
}

void transition_put_decision(struct zu_buf *b,
			     const struct zu_klp_ranges *ranges,
			     const struct zu_klp_decision *d)
{
	switch (d->cause) {
	case ZU_KLP_DONE:
	case ZU_KLP_UNVISITED:
		zu_buf_printf(b, "not in the way");
		break;
	case ZU_KLP_RUNNING:
		zu_buf_printf(b, "on a CPU");
		break;
	case ZU_KLP_UNRELIABLE:
		zu_buf_printf(b, "unreliable stack, %s", zu_why_word(d->why));
		break;
	case ZU_KLP_ON_STACK:
		zu_buf_printf(b, "sleeping on ");
		transition_put_range(b, &ranges->range[d->range]);
		break;
	}
}

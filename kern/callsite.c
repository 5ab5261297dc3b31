/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kern/callsite.h"

#include "core/way.h"
#include "insn/insn.h"
#include "kern/funcs.h"
#include "kern/module.h"

/* The instruction of a function that ends at an offset */
static bool insn_before(const struct zu_func *f, uint64_t end,
			struct zu_insn *ret)
{
	uint64_t off, len;

	for (off = 0; off < end; off += len) {
		len = zu_insn_len(f->code[off]);
		if (off + len == end)
			return zu_insn_decode(ret, f->code + off, len);
	}
	return false;
}

enum zu_call zu_call_before(struct zu_kernel *k, uint64_t ip,
			    uint64_t *target)
{
	const struct zu_func *f = zu_func_find(k, ip - 1);
	struct zu_insn insn;

	if (!f || ip - f->start > f->len)
		return ZU_CALL_UNKNOWN;
	if (!insn_before(f, ip - f->start, &insn) || insn.link != 14)
		return ZU_CALL_NONE;
	if (insn.flow == ZU_FLOW_CALL_REG)
		return ZU_CALL_INDIRECT;
	if (insn.flow != ZU_FLOW_CALL)
		return ZU_CALL_NONE;
	*target = zu_plt_target(k, ip - insn.len + (uint64_t)insn.target);
	return zu_func_dest(k, *target) & ZU_DEST_THUNK ? ZU_CALL_INDIRECT :
							  ZU_CALL_DIRECT;
}

/*
 * Is a function's entry switched on: brcl 15 to a hotpatch trampoline, which
 * begins with brasl 1, or brasl 0 to ftrace itself?
 */
static bool is_redirected(struct zu_kernel *k, const struct zu_func *f)
{
	struct zu_insn insn;
	uint8_t code[2];
	uint64_t to;

	if (f->len < 6 || !zu_insn_decode(&insn, f->code, 6))
		return false;
	if (insn.flow == ZU_FLOW_CALL && insn.link == 0)
		return true;
	to = f->start + (uint64_t)insn.target;
	return insn.op == ZU_OP_brcl && insn.flow == ZU_FLOW_JUMP &&
	       !zu_memory_read(&k->mem, to, code, sizeof(code)) &&
	       code[0] == 0xc0 && code[1] == 0x15;
}

/*
 * A module can have ftrace call its trampoline first. As long as ftrace's
 * table names that, zu_hides_caller() knows; modify_ftrace_direct() puts another
 * one there while tasks still sleep in the old one.
 */
bool zu_may_replace(const struct zu_kernel *k, uint64_t func)
{
	const struct zu_text_range *range = zu_text_find(&k->text, func);

	if (!range)
		return false;
	if (range->kind == ZU_TEXT_MODULE)
		return zu_module_is_livepatch(k, range->owner);
	return range->kind == ZU_TEXT_BPF || range->kind == ZU_TEXT_BPF_IMAGE;
}

bool zu_call_leads_to(struct zu_kernel *k, uint64_t target, uint64_t func)
{
	struct zu_way w = { .n = 0 };
	size_t i, j;

	zu_way_add(&w, target);
	for (i = 0; i < w.n; i++) {
		const struct zu_func *f;

		if (w.addr[i] == func)
			return true;
		if (zu_func_dest(k, w.addr[i]) & ZU_DEST_THUNK)
			return true;
		f = zu_func_look(k, w.addr[i]);
		if (!f || f->start != w.addr[i])
			continue;
		if (f->anywhere ||
		    (zu_may_replace(k, func) && is_redirected(k, f)))
			return true;
		for (j = 0; j < f->nr_jumps; j++)
			zu_way_add(&w, zu_plt_target(k, f->jumps[j]));
	}
	return false;
}

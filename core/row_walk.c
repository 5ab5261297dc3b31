/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The walk by rows: behind saved registers, to the caller of the function that
 * was interrupted, wherever in it that was.
 *
 * Nothing is taken from registers that entry code would not have saved like
 * that: it lays them right below the interrupted stack pointer.
 */
#include "core/walk.h"

#include "core/bytes.h"
#include "core/frame_s390x.h"

/* With these an s390x kernel runs: translation on, 64-bit addresses. */
#define PSW_KERNEL 0x0400000180000000ULL

/* The part of struct pt_regs that is looked at */
struct regs {
	uint8_t raw[ZU_REGS_R15 + 8 - ZU_REGS_PSW_MASK];
};

static uint64_t gpr(const struct regs *r, unsigned int n)
{
	return zu_be64(r->raw + ZU_REGS_GPRS - ZU_REGS_PSW_MASK + n * 8);
}

bool zu_read_stack(const struct zu_unwind *u, uint64_t addr, uint64_t *ret)
{
	uint8_t b[8];

	if (!zu_on_stack(&u->stack, addr, sizeof(b)) ||
	    zu_env_read(u->env->read, u->task->ctx, addr, b, sizeof(b)))
		return false;
	*ret = zu_be64(b);
	return true;
}

bool zu_read_fp(const struct zu_unwind *u, const struct zu_fp *fp,
		uint64_t *ret)
{
	if (fp->slot)
		return zu_read_stack(u, fp->slot, ret);
	*ret = fp->value;
	return fp->known;
}

static void give_up(struct zu_unwind *u, enum zu_why why, uint64_t at)
{
	u->behind.why = why;
	u->behind.at = at;
}

/* Are these registers that an interrupt of the kernel saved? */
static bool are_real(const struct zu_unwind *u, const struct regs *r)
{
	uint64_t mask = zu_be64(r->raw);

	return (mask & (PSW_KERNEL | ZU_PSW_MASK_PSTATE)) == PSW_KERNEL &&
	       gpr(r, 15) == u->frame.regs + u->env->regs_size;
}

/* Below the interrupted stack pointer nothing is kept. */
static bool read_live(const struct zu_unwind *u, uint64_t addr, uint64_t *ret)
{
	return addr >= u->frame.sp && zu_read_stack(u, addr, ret);
}

static bool find_cfa(const struct zu_unwind *u, const struct zu_row *row,
		     const struct regs *r, uint64_t *ret)
{
	uint64_t off = (uint64_t)(int64_t)row->cfa_off;

	if (row->cfa_rule == ZU_CFA_REG) {
		*ret = gpr(r, row->cfa_reg & 15) + off;
		return true;
	}
	if (row->cfa_rule != ZU_CFA_LOAD ||
	    !read_live(u, gpr(r, 15) + off, ret))
		return false;
	*ret += ZU_FRAME_SIZE;
	return true;
}

/* A caller's frame lies at or above the interrupted stack pointer. */
static bool is_caller(const struct zu_unwind *u, uint64_t sp)
{
	return sp >= u->frame.sp && sp % ZU_SP_ALIGN == 0 &&
	       zu_on_stack(&u->stack, sp, ZU_FRAME_SIZE);
}

/*
 * A function that made its frame has set the back chain, or is about to: then
 * the stack pointer it was entered with is still in a register.
 */
static bool chain_agrees(const struct zu_unwind *u, const struct regs *r,
			 uint64_t sp)
{
	uint64_t chain;
	unsigned int n;

	for (n = 0; n < 16; n++)
		if (gpr(r, n) == sp)
			return true;
	return read_live(u, gpr(r, 15) + ZU_FRAME_BACK_CHAIN, &chain) &&
	       chain == sp;
}

static bool find_ra(const struct zu_unwind *u, const struct zu_row *row,
		    const struct regs *r, uint64_t cfa, uint64_t *ret)
{
	switch ((enum zu_row_place)row->ra_place) {
	case ZU_PLACE_SAME:
		*ret = gpr(r, 14);
		return true;
	case ZU_PLACE_REG:
		*ret = gpr(r, row->ra_reg & 15);
		return true;
	case ZU_PLACE_CFA:
		return read_live(u, cfa + (uint64_t)(int64_t)row->ra_off, ret);
	case ZU_PLACE_LOST:
		break;
	}
	return false;
}

static struct zu_fp find_fp(const struct zu_unwind *u,
			    const struct zu_row *row, const struct regs *r,
			    uint64_t cfa)
{
	struct zu_fp fp = { .known = true };

	switch ((enum zu_row_place)row->fp_place) {
	case ZU_PLACE_SAME:
		fp.value = gpr(r, 11);
		return fp;
	case ZU_PLACE_REG:
		fp.value = gpr(r, row->fp_reg & 15);
		return fp;
	case ZU_PLACE_CFA:
		fp.slot = cfa + (uint64_t)(int64_t)row->fp_off;
		if (fp.slot < u->frame.sp)
			fp.slot = 0;
		break;
	case ZU_PLACE_LOST:
		break;
	}
	fp.known = false;
	return fp;
}

static void by_row(struct zu_unwind *u, const struct zu_row *row,
		   const struct regs *r)
{
	uint64_t cfa;

	if (row->kind != ZU_ROW_FRAME) {
		give_up(u, ZU_WHY_NO_ROW, u->frame.ip);
		return;
	}
	if (!find_cfa(u, row, r, &cfa) || !is_caller(u, cfa - ZU_FRAME_SIZE) ||
	    !chain_agrees(u, r, cfa - ZU_FRAME_SIZE)) {
		give_up(u, ZU_WHY_FRAME_SIZE, u->frame.sp);
		return;
	}
	u->behind.sp = cfa - ZU_FRAME_SIZE;
	u->behind.fp = find_fp(u, row, r, cfa);
	if (!find_ra(u, row, r, cfa, &u->behind.ip))
		give_up(u, ZU_WHY_NO_ROW, u->frame.ip);
}

void zu_look_behind(struct zu_unwind *u)
{
	uint64_t at = u->frame.regs + ZU_REGS_PSW_MASK;
	struct zu_site site;
	struct regs r;

	memset(&u->behind, 0, sizeof(u->behind));
	if (zu_env_read(u->env->read, u->task->ctx, at, r.raw, sizeof(r.raw))) {
		give_up(u, ZU_WHY_UNREADABLE, at);
		return;
	}
	if (!are_real(u, &r)) {
		give_up(u, ZU_WHY_EXCEPTION_FRAME, u->frame.regs);
		return;
	}
	if (u->frame.ip & 1 || !zu_is_text(u, u->frame.ip)) {
		give_up(u, ZU_WHY_NOT_TEXT, u->frame.ip);
		return;
	}
	u->env->site(u->task->ctx, u->frame.ip, true, &site);
	by_row(u, &site.row, &r);
}

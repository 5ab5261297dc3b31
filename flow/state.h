/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is known at one point of a function: of each register, and of the
 * stack slots that matter. Offsets are from the stack pointer at entry, P:
 * the return address goes to P + 136, the frame lies below P.
 *
 * Forgetting is always allowed, for an unknown value proves nothing; but not of
 * what r0 and r1 held at entry (zu_val_is_resume()), which is to be found again.
 */
#ifndef ZU_FLOW_STATE_H
#define ZU_FLOW_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * enum zu_val_kind - what is known of a value
 * @ZU_VAL_UNKNOWN: nothing
 * @ZU_VAL_ENTRY: what register @reg held at entry; of r0 and r1 with @num 1 only
 *	perhaps, or something made of it
 * @ZU_VAL_SP: P + @num
 * @ZU_VAL_CONST: @num; with @reg 1 only the low 32 bits are that
 * @ZU_VAL_MAX: from 0 to @num; @reg has bits of ZU_MAX_*
 * @ZU_VAL_SUM: the low 32 bits of register @reg, plus @num
 * @ZU_VAL_TABLE: read from the table with the number @num (struct zu_jumps)
 * @ZU_VAL_LABEL: the same, and the table's own address added; with @reg 1 only
 *	on some path
 * @ZU_VAL_BELOW: somewhere in this stack: what r15 was while that was no
 *	P + number, or P plus or minus an unknown number
 */
enum zu_val_kind {
	ZU_VAL_UNKNOWN,
	ZU_VAL_ENTRY,
	ZU_VAL_SP,
	ZU_VAL_CONST,
	ZU_VAL_MAX,
	ZU_VAL_SUM,
	ZU_VAL_TABLE,
	ZU_VAL_LABEL,
	ZU_VAL_BELOW,
};

/* Bits that say more of a ZU_VAL_MAX */
enum {
	ZU_MAX_WIDTH = 1,	/* only because it has no more bits */
	ZU_MAX_LOW = 2,		/* only its low 32 bits are that */
	ZU_MAX_BY4 = 4,		/* a multiple of 4 */
	ZU_MAX_BY8 = 8,		/* a multiple of 8 */
};

/*
 * A value in one word, so that states are small and compared quickly: the
 * number in the upper 56 bits (addresses of s390x kernels have less), the
 * register and the kind below. 0 is the unknown value.
 */
typedef int64_t zu_val;

static inline zu_val zu_val_make(enum zu_val_kind kind, unsigned int reg,
				 int64_t num)
{
	return (zu_val)((uint64_t)num << 8 | reg << 4 | kind);
}

static inline enum zu_val_kind zu_val_kind(zu_val v)
{
	return (enum zu_val_kind)(v & 0xf);
}

static inline unsigned int zu_val_reg(zu_val v)
{
	return v >> 4 & 0xf;
}

static inline int64_t zu_val_num(zu_val v)
{
	return v >> 8;
}

static inline zu_val zu_val_entry(unsigned int reg)
{
	return zu_val_make(ZU_VAL_ENTRY, reg, 0);
}

/* Perhaps what r0 or r1 held at entry */
static inline zu_val zu_val_resume(void)
{
	return zu_val_make(ZU_VAL_ENTRY, 0, 1);
}

/*
 * May it be what r0 or r1 held at entry? That is nothing to a function, but
 * function tracing enters trampolines with where the traced function goes on
 * (arch/s390/kernel/mcount.S).
 */
static inline bool zu_val_is_resume(zu_val v)
{
	return zu_val_kind(v) == ZU_VAL_ENTRY && zu_val_reg(v) < 2;
}

/* Is nothing known of it, but for what it may be? */
static inline bool zu_val_is_open(zu_val v)
{
	return !v || v == zu_val_resume();
}

static inline zu_val zu_val_sp(int64_t off)
{
	return zu_val_make(ZU_VAL_SP, 0, off);
}

/* A number that does not fit is unknown. */
static inline zu_val zu_val_const(int64_t num)
{
	zu_val v = zu_val_make(ZU_VAL_CONST, 0, num);

	return zu_val_num(v) == num ? v : 0;
}

static inline zu_val zu_val_max(int64_t num, unsigned int bits)
{
	return num >= 0 && num < INT64_C(1) << 40 ?
		zu_val_make(ZU_VAL_MAX, bits, num) : 0;
}

static inline zu_val zu_val_const32(int32_t num)
{
	return zu_val_make(ZU_VAL_CONST, 1, num);
}

static inline bool zu_val_is_const64(zu_val v)
{
	return (v & 0xff) == ZU_VAL_CONST;
}

static inline bool zu_val_is(zu_val v, enum zu_val_kind kind)
{
	return zu_val_kind(v) == kind;
}

/* TABLE or LABEL: an address of the function's own may come of it */
static inline bool zu_val_is_label(zu_val v)
{
	return (v & 6) == 6;
}

/* What may be a label, and may be anything else */
static inline zu_val zu_val_stale(void)
{
	return zu_val_make(ZU_VAL_LABEL, 1, 0);
}

/** ZU_SLOTS - stack slots that a state remembers */
#define ZU_SLOTS 28

/**
 * struct zu_slot - eight bytes of the stack
 * @val: what they hold
 * @off: where they are
 */
struct zu_slot {
	zu_val val;
	int64_t off;
};

/**
 * struct zu_bound - a byte or word in storage that was compared
 * @max: it is from 0 to this
 * @disp: where: displacement
 * @base: and register; 0 if nothing is known
 * @len: bytes
 */
struct zu_bound {
	int64_t max;
	int32_t disp;
	uint8_t base;
	uint8_t len;
};

/** ZU_FLOOR_ELSEWHERE - floor of another stack: nothing of this one is near */
#define ZU_FLOOR_ELSEWHERE (INT32_MIN / 2)

/**
 * struct zu_state - what is known before an instruction
 * @reg: the registers
 * @chain: what the back chain slot at r15 holds, where r15 is not P + number
 *	(another stack, alloca)
 * @bound: a comparison with storage
 * @floor: where r15 is not P + number, what it is at most, or that it is on
 *	another stack
 * @ra_gone: 1 + offset of the store that destroyed the saved return address
 * @save_gone: 1 + offset of the store that destroyed another saved register
 * @ra_saved: the return address counts as saved: r14 went to its slot, and was
 *	not loaded again
 * @fp_saved: the same of r11
 * @resume_kept: what r0 or r1 held at entry may be in storage, on some path
 * @bad: something was found on the way here; nothing more is said
 * @nr_sums: registers that are ZU_VAL_SUM, at least
 * @nr_slots: how many slots
 * @slot: the slots, by offset
 */
struct zu_state {
	zu_val reg[16];
	zu_val chain;
	struct zu_bound bound;
	int32_t floor;
	uint32_t ra_gone;
	uint32_t save_gone;
	bool ra_saved;
	bool fp_saved;
	bool resume_kept;
	bool bad;
	uint8_t nr_sums;
	uint8_t nr_slots;
	struct zu_slot slot[ZU_SLOTS];
};

/**
 * zu_state_entry() - the state at a function's entry
 * @s: the result
 */
void zu_state_entry(struct zu_state *s);

/**
 * zu_state_copy() - copy a state
 * @to: where to
 * @from: which
 */
void zu_state_copy(struct zu_state *to, const struct zu_state *from);

/**
 * zu_state_merge() - keep what holds on both of two paths
 * @to: one state, and the result
 * @from: the other
 *
 * Stack pointers that differ make r15 unknown: the state then holds only what
 * does not depend on it.
 *
 * Return: true if @to has changed.
 */
bool zu_state_merge(struct zu_state *to, const struct zu_state *from);

/**
 * zu_state_has_cfa() - is the caller's frame known?
 * @s: the state
 *
 * Return: true if a register or the back chain slot leads to it.
 */
bool zu_state_has_cfa(const struct zu_state *s);

/**
 * zu_state_floor() - what r15 is at most
 * @s: the state
 *
 * Return: as an offset from P.
 */
int64_t zu_state_floor(const struct zu_state *s);

/**
 * zu_state_call() - what a callee may write to
 * @s: the state
 * @len: bytes above r15
 *
 * Slots there, and below, are forgotten.
 */
void zu_state_call(struct zu_state *s, int64_t len);

/**
 * zu_slot_get() - what is in a slot
 * @s: the state
 * @off: where
 *
 * Return: the value, unknown if nothing is known.
 */
zu_val zu_slot_get(const struct zu_state *s, int64_t off);

/**
 * zu_slot_put() - note what is stored in a slot
 * @s: the state
 * @off: where
 * @val: what; unknown forgets the slot
 *
 * Slots that overlap are forgotten.
 */
void zu_slot_put(struct zu_state *s, int64_t off, zu_val val);

/**
 * zu_slot_forget() - a store of something unknown
 * @s: the state
 * @off: first byte
 * @len: bytes
 */
void zu_slot_forget(struct zu_state *s, int64_t off, int64_t len);

#endif

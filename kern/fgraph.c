/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kern/read.h"
#include "kern/recover.h"

/*
 * 6.11 and newer: SHADOW_STACK_SIZE is a page, and a word holds the
 * distance to its record in FGRAPH_FRAME_OFFSET_BITS. Both are macros, which
 * BTF does not have.
 */
#define SHADOW_WORDS 512
#define OFFSET_MASK 0x3ff

/* Up to 6.10: FTRACE_RETFUNC_DEPTH is 50; generous, since it is a macro too */
#define MAX_DEPTH 4096

static bool knows_layout(const struct zu_kernel *k)
{
	return zu_has(k, ZU_F_task_ret_stack) &&
	       zu_has(k, ZU_F_task_curr_ret_stack) &&
	       zu_has(k, ZU_F_ret_stack_ret) &&
	       zu_has(k, ZU_F_ret_stack_retp) && zu_has(k, ZU_F_ret_stack);
}

static int read_entry(const struct zu_kernel *k, uint64_t entry,
		      uint64_t *retp, uint64_t *ret)
{
	int err = zu_read_field(k, entry, ZU_F_ret_stack_retp, retp);

	return err ? err : zu_read_field(k, entry, ZU_F_ret_stack_ret, ret);
}

/* An array of structures, @top the index of the last, -1 if there is none. */
static int search_array(const struct zu_kernel *k, uint64_t array,
			int64_t top, uint64_t sp, uint64_t *ret)
{
	int64_t i;

	for (i = 0; i <= top && i < MAX_DEPTH; i++) {
		uint64_t retp, addr;
		int err;

		err = read_entry(k, array + (uint64_t)i *
				 k->layout.place[ZU_F_ret_stack].size,
				 &retp, &addr);
		if (err)
			return err;
		if (retp == sp) {
			*ret = addr;
			return 0;
		}
	}
	return 0;
}

/*
 * Words, @used of them: a record, then a word that holds its distance back
 * from there. Records of tail calls have one frame together; only the last
 * has the real return address.
 */
static int search_words(const struct zu_kernel *k, uint64_t words,
			int64_t used, uint64_t *cursor, uint64_t sp,
			uint64_t *ret)
{
	uint64_t handler = k->global[ZU_G_return_to_handler];
	uint64_t i = *cursor ? *cursor : used > 0 ? (uint64_t)used : 0;

	if (i > SHADOW_WORDS)
		return ZU_EFORMAT;
	while (i > 0) {
		uint64_t word, distance, retp, addr;
		int err;

		err = zu_read_uint(k, words + --i * 8, 8, &word);
		if (err)
			return err;
		distance = word & OFFSET_MASK;
		if (!distance || distance > i)
			return 0;
		i -= distance;
		err = read_entry(k, words + i * 8, &retp, &addr);
		if (err)
			return err;
		if (retp == sp && addr != handler) {
			*cursor = i;
			*ret = addr;
			return 0;
		}
	}
	return 0;
}

int zu_fgraph_recover(const struct zu_kernel *k, uint64_t task,
		      uint64_t *cursor, uint64_t sp, uint64_t *ret)
{
	uint64_t stack, curr;
	int err;

	*ret = k->global[ZU_G_return_to_handler];
	if (!knows_layout(k))
		return 0;
	err = zu_read_field(k, task, ZU_F_task_ret_stack, &stack);
	if (!err)
		err = zu_read_field(k, task, ZU_F_task_curr_ret_stack, &curr);
	if (err || !stack)
		return err;
	/* what the pointer points to tells the two layouts apart */
	if (k->layout.place[ZU_F_task_ret_stack].target > 8)
		return search_array(k, stack, (int32_t)curr, sp, ret);
	return search_words(k, stack, (int32_t)curr, cursor, sp, ret);
}

// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Walks of CPUs that somebody stopped, by rows, from all their registers.
 *
 *	gdbwalk MEMORY
 *
 * MEMORY is the file QEMU keeps the guest's memory in. Prints
 * "kernel TEXT SIZE", where the kernel's text starts and how large a stack is,
 * then answers lines of standard input, all numbers hexadecimal:
 *
 *	TASK MASK PC R0 ... R15 STACKS [TYPE BEGIN END]...
 *
 * by the frames, "frame IP SP FROM SYMBOL", and "end WHY".
 *
 * The walk is that of a task an interrupt was taken on at this moment: where
 * entry code would lay the registers, below the stack pointer, they are read,
 * whatever is there in memory. So core/ is asked what it is asked in earnest.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/frame_s390x.h"
#include "kern/read.h"
#include "kern/recover.h"
#include "kern/rows.h"
#include "kern/text.h"
#include "lab/gdbwalk/memory.h"
#include "zunwind/trace.h"

#define STACKS 8
/* No memory is beyond that, so these are no user's or lowcore's. */
#define LAID_MAX 1024

/**
 * struct stop - a stopped CPU
 * @k: the kernel
 * @task: address of the task it runs
 * @rethook: address of the return probes' trampoline
 * @r15: its stack pointer
 * @laid: what an interrupt would lay below @r15: a frame, and registers
 * @laid_at: address of that
 * @laid_len: bytes of it
 * @stacks: the CPU's
 * @nr_stacks: how many
 */
struct stop {
	struct zu_kernel *k;
	uint64_t task;
	uint64_t rethook;
	uint64_t r15;
	uint8_t laid[LAID_MAX];
	uint64_t laid_at;
	size_t laid_len;
	struct zu_stack stacks[STACKS];
	unsigned int nr_stacks;
};

static void put_be64(uint8_t *p, uint64_t v)
{
	int i;

	for (i = 0; i < 8; i++)
		p[i] = (uint8_t)(v >> (56 - 8 * i));
}

static int stop_read(void *ctx, uint64_t addr, void *buf, size_t len)
{
	const struct stop *s = ctx;
	uint64_t at = addr - s->laid_at;

	if (at < s->laid_len && len <= s->laid_len - at) {
		memcpy(buf, s->laid + at, len);
		return 0;
	}
	return zu_memory_read(&s->k->mem, addr, buf, len);
}

static bool stop_is_text(void *ctx, uint64_t addr)
{
	const struct stop *s = ctx;

	return zu_text_find(&s->k->text, addr);
}

static uint64_t stop_recover(void *ctx, struct zu_cursor *cursor, uint64_t ip,
			     uint64_t sp, enum zu_from *from)
{
	const struct stop *s = ctx;

	if (ip && ip == s->k->global[ZU_G_return_to_handler]) {
		*from = ZU_FROM_FGRAPH;
		if (zu_fgraph_recover(s->k, s->task, &cursor->fgraph, sp, &ip))
			return 0;
	}
	if (ip && ip == s->rethook) {
		*from = ZU_FROM_RETHOOK;
		if (zu_rethook_recover(s->k, s->task, true, &cursor->rethook,
				       sp, s->rethook, &ip))
			return 0;
	}
	return ip;
}

static void stop_site(void *ctx, uint64_t ip, bool exact, struct zu_site *ret)
{
	const struct stop *s = ctx;

	zu_site(s->k, ip, exact, ret);
}

static bool next_number(char **line, uint64_t *ret)
{
	char *end;

	*ret = strtoull(*line, &end, 16);
	if (end == *line)
		return false;
	*line = end;
	return true;
}

/* Registers, and the frame whose missing back chain leads to them */
static bool read_registers(struct stop *s, char **line)
{
	size_t size = s->k->layout.place[ZU_F_pt_regs].size;
	uint8_t *regs = s->laid + ZU_FRAME_SIZE;
	uint64_t v, pc;
	int i;

	s->laid_len = ZU_FRAME_SIZE + size;
	if (s->laid_len > LAID_MAX)
		return false;
	memset(s->laid, 0, sizeof(s->laid));
	if (!next_number(line, &s->task) || !next_number(line, &v) ||
	    !next_number(line, &pc))
		return false;
	put_be64(regs + ZU_REGS_PSW_MASK, v);
	put_be64(regs + ZU_REGS_PSW_ADDR, pc);
	put_be64(s->laid + ZU_FRAME_R14, pc);
	for (i = 0; i < 16; i++) {
		if (!next_number(line, &s->r15))
			return false;
		put_be64(regs + ZU_REGS_GPRS + i * 8, s->r15);
	}
	s->laid_at = s->r15 - s->laid_len;
	return true;
}

static bool read_stacks(struct stop *s, char **line)
{
	uint64_t n, type;
	unsigned int i;

	if (!next_number(line, &n) || n > STACKS)
		return false;
	s->nr_stacks = (unsigned int)n;
	for (i = 0; i < n; i++) {
		if (!next_number(line, &type) || type > ZU_STACK_MCCK ||
		    !next_number(line, &s->stacks[i].begin) ||
		    !next_number(line, &s->stacks[i].end))
			return false;
		s->stacks[i].type = (enum zu_stack_type)type;
	}
	return true;
}

static void print_frame(struct zu_kernel *k, const struct zu_frame *f)
{
	struct zu_symbol symbol;
	bool named = zu_frame_symbol(k, f, &symbol);

	printf("frame %" PRIx64 " %" PRIx64 " %s %s\n", f->ip, f->sp,
	       zu_from_word(f->from), named ? symbol.name : "?");
}

static void walk(struct stop *s)
{
	struct zu_unwind_env env = {
		.read = stop_read,
		.is_text = stop_is_text,
		.recover = stop_recover,
		.site = s->k->rows ? stop_site : NULL,
		.return_to_handler = s->k->global[ZU_G_return_to_handler],
		.rethook_trampoline = s->rethook,
		.ret_from_fork = s->k->global[ZU_G_ret_from_fork],
		.regs_size = s->k->layout.place[ZU_F_pt_regs].size,
	};
	struct zu_unwind_task task = {
		.ctx = s,
		.ksp = s->laid_at,
		.stacks = s->stacks,
		.nr_stacks = s->nr_stacks,
	};
	struct zu_unwind u;
	unsigned int i;

	for (i = 0; i < s->nr_stacks; i++)
		if (s->stacks[i].type == ZU_STACK_TASK)
			task.regs = s->stacks[i].end - env.regs_size;
	zu_unwind_start_rows(&u, &env, &task);
	/* the first is the made-up one */
	for (zu_unwind_next(&u); !zu_unwind_done(&u); zu_unwind_next(&u)) {
		print_frame(s->k, &u.frame);
		if (u.frame.regs && u.behind.why)
			printf("behind %s\n", zu_why_word(u.behind.why));
	}
	printf("end %s\n", u.why ? zu_why_word(u.why) : "none");
}

static int serve(struct zu_kernel *k)
{
	static struct stop s;
	char line[4096];

	s.k = k;
	s.rethook = zu_rethook_trampoline(k);
	while (fgets(line, sizeof(line), stdin)) {
		char *p = line;

		if (!read_registers(&s, &p) || !read_stacks(&s, &p)) {
			fprintf(stderr, "gdbwalk: bad line: %s", line);
			return 2;
		}
		walk(&s);
		fflush(stdout);
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct zu_error err = { 0 };
	struct zu_image *image;
	struct zu_kernel *k;
	int ret;

	if (argc != 2) {
		fprintf(stderr, "usage: gdbwalk MEMORY\n");
		return 2;
	}
	if (memory_open(argv[1], &image, &err) ||
	    zu_kernel_open_image(image, NULL, NULL, NULL, &k, &err)) {
		fprintf(stderr, "gdbwalk: %s\n", err.text);
		return 2;
	}
	printf("kernel %" PRIx64 " %x\n", k->global[ZU_G__stext],
	       k->about.stack_size);
	fflush(stdout);
	ret = serve(k);
	zu_kernel_close(k);
	return ret;
}

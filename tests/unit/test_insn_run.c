/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an instruction does is tried out: random ones run on a machine, or
 * what plays one, from random registers. No register may change that is not in
 * zu_insn.writes, none may matter that is neither there nor in zu_insn.reads,
 * and no storage may change but that of an operand which is written.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#ifdef __s390x__

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "insn/insn.h"

#define PAGE 4096
#define AREA (4 * PAGE)
#define POINTER 0x2000	/* where in the area registers point to */

/* Its data have a page of their own: writing where code is takes long. */
extern const char run_begin[], run_insn[], run_data[], run_end[];
__asm__(
	".pushsection .text\n"
	".balign 4096\n"
	"run_begin:\n"
	"	larl	%r1,1f\n"
	"	stmg	%r0,%r15,0(%r1)\n"
	"	std	%f8,128(%r1)\n"
	"	std	%f9,136(%r1)\n"
	"	std	%f10,144(%r1)\n"
	"	std	%f11,152(%r1)\n"
	"	std	%f12,160(%r1)\n"
	"	std	%f13,168(%r1)\n"
	"	std	%f14,176(%r1)\n"
	"	std	%f15,184(%r1)\n"
	"	stfpc	192(%r1)\n"
	"	larl	%r15,2f\n"
	"	lmg	%r0,%r15,0(%r15)\n"
	"run_insn:\n"
	"	nopr\n	nopr\n	nopr\n"
	"	stgrl	%r0,3f\n"
	"	stgrl	%r1,3f+8\n"
	"	stgrl	%r2,3f+16\n"
	"	stgrl	%r3,3f+24\n"
	"	stgrl	%r4,3f+32\n"
	"	stgrl	%r5,3f+40\n"
	"	stgrl	%r6,3f+48\n"
	"	stgrl	%r7,3f+56\n"
	"	stgrl	%r8,3f+64\n"
	"	stgrl	%r9,3f+72\n"
	"	stgrl	%r10,3f+80\n"
	"	stgrl	%r11,3f+88\n"
	"	stgrl	%r12,3f+96\n"
	"	stgrl	%r13,3f+104\n"
	"	stgrl	%r14,3f+112\n"
	"	stgrl	%r15,3f+120\n"
	"	larl	%r1,1f\n"
	"	ld	%f8,128(%r1)\n"
	"	ld	%f9,136(%r1)\n"
	"	ld	%f10,144(%r1)\n"
	"	ld	%f11,152(%r1)\n"
	"	ld	%f12,160(%r1)\n"
	"	ld	%f13,168(%r1)\n"
	"	ld	%f14,176(%r1)\n"
	"	ld	%f15,184(%r1)\n"
	"	lfpc	192(%r1)\n"
	"	lmg	%r0,%r15,0(%r1)\n"
	"	br	%r14\n"
	".balign 4096\n"
	"run_data:\n"
	"2:	.space	128\n"
	"3:	.space	128\n"
	"1:	.space	200\n"
	".balign 4096\n"
	"run_end:\n"
	".popsection\n");

struct data {
	uint64_t before[16];
	uint64_t after[16];
};

static uint8_t *stub, *area;
static struct data *data;
static uint8_t filled[AREA];
static sigjmp_buf faulted;
static unsigned int wrong;
static uint64_t seed = 0x2545f4914f6cdd1d;

static uint64_t rnd(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

static void on_fault(int sig)
{
	siglongjmp(faulted, sig);
}

/* cmocka sets signal handlers before each test, so this is part of it. */
static void setup(void)
{
	static uint8_t other_stack[64 * 1024];
	stack_t stack = { .ss_sp = other_stack, .ss_size = sizeof(other_stack) };
	struct sigaction act = { .sa_handler = on_fault,
				 .sa_flags = SA_ONSTACK };
	size_t i;

	stub = mmap(NULL, (size_t)(run_end - run_begin),
		    PROT_READ | PROT_WRITE | PROT_EXEC,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	area = mmap(NULL, AREA + 2 * PAGE, PROT_NONE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(stub, MAP_FAILED);
	assert_ptr_not_equal(area, MAP_FAILED);
	area += PAGE;
	memcpy(stub, run_begin, (size_t)(run_end - run_begin));
	data = (struct data *)(stub + (run_data - run_begin));
	for (i = 0; i < AREA; i++)
		filled[i] = (uint8_t)rnd();
	assert_int_equal(mprotect(area, AREA, PROT_READ | PROT_WRITE), 0);
	assert_int_equal(sigaltstack(&stack, NULL), 0);
	sigaction(SIGSEGV, &act, NULL);
	sigaction(SIGBUS, &act, NULL);
	sigaction(SIGILL, &act, NULL);
	sigaction(SIGFPE, &act, NULL);
	sigaction(SIGTRAP, &act, NULL);
}

/* Run what is in the stub; false if it ended in a program check. */
static bool run(void)
{
	static const uint32_t no_fpc;

	memcpy(area, filled, AREA);
	if (sigsetjmp(faulted, 1)) {
		__asm__ volatile("lfpc %0" : : "Q" (no_fpc));
		return false;
	}
	((void (*)(void))stub)();
	return true;
}

/* These would take the test's own ground away, or never do the same twice. */
static bool is_left_out(const struct zu_insn *insn)
{
	static const uint16_t out[] = {
		ZU_OP_sam24, ZU_OP_sam31, ZU_OP_sar, ZU_OP_cpya, ZU_OP_lam,
		ZU_OP_lamy, ZU_OP_lae, ZU_OP_laey, ZU_OP_sac, ZU_OP_sacf,
		ZU_OP_tbegin, ZU_OP_tbeginc, ZU_OP_tend, ZU_OP_stck,
		ZU_OP_stckf, ZU_OP_stcke, ZU_OP_ectg,
		ZU_OP_csst, ZU_OP_mvcrl,	/* QEMU 7.2 can fall over these */
		ZU_OP_vgef, ZU_OP_vgeg, ZU_OP_vscef, ZU_OP_vsceg,
	};
	size_t i;

	for (i = 0; i < sizeof(out) / sizeof(out[0]); i++)
		if (insn->op == out[i])
			return true;
	return insn->op == ZU_OP_UNKNOWN || insn->flow != ZU_FLOW_NEXT ||
	       insn->pcrel;
}

/* An example of each instruction: where in it the opcode is does not matter */
static uint8_t example[ZU_OP_COUNT][6];

static void find_examples(void)
{
	uint8_t code[6] = { 0 };
	struct zu_insn insn;
	unsigned int i;

	for (i = 0; i < 0x30000; i++) {
		code[0] = (uint8_t)(i >> 8);
		code[1] = i < 0x10000 ? (uint8_t)i : 0;
		code[5] = i < 0x10000 ? 0 : (uint8_t)i;
		zu_insn_decode(&insn, code, sizeof(code));
		memcpy(example[insn.op], code, sizeof(code));
	}
}

/* The same instruction with other operands, or not quite: it may be another */
static void make_insn(uint8_t code[6])
{
	const uint8_t *like = example[rnd() % ZU_OP_COUNT];
	uint64_t r = rnd();
	unsigned int i;

	for (i = 1; i < 6; i++)
		code[i] = (uint8_t)(r >> 8 * i);
	r = rnd();
	code[0] = like[0];
	if (r & 1)
		code[1] = (code[1] & 0xf0) | (like[1] & 0x0f);
	if (r & 2)
		code[1] = like[1];
	if (r & 4)
		code[2] = 0;
	/* far away is somebody else's memory */
	if (r & 8 || code[0] == 0xe3 || code[0] == 0xeb)
		code[4] = (r & 16) ? 0xff : 0;
	if (r & 32)
		code[3] &= 0xf0;
	if (code[0] >= 0xc0 && r & 64)
		code[5] = like[5];
}

static uint64_t make_value(void)
{
	uint64_t r = rnd();

	switch (r & 7) {
	case 0:
		return rnd();
	case 1:
		return (uint64_t)area + POINTER + (r >> 8 & 0xff0);
	case 2:
		return 0;
	default:
		return r >> 8 & 0x3f;
	}
}

static void make_regs(const struct zu_insn *insn)
{
	unsigned int k;

	for (k = 0; k < 16; k++)
		data->before[k] = make_value();
	for (k = 0; k < insn->nr_mem; k++)
		if (insn->mem[k].base != ZU_NO_REG)
			data->before[insn->mem[k].base] =
				(uint64_t)area + POINTER + (rnd() & 0xff0);
}

/* Each instruction once: all that is wrong in one run */
static void show(const struct zu_insn *insn, const uint8_t *code,
		 const char *what, unsigned int number)
{
	static bool shown[ZU_OP_COUNT];

	wrong++;
	if (shown[insn->op])
		return;
	shown[insn->op] = true;
	print_message("# %s (%02x%02x%02x%02x%02x%02x): %s %u, reads %04x, writes %04x\n",
		      zu_insn_name(insn->op), code[0], code[1], code[2],
		      code[3], code[4], code[5], what, number, insn->reads,
		      insn->writes);
}

static void check_regs(const struct zu_insn *insn, const uint8_t *code)
{
	unsigned int k;

	for (k = 0; k < 16; k++)
		if (data->before[k] != data->after[k] &&
		    !(insn->writes >> k & 1))
			show(insn, code, "changed register", k);
}

/* The storage operand's first byte, as an offset into the area */
static uint64_t start_of(const struct zu_mem *m)
{
	uint64_t addr = (uint64_t)(int64_t)m->disp - (uint64_t)area;

	if (m->base != ZU_NO_REG)
		addr += data->before[m->base];
	if (m->index != ZU_NO_REG)
		addr += data->before[m->index];
	return addr;
}

static bool may_change(const struct zu_insn *insn, uint64_t at)
{
	unsigned int k;

	for (k = 0; k < insn->nr_mem; k++)
		if (insn->mem[k].writes &&
		    (insn->mem[k].len == ZU_LEN_UNKNOWN ||
		     at - start_of(&insn->mem[k]) < insn->mem[k].len))
			return true;
	return false;
}

/* Of those that no operand names, registers 0 and 1 point to more storage. */
static bool has_more_storage(const struct zu_insn *insn)
{
	return insn->op == ZU_OP_plo || insn->op == ZU_OP_csst ||
	       insn->op == ZU_OP_ptff || insn->op == ZU_OP_pcc ||
	       insn->op == ZU_OP_pckmo ||
	       (insn->reads & 2 && insn->nr_mem == 2 &&
		insn->mem[0].len == ZU_LEN_UNKNOWN) ||
	       insn->op == ZU_OP_kimd || insn->op == ZU_OP_kmac;
}

static void check_storage(const struct zu_insn *insn, const uint8_t *code)
{
	unsigned int i;

	if (!memcmp(area, filled, AREA) || has_more_storage(insn))
		return;
	for (i = 0; i < AREA; i++)
		if (area[i] != filled[i] && !may_change(insn, i))
			show(insn, code, "changed storage at", i);
}

/* Once more, from other values in all registers that should not matter */
static void check_again(const struct zu_insn *insn, const uint8_t *code)
{
	static uint8_t result[AREA];
	uint16_t matter = insn->reads | insn->writes;
	struct data first = *data;
	unsigned int k;

	memcpy(result, area, AREA);
	for (k = 0; k < 16; k++)
		if (!(matter >> k & 1))
			data->before[k] = make_value();
	if (!run()) {
		show(insn, code, "failed the second time with", matter);
		return;
	}
	check_regs(insn, code);
	for (k = 0; k < 16; k++)
		if (matter >> k & 1 && data->after[k] != first.after[k])
			show(insn, code, "depends on more: register", k);
	if (memcmp(result, area, AREA))
		show(insn, code, "depends on more: storage", 0);
}

static bool try(struct zu_insn *insn, uint8_t code[6])
{
	static const uint8_t nops[6] = { 7, 0, 7, 0, 7, 0 };
	uint8_t *at = stub + (run_insn - run_begin);

	make_insn(code);
	zu_insn_decode(insn, code, 6);
	if (is_left_out(insn))
		return false;
	memcpy(at, nops, sizeof(nops));
	memcpy(at, code, insn->len);
	make_regs(insn);
	return run();
}

static void random_instructions(void **state)
{
	static unsigned int count[ZU_OP_COUNT];
	unsigned int i, ran = 0, kinds = 0;
	const char *want = getenv("ZU_RUNS");
	unsigned int runs = want ? (unsigned int)strtoul(want, NULL, 0) : 40000;
	struct zu_insn insn;
	uint8_t code[6];

	(void)state;
	setup();
	find_examples();
	for (i = 0; i < runs; i++) {
		if (!try(&insn, code))
			continue;
		ran++;
		kinds += !count[insn.op]++;
		check_regs(&insn, code);
		check_storage(&insn, code);
		check_again(&insn, code);
	}
	print_message("# %u runs of %u instructions\n", ran, kinds);
	if (getenv("ZU_VERBOSE"))
		for (i = 0; i < ZU_OP_COUNT; i++)
			if (count[i])
				print_message("# %s %u\n", zu_insn_name(i),
					      count[i]);
	assert_int_equal(wrong, 0);
	assert_true(kinds > 300);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_instructions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#else

static void random_instructions(void **state)
{
	(void)state;
	skip();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_instructions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

#endif

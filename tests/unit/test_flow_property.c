/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random functions, right ones and wrong ones, looked at and then executed:
 * what flow/ says of each instruction must be so in the machine. From a fixed
 * seed; ZU_FLOW_ROUNDS and ZU_FLOW_SEED change how many and which.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "flow/flow.h"
#include "insn/insn.h"
#include "tests/make/flowgen_wrong.h"
#include "tests/make/machine.h"

#define ROUNDS 20000
#define RUNS 6		/* of each function */
#define STEPS 160
#define STACK 0x37fe0008000ull

static struct gen gen;
static struct machine machine;
static struct zu_flow flow = ZU_FLOW_INIT;
static struct zu_flow_env env;
static uint64_t round_nr;
static bool soup;
static bool trace;	/* say where the machine is */

/* What a function was entered with */
static struct {
	uint64_t sp;
	uint64_t r[16];
} entry;

static int read_code(void *ctx, uint64_t addr, void *buf, size_t len)
{
	const uint8_t *from = machine_const(&machine, addr);

	(void)ctx;
	if (addr == GEN_TRAMPOLINE && len == 2) {
		memcpy(buf, "\xc0\x15", 2);
		return 0;
	}
	if (!from || !machine_const(&machine, addr + len - 1))
		return -1;
	memcpy(buf, from, len);
	return 0;
}

static unsigned int dest(void *ctx, uint64_t addr, bool want_noreturn)
{
	(void)ctx;
	if (addr % 256 == 0 && addr >= GEN_FUNCS && addr < GEN_NORETURN)
		return ZU_DEST_ENTRY;
	if (addr % 256 == 0 && addr >= GEN_NORETURN && addr < GEN_THUNKS)
		return ZU_DEST_ENTRY | (want_noreturn ? ZU_DEST_NORETURN : 0);
	if (addr % 16 == 0 && addr >= GEN_THUNKS && addr < GEN_THUNKS + 256)
		return ZU_DEST_ENTRY | ZU_DEST_THUNK |
		       (unsigned int)(addr - GEN_THUNKS) / 16;
	return addr == GEN_ADDR ? ZU_DEST_ENTRY : 0;
}

/* As a bug table would: what the machine does */
static int trap(void *ctx, uint64_t addr)
{
	(void)ctx;
	return gen.code.bytes[addr - GEN_ADDR + 2] ||
	       gen.code.bytes[addr - GEN_ADDR + 3] != GEN_BUG;
}

static const struct zu_row *row_at(uint64_t pc)
{
	size_t low = 0, high = flow.nr_rows, mid;

	while (high - low > 1) {
		mid = (low + high) / 2;
		if (flow.rows[mid].offset <= pc - GEN_ADDR)
			low = mid;
		else
			high = mid;
	}
	return &flow.rows[low].row;
}

/* What a row makes of the machine's registers and memory; NULL: it is right */
static const char *check_row(const struct zu_row *row)
{
	uint64_t cfa = entry.sp + 160, at;
	uint64_t ra = entry.r[14], fp = entry.r[11];

	if (row->kind == ZU_ROW_UNDEFINED)
		return NULL;
	if (row->kind != ZU_ROW_FRAME)
		return "a row that is no frame";
	if (row->cfa_rule == ZU_CFA_REG)
		at = machine.r[row->cfa_reg] + (uint64_t)(int64_t)row->cfa_off;
	else
		at = machine_load(&machine, machine.r[15] +
				  (uint64_t)(int64_t)row->cfa_off, 8) + 160;
	if (at != cfa)
		return "the row's CFA is wrong";
	if (row->ra_place == ZU_PLACE_CFA)
		ra = machine_load(&machine, cfa + (uint64_t)(int64_t)row->ra_off,
				  8);
	else if (row->ra_place != ZU_PLACE_LOST)
		ra = machine.r[row->ra_place == ZU_PLACE_REG ? row->ra_reg :
							       14];
	if (ra != entry.r[14])
		return "the row's return address is wrong";
	if (row->fp_place == ZU_PLACE_CFA)
		fp = machine_load(&machine, cfa + (uint64_t)(int64_t)row->fp_off,
				  8);
	else if (row->fp_place != ZU_PLACE_LOST)
		fp = machine.r[row->fp_place == ZU_PLACE_REG ? row->fp_reg :
							       11];
	return fp != entry.r[11] ? "the row's r11 is wrong" : NULL;
}

static const char *check_regs(void)
{
	unsigned int r;

	if (machine.r[15] != entry.sp)
		return "left with another stack pointer";
	for (r = 6; r <= 13; r++)
		if (machine.r[r] != entry.r[r])
			return "left without a saved register";
	return NULL;
}

/* The machine gives r0 and r1 addresses that nothing else leads to. */
static bool goes_on(void)
{
	return machine.dest == entry.r[0] || machine.dest == entry.r[1];
}

static const char *check_call(void)
{
	uint64_t sp = machine.r[15];

	if (goes_on())
		return "called where a traced function goes on";
	if (sp == entry.sp)
		return "called without a frame";
	if (machine_load(&machine, entry.sp + (env.back_chain ? 136 : 144),
			 8) != entry.r[14] && env.back_chain)
		return "called without the return address in its slot";
	if (env.back_chain && machine_load(&machine, sp + 152, 8) != entry.sp)
		return "called without a back chain";
	return NULL;
}

/* A callee: leaves what the ABI says. */
static void callee(void)
{
	unsigned int r;

	for (r = 0; r <= 5; r++)
		machine.r[r] = machine_pick(machine_any(&machine));
	machine.r[14] = machine_pick(machine_any(&machine));
	machine_trash(&machine, machine.r[15], env.back_chain ? 152 : 160);
}

static const char *call(uint64_t at)
{
	const char *wrong = flow.nr_findings ? NULL : check_call();

	if (wrong)
		return wrong;
	callee();
	/* what a walk sees that comes to this frame from the callee */
	wrong = check_row(row_at(at));
	return wrong ? "the row of a call does not hold in the callee" : NULL;
}

/* Out of the function; the way out is part of a proof. */
static const char *leave(void)
{
	unsigned int known = dest(NULL, machine.dest, true);

	if (known & ZU_DEST_THUNK) {
		machine.dest = machine.r[known & ZU_DEST_THUNK_REG];
		if (machine.dest - GEN_ADDR < gen.code.len) {
			machine.pc = machine.dest;
			return machine.pc % 2 ? "done" : NULL;
		}
	}
	if (flow.nr_findings)
		return "done";
	if (goes_on())
		return "left to where a traced function goes on";
	if (machine.dest != entry.r[14] && machine.r[14] != entry.r[14])
		return "left without the return address";
	return check_regs() ? check_regs() : "done";
}

static const char *event(enum machine_event e, uint64_t at)
{
	bool first = at == GEN_ADDR && (machine.dest == GEN_TRAMPOLINE ||
					gen.code.bytes[1] == 0x05);

	switch (e) {
	case MACHINE_GOES:
		return NULL;
	case MACHINE_TRAPS:
		return machine.dest == GEN_BUG ? "done" : NULL;
	case MACHINE_CALLS:
	case MACHINE_LEAVES:
		if (first) {
			machine.r[0] = machine_any(&machine);
			machine.r[1] = machine_any(&machine);
			return NULL;
		}
		if (e == MACHINE_LEAVES)
			return leave();
		if (machine.dest >= GEN_NORETURN && machine.dest < GEN_THUNKS) {
			const char *wrong = call(at);

			return wrong ? wrong : "done";
		}
		return call(at);
	default:
		return "done";
	}
}

/* Behind a finding nothing is said, wherever control goes from there. */
static bool is_found(uint64_t at)
{
	size_t i;

	for (i = 0; i < flow.nr_findings; i++)
		if (flow.findings[i].offset == at - GEN_ADDR)
			return true;
	return false;
}

/* An interrupt uses what lies below the stack pointer. */
static void interrupt(void)
{
	if (machine_any(&machine) % 4 == 0)
		machine_trash(&machine, machine.r[15] - 256, 256);
}

/* The caller's stack, and the chain of this frame */
static bool is_kept(uint64_t addr)
{
	return addr - (entry.sp + 16) < 16384 ||
	       addr - (machine.r[15] + 145) < 15;
}

/*
 * What needs not be followed: a store over code or constants, out of an array,
 * or by a pointer that only chance made point there.
 */
static bool writes_by_accident(const struct zu_insn *insn)
{
	uint64_t addr;
	unsigned int i;

	for (i = 0; i < insn->nr_mem; i++) {
		const struct zu_mem *m = &insn->mem[i];

		if (!m->writes || m->base == ZU_NO_REG)
			continue;
		addr = machine.r[m->base] + (uint64_t)(int64_t)m->disp;
		if (machine_const(&machine, addr) ||
		    machine_const(&machine, addr + 127))
			return true;
		if (m->index != ZU_NO_REG)
			addr += machine.r[m->index];
		if (is_kept(addr) && (m->index != ZU_NO_REG ||
				      (m->base != 15 && (soup || m->base != 11))))
			return true;
	}
	return false;
}

static bool decode(uint64_t at, struct zu_insn *insn)
{
	uint64_t off = at - GEN_ADDR;

	return off < gen.code.len &&
	       zu_insn_decode(insn, gen.code.bytes + off, gen.code.len - off);
}

static bool jumps_by_register(uint64_t at)
{
	struct zu_insn insn;

	return decode(at, &insn) && (insn.flow == ZU_FLOW_JUMP_REG ||
				     insn.flow == ZU_FLOW_COND_REG);
}

static bool is_accident(uint64_t at)
{
	struct zu_insn insn, other;
	unsigned int i;

	if (!decode(at, &insn))
		return false;
	if (insn.flow != ZU_FLOW_EXECUTE || !insn.r1 || !insn.pcrel ||
	    !decode(at + (uint64_t)insn.target, &other))
		return writes_by_accident(&insn);
	/* an array too long for where it is */
	for (i = 0; i < other.nr_mem; i++)
		if (other.mem[i].writes && other.mem[i].base != ZU_NO_REG &&
		    is_kept(machine.r[other.mem[i].base] +
			    (uint64_t)(int64_t)other.mem[i].disp + 15))
			return true;
	return false;
}

/* From entry to the end or for so many steps; what is wrong, or "done" */
static const char *run(uint64_t seed, bool complete)
{
	const char *wrong = NULL;
	const struct zu_row *row;
	unsigned int r, steps;
	uint64_t at;

	machine_reset(&machine, seed);
	for (r = 0; r < 16; r++)
		machine.r[r] = machine_pick(machine_any(&machine));
	entry.sp = machine.r[15] = STACK + 8 * (machine_any(&machine) % 512);
	for (r = 0; r < 2; r++)
		machine.r[r] = 0x3800000 + 0x10000 * r +
			       2 * (machine_any(&machine) % 4096);
	machine.r[14] = 0x3000000 + 2 * (machine_any(&machine) % 4096);
	memcpy(entry.r, machine.r, sizeof(entry.r));
	machine.guard[0].begin = entry.sp + 152;
	machine.guard[0].end = entry.sp + 160;
	/* between the two are arguments */
	machine.guard[1].begin = entry.sp + 160 + 256;
	machine.guard[1].end = entry.sp + 16384;
	machine.pc = GEN_ADDR;
	for (steps = 0; steps < STEPS && !wrong; steps++) {
		at = machine.pc;
		if (trace)
			fprintf(stderr, "at 0x%" PRIx64 ", r15 0x%" PRIx64 "\n",
				at - GEN_ADDR, machine.r[15]);
		interrupt();
		row = row_at(at);
		wrong = check_row(row);
		if (!wrong && row->kind == ZU_ROW_UNDEFINED && complete)
			wrong = "no row";
		if (wrong || is_found(at) || is_accident(at))
			break;
		wrong = event(machine_step(&machine), at);
		/* of a table whose address is there on some path only */
		if (!wrong && !complete && jumps_by_register(at) &&
		    row_at(machine.pc)->kind == ZU_ROW_UNDEFINED)
			break;
		if (machine.guard_hit && !flow.nr_findings && env.back_chain)
			wrong = "wrote to the caller's part of the stack";
	}
	return wrong ? wrong : "done";
}

static void look(void)
{
	struct zu_flow_func func = {
		.code = gen.code.bytes,
		.len = gen.code.len,
		.addr = GEN_ADDR,
	};
	struct zu_error err = { 0 };

	machine.addr = GEN_ADDR;
	machine.code = gen.code.bytes;
	machine.len = gen.code.len;
	machine.data_addr = GEN_DATA;
	machine.data = gen.data;
	machine.data_len = GEN_DATA_LEN;
	env.back_chain = gen.chain;
	if (zu_flow_run(&flow, &env, &func, &err))
		fail_msg("%s", err.text);
}

static void say(const char *wrong)
{
	const struct zu_row *row;
	uint32_t i;

	fprintf(stderr, "round %" PRIu64 ": %s at 0x%" PRIx64
		", chain %d, P 0x%" PRIx64 ", r11 0x%" PRIx64 ", r14 0x%" PRIx64
		"\n", round_nr, wrong, machine.pc - GEN_ADDR, gen.chain,
		entry.sp, entry.r[11], entry.r[14]);
	for (i = 0; i < flow.nr_findings; i++)
		fprintf(stderr, "finding at 0x%x: %s\n",
			flow.findings[i].offset,
			zu_finding_text(flow.findings[i].kind));
	row = row_at(machine.pc);
	fprintf(stderr, "row: kind %d, cfa %d r%d%+d, ra %d r%d %+d, fp %d r%d %+d\n",
		row->kind, row->cfa_rule, row->cfa_reg, row->cfa_off,
		row->ra_place, row->ra_reg, row->ra_off,
		row->fp_place, row->fp_reg, row->fp_off);
	for (i = 0; i < gen.code.len; i++)
		fprintf(stderr, "%02x", gen.code.bytes[i]);
	fprintf(stderr, "\ndata ");
	for (i = 0; i < 128; i++)
		fprintf(stderr, "%02x", gen.data[i]);
	fprintf(stderr, "\n");
}

static uint64_t number(const char *name, uint64_t usual)
{
	const char *text = getenv(name);

	return text ? strtoull(text, NULL, 0) : usual;
}

static unsigned int wrongs;

static void wrong_is(const char *what, uint64_t seed)
{
	say(what);
	if (number("ZU_FLOW_TRACE", 0)) {
		trace = true;
		run(seed, false);
		trace = false;
	}
	wrongs++;
	if (!getenv("ZU_FLOW_KEEP"))
		fail_msg("round %" PRIu64 ": %s", round_nr, what);
}

static void check(bool complete)
{
	const char *what = "done";
	unsigned int i;

	look();
	if (complete && flow.verdict != ZU_FLOW_PROVEN) {
		wrong_is("not proven", 0);
		return;
	}
	/* the index of an open table is taken to be right, which this is not */
	if (!complete && flow.stats.open_tables)
		return;
	for (i = 0; i < RUNS && !strcmp(what, "done"); i++)
		what = run(round_nr * RUNS + i, complete);
	if (strcmp(what, "done"))
		wrong_is(what, round_nr * RUNS + i - 1);
}

static void rounds(void (*make)(uint64_t), bool complete)
{
	uint64_t n = number("ZU_FLOW_ROUNDS", ROUNDS);
	uint64_t first = number("ZU_FLOW_SEED", 0);
	unsigned int proven = 0;

	for (round_nr = first; round_nr < first + n; round_nr++) {
		make(machine_mix(round_nr));
		if (gen.code.n >= CODE_MAX - 4)
			continue;
		gen_end(&gen);
		check(complete);
		proven += !flow.nr_findings;
	}
	if (number("ZU_FLOW_KEEP", 0))
		fprintf(stderr, "%u of %" PRIu64 " proven, %u wrong\n", proven,
			n, wrongs);
	assert_int_equal(wrongs, 0);
}

static void make_right(uint64_t seed)
{
	gen_make(&gen, seed);
}

static void make_wrong(uint64_t seed)
{
	unsigned int n;

	gen_make(&gen, seed);
	for (n = 1 + gen_below(&gen, 3); n && gen.code.n < CODE_MAX - 4; n--)
		gen_wrong(&gen);
}

static void make_soup(uint64_t seed)
{
	gen_soup(&gen, seed);
}

/* Proven, and a row for each instruction */
static void test_right(void **state)
{
	(void)state;
	rounds(make_right, true);
}

/* What is said is so, and what is proven holds. */
static void test_wrong(void **state)
{
	(void)state;
	rounds(make_wrong, false);
}

static void test_soup(void **state)
{
	(void)state;
	soup = true;
	rounds(make_soup, false);
	soup = false;
}

static int teardown(void **state)
{
	(void)state;
	zu_flow_deinit(&flow);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_right),
		cmocka_unit_test(test_wrong),
		cmocka_unit_test(test_soup),
	};

	env.read = read_code;
	env.dest = dest;
	env.trap = trap;
	return cmocka_run_group_tests_name("flow-property", tests, NULL,
					   teardown);
}

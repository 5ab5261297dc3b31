/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of flow/ share. */
#ifndef ZU_FLOW_PRIVATE_H
#define ZU_FLOW_PRIVATE_H

#include "flow/flow.h"
#include "flow/hint.h"
#include "flow/state.h"
#include "insn/insn.h"

/* Bits of struct zu_flow_scratch.mark, one byte for each halfword */
enum {
	ZU_MARK_INSN = 1,	/* scan() has decoded an instruction here */
	ZU_MARK_LEADER = 2,	/* a branch leads here: it has a node */
	ZU_MARK_QUEUED = 4,	/* waits in the work list */
	ZU_MARK_NOTED = 8,	/* has a finding */
	ZU_MARK_BOUNDARY = 16,	/* an instruction, read from the start on */
	ZU_MARK_THUNK = 32,	/* calls an expoline thunk */
	ZU_MARK_LEAVES = 64,	/* has a tail call */
};

/**
 * struct zu_node - where paths meet
 * @state: what holds on all of them so far
 * @off: offset of the instruction
 * @from: the last branch on the first path that led here; ZU_NO_BRANCH if
 *	there is none
 * @to: where that branch led
 * @before: the node that it was reached from
 * @clash: paths with different stacks meet here
 * @clean: a path without a finding leads here (after ZU_PHASE_SPREAD)
 * @through: all paths that lead here went through by zu_flow_jumps_through()
 */
struct zu_node {
	struct zu_state state;
	uint32_t off;
	uint32_t from;
	uint32_t to;
	uint32_t before;
	bool clash;
	bool clean;
	bool through;
};

#define ZU_NO_BRANCH UINT32_MAX

/**
 * struct zu_jumps - a jump table
 * @addr: where it is
 * @max: largest offset of an entry from @addr; INT64_MAX if nothing is known
 * @exact: @max comes from a comparison: all entries up to it are used
 * @len: bytes before the next table that the function names
 * @load: the instruction that reads it
 * @width: bytes of an entry, 4 or 8
 * @used: a jump goes by it
 */
struct zu_jumps {
	uint64_t addr;
	int64_t max;
	int64_t len;
	uint32_t load;
	uint8_t width;
	bool exact;
	bool used;
};

/**
 * struct zu_flow_scratch - memory that is used again for each function
 * @cap_half: room of the arrays that have an element for each halfword
 * @swept: ZU_MARK_BOUNDARY has been set
 * @computes: there is a jump to what registers add up to
 * @mark: bits of ZU_MARK_*
 * @insn_of: number of the decoded instruction
 * @node_of: number of the node
 * @row_of: 1 + number of the row; 0: not reached
 * @insn: decoded instructions
 * @nodes: nodes
 * @row: different rows of the function
 * @jumps: jump tables
 * @todo: offsets that scan() has yet to look at, a stack
 * @work: offsets of nodes that wait, a heap with the lowest first
 */
struct zu_flow_scratch {
	size_t cap_half;
	bool swept;
	bool computes;
	uint8_t *mark;
	uint32_t *insn_of;
	uint32_t *node_of;
	uint16_t *row_of;

	struct zu_insn *insn;
	size_t nr_insn, cap_insn;
	struct zu_node *nodes;
	size_t nr_nodes, cap_nodes;
	struct zu_row *row;
	size_t nr_row, cap_row;
	struct zu_jumps *jumps;
	size_t nr_jumps, cap_jumps;
	uint32_t *todo;
	size_t nr_todo, cap_todo;
	uint32_t *work;
	size_t nr_work, cap_work;

	size_t cap_rows;	/* of zu_flow.rows */
	size_t cap_findings;	/* of zu_flow.findings */
	size_t cap_calls;	/* of zu_flow.calls */
	size_t cap_leaves;	/* of zu_flow.leaves */
};

/**
 * struct zu_compare - a comparison whose condition code is still set
 * @reg: the register compared, or ZU_NO_REG
 * @mem: the storage compared, base 0 if none
 * @limit: with what
 * @low: only the low half of the register
 */
struct zu_compare {
	int64_t limit;
	struct zu_bound mem;
	uint8_t reg;
	bool low;
	bool valid;
};

/**
 * enum zu_phase - a look at a function is taken in up to three walks
 * @ZU_PHASE_LEARN: until the states of all nodes are final. What is found here
 *	may rest on a state that is not; it only counts.
 * @ZU_PHASE_SPREAD: with final states: find out which nodes lie behind a
 *	finding, and which a path leads to that has none. Only on such paths
 *	something more is said.
 * @ZU_PHASE_REPORT: write the findings down
 */
enum zu_phase {
	ZU_PHASE_LEARN,
	ZU_PHASE_SPREAD,
	ZU_PHASE_REPORT,
};

/**
 * struct zu_run - one look at one function
 * @f: result
 * @w: scratch memory
 * @env: the host
 * @func: the function
 * @hint: what is known of it by hand, or NULL
 * @entry: entry code, by its hint: there is no caller
 * @strict: callees are asked whether they return
 * @came_back: some path returns by itself, not only by a tail call
 * @s: state before the current instruction
 * @off: of the current instruction
 * @insn: the current instruction
 * @node: number of the node that the current block began at
 * @cmp: last comparison
 * @dirty: the row may have changed
 * @last_row: number of the last row
 * @again: a jump into a block that was already passed: start over
 * @switches: r15 comes from elsewhere
 * @lowers: what it makes of r15 is not above what it was
 * @down: and below that by so much at least
 * @end: control does not go on to the next instruction
 * @through: in zu_flow_jumps_through()
 * @phase: enum zu_phase
 * @doubts: things found while learning
 * @hard_doubts: of these, the ones that cannot vanish
 * @doubt: the first of them
 * @doubt_off: and where
 * @vanished: that is all that was found, and not with final states
 * @astray: there is a way that nobody knows the end of
 * @budget: steps left
 * @tired: none left
 * @nomem: out of memory
 */
struct zu_run {
	struct zu_flow *f;
	struct zu_flow_scratch *w;
	const struct zu_flow_env *env;
	const struct zu_flow_func *func;
	const struct zu_hint *hint;
	bool entry;
	bool strict;
	bool came_back;

	struct zu_state s;
	uint32_t off;
	struct zu_insn insn;
	uint32_t node;
	struct zu_compare cmp;
	uint32_t last_row;
	bool dirty;
	bool again;
	bool switches;
	bool lowers;
	int64_t down;
	bool end;
	bool through;
	uint8_t phase;
	uint32_t doubts;
	uint32_t hard_doubts;
	enum zu_finding_kind doubt;
	uint32_t doubt_off;
	bool vanished;
	bool astray;
	uint64_t budget;
	bool tired;
	bool nomem;
};

/* Where the ABI puts what the caller's frame keeps, from P */
#define ZU_SLOT_RA(env) ((env)->back_chain ? 136 : 144)
#define ZU_SLOT_FP(env) ((env)->back_chain ? 112 : 120)
#define ZU_SLOT_CHAIN 152

/* scan.c: find instructions and leaders from @off on; false: out of memory */
bool zu_flow_scan(struct zu_run *r, uint32_t off);

/* find.c: note a finding at the current instruction, or at @off */
void zu_flow_find(struct zu_run *r, enum zu_finding_kind kind);
void zu_flow_find_at(struct zu_run *r, enum zu_finding_kind kind, uint32_t off);

/* row.c: the row of the current state */
void zu_flow_row_now(const struct zu_run *r, struct zu_row *row);

/* data.c: what the current instruction does to registers and storage */
void zu_flow_data(struct zu_run *r, const struct zu_insn *insn,
		  const uint8_t *code);
void zu_flow_set(struct zu_run *r, unsigned int reg, zu_val val);

/* resume.c: does it keep, or make something of, what r0 or r1 held at entry? */
bool zu_flow_resume(struct zu_run *r, const struct zu_insn *insn);
/* resume.c: may that be in this storage? */
bool zu_flow_resume_in(const struct zu_run *r, const struct zu_mem *m);

/* arith.c: the value that an instruction gives to its register r1 */
bool zu_flow_arith(struct zu_run *r, const struct zu_insn *insn,
		   const uint8_t *code, zu_val *ret);

/* bound.c: what comparisons tell; a copy's value is its original's bound */
zu_val zu_flow_bounded(const struct zu_state *s, zu_val v);
void zu_flow_compare(struct zu_run *r, const struct zu_insn *insn);
bool zu_flow_can_bound(const struct zu_run *r, const struct zu_insn *insn);
void zu_flow_bound(struct zu_run *r, const struct zu_insn *insn, bool taken,
		   struct zu_state *s);

/* leave.c: calls, and ways out of the function */
void zu_flow_call(struct zu_run *r, const struct zu_insn *insn);
void zu_flow_return(struct zu_run *r, unsigned int reg);
void zu_flow_leave(struct zu_run *r, uint64_t addr);

/* jumps.c: computed jumps */
zu_val zu_flow_jumps_load(struct zu_run *r, const struct zu_insn *insn);
bool zu_flow_jumps_follow(struct zu_run *r, zu_val target);
/* b D(X,B): the target is a sum of registers; false if it can't be followed */
bool zu_flow_jumps_sum(struct zu_run *r, const struct zu_insn *insn);
/*
 * Several switch statements can share the instructions that read an entry and
 * jump there. So each path that leads to them goes through by itself, before
 * what holds on all of them is put together; false if this is no such place.
 */
bool zu_flow_jumps_through(struct zu_run *r, uint32_t off,
			   const struct zu_state *s);
bool zu_flow_jumps_is_own(struct zu_run *r, zu_val target);
zu_val zu_flow_jumps_add(struct zu_run *r, zu_val a, zu_val b);

/* control.c: the current instruction; sets @end */
void zu_flow_step(struct zu_run *r);

/* walk.c: count the work done; false if there was too much of it */
bool zu_flow_spend(struct zu_run *r, unsigned int steps);

/* walk.c: the current state goes to @off too */
void zu_flow_goto(struct zu_run *r, uint32_t off, const struct zu_state *s);

/* store.c: P-relative place of a storage operand; false: not on the stack */
bool zu_flow_place(const struct zu_run *r, const struct zu_mem *m,
		   int64_t *ret);

/* store.c: a store of @val, or of something unknown */
void zu_flow_store(struct zu_run *r, const struct zu_insn *insn,
		   const struct zu_mem *m, zu_val val);

static inline bool zu_flow_overlap(int64_t a, int64_t alen, int64_t b,
				   int64_t blen)
{
	return a < b + blen && b < a + alen;
}

/* Is r15 P + number? */
static inline bool zu_flow_knows_sp(const struct zu_run *r)
{
	return zu_val_is(r->s.reg[15], ZU_VAL_SP);
}

#endif

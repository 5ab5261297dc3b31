/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One function: its frame at every instruction, proven on every path, or what
 * stands against it.
 *
 * Invariants
 * - A row is right or it is ZU_ROW_UNDEFINED. No row comes from a guess.
 * - Any bytes end the analysis, in time linear in their number but for a small
 *   factor.
 * - Nothing is kept between two functions but memory: the result depends on
 *   the function's bytes and on what struct zu_flow_env answers.
 *
 * Life cycle
 *
 *	struct zu_flow f = ZU_FLOW_INIT;
 *	struct zu_flow_func func = { .addr = ..., .code = ..., .len = ... };
 *
 *	if (zu_flow_run(&f, &env, &func, &err))
 *		...
 *	... f.rows[0 to f.nr_rows - 1], f.findings, f.verdict ...
 *	zu_flow_deinit(&f);
 */
#ifndef ZU_FLOW_FLOW_H
#define ZU_FLOW_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/row.h"
#include "zunwind/error.h"

/**
 * enum zu_finding_kind - what can stand against a function
 *
 * The rows of flow/finding.def: identifier, stable word, sentence.
 */
enum zu_finding_kind {
#define ZU_FINDING(id, word, text) ZU_FINDING_##id,
#include "flow/finding.def"
#undef ZU_FINDING
	ZU_FINDING_COUNT,
};

/**
 * zu_finding_word() - the stable word for a kind of finding
 * @kind: the kind
 *
 * Return: such as "no-back-chain", for programs to compare. Static memory.
 */
const char *zu_finding_word(enum zu_finding_kind kind);

/**
 * zu_finding_text() - a kind of finding in words, for an engineer
 * @kind: the kind
 *
 * Return: such as "call without a back chain". Static memory.
 */
const char *zu_finding_text(enum zu_finding_kind kind);

/** ZU_FINDING_PATH - how many branches of a path are kept */
#define ZU_FINDING_PATH 12

/**
 * struct zu_finding - one finding
 * @kind: what
 * @offset: of the instruction, from the function's start
 * @nr_path: entries of @path
 * @path_cut: there were more; @path has the last ones
 * @path: the branches taken on a path that leads there, in order, as offsets
 *	of the branch and its target
 */
struct zu_finding {
	enum zu_finding_kind kind;
	uint32_t offset;
	uint8_t nr_path;
	bool path_cut;
	struct {
		uint32_t from;
		uint32_t to;
	} path[ZU_FINDING_PATH];
};

/**
 * enum zu_dest - what is at an address outside of the function; bits
 * @ZU_DEST_ENTRY: a function starts there
 * @ZU_DEST_NORETURN: a call of it does not come back
 * @ZU_DEST_THUNK: it only jumps to what a register holds (expoline); the
 *	register's number is in the bits of ZU_DEST_THUNK_REG
 */
enum zu_dest {
	ZU_DEST_ENTRY = 0x10,
	ZU_DEST_NORETURN = 0x20,
	ZU_DEST_THUNK = 0x40,
	ZU_DEST_THUNK_REG = 0x0f,
};

/**
 * struct zu_flow_env - what the analysis asks of its host
 * @ctx: given to the functions
 * @read: copies @len bytes of code or constants at @addr; 0, or negative if
 *	they are not there
 * @dest: what is at @addr, bits of enum zu_dest. May be NULL: nothing known.
 *	Without @want_noreturn it tells of a callee that does not return only if
 *	that is known at once; with it, an analysis of the callee may be needed.
 * @trap: does the monitor call at @addr come back: 0 no (BUG), 1 yes (WARN),
 *	negative if that is not known: it is taken to. May be NULL: never known.
 * @back_chain: the code is built with a back chain; without, its absence is
 *	no finding
 */
struct zu_flow_env {
	void *ctx;
	int (*read)(void *ctx, uint64_t addr, void *buf, size_t len);
	unsigned int (*dest)(void *ctx, uint64_t addr, bool want_noreturn);
	int (*trap)(void *ctx, uint64_t addr);
	bool back_chain;
};

/**
 * struct zu_flow_func - a function to look at
 * @name: its name, for hints; may be NULL
 * @code: its bytes
 * @len: how many, padding behind it included
 * @addr: where they are
 * @recorded: the kernel tells of it when it calls what r0 or r1 held at entry
 *	(trampolines of BPF): such a call is no finding
 */
struct zu_flow_func {
	const char *name;
	const uint8_t *code;
	uint32_t len;
	uint64_t addr;
	bool recorded;
};

/**
 * enum zu_flow_verdict - the result in one word
 * @ZU_FLOW_PROVEN: all rules hold on all paths
 * @ZU_FLOW_HINTED: they hold with a hint: special code, described by hand in
 *	flow/hints.def
 * @ZU_FLOW_UNPROVEN: there are findings
 */
enum zu_flow_verdict {
	ZU_FLOW_PROVEN,
	ZU_FLOW_HINTED,
	ZU_FLOW_UNPROVEN,
};

/**
 * struct zu_flow_row - where a row begins to hold
 * @offset: from the function's start
 * @row: it holds up to the next one, or the function's end
 */
struct zu_flow_row {
	uint32_t offset;
	struct zu_row row;
};

/**
 * struct zu_flow_call - a call of another function
 * @offset: of the instruction
 * @last: of its last halfword: it ends 2 bytes behind
 * @thunk: of an expoline thunk, so of what a register holds
 */
struct zu_flow_call {
	uint32_t offset;
	uint32_t last;
	bool thunk;
};

/**
 * struct zu_flow_leave - a tail call
 * @offset: of the instruction that jumps
 * @direct: it is a brcl, and names the address itself
 * @addr: the function that is jumped to; 0 if a register held it
 */
struct zu_flow_leave {
	uint32_t offset;
	bool direct;
	uint64_t addr;
};

/**
 * struct zu_flow_stats - what was looked at
 * @insns: instructions that a path reaches
 * @rows_known: of these, those with a row
 * @calls: calls
 * @jump_tables: jump tables followed
 * @open_tables: of these, those that no comparison bounds
 * @executed: instructions executed by another (ex, exrl)
 * @traps: monitor calls: BUG and WARN
 */
struct zu_flow_stats {
	uint32_t insns;
	uint32_t rows_known;
	uint32_t calls;
	uint32_t jump_tables;
	uint32_t open_tables;
	uint32_t executed;
	uint32_t traps;
};

struct zu_flow_scratch;

/**
 * struct zu_flow - the result for one function
 * @verdict: in one word
 * @hint: with ZU_FLOW_HINTED the reason that flow/hints.def gives; static
 * @returns: some path leads back to a caller, or perhaps, with findings or
 *	where a hint says that it cannot be followed
 * @rows: rows by offset, the first one at offset 0; neighbours differ
 * @nr_rows: how many
 * @thunk: it only jumps to what a register holds: zu_flow_thunk()
 * @calls: calls that a path leads to, by offset: instructions that leave a
 *	return address in r14
 * @nr_calls: how many
 * @leaves: tail calls, by offset, then address; perhaps some too many, of paths
 *	that nobody takes, but none is missing if the function is proven
 * @nr_leaves: how many
 * @findings: by offset
 * @nr_findings: how many
 * @stats: counts
 *
 * The arrays belong to the result and hold until the next zu_flow_run().
 */
struct zu_flow {
	enum zu_flow_verdict verdict;
	const char *hint;
	bool returns;
	struct zu_flow_row *rows;
	size_t nr_rows;
	bool thunk;
	struct zu_flow_call *calls;
	size_t nr_calls;
	struct zu_flow_leave *leaves;
	size_t nr_leaves;
	struct zu_finding *findings;
	size_t nr_findings;
	struct zu_flow_stats stats;

	struct zu_flow_scratch *scratch;
};

/**
 * zu_flow_trusted() - may somebody walk by the rows?
 * @f: a result
 *
 * Of a function with findings some rows are right, but the frames around it may
 * not be what they seem: nobody goes by them, in tables or without.
 *
 * Return: true if it is proven or hinted.
 */
static inline bool zu_flow_trusted(const struct zu_flow *f)
{
	return f->verdict != ZU_FLOW_UNPROVEN;
}

/** ZU_FLOW_INIT - before the first function */
#define ZU_FLOW_INIT { .scratch = NULL }

/** ZU_FLOW_MAX_LEN - the longest function that is looked at */
#define ZU_FLOW_MAX_LEN (4u << 20)

/**
 * zu_flow_run() - look at a function
 * @f: ZU_FLOW_INIT, or a former result, which is replaced
 * @env: the host
 * @func: the function
 * @err: the causes
 *
 * Return: 0, whatever was found; ZU_EINVAL if the function is empty, too long
 * or at an odd address; ZU_ENOMEM.
 */
int zu_flow_run(struct zu_flow *f, const struct zu_flow_env *env,
		const struct zu_flow_func *func, struct zu_error *err);

/**
 * zu_flow_deinit() - release a result
 * @f: the result; ZU_FLOW_INIT afterwards
 */
void zu_flow_deinit(struct zu_flow *f);

#endif

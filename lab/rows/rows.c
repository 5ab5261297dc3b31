// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rows against DWARF: at every instruction that .debug_frame describes, is
 * zunwind's row what the compiler says?
 *
 *	rows [-a] [-t TABLE] CODE [DEBUG]
 *
 * CODE is a vmlinux or a module; its rows come from the analysis itself and,
 * with -t, from a table as well, which must say the same. DEBUG is the file
 * with CODE's .debug_frame, if that is another one. -a prints all places
 * that are not equal, rather than the first ones of those to look at.
 *
 * Exit status: 0 if all rows are equal or equivalent, 1 if not, 2 if they can't
 * be compared.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/frame_s390x.h"
#include "kern/table_file.h"
#include "lab/rows/cfi.h"
#include "lab/rows/ours.h"
#include "lab/rows/tracks.h"

#define SHOWN 40	/* differences of one class, without -a */

enum class {
	EQUAL,
	SAME_VALUE,
	EXECUTED,
	NO_SYMBOL,
	UNREACHED,
	NOT_PROVEN,
	OTHER_STACK,
	OTHER_CFA,
	OTHER_RA,
	OTHER_FP,
	OTHER_TABLE,
	EXPRESSION,
	NO_CFI,
	NO_ROW,
	NR_CLASSES,
};

static const struct {
	enum { GOOD, EXPLAINED, BAD } is;
	const char *text;
} classes[] = {
	[EQUAL] = { GOOD, "equal" },
	[SAME_VALUE] = { GOOD, "equivalent: the same values in two places" },
	[EXECUTED] = { EXPLAINED, "no row: only executed by ex or exrl, from elsewhere" },
	[NO_SYMBOL] = { EXPLAINED, "no row: no symbol: a weak function that "
		"another one replaces" },
	[UNREACHED] = { EXPLAINED, "no row: no path leads there" },
	[NOT_PROVEN] = { EXPLAINED, "no row: the function is not proven" },
	[OTHER_STACK] = { EXPLAINED, "different: the compiler is wrong: r15 "
		"points to another stack (call_on_stack)" },
	[OTHER_CFA] = { BAD, "different: CFA" },
	[OTHER_RA] = { BAD, "different: return address" },
	[OTHER_FP] = { BAD, "different: r11" },
	[OTHER_TABLE] = { BAD, "different: the table is not what the analysis "
		"says" },
	[EXPRESSION] = { BAD, "different: CFI is an expression" },
	[NO_CFI] = { BAD, "different: FDE without rules" },
	[NO_ROW] = { BAD, "no row" },
};

struct compare {
	struct cfi *cfi;
	struct ours ours;
	bool all;
	uint64_t functions;
	uint64_t outside;
	uint64_t in_table;
	uint64_t count[NR_CLASSES];
	uint64_t shown[NR_CLASSES];

	/* the function that is being looked at */
	const struct cfi_function *f;
	uint64_t addr;
	struct tracks tracks;

	/* what was equal before, in storage, and what has been written since */
	struct {
		uint64_t end;
		struct zu_row row;
		uint16_t writes;
		bool equal;
		bool moved;	/* r15 to another stack, and gcc did not notice */
	} before;

	/* a run of instructions with the same difference */
	struct {
		enum class class;
		uint64_t from, to;
		uint64_t insns;
		struct zu_row row, rule;
	} run;
};

static int usage(void)
{
	fprintf(stderr, "usage: rows [-a] [-t TABLE] CODE [DEBUG]\n");
	return 2;
}

static void print_place(const char *name, uint8_t where, uint8_t reg,
			int32_t off)
{
	printf(", %s ", name);
	switch (where) {
	case ZU_PLACE_SAME:
		printf("same");
		break;
	case ZU_PLACE_CFA:
		printf("c%+" PRId32, off);
		break;
	case ZU_PLACE_REG:
		printf("r%u", reg);
		break;
	default:
		printf("lost");
	}
}

static void print_row(const char *whose, const struct zu_row *r)
{
	printf("#     %s: ", whose);
	if (r->kind != ZU_ROW_FRAME) {
		static const char *const kinds[] = {
			[ZU_ROW_UNDEFINED] = "none",
			[ZU_ROW_REGS] = "registers at r15",
			[ZU_ROW_END] = "end",
		};

		printf("%s%+" PRId32 "\n", kinds[r->kind & 3], r->cfa_off);
		return;
	}
	if (r->cfa_rule == ZU_CFA_LOAD)
		printf("cfa *(r15%+" PRId32 ")+160", r->cfa_off);
	else
		printf("cfa r%u%+" PRId32, r->cfa_reg, r->cfa_off);
	print_place("ra", r->ra_place, r->ra_reg, r->ra_off);
	print_place("r11", r->fp_place, r->fp_reg, r->fp_off);
	printf("\n");
}

static void print_where(struct compare *c, uint64_t addr)
{
	const struct zu_code_func *f = zu_code_func_at(c->ours.code, addr);

	if (f)
		printf("%s+0x%" PRIx64, c->ours.code->names + f->name,
		       addr - f->addr);
	else
		printf("0x%" PRIx64, addr);
}

static void print_run(struct compare *c)
{
	const struct ours_function *fn;

	if (!c->run.insns || c->run.class == EQUAL ||
	    (!c->all && (c->run.class < UNREACHED ||
			 c->shown[c->run.class]++ >= SHOWN)))
		return;
	printf("# %s: ", classes[c->run.class].text);
	print_where(c, c->run.from);
	printf(", 0x%" PRIx64 " bytes, %" PRIu64 " instructions\n",
	       c->run.to - c->run.from, c->run.insns);
	print_row("row ", &c->run.row);
	print_row("gcc ", &c->run.rule);
	fn = ours_function(&c->ours, c->run.from);
	if (fn && fn->verdict == ZU_FLOW_HINTED)
		printf("#     hinted: %s\n", fn->hint);
	else if (fn && fn->verdict == ZU_FLOW_UNPROVEN)
		printf("#     unproven: %s\n", zu_finding_text(fn->finding));
}

static void add(struct compare *c, enum class class, uint64_t addr,
		uint64_t len, const struct zu_row *row,
		const struct zu_row *rule)
{
	c->count[class]++;
	if (class == c->run.class && addr == c->run.to &&
	    !memcmp(row, &c->run.row, sizeof(*row)) &&
	    !memcmp(rule, &c->run.rule, sizeof(*rule))) {
		c->run.to += len;
		c->run.insns++;
		return;
	}
	print_run(c);
	c->run.class = class;
	c->run.from = addr;
	c->run.to = addr + len;
	c->run.insns = 1;
	c->run.row = *row;
	c->run.rule = *rule;
}

/* Tracks are made for functions with differences only: one in ten. */
static const struct track *track_at(struct compare *c, uint64_t addr)
{
	const uint8_t *code;

	if (!c->tracks.at) {
		code = c->ours.code->ops->bytes(c->ours.code, c->addr,
						c->f->len);
		if (!code)
			return NULL;
		tracks_make(&c->tracks, code, c->f->len);
	}
	return tracks_find(&c->tracks, (uint32_t)(addr - c->addr));
}

/* Is this the CFA? P is the r15 that the function was entered with. */
static bool is_cfa(const struct track *t, const struct zu_row *r)
{
	return r->cfa_rule == ZU_CFA_REG && t->frame >> r->cfa_reg & 1 &&
	       t->d[r->cfa_reg] + r->cfa_off == ZU_FRAME_SIZE;
}

static bool same_place(uint8_t reg, const struct track *t, uint8_t where,
		       uint8_t other, bool equal)
{
	if (equal)
		return true;
	return t->entry >> reg & 1 &&
	       ((where == ZU_PLACE_CFA && other == ZU_PLACE_SAME) ||
		(where == ZU_PLACE_SAME && other == ZU_PLACE_CFA));
}

static bool equal_cfa(const struct zu_row *a, const struct zu_row *b)
{
	return a->kind == b->kind && a->cfa_rule == b->cfa_rule &&
	       a->cfa_reg == b->cfa_reg && a->cfa_off == b->cfa_off;
}

static bool equal_ra(const struct zu_row *a, const struct zu_row *b)
{
	return a->ra_place == b->ra_place && a->ra_reg == b->ra_reg &&
	       a->ra_off == b->ra_off;
}

static bool equal_fp(const struct zu_row *a, const struct zu_row *b)
{
	return a->fp_place == b->fp_place && a->fp_reg == b->fp_reg &&
	       a->fp_off == b->fp_off;
}

/*
 * gcc's rule may begin to hold an instruction late: with the store in between,
 * a register that was not written is in both places. For where tracks don't
 * lead.
 */
static bool was_same(const struct compare *c, uint64_t addr, uint8_t reg,
		     bool equal)
{
	const struct zu_row *row = &c->before.row;

	return equal || (c->before.equal && c->before.end == addr &&
			 !(c->before.writes >> reg & 1) &&
			 (reg == 14 ? row->ra_place : row->fp_place) ==
				 ZU_PLACE_SAME);
}

/* Has r15 just got another value, of which gcc's rule knows nothing? */
static bool has_moved(const struct compare *c, uint64_t addr,
		      const struct zu_row *row, const struct zu_row *rule)
{
	return c->before.end == addr && rule->cfa_reg == 15 &&
	       (row->cfa_rule == ZU_CFA_LOAD || row->cfa_reg != 15) &&
	       equal_cfa(rule, &c->before.row) &&
	       (c->before.moved ||
		(c->before.equal && c->before.writes >> 15 & 1));
}

static enum class explain(const struct compare *c, const struct track *t,
			  uint64_t addr, const struct zu_row *row,
			  const struct zu_row *rule)
{
	bool cfa = equal_cfa(row, rule), ra = equal_ra(row, rule);
	bool fp = equal_fp(row, rule);

	if (t && t->reached && row->kind == ZU_ROW_FRAME) {
		if ((cfa || (is_cfa(t, row) && is_cfa(t, rule))) &&
		    same_place(14, t, row->ra_place, rule->ra_place, ra) &&
		    same_place(11, t, row->fp_place, rule->fp_place, fp))
			return SAME_VALUE;
		if (ra && fp && is_cfa(t, row) && rule->cfa_reg == 15 &&
		    !(t->frame >> 15 & 1))
			return OTHER_STACK;
	}
	if (cfa && was_same(c, addr, 14, ra) && was_same(c, addr, 11, fp))
		return SAME_VALUE;
	if (ra && fp && has_moved(c, addr, row, rule))
		return OTHER_STACK;
	return !cfa ? OTHER_CFA : !ra ? OTHER_RA : OTHER_FP;
}

static enum class explain_none(struct compare *c, const struct track *t,
			       uint64_t addr)
{
	const struct ours_function *fn = ours_function(&c->ours, addr);

	if (t && t->is_executed)
		return EXECUTED;
	if (!fn || (fn->addr < c->addr || fn->addr >= c->addr + c->f->len))
		return NO_SYMBOL;
	if (fn->verdict == ZU_FLOW_UNPROVEN)
		return NOT_PROVEN;
	return fn->complete ? UNREACHED : NO_ROW;
}

static enum class compare_rows(struct compare *c, uint64_t addr,
			       const struct zu_row *row,
			       const struct zu_row *rule)
{
	if (!memcmp(row, rule, sizeof(*row)) && row->kind == ZU_ROW_FRAME)
		return EQUAL;
	if (row->kind == ZU_ROW_UNDEFINED)
		return explain_none(c, track_at(c, addr), addr);
	if (rule->kind == ZU_ROW_UNDEFINED)
		return EXPRESSION;
	return explain(c, track_at(c, addr), addr, row, rule);
}

static void note_before(struct compare *c, uint64_t addr, uint64_t len,
			const struct zu_row *rule, enum class class)
{
	const uint8_t *code = c->ours.code->ops->bytes(c->ours.code, addr, len);
	bool goes_on = class == SAME_VALUE && c->before.equal &&
		       c->before.end == addr;
	struct zu_insn insn;

	c->before.moved = class == OTHER_STACK;
	c->before.equal = class == EQUAL || goes_on;
	if ((!c->before.moved && !c->before.equal) || !code ||
	    !zu_insn_decode(&insn, code, len) ||
	    (insn.flow != ZU_FLOW_NEXT && insn.link != 14)) {
		c->before.end = 0;
		return;
	}
	c->before.end = addr + len;
	if (goes_on) {
		c->before.writes |= insn.writes;
		return;
	}
	c->before.row = *rule;
	c->before.writes = insn.writes;
}

static void compare_insn(struct compare *c, uint64_t addr, uint64_t len,
			 const struct zu_row *rule)
{
	const struct zu_row *row = ours_row(&c->ours, addr);
	enum class class;
	struct zu_row told;

	if (ours_table_row(&c->ours, addr, &told)) {
		c->in_table++;
		if (memcmp(&told, row, sizeof(told))) {
			add(c, OTHER_TABLE, addr, len, &told, row);
			return;
		}
	}
	class = compare_rows(c, addr, row, rule);
	add(c, class, addr, len, row, rule);
	note_before(c, addr, len, rule, class);
}

static void compare_function(struct compare *c, const struct cfi_function *f,
			     uint64_t addr)
{
	struct zu_code *code = c->ours.code;
	const struct zu_row none = { .kind = ZU_ROW_UNDEFINED };
	struct zu_row rule = none;
	uint64_t off = 0, until = 0, len;

	while (off < f->len) {
		const uint8_t *byte = code->ops->bytes(code, addr + off, 1);

		if (!byte) {
			c->outside++;
			return;
		}
		len = zu_insn_len(*byte);
		if (f->addr + off >= until &&
		    !cfi_rules(c->cfi, f->addr + off, &rule, &until)) {
			add(c, NO_CFI, addr + off, len, &none, &none);
			return;
		}
		compare_insn(c, addr + off, len, &rule);
		off += len;
	}
	c->functions++;
}

/* Where the code is in the object that zunwind laid out */
static bool find_code(struct compare *c, const struct cfi_function *f,
		      uint64_t *ret)
{
	uint64_t addr, len;

	if (f->linked) {
		*ret = f->link_addr;
		return true;
	}
	if (!zu_code_section(c->ours.code, f->section, &addr, &len) ||
	    f->offset >= len)
		return false;
	*ret = addr + f->offset;
	return true;
}

static int report(const struct compare *c)
{
	uint64_t sum[BAD + 1] = { 0 }, all = 0;
	int i;

	for (i = 0; i < NR_CLASSES; i++) {
		sum[classes[i].is] += c->count[i];
		all += c->count[i];
		if (c->count[i])
			printf("#   %9" PRIu64 "  %s\n", c->count[i],
			       classes[i].text);
	}
	printf("%" PRIu64 " functions, %" PRIu64 " instructions (%" PRIu64
	       " in the table): %" PRIu64 " equal, %" PRIu64
	       " equivalent, %" PRIu64 " explained, %" PRIu64
	       " different or without a row; %" PRIu64
	       " functions not found; %.4f %%\n",
	       c->functions, all, c->in_table, c->count[EQUAL],
	       c->count[SAME_VALUE], sum[EXPLAINED], sum[BAD], c->outside,
	       all ? 100.0 * (double)sum[GOOD] / (double)(all - sum[EXPLAINED]) : 0);
	return all && !sum[BAD] && !c->outside ? 0 : 1;
}

static int compare_all(struct compare *c)
{
	struct cfi_function f;
	uint64_t addr;

	while (cfi_next(c->cfi, &f)) {
		if (!find_code(c, &f, &addr)) {
			c->outside++;
			continue;
		}
		c->f = &f;
		c->addr = addr;
		compare_function(c, &f, addr);
		tracks_free(&c->tracks);
		c->tracks.at = NULL;
	}
	print_run(c);
	return report(c);
}

static int cannot(const struct zu_error *err)
{
	fprintf(stderr, "rows: %s\n", err->text);
	return 2;
}

/* The table's object that is this code: the one with its build ID. */
static bool find_object(struct ours *o, const struct zu_table *t)
{
	uint32_t i;

	for (i = 0; i < t->nr_objects && !o->has_table; i++) {
		zu_table_object(t, i, &o->table);
		o->has_table = o->table.build_id_len == o->code->build_id_len &&
			       !memcmp(o->table.build_id, o->code->build_id,
				       o->code->build_id_len);
	}
	return o->has_table;
}

static int run(struct compare *c, struct zu_code_set *set,
	       const struct zu_table_file *table, const char *debug)
{
	struct zu_error err;
	const char *why;
	int ret;

	if (ours_make(&c->ours, &set->code[0], &err))
		return cannot(&err);
	if (table && !find_object(&c->ours, &table->table)) {
		fprintf(stderr, "rows: the table is not about this code\n");
		return 2;
	}
	c->cfi = cfi_open(debug, &why);
	if (!c->cfi) {
		fprintf(stderr, "rows: %s: %s\n", debug, why);
		return 2;
	}
	ret = compare_all(c);
	cfi_close(c->cfi);
	return ret;
}

int main(int argc, char **argv)
{
	struct zu_table_file file = { .bytes = NULL };
	struct zu_code_set set = { .nr = 0 };
	struct compare c = { .all = false };
	const char *table = NULL;
	struct zu_error err;
	int opt, ret;

	while ((opt = getopt(argc, argv, "at:")) != -1) {
		if (opt == 'a')
			c.all = true;
		else if (opt == 't')
			table = optarg;
		else
			return usage();
	}
	if (argc - optind < 1 || argc - optind > 2)
		return usage();
	if ((table && zu_table_open(table, &file, &err)) ||
	    zu_code_open(argv[optind], &set, &err))
		return cannot(&err);
	ret = run(&c, &set, table ? &file : NULL, argv[argc - 1]);
	ours_free(&c.ours);
	zu_code_close(&set);
	zu_table_close(&file);
	return ret;
}

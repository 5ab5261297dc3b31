// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rows against DWARF: at every instruction that .debug_frame describes, is
 * zunwind's row what the compiler says?
 *
 *	rows [-a] [-t TABLE] CODE [DEBUG]
 *
 * CODE is a vmlinux or a module; its rows come from the analysis itself and,
 * with -t, from a table as well, which must say the same. DEBUG is the file
 * with CODE's .debug_frame, if that is another one. -a prints all differences
 * rather than the first ones of each class.
 *
 * Exit status: 0 if all rows are equal or equivalent, 1 if not, 2 if they can't
 * be compared.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kern/table_file.h"
#include "lab/rows/cfi.h"
#include "lab/rows/ours.h"

#define SHOWN 40	/* differences of one class, without -a */

enum class {
	EQUAL,
	RA_STILL_SAVED,
	FP_STILL_SAVED,
	OTHER_CFA,
	OTHER_RA,
	OTHER_FP,
	OTHER_TABLE,
	EXPRESSION,
	NO_CFI,
	NO_ROW,
	NR_CLASSES,
};

static const char *const class_text[] = {
	[EQUAL] = "equal",
	[RA_STILL_SAVED] = "equivalent: return address in r14 and in its slot",
	[FP_STILL_SAVED] = "equivalent: r11 in the register and in its slot",
	[OTHER_CFA] = "different: CFA",
	[OTHER_RA] = "different: return address",
	[OTHER_FP] = "different: r11",
	[OTHER_TABLE] = "different: the table says another thing than the analysis",
	[EXPRESSION] = "different: CFI is an expression",
	[NO_CFI] = "different: FDE without rules",
	[NO_ROW] = "no row",
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
	    (c->shown[c->run.class]++ >= SHOWN && !c->all))
		return;
	printf("# %s: ", class_text[c->run.class]);
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

static enum class compare_rows(const struct zu_row *row,
			       const struct zu_row *rule)
{
	if (rule->kind == ZU_ROW_UNDEFINED)
		return EXPRESSION;
	if (row->kind == ZU_ROW_UNDEFINED)
		return NO_ROW;
	if (row->kind != rule->kind || row->cfa_rule != rule->cfa_rule ||
	    row->cfa_reg != rule->cfa_reg || row->cfa_off != rule->cfa_off)
		return OTHER_CFA;
	if (row->ra_place != rule->ra_place || row->ra_reg != rule->ra_reg ||
	    row->ra_off != rule->ra_off)
		return OTHER_RA;
	if (row->fp_place != rule->fp_place || row->fp_reg != rule->fp_reg ||
	    row->fp_off != rule->fp_off)
		return OTHER_FP;
	return EQUAL;
}

static void compare_insn(struct compare *c, uint64_t addr, uint64_t len,
			 const struct zu_row *rule)
{
	const struct zu_row *row = ours_row(&c->ours, addr);
	struct zu_row told;

	if (ours_table_row(&c->ours, addr, &told)) {
		c->in_table++;
		if (memcmp(&told, row, sizeof(told))) {
			add(c, OTHER_TABLE, addr, len, &told, row);
			return;
		}
	}
	add(c, compare_rows(row, rule), addr, len, row, rule);
}

/* The length is in the first two bits of an instruction. */
static unsigned int insn_len(uint8_t byte)
{
	return byte < 0x40 ? 2 : byte < 0xc0 ? 4 : 6;
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
		len = insn_len(*byte);
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
	uint64_t sum = 0, bad = 0;
	int i;

	for (i = 0; i < NR_CLASSES; i++)
		sum += c->count[i];
	for (i = OTHER_CFA; i < NR_CLASSES; i++)
		bad += c->count[i];
	for (i = 0; i < NR_CLASSES; i++)
		if (c->count[i])
			printf("#   %9" PRIu64 "  %s\n", c->count[i],
			       class_text[i]);
	printf("%" PRIu64 " functions, %" PRIu64 " instructions (%" PRIu64
	       " in the table), %" PRIu64 " equal, %" PRIu64
	       " equivalent, %" PRIu64 " different, %" PRIu64
	       " without a row, %" PRIu64 " functions not found: %.4f %%\n",
	       c->functions, sum, c->in_table, c->count[EQUAL],
	       c->count[RA_STILL_SAVED] + c->count[FP_STILL_SAVED],
	       bad - c->count[NO_ROW], c->count[NO_ROW], c->outside,
	       sum ? 100.0 * (double)(sum - bad) / (double)sum : 0);
	return sum && !bad && !c->outside ? 0 : 1;
}

static int compare_all(struct compare *c)
{
	struct cfi_function f;
	uint64_t addr;

	while (cfi_next(c->cfi, &f)) {
		if (find_code(c, &f, &addr))
			compare_function(c, &f, addr);
		else
			c->outside++;
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

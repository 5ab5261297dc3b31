/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the decoder says of instructions, for tools/check-insn: reads one in
 * hexadecimal a line, writes a line of numbers for each.
 */
#include <stdio.h>
#include <string.h>

#include "insn/insn.h"

static size_t parse(const char *line, uint8_t code[8])
{
	size_t n = 0;
	unsigned int byte;

	while (n < 8 && sscanf(line + 2 * n, "%2x", &byte) == 1)
		code[n++] = (uint8_t)byte;
	return n;
}

static void print(const struct zu_insn *insn, unsigned int ret)
{
	const struct zu_mem *m;
	unsigned int k;

	printf("%s %u %u %u %u %u %u %u %u %d %lld %lld %u %u",
	       zu_insn_name(insn->op), ret, insn->len, insn->flow, insn->r1,
	       insn->r2, insn->r3, insn->link, insn->mask, insn->pcrel,
	       (long long)insn->imm, (long long)insn->target, insn->reads,
	       insn->writes);
	for (k = 0; k < insn->nr_mem; k++) {
		m = &insn->mem[k];
		printf(" %d:%u:%u:%u:%d%d", m->disp, m->base, m->index, m->len,
		       m->reads, m->writes);
	}
	putchar('\n');
}

int main(void)
{
	struct zu_insn insn;
	uint8_t code[8];
	char line[32];
	size_t len;

	while (fgets(line, sizeof(line), stdin)) {
		len = parse(line, code);
		print(&insn, zu_insn_decode(&insn, code, len));
	}
	return 0;
}

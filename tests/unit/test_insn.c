/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Registers that instructions write and test_insn_run.c cannot try out: they
 * are privileged, or what plays a machine does not have them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "insn/insn.h"

#define R(reg) (1u << (reg))

static void writes_both_of_a_pair(void **state)
{
	static const struct {
		uint8_t code[6];
		uint16_t writes;
	} rows[] = {
		{ { 0xb3, 0xea, 0x00, 0x60 }, R(6) | R(7) },	/* cuxtr 6,0 */
		{ { 0xb3, 0xeb, 0x00, 0x60 }, R(6) | R(7) },	/* csxtr 6,0,0 */
		/* pcistg 2,8 and so on: the status comes in r8 or r9 */
		{ { 0xb9, 0xd0, 0x00, 0x28 }, R(2) | R(8) | R(9) },
		{ { 0xb9, 0xd2, 0x00, 0x28 }, R(2) | R(8) | R(9) },
		{ { 0xb9, 0xd3, 0x00, 0x28 }, R(2) | R(8) | R(9) },
		{ { 0xb9, 0xd4, 0x00, 0x28 }, R(2) | R(8) | R(9) },
		{ { 0xb9, 0xd6, 0x00, 0x28 }, R(2) | R(8) | R(9) },
		/* csst 0(1),0(2),6: of 16 bytes with function code 2 */
		{ { 0xc8, 0x62, 0x10, 0x00, 0x20, 0x00 }, R(6) | R(7) },
		/* diag 6,2,0x304 and so on */
		{ { 0x83, 0x62, 0x03, 0x04 }, R(6) | R(7) | R(2) },
		{ { 0x83, 0x62, 0x03, 0x10 }, R(6) | R(7) | R(2) },
		{ { 0x83, 0x62, 0x03, 0x24 }, R(6) | R(7) | R(2) },
	};
	struct zu_insn insn;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		zu_insn_decode(&insn, rows[i].code, sizeof(rows[i].code));
		if (insn.op == ZU_OP_UNKNOWN || insn.writes != rows[i].writes)
			fail_msg("%s writes 0x%x", zu_insn_name(insn.op),
				 insn.writes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_both_of_a_pair),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Making SFrame sections (check/sframe_format.h has the bytes, doc/sframe.md
 * the words), in an ELF file that binutils' tools read.
 *
 *	struct zu_sframe_maker m = ZU_SFRAME_MAKER_INIT;
 *
 *	zu_sframe_maker_rows(&m, addr, len, rows, nr, &err);
 *		... all functions, in any order ...
 *	zu_sframe_maker_finish(&m, id, id_len, &bytes, &len, &err);
 *	zu_sframe_maker_deinit(&m);
 *
 * After finish, or a failure, only deinit is left to call.
 *
 * Invariant: of an instruction the section says what its row says, or nothing.
 */
#ifndef ZU_CHECK_SFRAME_MAKE_H
#define ZU_CHECK_SFRAME_MAKE_H

#include "flow/flow.h"
#include "util/buf.h"

/**
 * enum zu_sframe_unfit - what SFrame can't say
 * @ZU_SFRAME_REGS: that a struct pt_regs is at r15 + offset
 * @ZU_SFRAME_STACK: that the caller's stack pointer is in memory: SFrame can
 *	load a CFA, but not what is 160 less
 * @ZU_SFRAME_RA: that the return address is lost; that there is none is
 *	something else
 * @ZU_SFRAME_FP: that r11 is lost
 * @ZU_SFRAME_OFFSET: a CFA that is no multiple of 8 away
 * @ZU_SFRAME_UNFIT: how many there are
 */
enum zu_sframe_unfit {
	ZU_SFRAME_REGS,
	ZU_SFRAME_STACK,
	ZU_SFRAME_RA,
	ZU_SFRAME_FP,
	ZU_SFRAME_OFFSET,
	ZU_SFRAME_UNFIT,
};

struct zu_sframe_maker_fde;

/**
 * struct zu_sframe_maker - a section in the making
 * @unfit: rows that it does not have, since SFrame can't say them
 * @nr_rows: rows that it has
 * @nr_fdes: entries of its index: one for each piece of a function without
 *	rows missing between
 *
 * The rest is private.
 */
struct zu_sframe_maker {
	uint64_t unfit[ZU_SFRAME_UNFIT];
	uint64_t nr_rows;
	size_t nr_fdes;

	struct zu_sframe_maker_fde *fdes;
	size_t cap_fdes;
	struct zu_buf data;
};

/** ZU_SFRAME_MAKER_INIT - before the first function */
#define ZU_SFRAME_MAKER_INIT { .nr_rows = 0 }

/**
 * zu_sframe_maker_rows() - add a function
 * @m: the maker
 * @addr: where it is
 * @len: its length
 * @rows: its rows, as in struct zu_flow
 * @nr: how many; 0: nothing is said of it
 * @err: the causes
 *
 * Return: 0; ZU_EINVAL if a row is not where it may be; ZU_ENOMEM.
 */
int zu_sframe_maker_rows(struct zu_sframe_maker *m, uint64_t addr,
			 uint32_t len, const struct zu_flow_row *rows,
			 size_t nr, struct zu_error *err);

/**
 * zu_sframe_maker_finish() - the file
 * @m: the maker
 * @id: build ID of what it is about
 * @id_len: its length; 0: there is none
 * @bytes: the file; to be given to free()
 * @len: its length
 * @err: the causes
 *
 * Return: 0; ZU_EINVAL if functions overlap; ZU_ENOTSUP if the section would
 * be too large, or has no place in memory behind the functions; ZU_ENOMEM.
 */
int zu_sframe_maker_finish(struct zu_sframe_maker *m, const uint8_t *id,
			   size_t id_len, void **bytes, size_t *len,
			   struct zu_error *err);

/**
 * zu_sframe_maker_deinit() - release the memory
 * @m: the maker; ZU_SFRAME_MAKER_INIT afterwards
 */
void zu_sframe_maker_deinit(struct zu_sframe_maker *m);

#endif

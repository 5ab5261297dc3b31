/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Relocations of s390x (ELF ABI supplement, "Relocation Types"). */
#ifndef ZU_CHECK_RELOC_H
#define ZU_CHECK_RELOC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "zunwind/error.h"

/**
 * struct zu_reloc - a relocation with all that it refers to
 * @type: R_390_*
 * @place: address of the field
 * @symbol: address of the symbol
 * @addend: what is added
 * @got: address of the GOT
 * @slot: offset of the symbol's slot in the GOT; for types that need one
 */
struct zu_reloc {
	uint32_t type;
	uint64_t place;
	uint64_t symbol;
	int64_t addend;
	uint64_t got;
	uint64_t slot;
};

/**
 * zu_reloc_is_known() - is it one that an object file may have?
 * @type: R_390_*
 *
 * Return: whether zu_reloc_apply() knows it: all but those for thread-local
 * storage and for the dynamic linker.
 */
bool zu_reloc_is_known(uint32_t type);

/**
 * zu_reloc_needs_slot() - does it need a slot in the GOT?
 * @type: R_390_*
 *
 * Return: whether it does.
 */
bool zu_reloc_needs_slot(uint32_t type);

/**
 * zu_reloc_apply() - write a relocated field
 * @r: the relocation
 * @field: what is at @place
 * @room: bytes from there on
 * @err: the causes
 *
 * There is no PLT: all symbols are near.
 *
 * Return: 0; ZU_ENOTSUP if the type is unknown; ZU_EFORMAT if @room is too
 * small for the field, or the field for the value.
 */
int zu_reloc_apply(const struct zu_reloc *r, uint8_t *field, size_t room,
		   struct zu_error *err);

#endif

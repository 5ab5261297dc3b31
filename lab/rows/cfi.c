// SPDX-License-Identifier: GPL-2.0-or-later
#include "lab/rows/cfi.h"

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#include "core/bytes.h"

/* DWARF's numbers of r0 to r15 are 0 to 15. */
#define DW_R11 11
#define DW_R14 14
#define DW_GPRS 16

struct cfi {
	Dwfl *dwfl;
	Dwfl_Module *mod;
	Dwarf_CFI *cfi;
	Dwarf_Addr bias;
	bool relocatable;
	size_t names;		/* of the main file's sections */
	Elf *main_elf;

	/* where cfi_next() is */
	const unsigned char *ident;
	Elf_Data *data;
	Dwarf_Off at;
};

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_build_id_find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo,
	.section_address = dwfl_offline_section_address,
};

static const char *find_section(struct cfi *c, Elf *elf)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr sh;
	size_t names;

	if (elf_getshdrstrndx(elf, &names))
		return "it has no section names";
	while ((scn = elf_nextscn(elf, scn)) != NULL) {
		const char *name;

		if (!gelf_getshdr(scn, &sh))
			continue;
		name = elf_strptr(elf, names, sh.sh_name);
		if (name && !strcmp(name, ".debug_frame"))
			c->data = elf_getdata(scn, NULL);
	}
	c->ident = (const unsigned char *)elf_getident(elf, NULL);
	return c->data ? NULL : "it has no .debug_frame";
}

static const char *open_file(struct cfi *c, const char *path)
{
	Dwarf_Addr bias;
	GElf_Ehdr eh;
	Dwarf *dw;

	c->dwfl = dwfl_begin(&callbacks);
	if (!c->dwfl)
		return dwfl_errmsg(-1);
	c->mod = dwfl_report_offline(c->dwfl, "", path, -1);
	if (!c->mod || dwfl_report_end(c->dwfl, NULL, NULL))
		return dwfl_errmsg(-1);
	dw = dwfl_module_getdwarf(c->mod, &bias);
	c->main_elf = dwfl_module_getelf(c->mod, &bias);
	if (!dw || !c->main_elf)
		return dwfl_errmsg(-1);
	if (!gelf_getehdr(c->main_elf, &eh) ||
	    elf_getshdrstrndx(c->main_elf, &c->names))
		return elf_errmsg(-1);
	c->relocatable = eh.e_type == ET_REL;
	c->cfi = dwfl_module_dwarf_cfi(c->mod, &c->bias);
	if (!c->cfi)
		return dwfl_errmsg(-1);
	return find_section(c, dwarf_getelf(dw));
}

struct cfi *cfi_open(const char *path, const char **why)
{
	struct cfi *c = calloc(1, sizeof(*c));

	*why = c ? open_file(c, path) : "no memory";
	if (!*why)
		return c;
	cfi_close(c);
	return NULL;
}

void cfi_close(struct cfi *c)
{
	if (!c)
		return;
	if (c->dwfl)
		dwfl_end(c->dwfl);
	free(c);
}

static bool place(struct cfi *c, const uint8_t *fde, struct cfi_function *ret)
{
	Dwarf_Addr rel, bias;
	GElf_Shdr sh;
	Elf_Scn *scn;

	ret->link_addr = zu_be64(fde);
	ret->len = zu_be64(fde + 8);
	ret->linked = !c->relocatable;
	ret->addr = rel = ret->link_addr + c->bias;
	scn = dwfl_module_address_section(c->mod, &rel, &bias);
	if (!scn || !gelf_getshdr(scn, &sh))
		return false;
	ret->section = elf_strptr(c->main_elf, c->names, sh.sh_name);
	ret->offset = rel;
	return ret->section != NULL;
}

bool cfi_next(struct cfi *c, struct cfi_function *ret)
{
	Dwarf_CFI_Entry entry;
	Dwarf_Off next;

	for (;;) {
		if (dwarf_next_cfi(c->ident, c->data, false, c->at, &next,
				   &entry))
			return false;
		c->at = next;
		if (dwarf_cfi_cie_p(&entry) ||
		    entry.fde.end - entry.fde.start < 16)
			continue;
		if (place(c, entry.fde.start, ret))
			return true;
	}
}

/* CFA = register + offset */
static bool take_cfa(Dwarf_Frame *frame, struct zu_row *row)
{
	Dwarf_Op *ops;
	size_t n;

	if (dwarf_frame_cfa(frame, &ops, &n) || n != 1)
		return false;
	row->cfa_rule = ZU_CFA_REG;
	if (ops->atom == DW_OP_bregx) {
		row->cfa_reg = (uint8_t)ops->number;
		row->cfa_off = (int32_t)ops->number2;
	} else if (ops->atom >= DW_OP_breg0 && ops->atom <= DW_OP_breg31) {
		row->cfa_reg = (uint8_t)(ops->atom - DW_OP_breg0);
		row->cfa_off = (int32_t)ops->number;
	} else {
		return false;
	}
	return row->cfa_reg < DW_GPRS;
}

static bool take_register(Dwarf_Frame *frame, int number, uint8_t *where,
			  uint8_t *reg, int32_t *off)
{
	Dwarf_Op room[3], *ops;
	size_t n;

	if (dwarf_frame_register(frame, number, room, &ops, &n))
		return false;
	if (!n) {
		*where = ops ? ZU_PLACE_LOST : ZU_PLACE_SAME;
		return true;
	}
	if (ops[0].atom == DW_OP_call_frame_cfa && n == 1) {
		*where = ZU_PLACE_CFA;
		return true;
	}
	if (ops[0].atom == DW_OP_call_frame_cfa && n == 2 &&
	    ops[1].atom == DW_OP_plus_uconst) {
		*where = ZU_PLACE_CFA;
		*off = (int32_t)ops[1].number;
		return true;
	}
	if (ops[0].atom == DW_OP_regx && n == 1 && ops[0].number < DW_GPRS) {
		*where = ZU_PLACE_REG;
		*reg = (uint8_t)ops[0].number;
		return true;
	}
	if (ops[0].atom >= DW_OP_reg0 && ops[0].atom < DW_OP_reg0 + DW_GPRS &&
	    n == 1) {
		*where = ZU_PLACE_REG;
		*reg = (uint8_t)(ops[0].atom - DW_OP_reg0);
		return true;
	}
	return false;
}

static bool take_frame(Dwarf_Frame *frame, struct zu_row *row)
{
	if (!take_cfa(frame, row) ||
	    !take_register(frame, DW_R14, &row->ra_place, &row->ra_reg,
			   &row->ra_off) ||
	    !take_register(frame, DW_R11, &row->fp_place, &row->fp_reg,
			   &row->fp_off))
		return false;
	row->kind = ZU_ROW_FRAME;
	return true;
}

bool cfi_rules(struct cfi *c, uint64_t addr, struct zu_row *ret, uint64_t *end)
{
	Dwarf_Addr start, stop;
	Dwarf_Frame *frame;
	bool signal;

	memset(ret, 0, sizeof(*ret));
	if (dwarf_cfi_addrframe(c->cfi, addr - c->bias, &frame))
		return false;
	if (!take_frame(frame, ret))
		memset(ret, 0, sizeof(*ret));
	dwarf_frame_info(frame, &start, &stop, &signal);
	free(frame);
	*end = stop + c->bias;
	return true;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's address space on top of an image.
 *
 * It comes to life in two steps. First only the parts that are mapped in one
 * piece can be read (the kernel image and the identity mapping), by
 * arithmetic: enough for symbols, types and the kernel's address space control
 * element. From then on every address goes through the page tables.
 */
#ifndef ZU_KERN_VM_H
#define ZU_KERN_VM_H

#include "image/xlat.h"
#include "kern/memory.h"
#include "kern/vmcoreinfo.h"

/**
 * struct zu_vm - the kernel's address space
 * @image: where the bytes are
 * @image_base: with @split: virtual address of the kernel image
 * @image_phys: with @split: where it is in absolute storage
 * @identity_base: virtual address of absolute address 0
 * @split: the image is mapped apart from the identity mapping (6.10)
 * @paged: @xlat is in use
 * @xlat: the page tables
 * @record: told of every successful read, or NULL
 * @record_ctx: given to @record
 * @quiet: not 0 while reads are made that a capture does not need
 */
struct zu_vm {
	struct zu_image *image;
	uint64_t image_base;
	uint64_t image_phys;
	uint64_t identity_base;
	bool split;
	bool paged;
	struct zu_xlat xlat;
	void (*record)(void *ctx, uint64_t addr, const void *buf, size_t len);
	void *record_ctx;
	unsigned int quiet;
};

/**
 * zu_vm_init() - set up the first step
 * @vm: any content
 * @image: the image; must outlive this
 * @info: for KERNELOFFSET, KERNELOFFPHYS, IDENTITYBASE
 */
void zu_vm_init(struct zu_vm *vm, struct zu_image *image,
		const struct zu_vmcoreinfo *info);

/**
 * zu_vm_set_asce() - go on to the second step
 * @vm: the address space
 * @asce: of the kernel, init_mm.context.asce
 */
void zu_vm_set_asce(struct zu_vm *vm, uint64_t asce);

/**
 * zu_vm_forget() - page tables may have changed
 * @vm: the address space
 */
void zu_vm_forget(struct zu_vm *vm);

/**
 * zu_vm_memory() - read by this address space
 * @vm: the address space
 *
 * The first two pages are not mapped: virtual addresses below 0x2000 mean the
 * lowcore of whichever CPU looks, so a NULL pointer must not find memory.
 *
 * Return: a reader.
 */
struct zu_memory zu_vm_memory(struct zu_vm *vm);

#endif

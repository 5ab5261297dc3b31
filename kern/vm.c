/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kern/vm.h"

#include <string.h>

/* sizeof(struct lowcore), 6.1 to 7.2; fixed by the architecture */
#define LOWCORE_SIZE 0x2000

void zu_vm_init(struct zu_vm *vm, struct zu_image *image,
		const struct zu_vmcoreinfo *info)
{
	memset(vm, 0, sizeof(*vm));
	vm->image = image;
	/* up to 6.9 virtual and physical addresses are the same */
	vm->split = zu_vmcoreinfo_hex(info, "KERNELOFFPHYS",
				      &vm->image_phys) &&
		    zu_vmcoreinfo_hex(info, "KERNELOFFSET", &vm->image_base);
	zu_vmcoreinfo_hex(info, "IDENTITYBASE", &vm->identity_base);
}

void zu_vm_set_asce(struct zu_vm *vm, uint64_t asce)
{
	zu_xlat_init(&vm->xlat, vm->image, asce, ZU_NO_PREFIX);
	vm->paged = true;
}

void zu_vm_forget(struct zu_vm *vm)
{
	zu_image_forget(vm->image);
	if (vm->paged && !vm->image->kind->read_virt)
		zu_vm_set_asce(vm, vm->xlat.asce);
}

static int read_linear(struct zu_vm *vm, uint64_t addr, void *buf, size_t len)
{
	uint64_t abs;

	if (vm->split && addr >= vm->image_base)
		abs = addr - vm->image_base + vm->image_phys;
	else
		abs = addr - vm->identity_base;
	return zu_image_read_abs(vm->image, abs, buf, len);
}

static int vm_read(void *ctx, uint64_t addr, void *buf, size_t len)
{
	struct zu_vm *vm = ctx;
	int ret;

	if (addr < LOWCORE_SIZE)
		return ZU_EFAULT;
	if (vm->image->kind->read_virt)
		ret = vm->image->kind->read_virt(vm->image, addr, buf, len);
	else if (vm->paged)
		ret = zu_xlat_read(&vm->xlat, addr, buf, len);
	else
		ret = read_linear(vm, addr, buf, len);
	if (!ret && vm->record && !vm->quiet)
		vm->record(vm->record_ctx, addr, buf, len);
	return ret;
}

struct zu_memory zu_vm_memory(struct zu_vm *vm)
{
	return (struct zu_memory){ .read = vm_read, .ctx = vm };
}

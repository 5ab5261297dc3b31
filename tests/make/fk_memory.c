/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Storage of the made kernel, and its address space. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/bytes.h"
#include "tests/make/fk_private.h"

/* where what comes from fk_alloc() begins; the image lies below */
#define HEAP (16u << 20)

void fk_die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("fakekernel: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	abort();
}

void *fk_grow(void *p, size_t n, size_t size)
{
	p = reallocarray(p, n, size);
	if (!p)
		fk_die("out of memory");
	return p;
}

/* Addresses as real kernels have them; facts about them in kern/vm.c */
void fk_memory_init(struct fk *fk)
{
	static const struct {
		uint64_t identity, image, image_phys, vmalloc;
	} space[FK_RELEASES] = {
		[FK_6_1] = { 0, 0, 0, 0x37f80000000 },
		[FK_6_12] = { 0, 0x3ffe0000000, 0x300000, 0x37f00000000 },
		[FK_7_2] = { 0x1000000000, 0x3fff0000000, 0x700000,
			     0x38000000000 },
	};

	fk->identity = space[fk->release].identity;
	fk->image = space[fk->release].image;
	fk->image_phys = space[fk->release].image_phys;
	fk->vmalloc = space[fk->release].vmalloc;
	fk->heap = HEAP;
	fk->next_data = fk->image + FK_DATA;
	fk->next_func = fk->image + FK_TEXT;
	fk->next_init_func = fk->image + FK_INIT;
}

void fk_memory_free(struct fk *fk)
{
	unsigned int i;

	for (i = 0; i < FK_PAGES; i++)
		free(fk->page[i]);
}

static uint8_t *page_at(struct fk *fk, uint64_t abs)
{
	uint8_t **p;

	if (abs >= FK_STORAGE)
		fk_die("no storage at %#" PRIx64, abs);
	p = &fk->page[abs / FK_PAGE];
	if (!*p) {
		*p = fk_grow(NULL, 1, FK_PAGE);
		memset(*p, 0, FK_PAGE);
	}
	return *p;
}

void fk_put_abs(struct fk *fk, uint64_t abs, const void *data, size_t len)
{
	const uint8_t *from = data;
	size_t i;

	for (i = 0; i < len; i++)
		page_at(fk, abs + i)[(abs + i) % FK_PAGE] = from[i];
}

static bool find_vpage(struct fk *fk, uint64_t addr, uint64_t *abs)
{
	unsigned int i;

	for (i = fk->vpages; i-- > 0;) {
		if (fk->vpage[i].virt != addr / FK_PAGE * FK_PAGE)
			continue;
		*abs = fk->vpage[i].abs + addr % FK_PAGE;
		return true;
	}
	return false;
}

uint64_t fk_abs(struct fk *fk, uint64_t addr)
{
	uint64_t abs;

	if (addr - fk->image < FK_IMAGE_END)
		return addr - fk->image + fk->image_phys;
	if (addr - fk->identity < FK_STORAGE)
		return addr - fk->identity;
	if (!find_vpage(fk, addr, &abs))
		fk_die("%#" PRIx64 " is not mapped", addr);
	return abs;
}

const uint8_t *fk_page(struct fk *fk, uint64_t addr)
{
	uint64_t abs;

	if (addr - fk->image < FK_IMAGE_END)
		abs = addr - fk->image + fk->image_phys;
	else if (addr - fk->identity < FK_STORAGE)
		abs = addr - fk->identity;
	else if (!find_vpage(fk, addr, &abs))
		return NULL;
	return abs < FK_STORAGE ? fk->page[abs / FK_PAGE] : NULL;
}

void fk_put_bytes(struct fk *fk, uint64_t addr, const void *data, size_t len)
{
	const uint8_t *from = data;
	size_t i;

	for (i = 0; i < len; i++)
		fk_put_abs(fk, fk_abs(fk, addr + i), from + i, 1);
}

void fk_put(struct fk *fk, uint64_t addr, unsigned int size, uint64_t value)
{
	uint8_t b[8];

	if (size != 1 && size != 2 && size != 4 && size != 8)
		fk_die("an integer of %u bytes", size);
	zu_put_be64(b, value);
	fk_put_bytes(fk, addr, b + 8 - size, size);
}

uint64_t fk_get(struct fk *fk, uint64_t addr, unsigned int size)
{
	uint64_t value = 0;
	unsigned int i;

	for (i = 0; i < size; i++) {
		uint64_t abs = fk_abs(fk, addr + i);

		value = value << 8 | page_at(fk, abs)[abs % FK_PAGE];
	}
	return value;
}

void fk_forget(struct fk *fk, uint64_t addr)
{
	uint64_t abs = fk_abs(fk, addr);

	free(fk->page[abs / FK_PAGE]);
	fk->page[abs / FK_PAGE] = NULL;
}

uint64_t fk_alloc_abs(struct fk *fk, size_t size, size_t align)
{
	uint64_t at = (fk->heap + align - 1) / align * align, i;

	fk->heap = at + size;
	for (i = at / FK_PAGE; i <= (at + size - 1) / FK_PAGE; i++)
		page_at(fk, i * FK_PAGE);
	return at;
}

uint64_t fk_alloc(struct fk *fk, size_t size)
{
	size_t align = 8;

	while (align < size && align < FK_PAGE)
		align *= 2;
	return fk->identity + fk_alloc_abs(fk, size, align);
}

uint64_t fk_valloc_aligned(struct fk *fk, size_t size, size_t align)
{
	size_t pages = (size + FK_PAGE - 1) / FK_PAGE, i;
	uint64_t virt = (fk->vmalloc + align - 1) / align * align;
	/* the last page first, and none beside its neighbour */
	uint64_t abs = fk_alloc_abs(fk, pages * 2 * FK_PAGE, FK_PAGE);

	if (fk->vpages + pages > FK_VPAGES)
		fk_die("too much vmalloc");
	for (i = 0; i < pages; i++)
		fk->vpage[fk->vpages++] = (struct fk_vpage){
			.virt = virt + i * FK_PAGE,
			.abs = abs + (pages - 1 - i) * 2 * FK_PAGE,
		};
	/* a guard page */
	fk->vmalloc = virt + (pages + 1) * FK_PAGE;
	return virt;
}

uint64_t fk_valloc(struct fk *fk, size_t size)
{
	return fk_valloc_aligned(fk, size, FK_PAGE);
}

uint64_t fk_image_alloc(struct fk *fk, size_t size, size_t align)
{
	uint64_t at = (fk->next_data + align - 1) / align * align, i;

	fk->next_data = at + size;
	if (fk->next_data > fk->image + FK_DATA_END)
		fk_die("the image's data has no more room");
	for (i = at; i < at + size; i++)
		page_at(fk, fk_abs(fk, i));
	return at;
}

uint64_t fk_static(struct fk *fk, const char *name, size_t size)
{
	uint64_t addr = fk_image_alloc(fk, size, 8);

	fk_symbol(fk, name, 'd', addr);
	return addr;
}

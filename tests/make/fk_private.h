/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of tests/make/fakekernel.h. */
#ifndef ZU_TESTS_MAKE_FK_PRIVATE_H
#define ZU_TESTS_MAKE_FK_PRIVATE_H

#include "tests/make/fakekernel.h"

#define FK_ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define FK_PAGE 4096
#define FK_STORAGE (32u << 20)
#define FK_PAGES (FK_STORAGE / FK_PAGE)
#define FK_VPAGES 2048
#define FK_CPUS 4096		/* more than CONFIG_NR_CPUS ever is */
#define FK_PERCPU 8192

/* The kernel image, from its base */
#define FK_TEXT 0x100000
#define FK_TEXT_END 0x200000
#define FK_DATA 0x200000
#define FK_DATA_END 0x300000
#define FK_INIT 0x300000
#define FK_INIT_END 0x310000
#define FK_IMAGE_END 0x400000

/**
 * struct fk_row - a line about types: a type, or a member of the type before
 * @kind: 's' structure, 'u' union, 'e' enum, 'm' member, 'v' enumerator
 * @name: its name; of a type without a name one that begins with '@'; empty
 *	for a member without a name
 * @type: of a member: "u32", "list_head", "*module", "char[16]"
 * @value: per release the offset, size or value; -1: does not have it
 * @hidden: not in the type data
 * @claim: offset, size or value in the type data
 */
struct fk_row {
	char kind;
	const char *name;
	const char *type;
	int32_t value[FK_RELEASES];
	bool hidden;
	uint32_t claim;
};

struct fk_sym {
	uint64_t addr;
	char letter;
	char name[64];
	unsigned int order;
};

struct fk_vpage {
	uint64_t virt;
	uint64_t abs;
};

struct fk {
	enum fk_release release;
	/* absolute storage; NULL: not in the dump */
	uint8_t *page[FK_PAGES];
	uint64_t heap;			/* absolute address of what is free */
	/* the address space */
	uint64_t identity;
	uint64_t image;
	uint64_t image_phys;
	uint64_t vmalloc;
	struct fk_vpage vpage[FK_VPAGES];
	unsigned int vpages;
	/* addresses of what comes next */
	uint64_t next_func;
	uint64_t next_init_func;
	uint64_t next_data;
	struct fk_sym *sym;
	unsigned int syms;
	struct fk_row *row;
	unsigned int rows;
	char *info;			/* VMCOREINFO */
	size_t info_len;
	bool info_in_file;
	const char *dropped_key;
	uint8_t cpu_notes;
	bool vmap_stacks;
	bool without_btf;
	bool complete;
	struct fk_task *idle[FK_CPUS];
	struct fk_task **task;		/* all, to free them */
	unsigned int tasks;
	uint64_t init_task;
};

/** fk_die() - a test is wrong */
void fk_die(const char *fmt, ...) __attribute__((format(printf, 1, 2), noreturn));
void *fk_grow(void *p, size_t n, size_t size);

/* tests/make/fk_memory.c */
void fk_memory_init(struct fk *fk);
void fk_memory_free(struct fk *fk);
/* the page at a virtual address, or NULL */
const uint8_t *fk_page(struct fk *fk, uint64_t addr);
uint64_t fk_alloc_abs(struct fk *fk, size_t size, size_t align);
uint64_t fk_image_alloc(struct fk *fk, size_t size, size_t align);
uint64_t fk_valloc_aligned(struct fk *fk, size_t size, size_t align);
/* tests/make/fk_tables.c: the page tables; returns the kernel's ASCE */
uint64_t fk_tables(struct fk *fk);
/* tests/make/fk_types.c */
void fk_types_init(struct fk *fk);
const struct fk_row *fk_find_type(struct fk *fk, const char *name);
const struct fk_row *fk_next_member(struct fk *fk, const struct fk_row *row);
uint32_t fk_size_of(struct fk *fk, const char *type);
/* tests/make/fk_symbols.c: the tables; adds to VMCOREINFO where they are */
void fk_kallsyms(struct fk *fk);
/* tests/make/fakekernel.c; fk_complete: after it only memory changes */
void fk_complete(struct fk *fk);
void fk_info_add(struct fk *fk, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* tests/make/fk_task.c */
struct fk_task *fk_task_new(struct fk *fk, const char *comm, int pid,
			    uint64_t addr, uint64_t stack);
uint64_t fk_linear_stack(struct fk *fk);

#endif

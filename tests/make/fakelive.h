/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A made kernel that runs: a source whose memory a test changes while it is
 * read. As with /proc/kcore, what is read is pages, which are read once and kept
 * until zunwind forgets them, or else what it asks for beforehand. Time goes on with the pages that are read, so a test
 * says at which of them something happens.
 *
 * This and tests/make/fakekernel.h must be included by tests that use it.
 */
#ifndef ZU_TESTS_MAKE_FAKELIVE_H
#define ZU_TESTS_MAKE_FAKELIVE_H

#include "tests/make/fakekernel.h"
#include "zunwind/kernel.h"

/** FK_LIVE_PAGES - more than are read between two times of forgetting */
#define FK_LIVE_PAGES 128

/** FK_LIVE_WORDS - of a page: each is read at once, the page is not */
#define FK_LIVE_WORDS 512

/**
 * struct fk_live - a kernel that runs
 * @fk: its memory
 * @tick: called before each page is read, or NULL: the kernel stands still
 * @torn: call @tick before each word of it, too
 * @fetches: read what is asked for beforehand, without the rest of its pages
 * @backwards: read the words of a page from its end on
 * @ctx: given to @tick
 * @reads: how many pages were read
 * @window: what was asked for
 * @window_addr: where it is
 * @window_len: how much
 * @addr: pages that are kept
 * @page: what they were when they were read
 * @kept: how many
 */
struct fk_live {
	struct fk *fk;
	void (*tick)(void *ctx);
	bool torn;
	bool backwards;
	bool fetches;
	void *ctx;
	unsigned int reads;
	uint8_t window[4096];
	uint64_t window_addr;
	size_t window_len;
	uint64_t addr[FK_LIVE_PAGES];
	uint8_t page[FK_LIVE_PAGES][4096];
	unsigned int kept;
};

/**
 * fk_live_open() - open it
 * @live: zeroed, but for @fk; has to stay as long as the kernel is open
 *
 * The test ends with a message if it does not open.
 *
 * Return: zu_kernel_close() it.
 */
struct zu_kernel *fk_live_open(struct fk_live *live);

/**
 * fk_live_image() - the same, not opened
 * @live: as for fk_live_open()
 *
 * Return: for zu_kernel_open_image(), or zu_image_close() it.
 */
struct zu_image *fk_live_image(struct fk_live *live);

/**
 * fk_draw() - a number by chance: what a test does next
 * @random: what the numbers come from, not 0
 * @n: how many there are
 *
 * Return: 0 to @n - 1.
 */
uint64_t fk_draw(uint64_t *random, uint64_t n);

/**
 * fk_number() - a number from the environment, such as ZU_LIVE_SEED
 * @name: of the variable
 * @otherwise: what it is if that is not set
 *
 * Return: the number.
 */
uint64_t fk_number(const char *name, uint64_t otherwise);

#endif

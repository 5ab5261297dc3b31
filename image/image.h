/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An image: a source opened. It gives the bytes of a machine at absolute
 * storage addresses (what a dump of an s390x machine holds), or, where the
 * source knows no others, at kernel virtual addresses. What the bytes mean is
 * the business of kern/.
 *
 * A source that is no file is a machine that may run. A look at it is what is
 * read between zu_image_hold() and zu_image_let_go(). It stands still meanwhile,
 * if it can be stopped; else what is read changes, and the reader has to see to
 * it that it does not matter. What is read before the first look has to be what
 * never changes: a machine may run in between.
 *
 * To add a kind of source: one file with a const struct zu_image_kind, one
 * row in the table in image/open.c.
 */
#ifndef ZU_IMAGE_IMAGE_H
#define ZU_IMAGE_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "zunwind/error.h"

struct zu_image;

/**
 * struct zu_image_kind - a kind of source
 * @name: the word for it in output: "elf", "kdump", "capture"
 * @is_mine: does a source's name mean one of this kind, which is no file? Then
 *	@open is called without one, @fd being -1. NULL for files
 * @changes: what is read may change at any time
 * @btf_path: a file that may have its types, sooner than its memory; may be NULL
 * @open: probe and open the file at @path, which is open for reading as @fd
 *	(owned by the caller, who closes it after the call; dup it to keep it).
 *	Returns 0 with image->priv set; ZU_ENOTMINE, without touching @err, if
 *	this is some other kind of file; else an error.
 * @close: release image->priv
 * @read_abs: copy @len bytes at absolute address @addr. ZU_EFAULT if one of
 *	them is not in the image. NULL if the source has no absolute addresses.
 * @map_abs: a pointer to @len bytes at absolute address @addr, valid until
 *	@close, or NULL if they are not in one piece of memory. May be NULL.
 * @read_virt: copy @len bytes at kernel virtual address @addr. NULL if the
 *	source has absolute addresses only.
 * @fetch: @len bytes at kernel virtual address @addr will be read next, by
 *	members: read them at once, without what is around them. May fail; then
 *	they are read as others are. NULL if there is no use in that
 * @hold: begin a look. NULL if there is but one
 * @let_go: end a look. NULL as @hold
 * @forget: what was read before may have changed. NULL if nothing changes
 * @check: is the machine lost? Then its error, and what could not be read since
 *	then says nothing about memory. NULL for files
 */
struct zu_image_kind {
	const char *name;
	bool (*is_mine)(const char *source);
	bool changes;
	const char *btf_path;
	int (*open)(struct zu_image *image, const char *path, int fd,
		    struct zu_error *err);
	void (*close)(struct zu_image *image);
	int (*read_abs)(struct zu_image *image, uint64_t addr, void *buf,
			size_t len);
	const void *(*map_abs)(struct zu_image *image, uint64_t addr,
			       size_t len);
	int (*read_virt)(struct zu_image *image, uint64_t addr, void *buf,
			 size_t len);
	void (*fetch)(struct zu_image *image, uint64_t addr, size_t len);
	int (*hold)(struct zu_image *image, struct zu_error *err);
	void (*let_go)(struct zu_image *image);
	void (*forget)(struct zu_image *image);
	int (*check)(struct zu_image *image, struct zu_error *err);
};

/**
 * struct zu_image - an open source
 * @kind: its kind
 * @path: as the user gave it; owned
 * @vmcoreinfo: text of a VMCOREINFO note in the container itself, without
 *	note header, or NULL; owned by the reader
 * @vmcoreinfo_len: its length
 * @priv: the reader's own
 */
struct zu_image {
	const struct zu_image_kind *kind;
	char *path;
	const char *vmcoreinfo;
	size_t vmcoreinfo_len;
	void *priv;
};

/**
 * zu_image_open() - open a source
 * @path: a file of any supported kind, or the name of a source that is none
 * @ret: the image; zu_image_close() it
 * @err: the causes
 *
 * Return: 0; ZU_EIO if the file can't be opened or mapped; ZU_ENOTSUP if it
 * is of a kind that zunwind does not read, or of another machine; ZU_EFORMAT
 * if it is damaged (a truncated dump); ZU_ENOMEM.
 */
int zu_image_open(const char *path, struct zu_image **ret,
		  struct zu_error *err);

/**
 * zu_image_close() - close a source
 * @image: the image, or NULL
 */
void zu_image_close(struct zu_image *image);

/**
 * zu_image_read_abs() - read absolute storage
 * @image: the image
 * @addr: absolute address
 * @buf: where to
 * @len: how much; all of it or nothing
 *
 * Return: 0; ZU_EFAULT if some of it is not in the image.
 */
int zu_image_read_abs(struct zu_image *image, uint64_t addr, void *buf,
		      size_t len);

/**
 * zu_image_hold() - begin a look
 * @image: the image, just opened or let go
 * @err: the causes
 *
 * Return: 0; ZU_EIO if the machine does not answer.
 */
int zu_image_hold(struct zu_image *image, struct zu_error *err);

/**
 * zu_image_let_go() - end a look: the machine may go on
 * @image: the image. Nothing may be read of it until it is held again
 */
void zu_image_let_go(struct zu_image *image);

/**
 * zu_image_forget() - what was read before may have changed
 * @image: the image
 *
 * What is read from now on is what is there from now on. Does nothing where
 * nothing changes.
 */
void zu_image_forget(struct zu_image *image);

/**
 * zu_image_fetch() - what will be read next
 * @image: the image
 * @addr: kernel virtual address
 * @len: how much, not 0
 *
 * For the speed of zu_image_kind.read_virt() only; until zu_image_forget().
 */
static inline void zu_image_fetch(struct zu_image *image, uint64_t addr,
				  size_t len)
{
	if (image->kind->fetch)
		image->kind->fetch(image, addr, len);
}

/**
 * zu_image_check() - was all of it there, so far?
 * @image: the image
 * @err: the causes
 *
 * Return: 0; ZU_EIO if the machine was lost.
 */
int zu_image_check(struct zu_image *image, struct zu_error *err);

#endif

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Members of structures that headers don't show, or that not all kernels have. */
#ifndef ZU_KMOD_LAYOUT_H
#define ZU_KMOD_LAYOUT_H

/**
 * struct zu_layout - offsets in bytes; -1: there is no such member, or no BTF
 * @hash_size_bits: struct ftrace_hash, size_bits
 * @hash_buckets: struct ftrace_hash, buckets
 * @hash_count: struct ftrace_hash, count
 * @image_after_call: struct bpf_tramp_image, ip_after_call (up to 6.x)
 * @image_trampoline: struct bpf_tramp_image, tr (7.x)
 */
struct zu_layout {
	int hash_size_bits;
	int hash_buckets;
	int hash_count;
	int image_after_call;
	int image_trampoline;
};

/* Written once, before anything else runs. */
extern struct zu_layout zu_layout;

/**
 * zu_layout_init() - ask the kernel's own BTF
 *
 * What it does not tell stays -1.
 */
void zu_layout_init(void);

#endif

// SPDX-License-Identifier: GPL-2.0-or-later
#include "kmod/layout.h"

#include <linux/btf.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "kmod/symbols.h"

struct zu_layout zu_layout = { -1, -1, -1, -1, -1 };

static const struct {
	const char *type;
	const char *member;
	int *offset;
} members[] = {
	{ "ftrace_hash", "size_bits", &zu_layout.hash_size_bits },
	{ "ftrace_hash", "buckets", &zu_layout.hash_buckets },
	{ "ftrace_hash", "count", &zu_layout.hash_count },
	{ "bpf_tramp_image", "ip_after_call", &zu_layout.image_after_call },
	{ "bpf_tramp_image", "tr", &zu_layout.image_trampoline },
};

static int offset_of(const struct btf *btf, const char *type,
		     const char *member)
{
	s32 id = zu_sym.btf_find(btf, type, BTF_KIND_STRUCT);
	const struct btf_type *t;
	const struct btf_member *m;
	u32 i;

	t = id > 0 ? zu_sym.btf_type(btf, id) : NULL;
	if (!t)
		return -1;
	m = btf_type_member(t);
	for (i = 0; i < btf_type_vlen(t); i++) {
		const char *name = zu_sym.btf_name(btf, m[i].name_off);

		if (name && !strcmp(name, member))
			return __btf_member_bit_offset(t, &m[i]) / 8;
	}
	return -1;
}

void zu_layout_init(void)
{
	struct btf *btf;
	size_t i;

	if (!zu_sym.btf_vmlinux || !zu_sym.btf_find || !zu_sym.btf_type ||
	    !zu_sym.btf_name)
		return;
	btf = zu_sym.btf_vmlinux();
	if (IS_ERR_OR_NULL(btf))
		return;
	for (i = 0; i < ARRAY_SIZE(members); i++)
		*members[i].offset = offset_of(btf, members[i].type,
					       members[i].member);
}

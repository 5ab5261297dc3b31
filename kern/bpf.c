/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Code that the BPF JIT made. */
#include "kern/list.h"
#include "kern/read.h"
#include "util/fail.h"

int zu_text_add_ksym(struct zu_kernel *k, uint64_t ksym, struct zu_error *err)
{
	uint64_t start, end, prog;
	int ret;

	ret = zu_read_field_err(k, ksym, ZU_F_bpf_ksym_start, &start, err);
	if (!ret)
		ret = zu_read_field_err(k, ksym, ZU_F_bpf_ksym_end, &end, err);
	if (!ret)
		ret = zu_read_field_err(k, ksym, ZU_F_bpf_ksym_prog, &prog,
					err);
	if (ret)
		return ret;
	/* bpf_tree_comp(): the end counts too, a call can be the last insn */
	return zu_text_add(k, start, end, prog ? ZU_TEXT_BPF :
			   ZU_TEXT_BPF_IMAGE, ksym, err);
}

int zu_text_add_bpf(struct zu_kernel *k, struct zu_error *err)
{
	struct zu_list list;
	uint64_t node;
	int ret;

	if (!k->global[ZU_G_bpf_kallsyms])
		return 0;
	if (!zu_has(k, ZU_F_bpf_ksym_lnode))
		return zu_fail(err, ZU_ENOENT,
			       "the type data does not tell where BPF programs are");
	zu_list_init(&list, k, k->global[ZU_G_bpf_kallsyms],
		     ZU_LIST_CIRCULAR);
	while ((ret = zu_list_next(&list, &node)) > 0) {
		ret = zu_text_add_ksym(k, node -
				       zu_offset(k, ZU_F_bpf_ksym_lnode), err);
		if (ret)
			return ret;
	}
	if (ret)
		return zu_fail(err, ret, "the list of BPF programs is damaged");
	return 0;
}

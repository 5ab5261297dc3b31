/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * VMCOREINFO of a machine whose lowcore.vmcore_info is the first 8 bytes of
 * the input, and whose memory from 0x1000 on is the rest. The rest is taken as
 * a text by itself, too.
 */
#include <stdlib.h>
#include <string.h>

#include "image/image.h"
#include "kern/vmcoreinfo.h"

#define POINTER_AT 0xe0c
#define MEM_AT 0x1000

struct machine {
	const uint8_t *pointer;
	const uint8_t *mem;
	size_t size;
};

static int read_abs(struct zu_image *image, uint64_t addr, void *buf,
		    size_t len)
{
	const struct machine *m = image->priv;

	if (addr == POINTER_AT && len == 8) {
		memcpy(buf, m->pointer, len);
		return 0;
	}
	if (addr < MEM_AT || addr - MEM_AT > m->size ||
	    len > m->size - (addr - MEM_AT))
		return ZU_EFAULT;
	memcpy(buf, m->mem + (addr - MEM_AT), len);
	return 0;
}

static const struct zu_image_kind kind = {
	.name = "fuzz",
	.read_abs = read_abs,
};

static void use(struct zu_vmcoreinfo *info)
{
	static const char *const keys[] = { "OSRELEASE", "KERNELOFFSET", "",
					    "SYMBOL(_stext)" };
	uint64_t value;
	size_t i, len;

	if (strlen(info->text) != info->len)
		abort();
	for (i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const char *s = zu_vmcoreinfo_get(info, keys[i], &len);

		if (s && (s < info->text || len > info->len ||
			  s + len > info->text + info->len))
			abort();
		zu_vmcoreinfo_hex(info, keys[i], &value);
	}
	zu_vmcoreinfo_symbol(info, "_stext", &value);
	zu_vmcoreinfo_deinit(info);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct zu_image image = { .kind = &kind };
	struct zu_vmcoreinfo info;
	struct zu_error err;
	struct machine m;

	if (size < 8)
		return 0;
	m = (struct machine){ data, data + 8, size - 8 };
	image.priv = &m;
	if (!zu_vmcoreinfo_init(&info, &image, &err))
		use(&info);
	if (!zu_vmcoreinfo_init_text(&info, (const char *)m.mem, m.size,
				     &err))
		use(&info);
	return 0;
}

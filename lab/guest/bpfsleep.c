// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Threads asleep around BPF trampolines, by bare system calls:
 *
 *	zu-bpf-fentry	in a function with an fentry program, which has ended
 *	zu-bpf-fexit	in a function that its fexit trampoline called
 *	zu-bpf-hidden	in a sleepable fentry program: the traced function has
 *			not begun, and is not on the stack
 *
 * The last one needs zuscen.ko, given by path, to hold our mmap lock.
 */
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/btf.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

#include "zuguest.h"

#define KIND_ENUM64 19
#define INSN(code_, dst, src, off_, imm_) \
	((struct bpf_insn){ .code = (code_), .dst_reg = (dst), \
			    .src_reg = (src), .off = (off_), .imm = (imm_) })
#define MOV_REG(dst, src)	INSN(BPF_ALU64 | BPF_MOV | BPF_X, dst, src, 0, 0)
#define MOV_IMM(dst, imm)	INSN(BPF_ALU64 | BPF_MOV | BPF_K, dst, 0, 0, imm)
#define ADD_IMM(dst, imm)	INSN(BPF_ALU64 | BPF_ADD | BPF_K, dst, 0, 0, imm)
#define CALL(func)		INSN(BPF_JMP | BPF_CALL, 0, 0, 0, func)
#define EXIT()			INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)

struct program {
	const struct bpf_insn *insns;
	unsigned int count;
	enum bpf_attach_type type;
	unsigned int flags;
};

static const struct bpf_insn nothing[] = {
	MOV_IMM(BPF_REG_0, 0),
	EXIT(),
};

/* Reads a byte of its own process the way that takes the mmap lock. */
static const struct bpf_insn read_own_memory[] = {
	CALL(BPF_FUNC_get_current_task_btf),
	MOV_REG(BPF_REG_4, BPF_REG_0),
	MOV_REG(BPF_REG_1, BPF_REG_10),
	ADD_IMM(BPF_REG_1, -8),
	MOV_IMM(BPF_REG_2, 1),
	MOV_IMM(BPF_REG_3, 0x1000),
	MOV_IMM(BPF_REG_5, 0),
	CALL(BPF_FUNC_copy_from_user_task),
	MOV_IMM(BPF_REG_0, 0),
	EXIT(),
};

#define PROGRAM(insns, type, flags) \
	(&(struct program){ insns, sizeof(insns) / sizeof((insns)[0]), type, flags })

static long bpf(int command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof(*attr));
}

/* Bytes that follow a struct btf_type. */
static size_t type_tail(const struct btf_type *type)
{
	unsigned int vlen = BTF_INFO_VLEN(type->info);

	switch (BTF_INFO_KIND(type->info)) {
	case BTF_KIND_INT:
	case BTF_KIND_VAR:
	case BTF_KIND_DECL_TAG:
		return 4;
	case BTF_KIND_ARRAY:
		return sizeof(struct btf_array);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return vlen * sizeof(struct btf_member);
	case BTF_KIND_ENUM:
		return vlen * sizeof(struct btf_enum);
	case BTF_KIND_FUNC_PROTO:
		return vlen * sizeof(struct btf_param);
	case BTF_KIND_DATASEC:
		return vlen * sizeof(struct btf_var_secinfo);
	case KIND_ENUM64:
		return vlen * 12;
	default:
		return 0;
	}
}

static char *read_vmlinux_btf(void)
{
	const char *path = "/sys/kernel/btf/vmlinux";
	int fd = open(path, O_RDONLY);
	struct stat st;
	char *data;
	off_t done = 0;

	check(fd >= 0 && !fstat(fd, &st), path);
	data = malloc(st.st_size);
	check(data != NULL, "malloc");
	while (done < st.st_size) {
		ssize_t got = read(fd, data + done, st.st_size - done);

		check(got > 0, path);
		done += got;
	}
	close(fd);
	return data;
}

static unsigned int function_id(const char *name)
{
	static char *btf;
	const struct btf_header *header;
	const char *types, *strings;
	unsigned int id = 1, off;

	if (!btf)
		btf = read_vmlinux_btf();
	header = (void *)btf;
	types = btf + header->hdr_len + header->type_off;
	strings = btf + header->hdr_len + header->str_off;
	for (off = 0; off < header->type_len; id++) {
		const struct btf_type *type = (void *)(types + off);

		if (BTF_INFO_KIND(type->info) == BTF_KIND_FUNC &&
		    !strcmp(strings + type->name_off, name))
			return id;
		off += sizeof(*type) + type_tail(type);
	}
	errno = ENOENT;
	check(0, name);
	return 0;
}

static int attach(const char *function, const struct program *program)
{
	static char log[64 * 1024];
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_TRACING,
		.insns = (unsigned long)program->insns,
		.insn_cnt = program->count,
		.license = (unsigned long)"GPL",
		.log_level = 1,
		.log_buf = (unsigned long)log,
		.log_size = sizeof(log),
		.prog_flags = program->flags,
		.expected_attach_type = program->type,
		.attach_btf_id = function_id(function),
	};
	int fd = bpf(BPF_PROG_LOAD, &attr);

	if (fd < 0)
		fprintf(stderr, "%s\n", log);
	check(fd >= 0, function);
	memset(&attr, 0, sizeof(attr));
	attr.raw_tracepoint.prog_fd = fd;
	check(bpf(BPF_RAW_TRACEPOINT_OPEN, &attr) >= 0, function);
	return fd;
}

static void *wait_for_signal(void *arg)
{
	(void)arg;
	sleep_forever();
	return NULL;
}

static void *sleep_a_day(void *arg)
{
	struct timespec day = { .tv_sec = 86400 };

	(void)arg;
	nanosleep(&day, NULL);
	return NULL;
}

/* Has the kernel call bpf_fentry_test1(), which program @fd is attached to. */
static void *run_program(void *fd)
{
	static union bpf_attr attr;

	attr.test.prog_fd = *(int *)fd;
	check(!bpf(BPF_PROG_TEST_RUN, &attr), "BPF_PROG_TEST_RUN");
	return NULL;
}

static void hold_mmap_lock(const char *module)
{
	int fd = open(module, O_RDONLY);

	check(fd >= 0, module);
	/* Faults need the lock as well. */
	check(!mlockall(MCL_CURRENT | MCL_FUTURE), "mlockall");
	check(!syscall(SYS_finit_module, fd, "mode=mmaplock", 0),
	      "finit_module");
}

int main(int argc, char **argv)
{
	static int fd;
	int ready;

	if (argc != 2) {
		fprintf(stderr, "usage: bpfsleep ZUSCEN.ko\n");
		return 2;
	}
	ready = background();
	set_name("zu-bpf");
	attach("__s390x_sys_pause",
	       PROGRAM(nothing, BPF_TRACE_FENTRY, 0));
	attach("hrtimer_nanosleep", PROGRAM(nothing, BPF_TRACE_FEXIT, 0));
	fd = attach("bpf_fentry_test1",
		    PROGRAM(read_own_memory, BPF_TRACE_FENTRY, BPF_F_SLEEPABLE));
	wait_for_state(start_thread(wait_for_signal, NULL, "zu-bpf-fentry"), "S");
	wait_for_state(start_thread(sleep_a_day, NULL, "zu-bpf-fexit"), "S");
	hold_mmap_lock(argv[1]);
	/* A new thread would need the lock: this one does it. */
	set_name("zu-bpf-hidden");
	background_ready(ready);
	run_program(&fd);
	return 1;
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the functions in C take from elsewhere. See README.md. */

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long u64;

struct list {
	struct list *next, *prev;
};

struct item {
	struct list list;
	u64 key;
	u32 kind;
	u8 state;
	u64 (*call)(struct item *item, u64 arg);
	char name[64];
};

u64 ext(u64 arg);
u64 ext_many(u64 a, u64 b, u64 c, u64 d, u64 e, u64 f, u64 g);
void use(void *p);
int use_list(struct list *head);
int format(char *buf, u64 size, const char *fmt, ...);
int vformat(char *buf, u64 size, const char *fmt, __builtin_va_list args);
void panic(const char *fmt, ...) __attribute__((noreturn));

#define memcpy __builtin_memcpy
#define memset __builtin_memset

#define NOINLINE __attribute__((noinline))
#define COLD __attribute__((cold))

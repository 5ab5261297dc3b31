/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What plain.c and its like are made of. See README.md. */
#include "kernel.h"

/* ---- leaves ---- */

u64 leaf(u64 a, u64 b)
{
	return a * 3 + b;
}

u64 leaf_divides(u64 a, u64 b)
{
	return b ? a / b + a % b : 0;
}

u64 leaf_locals(const u64 *from, u64 i)
{
	volatile u64 copy[4];

	copy[0] = from[0];
	copy[1] = from[1];
	copy[2] = from[2];
	copy[3] = from[3];
	return copy[i & 3];
}

u64 leaf_registers(const u64 *p)
{
	u64 a = p[0], b = p[1], c = p[2], d = p[3], e = p[4], f = p[5];
	u64 g = p[6], h = p[7], i = p[8], j = p[9], k = p[10], l = p[11];
	u64 n;

	for (n = p[12]; n; n--) {
		a += b ^ c; b += c ^ d; c += d ^ e; d += e ^ f; e += f ^ g;
		f += g ^ h; g += h ^ i; h += i ^ j; i += j ^ k; j += k ^ l;
		k += l ^ a; l += a ^ b;
	}
	return a ^ b ^ c ^ d ^ e ^ f ^ g ^ h ^ i ^ j ^ k ^ l;
}

/* ---- calls ---- */

u64 calls(u64 a)
{
	return ext(a) + 1;
}

u64 calls_keeps(u64 a, u64 b, u64 c)
{
	u64 x = ext(a), y = ext(b);

	return ext(x + y + c) + a + x * y;
}

u64 calls_seven(u64 a)
{
	return ext_many(a, a + 1, a + 2, a + 3, a + 4, a + 5, a + 6) + 1;
}

u64 takes_seven(u64 a, u64 b, u64 c, u64 d, u64 e, u64 f, u64 g)
{
	u64 x = ext(a + b + c + d + e);

	return x + ext(f) + g;
}

/* writes to an argument that came on the stack */
u64 takes_by_stack(u64 a, u64 b, u64 c, u64 d, u64 e, u64 f, u64 g)
{
	use(&g);
	g++;
	use(&g);
	return a + b + c + d + e + f + g;
}

u64 calls_pointer(struct item *item, u64 arg)
{
	return item->call ? item->call(item, arg) + 1 : 0;
}

u64 tail(u64 a)
{
	return ext(a + 1);
}

u64 tail_pointer(struct item *item, u64 arg)
{
	if (ext(arg))
		return 0;
	return item->call(item, arg);
}

u64 tail_of_two(u64 a)
{
	u64 b = ext(a);

	return b & 1 ? ext(b) : ext_many(a, b, 1, 2, 3, 4, 5) + 1;
}

u64 recursive(u64 n)
{
	return n < 2 ? n : recursive(n - 1) + recursive(n - 2);
}

/* ---- early returns, shrink-wrapped ---- */

u64 wrapped(struct item *item)
{
	if (!item)
		return 0;
	if (item->kind == 3)
		return 5;
	return ext(item->key) + 1;
}

u64 wrapped_slow(struct item *item)
{
	if (__builtin_expect(item->state != 0, 0)) {
		use(item);
		if (ext(item->key))
			return 7;
		use(&item->list);
	}
	return item->kind;
}

u64 wrapped_loop(const u64 *p, u64 n)
{
	u64 i, sum = 0;

	for (i = 0; i < n; i++) {
		sum += p[i];
		if (!p[i])
			return ext(sum) + i;
	}
	return sum;
}

/* ---- local variables ---- */

u64 local_array(u64 i)
{
	u64 a[32];

	use(a);
	a[i & 31] = i;
	use(a);
	return a[0];
}

u64 local_large(u64 i)
{
	char a[700000];

	use(a);
	a[i] = 1;
	use(a);
	return a[5];
}

u64 local_page(const char *from)
{
	char a[4096], b[4096];

	memcpy(a, from, sizeof(a));
	memset(b, 0, sizeof(b));
	use(a);
	use(b);
	return a[1] + b[1];
}

u64 local_cleared(u64 len)
{
	char a[256];

	memset(a, 0, len);
	use(a);
	memcpy(a, a + 128, len & 127);
	use(a);
	return a[0];
}

u64 local_struct(struct item *from)
{
	struct item item = *from, other = { .key = 5 };

	use(&item);
	other.name[item.state & 63] = 'a';
	use(&other);
	return item.key + other.key;
}

int local_list(struct item *item)
{
	struct list head = { &head, &head };
	struct list *p;
	int n = 0;

	head.prev->next = &item->list;
	item->list.next = &head;
	item->list.prev = head.prev;
	head.prev = &item->list;
	n = use_list(&head);
	for (p = head.next; p != &head; p = p->next) {
		p->prev->next = p->next;
		p->next->prev = p->prev;
		n++;
	}
	return n;
}

/* ---- r15 that is not known ---- */

u64 vla(u64 n)
{
	u64 a[n];

	use(a);
	a[0]++;
	use(a);
	return a[n - 1];
}

u64 vla_scope(u64 n)
{
	u64 sum = 0, i;

	for (i = 1; i < n; i++) {
		u64 a[i];

		use(a);
		sum += a[0];
	}
	use(&sum);
	return sum;
}

u64 alloca_path(u64 n)
{
	char *p = 0;

	if (n > 9)
		p = __builtin_alloca(n);
	use(p);
	return p ? p[3] : 0;
}

u64 alloca_loop(u64 n)
{
	char *last = 0;

	while (n--) {
		char *p = __builtin_alloca(48);

		*(char **)p = last;
		last = p;
		use(p);
	}
	use(last);
	return last ? last[0] : 0;
}

/* as add_random_kstack_offset() does it */
u64 kstack_offset(u64 nr, u64 offset)
{
	u8 *p = __builtin_alloca(offset & 0x3ff);

	asm volatile("" : : "r"(p) : "memory");
	return ext(nr) + 1;
}

/* ---- variable arguments ---- */

int varargs(const char *fmt, ...)
{
	__builtin_va_list args;
	char buf[128];
	int n;

	__builtin_va_start(args, fmt);
	n = vformat(buf, sizeof(buf), fmt, args);
	__builtin_va_end(args);
	use(buf);
	return n;
}

u64 varargs_sum(u64 a, u64 b, u64 n, ...)
{
	__builtin_va_list args;
	u64 sum = a + b;

	__builtin_va_start(args, n);
	while (n--)
		sum += __builtin_va_arg(args, u64);
	__builtin_va_end(args);
	return sum;
}

/* ---- switches ---- */

u64 switch_calls(struct item *item)
{
	switch (item->kind) {
	case 0: return ext(5) + 1;
	case 1: use(item); return 2;
	case 2: return ext(item->key);
	case 3: item->key++; return 3;
	case 4: use(&item->list); break;
	case 5: panic("five");
	case 6: return ext(ext(7)) + 1;
	case 7: use(item->name); use(item); break;
	}
	return 0;
}

u64 switch_leaf(u64 a, u64 b, u64 op)
{
	switch (op) {
	case 10: return a + b;
	case 11: return a - b;
	case 12: return a * b;
	case 13: return a & b;
	case 14: return a | b;
	case 15: return a ^ b;
	case 16: return a << (b & 63);
	case 17: return a >> (b & 63);
	case 18: return ~a;
	}
	return b;
}

u64 switch_byte(const struct item *item, u64 *p)
{
	u64 n = 0;

	for (;;) {
		switch (item->state) {
		case 0: return n;
		case 1: n += ext(n); break;
		case 2: use(p); break;
		case 3: n++; p[n]++; break;
		case 4: return ext(n);
		case 5: *p = 5; break;
		case 6: n += p[3]; break;
		case 9: panic("nine");
		}
		item = (const struct item *)item->list.next;
	}
}

/* ---- ends ---- */

void COLD dies(u64 a)
{
	panic("%lu", a);
}

/* no attribute: its code says that it does not come back */
static void NOINLINE dies_quietly(u64 a)
{
	use(&a);
	dies(a);
}

u64 may_die(u64 a)
{
	if (a > 5)
		dies_quietly(a);
	return ext(a) + 1;
}

void spins(void)
{
	for (;;)
		use(0);
}

u64 traps(u64 a)
{
	if (a == 7)
		__builtin_trap();
	return ext(a) + 2;
}

/* BUG() and WARN() of the kernel: the table tells which comes back */
#define MONITOR(flags)							\
	asm volatile("0:	mc	0,0\n"				\
		     ".section __bug_table,\"aw\"\n"			\
		     "1:	.long	0b-1b\n"				\
		     "	.long	0\n"					\
		     "	.short	47," #flags "\n"			\
		     ".previous\n")

u64 bug(u64 a)
{
	if (a == 9) {
		MONITOR(0);
		__builtin_unreachable();
	}
	return ext(a) + 3;
}

u64 warn(u64 a)
{
	if (a == 9)
		MONITOR(1);
	return ext(a) + 3;
}

/* ---- labels in inline assembler ---- */

u64 jump_label(u64 a)
{
	asm goto("brcl 0,%l[on]" : : : : on);
	return ext(a) + 1;
on:
	return ext(a + 1) + 2;
}

u64 jump_label_on(u64 a)
{
	asm goto("brcl 15,%l[off]" : : : : off);
	use(&a);
off:
	return ext(a);
}

/* ---- the kernel's own assembler ---- */

u64 get_sp(void)
{
	return (u64)__builtin_frame_address(0) + (u64)__builtin_return_address(0);
}

u64 executes(char *to, const char *from, u64 len)
{
	asm volatile("	exrl	%[len],1f\n"
		     "	j	2f\n"
		     "1:	mvc	0(1,%[to]),0(%[from])\n"
		     "2:\n"
		     : : [len] "a"(len), [to] "a"(to), [from] "a"(from)
		     : "memory");
	return ext(len);
}

u64 atomics(u64 *p, u64 old, u64 new)
{
	u64 local = 0;

	__atomic_fetch_add(p, new, __ATOMIC_SEQ_CST);
	__atomic_fetch_or(&local, old, __ATOMIC_SEQ_CST);
	use(&local);
	return __sync_val_compare_and_swap(p, old, new) +
	       __sync_val_compare_and_swap(&local, old, new);
}

u64 wide(u64 a, u64 b)
{
	unsigned __int128 x = (unsigned __int128)a * b;

	return ext(x >> 64) + (u64)x;
}

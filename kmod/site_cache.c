// SPDX-License-Identifier: GPL-2.0-or-later
#include "kmod/site_cache.h"

#include <linux/atomic.h>
#include <linux/hash.h>
#include <linux/string.h>

#include "kmod/object_text.h"
#include "kmod/symbols.h"

#define BITS 11
#define PAIR_BITS 10
#define LINK_BITS 11

/*
 * What every one of them begins with.
 * @seq: odd while somebody writes; who finds it so goes without
 * @age: of what is remembered: see @now
 * @key: what it is about
 */
struct slot {
	atomic_t seq;
	u32 age;
	u64 key[2];
};

/* Of an address; the other key says if it is exact. */
struct site {
	struct slot slot;
	struct zu_site site;
};

/* Of two return addresses, as zu_link_cached() */
struct link {
	struct slot slot;
	struct zu_link link;
};

/*
 * What was read of a call is what it does until a table goes: a kprobe that is
 * set on it later executes it all the same, elsewhere. Nothing else changes calls
 * by r14 in code that can be on a stack: ftrace has its own sites, jump labels
 * are jumps, and modules get alternatives and their own rewritten thunk calls
 * before they run.
 */
static struct site sites[1 << BITS];
/* A call of the one can end in the other: that is all. */
static struct slot pairs[1 << PAIR_BITS];
static struct link links[1 << LINK_BITS];
static u32 now = 1;

u32 zu_site_age(void)
{
	/* read before the objects are: pairs with zu_site_forget() */
	return smp_load_acquire(&now);
}

static bool starts_cpu(unsigned long func)
{
	return func && (func == zu_sym.restart_int_handler ||
			func == zu_sym.startup_continue);
}

static void ask(unsigned long ip, bool exact, struct zu_site *ret)
{
	zu_table_site(&zu_object_text, NULL, ip, exact, ret);
	ret->cpu = starts_cpu(ret->func);
}

/* Is it about this? What follows may be copied, and counts if end_read() is true. */
static __always_inline bool begin_read(const struct slot *s, u64 a, u64 b,
				       u32 age, int *seq)
{
	*seq = atomic_read_acquire(&s->seq);
	return !(*seq & 1) && READ_ONCE(s->key[0]) == a &&
	       READ_ONCE(s->key[1]) == b && READ_ONCE(s->age) == age;
}

static __always_inline bool end_read(const struct slot *s, int seq)
{
	/* all was read before the second look */
	smp_rmb();
	return atomic_read(&s->seq) == seq;
}

/* False: somebody else writes, who is no worse. */
static bool begin_write(struct slot *s, u64 a, u64 b, u32 age)
{
	int seq = atomic_read(&s->seq);

	if (seq & 1 || atomic_cmpxchg(&s->seq, seq, seq + 1) != seq)
		return false;
	WRITE_ONCE(s->key[0], a);
	WRITE_ONCE(s->key[1], b);
	WRITE_ONCE(s->age, age);
	return true;
}

static void end_write(struct slot *s)
{
	atomic_set_release(&s->seq, atomic_read(&s->seq) + 1);
}

void zu_site_cached(unsigned long ip, bool exact, struct zu_site *ret)
{
	struct site *s = &sites[hash_64(ip >> 1, BITS)];
	u32 age = zu_site_age();
	int seq;

	if (begin_read(&s->slot, ip, exact, age, &seq)) {
		*ret = s->site;
		if (end_read(&s->slot, seq))
			return;
	}
	ask(ip, exact, ret);
	/* a call that a kprobe is set on is there again when that is gone */
	if (ip & 1 || (!exact && ret->call == ZU_CALL_NONE) ||
	    !begin_write(&s->slot, ip, exact, age))
		return;
	s->site = *ret;
	end_write(&s->slot);
}

bool zu_leads_to_cached(unsigned long target, unsigned long func)
{
	struct slot *s = &pairs[hash_64(target ^ func << 1, PAIR_BITS)];
	u32 age = zu_site_age();
	int seq;

	if (begin_read(s, target, func, age, &seq) && end_read(s, seq))
		return true;
	if (!zu_table_leads_to(&zu_object_text, NULL, target, func))
		return false;
	/* what may come in another's place may also go again */
	if (!zu_object_text.may_replace(NULL, func) &&
	    begin_write(s, target, func, age))
		end_write(s);
	return true;
}

static struct link *link_slot(u64 inner, u64 outer)
{
	return &links[hash_64(inner + (outer << 8), LINK_BITS)];
}

bool zu_link_cached(unsigned long inner, unsigned long outer,
		    struct zu_link *ret)
{
	struct link *l = link_slot(inner, outer);
	int seq;

	if (!begin_read(&l->slot, inner, outer, zu_site_age(), &seq))
		return false;
	*ret = l->link;
	return end_read(&l->slot, seq);
}

void zu_link_learn(unsigned long inner, unsigned long outer,
		   unsigned long func, const struct zu_link *link, u32 age)
{
	struct link *l = link_slot(inner, outer);

	/* what may come in another's place may also go again */
	if (zu_object_text.may_replace(NULL, func) ||
	    !begin_write(&l->slot, inner, outer, age))
		return;
	l->link = *link;
	end_write(&l->slot);
}

void zu_site_forget(void)
{
	smp_store_release(&now, now + 1);
}

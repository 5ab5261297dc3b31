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
 * @seq: odd while somebody writes; who finds it so goes without
 * @age: of what is remembered: see @now
 * @key: the address, odd if it is exact; 0: nothing
 */
struct slot {
	atomic_t seq;
	u32 age;
	u64 key;
	struct zu_site site;
};

/* A call of @target can end in @func; as struct slot */
struct pair {
	atomic_t seq;
	u32 age;
	u64 target;
	u64 func;
};

/* @inner, @outer: as zu_link_cached(); as struct slot */
struct link {
	atomic_t seq;
	u32 age;
	u64 inner;
	u64 outer;
	struct zu_link link;
};

/*
 * What was read of a call is what it does until a table goes: a kprobe that is
 * set on it later executes it all the same, elsewhere. Nothing else changes calls
 * by r14 in code that can be on a stack: ftrace has its own sites, jump labels
 * are jumps, and modules get alternatives and their own rewritten thunk calls
 * before they run.
 */
static struct slot slots[1 << BITS];
static struct pair pairs[1 << PAIR_BITS];
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

static bool recall(struct slot *s, u64 key, u32 age, struct zu_site *ret)
{
	int seq = atomic_read_acquire(&s->seq);

	if (seq & 1 || READ_ONCE(s->key) != key || READ_ONCE(s->age) != age)
		return false;
	*ret = s->site;
	/* all was read before the second look */
	smp_rmb();
	return atomic_read(&s->seq) == seq;
}

/* False: somebody else writes, who is no worse. */
static bool begin_write(atomic_t *seq, int *ret)
{
	*ret = atomic_read(seq);
	return !(*ret & 1) && atomic_cmpxchg(seq, *ret, *ret + 1) == *ret;
}

static void end_write(atomic_t *seq, int begun)
{
	atomic_set_release(seq, begun + 2);
}

static void remember(struct slot *s, u64 key, u32 age,
		     const struct zu_site *site)
{
	int seq;

	if (!begin_write(&s->seq, &seq))
		return;
	WRITE_ONCE(s->key, key);
	WRITE_ONCE(s->age, age);
	s->site = *site;
	end_write(&s->seq, seq);
}

void zu_site_cached(unsigned long ip, bool exact, struct zu_site *ret)
{
	u64 key = ip | exact;
	struct slot *s = &slots[hash_64(ip >> 1, BITS)];
	u32 age = zu_site_age();

	if (recall(s, key, age, ret))
		return;
	ask(ip, exact, ret);
	/* a call that a kprobe is set on is there again when that is gone */
	if (!(ip & 1) && (exact || ret->call != ZU_CALL_NONE))
		remember(s, key, age, ret);
}

static bool recall_pair(const struct pair *p, u64 target, u64 func, u32 age)
{
	int seq = atomic_read_acquire(&p->seq);
	bool same = READ_ONCE(p->target) == target &&
		    READ_ONCE(p->func) == func && READ_ONCE(p->age) == age;

	/* all was read before the second look */
	smp_rmb();
	return same && !(seq & 1) && atomic_read(&p->seq) == seq;
}

static void remember_pair(struct pair *p, u64 target, u64 func, u32 age)
{
	int seq;

	if (!begin_write(&p->seq, &seq))
		return;
	WRITE_ONCE(p->target, target);
	WRITE_ONCE(p->func, func);
	WRITE_ONCE(p->age, age);
	end_write(&p->seq, seq);
}

bool zu_leads_to_cached(unsigned long target, unsigned long func)
{
	struct pair *p = &pairs[hash_64(target ^ func << 1, PAIR_BITS)];
	u32 age = zu_site_age();

	if (recall_pair(p, target, func, age))
		return true;
	if (!zu_table_leads_to(&zu_object_text, NULL, target, func))
		return false;
	/* what may come in another's place may also go again */
	if (!zu_object_text.may_replace(NULL, func))
		remember_pair(p, target, func, age);
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
	u32 age = zu_site_age();
	int seq = atomic_read_acquire(&l->seq);

	if (READ_ONCE(l->inner) != inner || READ_ONCE(l->outer) != outer ||
	    READ_ONCE(l->age) != age || seq & 1)
		return false;
	*ret = l->link;
	/* all was read before the second look */
	smp_rmb();
	return atomic_read(&l->seq) == seq;
}

void zu_link_learn(unsigned long inner, unsigned long outer,
		   unsigned long func, const struct zu_link *link, u32 age)
{
	struct link *l = link_slot(inner, outer);
	int seq;

	/* what may come in another's place may also go again */
	if (zu_object_text.may_replace(NULL, func) ||
	    !begin_write(&l->seq, &seq))
		return;
	WRITE_ONCE(l->inner, inner);
	WRITE_ONCE(l->outer, outer);
	WRITE_ONCE(l->age, age);
	l->link = *link;
	end_write(&l->seq, seq);
}

void zu_site_forget(void)
{
	smp_store_release(&now, now + 1);
}

/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kern/rows.h"

#include <stdlib.h>
#include <string.h>

#include "image/capture.h"
#include "kern/callsite.h"
#include "kern/funcs.h"
#include "util/fail.h"

#define FIRST_SLOTS 2048u
/* A damaged dump can ask for a new address each time: then start over. */
#define MAX_SLOTS (1u << 17)

/* A remembered site: @key is its address, odd if it is exact; 0: empty */
struct site_slot {
	uint64_t key;
	struct zu_site site;
};

/* A remembered answer of zu_call_leads_to() */
struct pair_slot {
	uint64_t target;
	uint64_t func;
	bool leads;
};

struct zu_rows {
	struct zu_row_source table;
	struct site_slot *site;
	size_t sites;
	size_t nr_site;
	struct pair_slot *pair;
	size_t pairs;
	size_t nr_pair;
};

static size_t hash(uint64_t key, size_t slots)
{
	return (key * 0x9e3779b97f4a7c15ULL >> 32) & (slots - 1);
}

static struct site_slot *find_site(const struct zu_rows *r, uint64_t key)
{
	size_t i = hash(key, r->sites);

	while (r->site[i].key && r->site[i].key != key)
		i = (i + 1) & (r->sites - 1);
	return &r->site[i];
}

static struct pair_slot *find_pair(const struct zu_rows *r, uint64_t target,
				   uint64_t func)
{
	size_t i = hash(target ^ func << 17, r->pairs);

	while (r->pair[i].target && (r->pair[i].target != target ||
				     r->pair[i].func != func))
		i = (i + 1) & (r->pairs - 1);
	return &r->pair[i];
}

static bool grow_sites(struct zu_rows *r)
{
	struct zu_rows bigger = {
		.sites = r->sites ? r->sites * 2 : FIRST_SLOTS,
	};
	size_t i;

	if (r->nr_site < r->sites / 2)
		return true;
	if (bigger.sites > MAX_SLOTS) {
		memset(r->site, 0, r->sites * sizeof(*r->site));
		r->nr_site = 0;
		return true;
	}
	bigger.site = calloc(bigger.sites, sizeof(*bigger.site));
	if (!bigger.site)
		return false;
	for (i = 0; i < r->sites; i++)
		if (r->site[i].key)
			*find_site(&bigger, r->site[i].key) = r->site[i];
	free(r->site);
	r->site = bigger.site;
	r->sites = bigger.sites;
	return true;
}

/* Pairs are few: where there is no more room, all are asked again. */
static bool room_for_pair(struct zu_rows *r)
{
	if (!r->pair) {
		r->pair = calloc(FIRST_SLOTS, sizeof(*r->pair));
		r->pairs = r->pair ? FIRST_SLOTS : 0;
	} else if (r->nr_pair >= r->pairs / 2) {
		memset(r->pair, 0, r->pairs * sizeof(*r->pair));
		r->nr_pair = 0;
	}
	return r->pair;
}

static bool in_table(struct zu_kernel *k, uint64_t ip, bool exact,
		     struct zu_site *ret)
{
	const struct zu_row_source *t = &k->rows->table;

	return t->site && t->site(t->ctx, ip, exact, ret);
}

/* Where CPUs begin: arch/s390/kernel/entry.S, head64.S, 7.2 head.S */
static bool starts_cpu(const struct zu_symbol *sym)
{
	return !sym->module && (!strcmp(sym->name, "restart_int_handler") ||
				!strcmp(sym->name, "startup_continue"));
}

/* By a look at the code; @ret has the function of the address's symbol */
static void look(struct zu_kernel *k, uint64_t ip, bool exact,
		 struct zu_site *ret)
{
	uint64_t addr = exact ? ip : ip - 1;
	const struct zu_func *f;

	/* a place in a function has a symbol, too */
	f = zu_func_find(k, addr);
	if (f)
		ret->func = f->start;
	f = zu_func_look(k, addr);
	if (f)
		zu_func_row(f, addr, &ret->row);
	if (exact)
		return;
	ret->call = zu_call_before(k, ip, &ret->target);
}

static void ask(struct zu_kernel *k, uint64_t ip, bool exact,
		struct zu_site *ret)
{
	uint64_t addr = exact ? ip : ip - 1;
	bool gone = zu_code_is_gone(k, addr);
	struct zu_symbol sym = { .start = 0 };
	bool named = zu_kernel_symbol(k, addr, &sym);

	/* what a table says of code that was given away counts no more */
	if (gone || !in_table(k, ip, exact, ret)) {
		ret->func = sym.start;
		look(k, ip, exact, ret);
	}
	ret->gone = gone;
	ret->cpu = named && starts_cpu(&sym);
}

void zu_site(struct zu_kernel *k, uint64_t ip, bool exact,
	     struct zu_site *ret)
{
	struct zu_rows *r = k->rows;
	struct site_slot *slot;

	memset(ret, 0, sizeof(*ret));
	if (ip < 2 || ip % 2 || !grow_sites(r))
		return;
	slot = find_site(r, ip | exact);
	if (!slot->key) {
		ask(k, ip, exact, &slot->site);
		slot->key = ip | exact;
		r->nr_site++;
	}
	*ret = slot->site;
}

static bool ask_leads_to(struct zu_kernel *k, uint64_t target, uint64_t func)
{
	const struct zu_row_source *t = &k->rows->table;
	bool ret;

	if (t->leads_to && t->leads_to(t->ctx, target, func, &ret))
		return ret;
	return zu_call_leads_to(k, target, func);
}

bool zu_leads_to(struct zu_kernel *k, uint64_t target, uint64_t func)
{
	struct zu_rows *r = k->rows;
	struct pair_slot *slot;

	if (!target || !room_for_pair(r))
		return false;
	slot = find_pair(r, target, func);
	if (!slot->target) {
		slot->leads = ask_leads_to(k, target, func);
		slot->target = target;
		slot->func = func;
		r->nr_pair++;
	}
	return slot->leads;
}

/* Is there code to look at: not in old captures, nor in made-up kernels. */
static bool has_code(struct zu_kernel *k)
{
	uint8_t first[2];
	int ret;

	if (zu_image_is_capture(k->image))
		return zu_captured_says(k->image, "\ncode=yes\n");
	k->vm.quiet++;
	ret = zu_memory_read(&k->mem, k->global[ZU_G__stext], first,
			     sizeof(first));
	k->vm.quiet--;
	return !ret;
}

int zu_rows_create(struct zu_kernel *k, bool has_table, struct zu_error *err)
{
	int ret;

	if (!has_table && !has_code(k))
		return 0;
	ret = zu_funcs_create(k, err);
	if (ret)
		return ret;
	k->rows = calloc(1, sizeof(*k->rows));
	return k->rows ? 0 : zu_fail_nomem(err);
}

void zu_rows_use(struct zu_kernel *k, const struct zu_row_source *table)
{
	k->rows->table = *table;
}

void zu_rows_destroy(struct zu_rows *r)
{
	if (!r)
		return;
	if (r->table.close)
		r->table.close(r->table.ctx);
	free(r->site);
	free(r->pair);
	free(r);
}

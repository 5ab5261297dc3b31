// SPDX-License-Identifier: GPL-2.0-or-later
#define pr_fmt(fmt) "zunwind: " fmt

#include "kmod/objects.h"

#include <linux/device.h>
#include <linux/firmware.h>
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "kmod/module_text.h"
#include "kmod/object_check.h"
#include "kmod/site_cache.h"
#include "kmod/symbols.h"

/* Those that a walk may find, by address. Replaced as a whole. */
struct index {
	unsigned int nr;
	const struct zu_object *object[];
};

static LIST_HEAD(objects);
static LIST_HEAD(retired);	/* gone, but an index may still name them */
static DEFINE_MUTEX(lock);	/* of the list, and for replacing the index */
static struct index __rcu *current_index;
static struct device *device;	/* for messages of the firmware interface */

static bool holds(const struct zu_object *o, unsigned long addr)
{
	/* what is retired has no size */
	return READ_ONCE(o->size) && addr >= o->memory[0] &&
	       addr < o->memory[1];
}

const struct zu_object *zu_object_find(unsigned long addr)
{
	const struct index *index = rcu_dereference_sched(current_index);
	unsigned int low = 0, high = index ? index->nr : 0;

	/* the kernel, which lies above all modules, is asked for most */
	if (high && holds(index->object[high - 1], addr))
		return index->object[high - 1];
	while (low < high) {
		unsigned int middle = low + (high - low) / 2;
		const struct zu_object *o = index->object[middle];

		if (holds(o, addr))
			return o;
		if (addr < o->memory[0])
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

const struct zu_object *zu_object_find_trampoline(unsigned long addr)
{
	const struct index *index = rcu_dereference_sched(current_index);
	unsigned int i;

	for (i = 0; index && i < index->nr; i++) {
		const struct zu_object *o = index->object[i];

		if (READ_ONCE(o->size) && addr >= o->trampolines[0] &&
		    addr < o->trampolines[1])
			return o;
	}
	return NULL;
}

static int by_memory(const void *a, const void *b)
{
	const struct zu_object *const *x = a, *const *y = b;

	return (*x)->memory[0] < (*y)->memory[0] ? -1 :
	       (*x)->memory[0] > (*y)->memory[0];
}

static unsigned int count_loaded(void)
{
	const struct zu_object *o;
	unsigned int n = 0;

	list_for_each_entry(o, &objects, list)
		n += o->state == ZU_OBJECT_LOADED;
	return n;
}

/*
 * Let walks see what the list says now, and give back what none sees any more.
 * Without memory they go on with what they have, where what is retired has no
 * size and so is not found.
 */
static int publish(void)
{
	unsigned int nr = count_loaded();
	struct zu_object *o, *next;
	struct index *new, *old;

	new = kvmalloc(struct_size(new, object, nr), GFP_KERNEL);
	if (!new) {
		zu_site_forget();
		synchronize_rcu();
		return -ENOMEM;
	}
	new->nr = nr;
	nr = 0;
	list_for_each_entry(o, &objects, list)
		if (o->state == ZU_OBJECT_LOADED)
			new->object[nr++] = o;
	sort(new->object, nr, sizeof(new->object[0]), by_memory, NULL);
	old = rcu_replace_pointer(current_index, new, lockdep_is_held(&lock));
	zu_site_forget();
	synchronize_rcu();
	kvfree(old);
	list_for_each_entry_safe(o, next, &retired, list) {
		list_del(&o->list);
		kfree(o);
	}
	return 0;
}

/* No walk sees it any more when this is done, memory or not. */
static void retire(struct zu_object *o)
{
	const struct firmware *file = o->file;

	if (o->state != ZU_OBJECT_LOADED) {
		list_del(&o->list);
		kfree(o);
		return;
	}
	WRITE_ONCE(o->size, 0);
	o->state = ZU_OBJECT_NONE;
	o->module = NULL;
	list_move(&o->list, &retired);
	/* may free the object */
	publish();
	release_firmware(file);
}

static void refuse(struct zu_object *o, const char *why)
{
	char id[ZU_BUILD_ID_HEX];

	zu_build_id_hex(&o->id, id);
	pr_warn("zunwind/%s.zut, the table of %s, is refused: %s\n", id,
		o->name, why);
	o->state = ZU_OBJECT_REFUSED;
	o->why = why;
	release_firmware(o->file);
	o->file = NULL;
}

/* Of its objects, the one with the right build ID */
static bool find_rows(struct zu_object *o, const struct zu_table *t)
{
	u32 i;

	for (i = 0; i < t->nr_objects; i++) {
		zu_table_object(t, i, &o->rows);
		if (o->rows.build_id_len == o->id.len &&
		    !memcmp(o->rows.build_id, o->id.bytes, o->id.len) &&
		    !o->rows.name[0] == !o->module)
			return true;
	}
	return false;
}

static const char *check_file(struct zu_object *o)
{
	struct zu_table table;
	const char *why;

	if (zu_table_init(&table, o->file->data, o->file->size, &why))
		return why;
	if (!find_rows(o, &table))
		return "its build ID is another one: it was made of another file";
	return zu_object_check(o);
}

static int request_file(struct zu_object *o)
{
	char id[ZU_BUILD_ID_HEX], *path;
	int err;

	zu_build_id_hex(&o->id, id);
	path = kasprintf(GFP_KERNEL, "zunwind/%s.zut", id);
	if (!path)
		return -ENOMEM;
	err = request_firmware_direct(&o->file, path, device);
	kfree(path);
	return err;
}

/* The module, if it is one, cannot go away meanwhile. */
static void load(struct zu_object *o)
{
	const char *why;

	if (!o->id.len) {
		o->state = ZU_OBJECT_NO_BUILD_ID;
		return;
	}
	o->state = ZU_OBJECT_NONE;
	if (request_file(o))
		return;
	why = check_file(o);
	if (why) {
		refuse(o, why);
		return;
	}
	o->size = o->rows.size;
	o->state = ZU_OBJECT_LOADED;
}

static struct zu_object *find_by_module(const struct module *mod)
{
	struct zu_object *o;

	list_for_each_entry(o, &objects, list)
		if (o->module == mod)
			return o;
	return NULL;
}

static void add_kernel(struct zu_object *o)
{
	strscpy(o->name, "vmlinux", sizeof(o->name));
	zu_build_id_kernel(&o->id);
	o->begin = zu_sym.stext;
	o->memory[0] = zu_sym.stext;
	o->memory[1] = zu_sym.einittext;
}

static void add_module(struct zu_object *o, struct module *mod)
{
	strscpy(o->name, mod->name, sizeof(o->name));
	o->module = mod;
	o->livepatch = is_livepatch_module(mod);
	zu_build_id_module(mod, &o->id);
	zu_module_memory(mod, o->memory, o->trampolines);
}

/* @mod: NULL: the kernel; else it cannot go away meanwhile */
static int add(struct module *mod)
{
	struct zu_object *o;

	if (find_by_module(mod))
		return 0;
	o = kzalloc(sizeof(*o), GFP_KERNEL);
	if (!o)
		return -ENOMEM;
	if (mod)
		add_module(o, mod);
	else
		add_kernel(o);
	list_add_tail(&o->list, &objects);
	load(o);
	return o->state == ZU_OBJECT_LOADED ? publish() : 0;
}

static int notify(struct notifier_block *nb, unsigned long event, void *data)
{
	struct module *mod = data;
	struct zu_object *o;

	mutex_lock(&lock);
	/* one that was coming when we did is first seen live */
	if ((event == MODULE_STATE_COMING || event == MODULE_STATE_LIVE) &&
	    add(mod))
		pr_warn("no memory for the table of %s\n", mod->name);
	o = event == MODULE_STATE_GOING ? find_by_module(mod) : NULL;
	if (o)
		retire(o);
	mutex_unlock(&lock);
	return NOTIFY_DONE;
}

static struct notifier_block notifier = { .notifier_call = notify };

/* A module that is not in the list yet, held */
static struct module *next_module(void)
{
	struct list_head *head = (struct list_head *)zu_sym.modules;
	struct module *mod, *found = NULL;

	if (!head)
		return NULL;
	rcu_read_lock();
	list_for_each_entry_rcu(mod, head, list) {
		/* one that is coming may fail to, and then nobody says so */
		if (mod->state != MODULE_STATE_LIVE ||
		    find_by_module(mod) || !try_module_get(mod))
			continue;
		found = mod;
		break;
	}
	rcu_read_unlock();
	return found;
}

static int add_modules(void)
{
	struct module *mod;
	int err = 0;

	while (!err && (mod = next_module())) {
		err = add(mod);
		module_put(mod);
	}
	return err;
}

int zu_objects_reload(void)
{
	struct zu_object *o;
	int err;

	mutex_lock(&lock);
	list_for_each_entry(o, &objects, list)
		if (o->state != ZU_OBJECT_LOADED)
			load(o);
	err = publish();
	mutex_unlock(&lock);
	return err;
}

bool zu_objects_has_kernel(void)
{
	const struct zu_object *o;
	bool loaded;

	mutex_lock(&lock);
	o = find_by_module(NULL);
	loaded = o && o->state == ZU_OBJECT_LOADED;
	mutex_unlock(&lock);
	return loaded;
}

static const char *const state_words[] = {
	[ZU_OBJECT_NONE] = "none",
	[ZU_OBJECT_NO_BUILD_ID] = "no-build-id",
	[ZU_OBJECT_REFUSED] = "refused",
	[ZU_OBJECT_LOADED] = "loaded",
};

void zu_objects_show(struct seq_file *m)
{
	char id[ZU_BUILD_ID_HEX];
	struct zu_object *o;

	mutex_lock(&lock);
	list_for_each_entry(o, &objects, list) {
		zu_build_id_hex(&o->id, id);
		seq_printf(m, "%s %s %s", o->name, id, state_words[o->state]);
		if (o->state == ZU_OBJECT_REFUSED)
			seq_printf(m, " %s", o->why);
		seq_putc(m, '\n');
	}
	mutex_unlock(&lock);
}

int zu_objects_init(void)
{
	int err;

	device = root_device_register("zunwind");
	if (IS_ERR(device))
		return PTR_ERR(device);
	err = register_module_notifier(&notifier);
	mutex_lock(&lock);
	if (!err)
		err = add(NULL);
	if (!err)
		err = add_modules();
	mutex_unlock(&lock);
	if (err)
		zu_objects_exit();
	return err;
}

void zu_objects_exit(void)
{
	struct zu_object *o, *next;

	unregister_module_notifier(&notifier);
	mutex_lock(&lock);
	list_splice_init(&retired, &objects);
	kvfree(rcu_replace_pointer(current_index, NULL,
				   lockdep_is_held(&lock)));
	list_for_each_entry_safe(o, next, &objects, list) {
		list_del(&o->list);
		release_firmware(o->file);
		kfree(o);
	}
	mutex_unlock(&lock);
	root_device_unregister(device);
}

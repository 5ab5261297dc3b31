// SPDX-License-Identifier: GPL-2.0-or-later
#define pr_fmt(fmt) "zunwind: " fmt

#include "kmod/objects.h"

#include <linux/device.h>
#include <linux/firmware.h>
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "kmod/module_text.h"
#include "kmod/object_check.h"
#include "kmod/object_index.h"
#include "kmod/symbols.h"

static LIST_HEAD(objects);
static DEFINE_MUTEX(lock);	/* of the list, of what is in it, of the index */
static struct device *device;	/* for messages of the firmware interface */

/*
 * Files are read without the lock: to read one may load a module, whose
 * notification waits for it.
 */
static DEFINE_MUTEX(loading);
static void load_work(struct work_struct *work);
static DECLARE_WORK(work, load_work);

static void refuse(struct zu_object *o, const char *why)
{
	char id[ZU_BUILD_ID_HEX];

	zu_build_id_hex(&o->id, id);
	pr_warn("zunwind/%s.zut, the table of %s, is refused: %s\n", id,
		o->name, why);
	o->state = ZU_OBJECT_REFUSED;
	o->why = why;
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

static const char *check_file(struct zu_object *o, const struct firmware *file)
{
	struct zu_table table;
	const char *why;

	if (zu_table_init(&table, file->data, file->size, &why))
		return why;
	if (!find_rows(o, &table))
		return "its build ID is another one: it was made of another file";
	return zu_object_check(o);
}

/* NULL: there is none */
static const struct firmware *read_file(const struct zu_build_id *id)
{
	char hex[ZU_BUILD_ID_HEX], *path;
	const struct firmware *file = NULL;

	zu_build_id_hex(id, hex);
	path = kasprintf(GFP_KERNEL, "zunwind/%s.zut", hex);
	if (path && request_firmware_direct(&file, path, device))
		file = NULL;
	kfree(path);
	return file;
}

static struct zu_object *find_by_state(enum zu_object_state state)
{
	struct zu_object *o;

	list_for_each_entry(o, &objects, list)
		if (o->state == state)
			return o;
	return NULL;
}

static bool next_wanted(struct zu_build_id *id)
{
	struct zu_object *o;

	mutex_lock(&lock);
	o = find_by_state(ZU_OBJECT_WANTED);
	if (o) {
		o->state = ZU_OBJECT_LOADING;
		*id = o->id;
	}
	mutex_unlock(&lock);
	return o;
}

/* Returns true if the file is used. */
static bool take(struct zu_object *o, const struct firmware *file)
{
	const char *why;

	o->state = ZU_OBJECT_NONE;
	if (!file)
		return false;
	why = check_file(o, file);
	if (why) {
		refuse(o, why);
		return false;
	}
	o->file = file;
	o->size = o->rows.size;
	o->state = ZU_OBJECT_LOADED;
	return true;
}

static int load_next(const struct zu_build_id *id)
{
	const struct firmware *file = read_file(id);
	struct zu_object *o;
	bool used;
	int err = 0;

	mutex_lock(&lock);
	/* it is gone if its module went */
	o = find_by_state(ZU_OBJECT_LOADING);
	used = o && take(o, file);
	if (used)
		err = zu_index_set(&objects);
	mutex_unlock(&lock);
	if (!used)
		release_firmware(file);
	return err;
}

static int load_all(void)
{
	struct zu_build_id id;
	int err = 0;

	mutex_lock(&loading);
	while (!err && next_wanted(&id))
		err = load_next(&id);
	mutex_unlock(&loading);
	return err;
}

static void load_work(struct work_struct *unused)
{
	if (load_all())
		pr_warn("no memory for tables\n");
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

static void want(struct zu_object *o)
{
	o->state = o->id.len ? ZU_OBJECT_WANTED : ZU_OBJECT_NO_BUILD_ID;
}

/* @mod: NULL: the kernel */
static int add(struct module *mod)
{
	struct zu_object *o = kzalloc(sizeof(*o), GFP_KERNEL);

	if (!o)
		return -ENOMEM;
	if (mod)
		add_module(o, mod);
	else
		add_kernel(o);
	want(o);
	list_add_tail(&o->list, &objects);
	return 0;
}

static void come(struct module *mod)
{
	if (find_by_module(mod))
		return;
	if (add(mod))
		pr_warn("no memory for the table of %s\n", mod->name);
	else
		schedule_work(&work);
}

static int notify(struct notifier_block *nb, unsigned long event, void *data)
{
	struct zu_object *o;

	mutex_lock(&lock);
	/* one that was coming when we did is first seen live */
	if (event == MODULE_STATE_COMING || event == MODULE_STATE_LIVE)
		come(data);
	o = event == MODULE_STATE_GOING ? find_by_module(data) : NULL;
	if (o)
		zu_index_drop(o, &objects);
	mutex_unlock(&lock);
	return NOTIFY_DONE;
}

static struct notifier_block notifier = { .notifier_call = notify };

/*
 * A module that is not in the list yet. As long as the lock is held it stays:
 * that it goes would have been, or will be, notified.
 */
static struct module *next_module(void)
{
	struct list_head *head = (struct list_head *)zu_sym.modules;
	struct module *mod, *found = NULL;

	if (!head)
		return NULL;
	rcu_read_lock();
	list_for_each_entry_rcu(mod, head, list) {
		/* one that is coming may fail to, and then nobody says so */
		if (mod->state != MODULE_STATE_LIVE || find_by_module(mod))
			continue;
		found = mod;
		break;
	}
	rcu_read_unlock();
	return found;
}

static int add_all(void)
{
	struct module *mod;
	int err;

	mutex_lock(&lock);
	err = add(NULL);
	while (!err && (mod = next_module()))
		err = add(mod);
	mutex_unlock(&lock);
	return err;
}

int zu_objects_reload(void)
{
	struct zu_object *o;

	mutex_lock(&lock);
	list_for_each_entry(o, &objects, list)
		if (o->state == ZU_OBJECT_NONE || o->state == ZU_OBJECT_REFUSED)
			want(o);
	mutex_unlock(&lock);
	return load_all();
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
	[ZU_OBJECT_WANTED] = "loading",
	[ZU_OBJECT_LOADING] = "loading",
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
	if (!err)
		err = add_all();
	if (!err)
		err = load_all();
	if (err)
		zu_objects_exit();
	return err;
}

void zu_objects_exit(void)
{
	/* in this order: who reads tables has to hear of modules that go */
	disable_work_sync(&work);
	unregister_module_notifier(&notifier);
	mutex_lock(&lock);
	zu_index_clear(&objects);
	mutex_unlock(&lock);
	root_device_unregister(device);
}

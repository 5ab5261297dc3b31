// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Prints /proc/PID/task/TID/stack of every task, with the counts of context
 * switches read before and after: a task whose counts are the same at the
 * time of the dump has not run in between, so its stack is the same too.
 *
 *	task TID VOLUNTARY INVOLUNTARY
 *	[<0>] symbol+0x1c/0x80
 *	...
 */
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct switches {
	unsigned long voluntary, involuntary;
};

/* False when the task is gone. */
static int read_switches(const char *task, struct switches *ret)
{
	char path[300], line[256];
	int found = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/status", task);
	file = fopen(path, "r");
	if (!file)
		return 0;
	while (fgets(line, sizeof(line), file)) {
		found += sscanf(line, "voluntary_ctxt_switches: %lu",
				&ret->voluntary);
		found += sscanf(line, "nonvoluntary_ctxt_switches: %lu",
				&ret->involuntary);
	}
	fclose(file);
	return found == 2;
}

static size_t read_stack(const char *task, char *text, size_t size)
{
	char path[300];
	size_t len;
	FILE *file;

	snprintf(path, sizeof(path), "%s/stack", task);
	file = fopen(path, "r");
	if (!file)
		return 0;
	len = fread(text, 1, size - 1, file);
	text[len] = '\0';
	fclose(file);
	return len;
}

static void print_task(const char *task, const char *tid)
{
	static char text[64 * 1024];
	struct switches before, after;

	if (!read_switches(task, &before))
		return;
	text[0] = '\0';
	read_stack(task, text, sizeof(text));
	if (!read_switches(task, &after))
		return;
	/* Running meanwhile, or just now: no one moment to compare. */
	if (memcmp(&before, &after, sizeof(before)))
		return;
	printf("task %s %lu %lu\n%s", tid, after.voluntary, after.involuntary,
	       text);
}

static void print_process(const char *pid)
{
	char tasks[64], task[256];
	struct dirent *entry;
	DIR *dir;

	snprintf(tasks, sizeof(tasks), "/proc/%.20s/task", pid);
	dir = opendir(tasks);
	if (!dir)
		return;
	while ((entry = readdir(dir))) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		snprintf(task, sizeof(task), "%s/%.20s", tasks, entry->d_name);
		print_task(task, entry->d_name);
	}
	closedir(dir);
}

int main(void)
{
	struct dirent *entry;
	DIR *proc = opendir("/proc");

	if (!proc) {
		perror("/proc");
		return 1;
	}
	while ((entry = readdir(proc)))
		if (isdigit((unsigned char)entry->d_name[0]))
			print_process(entry->d_name);
	closedir(proc);
	return fflush(stdout) ? 1 : 0;
}

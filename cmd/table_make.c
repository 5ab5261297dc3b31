/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "check/built.h"
#include "check/table_func.h"
#include "cmd/cmd.h"
#include "cmd/table.h"
#include "util/fail.h"
#include "util/outfile.h"

static int each(void *ctx, struct zu_code *c, const struct zu_code_func *f,
		const struct zu_flow *flow, struct zu_error *err)
{
	bool trusted = flow && zu_flow_trusted(flow);
	struct table_making *m = ctx;

	if (!zu_code_in_text(c, f)) {
		m->outside++;
		return 0;
	}
	m->lacking += !trusted || flow->stats.rows_known < flow->stats.insns;
	m->known += trusted ? flow->stats.rows_known : 0;
	if (!m->q->sframe)
		return zu_table_maker_add(&m->maker, c, f, flow, err);
	if (!trusted)
		return 0;
	return zu_sframe_maker_rows(&m->sframe, f->addr - m->base, f->len,
				    flow->rows, flow->nr_rows, err);
}

/*
 * Addresses in an SFrame section are those of the file or of the kernel in the
 * source; relocatable files have none yet: there, offsets in .text.
 */
static uint64_t sframe_base(struct zu_code *c)
{
	uint64_t addr, len;

	if (!c->relocatable)
		return 0;
	return zu_code_section(c, ".text", &addr, &len) && addr <= c->text ?
	       addr : c->text;
}

static int begin_object(struct table_making *m, struct zu_code *c,
			struct zu_error *err)
{
	if (!m->q->sframe)
		return zu_table_maker_object(&m->maker, c->name, c->build_id,
					     c->build_id_len, c->text_len,
					     err);
	m->base = sframe_base(c);
	return 0;
}

static int make_objects(struct table_making *m, const struct zu_code_set *set,
			struct zu_error *err)
{
	struct zu_check_ops ops = {
		.ctx = m, .each = each, .no_back_chain = m->no_back_chain,
	};
	size_t i;
	int ret = 0;

	for (i = 0; i < set->nr && !ret; i++) {
		struct zu_code *c = &set->code[i];
		struct zu_check_sum sum;

		ret = begin_object(m, c, err);
		if (!ret)
			ret = zu_check_run(c, &ops, &sum, err);
		if (!ret)
			zu_check_add(&m->sum, &sum);
		else if (*c->name)
			zu_fail_at(err, "module %s", c->name);
	}
	return ret;
}

static int finish(struct table_making *m, const struct zu_code *first,
		  struct zu_error *err)
{
	if (m->q->sframe)
		return zu_sframe_maker_finish(&m->sframe, first->build_id,
					      first->build_id_len, &m->bytes,
					      &m->len, err);
	return zu_table_maker_finish(&m->maker, &m->bytes, &m->len, err);
}

/* @part: these are not all objects; one that has no code is fine, then */
static int make(struct table_making *m, const struct zu_code_set *set,
		bool part, struct zu_error *err)
{
	int ret = make_objects(m, set, err);

	if (!ret && !m->known && !part)
		ret = zu_fail(err, ZU_ENOENT,
			      "there is no code in it that has rows");
	if (!ret)
		ret = finish(m, &set->code[0], err);
	return ret ? zu_fail_at(err, "cannot make a table of %s", m->q->path) :
		     0;
}

static bool unfit(const struct table_making *m)
{
	uint64_t n = m->maker.unfit;
	int i;

	for (i = 0; i < ZU_SFRAME_UNFIT; i++)
		n += m->sframe.unfit[i];
	return n;
}

/* What is wrong with it is our fault, and shall not be found by others. */
static int write_file(struct table_making *m, struct zu_error *err)
{
	const char *why;

	if (!m->q->sframe && zu_table_init(&m->table, m->bytes, m->len, &why))
		return zu_fail(err, ZU_EFORMAT, "the table is not valid: %s",
			       why);
	return zu_outfile_write(strcmp(m->output, "-") ? m->output :
							 "/dev/stdout",
				m->bytes, m->len, err);
}

/* A file of some of the objects; an exit status */
static int make_file(const struct table_request *q, const char *output,
		     const struct zu_code_set *all,
		     const struct zu_code_set *set)
{
	struct table_making m = {
		.q = q,
		.output = output,
		.maker = ZU_TABLE_MAKER_INIT,
		.sframe = ZU_SFRAME_MAKER_INIT,
		.no_back_chain = !zu_code_back_chain(&all->code[0]),
	};
	struct zu_error err;
	int ret;

	ret = make(&m, set, set->nr < all->nr, &err);
	if (!ret)
		ret = write_file(&m, &err);
	if (ret)
		ret = cmd_error(&err);
	else
		ret = m.lacking || unfit(&m) ? EXIT_NO : EXIT_YES;
	if (ret != EXIT_CANT && strcmp(output, "-"))
		table_tell(&m);
	zu_table_maker_deinit(&m.maker);
	zu_sframe_maker_deinit(&m.sframe);
	free(m.bytes);
	return ret;
}

/* In a folder a file has the name of a build-id: so each object needs its own */
static int check_ids(const struct zu_code_set *set, struct zu_error *err)
{
	size_t i, k;

	for (i = 0; i < set->nr; i++) {
		const struct zu_code *c = &set->code[i];

		if (!c->build_id_len)
			return zu_fail(err, ZU_ENOENT,
				       "%s%s has no build-id to name a file by",
				       *c->name ? "module " : "the kernel",
				       c->name);
		for (k = 0; k < i; k++)
			if (set->code[k].build_id_len == c->build_id_len &&
			    !memcmp(set->code[k].build_id, c->build_id,
				    c->build_id_len))
				return zu_fail(err, ZU_EINVAL,
					       "module %s has the build-id of another one",
					       c->name);
	}
	return 0;
}

static char *file_name(const char *folder, const struct zu_code *c)
{
	char hex[2 * sizeof(c->build_id) + 1] = "", *path;
	uint32_t i;

	for (i = 0; i < c->build_id_len; i++)
		snprintf(hex + 2 * i, 3, "%02x", c->build_id[i]);
	return asprintf(&path, "%s/%s.zut", folder, hex) < 0 ? NULL : path;
}

static int make_each(const struct table_request *q,
		     const struct zu_code_set *set)
{
	int status = EXIT_YES, ret;
	struct zu_error err;
	size_t i;

	if (check_ids(set, &err)) {
		zu_fail_at(&err, "cannot make a table of %s", q->path);
		return cmd_error(&err);
	}
	for (i = 0; i < set->nr && status != EXIT_CANT; i++) {
		struct zu_code_set one = { .code = &set->code[i], .nr = 1 };
		char *path = file_name(q->output, &set->code[i]);

		if (!path) {
			zu_fail_nomem(&err);
			return cmd_error(&err);
		}
		ret = make_file(q, path, set, &one);
		status = ret > status ? ret : status;
		free(path);
	}
	return status;
}

static bool is_folder(const char *path)
{
	struct stat st;

	return !stat(path, &st) && S_ISDIR(st.st_mode);
}

int table_make(const struct table_request *q)
{
	struct zu_code_set set;
	struct zu_error err;
	int ret;

	if (zu_code_open(q->path, &set, &err))
		return cmd_error(&err);
	ret = !q->sframe && is_folder(q->output) ?
	      make_each(q, &set) : make_file(q, q->output, &set, &set);
	zu_code_close(&set);
	return cmd_finish(ret);
}

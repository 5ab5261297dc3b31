/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/check.h"

#define SCHEMA "zunwind.check/1"

static void json_begin(struct check_report *r)
{
	struct zu_json *j = &r->out;

	zu_json_open(j, NULL, '{');
	zu_json_string(j, "schema", SCHEMA);
	zu_json_string(j, "source", r->path);
	zu_json_open(j, "objects", '[');
}

static void put_build_id(struct zu_json *j, const struct zu_code *c)
{
	char hex[2 * sizeof(c->build_id) + 1];
	size_t i;

	for (i = 0; i < c->build_id_len; i++) {
		hex[2 * i] = "0123456789abcdef"[c->build_id[i] >> 4];
		hex[2 * i + 1] = "0123456789abcdef"[c->build_id[i] & 15];
	}
	hex[2 * i] = '\0';
	zu_json_string(j, "build_id", hex);
}

static void json_object(struct check_report *r, const struct zu_code *c)
{
	struct zu_json *j = &r->out;

	zu_json_newline(j);
	zu_json_open(j, NULL, '{');
	zu_json_string(j, "name", c->name);
	put_build_id(j, c);
	zu_json_open(j, "findings", '[');
	r->hinted.out.len = 0;
	r->hinted.comma = false;
}

static void put_finding(struct zu_json *j, const char *name,
			const struct zu_finding *n)
{
	size_t i;

	zu_json_newline(j);
	zu_json_open(j, NULL, '{');
	zu_json_string(j, "function", name);
	zu_json_int(j, "offset", n->offset);
	zu_json_string(j, "kind", zu_finding_word(n->kind));
	zu_json_string(j, "text", zu_finding_text(n->kind));
	zu_json_bool(j, "path_cut", n->path_cut);
	zu_json_open(j, "path", '[');
	for (i = 0; i < n->nr_path; i++) {
		zu_json_open(j, NULL, '{');
		zu_json_int(j, "from", n->path[i].from);
		zu_json_int(j, "to", n->path[i].to);
		zu_json_close(j, '}');
	}
	zu_json_close(j, ']');
	zu_json_close(j, '}');
}

static void json_func(struct check_report *r, const struct zu_code *c,
		      const struct zu_code_func *f, const struct zu_flow *flow)
{
	const char *name = c->names + f->name;
	struct zu_json *h = &r->hinted;
	size_t i;

	if (!flow)
		return;
	for (i = 0; i < flow->nr_findings; i++)
		put_finding(&r->out, name, &flow->findings[i]);
	if (flow->verdict != ZU_FLOW_HINTED)
		return;
	zu_json_newline(h);
	zu_json_open(h, NULL, '{');
	zu_json_string(h, "function", name);
	zu_json_string(h, "reason", flow->hint);
	zu_json_close(h, '}');
}

static void put_sum(struct zu_json *j, const struct zu_check_sum *s)
{
	size_t i;

	zu_json_int(j, "functions", (int64_t)s->functions);
	zu_json_int(j, "proven", (int64_t)s->verdict[ZU_FLOW_PROVEN]);
	zu_json_int(j, "hinted", (int64_t)s->verdict[ZU_FLOW_HINTED]);
	zu_json_int(j, "unproven", (int64_t)s->verdict[ZU_FLOW_UNPROVEN]);
	zu_json_int(j, "unread", (int64_t)s->unread);
	zu_json_open(j, "causes", '{');
	for (i = 0; i < ZU_FINDING_COUNT; i++)
		if (s->cause[i])
			zu_json_int(j, zu_finding_word((enum zu_finding_kind)i),
				    (int64_t)s->cause[i]);
	zu_json_close(j, '}');
	zu_json_int(j, "instructions", (int64_t)s->code.insns);
	zu_json_int(j, "rows", (int64_t)s->code.rows_known);
	zu_json_int(j, "calls", (int64_t)s->code.calls);
	zu_json_int(j, "jump_tables", (int64_t)s->code.jump_tables);
	zu_json_int(j, "open_tables", (int64_t)s->code.open_tables);
	zu_json_int(j, "executed", (int64_t)s->code.executed);
	zu_json_int(j, "traps", (int64_t)s->code.traps);
	zu_json_int(j, "text", (int64_t)s->text);
	zu_json_int(j, "covered", (int64_t)s->covered);
}

static void json_object_end(struct check_report *r, const struct zu_code *c,
			    const struct zu_check_sum *sum)
{
	struct zu_json *j = &r->out;

	(void)c;
	zu_json_close(j, ']');
	zu_json_open(j, "hints", '[');
	if (r->hinted.out.len)
		zu_json_raw(j, r->hinted.out.data, r->hinted.out.len);
	j->out.failed |= r->hinted.out.failed;
	zu_json_close(j, ']');
	put_sum(j, sum);
	zu_json_close(j, '}');
}

static void json_end(struct check_report *r)
{
	struct zu_json *j = &r->out;

	zu_json_close(j, ']');
	zu_json_open(j, "summary", '{');
	zu_json_int(j, "objects", (int64_t)r->set->nr);
	put_sum(j, &r->total);
	zu_json_close(j, '}');
	zu_json_close(j, '}');
	zu_buf_add(&j->out, "\n", 1);
}

const struct check_format check_json = {
	.name = "json",
	.begin = json_begin,
	.object = json_object,
	.func = json_func,
	.object_end = json_object_end,
	.end = json_end,
};

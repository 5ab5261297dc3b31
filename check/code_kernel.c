/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The objects of a kernel in a source: its own text and that of its modules,
 * as they stand in memory. Each text is read as a whole when it is first
 * asked for; all else, like jump tables, piece by piece.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "check/code_kinds.h"
#include "check/code_syms.h"
#include "core/bytes.h"
#include "kern/module.h"
#include "kern/text_symbols.h"
#include "util/big.h"
#include "util/buf.h"
#include "util/fail.h"

/* more than a kernel or module has */
#define TEXT_MAX (256u << 20)
/* as much as anybody may ask for at a time */
#define PIECE_MAX (8u << 20)

/* What the objects of a source share */
struct source {
	struct zu_kernel *k;
	struct zu_code *code;
	size_t nr;
	size_t open;		/* objects that are not closed yet */
	uint8_t *piece;		/* the last one that was read */
	size_t piece_cap;
};

/* Private to an object */
struct text {
	struct source *source;
	struct zu_text_range range;
	uint8_t *bytes;
	bool tried;
};

static bool covers(const struct zu_text_range *r, uint64_t addr)
{
	return addr >= r->begin && addr <= r->last;
}

static const uint8_t *whole_text(struct text *t)
{
	uint64_t len = t->range.last - t->range.begin + 1;

	if (t->tried)
		return t->bytes;
	t->tried = true;
	t->bytes = zu_big_alloc(len);
	if (t->bytes && zu_memory_read(&t->source->k->mem, t->range.begin,
				       t->bytes, len)) {
		free(t->bytes);
		t->bytes = NULL;
	}
	return t->bytes;
}

static const uint8_t *read_piece(struct source *s, uint64_t addr, size_t len)
{
	if (len > PIECE_MAX)
		return NULL;
	if (len > s->piece_cap) {
		uint8_t *more = realloc(s->piece, len);

		if (!more)
			return NULL;
		s->piece = more;
		s->piece_cap = len;
	}
	return zu_memory_read(&s->k->mem, addr, s->piece, len) ? NULL :
	       s->piece;
}

static const uint8_t *kernel_bytes(struct zu_code *c, uint64_t addr,
				   size_t len)
{
	struct text *t = c->priv;
	const uint8_t *bytes;

	if (covers(&t->range, addr)) {
		if (!len || len - 1 > t->range.last - addr)
			return NULL;
		bytes = whole_text(t);
		if (bytes)
			return bytes + (addr - t->range.begin);
	}
	return read_piece(t->source, addr, len);
}

/*
 * Where an entry of a module's PLT leads: "basr 1,0; lg 1,12(1)", a branch,
 * the address (apply_rela() in arch/s390/kernel/module.c). They lie in front
 * of the module's functions. 0: it is none
 */
static uint64_t plt_target(struct zu_code *c, uint64_t addr)
{
	static const uint8_t shape[] = {
		0x0d, 0x10, 0xe3, 0x10, 0x10, 0x0c, 0x00, 0x04,
	};
	const struct text *t = c->priv;
	const uint8_t *code;

	if (t->range.kind != ZU_TEXT_MODULE || !covers(&t->range, addr) ||
	    addr >= c->text)
		return 0;
	code = kernel_bytes(c, addr, 22);
	return code && !memcmp(code, shape, sizeof(shape)) ?
	       zu_be64(code + 14) : 0;
}

/* Init text is no object, but some code still leads there: __ref */
static const char *init_name(const struct source *s, uint64_t addr)
{
	const struct zu_text_range *r = zu_text_find(&s->k->text, addr);
	struct zu_symbol sym;

	if (!r || r->kind != ZU_TEXT_INIT ||
	    !zu_kernel_symbol(s->k, addr, &sym))
		return NULL;
	return sym.start == addr ? sym.name : NULL;
}

/* The name of a function in any object, or NULL */
static const char *name_at(struct zu_code *c, uint64_t addr)
{
	const struct source *s = ((struct text *)c->priv)->source;
	const struct zu_code_func *f = NULL;
	size_t i;

	for (i = 0; i < s->nr && !f; i++) {
		c = &s->code[i];
		if (covers(&((struct text *)c->priv)->range, addr))
			f = zu_code_func_at(c, addr);
	}
	if (!f)
		return init_name(s, addr);
	return f->addr == addr ? c->names + f->name : NULL;
}

static const char *kernel_dest_name(struct zu_code *c, uint64_t addr)
{
	const struct zu_code_func *f = zu_code_func_at(c, addr);
	uint64_t to;

	if (f)
		return f->addr == addr ? c->names + f->name : NULL;
	to = plt_target(c, addr);
	return name_at(c, to ? to : addr);
}

static bool kernel_is_entry(struct zu_code *c, uint64_t addr)
{
	return kernel_dest_name(c, addr);
}

static bool kernel_symbol(struct zu_code *c, const char *name, uint64_t *ret)
{
	const struct text *t = c->priv;
	const struct zu_kallsyms *ks = t->source->k->symbols.kallsyms;
	uint64_t addr = 0;
	size_t i;

	if (t->range.kind == ZU_TEXT_KERNEL && ks) {
		zu_kallsyms_find(ks, &name, 1, &addr);
		*ret = addr;
		return addr;
	}
	for (i = 0; i < c->nr_func; i++) {
		if (strcmp(c->names + c->func[i].name, name))
			continue;
		*ret = c->func[i].addr;
		return true;
	}
	return false;
}

static bool kernel_section(struct zu_code *c, const char *name, uint64_t *addr,
			   uint64_t *len)
{
	const struct text *t = c->priv;

	return t->range.kind == ZU_TEXT_MODULE && !strcmp(name, "__bug_table") &&
	       zu_module_bugs(t->source->k, t->range.owner, addr, len);
}

static void kernel_close(struct zu_code *c)
{
	struct text *t = c->priv;
	struct source *s = t->source;

	free(t->bytes);
	free(t);
	if (--s->open)
		return;
	zu_kernel_close(s->k);
	free(s->piece);
	free(s);
}

/* Symbols on their way into an object */
struct collect {
	struct zu_code_syms syms;
	struct zu_buf names;
	bool sparse;		/* sizes say where a function ends */
	bool failed;
};

static bool collect_one(void *ctx, const struct zu_text_symbol *sym)
{
	static const uint8_t kinds[] = {
		[ZU_TEXT_FUNCTION] = ZU_CODE_SYM_FUNC,
		[ZU_TEXT_LABEL] = ZU_CODE_SYM_LABEL,
		[ZU_TEXT_DATA] = ZU_CODE_SYM_DATA,
	};
	struct collect *co = ctx;
	struct zu_code_sym s = {
		.addr = sym->addr,
		.size = sym->size,
		.name = (uint32_t)co->names.len,
		.kind = kinds[sym->type],
		.global = sym->global,
		.weak = sym->weak,
	};
	struct zu_code_sym end = {
		.addr = sym->addr + sym->size,
		.name = s.name,
		.kind = ZU_CODE_SYM_DATA,
	};

	zu_buf_add(&co->names, sym->name, strlen(sym->name) + 1);
	co->failed = co->names.failed || co->names.len > INT32_MAX ||
		     !zu_code_syms_add(&co->syms, &s) ||
		     (co->sparse && !zu_code_syms_add(&co->syms, &end));
	return !co->failed;
}

static int collect(const struct text *t, struct collect *co,
		   struct zu_error *err)
{
	const struct zu_text_symbols to = { .each = collect_one, .ctx = co };
	int ret;

	co->sparse = !t->source->k->symbols.kallsyms;
	co->syms.range = malloc(sizeof(*co->syms.range));
	if (!co->syms.range)
		return zu_fail_nomem(err);
	*co->syms.range = (struct zu_code_range){
		.begin = t->range.begin, .end = t->range.last + 1,
	};
	co->syms.nr_range = 1;
	ret = zu_text_symbols(t->source->k, &t->range, &to, err);
	return !ret && co->failed ? zu_fail_nomem(err) : ret;
}

static int find_functions(struct zu_code *c, struct zu_error *err)
{
	struct collect co = { .failed = false };
	int ret;

	ret = collect(c->priv, &co, err);
	zu_buf_add(&co.names, "", 1);
	if (!ret && co.names.failed)
		ret = zu_fail_nomem(err);
	if (!ret) {
		c->names = co.names.data;
		co.names.data = NULL;
		ret = zu_code_syms_take(&co.syms, c, err);
	}
	zu_code_syms_deinit(&co.syms);
	zu_buf_deinit(&co.names);
	return ret;
}

/* Hex digits, as VMCOREINFO has them; zeros: the kernel has none */
static void set_build_id(struct zu_code *c, const char *hex)
{
	char digits[3] = "";
	uint8_t any = 0;
	size_t i;

	for (i = 0; i < sizeof(c->build_id) && hex[2 * i] && hex[2 * i + 1];
	     i++) {
		memcpy(digits, hex + 2 * i, 2);
		c->build_id[i] = (uint8_t)strtoul(digits, NULL, 16);
		any |= c->build_id[i];
	}
	c->build_id_len = any ? (uint32_t)i : 0;
}

static int name_it(struct zu_code *c, struct zu_error *err)
{
	const struct text *t = c->priv;
	struct zu_kernel *k = t->source->k;
	char name[128] = "";

	if (t->range.kind == ZU_TEXT_MODULE &&
	    !zu_module_name(k, t->range.owner, name, sizeof(name)))
		memcpy(name, "?", 2);
	zu_code_name_clean(name);
	c->name = strdup(name);
	c->path = strdup(k->image->path);
	return c->name && c->path ? 0 : zu_fail_nomem(err);
}

static void describe(struct zu_code *c)
{
	const struct text *t = c->priv;
	struct zu_kernel *k = t->source->k;

	if (t->range.kind == ZU_TEXT_KERNEL) {
		set_build_id(c, k->build_id);
	} else {
		c->build_id_len = zu_module_build_id(k, t->range.owner,
						     c->build_id);
		if (c->nr_func)
			c->text = c->func[0].addr;
	}
	c->text_len = t->range.last - c->text + 1;
}

static int add_object(struct source *s, const struct zu_text_range *range,
		      struct zu_error *err)
{
	static const struct zu_code_ops ops = {
		.bytes = kernel_bytes,
		.is_entry = kernel_is_entry,
		.dest_name = kernel_dest_name,
		.symbol = kernel_symbol,
		.section = kernel_section,
		.close = kernel_close,
	};
	struct zu_code *c = &s->code[s->nr];
	struct text *t;
	int ret;

	if (range->last - range->begin >= TEXT_MAX)
		return zu_fail(err, ZU_EFORMAT,
			       "text of %" PRIu64 " bytes is too much",
			       range->last - range->begin + 1);
	t = calloc(1, sizeof(*t));
	if (!t)
		return zu_fail_nomem(err);
	*t = (struct text){ .source = s, .range = *range };
	*c = (struct zu_code){ .ops = &ops, .priv = t, .text = range->begin };
	s->nr++;
	s->open++;
	ret = name_it(c, err);
	if (!ret)
		ret = find_functions(c, err);
	if (!ret)
		describe(c);
	return ret;
}

/* The kernel's text, or that of a module, but for init text */
static bool is_object(const struct zu_kernel *k,
		      const struct zu_text_range *range)
{
	uint64_t text;

	if (range->kind == ZU_TEXT_MODULE)
		return !zu_module_text(k, range->owner, &text) ||
		       text == range->begin;
	return range->kind == ZU_TEXT_KERNEL;
}

static int add_objects(struct source *s, struct zu_error *err)
{
	const struct zu_text *text = &s->k->text;
	int kernel, ret = 0;
	size_t i;

	s->code = calloc(text->count + 1, sizeof(*s->code));
	if (!s->code)
		return zu_fail_nomem(err);
	for (kernel = 1; kernel >= 0; kernel--)
		for (i = 0; i < text->count && !ret; i++)
			if ((text->range[i].kind == ZU_TEXT_KERNEL) == kernel &&
			    is_object(s->k, &text->range[i]))
				ret = add_object(s, &text->range[i], err);
	return ret;
}

int zu_kernel_code_open(const char *path, struct zu_code_set *ret,
			struct zu_error *err)
{
	struct source *s = calloc(1, sizeof(*s));
	struct zu_code_set set;
	int code;

	if (!s)
		return zu_fail_nomem(err);
	code = zu_kernel_open(path, NULL, &s->k, err);
	if (code) {
		free(s);
		return code;
	}
	s->open = 1;
	code = add_objects(s, err);
	set = (struct zu_code_set){ .code = s->code, .nr = s->nr };
	/* from here on the objects alone keep it */
	if (!--s->open) {
		zu_kernel_close(s->k);
		free(s);
	}
	if (code) {
		zu_code_close(&set);
		return zu_fail_at(err, "%s", path);
	}
	*ret = set;
	return 0;
}

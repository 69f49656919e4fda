/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/str.h"
#include "diff.h"

struct field {
	size_t offset;
	size_t size;
	bool text;
};

/* Text ends at its NUL: what stands behind it is nobody's business. */
#define IS_TEXT_(type, f) \
	(!__builtin_types_compatible_p(__typeof__(((type *) 0)->f), uint32_t) && \
	 !__builtin_types_compatible_p(__typeof__(((type *) 0)->f), uint64_t) && \
	 !__builtin_types_compatible_p(__typeof__(((type *) 0)->f), int64_t) && \
	 !__builtin_types_compatible_p(__typeof__(((type *) 0)->f), bool))
#define FIELD_(type, f) \
	{ offsetof(type, f), sizeof(((type *) 0)->f), IS_TEXT_(type, f) }

#define SUBSYSTEM_ENTRY_(suffix, field) FIELD_(struct subsystem, field),
static const struct field subsystem_fields[] = {
	SUBSYSTEM_FIELDS(SUBSYSTEM_ENTRY_)
};
#define CONTROLLER_ENTRY_(suffix, field) FIELD_(struct controller, field),
static const struct field controller_fields[] = {
	CONTROLLER_FIELDS(CONTROLLER_ENTRY_)
};
#define HEAD_ENTRY_(suffix, field) FIELD_(struct head, field),
static const struct field head_fields[] = {
	HEAD_FIELDS(HEAD_ENTRY_)
};
#define PATH_ENTRY_(suffix, field) FIELD_(struct path, field),
static const struct field path_fields[] = {
	PATH_FIELDS(PATH_ENTRY_)
};

/* One array of a snapshot, whatever it holds. */
struct array {
	enum object_kind kind;
	const void *items;
	size_t n;
	size_t size;
	const struct field *fields;
	size_t n_fields;
};

static struct array array_of(const struct snapshot *s, enum object_kind kind)
{
	struct array a = { .kind = kind };

	switch (kind) {
	case OBJECT_SUBSYSTEM:
		a = (struct array) { kind, s->subsystems, s->n_subsystems,
			sizeof(struct subsystem), subsystem_fields,
			ARRAY_SIZE(subsystem_fields) };
		break;
	case OBJECT_CONTROLLER:
		a = (struct array) { kind, s->controllers, s->n_controllers,
			sizeof(struct controller), controller_fields,
			ARRAY_SIZE(controller_fields) };
		break;
	case OBJECT_NAMESPACE:
		a = (struct array) { kind, s->heads, s->n_heads,
			sizeof(struct head), head_fields,
			ARRAY_SIZE(head_fields) };
		break;
	case OBJECT_PATH:
		a = (struct array) { kind, s->paths, s->n_paths,
			sizeof(struct path), path_fields,
			ARRAY_SIZE(path_fields) };
		break;
	case OBJECT_REMOVAL:
	case _OBJECT_KIND_MAX:
	case _OBJECT_KIND_INVALID:
		break;
	}
	return a;
}

static const struct object *item(const struct array *a, size_t i)
{
	return (const void *) ((const char *) a->items + i * a->size);
}

static uint32_t fields_differ(const struct array *a, const void *x, const void *y)
{
	uint32_t mask = 0;

	for (size_t i = 0; i < a->n_fields; i++) {
		const char *p = (const char *) x + a->fields[i].offset;
		const char *q = (const char *) y + a->fields[i].offset;

		if (a->fields[i].text ? strcmp(p, q) != 0 :
		    memcmp(p, q, a->fields[i].size) != 0)
			mask |= FIELD_BIT(i);
	}
	return mask;
}

uint32_t path_diff(const struct path *a, const struct path *b)
{
	struct array fields = {
		.fields = path_fields,
		.n_fields = ARRAY_SIZE(path_fields),
	};

	return fields_differ(&fields, a, b);
}

uint32_t controller_diff(const struct controller *a, const struct controller *b)
{
	struct array fields = {
		.fields = controller_fields,
		.n_fields = ARRAY_SIZE(controller_fields),
	};

	return fields_differ(&fields, a, b);
}

/* Merges two sorted arrays; @gone chooses which half of the news to tell. */
static void diff_arrays(const struct array *a, const struct array *b, bool gone,
			diff_func_t func, void *userdata)
{
	size_t i = 0, j = 0;

	while (i < a->n || j < b->n) {
		const struct object *x = i < a->n ? item(a, i) : NULL;
		const struct object *y = j < b->n ? item(b, j) : NULL;
		int c = !x ? 1 : !y ? -1 : str_compare_natural(x->name, y->name);
		bool replaced = c == 0 && x->ino != y->ino;
		struct difference d = { .kind = a->kind };

		if (gone && (c < 0 || replaced)) {
			d.change = CHANGE_REMOVED;
			d.before = x;
			func(userdata, &d);
		}
		if (!gone && (c > 0 || replaced)) {
			d.change = CHANGE_ADDED;
			d.after = y;
			func(userdata, &d);
		}
		if (!gone && c == 0 && !replaced) {
			d.change = CHANGE_CHANGED;
			d.before = x;
			d.after = y;
			d.fields = fields_differ(a, x, y);
			if (d.fields)
				func(userdata, &d);
		}
		if (c <= 0)
			i++;
		if (c >= 0)
			j++;
	}
}

void snapshot_diff(const struct snapshot *before, const struct snapshot *after,
		   diff_func_t func, void *userdata)
{
	static const enum object_kind order[] = {
		OBJECT_SUBSYSTEM, OBJECT_CONTROLLER, OBJECT_NAMESPACE, OBJECT_PATH,
	};

	for (size_t i = ARRAY_SIZE(order); i-- > 0;) {
		struct array a = array_of(before, order[i]);
		struct array b = array_of(after, order[i]);

		diff_arrays(&a, &b, true, func, userdata);
	}
	for (size_t i = 0; i < ARRAY_SIZE(order); i++) {
		struct array a = array_of(before, order[i]);
		struct array b = array_of(after, order[i]);

		diff_arrays(&a, &b, false, func, userdata);
	}
}

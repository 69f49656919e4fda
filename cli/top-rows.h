/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rows of top: paths, sorted, with what their counters gained. */
#ifndef NVMPATH_CLI_TOP_ROWS_H
#define NVMPATH_CLI_TOP_ROWS_H

#include <json-c/json.h>

#include "model.h"
#include "scope.h"
#include "table.h"

/* X(SUFFIX, word, key) */
#define TOP_SORTS(X)				\
	X(CONDITION, "condition", 'c')		\
	X(FAILOVERS, "failovers", 'f')		\
	X(REDIRECTS, "redirects", 'r')		\
	X(IN_FLIGHT, "inflight", 'i')		\
	X(NAME, "name", 'n')

enum top_sort {
#define X(suffix, word, key) TOP_##suffix,
	TOP_SORTS(X)
#undef X
	_TOP_SORT_MAX,
	_TOP_SORT_INVALID = -22,
};

const char *top_sort_to_string(enum top_sort sort);
enum top_sort top_sort_from_string(const char *word);
enum top_sort top_sort_from_key(char key);

/* Inits and fills; table_done() is the caller's. before may be empty: no gains then. */
void top_fill(struct table *t, const struct args *args, const struct model *now,
	      const struct model *before, const struct scope *scope, enum top_sort sort);

/* The same paths in the same order, an array. */
struct json_object *top_to_json(const struct model *now, const struct model *before,
				const struct scope *scope, enum top_sort sort);

/* What a counter gained; a decrease is a new base, unknown stays unknown. */
int64_t top_gain(int64_t now, int64_t before);

#endif

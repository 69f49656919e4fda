/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Small models for the tests: one namespace over as many paths as named. */
#ifndef NVMPATH_TEST_BUILD_MODEL_H
#define NVMPATH_TEST_BUILD_MODEL_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "props.h"

static inline void set_text(char **at, const char *text)
{
	(void) prop_set_text(at, strdup(text));
}

static inline void *build(struct model *m, enum object_kind kind, const char *name)
{
	struct object *o = object_new(kind);

	o->name = strdup(name);
	if (model_add(m, o) < 0)
		return NULL;
	return o;
}

static inline void set_list(char ***at, const char *const *texts, size_t n)
{
	char **list = calloc(n + 1, sizeof(*list));

	for (size_t i = 0; i < n; i++)
		list[i] = strdup(texts[i]);
	(void) prop_set_texts(at, list);
}

/* Path nvme0cIn1 over controller nvmeI of head nvme0n1. */
static inline struct path *build_path(struct model *m, int i, const char *ana, bool usable)
{
	char name[32], ctrl[32];
	struct controller *c;
	struct path *p;

	(void) snprintf(name, sizeof(name), "nvme0c%dn1", i);
	(void) snprintf(ctrl, sizeof(ctrl), "nvme%d", i);
	c = build(m, KIND_CONTROLLER, ctrl);
	set_text(&c->state, "live");
	p = build(m, KIND_PATH, name);
	set_text(&p->controller, ctrl);
	set_text(&p->namespace, "nvme0n1");
	set_text(&p->ana_state, ana);
	set_text(&p->path_state, usable ? "usable" : "ctrl_down");
	p->usable = usable;
	return p;
}

static inline struct namespace *build_head(struct model *m, const char *const *paths,
					   size_t n, unsigned int usable)
{
	struct namespace *ns = build(m, KIND_NAMESPACE, "nvme0n1");

	set_list(&ns->paths, paths, n);
	ns->usable_paths = usable;
	return ns;
}

#endif

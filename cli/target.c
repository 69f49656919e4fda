/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "target.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "resolve.h"
#include "say.h"

/* As many names as an error line carries. */
#define NAMES_SHOWN 8

static void join(char *buf, size_t size, const char * const *names, size_t n)
{
	size_t used = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < n && i < NAMES_SHOWN && used < size; i++)
		used += (size_t) snprintf(buf + used, size - used, "%s%s", i ? ", " : "",
					  names[i]);
	if (n > NAMES_SHOWN && used < size)
		(void) snprintf(buf + used, size - used, ", ...");
}

enum nvmpath_exit target_any(const struct model *m, const char *text,
			     const struct object **ret)
{
	struct candidates near;
	char names[512];
	int r;

	r = resolve(m, text, ret, &near);
	if (r >= 0)
		return NVMPATH_EXIT_OK;
	join(names, sizeof(names), near.names, near.n);
	if (r == -ENOTUNIQ)
		say_error("%s: more than one subsystem has this NQN; name one: %s", text, names);
	else if (near.n)
		say_error("%s: no such object; did you mean %s?", text, names);
	else
		say_error("%s: no such object; see what there is with: nvmpathctl list", text);
	return NVMPATH_EXIT_NO_SUCH_OBJECT;
}

static void join_list(char *buf, size_t size, char * const *list)
{
	join(buf, size, (const char * const *) list, strv_len(list));
}

/* The controllers behind the head's paths, each once. */
static void join_controllers_of(const struct model *m, const struct namespace *ns,
				char *buf, size_t size)
{
	const char *names[NAMES_SHOWN + 1];
	size_t n = 0;

	for (char **p = ns->paths; *p && n <= NAMES_SHOWN; p++) {
		const struct path *path = model_path(m, *p);
		bool known = !path || !*path->controller;

		for (size_t i = 0; i < n && !known; i++)
			known = !strcmp(names[i], path->controller);
		if (!known)
			names[n++] = path->controller;
	}
	join(buf, size, names, n);
}

static void refuse_head(const struct model *m, const char *verb, const struct namespace *ns)
{
	char paths[512], controllers[512];

	join_list(paths, sizeof(paths), ns->paths);
	join_controllers_of(m, ns, controllers, sizeof(controllers));
	if (!*paths)
		say_error("cannot %s %s: it is a namespace without paths that could be named",
			  verb, ns->object.name);
	else
		say_error("cannot %s %s: it is a namespace head, reached over all its paths; "
			  "name a path (%s) or a controller (%s) instead",
			  verb, ns->object.name, paths, controllers);
}

static void refuse_subsystem(const char *verb, const struct subsystem *s)
{
	char controllers[512];

	join_list(controllers, sizeof(controllers), s->controllers);
	say_error("cannot %s %s: it is a whole subsystem; name a controller (%s) or one of "
		  "its paths instead", verb, s->object.name, controllers);
}

enum nvmpath_exit target_path_or_controller(const struct model *m, const char *verb,
					    const char *text, const struct object **ret)
{
	enum nvmpath_exit code = target_any(m, text, ret);

	if (code != NVMPATH_EXIT_OK)
		return code;
	switch ((*ret)->kind) {
	case KIND_PATH:
	case KIND_CONTROLLER:
		return NVMPATH_EXIT_OK;
	case KIND_NAMESPACE:
		refuse_head(m, verb, (const struct namespace *) *ret);
		return NVMPATH_EXIT_USAGE;
	case KIND_SUBSYSTEM:
		refuse_subsystem(verb, (const struct subsystem *) *ret);
		return NVMPATH_EXIT_USAGE;
	case KIND_REMOVAL:
	case KIND_MANAGER:
	case _KIND_MAX:
	case _KIND_INVALID:
		break;
	}
	say_error("cannot %s %s: it is a removal; name a path or a controller", verb, text);
	return NVMPATH_EXIT_USAGE;
}

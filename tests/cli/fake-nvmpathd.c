/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A stand-in for nvmpathd that answers from a file: objects in the form that
 * "nvmpathctl status --json" prints, besides what each method does:
 *
 *	"methods": {
 *		"nvme3.Remove":	{ "removal": "7" },
 *		"nvme1.Remove":	{ "error": "LastPath", "message": "..." },
 *		"nvme2.Hold":	{}
 *	},
 *	"steps": { "7": [ { "state": "holding" }, ... ] },
 *	"cancelled": { "7": [ { "state": "rolled-back", "errno": 125 } ] }
 *
 * A removal takes one step each time it is read. A method that is not listed
 * is denied, as it is to users other than root.
 */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-bus.h>

#include "props.h"
#include "util.h"

struct fake {
	struct json_object *scenario;
};

static const char *prefix_of(enum object_kind kind)
{
	static const char * const prefixes[] = {
		[KIND_SUBSYSTEM] = NVMPATH_OBJ_SUBSYSTEM,
		[KIND_CONTROLLER] = NVMPATH_OBJ_CONTROLLER,
		[KIND_NAMESPACE] = NVMPATH_OBJ_NAMESPACE,
		[KIND_PATH] = NVMPATH_OBJ_PATH,
		[KIND_REMOVAL] = NVMPATH_OBJ_REMOVAL,
	};

	return prefixes[kind];
}

/* What an object-valued property points at follows from its key. */
static enum object_kind kind_from_key(const char *key)
{
	for (int k = 0; k < KIND_MANAGER; k++) {
		const char *word = object_kind_to_string((enum object_kind) k);

		if (!strncmp(word, key, strlen(word)))
			return (enum object_kind) k;
	}
	return _KIND_INVALID;
}

static char *bus_path(enum object_kind kind, const char *name)
{
	char *path = NULL;

	if (kind < 0 || !*name)
		return strdup("/");
	if (sd_bus_path_encode(prefix_of(kind), name, &path) < 0)
		return NULL;
	return path;
}

static struct json_object *get(struct json_object *o, const char *key)
{
	struct json_object *v = NULL;

	if (o)
		(void) json_object_object_get_ex(o, key, &v);
	return v;
}

static const char *text(struct json_object *v)
{
	return v ? json_object_get_string(v) : "";
}

static int append_name(sd_bus_message *m, const struct prop *p, struct json_object *v)
{
	_cleanup_free_ char *path = bus_path(kind_from_key(p->key), text(v));

	return sd_bus_message_append_basic(m, 'o', path);
}

static int append_array(sd_bus_message *m, const struct prop *p, struct json_object *v)
{
	bool names = p->type == PROP_NAMES;
	size_t n = v ? json_object_array_length(v) : 0;
	int r;

	r = sd_bus_message_open_container(m, 'a', names ? "o" : "s");
	for (size_t i = 0; i < n && r >= 0; i++) {
		struct json_object *at = json_object_array_get_idx(v, i);

		r = names ? append_name(m, p, at) :
			    sd_bus_message_append_basic(m, 's', text(at));
	}
	return r < 0 ? r : sd_bus_message_close_container(m);
}

static int append_value(sd_bus_message *m, const struct prop *p, struct json_object *v)
{
	int64_t number = json_object_get_int64(v);
	int32_t number32 = (int32_t) number;
	int boolean = json_object_get_boolean(v);

	switch (p->type) {
	case PROP_TEXT:
		return sd_bus_message_append_basic(m, 's', text(v));
	case PROP_NAME:
		return append_name(m, p, v);
	case PROP_TEXTS:
	case PROP_NAMES:
		return append_array(m, p, v);
	case PROP_BOOL:
		return sd_bus_message_append_basic(m, 'b', &boolean);
	case PROP_U32:
		return sd_bus_message_append_basic(m, 'u', &number32);
	case PROP_I32:
		return sd_bus_message_append_basic(m, 'i', &number32);
	case PROP_U64:
		return sd_bus_message_append_basic(m, 't', &number);
	case PROP_I64:
		number = v ? number : COUNTER_UNKNOWN;
		return sd_bus_message_append_basic(m, 'x', &number);
	}
	return -EINVAL;
}

static const char *signature(const struct prop *p)
{
	static const char * const signatures[] = {
		[PROP_TEXT] = "s", [PROP_TEXTS] = "as", [PROP_NAME] = "o",
		[PROP_NAMES] = "ao", [PROP_BOOL] = "b", [PROP_U32] = "u",
		[PROP_I32] = "i", [PROP_U64] = "t", [PROP_I64] = "x",
	};

	return signatures[p->type];
}

static int append_properties(sd_bus_message *m, enum object_kind kind, struct json_object *o)
{
	const struct kind_info *info = kind_info(kind);
	int r;

	r = sd_bus_message_open_container(m, 'a', "{sv}");
	for (size_t i = 0; i < info->n_props && r >= 0; i++) {
		const struct prop *p = &info->props[i];

		r = sd_bus_message_open_container(m, 'e', "sv");
		if (r >= 0)
			r = sd_bus_message_append_basic(m, 's', p->member);
		if (r >= 0)
			r = sd_bus_message_open_container(m, 'v', signature(p));
		if (r >= 0)
			r = append_value(m, p, get(o, p->key));
		if (r >= 0)
			r = sd_bus_message_close_container(m);
		if (r >= 0)
			r = sd_bus_message_close_container(m);
	}
	return r < 0 ? r : sd_bus_message_close_container(m);
}

static int append_object(sd_bus_message *m, enum object_kind kind, struct json_object *o)
{
	_cleanup_free_ char *path = bus_path(kind, text(get(o, "name")));
	int r;

	r = sd_bus_message_open_container(m, 'e', "oa{sa{sv}}");
	if (r >= 0)
		r = sd_bus_message_append_basic(m, 'o', path);
	if (r >= 0)
		r = sd_bus_message_open_container(m, 'a', "{sa{sv}}");
	if (r >= 0)
		r = sd_bus_message_open_container(m, 'e', "sa{sv}");
	if (r >= 0)
		r = sd_bus_message_append_basic(m, 's', kind_info(kind)->interface);
	if (r >= 0)
		r = append_properties(m, kind, o);
	for (int i = 0; i < 3 && r >= 0; i++)
		r = sd_bus_message_close_container(m);
	return r;
}

static int answer_objects(struct fake *f, sd_bus_message *reply)
{
	int r;

	r = sd_bus_message_open_container(reply, 'a', "{oa{sa{sv}}}");
	for (int k = 0; k < KIND_MANAGER && r >= 0; k++) {
		enum object_kind kind = (enum object_kind) k;
		struct json_object *list = get(f->scenario, kind_info(kind)->json_list);
		size_t n = list ? json_object_array_length(list) : 0;

		for (size_t i = 0; i < n && r >= 0; i++)
			r = append_object(reply, kind, json_object_array_get_idx(list, i));
	}
	return r < 0 ? r : sd_bus_message_close_container(reply);
}

static struct json_object *find_object(struct fake *f, enum object_kind kind,
				       const char *name)
{
	struct json_object *list = get(f->scenario, kind_info(kind)->json_list);
	size_t n = list ? json_object_array_length(list) : 0;

	for (size_t i = 0; i < n; i++) {
		struct json_object *o = json_object_array_get_idx(list, i);

		if (!strcmp(text(get(o, "name")), name))
			return o;
	}
	return NULL;
}

/* Merges the removal's next step, if there is one, into the removal. */
static void take_step(struct fake *f, const char *name, struct json_object *removal)
{
	struct json_object *steps = get(get(f->scenario, "steps"), name);

	if (!steps || !json_object_array_length(steps))
		return;
	json_object_object_foreach(json_object_array_get_idx(steps, 0), key, value)
		(void) json_object_object_add(removal, key, json_object_get(value));
	(void) json_object_array_del_idx(steps, 0, 1);
}

static char *object_name(sd_bus_message *m)
{
	const char *path = sd_bus_message_get_path(m);
	const char *slash = strrchr(path, '/');
	_cleanup_free_ char *prefix = strndup(path, (size_t) (slash - path));
	char *name = NULL;

	if (sd_bus_path_decode(path, prefix, &name) <= 0)
		return strdup("");
	return name;
}

static int answer_properties(struct fake *f, sd_bus_message *m, sd_bus_message *reply)
{
	_cleanup_free_ char *name = object_name(m);
	struct json_object *o;
	const char *interface;
	enum object_kind kind;
	int r;

	r = sd_bus_message_read_basic(m, 's', &interface);
	if (r < 0)
		return r;
	kind = kind_from_interface(interface);
	if (kind < 0)
		return -EINVAL;
	if (kind == KIND_MANAGER)
		return append_properties(reply, kind, get(f->scenario, "manager"));
	o = find_object(f, kind, name);
	if (kind == KIND_REMOVAL && o)
		take_step(f, name, o);
	return append_properties(reply, kind, o);
}

/* A cancelled removal goes on with other steps. */
static void cancel(struct fake *f, const char *name)
{
	struct json_object *steps = get(get(f->scenario, "cancelled"), name);

	if (steps)
		(void) json_object_object_add(get(f->scenario, "steps"), name,
					      json_object_get(steps));
}

static int reply_error(sd_bus_message *m, const char *name, const char *message)
{
	_cleanup_free_ char *full = NULL;

	if (strchr(name, '.'))
		return sd_bus_reply_method_errorf(m, name, "%s", message);
	if (asprintf(&full, NVMPATH_ERROR_PREFIX "%s", name) < 0)
		return -ENOMEM;
	return sd_bus_reply_method_errorf(m, full, "%s", message);
}

static int answer_method(struct fake *f, sd_bus_message *m)
{
	_cleanup_free_ char *name = object_name(m), *key = NULL, *path = NULL;
	struct json_object *method;

	if (asprintf(&key, "%s.%s", name, sd_bus_message_get_member(m)) < 0)
		return -ENOMEM;
	method = get(get(f->scenario, "methods"), key);
	if (!method)
		return reply_error(m, SD_BUS_ERROR_ACCESS_DENIED, "Permission denied");
	if (get(method, "error"))
		return reply_error(m, text(get(method, "error")), text(get(method, "message")));
	if (!strcmp(sd_bus_message_get_member(m), "Cancel"))
		cancel(f, name);
	if (!get(method, "removal"))
		return sd_bus_reply_method_return(m, NULL);
	path = bus_path(KIND_REMOVAL, text(get(method, "removal")));
	return sd_bus_reply_method_return(m, "o", path);
}

static int answer_read(struct fake *f, sd_bus_message *m, bool objects)
{
	__attribute__((cleanup(sd_bus_message_unrefp))) sd_bus_message *reply = NULL;
	int r;

	r = sd_bus_message_new_method_return(m, &reply);
	if (r >= 0)
		r = objects ? answer_objects(f, reply) : answer_properties(f, m, reply);
	if (r < 0)
		return sd_bus_reply_method_errno(m, r, NULL);
	return sd_bus_send(NULL, reply, NULL);
}

static int on_message(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	(void) error;
	if (sd_bus_message_is_method_call(m, NULL, "GetManagedObjects"))
		return answer_read(userdata, m, true) < 0 ? -EIO : 1;
	if (sd_bus_message_is_method_call(m, NULL, "GetAll"))
		return answer_read(userdata, m, false) < 0 ? -EIO : 1;
	if (sd_bus_message_is_method_call(m, NULL, NULL))
		return answer_method(userdata, m) < 0 ? -EIO : 1;
	return 0;
}

static int serve(sd_bus *bus)
{
	int r;

	for (;;) {
		r = sd_bus_process(bus, NULL);
		if (r < 0)
			return r;
		if (r == 0)
			r = sd_bus_wait(bus, UINT64_MAX);
		if (r < 0 && r != -EINTR)
			return r;
	}
}

int main(int argc, char *argv[])
{
	struct fake f = { .scenario = argc == 2 ? json_object_from_file(argv[1]) : NULL };
	sd_bus *bus = NULL;
	int r;

	if (!f.scenario) {
		fprintf(stderr, "fake-nvmpathd: cannot read a scenario\n");
		return EXIT_FAILURE;
	}
	r = sd_bus_open_system(&bus);
	if (r >= 0)
		r = sd_bus_add_filter(bus, NULL, on_message, &f);
	if (r >= 0)
		r = sd_bus_request_name(bus, NVMPATH_BUS_NAME, 0);
	if (r >= 0) {
		(void) puts("ready");
		(void) fflush(stdout);
		r = serve(bus);
	}
	/* The test ends the bus when it is done. */
	return r == -ECONNRESET || r == -ENOTCONN ? EXIT_SUCCESS : EXIT_FAILURE;
}

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
 * The manager's methods are found by their target: "traddr=10.0.1.1.Hold". Plan answers with
 * "facts" and "namespaces"; History from the scenario's "events". A call of Emit sends those of
 * "emit" as signals; Stop ends the stand-in.
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
	case PROP_SECONDS:
		number = !v ? COUNTER_UNKNOWN : !strcmp(text(v), "off") ? NVMPATH_SEC_OFF : number;
		return sd_bus_message_append_basic(m, 'x', &number);
	}
	return -EINVAL;
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
			r = sd_bus_message_open_container(m, 'v', prop_signature(p->type));
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

static int append_fact(sd_bus_message *m, const char *key, struct json_object *v)
{
	size_t n = json_object_is_type(v, json_type_array) ? json_object_array_length(v) : 0;
	int r;

	if (json_object_is_type(v, json_type_string))
		return sd_bus_message_append(m, "{sv}", key, "s", text(v));
	if (json_object_is_type(v, json_type_boolean))
		return sd_bus_message_append(m, "{sv}", key, "b", json_object_get_boolean(v));
	r = sd_bus_message_open_container(m, 'e', "sv");
	if (r >= 0)
		r = sd_bus_message_append_basic(m, 's', key);
	if (r >= 0)
		r = sd_bus_message_open_container(m, 'v', "as");
	if (r >= 0)
		r = sd_bus_message_open_container(m, 'a', "s");
	for (size_t i = 0; i < n && r >= 0; i++)
		r = sd_bus_message_append_basic(m, 's', text(json_object_array_get_idx(v, i)));
	for (int i = 0; i < 3 && r >= 0; i++)
		r = sd_bus_message_close_container(m);
	return r;
}

static int append_plan(sd_bus_message *m, struct json_object *plan)
{
	struct json_object *list = get(plan, "namespaces");
	size_t n = list ? json_object_array_length(list) : 0;
	int r = sd_bus_message_open_container(m, 'a', "{sv}");

	json_object_object_foreach(get(plan, "facts"), key, value)
		r = r < 0 ? r : append_fact(m, key, value);
	if (r >= 0)
		r = sd_bus_message_close_container(m);
	if (r >= 0)
		r = sd_bus_message_open_container(m, 'a', "(ouuuus)");
	for (size_t i = 0; i < n && r >= 0; i++) {
		struct json_object *o = json_object_array_get_idx(list, i);
		_cleanup_free_ char *path = bus_path(KIND_NAMESPACE, text(get(o, "name")));

		r = sd_bus_message_append(m, "(ouuuus)", path,
					  json_object_get_int(get(o, "usable_now")),
					  json_object_get_int(get(o, "usable_left")),
					  json_object_get_int(get(o, "optimized_left")),
					  json_object_get_int(get(o, "ports_left")),
					  text(get(o, "verdict")));
	}
	return r < 0 ? r : sd_bus_message_close_container(m);
}

static int append_event(sd_bus_message *m, struct json_object *e)
{
	struct json_object *extra = get(e, "extra");
	int r;

	r = sd_bus_message_append(m, "tssssst", json_object_get_int64(get(e, "time_usec")),
				  text(get(e, "kind")), text(get(e, "object")),
				  text(get(e, "from")), text(get(e, "to")),
				  text(get(e, "reason")),
				  json_object_get_int64(get(e, "duration_usec")));
	if (r >= 0)
		r = sd_bus_message_open_container(m, 'a', "{ss}");
	if (extra) {
		json_object_object_foreach(extra, key, value)
			r = r < 0 ? r : sd_bus_message_append(m, "{ss}", key, text(value));
	}
	return r < 0 ? r : sd_bus_message_close_container(m);
}

static bool is_asked_for(struct json_object *e, uint64_t since, uint64_t until, const char *object)
{
	uint64_t at = (uint64_t) json_object_get_int64(get(e, "time_usec"));

	return at >= since && (!until || at <= until) &&
	       (!*object || !strcmp(object, text(get(e, "object"))));
}

static int answer_history(struct fake *f, sd_bus_message *m, sd_bus_message *reply)
{
	struct json_object *list = get(f->scenario, "events");
	size_t n = list ? json_object_array_length(list) : 0, first = 0, hits = 0;
	uint64_t since, until;
	const char *object;
	uint32_t max;
	int r;

	r = sd_bus_message_read(m, "ttsu", &since, &until, &object, &max);
	for (size_t i = 0; i < n; i++)
		hits += is_asked_for(json_object_array_get_idx(list, i), since, until, object);
	if (r >= 0)
		r = sd_bus_message_open_container(reply, 'a', "(tsssssta{ss})");
	for (size_t i = 0; i < n && r >= 0; i++) {
		struct json_object *e = json_object_array_get_idx(list, i);

		if (!is_asked_for(e, since, until, object) || (max && first++ + max < hits))
			continue;
		r = sd_bus_message_open_container(reply, 'r', "tsssssta{ss}");
		if (r >= 0)
			r = append_event(reply, e);
		if (r >= 0)
			r = sd_bus_message_close_container(reply);
	}
	return r < 0 ? r : sd_bus_message_close_container(reply);
}

static int emit(struct fake *f, sd_bus *bus)
{
	struct json_object *list = get(f->scenario, "emit");
	size_t n = list ? json_object_array_length(list) : 0;
	int r = 0;

	for (size_t i = 0; i < n && r >= 0; i++) {
		__attribute__((cleanup(sd_bus_message_unrefp))) sd_bus_message *m = NULL;

		r = sd_bus_message_new_signal(bus, &m, NVMPATH_OBJ_ROOT, NVMPATH_IFACE_MANAGER,
					      "Event");
		if (r >= 0)
			r = append_event(m, json_object_array_get_idx(list, i));
		if (r >= 0)
			r = sd_bus_send(bus, m, NULL);
	}
	return r;
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

/* What a method is found by: the object's name, or the target of the manager's. */
static char *method_key(sd_bus_message *m)
{
	_cleanup_free_ char *name = object_name(m);
	const char *target = name;
	char *key;

	if (!strcmp(sd_bus_message_get_path(m), NVMPATH_OBJ_ROOT) &&
	    sd_bus_message_read_basic(m, 's', &target) < 0)
		return NULL;
	return asprintf(&key, "%s.%s", target, sd_bus_message_get_member(m)) < 0 ? NULL : key;
}

static int answer_method(struct fake *f, sd_bus_message *m)
{
	_cleanup_free_ char *name = object_name(m), *key = method_key(m), *path = NULL;
	struct json_object *method;

	method = key ? get(get(f->scenario, "methods"), key) : NULL;
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

static int answer_objects_call(struct fake *f, sd_bus_message *m, sd_bus_message *reply)
{
	(void) m;
	return answer_objects(f, reply);
}

static int answer_plan(struct fake *f, sd_bus_message *m, sd_bus_message *reply)
{
	_cleanup_free_ char *key = method_key(m);

	return append_plan(reply, key ? get(get(f->scenario, "methods"), key) : NULL);
}

static int answer_emit(struct fake *f, sd_bus_message *m, sd_bus_message *reply)
{
	(void) reply;
	return emit(f, sd_bus_message_get_bus(m));
}

static int answer_stop(struct fake *f, sd_bus_message *m, sd_bus_message *reply)
{
	(void) f;
	(void) m;
	(void) reply;
	exit(EXIT_SUCCESS);
}

static const struct reader {
	const char *member;
	int (*answer)(struct fake *f, sd_bus_message *m, sd_bus_message *reply);
} readers[] = {
	{ "GetManagedObjects", answer_objects_call },
	{ "GetAll", answer_properties },
	{ "History", answer_history },
	{ "Plan", answer_plan },
	{ "Emit", answer_emit },
	{ "Stop", answer_stop },
};

static int answer_read(struct fake *f, sd_bus_message *m, const struct reader *reader)
{
	__attribute__((cleanup(sd_bus_message_unrefp))) sd_bus_message *reply = NULL;
	int r;

	r = sd_bus_message_new_method_return(m, &reply);
	if (r >= 0)
		r = reader->answer(f, m, reply);
	if (r < 0)
		return sd_bus_reply_method_errno(m, r, NULL);
	return sd_bus_send(NULL, reply, NULL);
}

/* A plan that is an error, or that nobody wrote, is answered as any other method. */
static bool is_plan_refused(struct fake *f, sd_bus_message *m)
{
	_cleanup_free_ char *key = NULL;
	bool refused;

	if (strcmp(sd_bus_message_get_member(m), "Plan"))
		return false;
	key = method_key(m);
	refused = !key || !get(get(get(f->scenario, "methods"), key), "facts");
	(void) sd_bus_message_rewind(m, true);
	return refused;
}

static int on_message(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	(void) error;
	for (size_t i = 0; i < ARRAY_SIZE(readers); i++)
		if (sd_bus_message_is_method_call(m, NULL, readers[i].member) &&
		    !is_plan_refused(userdata, m))
			return answer_read(userdata, m, &readers[i]) < 0 ? -EIO : 1;
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

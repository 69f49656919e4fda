/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "auth.h"
#include "base/log.h"
#include "base/str.h"
#include "bulk.h"
#include "inhibit.h"
#include "lease.h"
#include "object.h"

static char **strv_free(char **list)
{
	for (char **s = list; s && *s; s++)
		free(*s);
	free(list);
	return NULL;
}
DEFINE_CLEANUP(char **, strv_free)

static enum object_kind kind_of_interface(const char *interface)
{
	for (int kind = 0; kind < _OBJECT_KIND_MAX; kind++)
		if (str_equal(object_interface((enum object_kind) kind), interface))
			return (enum object_kind) kind;
	return _OBJECT_KIND_INVALID;
}

static int find(sd_bus *bus, const char *path, const char *interface,
		void *userdata, void **ret, sd_bus_error *error)
{
	const struct bus *b = userdata;
	enum object_kind kind = kind_of_interface(interface);
	_cleanup_free_ char *name = NULL;
	int r;

	(void) bus;
	(void) error;
	if ((int) kind < 0)
		return 0;
	r = sd_bus_path_decode(path, object_prefix(kind), &name);
	if (r <= 0)
		return r;
	*ret = object_lookup(b, kind, name);
	return *ret != NULL;
}

static size_t count_objects(const struct bus *b, enum object_kind kind)
{
	const struct snapshot *s = b->m->now;
	const size_t counts[] = {
		[OBJECT_SUBSYSTEM] = s->n_subsystems,
		[OBJECT_CONTROLLER] = s->n_controllers,
		[OBJECT_NAMESPACE] = s->n_heads,
		[OBJECT_PATH] = s->n_paths,
		[OBJECT_REMOVAL] = b->m->n_jobs,
	};

	return (size_t) kind < ARRAY_SIZE(counts) ? counts[kind] : 0;
}

static const char *object_name(const struct bus *b, enum object_kind kind,
			       size_t i, char removal[NAME_SIZE])
{
	const struct snapshot *s = b->m->now;

	switch (kind) {
	case OBJECT_SUBSYSTEM:
		return s->subsystems[i].o.name;
	case OBJECT_CONTROLLER:
		return s->controllers[i].o.name;
	case OBJECT_NAMESPACE:
		return s->heads[i].o.name;
	case OBJECT_PATH:
		return s->paths[i].o.name;
	case OBJECT_REMOVAL:
		(void) snprintf(removal, NAME_SIZE, "%" PRIu32, b->m->jobs[i]->id);
		return removal;
	case _OBJECT_KIND_MAX:
	case _OBJECT_KIND_INVALID:
		break;
	}
	return "";
}

/*
 * Which kind is asked for comes with @userdata: for GetManagedObjects sd-bus
 * hands every enumerator the path of the object manager.
 */
static int enumerate(sd_bus *bus, const char *prefix, void *userdata,
		     char ***ret, sd_bus_error *error)
{
	const struct enumerator *e = userdata;
	const struct bus *b = e->b;
	enum object_kind kind = e->kind;
	size_t n = count_objects(b, kind);
	_cleanup_(strv_freep) char **list = calloc(n + 1, sizeof(*list));

	(void) bus;
	(void) prefix;
	(void) error;
	if (!list)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		char removal[NAME_SIZE];
		int r = sd_bus_path_encode(object_prefix(kind), object_name(b, kind, i, removal),
					   &list[i]);

		if (r < 0)
			return r;
	}
	*ret = TAKE_PTR(list);
	return 0;
}

static int publish_kind(struct bus *b, enum object_kind kind)
{
	static const sd_bus_vtable *const vtables[] = {
		[OBJECT_SUBSYSTEM] = subsystem_vtable,
		[OBJECT_CONTROLLER] = controller_vtable,
		[OBJECT_NAMESPACE] = namespace_vtable,
		[OBJECT_PATH] = path_vtable,
		[OBJECT_REMOVAL] = removal_vtable,
	};
	struct enumerator *e = &b->enumerators[kind];
	const char *prefix = object_prefix(kind);
	int r;

	*e = (struct enumerator) { .b = b, .kind = kind };
	r = sd_bus_add_fallback_vtable(b->bus, NULL, prefix, object_interface(kind),
				       vtables[kind], find, b);
	if (r < 0)
		return r;
	return sd_bus_add_node_enumerator(b->bus, NULL, prefix, enumerate, e);
}

static int publish(struct bus *b)
{
	int r;

	r = sd_bus_add_object_vtable(b->bus, NULL, NVMPATH_OBJ_ROOT,
				     NVMPATH_IFACE_MANAGER, manager_vtable, b);
	if (r >= 0)
		r = sd_bus_add_object_manager(b->bus, NULL, NVMPATH_OBJ_ROOT);
	for (int kind = 0; r >= 0 && kind < _OBJECT_KIND_MAX; kind++)
		r = publish_kind(b, (enum object_kind) kind);
	return r;
}

static int open_bus(const char *address, sd_bus **ret)
{
	sd_bus *bus = NULL;
	int r;

	if (!address)
		return sd_bus_open_system(ret);
	r = sd_bus_new(&bus);
	if (r >= 0)
		r = sd_bus_set_address(bus, address);
	if (r >= 0)
		r = sd_bus_set_bus_client(bus, true);
	if (r >= 0)
		r = sd_bus_start(bus);
	if (r < 0) {
		sd_bus_unref(bus);
		return r;
	}
	*ret = bus;
	return 0;
}

int bus_new(struct manager *m, const char *address, struct bus **ret)
{
	_cleanup_(bus_freep) struct bus *b = calloc(1, sizeof(*b));
	int r;

	if (!b)
		return -ENOMEM;
	b->m = m;
	b->bulk_fd = -1;
	b->told_features = m->features;
	b->told_protection = manager_protection(m);
	r = open_bus(address, &b->bus);
	if (r < 0)
		return log_error_errno(r, "Failed to connect to the bus: %m");
	r = changed_init(b);
	if (r < 0)
		return log_error_errno(r, "Failed to set up signals: %m");
	r = publish(b);
	if (r < 0)
		return log_error_errno(r, "Failed to publish objects: %m");
	r = sd_bus_attach_event(b->bus, m->event, SD_EVENT_PRIORITY_NORMAL);
	if (r < 0)
		return log_error_errno(r, "Failed to attach the bus to the event loop: %m");
	r = inhibit_new(b);
	if (r < 0)
		return log_error_errno(r, "Failed to listen to logind: %m");
	/* A bus that went away is answered by a restart of the service. */
	(void) sd_bus_set_exit_on_disconnect(b->bus, true);
	r = sd_bus_request_name(b->bus, NVMPATH_BUS_NAME, 0);
	if (r < 0)
		return log_error_errno(r, "Failed to take the name %s: %m",
				       NVMPATH_BUS_NAME);
	manager_set_listener(m, &bus_listener, b);
	leases_resume(b);
	inhibit_update(b);	/* for what a restart goes on with */
	*ret = TAKE_PTR(b);
	return 0;
}

struct bus *bus_free(struct bus *b)
{
	if (!b)
		return NULL;
	if (b->m->listener_userdata == b)
		manager_set_listener(b->m, NULL, NULL);
	bulk_done(b);
	auth_done(b);
	leases_done(b);
	inhibit_done(b);
	changed_done(b);
	sd_bus_flush_close_unref(b->bus);
	free(b);
	return NULL;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bus.h"

#include <errno.h>
#include <string.h>

#include "bulk.h"
#include "parse.h"
#include "props.h"
#include "say.h"
#include "util.h"

#define IFACE_PROPERTIES "org.freedesktop.DBus.Properties"
#define IFACE_OBJECT_MANAGER "org.freedesktop.DBus.ObjectManager"

static int open_address(const char *address, sd_bus **ret)
{
	__attribute__((cleanup(sd_bus_unrefp))) sd_bus *bus = NULL;
	int r;

	r = sd_bus_new(&bus);
	if (r < 0)
		return r;
	r = sd_bus_set_address(bus, address);
	if (r < 0)
		return r;
	r = sd_bus_set_bus_client(bus, true);
	if (r < 0)
		return r;
	r = sd_bus_start(bus);
	if (r < 0)
		return r;
	*ret = bus;
	bus = NULL;
	return 0;
}

/* The host of -H, for what is said; NULL: this one. */
static const char *remote;

int bus_try_open(const struct args *args, sd_bus **ret)
{
	remote = args->hosts[0];
	if (args->n_hosts)
		return sd_bus_open_system_remote(ret, args->hosts[0]);
	if (args->bus_address)
		return open_address(args->bus_address, ret);
	return sd_bus_open_system(ret);
}

static void say_unreachable(void)
{
	say_error("nvmpathd cannot be reached on %s; try: ssh %s systemctl start nvmpathd",
		  remote, remote);
}

enum nvmpath_exit bus_open(const struct args *args, sd_bus **ret)
{
	const char *address = args->bus_address;
	int r = bus_try_open(args, ret);

	if (r >= 0)
		return NVMPATH_EXIT_OK;
	if (r == -EACCES || r == -EPERM) {
		say_error("the bus refuses us: %s; do it as root, or look at its policy, "
			  "io.github.nvmpath1.conf", strerror(-r));
		return NVMPATH_EXIT_NOT_AUTHORIZED;
	}
	if (r == -EINVAL) {
		say_error("%s is not a %s", args->n_hosts ? args->hosts[0] : address ?: "",
			  args->n_hosts ? "host; expected NAME or USER@NAME" :
			  "bus address; expected one such as unix:path=/run/dbus/system_bus_socket");
		return NVMPATH_EXIT_USAGE;
	}
	if (remote) {
		say_unreachable();
		return NVMPATH_EXIT_NOT_RUNNING;
	}
	say_error("cannot reach nvmpathd: no %s (%s); start it with: systemctl start nvmpathd",
		  address ? "bus there" : "system bus", strerror(-r));
	return NVMPATH_EXIT_NOT_RUNNING;
}

static const char *error_text(const sd_bus_error *error, int r)
{
	if (error && error->message && *error->message)
		return error->message;
	if (error && error->name)
		return error->name;
	return strerror(abs(r));
}

static enum nvmpath_exit code_of(const sd_bus_error *error, int r)
{
	if (r == -ECONNRESET || r == -ENOTCONN)
		return NVMPATH_EXIT_NOT_RUNNING;
	return exit_from_error_name(error ? error->name : NULL);
}

enum nvmpath_exit bus_fail(const char *what, const sd_bus_error *error, int r)
{
	enum nvmpath_exit code = code_of(error, r);

	if (r == -ETIMEDOUT || sd_bus_error_has_name(error, SD_BUS_ERROR_NO_REPLY))
		say_error("cannot %s: nvmpathd did not answer; see: systemctl status nvmpathd",
			  what);
	else if (code == NVMPATH_EXIT_NOT_RUNNING && remote)
		say_unreachable();
	else if (code == NVMPATH_EXIT_NOT_RUNNING)
		say_error("nvmpathd is not running; start it with: systemctl start nvmpathd");
	else if (code == NVMPATH_EXIT_NOT_AUTHORIZED)
		say_error("cannot %s: not authorised; do it as root, or see what polkit allows "
			  "with: nvmpathctl doctor", what);
	else
		say_error("cannot %s: %s", what, error_text(error, r));
	return code;
}

static int new_call(sd_bus *bus, const char *path, const char *interface, const char *member,
		    sd_bus_message **ret)
{
	__attribute__((cleanup(sd_bus_message_unrefp))) sd_bus_message *m = NULL;
	int r;

	r = sd_bus_message_new_method_call(bus, &m, NVMPATH_BUS_NAME, path, interface, member);
	if (r < 0)
		return r;
	r = sd_bus_message_set_auto_start(m, false);
	/* polkit may ask the user, if there is an agent to do it */
	if (r >= 0)
		r = sd_bus_message_set_allow_interactive_authorization(m, true);
	if (r < 0)
		return r;
	*ret = m;
	m = NULL;
	return 0;
}

int bus_new_call(sd_bus *bus, const struct object *o, const char *member,
		 sd_bus_message **ret)
{
	_cleanup_free_ char *path = NULL;
	int r = object_bus_path(o, &path);

	return r < 0 ? r : new_call(bus, path, kind_info(o->kind)->interface, member, ret);
}

int bus_new_manager_call(sd_bus *bus, const char *member, sd_bus_message **ret)
{
	return new_call(bus, NVMPATH_OBJ_ROOT, NVMPATH_IFACE_MANAGER, member, ret);
}

enum nvmpath_exit bus_call(sd_bus *bus, sd_bus_message *call, const char *what,
			   sd_bus_message **ret)
{
	__attribute__((cleanup(sd_bus_error_free))) sd_bus_error error = SD_BUS_ERROR_NULL;
	int r;

	r = sd_bus_call(bus, call, BUS_CALL_TIMEOUT_USEC, &error, ret);
	return r < 0 ? bus_fail(what, &error, r) : NVMPATH_EXIT_OK;
}

static int new_get_all(sd_bus *bus, const char *path, const char *interface,
		       sd_bus_message **ret)
{
	int r;

	r = new_call(bus, path, IFACE_PROPERTIES, "GetAll", ret);
	return r < 0 ? r : sd_bus_message_append_basic(*ret, 's', interface);
}

static int new_question(sd_bus *bus, const struct object *o, sd_bus_message **ret)
{
	_cleanup_free_ char *path = NULL;
	int r;

	r = object_bus_path(o, &path);
	return r < 0 ? r : new_get_all(bus, path, kind_info(o->kind)->interface, ret);
}

int bus_refresh(sd_bus *bus, struct object *o)
{
	__attribute__((cleanup(sd_bus_message_unrefp))) sd_bus_message *call = NULL;
	__attribute__((cleanup(sd_bus_message_unrefp))) sd_bus_message *reply = NULL;
	int r;

	r = new_question(bus, o, &call);
	if (r >= 0)
		r = sd_bus_call(bus, call, BUS_CALL_TIMEOUT_USEC, NULL, &reply);
	return r < 0 ? r : parse_properties(reply, o);
}

int bus_ask(sd_bus *bus, const struct object *o, sd_bus_message_handler_t answer,
	    void *userdata, sd_bus_slot **ret_slot)
{
	__attribute__((cleanup(sd_bus_message_unrefp))) sd_bus_message *call = NULL;
	int r;

	r = new_question(bus, o, &call);
	return r < 0 ? r : sd_bus_call_async(bus, ret_slot, call, answer, userdata,
					     BUS_CALL_TIMEOUT_USEC);
}

static int on_manager(sd_bus_message *reply, void *userdata, sd_bus_error *error)
{
	struct model *m = userdata;

	(void) error;
	/* Its failure is told by the call for the objects, which follows. */
	if (sd_bus_message_is_method_error(reply, NULL))
		return 0;
	return parse_properties(reply, &m->manager->object);
}

/* The reply comes before that of the next call, as the bus keeps the order. */
static int ask_manager(sd_bus *bus, struct model *m)
{
	__attribute__((cleanup(sd_bus_message_unrefp))) sd_bus_message *call = NULL;
	int r;

	m->manager = (struct manager *) object_new(KIND_MANAGER);
	if (!m->manager)
		return -ENOMEM;
	m->manager->object.name = strdup("nvmpathd");
	r = new_get_all(bus, NVMPATH_OBJ_ROOT, NVMPATH_IFACE_MANAGER, &call);
	if (r < 0)
		return r;
	return sd_bus_call_async(bus, NULL, call, on_manager, m, BUS_CALL_TIMEOUT_USEC);
}

/* What came before the reply of a synchronous call is still in the queue. */
static int dispatch_queue(sd_bus *bus)
{
	int r;

	do {
		r = sd_bus_process(bus, NULL);
	} while (r > 0);
	return r;
}

static enum nvmpath_exit read_objects(sd_bus *bus, struct model *m)
{
	__attribute__((cleanup(sd_bus_message_unrefp))) sd_bus_message *call = NULL;
	__attribute__((cleanup(sd_bus_message_unrefp))) sd_bus_message *reply = NULL;
	enum nvmpath_exit code;
	int r;

	r = new_call(bus, NVMPATH_OBJ_ROOT, IFACE_OBJECT_MANAGER, "GetManagedObjects", &call);
	if (r < 0)
		return bus_fail("read the state", NULL, r);
	code = bus_call(bus, call, "read the state", &reply);
	if (code != NVMPATH_EXIT_OK)
		return code;
	r = parse_managed_objects(reply, m);
	return r < 0 ? bus_fail("read the state", NULL, r) : NVMPATH_EXIT_OK;
}

/* -EOPNOTSUPP: not to be had this way. The descriptor is the reply's. */
static int read_file(sd_bus *bus, struct model *m)
{
	__attribute__((cleanup(sd_bus_message_unrefp))) sd_bus_message *call = NULL;
	__attribute__((cleanup(sd_bus_message_unrefp))) sd_bus_message *reply = NULL;
	int fd, r;

	/* no descriptor comes through ssh, whatever its two ends agree upon */
	if (remote || sd_bus_can_send(bus, SD_BUS_TYPE_UNIX_FD) <= 0)
		return -EOPNOTSUPP;
	r = bus_new_manager_call(bus, "GetManagedObjectsAsFile", &call);
	if (r >= 0)
		r = sd_bus_message_append(call, "t", UINT64_C(0));
	if (r < 0)
		return r;
	/* an older daemon has no such method; that there is none is told by the next call */
	r = sd_bus_call(bus, call, BUS_CALL_TIMEOUT_USEC, NULL, &reply);
	if (r < 0)
		return r == -ETIMEDOUT ? r : -EOPNOTSUPP;
	r = sd_bus_message_read_basic(reply, SD_BUS_TYPE_UNIX_FD, &fd);
	if (r >= 0)
		r = bulk_read(fd, m);
	return r == -EPROTONOSUPPORT ? -EOPNOTSUPP : r;
}

static enum nvmpath_exit read_model(sd_bus *bus, bool with_manager, bool with_numbers,
				    struct model *m)
{
	enum nvmpath_exit code = NVMPATH_EXIT_OK;
	int r;

	r = with_manager ? ask_manager(bus, m) : 0;
	if (r >= 0)
		r = with_numbers ? -EOPNOTSUPP : read_file(bus, m);
	if (r == -EOPNOTSUPP)
		code = read_objects(bus, m);
	else if (r < 0)
		code = bus_fail("read the state", NULL, r);
	if (code != NVMPATH_EXIT_OK || !with_manager)
		return code;
	r = dispatch_queue(bus);
	return r < 0 ? bus_fail("read the state", NULL, r) : NVMPATH_EXIT_OK;
}

enum nvmpath_exit bus_read_model(sd_bus *bus, bool with_manager, struct model *ret)
{
	return read_model(bus, with_manager, true, ret);
}

enum nvmpath_exit bus_read_topology(sd_bus *bus, bool with_manager, struct model *ret)
{
	return read_model(bus, with_manager, false, ret);
}

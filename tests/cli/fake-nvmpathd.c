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
 * "emit" as signals; Touch tells of a change of each removal; Stop ends the stand-in.
 *
 * A removal takes one step each time it is read. A method that is not listed
 * is denied, as it is to users other than root.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fake.h"

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
	{ "GetManagedObjects", answer_objects },
	{ "GetAll", answer_properties },
	{ "History", answer_history },
	{ "Plan", answer_plan },
	{ "Emit", answer_emit },
	{ "Stop", answer_stop },
	{ "Touch", answer_touch },
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

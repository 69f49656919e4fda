/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "about.h"
#include "auth.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/str.h"

#define BUS_NAME	"org.freedesktop.DBus"
#define BUS_PATH	"/org/freedesktop/DBus"
#define POLKIT_NAME	"org.freedesktop.PolicyKit1"
#define POLKIT_PATH	"/org/freedesktop/PolicyKit1/Authority"
#define POLKIT_IFACE	"org.freedesktop.PolicyKit1.Authority"
/* Somebody may have to type a password. */
#define INTERACTIVE_USEC (300 * USEC_PER_SEC)
#define ANSWER_USEC	(25 * USEC_PER_SEC)
#define PENDING_MAX	64

#define ACTION_WORD_(suffix, action) action,
static const char *const actions[] = {
	AUTH_ACTIONS(ACTION_WORD_)
};

/*
 * A call that waits, for the bus daemon's word of whose it is or for polkit's, or
 * that is made again with what they said.
 */
struct auth {
	sd_bus_message *call;
	sd_bus_slot *slot;
	uint32_t uid;		/* known, where it is made again */
	bool asks_polkit;
	enum auth_action asked;
	size_t granted[_AUTH_MAX];	/* parts of what it is about */
	uint64_t objects;	/* which they are: names may be others' by now */
};

static sd_bus_message *message_free(sd_bus_message *m)
{
	return sd_bus_message_unref(m);
}
DEFINE_CLEANUP(sd_bus_message *, message_free)

static void drop(struct bus *b, struct auth *a)
{
	for (size_t i = 0; i < b->n_auths; i++)
		if (b->auths[i] == a) {
			b->auths[i] = b->auths[--b->n_auths];
			break;
		}
	sd_bus_slot_unref(a->slot);
	sd_bus_message_unref(a->call);
	free(a);
}

void auth_done(struct bus *b)
{
	while (b->n_auths)
		drop(b, b->auths[0]);
	free(b->auths);
	b->auths = NULL;
}

static const struct sd_bus_vtable *vtable_of(const char *interface)
{
	static const struct {
		const char *interface;
		const sd_bus_vtable *vtable;
	} all[] = {
		{ NVMPATH_IFACE_MANAGER, manager_vtable },
		{ NVMPATH_IFACE_CONTROLLER, controller_vtable },
		{ NVMPATH_IFACE_PATH, path_vtable },
		{ NVMPATH_IFACE_REMOVAL, removal_vtable },
	};

	for (size_t i = 0; i < ARRAY_SIZE(all); i++)
		if (str_equal(all[i].interface, interface))
			return all[i].vtable;
	return NULL;
}

static sd_bus_message_handler_t handler_of(sd_bus_message *call)
{
	const sd_bus_vtable *v = vtable_of(sd_bus_message_get_interface(call));

	for (; v && v->type != _SD_BUS_VTABLE_END; v++)
		if (v->type == _SD_BUS_VTABLE_METHOD &&
		    str_equal(v->x.method.member, sd_bus_message_get_member(call)))
			return v->x.method.handler;
	return NULL;
}

/* The object, by the call's own path: another may have its name by now. */
static void *object_of(struct bus *b, sd_bus_message *call)
{
	const char *interface = sd_bus_message_get_interface(call);
	_cleanup_free_ char *name = NULL;

	if (str_equal(interface, NVMPATH_IFACE_MANAGER))
		return b;
	for (int kind = 0; kind < _OBJECT_KIND_MAX; kind++) {
		if (!str_equal(object_interface((enum object_kind) kind), interface))
			continue;
		if (sd_bus_path_decode(sd_bus_message_get_path(call),
				       object_prefix((enum object_kind) kind), &name) <= 0)
			return NULL;
		return object_lookup(b, (enum object_kind) kind, name);
	}
	return NULL;
}

static int call_again(struct bus *b, struct auth *a, sd_bus_error *error)
{
	sd_bus_message_handler_t handler = handler_of(a->call);
	void *object = object_of(b, a->call);
	int r = sd_bus_message_rewind(a->call, true);

	if (r < 0 || !handler)
		return r < 0 ? r : -EIO;
	if (!object)
		return bus_error(error, -ENXIO, a->asks_polkit ?
				 "it went while polkit was asked" :
				 "it went before it was known who asks");
	b->again = a;
	r = handler(a->call, object, error);
	b->again = NULL;
	return r;
}

static int judge(sd_bus_message *reply, sd_bus_error *error)
{
	int authorized, challenge;
	int r;

	if (sd_bus_message_is_method_error(reply, NULL))
		return bus_error(error, -EACCES,
				 "only root may do this: polkit does not answer");
	r = sd_bus_message_enter_container(reply, 'r', "bba{ss}");
	if (r >= 0)
		r = sd_bus_message_read(reply, "bb", &authorized, &challenge);
	if (r < 0)
		return bus_error(error, -EACCES, "only root may do this: polkit's answer cannot be read");
	if (authorized)
		return 0;
	return bus_error(error, -EACCES, challenge ?
			 "not authorized: it takes an authentication" : "not authorized");
}

static struct auth *find_slot(const struct bus *b, const sd_bus_slot *slot)
{
	for (size_t i = 0; i < b->n_auths; i++)
		if (b->auths[i]->slot == slot)
			return b->auths[i];
	return NULL;
}

/* The bus daemon's word for the connection's uid. */
static int take_uid(sd_bus_message *reply, struct auth *a, sd_bus_error *error)
{
	if (!sd_bus_message_is_method_error(reply, NULL) &&
	    sd_bus_message_read(reply, "u", &a->uid) >= 0)
		return 0;
	return bus_error(error, -EACCES, "cannot tell who asks");
}

static int on_answer(sd_bus_message *reply, void *userdata, sd_bus_error *unused)
{
	struct bus *b = userdata;
	struct auth *a = find_slot(b, sd_bus_get_current_slot(b->bus));
	sd_bus_error error = SD_BUS_ERROR_NULL;
	int r;

	(void) unused;
	if (!a)
		return 0;
	r = a->asks_polkit ? judge(reply, &error) : take_uid(reply, a, &error);
	if (r >= 0 && a->asks_polkit)
		a->granted[a->asked]++;
	if (r >= 0)
		r = call_again(b, a, &error);
	if (r < 0 && sd_bus_error_is_set(&error))
		(void) sd_bus_reply_method_error(a->call, &error);
	else if (r < 0)
		(void) sd_bus_reply_method_errno(a->call, r, NULL);
	sd_bus_error_free(&error);
	drop(b, a);
	return 0;
}

static int make_question(struct bus *b, const struct auth *known, enum auth_action action,
			 const struct about *about, sd_bus_message **ret)
{
	_cleanup_(message_freep) sd_bus_message *ask = NULL;
	sd_bus_message *call = known->call;
	const char *sender = sd_bus_message_get_sender(call);
	bool interactive = sd_bus_message_get_allow_interactive_authorization(call) > 0;
	int r;

	r = sd_bus_message_new_method_call(b->bus, &ask, POLKIT_NAME, POLKIT_PATH,
					   POLKIT_IFACE, "CheckAuthorization");
	if (r >= 0)
		r = sd_bus_message_append(ask, "(sa{sv})s", "system-bus-name", 1,
					  "name", "s", sender ? sender : "",
					  actions[action]);
	if (r >= 0)
		r = about_append(about, known->granted[action],
				 sd_bus_message_get_member(call), ask);
	if (r >= 0)
		r = sd_bus_message_append(ask, "us", (uint32_t) interactive, "");
	if (r >= 0)
		*ret = TAKE_PTR(ask);
	return r;
}

static size_t count_polkit(const struct bus *b)
{
	size_t n = 0;

	for (size_t i = 0; i < b->n_auths; i++)
		n += b->auths[i]->asks_polkit;
	return n;
}

static int add_pending(struct bus *b, struct auth *a)
{
	struct auth **grown;

	/* The bus daemon brings no calls while it brings no answers. */
	if (a->asks_polkit && count_polkit(b) >= PENDING_MAX)
		return -EBUSY;
	grown = realloc(b->auths, (b->n_auths + 1) * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	b->auths = grown;
	b->auths[b->n_auths++] = a;
	return 0;
}

/*
 * Nothing is read from /proc (no "augmented" credentials): a process may change
 * under its id.
 */
static int ask_whose(struct bus *b, sd_bus_message *call)
{
	const char *sender = sd_bus_message_get_sender(call);
	struct auth *a;
	int r;

	if (!sender)
		return -ENXIO;
	a = calloc(1, sizeof(*a));
	if (!a)
		return -ENOMEM;
	a->call = sd_bus_message_ref(call);
	r = add_pending(b, a);
	if (r >= 0)
		r = sd_bus_call_method_async(b->bus, &a->slot, BUS_NAME, BUS_PATH, BUS_NAME,
					     "GetConnectionUnixUser", on_answer, b,
					     "s", sender);
	if (r < 0) {
		drop(b, a);
		return r;
	}
	return 1;
}

/* @known is the call as it is made now. */
static int ask_polkit(struct bus *b, const struct auth *known, enum auth_action action,
		      const struct about *about)
{
	sd_bus_message *call = known->call;
	_cleanup_(message_freep) sd_bus_message *ask = NULL;
	struct auth *a;
	int r;

	r = make_question(b, known, action, about, &ask);
	if (r < 0)
		return r;
	a = calloc(1, sizeof(*a));
	if (!a)
		return -ENOMEM;
	*a = *known;
	a->call = sd_bus_message_ref(call);
	a->slot = NULL;
	a->asks_polkit = true;
	a->asked = action;
	a->objects = about->objects;
	r = add_pending(b, a);
	if (r >= 0)
		r = sd_bus_call_async(b->bus, &a->slot, ask, on_answer, b,
				      sd_bus_message_get_allow_interactive_authorization(call) > 0 ?
				      INTERACTIVE_USEC : ANSWER_USEC);
	if (r < 0) {
		drop(b, a);
		return r;
	}
	return 1;
}

/* For each subsystem by itself; once where none is known. */
static bool is_granted(const struct auth *known, enum auth_action action,
		       const struct about *about)
{
	return known->granted[action] >= (about->n_parts ? about->n_parts : 1);
}

static int check_polkit(struct bus *b, const struct auth *known, enum auth_action action,
			bool force, const struct about *about, sd_bus_error *error)
{
	int r;

	if (known->asks_polkit && known->objects != about->objects)
		return bus_error(error, -ENXIO, "it was replaced while polkit was asked");
	if (is_granted(known, action, about)) {
		if (!force || is_granted(known, AUTH_FORCE, about))
			return 0;
		action = AUTH_FORCE;
	}
	r = ask_polkit(b, known, action, about);
	if (r == -EBUSY)
		return bus_error(error, r, "too many callers wait for polkit");
	if (r < 0)
		return bus_error(error, -EACCES, "only root may do this: polkit cannot be asked");
	return r;
}

/* The target, or the removal where there is one. */
static int check(sd_bus_message *m, enum auth_action action, bool force,
		 const char *target, const struct job *j, uint32_t *ret_uid,
		 sd_bus_error *error)
{
	struct bus *b = bus_of(sd_bus_message_get_bus(m));
	const struct auth *known = b->again && b->again->call == m ? b->again : NULL;
	_cleanup_(about_done) struct about about = {};
	int r;

	if (!known) {
		r = ask_whose(b, m);
		return r < 0 ? bus_error(error, -EACCES, "cannot tell who asks") : r;
	}
	*ret_uid = known->uid;
	if (known->uid == 0)
		return 0;
	r = j ? about_removal(j, &about) : about_target(b->m, target, &about);
	return r < 0 ? r : check_polkit(b, known, action, force, &about, error);
}

int auth_check(sd_bus_message *m, enum auth_action action, bool force,
	       const char *target, uint32_t *ret_uid, sd_bus_error *error)
{
	return check(m, action, force, target, NULL, ret_uid, error);
}

int auth_check_removal(sd_bus_message *m, const struct job *j, uint32_t *ret_uid,
		       sd_bus_error *error)
{
	return check(m, AUTH_REMOVE, false, NULL, j, ret_uid, error);
}

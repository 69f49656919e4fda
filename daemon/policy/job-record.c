/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/str.h"
#include "job-record.h"

#define NAME_LENGTH 48

static void record_name(uint32_t id, char name[NAME_LENGTH])
{
	(void) snprintf(name, NAME_LENGTH, JOB_RECORD_PREFIX "%" PRIu32 ".json", id);
}

/* Members of struct job that go to the record as they are. */
#define TEXTS(X)							\
	X(object, j->object) X(reason, j->reason) X(detail, j->detail)	\
	X(lease, j->lease)

#define NUMBERS(X)							\
	X(uid, j->uid) X(forced, j->forced) X(error, j->machine.error)	\
	X(was_detaching, j->machine.was_detaching)			\
	X(drain_timeout_usec, j->machine.drain_timeout_usec)		\
	X(started_usec, j->started_usec)				\
	X(finished_usec, j->finished_usec)				\
	X(inflight_peak, j->drain.peak) X(taken, j->taken) X(hooked, j->hooked) X(exclude, j->exclude)

#define MEMBER_TEXTS(X)							\
	X(nqn, v->nqn) X(pci_rescan, v->pci_rescan)			\
	X(missing, v->missing)						\
	X(name, v->controller.o.name)					\
	X(subsystem, v->controller.subsystem)				\
	X(transport, v->controller.transport)				\
	X(address, v->controller.address)				\
	X(traddr, v->controller.traddr)					\
	X(trsvcid, v->controller.trsvcid)				\
	X(host_traddr, v->controller.host_traddr)			\
	X(host_iface, v->controller.host_iface)

#define MEMBER_NUMBERS(X)						\
	X(has_connection, v->has_connection)				\
	X(ino, v->controller.o.ino) X(cntlid, v->controller.cntlid)

#define CONNECTION_TEXTS(X)						\
	X(nqn) X(transport) X(traddr) X(trsvcid) X(host_traddr)		\
	X(host_iface) X(hostnqn) X(hostid)

#define CONNECTION_NUMBERS(X)						\
	X(ctrl_loss_tmo) X(reconnect_delay) X(fast_io_fail_tmo)		\
	X(keep_alive_tmo) X(queue_count) X(queue_size) X(tls)		\
	X(authenticates) X(duplicate)

/* Secrets are not among them. */
static struct json_object *save_connection(const struct connection *c)
{
	struct json_object *o = json_object_new_object();

#define SAVE_(key) record_add_text(o, #key, c->key);
	CONNECTION_TEXTS(SAVE_)
#undef SAVE_
#define SAVE_(key) record_add_number(o, #key, c->key);
	CONNECTION_NUMBERS(SAVE_)
#undef SAVE_
	for (int i = 0; i < _CONNECT_OPTION_MAX; i++)
		record_add_number(o, connect_option_to_string(i), c->option[i]);
	return o;
}

static void load_connection(struct json_object *o, struct connection *c)
{
#define LOAD_(key) STR_COPY(c->key, record_text(o, #key));
	CONNECTION_TEXTS(LOAD_)
#undef LOAD_
#define LOAD_(key) c->key = record_number(o, #key, UNKNOWN_NUMBER);
	CONNECTION_NUMBERS(LOAD_)
#undef LOAD_
	for (int i = 0; i < _CONNECT_OPTION_MAX; i++)
		c->option[i] = record_number(o, connect_option_to_string(i), UNKNOWN_NUMBER);
}

static struct json_object *save_target(const struct target *t)
{
	struct json_object *o = json_object_new_object();

	record_add_text(o, "path", t->path.o.name);
	record_add_text(o, "head", t->path.head);
	record_add_number(o, "nsid", t->path.nsid);
	record_add_text(o, "key", t->key);
	record_add_number(o, "ino", (int64_t) t->path.o.ino);
	record_add_number(o, "controller", (int64_t) t->member);
	record_add_number(o, "was_usable", t->was_usable);
	record_add_number(o, "ours", t->ours);
	return o;
}

static int load_target(struct job *j, struct json_object *o)
{
	struct target *t = &j->targets[j->n_targets];
	int64_t member = record_number(o, "controller", -1);
	int r;

	if (member < 0 || (size_t) member >= j->n_members)
		return -EBADMSG;
	t->member = (size_t) member;
	STR_COPY(t->path.o.name, record_text(o, "path"));
	STR_COPY(t->path.head, record_text(o, "head"));
	STR_COPY(t->path.controller, j->members[member].controller.o.name);
	STR_COPY(t->path.subsystem, j->members[member].controller.subsystem);
	t->path.nsid = (uint32_t) record_number(o, "nsid", 0);
	STR_COPY(t->key, record_text(o, "key"));
	t->path.o.ino = (uint64_t) record_number(o, "ino", 0);
	t->was_usable = record_number(o, "was_usable", 0);
	t->ours = record_number(o, "ours", 0);
	j->n_targets++;
	r = names_add(&j->paths, t->path.o.name);
	return r < 0 ? r : names_add(&j->heads, t->path.head);
}

static struct json_object *save_member(const struct member *v)
{
	struct json_object *o = json_object_new_object();

#define SAVE_(key, member) record_add_text(o, #key, member);
	MEMBER_TEXTS(SAVE_)
#undef SAVE_
#define SAVE_(key, member) record_add_number(o, #key, (int64_t) (member));
	MEMBER_NUMBERS(SAVE_)
#undef SAVE_
	if (v->has_connection)
		json_object_object_add(o, "connection", save_connection(&v->connection));
	return o;
}

static int load_member(struct job *j, struct json_object *o)
{
	struct member *v = &j->members[j->n_members];
	struct json_object *connection = NULL;

#define LOAD_(key, member) STR_COPY(member, record_text(o, #key));
	MEMBER_TEXTS(LOAD_)
#undef LOAD_
#define LOAD_(key, member) \
	member = (__typeof__(member)) record_number(o, #key, 0);
	MEMBER_NUMBERS(LOAD_)
#undef LOAD_
	if (json_object_object_get_ex(o, "connection", &connection))
		load_connection(connection, &v->connection);
	j->n_members++;
	return names_add(&j->subsystems, v->controller.subsystem);
}

int job_save(const struct job *j)
{
	_cleanup_(json_freep) struct json_object *o = json_object_new_object();
	struct json_object *targets = json_object_new_array();
	struct json_object *members = json_object_new_array();
	struct json_object *twins = json_object_new_array();
	char name[NAME_LENGTH];

	record_add_number(o, "id", j->id);
	record_add_text(o, "kind", removal_kind_to_string(j->machine.kind));
	record_add_text(o, "object_kind", object_kind_to_string(j->object_kind));
	record_add_text(o, "state", removal_state_to_string(j->machine.state));
#define SAVE_(key, member) record_add_text(o, #key, member);
	TEXTS(SAVE_)
#undef SAVE_
#define SAVE_(key, member) record_add_number(o, #key, (int64_t) (member));
	NUMBERS(SAVE_)
#undef SAVE_
	for (size_t i = 0; i < j->n_members; i++)
		json_object_array_add(members, save_member(&j->members[i]));
	json_object_object_add(o, "controllers", members);
	for (size_t i = 0; i < j->n_targets; i++)
		json_object_array_add(targets, save_target(&j->targets[i]));
	json_object_object_add(o, "targets", targets);
	for (size_t i = 0; i < j->n_twins; i++)
		json_object_array_add(twins, json_object_new_int64((int64_t) j->twins[i]));
	json_object_object_add(o, "twins", twins);
	record_name(j->id, name);
	return record_save(j->m->config.run_dir, name, j->m->boot_id, o);
}

void job_unsave(const struct manager *m, uint32_t id)
{
	char name[NAME_LENGTH];

	record_name(id, name);
	record_remove(m->config.run_dir, name);
}

static int load_words(struct json_object *o, struct job *j)
{
	j->id = (uint32_t) record_number(o, "id", 0);
	j->machine.kind = removal_kind_from_string(record_text(o, "kind"));
	j->machine.state = removal_state_from_string(record_text(o, "state"));
	j->object_kind = object_kind_from_string(record_text(o, "object_kind"));
	if (!j->id || (int) j->machine.kind < 0 || (int) j->machine.state < 0 ||
	    (int) j->object_kind < 0)
		return -EBADMSG;
	return 0;
}

static int load_array(struct json_object *o, const char *key, size_t size,
		      void *array, struct json_object **ret)
{
	size_t n;

	if (!json_object_object_get_ex(o, key, ret) ||
	    !json_object_is_type(*ret, json_type_array))
		return -EBADMSG;
	n = json_object_array_length(*ret);
	*(void **) array = calloc(n ? n : 1, size);
	return *(void **) array ? (int) n : -ENOMEM;
}

/* An older daemon took none down. */
static int load_twins(struct json_object *o, struct job *j)
{
	struct json_object *a;
	int n;

	if (!json_object_object_get_ex(o, "twins", NULL))
		return 0;
	n = load_array(o, "twins", sizeof(*j->twins), &j->twins, &a);
	for (int i = 0; i < n; i++)
		j->twins[j->n_twins++] =
			(uint64_t) json_object_get_int64(json_object_array_get_idx(a, (size_t) i));
	return n < 0 ? n : 0;
}

static int load_arrays(struct json_object *o, struct job *j)
{
	struct json_object *a;
	int n, r = 0;

	n = load_array(o, "controllers", sizeof(*j->members), &j->members, &a);
	for (int i = 0; r >= 0 && i < n; i++)
		r = load_member(j, json_object_array_get_idx(a, (size_t) i));
	if (n <= 0 || r < 0)
		return n == 0 ? -EBADMSG : n < 0 ? n : r;
	j->machine.parts = (unsigned) n;
	n = load_array(o, "targets", sizeof(*j->targets), &j->targets, &a);
	for (int i = 0; r >= 0 && i < n; i++)
		r = load_target(j, json_object_array_get_idx(a, (size_t) i));
	if (n < 0 || r < 0)
		return n < 0 ? n : r;
	return load_twins(o, j);
}

int job_load(struct manager *m, struct json_object *o, struct job **ret)
{
	_cleanup_(job_freep) struct job *j = calloc(1, sizeof(*j));
	int r;

	if (!j)
		return -ENOMEM;
	j->m = m;
	j->drain = (struct drain) DRAIN_INIT;
	j->machine.hook_timeout_usec = m->settings.hook_timeout_usec;
	r = load_words(o, j);
	if (r < 0)
		return r;
#define LOAD_(key, member) STR_COPY(member, record_text(o, #key));
	TEXTS(LOAD_)
#undef LOAD_
#define LOAD_(key, member) \
	member = (__typeof__(member)) record_number(o, #key, 0);
	NUMBERS(LOAD_)
#undef LOAD_
	/* An older daemon took none: what is held by now may be anybody's. */
	if (!json_object_object_get_ex(o, "taken", NULL))
		j->taken = true;
	r = load_arrays(o, j);
	if (r < 0)
		return r;
	*ret = TAKE_PTR(j);
	return 0;
}

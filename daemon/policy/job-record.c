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
	X(nqn, j->nqn) X(pci_rescan, j->pci_rescan)			\
	X(controller, j->controller.o.name)				\
	X(controller_subsystem, j->controller.subsystem)		\
	X(controller_transport, j->controller.transport)		\
	X(controller_address, j->controller.address)			\
	X(controller_traddr, j->controller.traddr)			\
	X(controller_trsvcid, j->controller.trsvcid)			\
	X(controller_host_traddr, j->controller.host_traddr)		\
	X(controller_host_iface, j->controller.host_iface)

#define NUMBERS(X)							\
	X(uid, j->uid) X(error, j->machine.error)			\
	X(was_detaching, j->machine.was_detaching)			\
	X(drain_timeout_usec, j->machine.drain_timeout_usec)		\
	X(started_usec, j->started_usec)				\
	X(finished_usec, j->finished_usec)				\
	X(inflight_peak, j->drain.peak)					\
	X(cannot_restore, j->cannot_restore)				\
	X(has_connection, j->has_connection)				\
	X(controller_cntlid, j->controller.cntlid)

#define CONNECTION_TEXTS(X)						\
	X(nqn) X(transport) X(traddr) X(trsvcid) X(host_traddr)		\
	X(host_iface) X(hostnqn) X(hostid)

#define CONNECTION_NUMBERS(X)						\
	X(ctrl_loss_tmo) X(reconnect_delay) X(fast_io_fail_tmo)		\
	X(keep_alive_tmo) X(queue_count) X(queue_size)

static struct json_object *save_connection(const struct connection *c)
{
	struct json_object *o = json_object_new_object();

#define SAVE_(key) record_add_text(o, #key, c->key);
	CONNECTION_TEXTS(SAVE_)
#undef SAVE_
#define SAVE_(key) record_add_number(o, #key, c->key);
	CONNECTION_NUMBERS(SAVE_)
#undef SAVE_
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
}

static struct json_object *save_target(const struct target *t)
{
	struct json_object *o = json_object_new_object();

	record_add_text(o, "path", t->path.o.name);
	record_add_text(o, "head", t->path.head);
	record_add_number(o, "nsid", t->path.nsid);
	record_add_text(o, "key", t->key);
	record_add_number(o, "was_usable", t->was_usable);
	record_add_number(o, "ours", t->ours);
	return o;
}

static int load_target(struct job *j, struct json_object *o)
{
	struct target *t = &j->targets[j->n_targets];

	STR_COPY(t->path.o.name, record_text(o, "path"));
	STR_COPY(t->path.head, record_text(o, "head"));
	STR_COPY(t->path.controller, j->controller.o.name);
	STR_COPY(t->path.subsystem, j->controller.subsystem);
	t->path.nsid = (uint32_t) record_number(o, "nsid", 0);
	STR_COPY(t->key, record_text(o, "key"));
	t->was_usable = record_number(o, "was_usable", 0);
	t->ours = record_number(o, "ours", 0);
	j->n_targets++;
	return names_add(&j->heads, t->path.head);
}

int job_save(const struct job *j)
{
	_cleanup_(json_freep) struct json_object *o = json_object_new_object();
	struct json_object *targets = json_object_new_array();
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
	if (j->has_connection)
		json_object_object_add(o, "connection", save_connection(&j->connection));
	for (size_t i = 0; i < j->n_targets; i++)
		json_object_array_add(targets, save_target(&j->targets[i]));
	json_object_object_add(o, "targets", targets);
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

static int load_targets(struct json_object *o, struct job *j)
{
	struct json_object *targets = NULL;
	size_t n;

	if (!json_object_object_get_ex(o, "targets", &targets) ||
	    !json_object_is_type(targets, json_type_array))
		return -EBADMSG;
	n = json_object_array_length(targets);
	j->targets = calloc(n ? n : 1, sizeof(*j->targets));
	if (!j->targets)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		int r = load_target(j, json_object_array_get_idx(targets, i));

		if (r < 0)
			return r;
	}
	return 0;
}

int job_load(struct manager *m, struct json_object *o, struct job **ret)
{
	_cleanup_(job_freep) struct job *j = calloc(1, sizeof(*j));
	struct json_object *connection = NULL;
	int r;

	if (!j)
		return -ENOMEM;
	j->m = m;
	j->drain = (struct drain) DRAIN_INIT;
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
	if (json_object_object_get_ex(o, "connection", &connection))
		load_connection(connection, &j->connection);
	r = load_targets(o, j);
	if (r < 0)
		return r;
	*ret = TAKE_PTR(j);
	return 0;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the bus says, as plain structs: filled from one GetManagedObjects,
 * linked, sorted by name as people sort (nvme2 before nvme10). The command
 * line has no state of its own beyond this.
 */
#ifndef NVMPATH_CLI_MODEL_H
#define NVMPATH_CLI_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <nvmpath/dbus.h>

/* Counters: -1 is unknown. Seconds: that, too, and NVMPATH_SEC_OFF. Texts: "" is unknown or none, never NULL. */
#define COUNTER_UNKNOWN (-1)

/* In the order of the tables in props.c. */
enum object_kind {
#define X(suffix, word) KIND_##suffix,
	NVMPATH_OBJECT_KINDS(X)
#undef X
	KIND_MANAGER,
	_KIND_MAX,
	_KIND_INVALID = -22,
};

struct object {
	enum object_kind kind;
	bool borrows;		/* its name and texts are parts of the model's text */
	char *name;		/* the kernel's name, or a removal's number */
};

struct manager {
	struct object object;
	char *version;
	char *kernel_release;
	char **kernel_features;
	char **kernel_missing;
	char **event_sources;
	char *protection;
};

struct subsystem {
	struct object object;
	char *nqn, *model, *serial, *firmware, *io_policy;
	char **controllers, **namespaces;
};

struct controller {
	struct object object;
	char *subsystem, *transport, *address, *traddr, *trsvcid, *host_traddr, *host_iface;
	char *state;
	int64_t cntlid, numa_node;
	char **paths;
	bool has_ns_management, ns_management_known;
	int64_t ctrl_loss_tmo_sec, fast_io_fail_tmo_sec, reconnect_delay_sec;
	int64_t command_errors, resets, reconnects;
	char *place;		/* controller_place(), once for all its paths; by model_finish() */
};

struct namespace {
	struct object object;
	char *subsystem;
	uint32_t nsid;
	char *uuid, *nguid, *wwid;
	uint64_t size_bytes;
	char **paths;
	uint32_t usable_paths;
	int64_t delayed_removal_sec;
	int64_t bio_redirects, io_requeues, io_failures;
};

struct path {
	struct object object;
	char *namespace, *controller, *subsystem;
	uint32_t nsid, ana_group;
	char *ana_state, *admin_state, *path_state;
	bool usable;
	int64_t in_flight;
	char *hold_reason, *hold_owner;
	uint64_t hold_since_usec, hold_expires_usec;
	char *removal;
	int64_t failovers, retries, command_errors, bio_redirects;
	uint64_t transitions, last_change_usec;
	char *last_change;
	/* linked after parsing; NULL where the bus did not name one */
	const struct controller *ctrl;
	const struct namespace *ns;
};

struct removal {
	struct object object;
	uint32_t id;
	char *kind, *target, *target_kind, *reason, *owner, *state;
	char **paths, **namespaces;
	uint32_t held;
	int64_t in_flight, in_flight_peak;
	uint64_t started_usec, finished_usec, deadline_usec;
	char *detail;
	int32_t error;
	bool can_restore;
};

/* One kind's objects: an array of pointers to the structs above. */
struct object_list {
	struct object **objects;
	size_t n;
	/* Of model_find(), by the hash of the name; NULL before model_finish(). */
	struct object **by_name;
	size_t mask;
};

struct model {
	struct manager *manager;	/* NULL where it was not asked for */
	struct object_list lists[_KIND_MAX];
	char *text;			/* what its objects borrow from; NULL: none does */
};

void model_done(struct model *m);

/* Takes the object; it is freed on error too. -ENOMEM. */
int model_add(struct model *m, struct object *take_object);

/* Sorts and links, once everything has been added. -ENOMEM. */
int model_finish(struct model *m);

/* NULL where there is none of that name. */
struct object *model_find(const struct model *m, enum object_kind kind, const char *name);

#define model_subsystem(m, name) \
	((const struct subsystem *) model_find((m), KIND_SUBSYSTEM, (name)))
#define model_controller(m, name) \
	((const struct controller *) model_find((m), KIND_CONTROLLER, (name)))
#define model_namespace(m, name) \
	((const struct namespace *) model_find((m), KIND_NAMESPACE, (name)))
#define model_path(m, name) \
	((const struct path *) model_find((m), KIND_PATH, (name)))

/* Walks all objects of a kind: model_each(m, KIND_PATH, struct path, p) { ... } */
#define model_each(m, kind_, type, var)						\
	for (size_t i_##var = 0; i_##var < (m)->lists[kind_].n; i_##var++)	\
		for (const type *var = (const type *)				\
			     (m)->lists[kind_].objects[i_##var]; var; var = NULL)

const char *object_kind_to_string(enum object_kind kind);

/* Transport and address as one text: "tcp 10.0.1.1:4420 eth1". Allocated; NULL: no memory. */
char *controller_place(const struct controller *c);

size_t strv_len(char * const *list);
bool strv_has(char * const *list, const char *text);

#endif

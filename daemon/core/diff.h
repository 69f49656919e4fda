/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What happened between two snapshots. */
#ifndef NVMPATH_CORE_DIFF_H
#define NVMPATH_CORE_DIFF_H

#include "model.h"

enum change {
	CHANGE_ADDED,
	CHANGE_REMOVED,
	CHANGE_CHANGED,
};

/* Which fields differ, for CHANGE_CHANGED; one list a kind of object. */
#define SUBSYSTEM_FIELDS(X) \
	X(NQN, nqn) X(MODEL, model) X(SERIAL, serial) \
	X(FIRMWARE, firmware) X(IOPOLICY, iopolicy)
#define CONTROLLER_FIELDS(X) \
	X(SUBSYSTEM, subsystem) X(TRANSPORT, transport) X(ADDRESS, address) \
	X(TRADDR, traddr) X(TRSVCID, trsvcid) X(HOST_TRADDR, host_traddr) \
	X(HOST_IFACE, host_iface) X(STATE, state) X(CNTLID, cntlid) \
	X(NUMA_NODE, numa_node)
#define HEAD_FIELDS(X) \
	X(SUBSYSTEM, subsystem) X(NSID, nsid) X(UUID, uuid) X(NGUID, nguid) \
	X(WWID, wwid) X(SIZE_BYTES, size_bytes)
#define PATH_FIELDS(X) \
	X(HEAD, head) X(CONTROLLER, controller) X(SUBSYSTEM, subsystem) \
	X(NSID, nsid) X(ANA_GROUP, ana_group) X(ANA_STATE, ana_state) \
	X(ADMIN_STATE, admin_state) X(PATH_STATE, path_state) \
	X(USABLE, usable) X(FEATURES, features)

#define SUBSYSTEM_FIELD_ENUM_(suffix, field) SUBSYSTEM_##suffix,
enum subsystem_field {
	SUBSYSTEM_FIELDS(SUBSYSTEM_FIELD_ENUM_)
};
#define CONTROLLER_FIELD_ENUM_(suffix, field) CONTROLLER_##suffix,
enum controller_field {
	CONTROLLER_FIELDS(CONTROLLER_FIELD_ENUM_)
};
#define HEAD_FIELD_ENUM_(suffix, field) HEAD_##suffix,
enum head_field {
	HEAD_FIELDS(HEAD_FIELD_ENUM_)
};
#define PATH_FIELD_ENUM_(suffix, field) PATH_##suffix,
enum path_field {
	PATH_FIELDS(PATH_FIELD_ENUM_)
};

#define FIELD_BIT(field) (1U << (field))

struct difference {
	enum object_kind kind;
	enum change change;
	uint32_t fields;		/* FIELD_BIT()s */
	const struct object *before;	/* NULL where it was added */
	const struct object *after;	/* NULL where it was removed */
};

typedef void (*diff_func_t)(void *userdata, const struct difference *d);

/*
 * Calls @func for each difference between two sorted snapshots: first what
 * went, leaves before trees (paths, heads, controllers, subsystems), then what
 * came or changed, trees before leaves. An object that was replaced under its
 * name went and came.
 */
void snapshot_diff(const struct snapshot *before, const struct snapshot *after,
		   diff_func_t func, void *userdata);

/* The fields in which two paths or two controllers differ. */
uint32_t path_diff(const struct path *a, const struct path *b);
uint32_t controller_diff(const struct controller *a, const struct controller *b);

#endif

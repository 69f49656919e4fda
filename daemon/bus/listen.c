/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* From what the manager says happened to signals. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/log.h"
#include "base/str.h"
#include "bulk.h"
#include "inhibit.h"
#include "object.h"

static const char *const subsystem_properties[] = {
	[SUBSYSTEM_NQN] = "NQN", [SUBSYSTEM_MODEL] = "Model",
	[SUBSYSTEM_SERIAL] = "Serial", [SUBSYSTEM_FIRMWARE] = "Firmware",
	[SUBSYSTEM_IOPOLICY] = "IOPolicy",
};

static const char *const controller_properties[] = {
	[CONTROLLER_SUBSYSTEM] = "Subsystem", [CONTROLLER_TRANSPORT] = "Transport",
	[CONTROLLER_ADDRESS] = "Address", [CONTROLLER_TRADDR] = "TrAddr",
	[CONTROLLER_TRSVCID] = "TrSvcId", [CONTROLLER_HOST_TRADDR] = "HostTrAddr",
	[CONTROLLER_HOST_IFACE] = "HostIface", [CONTROLLER_STATE] = "State",
	[CONTROLLER_CNTLID] = "CntlId", [CONTROLLER_NUMA_NODE] = "NumaNode",
};

static const char *const head_properties[] = {
	[HEAD_SUBSYSTEM] = "Subsystem", [HEAD_NSID] = "NSID",
	[HEAD_UUID] = "UUID", [HEAD_NGUID] = "NGUID", [HEAD_WWID] = "WWID",
	[HEAD_SIZE_BYTES] = "SizeBytes",
};

static const char *const path_properties[] = {
	[PATH_HEAD] = "Namespace", [PATH_CONTROLLER] = "Controller",
	[PATH_SUBSYSTEM] = "Subsystem", [PATH_NSID] = "NSID",
	[PATH_ANA_GROUP] = "AnaGroup", [PATH_ANA_STATE] = "AnaState",
	[PATH_ADMIN_STATE] = "AdminState", [PATH_PATH_STATE] = "PathState",
	[PATH_USABLE] = "Usable", [PATH_FEATURES] = NULL,
};

static void note_fields(struct bus *b, const struct difference *d,
			const char *const *properties, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (d->fields & FIELD_BIT(i) && properties[i])
			changed_note(b, d->kind, d->after->name, properties[i]);
}

static void note_changed(struct bus *b, const struct difference *d)
{
	switch (d->kind) {
	case OBJECT_SUBSYSTEM:
		note_fields(b, d, subsystem_properties, ARRAY_SIZE(subsystem_properties));
		break;
	case OBJECT_CONTROLLER:
		note_fields(b, d, controller_properties, ARRAY_SIZE(controller_properties));
		break;
	case OBJECT_NAMESPACE:
		note_fields(b, d, head_properties, ARRAY_SIZE(head_properties));
		break;
	case OBJECT_PATH:
		note_fields(b, d, path_properties, ARRAY_SIZE(path_properties));
		break;
	case OBJECT_REMOVAL:
	case _OBJECT_KIND_MAX:
	case _OBJECT_KIND_INVALID:
		break;
	}
}

/* Lists and counts of other objects that this one stands in. */
static void note_neighbours(struct bus *b, const struct difference *d,
			    const struct object *o)
{
	bool listed = d->change != CHANGE_CHANGED;

	if (d->kind == OBJECT_PATH) {
		const struct path *p = (const void *) o;

		changed_note(b, OBJECT_NAMESPACE, p->head, "UsablePaths");
		if (listed) {
			changed_note(b, OBJECT_NAMESPACE, p->head, "Paths");
			changed_note(b, OBJECT_CONTROLLER, p->controller, "Paths");
		}
		if (d->change == CHANGE_CHANGED &&
		    d->fields & FIELD_BIT(PATH_PATH_STATE)) {
			changed_note(b, OBJECT_PATH, o->name, "Transitions");
			changed_note(b, OBJECT_PATH, o->name, "LastChange");
			changed_note(b, OBJECT_PATH, o->name, "LastChangeUSec");
		}
	}
	if (d->kind == OBJECT_CONTROLLER && listed)
		changed_note(b, OBJECT_SUBSYSTEM,
			     ((const struct controller *) (const void *) o)->subsystem,
			     "Controllers");
	if (d->kind == OBJECT_NAMESPACE && listed)
		changed_note(b, OBJECT_SUBSYSTEM,
			     ((const struct head *) (const void *) o)->subsystem,
			     "Namespaces");
}

static int emit_added(struct bus *b, enum object_kind kind, const char *name)
{
	_cleanup_free_ char *path = NULL;
	int r;

	bulk_forget(b);
	r = sd_bus_path_encode(object_prefix(kind), name, &path);
	if (r < 0)
		return r;
	return sd_bus_emit_object_added(b->bus, path);
}

/* By its interfaces: the object itself cannot be asked any more. */
static int emit_removed(struct bus *b, enum object_kind kind, const char *name)
{
	_cleanup_free_ char *path = NULL;
	int r;

	bulk_forget(b);
	r = sd_bus_path_encode(object_prefix(kind), name, &path);
	if (r < 0)
		return r;
	return sd_bus_emit_interfaces_removed(b->bus, path, object_interface(kind),
					      "org.freedesktop.DBus.Properties",
					      "org.freedesktop.DBus.Introspectable",
					      "org.freedesktop.DBus.Peer", NULL);
}

static void say_failure(int r, const char *name)
{
	if (r < 0)
		(void) log_warning_errno(r, "Failed to announce %s, ignoring: %m", name);
}

static void on_difference(void *userdata, const struct difference *d)
{
	struct bus *b = userdata;
	const struct object *o = d->after ? d->after : d->before;

	switch (d->change) {
	case CHANGE_ADDED:
		say_failure(emit_added(b, d->kind, o->name), o->name);
		break;
	case CHANGE_REMOVED:
		say_failure(emit_removed(b, d->kind, o->name), o->name);
		break;
	case CHANGE_CHANGED:
		note_changed(b, d);
		break;
	}
	note_neighbours(b, d, o);
}

static void on_path_hold(void *userdata, const char *path)
{
	static const char *const properties[] = {
		"HoldReason", "HoldOwner", "HoldSinceUSec",
		"HoldExpiresUSec", "Removal",
	};

	for (size_t i = 0; i < ARRAY_SIZE(properties); i++)
		changed_note(userdata, OBJECT_PATH, path, properties[i]);
}

static void on_controller_known(void *userdata, const char *controller)
{
	changed_note(userdata, OBJECT_CONTROLLER, controller,
		     "HasNamespaceManagement");
	changed_note(userdata, OBJECT_CONTROLLER, controller,
		     "NamespaceManagementKnown");
}

static void removal_name(uint32_t id, char name[NAME_SIZE])
{
	(void) snprintf(name, NAME_SIZE, "%" PRIu32, id);
}

static void on_removal_added(void *userdata, const struct job *j)
{
	char name[NAME_SIZE];

	removal_name(j->id, name);
	say_failure(emit_added(userdata, OBJECT_REMOVAL, name), name);
	inhibit_update(userdata);
}

static void on_removal_changed(void *userdata, const struct job *j)
{
	static const char *const properties[] = {
		"State", "Held", "InFlight", "InFlightPeak", "FinishedUSec",
		"DeadlineUSec", "Detail", "Errno", "CanRestore",
		"Controllers", "Paths", "Namespaces",
	};
	char name[NAME_SIZE];

	removal_name(j->id, name);
	for (size_t i = 0; i < ARRAY_SIZE(properties); i++)
		changed_note(userdata, OBJECT_REMOVAL, name, properties[i]);
}

static void on_removal_dropped(void *userdata, uint32_t id)
{
	char name[NAME_SIZE];

	removal_name(id, name);
	say_failure(emit_removed(userdata, OBJECT_REMOVAL, name), name);
}

static void on_ana_groups(void *userdata, const char *controller)
{
	changed_note(userdata, OBJECT_CONTROLLER, controller, "AnaGroups");
}

static void on_helper(void *userdata)
{
	changed_note(userdata, _OBJECT_KIND_MAX, "", "Helper");
}

static void on_sources(void *userdata)
{
	changed_note(userdata, _OBJECT_KIND_MAX, "", "EventSources");
	changed_note(userdata, _OBJECT_KIND_MAX, "", "KernelFeatures");
}

static void on_status(void *userdata)
{
	struct bus *b = userdata;
	const char *protection = manager_protection(b->m);

	inhibit_update(b);
	if (b->m->features == b->told_features && protection == b->told_protection)
		return;
	b->told_features = b->m->features;
	b->told_protection = protection;
	changed_note(b, _OBJECT_KIND_MAX, "", "Protection");
	changed_note(b, _OBJECT_KIND_MAX, "", "KernelFeatures");
	changed_note(b, _OBJECT_KIND_MAX, "", "KernelMissing");
}

const struct manager_listener bus_listener = {
	.difference = on_difference,
	.path_hold = on_path_hold,
	.controller_known = on_controller_known,
	.removal_added = on_removal_added,
	.removal_changed = on_removal_changed,
	.removal_dropped = on_removal_dropped,
	.event = event_emit,
	.ana_groups = on_ana_groups,
	.helper = on_helper,
	.sources = on_sources,
	.status = on_status,
};

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "props.h"

#include <errno.h>
#include <string.h>

#include "util.h"

/* A property and where it lands; C() is a counter. */
#define P(type_, member_, key_, kind_, field) \
	{ .type = PROP_##type_, .member = member_, .key = key_, \
	  .offset = offsetof(struct kind_, field) }
#define C(type_, member_, key_, kind_, field) \
	{ .type = PROP_##type_, .member = member_, .key = key_, \
	  .offset = offsetof(struct kind_, field), .counter = true }

static const struct prop subsystem_props[] = {
	P(TEXT, "NQN", "nqn", subsystem, nqn),
	P(TEXT, "Model", "model", subsystem, model),
	P(TEXT, "Serial", "serial", subsystem, serial),
	P(TEXT, "Firmware", "firmware", subsystem, firmware),
	P(TEXT, "IOPolicy", "io_policy", subsystem, io_policy),
	P(NAMES, "Controllers", "controllers", subsystem, controllers),
	P(NAMES, "Namespaces", "namespaces", subsystem, namespaces),
};

static const struct prop controller_props[] = {
	P(NAME, "Subsystem", "subsystem", controller, subsystem),
	P(TEXT, "Transport", "transport", controller, transport),
	P(TEXT, "Address", "address", controller, address),
	P(TEXT, "TrAddr", "traddr", controller, traddr),
	P(TEXT, "TrSvcId", "trsvcid", controller, trsvcid),
	P(TEXT, "HostTrAddr", "host_traddr", controller, host_traddr),
	P(TEXT, "HostIface", "host_iface", controller, host_iface),
	P(TEXT, "State", "state", controller, state),
	P(I64, "CntlId", "cntlid", controller, cntlid),
	P(I64, "NumaNode", "numa_node", controller, numa_node),
	P(NAMES, "Paths", "paths", controller, paths),
	P(BOOL, "HasNamespaceManagement", "has_namespace_management",
	  controller, has_ns_management),
	P(BOOL, "NamespaceManagementKnown", "namespace_management_known",
	  controller, ns_management_known),
	P(SECONDS, "CtrlLossTmoSec", "ctrl_loss_tmo_sec", controller, ctrl_loss_tmo_sec),
	P(SECONDS, "FastIoFailTmoSec", "fast_io_fail_tmo_sec", controller, fast_io_fail_tmo_sec),
	P(SECONDS, "ReconnectDelaySec", "reconnect_delay_sec", controller, reconnect_delay_sec),
	C(I64, "CommandErrors", "command_errors", controller, command_errors),
	C(I64, "Resets", "resets", controller, resets),
	C(I64, "Reconnects", "reconnects", controller, reconnects),
};

static const struct prop namespace_props[] = {
	P(NAME, "Subsystem", "subsystem", namespace, subsystem),
	P(U32, "NSID", "nsid", namespace, nsid),
	P(TEXT, "UUID", "uuid", namespace, uuid),
	P(TEXT, "NGUID", "nguid", namespace, nguid),
	P(TEXT, "WWID", "wwid", namespace, wwid),
	P(U64, "SizeBytes", "size_bytes", namespace, size_bytes),
	P(NAMES, "Paths", "paths", namespace, paths),
	P(U32, "UsablePaths", "usable_paths", namespace, usable_paths),
	P(SECONDS, "DelayedRemovalSec", "delayed_removal_sec", namespace, delayed_removal_sec),
	C(I64, "BioRedirects", "bio_redirects", namespace, bio_redirects),
	C(I64, "IoRequeues", "io_requeues", namespace, io_requeues),
	C(I64, "IoFailures", "io_failures", namespace, io_failures),
};

static const struct prop path_props[] = {
	P(NAME, "Namespace", "namespace", path, namespace),
	P(NAME, "Controller", "controller", path, controller),
	P(NAME, "Subsystem", "subsystem", path, subsystem),
	P(U32, "NSID", "nsid", path, nsid),
	P(U32, "AnaGroup", "ana_group", path, ana_group),
	P(TEXT, "AnaState", "ana_state", path, ana_state),
	P(TEXT, "AdminState", "admin_state", path, admin_state),
	P(TEXT, "PathState", "path_state", path, path_state),
	P(BOOL, "Usable", "usable", path, usable),
	P(I64, "InFlight", "in_flight", path, in_flight),
	P(TEXT, "HoldReason", "hold_reason", path, hold_reason),
	P(TEXT, "HoldOwner", "hold_owner", path, hold_owner),
	P(U64, "HoldSinceUSec", "hold_since_usec", path, hold_since_usec),
	P(U64, "HoldExpiresUSec", "hold_expires_usec", path, hold_expires_usec),
	P(NAME, "Removal", "removal", path, removal),
	C(I64, "Failovers", "failovers", path, failovers),
	C(I64, "Retries", "retries", path, retries),
	C(I64, "CommandErrors", "command_errors", path, command_errors),
	C(I64, "BioRedirects", "bio_redirects", path, bio_redirects),
	C(U64, "Transitions", "transitions", path, transitions),
	C(U64, "LastChangeUSec", "last_change_usec", path, last_change_usec),
	C(TEXT, "LastChange", "last_change", path, last_change),
};

static const struct prop removal_props[] = {
	P(U32, "Id", "id", removal, id),
	P(TEXT, "Kind", "kind", removal, kind),
	P(TEXT, "Object", "object", removal, target),
	P(TEXT, "ObjectKind", "object_kind", removal, target_kind),
	P(TEXT, "Reason", "reason", removal, reason),
	P(TEXT, "Owner", "owner", removal, owner),
	P(TEXT, "State", "state", removal, state),
	P(TEXTS, "Paths", "paths", removal, paths),
	P(TEXTS, "Namespaces", "namespaces", removal, namespaces),
	P(U32, "Held", "held", removal, held),
	P(I64, "InFlight", "in_flight", removal, in_flight),
	P(I64, "InFlightPeak", "in_flight_peak", removal, in_flight_peak),
	P(U64, "StartedUSec", "started_usec", removal, started_usec),
	P(U64, "FinishedUSec", "finished_usec", removal, finished_usec),
	P(U64, "DeadlineUSec", "deadline_usec", removal, deadline_usec),
	P(TEXT, "Detail", "detail", removal, detail),
	P(I32, "Errno", "errno", removal, error),
	P(BOOL, "CanRestore", "can_restore", removal, can_restore),
};

static const struct prop manager_props[] = {
	P(TEXT, "Version", "version", manager, version),
	P(TEXT, "KernelRelease", "kernel_release", manager, kernel_release),
	P(TEXTS, "KernelFeatures", "kernel_features", manager, kernel_features),
	P(TEXTS, "KernelMissing", "kernel_missing", manager, kernel_missing),
	P(TEXTS, "EventSources", "event_sources", manager, event_sources),
	P(TEXT, "Protection", "protection", manager, protection),
};

#define NVMPATH_OBJ_MANAGER NVMPATH_OBJ_ROOT
#define INFO(KIND, type, list)						\
	[KIND_##KIND] = {						\
		.interface = NVMPATH_IFACE_##KIND,			\
		.prefix = NVMPATH_OBJ_##KIND,				\
		.size = sizeof(struct type),				\
		.props = type##_props,					\
		.n_props = ARRAY_SIZE(type##_props),			\
		.json_list = list,					\
	}

static const struct kind_info kinds[_KIND_MAX] = {
	INFO(SUBSYSTEM, subsystem, "subsystems"),
	INFO(CONTROLLER, controller, "controllers"),
	INFO(NAMESPACE, namespace, "namespaces"),
	INFO(PATH, path, "paths"),
	INFO(REMOVAL, removal, "removals"),
	INFO(MANAGER, manager, "manager"),
};

const struct kind_info *kind_info(enum object_kind kind)
{
	return &kinds[kind];
}

enum object_kind kind_from_interface(const char *interface)
{
	for (int k = 0; k < _KIND_MAX; k++)
		if (!strcmp(kinds[k].interface, interface))
			return (enum object_kind) k;
	return _KIND_INVALID;
}

const struct prop *prop_find(const struct kind_info *info, const char *member)
{
	for (size_t i = 0; i < info->n_props; i++)
		if (!strcmp(info->props[i].member, member))
			return &info->props[i];
	return NULL;
}

const char *prop_signature(enum prop_type type)
{
	static const char * const signatures[] = {
		[PROP_TEXT] = "s",
		[PROP_TEXTS] = "as",
		[PROP_NAME] = "o",
		[PROP_NAMES] = "ao",
		[PROP_BOOL] = "b",
		[PROP_U32] = "u",
		[PROP_I32] = "i",
		[PROP_U64] = "t",
		[PROP_I64] = "x",
		[PROP_SECONDS] = "x",
	};

	return signatures[type];
}

/* What texts and lists are that say nothing: most of them, so they are not allocated. */
static char no_text[1];
static char *no_texts[1];

static void free_text(char *text)
{
	if (text != no_text)
		free(text);
}

static void free_texts(char **texts)
{
	if (texts == no_texts)
		return;
	for (char **t = texts; *t; t++)
		free(*t);
	free(texts);
}

int prop_set_text(char **at, char *take_text)
{
	if (!take_text)
		return -ENOMEM;
	free_text(*at);
	*at = take_text;
	return 0;
}

int prop_set_texts(char ***at, char **take_texts)
{
	if (!take_texts)
		return -ENOMEM;
	free_texts(*at);
	*at = take_texts;
	return 0;
}

static void prop_init(void *at, enum prop_type type)
{
	if (prop_is_text(type))
		*(char **) at = no_text;
	else if (prop_is_list(type))
		*(char ***) at = no_texts;
	else if (type == PROP_I64 || type == PROP_SECONDS)
		*(int64_t *) at = COUNTER_UNKNOWN;
}

struct object *object_new(enum object_kind kind)
{
	const struct kind_info *info = kind_info(kind);
	struct object *o = calloc(1, info->size);

	if (!o)
		return NULL;
	o->kind = kind;
	for (size_t i = 0; i < info->n_props; i++)
		prop_init((char *) o + info->props[i].offset, info->props[i].type);
	return o;
}

/* Of a borrower the lists are its own, what they name is not. */
static void prop_done(void *at, enum prop_type type, bool borrows)
{
	if (prop_is_text(type) && !borrows)
		free_text(*(char **) at);
	else if (prop_is_list(type) && !borrows)
		free_texts(*(char ***) at);
	else if (prop_is_list(type) && *(char ***) at != no_texts)
		free(*(char ***) at);
}

struct object *object_free(struct object *o)
{
	const struct kind_info *info;

	if (!o)
		return NULL;
	info = kind_info(o->kind);
	for (size_t i = 0; i < info->n_props; i++)
		prop_done((char *) o + info->props[i].offset, info->props[i].type, o->borrows);
	if (o->kind == KIND_CONTROLLER)
		free(((struct controller *) o)->place);
	if (!o->borrows)
		free(o->name);
	free(o);
	return NULL;
}

int object_bus_path(const struct object *o, char **ret)
{
	const struct kind_info *info = kind_info(o->kind);
	int r;

	if (o->kind != KIND_MANAGER) {
		r = sd_bus_path_encode(info->prefix, o->name, ret);
		return r < 0 ? r : 0;
	}
	*ret = strdup(info->prefix);
	return *ret ? 0 : -ENOMEM;
}

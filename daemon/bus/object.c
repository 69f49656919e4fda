/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdio.h>

#include "base/str.h"
#include "object.h"

struct bus *bus_of(sd_bus *bus)
{
	return sd_bus_slot_get_userdata(sd_bus_get_current_slot(bus));
}

const char *object_prefix(enum object_kind kind)
{
	static const char *const prefixes[] = {
		[OBJECT_SUBSYSTEM] = NVMPATH_OBJ_SUBSYSTEM,
		[OBJECT_CONTROLLER] = NVMPATH_OBJ_CONTROLLER,
		[OBJECT_NAMESPACE] = NVMPATH_OBJ_NAMESPACE,
		[OBJECT_PATH] = NVMPATH_OBJ_PATH,
		[OBJECT_REMOVAL] = NVMPATH_OBJ_REMOVAL,
	};

	return (size_t) kind < ARRAY_SIZE(prefixes) ? prefixes[kind] : NVMPATH_OBJ_ROOT;
}

const char *object_interface(enum object_kind kind)
{
	static const char *const interfaces[] = {
		[OBJECT_SUBSYSTEM] = NVMPATH_IFACE_SUBSYSTEM,
		[OBJECT_CONTROLLER] = NVMPATH_IFACE_CONTROLLER,
		[OBJECT_NAMESPACE] = NVMPATH_IFACE_NAMESPACE,
		[OBJECT_PATH] = NVMPATH_IFACE_PATH,
		[OBJECT_REMOVAL] = NVMPATH_IFACE_REMOVAL,
	};

	return (size_t) kind < ARRAY_SIZE(interfaces) ? interfaces[kind] :
							NVMPATH_IFACE_MANAGER;
}

static void *lookup_removal(const struct bus *b, const char *name)
{
	uint64_t id;

	if (str_to_u64(name, &id) < 0 || id > UINT32_MAX)
		return NULL;
	return job_by_id(b->m, (uint32_t) id);
}

void *object_lookup(const struct bus *b, enum object_kind kind, const char *name)
{
	const struct snapshot *s = b->m->now;

	switch (kind) {
	case OBJECT_SUBSYSTEM:
		return snapshot_subsystem(s, name);
	case OBJECT_CONTROLLER:
		return snapshot_controller(s, name);
	case OBJECT_NAMESPACE:
		return snapshot_head(s, name);
	case OBJECT_PATH:
		return snapshot_path(s, name);
	case OBJECT_REMOVAL:
		return lookup_removal(b, name);
	case _OBJECT_KIND_MAX:
	case _OBJECT_KIND_INVALID:
		break;
	}
	return NULL;
}

int object_append(const struct bus *b, sd_bus_message *reply,
		  enum object_kind kind, const char *name)
{
	_cleanup_free_ char *path = NULL;
	int r;

	if (!name[0] || !object_lookup(b, kind, name))
		return sd_bus_message_append(reply, "o", "/");
	r = sd_bus_path_encode(object_prefix(kind), name, &path);
	if (r < 0)
		return r;
	return sd_bus_message_append(reply, "o", path);
}

#define DEFINE_GETTER(name, type, append)				\
	DECLARE_GETTER(name)						\
	{								\
		(void) bus;						\
		(void) path;						\
		(void) interface;					\
		(void) property;					\
		(void) error;						\
		return sd_bus_message_append(reply, type, append);	\
	}

DEFINE_GETTER(get_text, "s", (const char *) userdata)
DEFINE_GETTER(get_u32, "u", *(const uint32_t *) userdata)
DEFINE_GETTER(get_u64, "t", *(const uint64_t *) userdata)
DEFINE_GETTER(get_s64, "x", *(const int64_t *) userdata)
DEFINE_GETTER(get_bool, "b", (int) *(const bool *) userdata)

int bus_error(sd_bus_error *error, int r, const char *message)
{
	static const struct {
		int error;
		const char *name;
	} names[] = {
#define ERROR_(suffix, name, number, exit) { number, NVMPATH_ERROR_##suffix },
		NVMPATH_BUS_ERRORS(ERROR_)
#undef ERROR_
		{ EINVAL, SD_BUS_ERROR_INVALID_ARGS },
		{ EACCES, SD_BUS_ERROR_ACCESS_DENIED },
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].error == -r)
			return sd_bus_error_set(error, names[i].name, message);
	return sd_bus_error_setf(error, NVMPATH_ERROR_FAILED, "%s", message);
}

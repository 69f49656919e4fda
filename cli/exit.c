/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bus.h"
#include "util.h"

static const struct {
	const char *name;
	enum nvmpath_exit code;
} names[] = {
#define X(suffix, name, err, exit_suffix) \
	{ NVMPATH_ERROR_PREFIX name, NVMPATH_EXIT_##exit_suffix },
	NVMPATH_BUS_ERRORS(X)
#undef X
	{ SD_BUS_ERROR_UNKNOWN_OBJECT, NVMPATH_EXIT_NO_SUCH_OBJECT },
	{ SD_BUS_ERROR_ACCESS_DENIED, NVMPATH_EXIT_NOT_AUTHORIZED },
	{ SD_BUS_ERROR_INTERACTIVE_AUTHORIZATION_REQUIRED, NVMPATH_EXIT_NOT_AUTHORIZED },
	{ SD_BUS_ERROR_AUTH_FAILED, NVMPATH_EXIT_NOT_AUTHORIZED },
	{ SD_BUS_ERROR_SERVICE_UNKNOWN, NVMPATH_EXIT_NOT_RUNNING },
	{ SD_BUS_ERROR_NAME_HAS_NO_OWNER, NVMPATH_EXIT_NOT_RUNNING },
	{ SD_BUS_ERROR_NO_SERVER, NVMPATH_EXIT_NOT_RUNNING },
	{ SD_BUS_ERROR_DISCONNECTED, NVMPATH_EXIT_NOT_RUNNING },
	{ SD_BUS_ERROR_NO_REPLY, NVMPATH_EXIT_NOT_RUNNING },
};

enum nvmpath_exit exit_from_error_name(const char *name)
{
	for (size_t i = 0; name && i < ARRAY_SIZE(names); i++)
		if (!strcmp(names[i].name, name))
			return names[i].code;
	return NVMPATH_EXIT_FAILURE;
}

enum nvmpath_exit exit_from_errno(int error)
{
	static const struct {
		int error;
		enum nvmpath_exit code;
	} errors[] = {
#define X(suffix, name, err, exit_suffix) { err, NVMPATH_EXIT_##exit_suffix },
		NVMPATH_BUS_ERRORS(X)
#undef X
		{ EACCES, NVMPATH_EXIT_NOT_AUTHORIZED },
		{ EPERM, NVMPATH_EXIT_NOT_AUTHORIZED },
	};

	for (size_t i = 0; i < ARRAY_SIZE(errors); i++)
		if (errors[i].error == abs(error))
			return errors[i].code;
	return NVMPATH_EXIT_FAILURE;
}

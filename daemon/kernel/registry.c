/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>

#include "base/str.h"
#include "registry.h"
#include "sysfs.h"

bool registry_owner(const char *root, const char *controller, char ret[REGISTRY_OWNER_SIZE])
{
	char file[PATH_MAX];

	(void) snprintf(file, sizeof(file), "%s/run/nvme/registry/%s/owner", root, controller);
	if (sysfs_read(AT_FDCWD, file, ret, REGISTRY_OWNER_SIZE) <= 0)
		return false;
	str_sanitize(ret);
	return true;
}

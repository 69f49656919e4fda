/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of the D-Bus API (docs/DBUS.md). */
#ifndef NVMPATH_DBUS_H
#define NVMPATH_DBUS_H

#include <stdint.h>

#include <nvmpath/words.h>

#define NVMPATH_BUS_NAME		"io.github.nvmpath1"
#define NVMPATH_OBJ_ROOT		"/io/github/nvmpath1"

/* Prefixes for sd_bus_path_encode(prefix, kernel name or removal id) */
#define NVMPATH_OBJ_SUBSYSTEM		NVMPATH_OBJ_ROOT "/subsystem"
#define NVMPATH_OBJ_CONTROLLER		NVMPATH_OBJ_ROOT "/controller"
#define NVMPATH_OBJ_NAMESPACE		NVMPATH_OBJ_ROOT "/namespace"
#define NVMPATH_OBJ_PATH		NVMPATH_OBJ_ROOT "/path"
#define NVMPATH_OBJ_REMOVAL		NVMPATH_OBJ_ROOT "/removal"

#define NVMPATH_IFACE_MANAGER		NVMPATH_BUS_NAME ".Manager"
#define NVMPATH_IFACE_SUBSYSTEM		NVMPATH_BUS_NAME ".Subsystem"
#define NVMPATH_IFACE_CONTROLLER	NVMPATH_BUS_NAME ".Controller"
#define NVMPATH_IFACE_NAMESPACE		NVMPATH_BUS_NAME ".Namespace"
#define NVMPATH_IFACE_PATH		NVMPATH_BUS_NAME ".Path"
#define NVMPATH_IFACE_REMOVAL		NVMPATH_BUS_NAME ".Removal"

#define NVMPATH_ERROR_PREFIX		NVMPATH_BUS_NAME ".Error."
#define NVMPATH_ERROR_NO_SUCH_OBJECT	NVMPATH_ERROR_PREFIX "NoSuchObject"
#define NVMPATH_ERROR_LAST_PATH		NVMPATH_ERROR_PREFIX "LastPath"
#define NVMPATH_ERROR_REFUSED		NVMPATH_ERROR_PREFIX "Refused"
#define NVMPATH_ERROR_DRAIN_TIMEOUT	NVMPATH_ERROR_PREFIX "DrainTimeout"
#define NVMPATH_ERROR_KERNEL_LACKS	NVMPATH_ERROR_PREFIX "KernelLacks"
#define NVMPATH_ERROR_INVALID_OBJECT	NVMPATH_ERROR_PREFIX "InvalidObject"
#define NVMPATH_ERROR_BUSY		NVMPATH_ERROR_PREFIX "Busy"
#define NVMPATH_ERROR_FAILED		NVMPATH_ERROR_PREFIX "Failed"

/* A drain that is asked for with timeout 0 gets this long. */
#define NVMPATH_DRAIN_TIMEOUT_DEFAULT_USEC (30ULL * 1000 * 1000)

/* Bits of the flags that target methods of the Manager end in. */
#define NVMPATH_FLAG_FORCE	(1ULL << 0)	/* below the floors; on record */
#define NVMPATH_FLAG_LEASE	(1ULL << 1)	/* ends with the caller's connection */
#define NVMPATH_FLAG_KEEP_HELD	(1ULL << 2)	/* Remove: end held, not detached */
#define NVMPATH_FLAG_EXCLUDE	(1ULL << 3)	/* Remove: in nvme-cli's exclusion list */

/* A number of seconds on the bus: the kernel's "off", never; -1 is unknown. */
#define NVMPATH_SEC_OFF		INT64_MAX

#endif

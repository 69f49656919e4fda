/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Event sources. An event is a reason to look, nothing more: a source says
 * that something may have changed, and a full look finds out what. A lost,
 * doubled or reordered event cannot hurt.
 */
#ifndef NVMPATH_KERNEL_SOURCE_H
#define NVMPATH_KERNEL_SOURCE_H

#include <stdint.h>
#include <systemd/sd-event.h>

#include "base/macro.h"

typedef void (*look_func_t)(void *userdata);

/* uevents of nvme, nvme-subsystem and of NVMe disks, as udev passes them on. */
struct udev_source;
int udev_source_new(sd_event *event, look_func_t look, void *userdata,
		    struct udev_source **ret);
struct udev_source *udev_source_free(struct udev_source *s);
DEFINE_CLEANUP(struct udev_source *, udev_source_free)

/*
 * A timer, for what no event announces: on a stock kernel ANA changes,
 * controller state changes, and path disks that come and go.
 */
struct poll_source;
int poll_source_new(sd_event *event, uint64_t interval_usec, look_func_t look,
		    void *userdata, struct poll_source **ret);
struct poll_source *poll_source_free(struct poll_source *s);
DEFINE_CLEANUP(struct poll_source *, poll_source_free)

#endif

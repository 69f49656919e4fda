/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Taking away and bringing back. Blocking, worker only; each returns when
 * what it did can be seen in sysfs.
 */
#ifndef NVMPATH_KERNEL_DETACH_H
#define NVMPATH_KERNEL_DETACH_H

#include "core/model.h"
#include "nvmelib.h"

/* "" where it cannot be told; else an attribute below the root of sysfs. */
int pci_rescan_attr(int root_fd, const char *controller, char *ret, size_t size);

/* A controller on PCI, as opposed to fabrics. */
bool controller_is_pci(const struct controller *c);

/*
 * Each does its act and waits until the path (or controller) that it names,
 * by name and inode, is gone. -ETIMEDOUT: the act was taken but it is still
 * there at the deadline (CLOCK_MONOTONIC). @helper is helper.h's socket; where
 * that one ends before it answers, sysfs has the word for a second more.
 */
int detach_path(const char *helper, int root_fd, const struct path *p,
		const struct controller *c, uint64_t deadline_usec, char *detail);
int detach_controller(int root_fd, const struct controller *c,
		      uint64_t deadline_usec, char *detail);

/*
 * Attaches the namespace and waits until a path to it is there, asking the
 * kernel to rescan if it does not look by itself.
 */
int restore_path(const char *helper, int root_fd, const struct controller *c,
		 uint32_t nsid, uint64_t deadline_usec, char *detail);

/* Rescans the bus behind @attr; if "" or gone, all buses. */
int restore_pci(int root_fd, const char *attr, char *detail);

#endif

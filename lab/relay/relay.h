/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef NVMPATH_RELAY_H
#define NVMPATH_RELAY_H

#include <stdbool.h>
#include <stddef.h>

#include <systemd/sd-bus.h>

#define RELAY_PATH "/io/github/nvmpath/relay/"
#define RELAY_INTERFACE "io.github.nvmpath.Relay"
#define EVENT_SIZE 8192

/* A socket that hears what the kernel itself sends, or a negative errno. */
int uevent_open(void);

/*
 * Takes one event from it; true where it is NVMe's and of a path, whose name is then in @ret.
 * Does not wait.
 */
bool uevent_path(int fd, char ret[static 64]);

/* Tells of each such event by a signal, and does nothing else. Returns a negative errno. */
int relay(sd_bus *bus);

/*
 * Writes "hold" and "online" to @file in turn, @count times, and prints what passes between
 * hearing of each from the kernel and the signal of the object named @path that matches
 * @rule: "median=US p99=US slowest=US". Returns 0 or a negative errno.
 */
int measure(sd_bus *bus, const char *rule, const char *path, const char *file, size_t count);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One verb on several hosts, side by side. */
#ifndef NVMPATH_CLI_HOSTS_H
#define NVMPATH_CLI_HOSTS_H

#include "args.h"
#include "verbs.h"

/*
 * Runs the verb in a process of its own for each host and prints their lines
 * behind "HOST: ". What plan can foretell is planned on all hosts first, and
 * done only if none refuses. The worst exit code of all.
 */
enum nvmpath_exit hosts_run(const struct verb *v, const struct args *args);

#endif

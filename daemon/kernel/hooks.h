/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Executables of the administrator's, run one after the other. */
#ifndef NVMPATH_KERNEL_HOOKS_H
#define NVMPATH_KERNEL_HOOKS_H

#include <stdbool.h>
#include <stdint.h>

#define HOOK_DETAIL_SIZE 256

/*
 * Runs what is executable in @dir, in the order of the names, each as
 * "NAME @when" with @env, until @deadline_usec (monotonic): what still runs
 * then is killed with all of its process group. Blocks: from a worker only.
 * No such folder, or nothing in it, is well. -ECONNREFUSED: one failed, or
 * others than root may write to it; -ETIMEDOUT; @detail says which. With
 * @all_of_them the others run nevertheless, and the first failure is told.
 */
int hooks_run(const char *dir, const char *when, char *const *env,
	      uint64_t deadline_usec, bool all_of_them,
	      char detail[HOOK_DETAIL_SIZE]);

#endif

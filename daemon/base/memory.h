/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef NVMPATH_BASE_MEMORY_H
#define NVMPATH_BASE_MEMORY_H

/*
 * Brings in all code and data that is mapped now and keeps it, and whatever is
 * touched later, in memory: the disk that it came from may be one whose paths
 * are held. What is mapped later is not filled in advance (thread stacks).
 * -EPERM, -ENOMEM: RLIMIT_MEMLOCK does not allow it; nothing is locked then.
 */
int memory_lock(void);

/* Large buffers go back to the system when they are freed. Before the first of them. */
void memory_give_back(void);

#endif

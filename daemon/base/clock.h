/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef NVMPATH_BASE_CLOCK_H
#define NVMPATH_BASE_CLOCK_H

#include <stdint.h>

#define USEC_PER_MSEC	UINT64_C(1000)
#define USEC_PER_SEC	UINT64_C(1000000)

/* CLOCK_MONOTONIC: for deadlines, the clock that sd-event timers take. */
uint64_t now_monotonic_usec(void);

/* CLOCK_REALTIME: for what people read, and for records. */
uint64_t now_realtime_usec(void);

/* CLOCK_BOOTTIME: runs on while the machine is suspended. */
uint64_t now_boottime_usec(void);

/* Sleeps this long; only a worker thread may. */
void sleep_usec(uint64_t usec);

#endif

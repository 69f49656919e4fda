/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "drain.h"

void drain_note(struct drain *d, int64_t inflight)
{
	d->inflight = inflight;
	if (inflight > d->peak)
		d->peak = inflight;
}

bool drain_sample(struct drain *d, int64_t inflight, uint64_t now_usec)
{
	drain_note(d, inflight);
	if (inflight != 0) {
		d->zeros = 0;
		return false;
	}
	if (d->zeros == 0 || now_usec - d->last_usec >= DRAIN_APART_USEC) {
		d->zeros++;
		d->last_usec = now_usec;
	}
	return d->zeros >= DRAIN_SAMPLES;
}

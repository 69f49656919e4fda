/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What became of a path, kept by its key: transitions, ANA, holds. */
#ifndef NVMPATH_POLICY_NOTE_H
#define NVMPATH_POLICY_NOTE_H

#include "manager.h"

/* Counts it, tells it, and lets the book of holds and the ANA groups know. */
void note_path(struct manager *m, const struct difference *d);

#endif

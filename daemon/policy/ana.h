/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What becomes of the paths' ANA groups (core/ana-group.h). */
#ifndef NVMPATH_POLICY_ANA_H
#define NVMPATH_POLICY_ANA_H

#include "core/ana-group.h"
#include "manager.h"

/*
 * Takes over what @p says of its group; tells where that is new (and @told).
 */
void ana_note(struct manager *m, const struct path *p, bool told);

/* Drops the groups that no path is in any more. */
void ana_drop_gone(struct manager *m);

#endif

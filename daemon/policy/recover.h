/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What to make of records that an earlier run of the daemon left. */
#ifndef NVMPATH_POLICY_RECOVER_H
#define NVMPATH_POLICY_RECOVER_H

#include "manager.h"

/*
 * After the first look: takes the holds that still stand into the book, and
 * gives each removal that did not come to rest INPUT_RESTART, which undoes
 * what can be undone.
 */
int recover(struct manager *m);

#endif

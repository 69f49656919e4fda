/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What only the controller itself can say, asked once in its life. */
#ifndef NVMPATH_POLICY_FACTS_H
#define NVMPATH_POLICY_FACTS_H

#include "manager.h"

/* Drops facts of controllers that went, asks those that are new and live. */
void facts_refresh(struct manager *m);
/* The same, also of those that did not answer before: the helper is another. */
void facts_ask_again(struct manager *m);

#endif

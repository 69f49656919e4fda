/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef NVMPATH_POLICY_SAY_H
#define NVMPATH_POLICY_SAY_H

#include "base/macro.h"
#include "manager.h"

/* Writes the sentence and returns @error, so that a check says and returns. */
int say(char message[MESSAGE_SIZE], int error, const char *fmt, ...) _printf_(3, 4);

#endif

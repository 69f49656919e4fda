/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef NVMPATH_LOAD_REPORT_H
#define NVMPATH_LOAD_REPORT_H

#include "options.h"
#include "run.h"

/* The verdict on stdout, as JSON or as text for people. */
int report_json(const struct load_options *options, const struct load_result *result);
void report_text(const struct load_options *options, const struct load_result *result);

#endif

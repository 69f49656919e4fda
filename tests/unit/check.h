/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* cmocka wants these before itself. */
#ifndef NVMPATH_TESTS_CHECK_H
#define NVMPATH_TESTS_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif

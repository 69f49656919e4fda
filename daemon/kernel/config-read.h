/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The configuration files, through libeconf. Blocks on files. */
#ifndef NVMPATH_KERNEL_CONFIG_READ_H
#define NVMPATH_KERNEL_CONFIG_READ_H

#include "core/settings.h"

#define CONFIG_MESSAGE_SIZE 512

/*
 * Reads ROOT/usr/lib/nvmpath/nvmpathd.conf, ROOT/etc/nvmpath/nvmpathd.conf
 * (which replaces it) and the drop-ins *.conf in nvmpathd.conf.d beside each;
 * @root is "" for the system's. None of them being there is no error.
 * *@ret is written where all is well, settings_done() it. Else negative errno,
 * and @message says file, line, key and what is wrong there.
 */
int config_read(const char *root, struct settings *ret,
		char message[CONFIG_MESSAGE_SIZE]);

#endif

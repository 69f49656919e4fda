/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The attributes of core/loss.h, of one subsystem, controller or head. */
#ifndef NVMPATH_KERNEL_LOSS_ATTR_H
#define NVMPATH_KERNEL_LOSS_ATTR_H

#include "core/loss.h"

struct loss_object {
	enum object_kind kind;
	struct object o;
	char subsystem[NAME_SIZE];	/* of a head */
};

struct loss_object loss_subsystem(const struct subsystem *s);
struct loss_object loss_controller(const struct controller *c);
struct loss_object loss_head(const struct head *h);

/* Those that its kind has; "" where it is gone or the kernel has none. */
void loss_read(int root_fd, const struct loss_object *o, struct loss *ret);
/* One of them. */
void loss_read_one(int root_fd, const struct loss_object *o,
		   enum loss_setting setting, char ret[WORD_SIZE]);

/* May wait for locks of the kernel's: worker only. -ENODEV: it went. */
int loss_write(int root_fd, const struct loss_object *o,
	       enum loss_setting setting, const char *word);

#endif

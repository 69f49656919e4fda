/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdio.h>

#include "base/str.h"
#include "loss-attr.h"
#include "sysfs.h"

struct loss_object loss_subsystem(const struct subsystem *s)
{
	return (struct loss_object) { .kind = OBJECT_SUBSYSTEM, .o = s->o };
}

struct loss_object loss_controller(const struct controller *c)
{
	return (struct loss_object) { .kind = OBJECT_CONTROLLER, .o = c->o };
}

struct loss_object loss_head(const struct head *h)
{
	struct loss_object o = { .kind = OBJECT_NAMESPACE, .o = h->o };

	STR_COPY(o.subsystem, h->subsystem);
	return o;
}

static int open_object(int root_fd, const struct loss_object *o)
{
	_cleanup_close_ int fd = -EBADF;
	char dir[2 * NAME_SIZE + 32];

	if (o->kind == OBJECT_CONTROLLER)
		(void) snprintf(dir, sizeof(dir), "class/nvme/%s", o->o.name);
	else if (o->kind == OBJECT_SUBSYSTEM)
		(void) snprintf(dir, sizeof(dir), "class/nvme-subsystem/%s", o->o.name);
	else
		(void) snprintf(dir, sizeof(dir), "class/nvme-subsystem/%s/%s",
				o->subsystem, o->o.name);
	fd = sysfs_open_dir(root_fd, dir);
	if (fd < 0 || sysfs_ino(fd, ".") != o->o.ino)
		return -ENODEV;
	return TAKE_FD(fd);
}

void loss_read(int root_fd, const struct loss_object *o, struct loss *ret)
{
	_cleanup_close_ int fd = open_object(root_fd, o);

	*ret = (struct loss) {};
	for (int i = 0; fd >= 0 && i < _LOSS_SETTING_MAX; i++)
		if (loss_kind((enum loss_setting) i) == o->kind)
			(void) sysfs_read(fd, loss_setting_to_string((enum loss_setting) i),
					  ret->v[i], sizeof(ret->v[i]));
}

void loss_read_one(int root_fd, const struct loss_object *o,
		   enum loss_setting setting, char ret[WORD_SIZE])
{
	_cleanup_close_ int fd = open_object(root_fd, o);

	ret[0] = '\0';
	if (fd >= 0)
		(void) sysfs_read(fd, loss_setting_to_string(setting), ret, WORD_SIZE);
}

int loss_write(int root_fd, const struct loss_object *o,
	       enum loss_setting setting, const char *word)
{
	_cleanup_close_ int fd = open_object(root_fd, o);

	if (fd < 0)
		return fd;
	/* It shows "off", and takes -1 for it. */
	return sysfs_write(fd, loss_setting_to_string(setting),
			   str_equal(word, "off") ? "-1" : word);
}

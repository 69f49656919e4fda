/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <libudev.h>

#include "base/str.h"
#include "source.h"

struct udev_source {
	struct udev *udev;
	struct udev_monitor *monitor;
	sd_event_source *io;
	look_func_t look;
	void *userdata;
};

struct udev_source *udev_source_free(struct udev_source *s)
{
	if (!s)
		return NULL;
	sd_event_source_disable_unref(s->io);
	udev_monitor_unref(s->monitor);
	udev_unref(s->udev);
	free(s);
	return NULL;
}

static bool is_ours(struct udev_device *d)
{
	const char *subsystem = udev_device_get_subsystem(d);
	const char *name = udev_device_get_sysname(d);

	if (!subsystem || !name)
		return false;
	if (str_equal(subsystem, "block"))
		return str_has_prefix(name, "nvme");
	return true;
}

/* Takes all that waits; an overrun (ENOBUFS) counts as one event. */
static int on_io(sd_event_source *io, int fd, uint32_t revents, void *userdata)
{
	struct udev_source *s = userdata;
	struct udev_device *d;
	bool ours = false;

	(void) io;
	(void) fd;
	(void) revents;
	for (;;) {
		errno = 0;
		d = udev_monitor_receive_device(s->monitor);
		if (!d)
			break;
		ours = ours || is_ours(d);
		udev_device_unref(d);
	}
	if (ours || errno == ENOBUFS)
		s->look(s->userdata);
	return 0;
}

static int add_filters(struct udev_monitor *m)
{
	static const char *const subsystems[] = {
		"nvme", "nvme-subsystem", "block",
	};

	for (size_t i = 0; i < ARRAY_SIZE(subsystems); i++) {
		int r = udev_monitor_filter_add_match_subsystem_devtype(
				m, subsystems[i], NULL);

		if (r < 0)
			return r;
	}
	return udev_monitor_enable_receiving(m);
}

int udev_source_new(sd_event *event, look_func_t look, void *userdata,
		    struct udev_source **ret)
{
	_cleanup_(udev_source_freep) struct udev_source *s = calloc(1, sizeof(*s));
	int r;

	if (!s)
		return -ENOMEM;
	s->look = look;
	s->userdata = userdata;
	s->udev = udev_new();
	if (!s->udev)
		return -ENOMEM;
	s->monitor = udev_monitor_new_from_netlink(s->udev, "udev");
	if (!s->monitor)
		return -EIO;
	r = add_filters(s->monitor);
	if (r < 0)
		return r;
	r = sd_event_add_io(event, &s->io, udev_monitor_get_fd(s->monitor),
			    EPOLLIN, on_io, s);
	if (r < 0)
		return r;
	*ret = TAKE_PTR(s);
	return 0;
}

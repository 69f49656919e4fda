/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A snapshot to test with: one subsystem, controllers and paths by hand. */
#ifndef NVMPATH_TESTS_FIXTURE_H
#define NVMPATH_TESTS_FIXTURE_H

#include "base/str.h"
#include "check.h"
#include "core/model.h"

static inline void give_controller(struct snapshot *s, const char *name, uint64_t ino)
{
	struct controller c = { .o.ino = ino, .cntlid = 1 };

	STR_COPY(c.o.name, name);
	STR_COPY(c.subsystem, "nvme-subsys0");
	STR_COPY(c.state, "live");
	assert_int_equal(snapshot_add_controller(s, &c), 0);
}

static inline void give_head(struct snapshot *s, const char *name, uint32_t nsid)
{
	struct head h = { .o.ino = 1000 + nsid, .nsid = nsid };

	STR_COPY(h.o.name, name);
	STR_COPY(h.subsystem, "nvme-subsys0");
	assert_int_equal(snapshot_add_head(s, &h), 0);
}

static inline void give_path(struct snapshot *s, const char *name, const char *head,
			     const char *controller, uint64_t ino, bool usable)
{
	struct path p = { .o.ino = ino, .usable = usable };

	STR_COPY(p.o.name, name);
	STR_COPY(p.head, head);
	STR_COPY(p.controller, controller);
	STR_COPY(p.subsystem, "nvme-subsys0");
	STR_COPY(p.path_state, usable ? "usable" : "ctrl_down");
	assert_int_equal(snapshot_add_path(s, &p), 0);
}

/* Two controllers, two namespaces, four usable paths. */
static inline struct snapshot *give_pair(void)
{
	struct subsystem sub = { .o = { .name = "nvme-subsys0", .ino = 1 } };
	struct snapshot *s = NULL;

	assert_int_equal(snapshot_new(&s), 0);
	assert_int_equal(snapshot_add_subsystem(s, &sub), 0);
	give_controller(s, "nvme10", 20);
	give_controller(s, "nvme2", 10);
	give_head(s, "nvme0n1", 1);
	give_head(s, "nvme0n2", 2);
	give_path(s, "nvme0c10n1", "nvme0n1", "nvme10", 21, true);
	give_path(s, "nvme0c10n2", "nvme0n2", "nvme10", 22, true);
	give_path(s, "nvme0c2n1", "nvme0n1", "nvme2", 11, true);
	give_path(s, "nvme0c2n2", "nvme0n2", "nvme2", 12, true);
	snapshot_sort(s);
	return s;
}

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the daemon knows of the machine at one moment: plain values, no
 * pointers into the system. Objects name each other by kernel name, because
 * the only thing that may keep them apart over time is a look at the next
 * snapshot.
 *
 * Kernel names are recycled. @ino is the inode of the object's folder in
 * sysfs, which kernfs gives out once: the same name with another inode is
 * another object.
 */
#ifndef NVMPATH_CORE_MODEL_H
#define NVMPATH_CORE_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <nvmpath/words.h>

#include "base/macro.h"
#include "base/table.h"

#define NAME_SIZE	32	/* DISK_NAME_LEN of the kernel */
#define NQN_SIZE	224	/* NVMe Base Specification: 223 bytes at most */
#define ADDRESS_SIZE	256
#define TRADDR_SIZE	128
#define WORD_SIZE	24	/* one state word of the kernel */
#define REASONS_SIZE	128	/* all reasons of path_state together: 93 */
#define UUID_SIZE	40
#define WWID_SIZE	128

#define UNKNOWN_NUMBER	(-1)	/* of every signed number here */

#define OBJECT_KIND_ENUM_(suffix, word) OBJECT_##suffix,
enum object_kind {
	NVMPATH_OBJECT_KINDS(OBJECT_KIND_ENUM_)
	_OBJECT_KIND_MAX,
	_OBJECT_KIND_INVALID = -EINVAL,
};
DECLARE_TABLE(object_kind, enum object_kind);

#define FEATURE_ENUM_(suffix, word) FEATURE_##suffix,
enum feature {
	NVMPATH_KERNEL_FEATURES(FEATURE_ENUM_)
	_FEATURE_MAX,
	_FEATURE_INVALID = -EINVAL,
};
DECLARE_TABLE(feature, enum feature);
#define FEATURE_BIT(f) (1U << (f))

/* What every object begins with; names order the arrays of a snapshot. */
struct object {
	char name[NAME_SIZE];
	uint64_t ino;
};

struct subsystem {
	struct object o;
	char nqn[NQN_SIZE];
	char model[48];
	char serial[WORD_SIZE];
	char firmware[WORD_SIZE];
	char iopolicy[WORD_SIZE];
};

struct controller {
	struct object o;
	char subsystem[NAME_SIZE];
	char transport[WORD_SIZE];	/* pcie, tcp, rdma, fc, loop */
	char address[ADDRESS_SIZE];	/* as sysfs has it */
	char traddr[TRADDR_SIZE];
	char trsvcid[WORD_SIZE];
	char host_traddr[TRADDR_SIZE];
	char host_iface[WORD_SIZE];
	char state[WORD_SIZE];
	int64_t cntlid;
	int64_t numa_node;
};

/* A namespace as the system uses it: the disk that applications open. */
struct head {
	struct object o;
	char subsystem[NAME_SIZE];
	uint32_t nsid;
	char uuid[UUID_SIZE];
	char nguid[UUID_SIZE];
	char wwid[WWID_SIZE];
	uint64_t size_bytes;
};

struct path {
	struct object o;
	char head[NAME_SIZE];
	char controller[NAME_SIZE];
	char subsystem[NAME_SIZE];
	uint32_t nsid;
	uint32_t ana_group;		/* 0: none */
	uint32_t features;		/* FEATURE_BIT()s found here */
	bool usable;
	char ana_state[WORD_SIZE];
	char admin_state[WORD_SIZE];	/* "" where the kernel has none */
	char path_state[REASONS_SIZE];	/* the kernel's, or ours */
};

struct snapshot {
	struct subsystem *subsystems;
	size_t n_subsystems;
	struct controller *controllers;
	size_t n_controllers;
	struct head *heads;
	size_t n_heads;
	struct path *paths;
	size_t n_paths;
};

int snapshot_new(struct snapshot **ret);
struct snapshot *snapshot_free(struct snapshot *s);
DEFINE_CLEANUP(struct snapshot *, snapshot_free)

/* Each copies *@v to the end of its array; -ENOMEM. Sort when all are in. */
int snapshot_add_subsystem(struct snapshot *s, const struct subsystem *v);
int snapshot_add_controller(struct snapshot *s, const struct controller *v);
int snapshot_add_head(struct snapshot *s, const struct head *v);
int snapshot_add_path(struct snapshot *s, const struct path *v);
void snapshot_sort(struct snapshot *s);

/* By kernel name in a sorted snapshot, borrowed; NULL where there is none. */
struct subsystem *snapshot_subsystem(const struct snapshot *s, const char *name);
struct controller *snapshot_controller(const struct snapshot *s, const char *name);
struct head *snapshot_head(const struct snapshot *s, const char *name);
struct path *snapshot_path(const struct snapshot *s, const char *name);

/*
 * What kind of object the kernel name belongs to. -ENXIO where there is none.
 */
int snapshot_kind_of(const struct snapshot *s, const char *name,
		     enum object_kind *ret);

/* How many paths of the head can take I/O now. */
unsigned head_usable_paths(const struct snapshot *s, const char *head);

/* Features found on any path, and whether there is any path to look at. */
uint32_t snapshot_features(const struct snapshot *s);

#endif

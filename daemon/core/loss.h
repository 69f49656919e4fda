/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The kernel's settings that decide what the loss of a path costs, in its own
 * words: seconds, or "off" for never. "" is what is not known, or not asked for.
 */
#ifndef NVMPATH_CORE_LOSS_H
#define NVMPATH_CORE_LOSS_H

#include <nvmpath/dbus.h>

#include "model.h"

/*
 * X(SUFFIX, "attribute", "key in the configuration", kind of object). In the
 * order in which they are written: the kernel keeps ctrl_loss_tmo as a number
 * of tries, reconnect_delay apart (drivers/nvme/host/sysfs.c).
 */
#define LOSS_SETTINGS(X)						\
	X(IOPOLICY, "iopolicy", "IOPolicy", SUBSYSTEM)			\
	X(RECONNECT_DELAY, "reconnect_delay", "ReconnectDelay", CONTROLLER) \
	X(CTRL_LOSS_TMO, "ctrl_loss_tmo", "CtrlLossTmo", CONTROLLER)	\
	X(FAST_IO_FAIL_TMO, "fast_io_fail_tmo", "FastIoFailTmo", CONTROLLER) \
	X(DELAYED_REMOVAL, "delayed_removal_secs", "DelayedRemoval", NAMESPACE)

#define LOSS_ENUM_(suffix, attr, key, kind) LOSS_##suffix,
enum loss_setting {
	LOSS_SETTINGS(LOSS_ENUM_)
	_LOSS_SETTING_MAX,
	_LOSS_SETTING_INVALID = -EINVAL,
};
/* The kernel's attribute. */
DECLARE_TABLE(loss_setting, enum loss_setting);

enum object_kind loss_kind(enum loss_setting setting);

struct loss {
	char v[_LOSS_SETTING_MAX][WORD_SIZE];
};

/*
 * Takes what the configuration says for @key: 0; -ENOENT: no such key; -EINVAL
 * with @say, what would be right.
 */
int loss_configure(struct loss *l, const char *key, const char *value,
		   const char **say);

/* What @from says goes over what @to said. */
void loss_merge(struct loss *to, const struct loss *from);
bool loss_says_anything(const struct loss *l);

/* Seconds; NVMPATH_SEC_OFF: never; UNKNOWN_NUMBER. */
int64_t loss_seconds(const char *word);

/*
 * How long I/O waits for a path once the last one, on this controller, is
 * lost, before it fails: UNKNOWN_NUMBER where that cannot be told. A PCI
 * function is not waited for. After nvme_available_path() of the kernel.
 */
int64_t loss_patience_sec(const struct loss *controller, bool is_pci,
			  const struct loss *head);

#endif

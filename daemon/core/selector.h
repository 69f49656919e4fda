/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Targets that name many controllers at once: KEY=VALUE. */
#ifndef NVMPATH_CORE_SELECTOR_H
#define NVMPATH_CORE_SELECTOR_H

#include "impact.h"

#define SELECTOR_ENUM_(suffix, word) SELECTOR_##suffix,
enum selector_key {
	NVMPATH_SELECTORS(SELECTOR_ENUM_)
	_SELECTOR_MAX,
	_SELECTOR_INVALID = -EINVAL,
};
DECLARE_TABLE(selector, enum selector_key);

struct selector {
	enum selector_key key;
	char value[TRADDR_SIZE];
};

/* Is it KEY=VALUE at all, whatever the key? */
bool selector_is(const char *target);

/* -EINVAL: an unknown key, or no value, or one that is too long. */
int selector_parse(const char *target, struct selector *ret);

/*
 * The controllers with that address or interface. A PCI function is compared
 * with the controller's own address; what sits behind an adapter only sysfs
 * can say (kernel/behind.h).
 */
int selector_pick(const struct snapshot *s, const struct selector *selector,
		  struct names *ret);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/str.h"
#include "selector.h"

#define SELECTOR_WORD_(suffix, word) word,
static const char *const selectors[] = {
	NVMPATH_SELECTORS(SELECTOR_WORD_)
};
DEFINE_TABLE(selector, enum selector_key, selectors)

bool selector_is(const char *target)
{
	return strchr(target, '=') != NULL;
}

int selector_parse(const char *target, struct selector *ret)
{
	const char *value = strchr(target, '=');
	char key[WORD_SIZE];
	struct selector v;

	if (!value || !value[1] || (size_t) (value - target) >= sizeof(key))
		return -EINVAL;
	memcpy(key, target, (size_t) (value - target));
	key[value - target] = '\0';
	v.key = selector_from_string(key);
	if ((int) v.key < 0 || str_copy(v.value, sizeof(v.value), value + 1) < 0)
		return -EINVAL;
	*ret = v;
	return 0;
}

static const char *field(const struct controller *c, enum selector_key key)
{
	switch (key) {
	case SELECTOR_TRADDR:
		return c->traddr;
	case SELECTOR_HOST_TRADDR:
		return c->host_traddr;
	case SELECTOR_HOST_IFACE:
		return c->host_iface;
	case SELECTOR_PCI:
		return str_equal(c->transport, "pcie") ? c->traddr : "";
	case _SELECTOR_MAX:
	case _SELECTOR_INVALID:
		break;
	}
	return "";
}

int selector_pick(const struct snapshot *s, const struct selector *selector,
		  struct names *ret)
{
	for (size_t i = 0; i < s->n_controllers; i++) {
		const struct controller *c = &s->controllers[i];
		int r;

		if (!str_equal(field(c, selector->key), selector->value))
			continue;
		r = names_add(ret, c->o.name);
		if (r < 0)
			return r;
	}
	return 0;
}

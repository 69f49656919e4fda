/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>

#include "base/clock.h"
#include "base/str.h"
#include "loss.h"

#define LOSS_WORD_(suffix, attr, key, kind) attr,
static const char *const attrs[] = {
	LOSS_SETTINGS(LOSS_WORD_)
};
DEFINE_TABLE(loss_setting, enum loss_setting, attrs)

#define LOSS_KEY_(suffix, attr, key, kind) key,
static const char *const keys[] = {
	LOSS_SETTINGS(LOSS_KEY_)
};

enum object_kind loss_kind(enum loss_setting setting)
{
#define LOSS_KIND_(suffix, attr, key, kind) OBJECT_##kind,
	static const enum object_kind kinds[] = {
		LOSS_SETTINGS(LOSS_KIND_)
	};

	return (size_t) setting < ARRAY_SIZE(kinds) ? kinds[setting] :
						      _OBJECT_KIND_INVALID;
}

static int set_policy(char dst[WORD_SIZE], const char *value, const char **say)
{
	static const char *const policies[] = { "numa", "round-robin", "queue-depth" };

	*say = "takes numa, round-robin or queue-depth";
	if (table_find(policies, ARRAY_SIZE(policies), value) < 0)
		return -EINVAL;
	(void) str_copy(dst, WORD_SIZE, value);
	return 0;
}

/* An int of the kernel's has to take it; a week is longer than anybody waits. */
static int set_seconds(char dst[WORD_SIZE], const char *value, uint64_t min,
		       bool or_off, const char **say)
{
	uint64_t usec;

	*say = or_off ? "takes whole seconds up to 168h, or off" :
			"takes whole seconds up to 168h";
	if (or_off && str_equal(value, "off")) {
		(void) str_copy(dst, WORD_SIZE, value);
		return 0;
	}
	if (str_to_usec(value, &usec) < 0 || usec % USEC_PER_SEC ||
	    usec > 7 * 24 * 3600 * USEC_PER_SEC || usec < min * USEC_PER_SEC)
		return -EINVAL;
	(void) snprintf(dst, WORD_SIZE, "%llu", (unsigned long long) (usec / USEC_PER_SEC));
	return 0;
}

int loss_configure(struct loss *l, const char *key, const char *value,
		   const char **say)
{
	enum loss_setting s = (enum loss_setting)
			      table_find(keys, ARRAY_SIZE(keys), key);

	switch (s) {
	case LOSS_IOPOLICY:
		return set_policy(l->v[s], value, say);
	case LOSS_RECONNECT_DELAY:	/* the kernel divides by it */
		return set_seconds(l->v[s], value, 1, false, say);
	case LOSS_CTRL_LOSS_TMO:
	case LOSS_FAST_IO_FAIL_TMO:
		return set_seconds(l->v[s], value, 0, true, say);
	case LOSS_DELAYED_REMOVAL:
		return set_seconds(l->v[s], value, 0, false, say);
	case _LOSS_SETTING_MAX:
	case _LOSS_SETTING_INVALID:
		break;
	}
	return -ENOENT;
}

void loss_merge(struct loss *to, const struct loss *from)
{
	for (size_t i = 0; i < _LOSS_SETTING_MAX; i++)
		if (from->v[i][0])
			STR_COPY(to->v[i], from->v[i]);
}

bool loss_says_anything(const struct loss *l)
{
	for (size_t i = 0; i < _LOSS_SETTING_MAX; i++)
		if (l->v[i][0])
			return true;
	return false;
}

int64_t loss_seconds(const char *word)
{
	int64_t v;

	if (str_equal(word, "off"))
		return NVMPATH_SEC_OFF;
	return str_to_s64(word, &v) < 0 || v < 0 ? UNKNOWN_NUMBER : v;
}

/* Until the controller is given up, and its paths with it. */
static int64_t controller_stays_sec(const struct loss *controller, bool is_pci)
{
	return is_pci ? 0 : loss_seconds(controller->v[LOSS_CTRL_LOSS_TMO]);
}

int64_t loss_patience_sec(const struct loss *controller, bool is_pci,
			  const struct loss *head)
{
	int64_t stays = controller_stays_sec(controller, is_pci);
	int64_t fast = loss_seconds(controller->v[LOSS_FAST_IO_FAIL_TMO]);
	int64_t delayed = loss_seconds(head->v[LOSS_DELAYED_REMOVAL]);

	if (delayed > 0)	/* I/O is queued until the head goes, too */
		return stays < 0 || stays == NVMPATH_SEC_OFF ? stays : stays + delayed;
	if (is_pci)		/* where there is no such attribute, 0 is the way */
		return 0;
	if (stays < 0 || fast < 0)
		return UNKNOWN_NUMBER;
	return stays < fast ? stays : fast;
}

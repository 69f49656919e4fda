/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Lines: section, key, value, and so on; the last one is an NQN. */
#include "core/settings.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *next = text;
	char message[SETTINGS_MESSAGE_SIZE];
	const char *line[3] = {};
	struct settings s;
	struct loss l;
	const char *nqn;
	unsigned n = 0;

	settings_init(&s);
	while ((line[n % 3] = strsep(&next, "\n")))
		if (++n % 3 == 0)
			(void) settings_set(&s, line[0], line[1], line[2], message);
	FUZZ_CHECK(s.poll_interval_usec >= 10000 && s.history_size <= 10000);
	nqn = line[(n + 2) % 3] ? line[(n + 2) % 3] : "";
	FUZZ_CHECK(settings_floor(&s, nqn).min_usable <= 1024);
	l = settings_loss(&s, nqn);
	FUZZ_CHECK(s.keeps || !loss_says_anything(&l));
	settings_done(&s);
	free(text);
	return 0;
}

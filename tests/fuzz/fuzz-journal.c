/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fields of one entry, separated by NULs; the event has to be fit for the bus. */
#include "base/str.h"
#include "fuzz.h"
#include "kernel/journal-read.h"

static void check_text(const char *text, size_t size)
{
	char copy[EVENT_EXTRA_SIZE];

	FUZZ_CHECK(memchr(text, '\0', size));
	STR_COPY(copy, text);
	str_sanitize(copy);
	FUZZ_CHECK(str_equal(copy, text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char key[32], value[EVENT_REASON_SIZE];
	const char *at = NULL;
	struct event e = {};

	while (size) {
		const uint8_t *end = memchr(data, '\0', size);
		size_t n = end ? (size_t) (end - data) : size;

		journal_take_field(&e, (const char *) data, n);
		size -= end ? n + 1 : n;
		data += n + 1;
	}
	while ((at = event_extra(&e, at, key, value)))
		check_text(value, sizeof(value));
	(void) event_concerns(&e, "nvme0");
	free(event_copy(&e));
	return 0;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a target says of itself: model, serial, NQN, address. */
#include "base/str.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), *again, value[64];
	int64_t number;
	uint64_t usec;

	(void) str_option(text, "traddr", value, sizeof(value));
	(void) str_to_s64(text, &number);
	(void) str_to_usec(text, &usec);
	FUZZ_CHECK(str_compare_natural(text, text) == 0);
	FUZZ_CHECK(str_glob("*", text));
	str_sanitize(text);
	again = strdup(text);
	str_sanitize(again);
	FUZZ_CHECK(str_equal(text, again));
	for (const char *s = text; *s; s++)
		FUZZ_CHECK((unsigned char) *s >= ' ' && *s != 0x7f);
	free(again);
	free(text);
	return 0;
}

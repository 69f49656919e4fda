/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The format file up to the first NUL, then a page. */
#include "core/hint.h"
#include "fuzz.h"

static void hear(void *userdata, int32_t ctrl_id, uint32_t result)
{
	struct hint h;

	async_event_hint(ctrl_id, result, &h);
	FUZZ_CHECK(h.kind != HINT_CONTROLLER || h.name[0]);
	++*(size_t *) userdata;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = memchr(data, '\0', size);
	struct trace_format f = { 567, 8, 12 };
	size_t n = 0;

	if (!end)
		return 0;
	(void) trace_format_parse((const char *) data, &f);
	size -= (size_t) (end + 1 - data);
	(void) trace_page_decode(&f, end + 1, size, hear, &n);
	FUZZ_CHECK(n <= size / 4);
	return 0;
}

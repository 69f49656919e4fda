/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/hint.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *line = fuzz_text(data, size);
	struct hint h;

	(void) recording_hint(line, &h);
	FUZZ_CHECK(memchr(h.name, '\0', sizeof(h.name)));
	free(line);
	return 0;
}

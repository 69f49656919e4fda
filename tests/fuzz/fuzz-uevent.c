/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "core/hint.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hint h;

	uevent_hint((const char *) data, size, &h);
	FUZZ_CHECK((h.kind == HINT_PATH || h.kind == HINT_CONTROLLER) == (h.name[0] != '\0'));
	FUZZ_CHECK(memchr(h.name, '\0', sizeof(h.name)));
	return 0;
}

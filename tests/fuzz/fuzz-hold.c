/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The record of a hold, as the daemon finds it after a restart. */
#include "base/str.h"
#include "fuzz.h"
#include "policy/hold-record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size), name[HOLD_RECORD_NAME_SIZE];
	struct json_object *o = json_tokener_parse(text);
	struct hold h;

	if (o) {
		hold_record_read(o, &h);
		FUZZ_CHECK(memchr(h.path, '\0', sizeof(h.path)));
		FUZZ_CHECK(memchr(h.key, '\0', sizeof(h.key)));
		FUZZ_CHECK(memchr(h.reason, '\0', sizeof(h.reason)));
		FUZZ_CHECK(memchr(h.lease, '\0', sizeof(h.lease)));
		hold_record_name(&h, name);
		FUZZ_CHECK(!strchr(name, '/'));
	}
	json_object_put(o);
	free(text);
	return 0;
}

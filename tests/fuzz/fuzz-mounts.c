/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* mountinfo: who mounts chooses the names in it. */
#include <stdio.h>

#include "base/str.h"
#include "fuzz.h"
#include "kernel/mounts.h"

#define NODE "nvme-fuzz"

static void check(const struct lines *l)
{
	for (size_t i = 0; i < l->n; i++) {
		FUZZ_CHECK(str_has_prefix(l->v[i], NODE " "));
		for (const char *s = l->v[i]; *s; s++)
			FUZZ_CHECK((unsigned char) *s >= ' ' && *s != 0x7f);
		for (size_t k = 0; k < i; k++)
			FUZZ_CHECK(!str_equal(l->v[i], l->v[k]));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct names nodes = {};
	struct lines found = {};
	char *text = fuzz_text(data, size);
	FILE *f = size ? fmemopen(text, size, "r") : NULL;

	FUZZ_CHECK(names_add(&nodes, NODE) >= 0);
	if (f) {
		FUZZ_CHECK(mounts_read(f, "/dev", &nodes, &found) == 0);
		rewind(f);
		FUZZ_CHECK(swaps_read(f, "/dev", &nodes, &found) == 0);
		(void) fclose(f);
	}
	check(&found);
	lines_done(&found);
	names_done(&nodes);
	free(text);
	return 0;
}

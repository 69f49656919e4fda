/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef NVMPATH_TESTS_FUZZ_H
#define NVMPATH_TESTS_FUZZ_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FUZZ_CHECK(what) do { if (!(what)) abort(); } while (0)

/* With a NUL at its end, in memory of its own size. */
static inline char *fuzz_text(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	if (!text)
		abort();
	if (size)
		memcpy(text, data, size);
	text[size] = '\0';
	return text;
}

#endif

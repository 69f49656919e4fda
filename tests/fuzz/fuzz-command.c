/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the helper is sent, and what it is said to have answered. */
#include "core/command.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	void *copy = malloc(size ? size : 1);

	memcpy(copy, data, size);
	if (command_check(copy, size) >= 0) {
		const struct command *c = copy;

		FUZZ_CHECK(c->kind < _COMMAND_KIND_MAX);
		FUZZ_CHECK(sizeof(*c) + c->text_size == size);
		FUZZ_CHECK(!c->text_size || strlen(c->text) == c->text_size - 1);
	}
	for (int k = 0; k < _COMMAND_KIND_MAX; k++) {
		const struct answer *a = copy;

		if (answer_check(copy, size, k) < 0)
			continue;
		FUZZ_CHECK(a->result <= 0 && sizeof(*a) + a->text_size == size);
		FUZZ_CHECK(!a->text_size || strlen(a->text) == a->text_size - 1);
	}
	free(copy);
	return 0;
}

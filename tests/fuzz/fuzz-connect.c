/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A line of nvme-cli's discovery.conf, and what comes of it. */
#include "core/connect.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *line = fuzz_text(data, size);
	struct connect_entry e;
	struct connection c;

	connection_init(&c);
	if (discovery_line(line, &e) > 0) {
		FUZZ_CHECK(memchr(e.transport, '\0', sizeof(e.transport)));
		FUZZ_CHECK(memchr(e.traddr, '\0', sizeof(e.traddr)));
		FUZZ_CHECK(memchr(e.host_iface, '\0', sizeof(e.host_iface)));
		(void) connect_entry_fits(&e, &c);
		connection_learn(&c, &e, CONNECT_BY_DISCOVERY);
		for (int i = 0; i < _CONNECT_OPTION_MAX; i++)
			FUZZ_CHECK(c.option[i] >= -1 && c.option[i] <= UINT16_MAX);
	}
	free(line);
	return 0;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parsed command line. */
#ifndef NVMPATH_CLI_ARGS_H
#define NVMPATH_CLI_ARGS_H

#include <stdbool.h>
#include <stdint.h>

enum json_mode { JSON_OFF, JSON_SHORT, JSON_PRETTY };

struct args {
	const char *bus_address;	/* NULL: the system bus */
	const char *reason;		/* "" where none was given */
	uint64_t timeout_usec;		/* 0: the daemon's own */
	enum json_mode json;
	bool no_legend;
	bool quiet;
	int n_words;			/* the verb and what follows it */
	char **words;
};

/* 0; 1 when help or version was printed; -EINVAL, said on stderr. */
int args_parse(int argc, char *argv[], struct args *ret);

#endif

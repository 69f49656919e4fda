/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The parsed command line. */
#ifndef NVMPATH_CLI_ARGS_H
#define NVMPATH_CLI_ARGS_H

#include <stdbool.h>
#include <stdint.h>

#include <nvmpath/dbus.h>

enum json_mode { JSON_OFF, JSON_SHORT, JSON_PRETTY };

/* Hosts are few: they are run side by side, one process each. */
#define HOSTS_MAX 64

struct args {
	const char *bus_address;	/* NULL: the system bus */
	const char *hosts[HOSTS_MAX];	/* none: this one */
	unsigned int n_hosts;
	const char *reason;		/* "" where none was given */
	const char *columns;		/* -o; NULL: those that the verb has */
	const char *survives;		/* check --survives=OBJECT; NULL: none */
	const char *textfile;		/* metrics --textfile=PATH; NULL: standard output */
	uint64_t timeout_usec;		/* 0: the daemon's own */
	uint64_t ttl_usec;		/* 0: a hold has no end of its own */
	uint64_t interval_usec;		/* of top; 0: not given */
	uint64_t since_usec;		/* realtime; 0: not given */
	uint64_t until_usec;
	int sort;			/* of top: enum top_sort */
	uint32_t lines;			/* -n; 0: not given */
	uint64_t flags;			/* of the methods: NVMPATH_FLAG_* */
	enum json_mode json;
	bool batch;
	bool no_legend;
	bool no_pager;
	bool quiet;
	int n_words;			/* the verb and what follows it */
	char **words;
};

/* 0; 1 when help or version was printed; -EINVAL, said on stderr: the words are set then, too. */
int args_parse(int argc, char *argv[], struct args *ret);

#endif

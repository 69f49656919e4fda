/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stage.h"

static int usage(void)
{
	fputs("nvmpath-stage park-command|park-data DEVICE NSID UNTIL-FILE\n"
	      "nvmpath-stage read DEVICE COUNT THREADS\n", stderr);
	return 2;
}

static int fail(const char *device, int r)
{
	fprintf(stderr, "nvmpath-stage: %s: %s\n", device, strerror(-r));
	return 1;
}

int main(int argc, char **argv)
{
	int r;

	(void) setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 5 && !strcmp(argv[1], "park-command"))
		r = park(argv[2], (uint32_t) strtoul(argv[3], NULL, 10), PARK_COMMAND, argv[4]);
	else if (argc == 5 && !strcmp(argv[1], "park-data"))
		r = park(argv[2], (uint32_t) strtoul(argv[3], NULL, 10), PARK_DATA, argv[4]);
	else if (argc == 5 && !strcmp(argv[1], "read"))
		r = read_many(argv[2], (unsigned int) strtoul(argv[3], NULL, 10),
			      (unsigned int) strtoul(argv[4], NULL, 10));
	else
		return usage();
	return r < 0 ? fail(argv[2], r) : 0;
}

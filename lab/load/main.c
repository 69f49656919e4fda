/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "options.h"
#include "report.h"
#include "run.h"
#include "worker.h"

int main(int argc, char *argv[])
{
	static struct load_options options;
	static struct load_result result;
	int r;

	r = options_parse(argc, argv, &options);
	if (r)
		return r > 0 ? EXIT_SUCCESS : 2;
	if (!options.seed)
		options.seed = realtime_usec();
	r = load_run(&options, &result);
	if (r < 0)
		return EXIT_FAILURE;
	if (options.json)
		r = report_json(&options, &result);
	else
		report_text(&options, &result);
	(void) fflush(stdout);
	/* Threads may hang on I/Os that never end: no clean-up can wait for them. */
	_exit(r < 0 || (result.broken && result.mode_supported) ? EXIT_FAILURE : EXIT_SUCCESS);
}

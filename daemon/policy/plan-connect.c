/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a controller would be connected again, and who says so. */
#include <inttypes.h>
#include <stdio.h>

#include "base/str.h"
#include "plan.h"

static bool is_flag(enum connect_option option)
{
	return option == CONNECT_HDR_DIGEST || option == CONNECT_DATA_DIGEST ||
	       option == CONNECT_NO_SQFLOW;
}

static int say_option(struct plan *p, const char *name, const struct connection *c,
		      enum connect_option option)
{
	const char *by = connect_source_to_string(c->by[option]);
	const char *word = connect_option_to_string(option);

	if (is_flag(option))
		return lines_add(&p->options, "%s: %s%s, by %s", name,
				 c->option[option] ? "" : "no ", word, by);
	return lines_add(&p->options, "%s: %" PRId64 " %s, by %s", name,
			 c->option[option], word, by);
}

static int say_unknown(struct plan *p, const char *name, const struct connection *c)
{
	char text[256] = "";

	for (int i = 0; i < _CONNECT_OPTION_MAX; i++)
		if (c->option[i] < 0)
			str_append(text, sizeof(text), "%s%s", text[0] ? ", " : "",
				   connect_option_to_string(i));
	if (!text[0])
		return 0;
	return lines_add(&p->options, "%s: not known, so as by default: %s", name, text);
}

static int say_keys(struct plan *p, const char *name, const struct connection *c)
{
	if (c->tls > 0)
		return lines_add(&p->options, "%s: TLS, with what the keyring has then", name);
	if (!c->authenticates)
		return 0;
	return lines_add(&p->options, "%s: DH-HMAC-CHAP secrets by %s, kept in memory as long as the daemon runs",
			 name, connect_source_to_string(c->secrets_by));
}

int plan_say_options(struct plan *p, const struct member *v)
{
	const struct connection *c = &v->connection;
	const char *name = v->controller.o.name;
	int r = say_keys(p, name, c);

	for (int i = 0; r >= 0 && i < _CONNECT_OPTION_MAX; i++)
		if (c->option[i] >= 0)
			r = say_option(p, name, c, i);
	if (r >= 0)
		r = say_unknown(p, name, c);
	if (r < 0 || c->polls <= 0 || c->option[CONNECT_POLL_QUEUES] >= 0)
		return r;
	return lines_add(&p->warnings, "%s has poll queues, but how many is not known: it would come back without",
			 name);
}

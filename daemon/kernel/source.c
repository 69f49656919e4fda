/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source.h"

const char *source_name(const struct source *s)
{
	return s->name;
}

struct source *source_free(struct source *s)
{
	if (!s)
		return NULL;
	s->done(s);
	free(s);
	return NULL;
}

void source_tell(const struct source *s, const struct hint *h)
{
	if (h->kind != HINT_NONE)
		s->func(s->userdata, h);
}

void source_tell_all(const struct source *s)
{
	const struct hint h = { .kind = HINT_ALL };

	s->func(s->userdata, &h);
}

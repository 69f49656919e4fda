/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "verdict.h"

#include <stdio.h>
#include <string.h>

#include "bus.h"
#include "describe.h"
#include "text.h"
#include "util.h"

static bool is_state(const struct removal *r, const char *word)
{
	return !strcmp(r->state, word);
}

/* Where nothing came of a restore the removal is detached, as it was before. */
static bool is_done(const struct removal *r, const char *verb)
{
	if (!strcmp(verb, "restore"))
		return is_state(r, "restored");
	return is_state(r, "drained") || is_state(r, "detached") || is_state(r, "restored");
}

enum nvmpath_exit verdict_exit(const struct removal *r, const char *verb)
{
	enum nvmpath_exit code;

	if (is_done(r, verb))
		return NVMPATH_EXIT_OK;
	if (is_state(r, "refused"))
		return NVMPATH_EXIT_REFUSED;
	code = exit_from_errno(r->error);
	return code == NVMPATH_EXIT_OK ? NVMPATH_EXIT_FAILURE : code;
}

/* Whether the namespace keeps a usable, or even an optimized, other path. */
static void count_kept(const struct model *m, const struct removal *r,
		       const struct namespace *ns, size_t *usable, size_t *optimized)
{
	bool any = false, best = false;

	for (char **n = ns->paths; *n; n++) {
		const struct path *p = model_path(m, *n);

		if (!p || !p->usable || strv_has(r->paths, *n))
			continue;
		any = true;
		/* without ANA every path is as good as another */
		best |= !*p->ana_state || !strcmp(p->ana_state, "optimized");
	}
	*usable += any;
	*optimized += best;
}

static void tell_redundancy(FILE *f, const struct model *m, const struct removal *r)
{
	size_t usable = 0, optimized = 0, n = strv_len(r->namespaces);

	for (char **name = r->namespaces; *name; name++) {
		const struct namespace *ns = model_namespace(m, *name);

		if (ns)
			count_kept(m, r, ns, &usable, &optimized);
	}
	if (optimized == n)
		fprintf(f, "; %zu of %zu namespaces keep an optimized path", n, n);
	else
		fprintf(f, "; %zu of %zu namespaces keep a usable path, %zu an optimized one",
			usable, n, optimized);
}

static void tell_drain(FILE *f, const struct removal *r)
{
	char peak[TEXT_MAX], now[TEXT_MAX], took[TEXT_MAX];
	size_t n = strv_len(r->paths);

	/* Held counts what is held now: nothing any more once it is detached. */
	fprintf(f, "held %zu path%s; in flight %s -> %s", n, n == 1 ? "" : "s",
		text_counter(peak, r->in_flight_peak), text_counter(now, r->in_flight));
	if (r->finished_usec > r->started_usec)
		fprintf(f, " in %s", text_duration(took, r->finished_usec - r->started_usec));
}

static void tell_done(FILE *f, const struct model *m, const struct removal *r)
{
	bool drained = is_state(r, "drained");

	if (is_state(r, "restored")) {
		fprintf(f, "restored %s: %s", r->target,
			*r->detail ? r->detail : "its paths are back and usable");
		return;
	}
	fprintf(f, "%s %s: ", drained ? "drained" : "removed", r->target);
	tell_drain(f, r);
	if (!drained)
		fputs("; detached", f);
	tell_redundancy(f, m, r);
	fputs(drained ? ". Safe to remove; it stays held." : ".", f);
	if (!drained && *r->detail)
		fprintf(f, " %s.", r->detail);
}

/* Called off while it waited, or undone by the daemon that came after a killed one. */
static void tell_not_restored(FILE *f, const struct removal *r)
{
	fprintf(f, "restore of %s failed%s%s; it is detached as before; try again with: "
		   "nvmpathctl restore %s", r->target, *r->detail ? ": " : "", r->detail,
		r->object.name);
}

static const char *end_word(const struct removal *r)
{
	if (is_state(r, "refused"))
		return "refused, nothing was changed";
	if (is_state(r, "rolled-back"))
		return "rolled back";
	return "failed";
}

/* A drain that timed out leaves its holds: they are named, with the remedy. */
static void tell_held(FILE *f, const struct removal *r)
{
	if (!is_state(r, "failed") || strcmp(r->kind, "drain") || !r->held)
		return;
	for (size_t i = 0; r->paths[i]; i++)
		fprintf(f, "%s%s", i ? " " : " (", r->paths[i]);
	fprintf(f, "); end the hold with: nvmpathctl release %s", r->target);
}

char *verdict_text(const struct model *before, const struct removal *r, const char *verb)
{
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		return NULL;
	if (is_done(r, verb))
		tell_done(f, before, r);
	else if (is_state(r, "detached"))
		tell_not_restored(f, r);
	else
		fprintf(f, "%s of %s %s: %s", verb_noun(verb), r->target, end_word(r),
			*r->detail ? r->detail : strerror(abs(r->error)));
	tell_held(f, r);
	if (fclose(f) == 0)
		return text;
	free(text);
	return NULL;
}

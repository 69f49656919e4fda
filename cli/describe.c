/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "describe.h"

#include <stdio.h>
#include <string.h>

#include "text.h"
#include "util.h"

const char *health_to_string(enum health h)
{
	static const char * const words[] = {
#define X(suffix, word, key) [HEALTH_##suffix] = word,
		HEALTHS(X)
#undef X
	};

	return h >= 0 && h < _HEALTH_MAX ? words[h] : NULL;
}

const char *health_to_key(enum health h)
{
	static const char * const keys[] = {
#define X(suffix, word, key) [HEALTH_##suffix] = key,
		HEALTHS(X)
#undef X
	};

	return h >= 0 && h < _HEALTH_MAX ? keys[h] : NULL;
}

enum health namespace_health(const struct namespace *ns)
{
	size_t n = strv_len(ns->paths);

	if (!n)
		return HEALTH_UNKNOWN;
	if (!ns->usable_paths)
		return HEALTH_NO_PATH;
	if (ns->usable_paths == 1)
		return HEALTH_LAST_PATH;
	return ns->usable_paths < n ? HEALTH_DEGRADED : HEALTH_OK;
}

enum health subsystem_health(const struct model *m, const struct subsystem *s)
{
	enum health worst = HEALTH_UNKNOWN;

	for (char **n = s->namespaces; *n; n++) {
		const struct namespace *ns = model_namespace(m, *n);
		enum health h = ns ? namespace_health(ns) : HEALTH_UNKNOWN;

		worst = h > worst ? h : worst;
	}
	return worst;
}

enum health model_health(const struct model *m)
{
	enum health worst = HEALTH_UNKNOWN;

	model_each(m, KIND_NAMESPACE, struct namespace, ns) {
		enum health h = namespace_health(ns);

		worst = h > worst ? h : worst;
	}
	return worst;
}

bool path_is_standby(const struct model *m, const struct path *p)
{
	if (!p->usable || !p->ns || strcmp(p->ana_state, "non-optimized"))
		return false;
	for (char **n = p->ns->paths; *n; n++) {
		const struct path *other = model_path(m, *n);

		if (other && other->usable && !strcmp(other->ana_state, "optimized"))
			return true;
	}
	return false;
}

/* More often than a few maintenances make it. */
#define CHANGES_MANY 10
#define LATELY_USEC (3600 * USEC_PER_SEC)

bool path_is_flaky(const struct path *p, uint64_t now_usec)
{
	return p->transitions > CHANGES_MANY && p->last_change_usec + LATELY_USEC > now_usec;
}

static const struct reason {
	const char *word, *phrase, *sentence;
} reasons[] = {
	{ "held", "held", "it is held: no new I/O is sent over it until it is released" },
	{ "ctrl_down", "controller", "its controller is not live" },
	{ "ns_not_ready", "namespace not ready",
	  "the namespace is not ready on it: it is being set up or taken away" },
	{ "ana_pending", "ANA read pending", "its ANA state has changed and is being read" },
	{ "ana_inaccessible", "ANA inaccessible",
	  "the target says that the namespace is inaccessible over it (ANA)" },
	{ "ana_persistent_loss", "ANA persistent loss",
	  "the target says that the namespace is lost over it for good (ANA)" },
	{ "ana_change", "ANA change", "the target is changing its ANA state" },
	{ "ana_unknown", "ANA unknown", "its ANA state is none that is known" },
};

static const struct reason *find_reason(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(reasons); i++)
		if (!strcmp(reasons[i].word, word))
			return &reasons[i];
	return NULL;
}

const char *reason_sentence(const char *word)
{
	const struct reason *r = find_reason(word);

	return r ? r->sentence : word;
}

static int describe_hold(FILE *f, const struct path *p, uint64_t now_usec)
{
	char buf[TEXT_MAX];

	fputs("HELD", f);
	if (*p->removal)
		fprintf(f, " by removal %s", p->removal);
	else if (*p->hold_owner)
		fprintf(f, " by %s", p->hold_owner);
	if (*p->hold_reason)
		fprintf(f, " \"%s\"", p->hold_reason);
	if (p->hold_since_usec && now_usec > p->hold_since_usec)
		fprintf(f, " for %s", text_duration(buf, now_usec - p->hold_since_usec));
	return 1;
}

/* One reason in a few words; returns how many were written. */
static int describe_reason(FILE *f, const struct path *p, const char *word, int written)
{
	const struct reason *r = find_reason(word);

	if (!strcmp(word, "held"))
		return 0;
	fputs(written ? ", " : "", f);
	fputs(r ? r->phrase : word, f);
	if (!strcmp(word, "ctrl_down"))
		fprintf(f, " %s", p->ctrl && *p->ctrl->state ? p->ctrl->state : "down");
	return 1;
}

const char *path_condition_word(const struct model *m, const struct path *p)
{
	if (!p->usable || !strcmp(p->admin_state, "hold"))
		return NULL;
	return path_is_standby(m, p) ? "standby" : NVMPATH_PATH_USABLE;
}

static void describe(FILE *f, const struct model *m, const struct path *p,
		     char *words, uint64_t now_usec)
{
	const char *word = path_condition_word(m, p);
	char *save = NULL;
	int written = 0;

	if (!strcmp(p->admin_state, "hold"))
		written = describe_hold(f, p, now_usec);
	else if (word)
		written = fputs(word, f);
	for (char *w = strtok_r(words, " ", &save); w && !p->usable;
	     w = strtok_r(NULL, " ", &save))
		written += describe_reason(f, p, w, written);
	if (!written)
		fputs("not usable", f);
}

char *path_condition(const struct model *m, const struct path *p, uint64_t now_usec)
{
	_cleanup_free_ char *words = strdup(p->path_state);
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (!f || !words) {
		if (f)
			(void) fclose(f);
		free(text);
		return NULL;
	}
	describe(f, m, p, words, now_usec);
	if (fclose(f) == 0)
		return text;
	free(text);
	return NULL;
}

const char *verb_noun(const char *verb)
{
	return strcmp(verb, "remove") ? verb : "removal";
}

bool removal_is_over(const struct removal *r)
{
	static const struct {
		const char *word;
		bool rests;
	} states[] = {
#define X(suffix, word, rests) { word, rests },
		NVMPATH_REMOVAL_STATES(X)
#undef X
	};

	for (size_t i = 0; i < ARRAY_SIZE(states); i++)
		if (!strcmp(states[i].word, r->state))
			return states[i].rests;
	return false;
}

bool removal_state_is_cancellable(const char *state)
{
	return !strcmp(state, "requested") || !strcmp(state, "queued") ||
	       !strcmp(state, "checking") ||
	       !strcmp(state, "holding") || !strcmp(state, "draining");
}

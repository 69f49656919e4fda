/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-journal.h>

#include "base/clock.h"
#include "base/str.h"
#include "journal-read.h"

static sd_journal *journal_free(sd_journal *j)
{
	if (j)
		sd_journal_close(j);
	return NULL;
}
DEFINE_CLEANUP(sd_journal *, journal_free)

bool history_wants(const struct history_query *q, const struct event *e)
{
	return e->when_usec >= q->since_usec &&
	       (!q->until_usec || e->when_usec <= q->until_usec) &&
	       event_concerns(e, q->object);
}

static void take_number(uint64_t *dst, const char *value)
{
	uint64_t v;

	if (str_to_u64(value, &v) >= 0)
		*dst = v;
}

/* NVMPATH_SUBSYSNQN is the extra "subsysnqn". */
static void take_extra(struct event *e, const char *name, const char *value)
{
	char key[32] = "";

	name += strlen(NVMPATH_FIELD_PREFIX);
	if (!*name || strlen(name) >= sizeof(key))
		return;
	for (size_t i = 0; name[i]; i++) {
		bool upper = name[i] >= 'A' && name[i] <= 'Z';

		key[i] = upper ? (char) (name[i] - 'A' + 'a') : name[i];
	}
	event_add(e, key, "%s", value);
}

static void take_id(struct event *e, const char *value)
{
	e->id = event_id_from_string(value);
	if ((int) e->id >= 0)
		e->kind = event_id_kind(e->id);
}

static void take_text(char *dst, size_t size, char *value)
{
	str_sanitize(value);
	(void) str_copy(dst, size, value);
}
#define TAKE_TEXT(array, value) take_text(array, sizeof(array), value)

static void take_value(struct event *e, const char *name, char *value)
{
	if (str_equal(name, "MESSAGE_ID"))
		take_id(e, value);
	else if (!str_has_prefix(name, NVMPATH_FIELD_PREFIX) ||
		 str_equal(name, NVMPATH_FIELD_KIND))
		return;		/* the id says which kind it is */
	else if (str_equal(name, NVMPATH_FIELD_OBJECT))
		TAKE_TEXT(e->object, value);
	else if (str_equal(name, NVMPATH_FIELD_FROM))
		TAKE_TEXT(e->from, value);
	else if (str_equal(name, NVMPATH_FIELD_TO))
		TAKE_TEXT(e->to, value);
	else if (str_equal(name, NVMPATH_FIELD_REASON))
		TAKE_TEXT(e->reason, value);
	else if (str_equal(name, NVMPATH_FIELD_DURATION))
		take_number(&e->duration_usec, value);
	else if (str_equal(name, NVMPATH_FIELD_TIME))
		take_number(&e->when_usec, value);
	else if (str_equal(name, NVMPATH_FIELD_SEQ))
		take_number(&e->seq, value);
	else
		take_extra(e, name, value);
}

void journal_take_field(struct event *e, const char *data, size_t size)
{
	char name[64], value[EVENT_EXTRA_SIZE];
	const char *equals = memchr(data, '=', size);
	size_t n_name = equals ? (size_t) (equals - data) : 0;
	size_t n_value = equals ? size - n_name - 1 : 0;

	if (!n_name || n_name >= sizeof(name) || n_value >= sizeof(value))
		return;
	memcpy(name, data, n_name);
	name[n_name] = '\0';
	memcpy(value, equals + 1, n_value);
	value[n_value] = '\0';
	take_value(e, name, value);
}

static bool read_entry(sd_journal *j, struct event *e)
{
	const void *data;
	size_t size;

	memset(e, 0, sizeof(*e));
	e->id = _EVENT_ID_INVALID;
	e->kind = _EVENT_KIND_INVALID;
	sd_journal_restart_data(j);
	while (sd_journal_enumerate_available_data(j, &data, &size) > 0)
		journal_take_field(e, data, size);
	if ((int) e->kind < 0)
		return false;
	return e->when_usec || sd_journal_get_realtime_usec(j, &e->when_usec) >= 0;
}

/* Any of our ids; and, since it stands in another field, root's. */
static int add_matches(sd_journal *j)
{
	char match[64];
	int r = sd_journal_add_match(j, "_UID=0", 0);

	for (int id = 0; r >= 0 && id < _EVENT_ID_MAX; id++) {
		(void) snprintf(match, sizeof(match), "MESSAGE_ID=%s",
				event_id_to_string((enum event_id) id));
		r = sd_journal_add_match(j, match, 0);
	}
	return r;
}

static int read_back(sd_journal *j, const struct history_query *q,
		     struct event_list *ret)
{
	struct event e;
	int r;

	while (ret->n < q->max) {
		if (now_monotonic_usec() > q->deadline_usec)
			return -ETIMEDOUT;
		r = sd_journal_previous(j);
		if (r <= 0)
			return r;
		if (!read_entry(j, &e))
			continue;
		/* entries are written when they happen: older ones follow */
		if (e.when_usec + USEC_PER_SEC < q->since_usec)
			return 0;
		if (history_wants(q, &e)) {
			r = event_list_add(ret, &e);
			if (r < 0)
				return r;
		}
	}
	return 0;
}

/* Newest first came out of the journal. */
static void turn_round(struct event_list *l)
{
	for (size_t i = 0; i < l->n / 2; i++) {
		struct event *e = l->v[i];

		l->v[i] = l->v[l->n - 1 - i];
		l->v[l->n - 1 - i] = e;
	}
}

int journal_read(const char *dir, const struct history_query *q,
		 struct event_list *ret)
{
	_cleanup_(journal_freep) sd_journal *j = NULL;
	int r;

	r = dir ? sd_journal_open_directory(&j, dir, 0) :
		  sd_journal_open(&j, SD_JOURNAL_LOCAL_ONLY | SD_JOURNAL_SYSTEM);
	if (r >= 0)
		r = add_matches(j);
	if (r >= 0 && q->until_usec)
		r = sd_journal_seek_realtime_usec(j, q->until_usec + USEC_PER_SEC);
	else if (r >= 0)
		r = sd_journal_seek_tail(j);
	if (r < 0)
		return r;
	r = read_back(j, q, ret);
	turn_round(ret);
	event_list_sort(ret, q->max);
	return r;
}

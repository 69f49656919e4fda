/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include "base/clock.h"
#include "base/journal.h"
#include "base/log.h"
#include "base/str.h"
#include "history.h"
#include "hold.h"
#include "kernel/control.h"
#include "tell.h"

#define FIELDS_MAX 32

static int level_of(enum event_id id, const char *to)
{
	switch (id) {
	case EVENT_PATH_UNUSABLE:
	case EVENT_PATH_GONE:
	case EVENT_CONTROLLER_GONE:
	case EVENT_HOLD_TAKEN:
	case EVENT_HOLD_ENDED:
	case EVENT_REMOVAL_FAILED:
		return LOG_NOTICE;
	case EVENT_CONFIG_BAD:
		return LOG_WARNING;
	case EVENT_HELPER_CHANGED:
		return str_equal(to, "away") ? LOG_WARNING : LOG_INFO;
	case EVENT_PATH_USABLE:
	case EVENT_PATH_APPEARED:
	case EVENT_ANA_CHANGED:
	case EVENT_CONTROLLER_STATE:
	case EVENT_CONTROLLER_APPEARED:
	case EVENT_REMOVAL_STATE:
	case EVENT_DAEMON_STARTED:
	case EVENT_DAEMON_STOPPING:
	case EVENT_CONFIG_LOADED:
	case EVENT_SOURCE_CHANGED:
	case _EVENT_ID_MAX:
	case _EVENT_ID_INVALID:
		break;
	}
	return LOG_INFO;
}

static void describe(const struct event *e, char text[MESSAGE_SIZE])
{
	text[0] = '\0';
	str_append(text, MESSAGE_SIZE, "%s%s: ",
		   e->kind == EVENT_KIND_REMOVAL ? "removal of " : "", e->object);
	if (e->from[0])
		str_append(text, MESSAGE_SIZE, "%s -> ", e->from);
	str_append(text, MESSAGE_SIZE, "%s", e->to);
	if (e->reason[0])
		str_append(text, MESSAGE_SIZE, " (%s)", e->reason);
	if (e->duration_usec)
		str_append(text, MESSAGE_SIZE, ", after %" PRIu64 ".%03" PRIu64 " s",
			   e->duration_usec / USEC_PER_SEC,
			   e->duration_usec % USEC_PER_SEC / 1000);
}

/* Names and values of the extras, as many as fit. */
struct fields {
	struct journal_field v[FIELDS_MAX];
	size_t n;
	char names[EVENT_EXTRA_SIZE * 2];
	size_t used;
};

static void field(struct fields *f, const char *name, const char *value)
{
	if (f->n < FIELDS_MAX && value[0])
		f->v[f->n++] = (struct journal_field) { name, value };
}

static const char *keep(struct fields *f, const char *prefix, const char *text,
			bool upper)
{
	char *at = f->names + f->used;
	int n = snprintf(at, sizeof(f->names) - f->used, "%s%s", prefix, text);

	if (n < 0 || (size_t) n >= sizeof(f->names) - f->used)
		return NULL;
	f->used += (size_t) n + 1;
	for (char *s = at; upper && *s; s++)
		if (*s >= 'a' && *s <= 'z')
			*s = (char) (*s - 'a' + 'A');
	return at;
}

static void extra_fields(struct fields *f, const struct event *e)
{
	char key[32], value[EVENT_REASON_SIZE];
	const char *at = NULL;

	while ((at = event_extra(e, at, key, value))) {
		const char *name = keep(f, NVMPATH_FIELD_PREFIX, key, true);
		const char *kept = name ? keep(f, "", value, false) : NULL;

		if (kept)
			field(f, name, kept);
	}
}

static void number_field(struct fields *f, const char *name, uint64_t v)
{
	char text[24];
	const char *kept;

	(void) snprintf(text, sizeof(text), "%" PRIu64, v);
	kept = keep(f, "", text, false);
	if (kept)
		field(f, name, kept);
}

static void to_journal(const struct event *e, const char *text)
{
	struct fields f;

	f.n = f.used = 0;
	field(&f, "MESSAGE_ID", event_id_to_string(e->id));
	field(&f, NVMPATH_FIELD_KIND, event_kind_to_string(e->kind));
	field(&f, NVMPATH_FIELD_OBJECT, e->object);
	field(&f, NVMPATH_FIELD_FROM, e->from);
	field(&f, NVMPATH_FIELD_TO, e->to);
	field(&f, NVMPATH_FIELD_REASON, e->reason);
	number_field(&f, NVMPATH_FIELD_TIME, e->when_usec);
	number_field(&f, NVMPATH_FIELD_SEQ, e->seq);
	if (e->duration_usec)
		number_field(&f, NVMPATH_FIELD_DURATION, e->duration_usec);
	extra_fields(&f, e);
	(void) journal_send(level_of(e->id, e->to), text, f.v, f.n);
}

void tell_event(struct manager *m, struct event *e)
{
	char text[MESSAGE_SIZE];

	e->seq = ++m->event_seq;
	e->when_usec = now_realtime_usec();
	str_sanitize(e->reason);
	describe(e, text);
	history_remember(&m->history, e);
	if (journal_is_open())
		to_journal(e, text);
	else
		(void) log_full(level_of(e->id, e->to), 0, "%s", text);
	if (m->listener)
		m->listener->event(m->listener_userdata, e);
}

static bool has_word(const char *reasons, const char *word)
{
	size_t n = strlen(word);

	for (const char *s = reasons; (s = strstr(s, word)); s += n)
		if ((s == reasons || s[-1] == ' ') && (s[n] == ' ' || !s[n]))
			return true;
	return false;
}

/* Why a path is in its new state, or why it left the old one. */
static void explain(const struct manager *m, const struct path *p,
		    const char *from, const char *to, char *dst, size_t size)
{
	const struct controller *c = snapshot_controller(m->now, p->controller);
	const struct job *j = job_on_path(m, p->o.name);
	const struct hold *h = hold_find(m, p->o.name);
	const char *state = str_equal(to, NVMPATH_PATH_USABLE) ? from : to;

	dst[0] = '\0';
	if (j)
		str_append(dst, size, "removal %" PRIu32 " of %s", j->id, j->object);
	else if (has_word(to, "held") && h)
		str_append(dst, size, "held by uid %" PRIu32 "%s%s", h->uid,
			   h->reason[0] ? ": " : "", h->reason);
	else if (has_word(state, "held"))
		str_append(dst, size, "%s", state == to ? "held" : "released");
	if (has_word(state, "ctrl_down") && c)
		str_append(dst, size, "%scontroller %s is %s", dst[0] ? "; " : "",
			   c->o.name, c->state[0] ? c->state : "away");
	else if (strstr(state, "ana_"))
		str_append(dst, size, "%sANA group %" PRIu32 " is %s", dst[0] ? "; " : "",
			   p->ana_group, p->ana_state[0] ? p->ana_state : "unknown");
}

/*
 * What the kernel redirected since the last transition. A counter that is
 * smaller than before is a new one, or was reset by somebody: a new base.
 */
static void add_counter(const struct manager *m, struct event *e,
			const struct path *p, const char *attr, const char *key,
			int64_t *base)
{
	int64_t v = path_read_counter(m->root_fd, p, attr);

	if (v < 0)
		return;
	if (*base >= 0 && v >= *base)
		event_add(e, key, "%" PRId64, v - *base);
	*base = v;
}

static void add_place(const struct manager *m, struct event *e, const struct path *p)
{
	const struct controller *c = snapshot_controller(m->now, p->controller);

	event_add(e, "subsystem", "%s", p->subsystem);
	event_add(e, "subsysnqn", "%s", manager_nqn(m, p->subsystem));
	event_add(e, "namespace", "%s", p->head);
	event_add(e, "nsid", "%" PRIu32, p->nsid);
	event_add(e, "controller", "%s", p->controller);
	event_add(e, "address", "%s", c ? c->address : "");
}

void tell_path(struct manager *m, enum event_id id, const struct path *p,
	       const char *from, const char *to, struct path_stats *s)
{
	uint64_t now = now_monotonic_usec();
	struct event e;

	event_init(&e, id, p->o.name, from, to);
	explain(m, p, from, to, e.reason, sizeof(e.reason));
	add_place(m, &e, p);
	if (p->ana_group)
		event_add(&e, "ana_group", "%" PRIu32, p->ana_group);
	event_add(&e, "ana_state", "%s", p->ana_state);
	if (s) {
		e.duration_usec = s->since_monotonic_usec ? now - s->since_monotonic_usec : 0;
		s->since_monotonic_usec = now;
		add_counter(m, &e, p, "diag/multipath_failover_count", "failovers",
			    &s->failovers);
		add_counter(m, &e, p, "diag/bio_redirect_count", "bio_redirects",
			    &s->bio_redirects);
	}
	tell_event(m, &e);
}

static void tell_controller(struct manager *m, const struct difference *d)
{
	static const enum event_id ids[] = {
		[CHANGE_ADDED] = EVENT_CONTROLLER_APPEARED,
		[CHANGE_REMOVED] = EVENT_CONTROLLER_GONE,
		[CHANGE_CHANGED] = EVENT_CONTROLLER_STATE,
	};
	const struct controller *before = (const void *) d->before;
	const struct controller *after = (const void *) d->after;
	const struct controller *c = after ? after : before;
	struct event e;

	if (before && after && !(d->fields & FIELD_BIT(CONTROLLER_STATE)))
		return;
	event_init(&e, ids[d->change], c->o.name, before ? before->state : "gone",
		   after ? after->state : "gone");
	event_add(&e, "subsystem", "%s", c->subsystem);
	event_add(&e, "subsysnqn", "%s", manager_nqn(m, c->subsystem));
	event_add(&e, "transport", "%s", c->transport);
	event_add(&e, "address", "%s", c->address);
	tell_event(m, &e);
}

/*
 * What the book of holds said of a path. The book forgets a hold as soon as its
 * release is written, before the kernel's word for it is read.
 */
struct hold_note {
	char path[NAME_SIZE];
	uint32_t uid;
	uint32_t removal;
	bool forced;
	uint64_t since_usec;
	char reason[REASON_SIZE];
};

static struct hold_note *find_note(const struct manager *m, const char *path)
{
	for (size_t i = 0; i < m->n_hold_notes; i++)
		if (str_equal(m->hold_notes[i].path, path))
			return &m->hold_notes[i];
	return NULL;
}

void tell_note_hold(struct manager *m, const char *path)
{
	const struct hold *h = hold_find(m, path);
	struct hold_note *n = find_note(m, path);
	void *grown;

	if (!h)
		return;
	if (!n) {
		grown = realloc(m->hold_notes, (m->n_hold_notes + 1) * sizeof(*n));
		if (!grown)
			return;
		m->hold_notes = grown;
		n = &m->hold_notes[m->n_hold_notes++];
	}
	*n = (struct hold_note) {
		.uid = h->uid, .removal = h->removal, .since_usec = h->since_usec,
		.forced = h->forced,
	};
	STR_COPY(n->path, path);
	STR_COPY(n->reason, h->reason);
}

void tell_forget_hold(struct manager *m, const char *path)
{
	struct hold_note *n = find_note(m, path);

	if (n)
		*n = m->hold_notes[--m->n_hold_notes];
}

static void tell_hold(struct manager *m, const struct path *before,
		      const struct path *after)
{
	const struct path *p = after ? after : before;
	const struct hold_note *h = find_note(m, p->o.name);
	const struct job *j = job_on_path(m, p->o.name);
	const char *to = after ? after->admin_state : "gone";
	bool taken = str_equal(to, "hold");
	struct event e;

	event_init(&e, taken ? EVENT_HOLD_TAKEN : EVENT_HOLD_ENDED, p->o.name,
		   before ? before->admin_state : "gone", to);
	if (h) {
		STR_COPY(e.reason, h->reason);
		event_add(&e, "owner", "uid %" PRIu32, h->uid);
		event_add(&e, "forced", "%s", h->forced ? "yes" : "");
	} else if (taken) {
		STR_COPY(e.reason, "held by somebody else than nvmpathd");
	}
	if (!taken && h && h->since_usec && h->since_usec < now_realtime_usec())
		e.duration_usec = now_realtime_usec() - h->since_usec;
	if (j || (h && h->removal))
		event_add(&e, "removal", "%" PRIu32, j ? j->id : h->removal);
	add_place(m, &e, p);
	if (!taken)
		tell_forget_hold(m, p->o.name);
	tell_event(m, &e);
}

void tell_difference(struct manager *m, const struct difference *d)
{
	const struct path *before = (const void *) d->before;
	const struct path *after = (const void *) d->after;

	if (d->kind == OBJECT_CONTROLLER)
		tell_controller(m, d);
	if (d->kind != OBJECT_PATH)
		return;
	if (d->change == CHANGE_CHANGED && d->fields & FIELD_BIT(PATH_ADMIN_STATE) &&
	    after->admin_state[0])
		tell_hold(m, before, after);
	if (d->change == CHANGE_ADDED && str_equal(after->admin_state, "hold"))
		tell_hold(m, NULL, after);
	if (d->change == CHANGE_REMOVED && str_equal(before->admin_state, "hold"))
		tell_hold(m, before, NULL);
}

void tell_removal(struct manager *m, const struct job *j,
		  enum removal_state before, uint64_t duration_usec)
{
	enum event_id id = j->machine.state == REMOVAL_FAILED ||
			   j->machine.state == REMOVAL_REFUSED ||
			   j->machine.state == REMOVAL_ROLLED_BACK ?
			   EVENT_REMOVAL_FAILED : EVENT_REMOVAL_STATE;
	struct event e;

	event_init(&e, id, j->object, removal_state_to_string(before),
		   removal_state_to_string(j->machine.state));
	e.duration_usec = duration_usec;
	STR_COPY(e.reason, j->reason);
	event_add(&e, "removal", "%" PRIu32, j->id);
	event_add(&e, "removal_kind", "%s", removal_kind_to_string(j->machine.kind));
	event_add(&e, "owner", "uid %" PRIu32, j->uid);
	event_add(&e, "forced", "%s", j->forced ? "yes" : "");
	event_add(&e, "detail", "%s", j->detail);
	event_add(&e, "subsystem", "%s", j->members[0].controller.subsystem);
	event_add(&e, "subsysnqn", "%s", j->members[0].nqn);
	event_add(&e, "controller", "%s", j->members[0].controller.o.name);
	event_add(&e, "address", "%s", j->members[0].controller.address);
	tell_event(m, &e);
}

void tell_helper(struct manager *m, const char *from, const char *to)
{
	struct event e;

	event_init(&e, EVENT_HELPER_CHANGED, "nvmpath-helper", from, to);
	tell_event(m, &e);
}

void tell_daemon(struct manager *m, enum event_id id, const char *from,
		 const char *to, const char *reason)
{
	struct event e;

	event_init(&e, id, "nvmpathd", from, to);
	STR_COPY(e.reason, reason);
	event_add(&e, "version", "%s", NVMPATH_VERSION);
	event_add(&e, "kernel", "%s", m->kernel_release);
	tell_event(m, &e);
}

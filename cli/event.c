/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "event.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "bus.h"
#include "json.h"
#include "scope.h"
#include "util.h"
#include "when.h"

void event_done(struct event *e)
{
	free(e->kind);
	free(e->object);
	free(e->from);
	free(e->to);
	free(e->reason);
	for (char **t = e->extra; t && *t; t++)
		free(*t);
	free(e->extra);
	*e = (struct event) { 0 };
}

void event_list_done(struct event_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		event_done(&l->events[i]);
	free(l->events);
	*l = (struct event_list) { 0 };
}

static int read_text(sd_bus_message *m, char **at)
{
	const char *text;
	int r = sd_bus_message_read_basic(m, 's', &text);

	if (r < 0)
		return r;
	*at = strdup(text);
	return *at ? 0 : -ENOMEM;
}

static int read_pair(sd_bus_message *m, struct event *e, size_t n)
{
	char **more = reallocarray(e->extra, n + 3, sizeof(*more));
	int r;

	if (!more)
		return -ENOMEM;
	e->extra = more;
	more[n] = more[n + 1] = more[n + 2] = NULL;
	r = read_text(m, &more[n]);
	return r < 0 ? r : read_text(m, &more[n + 1]);
}

static int read_extra(sd_bus_message *m, struct event *e)
{
	size_t n = 0;
	int r;

	e->extra = calloc(1, sizeof(char *));
	if (!e->extra)
		return -ENOMEM;
	r = sd_bus_message_enter_container(m, 'a', "{ss}");
	if (r < 0)
		return r;
	while ((r = sd_bus_message_enter_container(m, 'e', "ss")) > 0) {
		r = read_pair(m, e, n);
		if (r >= 0)
			r = sd_bus_message_exit_container(m);
		if (r < 0)
			return r;
		n += 2;
	}
	return r < 0 ? r : sd_bus_message_exit_container(m);
}

int event_read(sd_bus_message *m, struct event *ret)
{
	char **texts[] = { &ret->kind, &ret->object, &ret->from, &ret->to, &ret->reason };
	int r;

	*ret = (struct event) { 0 };
	r = sd_bus_message_read_basic(m, 't', &ret->time_usec);
	for (size_t i = 0; i < ARRAY_SIZE(texts) && r >= 0; i++)
		r = read_text(m, texts[i]);
	if (r >= 0)
		r = sd_bus_message_read_basic(m, 't', &ret->duration_usec);
	return r < 0 ? r : read_extra(m, ret);
}

static int add(struct event_list *l, sd_bus_message *m)
{
	struct event *more = reallocarray(l->events, l->n + 1, sizeof(*more));

	if (!more)
		return -ENOMEM;
	l->events = more;
	return event_read(m, &more[l->n++]);
}

static int read_list(sd_bus_message *m, struct event_list *ret)
{
	int r;

	r = sd_bus_message_enter_container(m, 'a', "(tsssssta{ss})");
	if (r < 0)
		return r;
	while ((r = sd_bus_message_enter_container(m, 'r', "tsssssta{ss}")) > 0) {
		r = add(ret, m);
		if (r >= 0)
			r = sd_bus_message_exit_container(m);
		if (r < 0)
			return r;
	}
	return r;
}

int event_query(sd_bus *bus, const struct event_query *q, struct event_list *ret,
		sd_bus_error *error)
{
	__attribute__((cleanup(sd_bus_message_unrefp))) sd_bus_message *m = NULL;
	__attribute__((cleanup(sd_bus_message_unrefp))) sd_bus_message *reply = NULL;
	int r;

	r = bus_new_manager_call(bus, "History", &m);
	if (r >= 0)
		r = sd_bus_message_append(m, "ttsut", q->since_usec, q->until_usec,
					  q->object ?: "", q->max, UINT64_C(0));
	if (r >= 0)
		r = sd_bus_call(bus, m, BUS_CALL_TIMEOUT_USEC, error, &reply);
	return r < 0 ? r : read_list(reply, ret);
}

/* "traddr=10.0.1.1,trsvcid=4420,host_iface=eth1" as sysfs has it, or a PCI address. */
static bool has_part(const char *address, enum scope_key key, const char *value)
{
	size_t n = strlen(value);

	if (key == SCOPE_PCI || !strchr(address, '='))
		return (key == SCOPE_PCI || key == SCOPE_TRADDR) && !strcmp(address, value);
	while (*address) {
		size_t length = strcspn(address, ","), name = strcspn(address, "=");
		const char *word = scope_key_to_string(key);
		bool is_key = name == strlen(word) && name < length;

		for (size_t i = 0; i < name && is_key; i++)
			is_key = address[i] == word[i] || (address[i] == '_' && word[i] == '-');
		if (is_key && length - name - 1 == n && !strncmp(address + name + 1, value, n))
			return true;
		address += length + (address[length] == ',');
	}
	return false;
}

bool event_is_about(const struct event *e, const char *name)
{
	const char *value;
	enum scope_key key = scope_split(name, &value);

	if (!strcmp(e->object, name))
		return true;
	for (char **t = e->extra; *t; t += 2)
		if (key == SCOPE_OBJECT ? !strcmp(t[1], name) :
					  !strcmp(t[0], "address") && has_part(t[1], key, value))
			return true;
	return false;
}

char *event_change(const struct event *e)
{
	char *text;

	if (asprintf(&text, "%s%s%s", e->from, *e->from ? " -> " : "",
		     *e->to || !*e->from ? e->to : "gone") < 0)
		return NULL;
	return text;
}

static void tell_extra(FILE *f, const struct event *e)
{
	for (char **t = e->extra; *t; t += 2)
		fprintf(f, "%s%s=%s", t == e->extra ? " [" : " ", t[0], t[1]);
	if (*e->extra)
		fputc(']', f);
}

char *event_line(const struct event *e)
{
	_cleanup_free_ char *change = event_change(e);
	char when[TEXT_MAX], span[TEXT_MAX];
	char *text = NULL;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	if (!f)
		return NULL;
	fprintf(f, "%s %-10s %-12s %s", text_moment(when, e->time_usec), e->kind,
		*e->object ? e->object : "-", change ?: "");
	if (e->duration_usec)
		fprintf(f, " after %s", text_duration(span, e->duration_usec));
	if (*e->reason)
		fprintf(f, " (%s)", e->reason);
	tell_extra(f, e);
	if (fclose(f) == 0)
		return text;
	free(text);
	return NULL;
}

struct json_object *event_to_json(const struct event *e)
{
	struct json_object *j = json_object_new_object();
	struct json_object *extra = json_object_new_object();

	json_add(j, "time_usec", json_object_new_uint64(e->time_usec));
	json_add(j, "kind", json_text(e->kind));
	json_add(j, "object", json_text(e->object));
	json_add(j, "from", json_text(e->from));
	json_add(j, "to", json_text(e->to));
	json_add(j, "reason", json_text(e->reason));
	json_add(j, "duration_usec",
		 e->duration_usec ? json_object_new_uint64(e->duration_usec) : NULL);
	for (char **t = e->extra; *t; t += 2)
		json_add(extra, t[0], json_text(t[1]));
	json_add(j, "extra", extra);
	return j;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bus.h"
#include "describe.h"
#include "json.h"
#include "live.h"
#include "output.h"
#include "say.h"
#include "screen.h"
#include "target.h"
#include "text.h"
#include "top-rows.h"
#include "util.h"
#include "verbs.h"

#define INTERVAL_DEFAULT_USEC (2 * USEC_PER_SEC)

struct top {
	struct live live;
	const struct args *args;
	const char *object;		/* NULL: all */
	struct scope scope;
	struct model now, before;	/* the last two looks */
	enum top_sort sort;
	const char *trouble;		/* NULL: all is well */
	bool is_screen;
	uint32_t painted;
	sd_event_source *timer;
};

static void print_json(struct top *t)
{
	struct json_object *doc = json_new_document();

	json_add(doc, "paths", top_to_json(&t->now, &t->before, &t->scope, t->sort));
	json_print(doc, JSON_SHORT);
	(void) fflush(stdout);
}

/* "12:30:05  4 of 6 paths usable, DEGRADED; by condition (keys: c f r i n, q)" */
static char *headline(const struct top *t)
{
	enum health worst = HEALTH_UNKNOWN;
	size_t usable = 0, n = 0;
	char when[TEXT_MAX];
	char *text;

	model_each(&t->now, KIND_PATH, struct path, p) {
		enum health h = p->ns ? namespace_health(p->ns) : HEALTH_UNKNOWN;

		if (!scope_has_path(&t->scope, p))
			continue;
		n++;
		usable += p->usable;
		worst = h > worst ? h : worst;
	}
	if (asprintf(&text, "%s  %zu of %zu paths usable: %s; sorted by %s%s",
		     text_time(when, now_realtime_usec()) + strlen("2026-11-22 "), usable, n,
		     health_to_string(worst), top_sort_to_string(t->sort),
		     t->is_screen ? " (keys: c f r i n, q)" : "") < 0)
		return NULL;
	return text;
}

static enum nvmpath_exit paint_batch(struct top *t)
{
	_cleanup_table_ struct table table;
	_cleanup_free_ char *head = headline(t);
	enum nvmpath_exit code;

	if (t->painted)
		(void) puts("");
	if (!t->args->no_legend)
		say("%s", head ?: "");
	top_fill(&table, t->args, &t->now, &t->before, &t->scope, t->sort);
	code = output_table(&table);
	(void) fflush(stdout);
	return code;
}

static enum nvmpath_exit paint_screen(struct top *t)
{
	_cleanup_table_ struct table table;
	_cleanup_free_ char *head = headline(t), *text = NULL;

	top_fill(&table, t->args, &t->now, &t->before, &t->scope, t->sort);
	if (table.error < 0)
		return output_table(&table);
	if (table_to_text(&table, &text) < 0)
		return NVMPATH_EXIT_FAILURE;
	screen_paint(t->trouble ?: head, text ?: "");
	return NVMPATH_EXIT_OK;
}

static void paint(struct top *t)
{
	enum nvmpath_exit code = NVMPATH_EXIT_OK;

	if (t->args->json)
		print_json(t);
	else
		code = t->is_screen ? paint_screen(t) : paint_batch(t);
	t->painted++;
	if (code != NVMPATH_EXIT_OK || t->painted == t->args->lines)
		live_end(&t->live, code);
}

static enum nvmpath_exit look(struct top *t)
{
	__attribute__((cleanup(model_done))) struct model m = { 0 };
	enum nvmpath_exit code;

	code = bus_read_model(t->live.bus, false, &m);
	if (code == NVMPATH_EXIT_OK && t->object)
		code = target_scope(&m, t->object, &t->scope);
	if (code != NVMPATH_EXIT_OK)
		return code;
	model_done(&t->before);
	t->before = t->now;
	t->now = m;
	m = (struct model) { 0 };
	return NVMPATH_EXIT_OK;
}

static void refresh(struct top *t)
{
	enum nvmpath_exit code = look(t);

	/* gone meanwhile is no end: it may come back */
	if (code == NVMPATH_EXIT_OK)
		paint(t);
	else if (code != NVMPATH_EXIT_NOT_RUNNING)
		live_end(&t->live, code);
}

static int on_timer(sd_event_source *s, uint64_t usec, void *userdata)
{
	struct top *t = userdata;

	(void) usec;
	if (t->live.is_there)
		refresh(t);
	(void) sd_event_source_set_time_relative(s, t->args->interval_usec ?:
						     INTERVAL_DEFAULT_USEC);
	return sd_event_source_set_enabled(s, SD_EVENT_ONESHOT);
}

static int on_key(sd_event_source *s, int fd, uint32_t events, void *userdata)
{
	struct top *t = userdata;
	char key;

	(void) s;
	(void) events;
	if (read(fd, &key, 1) != 1 || key == 'q') {
		live_end(&t->live, NVMPATH_EXIT_OK);
		return 0;
	}
	if (top_sort_from_key(key) >= 0)
		t->sort = top_sort_from_key(key);
	(void) paint_screen(t);
	return 0;
}

static int on_resize(sd_event_source *s, const struct signalfd_siginfo *si, void *userdata)
{
	(void) s;
	(void) si;
	(void) paint_screen(userdata);
	return 0;
}

static int start_screen(struct top *t)
{
	int r;

	r = sd_event_add_io(t->live.event, NULL, STDIN_FILENO, EPOLLIN, on_key, t);
	if (r >= 0)
		r = screen_watch_size(t->live.event, on_resize, t);
	if (r >= 0)
		screen_open();
	return r;
}

static void on_trouble(struct live *l, const char *text)
{
	struct top *t = l->userdata;

	t->trouble = text;
	if (t->is_screen && t->painted)
		(void) paint_screen(t);
	else if (text)
		say_error("%s", text);
	else if (t->painted)
		say_error("nvmpathd is back");
}

/* A column that there is none of is said before the screen is taken. */
static bool has_columns(const struct top *t)
{
	_cleanup_table_ struct table table;

	top_fill(&table, t->args, &t->now, &t->before, &t->scope, t->sort);
	return table.error >= 0;
}

static int on_ready(struct live *l, bool again)
{
	struct top *t = l->userdata;
	enum nvmpath_exit code;
	int r = 0;

	if (again)
		return 0;
	/* a name that is none ends it before the screen is taken */
	code = look(t);
	if (code == NVMPATH_EXIT_OK && !t->args->json && !has_columns(t))
		code = NVMPATH_EXIT_USAGE;
	if (code != NVMPATH_EXIT_OK) {
		live_end(l, code);
		return 0;
	}
	r = t->is_screen ? start_screen(t) : 0;
	if (r >= 0)
		r = sd_event_add_time_relative(l->event, &t->timer, CLOCK_MONOTONIC, 0, 0,
					       on_timer, t);
	return r;
}

enum nvmpath_exit verb_top(const struct context *c, const char *object)
{
	struct top t = {
		.args = c->args,
		.object = object,
		.sort = (enum top_sort) c->args->sort,
		.is_screen = !c->args->batch && !c->args->json && screen_is_possible(),
	};
	enum nvmpath_exit code;

	t.live = (struct live) { .args = c->args, .on_ready = on_ready, .on_trouble = on_trouble,
				 .userdata = &t };
	code = live_run(&t.live);
	screen_close();
	(void) sd_event_source_unref(t.timer);
	model_done(&t.now);
	model_done(&t.before);
	return code;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is back of a restore (act-restore.c), and what is to say of the rest. */
#include <errno.h>

#include "act-parts.h"
#include "base/str.h"

/* Usable again, where it was. */
bool act_member_is_back(const struct job *j, size_t member)
{
	const struct controller *c = act_find_member(j, &j->members[member]);

	for (size_t i = 0; c && i < j->n_targets; i++) {
		const struct target *t = &j->targets[i];
		const struct path *p;

		if (t->member != member)
			continue;
		p = act_returned(j, t, c);
		if (!p || (t->was_usable && !p->usable))
			return false;
	}
	return c != NULL;
}

void act_member_failed(struct member *v, int error, const char *why)
{
	if (v->error)
		return;
	v->error = error;
	STR_COPY(v->why, why);
}

/* "nvme3 has no path to nvme0n2, nvme0n3" */
static void note_missing(const struct job *j, size_t member,
			 const struct controller *c, char *text, size_t size)
{
	bool any = false;

	for (size_t i = 0; i < j->n_targets; i++) {
		const struct target *t = &j->targets[i];

		if (t->member != member || act_returned(j, t, c))
			continue;
		if (any)
			str_append(text, size, ", %s", t->path.head);
		else
			str_append(text, size, "%s has no path to %s", c->o.name,
				   t->path.head);
		any = true;
	}
}

/* "nvme0c3n1 is ana_inaccessible, nvme0c3n2 is ns_not_ready" */
static void note_unusable(const struct job *j, size_t member,
			  const struct controller *c, char *text, size_t size)
{
	for (size_t i = 0; i < j->n_targets; i++) {
		const struct target *t = &j->targets[i];
		const struct path *p = t->member == member ? act_returned(j, t, c) : NULL;

		if (p && t->was_usable && !p->usable)
			str_append(text, size, "%s%s is %s", text[0] ? ", " : "",
				   p->o.name, p->path_state);
	}
}

void act_member_note(const struct job *j, size_t member, char *text, size_t size)
{
	const struct member *v = &j->members[member];
	const struct controller *c = act_find_member(j, v);

	text[0] = '\0';
	if (!c) {
		str_append(text, size, "%s is not %s", v->controller.o.name,
			   j->object_kind == OBJECT_PATH ? "there" : "back");
	} else if (!str_equal(c->state, "live")) {
		str_append(text, size, "%s is %s", c->o.name, c->state);
	} else {
		note_missing(j, member, c, text, size);
		note_unusable(j, member, c, text, size);
	}
	if (v->why[0])
		str_append(text, size, "%s%s", text[0] ? ": " : "", v->why);
}

int act_return_note(struct job *j)
{
	char detail[MESSAGE_SIZE] = "", one[MESSAGE_SIZE];
	int first = 0, missing = 0;

	for (size_t i = 0; i < j->n_members; i++) {
		if (act_member_is_back(j, i))
			continue;
		act_member_note(j, i, one, sizeof(one));
		str_append(detail, sizeof(detail), "%s%s", missing++ ? "; " : "", one);
		if (!first)
			first = j->members[i].error;
	}
	if (!missing)
		return 0;
	if (j->detail[0])
		str_append(detail, sizeof(detail), "; %s", j->detail);
	STR_COPY(j->detail, detail);
	return first ? first : -ETIMEDOUT;
}

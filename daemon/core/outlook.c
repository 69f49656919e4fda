/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <stdio.h>

#include "base/str.h"
#include "impact.h"

#define VERDICT_WORD_(suffix, word) word,
static const char *const verdicts[] = {
	NVMPATH_VERDICTS(VERDICT_WORD_)
};
DEFINE_TABLE(verdict, enum verdict, verdicts)

#define NOBODY SIZE_MAX

/* A port that a head's usable paths lead to; one list a head. */
struct port {
	uint64_t id;
	bool left;		/* some path to it would be left */
	size_t next;
};

struct work {
	const struct snapshot *s;
	const struct names *without;
	struct names heads;
	struct outlook *outlooks;
	size_t *first_port;	/* of each head, in @ports */
	struct port *ports;
	size_t n_ports;
};

static void work_done(struct work *w)
{
	names_done(&w->heads);
	free(w->outlooks);
	free(w->first_port);
	free(w->ports);
}

static uint64_t port_id(const struct controller *c)
{
	char text[WORD_SIZE + TRADDR_SIZE + WORD_SIZE + 4];

	(void) snprintf(text, sizeof(text), "%s\n%s\n%s", c->transport, c->traddr,
			c->trsvcid);
	return str_hash(text);
}

static struct port *find_port(const struct work *w, size_t head, uint64_t id)
{
	size_t i = w->first_port[head];

	while (i != NOBODY && w->ports[i].id != id)
		i = w->ports[i].next;
	return i == NOBODY ? NULL : &w->ports[i];
}

/* Room is there for one a path. */
static struct port *get_port(struct work *w, size_t head, uint64_t id)
{
	struct port *port = find_port(w, head, id);

	if (port)
		return port;
	port = &w->ports[w->n_ports];
	*port = (struct port) { .id = id, .next = w->first_port[head] };
	w->first_port[head] = w->n_ports++;
	w->outlooks[head].ports++;
	return port;
}

static void count_port(struct work *w, size_t head, const struct path *p, bool left)
{
	const struct controller *c = snapshot_controller(w->s, p->controller);
	struct port *port;

	if (!c)
		return;
	port = get_port(w, head, port_id(c));
	if (left && !port->left) {
		port->left = true;
		w->outlooks[head].ports_left++;
	}
}

/* A controller without ANA shows no ana_state: all its paths are optimized. */
static bool is_optimized(const struct path *p)
{
	return !p->ana_state[0] || str_equal(p->ana_state, "optimized");
}

static void count_path(struct work *w, const struct path *p)
{
	ssize_t head = p->usable ? names_index(&w->heads, p->head) : -ENOENT;
	struct outlook *o;
	bool left;

	if (head < 0)
		return;
	o = &w->outlooks[head];
	left = !names_has(w->without, p->o.name);
	o->usable++;
	o->usable_left += left;
	o->optimized += is_optimized(p);
	o->optimized_left += left && is_optimized(p);
	count_port(w, (size_t) head, p, left);
}

static int work_begin(struct work *w)
{
	size_t n;
	int r = impact_heads(w->s, w->without, &w->heads);

	if (r < 0)
		return r;
	n = w->heads.n ? w->heads.n : 1;
	w->outlooks = calloc(n, sizeof(*w->outlooks));
	w->first_port = calloc(n, sizeof(*w->first_port));
	w->ports = calloc(w->s->n_paths ? w->s->n_paths : 1, sizeof(*w->ports));
	if (!w->outlooks || !w->first_port || !w->ports)
		return -ENOMEM;
	for (size_t i = 0; i < w->heads.n; i++) {
		STR_COPY(w->outlooks[i].head, w->heads.v[i]);
		w->first_port[i] = NOBODY;
	}
	return 0;
}

int outlook_new(const struct snapshot *s, const struct names *paths,
		struct outlook **ret, size_t *ret_n)
{
	_cleanup_(work_done) struct work w = { .s = s, .without = paths };
	int r = work_begin(&w);

	if (r < 0)
		return r;
	for (size_t i = 0; i < s->n_paths; i++)
		count_path(&w, &s->paths[i]);
	*ret = TAKE_PTR(w.outlooks);
	*ret_n = w.heads.n;
	return 0;
}

enum verdict outlook_judge(const struct outlook *o, const struct floor *f)
{
	bool costs = o->usable_left < o->usable;

	if (!o->usable_left)
		return VERDICT_LAST_PATH;
	if (costs && (o->usable_left < f->min_usable ||
		      o->ports_left < f->min_ports))
		return VERDICT_BELOW_FLOOR;
	if (o->usable_left == 1 || (o->optimized && !o->optimized_left))
		return VERDICT_DEGRADED;
	return VERDICT_OK;
}

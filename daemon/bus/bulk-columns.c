/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The values of the file: what each kind has, and how it is written. */
#include <stddef.h>

#include "base/str.h"
#include "bulk-columns.h"
#include "policy/hold.h"

static void put_escaped(FILE *f, const char *text)
{
	for (; *text; text++) {
		if (*text == '\t')
			(void) fputs_unlocked("\\t", f);
		else if (*text == '\n')
			(void) fputs_unlocked("\\n", f);
		else if (*text == '\\')
			(void) fputs_unlocked("\\\\", f);
		else
			(void) putc_unlocked(*text, f);
	}
}

static const void *member(const struct column *c, const void *object)
{
	return (const char *) object + c->offset;
}

static void put_text(const struct writer *w, const struct column *c, const void *object)
{
	put_escaped(w->f, member(c, object));
}

static void put_number(const struct writer *w, uint64_t v)
{
	char digits[24], *at = &digits[sizeof(digits) - 1];

	*at = '\0';
	do
		*--at = (char) ('0' + v % 10);
	while (v /= 10);
	(void) fputs_unlocked(at, w->f);
}

static void put_signed(const struct writer *w, int64_t v)
{
	if (v < 0)
		(void) putc_unlocked('-', w->f);
	put_number(w, v < 0 ? -(uint64_t) v : (uint64_t) v);
}

static void put_u32(const struct writer *w, const struct column *c, const void *object)
{
	put_number(w, *(const uint32_t *) member(c, object));
}

static void put_u64(const struct writer *w, const struct column *c, const void *object)
{
	put_number(w, *(const uint64_t *) member(c, object));
}

static void put_s64(const struct writer *w, const struct column *c, const void *object)
{
	put_signed(w, *(const int64_t *) member(c, object));
}

static void put_bool(const struct writer *w, const struct column *c, const void *object)
{
	put_number(w, *(const bool *) member(c, object));
}

/* The name of another object: "" where nothing of that name is there. */
static void put_name(const struct writer *w, const struct column *c, const void *object)
{
	const char *name = member(c, object);

	if (name[0] && object_lookup(w->b, c->refers, name))
		put_escaped(w->f, name);
}

/* Names in a list stand apart by a space; none has one. */
static void put_listed(const struct writer *w, const char *name, bool *listed)
{
	if (*listed)
		(void) putc_unlocked(' ', w->f);
	put_escaped(w->f, name);
	*listed = true;
}

static void put_subsystem_list(const struct writer *w, const struct column *c, const void *object)
{
	const struct snapshot *s = w->b->m->now;
	const struct subsystem *of = object;
	bool listed = false;

	if (c->refers == OBJECT_CONTROLLER) {
		for (size_t i = 0; i < s->n_controllers; i++)
			if (str_equal(s->controllers[i].subsystem, of->o.name))
				put_listed(w, s->controllers[i].o.name, &listed);
		return;
	}
	for (size_t i = 0; i < s->n_heads; i++)
		if (str_equal(s->heads[i].subsystem, of->o.name))
			put_listed(w, s->heads[i].o.name, &listed);
}

static void put_controller_paths(const struct writer *w, const struct column *c,
				 const void *object)
{
	const struct snapshot *s = w->b->m->now;
	const struct controller *of = object;
	bool listed = false;

	(void) c;
	for (size_t i = 0; i < s->n_paths; i++)
		if (str_equal(s->paths[i].controller, of->o.name))
			put_listed(w, s->paths[i].o.name, &listed);
}

static void put_ns_management(const struct writer *w, const struct column *c,
			      const void *object)
{
	const struct controller_facts *f = manager_facts(w->b->m, object);
	bool known = f && f->known;

	put_number(w, str_equal(c->property, "NamespaceManagementKnown") ? known :
		      known && f->has_ns_management);
}

static void put_head_paths(const struct writer *w, const struct column *c, const void *object)
{
	const struct snapshot *s = w->b->m->now;
	size_t h = (size_t) ((const struct head *) object - s->heads);
	bool usable = str_equal(c->property, "UsablePaths"), listed = false;
	unsigned n = 0;

	for (uint32_t i = w->first[h]; i < w->first[h + 1]; i++) {
		const struct path *p = &s->paths[w->paths[i]];

		n += p->usable;
		if (!usable)
			put_listed(w, p->o.name, &listed);
	}
	if (usable)
		put_number(w, n);
}

static void put_uid(const struct writer *w, uint32_t uid)
{
	(void) fputs_unlocked("uid ", w->f);
	put_number(w, uid);
}

static void put_hold(const struct writer *w, const struct column *c, const void *object)
{
	const struct hold *h = hold_find(w->b->m, ((const struct path *) object)->o.name);

	if (str_equal(c->property, "HoldSinceUSec"))
		put_number(w, h ? h->since_usec : 0);
	else if (str_equal(c->property, "HoldExpiresUSec"))
		put_number(w, h ? h->expires_usec : 0);
	else if (h && str_equal(c->property, "HoldReason"))
		put_escaped(w->f, h->reason);
	else if (h)
		put_uid(w, h->uid);
}

static void put_path_removal(const struct writer *w, const struct column *c, const void *object)
{
	const struct path *p = object;
	const struct job *j = job_on_path(w->b->m, p->o.name);
	const struct hold *h = j ? NULL : hold_find(w->b->m, p->o.name);
	uint32_t id = j ? j->id : h ? h->removal : 0;

	(void) c;
	if (id && job_by_id(w->b->m, id))
		put_number(w, id);
}

static void put_stats(const struct writer *w, const struct column *c, const void *object)
{
	const struct path_stats *s = w->b->m->n_stats ?
				     manager_path_stats(w->b->m, object) : NULL;

	if (str_equal(c->property, "Transitions"))
		put_number(w, s ? s->transitions : 0);
	else if (str_equal(c->property, "LastChangeUSec"))
		put_number(w, s ? s->last_change_usec : 0);
	else if (s)
		put_escaped(w->f, s->last_change);
}

static void put_job_word(const struct writer *w, const struct column *c, const void *object)
{
	const struct job *j = object;

	if (str_equal(c->property, "Kind"))
		put_escaped(w->f, removal_kind_to_string(j->machine.kind));
	else if (str_equal(c->property, "ObjectKind"))
		put_escaped(w->f, object_kind_to_string(j->object_kind));
	else if (str_equal(c->property, "State"))
		put_escaped(w->f, removal_state_to_string(j->machine.state));
	else
		put_uid(w, j->uid);
}

static void put_job_number(const struct writer *w, const struct column *c, const void *object)
{
	const struct job *j = object;

	if (str_equal(c->property, "Held"))
		put_number(w, (uint32_t) job_held(j));
	else if (str_equal(c->property, "Errno"))
		put_signed(w, j->machine.error);
	else
		put_number(w, job_can_restore(j));
}

static void put_job_list(const struct writer *w, const struct column *c, const void *object)
{
	const struct job *j = object;
	bool listed = false;

	if (c->refers == OBJECT_CONTROLLER)
		for (size_t i = 0; i < j->n_members; i++)
			put_listed(w, j->members[i].controller.o.name, &listed);
	else if (c->refers == OBJECT_PATH)
		for (size_t i = 0; i < j->n_targets; i++)
			put_listed(w, j->targets[i].path.o.name, &listed);
	else
		for (size_t i = 0; i < j->heads.n; i++)
			put_listed(w, j->heads.v[i], &listed);
}

#define MEMBER(name, put_, type, member_) \
	{ .property = name, .put = put_, .offset = offsetof(struct type, member_) }
#define TEXT(name, type, member_) MEMBER(name, put_text, type, member_)
#define NAME(name, type, member_, kind) \
	{ .property = name, .put = put_name, .offset = offsetof(struct type, member_), \
	  .refers = OBJECT_##kind }
#define LIST(name, put_, kind) { .property = name, .put = put_, .refers = OBJECT_##kind }
#define FACT(name, put_) { .property = name, .put = put_ }
#define END { .property = NULL }

static const struct column subsystem_columns[] = {
	TEXT("Name", subsystem, o.name), TEXT("NQN", subsystem, nqn),
	TEXT("Model", subsystem, model), TEXT("Serial", subsystem, serial),
	TEXT("Firmware", subsystem, firmware), TEXT("IOPolicy", subsystem, iopolicy),
	LIST("Controllers", put_subsystem_list, CONTROLLER),
	LIST("Namespaces", put_subsystem_list, NAMESPACE), END
};

static const struct column controller_columns[] = {
	TEXT("Name", controller, o.name),
	NAME("Subsystem", controller, subsystem, SUBSYSTEM),
	TEXT("Transport", controller, transport), TEXT("Address", controller, address),
	TEXT("TrAddr", controller, traddr), TEXT("TrSvcId", controller, trsvcid),
	TEXT("HostTrAddr", controller, host_traddr), TEXT("HostIface", controller, host_iface),
	TEXT("State", controller, state), MEMBER("CntlId", put_s64, controller, cntlid),
	MEMBER("NumaNode", put_s64, controller, numa_node),
	LIST("Paths", put_controller_paths, PATH),
	FACT("HasNamespaceManagement", put_ns_management),
	FACT("NamespaceManagementKnown", put_ns_management), END
};

static const struct column namespace_columns[] = {
	TEXT("Name", head, o.name), NAME("Subsystem", head, subsystem, SUBSYSTEM),
	MEMBER("NSID", put_u32, head, nsid), TEXT("UUID", head, uuid),
	TEXT("NGUID", head, nguid), TEXT("WWID", head, wwid),
	MEMBER("SizeBytes", put_u64, head, size_bytes), LIST("Paths", put_head_paths, PATH),
	FACT("UsablePaths", put_head_paths), END
};

static const struct column path_columns[] = {
	TEXT("Name", path, o.name), NAME("Namespace", path, head, NAMESPACE),
	NAME("Controller", path, controller, CONTROLLER),
	NAME("Subsystem", path, subsystem, SUBSYSTEM), MEMBER("NSID", put_u32, path, nsid),
	MEMBER("AnaGroup", put_u32, path, ana_group), TEXT("AnaState", path, ana_state),
	TEXT("AdminState", path, admin_state), TEXT("PathState", path, path_state),
	MEMBER("Usable", put_bool, path, usable), FACT("HoldReason", put_hold),
	FACT("HoldOwner", put_hold), FACT("HoldSinceUSec", put_hold),
	FACT("HoldExpiresUSec", put_hold), FACT("Removal", put_path_removal),
	FACT("Transitions", put_stats), FACT("LastChangeUSec", put_stats),
	FACT("LastChange", put_stats), END
};

static const struct column removal_columns[] = {
	MEMBER("Id", put_u32, job, id), FACT("Kind", put_job_word), TEXT("Object", job, object),
	FACT("ObjectKind", put_job_word), TEXT("Reason", job, reason),
	FACT("Owner", put_job_word), FACT("State", put_job_word),
	LIST("Controllers", put_job_list, CONTROLLER), LIST("Paths", put_job_list, PATH),
	LIST("Namespaces", put_job_list, NAMESPACE), MEMBER("Forced", put_bool, job, forced),
	FACT("Held", put_job_number), MEMBER("InFlight", put_s64, job, drain.inflight),
	MEMBER("InFlightPeak", put_s64, job, drain.peak),
	MEMBER("StartedUSec", put_u64, job, started_usec),
	MEMBER("FinishedUSec", put_u64, job, finished_usec),
	MEMBER("DeadlineUSec", put_u64, job, deadline_usec), TEXT("Detail", job, detail),
	FACT("Errno", put_job_number), FACT("CanRestore", put_job_number), END
};

const struct column *bulk_columns(enum object_kind kind)
{
	static const struct column *const columns[] = {
		[OBJECT_SUBSYSTEM] = subsystem_columns,
		[OBJECT_CONTROLLER] = controller_columns,
		[OBJECT_NAMESPACE] = namespace_columns,
		[OBJECT_PATH] = path_columns,
		[OBJECT_REMOVAL] = removal_columns,
	};

	return columns[kind];
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The record of a removal, as the daemon finds it after a restart. */
#include "base/str.h"
#include "fuzz.h"
#include "policy/job-record.h"
#include "policy/record.h"

/* Of a removal that never began. */
struct job *job_free(struct job *j)
{
	if (!j)
		return NULL;
	names_done(&j->paths);
	names_done(&j->heads);
	names_done(&j->subsystems);
	free(j->targets);
	free(j->twins);
	free(j->members);
	free(j);
	return NULL;
}

static void check(const struct job *j)
{
	FUZZ_CHECK(j->id && j->n_members);
	FUZZ_CHECK(removal_state_to_string(j->machine.state));
	FUZZ_CHECK(removal_kind_to_string(j->machine.kind));
	FUZZ_CHECK(memchr(j->reason, '\0', sizeof(j->reason)));
	for (size_t i = 0; i < j->n_targets; i++) {
		FUZZ_CHECK(j->targets[i].member < j->n_members);
		FUZZ_CHECK(names_has(&j->paths, j->targets[i].path.o.name));
	}
	for (size_t i = 0; i < j->n_members; i++)
		FUZZ_CHECK(memchr(j->members[i].connection.nqn, '\0', NQN_SIZE));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = fuzz_text(data, size);
	struct json_object *o = json_tokener_parse(text);
	struct manager m = {};
	struct job *j = NULL;

	if (o && job_load(&m, o, &j) >= 0)
		check(j);
	job_free(j);
	json_object_put(o);
	free(text);
	return 0;
}

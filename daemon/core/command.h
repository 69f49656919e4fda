/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the daemon asks its helper, and what that answers: one datagram each, of
 * fixed fields and a text behind them. Both sides are of one build; another
 * version is refused, not understood.
 */
#ifndef NVMPATH_CORE_COMMAND_H
#define NVMPATH_CORE_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

#include <nvmpath/words.h>

#include "base/table.h"

#define COMMAND_MAGIC	0x636d766eu	/* "nvmc" */
#define COMMAND_VERSION	1u
/* Names of 8,192 paths; less than a socket's send buffer (212,992) takes. */
#define COMMAND_TEXT_MAX (128u * 1024)

/* Those with a controller's node come with a descriptor of it. */
#define COMMAND_KINDS(X)							\
	X(HELLO,	"hello",	false)	/* are you there? */		\
	X(IDENTIFY,	"identify",	true)	/* Identify Controller */	\
	X(ATTACH,	"attach",	true)	/* nsid to cntlid */		\
	X(DETACH,	"detach",	true)					\
	X(RESCAN,	"rescan",	true)	/* of its namespaces */		\
	X(USERS,	"users",	false)	/* text: names of nodes, a line each */

#define COMMAND_KIND_ENUM_(suffix, word, node) COMMAND_##suffix,
enum command_kind {
	COMMAND_KINDS(COMMAND_KIND_ENUM_)
	_COMMAND_KIND_MAX,
	_COMMAND_KIND_INVALID = -EINVAL,
};
DECLARE_TABLE(command_kind, enum command_kind);

#define HELPER_STATE_ENUM_(suffix, word) HELPER_##suffix,
enum helper_state {
	NVMPATH_HELPER_STATES(HELPER_STATE_ENUM_)
	_HELPER_STATE_MAX,
	_HELPER_STATE_INVALID = -EINVAL,
};
DECLARE_TABLE(helper_state, enum helper_state);

struct command {
	uint32_t magic;
	uint32_t version;
	uint32_t kind;
	uint32_t nsid;
	uint32_t cntlid;
	uint32_t text_size;	/* with the NUL at its end; 0: none */
	char text[];
};

/* What begins a line that tells of a mount, not of a process, in the answer to USERS. */
#define COMMAND_MOUNT "mount "

struct answer {
	uint32_t magic;
	uint32_t version;
	uint32_t kind;		/* of what was asked */
	int32_t result;		/* 0 or negative errno */
	uint32_t has_ns_management;	/* IDENTIFY: 0 or 1 */
	uint32_t anatt_secs;		/* IDENTIFY: 0: no ANA */
	uint32_t hidden;		/* USERS: processes not looked at */
	uint32_t text_size;
	char text[];		/* a phrase where it failed; USERS: a line each */
};

/* What an Identify Controller of ours takes from it. */
struct identity {
	bool has_ns_management;		/* OACS bit 3 */
	uint32_t anatt_secs;		/* ANATT; 0: no ANA */
};

bool command_has_node(enum command_kind kind);

/*
 * Whether these bytes are one: -EPROTO for anything else. What they point into
 * is whole then: the text has its NUL, and numbers are in their range.
 */
int command_check(const void *data, size_t size);
/* The same of an answer, and that it is one to @kind. */
int answer_check(const void *data, size_t size, enum command_kind kind);

#endif

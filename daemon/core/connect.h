/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What it takes to connect a fabrics controller again: what sysfs shows of it,
 * and what nvme-cli's configuration says of the rest.
 */
#ifndef NVMPATH_CORE_CONNECT_H
#define NVMPATH_CORE_CONNECT_H

#include "model.h"

/* "DHHC-1:00:" and base64 of 64 bytes and a checksum of 4: 102. */
#define SECRET_SIZE 128

/* Of which sysfs has no attribute, with their words. */
#define CONNECT_OPTIONS(X)				\
	X(HDR_DIGEST,	"header digest")		\
	X(DATA_DIGEST,	"data digest")			\
	X(TOS,		"type of service")		\
	X(WRITE_QUEUES,	"write queues")			\
	X(POLL_QUEUES,	"poll queues")			\
	X(NO_SQFLOW,	"submission queue flow control off")

#define CONNECT_OPTION_ENUM_(suffix, word) CONNECT_##suffix,
enum connect_option {
	CONNECT_OPTIONS(CONNECT_OPTION_ENUM_)
	_CONNECT_OPTION_MAX,
	_CONNECT_OPTION_INVALID = -EINVAL,
};
DECLARE_TABLE(connect_option, enum connect_option);

/* Who says so; the first that does is believed. */
#define CONNECT_SOURCES(X)				\
	X(NOBODY,	"nobody")			\
	X(SYSFS,	"sysfs")			\
	X(CONFIG,	"config.json")			\
	X(DISCOVERY,	"discovery.conf")

#define CONNECT_SOURCE_ENUM_(suffix, word) CONNECT_BY_##suffix,
enum connect_source {
	CONNECT_SOURCES(CONNECT_SOURCE_ENUM_)
	_CONNECT_SOURCE_MAX,
	_CONNECT_SOURCE_INVALID = -EINVAL,
};
DECLARE_TABLE(connect_source, enum connect_source);

/* DH-HMAC-CHAP: never on record, on the bus or in the journal. "" is none. */
struct secrets {
	char host[SECRET_SIZE];
	char controller[SECRET_SIZE];
};

struct connection {
	char nqn[NQN_SIZE];
	char transport[WORD_SIZE];
	char traddr[TRADDR_SIZE];
	char trsvcid[WORD_SIZE];
	char host_traddr[TRADDR_SIZE];
	char host_iface[WORD_SIZE];
	char hostnqn[NQN_SIZE];
	char hostid[UUID_SIZE];
	int64_t ctrl_loss_tmo;		/* seconds; -1: for ever */
	int64_t reconnect_delay;	/* seconds; below 1: default */
	int64_t fast_io_fail_tmo;	/* seconds; below 0: off */
	int64_t keep_alive_tmo;		/* seconds; below 1: default */
	int64_t queue_count;		/* all, with the admin queue; below 2: default */
	int64_t queue_size;		/* entries; below 2: default */
	int64_t tls;			/* 1: with a key of the keyring .nvme; 0 */
	int64_t authenticates;		/* 1: DH-HMAC-CHAP, so that it takes secrets; 0 */
	int64_t duplicate;		/* 1: beside another of the same host in the same place */
	int64_t polls;			/* 1: it has poll queues, however many; else unknown */

	int64_t option[_CONNECT_OPTION_MAX];	/* -1: unknown */
	enum connect_source by[_CONNECT_OPTION_MAX];
	struct secrets secrets;
	enum connect_source secrets_by;
};

/* An entry of nvme-cli's configuration: "" and -1 where it says nothing. */
struct connect_entry {
	char nqn[NQN_SIZE];		/* "" in discovery.conf: any */
	char transport[WORD_SIZE];
	char traddr[TRADDR_SIZE];
	char trsvcid[WORD_SIZE];
	char host_traddr[TRADDR_SIZE];
	char host_iface[WORD_SIZE];
	char hostnqn[NQN_SIZE];
	int64_t option[_CONNECT_OPTION_MAX];
	struct secrets secrets;
};

/* Says nothing of anything. */
void connection_init(struct connection *c);
void connect_entry_init(struct connect_entry *e);

/*
 * How well the entry is of this connection: the number of fields that it names,
 * all of which are the connection's; 0 where one is not, or where it does not
 * name transport and traddr.
 */
unsigned connect_entry_fits(const struct connect_entry *e, const struct connection *c);

/* Takes over what the connection does not know yet. */
void connection_learn(struct connection *c, const struct connect_entry *e,
		      enum connect_source source);

/* What is there of secrets is not enough. */
bool connection_lacks_secrets(const struct connection *c);

/*
 * A line of discovery.conf: the options of "nvme discover". 1 and the entry;
 * 0: there is nothing on it; -EINVAL: it is not to be understood. Of the entry's
 * port nothing is taken: that is the discovery controller's, not its controllers'.
 */
int discovery_line(const char *line, struct connect_entry *ret);

#endif

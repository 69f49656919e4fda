/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/macro.h"
#include "base/str.h"
#include "connect.h"

#define WORD_(suffix, word) word,
static const char *const options[] = {
	CONNECT_OPTIONS(WORD_)
};
DEFINE_TABLE(connect_option, enum connect_option, options)

static const char *const sources[] = {
	CONNECT_SOURCES(WORD_)
};
DEFINE_TABLE(connect_source, enum connect_source, sources)

static void forget_options(int64_t option[_CONNECT_OPTION_MAX])
{
	for (int i = 0; i < _CONNECT_OPTION_MAX; i++)
		option[i] = UNKNOWN_NUMBER;
}

void connection_init(struct connection *c)
{
	*c = (struct connection) {
		.ctrl_loss_tmo = UNKNOWN_NUMBER, .reconnect_delay = UNKNOWN_NUMBER,
		.fast_io_fail_tmo = UNKNOWN_NUMBER, .keep_alive_tmo = UNKNOWN_NUMBER,
		.queue_count = UNKNOWN_NUMBER, .queue_size = UNKNOWN_NUMBER,
		.polls = UNKNOWN_NUMBER,
	};
	forget_options(c->option);
}

void connect_entry_init(struct connect_entry *e)
{
	*e = (struct connect_entry) {};
	forget_options(e->option);
}

/* 1: named, and the same; 0: not named; -1: another. */
static int compare(const char *named, const char *is)
{
	if (!named[0])
		return 0;
	return str_equal(named, is) ? 1 : -1;
}

unsigned connect_entry_fits(const struct connect_entry *e, const struct connection *c)
{
	const int found[] = {
		compare(e->transport, c->transport), compare(e->traddr, c->traddr),
		compare(e->trsvcid, c->trsvcid), compare(e->nqn, c->nqn),
		compare(e->host_traddr, c->host_traddr),
		compare(e->host_iface, c->host_iface), compare(e->hostnqn, c->hostnqn),
	};
	unsigned n = 0;

	if (found[0] <= 0 || found[1] <= 0)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(found); i++) {
		if (found[i] < 0)
			return 0;
		n += (unsigned) found[i];
	}
	return n;
}

void connection_learn(struct connection *c, const struct connect_entry *e,
		      enum connect_source source)
{
	for (int i = 0; i < _CONNECT_OPTION_MAX; i++) {
		if (c->option[i] >= 0 || e->option[i] < 0)
			continue;
		c->option[i] = e->option[i];
		c->by[i] = source;
	}
	if (c->authenticates <= 0 || c->secrets.host[0] || !e->secrets.host[0])
		return;
	c->secrets = e->secrets;
	c->secrets_by = source;
}

bool connection_lacks_secrets(const struct connection *c)
{
	return c->authenticates > 0 && !c->secrets.host[0];
}

/* ---- discovery.conf -------------------------------------------------------- */

/* Where an option's value goes; @size 0: a number of @option. */
struct option_rule {
	const char *name;
	char letter;		/* 0: none */
	enum { NO_VALUE, TEXT, NUMBER, LEFT_OUT } kind;
	size_t offset, size;
	enum connect_option option;
};

#define TEXT_(name, letter, field)						\
	{ name, letter, TEXT, offsetof(struct connect_entry, field),		\
	  sizeof(((struct connect_entry *) NULL)->field), 0 }
#define NUMBER_(name, letter, option) { name, letter, NUMBER, 0, 0, CONNECT_##option }
#define FLAG_(name, letter, option) { name, letter, NO_VALUE, 0, 0, CONNECT_##option }
#define OTHER_(name, letter) { name, letter, LEFT_OUT, 0, 0, 0 }
#define OTHER_FLAG_(name, letter) { name, letter, NO_VALUE, 0, 0, _CONNECT_OPTION_MAX }

/* nvme-cli 2.x, nvme-discover(1) */
static const struct option_rule rules[] = {
	TEXT_("transport", 't', transport), TEXT_("traddr", 'a', traddr),
	OTHER_("trsvcid", 's'), TEXT_("host-traddr", 'w', host_traddr),
	TEXT_("host-iface", 'f', host_iface), TEXT_("hostnqn", 'q', hostnqn),
	OTHER_("nqn", 'n'), OTHER_("hostid", 'I'), OTHER_("device", 'd'),
	OTHER_("dhchap-secret", 'S'), OTHER_("keep-alive-tmo", 'k'),
	OTHER_("nr-io-queues", 'i'), NUMBER_("nr-write-queues", 'W', WRITE_QUEUES),
	NUMBER_("nr-poll-queues", 'P', POLL_QUEUES), OTHER_("queue-size", 'Q'),
	OTHER_("reconnect-delay", 'c'), OTHER_("ctrl-loss-tmo", 'l'),
	OTHER_("fast_io_fail_tmo", 'F'), NUMBER_("tos", 'T', TOS),
	OTHER_("keyring", 0), OTHER_("tls_key", 0), OTHER_("raw", 'r'),
	FLAG_("hdr-digest", 'g', HDR_DIGEST), FLAG_("hdr_digest", 0, HDR_DIGEST),
	FLAG_("data-digest", 'G', DATA_DIGEST), FLAG_("data_digest", 0, DATA_DIGEST),
	FLAG_("disable-sqflow", 0, NO_SQFLOW), OTHER_FLAG_("duplicate-connect", 'D'),
	OTHER_FLAG_("persistent", 'p'), OTHER_FLAG_("quiet", 0), OTHER_FLAG_("tls", 0),
	OTHER_FLAG_("force", 0),
};

static const struct option_rule *rule_of(const char *word)
{
	bool is_long = str_has_prefix(word, "--");
	size_t length = strcspn(word, "=");

	for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
		const struct option_rule *r = &rules[i];

		if (is_long ? strlen(r->name) == length - 2 &&
			      strncmp(r->name, word + 2, length - 2) == 0 :
			      word[0] == '-' && r->letter && word[1] == r->letter)
			return r;
	}
	return NULL;
}

/* "--name=VALUE", "-nVALUE", "-n=VALUE", or the next word: then NULL. */
static const char *value_in(const char *word)
{
	const char *equals = strchr(word, '=');

	if (str_has_prefix(word, "--"))
		return equals ? equals + 1 : NULL;
	if (!word[2])
		return NULL;
	return word[2] == '=' ? word + 3 : word + 2;
}

static int take(const struct option_rule *r, const char *value, struct connect_entry *e)
{
	int64_t n = 1;

	if (r->kind == TEXT)
		return str_copy((char *) e + r->offset, r->size, value) < 0 ? -EINVAL : 0;
	if (r->kind == NUMBER && (str_to_s64(value, &n) < 0 || n > UINT16_MAX))
		return -EINVAL;
	if (r->kind != LEFT_OUT && r->option < _CONNECT_OPTION_MAX)
		e->option[r->option] = n < 0 ? UNKNOWN_NUMBER : n;
	return 0;
}

#define LINE_SIZE 1024

int discovery_line(const char *line, struct connect_entry *ret)
{
	char text[LINE_SIZE], *rest = text, *word;
	struct connect_entry e;
	const char *value;
	int r;

	connect_entry_init(&e);
	if (str_copy(text, sizeof(text), line) < 0)
		return -EINVAL;
	text[strcspn(text, "#\n")] = '\0';
	while ((word = strsep(&rest, " \t\r"))) {
		const struct option_rule *rule = rule_of(word);

		if (!word[0])
			continue;
		if (!rule)
			return -EINVAL;
		value = value_in(word);
		while (rule->kind != NO_VALUE && (!value || !value[0]) && rest)
			value = strsep(&rest, " \t\r");
		if (rule->kind != NO_VALUE && (!value || !value[0]))
			return -EINVAL;
		r = take(rule, value, &e);
		if (r < 0)
			return r;
	}
	*ret = e;
	return e.transport[0] || e.traddr[0];
}

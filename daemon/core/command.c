/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/macro.h"
#include "command.h"

#define KIND_WORD_(suffix, word, node) word,
static const char *const kinds[] = {
	COMMAND_KINDS(KIND_WORD_)
};
DEFINE_TABLE(command_kind, enum command_kind, kinds)

#define STATE_WORD_(suffix, word) word,
static const char *const states[] = {
	NVMPATH_HELPER_STATES(STATE_WORD_)
};
DEFINE_TABLE(helper_state, enum helper_state, states)

#define KIND_NODE_(suffix, word, node) node,
bool command_has_node(enum command_kind kind)
{
	static const bool has[] = {
		COMMAND_KINDS(KIND_NODE_)
	};

	return (size_t) kind < ARRAY_SIZE(has) && has[kind];
}

static bool text_is_whole(const char *text, size_t size, uint32_t text_size)
{
	if (text_size != size || text_size > COMMAND_TEXT_MAX)
		return false;
	return !text_size || (text[text_size - 1] == '\0' &&
			      strlen(text) == text_size - 1);
}

/* 0xffffffff is all namespaces: never meant by us. */
static bool numbers_fit(const struct command *c)
{
	bool of_namespace = c->kind == COMMAND_ATTACH || c->kind == COMMAND_DETACH;

	if (!of_namespace)
		return !c->nsid && !c->cntlid;
	return c->nsid && c->nsid != UINT32_MAX && c->cntlid <= UINT16_MAX;
}

int command_check(const void *data, size_t size)
{
	const struct command *c = data;

	if (size < sizeof(*c) || c->magic != COMMAND_MAGIC ||
	    c->version != COMMAND_VERSION || c->kind >= _COMMAND_KIND_MAX)
		return -EPROTO;
	if (!text_is_whole(c->text, size - sizeof(*c), c->text_size) ||
	    (c->kind == COMMAND_USERS) != (c->text_size > 0))
		return -EPROTO;
	return numbers_fit(c) ? 0 : -EPROTO;
}

/* Linux' MAX_ERRNO: what a pointer may say instead of an address. */
#define ERRNO_MAX 4095

int answer_check(const void *data, size_t size, enum command_kind kind)
{
	const struct answer *a = data;

	if (size < sizeof(*a) || a->magic != COMMAND_MAGIC ||
	    a->version != COMMAND_VERSION || a->kind != (uint32_t) kind)
		return -EPROTO;
	if (a->result > 0 || a->result < -ERRNO_MAX || a->has_ns_management > 1)
		return -EPROTO;
	return text_is_whole(a->text, size - sizeof(*a), a->text_size) ? 0 : -EPROTO;
}

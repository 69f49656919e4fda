/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "options.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int suffix_shift(const char *suffix)
{
	static const char letters[] = "kmgt";
	const char *at;

	if (!*suffix)
		return 0;
	at = strchr(letters, tolower((unsigned char) *suffix));
	if (!at || suffix[1])
		return -EINVAL;
	return 10 * (int) (at - letters + 1);
}

int parse_size(const char *text, uint64_t *ret)
{
	unsigned long long v;
	char *end;
	int shift;

	if (!isdigit((unsigned char) *text))
		return -EINVAL;
	errno = 0;
	v = strtoull(text, &end, 10);
	if (errno)
		return -errno;
	shift = suffix_shift(end);
	if (shift < 0)
		return shift;
	if (v << shift >> shift != v)
		return -ERANGE;
	*ret = v << shift;
	return 0;
}

static int find_word(const char * const *words, int n, const char *word)
{
	for (int i = 0; i < n; i++)
		if (!strcmp(words[i], word))
			return i;
	return -EINVAL;
}

static const char * const modes[] = {
#define X(name, word) [MODE_##name] = word,
	LOAD_MODES(X)
#undef X
};

static const char * const engines[] = {
#define X(name, word) [ENGINE_##name] = word,
	LOAD_ENGINES(X)
#undef X
};

const char *load_mode_to_string(enum load_mode mode)
{
	return mode >= 0 && mode < _MODE_MAX ? modes[mode] : NULL;
}

enum load_mode load_mode_from_string(const char *word)
{
	return (enum load_mode) find_word(modes, _MODE_MAX, word);
}

const char *load_engine_to_string(enum load_engine engine)
{
	return engine >= 0 && engine < _ENGINE_MAX ? engines[engine] : NULL;
}

enum load_engine load_engine_from_string(const char *word)
{
	return (enum load_engine) find_word(engines, _ENGINE_MAX, word);
}

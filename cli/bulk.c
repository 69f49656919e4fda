/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Thousands of lines, so nothing is copied out of the text: each field is ended
 * where it stands, and the objects borrow it.
 */
#include "bulk.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "props.h"
#include "util.h"

#define FIRST_LINE "nvmpath-objects\t1\n"
#define COLUMNS_MAX 64
#define SEALS (F_SEAL_SHRINK | F_SEAL_WRITE)

/* What the last line of columns said of the lines that follow. */
struct section {
	enum object_kind kind;		/* _KIND_INVALID: not ours to know */
	bool escaped;			/* there is a backslash somewhere in the text */
	const struct prop *props[COLUMNS_MAX];	/* NULL: skipped */
	size_t n;
};

/* Ends the text at the next c and returns it; *rest is what follows, NULL: nothing does. */
static char *cut(char **rest, char c)
{
	char *text = *rest, *end = strchrnul(text, c);

	*rest = *end ? end + 1 : NULL;
	*end = '\0';
	return text;
}

/* Undoes \t, \n and \\ in place; a backslash at the end stands for itself. */
static char *unescape(char *text)
{
	char *to = strchr(text, '\\');

	for (const char *from = to; from && *from; from++) {
		if (*from != '\\' || !from[1])
			*to++ = *from;
		else if (*++from == 't')
			*to++ = '\t';
		else
			*to++ = *from == 'n' ? '\n' : *from;
	}
	if (to)
		*to = '\0';
	return text;
}

static char *plain(char *field, const struct section *section)
{
	return section->escaped ? unescape(field) : field;
}

/* What an object that borrows takes as it stands, another one copies. */
static int set_text(char **at, char *text, const struct object *o)
{
	if (!o->borrows)
		return *text ? prop_set_text(at, strdup(text)) : 0;
	*at = text;
	return 0;
}

static size_t count_words(const char *words)
{
	size_t n = !!*words;

	for (; *words; words++)
		n += *words == ' ';
	return n;
}

static int set_texts(char ***at, char *words, const struct section *section,
		     const struct object *o)
{
	size_t n = count_words(words);
	char **list;

	if (!n)
		return 0;
	list = calloc(n + 1, sizeof(*list));
	if (!list)
		return -ENOMEM;
	*at = list;	/* each column comes once: there is nothing in it */
	for (size_t i = 0; i < n; i++) {
		char *word = plain(cut(&words, ' '), section);

		list[i] = o->borrows ? word : strdup(word);
		if (!list[i])
			return -ENOMEM;
	}
	return 0;
}

static int read_signed(const char *text, int64_t *ret)
{
	char *end;

	errno = 0;
	*ret = strtoll(text, &end, 10);
	return *end || errno ? -EBADMSG : 0;
}

static int read_unsigned(const char *text, uint64_t *ret)
{
	char *end;

	errno = 0;
	*ret = strtoull(text, &end, 10);
	return *end || errno ? -EBADMSG : 0;
}

static int set_number(const char *text, enum prop_type type, void *at)
{
	int64_t v = *text - '0';
	int r = 0;

	if (!*text)
		return -EBADMSG;
	/* most of them are one digit */
	if (text[1] || v < 0 || v > 9)
		r = type == PROP_U64 ? read_unsigned(text, at) : read_signed(text, &v);
	else if (type == PROP_U64)
		*(uint64_t *) at = (uint64_t) v;
	if (r < 0 || type == PROP_U64)
		return r;
	if (type == PROP_BOOL)
		*(bool *) at = v;
	else if (type == PROP_U32)
		*(uint32_t *) at = (uint32_t) v;
	else if (type == PROP_I32)
		*(int32_t *) at = (int32_t) v;
	else
		*(int64_t *) at = v;
	return 0;
}

static int read_field(char *field, const struct prop *p, const struct section *section,
		      struct object *o)
{
	void *at = (char *) o + p->offset;

	if (prop_is_text(p->type))
		return set_text(at, plain(field, section), o);
	if (prop_is_list(p->type))
		return set_texts(at, field, section, o);
	return set_number(field, p->type, at);
}

/* The first column names the object: Name, or of a removal its number. */
static int name_object(char *first, const struct section *section, struct object *o)
{
	o->name = plain(first, section);
	if (!o->borrows)
		o->name = strdup(o->name);
	return o->name ? 0 : -ENOMEM;
}

static int read_fields(char *line, const struct section *section, struct object *o)
{
	char *field = cut(&line, '\t');
	int r = name_object(field, section, o);

	for (size_t i = 0; i < section->n && r >= 0; i++) {
		if (!field)
			return -EBADMSG;
		if (section->props[i])
			r = read_field(field, section->props[i], section, o);
		field = line ? cut(&line, '\t') : NULL;
	}
	return r;
}

static int read_object(char *line, const struct section *section, struct model *m)
{
	struct object *o;
	int r;

	if (section->kind < 0)
		return 0;
	o = object_new(section->kind);
	if (!o)
		return -ENOMEM;
	/* a removal is followed, and so read again */
	o->borrows = o->kind != KIND_REMOVAL;
	r = read_fields(line, section, o);
	if (r < 0) {
		(void) object_free(o);
		return r;
	}
	return model_add(m, o);
}

static enum object_kind kind_from_word(const char *word)
{
	for (int k = 0; k < KIND_MANAGER; k++)
		if (!strcmp(object_kind_to_string((enum object_kind) k), word))
			return (enum object_kind) k;
	return _KIND_INVALID;
}

/* A column that comes twice is skipped the second time. */
static bool has(const struct section *section, const struct prop *p)
{
	for (size_t i = 0; i < section->n; i++)
		if (section->props[i] == p)
			return true;
	return false;
}

/* "path\tName\tNamespace..." */
static int read_columns(char *line, struct section *section)
{
	section->kind = kind_from_word(cut(&line, '\t'));
	section->n = 0;
	if (section->kind < 0)
		return 0;
	while (line) {
		const struct prop *p = prop_find(kind_info(section->kind), cut(&line, '\t'));

		if (section->n == COLUMNS_MAX)
			return -EBADMSG;
		section->props[section->n] = p && !has(section, p) ? p : NULL;
		section->n++;
	}
	return 0;
}

static int read_lines(char *rest, struct model *m)
{
	struct section section = {
		.kind = _KIND_INVALID,
		.escaped = strchr(rest, '\\'),
	};
	int r = 0;

	while (*rest && r >= 0) {
		char *line = cut(&rest, '\n');

		if (*line == '#')
			r = read_columns(line + 1, &section);
		else
			r = read_object(line, &section, m);
	}
	return r;
}

int bulk_parse(char *take_text, struct model *m)
{
	size_t size = strlen(take_text);
	int r;

	if (strncmp(take_text, FIRST_LINE, strlen(FIRST_LINE))) {
		free(take_text);
		return -EPROTONOSUPPORT;
	}
	m->text = take_text;
	if (take_text[size - 1] != '\n')
		return -EBADMSG;
	r = read_lines(take_text + strlen(FIRST_LINE), m);
	return r < 0 ? r : model_finish(m);
}

static int read_all(int fd, size_t size, char *text)
{
	size_t used = 0;

	while (used < size) {
		ssize_t n = pread(fd, text + used, size - used, (off_t) used);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EBADMSG;
		used += (size_t) n;
	}
	text[size] = '\0';
	return strlen(text) == size ? 0 : -EBADMSG;
}

int bulk_read(int fd, struct model *m)
{
	int seals = fcntl(fd, F_GET_SEALS), r;
	struct stat st;
	char *text;

	/* else somebody may still be writing it */
	if (seals < 0 || (seals & SEALS) != SEALS)
		return -EINVAL;
	if (fstat(fd, &st) < 0)
		return -errno;
	text = malloc((size_t) st.st_size + 1);
	if (!text)
		return -ENOMEM;
	r = read_all(fd, (size_t) st.st_size, text);
	if (r < 0) {
		free(text);
		return r;
	}
	return bulk_parse(text, m);
}

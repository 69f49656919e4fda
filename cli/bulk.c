/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "bulk.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <systemd/sd-bus.h>

#include "props.h"
#include "util.h"

#define FIRST_LINE "nvmpath-objects\t1\n"
#define COLUMNS_MAX 64
#define NUMBER_SIZE 24
#define SEALS (F_SEAL_SHRINK | F_SEAL_WRITE)

/* A part of the text; what cuts it off is not in it. */
struct span {
	const char *at;
	size_t n;
};

/* What the last line of columns said of the lines that follow. */
struct section {
	enum object_kind kind;		/* _KIND_INVALID: not ours to know */
	const struct prop *props[COLUMNS_MAX];	/* NULL: skipped */
	size_t n;
};

/* Cuts off what is before the next c, or all there is. */
static struct span cut(struct span *rest, char c)
{
	const char *end = memchr(rest->at, c, rest->n);
	size_t n = end ? (size_t) (end - rest->at) : rest->n;
	struct span s = { .at = rest->at, .n = n };

	rest->at += n + !!end;
	rest->n -= n + !!end;
	return s;
}

static char *unescape(struct span s)
{
	char *text = strndup(s.at, s.n), *to;

	if (!text || !memchr(s.at, '\\', s.n))
		return text;
	to = text;
	for (const char *from = text; *from; from++) {
		if (*from != '\\' || !from[1])
			*to++ = *from;
		else if (*++from == 't')
			*to++ = '\t';
		else
			*to++ = *from == 'n' ? '\n' : *from;
	}
	*to = '\0';
	return text;
}

static int replace_text(char **at, struct span s)
{
	char *text;

	if (!s.n && !**at)
		return 0;
	text = unescape(s);
	if (!text)
		return -ENOMEM;
	free(*at);
	*at = text;
	return 0;
}

static size_t count_words(struct span s)
{
	size_t n = !!s.n;

	for (size_t i = 0; i < s.n; i++)
		n += s.at[i] == ' ';
	return n;
}

static int replace_texts(char ***at, struct span s)
{
	size_t n = count_words(s);
	char **list;

	if (!n)
		return 0;
	list = calloc(n + 1, sizeof(*list));
	if (!list)
		return -ENOMEM;
	free(*at);	/* each column comes once: there is nothing in it */
	*at = list;
	for (size_t i = 0; i < n; i++) {
		list[i] = unescape(cut(&s, ' '));
		if (!list[i])
			return -ENOMEM;
	}
	return 0;
}

static int read_number(struct span s, enum prop_type type, void *at)
{
	char text[NUMBER_SIZE], *end;
	int64_t v;

	if (!s.n || s.n >= sizeof(text))
		return -EBADMSG;
	memcpy(text, s.at, s.n);
	text[s.n] = '\0';
	errno = 0;
	if (type == PROP_U64) {
		*(uint64_t *) at = strtoull(text, &end, 10);
		return *end || errno ? -EBADMSG : 0;
	}
	v = strtoll(text, &end, 10);
	if (*end || errno)
		return -EBADMSG;
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

static int read_field(struct span s, const struct prop *p, struct object *o)
{
	void *at = (char *) o + p->offset;

	if (prop_is_text(p->type))
		return replace_text(at, s);
	if (prop_is_list(p->type))
		return replace_texts(at, s);
	return read_number(s, p->type, at);
}

/* The first column names the object, and with its kind its place on the bus. */
static int name_object(struct span s, struct object *o)
{
	o->name = unescape(s);
	if (!o->name)
		return -ENOMEM;
	return sd_bus_path_encode(kind_info(o->kind)->prefix, o->name, &o->bus_path);
}

static int read_fields(struct span line, const struct section *section, struct object *o)
{
	struct span rest = line;
	int r = name_object(cut(&rest, '\t'), o);

	rest = line;
	for (size_t i = 0; i < section->n && r >= 0; i++) {
		struct span s = cut(&rest, '\t');

		if (section->props[i])
			r = read_field(s, section->props[i], o);
	}
	return r;
}

static int read_object(struct span line, const struct section *section, struct model *m)
{
	struct object *o;
	int r;

	if (section->kind < 0)
		return 0;
	o = object_new(section->kind);
	if (!o)
		return -ENOMEM;
	r = read_fields(line, section, o);
	if (r < 0) {
		(void) object_free(o);
		return r;
	}
	return model_add(m, o);
}

static enum object_kind kind_from_word(struct span s)
{
	for (int k = 0; k < KIND_MANAGER; k++) {
		const char *word = object_kind_to_string((enum object_kind) k);

		if (strlen(word) == s.n && !memcmp(word, s.at, s.n))
			return (enum object_kind) k;
	}
	return _KIND_INVALID;
}

static const struct prop *prop_from_word(enum object_kind kind, struct span s)
{
	_cleanup_free_ char *word = strndup(s.at, s.n);

	return word ? prop_find(kind_info(kind), word) : NULL;
}

/* A column that comes twice is skipped the second time. */
static bool has(const struct section *section, const struct prop *p)
{
	for (size_t i = 0; i < section->n; i++)
		if (section->props[i] == p)
			return true;
	return false;
}

/* "#path\tName\tNamespace...", without the # */
static int read_columns(struct span line, struct section *section)
{
	*section = (struct section) { .kind = kind_from_word(cut(&line, '\t')) };
	if (section->kind < 0)
		return 0;
	while (line.n) {
		const struct prop *p = prop_from_word(section->kind, cut(&line, '\t'));

		if (section->n == COLUMNS_MAX)
			return -EBADMSG;
		section->props[section->n] = p && !has(section, p) ? p : NULL;
		section->n++;
	}
	return 0;
}

int bulk_parse(const char *text, size_t size, struct model *m)
{
	struct section section = { .kind = _KIND_INVALID };
	struct span rest = { .at = text, .n = size };
	int r = 0;

	if (size < strlen(FIRST_LINE) || memcmp(text, FIRST_LINE, strlen(FIRST_LINE)))
		return -EPROTONOSUPPORT;
	if (text[size - 1] != '\n')
		return -EBADMSG;
	(void) cut(&rest, '\n');
	while (rest.n && r >= 0) {
		struct span line = cut(&rest, '\n');

		if (line.n && line.at[0] == '#') {
			(void) cut(&line, '#');
			r = read_columns(line, &section);
		} else {
			r = read_object(line, &section, m);
		}
	}
	if (r >= 0)
		model_finish(m);
	return r;
}

int bulk_read(int fd, struct model *m)
{
	int seals = fcntl(fd, F_GET_SEALS), r;
	struct stat st;
	char *text;

	/* one that shrinks under us would end us */
	if (seals < 0 || (seals & SEALS) != SEALS)
		return -EINVAL;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (!st.st_size)
		return -EPROTONOSUPPORT;
	text = mmap(NULL, (size_t) st.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	if (text == MAP_FAILED)
		return -errno;
	r = bulk_parse(text, (size_t) st.st_size, m);
	(void) munmap(text, (size_t) st.st_size);
	return r;
}

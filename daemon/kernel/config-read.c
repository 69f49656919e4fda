/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>
#include <libeconf.h>
#include <libeconf_ext.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "config-read.h"

/* Each file by itself: merged, libeconf forgets where a key came from. */
struct files {
	econf_file **v;
	size_t n;
};

static void files_done(struct files *f)
{
	for (size_t i = 0; i < f->n; i++)
		econf_free(f->v[i]);
	free(f->v);
}

static char **strings_free(char **s)
{
	econf_free(s);
	return NULL;
}
DEFINE_CLEANUP(char **, strings_free)

/* libeconf may give a section with its brackets. */
static void section_name(const char *group, char *dst, size_t size)
{
	size_t n;

	(void) str_copy(dst, size, group[0] == '[' ? group + 1 : group);
	n = strlen(dst);
	if (group[0] == '[' && n && dst[n - 1] == ']')
		dst[n - 1] = '\0';
}

static int say_key(char message[CONFIG_MESSAGE_SIZE], int r, const econf_ext_value *v,
		   const char *section, const char *key, const char *what)
{
	(void) snprintf(message, CONFIG_MESSAGE_SIZE, "%s:%" PRIu64 ": [%s] %s: %s",
			v->file ? v->file : "?", v->line_number, section, key,
			r == -ENOENT ? "unknown" : "bad value");
	str_append(message, CONFIG_MESSAGE_SIZE, "; %s", what);
	return r;
}

static int take_key(econf_file *f, const char *group, const char *key,
		    struct settings *s, char message[CONFIG_MESSAGE_SIZE])
{
	char what[SETTINGS_MESSAGE_SIZE] = "", section[NQN_SIZE + 32];
	econf_ext_value *v = NULL;
	const char *value;
	int r;

	if (econf_getExtValue(f, group, key, &v) != ECONF_SUCCESS || !v) {
		(void) snprintf(message, CONFIG_MESSAGE_SIZE, "[%s] %s cannot be read",
				group ? group : "", key);
		return -EIO;
	}
	section_name(group ? group : "", section, sizeof(section));
	value = v->values && v->values[0] ? v->values[0] : "";
	r = settings_set(s, section, key, value, what);
	if (r < 0)
		r = say_key(message, r, v, section, key, what);
	econf_freeExtValue(v);
	return r;
}

static int take_group(econf_file *f, const char *group, struct settings *s,
		      char message[CONFIG_MESSAGE_SIZE])
{
	_cleanup_(strings_freep) char **keys = NULL;
	size_t n = 0;
	int r = 0;

	if (econf_getKeys(f, group, &n, &keys) != ECONF_SUCCESS)
		return 0;	/* a section without any */
	for (size_t i = 0; r >= 0 && i < n; i++)
		r = take_key(f, group, keys[i], s, message);
	return r;
}

static int take_all(econf_file *f, struct settings *s,
		    char message[CONFIG_MESSAGE_SIZE])
{
	_cleanup_(strings_freep) char **groups = NULL;
	size_t n = 0;
	int r = take_group(f, NULL, s, message);

	if (r < 0 || econf_getGroups(f, &n, &groups) != ECONF_SUCCESS)
		return r;
	for (size_t i = 0; r >= 0 && i < n; i++)
		r = take_group(f, groups[i], s, message);
	return r;
}

static int say_malformed(char message[CONFIG_MESSAGE_SIZE], econf_err e)
{
	char *file = NULL;
	uint64_t line = 0;

	econf_errLocation(&file, &line);
	(void) snprintf(message, CONFIG_MESSAGE_SIZE, "%s:%" PRIu64 ": %s",
			file ? file : "?", line, econf_errString(e));
	free(file);
	return -EBADMSG;
}

int config_read(const char *root, struct settings *ret,
		char message[CONFIG_MESSAGE_SIZE])
{
	_cleanup_(files_done) struct files files = {};
	char usr[PATH_MAX], etc[PATH_MAX];
	struct settings s;
	econf_err e;
	int r = 0;

	if ((size_t) snprintf(usr, sizeof(usr), "%s/usr/lib/nvmpath", root) >= sizeof(usr) ||
	    (size_t) snprintf(etc, sizeof(etc), "%s/etc/nvmpath", root) >= sizeof(etc))
		return -ENAMETOOLONG;
	settings_init(&s);
	e = econf_readDirsHistory(&files.v, &files.n, usr, etc, "nvmpathd", "conf",
				  "=", "#");
	if (e == ECONF_NOFILE) {
		*ret = s;
		return 0;
	}
	if (e != ECONF_SUCCESS)
		return say_malformed(message, e);
	for (size_t i = 0; r >= 0 && i < files.n; i++)
		r = take_all(files.v[i], &s, message);
	if (r < 0) {
		settings_done(&s);
		return r;
	}
	*ret = s;
	return 0;
}

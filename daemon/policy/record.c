/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "record.h"

#define SUFFIX ".json"

void record_add_text(struct json_object *o, const char *key, const char *v)
{
	json_object_object_add(o, key, json_object_new_string(v));
}

void record_add_number(struct json_object *o, const char *key, int64_t v)
{
	json_object_object_add(o, key, json_object_new_int64(v));
}

const char *record_text(struct json_object *o, const char *key)
{
	struct json_object *v = NULL;

	if (!json_object_object_get_ex(o, key, &v) ||
	    !json_object_is_type(v, json_type_string))
		return "";
	return json_object_get_string(v);
}

int64_t record_number(struct json_object *o, const char *key, int64_t fallback)
{
	struct json_object *v = NULL;

	if (!json_object_object_get_ex(o, key, &v) ||
	    !json_object_is_type(v, json_type_int))
		return fallback;
	return json_object_get_int64(v);
}

static int write_all(const char *path, const char *text)
{
	_cleanup_close_ int fd = -EBADF;
	size_t len = strlen(text);

	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	while (len) {
		ssize_t n = write(fd, text, len);

		if (n < 0)
			return -errno;
		text += n;
		len -= (size_t) n;
	}
	return 0;
}

int record_save(const char *dir, const char *name, const char *boot_id,
		struct json_object *o)
{
	char path[PATH_MAX], temporary[PATH_MAX];
	const char *text;
	int r;

	record_add_text(o, "boot_id", boot_id);
	record_add_number(o, "version", RECORD_VERSION);
	text = json_object_to_json_string_ext(o, JSON_C_TO_STRING_PRETTY);
	if (!text)
		return -ENOMEM;
	if ((size_t) snprintf(path, sizeof(path), "%s/%s", dir, name) >= sizeof(path) ||
	    (size_t) snprintf(temporary, sizeof(temporary), "%s/.%s", dir, name) >=
	    sizeof(temporary))
		return -ENAMETOOLONG;
	r = write_all(temporary, text);
	if (r < 0)
		return r;
	return rename(temporary, path) < 0 ? -errno : 0;
}

void record_remove(const char *dir, const char *name)
{
	char path[PATH_MAX];

	if ((size_t) snprintf(path, sizeof(path), "%s/%s", dir, name) >= sizeof(path))
		return;
	if (unlink(path) < 0 && errno != ENOENT)
		(void) log_warning_errno(errno, "Failed to remove %s, ignoring: %m", path);
}

static bool has_suffix(const char *s, const char *suffix)
{
	size_t n = strlen(s), k = strlen(suffix);

	return n >= k && str_equal(s + n - k, suffix);
}

static void load_one(const char *dir, const char *name, const char *boot_id,
		     record_func_t func, void *userdata)
{
	_cleanup_(json_freep) struct json_object *o = NULL;
	char path[PATH_MAX];

	if ((size_t) snprintf(path, sizeof(path), "%s/%s", dir, name) >= sizeof(path))
		return;
	o = json_object_from_file(path);
	if (!json_object_is_type(o, json_type_object)) {
		log_warning("Cannot read %s, leaving it alone: what it held, release by hand", path);
		return;
	}
	if (!str_equal(record_text(o, "boot_id"), boot_id)) {
		record_remove(dir, name);
		return;
	}
	if (record_number(o, "version", RECORD_VERSION) > RECORD_VERSION) {
		log_warning("%s is of a newer nvmpathd, leaving it alone: what it held, release by hand",
			    path);
		return;
	}
	func(userdata, name, o);
}

/* 0 where the name is not PREFIX N.json. */
static uint32_t number_of(const char *name, const char *prefix)
{
	size_t n = strlen(prefix);
	char digits[16];
	uint64_t number;

	if (!str_has_prefix(name, prefix) || !has_suffix(name + n, SUFFIX) ||
	    strlen(name + n) - strlen(SUFFIX) >= sizeof(digits))
		return 0;
	(void) snprintf(digits, sizeof(digits), "%.*s",
			(int) (strlen(name + n) - strlen(SUFFIX)), name + n);
	return str_to_u64(digits, &number) >= 0 && number < UINT32_MAX ? (uint32_t) number : 0;
}

uint32_t record_highest(const char *dir, const char *prefix)
{
	DIR *d = opendir(dir);
	uint32_t highest = 0;
	struct dirent *e;

	while (d && (e = readdir(d))) {
		uint32_t n = number_of(e->d_name, prefix);

		if (n > highest)
			highest = n;
	}
	if (d)
		closedir(d);
	return highest;
}

int record_each(const char *dir, const char *prefix, const char *boot_id,
		record_func_t func, void *userdata)
{
	struct dirent **list;
	int n = scandir(dir, &list, NULL, versionsort);

	if (n < 0)
		return errno == ENOENT ? 0 : -errno;
	for (int i = 0; i < n; i++) {
		const char *name = list[i]->d_name;

		if (str_has_prefix(name, prefix) && has_suffix(name, SUFFIX))
			load_one(dir, name, boot_id, func, userdata);
		free(list[i]);
	}
	free(list);
	return 0;
}

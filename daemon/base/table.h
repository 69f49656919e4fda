/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * String tables beside enums. An enum whose words come from an X-list gets
 * NAME_to_string() and NAME_from_string() by one line each in header and
 * source.
 */
#ifndef NVMPATH_BASE_TABLE_H
#define NVMPATH_BASE_TABLE_H

#include <errno.h>
#include <stddef.h>
#include <string.h>

/* NULL where @i is no member; the string is static. */
static inline const char *table_get(const char *const *table, size_t n, int i)
{
	return i >= 0 && (size_t) i < n ? table[i] : NULL;
}

/* The index, or -EINVAL where no entry reads @s or @s is NULL. */
static inline int table_find(const char *const *table, size_t n, const char *s)
{
	for (size_t i = 0; s && i < n; i++)
		if (table[i] && strcmp(table[i], s) == 0)
			return (int) i;
	return -EINVAL;
}

#define DECLARE_TABLE(name, type)				\
	const char *name##_to_string(type v);			\
	type name##_from_string(const char *s)

#define DEFINE_TABLE(name, type, table)				\
	const char *name##_to_string(type v)			\
	{							\
		return table_get(table, sizeof(table) /		\
				 sizeof((table)[0]), (int) v);	\
	}							\
	type name##_from_string(const char *s)			\
	{							\
		return (type) table_find(table, sizeof(table) /	\
					 sizeof((table)[0]), s);\
	}

#endif

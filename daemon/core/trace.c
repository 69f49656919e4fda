/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/str.h"
#include "hint.h"

#define PAGE_HEADER	16		/* time stamp, commit; both 64 bits */
#define COMMIT_MASK	0xfffffU	/* ring_buffer.c: the length proper */
#define MISSED_EVENTS	(1U << 31)

#define TYPE_DATA_MAX	28
#define TYPE_PADDING	29
#define TYPE_EXTEND	30
#define TYPE_STAMP	31

static uint32_t get_u32(const unsigned char *p)
{
	return (uint32_t) p[0] | (uint32_t) p[1] << 8 | (uint32_t) p[2] << 16 |
	       (uint32_t) p[3] << 24;
}

/* "key:NUMBER;" in one line of the format file */
static int number_after(const char *line, const char *key, uint32_t *ret)
{
	const char *at = strstr(line, key);
	uint32_t v = 0;
	bool any = false;

	if (!at)
		return -EINVAL;
	for (at += strlen(key); *at >= '0' && *at <= '9' && v < 65536; at++, any = true)
		v = v * 10 + (uint32_t) (*at - '0');
	if (!any || *at != ';')
		return -EINVAL;
	*ret = v;
	return 0;
}

/* "	field:int ctrl_id;	offset:8;	size:4;	signed:1;" */
static int field_offset(const char *text, const char *name, uint32_t *ret)
{
	const char *at = strstr(text, name), *end;
	char line[128];
	uint32_t size;
	size_t n;

	if (!at)
		return -EINVAL;
	end = strchr(at, '\n');
	n = end ? (size_t) (end - at) : strlen(at);
	if (n >= sizeof(line))
		return -EINVAL;
	memcpy(line, at, n);
	line[n] = '\0';
	if (number_after(line, "size:", &size) < 0 || size != 4)
		return -EINVAL;
	return number_after(line, "offset:", ret);
}

int trace_format_parse(const char *text, struct trace_format *ret)
{
	struct trace_format f;
	const char *id = strstr(text, "ID: ");
	uint32_t v = 0;

	if (!id || field_offset(text, " ctrl_id;", &f.ctrl_id_offset) < 0 ||
	    field_offset(text, " result;", &f.result_offset) < 0)
		return -EINVAL;
	for (id += strlen("ID: "); *id >= '0' && *id <= '9' && v <= UINT16_MAX; id++)
		v = v * 10 + (uint32_t) (*id - '0');
	if (!v || v > UINT16_MAX)
		return -EINVAL;
	f.id = (uint16_t) v;
	*ret = f;
	return 0;
}

static void take_record(const struct trace_format *f, const unsigned char *data,
			size_t size, trace_func_t func, void *userdata)
{
	if (size < 4 || (uint16_t) (data[0] | data[1] << 8) != f->id ||
	    size < (size_t) f->ctrl_id_offset + 4 ||
	    size < (size_t) f->result_offset + 4)
		return;
	func(userdata, (int32_t) get_u32(data + f->ctrl_id_offset),
	     get_u32(data + f->result_offset));
}

/*
 * One event at @p with @left bytes from there. Returns its length; 0: nothing
 * follows; -EBADMSG.
 */
static long event_length(const unsigned char *p, size_t left, size_t *header)
{
	uint32_t word = get_u32(p), type = word & 31, n;

	*header = 4;
	if (type >= 1 && type <= TYPE_DATA_MAX)
		return 4 + (long) type * 4;
	if (type == TYPE_EXTEND || type == TYPE_STAMP)
		return 8;
	if (left < 8)
		return type == TYPE_PADDING ? 0 : -EBADMSG;
	n = get_u32(p + 4);
	if (type == TYPE_PADDING)
		return word >> 5 ? 4 + (long) n : 0;
	*header = 8;	/* the length stands in a word of its own, and counts it */
	return n < 4 ? -EBADMSG : 4 + (long) n;
}

int trace_page_decode(const struct trace_format *f, const void *page, size_t size,
		      trace_func_t func, void *userdata)
{
	const unsigned char *p = page;
	size_t left, header;
	uint32_t commit;

	if (size < PAGE_HEADER)
		return -EBADMSG;
	commit = get_u32(p + 8);
	left = commit & COMMIT_MASK;
	if (left > size - PAGE_HEADER)
		return -EBADMSG;
	p += PAGE_HEADER;
	while (left >= 4) {
		long length = event_length(p, left, &header);
		uint32_t type = get_u32(p) & 31;

		if (length == 0)
			break;
		if (length < 0 || (size_t) length > left)
			return -EBADMSG;
		if (type <= TYPE_DATA_MAX)
			take_record(f, p + header, (size_t) length - header, func, userdata);
		p += length;
		left -= (size_t) length;
	}
	return commit & MISSED_EVENTS ? 1 : 0;
}

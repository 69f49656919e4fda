/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Decoding of events. An event is a reason to look, nothing more: what comes
 * out is where to look. Input may be anything: every function takes bytes of
 * any content and length.
 */
#ifndef NVMPATH_CORE_HINT_H
#define NVMPATH_CORE_HINT_H

#include "model.h"

enum hint_kind {
	HINT_NONE,		/* not about NVMe, or nothing that we show */
	HINT_ALL,		/* objects came or went, or it cannot be told */
	HINT_CONTROLLER,	/* its state, and that of its paths */
	HINT_PATH,		/* one path's state */
};

struct hint {
	enum hint_kind kind;
	char name[NAME_SIZE];	/* kernel name; "" for HINT_ALL */
	uint32_t ana_group;	/* HINT_CONTROLLER: of its paths, only these; 0 all */
	/*
	 * The event came before the kernel knew the new state itself: look
	 * again for a while.
	 */
	bool early;
	/* The kernel tells of paths, ANA and controllers (NVME_SEQ). */
	bool tells_all;
};

/*
 * One message of the kernel's uevent socket: "ACTION@DEVPATH", then KEY=VALUE,
 * each ended by a NUL. The keys are those of docs/kernel-abi.md.
 */
void uevent_hint(const char *data, size_t size, struct hint *ret);

/* nvme:nvme_async_event: @result is dword 0 of the completion. */
void async_event_hint(int32_t ctrl_id, uint32_t result, struct hint *ret);

/* Where a trace record has what, from the event's files "id" and "format". */
struct trace_format {
	uint16_t id;
	uint32_t ctrl_id_offset;
	uint32_t result_offset;
};

/* -EINVAL: no such fields, or not of four bytes each. @text is the format file. */
int trace_format_parse(const char *text, struct trace_format *ret);

typedef void (*trace_func_t)(void *userdata, int32_t ctrl_id, uint32_t result);

/*
 * Calls @func for each record of that event in one sub-buffer as
 * trace_pipe_raw gives it (little endian; kernel/trace/ring_buffer.c). Returns
 * 0; 1: events were lost before it; -EBADMSG: malformed, what was told before
 * stands.
 */
int trace_page_decode(const struct trace_format *f, const void *page, size_t size,
		      trace_func_t func, void *userdata);

/*
 * One line of a recording: "uevent", "trace" or "overrun", then its fields,
 * separated by tabs:
 *	uevent	ACTION@DEVPATH	KEY=VALUE...
 *	trace	CONTROLLER-NUMBER	RESULT
 *	overrun
 * Empty lines and those that begin with # are HINT_NONE. -EINVAL otherwise.
 */
int recording_hint(const char *line, struct hint *ret);

#endif

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef NVMPATH_LOAD_OPTIONS_H
#define NVMPATH_LOAD_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * NORMAL	plain O_DIRECT
 * NOWAIT	RWF_NOWAIT on each I/O; EAGAIN is tried again and counted apart
 * POLLED	completions are polled for (IORING_SETUP_IOPOLL, RWF_HIPRI)
 */
#define LOAD_MODES(X)		\
	X(NORMAL, "normal")	\
	X(NOWAIT, "nowait")	\
	X(POLLED, "polled")

enum load_mode {
#define X(name, word) MODE_##name,
	LOAD_MODES(X)
#undef X
	_MODE_MAX,
	_MODE_INVALID = -22,
};

/*
 * URING	--depth I/Os in flight a thread. io_uring submits each bio with
 *		REQ_NOWAIT first and from a kernel thread if that would block.
 * SYNC		preadv2 and pwritev2, one I/O a thread: bios that may block.
 */
#define LOAD_ENGINES(X)		\
	X(URING, "uring")	\
	X(SYNC, "sync")

enum load_engine {
#define X(name, word) ENGINE_##name,
	LOAD_ENGINES(X)
#undef X
	_ENGINE_MAX,
	_ENGINE_INVALID = -22,
};

struct load_options {
	const char *file;
	const char *until;		/* ends the run when it appears, or NULL */
	uint64_t secs;			/* 0: no end but --until or a signal */
	uint64_t offset_bytes;
	uint64_t size_bytes;		/* 0: to the end of the device */
	uint64_t block_bytes;
	uint64_t threads;
	uint64_t depth;
	uint64_t write_percent;
	uint64_t error_backoff_usec;
	uint64_t eagain_backoff_usec;
	uint64_t drain_timeout_secs;	/* for what is in flight at the end */
	uint64_t seed;
	enum load_mode mode;
	enum load_engine engine;
	bool buffered;			/* no O_DIRECT: for tests on plain files */
	bool fill;
	bool verify;
	bool json;
	bool progress;
};

/* 1: help or version was asked for and printed; -EINVAL: said on stderr. */
int options_parse(int argc, char *argv[], struct load_options *ret);

/* "4096", "4k", "64M", "1g"; -EINVAL, -ERANGE. */
int parse_size(const char *text, uint64_t *ret);

const char *load_mode_to_string(enum load_mode mode);
enum load_mode load_mode_from_string(const char *word);
const char *load_engine_to_string(enum load_engine engine);
enum load_engine load_engine_from_string(const char *word);

#endif

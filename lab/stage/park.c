/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <fcntl.h>
#include <linux/nvme_ioctl.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "stage.h"

#define PARK_LIMIT_MS 5000	/* the fault comes within milliseconds, or not at all */
#define LOOK_USEC 20000

struct parked {
	int device;
	struct nvme_passthru_cmd *command;
	int result;		/* of the ioctl: status of the device, or negative errno */
};

static void *parked_run(void *arg)
{
	struct parked *p = arg;

	p->result = ioctl(p->device, NVME_IOCTL_IO_CMD, p->command);
	if (p->result < 0)
		p->result = -errno;
	return NULL;
}

/* A page whose first use waits until page_provide(). */
static int page_missing(size_t bytes, void **ret_page)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register reg = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	int fd = (int) syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	void *page;

	if (fd < 0)
		return -errno;
	page = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED)
		return -errno;
	reg.range.start = (uintptr_t) page;
	reg.range.len = bytes;
	if (ioctl(fd, UFFDIO_API, &api) < 0 || ioctl(fd, UFFDIO_REGISTER, &reg) < 0)
		return -errno;
	*ret_page = page;
	return fd;
}

static int wait_for_fault(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	struct uffd_msg msg;

	if (poll(&p, 1, PARK_LIMIT_MS) != 1)
		return -ETIMEDOUT;
	if (read(fd, &msg, sizeof(msg)) != sizeof(msg))
		return -EIO;
	return msg.event == UFFD_EVENT_PAGEFAULT ? 0 : -EPROTO;
}

static int page_provide(int fd, void *page, size_t bytes)
{
	struct uffdio_zeropage zero = {
		.range = { .start = (uintptr_t) page, .len = bytes },
	};

	return ioctl(fd, UFFDIO_ZEROPAGE, &zero) < 0 ? -errno : 0;
}

static int run(struct parked *p, int fd, void *page, size_t bytes, const char *until)
{
	pthread_t thread;
	int r, provided;

	r = -pthread_create(&thread, NULL, parked_run, p);
	if (r < 0)
		return r;
	r = wait_for_fault(fd);
	if (r == 0) {
		puts("parked");
		while (access(until, F_OK) < 0)
			(void) usleep(LOOK_USEC);
	}
	provided = page_provide(fd, page, bytes);
	/* Without the page the thread waits for ever; exiting ends it. */
	if (provided < 0)
		return r < 0 ? r : provided;
	(void) pthread_join(thread, NULL);
	printf("went on, and ended with %d\n", p->result);
	return r;
}

int park(const char *device, uint32_t nsid, enum park_what what, const char *until)
{
	size_t bytes = (size_t) sysconf(_SC_PAGESIZE);
	struct nvme_passthru_cmd command = {
		.opcode = 0x02,		/* Read, NVM Command Set: one block, from 0 */
		.nsid = nsid,
		.data_len = 512,
	};
	struct parked p = { .command = &command };
	void *page = NULL;
	int fd;

	p.device = open(device, O_RDONLY | O_CLOEXEC);
	if (p.device < 0)
		return -errno;
	fd = page_missing(bytes, &page);
	if (fd < 0)
		return fd;
	if (what == PARK_COMMAND)
		p.command = page;
	else
		command.addr = (uintptr_t) page;
	return run(&p, fd, page, bytes, until);
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include <libnvme.h>

#include "base/str.h"
#include "nvmelib.h"
#include "sysfs.h"

/* Status Code Type 1 (command specific) over its code. */
#define SCT_COMMAND		0x100
#define STATUS_MASK		0x7ff

/* libnvme: 0, an NVMe status above 0, or -1 with errno. */
static int command_result(int status, const char *what, char *detail)
{
	int error = errno;

	if (status == 0)
		return 0;
	if (status < 0) {
		(void) snprintf(detail, DETAIL_SIZE, "%s: %s", what, strerror(error));
		return error ? -error : -EIO;
	}
	(void) snprintf(detail, DETAIL_SIZE, "%s: %s", what,
			nvme_status_to_string(status, false));
	return -EIO;
}

int nvmelib_identify(int fd, struct identity *ret, char *detail)
{
	_cleanup_free_ struct nvme_id_ctrl *id = NULL;
	struct nvme_identify_args args = {
		.args_size = sizeof(args),
		.fd = fd,
		.timeout = NVMELIB_TIMEOUT_MS,
		.cns = NVME_IDENTIFY_CNS_CTRL,
	};
	int r;

	if (posix_memalign((void **) &id, 4096, sizeof(*id)))
		return -ENOMEM;
	args.data = id;
	r = command_result(nvme_identify(&args), "Identify Controller", detail);
	if (r < 0)
		return r;
	ret->has_ns_management = le16toh(id->oacs) & NVME_CTRL_OACS_NS_MGMT;
	ret->anatt_secs = id->cmic & NVME_CTRL_CMIC_MULTI_ANA_REPORTING ? id->anatt : 0;
	return 0;
}

static int attachment(int fd, uint16_t cntlid, uint32_t nsid,
		      enum nvme_ns_attach_sel sel, char *detail)
{
	struct nvme_ctrl_list list;
	struct nvme_ns_attach_args args = {
		.ctrlist = &list,
		.args_size = sizeof(args),
		.fd = fd,
		.timeout = NVMELIB_TIMEOUT_MS,
		.nsid = nsid,
		.sel = sel,
	};
	bool attach = sel == NVME_NS_ATTACH_SEL_CTRL_ATTACH;
	int done = SCT_COMMAND | (attach ? NVME_SC_NS_ALREADY_ATTACHED :
				  NVME_SC_NS_NOT_ATTACHED);
	int status;

	nvme_init_ctrl_list(&list, 1, &cntlid);
	status = nvme_ns_attach(&args);
	if (status > 0 && (status & STATUS_MASK) == done)
		return 0;
	return command_result(status, attach ? "attaching the namespace" :
			      "detaching the namespace", detail);
}

int nvmelib_attach(int fd, uint16_t cntlid, uint32_t nsid, char *detail)
{
	return attachment(fd, cntlid, nsid, NVME_NS_ATTACH_SEL_CTRL_ATTACH, detail);
}

int nvmelib_detach(int fd, uint16_t cntlid, uint32_t nsid, char *detail)
{
	return attachment(fd, cntlid, nsid, NVME_NS_ATTACH_SEL_CTRL_DEATTACH, detail);
}

int nvmelib_rescan(int fd)
{
	return nvme_ns_rescan(fd) < 0 ? -errno : 0;
}

static const char *or_null(const char *s)
{
	return s[0] && !str_equal(s, "none") ? s : NULL;
}

/* Of the queues that sysfs counts one is the admin queue; these are of a kind. */
static int io_queues(const struct connection *c)
{
	int64_t n = c->queue_count - 1;

	for (int i = CONNECT_WRITE_QUEUES; i <= CONNECT_POLL_QUEUES; i++)
		n -= c->option[i] > 0 ? c->option[i] : 0;
	return n > 0 ? (int) n : 0;
}

static void fill_config(const struct connection *c, struct nvme_fabrics_config *cfg)
{
	const int64_t *option = c->option;

	nvmf_default_config(cfg);
	cfg->ctrl_loss_tmo = (int) c->ctrl_loss_tmo;
	if (c->reconnect_delay > 0)
		cfg->reconnect_delay = (int) c->reconnect_delay;
	if (c->fast_io_fail_tmo > 0)
		cfg->fast_io_fail_tmo = (int) c->fast_io_fail_tmo;
	if (c->keep_alive_tmo > 0)
		cfg->keep_alive_tmo = (int) c->keep_alive_tmo;
	if (io_queues(c))
		cfg->nr_io_queues = io_queues(c);
	if (c->queue_size > 1)
		cfg->queue_size = (int) c->queue_size;
	cfg->hdr_digest = option[CONNECT_HDR_DIGEST] > 0;
	cfg->data_digest = option[CONNECT_DATA_DIGEST] > 0;
	cfg->disable_sqflow = option[CONNECT_NO_SQFLOW] > 0;
	cfg->tls = c->tls > 0;
	cfg->duplicate_connect = c->duplicate > 0;
	if (option[CONNECT_TOS] >= 0)
		cfg->tos = (int) option[CONNECT_TOS];
	if (option[CONNECT_WRITE_QUEUES] > 0)
		cfg->nr_write_queues = (int) option[CONNECT_WRITE_QUEUES];
	if (option[CONNECT_POLL_QUEUES] > 0)
		cfg->nr_poll_queues = (int) option[CONNECT_POLL_QUEUES];
}

static void give_secrets(const struct connection *c, nvme_ctrl_t ctrl)
{
	if (c->secrets.host[0])
		nvme_ctrl_set_dhchap_host_key(ctrl, c->secrets.host);
	if (c->secrets.controller[0])
		nvme_ctrl_set_dhchap_key(ctrl, c->secrets.controller);
}

/*
 * libnvme passes no 0 on, which means "at once"; without it there is no such limit.
 * Where this fails the controller is gone again already.
 */
static void fail_at_once(int root_fd, nvme_ctrl_t ctrl)
{
	char attr[NAME_SIZE + 32];

	(void) snprintf(attr, sizeof(attr), "class/nvme/%.31s/fast_io_fail_tmo",
			nvme_ctrl_get_name(ctrl));
	(void) sysfs_write(root_fd, attr, "0");
}

static int connect_below(int root_fd, nvme_root_t root, const struct connection *c,
			 char *detail)
{
	struct nvme_fabrics_config cfg;
	nvme_ctrl_t ctrl;
	nvme_host_t host;

	host = nvme_lookup_host(root, or_null(c->hostnqn), or_null(c->hostid));
	if (!host)
		return -ENOMEM;
	ctrl = nvme_create_ctrl(root, c->nqn, c->transport, or_null(c->traddr),
				or_null(c->host_traddr), or_null(c->host_iface),
				or_null(c->trsvcid));
	if (!ctrl)
		return -ENOMEM;
	fill_config(c, &cfg);
	give_secrets(c, ctrl);
	if (nvmf_add_ctrl(host, ctrl, &cfg) < 0) {
		int error = errno;

		(void) snprintf(detail, DETAIL_SIZE, "connecting %s %s: %s",
				c->transport, c->traddr,
				nvme_errno_to_string(error));
		nvme_free_ctrl(ctrl);
		/* libnvme's own numbers begin at 1000 */
		return error > 0 && error < 1000 ? -error : -EIO;
	}
	if (c->fast_io_fail_tmo == 0)
		fail_at_once(root_fd, ctrl);
	return 0;	/* the controller belongs to the tree now */
}

int nvmelib_connect(int root_fd, const struct connection *c, char *detail)
{
	nvme_root_t root;
	int r;

	/* A tree made by a test must not connect the machine that it runs on. */
	if (!sysfs_is_real(root_fd)) {
		(void) snprintf(detail, DETAIL_SIZE, "this is not the kernel's own sysfs");
		return -ENODEV;
	}
	root = nvme_create_root(stderr, LOG_ERR);
	if (!root)
		return -ENOMEM;
	r = connect_below(root_fd, root, c, detail);
	nvme_free_tree(root);
	return r;
}

/* A flag that is not set says nothing: a configuration names what it wants. */
static void take_options(const struct nvme_fabrics_config *cfg, int64_t *option)
{
	const struct {
		enum connect_option option;
		int64_t value;
	} found[] = {
		{ CONNECT_HDR_DIGEST, cfg->hdr_digest },
		{ CONNECT_DATA_DIGEST, cfg->data_digest },
		{ CONNECT_NO_SQFLOW, cfg->disable_sqflow },
		{ CONNECT_WRITE_QUEUES, cfg->nr_write_queues },
		{ CONNECT_POLL_QUEUES, cfg->nr_poll_queues },
	};

	for (size_t i = 0; i < ARRAY_SIZE(found); i++)
		if (found[i].value > 0)
			option[found[i].option] = found[i].value;
	if (cfg->tos >= 0)	/* libnvme 1.3 writes it, and does not read it */
		option[CONNECT_TOS] = cfg->tos;
}

static void take_entry(nvme_host_t host, nvme_ctrl_t ctrl, struct connect_entry *e)
{
	const char *key = nvme_ctrl_get_dhchap_host_key(ctrl);

	connect_entry_init(e);
	STR_COPY(e->hostnqn, nvme_host_get_hostnqn(host));
	STR_COPY(e->nqn, nvme_ctrl_get_subsysnqn(ctrl));
	STR_COPY(e->transport, nvme_ctrl_get_transport(ctrl));
	STR_COPY(e->traddr, nvme_ctrl_get_traddr(ctrl));
	STR_COPY(e->trsvcid, nvme_ctrl_get_trsvcid(ctrl));
	STR_COPY(e->host_traddr, nvme_ctrl_get_host_traddr(ctrl));
	STR_COPY(e->host_iface, nvme_ctrl_get_host_iface(ctrl));
	take_options(nvme_ctrl_get_config(ctrl), e->option);
	STR_COPY(e->secrets.host, key ? key : nvme_host_get_dhchap_key(host));
	STR_COPY(e->secrets.controller, nvme_ctrl_get_dhchap_key(ctrl));
}

static void tell_entries(nvme_root_t root, connect_entry_func_t func, void *userdata)
{
	struct connect_entry e;
	nvme_subsystem_t s;
	nvme_ctrl_t c;
	nvme_host_t h;

	nvme_for_each_host(root, h) {
		nvme_for_each_subsystem(h, s) {
			nvme_subsystem_for_each_ctrl(s, c) {
				take_entry(h, c, &e);
				func(userdata, &e);
			}
		}
	}
	explicit_bzero(&e.secrets, sizeof(e.secrets));
}

int nvmelib_read_config(const char *file, connect_entry_func_t func, void *userdata)
{
	nvme_root_t root;
	int r = 0;

	if (access(file, R_OK) < 0)
		return -errno;
	/* it has words for each mistake, and quotes what is near: not for a log */
	root = nvme_create_root(NULL, LOG_EMERG);
	if (!root)
		return -ENOMEM;
	if (nvme_read_config(root, file) < 0)
		r = -EBADMSG;
	else
		tell_entries(root, func, userdata);
	nvme_free_tree(root);
	return r;
}

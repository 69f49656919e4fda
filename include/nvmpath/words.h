/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The words that daemon, D-Bus API, command line and manual share. Each list
 * is an X-list, X(ENUM_SUFFIX, "word"[, ...]), so that nobody has to keep a
 * second copy in step.
 */
#ifndef NVMPATH_WORDS_H
#define NVMPATH_WORDS_H

/*
 * Removal.State, in the order in which a removal lives. The third column is
 * 1 where the removal has come to rest (docs/REMOVAL.md).
 */
#define NVMPATH_REMOVAL_STATES(X)				\
	X(REQUESTED,	"requested",	0)			\
	X(QUEUED,	"queued",	0)			\
	X(CHECKING,	"checking",	0)			\
	X(HOLDING,	"holding",	0)			\
	X(DRAINING,	"draining",	0)			\
	X(DRAINED,	"drained",	1)			\
	X(DETACHING,	"detaching",	0)			\
	X(DETACHED,	"detached",	1)			\
	X(RESTORING,	"restoring",	0)			\
	X(RESTORED,	"restored",	1)			\
	X(REFUSED,	"refused",	1)			\
	X(ROLLING_BACK,	"rolling-back",	0)			\
	X(ROLLED_BACK,	"rolled-back",	1)			\
	X(FAILED,	"failed",	1)

/* Removal.Kind; maintenance is a removal that ends held instead of detached */
#define NVMPATH_REMOVAL_KINDS(X)				\
	X(DRAIN,	"drain")				\
	X(REMOVE,	"remove")				\
	X(MAINTENANCE,	"maintenance")

/* What a target may name besides one path or controller: KEY=VALUE */
#define NVMPATH_SELECTORS(X)					\
	X(TRADDR,	"traddr")				\
	X(HOST_TRADDR,	"host-traddr")				\
	X(HOST_IFACE,	"host-iface")				\
	X(PCI,		"pci")

/* Manager.Plan: what a namespace would be left with, best first */
#define NVMPATH_VERDICTS(X)					\
	X(OK,		"ok")					\
	X(DEGRADED,	"degraded")				\
	X(BELOW_FLOOR,	"below-floor")				\
	X(LAST_PATH,	"last-path")

/* Removal.ObjectKind, and the D-Bus path component of every object */
#define NVMPATH_OBJECT_KINDS(X)					\
	X(SUBSYSTEM,	"subsystem")				\
	X(CONTROLLER,	"controller")				\
	X(NAMESPACE,	"namespace")				\
	X(PATH,		"path")					\
	X(REMOVAL,	"removal")

/* Path.AdminState: the words of the kernel's admin_state attribute */
#define NVMPATH_ADMIN_STATES(X)					\
	X(ONLINE,	"online")				\
	X(HOLD,		"hold")

/* Path.PathState where it is not "usable": space separated, in this order */
#define NVMPATH_PATH_USABLE "usable"
#define NVMPATH_PATH_REASONS(X)					\
	X(HELD,			"held")				\
	X(CTRL_DOWN,		"ctrl_down")			\
	X(NS_NOT_READY,		"ns_not_ready")			\
	X(ANA_PENDING,		"ana_pending")			\
	X(ANA_INACCESSIBLE,	"ana_inaccessible")		\
	X(ANA_PERSISTENT_LOSS,	"ana_persistent_loss")		\
	X(ANA_CHANGE,		"ana_change")			\
	X(ANA_UNKNOWN,		"ana_unknown")

/* Path.AnaState: the words of the kernel's ana_state attribute */
#define NVMPATH_ANA_STATES(X)					\
	X(OPTIMIZED,		"optimized")			\
	X(NONOPTIMIZED,		"non-optimized")		\
	X(INACCESSIBLE,		"inaccessible")			\
	X(PERSISTENT_LOSS,	"persistent-loss")		\
	X(CHANGE,		"change")

/* Manager.KernelFeatures and Manager.KernelMissing */
#define NVMPATH_KERNEL_FEATURES(X)				\
	X(ADMIN_STATE,		"admin_state")			\
	X(PATH_STATE,		"path_state")			\
	X(BIO_REDIRECT_COUNT,	"bio_redirect_count")		\
	X(DIAG,			"diag")				\
	X(DRAIN_STATE,		"drain_state")			\
	X(NEW_PATH_ADMIN_STATE,	"new_path_admin_state")

/* The words of the kernel's drain_state attribute */
#define NVMPATH_DRAIN_STATES(X)					\
	X(IDLE,		"idle")					\
	X(DRAINING,	"draining")				\
	X(DRAINED,	"drained")

/* Manager.Protection */
#define NVMPATH_PROTECTIONS(X)					\
	X(UNKNOWN,	"unknown")				\
	X(OBSERVE,	"observe")				\
	X(FULL,		"full")

/* Exit codes of nvmpathctl */
#define NVMPATH_EXIT_CODES(X)					\
	X(OK,			0)				\
	X(FAILURE,		1)				\
	X(USAGE,		2)				\
	X(NO_SUCH_OBJECT,	3)				\
	X(REFUSED,		4)				\
	X(DRAIN_TIMEOUT,	5)				\
	X(NOT_AUTHORIZED,	6)				\
	X(NOT_RUNNING,		7)				\
	X(KERNEL_LACKS,		8)

#define NVMPATH_EXIT_ENUM_(suffix, code) NVMPATH_EXIT_##suffix = code,
enum nvmpath_exit {
	NVMPATH_EXIT_CODES(NVMPATH_EXIT_ENUM_)
};

/*
 * Errors on the bus: X(SUFFIX, "Name", errno in the daemon, exit code suffix).
 * The full name is io.github.nvmpath1.Error.Name. Each errno stands once, so
 * that the daemon maps both ways.
 */
#define NVMPATH_BUS_ERRORS(X)					\
	X(NO_SUCH_OBJECT,	"NoSuchObject",		ENXIO,		NO_SUCH_OBJECT)	\
	X(LAST_PATH,		"LastPath",		EADDRINUSE,	REFUSED)	\
	X(REFUSED,		"Refused",		ECONNREFUSED,	REFUSED)	\
	X(DRAIN_TIMEOUT,	"DrainTimeout",		ETIMEDOUT,	DRAIN_TIMEOUT)	\
	X(KERNEL_LACKS,		"KernelLacks",		EOPNOTSUPP,	KERNEL_LACKS)	\
	X(INVALID_OBJECT,	"InvalidObject",	EMEDIUMTYPE,	USAGE)		\
	X(BUSY,			"Busy",			EBUSY,		REFUSED)	\
	X(FAILED,		"Failed",		EIO,		FAILURE)

/* The helper for admin commands: whether there is somebody to send them. */
#define NVMPATH_HELPER_STATES(X)				\
	X(AWAY,		"away")					\
	X(STARTING,	"starting")				\
	X(THERE,	"there")

#endif

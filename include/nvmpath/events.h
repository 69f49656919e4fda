/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What nvmpathd tells: each transition is a journal entry with one of these
 * MESSAGE_IDs and NVMPATH_* fields, and the signal Event on the bus
 * (docs/DBUS.md). units/nvmpath.catalog explains each id.
 */
#ifndef NVMPATH_EVENTS_H
#define NVMPATH_EVENTS_H

/* Which part of the model an event is about: the s kind on the bus. */
#define NVMPATH_EVENT_KINDS(X)					\
	X(PATH,		"path")					\
	X(ANA,		"ana")					\
	X(CONTROLLER,	"controller")				\
	X(HOLD,		"hold")					\
	X(REMOVAL,	"removal")				\
	X(DAEMON,	"daemon")

/* X(SUFFIX, MESSAGE_ID, kind) */
#define NVMPATH_EVENT_IDS(X)						\
	X(PATH_USABLE,		"03919c0b2e444c398ac6bb5502acf335", PATH)	\
	X(PATH_UNUSABLE,	"578d9bd87b634c8e80ba06e0b851679e", PATH)	\
	X(PATH_APPEARED,	"1b682904aee748d6a8ae57faf930f43f", PATH)	\
	X(PATH_GONE,		"0fa372e35aa04e4c8d6526e31b073628", PATH)	\
	X(ANA_CHANGED,		"082f6b84e6ac4e71aec32a1e92c054bd", ANA)	\
	X(CONTROLLER_STATE,	"0b41ddc450e5408bb6acf43574ab31d1", CONTROLLER)	\
	X(CONTROLLER_APPEARED,	"06db5bc5e3f947bc825869b9e5c3c1ea", CONTROLLER)	\
	X(CONTROLLER_GONE,	"501d1f37553b412e9204a646063497ca", CONTROLLER)	\
	X(HOLD_TAKEN,		"176043be697242fdaa6be1b95c0643e0", HOLD)	\
	X(HOLD_ENDED,		"78cbcfaf12194ade836b2f0418f99a67", HOLD)	\
	X(REMOVAL_STATE,	"8cdde56dbf3940feb6264a7256adacad", REMOVAL)	\
	X(REMOVAL_FAILED,	"aa83b34191fd4e2783e85f4212a16c1a", REMOVAL)	\
	X(DAEMON_STARTED,	"5af4a483d9f84df3bcbdd9380713ecd4", DAEMON)	\
	X(DAEMON_STOPPING,	"92a515afd4e34c89881cc9fc147d3050", DAEMON)	\
	X(CONFIG_LOADED,	"1b5f1e0998934a29a4ebdc79ab2e0cd8", DAEMON)	\
	X(CONFIG_BAD,		"7ae7a4b4a0ff4281b7b7a9bf0481c3dc", DAEMON)	\
	X(SOURCE_CHANGED,	"397f6743798e4537ad6df0b21cef9859", DAEMON)	\
	X(HELPER_CHANGED,	"e1f0a1bd3b7e4f7e8f3a4d5e5c0d9a27", DAEMON)

/* Of base/journal: entries that journald did not take. */
#define NVMPATH_MESSAGE_DROPPED "2c7c489c64fc4669b79c7beb1018152d"

/* Fields that every event has; what is extra is NVMPATH_ + KEY. */
#define NVMPATH_FIELD_PREFIX	"NVMPATH_"
#define NVMPATH_FIELD_KIND	"NVMPATH_KIND"
#define NVMPATH_FIELD_OBJECT	"NVMPATH_OBJECT"
#define NVMPATH_FIELD_FROM	"NVMPATH_FROM"
#define NVMPATH_FIELD_TO	"NVMPATH_TO"
#define NVMPATH_FIELD_REASON	"NVMPATH_REASON"
#define NVMPATH_FIELD_DURATION	"NVMPATH_DURATION_USEC"
#define NVMPATH_FIELD_TIME	"NVMPATH_TIME_USEC"
#define NVMPATH_FIELD_SEQ	"NVMPATH_SEQ"

#endif

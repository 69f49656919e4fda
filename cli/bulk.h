/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * All objects from the file that GetManagedObjectsAsFile hands over
 * (docs/DBUS.md), instead of from messages: what saves time is that no
 * message of megabytes goes through the bus, and that values are not wrapped.
 */
#ifndef NVMPATH_CLI_BULK_H
#define NVMPATH_CLI_BULK_H

#include "model.h"

/*
 * Fills the model from the text, which is taken and written to, and links it.
 * Kinds and columns that are not ours to know are skipped; those that are not
 * there stay unknown. -EPROTONOSUPPORT: another version, the model is as it was;
 * -EBADMSG, -ENOMEM: what was read so far is in the model, for model_done().
 */
int bulk_parse(char *take_text, struct model *m);

/*
 * The same from a sealed file, whose offset does not move. -EINVAL where it is not
 * sealed; -EBADMSG where it ends early; -ENOMEM; -errno.
 */
int bulk_read(int fd, struct model *m);

#endif

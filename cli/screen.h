/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A terminal that is painted over: top. */
#ifndef NVMPATH_CLI_SCREEN_H
#define NVMPATH_CLI_SCREEN_H

#include <stdbool.h>
#include <systemd/sd-event.h>

/* Input and output are terminals that can be painted on. */
bool screen_is_possible(void);
/* Takes the terminal: keys come one by one, what was there comes back with screen_close(). */
void screen_open(void);
void screen_close(void);
/* A headline and as many lines of the text as there is room for. */
void screen_paint(const char *head, const char *text);
int screen_watch_size(sd_event *e, sd_event_signal_handler_t fn, void *userdata);

#endif

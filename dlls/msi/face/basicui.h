/*
 * The window of the basic user interface: what goes on, how far it is, how long it may take, and a
 * button to cancel it.
 *
 * It has a thread of its own, so it answers while the installation is busy. A process has one
 * installation at a time and so one window. Where no window can be had nothing is shown, and the
 * installation goes on.
 */
#ifndef MSI_BASICUI_H
#define MSI_BASICUI_H

#include "session.h"

/* Before the first message of an installation whose session asks for it (UILevel 3 or 4), and after
 * the last. */
void basicui_begin(struct session *s);
void basicui_end(void);
/* Whether there is a window that wants messages of that kind (INSTALLMESSAGE, shifted down) of that
 * session: not of one that a program has open beside the installation. */
bool basicui_hears(const struct session *s, u32 kind);
/* Shows it. text: what the message says. IDCANCEL where the user wants the end, else 0. */
int basicui_show(u32 kind, struct record *r, const char16_t *text);

#endif

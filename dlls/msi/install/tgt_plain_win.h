/*
 * Files that were seen to be no links, so that the same question, which takes opening the file, is
 * not asked of it again while nothing in its folder has changed.
 *
 * A name that is made, put in another's place or removed changes the time of its folder. That time
 * is looked at before the file is, and counts only when it is old enough that whatever comes later
 * must change it. Every function may be called by any thread.
 */
#ifndef MSI_TGT_PLAIN_WIN_H
#define MSI_TGT_PLAIN_WIN_H

#include <stddef.h>

#include "base.h"

/* link_is_hidden() of tgt_links_win.h, of a path of target_win.c. */
bool plain_is_hidden_link(wchar_t *path);
/* What was seen counts no longer. */
void plain_forget(void);

#endif

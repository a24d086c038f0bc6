/*
 * Whether a path of target_win.c names a link.
 */
#ifndef MSI_TGT_LINKS_WIN_H
#define MSI_TGT_LINKS_WIN_H

#include <stddef.h>

#include "base.h"

/* The tag of a reparse point; 0 where it has none. */
u32 link_tag(const wchar_t *path);
/* Files that are stored elsewhere or otherwise have reparse points too, and are no links. */
bool link_is_tag(u32 tag);
/* Of a file without a reparse point. */
bool link_is_hidden(wchar_t *path);
/* The same of one that was opened by that path. */
bool link_is_hidden_at(void *handle, wchar_t *path);
/* Two paths, or parts of them, that differ in case at most. */
bool link_same_name(const wchar_t *a, const wchar_t *b);

#endif

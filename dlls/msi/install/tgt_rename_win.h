/*
 * A file is opened, looked at and renamed by one handle, so that it is the same one all the time,
 * and Wine's server is asked half as often as for each by itself.
 */
#ifndef MSI_TGT_RENAME_WIN_H
#define MSI_TGT_RENAME_WIN_H

#include <stddef.h>

#include "base.h"

/* Paths of target_win.c; `to` is there already: ERROR_ALREADY_EXISTS. file: not where it is a link,
 * ERROR_ACCESS_DENIED. Errors are the system's own. */
u32 rename_opened(const wchar_t *from, const wchar_t *to, bool file);

#endif

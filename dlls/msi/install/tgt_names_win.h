/*
 * The names in folders that are asked for often, so that Wine need not look through the folder.
 *
 * Wine finds names whatever their case, as Windows does, by reading the whole folder for each name
 * that is not there in just that case: putting n files into a folder costs n * n. Wine also takes
 * the host's own names (\\?\unix...), which it looks up as they are. So the names of a folder that
 * is asked for again and again are read once, and what is not among them is asked for by its
 * host's name.
 *
 * A folder that is not there yet is one without names.
 *
 * What others do in the folder meanwhile is seen, but for a name that they make in another case
 * than ours within the seconds that a folder's names are believed. Where there is no Wine, or the
 * host's name of a folder is not plain, nothing is known and everything goes its ordinary way.
 *
 * Paths are those of target_win.c, with their prefix. Every function may be called by any thread.
 */
#ifndef MSI_TGT_NAMES_WIN_H
#define MSI_TGT_NAMES_WIN_H

#include <stddef.h>

#include "base.h"

struct tgt_name {
    wchar_t *path; /* with its last part as it is written there */
    wchar_t *host; /* with its last part as it is asked for, as the host knows it */
    bool there;    /* it was, when the folder was read */
    bool folder_missing;
};

/* False: nothing is known of its folder, and *out is not to be freed. */
bool tgt_name_find(const wchar_t *path, struct tgt_name *out);
void tgt_name_free(struct tgt_name *n);
/* What was done: it is there now, or gone. */
void tgt_name_changed(const wchar_t *path, bool there);
/* A program was run, and may have made names. */
void tgt_names_forget(void);

#endif

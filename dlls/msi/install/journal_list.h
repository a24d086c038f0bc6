/*
 * The journals that the registry knows: those whose deeds were done in it.
 *
 * A folder Config.Msi may be seen by several registries: a program that brings its own copies of
 * these DLLs has hives of its own, and drives are shared by prefixes. What one journal undoes in
 * files and in keys belongs together, so only who has the keys may undo it. And a file that
 * somebody put into that folder is no journal.
 */
#ifndef MSI_JOURNAL_LIST_H
#define MSI_JOURNAL_LIST_H

#include "base.h"

/* Durable when it returns. path: the journal's. */
u32 journal_list_add(const char16_t *path);
/* An error: it cannot be told now. */
u32 journal_list_has(const char16_t *path, bool *has);
/* With the keys, when they are empty. */
u32 journal_list_remove(const char16_t *path);
/* Those whose file is gone are removed. */
u32 journal_list_tidy(void);

#endif

/*
 * Saving and restoring keys that stay Wine's: Wine's own functions write its text and restore
 * nothing, and what RegSaveKey writes is a hive, whoever holds the key.
 */
#ifndef DECANTER_WINE_HIVES_H
#define DECANTER_WINE_HIVES_H

#include "face.h"

/* As BaseRegSaveKeyEx; path is a full one. */
u32 wine_hive_save(HKEY key, const WCHAR *path, DWORD flags);
/* As BaseRegRestoreKey: what the hive has takes the place of the key's values and subkeys. */
u32 wine_hive_restore(HKEY key, const WCHAR *path, DWORD flags);

#endif

/*
 * Hives that BaseRegLoadKey loaded, in this process and in all others on the same folder.
 *
 * What the list (loaded.h) says becomes a mount when somebody looks for a name that is not known,
 * enumerates, or a moment later. A process keeps such a hive open once it has used it, and lets it
 * go some hundred milliseconds after another process unloaded it; keys of it that are open are told
 * to the others by a lock, and hinder unloading.
 */
#ifndef DECANTER_SPACE_LOADED_H
#define DECANTER_SPACE_LOADED_H

#include "space.h"

/* Brings the mounts into line with the list. Cheap where nothing changed. */
void space_sync(void);
/* Forgets what the list said; for space_stop(). */
void space_forget(void);

/* Loads the file, made where it is missing. ERROR_ALREADY_EXISTS: there is a key of that name.
 * ERROR_SHARING_VIOLATION: the file is loaded. ERROR_FILENAME_EXCED_RANGE, ERROR_BUSY,
 * WAIT_TIMEOUT, and what space_add() gives. Where the folder of the hives cannot be written the
 * hive is loaded for this process alone. */
u32 space_load(enum space_key top, const char16_t *name, u32 len, const char16_t *path);

/* Around closing the door for space_unload(). ERROR_BUSY, WAIT_TIMEOUT. */
u32 space_unload_begin(void);
void space_unload_end(void);
/* With the door closed, when this process has no key of it open. Everything is in the file
 * afterwards. ERROR_ACCESS_DENIED: another process has; and what flushing gives. */
u32 space_unload(struct mount *m);

/* A key of the mount's hive is opened, and closed. ERROR_FILE_NOT_FOUND: it was unloaded just now.
 * ERROR_BUSY: that does not come to an end. Nothing for the server's own hives. */
u32 space_hold(struct mount *m);
void space_release(struct mount *m);

/* Whether hives that others unloaded are open here; closes them (with the door closed). */
bool space_reap_due(void);
void space_reap(void);
/* Whether a loaded hive is open here, so that somebody has to look whether it was unloaded. */
bool space_loaded_open(void);

#endif

/*
 * The hives that BaseRegLoadKey loaded, as all processes on one folder of hives know them: a file
 * in it, LOADED, that they map.
 *
 *   offset       size  what
 *   0x0000          4  "load"
 *   0x0004          4  version of this layout
 *   0x0008          4  os_boot() of whoever changed it last
 *   0x000c          4  the last id that was given out
 *   0x0200      4*128  ids of the entries, 0 for none
 *   0x1000*n     4096  entry n-1: struct loaded_record
 *
 * A list from before the machine's last start is empty, as on Windows.
 *
 * An entry counts while its id stands, which is written last and taken away first, in one piece: a
 * process that is killed leaves the list before or after its change. Who looks copies an entry and
 * looks at its id again. The file may hold anything: lengths are checked.
 *
 * Locks on bytes far beyond the content: one of who changes the list, and one for each entry, held
 * shared by every process that has a key of the hive open, which the system gives back when the
 * process ends, however it ends.
 */
#ifndef DECANTER_LOADED_H
#define DECANTER_LOADED_H

#include "key.h"

#define LOADED_MAX      128u
#define LOADED_PATH_MAX 1700u

struct loaded {
    u32 slot, id;
    u32 top; /* enum space_key */
    u32 name_len;
    char16_t name[KEY_NAME_MAX + 1];
    char16_t path[LOADED_PATH_MAX]; /* as os_path_local() takes it, terminated */
};

/* With the life's door closed. No file is touched. ERROR_OUTOFMEMORY. */
u32 loaded_start(const char16_t *folder);
void loaded_stop(void);

/* Whether there is a list. Cheap once there was; who asks often makes an empty one. */
bool loaded_open(void);
/* Of a list that is there; 0: none. */
u32 loaded_id(u32 slot);
/* False: none, or what is written there is none. */
bool loaded_read(u32 slot, struct loaded *e);

/* To change the list, which is made where it is missing. ERROR_ACCESS_DENIED and the like: the
 * folder cannot be written. ERROR_BUSY: another process keeps it. WAIT_TIMEOUT: another thread. */
u32 loaded_lock(u32 timeout_ms);
void loaded_unlock(void);
/* Adds what e says and sets its slot and id. ERROR_NO_SYSTEM_RESOURCES, ERROR_DISK_FULL, ... */
u32 loaded_add(struct loaded *e);
void loaded_remove(u32 slot);

/* This process has keys of the entry's hive open; ERROR_BUSY: it is being unloaded. */
u32 loaded_hold(u32 slot, u32 timeout_ms);
/* No process has, this one included, and none gets any until loaded_release(). ERROR_BUSY. */
u32 loaded_claim(u32 slot);
void loaded_release(u32 slot);

#endif

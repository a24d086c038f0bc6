/*
 * The namespace above the hives: \REGISTRY with MACHINE and USER, and which hive stands at which
 * name below them.
 *
 *   \REGISTRY\MACHINE\SYSTEM, SOFTWARE, SAM, SECURITY   files of those names in the server's folder
 *   \REGISTRY\MACHINE\HARDWARE                          file HARDWARE, empty while nobody has it
 * open \REGISTRY\USER\.DEFAULT                             file DEFAULT \REGISTRY\USER\<SID of the
 * user>                    file NTUSER.DAT \REGISTRY\USER\<SID of the user>_Classes            file
 * UsrClass.dat what BaseRegLoadKey loaded, in any process (space_loaded.h), and app hives, which
 * have no name
 *
 * A hive's file is opened, or made, when its first key is asked for.
 */
#ifndef DECANTER_SPACE_H
#define DECANTER_SPACE_H

#include "hive.h"
#include "key.h"
#include "os.h"

/* Keys that are in no hive. */
enum space_key {
    SPACE_NONE,
    SPACE_REGISTRY,
    SPACE_MACHINE,
    SPACE_USER,
    SPACE_CLASSES, /* HKEY_CLASSES_ROOT, which is two keys */
    SPACE_PERF_DATA,
    SPACE_PERF_TEXT,
    SPACE_PERF_NLSTEXT,
    SPACE_TRANSACTION, /* no key: the handle of a transaction */
};

enum mount_flags {
    MOUNT_FIXED = 1,  /* the server's own: cannot be unloaded */
    MOUNT_MEMORY = 2, /* no file */
    MOUNT_APP = 4,    /* in no list: reached through its handle alone */
    MOUNT_MUST_EXIST = 8,
    MOUNT_READ_ONLY = 16,
    MOUNT_PRIVATE = 32, /* nobody else may have the file */
    MOUNT_LOADED = 64,  /* of the list that all processes have (loaded.h) */
    MOUNT_FRESH = 128,  /* gone when the last process that uses it has ended */
};

struct mount {
    enum space_key top; /* SPACE_MACHINE, SPACE_USER; SPACE_NONE for an app hive */
    u32 flags;
    u32 place; /* of its root (place.h) */
    u32 name_len;
    char16_t name[KEY_NAME_MAX + 1];
    char16_t *path;       /* NULL with MOUNT_MEMORY */
    struct hive *hive;    /* NULL until its first use */
    u64 access_cache[4];  /* access.c */
    u64 inherit_cache;    /* access.c */
    u32 users;            /* of an app hive or one that was loaded: open handles */
    u32 slot, id;         /* MOUNT_LOADED: its entry in the list */
    u32 gone;             /* unloaded by another process: nobody finds it any more */
    struct os_mutex lock; /* of users going from none to one and back, MOUNT_LOADED */
};

/* Both with the life's door closed. ERROR_OUTOFMEMORY, or what making the folder gave. */
u32 space_start(const char16_t *folder);
/* Flushes and closes all hives; the first error of it, all having been closed. */
u32 space_stop(void);

/* The hive of a mount, opened when it was not. Errors as hive_open's. */
u32 space_hive(struct mount *m, struct hive **hive);

/* The mount of that name below `top`; NULL. Mounts do not go away while a method runs. */
struct mount *space_find(enum space_key top, const char16_t *name, u32 len);
/* The index-th by name; NULL. */
struct mount *space_at(enum space_key top, u32 index);
/* The current user's. */
struct mount *space_user(void);
struct mount *space_user_classes(void);

struct space_new {
    enum space_key top;
    const char16_t *name; /* name_len characters */
    u32 name_len;
    const char16_t *path; /* terminated, copied; NULL with MOUNT_MEMORY */
    u32 flags;
    u32 slot, id; /* MOUNT_LOADED */
};
/* A new mount, its hive opened at once. ERROR_ALREADY_EXISTS, ERROR_OUTOFMEMORY,
 * ERROR_NO_SYSTEM_RESOURCES, ERROR_SHARING_VIOLATION (the file is mounted already), and what
 * opening the hive gives. */
u32 space_add(const struct space_new *what, struct mount **out);
/* The same, but the hive is opened when its first key is asked for. */
u32 space_add_late(const struct space_new *what);
/* As space_find, of what this process knows so far. */
struct mount *space_find_known(enum space_key top, const char16_t *name, u32 len);
/* With the door closed. Closes its hive. */
void space_remove(struct mount *m);
/* Called with each mount that is removed, for those who remember it without a handle. */
void space_on_remove(void (*told)(const struct mount *m));
/* Each mount, and each whose hive is open (of all kinds). */
void space_each(void (*visit)(void *ctx, struct mount *m), void *ctx);
void space_each_open(void (*visit)(void *ctx, struct mount *m), void *ctx);

/* "MACHINE" and so on; "" for those that have no name in the object space. */
const char16_t *space_key_name(enum space_key key);

#endif

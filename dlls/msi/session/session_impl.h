/*
 * What the files of the session share.
 */
#ifndef MSI_SESSION_IMPL_H
#define MSI_SESSION_IMPL_H

#include "cond.h"
#include "namelist.h"
#include "os.h"
#include "products.h"
#include "props.h"
#include "session.h"

/* INSTALLSTATE */
enum {
    STATE_UNKNOWN = -1,
    STATE_ADVERTISED = 1,
    STATE_ABSENT = 2,
    STATE_LOCAL = 3,
    STATE_SOURCE = 4,
    STATE_DEFAULT = 5
};

/* Which sequence runs: its table's name says so. */
enum phase { PHASE_NONE, PHASE_INTERFACE, PHASE_EXECUTION };

struct folder {
    struct named named;
    char16_t *parent, *target_name, *source_name; /* of this folder alone; NULL for the parent's */
    char16_t *target;                             /* the path, once it is resolved */
    bool resolving;
};

struct feature {
    struct named named;
    char16_t *title, *description;
    u32 parent; /* index, or NAME_NONE */
    i32 level;
    u32 attributes; /* of the Feature table */
    int installed, action;
};

struct component {
    struct named named;
    char16_t *folder, *key_path;
    char16_t *guid;     /* empty: it is never registered, and so never known to be there */
    char16_t *assembly; /* its name as it is registered; NULL: the package names none */
    char16_t *store;    /* a Win32 assembly for everybody: its folder's name (stores.h); or NULL */
    u32 attributes;
    bool enabled;    /* its condition holds */
    bool compressed; /* it has a file in a cabinet, which cannot be run from there */
    bool shared;     /* another product is a client of it too */
    i64 bytes;       /* of its files, in whole clusters */
    int installed, action;
    bool set;   /* by MsiSetComponentState */
    bool asked; /* a feature that has it has an action */
};

/* Which features have which components. */
struct membership {
    u32 feature, component;
};

struct package_file {
    struct named named;
    char16_t *long_name;
    u32 component;
    bool beside; /* in the folder of manifests, not in that of its assembly */
};

struct session {
    struct object object;
    struct os_mutex lock;
    struct database *db;
    struct props props;
    struct props product; /* the Property table as it was opened */
    u32 language;
    u32 word_count;
    bool package_64bit; /* by its template */
    bool reboot_at_end, reboot_now;
    bool reboot_scheduled; /* by an action of the sequence */
    u32 script_mode;       /* of a custom action of a script: the MSIRUNMODE that is on */
    bool initialized;      /* CostInitialize has been done: the lists below are filled */
    bool costed;           /* CostFinalize too: they are resolved */
    bool validated;        /* InstallValidate too: costs can be asked */
    bool asks;             /* as its options say */
    char16_t *given;       /* the command line; NULL: none */
    bool opened;           /* its messages were sent, and its end is one */
    bool isolates;         /* IsolateComponents was done: its table counts */
    u32 cluster;           /* bytes, of the drive that things go to if nobody says otherwise */
    bool spools;           /* operations are planned or done: between InstallInitialize and
                            * InstallFinalize */
    bool source_resolved;  /* SourceDir and SOURCEDIR have been set */
    u32 phase;             /* enum phase: the sequence that runs */
    bool interface_ran;    /* that of the user interface has run */
    u32 ran_in_ui;         /* actions that do not run again in the sequence of execution, by bits */
    u32 last_result;       /* of the action that ended last */
    bool any_result;       /* whether one has ended */
    bool restricted; /* MSIOPENPACKAGEFLAGS_IGNOREMACHINESTATE: nothing is known of the machine */
    bool registered; /* the product is known to the machine: it is `product_there` */
    struct product product_there;
    struct session_patches *patches; /* NULL: none (patching.h) */
    struct name_list folders, features, components, files;
    struct membership *members;
    u32 member_count, member_cap;
    void *install; /* of the room above; it is made by one thread, at its first action */
};

/* NULL: there is none. */
const struct session_installer *session_installer(void);

/* All of these are called with the session's lock held. */

/* Property texts from ASCII names. */
u32 prop_set(struct session *s, const char *name, const char16_t *value, size_t len);
u32 prop_set_ascii(struct session *s, const char *name, const char *value);
const struct property *prop_get(const struct session *s, const char *name);
enum cond_result condition_of(struct session *s, const char16_t *text, size_t len);
/* Evaluates; what cannot be parsed is false. */
bool condition_true(struct session *s, const char16_t *text, size_t len);
u32 format_text(struct session *s, const char16_t *text, size_t len, struct text_buf *out);

/* Whether its value is never shown. */
bool property_is_hidden(const struct session *s, const char16_t *name, size_t len);
/* Into the log. */
void property_changes(struct session *s, const struct property *old, const char16_t *name,
                      size_t name_len, const char16_t *value, size_t len);

/* For a session without a package (nopackage.c). */
u32 folder_cache_make(struct session *s);

/* Applies a list of transforms to the database; that of the package's Property table.
 * ERROR_INSTALL_TRANSFORM_FAILURE. */
u32 transforms_apply(struct session *s, const char16_t *list, size_t len);
u32 transforms_listed(struct session *s);
/* One, from its storage. */
struct stg;
/* check: whether what it is for is compared with the package; of a patch's the order has told. */
u32 transform_apply(struct session *s, struct stg *transform, bool check);

u32 costing_load(struct session *s);
void costing_free(struct session *s);
u32 costing_finalize(struct session *s);
/* The levels that the Condition table gives features. */
u32 levels_from_conditions(struct session *s);
/* What is installed already, of features and components. */
u32 installed_update(struct session *s);
/* The actions of features, from their levels or from the properties that list them. Only want of
 * memory is an error. */
u32 select_features(struct session *s);
/* Whether one of these properties is set. */
bool select_is_asked(const struct session *s);
/* ERROR_DISK_FULL where a drive has no room for what is to be installed. */
u32 disk_space(struct session *s);
/* OutOfDiskSpace and its kin; PrimaryVolumePath and its, where PRIMARYFOLDER is set. */
u32 space_properties(struct session *s);
/* Sets the actions of all components from those of their features. Likewise. */
u32 costing_update(struct session *s);

/* Whether an image for others to install from is made, not the product installed. */
bool session_is_admin(const struct session *s);
/* Whether the product is advertised only: ACTION is ADVERTISE. */
bool session_advertises(const struct session *s);
/* Whether the product is, or will be, of the machine. */
bool session_for_all_users(const struct session *s);
/* Before an installation: ALLUSERS 2 becomes 1, or goes, by who installs and MSIINSTALLPERUSER. */
u32 context_settle(struct session *s);
/* The properties of folders that a user has and all users have follow that. */
u32 context_folders(struct session *s);
/* Folders whose components are there already are where these are. */
u32 folders_from_installed(struct session *s);

u32 folders_load(struct session *s);
/* ROOTDRIVE, where it is not given. */
u32 folders_set_root(struct session *s);
u32 folders_resolve(struct session *s);
/* What the action ResolveSource does: SourceDir, the folder of the package where it is not given.
 */
u32 folders_resolve_source(struct session *s);
/* Adds the path, with a backslash at the end. ERROR_DIRECTORY. */
u32 folder_target(struct session *s, const char16_t *name, size_t len, struct text_buf *out);
/* Gives it another target, and those below it with it. ERROR_DIRECTORY. */
u32 folder_move(struct session *s, const char16_t *folder, size_t len, const char16_t *path,
                size_t path_len);
u32 folder_source(struct session *s, const char16_t *name, size_t len, struct text_buf *out);
void folder_done(void *folder);

/* Adds the path of a [#file] or [!file], a [$component]; nothing where there is none. */
u32 file_path(struct session *s, const char16_t *name, size_t len, struct text_buf *out);
u32 component_path(struct session *s, const char16_t *name, size_t len, struct text_buf *out);

#endif

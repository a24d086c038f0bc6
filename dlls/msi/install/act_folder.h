/*
 * Planning folders: made with their parents, left when they are empty.
 *
 * A folder that is made is noted in the registry below Installer\Folders, so that whoever removes
 * the last thing in it knows that it may go. The system's own folders never go.
 */
#ifndef MSI_ACT_FOLDER_H
#define MSI_ACT_FOLDER_H

#include "act_path.h"

/* The folders that an action has planned. Zeroed memory is none. */
struct making {
    struct path_set done, system;
    bool known;  /* what follows, and the system's folders */
    bool adopts; /* folders that another engine made for the product are noted, too */
};
/* Plans that the folder is there, and its parents; a path with a backslash at its end. */
u32 plan_folder_made(struct install *in, struct making *m, const char16_t *path, size_t len);
void making_free(struct making *m);

/* Plans that the file goes, with its message; folder_len: of its folder, with the backslash. A link
 * that somebody put there stays. */
u32 plan_file_removed(struct install *in, const char16_t *path, size_t folder_len);

/* Folders that may be empty at the end of an action. */
struct leaving {
    struct path_set folders;
    struct reg_key *noted; /* Installer\Folders; NULL: each folder may go */
    struct path_set system;
};
u32 leaving_begin(struct install *in, struct leaving *l);
/* A path with a backslash at its end, that goes when it is empty, and its parents so far as they
 * are the installer's. anyones: whoever made it, this one goes. */
u32 leaving_add(struct leaving *l, const char16_t *path, size_t len, bool anyones);
/* Plans their removal, what lies deepest first. */
u32 leaving_plan(struct install *in, const struct leaving *l);
void leaving_end(struct leaving *l);

#endif

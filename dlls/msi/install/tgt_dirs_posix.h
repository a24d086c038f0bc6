/*
 * The host's folders by Windows paths: names are found whatever their case, links are not followed.
 *
 * Folders stay open for a while, and their names are read once: a folder of many files costs each
 * of them no more than one of few does. Not for several threads at once: whoever uses it holds
 * td_lock.
 */
#ifndef MSI_TGT_DIRS_POSIX_H
#define MSI_TGT_DIRS_POSIX_H

#include "target.h"

enum { TD_NAME = 1024 }; /* bytes of a host's name, terminated */

struct td_dir;

void td_lock(void);
void td_unlock(void);

/* Where a path leads: the folder it is in, and its name there. */
struct td_place {
    struct td_dir *dir; /* until the next td_find */
    int fd;             /* of the folder */
    char name[TD_NAME]; /* as it is there; else as it would be made */
    bool there;
};

/* ERROR_PATH_NOT_FOUND: its folder is not there. ERROR_BAD_PATHNAME: no path, a link on the way.
 * A drive itself is in the root as drive_c. */
u32 td_find(const char16_t *path, struct td_place *out);
/* A name was made in the folder. */
void td_made(struct td_place *p);
/* What was at that path, with that name on the host, is not there any more: who asks for it again
 * does not have its folder read again. */
void td_gone(const char16_t *path, const char *name);
/* What was a folder of that path is none any more. */
void td_forget(const char16_t *path);
void td_forget_all(void);
/* The folder of that path, for reading its names. */
u32 td_open(const char16_t *path, int *fd);
int td_root(void); /* -1: none */
u32 td_error(int number);
/* The layers below look there from now on; or no more. */
void td_tell(bool there);

#endif

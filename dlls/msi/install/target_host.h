/*
 * The folder that is installed on, where that is no Windows: its folders drive_c, drive_d, ... are
 * the drives.
 */
#ifndef MSI_TARGET_HOST_H
#define MSI_TARGET_HOST_H

#include "base.h"
#include "error.h"

/* UTF-8. Before any other function of target.h; NULL lets go of it. Without one everything answers
 * ERROR_PATH_NOT_FOUND. ERROR_PATH_NOT_FOUND, ERROR_ACCESS_DENIED. */
u32 tgt_use(const char *folder);
/* For tests: nothing can be renamed from one folder into another, as if each were on a device of
 * its own. */
void tgt_be_apart(bool apart);
/* For tests: the file of that name is in use, so that it is neither moved nor removed; "": none.
 * The text lives as long. */
void tgt_be_held(const char *name);

#endif

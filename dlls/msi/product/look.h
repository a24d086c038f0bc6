/*
 * Looking whether files and folders are there, by the system's own paths.
 */
#ifndef MSI_LOOK_H
#define MSI_LOOK_H

#include "base.h"

/* Whether there is a file or a folder of that path. */
bool look_exists(const char16_t *path);
/* The path by which os.h opens that file, in room for LOOK_PATH units. False: there is none. */
enum { LOOK_PATH = 4096 };
bool look_os_path(const char16_t *path, char16_t *out);
/* The Windows folder, with a backslash at its end, in room for LOOK_WINDOWS units. */
enum { LOOK_WINDOWS = 262 };
void look_windows(char16_t out[LOOK_WINDOWS]);

#endif

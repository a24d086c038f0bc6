/*
 * Looking whether files and folders are there, by the system's own paths.
 */
#ifndef MSI_LOOK_H
#define MSI_LOOK_H

#include "base.h"

/* Whether there is a file or a folder of that path. */
bool look_exists(const char16_t *path);

#endif

/*
 * Where the hives are when nobody says it.
 */
#ifndef DECANTER_HOME_H
#define DECANTER_HOME_H

#include "base.h"
#include "error.h"

#define HOME_MAX 1024u

/* The default folder of the hives (DECANTER_HIVES, else "config" beside the DLL), terminated.
 * ERROR_FILENAME_EXCED_RANGE. */
u32 home_folder(char16_t buf[HOME_MAX]);
/* What stands between a folder and a name in it. */
extern const char16_t home_separator;

#endif

/*
 * The machine's files that a host program gives to the layers below the install engine: a folder as
 * the drives. Paths are Windows'.
 */
#ifndef MSI_LOOK_HOST_H
#define MSI_LOOK_HOST_H

#include "base.h"

struct look_host {
    int (*kind)(const char16_t *path); /* 0: nothing, 1: a file, 2: a folder */
    /* Until fn returns true, which is returned. */
    bool (*each)(const char16_t *folder, bool (*fn)(void *ctx, const char16_t *name, bool folder),
                 void *ctx);
    bool (*version)(const char16_t *path, u64 *version, u16 *language);
    bool (*facts)(const char16_t *path, u64 *size, u64 *created, u64 *written); /* FILETIME */
    bool (*space)(char16_t letter, u64 *bytes);                                 /* free ones */
    bool (*drive)(char16_t letter);                                /* whether it is there */
    bool (*path)(const char16_t *path, char16_t *out, size_t cap); /* of the host's, to open it */
};

/* Before any other function; NULL: there are no files. */
void look_use(const struct look_host *host);
const struct look_host *look_host(void); /* or NULL */

#endif

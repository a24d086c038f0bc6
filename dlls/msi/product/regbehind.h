/*
 * A registry whose files come behind what is written to it: Wine's. Its server writes them half a
 * minute after a change and when it ends in order; one that is killed has lost what came since, and
 * nobody can ask it to hurry.
 *
 * regbehind_win.c, and on the host what a program gives (reg_host.h).
 */
#ifndef MSI_REGBEHIND_H
#define MSI_REGBEHIND_H

#include "reg.h"

enum { BEHIND_PATH = 1024, BEHIND_FILES = 2 };

/* A file, as os.h opens it, for what the registry may lose: it stands beside the registry's own.
 * ERROR_FILE_NOT_FOUND: nothing is lost that was written. */
u32 behind_file(char16_t *out, size_t cap);
/* Whether what stands at that key, or would, is of that registry. */
bool behind_has(enum reg_root root, enum reg_view view, const char16_t *path);

struct behind_moment {
    u64 server;              /* another number in each life of the server */
    u64 marks[BEHIND_FILES]; /* as behind_mark has set them, of each file: they grow */
    u64 files[BEHIND_FILES]; /* another number each time that the file was written */
};
void behind_now(struct behind_moment *m);
/* Whether the key has been written since this life of the server began. */
bool behind_wrote(enum reg_root root, enum reg_view view, const char16_t *path);
/* Makes new marks, later ones than before, which no look at the registry's keys and values shows. A
 * file that has one has all that was written before it. */
u32 behind_mark(void);

#endif

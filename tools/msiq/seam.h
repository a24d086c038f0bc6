/*
 * The few things beyond os.h that msiq asks of the system: seam_win.c and seam_posix.c.
 */
#ifndef MSIQ_SEAM_H
#define MSIQ_SEAM_H

#include <stdio.h>

#include "base.h"
#include "error.h"

bool stdout_is_terminal(void);
bool stdin_is_terminal(void);
bool stderr_is_terminal(void);
/* A new folder that nobody else can write to, for files of a moment; allocated. */
u32 temp_folder(char16_t **out);
/* Removes a folder with the files in it and in its folders, two levels deep. */
void remove_folder(const char16_t *path);
/* Whether the file could be written; true where it is not there. */
bool is_writable(const char16_t *path);
/* Something that is there and is no plain file: a device, a pipe, a link. */
bool is_special(const char16_t *path);
/* Opens such a thing to write, NULL where that fails. */
FILE *open_special(const char16_t *path);

#endif

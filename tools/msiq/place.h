/*
 * Files put into a folder that may hold anything, by paths that may say anything: place_win.c and
 * place_posix.c.
 *
 * A path is relative, with '/' between names that place_name_good takes. No link below the folder
 * is followed. A file appears under its name when it is whole.
 */
#ifndef MSIQ_PLACE_H
#define MSIQ_PLACE_H

#include "base.h"
#include "error.h"

struct place;
struct place_file;

/* The folder is made where it is not there. */
u32 place_open(const char16_t *folder, struct place **out);
void place_close(struct place *p); /* may be NULL */

/* Makes the folders on the way. ERROR_DIRECTORY where something else, a link too, stands in the
 * place of one; ERROR_FILE_EXISTS where something else than a plain file has the name. */
u32 place_begin(struct place *p, const char16_t *path, struct place_file **out);
u32 place_write(struct place_file *f, const void *data, u32 n);
/* date and time as MS-DOS writes them, local, 0 for none; attributes: enum cab_attributes. Ends f
 * in any case; after a failure nothing of it is left. */
u32 place_finish(struct place_file *f, u32 date, u32 time, u32 attributes);
void place_abandon(struct place_file *f); /* may be NULL */

/* One name: not empty, not "." or "..", no separator, colon or control character, none of the
 * names that are devices to Windows, and more than full stops and spaces. (place.c) */
bool place_name_good(const char16_t *name, size_t len);

/* A file beside another one, its name in any case; allocated. NULL where there is none. */
char16_t *place_find(const char16_t *folder, const char16_t *name);
/* When a file was changed last, as place_finish takes it; 0 where it cannot be told. */
void place_times(const char16_t *path, u32 *date, u32 *time);

#endif

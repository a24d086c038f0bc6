/*
 * Trees of keys to files and back.
 */
#ifndef DECANTER_FILES_H
#define DECANTER_FILES_H

#include "nsp.h"

/* Saves the key and all below it, without volatile keys, as a new hive file of format 1.minor.
 * ERROR_ALREADY_EXISTS, and what writing it gives; then there is no file. */
u32 files_save(const struct reg_row *row, const char16_t *path, u32 minor);
/* Puts what the file has in the place of what the key has. `as_volatile`: every subkey made is
 * volatile. ERROR_FILE_NOT_FOUND, ERROR_NOT_REGISTRY_FILE, ERROR_REGISTRY_CORRUPT. */
u32 files_restore(const struct reg_row *row, const char16_t *path, bool as_volatile);
/* The name of a hive file's root key. Errors as files_restore's. */
u32 files_root_name(const char16_t *path, char16_t name[KEY_NAME_MAX], u32 *len);
/* Copies values and subkeys of one key over another's. Keys that this makes have class and
 * security of their originals. ERROR_INVALID_PARAMETER: to lies below from. */
u32 files_copy(const struct reg_row *from, const struct reg_row *to);

#endif

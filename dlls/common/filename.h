/*
 * Names from packages as names of files: the one place where one becomes the other.
 *
 * A name from a file may be anything: a path, "..", a device, a name that another one equals where
 * case does not count. What is made of it here is one component of a path, on Windows and on the
 * host, and different names stay different.
 */
#ifndef DECANTER_FILENAME_H
#define DECANTER_FILENAME_H

#include "base.h"
#include "error.h"
#include "hash.h"

/* Whether the name is one component of a path on every system and nothing else: not empty, no
 * separator, colon, wild card or control character, not "." or "..", no dot or blank at its end, no
 * device (CON, NUL.txt, COM1, ...). */
bool file_name_is_plain(const char16_t *name, size_t len);

/* The name with every character that keeps it from being plain written as % and two digits, and so
 * every %; terminated. Returns its length, 0 where it does not fit cap units or len is 0. Three
 * units for one are enough, and one for the end. */
size_t file_name_of(const char16_t *name, size_t len, char16_t *out, size_t cap);

/* Names that were given in one place. Zeroed memory is an empty set. */
struct file_names {
    struct hash_map map;
    struct file_name_entry *entries;
    u32 count, cap;
};

/* Puts a mark that no name from file_name_of has ("%~2") behind the name where one that equals it
 * without case was given before. out of cap units has the name; 16 units more are enough.
 * ERROR_OUTOFMEMORY, ERROR_BUFFER_OVERFLOW. */
u32 file_names_add(struct file_names *set, char16_t *out, size_t cap);
void file_names_free(struct file_names *set);

#endif

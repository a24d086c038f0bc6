/*
 * An opened key: what a row of the handle table holds.
 *
 * The PATH column of MS-RRP is the key's identity: hive, cell and number. The number stays the
 * key's own when the cell moves or is given to another key; the path's text is made from the names
 * up to the root when somebody asks for it.
 */
#ifndef DECANTER_ROW_H
#define DECANTER_ROW_H

#include "base.h"

struct mount;

struct reg_row {
    struct mount *mount; /* the hive, or NULL for the keys that are in none */
    u32 id;              /* the key's number in its hive, or which of those (enum space_key) */
    u32 cell;            /* a hint: where the key was when the hive's structure was at `gen` */
    u32 gen;
    u32 access;  /* granted rights, and the KEY_WOW64 bits the key was opened with */
    u32 place;   /* where in the table of views the key is (place.h) */
    u32 flags;   /* enum row_flags */
    void *extra; /* what few rows have: a transaction (transact.h) */
};

enum row_flags {
    ROW_UPDATECOPY = 1, /* the UPDATECOPY column */
    ROW_CLASSES = 2,    /* below HKEY_CLASSES_ROOT: the merged view */
    ROW_LINK = 4,       /* the source of a symbolic link, opened as such */
    ROW_NO_REFLECT = 8, /* RegDisableReflectionKey */
    ROW_LENT = 16,      /* the kernel handle is not to be used again (handles.h) */
    ROW_PROTECTED = 32, /* HANDLE_FLAG_PROTECT_FROM_CLOSE */
};

#endif

/*
 * The File table, with what other tables say of its files, as actions look at it.
 */
#ifndef MSI_FILE_TABLE_H
#define MSI_FILE_TABLE_H

#include "install.h"
#include "textbuf.h"

enum file_attributes {
    FILE_READONLY = 1,
    FILE_HIDDEN = 2,
    FILE_SYSTEM = 4,
    FILE_CHECKSUM = 0x400,
    FILE_OF_PATCH = 0x1000, /* it comes in a patch's cabinet */
    FILE_NONCOMPRESSED = 0x2000,
    FILE_COMPRESSED = 0x4000,
};

struct file_row {
    const char16_t *key, *name; /* the session's; name is the long one, and anything */
    char16_t *source_name;      /* as the table has it, "short|long" */
    char16_t *version, *languages;
    u32 component; /* index, or NAME_NONE */
    bool beside;   /* as the session's file has it */
    u32 size, attributes;
    u32 sequence;
    bool hashed;
    u32 hash[4];
};

struct file_table {
    struct file_row *rows; /* in the order of the session's files */
    u32 *order;            /* their places, by sequence */
    u32 count;
};

/* After costing. ERROR_OUTOFMEMORY, or what the tables' reading gives. */
u32 file_table_read(struct session *s, struct file_table *t);
void file_table_free(struct file_table *t);

/* Adds the folder that the file is installed to, with a backslash at its end; its path. As
 * path_of_folder; ERROR_BAD_PATHNAME. */
u32 file_table_folder(struct install *in, const struct file_row *f, struct text_buf *out);
u32 file_table_path(struct install *in, const struct file_row *f, struct text_buf *out);
/* Whether the component, by its index or NAME_NONE, is to come to the disk now, or be made anew;
 * whether it goes. One that is there, and none of whose features is asked for anything, is let
 * alone. */
bool component_installs(const struct install *in, u32 component);
/* The same, or it is to be run from its source. */
bool component_comes(const struct install *in, u32 component);
bool component_removes(const struct install *in, u32 component);

#endif

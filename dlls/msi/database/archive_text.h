/*
 * The text of a text archive: its lines and fields, and the characters that stand for others.
 */
#ifndef MSI_ARCHIVE_TEXT_H
#define MSI_ARCHIVE_TEXT_H

#include "buf.h"
#include "error.h"

/* A piece of UTF-16 text, not terminated. */
struct text {
    char16_t *at;
    size_t len;
};

/* An archive in memory. */
struct archive {
    char16_t *all; /* what the pieces point into */
    bool stamped;  /* with a code page */
    u32 codepage;  /* which; 0 for none */
    struct text names, types;
    struct text keys; /* the third line without the code page: the table and its keys */
    struct text rows; /* the other lines */
};

/* Takes the bytes apart. Text without a stamp is in `codepage`. ERROR_FUNCTION_FAILED where there
 * are no three lines or the code page is not known, ERROR_OUTOFMEMORY. */
u32 archive_parse(const u8 *data, size_t len, u32 codepage, struct archive *a);
void archive_free(struct archive *a);

/* Takes the next line off the text; false at its end. A line ends with LF or CR LF. */
bool archive_line(struct text *rest, struct text *line);
/* Takes the next field off the line; false at its end. A line of n tabs has n + 1 fields; rest->at
 * is NULL after the last. */
bool archive_field(struct text *rest, struct text *field);
/* Puts the control characters of a field back, in place. */
void archive_unescape(struct text *field);

/* Appends UTF-16 text to a buffer of char16_t, as it is or with control characters replaced. */
u32 archive_add(struct buf *b, const char16_t *s, size_t len);
u32 archive_add_escaped(struct buf *b, const char16_t *s, size_t len);
u32 archive_add_number(struct buf *b, i32 value);

/* The path of the folder for a table's objects, from os_alloc. ERROR_OUTOFMEMORY,
 * ERROR_FUNCTION_FAILED for a name that can be no folder's. */
struct str_pool;
u32 archive_folder(const struct str_pool *p, u32 table, const char16_t *folder, char16_t **out);
/* folder and file as one terminated path from os_alloc, NULL without memory. */
char16_t *archive_path(const char16_t *folder, const char16_t *file);
u32 archive_read_file(const char16_t *path, u8 **data, size_t *len);
/* Writes UTF-16 text as a file in the code page. */
u32 archive_write_file(const char16_t *path, const char16_t *text, size_t len, u32 codepage);

#endif

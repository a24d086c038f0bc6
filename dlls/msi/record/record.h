/*
 * Records: fields 0 to n, each NULL, an integer, a text or a stream.
 *
 * Field 0 is there in every record and is not counted. Empty text is NULL. A record may be used
 * from any thread; each function is one step for the others. Lengths are in characters.
 */
#ifndef MSI_RECORD_H
#define MSI_RECORD_H

#include "object.h"
#include "recstream.h"

enum { REC_MAX_FIELDS = 65535, REC_NULL_INT = (int)0x80000000 };

/* REC_ROW is field 0 of a fetched record: not NULL, and nothing to read or to copy. */
enum rec_kind { REC_NULL, REC_INT, REC_TEXT, REC_STREAM, REC_ROW };

struct record;

/* NULL for more than REC_MAX_FIELDS or without memory. */
struct record *rec_create(u32 count);
/* With `size` bytes (at least 8) more for whoever made the record, the first 8 zeroed; rec_extra
 * gives them, or NULL. rec_attach makes them for a record that has none; NULL without memory. */
struct record *rec_create_with(u32 count, size_t size);
void *rec_extra(struct record *r);
void *rec_attach(struct record *r, size_t size);
static inline struct object *rec_object(struct record *r)
{
    return (struct object *)r;
}
static inline struct record *rec_from(struct object *o)
{
    return (struct record *)o;
}

u32 rec_count(const struct record *r);
/* ERROR_INVALID_PARAMETER for a field past the end. REC_NULL_INT makes it NULL. */
u32 rec_set_int(struct record *r, u32 field, i32 value);
/* ERROR_INVALID_FIELD for a field past the end, ERROR_OUTOFMEMORY. len 0 makes it NULL. */
u32 rec_set_text(struct record *r, u32 field, const char16_t *text, size_t len);
/* For a record that nobody else has yet, without its lock: rec_set_int; and a text of len (not 0)
 * characters, terminated, of which the place to write them is returned, NULL past the end or
 * without memory. */
u32 rec_fresh_int(struct record *r, u32 field, i32 value);
char16_t *rec_fresh_text(struct record *r, u32 field, size_t len);
/* Makes field 0 REC_ROW. */
void rec_set_row(struct record *r);
/* Whether field 0 has no text to format. */
bool rec_lacks_template(struct record *r);
/* Takes a reference on s. ERROR_INVALID_PARAMETER for field 0 and past the end. */
u32 rec_set_stream(struct record *r, u32 field, struct rec_stream *s);
/* Makes every field NULL, field 0 too. */
void rec_clear(struct record *r);
/* TRUE also past the end. */
bool rec_is_null(struct record *r, u32 field);
enum rec_kind rec_kind(struct record *r, u32 field);
/* The integer, or what the text says in decimal with an optional '-'; REC_NULL_INT otherwise. */
i32 rec_get_int(struct record *r, u32 field);
/* MsiRecordDataSize: 4 for an integer, characters of a text, bytes of a stream, 0 for NULL. */
u32 rec_data_size(struct record *r, u32 field);

/* A field's text between rec_lock and rec_unlock; an integer's decimal form is put in digits. */
struct rec_view {
    const char16_t *text; /* terminated */
    size_t len;
    char16_t digits[12];
};
void rec_lock(struct record *r);
void rec_unlock(struct record *r);
/* NULL and fields past the end are the empty text. ERROR_INVALID_PARAMETER for a stream. */
u32 rec_view(struct record *r, u32 field, struct rec_view *v);

/* A terminated copy from os_alloc of rec_view's text, NULL when there is no memory or it is a
 * stream. */
char16_t *rec_dup_text(struct record *r, u32 field, size_t *len);

/* --- stream fields -------------------------------------------------------------------------- */

/* Back to the stream's first byte. ERROR_INVALID_PARAMETER past the end and for field 0,
 * ERROR_INVALID_FIELD for what is no stream. */
u32 rec_rewind(struct record *r, u32 field);
/* Reads on from where the last call stopped. *n: capacity in, bytes out. buf NULL: *n becomes what
 * is left. ERROR_INVALID_PARAMETER past the end, ERROR_INVALID_DATA for NULL with *n 0,
 * ERROR_INVALID_DATATYPE for an integer or a text. */
u32 rec_read_stream(struct record *r, u32 field, void *buf, u32 *n);
/* The field's stream with a reference for the caller, or NULL. */
struct rec_stream *rec_get_stream(struct record *r, u32 field);

/* --- whole records -------------------------------------------------------------------------- */

/* Field `from` of one becomes field `to` of the other (may be the same record).
 * ERROR_INVALID_FIELD past the end. */
u32 rec_copy_field(struct record *dst, u32 to, struct record *src, u32 from);
struct record *rec_clone(struct record *r);

/* The decimal number of len characters as the installer reads one: digits after an optional '-',
 * modulo 2^32; REC_NULL_INT for anything else. */
i32 rec_parse_int(const char16_t *s, size_t len);
/* Writes the decimal form, terminated; returns its length. */
size_t rec_format_int(i32 value, char16_t out[12]);

#endif

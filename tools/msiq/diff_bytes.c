/*
 * diff of bytes: streams of rows, streams of no row (cabinets, signatures), storages.
 */
#include <stdio.h>
#include <string.h>

#include "diff.h"
#include "md5.h"
#include "namecodec.h"
#include "storage.h"

/* --- streams of rows -------------------------------------------------------------------------- */

static char16_t *stream_text(struct pkg_row *rec, u32 field)
{
    static u8 buffer[1 << 16];
    char text[80];
    struct md5 m;
    u32 digest[4], total = 0, n = 1;

    if (row_is_null(rec, field))
        return must_dup(u"");
    md5_init(&m);
    while (n) {
        u32 err;

        n = sizeof(buffer);
        err = row_read(rec, field, buffer, &n);
        if (err) {
            snprintf(text, sizeof(text), "[Binary Data: error %u after %u bytes]", (unsigned)err,
                     (unsigned)total);
            return from_ascii(text);
        }
        md5_add(&m, buffer, n);
        total += n;
    }
    md5_done(&m, digest);
    n = (u32)snprintf(text, sizeof(text), "[Binary Data: %u bytes, ", (unsigned)total);
    for (u32 i = 0; i < 16; i++)
        n += (u32)snprintf(text + n, sizeof(text) - n, "%02x",
                           (unsigned)(digest[i / 4] >> 8 * (i % 4) & 0xff));
    snprintf(text + n, sizeof(text) - n, "]");
    return from_ascii(text);
}

static u32 digest_column(struct pkg *db, const char16_t *table, u32 column, struct rows *r)
{
    char16_t *query = join(u"SELECT * FROM `", table, u"`", NULL);
    struct pkg_query *q;
    struct pkg_row *rec;
    u32 i = 0, err = pkg_run(db, query, NULL, &q);

    while (!err && i < r->count && !(err = pkg_fetch(q, &rec))) {
        os_free(r->row[i].cells[column]);
        r->row[i++].cells[column] = stream_text(rec, column + 1);
        row_free(rec);
    }
    pkg_query_close(q);
    os_free(query);
    return err ? complain(table, err) : ERROR_SUCCESS;
}

u32 diff_read_table(struct pkg *db, const char16_t *table, struct rows *out)
{
    u32 err = rows_table(db, table, out);

    for (u32 i = 0; !err && i < out->columns; i++)
        if (is_stream(out, i))
            err = digest_column(db, table, i, out);
    return err;
}

/* --- streams of no row, storages -------------------------------------------------------------- */

/* A table's own stream, a row's ("Table.key"), or the summary information: compared already. */
static bool is_compared(struct stg *root, const char16_t *stored)
{
    char16_t name[NAME_MAX_UNITS + 1], table_stored[NAME_STORED_MAX + 1];
    bool table;
    size_t n = 0, len = name_decode(stored, name, &table);

    if (table || (name[0] == 5 && is(name + 1, "SummaryInformation")))
        return true;
    while (n < len && name[n] != u'.')
        n++;
    return n && n < len && !name_encode(name, n, true, table_stored) &&
           stg_kind_of(root, table_stored) == STG_STREAM;
}

static u32 describe(struct stg *root, const struct stg_entry *e, char text[96])
{
    char digest[DIGEST_TEXT];
    struct storage_look look;
    u32 err;

    if (e->kind == STG_STORAGE) {
        err = storage_look(root, e->name, &look);
        snprintf(text, 96, "[%s: %llu bytes, %s]", look.kind, (unsigned long long)look.bytes,
                 look.digest);
    } else {
        err = stream_digest(root, e->name, digest);
        snprintf(text, 96, "[Binary Data: %llu bytes, %s]", (unsigned long long)e->size, digest);
    }
    /* what cannot be read is a difference from what can */
    if (err)
        snprintf(text, 96, "[error %u]", (unsigned)err);
    return err == ERROR_OUTOFMEMORY ? err : ERROR_SUCCESS;
}

static void print_entry(char sign, const struct stg_entry *e, const char *described)
{
    char16_t name[NAME_MAX_UNITS + 1], *text = from_ascii(described), *line;

    if (e->kind == STG_STORAGE)
        u16_copy(name, ARRAY_LEN(name), e->name);
    else
        name_decode(e->name, name, NULL);
    line = join(name, u"\t", text, NULL);
    diff_line(e->kind == STG_STORAGE ? u"_Storages" : u"_Streams", sign, line);
    os_free(line);
    os_free(text);
}

/* The entry of the other file that has the name and the kind. */
static bool find_entry(struct stg *root, const struct stg_entry *e, struct stg_entry *other)
{
    *other = (struct stg_entry){.name = e->name, .kind = e->kind};
    if (stg_kind_of(root, e->name) != e->kind)
        return false;
    if (e->kind == STG_STREAM && stg_stream_length(root, e->name, &other->size))
        other->size = 0; /* reading it tells what is wrong */
    return true;
}

/* An entry of one file beside that of the other. */
static u32 diff_entry(struct stg *from, const struct stg_entry *e, struct stg *to, char sign)
{
    char text[96], other_text[96] = "";
    struct stg_entry other;
    bool both = find_entry(to, e, &other);
    u32 err = describe(from, e, text);

    if (!err && both)
        err = describe(to, &other, other_text);
    if (err || !strcmp(text, other_text))
        return err;
    print_entry(sign, e, text);
    if (both)
        print_entry(sign == '-' ? '+' : '-', &other, other_text);
    return ERROR_SUCCESS;
}

static u32 diff_lists(struct stg *a, const struct stg_list *la, struct stg *b,
                      const struct stg_list *lb)
{
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; !err && i < la->count; i++) {
        const struct stg_entry *e = &la->entries[i];

        progress("comparing stream", i, la->count);
        if (e->kind == STG_STORAGE || !is_compared(a, e->name))
            err = diff_entry(a, e, b, '-');
    }
    for (u32 i = 0; !err && i < lb->count; i++) {
        const struct stg_entry *e = &lb->entries[i];

        if ((e->kind == STG_STORAGE || !is_compared(b, e->name)) &&
            stg_kind_of(a, e->name) != e->kind)
            err = diff_entry(b, e, a, '+');
    }
    progress("comparing stream", 1, 1);
    return err;
}

u32 diff_storage(const char16_t *old, const char16_t *new)
{
    struct stg *a = NULL, *b = NULL;
    struct stg_list la = {0}, lb = {0};
    u32 err = stg_open(old, STG_READ, &a);

    if (!err)
        err = stg_list(a, &la);
    if (err)
        complain(old, err);
    if (!err) {
        err = stg_open(new, STG_READ, &b);
        if (!err)
            err = stg_list(b, &lb);
        if (!err)
            err = diff_lists(a, &la, b, &lb);
        if (err)
            complain(new, err);
    }
    stg_list_free(&la);
    stg_list_free(&lb);
    stg_close(a);
    stg_close(b);
    return err;
}

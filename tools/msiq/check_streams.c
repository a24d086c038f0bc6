/*
 * validate: the streams. Each can be read; each belongs to a row, a medium or the system; each
 * object of a row has one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "hash.h"
#include "namecodec.h"

/* The stored names of the streams that rows have. */
struct names {
    struct hash_map map;
    char16_t (*stored)[NAME_STORED_MAX + 1];
    u32 count, room;
};

static bool same_name(const void *ctx, u32 value, const void *item)
{
    const struct names *n = ctx;

    return u16_equal(n->stored[value], item);
}

static u32 hash_of(const char16_t *stored)
{
    return hash_bytes(stored, u16_len(stored) * sizeof(*stored));
}

static bool has_name(const struct names *n, const char16_t *stored)
{
    return hash_find(&n->map, hash_of(stored), same_name, n, stored) != HASH_NONE;
}

static void add_name(struct names *n, const char16_t *stored)
{
    if (n->count == n->room) {
        n->room = n->room * 2 + 16;
        n->stored = must_realloc(n->stored, n->room * sizeof(*n->stored));
    }
    u16_copy(n->stored[n->count], NAME_STORED_MAX + 1, stored);
    if (!hash_add(&n->map, hash_of(stored), n->count))
        n->count++;
}

/* --- objects of rows -------------------------------------------------------------------------- */

static void check_object(struct check *c, struct table *t, u32 row, void *ctx)
{
    char16_t name[NAME_MAX_UNITS + 1], stored[NAME_STORED_MAX + 1];
    struct names *names = ctx;
    char16_t *table, *key;

    for (u32 i = 0; i < tbl_columns(t); i++) {
        if (!col_is_object(tbl_column(t, i)->type) || !tbl_get(t, row, i))
            continue;
        table = must(sp_dup(c->pool, tbl_name(t)));
        key = check_key(c, t, row);
        if (db_core_stream_name(c->db, t, row, name, ARRAY_LEN(name)) ||
            name_encode(name, u16_len(name), false, stored))
            found(c, LEVEL_ERROR, table, key, "the row's stream cannot have such a long name",
                  "give the row a shorter key");
        else if (stg_kind_of(c->stg, stored) != STG_STREAM &&
                 stg_kind_of(c->stg, name) != STG_STREAM)
            found(c, LEVEL_ERROR, table, key, "the row's stream is not there",
                  "put it in: 'msiq streams FILE put Table.Key PATH'");
        else
            add_name(names, stored);
        os_free(key);
        os_free(table);
    }
}

static void collect(struct check *c, struct names *names)
{
    struct table *t;

    for (u32 at = 0; c->db && (t = db_core_next_table(c->db, &at));) {
        char16_t *name = must(sp_dup(c->pool, tbl_name(t)));

        check_each(c, check_table(c, name), check_object, names);
        os_free(name);
    }
}

/* --- streams ---------------------------------------------------------------------------------- */

static u32 read_whole(struct stg *s, const char16_t *stored)
{
    static u8 buffer[1 << 16];
    struct stg_stream *st;
    u32 got = 1, err = stg_stream_open(s, stored, &st);

    if (err)
        return err;
    for (u64 at = 0; !err && got; at += got)
        err = stg_stream_read(st, at, buffer, sizeof(buffer), &got);
    stg_stream_close(st);
    return err;
}

static bool is_system_table(const char16_t *name)
{
    return is(name, "_StringPool") || is(name, "_StringData") || is(name, "_Tables") ||
           is(name, "_Columns");
}

static void match_cabinet(struct check *c, struct table *t, u32 row, void *ctx)
{
    struct {
        const char16_t *name;
        bool found;
    } *look = ctx;
    char16_t *cabinet = check_text(c, t, row, check_column(c, t, u"Cabinet"));

    if (cabinet[0] == u'#' && !compare(cabinet + 1, look->name))
        look->found = true;
    os_free(cabinet);
}

static bool is_in_media(struct check *c, const char16_t *name)
{
    struct {
        const char16_t *name;
        bool found;
    } look = {name, false};

    check_each(c, check_table(c, u"Media"), match_cabinet, &look);
    return look.found;
}

/* "Table.key" of a table with objects. */
static bool is_of_table(struct check *c, const char16_t *name)
{
    size_t n = 0;
    char16_t *table_name;
    struct table *t;

    while (name[n] && name[n] != u'.')
        n++;
    if (!name[n])
        return false;
    table_name = must(u16_dup(name, n));
    t = check_table(c, table_name);
    os_free(table_name);
    for (u32 i = 0; t && i < tbl_columns(t); i++)
        if (col_is_object(tbl_column(t, i)->type))
            return true;
    return false;
}

static void check_owner(struct check *c, const struct names *names, const char16_t *stored)
{
    char16_t name[NAME_MAX_UNITS + 1];
    bool table;

    name_decode(stored, name, &table);
    if (!c->db || name[0] == 5 || (table && is_system_table(name)))
        return;
    if (table && db_core_presence(c->db, name, u16_len(name)) != TBL_PERSISTENT)
        found(c, LEVEL_ERROR, name, NULL, "a table's stream, but _Tables does not name the table",
              "Windows never shows its rows; take the stream out with another tool or ignore it");
    if (table || has_name(names, stored))
        return;
    if (is_of_table(c, name))
        found(c, LEVEL_ERROR, u"_Streams", name, "a stream of a row that is not there",
              "add the row, or 'msiq streams FILE delete NAME'");
    else if (!is_in_media(c, name) && !c->module && c->kind != KIND_PATCH)
        found(c, LEVEL_WARNING, u"_Streams", name, "no row of Media or of a table names it",
              "what nobody asks for only takes room: 'msiq streams FILE delete NAME'");
}

void check_streams(struct check *c)
{
    struct names names = {0};
    struct stg_list list;
    u32 err = stg_list(c->stg, &list);

    if (err) {
        found(c, LEVEL_ERROR, u"directory", NULL,
              "the compound file's directory is damaged: Windows answers 1620",
              "'msiq streams all' takes out what can be read");
        return;
    }
    hash_init(&names.map);
    collect(c, &names);
    for (u32 i = 0; i < list.count; i++) {
        char16_t name[NAME_MAX_UNITS + 1];

        progress("reading stream", i, list.count);
        if (list.entries[i].kind != STG_STREAM)
            continue;
        name_decode(list.entries[i].name, name, NULL);
        if (read_whole(c->stg, list.entries[i].name))
            found(c, LEVEL_ERROR, u"_Streams", name, "its bytes cannot be read whole",
                  "the file was cut or damaged: get it again");
        check_owner(c, &names, list.entries[i].name);
    }
    progress("reading stream", 1, 1);
    stg_list_free(&list);
    hash_free(&names.map);
    os_free(names.stored);
}

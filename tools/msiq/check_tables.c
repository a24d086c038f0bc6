/*
 * validate: the string pool and the tables as they are stored (strpool_io.c and table_io.c have the
 * forms).
 */
#include <stdio.h>
#include <string.h>

#include "buf.h"
#include "check.h"
#include "codepage.h"
#include "namecodec.h"

/* --- the pool --------------------------------------------------------------------------------- */

static void count_row(struct check *c, struct table *t, u32 row, void *ctx)
{
    u32 *counts = ctx, limit = sp_limit(c->pool);

    for (u32 i = 0; i < tbl_columns(t); i++) {
        u32 cell = col_is_text(tbl_column(t, i)->type) ? tbl_get(t, row, i) : 0;

        if (cell && cell < limit)
            counts[cell]++;
    }
}

static void count_table(struct check *c, const char16_t *name, u32 *counts)
{
    struct table *t;

    if (!db_core_table(c->db, name, u16_len(name), &t))
        check_each(c, t, count_row, counts);
}

static void count_all(struct check *c, u32 *counts)
{
    struct table *t;

    count_table(c, u"_Tables", counts);
    count_table(c, u"_Columns", counts);
    for (u32 at = 0; (t = db_core_next_table(c->db, &at));) {
        char16_t *name = must(sp_dup(c->pool, tbl_name(t)));

        count_table(c, name, counts);
        os_free(name);
    }
}

static void compare_counts(struct check *c, const u32 *stored, const u32 *counts, u32 limit)
{
    u32 low = 0, gone = 0, first_low = 0, first_gone = 0;

    for (u32 id = 1; id < limit; id++) {
        if (counts[id] && !stored[id]) {
            first_gone = gone++ ? first_gone : id;
        } else if (stored[id] < 0xffff && counts[id] > stored[id]) {
            first_low = low++ ? first_low : id;
        }
    }
    if (gone) {
        char16_t *text = must(sp_dup(c->pool, first_gone));

        found(c, LEVEL_ERROR, u"_StringPool", text,
              "a text that rows use has a count of 0: Windows takes its place for free",
              "any change that is committed ('msiq sql') writes the counts anew");
        os_free(text);
    }
    if (low) {
        char16_t *text = must(sp_dup(c->pool, first_low));
        char words[96];

        snprintf(words, sizeof(words), "%u text%s used more often than counted", (unsigned)low,
                 low == 1 ? " is" : "s are");
        found(c, LEVEL_WARNING, u"_StringPool", text, words,
              "Windows forgets such a text when rows are deleted; any change that is committed "
              "writes the counts anew");
        os_free(text);
    }
}

void check_pool(struct check *c)
{
    u32 limit = sp_limit(c->pool), cp = sp_codepage(c->pool);
    u32 *stored = must_alloc(limit * sizeof(u32)), *counts = must_alloc(limit * sizeof(u32));

    memset(counts, 0, limit * sizeof(u32));
    for (u32 id = 0; id < limit; id++)
        stored[id] = id ? sp_refs(c->pool, id, SP_PERSISTENT) : 0;
    count_all(c, counts);
    compare_counts(c, stored, counts, MIN(limit, sp_limit(c->pool)));
    if (cp && !codepage_known(cp))
        found(c, LEVEL_ERROR, u"_ForceCodepage", NULL, "a code page that is not known",
              "import a text archive _ForceCodepage.idt");
    os_free(counts);
    os_free(stored);
}

/* --- a stored table --------------------------------------------------------------------------- */

struct stored {
    const struct table *t;
    u8 *data;
    size_t len;
    u32 ref_bytes, row_bytes, rows;
    u32 width[TBL_MAX_COLUMNS];
};

static u32 cell_at(const struct stored *s, u32 row, u32 col)
{
    const u8 *at = s->data;

    for (u32 i = 0; i < col; i++)
        at += (size_t)s->rows * s->width[i];
    at += (size_t)row * s->width[col];
    return s->width[col] == 2 ? le16(at) : s->width[col] == 3 ? le24(at) : le32(at);
}

static int compare_stored(const struct stored *s, u32 a, u32 b)
{
    for (u32 i = 0; i < tbl_keys(s->t); i++) {
        u32 x = cell_at(s, a, i), y = cell_at(s, b, i);

        if (x != y)
            return x < y ? -1 : 1;
    }
    return 0;
}

static void measure(struct stored *s)
{
    for (u32 i = 0; i < tbl_columns(s->t); i++) {
        u32 type = tbl_column(s->t, i)->type;

        s->width[i] = col_is_text(type) ? s->ref_bytes : col_is_int(type) ? col_int_size(type) : 2;
        s->row_bytes += s->width[i];
    }
    s->rows = s->row_bytes ? (u32)(s->len / s->row_bytes) : 0;
}

static char16_t *stored_key(struct check *c, const struct stored *s, u32 row)
{
    u32 type = tbl_column(s->t, 0)->type, cell = cell_at(s, row, 0);
    char number[16];

    if (col_is_text(type))
        return must(sp_dup(c->pool, sp_valid(c->pool, cell) ? cell : 0));
    snprintf(number, sizeof(number), "%d",
             (int)(col_int_size(type) == 2 ? (i32)cell - 0x8000 : cell_to_int(cell)));
    return from_ascii(number);
}

static void check_order(struct check *c, const struct stored *s, const char16_t *name)
{
    bool order_said = false;

    for (u32 row = 1; row < s->rows; row++) {
        int d = compare_stored(s, row - 1, row);
        char16_t *key;

        if (d < 0 || (d > 0 && order_said))
            continue;
        key = stored_key(c, s, row);
        if (!d) {
            found(c, LEVEL_ERROR, name, key, "this key is there twice: Windows answers 1620",
                  "export the table, take one of the rows out, import it");
        } else {
            order_said = true;
            found(c, LEVEL_ERROR, name, key,
                  "the rows are not stored in the order of their keys: Windows answers 1620",
                  "export the table and import it again: 'msiq export --out', 'msiq import'");
        }
        os_free(key);
    }
}

static void check_nulls(struct check *c, const struct stored *s, const char16_t *name)
{
    for (u32 i = 0; i < tbl_columns(s->t); i++) {
        const struct column *col = tbl_column(s->t, i);

        if (col->type & COL_NULLABLE)
            continue;
        for (u32 row = 0; row < s->rows; row++) {
            char16_t *key, *column, *where;

            if (cell_at(s, row, i))
                continue;
            key = stored_key(c, s, row);
            column = must(sp_dup(c->pool, col->name));
            where = join(name, u".", column, NULL);
            found(c, LEVEL_WARNING, where, key, "empty, though the column takes no null",
                  "give it a value");
            os_free(where);
            os_free(column);
            os_free(key);
            break;
        }
    }
}

static void check_stored(struct check *c, struct stored *s, const char16_t *name)
{
    struct table *loaded;

    measure(s);
    if (!s->row_bytes || s->len % s->row_bytes) {
        found(c, LEVEL_ERROR, name, NULL,
              "its stream is no whole number of rows: Windows answers 1620",
              "the columns in _Columns are not those it was written with, or it was cut");
        return;
    }
    if (db_core_table(c->db, name, u16_len(name), &loaded)) {
        found(c, LEVEL_ERROR, name, NULL,
              "a row refers to a text that is not in the pool: Windows answers 1620",
              "export what can be read of the other tables and make the file anew");
        return;
    }
    check_order(c, s, name);
    if (!check_table(c, u"_Validation"))
        check_nulls(c, s, name);
}

static void check_one(struct check *c, const struct table *t, u32 ref_bytes)
{
    char16_t *name = must(sp_dup(c->pool, tbl_name(t))), stored[NAME_STORED_MAX + 1];
    struct stored s = {.t = t, .ref_bytes = ref_bytes};

    if (name_encode(name, u16_len(name), true, stored)) {
        found(c, LEVEL_ERROR, name, NULL, "no stream can have the table's name", "rename it");
    } else if (stg_kind_of(c->stg, stored) == STG_STREAM &&
               !stg_read_all(c->stg, stored, &s.data, &s.len)) {
        check_stored(c, &s, name);
        os_free(s.data);
    }
    os_free(name);
}

void check_tables(struct check *c)
{
    char16_t pool_name[NAME_STORED_MAX + 1];
    u32 ref_bytes = 2;
    struct table *t;
    size_t len;
    u8 *pool;

    name_encode(u"_StringPool", 11, true, pool_name);
    if (!stg_read_all(c->stg, pool_name, &pool, &len)) {
        ref_bytes = len >= 4 && le32(pool) >> 31 ? 3 : 2;
        os_free(pool);
    }
    for (u32 at = 0; (t = db_core_next_table(c->db, &at));)
        check_one(c, t, ref_bytes);
}

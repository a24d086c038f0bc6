/*
 * Notes of changes, and undoing them.
 */
#include <string.h>

#include "dbcore_impl.h"
#include "os.h"
#include "undo.h"

enum undo_kind {
    TOUCHED,   /* the table as it was before its first change: p is a struct state */
    INSERTED,  /* row */
    DELETED,   /* row; its cells keep their references */
    SET,       /* row, col: old is the stored cell, which keeps its reference, of kind `ref` */
    TEMPORARY, /* row: old tells what it was */
    COLUMN,    /* the last one */
    TYPE,      /* col: old is the type */
    LISTED,
    DROPPED, /* p is a struct rows, once they are stashed; old is the table's place */
    STREAM,  /* p is a struct stg_saved */
};

struct note {
    u8 kind, col, ref;
    u32 row, old;
    struct table *t;
    void *p;
};

/* What a table knows beside its rows. */
struct state {
    bool dirty, keep_order, sorted;
    u32 hold;
};

/* All that is of a table's rows. */
struct rows {
    struct column_data data[TBL_MAX_COLUMNS];
    u8 *flags;
    u32 *order;
    u32 slots, cap, live, ordered;
    bool sorted, keep_order;
};

struct undo {
    struct buf notes; /* struct note */
    u32 codepage;
};

static struct note *note_at(const struct undo *u, size_t i)
{
    return (struct note *)(void *)u->notes.data + i;
}

static size_t count(const struct undo *u)
{
    return u->notes.len / sizeof(struct note);
}

static u32 add(struct undo *u, struct note n)
{
    return buf_add(&u->notes, &n, sizeof(n));
}

/* --- notes ------------------------------------------------------------------------------------ */

u32 undo_touch(struct table *t)
{
    struct state *was;
    u32 err;

    if (!undo_is_on(t) || t->touched)
        return ERROR_SUCCESS;
    was = os_alloc(sizeof(*was));
    if (!was)
        return ERROR_OUTOFMEMORY;
    *was = (struct state){t->dirty, t->keep_order, t->sorted, t->hold};
    err = add(*t->undo, (struct note){.kind = TOUCHED, .t = t, .p = was});
    if (err) {
        os_free(was);
        return err;
    }
    t->touched = true;
    tbl_retain(t);
    tbl_pin(t);
    return ERROR_SUCCESS;
}

static u32 note(struct table *t, struct note n)
{
    u32 err;

    if (!undo_is_on(t))
        return ERROR_SUCCESS;
    err = undo_touch(t);
    n.t = t;
    return err ? err : add(*t->undo, n);
}

u32 undo_note_insert(struct table *t, u32 row)
{
    return note(t, (struct note){.kind = INSERTED, .row = row});
}

u32 undo_note_delete(struct table *t, u32 row)
{
    return note(t, (struct note){.kind = DELETED, .row = row});
}

u32 undo_note_set(struct table *t, u32 row, u32 col, enum sp_ref kind)
{
    return note(t, (struct note){.kind = SET,
                                 .row = row,
                                 .col = (u8)col,
                                 .ref = (u8)kind,
                                 .old = tbl_raw(&t->data[col], row)});
}

u32 undo_note_temporary(struct table *t, u32 row)
{
    return note(t, (struct note){.kind = TEMPORARY, .row = row, .old = tbl_row_temporary(t, row)});
}

u32 undo_note_column(struct table *t)
{
    return note(t, (struct note){.kind = COLUMN});
}

u32 undo_note_type(struct table *t, u32 col)
{
    return note(t, (struct note){.kind = TYPE, .col = (u8)col, .old = t->column[col].type});
}

void undo_forget_column(struct table *t)
{
    struct undo *u = undo_is_on(t) ? *t->undo : NULL;
    size_t n = u ? count(u) : 0;
    struct note *last;

    if (!n)
        return;
    last = note_at(u, n - 1);
    while (last->kind != COLUMN || last->t != t)
        last--;
    memmove(last, last + 1, (size_t)((u8 *)note_at(u, n) - (u8 *)(last + 1)));
    u->notes.len -= sizeof(*last);
}

u32 undo_note_listed(struct db_core *db, struct table *t)
{
    UNUSED(db);
    return note(t, (struct note){.kind = LISTED});
}

u32 undo_note_dropped(struct db_core *db, struct table *t)
{
    struct rows *rows;
    u32 err;

    if (!db->undo)
        return ERROR_SUCCESS;
    rows = os_calloc(1, sizeof(*rows));
    if (!rows)
        return ERROR_OUTOFMEMORY;
    err = note(t, (struct note){.kind = DROPPED, .p = rows, .old = t->place});
    if (err)
        os_free(rows);
    return err;
}

u32 undo_note_stream(struct db_core *db, struct stg *stg, const char16_t *stored)
{
    struct stg_saved *saved;
    u32 err;

    if (!db->undo)
        return ERROR_SUCCESS;
    err = stg_save_name(stg, stored, &saved);
    if (err == ERROR_ALREADY_EXISTS)
        return ERROR_FUNCTION_FAILED;
    if (!err) {
        err = add(db->undo, (struct note){.kind = STREAM, .p = saved});
        if (err)
            stg_forget(saved);
    }
    return err;
}

/* --- the rows of a dropped table -------------------------------------------------------------- */

void undo_stash(struct table *t)
{
    struct undo *u = *t->undo;
    struct note *n = note_at(u, count(u) - 1);
    struct rows *r;

    while (n->kind != DROPPED || n->t != t)
        n--;
    r = n->p;
    tbl_index_drop_all(t);
    memcpy(r->data, t->data, sizeof(r->data));
    for (u32 i = 0; i < t->columns; i++)
        t->data[i].cells = NULL;
    r->flags = t->flags;
    r->order = t->order;
    r->slots = t->slots;
    r->cap = t->cap;
    r->live = t->live;
    r->ordered = t->ordered;
    r->sorted = t->sorted;
    r->keep_order = t->keep_order;
    t->flags = NULL;
    t->order = NULL;
    t->slots = t->cap = t->live = t->ordered = 0;
    t->sorted = true;
}

static void unstash(struct table *t, const struct rows *r)
{
    memcpy(t->data, r->data, sizeof(t->data));
    t->flags = r->flags;
    t->order = r->order;
    t->slots = r->slots;
    t->cap = r->cap;
    t->live = r->live;
    t->ordered = r->ordered;
    t->sorted = r->sorted;
    t->keep_order = r->keep_order;
    t->version++;
    t->order_version++;
}

/* --- undoing ---------------------------------------------------------------------------------- */

/* Without the file's order the rows lie as they did before others came behind them. */
static void untouch(struct table *t, const struct state *was)
{
    if (was->keep_order) {
        os_free(t->order);
        t->order = NULL;
        t->ordered = t->slots;
        t->keep_order = true;
        t->sorted = was->sorted;
        t->order_version++;
    }
    t->dirty = was->dirty;
    t->hold = was->hold;
}

static void put_cell_back(struct table *t, const struct note *n)
{
    tbl_index_remove(t, n->row, 1u << n->col);
    tbl_unref_cell(t, n->row, n->col);
    tbl_put_raw(&t->data[n->col], n->row, n->old);
    tbl_index_add(t, n->row, 1u << n->col);
    if (n->col < t->keys)
        t->sorted = false;
    t->version++;
}

static void put_row_back(struct table *t, u32 row)
{
    t->flags[row] &= (u8) ~(u32)ROW_GONE;
    t->live++;
    tbl_index_add(t, row, ~0u);
    t->version++;
}

/* The flags are there: a table of which a row was inserted or deleted has some. */
static void take_row_out(struct table *t, u32 row)
{
    tbl_index_remove(t, row, ~0u);
    for (u32 i = 0; i < t->columns; i++)
        tbl_unref_cell(t, row, i);
    t->flags[row] |= ROW_GONE;
    t->live--;
    t->version++;
}

static void undo_table(struct db_core *db, const struct note *n)
{
    struct table *t = n->t;

    if (n->kind == LISTED) {
        if (!cat_is_listed(db, t)) /* that failed */
            return;
        cat_unlist(db, t);
        t->gone = true;
        tbl_release(t); /* the list's; the note has one of its own */
        return;
    }
    if (n->kind == DROPPED) {
        unstash(t, n->p);
        cat_bring_back(db, t, n->old);
        return;
    }
    if (n->kind == COLUMN)
        tbl_remove_last_column(t);
    else
        t->column[n->col].type = (u16)n->old;
    t->schema++;
}

static void undo_one(struct db_core *db, const struct note *n)
{
    switch ((enum undo_kind)n->kind) {
    case TOUCHED:
        untouch(n->t, n->p);
        break;
    case INSERTED:
        take_row_out(n->t, n->row);
        break;
    case DELETED:
        put_row_back(n->t, n->row);
        break;
    case SET:
        put_cell_back(n->t, n);
        break;
    case TEMPORARY:
        tbl_set_temporary(n->t, n->row, n->old != 0);
        break;
    case COLUMN:
    case TYPE:
    case LISTED:
    case DROPPED:
        undo_table(db, n);
        break;
    case STREAM:
        stg_put_back(n->p);
        break;
    }
}

/* --- keeping ---------------------------------------------------------------------------------- */

/* What went gives its references up. Dropped tables have their rows back before, for the cells of
 * rows that had gone earlier, and lose them after. */
static void let_go(const struct undo *u)
{
    size_t n = count(u);

    for (size_t i = 0; i < n; i++)
        if (note_at(u, i)->kind == DROPPED)
            unstash(note_at(u, i)->t, note_at(u, i)->p);
    for (size_t i = 0; i < n; i++) {
        const struct note *one = note_at(u, i);

        if (one->kind == DELETED)
            for (u32 col = 0; col < one->t->columns; col++)
                tbl_unref_cell(one->t, one->row, col);
        else if (one->kind == SET && col_is_text(one->t->column[one->col].type))
            sp_release(one->t->pool, one->old, one->ref);
    }
    for (size_t i = 0; i < n; i++)
        if (note_at(u, i)->kind == DROPPED) {
            tbl_clear(note_at(u, i)->t, false);
            note_at(u, i)->t->dirty = false;
        }
}

/* --- the whole -------------------------------------------------------------------------------- */

static void free_notes(struct undo *u)
{
    size_t n = count(u);

    for (size_t i = 0; i < n; i++) {
        struct note *one = note_at(u, i);

        if (one->kind == STREAM)
            stg_forget(one->p);
        else
            os_free(one->p);
    }
    for (size_t i = 0; i < n; i++) {
        struct note *one = note_at(u, i);

        if (one->kind != TOUCHED)
            continue;
        one->t->touched = false;
        tbl_unpin(one->t);
        tbl_release(one->t);
    }
    buf_free(&u->notes);
    os_free(u);
}

u32 db_core_begin(struct db_core *db)
{
    struct undo *u = os_calloc(1, sizeof(*u));

    if (!u)
        return ERROR_OUTOFMEMORY;
    u->codepage = sp_codepage(db->strings);
    db->undo = u;
    return ERROR_SUCCESS;
}

u32 db_core_end(struct db_core *db, u32 err)
{
    struct undo *u = db->undo;

    if (!err) {
        let_go(u);
        db->undo = NULL;
    } else {
        db->undo = NULL; /* what is done from here on is not noted */
        for (size_t i = count(u); i-- > 0;)
            undo_one(db, note_at(u, i));
        sp_put_codepage(db->strings, u->codepage);
    }
    free_notes(u);
    return err;
}

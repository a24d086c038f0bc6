/*
 * Applying a patch to a session's database, and numbering anew what it brings.
 *
 * Rows are told from those that were there by their numbers, which they keep while their table is
 * pinned. A file is the patch's where #NAME changed its row, or marks it as one that a patch added.
 */
#include <stdlib.h>
#include <string.h>

#include "patching.h"
#include "stg.h"
#include "trace.h"
#include "utf16.h"

enum {
    FIRST_DISK = 100,
    FIRST_SEQUENCE = 10000,
    OUT_OF_THE_WAY = 16384, /* where DiskIds are while the patch's are added */
    PATCH_ADDED = 0x1000    /* msidbFileAttributesPatchAdded */
};

/* A table, with two columns of numbers as they were. */
struct was {
    struct table *t;
    u32 limit;
    u32 *cells[2];
};

struct renumbering {
    struct session *s;
    struct db_core *db;
    struct session_patch *p;
    struct was before, between, patch; /* File before NAME and before #NAME; Patch before it */
    u32 *sequences;                    /* of what the patch brings, in order and each once */
    u32 count, cap;
    i32 disk, sequence; /* the first free ones */
};

static struct table *table_of(struct renumbering *r, const char16_t *name)
{
    struct table *t;

    return db_core_table(r->db, name, u16_len(name), &t) ? NULL : t;
}

/* What a package declares is not to be believed: a column of another kind is none. */
static u32 column_like(struct renumbering *r, const struct table *t, const char16_t *name,
                       bool text)
{
    u32 id = 0, col;

    if (!t || sp_find(db_core_strings(r->db), name, u16_len(name), &id))
        return TBL_NONE;
    col = tbl_column_find(t, id);
    if (col == TBL_NONE)
        return col;
    return (text ? col_is_text(tbl_column(t, col)->type) : col_is_int(tbl_column(t, col)->type))
               ? col
               : TBL_NONE;
}

static u32 column_of(struct renumbering *r, const struct table *t, const char16_t *name)
{
    return column_like(r, t, name, false);
}

static i32 number_at(const struct table *t, u32 row, u32 col)
{
    u32 cell = col == TBL_NONE ? 0 : tbl_get(t, row, col);

    return cell ? cell_to_int(cell) : 0;
}

static u32 set_number(struct renumbering *r, struct table *t, u32 row, u32 col, i32 number)
{
    struct value values[TBL_MAX_COLUMNS] = {{VALUE_NULL, 0, NULL, 0, NULL}};

    if (col == TBL_NONE)
        return ERROR_PATCH_PACKAGE_INVALID;
    values[col].kind = VALUE_INT;
    values[col].i = number;
    return db_core_update(r->db, t, row, 1u << col, values);
}

/* --- what was there -----------------------------------------------------------------------------
 */

static u32 remember(struct renumbering *r, struct was *w, const char16_t *name, const char16_t *a,
                    const char16_t *b)
{
    const char16_t *const columns[2] = {a, b};

    w->t = table_of(r, name);
    if (!w->t)
        return ERROR_SUCCESS;
    tbl_pin(tbl_retain(w->t));
    w->limit = tbl_row_limit(w->t);
    for (u32 c = 0; c < 2; c++) {
        u32 col = column_of(r, w->t, columns[c]);

        w->cells[c] = os_calloc(w->limit + 1u, sizeof(*w->cells[c]));
        if (!w->cells[c])
            return ERROR_OUTOFMEMORY;
        for (u32 i = 0; col != TBL_NONE && i < w->limit; i++)
            if (tbl_row_exists(w->t, i))
                w->cells[c][i] = tbl_get(w->t, i, col);
    }
    return ERROR_SUCCESS;
}

static void forget(struct was *w)
{
    if (w->t) {
        tbl_unpin(w->t);
        tbl_release(w->t);
    }
    os_free(w->cells[0]);
    os_free(w->cells[1]);
}

/* Whether the row is there now and was not like that; a table that was dropped had no rows. */
static bool differs(const struct was *w, const struct table *t, u32 row, u32 a, u32 b)
{
    return w->t != t || row >= w->limit || w->cells[0][row] != tbl_get(t, row, a) ||
           w->cells[1][row] != tbl_get(t, row, b);
}

/* --- sequences ----------------------------------------------------------------------------------
 */

static u32 add_sequence(struct renumbering *r, i32 sequence)
{
    if (r->count == r->cap) {
        u32 cap = r->cap ? r->cap * 2 : 64;
        u32 *more = os_realloc_array(r->sequences, cap, sizeof(*more));

        if (!more)
            return ERROR_OUTOFMEMORY;
        r->sequences = more;
        r->cap = cap;
    }
    r->sequences[r->count++] = (u32)MAX(sequence, 0);
    return ERROR_SUCCESS;
}

static int by_number(const void *a, const void *b)
{
    u32 x = *(const u32 *)a, y = *(const u32 *)b;

    return x < y ? -1 : x > y;
}

static void sort_sequences(struct renumbering *r)
{
    u32 kept = 0;

    if (r->count)
        qsort(r->sequences, r->count, sizeof(*r->sequences), by_number);
    for (u32 i = 0; i < r->count; i++)
        if (!i || r->sequences[i] != r->sequences[i - 1])
            r->sequences[kept++] = r->sequences[i];
    r->count = kept;
}

/* How many of the sequences are not above that. */
static i32 rank(const struct renumbering *r, i32 sequence)
{
    u32 low = 0, high = r->count;

    while (low < high) {
        u32 mid = low + (high - low) / 2;

        if ((i64)r->sequences[mid] <= sequence)
            low = mid + 1;
        else
            high = mid;
    }
    return (i32)low;
}

static bool is_files(const struct renumbering *r, const struct table *t, u32 row, u32 sequence,
                     u32 attributes)
{
    if (!tbl_row_exists(t, row))
        return false;
    if (differs(&r->between, t, row, sequence, attributes))
        return true;
    return (number_at(t, row, attributes) & PATCH_ADDED) &&
           differs(&r->before, t, row, sequence, attributes);
}

/* Calls each for the rows of File and Patch that the patch brings. */
static u32 for_rows(struct renumbering *r,
                    u32 (*each)(struct renumbering *r, struct table *t, u32 row, u32 col))
{
    struct table *files = table_of(r, u"File"), *patches = table_of(r, u"Patch");
    u32 sequence = column_of(r, files, u"Sequence"), err = ERROR_SUCCESS;
    u32 attributes = column_of(r, files, u"Attributes"), of_patch;

    if (files && (sequence == TBL_NONE || attributes == TBL_NONE))
        return ERROR_PATCH_PACKAGE_INVALID;
    for (u32 i = 0; files && !err && i < tbl_row_limit(files); i++)
        if (is_files(r, files, i, sequence, attributes))
            err = each(r, files, i, sequence);
    of_patch = column_of(r, patches, u"Sequence");
    for (u32 i = 0; patches && !err && i < tbl_row_limit(patches); i++)
        if (tbl_row_exists(patches, i) &&
            (r->patch.t != patches || i >= r->patch.limit || !r->patch.cells[0][i]))
            err =
                of_patch == TBL_NONE ? ERROR_PATCH_PACKAGE_INVALID : each(r, patches, i, of_patch);
    return err;
}

static u32 collect_row(struct renumbering *r, struct table *t, u32 row, u32 col)
{
    return add_sequence(r, number_at(t, row, col));
}

static u32 number_row(struct renumbering *r, struct table *t, u32 row, u32 col)
{
    return set_number(r, t, row, col, r->sequence + rank(r, number_at(t, row, col)) - 1);
}

/* --- media --------------------------------------------------------------------------------------
 */

/* Moves what was there out of the way, or back. */
static u32 shift_media(struct renumbering *r, i32 by)
{
    struct table *t = table_of(r, u"Media");
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; t && !err && i < tbl_row_limit(t); i++) {
        i32 disk = tbl_row_exists(t, i) ? number_at(t, i, 0) : 0;

        if (by > 0 && disk >= OUT_OF_THE_WAY)
            return ERROR_PATCH_PACKAGE_INVALID; /* it could not be told from those */
        if (by > 0 ? disk > 0 && disk < OUT_OF_THE_WAY : disk >= OUT_OF_THE_WAY)
            err = set_number(r, t, i, 0, disk + by);
    }
    return err;
}

/* The number after both; what is too high for its column fails when it is written. */
static i32 behind(i32 highest, i32 n)
{
    return MAX(highest, MIN(n, INT32_MAX / 2) + 1);
}

/* The first numbers that neither the package nor an earlier patch has. */
static void find_free(struct renumbering *r)
{
    static const char16_t *const tables[] = {u"File", u"Patch"};
    struct table *media = table_of(r, u"Media");
    u32 last = column_of(r, media, u"LastSequence");

    r->disk = FIRST_DISK;
    r->sequence = FIRST_SEQUENCE;
    for (u32 i = 0; media && i < tbl_row_limit(media); i++) {
        if (!tbl_row_exists(media, i))
            continue;
        r->disk = behind(r->disk, number_at(media, i, 0));
        r->sequence = behind(r->sequence, number_at(media, i, last));
    }
    for (size_t k = 0; k < ARRAY_LEN(tables); k++) {
        struct table *t = table_of(r, tables[k]);
        u32 col = column_of(r, t, u"Sequence");

        for (u32 i = 0; t && i < tbl_row_limit(t); i++)
            if (tbl_row_exists(t, i))
                r->sequence = behind(r->sequence, number_at(t, i, col));
    }
}

/* "MSPSRC" and the code without what is no digit of it. */
static void source_name(const char16_t *code, char16_t name[GUID_CHARS + 7])
{
    size_t n = u16_copy(name, GUID_CHARS + 7, u"MSPSRC");

    for (; *code; code++)
        if (*code != '{' && *code != '}' && *code != '-')
            name[n++] = u16_upper(*code);
    name[n] = 0;
}

static u32 set_text(struct session *s, const char16_t *name, size_t len, const char16_t *value)
{
    return len ? props_set(&s->props, name, len, value, u16_len(value)) : ERROR_SUCCESS;
}

/* The property that the medium names is where the patch is. */
static u32 set_source(struct renumbering *r, struct table *t, u32 row)
{
    struct value values[TBL_MAX_COLUMNS] = {{VALUE_NULL, 0, NULL, 0, NULL}};
    u32 col = column_like(r, t, u"Source", true), cell = col == TBL_NONE ? 0 : tbl_get(t, row, col),
        err;
    char16_t name[GUID_CHARS + 7], *own;

    if (col == TBL_NONE)
        return ERROR_SUCCESS;
    if (cell) {
        own = sp_dup(db_core_strings(r->db), cell);
        if (!own)
            return ERROR_OUTOFMEMORY;
        err = set_text(r->s, own, u16_len(own), r->p->path);
        os_free(own);
        if (err)
            return err;
    }
    source_name(r->p->code, name);
    values[col].kind = VALUE_TEXT;
    values[col].text = name;
    values[col].len = u16_len(name);
    err = db_core_update(r->db, t, row, 1u << col, values);
    return err ? err : set_text(r->s, name, u16_len(name), r->p->path);
}

/* PatchPackage tells which medium a patch is on. */
static u32 point_at(struct renumbering *r, i32 from, i32 to)
{
    struct table *t = table_of(r, u"PatchPackage");
    u32 id = column_like(r, t, u"PatchId", true), media = column_of(r, t, u"Media_"),
        err = ERROR_SUCCESS;

    for (u32 i = 0; t && id != TBL_NONE && !err && i < tbl_row_limit(t); i++) {
        char16_t *code;

        if (!tbl_row_exists(t, i) || number_at(t, i, media) != from)
            continue;
        code = sp_dup(db_core_strings(r->db), tbl_get(t, i, id));
        if (!code)
            return ERROR_OUTOFMEMORY;
        if (u16_equal_fold(code, r->p->code))
            err = set_number(r, t, i, media, to);
        os_free(code);
    }
    return err;
}

static u32 number_medium(struct renumbering *r, struct table *t, u32 row, i32 from)
{
    u32 last = column_of(r, t, u"LastSequence"), err;
    i32 to = r->disk + r->p->disk_count, sequence;

    if (last == TBL_NONE)
        return ERROR_PATCH_PACKAGE_INVALID;
    sequence = r->sequence + MAX(rank(r, number_at(t, row, last)), 1) - 1;
    err = set_number(r, t, row, 0, to);
    if (!err)
        err = set_number(r, t, row, last, sequence);
    if (!err)
        err = set_source(r, t, row);
    if (!err)
        err = point_at(r, from, to);
    r->p->disk = r->disk;
    r->p->disk_count++;
    return err;
}

struct medium {
    i32 disk;
    u32 row;
};

static int by_disk(const void *a, const void *b)
{
    const struct medium *x = a, *y = b;

    return x->disk < y->disk ? -1 : x->disk > y->disk;
}

static u32 number_each(struct renumbering *r, struct table *t, const struct medium *media, u32 n)
{
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; !err && i < n; i++) /* so that none has a number that another one gets */
        err = set_number(r, t, media[i].row, 0, -1 - (i32)i);
    for (u32 i = 0; !err && i < n; i++)
        err = number_medium(r, t, media[i].row, media[i].disk);
    return err;
}

/* Those of the patch, the lowest DiskId first. */
static u32 number_media(struct renumbering *r)
{
    struct table *t = table_of(r, u"Media");
    u32 limit = t ? tbl_row_limit(t) : 0, n = 0, err;
    struct medium *media = os_alloc_array(limit + 1u, sizeof(*media));

    if (!media)
        return ERROR_OUTOFMEMORY;
    for (u32 i = 0; i < limit; i++)
        if (tbl_row_exists(t, i) && number_at(t, i, 0) < OUT_OF_THE_WAY)
            media[n++] = (struct medium){number_at(t, i, 0), i};
    qsort(media, n, sizeof(*media), by_disk);
    err = t ? number_each(r, t, media, n) : ERROR_SUCCESS;
    os_free(media);
    return err;
}

/* --- what cannot be taken back ------------------------------------------------------------------
 */

/* By Microsoft's page on uninstallable patches: a patch that adds to these is none. */
static const char16_t *const lasting[] = {u"AppId",
                                          u"BindImage",
                                          u"Class",
                                          u"Complus",
                                          u"CreateFolder",
                                          u"DuplicateFile",
                                          u"Environment",
                                          u"Extension",
                                          u"Font",
                                          u"IniFile",
                                          u"IsolatedComponent",
                                          u"LockPermissions",
                                          u"MIME",
                                          u"MoveFile",
                                          u"MsiLockPermissionsEx",
                                          u"MsiServiceConfig",
                                          u"MsiServiceConfigFailureActions",
                                          u"ODBCAttribute",
                                          u"ODBCDataSource",
                                          u"ODBCDriver",
                                          u"ODBCSourceAttribute",
                                          u"ODBCTranslator",
                                          u"ProgId",
                                          u"PublishComponent",
                                          u"RemoveIniFile",
                                          u"SelfReg",
                                          u"ServiceControl",
                                          u"ServiceInstall",
                                          u"TypeLib",
                                          u"Verb"};

static void count_lasting(struct renumbering *r, u32 rows[ARRAY_LEN(lasting)])
{
    for (size_t i = 0; i < ARRAY_LEN(lasting); i++) {
        struct table *t = table_of(r, lasting[i]);

        rows[i] = t ? tbl_rows(t) : 0;
    }
}

/* --- the transforms -----------------------------------------------------------------------------
 */

static u32 apply_named(struct renumbering *r, struct stg *root, bool second)
{
    char16_t name[ARRAY_LEN(r->p->target->name) + 1] = u"#";
    struct stg *sub;
    u32 err;

    u16_copy(name + second, ARRAY_LEN(name) - 1, r->p->target->name);
    err = stg_sub_open(root, name, &sub);
    if (err)
        return err == ERROR_OUTOFMEMORY ? err : ERROR_PATCH_PACKAGE_INVALID;
    db_unlock(r->s->db);
    /* the second is for the product as the first found it, so both cannot be compared here */
    err = transform_apply(r->s, sub, false);
    db_lock(r->s->db);
    stg_close(sub);
    TRACE(TRACE_MSI, "patch %s, transform %s: %u", trace_text(r->p->code, -1), trace_text(name, -1),
          err);
    return err;
}

static u32 number_all(struct renumbering *r)
{
    struct table *media = table_of(r, u"Media");
    u32 err;

    if (media)
        tbl_pin(tbl_retain(media));
    err = for_rows(r, collect_row);
    sort_sequences(r);
    if (!err)
        err = for_rows(r, number_row);
    if (!err)
        err = number_media(r);
    if (!err)
        err = shift_media(r, -OUT_OF_THE_WAY);
    if (media) {
        tbl_unpin(media);
        tbl_release(media);
    }
    return err;
}

static u32 apply_first(struct renumbering *r, struct stg *root)
{
    u32 before[ARRAY_LEN(lasting)], after[ARRAY_LEN(lasting)], err;

    count_lasting(r, before);
    err = apply_named(r, root, false);
    count_lasting(r, after);
    for (size_t i = 0; i < ARRAY_LEN(lasting); i++)
        r->p->lasting = r->p->lasting || after[i] > before[i];
    return err;
}

static u32 apply_both(struct renumbering *r, struct stg *root)
{
    u32 err = remember(r, &r->before, u"File", u"Sequence", u"Attributes");

    if (!err)
        err = apply_first(r, root);
    if (!err)
        err = remember(r, &r->between, u"File", u"Sequence", u"Attributes");
    if (!err)
        err = remember(r, &r->patch, u"Patch", u"Sequence", u"PatchSize");
    if (err)
        return err;
    find_free(r);
    err = shift_media(r, OUT_OF_THE_WAY);
    if (!err)
        err = apply_named(r, root, true);
    return err ? err : number_all(r);
}

static u32 name_transforms(struct session_patch *p)
{
    struct text_buf list;
    size_t len;

    tb_init(&list);
    tb_ascii(&list, ":");
    tb_add(&list, p->target->name, u16_len(p->target->name));
    tb_ascii(&list, ";:#");
    tb_add(&list, p->target->name, u16_len(p->target->name));
    p->transforms = tb_take(&list, &len);
    tb_free(&list);
    return p->transforms ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

u32 patching_pair(struct session *s, struct session_patch *p)
{
    struct renumbering r = {.s = s, .db = s->db->core, .p = p};
    struct stg *root;
    u32 err = p && p->target ? name_transforms(p) : ERROR_PATCH_PACKAGE_INVALID;

    if (!err)
        err = stg_open(p->path, STG_READ, &root);
    if (err)
        return err == ERROR_OUTOFMEMORY ? err : ERROR_PATCH_PACKAGE_OPEN_FAILED;
    db_lock(s->db);
    err = apply_both(&r, root);
    db_unlock(s->db);
    forget(&r.before);
    forget(&r.between);
    forget(&r.patch);
    os_free(r.sequences);
    stg_close(root);
    /* of numbers that do not fit, and the like */
    return err == ERROR_FUNCTION_FAILED || err == ERROR_DATATYPE_MISMATCH
               ? ERROR_PATCH_PACKAGE_INVALID
               : err;
}

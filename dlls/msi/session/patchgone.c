/*
 * What patches that go have left: the session's database is the product's without them, so what
 * only they had is found in the database with them, which a second session has.
 *
 * Rows that are not there any more come back for this session, on components that go: components
 * of the patch on themselves, others on one that is made up for them. Files whose rows differ are
 * put again whatever is there, for a lower version is to come back.
 */
#include <string.h>

#include "patching.h"
#include "rowcopy.h"
#include "utf16.h"

/* Tables of what can be taken away, with the column of the component. Those of what a patch that
 * goes can have added, as patchmedia.c has the others. */
static const char16_t *const tables[] = {u"File", u"Registry", u"Shortcut", u"RemoveFile"};

struct leaving {
    struct session *s;
    struct db_core *to, *from;
    struct id_map map; /* from's pool to to's */
    struct row_values values;
    u32 made; /* components that are made up */
};

static struct table *table_of(struct db_core *db, const char16_t *name)
{
    struct table *t;

    return db_core_table(db, name, u16_len(name), &t) ? NULL : t;
}

/* Of text: what a package declares is not to be believed. */
static u32 column_of(struct db_core *db, const struct table *t, const char16_t *name)
{
    u32 id = 0, col;

    if (!t || sp_find(db_core_strings(db), name, u16_len(name), &id))
        return TBL_NONE;
    col = tbl_column_find(t, id);
    return col != TBL_NONE && col_is_text(tbl_column(t, col)->type) ? col : TBL_NONE;
}

/* Whether rows of the one can be looked for, and put, in the other. */
static bool alike(const struct table *a, const struct table *b)
{
    const u32 kind = COL_STRING | COL_PLAIN | COL_KEY;
    u32 n = MIN(persistent_columns(a), persistent_columns(b));

    for (u32 i = 0; i < n; i++)
        if ((tbl_column(a, i)->type & kind) != (tbl_column(b, i)->type & kind))
            return false;
    return tbl_keys(a) == tbl_keys(b) && tbl_keys(a) <= n;
}

/* --- names --------------------------------------------------------------------------------------
 */

static u32 note_name(struct name_list *l, const char16_t *name)
{
    size_t len = u16_len(name);

    if (names_find(l, name, len) != NAME_NONE)
        return ERROR_SUCCESS;
    return names_add(l, name, len) ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

static u32 note_cell(struct leaving *l, struct name_list *list, const struct table *t, u32 row)
{
    char16_t *name;
    u32 err;

    if (!col_is_text(tbl_column(t, 0)->type))
        return ERROR_PATCH_PACKAGE_INVALID;
    name = sp_dup(db_core_strings(l->from), tbl_get(t, row, 0));
    err = name ? note_name(list, name) : ERROR_OUTOFMEMORY;
    os_free(name);
    return err;
}

/* --- rows ---------------------------------------------------------------------------------------
 */

/* The table of the same name, made where the patch had made it. */
static u32 table_like(struct leaving *l, const struct table *from, const char16_t *name,
                      struct table **to)
{
    struct column_spec columns[TBL_MAX_COLUMNS];
    char16_t *names[TBL_MAX_COLUMNS] = {NULL};
    u32 n = persistent_columns(from), err = ERROR_SUCCESS;

    *to = table_of(l->to, name);
    if (*to)
        return persistent_columns(*to) == n && alike(from, *to) ? ERROR_SUCCESS
                                                                : ERROR_PATCH_PACKAGE_INVALID;
    for (u32 i = 0; !err && i < n; i++) {
        names[i] = sp_dup(db_core_strings(l->from), tbl_column(from, i)->name);
        err = names[i] ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
        columns[i] = (struct column_spec){names[i], names[i] ? u16_len(names[i]) : 0,
                                          tbl_column(from, i)->type};
    }
    if (!err)
        err = db_core_create_table(l->to, name, u16_len(name), columns, n, false, false, to);
    for (u32 i = 0; i < n; i++)
        os_free(names[i]);
    return err;
}

/* component: NULL, or what stands in that column instead. */
static u32 copy_row(struct leaving *l, struct table *from, u32 row, struct table *to, u32 column,
                    const char16_t *component)
{
    const struct row_ref ref = {l->from, from, row};
    u32 made, err = row_values_take(&l->values, &ref, persistent_columns(from));

    if (err)
        return err;
    if (component) {
        l->values.v[column].kind = VALUE_TEXT;
        l->values.v[column].text = component;
        l->values.v[column].len = u16_len(component);
    }
    return db_core_insert(l->to, to, l->values.v, false, &made);
}

static u32 twin_of(struct leaving *l, const struct table *from, u32 row, struct table *to,
                   u32 *twin)
{
    *twin = TBL_NONE;
    if (to && !alike(from, to))
        return ERROR_PATCH_PACKAGE_INVALID;
    return to ? row_find_twin(&l->map, from, row, to, twin) : ERROR_SUCCESS;
}

/* All rows of a table that have no twin. */
static u32 bring_back(struct leaving *l, const char16_t *name, struct name_list *noted)
{
    struct table *from = table_of(l->from, name), *to;
    u32 err = from ? table_like(l, from, name, &to) : ERROR_SUCCESS, twin;

    for (u32 i = 0; from && !err && i < tbl_row_limit(from); i++) {
        if (!tbl_row_exists(from, i))
            continue;
        err = twin_of(l, from, i, to, &twin);
        if (!err && twin == TBL_NONE) {
            err = copy_row(l, from, i, to, 0, NULL);
            if (!err && noted)
                err = note_cell(l, noted, from, i);
        }
    }
    return err;
}

/* --- components ---------------------------------------------------------------------------------
 */

/* The one that was made up for it already, or NULL. */
static const struct patch_gone *made_for(const struct leaving *l, const char16_t *of)
{
    const struct name_list *gone = &l->s->patches->gone;

    for (u32 i = 0; i < gone->count; i++) {
        const struct patch_gone *made = names_at(gone, i);

        if (made->of && u16_equal(made->of, of))
            return made;
    }
    return NULL;
}

/* A row like the component's, without what it is known by. */
static u32 make_row(struct leaving *l, const char16_t *of, const char16_t *name)
{
    static const struct value nothing = {VALUE_NULL, 0, NULL, 0, NULL};
    struct table *from = table_of(l->from, u"Component"), *to = table_of(l->to, u"Component");
    u32 id = column_of(l->from, from, u"ComponentId"), key = column_of(l->from, from, u"KeyPath");
    struct value own = {VALUE_TEXT, 0, of, u16_len(of), NULL};
    struct row_ref ref = {l->from, from, TBL_NONE};
    u32 made, err;

    if (!from || !to || id == TBL_NONE || key == TBL_NONE)
        return ERROR_PATCH_PACKAGE_INVALID;
    err = db_core_find(l->from, from, &own, &ref.row);
    if (!err && ref.row == TBL_NONE)
        err = ERROR_PATCH_PACKAGE_INVALID;
    if (!err)
        err = row_values_take(&l->values, &ref, persistent_columns(from));
    if (err)
        return err;
    l->values.v[0] = (struct value){VALUE_TEXT, 0, name, u16_len(name), NULL};
    l->values.v[id] = l->values.v[key] = nothing;
    return db_core_insert(l->to, to, l->values.v, false, &made);
}

/* The name of the made up one that goes with what a component loses. */
static u32 made_up(struct leaving *l, const char16_t *of, char16_t name[TBL_MAX_NAME + 1])
{
    const struct patch_gone *there = made_for(l, of);
    size_t n = u16_copy(name, TBL_MAX_NAME + 1, u"MsiPatchGone.");
    struct patch_gone *made;
    u32 err;

    if (there) {
        u16_copy(name, TBL_MAX_NAME + 1, there->named.name);
        return ERROR_SUCCESS;
    }
    for (u32 digit = 1000000, left = l->made++; digit; digit /= 10)
        name[n++] = (char16_t)('0' + left / digit % 10);
    name[n] = 0;
    err = make_row(l, of, name);
    if (err)
        return err;
    made = names_add(&l->s->patches->gone, name, n);
    if (made)
        made->of = u16_dup(of, u16_len(of));
    return made && made->of ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

static u32 bring_one(struct leaving *l, struct table *from, u32 row, struct table *to, u32 column)
{
    char16_t *of = sp_dup(db_core_strings(l->from), tbl_get(from, row, column));
    char16_t name[TBL_MAX_NAME + 1];
    u32 i, err = of ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
    bool goes;

    if (err)
        return err;
    i = names_find(&l->s->patches->gone, of, u16_len(of));
    goes = i != NAME_NONE;
    if (!goes)
        err = made_up(l, of, name);
    if (!err)
        err = copy_row(l, from, row, to, column, goes ? NULL : name);
    os_free(of);
    return err;
}

static u32 bring_of_components(struct leaving *l, const char16_t *name)
{
    struct table *from = table_of(l->from, name), *to = NULL;
    u32 column = column_of(l->from, from, u"Component_"), twin, err = ERROR_SUCCESS;

    if (!from || column == TBL_NONE)
        return ERROR_SUCCESS;
    err = table_like(l, from, name, &to);
    for (u32 i = 0; !err && i < tbl_row_limit(from); i++) {
        if (!tbl_row_exists(from, i) || !tbl_get(from, i, column))
            continue;
        err = twin_of(l, from, i, to, &twin);
        if (!err && twin == TBL_NONE)
            err = bring_one(l, from, i, to, column);
    }
    return err;
}

/* --- files --------------------------------------------------------------------------------------
 */

/* Those of which a table says other things. */
static u32 note_changed(struct leaving *l, const char16_t *name)
{
    struct table *from = table_of(l->from, name), *to = table_of(l->to, name);
    u32 twin, mask, err = ERROR_SUCCESS;

    for (u32 i = 0; from && to && !err && i < tbl_row_limit(from); i++) {
        const struct row_ref a = {l->from, from, i};

        if (!tbl_row_exists(from, i))
            continue;
        err = twin_of(l, from, i, to, &twin);
        if (!err && twin != TBL_NONE) {
            const struct row_ref b = {l->to, to, twin};

            err = row_difference(&l->map, &a, &b,
                                 MIN(persistent_columns(from), persistent_columns(to)), &mask);
            if (!err && mask)
                err = note_cell(l, &l->s->patches->forced, from, i);
        }
    }
    return err;
}

/* How many deltas more a file has with the patches than without. */
struct delta_count {
    struct named named;
    u32 times; /* 0 in the end: as many; whichever has more */
};

static u32 count_delta(struct name_list *files, const char16_t *name, u32 by)
{
    size_t len = u16_len(name);
    u32 at = names_find(files, name, len);
    struct delta_count *c = at == NAME_NONE ? names_add(files, name, len) : names_at(files, at);

    if (c)
        c->times += by;
    return c ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

static u32 count_deltas(struct db_core *db, struct name_list *files, u32 by)
{
    struct table *t = table_of(db, u"Patch");
    u32 file = column_of(db, t, u"File_"), err = ERROR_SUCCESS;

    for (u32 i = 0; file != TBL_NONE && !err && i < tbl_row_limit(t); i++) {
        char16_t *name;

        if (!tbl_row_exists(t, i) || !tbl_get(t, i, file))
            continue;
        name = sp_dup(db_core_strings(db), tbl_get(t, i, file));
        err = name ? count_delta(files, name, by) : ERROR_OUTOFMEMORY;
        os_free(name);
    }
    return err;
}

static u32 note_deltas(struct leaving *l)
{
    struct name_list files;
    u32 err;

    names_init(&files, sizeof(struct delta_count));
    err = count_deltas(l->from, &files, 1);
    if (!err)
        err = count_deltas(l->to, &files, 0u - 1);
    for (u32 i = 0; !err && i < files.count; i++) {
        const struct delta_count *c = names_at(&files, i);

        if (c->times)
            err = note_name(&l->s->patches->forced, c->named.name);
    }
    names_free(&files, NULL);
    return err;
}

/* --- actions ------------------------------------------------------------------------------------
 */

/* A patch may have brought the very action that takes away what it brought. */
static u32 bring_actions(struct leaving *l)
{
    static const char16_t *const actions[] = {u"RemoveRegistryValues", u"RemoveFiles",
                                              u"RemoveShortcuts", u"ProcessComponents"};
    struct table *from = table_of(l->from, u"InstallExecuteSequence"),
                 *to = table_of(l->to, u"InstallExecuteSequence");
    u32 err = ERROR_SUCCESS, row, twin;

    for (size_t i = 0; from && to && !err && i < ARRAY_LEN(actions); i++) {
        struct value key = {VALUE_TEXT, 0, actions[i], u16_len(actions[i]), NULL};

        err = db_core_find(l->from, from, &key, &row);
        if (err || row == TBL_NONE)
            continue;
        err = twin_of(l, from, row, to, &twin);
        if (!err && twin == TBL_NONE)
            err = copy_row(l, from, row, to, 0, NULL);
    }
    return err;
}

static u32 compare(struct leaving *l)
{
    struct session_patches *p = l->s->patches;
    u32 err = note_changed(l, u"File");

    if (!err)
        err = note_changed(l, u"MsiFileHash");
    if (!err)
        err = note_deltas(l);
    if (!err)
        err = bring_back(l, u"Directory", NULL);
    if (!err)
        err = bring_back(l, u"Component", &p->gone);
    for (size_t i = 0; !err && i < ARRAY_LEN(tables); i++)
        err = bring_of_components(l, tables[i]);
    return err ? err : bring_actions(l);
}

/* --- features -----------------------------------------------------------------------------------
 */

static u32 note_features(struct leaving *l)
{
    struct table *from = table_of(l->from, u"Feature"), *to = table_of(l->to, u"Feature");
    u32 twin, err = ERROR_SUCCESS;

    for (u32 i = 0; from && !err && i < tbl_row_limit(from); i++) {
        if (!tbl_row_exists(from, i))
            continue;
        err = twin_of(l, from, i, to, &twin);
        if (!err && twin == TBL_NONE)
            err = note_cell(l, &l->s->patches->features, from, i);
    }
    return err;
}

static u32 compare_with(struct session *s, struct session *old)
{
    struct leaving l = {.s = s, .to = s->db->core, .from = old->db->core};
    u32 err;

    db_lock(s->db);
    db_lock(old->db);
    err = id_map_init(&l.map, db_core_strings(l.from), db_core_strings(l.to));
    if (!err)
        err = note_features(&l);
    if (!err)
        err = compare(&l);
    id_map_free(&l.map);
    row_values_free(&l.values);
    db_unlock(old->db);
    db_unlock(s->db);
    return err;
}

u32 patching_leave(struct session *s, const struct session_options *o)
{
    struct session_options how = {.transforms = o->transforms,
                                  .original = o->original,
                                  .product = o->product,
                                  .as_it_is = true,
                                  .silent = true};
    struct database *db;
    struct session *old;
    u32 err = db_open(s->db->path, DB_READONLY, false, &db);

    if (err)
        return err == ERROR_OUTOFMEMORY ? err : ERROR_INSTALL_PACKAGE_OPEN_FAILED;
    how.command_line = o->command_line;
    err = session_open(db, &how, &old);
    obj_unref(db_object(db));
    if (err)
        return err;
    err = compare_with(s, old);
    obj_unref(session_object(old));
    return err;
}

/* --- costing ------------------------------------------------------------------------------------
 */

enum { COMPONENT_PERMANENT = 16 };

static bool is_there(const struct component *c)
{
    return c->installed == STATE_LOCAL || c->installed == STATE_SOURCE;
}

static void let_go(struct component *c)
{
    bool stays = c->shared || (c->attributes & COMPONENT_PERMANENT);

    c->set = true;
    c->action = is_there(c) && !stays ? STATE_ABSENT : STATE_UNKNOWN;
}

void patching_goes(struct session *s)
{
    for (u32 i = 0; s->patches && i < s->patches->gone.count; i++) {
        const struct patch_gone *g = names_at(&s->patches->gone, i);
        u32 at = names_find(&s->components, g->named.name, g->named.len), of = NAME_NONE;
        struct component *c = at == NAME_NONE ? NULL : names_at(&s->components, at);

        if (g->of)
            of = names_find(&s->components, g->of, u16_len(g->of));
        if (c && of != NAME_NONE) {
            const struct component *owner = names_at(&s->components, of);

            c->installed = owner->installed;
            c->shared = false;
        }
        if (c)
            let_go(c);
    }
}

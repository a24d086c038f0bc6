/*
 * RemoveFiles: the files of components that go, and those that the RemoveFile table names.
 *
 * A file that SharedDLLs counts more than once stays. Wild cards are looked up when the action
 * plans. What is removed may leave folders empty (act_folder.h).
 */
#include "act_files.h"
#include "act_folder.h"
#include "act_isolate.h"
#include "act_stores.h"
#include "file_table.h"
#include "reg.h"
#include "rows.h"
#include "session_impl.h"
#include "target.h"
#include "utf16.h"
#include "wildcard.h"

enum { ON_INSTALL = 1, ON_REMOVE = 2 };

#define SHARED_KEY u"Software\\Microsoft\\Windows\\CurrentVersion\\SharedDLLs"

struct removing {
    struct install *in;
    struct leaving leaving;
    bool goes;                 /* the component of the row that is looked at */
    struct reg_key *counts[2]; /* SharedDLLs, of 32 and 64 bits; NULL: there is none */
};

u32 plan_file_removed(struct install *in, const char16_t *path, size_t folder_len)
{
    const char16_t *texts[9] = {path + folder_len};
    struct tgt_stat st;
    char16_t *folder;
    struct op op;
    u32 err;

    if (!tgt_glance(path, &st) && (st.attributes & TGT_LINK))
        return ERROR_SUCCESS;
    folder = u16_dup(path, folder_len);
    if (!folder)
        return ERROR_OUTOFMEMORY;
    texts[8] = folder;
    err = plan_data(in, 9, texts);
    op_begin(&op, OP_FILE_REMOVE);
    op_text(&op, path);
    if (!err)
        err = plan(in, &op);
    os_free(folder);
    return err;
}

/* --- files of components ------------------------------------------------------------------------
 */

static bool is_shared(const struct removing *r, const struct component *c, const char16_t *path)
{
    struct reg_key *counts = r->counts[(c->attributes & COMPONENT_64BIT) != 0];
    u32 count;

    return counts && !reg_get_number(counts, path, &count) && count > 1;
}

static u32 remove_component_file(struct removing *r, const struct file_row *f)
{
    const struct component *c = names_at(&r->in->s->components, f->component);
    struct text_buf path;
    struct tgt_stat st;
    size_t folder_len;
    u32 err;

    tb_init(&path);
    err = file_table_folder(r->in, f, &path);
    folder_len = path.len;
    if (!err)
        err = path_add_name(&path, f->name);
    if (!err && !is_shared(r, c, path.s)) {
        if (!tgt_glance(path.s, &st) && !(st.attributes & TGT_FOLDER))
            err = plan_file_removed(r->in, path.s, folder_len);
        if (!err)
            err = leaving_add(&r->leaving, path.s, folder_len, false);
    }
    tb_free(&path);
    return err;
}

/* Assemblies for everybody go whole, or not at all: act_stores.h. */
static bool is_stored(const struct install *in, const struct file_row *f)
{
    return ((const struct component *)names_at(&in->s->components, f->component))->store;
}

static u32 remove_component_files(struct removing *r)
{
    struct file_table t;
    u32 err = file_table_read(r->in->s, &t);

    for (u32 i = 0; !err && i < t.count; i++)
        if (component_removes(r->in, t.rows[i].component) && !is_stored(r->in, &t.rows[i]))
            err = remove_component_file(r, &t.rows[i]);
    if (!err)
        err = plan_isolated_removed(r->in, &t, &r->leaving);
    if (!err)
        err = plan_stores_removed(r->in, &r->leaving);
    file_table_free(&t);
    return err;
}

/* --- the RemoveFile table -----------------------------------------------------------------------
 */

struct match {
    struct removing *r;
    struct text_buf *path; /* of the folder */
    const char16_t *pattern;
    size_t len;
};

static u32 remove_match(void *ctx, const char16_t *name, u32 attributes)
{
    const struct match *m = ctx;
    size_t folder_len = m->path->len;
    u32 err;

    if ((attributes & TGT_FOLDER) || !wildcard_matches(m->pattern, m->len, name, u16_len(name)))
        return ERROR_SUCCESS;
    tb_add(m->path, name, u16_len(name));
    if (m->path->failed)
        return ERROR_OUTOFMEMORY;
    err = plan_file_removed(m->r->in, m->path->s, folder_len);
    tb_cut(m->path, folder_len);
    return err;
}

/* What is no wild card is looked for alone: a folder may have many files, and the table a row for
 * each. */
static u32 remove_named(struct match *m)
{
    char16_t *name = u16_dup(m->pattern, m->len);
    size_t folder_len = m->path->len;
    struct tgt_stat st;
    u32 err = name ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;

    if (!err)
        err = path_add_name(m->path, name);
    if (!err && !tgt_stat(m->path->s, &st) && !(st.attributes & TGT_FOLDER))
        err = plan_file_removed(m->r->in, m->path->s, folder_len);
    tb_cut(m->path, folder_len);
    os_free(name);
    return err == ERROR_BAD_PATHNAME ? ERROR_SUCCESS : err; /* nothing has such a name */
}

static u32 remove_matches(struct removing *r, struct text_buf *path, const char16_t *name)
{
    struct match m = {r, path, name, u16_len(name)};
    char16_t *folder;
    u32 err = wildcard_take_long(&m.pattern, &m.len);

    if (err)
        return err;
    if (!wildcard_is_one(m.pattern, m.len))
        return remove_named(&m);
    folder = u16_dup(path->s, path->len > 3 ? path->len - 1 : path->len);
    if (!folder)
        return ERROR_OUTOFMEMORY;
    err = tgt_each(folder, remove_match, &m);
    os_free(folder);
    return err == ERROR_PATH_NOT_FOUND || err == ERROR_FILE_NOT_FOUND || err == ERROR_DIRECTORY
               ? ERROR_SUCCESS
               : err;
}

static bool row_is_due(struct removing *r, struct record *row)
{
    struct rec_view component;
    i32 mode = rec_get_int(row, 2);
    u32 i;

    if (rec_view(row, 1, &component))
        return false;
    i = names_find(&r->in->s->components, component.text, component.len);
    r->goes = component_removes(r->in, i);
    return ((mode & ON_INSTALL) && component_comes(r->in, i)) || ((mode & ON_REMOVE) && r->goes);
}

static u32 remove_row(void *ctx, struct record *row)
{
    struct removing *r = ctx;
    struct rec_view property, name;
    struct text_buf path;
    bool found;
    u32 err;

    if (!row_is_due(r, row) || rec_view(row, 3, &property) || rec_view(row, 4, &name))
        return ERROR_SUCCESS;
    tb_init(&path);
    err = path_of_property(r->in, property.text, &path, &found);
    if (!err && found) {
        if (name.len)
            err = remove_matches(r, &path, name.text);
        if (!err && (!name.len || r->goes))
            err = leaving_add(&r->leaving, path.s, path.len, !name.len);
    }
    tb_free(&path);
    return err;
}

/* --- the action ---------------------------------------------------------------------------------
 */

u32 remove_files(struct install *in)
{
    struct removing r = {.in = in};
    u32 err = leaving_begin(in, &r.leaving);

    if (reg_open_view(REG_MACHINE, REG_VIEW_32, SHARED_KEY, &r.counts[0]))
        r.counts[0] = NULL;
    if (reg_open(REG_MACHINE, SHARED_KEY, &r.counts[1]))
        r.counts[1] = NULL;
    if (!err)
        err = remove_component_files(&r);
    if (!err)
        err = rows_each(in->s->db,
                        u"SELECT `Component_`, `InstallMode`, `DirProperty`, `FileName` FROM "
                        u"`RemoveFile`",
                        NULL, remove_row, &r);
    if (!err)
        err = leaving_plan(in, &r.leaving);
    leaving_end(&r.leaving);
    reg_close(r.counts[0]);
    reg_close(r.counts[1]);
    return err;
}

/*
 * Where IsolateComponents has said that the IsolatedComponent table counts, InstallFiles copies the
 * files of a shared component into the folder of each application, with a file of no bytes named
 * by the application's key file and .local; RemoveFiles removes them with the application.
 */
#include "act_isolate.h"

#include "act_files.h"
#include "rows.h"
#include "session_impl.h"
#include "target.h"
#include "utf16.h"

struct isolating {
    struct install *in;
    const struct file_table *t;
    struct making *made;     /* NULL: they are removed */
    struct leaving *leaving; /* NULL: they are made */
    u32 *first, *next;       /* of each component its first file, of each file the next one */
};

u32 bind_image(struct install *in)
{
    UNUSED(in);
    return ERROR_SUCCESS;
}

static u32 chain_files(struct isolating *p)
{
    u32 components = p->in->s->components.count;

    p->first = os_alloc_array(components + 1u, sizeof(*p->first));
    p->next = os_alloc_array(p->t->count + 1u, sizeof(*p->next));
    if (!p->first || !p->next)
        return ERROR_OUTOFMEMORY;
    for (u32 i = 0; i < components; i++)
        p->first[i] = NAME_NONE;
    for (u32 i = p->t->count; i-- > 0;) {
        u32 c = p->t->rows[i].component;

        if (c == NAME_NONE)
            continue;
        p->next[i] = p->first[c];
        p->first[c] = i;
    }
    return ERROR_SUCCESS;
}

/* --- making -------------------------------------------------------------------------------------
 */

static u32 copy_one(struct isolating *p, const struct file_row *f, struct text_buf *to)
{
    struct text_buf from;
    struct tgt_stat st;
    struct op op;
    u32 err;

    tb_init(&from);
    err = file_table_path(p->in, f, &from);
    if (!err && (component_installs(p->in, f->component) || !tgt_stat(from.s, &st)) &&
        !u16_equal_fold(from.s, to->s)) {
        op_begin(&op, OP_FILE_COPY);
        op_text(&op, from.s);
        op_text(&op, to->s);
        err = plan(p->in, &op);
    }
    tb_free(&from);
    return err;
}

static u32 write_empty(struct isolating *p, const char16_t *path)
{
    struct op op;

    op_begin(&op, OP_FILE_WRITE);
    op_text(&op, path);
    op_bytes(&op, "", 0);
    return plan(p->in, &op);
}

static u32 remove_one(struct isolating *p, const char16_t *path, size_t folder_len)
{
    struct tgt_stat st;

    return tgt_stat(path, &st) || (st.attributes & TGT_FOLDER)
               ? ERROR_SUCCESS
               : plan_file_removed(p->in, path, folder_len);
}

/* --- a row --------------------------------------------------------------------------------------
 */

/* The short name of the application's key file and .local; nothing where its key is no file. */
static u32 local_name(struct isolating *p, const struct component *app, struct text_buf *path)
{
    u32 i = names_find(&p->in->s->files, app->key_path, u16_len(app->key_path));
    const char16_t *name;
    size_t folder_len = path->len, bar = 0;
    char16_t *copy;
    u32 err;

    if (i >= p->t->count || !p->t->rows[i].source_name)
        return ERROR_SUCCESS;
    name = p->t->rows[i].source_name;
    while (name[bar] && name[bar] != '|')
        bar++;
    copy = u16_dup(name, bar);
    err = copy ? path_add_name(path, copy) : ERROR_OUTOFMEMORY;
    os_free(copy);
    tb_ascii(path, ".local");
    if (!err && path->failed)
        err = ERROR_OUTOFMEMORY;
    if (!err)
        err = p->made ? write_empty(p, path->s) : remove_one(p, path->s, folder_len);
    tb_cut(path, folder_len);
    return err;
}

static u32 each_file(struct isolating *p, u32 shared, struct text_buf *path)
{
    size_t folder_len = path->len;
    u32 err = ERROR_SUCCESS;

    for (u32 i = p->first[shared]; !err && i != NAME_NONE; i = p->next[i]) {
        const struct file_row *f = &p->t->rows[i];

        err = path_add_name(path, f->name);
        if (!err)
            err = p->made ? copy_one(p, f, path) : remove_one(p, path->s, folder_len);
        tb_cut(path, folder_len);
    }
    return err;
}

/* An assembly for everybody is isolated as it is. */
static bool is_stored(const struct install *in, u32 component)
{
    return ((const struct component *)names_at(&in->s->components, component))->store;
}

static u32 isolate_row(void *ctx, struct record *row)
{
    struct isolating *p = ctx;
    const struct name_list *all = &p->in->s->components;
    struct rec_view v;
    u32 shared = rec_view(row, 1, &v) ? NAME_NONE : names_find(all, v.text, v.len);
    u32 app = rec_view(row, 2, &v) ? NAME_NONE : names_find(all, v.text, v.len);
    struct text_buf path;
    u32 err;

    if (shared == NAME_NONE || app == NAME_NONE || shared == app || is_stored(p->in, shared) ||
        !(p->made ? component_installs(p->in, app) : component_removes(p->in, app)))
        return ERROR_SUCCESS;
    tb_init(&path);
    err = path_of_folder(p->in, ((struct component *)names_at(all, app))->folder, &path);
    if (!err && p->made)
        err = plan_folder_made(p->in, p->made, path.s, path.len);
    if (!err)
        err = each_file(p, shared, &path);
    if (!err)
        err = local_name(p, names_at(all, app), &path);
    if (!err && p->leaving)
        err = leaving_add(p->leaving, path.s, path.len, false);
    tb_free(&path);
    return err;
}

static u32 isolate_all(struct isolating *p)
{
    u32 err;

    if (!p->in->s->isolates)
        return ERROR_SUCCESS;
    err = chain_files(p);
    if (!err)
        err = rows_each(p->in->s->db,
                        u"SELECT `Component_Shared`, `Component_Application` FROM "
                        u"`IsolatedComponent`",
                        NULL, isolate_row, p);
    os_free(p->first);
    os_free(p->next);
    return err;
}

u32 plan_isolated(struct install *in, const struct file_table *t, struct making *made)
{
    struct isolating p = {.in = in, .t = t, .made = made};

    return isolate_all(&p);
}

u32 plan_isolated_removed(struct install *in, const struct file_table *t, struct leaving *l)
{
    struct isolating p = {.in = in, .t = t, .leaving = l};

    return isolate_all(&p);
}

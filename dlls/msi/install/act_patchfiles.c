/*
 * PatchFiles: files whose bytes are changed by deltas of patches.
 *
 * The OP_MEDIA lists for each file its deltas, in order, and where the package has the file itself.
 * When it is done what comes of them is staged: made of the file that is there, or where that is
 * none that the deltas are for, of the package's. InstallFiles has put the package's where nothing
 * was there, or all is to be overwritten.
 */
#include "act_files.h"
#include "files_plan.h"
#include "media.h"
#include "session_impl.h"
#include "trace.h"

struct patching {
    struct files_plan files;
    u32 *places; /* of each delta in the list */
    u32 *made;   /* of what is made of each file in the list */
};

static bool is_patched(const struct files_plan *p, u32 row)
{
    return (p->verdicts[row] == PUT || p->verdicts[row] == CHANGE) && deltas_has(&p->deltas, row);
}

/* --- the list -----------------------------------------------------------------------------------
 */

static u32 list_delta(struct patching *p, u32 i, const struct files_medium *m,
                      struct text_buf *path)
{
    struct files_plan *f = &p->files;
    const struct file_row *row = &f->t.rows[f->deltas.rows[i].file];
    u32 err;

    if (!m || m->place == MEDIA_LOOSE) {
        TRACE(TRACE_MSI, "the delta of %s is on no medium", trace_text(row->key, -1));
        return ERROR_INSTALL_PACKAGE_INVALID;
    }
    tb_cut(path, 0);
    err = file_table_path(f->in, row, path);
    p->places[i] = f->put_count;
    return err ? err : files_list(f, path->s, m->place, row->key);
}

static u32 list_deltas(struct patching *p)
{
    const struct deltas *d = &p->files.deltas;
    struct text_buf path;
    u32 err = ERROR_SUCCESS, at = 0;

    tb_init(&path);
    for (u32 i = 0; !err && i < d->count; i++)
        if (is_patched(&p->files, d->rows[i].file))
            err = list_delta(p, i, files_medium_of(&p->files, d->rows[i].sequence, &at), &path);
    tb_free(&path);
    return err;
}

/* A package that does not have it is no fault yet. */
static u32 list_base(struct files_plan *f, u32 row, const char16_t *path, u32 *medium, u32 *base)
{
    u32 err;

    *base = f->put_count;
    err = files_list_source(f, &f->t.rows[row], path, medium);
    if (!err || err == ERROR_OUTOFMEMORY)
        return err;
    *base = MEDIA_LOOSE;
    return ERROR_SUCCESS;
}

static u32 say_made(struct patching *p, u32 row, u32 base)
{
    struct files_plan *f = &p->files;
    const struct delta_row *rows = f->deltas.rows;
    u32 err = buf_add32(&f->made, p->made[row]), first = f->deltas.first[row], n = 0;

    for (u32 i = first; i != NAME_NONE; i = rows[i].next)
        n++;
    if (!err)
        err = buf_add32(&f->made, base);
    if (!err)
        err = buf_add32(&f->made, n);
    for (u32 i = first; !err && i != NAME_NONE; i = rows[i].next) {
        err = buf_add32(&f->made, p->places[i]);
        if (!err)
            err = buf_add32(&f->made, rows[i].optional);
    }
    f->made_count++;
    return err;
}

static u32 list_made(struct patching *p, u32 row, const char16_t *path, u32 *medium)
{
    u32 base, err;

    p->made[row] = p->files.put_count;
    err = files_list(&p->files, path, MEDIA_MADE, path);
    if (!err)
        err = list_base(&p->files, row, path, medium, &base);
    return err ? err : say_made(p, row, base);
}

static u32 list_all(struct patching *p)
{
    struct files_plan *f = &p->files;
    struct text_buf path;
    u32 err = list_deltas(p), medium = 0;

    tb_init(&path);
    for (u32 i = 0; !err && i < f->t.count; i++) {
        u32 row = f->t.order[i];

        if (!is_patched(f, row))
            continue;
        tb_cut(&path, 0);
        err = file_table_path(f->in, &f->t.rows[row], &path);
        if (!err)
            err = list_made(p, row, path.s, &medium);
    }
    tb_free(&path);
    return err;
}

/* --- the action ---------------------------------------------------------------------------------
 */

static u32 change_all(struct patching *p)
{
    struct files_plan *f = &p->files;
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; !err && i < f->t.count; i++) {
        u32 row = f->t.order[i];

        if (is_patched(f, row))
            err = files_put(f, &f->t.rows[row], OP_FILE_CHANGE, p->made[row]);
    }
    return err;
}

static u32 plan_all(struct patching *p)
{
    struct files_plan *f = &p->files;
    u32 err;

    p->places = os_alloc_array(f->deltas.count + 1u, sizeof(*p->places));
    p->made = os_alloc_array(f->t.count + 1u, sizeof(*p->made));
    if (!p->places || !p->made)
        return ERROR_OUTOFMEMORY;
    err = files_media(f);
    if (!err)
        err = list_all(p);
    if (!err && f->made_count)
        err = files_plan_media(f);
    return err ? err : change_all(p);
}

u32 patch_files(struct install *in)
{
    struct patching p = {.files = {.in = in}};
    u32 err = files_begin(&p.files);

    if (!err && p.files.deltas.count)
        err = files_decide(&p.files);
    if (!err && p.files.deltas.count)
        err = plan_all(&p);
    files_done(&p.files);
    os_free(p.places);
    os_free(p.made);
    return err;
}

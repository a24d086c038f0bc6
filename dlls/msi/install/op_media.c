/*
 * OP_MEDIA: all the files that are wanted are staged, in the run's own folder of their volumes.
 */
#include "families.h"

#include "media.h"
#include "run.h"
#include "target.h"

enum { PACKAGE, LIST };

/* --- single files -------------------------------------------------------------------------------
 */

static u32 copy_bytes(struct os_file *from, struct tgt_file *to)
{
    enum { PIECE = 1 << 18 };
    u8 *piece = os_alloc(PIECE);
    u32 err = piece ? ERROR_SUCCESS : ERROR_OUTOFMEMORY, got = 1;

    for (u64 at = 0; !err && got; at += got) {
        err = os_read_at(from, at, piece, PIECE, &got);
        if (!err && got)
            err = tgt_write(to, piece, got);
    }
    os_free(piece);
    return err;
}

u32 media_copy_loose(struct media_file *f)
{
    u64 now = os_time(), written = now;
    struct os_file *from;
    struct tgt_file *to;
    u32 err = os_open(f->name, OS_READ, &from);

    if (err)
        return err;
    err = tgt_create(f->staged, &to);
    if (!err) {
        err = copy_bytes(from, to);
        tgt_close(to);
    }
    os_close(from);
    if (!err && !media_written(f->name, &written))
        written = now;
    if (!err)
        err = tgt_set_times(f->staged, MAX(now, written), written);
    f->done = !err;
    return err;
}

/* --- all of them --------------------------------------------------------------------------------
 */

static void find_on_host(struct media *m)
{
    for (u32 i = 0; i < m->cabinet_count; i++)
        if (!m->cabinets[i].embedded)
            media_host_path(m->cabinets[i].name);
    for (u32 i = 0; i < m->file_count; i++)
        if (m->files[i].cabinet == MEDIA_LOOSE)
            media_host_path(m->files[i].name);
}

/* Patches that files are wanted of. */
static u32 open_others(struct media *m)
{
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; !err && i < m->file_count; i++) {
        struct media_cabinet *c =
            m->files[i].cabinet < m->cabinet_count ? &m->cabinets[m->files[i].cabinet] : NULL;

        if (c && !m->files[i].rests && c->package && !c->root)
            err = stg_open(c->package, STG_READ, &c->root);
    }
    return err;
}

u32 media_stage(struct media *m, struct stg *package)
{
    u32 err = open_others(m);

    for (u32 i = 0; !err && i < m->file_count; i++) {
        struct media_file *f = &m->files[i];

        if (f->done || f->rests || f->cabinet == MEDIA_MADE)
            continue;
        if (f->cabinet == MEDIA_LOOSE)
            err = media_copy_loose(f);
        else
            err = media_read_cabinets(m, package, f->cabinet);
    }
    return err;
}

/* --- the operation ------------------------------------------------------------------------------
 */

static u32 note_media(struct run *r, const struct op *op, struct op *undo)
{
    UNUSED(r);
    UNUSED(op);
    UNUSED(undo); /* what is staged goes with the run's own folder */
    return ERROR_SUCCESS;
}

/* A cabinet in the package is read from there; where it cannot be opened, none is found in it. */
static u32 stage_from(struct media *m, const char16_t *package)
{
    struct stg *root = NULL;
    bool embedded = false;
    u32 err;

    for (u32 i = 0; i < m->cabinet_count; i++)
        embedded = embedded || (m->cabinets[i].embedded && !m->cabinets[i].package);
    err = embedded ? stg_open(package, STG_READ, &root) : ERROR_SUCCESS;
    find_on_host(m);
    if (!err)
        err = media_stage(m, root);
    if (!err)
        err = media_make(m, root);
    stg_close(root);
    return err;
}

static u32 name_staged(struct run *r, struct media *m)
{
    u32 err = ERROR_SUCCESS;
    char16_t *name;

    for (u32 i = 0; !err && i < m->volume_count; i++) {
        err = run_temp_name(r, m->volumes[i], "new", &name);
        if (!err)
            err = media_stage_as(m, i, name);
    }
    return err;
}

static u32 perform_media(struct run *r, const struct op *op, const struct op *undo)
{
    static const struct media_ways ways = {media_staged, media_free};
    struct media *m;
    u32 err = media_read_list(op->f[LIST].bytes, op->f[LIST].len, &m);

    UNUSED(undo);
    if (err)
        return err;
    run_set_media(r, m, &ways);
    err = name_staged(r, m);
    return err ? err : stage_from(m, op_text_at(op, PACKAGE));
}

static u32 undo_media(struct run *r, const struct op *undo)
{
    UNUSED(r);
    UNUSED(undo);
    return ERROR_SUCCESS;
}

const struct op_family op_media = {
    .kind = OP_MEDIA,
    .name = "ChangeMedia",
    .note = note_media,
    .perform = perform_media,
    .undo = undo_media,
};

/*
 * OP_MEDIA: all the files that are wanted are staged, in the run's own folder of their volumes.
 */
#include "families.h"

#include "media.h"
#include "op_undo.h"
#include "run.h"
#include "target.h"

enum { PACKAGE, LIST };

/* --- single files -------------------------------------------------------------------------------
 */

/* A small piece first: most files are no larger, and Wine touches every page of what is read into.
 */
static u32 copy_bytes(struct os_file *from, struct tgt_file *to)
{
    enum { SMALL = 8 << 10, LARGE = 256 << 10 };
    u8 *piece = os_alloc(SMALL);
    u32 size = SMALL, got = SMALL, err = piece ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;

    for (u64 at = 0; !err && got == size; at += got) {
        if (at && size == SMALL) {
            os_free(piece);
            size = LARGE;
            piece = os_alloc(size);
        }
        err = piece ? os_read_at(from, at, piece, size, &got) : ERROR_OUTOFMEMORY;
        if (!err && got)
            err = tgt_write(to, piece, got);
    }
    os_free(piece);
    return err;
}

/* written: 0 where it is not known. */
static u32 copy_to(struct os_file *from, u64 written, const char16_t *to, u32 attributes)
{
    u64 now = os_time();
    struct tgt_file *f;
    u32 err = tgt_create(to, &f);

    if (err)
        return err;
    os_step();
    err = copy_bytes(from, f);
    if (err) { /* without rollback nobody else would take the part away */
        tgt_close(f);
        tgt_remove(to);
        return err;
    }
    os_step();
    /* A file that seems to be written after it was made would count as changed by its user. */
    if (!written)
        written = now;
    return tgt_close_at(f, to, attributes, MAX(now, written), written);
}

static u32 open_loose(const char16_t *from, struct os_file **f, u64 *written)
{
    if (!media_written(from, written))
        *written = 0;
    return os_open(from, OS_READ, f);
}

u32 media_copy_loose(const char16_t *from, const char16_t *to, u32 attributes)
{
    struct os_file *f;
    u64 written;
    u32 err = open_loose(from, &f, &written);

    if (!err) {
        err = copy_to(f, written, to, attributes);
        os_close(f);
    }
    os_step();
    return err;
}

static void say_no_file(struct media *m, const struct media_file *f)
{
    m->trouble = (struct media_trouble){MEDIA_NO_FILE, f->name, NULL};
}

static void close_loose(struct media *m)
{
    os_close(m->from);
    m->from = NULL;
}

u32 media_ready(struct media *m, u32 place)
{
    const struct media_file *f = place < m->file_count ? &m->files[place] : NULL;
    u32 err = ERROR_SUCCESS;

    close_loose(m);
    if (!f)
        return ERROR_INSTALL_FAILURE;
    if (!f->done)
        return f->why ? f->why : ERROR_INSTALL_FAILURE;
    if (!f->staged)
        err = open_loose(f->name, &m->from, &m->from_written);
    if (err)
        say_no_file(m, f);
    return err;
}

const struct media_trouble *media_trouble_of(const struct media *m)
{
    return &m->trouble;
}

u32 media_put(struct media *m, u32 place, const char16_t *to, u32 attributes)
{
    const char16_t *staged = place < m->file_count ? m->files[place].staged : NULL;
    u32 err = staged || m->from ? ERROR_SUCCESS : ERROR_INSTALL_FAILURE;

    if (!err && staged)
        err = put_in_place(staged, to);
    else if (!err)
        err = copy_to(m->from, m->from_written, to, attributes);
    close_loose(m);
    os_step();
    return err || !staged ? err : tgt_set_attributes(to, attributes);
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

static u32 see_loose(struct media *m, struct media_file *f)
{
    u32 err = ERROR_SUCCESS;

    if (!os_exists(f->name)) {
        say_no_file(m, f);
        err = ERROR_FILE_NOT_FOUND;
    } else if (f->staged) {
        err = media_copy_loose(f->name, f->staged, 0);
    }
    f->done = !err;
    return err;
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
            err = see_loose(m, f);
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
    if (!err)
        m->trouble.number = 0;
    stg_close(root);
    return err;
}

static bool is_staged_on(const struct media *m, u32 volume)
{
    for (u32 i = 0; i < m->file_count; i++)
        if (m->files[i].volume == volume && media_is_staged(&m->files[i]))
            return true;
    return false;
}

static u32 name_staged(struct run *r, struct media *m)
{
    u32 err = ERROR_SUCCESS;
    char16_t *name;

    for (u32 i = 0; !err && i < m->volume_count; i++) {
        if (!is_staged_on(m, i))
            continue;
        err = run_temp_name(r, m->volumes[i], "new", &name);
        if (!err)
            err = media_stage_as(m, i, name);
    }
    return err;
}

static u32 perform_media(struct run *r, const struct op *op, const struct op *undo)
{
    static const struct media_ways ways = {media_ready, media_put, media_free, media_trouble_of};
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

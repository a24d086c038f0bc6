/*
 * Filling a new image: from the hive file and, where that is dirty, its logs; or with an empty
 * hive. The caller is alone with the image. Nothing read here is believed before it was checked.
 */
#include <string.h>

#include "hive_build.h"
#include "guess.h"
#include "hive_impl.h"
#include "hive_log.h"
#include "meta.h"
#include "joint.h"
#include "node.h"
#include "recover.h"

#define PIECE 0x100000u

static char16_t *added(const char16_t *path, const char *suffix)
{
    size_t len = 0, n = strlen(suffix);
    char16_t *name;

    while (path[len])
        len++;
    name = os_alloc((len + n + 1) * sizeof(*name));
    if (!name)
        return NULL;
    memcpy(name, path, len * sizeof(*name));
    for (size_t i = 0; i <= n; i++)
        name[len + i] = (char16_t)suffix[i];
    return name;
}

char16_t *hbuild_name(const char16_t *path, const char *suffix)
{
    char16_t *name = added(path, suffix);

    if (name && !os_exists(name))
        os_find_name(name);
    return name;
}

/* --- the hive file ---------------------------------------------------------------------------
 */

/* A file shorter than a base block is none. */
static u32 read_base(struct hive *h, struct os_file *f)
{
    u32 got, err = os_read_at(f, 0, h->base, BASE_SIZE, &got);

    if (!err && got < BASE_SIZE)
        err = ERROR_NOT_REGISTRY_FILE;
    return err;
}

/* Up to size bytes of bins, as many as there are, into the image; the blocks of a shared one become
 * real by that. */
static u32 read_bins(struct hive *h, struct os_file *f, u32 size, u32 *have)
{
    u8 *buf = os_alloc(PIECE);
    u32 got = PIECE, err = buf ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;

    for (*have = 0; !err && *have < size && got == PIECE; *have += got) {
        err = os_read_at(f, BASE_SIZE + (u64)*have, buf, MIN(PIECE, size - *have), &got);
        if (err || !got)
            break;
        if (h->shared)
            err = os_write_at(h->image, IMAGE_STABLE + (u64)*have, buf, got);
        else
            memcpy(region_at(&h->stable, size) + *have, buf, got);
    }
    os_free(buf);
    if (h->shared)
        h->ctl->alloc[HV_STABLE_STORE] = *have;
    return err;
}

/* For whoever only wants to look. */
static u32 forgive(struct hive *h, u32 fault, u32 err)
{
    if (!(h->flags & HIVE_DAMAGED))
        return err;
    h->faults |= fault;
    h->ctl->flags |= IMAGE_DAMAGED;
    return ERROR_SUCCESS;
}

static u32 load_bins(struct hive *h, struct os_file *f, bool dirty)
{
    u32 size = h->base->size, have, err = ERROR_SUCCESS;

    if (size > HV_STABLE_MAX)
        return ERROR_NO_SYSTEM_RESOURCES;
    if (!h->shared && !region_at(&h->stable, size))
        return ERROR_OUTOFMEMORY;
    err = read_bins(h, f, size, &have);
    if (!err && have < size && !dirty)
        err = forgive(h, BASE_SHORT, ERROR_REGISTRY_CORRUPT);
    if (!err)
        err = commit_reserve(h, HV_STABLE_STORE, size);
    h->ctl->size[HV_STABLE_STORE] = size;
    return err;
}

/* --- logs --------------------------------------------------------------------------------------
 */

/* *cut: there is more of it than any log of ours has. */
static u32 read_whole(struct os_file *f, struct recover_log *log, bool *cut)
{
    u64 size;
    u32 got, err = os_size(f, &size);
    u8 *buf;

    if (err)
        return err;
    *cut |= size > HLOG_MAX;
    size = MIN(size, HLOG_MAX);
    buf = os_alloc(size ? size : 1);
    if (!buf)
        return ERROR_OUTOFMEMORY;
    err = os_read_at(f, 0, buf, (u32)size, &got);
    if (err) {
        os_free(buf);
        return err;
    }
    log->bytes = buf;
    log->size = got;
    return ERROR_SUCCESS;
}

static u32 read_log(struct hive *h, struct os_file *of, const char *suffix, struct recover_log *log,
                    bool *cut)
{
    char16_t *name = added(h->place, suffix);
    struct os_file *f;
    bool exact;
    u32 err;

    if (!name)
        return ERROR_OUTOFMEMORY;
    exact = os_exists(name);
    log->alike = os_find_name(name) > 1;
    log->twins = log->alike && !exact;
    err = os_open_beside(name, OS_READ, of, &f);
    os_free(name);
    if (err)
        return err == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : err;
    err = read_whole(f, log, cut);
    os_close(f);
    return err;
}

static u32 read_logs(struct hive *h, struct os_file *of, struct recover *r, bool *cut)
{
    static const char *const suffix[RECOVER_LOGS] = {".LOG1", ".LOG2", ".LOG"};
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; i < RECOVER_LOGS && !err; i++)
        err = read_log(h, of, suffix[i], &r->log[i], cut);
    return err;
}

static void free_logs(struct recover *r)
{
    for (u32 i = 0; i < RECOVER_LOGS; i++)
        os_free((void *)(uintptr_t)r->log[i].bytes);
}

static u8 *grow_bins(void *ctx, u32 size)
{
    struct hive *h = ctx;

    return commit_reserve(h, HV_STABLE_STORE, size) ? NULL : region_at(&h->stable, size);
}

static u32 decided(void *ctx, const struct log_joint *j, bool *yes)
{
    const struct hive *h = ctx;

    return joint_decided(j, h->place, yes);
}

/* A base block that can be worked with, where there is one. */
static u32 settle_base(struct hive *h, struct os_file *f, struct recover *r)
{
    u32 faults = base_faults(h->base), err = recover_base(r);

    if (!err)
        return ERROR_SUCCESS;
    err = forgive(h, faults, err);
    return err ? err : guess_base(f, h->base);
}

/* With the logs' bytes at hand. */
static u32 load_dirty(struct hive *h, struct os_file *f, struct recover *r)
{
    u32 err = settle_base(h, f, r);

    if (!err)
        err = load_bins(h, f, recover_needed(h->base));
    if (err || !recover_needed(h->base) || (h->ctl->flags & IMAGE_DAMAGED))
        return err;
    r->bins = region_at(&h->stable, h->base->size);
    r->size = h->base->size;
    r->grow = grow_bins;
    r->decided = decided;
    r->ctx = h;
    r->changed = h->dirty;
    err = recover_run(r);
    h->ctl->size[HV_STABLE_STORE] = r->size;
    return err;
}

/* What recovery did, for whoever asks, and what is to be kept when logs of our own begin. */
static void tell(struct hive *h, const struct recover *r, struct hive_recovery *out)
{
    h->recovered = r->result == RECOVER_REPLAYED;
    if (out->dirty && !r->entries && !h->faults)
        h->faults = BASE_UNFINISHED;
    for (u32 i = 0; i < RECOVER_LOGS; i++) {
        out->log[i].fit = r->log[i].fit;
        out->log[i].alike = r->log[i].alike;
        out->log[i].first = r->log[i].first;
        out->log[i].last = r->log[i].last;
        if (i < 2 && recover_keeps(r->log[i].fit))
            h->ctl->keep[i] = 1;
    }
    out->result = r->result;
    out->needed = r->needed;
    out->base_block = r->from_log;
    out->entries = r->entries;
    out->pages = r->pieces;
    out->sequence = h->base->seq1;
}

/* Bins, and what the logs add to them where the file needs its logs. */
static u32 load_stable(struct hive *h, struct os_file *f, struct hive_recovery *out)
{
    struct recover r = {.base = h->base};
    bool cut = false;
    u32 err = ERROR_SUCCESS;

    out->dirty = recover_needed(h->base);
    if (out->dirty)
        err = read_logs(h, f, &r, &cut);
    if (!err)
        err = load_dirty(h, f, &r);
    free_logs(&r);
    if (err)
        return err;
    tell(h, &r, out);
    if (cut) /* what is behind that may count: nothing is written over it */
        h->ctl->flags |= IMAGE_DAMAGED;
    return ERROR_SUCCESS;
}

/* Everything the logs had, to the hive file. They are synced first: what of them the medium does
 * not have must not be mixed into the hive. */
static u32 finish_recovery(struct hive *h)
{
    struct image_log *log = &h->ctl->logs[0];
    u32 err = hlog_open_files(h);

    log->first = h->base->seq1 - 1;
    log->next = h->base->seq1;
    log->end = LOG_FIRST + 1;
    h->ctl->marked = 1;
    for (u32 i = 0; i < 2 && !err; i++)
        err = os_sync(h->log[i]);
    if (!err)
        err = checkpoint(h);
    return err ? err : hlog_take_over(h);
}

/* The hive file and its logs stay as they are until something is written, unless the logs had
 * something or are known to have nothing: what was not used may be of use to somebody else. */
static u32 settle_files(struct hive *h, const struct hive_recovery *recovery)
{
    if (recovery->result == RECOVER_REPLAYED || recovery->result == RECOVER_COMPLETE)
        return finish_recovery(h);
    return ERROR_SUCCESS;
}

/* --- the rest of the image ---------------------------------------------------------------------
 */

static void start_logs(struct hive *h)
{
    for (u32 i = 0; i < 2; i++) {
        struct image_log *log = &h->ctl->logs[i];

        log->end = LOG_FIRST;
        log->first = log->next = h->base->seq1;
        log->alloc = 0;
    }
}

/* Of a new hive. */
static u32 build_empty_meta(struct hive *h, struct hview *view)
{
    u32 err;

    overlay_attach(view, h->overlay);
    err = hbuild_root(view, &h->base->root);
    if (!err)
        err = view->error;
    for (u32 i = 0; i < 2 && !err; i++)
        err = commit_reserve(h, i, view->size[i]);
    return err;
}

/* What was derived anew gets into the file with the next checkpoint. */
static void note_mended(void *ctx, u32 off, u32 size)
{
    struct hive *h = ctx;

    dirty_add(h->dirty, off, size);
}

/* Of bins that were read: written in place, for nobody else sees the image yet. */
static u32 build_full_meta(struct hive *h, struct hview *view)
{
    u32 room = meta_room(view->size[HV_STABLE_STORE]);
    u32 err = commit_reserve(h, HV_VOLATILE_STORE, room);

    if (err)
        return err;
    view->base[HV_VOLATILE_STORE] = region_at(&h->vol, room);
    view->direct = true;
    view->limit[HV_STABLE_STORE] = view->size[HV_STABLE_STORE];
    view->limit[HV_VOLATILE_STORE] = room;
    if (!node_is(view, h->base->root) && !forgive(h, BASE_BAD_ROOT, ERROR_REGISTRY_CORRUPT))
        h->base->root = guess_root(view);
    /* who looks at damage is to see it */
    err = meta_build(view, h->base->root, h->base->minor,
                     h->flags & HIVE_DAMAGED ? NULL : note_mended, h);
    return err ? err : view->error;
}

/* Volatile and meta storage, made from the stable one. */
static u32 build_meta(struct hive *h, bool empty)
{
    struct hview view;
    u32 flags, err;

    hv_init(&view, region_at(&h->stable, h->ctl->size[0]), h->ctl->size[0], NULL, 0, h->meta);
    overlay_reset(h->overlay);
    err = empty ? build_empty_meta(h, &view) : build_full_meta(h, &view);
    flags = err ? 0 : hv_u32(&view, HM_FLAGS);
    if (!err)
        commit_direct(h, view.size);
    overlay_reset(h->overlay);
    if (!err && (flags & META_READ_ONLY))
        h->ctl->flags |= IMAGE_DAMAGED;
    if (!err && (flags & META_MENDED))
        h->ctl->mended = 1;
    return err;
}

u32 hbuild_image(struct hive *h, struct os_file *file, struct hive_recovery *out)
{
    u32 err = read_base(h, file);

    memset(out, 0, sizeof(*out));
    if (!err)
        err = load_stable(h, file, out);
    if (!err)
        err = build_meta(h, false);
    if (err)
        return err;
    out->sequence = h->base->seq1;
    out->mended = h->ctl->mended;
    if (h->shared && !(h->ctl->flags & IMAGE_DAMAGED))
        err = settle_files(h, out);
    start_logs(h);
    return err;
}

u32 hbuild_write_mended(struct hive *h)
{
    u32 err = hlog_open(h);

    if (!err)
        err = hlog_mark(h);
    if (!err)
        hlog_state(h)->end = LOG_FIRST + 1;
    return err ? err : checkpoint(h);
}

u32 hbuild_meta(struct hive *h)
{
    u32 err = build_meta(h, false);

    start_logs(h);
    return err;
}

u32 hbuild_empty(struct hive *h)
{
    u32 err;

    base_make(h->base, h->path, 0, 0, 5);
    err = build_meta(h, true);
    h->base->size = h->ctl->size[HV_STABLE_STORE];
    base_seal(h->base);
    start_logs(h);
    return err;
}

/* The bins first: a file with a base block has the rest as well. */
u32 hbuild_create(struct os_file *f, struct hive *h)
{
    u32 size = h->ctl->size[HV_STABLE_STORE];
    u32 err = os_write_at(f, BASE_SIZE, region_at(&h->stable, size), size);

    os_step();
    if (!err)
        err = os_sync(f);
    os_step();
    if (!err)
        err = os_write_at(f, 0, h->base, BASE_SIZE);
    return err ? err : os_sync(f);
}

u32 hbuild_root(struct hview *view, u32 *root)
{
    static const char head[] = "CMI-CreateHive{";
    char16_t name[64];
    size_t n = 0;
    u8 id[16];

    os_random(id, sizeof(id));
    for (; head[n]; n++)
        name[n] = (char16_t)head[n];
    for (size_t i = 0; i < sizeof(id); i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            name[n++] = '-';
        name[n++] = u"0123456789ABCDEF"[id[i] >> 4];
        name[n++] = u"0123456789ABCDEF"[id[i] & 15];
    }
    name[n++] = '}';
    return meta_create(view, name, n, NULL, 0, root);
}

bool hbuild_is_blank(struct os_file *f)
{
    u8 head[BASE_SIZE];
    u32 got;

    if (os_read_at(f, 0, head, sizeof(head), &got))
        return false;
    for (u32 i = 0; i < got; i++)
        if (head[i])
            return false;
    return true;
}

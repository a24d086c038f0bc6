/*
 * InstallFiles: which files are to be put, and where their bytes are.
 *
 * The files of components that are to be local are compared with what is there (file_rules.h). A
 * companion comes with its parent, or where it is missing. One OP_MEDIA lists all sources; then
 * comes a put for each file, in the order of the media. A file that is there, and that PatchFiles
 * can make a new one of, is left to that.
 */
#include <stdlib.h>
#include <string.h>

#include "act_files.h"
#include "apart.h"
#include "act_isolate.h"
#include "act_stores.h"
#include "file_rules.h"
#include "files_plan.h"
#include "filename.h"
#include "media.h"
#include "notice.h"
#include "patching.h"
#include "rows.h"
#include "session_impl.h"
#include "target.h"
#include "trace.h"
#include "utf16.h"

enum { COMPANIONS_MAX = 100 }; /* of companions */

/* --- where the package has them -----------------------------------------------------------------
 */

static bool is_compressed(const struct files_plan *p, const struct file_row *f)
{
    if (f->attributes & (FILE_COMPRESSED | FILE_NONCOMPRESSED | FILE_OF_PATCH))
        return (f->attributes & (FILE_COMPRESSED | FILE_OF_PATCH)) != 0;
    return (p->in->s->word_count & 2) != 0;
}

/* The path of a single file in the source: its long name, or the short one where the package says
 * that its sources have those. */
static u32 loose_path(struct files_plan *p, const struct file_row *f, struct text_buf *out)
{
    const struct component *c = names_at(&p->in->s->components, f->component);
    size_t bar = 0, len = u16_len(f->source_name);
    u32 err = folder_source(p->in->s, c->folder, u16_len(c->folder), out);

    if (err)
        return err;
    while (bar < len && f->source_name[bar] != '|')
        bar++;
    if (!(p->in->s->word_count & 1) || bar == len)
        return path_add_name(out, f->source_name);
    if (!file_name_is_plain(f->source_name, bar))
        return ERROR_BAD_PATHNAME;
    tb_add(out, f->source_name, bar);
    return out->failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

/* An image that is made anew in its own place has its files there. */
static u32 is_source(struct files_plan *p, const struct file_row *f, const char16_t *path, bool *is)
{
    struct text_buf source;
    u32 err;

    *is = false;
    if (!session_is_admin(p->in->s) || is_compressed(p, f))
        return ERROR_SUCCESS;
    tb_init(&source);
    err = loose_path(p, f, &source);
    *is = !err && u16_equal_fold(source.s, path);
    tb_free(&source);
    return err;
}

/* --- what replaces what -------------------------------------------------------------------------
 */

static u32 reinstall_mode(struct session *s)
{
    const struct property *p = prop_get(s, "REINSTALLMODE");
    u32 mode = session_is_admin(s) ? MODE_ALL : p ? file_mode(p->value, p->value_len) : MODE_OLDER;

    return mode ? mode : MODE_OLDER;
}

static bool hash_there(void *ctx, u32 hash[4])
{
    return file_hash(ctx, hash) == ERROR_SUCCESS;
}

/* What is there under the path; false: nothing, or a link, which is never looked through. */
static bool look_there(char16_t *path, struct file_there *there)
{
    struct tgt_stat st;

    if (tgt_stat(path, &st) || (st.attributes & (TGT_FOLDER | TGT_LINK)))
        return false;
    memset(there, 0, sizeof(*there));
    there->created = st.created;
    there->written = st.written;
    there->versioned = tgt_version(path, there->version, &there->language);
    there->hash = hash_there;
    there->ctx = path;
    return true;
}

static struct file_offer offer_of(const struct files_plan *p, const struct file_row *f)
{
    struct file_offer o = {.hashed = f->hashed, .product_language = p->language};

    o.versioned = version_parse(f->version, u16_len(f->version), o.version);
    o.languages = f->languages;
    o.languages_len = u16_len(f->languages);
    memcpy(o.hash, f->hash, sizeof(o.hash));
    return o;
}

static u32 decide(struct files_plan *p, u32 row, u8 *verdict);

/* The row of the file whose version counts for this one, or NAME_NONE. */
static u32 companion_of(const struct files_plan *p, const struct file_row *f)
{
    u32 version[4], i;

    if (!f->version[0] || version_parse(f->version, u16_len(f->version), version))
        return NAME_NONE;
    i = names_find(&p->in->s->files, f->version, u16_len(f->version));
    return i < p->t.count ? i : NAME_NONE;
}

/* What a patch had changed that goes. */
static bool is_forced(const struct files_plan *p, const struct file_row *f)
{
    const struct session_patches *l = p->in->s->patches;

    return l && names_find(&l->forced, f->key, u16_len(f->key)) != NAME_NONE;
}

static u32 compare(struct files_plan *p, u32 row, char16_t *path, u8 *verdict)
{
    const struct file_row *f = &p->t.rows[row];
    struct file_offer offer = offer_of(p, f);
    u32 companion = companion_of(p, f);
    struct file_there there;

    *verdict = PUT;
    if (!look_there(path, &there) || store_is_wines(p->in, f->component, path))
        return ERROR_SUCCESS;
    if ((p->mode & MODE_ALL) || is_forced(p, f)) {
        bool own;
        u32 err = is_source(p, f, path, &own);

        if (own)
            *verdict = deltas_has(&p->deltas, row) ? CHANGE : KEEP;
        return err;
    }
    if (companion != NAME_NONE) {
        u32 err = p->depth++ < COMPANIONS_MAX ? decide(p, companion, verdict)
                                              : ERROR_INSTALL_PACKAGE_INVALID;

        p->depth--;
        if (*verdict != KEEP)
            *verdict = deltas_has(&p->deltas, row) ? CHANGE : PUT;
        return err;
    }
    if (!file_replaces(p->mode, &offer, &there))
        *verdict = KEEP;
    if (*verdict == KEEP && (p->mode & MODE_CHECKSUM) && (f->attributes & FILE_CHECKSUM) &&
        !file_checksum_holds(path))
        *verdict = PUT;
    else if (*verdict == PUT && deltas_has(&p->deltas, row))
        *verdict = CHANGE;
    return ERROR_SUCCESS;
}

/* Companions may name each other in a ring: who is met on the way is taken to stay. */
static u32 decide(struct files_plan *p, u32 row, u8 *verdict)
{
    const struct file_row *f = &p->t.rows[row];
    struct text_buf path;
    u32 err;

    *verdict = p->verdicts[row] == DECIDING ? KEEP : p->verdicts[row];
    if (*verdict != UNDECIDED)
        return ERROR_SUCCESS;
    if (!component_installs(p->in, f->component) || p->kept[f->component]) {
        *verdict = KEEP;
    } else {
        p->verdicts[row] = DECIDING;
        tb_init(&path);
        err = file_table_path(p->in, f, &path);
        if (!err)
            err = compare(p, row, path.s, verdict);
        tb_free(&path);
        if (err)
            return err;
    }
    p->verdicts[row] = *verdict;
    return ERROR_SUCCESS;
}

u32 files_decide(struct files_plan *p)
{
    u32 err = ERROR_SUCCESS;
    u8 verdict;

    for (u32 i = 0; !err && i < p->t.count; i++)
        err = decide(p, i, &verdict);
    return err;
}

/* --- media --------------------------------------------------------------------------------------
 */

static u32 add_medium(void *ctx, struct record *row)
{
    struct files_plan *p = ctx;
    struct files_medium *more, *m;
    size_t len;

    if (p->medium_count == p->medium_cap) {
        u32 cap = p->medium_cap ? p->medium_cap * 2 : 16;

        more = os_realloc_array(p->media, cap, sizeof(*more));
        if (!more)
            return ERROR_OUTOFMEMORY;
        p->media = more;
        p->medium_cap = cap;
    }
    m = &p->media[p->medium_count];
    m->disk = rec_get_int(row, 1);
    m->last = (u32)MAX(rec_get_int(row, 2), 0);
    m->place = MEDIA_LOOSE;
    m->cabinet = rec_dup_text(row, 3, &len);
    if (!m->cabinet)
        return ERROR_OUTOFMEMORY;
    p->medium_count++;
    return ERROR_SUCCESS;
}

static int by_disk(const void *a, const void *b)
{
    const struct files_medium *x = a, *y = b;

    return x->disk < y->disk ? -1 : x->disk > y->disk;
}

/* In the package, beside it, or in the patch whose medium it is. */
static u32 put_place(struct files_plan *p, const struct files_medium *m)
{
    const struct session_patch *patch = patching_of_disk(p->in->s, m->disk);
    u32 err;

    if (m->cabinet[0] != '#')
        return buf_add32(&p->cabinets, MEDIA_FILE);
    err = buf_add32(&p->cabinets, patch ? MEDIA_STREAM_OF : MEDIA_STREAM);
    return err || !patch ? err : media_put_text(&p->cabinets, patch->path);
}

static u32 put_cabinet(struct files_plan *p, struct files_medium *m)
{
    struct text_buf path;
    u32 err;

    tb_init(&path);
    if (m->cabinet[0] == '#') {
        tb_add(&path, m->cabinet + 1, u16_len(m->cabinet + 1));
        err = ERROR_SUCCESS;
    } else if (!file_name_is_plain(m->cabinet, u16_len(m->cabinet))) {
        err = ERROR_BAD_PATHNAME;
    } else {
        err = folder_source(p->in->s, u"SourceDir", 9, &path);
        tb_add(&path, m->cabinet, u16_len(m->cabinet));
    }
    if (!err)
        err = path.failed ? ERROR_OUTOFMEMORY : put_place(p, m);
    if (!err)
        err = media_put_text(&p->cabinets, path.s ? path.s : u"");
    tb_free(&path);
    m->place = p->cabinet_count++;
    return err;
}

u32 files_media(struct files_plan *p)
{
    u32 err = rows_each(p->in->s->db, u"SELECT `DiskId`, `LastSequence`, `Cabinet` FROM `Media`",
                        NULL, add_medium, p);

    if (err)
        return err;
    if (p->medium_count)
        qsort(p->media, p->medium_count, sizeof(*p->media), by_disk);
    for (u32 i = 0; !err && i < p->medium_count; i++)
        if (p->media[i].cabinet[0])
            err = put_cabinet(p, &p->media[i]);
    return err;
}

const struct files_medium *files_medium_of(const struct files_plan *p, u32 sequence, u32 *at)
{
    while (*at < p->medium_count && p->media[*at].last < sequence)
        ++*at;
    return *at < p->medium_count ? &p->media[*at] : NULL;
}

/* --- the list -----------------------------------------------------------------------------------
 */

/* Where a file's volume stands in the list: by its drive, or server and share. */
static u32 volume_of(struct files_plan *p, const char16_t *path, u32 *place)
{
    size_t len = 3, slashes = 0;
    bool is_new;
    u32 err;

    if (path[1] != ':')
        for (len = 2; path[len] && (path[len] != '\\' || !slashes++);)
            len++;
    err = path_set_add(&p->volumes, path, len, &is_new);
    for (*place = 0; !err && *place < p->volumes.count; ++*place)
        if (!u16_compare_fold(p->volumes.paths[*place], u16_len(p->volumes.paths[*place]), path,
                              len))
            return ERROR_SUCCESS;
    return err;
}

u32 files_list(struct files_plan *p, const char16_t *path, u32 place, const char16_t *source)
{
    u32 volume = 0, err = volume_of(p, path, &volume);

    if (!err)
        err = buf_add32(&p->list, place);
    if (!err)
        err = buf_add32(&p->list, volume);
    if (!err)
        err = media_put_text(&p->list, source);
    p->put_count++;
    return err;
}

enum { WORDS_IMAGE = 4 }; /* of the summary information's word count */

/* Error 2602. The message goes out without the lock: a handler may call anything. */
static u32 refuse(struct session *s, const struct file_row *f)
{
    os_mutex_unlock(&s->lock);
    notice_no_medium(s, f->key, u16_len(f->key));
    os_mutex_lock(&s->lock);
    return ERROR_INSTALL_FAILURE;
}

u32 files_list_source(struct files_plan *p, const struct file_row *f, const char16_t *path,
                      u32 *medium)
{
    const struct files_medium *m = files_medium_of(p, f->sequence, medium);
    struct text_buf source;
    u32 err = ERROR_SUCCESS, place = MEDIA_LOOSE;

    /* An image that was patched has files of no medium: it is not told of those of patches. */
    if (!m && !(p->in->s->word_count & WORDS_IMAGE))
        return refuse(p->in->s, f);
    tb_init(&source);
    if (is_compressed(p, f)) {
        if (!m || m->place == MEDIA_LOOSE) {
            TRACE(TRACE_MSI, "file %s is in no cabinet", trace_text(f->key, -1));
            err = ERROR_INSTALL_PACKAGE_INVALID;
        }
        place = m ? m->place : MEDIA_LOOSE;
        tb_add(&source, f->key, u16_len(f->key));
    } else {
        err = loose_path(p, f, &source);
    }
    if (!err)
        err = source.failed ? ERROR_OUTOFMEMORY : files_list(p, path, place, source.s);
    tb_free(&source);
    return err;
}

static u32 list_each(struct files_plan *p)
{
    struct text_buf path;
    u32 err = ERROR_SUCCESS, medium = 0;

    tb_init(&path);
    for (u32 i = 0; !err && i < p->t.count; i++) {
        const struct file_row *f = &p->t.rows[p->t.order[i]];

        if (p->verdicts[p->t.order[i]] != PUT)
            continue;
        tb_cut(&path, 0);
        err = file_table_path(p->in, f, &path);
        if (!err)
            err = files_list_source(p, f, path.s, &medium);
    }
    tb_free(&path);
    return err;
}

u32 files_plan_media(struct files_plan *p)
{
    struct buf all = {0};
    struct op op;
    u32 err = buf_add32(&all, p->cabinet_count);

    if (!err)
        err = buf_add(&all, p->cabinets.data, p->cabinets.len);
    if (!err)
        err = buf_add32(&all, p->volumes.count);
    for (u32 i = 0; !err && i < p->volumes.count; i++)
        err = media_put_text(&all, p->volumes.paths[i]);
    if (!err)
        err = buf_add32(&all, p->put_count);
    if (!err)
        err = buf_add(&all, p->list.data, p->list.len);
    if (!err)
        err = buf_add32(&all, p->made_count);
    if (!err)
        err = buf_add(&all, p->made.data, p->made.len);
    op_begin(&op, OP_MEDIA);
    op_text(&op, apart_package(p->in->s));
    op_bytes(&op, all.data, all.len);
    if (!err)
        err = plan(p->in, &op);
    buf_free(&all);
    return err;
}

/* --- putting ------------------------------------------------------------------------------------
 */

/* How the files are told of: fields of the ActionData message. */
enum { DATA_FIELDS = 9, DATA_NAME = 0, DATA_SIZE = 5, DATA_FOLDER = 8 };
enum { CHANGE_FIELDS = 3, CHANGE_FOLDER = 1, CHANGE_SIZE = 2 };

static u32 tell_file(struct files_plan *p, const struct file_row *f, const struct text_buf *folder,
                     u32 kind)
{
    const char16_t *texts[DATA_FIELDS] = {NULL};
    bool changes = kind == OP_FILE_CHANGE;
    char16_t size[12];
    struct op op;
    u32 err;

    rec_format_int((i32)MIN(f->size, 0x7fffffffu), size);
    texts[DATA_NAME] = f->name;
    texts[changes ? CHANGE_SIZE : DATA_SIZE] = size;
    texts[changes ? CHANGE_FOLDER : DATA_FOLDER] = folder->s;
    err = plan_data(p->in, changes ? CHANGE_FIELDS : DATA_FIELDS, texts);
    op_begin(&op, OP_PROGRESS);
    op_number(&op, f->size);
    return err ? err : plan(p->in, &op);
}

u32 files_put(struct files_plan *p, const struct file_row *f, u32 kind, u32 place)
{
    struct text_buf path;
    struct op op;
    u32 err;

    tb_init(&path);
    err = file_table_folder(p->in, f, &path);
    if (!err)
        err = plan_folder_made(p->in, &p->folders, path.s, path.len);
    if (!err)
        err = tell_file(p, f, &path, kind);
    if (!err)
        err = path_add_name(&path, f->name);
    if (!err) {
        op_begin(&op, kind);
        op_text(&op, path.s);
        op_number(&op, f->attributes & (FILE_READONLY | FILE_HIDDEN | FILE_SYSTEM));
        op_number(&op, f->size);
        op_number(&op, place);
        err = plan(p->in, &op);
    }
    tb_free(&path);
    return err;
}

static u32 put_all(struct files_plan *p)
{
    u32 err = ERROR_SUCCESS, place = 0;

    for (u32 i = 0; !err && i < p->t.count; i++)
        if (p->verdicts[p->t.order[i]] == PUT)
            err = files_put(p, &p->t.rows[p->t.order[i]], OP_FILE_PUT, place++);
    return err;
}

/* --- the action ---------------------------------------------------------------------------------
 */

/* Components that are not to be overwritten, and are there: their key says. */
static u32 keep_components(struct files_plan *p)
{
    struct session *s = p->in->s;
    struct text_buf path;
    u32 err = ERROR_SUCCESS;

    tb_init(&path);
    for (u32 i = 0; !err && i < s->components.count; i++) {
        const struct component *c = names_at(&s->components, i);
        u32 file = names_find(&s->files, c->key_path, u16_len(c->key_path));
        struct file_there there;

        if (!(c->attributes & COMPONENT_NEVER_OVERWRITE) || !component_installs(p->in, i) ||
            file >= p->t.count)
            continue;
        tb_cut(&path, 0);
        err = file_table_path(p->in, &p->t.rows[file], &path);
        p->kept[i] = !err && look_there(path.s, &there);
    }
    tb_free(&path);
    return err;
}

u32 files_begin(struct files_plan *p)
{
    u32 err = file_table_read(p->in->s, &p->t);

    if (!err)
        err = deltas_read(p->in->s, &p->t, &p->deltas);
    if (err)
        return err;
    p->mode = reinstall_mode(p->in->s);
    p->language = p->in->s->language;
    p->verdicts = os_calloc(p->t.count + 1u, 1);
    p->kept = os_calloc(p->in->s->components.count + 1u, 1);
    return p->verdicts && p->kept ? keep_components(p) : ERROR_OUTOFMEMORY;
}

void files_done(struct files_plan *p)
{
    file_table_free(&p->t);
    deltas_free(&p->deltas);
    for (u32 i = 0; i < p->medium_count; i++)
        os_free(p->media[i].cabinet);
    os_free(p->media);
    os_free(p->verdicts);
    os_free(p->kept);
    buf_free(&p->cabinets);
    buf_free(&p->list);
    buf_free(&p->made);
    making_free(&p->folders);
    path_set_free(&p->volumes);
}

u32 install_files(struct install *in)
{
    struct files_plan p = {.in = in};
    u32 err = files_begin(&p);

    if (!err)
        err = files_decide(&p);
    if (!err)
        err = files_media(&p);
    if (!err)
        err = list_each(&p);
    if (!err && p.put_count)
        err = files_plan_media(&p);
    if (!err)
        err = put_all(&p);
    if (!err)
        err = plan_isolated(in, &p.t, &p.folders);
    if (!err)
        err = plan_stores_found(in);
    files_done(&p);
    return err;
}

#include "run.h"

#include <string.h>

#include "hash.h"
#include "journal.h"
#include "os.h"
#include "reg.h"
#include "run_impl.h"
#include "target.h"
#include "trace.h"
#include "utf16.h"

enum { BATCH = 2048, BATCH_BYTES = 4 << 20 };

/* --- memory of a batch --------------------------------------------------------------------------
 */

struct run_chunk {
    struct run_chunk *next;
    size_t used, cap;
    _Alignas(16) u8 bytes[];
};

enum { CHUNK = 64 << 10 };

void *run_memory(struct run *r, size_t size)
{
    struct run_chunk *c = r->chunks;
    size_t cap;
    void *p;

    if (size > (size_t)1 << 30)
        return NULL;
    size = ALIGN_UP(size, (size_t)16);
    if (!c || c->cap - c->used < size) {
        cap = MAX(size, (size_t)CHUNK);
        c = os_alloc_behind(sizeof(*c), cap, 1);
        if (!c)
            return NULL;
        c->next = r->chunks;
        c->cap = cap;
        c->used = 0;
        r->chunks = c;
    }
    p = c->bytes + c->used;
    c->used += size;
    return p;
}

char16_t *run_text(struct run *r, const char16_t *text, size_t len)
{
    char16_t *copy = len < (size_t)1 << 29 ? run_memory(r, (len + 1) * sizeof(*copy)) : NULL;

    if (copy) {
        memcpy(copy, text, len * sizeof(*copy));
        copy[len] = 0;
    }
    return copy;
}

void run_forget_memory(struct run *r)
{
    while (r->chunks) {
        struct run_chunk *next = r->chunks->next;

        os_free(r->chunks);
        r->chunks = next;
    }
}

/* --- what was noted -----------------------------------------------------------------------------
 */

struct path {
    const char16_t *s; /* folded, of len characters and one more, which is 0 */
    size_t len;
};

static bool is_path(const void *ctx, u32 value, const void *item)
{
    const struct run *r = ctx;
    const struct path *p = item;
    const char16_t *s = (const char16_t *)(const void *)r->paths.data + value;

    return !memcmp(s, p->s, (p->len + 1) * sizeof(*s));
}

/* Behind all the others, where it is to be looked for, or stays. place: where it is already;
 * HASH_NONE: nowhere. */
static u32 find_path(struct run *r, const char16_t *path, u32 *hash, u32 *place)
{
    size_t start = r->paths.len, n = u16_len(path);
    struct path p = {NULL, n};
    char16_t *s;
    u32 err = buf_add(&r->paths, NULL, (n + 1) * sizeof(*s));

    if (err)
        return err;
    s = (char16_t *)(void *)(r->paths.data + start);
    for (size_t i = 0; i < n; i++)
        s[i] = u16_upper(path[i]);
    s[n] = 0;
    p.s = s;
    *hash = hash_bytes(s, n * sizeof(*s));
    *place = hash_find(&r->noted, *hash, is_path, r, &p);
    return ERROR_SUCCESS;
}

static u32 look_up(struct run *r, const char16_t *path, u32 *hash, u32 *place)
{
    size_t start = r->paths.len;
    u32 err = find_path(r, path, hash, place);

    r->paths.len = start;
    return err;
}

u32 run_is_first(struct run *r, const char16_t *path, bool *first)
{
    static const u32 no_aside = 0;
    size_t start = r->paths.len;
    u32 hash, place, err = buf_add(&r->paths, &no_aside, sizeof(no_aside));

    if (!err)
        err = find_path(r, path, &hash, &place);
    *first = !err && place == HASH_NONE;
    if (*first)
        err = hash_add(&r->noted, hash, (u32)((start + sizeof(no_aside)) / sizeof(*path)));
    if (!*first || err)
        r->paths.len = start;
    return err;
}

u32 run_is_not_noted(struct run *r, const char16_t *path)
{
    u32 hash, place, err = look_up(r, path, &hash, &place);

    if (!err && place != HASH_NONE)
        hash_remove(&r->noted, hash, place);
    return err;
}

/* The number before the path. */
static u8 *aside_at(const struct run *r, u32 place)
{
    return r->paths.data + (size_t)place * sizeof(char16_t) - sizeof(u32);
}

u32 run_set_aside(struct run *r, const char16_t *path, const char16_t *aside)
{
    u32 hash, place, at, err = look_up(r, path, &hash, &place);

    if (err || place == HASH_NONE)
        return err;
    at = (u32)(r->paths.len / sizeof(*aside));
    err = buf_add(&r->paths, aside, (u16_len(aside) + 1) * sizeof(*aside));
    if (!err)
        memcpy(aside_at(r, place), &at, sizeof(at));
    return err;
}

u32 run_aside(struct run *r, const char16_t *path, const char16_t **aside)
{
    u32 hash, place, at = 0, err = look_up(r, path, &hash, &place);

    if (!err && place != HASH_NONE)
        memcpy(&at, aside_at(r, place), sizeof(at));
    *aside = at ? (const char16_t *)(const void *)r->paths.data + at : NULL;
    return err;
}

static void end_media(struct run *r)
{
    if (r->media)
        r->media_ways->done(r->media);
    r->media = NULL;
}

void run_set_media(struct run *r, struct media *m, const struct media_ways *ways)
{
    end_media(r);
    r->media = m;
    r->media_ways = ways;
}

u32 run_ready(struct run *r, u32 place)
{
    return r->media ? r->media_ways->ready(r->media, place) : ERROR_INSTALL_FAILURE;
}

const struct media_trouble *run_media_trouble(const struct run *r)
{
    const struct media_trouble *t =
        r->media && r->media_ways->trouble ? r->media_ways->trouble(r->media) : NULL;

    return t && t->number ? t : NULL;
}

u32 run_put(struct run *r, u32 place, const char16_t *to, u32 attributes)
{
    return r->media ? r->media_ways->put(r->media, place, to, attributes) : ERROR_INSTALL_FAILURE;
}

/* --- what is held -------------------------------------------------------------------------------
 */

static u32 finish_held(struct run *r, bool write)
{
    void *held = r->held;

    r->held = NULL;
    return held ? r->held_family->finish(r, held, write) : ERROR_SUCCESS;
}

u32 run_hold(struct run *r, const struct op_family *f, const struct op *op, void *held)
{
    u32 err = finish_held(r, true);

    if (err) {
        f->finish(r, held, false);
        return err;
    }
    r->held = held;
    r->held_family = f;
    r->held_op = op;
    return ERROR_SUCCESS;
}

void *run_held(const struct run *r, const struct op_family *f)
{
    return r->held && r->held_family == f ? r->held : NULL;
}

/* --- the life of a run --------------------------------------------------------------------------
 */

u32 run_begin(const struct run_ears *ears, bool rollback, struct run **out)
{
    struct run *r = os_calloc(1, sizeof(*r));

    if (!r)
        return ERROR_OUTOFMEMORY;
    if (ears)
        r->ears = *ears;
    r->rollback = rollback;
    hash_init(&r->noted);
    hash_init(&r->kept);
    *out = r;
    return ERROR_SUCCESS;
}

void run_set_ears(struct run *r, const struct run_ears *ears)
{
    static const struct run_ears none;

    r->ears = ears ? *ears : none;
}

void run_set_rollback(struct run *r, bool rollback)
{
    r->rollback = rollback;
}

/* What is noted from now on has originals of its own. */
void run_forget_paths(struct run *r)
{
    hash_free(&r->noted);
    hash_init(&r->noted);
    r->paths.len = 0;
}

void run_end(struct run *r)
{
    if (!r)
        return;
    if (r->journal)
        journal_close(r->journal);
    end_media(r);
    run_forget_memory(r);
    hash_free(&r->noted);
    hash_free(&r->kept);
    buf_free(&r->paths);
    buf_free(&r->later);
    buf_free(&r->volumes);
    buf_free(&r->barred);
    os_free(r);
}

/* --- scripts ------------------------------------------------------------------------------------
 */

struct step {
    struct op op, undo;
    const struct op_family *family; /* NULL: of this file */
};

struct script {
    const u8 *bytes;
    size_t len, at;
    u64 done, total; /* ticks */
    u32 ticks;       /* of the next operation */
};

static bool is_own(u32 kind)
{
    return kind == OP_ACTION || kind == OP_DATA || kind == OP_PROGRESS;
}

static u32 note(struct run *r, struct step *s)
{
    u32 err;

    op_begin(&s->undo, OP_NONE);
    if (!r->rollback)
        return ERROR_SUCCESS;
    err = s->family->note(r, &s->op, &s->undo);
    if (err || s->undo.kind == OP_NONE)
        return err;
    err = run_journal(r);
    return err ? err : journal_add(r->journal, &s->undo);
}

static u32 add_later(struct run *r, const struct op *note)
{
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; !err && i < 2; i++) {
        const char16_t *text = op_text_at(note, i);

        err = buf_add(&r->later, text, (u16_len(text) + 1) * sizeof(*text));
    }
    return err;
}

/* The next pair of the path, from the unit *at on, which goes behind it. NULL: there is none. */
static char16_t *next_later(const struct run *r, const char16_t *path, size_t *at)
{
    char16_t *all = (char16_t *)(void *)r->later.data;
    size_t count = r->later.len / sizeof(*all);

    while (*at < count) {
        char16_t *pair = all + *at, *beside = pair + u16_len(pair) + 1;

        *at = (size_t)(beside - all) + u16_len(beside) + 1;
        if (u16_equal_fold(pair, path))
            return pair;
    }
    return NULL;
}

const char16_t *run_later(const struct run *r, const char16_t *path)
{
    const char16_t *found = NULL, *pair;

    for (size_t at = 0; (pair = next_later(r, path, &at));)
        found = pair + u16_len(pair) + 1;
    return found;
}

u32 run_drop_later(struct run *r, const char16_t *path)
{
    enum { NO_PATH = 1 }; /* none begins with that unit */
    u32 err = ERROR_SUCCESS;
    char16_t *pair;

    for (size_t at = 0; !err && (pair = next_later(r, path, &at));) {
        const char16_t *beside = pair + u16_len(pair) + 1;

        err = *beside ? tgt_remove(beside) : ERROR_SUCCESS;
        if (err == ERROR_FILE_NOT_FOUND || err == ERROR_PATH_NOT_FOUND)
            err = ERROR_SUCCESS;
        os_step();
        if (!err)
            *pair = NO_PATH;
    }
    return err;
}

u32 run_add_note(struct run *r, const struct op *note)
{
    u32 err = run_journal(r);

    if (!err)
        err = journal_add(r->journal, note);
    if (!err)
        err = journal_write(r->journal, true);
    os_step();
    if (!err && note->kind == OP_LATER)
        err = add_later(r, note);
    if (!err && note->kind == OP_LATER && r->ears.later)
        r->ears.later(r->ears.ctx, note);
    return err;
}

u32 run_note_ahead(struct run *r, const struct op *note)
{
    u32 err = run_journal(r);

    return err ? err : journal_add(r->journal, note);
}

static u32 tell_failure(struct run *r, const struct op *op, u32 err)
{
    TRACE(TRACE_MSI, "operation of kind %u: %u", op->kind, err);
    if (r->ears.failed)
        r->ears.failed(r->ears.ctx, op, err);
    return err;
}

/* Reads and notes operations until the batch is full. */
static u32 take_batch(struct run *r, struct script *sc, struct step *steps, u32 *count)
{
    size_t start = r->journal ? journal_size(r->journal) : 0;
    u32 err = ERROR_SUCCESS, noted = 0;

    for (*count = 0; *count < BATCH && sc->at < sc->len; ++*count) {
        struct step *s = &steps[*count];
        size_t at = sc->at;

        err = op_read(sc->bytes, sc->len, &at, &s->op);
        if (err)
            return err;
        s->family = is_own(s->op.kind) ? NULL : family_of(s->op.kind);
        if (!s->family && !is_own(s->op.kind))
            return ERROR_CALL_NOT_IMPLEMENTED;
        if (s->family) {
            if (s->family->alone && noted)
                break;
            err = note(r, s);
            if (err == ERROR_NO_MORE_ITEMS)
                s->family = NULL;
            else if (err)
                return tell_failure(r, &s->op, err);
            noted++;
        }
        sc->at = at;
        if (r->journal && journal_size(r->journal) - start > BATCH_BYTES) {
            ++*count;
            break;
        }
        if (s->family && s->family->alone) {
            ++*count;
            break;
        }
    }
    return r->journal ? journal_write(r->journal, journal_size(r->journal) != start) : 0;
}

static u32 tick(struct run *r, struct script *sc, const struct op *op)
{
    u32 err = ERROR_SUCCESS;

    sc->done += sc->ticks;
    sc->ticks = 1;
    if (r->ears.progress)
        err = r->ears.progress(r->ears.ctx, sc->done, sc->total);
    return err ? tell_failure(r, op, err) : ERROR_SUCCESS;
}

static u32 tell(struct run *r, const struct op *op)
{
    u32 err = r->ears.told ? r->ears.told(r->ears.ctx, op) : ERROR_SUCCESS;

    return err ? tell_failure(r, op, err) : ERROR_SUCCESS;
}

/* An error is told of what was held. */
static u32 write_held(struct run *r)
{
    const struct op *op = r->held_op;
    u32 err = finish_held(r, true);

    return err ? tell_failure(r, op, err) : ERROR_SUCCESS;
}

static u32 perform(struct run *r, struct step *s)
{
    u32 err;

    if (r->ears.doing)
        r->ears.doing(r->ears.ctx, &s->op);
    os_step();
    err = s->family->perform(r, &s->op, &s->undo);
    os_step();
    return err ? tell_failure(r, &s->op, err) : ERROR_SUCCESS;
}

static u32 do_step(struct run *r, struct script *sc, struct step *s)
{
    u32 err;

    if (s->op.kind == OP_PROGRESS) {
        sc->ticks = (u32)op_number_at(&s->op, 0);
        return ERROR_SUCCESS;
    }
    if (is_own(s->op.kind))
        return tell(r, &s->op);
    if (s->family) {
        err = s->family == r->held_family ? ERROR_SUCCESS : write_held(r);
        if (!err)
            err = perform(r, s);
        if (err)
            return err;
    }
    return tick(r, sc, &s->op);
}

static void count_ticks(struct script *sc)
{
    u32 ticks = 1;
    size_t at = 0;
    struct op op;

    while (at < sc->len && !op_read(sc->bytes, sc->len, &at, &op)) {
        if (op.kind == OP_PROGRESS)
            ticks = (u32)op_number_at(&op, 0);
        if (is_own(op.kind))
            continue;
        sc->total += ticks;
        ticks = 1;
    }
}

u32 run_script(struct run *r, const u8 *script, size_t len)
{
    struct script sc = {script, len, 0, 0, 0, 1};
    struct step *steps = os_alloc_array(BATCH, sizeof(*steps));
    u32 err = steps ? ERROR_SUCCESS : ERROR_OUTOFMEMORY, count;

    r->running = true;
    count_ticks(&sc);
    if (!err && sc.total && r->ears.progress)
        err = r->ears.progress(r->ears.ctx, 0, sc.total);
    while (!err && sc.at < sc.len) {
        err = take_batch(r, &sc, steps, &count);
        for (u32 i = 0; !err && i < count; i++)
            err = do_step(r, &sc, &steps[i]);
        if (!err)
            err = write_held(r);
        finish_held(r, false);
        run_forget_memory(r);
    }
    r->running = false;
    os_free(steps);
    return err;
}

bool run_is_running(const struct run *r)
{
    return r && r->running;
}

/*
 * Files that deltas make: of the file on the machine, or where that is none that they are for, of
 * the package's.
 *
 * A file may have been changed by some of the deltas already, so they are tried from the last one
 * that is for it: each knows by itself which file it is for.
 */
#include "delta.h"
#include "media.h"
#include "op_undo.h"
#include "target.h"
#include "trace.h"
#include "utf16.h"

struct making {
    struct media *m;
    const struct media_made *made;
    struct media_file *file;
    char16_t *between[2]; /* names for what deltas make that are not the last */
    u32 steps;
    u32 tries; /* of applying one */
};

/* Each start runs to the first delta that fails, so a package made for it would have them tried as
 * often as the square of their number. */
enum { TRIES_MAX = 20000 };

/* What was made on the way has the staged file's name with a letter more. */
static char16_t *name_between(const char16_t *staged, char16_t letter)
{
    size_t n = u16_len(staged);
    char16_t *name = os_alloc_array(n + 2u, sizeof(*name));

    if (!name)
        return NULL;
    u16_copy(name, n + 1, staged);
    name[n] = letter;
    name[n + 1] = 0;
    return name;
}

/* One of them on a file. *now: what it made, or what it left as it is. */
static u32 apply_one(struct making *k, u32 i, const char16_t **now)
{
    const struct media_file *delta = &k->m->files[k->made->deltas[i].place];
    const char16_t *to = k->between[k->steps & 1];
    u32 err = tgt_remove(to);

    k->tries++;
    if (!err || is_missing(err))
        err = delta_apply(*now, delta->staged, to);
    os_step();
    if (!err) {
        *now = to;
        k->steps++;
    }
    return err == DELTA_NOT_NEEDED ? ERROR_SUCCESS : err;
}

/* The deltas from that one on. */
static u32 apply_from(struct making *k, u32 first, const char16_t **now)
{
    u32 err = apply_one(k, first, now);

    for (u32 i = first + 1; !err && i < k->made->count; i++) {
        err = apply_one(k, i, now);
        if (err && k->made->deltas[i].optional)
            err = ERROR_SUCCESS;
    }
    return err;
}

static u32 apply_any(struct making *k, const char16_t *file, const char16_t **now)
{
    u32 err = ERROR_NO_MORE_ITEMS;
    bool needed = false;

    for (u32 i = k->made->count; i-- > 0 && k->tries < TRIES_MAX;) {
        u32 failed;

        *now = file;
        failed = apply_from(k, i, now);
        if (!failed)
            return ERROR_SUCCESS;
        if (failed == ERROR_OUTOFMEMORY)
            return failed;
        needed = needed || !k->made->deltas[i].optional;
        err = needed && (err == ERROR_NO_MORE_ITEMS || !k->made->deltas[i].optional) ? failed : err;
    }
    *now = file;
    return err;
}

/* Puts what came of it under the staged file's name. */
static u32 take(struct making *k, const char16_t *now, bool own)
{
    struct tgt_stat st;
    u32 err = own ? tgt_rename(now, k->file->staged) : copy_file(now, k->file->staged);

    if (!err)
        err = tgt_stat(k->file->staged, &st);
    /* a file that seems to be written after it was made would count as changed by its user */
    if (!err)
        err = tgt_set_times(k->file->staged, MAX(os_time(), st.written), st.written);
    k->file->done = !err;
    return err;
}

static u32 begin(struct making *k, struct media *m, u32 i)
{
    k->m = m;
    k->made = &m->made[i];
    k->file = &m->files[k->made->place];
    k->between[0] = name_between(k->file->staged, 'a');
    k->between[1] = name_between(k->file->staged, 'b');
    k->steps = k->tries = 0;
    return k->between[0] && k->between[1] ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

static void end(struct making *k)
{
    os_free(k->between[0]);
    os_free(k->between[1]);
}

/* Of the file that is there; *wanted: the package's is to be tried. */
static u32 make_of_there(struct media *m, u32 i, bool *wanted)
{
    const char16_t *now = NULL;
    struct making k;
    u32 err = begin(&k, m, i);

    if (!err) {
        u32 why = apply_any(&k, k.file->name, &now);

        if (why == ERROR_OUTOFMEMORY)
            err = why;
        else if (!why && now != k.file->name)
            err = take(&k, now, true);
        else
            k.file->why = why ? why : ERROR_NO_MORE_ITEMS;
        *wanted = why && why != ERROR_NO_MORE_ITEMS && k.made->base != MEDIA_LOOSE;
    }
    end(&k);
    return err;
}

static u32 make_of_package(struct media *m, u32 i)
{
    const char16_t *base = m->files[m->made[i].base].staged, *now = NULL;
    struct making k;
    u32 err = begin(&k, m, i);

    if (!err) {
        u32 why = apply_any(&k, base, &now);

        if (why == ERROR_OUTOFMEMORY)
            err = why;
        else if (!why)
            err = take(&k, now, now != base);
        else
            k.file->why = why;
    }
    end(&k);
    return err;
}

u32 media_make(struct media *m, struct stg *package)
{
    u32 err = ERROR_SUCCESS;
    bool any = false;

    for (u32 i = 0; !err && i < m->made_count; i++) {
        bool wanted = false;

        err = make_of_there(m, i, &wanted);
        if (wanted)
            m->files[m->made[i].base].rests = false;
        any = any || wanted;
    }
    if (!err && any)
        err = media_stage(m, package);
    for (u32 i = 0; !err && any && i < m->made_count; i++)
        if (m->made[i].base != MEDIA_LOOSE && m->files[m->made[i].base].done)
            err = make_of_package(m, i);
    return err;
}

#include "walk.h"

#include "access.h"
#include "os.h"
#include "place.h"
#include "utf16.h"
#include "value.h"

#include <string.h>

#define LINK_TARGET_MAX 32767u /* in characters, what a value that is a path can have */
#define TEXT_MAX        65535u

/* in_hive came to a link; its target is in `hop`. Never leaves this file. */
#define WALK_HOP 0xfffffffeu
/* The rest was replaced; the step begins anew. */
#define WALK_ANEW 0xfffffffdu

void walk_start(struct walk *w, const struct reg_row *row, const char16_t *path, u32 len)
{
    memset(w, 0, sizeof *w);
    w->at.mount = row->mount;
    w->at.top = row->mount ? SPACE_NONE : (enum space_key)row->id;
    w->at.cell = row->cell;
    w->at.id = row->id;
    w->at.gen = row->gen;
    w->at.place = row->place;
    w->rest = path;
    w->left = len;
}

void walk_done(struct walk *w)
{
    os_free(w->text);
    w->text = NULL;
}

bool walk_component(const struct walk *w, const char16_t **name, u32 *len)
{
    u32 from = 0, to;
    while (from < w->left && w->rest[from] == u'\\')
        from++;
    for (to = from; to < w->left && w->rest[to] != u'\\'; to++)
        ;
    *name = w->rest + from;
    *len = to - from;
    return to > from;
}

void walk_consume(struct walk *w, const char16_t *name, u32 len)
{
    w->left -= (u32)(name + len - w->rest);
    w->rest = name + len;
    if (w->raw)
        w->raw--;
}

static bool at_end(const struct walk *w)
{
    const char16_t *name;
    u32 len;
    return !walk_component(w, &name, &len);
}

u32 walk_cell(struct hview *v, u32 gen, u32 cell, u32 id, u32 *now)
{
    struct key_ref ref = {cell, id};
    *now = cell;
    if (gen == key_struct_gen(v))
        return ERROR_SUCCESS;
    u32 err = key_check(v, &ref);
    *now = ref.cell;
    return err;
}

/* --- text that replaces the rest
 * ------------------------------------------------------------------ */

struct text {
    char16_t *s;
    u32 len, cap;
    bool failed;
};

static void text_add(struct text *t, const char16_t *s, u32 len)
{
    if (t->failed || !len)
        return;
    if (t->len + len + 1 > t->cap) {
        u32 cap = (t->len + len + 1) * 2;
        char16_t *p = cap > TEXT_MAX * 2 ? NULL : os_realloc(t->s, cap * sizeof *p);
        t->failed = !p;
        if (!p)
            return;
        t->s = p;
        t->cap = cap;
    }
    if (t->len)
        t->s[t->len++] = u'\\';
    memcpy(t->s + t->len, s, len * sizeof *s);
    t->len += len;
}

/* t and what was left become the rest. */
static u32 take_text(struct walk *w, struct text *t)
{
    while (w->left && *w->rest == u'\\')
        w->rest++, w->left--;
    text_add(t, w->rest, w->left);
    if (t->failed) {
        os_free(t->s);
        return ERROR_OUTOFMEMORY;
    }
    os_free(w->text);
    w->text = t->s;
    w->rest = t->s;
    w->left = t->len;
    return ERROR_SUCCESS;
}

/* --- the two views
 * ---------------------------------------------------------------------------------- */

/* A caller's path is redirected; a link's target says where it is, and what is behind it is there.
 */
static bool redirects(const struct walk *w)
{
    return w->view == ACCESS_VIEW_32 && !w->raw && !w->plain;
}

/* From the root of the hive, plainly, to the key of the table of views that `place` is. */
static u32 find_place(struct hview *v, u32 place, u32 *cell)
{
    const char16_t *names[PLACE_PATH_MAX];
    struct key_ref root;
    u32 n = place_path(place, names);
    u32 err = key_root(v, &root);
    *cell = root.cell;
    for (u32 i = 0; i < n && !err; i++) {
        err = key_find(v, *cell, names[i], (u32)u16_len(names[i]), cell);
        if (!err && key_flags(v, *cell) & KEYF_SYM_LINK)
            err = ERROR_FILE_NOT_FOUND; /* a path of the other side that leads through a link */
    }
    return err;
}

/* The walk goes on from the root, first along the plain path to `place`, then (deep) from `above`
 * to the key it stood at, then the rest. */
static u32 restart_at(struct walk *w, struct hview *v, u32 place, u32 above)
{
    const char16_t *names[PLACE_PATH_MAX];
    char16_t(*steps)[KEY_NAME_MAX] = NULL;
    u32 lens[KEY_DEPTH_MAX], depth = 0, err = ERROR_SUCCESS;
    struct text t = {0};
    struct key_ref root;
    u32 n = place_path(place, names);
    for (u32 i = 0; i < n; i++)
        text_add(&t, names[i], (u32)u16_len(names[i]));
    if (above != HV_NIL)
        steps = os_alloc(KEY_DEPTH_MAX * sizeof *steps);
    for (u32 key = w->at.cell; steps && key != above && !err; depth++) {
        err = depth == KEY_DEPTH_MAX ? ERROR_REGISTRY_CORRUPT
                                     : key_name(v, key, steps[depth], &lens[depth]);
        if (!err)
            err = key_parent(v, key, &key);
        if (!err && key == HV_NIL)
            err = ERROR_FILE_NOT_FOUND;
    }
    for (u32 i = err ? 0 : depth; i--;)
        text_add(&t, steps[i], lens[i]);
    os_free(steps);
    if (!err)
        err = key_root(v, &root);
    if (err) {
        os_free(t.s);
        return err;
    }
    w->raw = n + depth;
    w->at.cell = root.cell;
    w->at.place = w->at.mount->place;
    /* What is put before the rest is no part of a link's target that the walk has left behind. */
    bool past_target = w->left <= w->behind;
    err = take_text(w, &t);
    if (past_target)
        w->behind = w->left;
    return err ? err : WALK_ANEW;
}

/* Before the step to a child that will be at `next`: a 32-bit caller may have to cross to the other
 * side first. *next is then the child's place over there. */
static u32 cross(struct walk *w, struct hview *v, u32 *next)
{
    u32 want, here = w->at.place, other, cell, above, err;
    if (!redirects(w) || !place_redirects(*next, &want))
        return ERROR_SUCCESS;
    if (here & PLACE_DEEP) { /* a key below the table's, opened on the 64-bit side */
        err = find_place(v, here & PLACE_NODE, &above);
        return err ? err : restart_at(w, v, (here & PLACE_NODE) | PLACE_32, above);
    }
    other = (here & PLACE_NODE) | (want & PLACE_32);
    if (other == here)
        return ERROR_SUCCESS;
    err = find_place(v, other, &cell);
    if (err == ERROR_FILE_NOT_FOUND)
        return restart_at(w, v, other, HV_NIL);
    if (err)
        return err;
    w->at.cell = cell;
    w->at.place = other;
    *next = *next & PLACE_DEEP ? PLACE_NONE : want;
    return ERROR_SUCCESS;
}

/* A hive's root that is itself redirected, entered from above by a 32-bit caller. */
static u32 cross_root(struct walk *w, struct hview *v)
{
    u32 want, cell;
    if (!redirects(w) || !place_redirects(w->at.place, &want))
        return ERROR_SUCCESS;
    u32 err = find_place(v, want, &cell);
    if (err == ERROR_FILE_NOT_FOUND)
        return restart_at(w, v, want, HV_NIL);
    if (!err) {
        w->at.cell = cell;
        w->at.place = want;
    }
    return err;
}

/* --- links
 * ------------------------------------------------------------------------------------------- */

/* The target of a link and the rest behind it, as one path. */
static u32 read_target(struct walk *w, struct hview *v, u32 link)
{
    struct val_info info;
    struct text t = {0};
    u32 err = val_find(v, link, u"SymbolicLinkValue", 17, &info);
    if (err == ERROR_FILE_NOT_FOUND || (!err && info.size / 2 > LINK_TARGET_MAX)) {
        w->no_target = true;
        return ERROR_FILE_NOT_FOUND;
    }
    if (err)
        return err;
    char16_t *target = os_alloc(info.size + 2);
    if (!target)
        return ERROR_OUTOFMEMORY;
    err = val_data(v, &info, 0, target, info.size);
    u32 len = info.size / 2;
    while (len && !target[len - 1])
        len--;
    if (!err)
        text_add(&t, target, len);
    os_free(target);
    w->behind = w->left;
    if (!err)
        err = take_text(w, &t);
    return err ? err : WALK_HOP;
}

/* Whether the text begins with \REGISTRY; goes behind it. */
static bool at_registry(struct walk *w)
{
    const char16_t *name;
    u32 len;
    if (!w->left || *w->rest != u'\\' || !walk_component(w, &name, &len) || len != 8 ||
        u16_compare_fold(name, len, u"REGISTRY", 8))
        return false;
    w->raw = 0;
    walk_consume(w, name, len);
    return true;
}

static u32 hop(struct walk *w)
{
    if (++w->hops > WALK_HOPS_MAX)
        return ERROR_INVALID_PARAMETER;
    if (!at_registry(w)) {
        w->no_target = true; /* no path, so nothing that could be made either */
        return ERROR_FILE_NOT_FOUND;
    }
    w->at = (struct spot){.top = SPACE_REGISTRY};
    w->plain = true;
    return ERROR_SUCCESS;
}

/* --- one hive
 * ------------------------------------------------------------------------------------------ */

/* The component w stands at is missing, where it is a key of the table of views: whether one behind
 * it crosses to the other side, where its own path may be there or has to be made. */
static u32 cross_behind(struct walk *w, struct hview *v, u32 next)
{
    struct walk ahead = *w;
    const char16_t *name;
    u32 len, want, place = w->at.place, below = next;
    if (!redirects(w) || !(next & PLACE_NODE) || next & PLACE_DEEP)
        return ERROR_FILE_NOT_FOUND;
    while (walk_component(&ahead, &name, &len)) {
        below = place_child(place, name, len);
        if (!below || below & PLACE_DEEP)
            return ERROR_FILE_NOT_FOUND;
        /* Wow6432Node itself leads to where the walk already is. */
        if (place_redirects(below, &want) && ((place & PLACE_NODE) | (want & PLACE_32)) != place) {
            w->left = ahead.left;
            w->rest = ahead.rest;
            return restart_at(w, v, (place & PLACE_NODE) | (want & PLACE_32), HV_NIL);
        }
        place = below;
        walk_consume(&ahead, name, len);
    }
    return ERROR_FILE_NOT_FOUND;
}

/* One component on. WALK_HOP: it was a link that has to be followed. */
static u32 step(struct walk *w, struct hview *v, const char16_t *name, u32 len)
{
    u32 child;
    if (redirects(w) && place_is_other_side(w->at.place, name, len)) {
        walk_consume(w, name, len); /* a 32-bit caller is there already */
        return ERROR_SUCCESS;
    }
    u32 next = place_child(w->at.place, name, len);
    u32 err = next ? cross(w, v, &next) : ERROR_SUCCESS;
    if (!err)
        err = key_find(v, w->at.cell, name, len, &child);
    if (err == ERROR_FILE_NOT_FOUND)
        err = cross_behind(w, v, next);
    if (err)
        return err == WALK_ANEW ? ERROR_SUCCESS : err;
    walk_consume(w, name, len);
    if (key_flags(v, child) & KEYF_SYM_LINK) {
        w->at_link = w->open_link && at_end(w);
        if (!w->at_link)
            return read_target(w, v, child);
    }
    w->at.cell = child;
    w->at.place = next;
    return ERROR_SUCCESS;
}

static u32 in_hive(struct walk *w, struct hview *v)
{
    const char16_t *name;
    u32 len, err = ERROR_SUCCESS;
    while (!err && walk_component(w, &name, &len))
        err = step(w, v, name, len);
    return err;
}

/* Into the hive: the cell of the key the walk starts at, or its root. */
static u32 enter_hive(struct walk *w, struct hview *v)
{
    struct key_ref root;
    u32 err;
    if (w->at.cell)
        return walk_cell(v, w->at.gen, w->at.cell, w->at.id, &w->at.cell);
    err = key_root(v, &root);
    if (err)
        return err;
    w->at.cell = root.cell;
    w->at.place = w->at.mount->place;
    if (w->at.place == PLACE_USER_CLASSES)
        w->plain = false; /* a link leads to this hive, but its two views are those of its path */
    err = cross_root(w, v);
    return err == WALK_ANEW ? ERROR_SUCCESS : err;
}

static void note_key(struct walk *w, struct hview *v)
{
    w->at.id = key_ref_of(v, w->at.cell).id;
    w->at.gen = key_struct_gen(v);
}

/* Reads until what was read is true. The walk's state begins each try as it was before. */
static u32 through_hive(struct walk *w, walk_end end, void *ctx)
{
    struct hive *h;
    struct hive_read r = {.tries = 0};
    u32 err = space_hive(w->at.mount, &h);
    if (err)
        return err;
    struct walk try = *w;
    char16_t *kept = w->text; /* what the rest may point into; freed when the next text stays */
    bool again;
    do {
        *w = try;
        w->text = NULL;
        err = hive_read_begin(h, &r);
        if (err) {
            w->text = kept;
            return err;
        }
        err = enter_hive(w, &r.view);
        if (!err)
            err = in_hive(w, &r.view);
        if (!err && end)
            err = end(ctx, w->at.mount, &r.view, w->at.cell);
        if (!err || err == ERROR_FILE_NOT_FOUND)
            note_key(w, &r.view);
        again = !hive_read_end(h, &r);
        if (again)
            os_free(w->text);
    } while (again);
    if (w->text)
        os_free(kept);
    else
        w->text = kept;
    return err;
}

/* --- the namespace
 * ------------------------------------------------------------------------------------- */

static u32 step_top(struct walk *w)
{
    const char16_t *name;
    u32 len;
    walk_component(w, &name, &len);
    if (w->at.top == SPACE_REGISTRY) {
        enum space_key to = !u16_compare_fold(name, len, u"MACHINE", 7) ? SPACE_MACHINE
                            : !u16_compare_fold(name, len, u"USER", 4)  ? SPACE_USER
                                                                        : SPACE_NONE;
        if (!to)
            return ERROR_FILE_NOT_FOUND;
        w->at.top = to;
    } else {
        struct mount *m = space_find(w->at.top, name, len);
        if (!m)
            return ERROR_FILE_NOT_FOUND;
        w->at = (struct spot){.mount = m};
    }
    walk_consume(w, name, len);
    return ERROR_SUCCESS;
}

u32 walk_run(struct walk *w, walk_end end, void *ctx)
{
    u32 err = ERROR_SUCCESS;
    for (;;) {
        while (!err && !w->at.mount && !at_end(w))
            err = step_top(w);
        if (!err && w->at.mount)
            err = through_hive(w, end, ctx);
        if (err != WALK_HOP)
            break;
        err = hop(w);
    }
    return err;
}

bool walk_dangling(const struct walk *w)
{
    return w->no_target || (w->hops && w->left > w->behind);
}

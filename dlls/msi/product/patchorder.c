/*
 * The order of patches, in the steps that the head of the header names.
 */
#include "patchorder.h"

#include <string.h>

#include "os.h"
#include "utf16.h"

enum { SUPERSEDES = 1 }; /* msidbPatchSequenceSupersedeEarlier */

/* Where a patch stands: what sorts it. */
enum kind { KIND_OUT, KIND_PLAIN, KIND_MINOR, KIND_SMALL };

struct place {
    enum kind kind;
    /* The transform that it is sorted by, whether it can be applied or not; NULL: it is for others.
     */
    const struct patch_target *aim;
    u32 level; /* of a small update: behind how many minor upgrades; of one of these: which it is */
    u32 waits; /* how many must come before it that have no number yet */
    bool done; /* has been given its number */
};

struct work {
    struct patch_item *items;
    struct place *places;
    struct patch_base *states; /* what comes of the plain ones, and of each minor upgrade */
    u32 *minors;               /* items, in their order */
    u32 count, minor_count, next;
};

/* --- what a patch is for ------------------------------------------------------------------------
 */

static u32 fields_of(u32 validate)
{
    return validate & VALIDATE_UPDATE ? 3 : validate & VALIDATE_MINOR ? 2 : 1;
}

/* The version that is there against that which the transform was made from. */
static bool version_fits(u32 validate, const struct version *there, const struct version *made)
{
    int order;

    if (!(validate & VALIDATE_RELATIONS) || !(validate & VALIDATE_FILTERS))
        return true;
    order = version_compare(there, made, fields_of(validate));
    return (validate & VALIDATE_LESS && order < 0) ||
           (validate & VALIDATE_LESS_EQUAL && order <= 0) ||
           (validate & VALIDATE_EQUAL && order == 0) ||
           (validate & VALIDATE_GREATER_EQUAL && order >= 0) ||
           (validate & VALIDATE_GREATER && order > 0);
}

bool patch_fits(const struct patch_target *t, const struct patch_base *base)
{
    u32 v = t->validate;

    return !((v & VALIDATE_PRODUCT && !u16_equal_fold(t->code, base->code)) ||
             (v & VALIDATE_LANGUAGE && t->language != base->language) ||
             (v & VALIDATE_UPGRADE_CODE && !u16_equal_fold(t->upgrade, base->upgrade)) ||
             !version_fits(v, &base->version, &t->version));
}

static bool is_for(const struct patch_data *d, const char16_t *code)
{
    for (u32 i = 0; i < d->product_count; i++)
        if (u16_equal_fold(d->products[i].guid, code))
            return true;
    return false;
}

/* The first transform that fits; one that is made for the very product goes before others. */
static const struct patch_target *fitting(const struct patch_data *d, const struct patch_base *base)
{
    const struct patch_target *found = NULL;

    if (!is_for(d, base->code))
        return NULL;
    for (u32 i = 0; i < d->target_count; i++) {
        if (!patch_fits(&d->targets[i], base))
            continue;
        if (u16_equal_fold(d->targets[i].code, base->code))
            return &d->targets[i];
        if (!found)
            found = &d->targets[i];
    }
    return found;
}

static void advance(struct patch_base *base, const struct patch_target *t)
{
    if (t->new_code[0])
        u16_copy(base->code, ARRAY_LEN(base->code), t->new_code);
    if (t->new_version.text[0] && version_compare(&t->version, &t->new_version, VERSION_FIELDS))
        base->version = t->new_version;
}

/* --- families -----------------------------------------------------------------------------------
 */

/* The patch's row of a family for that product: its own before that for any. */
static const struct patch_family *row_of(const struct patch_data *d, const char16_t *name,
                                         const char16_t *code)
{
    const struct patch_family *any = NULL;

    for (u32 i = 0; i < d->family_count; i++) {
        const struct patch_family *f = &d->families[i];

        if (!u16_equal(f->name, name))
            continue;
        if (f->product[0] && u16_equal_fold(f->product, code))
            return f;
        if (!f->product[0])
            any = f;
    }
    return any;
}

static bool is_sequenced(const struct patch_data *d, const char16_t *code)
{
    for (u32 i = 0; i < d->family_count; i++)
        if (row_of(d, d->families[i].name, code))
            return true;
    return false;
}

/* Whether `by` stands behind `d` with everything that is in it, in every family of d. */
static bool supersedes(const struct patch_data *by, const struct patch_data *d,
                       const char16_t *code)
{
    bool any = false;

    for (u32 i = 0; i < d->family_count; i++) {
        const struct patch_family *mine = row_of(d, d->families[i].name, code), *other;

        if (!mine)
            continue;
        other = row_of(by, mine->name, code);
        if (!other || !(other->attributes & SUPERSEDES) ||
            version_compare(&other->sequence, &mine->sequence, VERSION_FIELDS) <= 0)
            return false;
        any = true;
    }
    return any;
}

/* Whether a comes before b in a family that both are in. */
static bool precedes(const struct patch_data *a, const struct patch_data *b, const char16_t *code)
{
    for (u32 i = 0; i < a->family_count; i++) {
        const struct patch_family *mine = row_of(a, a->families[i].name, code), *other;

        if (!mine)
            continue;
        other = row_of(b, mine->name, code);
        if (other && version_compare(&mine->sequence, &other->sequence, VERSION_FIELDS) < 0)
            return true;
    }
    return false;
}

/* --- 1: plain ones ------------------------------------------------------------------------------
 */

static bool obsoleted(const struct work *w, u32 i)
{
    const char16_t *code = w->items[i].data->code;

    for (u32 k = 0; k < w->count; k++) {
        const struct patch_data *d = w->items[k].data;

        if (k == i || w->places[k].kind != KIND_PLAIN || !w->places[k].aim)
            continue;
        for (u32 n = 0; n < d->obsolete_count; n++)
            if (u16_equal_fold(d->obsolete[n].guid, code))
                return true;
    }
    return false;
}

static void drop(struct work *w, u32 i, u32 status)
{
    w->places[i].kind = KIND_OUT;
    w->items[i].status = status;
    w->items[i].target = NULL;
}

/* All are looked at before one is dropped: what is obsolete still makes others so. */
static u32 drop_obsolete(struct work *w)
{
    bool *out = os_calloc(w->count, sizeof(*out));

    if (!out)
        return ERROR_OUTOFMEMORY;
    for (u32 i = 0; i < w->count; i++)
        out[i] = w->places[i].kind == KIND_PLAIN && obsoleted(w, i);
    for (u32 i = 0; i < w->count; i++)
        if (out[i])
            drop(w, i, ERROR_SUCCESS);
    os_free(out);
    return ERROR_SUCCESS;
}

static void apply_plain(struct work *w, struct patch_base *base)
{
    for (u32 i = 0; i < w->count; i++) {
        struct patch_item *item = &w->items[i];

        if (w->places[i].kind != KIND_PLAIN)
            continue;
        item->target = fitting(item->data, base);
        if (!item->target) {
            drop(w, i, ERROR_PATCH_TARGET_NOT_FOUND);
            continue;
        }
        advance(base, item->target);
        item->order = (i32)w->next++;
    }
}

/* --- 2: minor upgrades --------------------------------------------------------------------------
 */

/* The transform that fits, or else is for the product in another version; NULL for none. */
static const struct patch_target *aimed(const struct patch_data *d, const struct patch_base *base)
{
    const struct patch_target *found = fitting(d, base);

    if (found || !is_for(d, base->code))
        return found;
    for (u32 i = 0; i < d->target_count; i++) {
        struct patch_base there = *base;

        there.version = d->targets[i].version;
        if (patch_fits(&d->targets[i], &there))
            return &d->targets[i];
    }
    return NULL;
}

static enum kind kind_of(const struct patch_data *d, const struct patch_target *t,
                         const struct patch_base *base)
{
    if (!t || !is_sequenced(d, base->code))
        return KIND_PLAIN;
    if (t->new_code[0] && !u16_equal_fold(t->code, t->new_code))
        return KIND_PLAIN;
    return version_compare(&t->version, &t->new_version, VERSION_FIELDS) ? KIND_MINOR : KIND_SMALL;
}

static int by_version(const struct work *w, u32 a, u32 b)
{
    return version_compare(&w->places[a].aim->new_version, &w->places[b].aim->new_version,
                           VERSION_FIELDS);
}

static void sort_minors(struct work *w)
{
    w->minor_count = 0;
    for (u32 i = 0; i < w->count; i++) {
        u32 at;

        if (w->places[i].kind != KIND_MINOR)
            continue;
        for (at = w->minor_count++; at && by_version(w, w->minors[at - 1], i) > 0; at--)
            w->minors[at] = w->minors[at - 1];
        w->minors[at] = i;
    }
}

/* A service pack that goes on what is there without the ones before it, and has all that they have,
 * takes their place. */
static void skip_to_latest(struct work *w)
{
    for (u32 n = w->minor_count; n-- > 1;) {
        const struct patch_data *by = w->items[w->minors[n]].data;

        if (!fitting(by, &w->states[0]))
            continue;
        for (u32 k = 0; k < n; k++) {
            u32 i = w->minors[k];

            if (w->places[i].kind == KIND_MINOR &&
                (by->targets_rtm || supersedes(by, w->items[i].data, w->states[0].code)))
                drop(w, i, ERROR_SUCCESS);
        }
        return;
    }
}

static void apply_minors(struct work *w)
{
    u32 kept = 0;

    sort_minors(w);
    skip_to_latest(w);
    for (u32 n = 0; n < w->minor_count; n++) {
        u32 i = w->minors[n];
        struct patch_item *item = &w->items[i];

        if (w->places[i].kind != KIND_MINOR)
            continue;
        item->target = fitting(item->data, &w->states[kept]);
        if (!item->target) {
            drop(w, i, ERROR_PATCH_TARGET_NOT_FOUND);
            continue;
        }
        w->states[kept + 1] = w->states[kept];
        advance(&w->states[kept + 1], item->target);
        w->minors[kept++] = i;
        w->places[i].level = kept;
    }
    w->minor_count = kept;
}

/* --- 3: small updates ---------------------------------------------------------------------------
 */

static void place_small(struct work *w)
{
    for (u32 i = 0; i < w->count; i++) {
        struct patch_item *item = &w->items[i];
        u32 level = w->minor_count + 1;

        if (w->places[i].kind != KIND_SMALL)
            continue;
        while (level && !item->target)
            item->target = fitting(item->data, &w->states[--level]);
        if (item->target)
            w->places[i].level = level;
        else
            drop(w, i, ERROR_PATCH_TARGET_NOT_FOUND);
    }
}

/* Whether k is applied behind i. */
static bool is_behind(const struct work *w, u32 k, u32 i)
{
    const struct place *a = &w->places[i], *b = &w->places[k];

    if (a->level != b->level)
        return b->level > a->level;
    return a->kind == b->kind ? precedes(w->items[i].data, w->items[k].data, w->states[0].code)
                              : b->kind == KIND_SMALL;
}

static u32 drop_superseded(struct work *w)
{
    bool *out = os_calloc(w->count, sizeof(*out));

    if (!out)
        return ERROR_OUTOFMEMORY;
    for (u32 i = 0; i < w->count; i++)
        for (u32 k = 0; w->places[i].kind >= KIND_MINOR && k < w->count && !out[i]; k++)
            out[i] = k != i && w->places[k].kind >= KIND_MINOR && w->places[i].kind == KIND_SMALL &&
                     is_behind(w, k, i) &&
                     supersedes(w->items[k].data, w->items[i].data, w->states[0].code);
    for (u32 i = 0; i < w->count; i++)
        if (out[i])
            drop(w, i, ERROR_SUCCESS);
    os_free(out);
    return ERROR_SUCCESS;
}

static bool is_small_of(const struct work *w, u32 i, u32 level)
{
    return w->places[i].kind == KIND_SMALL && w->places[i].level == level && !w->places[i].done;
}

static bool must_precede(const struct work *w, u32 a, u32 b)
{
    return a != b && precedes(w->items[a].data, w->items[b].data, w->states[0].code);
}

static void count_waits(struct work *w, u32 level)
{
    for (u32 i = 0; i < w->count; i++)
        for (u32 k = 0; is_small_of(w, i, level) && k < w->count; k++)
            w->places[i].waits += is_small_of(w, k, level) && must_precede(w, k, i);
}

/* Gives the next number to the first that waits for none; false: there is none. */
static bool number_one(struct work *w, u32 level)
{
    u32 i = 0;

    while (i < w->count && (!is_small_of(w, i, level) || w->places[i].waits))
        i++;
    if (i == w->count)
        return false;
    for (u32 k = 0; k < w->count; k++)
        if (is_small_of(w, k, level) && must_precede(w, i, k))
            w->places[k].waits--;
    w->places[i].done = true;
    w->items[i].order = (i32)w->next++;
    return true;
}

/* Of patches that hold each other up each is told so. */
static u32 number_small(struct work *w, u32 level)
{
    u32 err = ERROR_SUCCESS;

    count_waits(w, level);
    while (number_one(w, level))
        ;
    for (u32 i = 0; i < w->count; i++)
        if (is_small_of(w, i, level))
            err = w->items[i].status = ERROR_PATCH_NO_SEQUENCE;
    return err;
}

static u32 number(struct work *w)
{
    u32 err = number_small(w, 0);

    for (u32 n = 0; !err && n < w->minor_count; n++) {
        w->items[w->minors[n]].order = (i32)w->next++;
        err = number_small(w, n + 1);
    }
    return err;
}

/* --- together -----------------------------------------------------------------------------------
 */

/* What major upgrades make of the base. */
static void turn(const struct work *w, struct patch_base *base)
{
    for (u32 i = 0; i < w->count; i++) {
        const struct patch_target *t =
            w->places[i].kind == KIND_PLAIN ? fitting(w->items[i].data, base) : NULL;

        if (t && t->new_code[0] && !u16_equal_fold(t->code, t->new_code))
            advance(base, t);
    }
}

static void aim(struct work *w, const struct patch_base *base)
{
    for (u32 i = 0; i < w->count; i++) {
        const struct patch_data *d = w->items[i].data;

        if (w->items[i].error || w->places[i].aim)
            continue;
        w->places[i].aim = aimed(d, base);
        w->places[i].kind = kind_of(d, w->places[i].aim, base);
    }
}

static u32 put_in_order(struct work *w)
{
    struct patch_base turned = w->states[0];
    u32 err;

    aim(w, &w->states[0]);
    turn(w, &turned);
    if (!u16_equal_fold(turned.code, w->states[0].code))
        aim(w, &turned);
    err = drop_obsolete(w);
    if (err)
        return err;
    apply_plain(w, &w->states[0]);
    apply_minors(w);
    place_small(w);
    err = drop_superseded(w);
    return err ? err : number(w);
}

static void reset(struct patch_item *items, u32 count)
{
    for (u32 i = 0; i < count; i++) {
        items[i].order = -1;
        items[i].status = items[i].error;
        items[i].target = NULL;
    }
}

u32 patch_order(const struct patch_base *base, struct patch_item *items, u32 count)
{
    struct work w = {.items = items, .count = count};
    u32 err = ERROR_OUTOFMEMORY;

    reset(items, count);
    w.places = os_calloc(count, sizeof(*w.places));
    w.states = os_calloc((u64)count + 1, sizeof(*w.states));
    w.minors = os_calloc(count, sizeof(*w.minors));
    if (w.places && w.states && w.minors) {
        w.states[0] = *base;
        err = put_in_order(&w);
    }
    for (u32 i = 0; err && i < count; i++)
        items[i].order = -1;
    os_free(w.places);
    os_free(w.states);
    os_free(w.minors);
    return err;
}

/*
 * Salvaging a damaged hive (salvage.h): first what the lists of subkeys lead to, breadth first,
 * then the key nodes that they led to no more. Every cell is taken once, so all loops end.
 */
#include <string.h>

#include "hash.h"
#include "index.h"
#include "node.h"
#include "os.h"
#include "salvage.h"
#include "salvage_priv.h"

#define TELL_EVERY 256u /* keys */

/* --- what was taken ------------------------------------------------------------------------------
 */

static bool is_taken(const struct salvage *s, u32 cell)
{
    return s->taken[cell / 64] >> (cell / 8 & 7) & 1;
}

static void take(struct salvage *s, u32 cell)
{
    s->taken[cell / 64] |= (u8)(1u << (cell / 8 & 7));
}

/* A key node that is not taken yet. */
static bool is_wanted(struct salvage *s, u32 cell)
{
    return cell < s->src->size[HV_STABLE_STORE] && node_is(s->src, cell) &&
           cell_u16(s->src, cell, NK_NAME_LEN) && !is_taken(s, cell);
}

static bool same_from(const void *ctx, u32 value, const void *item)
{
    const struct salvage *s = ctx;

    return s->keys[value].from == *(const u32 *)item;
}

static struct salvage_key *find_key(struct salvage *s, u32 from)
{
    u32 i = hash_find(&s->map, hash_u32(from), same_from, s, &from);

    return i == HASH_NONE ? NULL : &s->keys[i];
}

static u32 add_key(struct salvage *s, u32 from, u32 to)
{
    if (s->count == s->cap) {
        u32 cap = s->cap ? s->cap * 2 : 1024;
        struct salvage_key *keys = os_realloc(s->keys, cap * sizeof(*keys));

        if (!keys)
            return ERROR_OUTOFMEMORY;
        s->keys = keys;
        s->cap = cap;
    }
    s->keys[s->count] = (struct salvage_key){.from = from, .to = to};
    take(s, from);
    return hash_add(&s->map, hash_u32(from), s->count++);
}

/* --- one key -------------------------------------------------------------------------------------
 */

#define TWINS_MAX 99999u

/* The name with ~n behind its first `len` characters. */
static void number_name(struct salvage *s, struct key_new *what, u32 len, u32 n)
{
    char16_t digits[6];
    u32 at = 6;

    for (; n; n /= 10)
        digits[--at] = (char16_t)(u'0' + n % 10);
    digits[--at] = u'~';
    memcpy(s->name + len, digits + at, (6 - at) * sizeof(*digits));
    what->name_len = len + 6 - at;
}

static bool is_used(struct salvage *s, u32 parent, struct key_new *what, u32 len, u32 n)
{
    u32 other;

    number_name(s, what, len, n);
    return !key_find(s->dst, parent, s->name, what->name_len, &other);
}

/* Names that a sister has get ~2, ~3, ... What is free is looked for in steps that double, for a
 * damaged list may have one name many thousand times. */
static u32 create_unique(struct salvage *s, u32 parent, struct key_new *what, u32 *to)
{
    u32 len = MIN(what->name_len, KEY_NAME_MAX - 6), used = 1, n = 2, mid;
    u32 err = key_create(s->dst, parent, what, to);

    if (err != ERROR_ALREADY_EXISTS)
        return err;
    while (n < TWINS_MAX && is_used(s, parent, what, len, n)) {
        used = n;
        n = MIN(n * 2, TWINS_MAX);
    }
    while (n - used > 1) {
        mid = (used + n) / 2;
        if (is_used(s, parent, what, len, mid))
            used = mid;
        else
            n = mid;
    }
    number_name(s, what, len, n);
    err = key_create(s->dst, parent, what, to);
    s->result->renamed += !err;
    return err;
}

/* A key below `parent` for the node. One that is too deep, without a name, or with
 * one that all its sisters have, is lost. */
static u32 make_key(struct salvage *s, u32 from, u32 parent)
{
    struct key_new what = {.name = s->name, .any_name = true};
    u32 to, err = key_name(s->src, from, s->name, &what.name_len);

    take(s, from);
    if (err)
        return salvage_lose(s, &s->result->lost_keys);
    what.is_link = key_flags(s->src, from) & KEYF_SYM_LINK;
    salvage_security(s, from, &what);
    err = create_unique(s, parent, &what, &to);
    if ((err == ERROR_NO_SYSTEM_RESOURCES || err == ERROR_INVALID_PARAMETER ||
         err == ERROR_ALREADY_EXISTS) &&
        !s->dst->error)
        return salvage_lose(s, &s->result->lost_keys);
    if (err || (err = add_key(s, from, to)))
        return err;
    s->result->keys++;
    return salvage_content(s, from, to);
}

/* --- lists of subkeys ----------------------------------------------------------------------------
 */

/* A listed cell. One that says it belongs elsewhere has to wait until all others are there. */
static u32 take_entry(struct salvage *s, u32 key, u32 child)
{
    struct salvage_key *k = &s->keys[key];

    if (child < s->src->size[HV_STABLE_STORE] && is_taken(s, child) && node_is(s->src, child))
        return ERROR_SUCCESS;
    if (!is_wanted(s, child)) {
        k->holes = true;
        return salvage_lose(s, &s->result->lost_keys);
    }
    if (!s->adopting && cell_u32(s->src, child, NK_PARENT) != k->from) {
        k->waiting = true;
        return ERROR_SUCCESS;
    }
    return make_key(s, child, k->to);
}

/* As many entries as there is room for. */
static u32 take_list(struct salvage *s, u32 key, u32 cell, bool in_root)
{
    u32 room = cell_room(s->src, cell), sig, width, count, err = ERROR_SUCCESS;

    sig = room >= LIST_ENTRIES ? cell_u16(s->src, cell, 0) : 0;
    if (sig != SIG_LI && sig != SIG_LF && sig != SIG_LH && (sig != SIG_RI || in_root)) {
        s->keys[key].holes = true;
        return salvage_lose(s, &s->result->lost_keys);
    }
    width = sig == SIG_LF || sig == SIG_LH ? 8 : 4;
    count = cell_u16(s->src, cell, LIST_COUNT);
    if (count > (room - LIST_ENTRIES) / width) {
        s->keys[key].holes = true;
        count = (room - LIST_ENTRIES) / width;
    }
    for (u32 i = 0; i < count && !err; i++) {
        u32 entry = cell_u32(s->src, cell, LIST_ENTRIES + i * width);

        err = sig == SIG_RI ? take_list(s, key, entry, true) : take_entry(s, key, entry);
    }
    return err;
}

static u32 take_children(struct salvage *s, u32 key)
{
    u32 from = s->keys[key].from, said = cell_u32(s->src, from, NK_COUNT);

    s->src->error = ERROR_SUCCESS;
    if (key % TELL_EVERY == 0 && s->progress && !s->progress(s->ctx, s->count))
        return ERROR_CANCELLED;
    if (!said)
        return ERROR_SUCCESS;
    if (index_count(s->src, cell_u32(s->src, from, NK_LIST)) < said)
        s->keys[key].holes = true;
    return take_list(s, key, cell_u32(s->src, from, NK_LIST), false);
}

/* All keys from s->next on, and those that are taken meanwhile. */
static u32 take_listed(struct salvage *s)
{
    u32 err = ERROR_SUCCESS;

    while (s->next < s->count && !err)
        err = take_children(s, s->next++);
    return err;
}

/* Keys that are listed elsewhere than they say. */
static u32 take_waiting(struct salvage *s)
{
    u32 err = ERROR_SUCCESS;

    s->adopting = true;
    for (u32 i = 0; i < s->count && !err; i++)
        if (s->keys[i].waiting)
            err = take_list(s, i, cell_u32(s->src, s->keys[i].from, NK_LIST), false);
    return err ? err : take_listed(s);
}

/* --- nodes that no list leads to -----------------------------------------------------------------
 */

/* $SALVAGED\<place>, in the new hive. */
static u32 make_place(struct salvage *s, u32 cell, u32 *to)
{
    static const char16_t head[] = u"$SALVAGED";
    struct key_new what = {.name = head, .name_len = ARRAY_LEN(head) - 1};
    char16_t digits[8];
    u32 err = key_create(s->dst, s->keys[0].to, &what, to);

    if (err && err != ERROR_ALREADY_EXISTS)
        return err;
    for (u32 i = 0; i < 8; i++)
        digits[i] = u"0123456789abcdef"[cell >> (28 - 4 * i) & 15];
    what.name = digits;
    what.name_len = 8;
    err = key_create(s->dst, *to, &what, to);
    return err == ERROR_ALREADY_EXISTS ? ERROR_SUCCESS : err;
}

/* The topmost node above that is not taken; its parent, or HV_NIL where that is none. */
static u32 climb(struct salvage *s, u32 cell, u32 *parent)
{
    for (u32 i = 0; i < KEY_DEPTH_MAX; i++) {
        *parent = cell_u32(s->src, cell, NK_PARENT);
        if (!is_wanted(s, *parent))
            break;
        cell = *parent;
    }
    return cell;
}

/* A node whose parent has all that its list says was deleted, and is let be. */
static u32 take_orphan(struct salvage *s, u32 cell)
{
    u32 parent, place, top = climb(s, cell, &parent), err;
    struct salvage_key *k = find_key(s, parent);

    if (k && !k->holes) {
        take(s, top);
        return ERROR_SUCCESS;
    }
    if (k) {
        s->result->found++;
        place = k->to;
    } else {
        if (parent < s->src->size[HV_STABLE_STORE] && is_taken(s, parent)) {
            take(s, top); /* below one that was let be */
            return ERROR_SUCCESS;
        }
        if ((err = make_place(s, top, &place)))
            return err;
        s->result->strays++;
    }
    err = make_key(s, top, place);
    return err ? err : take_listed(s);
}

static u32 take_orphans(struct salvage *s)
{
    u32 err = ERROR_SUCCESS;

    for (u32 cell = BIN_HEAD; cell < s->src->size[HV_STABLE_STORE] && !err; cell += 8)
        while (!err && is_wanted(s, cell))
            err = take_orphan(s, cell);
    return err;
}

/* ---------------------------------------------------------------------------------------------------
 */

/* What was made below a key has changed its time. */
static u32 set_times(struct salvage *s)
{
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; i < s->count && !err; i++)
        err = key_set_time(s->dst, s->keys[i].to,
                           hv_u64(s->src, s->keys[i].from + CELL_HEAD + NK_TIME));
    return err;
}

static u32 run(struct salvage *s, u32 from, u32 to)
{
    u32 err;

    if (!node_is(s->src, from) || !node_is(s->dst, to))
        return ERROR_REGISTRY_CORRUPT;
    s->result->keys = 1;
    if ((err = add_key(s, from, to)) || (err = salvage_root(s, from, to)) ||
        (err = take_listed(s)) || (err = take_waiting(s)) || (err = take_orphans(s)) ||
        (err = set_times(s)))
        return err;
    return s->dst->error;
}

u32 salvage_hive(struct hview *dst, u32 to, struct hview *src, u32 from, copy_progress progress,
                 void *ctx, struct salvage_result *result)
{
    struct salvage s = {.dst = dst, .src = src, .result = result, .progress = progress, .ctx = ctx};
    u32 err = write_ok(dst);

    memset(result, 0, sizeof(*result));
    if (err)
        return err;
    hash_init(&s.map);
    s.taken = os_calloc(1, src->size[HV_STABLE_STORE] / 64 + 1);
    s.name = os_alloc((VAL_NAME_MAX + 8) * sizeof(*s.name));
    err = s.taken && s.name ? run(&s, from, to) : ERROR_OUTOFMEMORY;
    if (err)
        hv_fail(dst, err); /* half of it is there: this write must not be committed */
    src->error = ERROR_SUCCESS;
    hash_free(&s.map);
    os_free(s.keys);
    os_free(s.taken);
    os_free(s.name);
    os_free(s.buf);
    return err;
}

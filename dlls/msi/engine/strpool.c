/*
 * Ids, counts and look-up of the string pool. strpool_impl.h has the invariants.
 */
#include <string.h>

#include "os.h"
#include "strpool_impl.h"
#include "strpool_io.h"
#include "codepage.h"
#include "utf16.h"

u32 sp_create(u32 codepage, struct str_pool **out)
{
    struct str_pool *p = os_calloc(1, sizeof(*p));
    u32 err;

    if (!p)
        return ERROR_OUTOFMEMORY;
    hash_init(&p->hash);
    os_random(&p->seed, sizeof(p->seed));
    p->codepage = codepage;
    err = sp_append_entry(p, 0, 0, 0);
    if (err) {
        sp_free(p);
        return err;
    }
    *out = p;
    return ERROR_SUCCESS;
}

void sp_free(struct str_pool *p)
{
    if (!p)
        return;
    os_free(p->entries);
    buf_free(&p->arena);
    hash_free(&p->hash);
    os_free(p);
}

u32 sp_codepage(const struct str_pool *p)
{
    return p->codepage;
}

u32 sp_set_codepage(struct str_pool *p, u32 codepage)
{
    if (codepage && !codepage_known(codepage))
        return ERROR_FUNCTION_FAILED;
    p->codepage = codepage;
    return ERROR_SUCCESS;
}

void sp_put_codepage(struct str_pool *p, u32 codepage)
{
    p->codepage = codepage;
}

/* --- texts ------------------------------------------------------------------------------------ */

static char16_t unit_at(const u8 *text, bool wide, size_t i)
{
    char16_t c;

    if (!wide)
        return text[i];
    memcpy(&c, text + 2 * i, 2); /* the arena is not aligned */
    return c;
}

/* One step of the hash, the same for a unit however it is kept. */
static u32 mix(u32 h, u32 unit)
{
    h = (h ^ unit) * 0x9e3779b1u;
    return h ^ h >> 15;
}

static u32 hash_units(const struct str_pool *p, const u8 *text, bool wide, size_t len)
{
    u32 h = p->seed ^ (u32)len;

    if (wide)
        for (size_t i = 0; i < len; i++)
            h = mix(h, unit_at(text, true, i));
    else
        for (size_t i = 0; i < len; i++)
            h = mix(h, text[i]);
    return h;
}

static u32 hash_entry(const struct str_pool *p, u32 id)
{
    const struct sp_entry *e = &p->entries[id];

    return hash_units(p, p->arena.data + e->off, e->len & SP_WIDE, e->len & SP_LEN);
}

bool sp_valid(const struct str_pool *p, u32 id)
{
    return id < p->count && p->entries[id].len;
}

size_t sp_len(const struct str_pool *p, u32 id)
{
    return id < p->count ? p->entries[id].len & SP_LEN : 0;
}

size_t sp_text(const struct str_pool *p, u32 id, char16_t *to, size_t cap)
{
    size_t len = sp_len(p, id), n = MIN(len, cap);
    const u8 *text;

    if (!n)
        return len;
    text = p->arena.data + p->entries[id].off;
    if (p->entries[id].len & SP_WIDE)
        memcpy(to, text, n * sizeof(*to));
    else
        for (size_t i = 0; i < n; i++)
            to[i] = text[i];
    return len;
}

bool sp_equal(const struct str_pool *p, u32 id, const char16_t *text, size_t len)
{
    const u8 *own;
    size_t i = 0;

    if (sp_len(p, id) != len)
        return false;
    if (!len)
        return true;
    own = p->arena.data + p->entries[id].off;
    if (p->entries[id].len & SP_WIDE)
        return !memcmp(own, text, len * sizeof(*text));
    while (i < len && own[i] == text[i])
        i++;
    return i == len;
}

int sp_compare(const struct str_pool *p, u32 a, u32 b)
{
    size_t a_len = sp_len(p, a), b_len = sp_len(p, b);
    bool a_wide = a_len && p->entries[a].len & SP_WIDE;
    bool b_wide = b_len && p->entries[b].len & SP_WIDE;

    if (a == b)
        return 0;
    for (size_t i = 0; i < a_len && i < b_len; i++) {
        char16_t x = unit_at(p->arena.data + p->entries[a].off, a_wide, i);
        char16_t y = unit_at(p->arena.data + p->entries[b].off, b_wide, i);

        if (x != y)
            return x < y ? -1 : 1;
    }
    return a_len < b_len ? -1 : a_len > b_len;
}

char16_t *sp_dup(const struct str_pool *p, u32 id)
{
    size_t len = sp_len(p, id);
    char16_t *text = os_alloc_array(len + 1, sizeof(*text));

    if (!text)
        return NULL;
    sp_text(p, id, text, len);
    text[len] = 0;
    return text;
}

/* --- the index -------------------------------------------------------------------------------- */

struct wanted {
    const char16_t *text;
    size_t len;
};

static bool equals_wanted(const void *ctx, u32 id, const void *item)
{
    const struct wanted *w = item;

    return sp_equal(ctx, id, w->text, w->len);
}

static bool equals_entry(const void *ctx, u32 id, const void *item)
{
    return !sp_compare(ctx, id, *(const u32 *)item);
}

/* Of equal texts in a file only the first is in the index. */
static u32 index_entry(struct str_pool *p, u32 id)
{
    u32 h = hash_entry(p, id);

    if (hash_find(&p->hash, h, equals_entry, p, &id) != HASH_NONE)
        return ERROR_SUCCESS;
    return hash_add(&p->hash, h, id);
}

static u32 make_index(struct str_pool *p)
{
    u32 err;

    if (p->indexed)
        return ERROR_SUCCESS;
    err = hash_reserve(&p->hash, p->count - p->free_count);
    for (u32 id = 1; !err && id < p->count; id++)
        if (p->entries[id].len)
            err = index_entry(p, id);
    if (err)
        hash_free(&p->hash);
    else
        p->indexed = true;
    return err;
}

static u32 hash_wanted(const struct str_pool *p, const struct wanted *w)
{
    return hash_units(p, (const u8 *)w->text, true, w->len);
}

u32 sp_find(struct str_pool *p, const char16_t *text, size_t len, u32 *id)
{
    struct wanted w = {text, len};
    u32 err, found;

    if (!len) {
        *id = 0;
        return ERROR_SUCCESS;
    }
    err = make_index(p);
    if (err)
        return err;
    found = hash_find(&p->hash, hash_wanted(p, &w), equals_wanted, p, &w);
    *id = found == HASH_NONE ? 0 : found;
    return ERROR_SUCCESS;
}

/* --- entries ---------------------------------------------------------------------------------- */

u32 sp_reserve(struct str_pool *p, u32 cap)
{
    struct sp_entry *entries = os_realloc_array(p->entries, cap, sizeof(*entries));

    if (!entries)
        return ERROR_OUTOFMEMORY;
    p->entries = entries;
    p->cap = cap;
    return ERROR_SUCCESS;
}

u32 sp_append_entry(struct str_pool *p, u32 off, u32 len, u32 refs)
{
    struct sp_entry *e;

    if (p->count > SP_MAX_IDS)
        return ERROR_FUNCTION_FAILED;
    if (p->count == p->cap && sp_reserve(p, p->cap + p->cap / 2 + 16))
        return ERROR_OUTOFMEMORY;
    e = &p->entries[p->count++];
    e->off = off;
    e->len = len;
    e->refs[SP_PERSISTENT] = (u16)refs;
    e->refs[SP_TEMPORARY] = 0;
    return ERROR_SUCCESS;
}

/* Copies the texts in use to a new arena once half of it is dead. Without memory for that the
 * pool just stays larger. */
static void compact(struct str_pool *p)
{
    struct buf arena = {0};
    size_t live = p->arena.len - p->dead;

    if (p->dead < 4096 || p->dead < live || buf_reserve(&arena, live + live / 8 + 64))
        return;
    for (u32 id = 1; id < p->count; id++) {
        struct sp_entry *e = &p->entries[id];
        u32 off = (u32)arena.len;

        if (!e->len)
            continue;
        buf_add(&arena, p->arena.data + e->off, sp_entry_bytes(e));
        e->off = off;
    }
    buf_free(&p->arena);
    p->arena = arena;
    p->dead = 0;
}

static bool is_ascii(const char16_t *text, size_t len)
{
    char16_t all = 0;

    for (size_t i = 0; i < len; i++)
        all |= text[i];
    return all < 0x80;
}

static u32 add_text(struct str_pool *p, const char16_t *text, size_t len, u32 *flagged_len)
{
    bool wide = !is_ascii(text, len);
    size_t bytes = len << wide;
    u32 err;
    u8 *to;

    if (len > SP_LEN || bytes > 0xffffffffu - p->arena.len)
        return ERROR_OUTOFMEMORY;
    err = buf_add(&p->arena, NULL, bytes);
    if (err)
        return err;
    to = p->arena.data + p->arena.len - bytes;
    if (wide)
        memcpy(to, text, bytes);
    else
        for (size_t i = 0; i < len; i++)
            to[i] = (u8)text[i];
    *flagged_len = (u32)len | (wide ? (u32)SP_WIDE : 0);
    return ERROR_SUCCESS;
}

/* Takes a free entry or makes one; it is used as soon as its len is set. */
static u32 take_id(struct str_pool *p, u32 *id)
{
    u32 err;

    if (p->free_list) {
        *id = p->free_list;
        p->free_list = p->entries[*id].off;
        p->free_count--;
        return ERROR_SUCCESS;
    }
    err = sp_append_entry(p, 0, 0, 0);
    if (!err)
        *id = p->count - 1;
    return err;
}

static void free_id(struct str_pool *p, u32 id)
{
    p->entries[id].len = 0;
    p->entries[id].off = p->free_list;
    p->free_list = id;
    p->free_count++;
}

static u32 add_string(struct str_pool *p, const struct wanted *w, u32 hash, u32 *id)
{
    size_t used = p->arena.len;
    u32 len, err;

    err = add_text(p, w->text, w->len, &len);
    if (err)
        return err;
    err = take_id(p, id);
    if (err) {
        p->arena.len = used;
        return err;
    }
    p->entries[*id].off = (u32)used;
    p->entries[*id].len = len;
    p->entries[*id].refs[SP_PERSISTENT] = 0;
    p->entries[*id].refs[SP_TEMPORARY] = 1;
    err = hash_add(&p->hash, hash, *id);
    if (err) {
        p->arena.len = used;
        free_id(p, *id);
    }
    return err;
}

u32 sp_intern(struct str_pool *p, const char16_t *text, size_t len, u32 *id)
{
    struct wanted w = {text, len};
    u32 err, hash, found;

    if (!len) {
        *id = 0;
        return ERROR_SUCCESS;
    }
    err = make_index(p);
    if (err)
        return err;
    hash = hash_wanted(p, &w);
    found = hash_find(&p->hash, hash, equals_wanted, p, &w);
    if (found == HASH_NONE)
        return add_string(p, &w, hash, id);
    sp_add_ref(p, found, SP_TEMPORARY);
    *id = found;
    return ERROR_SUCCESS;
}

/* --- references ------------------------------------------------------------------------------- */

void sp_add_ref(struct str_pool *p, u32 id, enum sp_ref kind)
{
    if (sp_valid(p, id) && p->entries[id].refs[kind] < SP_STICKY)
        p->entries[id].refs[kind]++;
}

static void drop_string(struct str_pool *p, u32 id)
{
    if (p->indexed)
        hash_remove(&p->hash, hash_entry(p, id), id);
    p->dead += sp_entry_bytes(&p->entries[id]);
    free_id(p, id);
    compact(p);
}

void sp_release(struct str_pool *p, u32 id, enum sp_ref kind)
{
    struct sp_entry *e;

    if (!sp_valid(p, id))
        return;
    e = &p->entries[id];
    if (e->refs[kind] == SP_STICKY) {
        p->recount |= kind == SP_PERSISTENT;
        return;
    }
    if (e->refs[kind])
        e->refs[kind]--;
    if (e->refs[SP_PERSISTENT] || e->refs[SP_TEMPORARY])
        return;
    if (e->len & SP_LOADED)
        p->recount = true;
    else
        drop_string(p, id);
}

bool sp_was_stored(const struct str_pool *p, u32 id)
{
    return sp_valid(p, id) && (!p->from_file || p->entries[id].len & SP_LOADED);
}

bool sp_wants_recount(const struct str_pool *p)
{
    return p->recount;
}

void sp_recount_start(struct str_pool *p)
{
    for (u32 id = 1; id < p->count; id++)
        p->entries[id].refs[SP_PERSISTENT] = 0;
}

void sp_recount_finish(struct str_pool *p)
{
    p->recount = false;
    p->from_file = false;
    for (u32 id = 1; id < p->count; id++) {
        struct sp_entry *e = &p->entries[id];

        if (!e->len)
            continue;
        e->len &= ~(u32)SP_LOADED;
        if (!e->refs[SP_PERSISTENT] && !e->refs[SP_TEMPORARY])
            drop_string(p, id);
    }
    /* of equal texts the first may be gone now: find the others anew */
    hash_free(&p->hash);
    p->indexed = false;
}

/* --- figures ---------------------------------------------------------------------------------- */

u32 sp_limit(const struct str_pool *p)
{
    u32 limit = p->count;

    while (limit > 1 && !p->entries[limit - 1].len)
        limit--;
    return limit;
}

u32 sp_stored_refs(const struct str_pool *p, u32 id)
{
    u32 refs = sp_refs(p, id, SP_PERSISTENT);

    return refs || !sp_valid(p, id) || !(p->entries[id].len & SP_LOADED) ? refs : 1;
}

u32 sp_stored_limit(const struct str_pool *p)
{
    u32 limit = p->count;

    while (limit > 1 && !sp_stored_refs(p, limit - 1))
        limit--;
    return limit;
}

u32 sp_count(const struct str_pool *p)
{
    u32 n = 0;

    for (u32 id = 1; id < p->count; id++)
        n += sp_stored_refs(p, id) > 0;
    return n;
}

u32 sp_refs(const struct str_pool *p, u32 id, enum sp_ref kind)
{
    return sp_valid(p, id) ? p->entries[id].refs[kind] : 0;
}

size_t sp_memory(const struct str_pool *p)
{
    size_t slots = p->hash.slots ? (size_t)p->hash.mask + 1 : 0;

    return sizeof(*p) + p->arena.cap + p->cap * sizeof(*p->entries) + slots * 2 * sizeof(u32);
}

static int check_entry(const struct str_pool *p, u32 id)
{
    const struct sp_entry *e = &p->entries[id];
    u32 found;

    if (!e->len)
        return 0;
    if (e->off > p->arena.len || sp_entry_bytes(e) > p->arena.len - e->off || !(e->len & SP_LEN))
        return 2;
    if (!(e->len & SP_LOADED) && !e->refs[0] && !e->refs[1])
        return 6;
    if (!p->indexed)
        return 0;
    found = hash_find(&p->hash, hash_entry(p, id), equals_entry, p, &id);
    return found == HASH_NONE ? 4 : 0;
}

int sp_check(const struct str_pool *p)
{
    u32 free_seen = 0, free_entries = 0;

    if (p->entries[0].len)
        return 1;
    if (p->dead > p->arena.len)
        return 5;
    for (u32 id = p->free_list; id; id = p->entries[id].off)
        if (id >= p->count || p->entries[id].len || free_seen++ > p->count)
            return 3;
    for (u32 id = 1; id < p->count; id++) {
        int broken = check_entry(p, id);

        if (broken)
            return broken;
        free_entries += !p->entries[id].len;
    }
    return free_seen != free_entries || free_seen != p->free_count ? 3 : 0;
}

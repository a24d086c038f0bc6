/*
 * Source lists: places and their order.
 */
#include "sources.h"

#include "os.h"
#include "sources_key.h"
#include "utf16.h"

enum { PLACES_MAX = 4096 };

static const char16_t *kind_key(enum source_kind kind)
{
    return kind == SOURCE_NETWORK ? u"SourceList\\Net"
           : kind == SOURCE_URL   ? u"SourceList\\URL"
                                  : u"SourceList\\Media";
}

static void owner_path(struct layout_path *p, const struct source_owner *o, const char16_t *below)
{
    layout_advertised(p, o->context, o->sid, o->patch ? u"Patches" : u"Products", o->code, below);
}

u32 sources_open(const struct source_owner *o, const char16_t *below, bool write,
                 struct reg_key **key)
{
    struct layout_path p;

    owner_path(&p, o, NULL);
    if (!layout_has(&p))
        return o->patch ? ERROR_UNKNOWN_PATCH : ERROR_UNKNOWN_PRODUCT;
    owner_path(&p, o, u"SourceList");
    if (!layout_has(&p))
        return ERROR_BAD_CONFIGURATION;
    owner_path(&p, o, below);
    return write ? reg_make(p.root, p.path, key) : layout_open(&p, key);
}

void sources_number(u32 number, char16_t text[12])
{
    char16_t digits[12];
    size_t n = 0, i = 0;

    do {
        digits[n++] = (char16_t)('0' + number % 10);
    } while (number /= 10);
    while (n)
        text[i++] = digits[--n];
    text[i] = 0;
}

/* --- lists --------------------------------------------------------------------------------------
 */

/* All places of a kind, in their order. */
struct places {
    char16_t **at;
    u32 count;
};

static void places_free(struct places *l)
{
    while (l->count)
        os_free(l->at[--l->count]);
    os_free(l->at);
    l->at = NULL;
}

/* Takes the text, also on failure. */
static u32 places_insert(struct places *l, u32 at, char16_t *text)
{
    char16_t **more = NULL;

    if (text && l->count < PLACES_MAX)
        more = os_realloc(l->at, (l->count + 1) * sizeof(*more));
    if (!more) {
        os_free(text);
        return ERROR_OUTOFMEMORY;
    }
    l->at = more;
    for (u32 i = l->count++; i > at; i--)
        more[i] = more[i - 1];
    more[at] = text;
    return ERROR_SUCCESS;
}

static void places_take(struct places *l, u32 at)
{
    os_free(l->at[at]);
    l->count--;
    for (u32 i = at; i < l->count; i++)
        l->at[i] = l->at[i + 1];
}

static u32 places_find(const struct places *l, const char16_t *text)
{
    u32 i = 0;

    while (i < l->count && !u16_equal_fold(l->at[i], text))
        i++;
    return i;
}

static u32 places_read(struct reg_key *key, struct places *l)
{
    char16_t number[12], *text;
    u32 err = ERROR_SUCCESS;

    for (u32 n = 1; !err; n++) {
        sources_number(n, number);
        err = reg_get_text(key, number, &text);
        if (!err)
            err = places_insert(l, l->count, text);
    }
    return err == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : err;
}

/* Writes them all, and takes away the numbers that are too many. */
static u32 places_write(struct reg_key *key, const struct places *l, u32 before)
{
    char16_t number[12];
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; !err && i < l->count; i++) {
        sources_number(i + 1, number);
        err = reg_set_text(key, number, REG_TYPE_EXPAND, l->at[i]);
    }
    for (u32 i = l->count; !err && i < before; i++) {
        sources_number(i + 1, number);
        err = reg_remove_value(key, number);
    }
    return err;
}

/* A copy with the sign at its end. */
static char16_t *ended(const char16_t *place, enum source_kind kind)
{
    char16_t sign = kind == SOURCE_URL ? '/' : '\\', *copy;
    size_t n = u16_len(place);

    copy = os_alloc((n + 2) * sizeof(*copy));
    if (!copy)
        return NULL;
    u16_copy(copy, n + 1, place);
    if (!n || copy[n - 1] != sign)
        copy[n++] = sign;
    copy[n] = 0;
    return copy;
}

/* --- places -------------------------------------------------------------------------------------
 */

u32 source_at(const struct source_owner *o, enum source_kind kind, u32 index, char16_t **place)
{
    struct reg_key *key;
    char16_t number[12];
    u32 err = sources_open(o, kind_key(kind), false, &key);

    if (err)
        return err == ERROR_FILE_NOT_FOUND ? ERROR_NO_MORE_ITEMS : err;
    if (index == UINT32_MAX)
        err = ERROR_FILE_NOT_FOUND;
    else {
        sources_number(index + 1, number);
        err = reg_get_text(key, number, place);
    }
    reg_close(key);
    return err == ERROR_FILE_NOT_FOUND ? ERROR_NO_MORE_ITEMS : err;
}

static u32 put_place(struct places *l, char16_t *text, u32 number)
{
    u32 at = places_find(l, text);

    if (at < l->count && !number) {
        os_free(text);
        return ERROR_SUCCESS;
    }
    if (at < l->count)
        places_take(l, at);
    at = number && number <= l->count ? number - 1 : l->count;
    return places_insert(l, at, text);
}

static u32 change(const struct source_owner *o, enum source_kind kind, const char16_t *place,
                  u32 (*fn)(struct places *l, char16_t *text, u32 number), u32 number)
{
    char16_t *text = ended(place, kind);
    struct places l = {NULL, 0};
    struct reg_key *key;
    u32 err, before;

    if (!text)
        return ERROR_OUTOFMEMORY;
    err = sources_open(o, kind_key(kind), true, &key);
    if (err) {
        os_free(text);
        return err;
    }
    err = places_read(key, &l);
    before = l.count;
    if (err)
        os_free(text);
    else
        err = fn(&l, text, number);
    if (!err)
        err = places_write(key, &l, before);
    places_free(&l);
    reg_close(key);
    return err;
}

u32 source_add(const struct source_owner *o, enum source_kind kind, const char16_t *place,
               u32 number)
{
    return change(o, kind, place, put_place, number);
}

static u32 take_place(struct places *l, char16_t *text, u32 number)
{
    u32 at = places_find(l, text);

    UNUSED(number);
    os_free(text);
    if (at < l->count)
        places_take(l, at);
    return ERROR_SUCCESS;
}

u32 source_remove(const struct source_owner *o, enum source_kind kind, const char16_t *place)
{
    return change(o, kind, place, take_place, 0);
}

u32 source_clear(const struct source_owner *o, enum source_kind kind)
{
    struct layout_path p;
    struct reg_key *key;
    u32 err = sources_open(o, u"SourceList", false, &key);

    if (err)
        return err;
    reg_close(key);
    owner_path(&p, o, kind_key(kind));
    err = reg_remove(p.root, p.path);
    return err == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : err;
}

u32 source_forget(const struct source_owner *o)
{
    struct reg_key *key;
    u32 err = sources_open(o, u"SourceList", true, &key);

    if (err)
        return err;
    err = reg_remove_value(key, u"LastUsedSource");
    reg_close(key);
    return err == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : err;
}

/* The number that a place has in its list. */
u32 sources_place_number(const struct source_owner *o, enum source_kind kind, const char16_t *place,
                         u32 *number)
{
    char16_t *text = ended(place, kind);
    struct places l = {NULL, 0};
    struct reg_key *key;
    u32 err = text ? sources_open(o, kind_key(kind), false, &key) : ERROR_OUTOFMEMORY;

    if (!err) {
        err = places_read(key, &l);
        reg_close(key);
    }
    if (!err)
        *number = places_find(&l, text) + 1;
    places_free(&l);
    os_free(text);
    return err;
}

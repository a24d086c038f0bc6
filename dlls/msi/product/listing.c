/*
 * Enumerations by index.
 */
#include "listing.h"

#include <string.h>

#include "os.h"
#include "utf16.h"

enum { KEPT = 8, QUERY_TEXT = GUID_CHARS + LAYOUT_SID + 2, ROWS_MAX = 1 << 20, SIDS_MAX = 4096 };

/* A row as it is kept: the SIDs of all rows are few. */
struct item {
    char16_t guid[GUID_CHARS + 1], other[GUID_CHARS + 1];
    u32 context, sid;
};

struct listing {
    struct item *items;
    u32 count, cap;
    char16_t (*sids)[LAYOUT_SID];
    u32 sid_count;
};

/* A listing that is kept for a thread. */
struct kept {
    u32 tid, kind, contexts, filter;
    char16_t text[QUERY_TEXT];
    struct listing list;
    u32 next; /* the highest index that it may be asked for */
    bool used, ended;
    u64 stamp; /* when it was last asked */
};

static struct kept kept[KEPT];
static u32 dropped[LIST_KINDS]; /* the highest `next` of those that are no longer kept */
static struct os_mutex lock;
static u64 clock;

static void list_free(struct listing *l)
{
    os_free(l->items);
    os_free(l->sids);
    memset(l, 0, sizeof(*l));
}

/* --- filling ------------------------------------------------------------------------------------
 */

static bool put_guid(char16_t to[GUID_CHARS + 1], const char16_t *guid)
{
    if (guid[0] != '{')
        return guid_unpack(guid, to);
    if (!guid_is(guid))
        return false;
    u16_copy(to, GUID_CHARS + 1, guid);
    return true;
}

/* The number of the SID in the list's own. */
static u32 put_sid(struct listing *l, const char16_t *sid, u32 *number)
{
    char16_t(*more)[LAYOUT_SID];

    /* Rows come user by user. */
    if (l->sid_count && u16_equal(l->sids[l->sid_count - 1], sid)) {
        *number = l->sid_count - 1;
        return ERROR_SUCCESS;
    }
    if (l->sid_count == SIDS_MAX)
        return ERROR_OUTOFMEMORY;
    more = os_realloc(l->sids, (l->sid_count + 1) * sizeof(*more));
    if (!more)
        return ERROR_OUTOFMEMORY;
    l->sids = more;
    u16_copy(more[l->sid_count], LAYOUT_SID, sid);
    *number = l->sid_count++;
    return ERROR_SUCCESS;
}

static u32 more_room(struct listing *l)
{
    u32 cap = l->cap ? l->cap * 2 : 16;
    struct item *more;

    if (l->count < l->cap)
        return ERROR_SUCCESS;
    more = cap <= ROWS_MAX ? os_realloc(l->items, cap * sizeof(*more)) : NULL;
    if (!more)
        return ERROR_OUTOFMEMORY;
    l->items = more;
    l->cap = cap;
    return ERROR_SUCCESS;
}

u32 listing_add(struct listing *l, const char16_t *guid, const char16_t *other, u32 context,
                const char16_t *sid)
{
    char16_t own[LAYOUT_SID] = u"";
    struct item *r;
    u32 err = more_room(l);

    if (err)
        return err;
    r = &l->items[l->count];
    memset(r, 0, sizeof(*r));
    if (!put_guid(r->guid, guid) || (other && !put_guid(r->other, other)))
        return ERROR_SUCCESS;
    r->context = context;
    if (context != CONTEXT_MACHINE && !sid)
        reg_user_sid(own, LAYOUT_SID);
    err = put_sid(l, context == CONTEXT_MACHINE || !sid ? own : sid, &r->sid);
    if (!err)
        l->count++;
    return err;
}

static u32 add_names(struct listing *l, const struct layout_path *p, u32 context,
                     const char16_t *sid, u32 (*at)(struct reg_key *, u32, char16_t[REG_NAME_MAX]))
{
    char16_t name[REG_NAME_MAX];
    struct reg_key *key;
    u32 err = ERROR_SUCCESS, found;

    if (layout_open(p, &key))
        return ERROR_SUCCESS;
    for (u32 i = 0; !err && (found = at(key, i, name)) != ERROR_NO_MORE_ITEMS; i++) {
        if (!found)
            err = listing_add(l, name, NULL, context, sid);
        else if (found != ERROR_MORE_DATA)
            break;
    }
    reg_close(key);
    return err;
}

u32 listing_add_keys(struct listing *l, const struct layout_path *p, u32 context,
                     const char16_t *sid)
{
    return add_names(l, p, context, sid, reg_key_at);
}

u32 listing_add_values(struct listing *l, const struct layout_path *p, u32 context,
                       const char16_t *sid)
{
    return add_names(l, p, context, sid, reg_value_at);
}

bool listing_has(const struct listing *l, const char16_t *guid, u32 context)
{
    char16_t text[GUID_CHARS + 1];

    if (!put_guid(text, guid))
        return false;
    for (u32 i = 0; i < l->count; i++)
        if (l->items[i].context == context && u16_equal_fold(l->items[i].guid, text))
            return true;
    return false;
}

static u32 for_user(const struct listing_query *q, struct listing *l, const char16_t *sid,
                    listing_user_fn fn)
{
    u32 err = ERROR_SUCCESS;

    if (q->contexts & CONTEXT_MANAGED)
        err = fn(q, l, CONTEXT_MANAGED, sid);
    if (!err && (q->contexts & CONTEXT_USER))
        err = fn(q, l, CONTEXT_USER, sid);
    return err;
}

/* Everybody who has something below UserData. */
static u32 for_everyone(const struct listing_query *q, struct listing *l, listing_user_fn fn)
{
    struct layout_path p;
    char16_t sid[REG_NAME_MAX], own[LAYOUT_SID] = u"";
    struct reg_key *key;
    u32 err = ERROR_SUCCESS, found;

    reg_user_sid(own, LAYOUT_SID);
    err = for_user(q, l, NULL, fn);
    layout_installed(&p, CONTEXT_USER, u"", NULL, NULL, NULL);
    p.path[u16_len(p.path) - 1] = 0; /* the backslash before the SID */
    if (err || layout_open(&p, &key))
        return err;
    for (u32 i = 0; !err && (found = reg_key_at(key, i, sid)) != ERROR_NO_MORE_ITEMS; i++) {
        if (found && found != ERROR_MORE_DATA)
            break;
        if (!found && u16_len(sid) < LAYOUT_SID && !u16_equal_fold(sid, LAYOUT_MACHINE_SID) &&
            !u16_equal_fold(sid, own))
            err = for_user(q, l, sid, fn);
    }
    reg_close(key);
    return err;
}

u32 listing_each_user(const struct listing_query *q, struct listing *l, listing_user_fn fn)
{
    char16_t own[LAYOUT_SID];
    u32 err = ERROR_SUCCESS;

    if (q->contexts & CONTEXT_MACHINE)
        err = fn(q, l, CONTEXT_MACHINE, NULL);
    if (err || !(q->contexts & (CONTEXT_MANAGED | CONTEXT_USER)))
        return err;
    if (q->sid && u16_equal_fold(q->sid, LAYOUT_EVERYONE))
        return for_everyone(q, l, fn);
    /* The caller's own key is reached without his SID. */
    if (q->sid && reg_user_sid(own, LAYOUT_SID) && u16_equal_fold(q->sid, own))
        return for_user(q, l, NULL, fn);
    return for_user(q, l, q->sid, fn);
}

/* --- what is kept -------------------------------------------------------------------------------
 */

static void query_text(const struct listing_query *q, char16_t text[QUERY_TEXT])
{
    size_t n = u16_copy(text, QUERY_TEXT, q->guid ? q->guid : u"");

    text[n++] = '|';
    u16_copy(text + n, QUERY_TEXT - n, q->sid ? q->sid : u"");
}

static bool is_of(const struct kept *k, const struct listing_query *q, const char16_t *text)
{
    return k->used && k->kind == (u32)q->kind && k->contexts == q->contexts &&
           k->filter == q->filter && u16_equal(k->text, text);
}

static struct kept *find(const struct listing_query *q, const char16_t *text, u32 tid)
{
    for (size_t i = 0; i < KEPT; i++)
        if (kept[i].tid == tid && is_of(&kept[i], q, text))
            return &kept[i];
    return NULL;
}

static void drop(struct kept *k)
{
    if (k->used)
        dropped[k->kind] = MAX(dropped[k->kind], k->next);
    list_free(&k->list);
    k->used = false;
}

/* Whether the index is one that somebody may ask for next. A program may go on in another thread,
 * and with an enumeration that is no longer kept. */
static bool in_order(const struct listing_query *q, const char16_t *text, u32 index)
{
    if (index <= dropped[q->kind])
        return true;
    for (size_t i = 0; i < KEPT; i++)
        if (is_of(&kept[i], q, text) && index <= kept[i].next)
            return true;
    return false;
}

static struct kept *oldest(void)
{
    struct kept *k = &kept[0];

    for (size_t i = 0; i < KEPT; i++) {
        if (!kept[i].used)
            return &kept[i];
        if (kept[i].stamp < k->stamp)
            k = &kept[i];
    }
    return k;
}

/* Keeps l, which is the table's then. */
static struct kept *keep(const struct listing_query *q, const char16_t *text, u32 tid,
                         struct listing *l)
{
    struct kept *k = find(q, text, tid);

    if (!k)
        k = oldest();
    drop(k);
    *k = (struct kept){.tid = tid,
                       .kind = (u32)q->kind,
                       .contexts = q->contexts,
                       .filter = q->filter,
                       .list = *l,
                       .used = true};
    u16_copy(k->text, QUERY_TEXT, text);
    return k;
}

static void copy_row(const struct listing *l, u32 index, struct listing_row *row)
{
    const struct item *r = &l->items[index];

    memcpy(row->guid, r->guid, sizeof(row->guid));
    memcpy(row->other, r->other, sizeof(row->other));
    row->context = r->context;
    u16_copy(row->sid, LAYOUT_SID, l->sids[r->sid]);
}

/* The answer from what is kept; the lock is held. */
static u32 answer(struct kept *k, u32 index, struct listing_row *row)
{
    k->stamp = ++clock;
    if (index < k->list.count) {
        copy_row(&k->list, index, row);
        k->next = MAX(k->next, index + 1);
        return ERROR_SUCCESS;
    }
    k->next = 1;
    k->ended = true; /* that is all that is asked of it from here on */
    list_free(&k->list);
    return ERROR_NO_MORE_ITEMS;
}

u32 listing_at(const struct listing_query *q, u32 index, enum listing_order order,
               u32 (*fill)(const struct listing_query *q, struct listing *l),
               struct listing_row *row)
{
    struct listing l = {0};
    char16_t text[QUERY_TEXT];
    u32 tid = os_tid(), err = ERROR_NOT_READY;
    struct kept *k;

    query_text(q, text);
    os_mutex_lock(&lock);
    k = find(q, text, tid);
    if (k && index && k->ended && order == ORDER_TO_END)
        err = ERROR_INVALID_PARAMETER;
    else if (order == ORDER_NEXT && !in_order(q, text, index))
        err = ERROR_INVALID_PARAMETER;
    else if (k && index && !k->ended)
        err = answer(k, index, row);
    os_mutex_unlock(&lock);
    if (err != ERROR_NOT_READY)
        return err;
    err = fill(q, &l); /* asks the registry, so without the lock */
    if (err) {
        list_free(&l);
        return err;
    }
    os_mutex_lock(&lock);
    err = answer(keep(q, text, tid, &l), index, row);
    os_mutex_unlock(&lock);
    return err;
}

void listing_forget(void)
{
    os_mutex_lock(&lock);
    for (size_t i = 0; i < KEPT; i++)
        drop(&kept[i]);
    os_mutex_unlock(&lock);
}

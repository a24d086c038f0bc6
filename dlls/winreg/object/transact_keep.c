/*
 * What was done under a transaction, done again: for a question, or to be kept.
 */
#include "transact_priv.h"

#include "utf16.h"
#include "walk.h"

u32 txn_find(struct hview *v, const struct keypath *p, u32 *key, struct walk *rest)
{
    struct walk w = {.rest = p->s ? p->s : u"", .left = p->len};
    struct key_ref root;
    const char16_t *name;
    u32 len, err = key_root(v, &root);
    *key = root.cell;
    while (!err && walk_component(&w, &name, &len)) {
        err = key_find(v, *key, name, len, key);
        if (!err)
            walk_consume(&w, name, len);
    }
    if (rest)
        *rest = w;
    return err;
}

static u32 do_again(const struct txn *t, const struct mount *m, struct hview *v)
{
    u32 key, err = ERROR_SUCCESS;
    for (const struct deed *d = t->first; d && !err; d = d->next) {
        if (d->mount != m)
            continue;
        err = txn_find(v, &d->path, &key, NULL);
        if (!err)
            err = d->run(d->ctx, v, key);
        /* What was there when it was done is not there now. */
        if (err == ERROR_FILE_NOT_FOUND || err == ERROR_KEY_DELETED || err == ERROR_ALREADY_EXISTS)
            err = ERROR_TRANSACTIONAL_CONFLICT;
    }
    return err;
}

u32 txn_begin(const struct txn *t, struct mount *m, struct hive **h, struct hive_write *w)
{
    if (t->state == ROLLED_BACK)
        return ERROR_TRANSACTION_NOT_ACTIVE;
    u32 err = space_hive(m, h);
    if (!err)
        err = hive_write_begin(*h, HIVE_WAIT, w);
    if (err)
        return err;
    err = do_again(t, m, &w->view);
    if (err)
        hive_write_abort(*h, w);
    return err;
}

static bool done_before(const struct txn *t, const struct deed *d)
{
    const struct deed *e = t->first;
    while (e != d && e->mount != d->mount)
        e = e->next;
    return e != d;
}

/* --- committing
 * --------------------------------------------------------------------------------------------
 */

struct part {
    struct mount *mount;
    struct hive *hive;
    struct hive_write w;
};

/* The order in which every process takes the locks of several hives. */
static bool comes_before(const struct mount *a, const struct mount *b)
{
    if (a->top != b->top)
        return a->top < b->top;
    return u16_compare_fold(a->name, a->name_len, b->name, b->name_len) < 0;
}

/* The hives that were changed, from os_alloc. */
static u32 collect(const struct txn *t, struct part **parts, u32 *count)
{
    u32 n = 0, at;
    for (const struct deed *d = t->first; d; d = d->next)
        n += !done_before(t, d);
    *count = n;
    *parts = os_calloc(n + 1, sizeof **parts);
    if (!*parts)
        return ERROR_OUTOFMEMORY;
    n = 0;
    for (const struct deed *d = t->first; d; d = d->next) {
        if (done_before(t, d))
            continue;
        for (at = n++; at && comes_before(d->mount, (*parts)[at - 1].mount); at--)
            (*parts)[at].mount = (*parts)[at - 1].mount;
        (*parts)[at].mount = d->mount;
    }
    return ERROR_SUCCESS;
}

/* Nothing is kept before all of it could be done, in all hives. */
static u32 commit_parts(const struct txn *t, struct part *parts, struct hive_part *ends, u32 count)
{
    u32 begun = 0, err = ERROR_SUCCESS;
    while (!err && begun < count) {
        struct part *p = &parts[begun];
        err = txn_begin(t, p->mount, &p->hive, &p->w);
        ends[begun] = (struct hive_part){p->hive, &p->w};
        begun += !err;
    }
    if (!err)
        return hive_write_commit_all(ends, count);
    while (begun--)
        hive_write_abort(parts[begun].hive, &parts[begun].w);
    return err;
}

u32 txn_keep(const struct txn *t)
{
    struct part *parts;
    u32 count, err = collect(t, &parts, &count);
    struct hive_part *ends = err ? NULL : os_calloc(count + 1, sizeof *ends);
    if (!err)
        err = ends ? commit_parts(t, parts, ends, count) : (u32)ERROR_OUTOFMEMORY;
    os_free(ends);
    os_free(parts);
    return err;
}

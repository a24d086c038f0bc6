#include "method.h"

#include "os.h"
#include "space_loaded.h"
#include "transact.h"
#include "watcher.h"

struct held {
    struct held *next;
    u64 bytes[];
};

static void hold_nothing(struct call *c)
{
    c->used = 0;
    c->held = NULL;
}

void *call_room(struct call *c, size_t n)
{
    struct held *h;
    if (n <= sizeof c->room - c->used) {
        void *at = (u8 *)c->room + c->used;
        c->used += (u32)ALIGN_UP(n, (size_t)8);
        return at;
    }
    h = n < SIZE_MAX - sizeof *h ? os_alloc(sizeof *h + n) : NULL;
    if (!h)
        return NULL;
    h->next = c->held;
    c->held = h;
    return h->bytes;
}

u32 call_copy(struct call *c, const void **p, size_t n)
{
    void *to = call_room(c, n);
    if (!to)
        return ERROR_OUTOFMEMORY;
    if (!os_copy(to, *p, n))
        return ERROR_NOACCESS;
    *p = to;
    return ERROR_SUCCESS;
}

u32 call_text(struct call *c, struct text *t)
{
    const void *s = t->s;
    u32 err = call_copy(c, &s, (size_t)t->len * 2);
    t->s = err ? u"" : s;
    while (!err && t->len && !t->s[t->len - 1])
        t->len--;
    return err;
}

u32 call_text_in(struct call *c, const RRP_UNICODE_STRING *in, struct text *out)
{
    u32 err = text_in(in, out);
    return err ? err : call_text(c, out);
}

struct fetching {
    struct hview *v;
    const struct val_info *info;
    u8 *to;
    u32 err;
};

static void fetch(void *ctx)
{
    struct fetching *f = ctx;
    f->err = val_data(f->v, f->info, 0, f->to, f->info->size);
}

u32 call_data(struct hview *v, const struct val_info *info, u8 *to)
{
    struct fetching f = {v, info, to, ERROR_SUCCESS};
    return os_guard(fetch, &f) ? f.err : (u32)ERROR_NOACCESS;
}

u32 call_begin_open(struct call *c)
{
    c->handle = 0;
    hold_nothing(c);
    return life_enter(&c->pass);
}

u32 call_begin_any(struct call *c, RPC_HKEY key, u32 bad)
{
    u32 err = life_enter(&c->pass);
    if (err)
        return err;
    hold_nothing(c);
    if (hnd_value(key, &c->handle) && !hnd_get(c->handle, &c->row))
        return ERROR_SUCCESS;
    life_leave(c->pass);
    return bad;
}

u32 call_begin(struct call *c, RPC_HKEY key, u32 bad)
{
    u32 err = call_begin_any(c, key, bad);
    if (!err && !c->row.mount && c->row.id == SPACE_TRANSACTION)
        err = call_end(c, bad);
    return err;
}

u32 call_end(struct call *c, u32 err)
{
    while (c->held) {
        struct held *next = c->held->next;
        os_free(c->held);
        c->held = next;
    }
    life_leave(c->pass);
    return err;
}

bool call_is_perf(const struct call *c)
{
    return !c->row.mount && c->row.id >= SPACE_PERF_DATA;
}

u32 call_need(const struct call *c, u32 rights)
{
    if (call_is_perf(c))
        return ERROR_INVALID_HANDLE;
    return (c->row.access & rights) == rights ? ERROR_SUCCESS : ERROR_ACCESS_DENIED;
}

/* Of a hive that was loaded somebody has to look whether another process unloads it. */
static u32 hold(struct mount *m)
{
    u32 err = space_hold(m);
    if (!err && m && m->flags & MOUNT_LOADED)
        watcher_wake();
    return err;
}

/* The row gets the handle *handle, or where that is 0 a new one. */
static u32 enter_row(const struct reg_row *row, u32 *handle)
{
    u32 err = hold(row->mount);
    watcher_due();
    if (err)
        return err;
    err = *handle ? hnd_adopt(*handle, row) : hnd_open(row, handle);
    if (err) {
        space_release(row->mount);
        return err;
    }
    if (row->extra && (row->mount || row->id != SPACE_TRANSACTION))
        txn_row_opened(row);
    return ERROR_SUCCESS;
}

u32 call_give(const struct reg_row *row, PRPC_HKEY out)
{
    u32 handle = 0, err = enter_row(row, &handle);
    if (!err)
        *out = hnd_wide(handle);
    return err;
}

u32 call_lend(const struct reg_row *row, u32 handle)
{
    return enter_row(row, &handle);
}

u32 call_read(struct call *c, nsp_reader fn, void *ctx)
{
    u32 gen = c->row.gen, err = nsp_read(&c->row, fn, ctx);
    if (c->row.gen != gen)
        hnd_hint(c->handle, c->row.cell, c->row.gen);
    return err;
}

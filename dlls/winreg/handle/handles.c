/*
 * Invariants
 *   (1) slot->word has bit WORD_OPEN exactly while the handle is valid; its generation counts
 *       every opening, and native handles carry the low 9 bits.
 *   (2) Only the thread that took the slot from a free queue writes the row, before it sets
 *       WORD_OPEN; only the hint changes while the slot is open.
 *   (3) A slot is in one free queue or in none.
 *   (4) slot->owned has OWNS_OBJECT while the slot stands for a kernel object of the table's own,
 *       open or free, and IN_QUEUE while it is in a free queue. Both change under grow_lock, but
 *       for IN_QUEUE of a slot that is closed and taken again. What is taken from a queue without
 *       OWNS_OBJECT was lost to somebody else and is let go.
 */
#include "handles.h"

#include "kernel.h"
#include "os.h"

#define CHUNK_SLOTS 1024u
#define CHUNKS      (HND_KERNEL ? 16384u : 1024u)
#define GEN_BITS    9u
#define QUEUES      16u
#define BATCH       64u
/* Closings before a kernel handle is used again. To make one costs half of what Wine takes to open
 * a key, so it is not more. */
#define REST 512u

#define WORD_OPEN  1u
#define WORD_FLAGS 0xfeu /* reg_row.flags, shifted by one */
#define WORD_GEN   8u    /* bits 8..31: generation */

struct slot {
    u32 word;
    u32 access;
    u32 id;
    u32 place;
    u64 hint; /* cell, generation of the hive's structure above it */
    struct mount *mount;
    void *extra;
    u32 next;  /* in the free queue; slot + 1 */
    u32 owned; /* OWNS_OBJECT, IN_QUEUE */
};

#define OWNS_OBJECT 1u
#define IN_QUEUE    2u
#define IS_OTHER    4u /* hnd_other() */

/* Free slots, first in, first out; a queue each for a few threads. Its lock is held for a few
 * stores alone, and a system lock costs more than they do. */
struct queue {
    u32 busy;
    u32 head, tail, count; /* slot + 1, 0 for none */
    u32 pad[12];
};

static struct slot *chunks[CHUNKS];
static struct queue queues[QUEUES] __attribute__((aligned(64)));
static struct os_mutex grow_lock;
static u32 slots_made; /* under grow_lock; native slots */
static void (*lost_row)(u32 handle, const struct reg_row *row);

static void queue_lock(struct queue *q)
{
    u32 tries = 0;
    while (__atomic_exchange_n(&q->busy, 1, __ATOMIC_ACQUIRE))
        if (++tries > 64)
            os_yield();
}

static void queue_unlock(struct queue *q)
{
    __atomic_store_n(&q->busy, 0, __ATOMIC_RELEASE);
}

static struct slot *slot_at(u32 index)
{
    u32 c = index / CHUNK_SLOTS;
    struct slot *chunk = c < CHUNKS ? __atomic_load_n(&chunks[c], __ATOMIC_ACQUIRE) : NULL;
    return chunk ? &chunk[index % CHUNK_SLOTS] : NULL;
}

static void own(u32 index, u32 set, u32 clear)
{
    struct slot *s = slot_at(index);
    if (s && set)
        __atomic_or_fetch(&s->owned, set, __ATOMIC_ACQ_REL);
    if (s && clear)
        __atomic_and_fetch(&s->owned, ~clear, __ATOMIC_ACQ_REL);
}

static u32 owned(u32 index)
{
    struct slot *s = slot_at(index);
    return s ? __atomic_load_n(&s->owned, __ATOMIC_ACQUIRE) : 0;
}

static void queue_put(struct queue *q, u32 index)
{
    own(index, IN_QUEUE, 0);
    slot_at(index)->next = 0;
    if (q->tail)
        slot_at(q->tail - 1)->next = index + 1;
    else
        q->head = index + 1;
    q->tail = index + 1;
    q->count++;
}

static u32 queue_take(struct queue *q)
{
    u32 index = q->head - 1;
    q->head = slot_at(index)->next;
    if (!q->head)
        q->tail = 0;
    q->count--;
    own(index, 0, IN_QUEUE);
    return index;
}

/* Memory for the slot, under grow_lock. */
static u32 need_chunk(u32 index)
{
    u32 c = index / CHUNK_SLOTS;
    if (c >= CHUNKS)
        return ERROR_NO_SYSTEM_RESOURCES;
    if (chunks[c])
        return ERROR_SUCCESS;
    struct slot *chunk = os_calloc(CHUNK_SLOTS, sizeof *chunk);
    if (!chunk)
        return ERROR_OUTOFMEMORY;
    __atomic_store_n(&chunks[c], chunk, __ATOMIC_RELEASE);
    return ERROR_SUCCESS;
}

/* Puts a batch of new slots into the queue, whose lock the caller holds. */
static u32 make_slots(struct queue *q)
{
    u32 err, first = 0, n = 0;
    os_mutex_lock(&grow_lock);
    err = need_chunk(slots_made);
    if (!err) {
        first = slots_made;
        n = BATCH;
        slots_made += BATCH;
    }
    os_mutex_unlock(&grow_lock);
    for (u32 i = 0; i < n; i++) {
        own(first + i, OWNS_OBJECT, 0);
        queue_put(q, first + i);
    }
    return err;
}

static u32 handle_of(u32 index, u32 word)
{
    return HND_KERNEL ? index << 2
                      : (word >> WORD_GEN & ((1u << GEN_BITS) - 1)) << 22 | index << 2 | 3;
}

static u32 index_of(u32 handle)
{
    return HND_KERNEL ? handle >> 2 : handle >> 2 & 0xfffff;
}

static void lose_row(u32 index);

/* A slot for a new kernel object. A value that the table has already was closed past it: a free
 * slot has its object again by that and stays where it is, an open one is taken over. */
static u32 make_kernel_slot(u32 *index)
{
    for (;;) {
        u32 handle, err = kernel_make(&handle);
        if (err)
            return err;
        *index = index_of(handle);
        os_mutex_lock(&grow_lock);
        err = need_chunk(*index);
        u32 before = err ? 0 : owned(*index);
        if (!err)
            own(*index, OWNS_OBJECT, IS_OTHER);
        os_mutex_unlock(&grow_lock);
        if (err) {
            kernel_close(handle);
            return err;
        }
        lose_row(*index);
        if (!(before & IN_QUEUE))
            return ERROR_SUCCESS;
    }
}

/* When no new slot is to be had, another queue's free ones will do. */
static u32 steal_slot(u32 *index)
{
    for (u32 i = 0; i < QUEUES; i++) {
        struct queue *q = &queues[i];
        queue_lock(q);
        bool got = q->head != 0;
        if (got)
            *index = queue_take(q);
        queue_unlock(q);
        if (got)
            return ERROR_SUCCESS;
    }
    return ERROR_NO_SYSTEM_RESOURCES;
}

static struct queue *own_queue(void)
{
    return &queues[(os_tid() * 0x9e3779b1u >> 28) % QUEUES];
}

/* A slot that has rested behind `least` others. */
static bool take_rested(struct queue *q, u32 least, u32 *index)
{
    bool got = false;
    queue_lock(q);
    while (!got && q->count > least) {
        *index = queue_take(q);
        got = owned(*index) & OWNS_OBJECT;
    }
    queue_unlock(q);
    return got;
}

static bool take_any(u32 least, u32 *index)
{
    for (u32 i = 0; i < QUEUES; i++)
        if (__atomic_load_n(&queues[i].count, __ATOMIC_RELAXED) > least &&
            take_rested(&queues[i], least, index))
            return true;
    return false;
}

static u32 take_kernel_slot(u32 *index)
{
    u32 err;
    if (take_rested(own_queue(), REST, index))
        return ERROR_SUCCESS;
    /* What this thread opens others may close. */
    if (take_any(REST * 2, index))
        return ERROR_SUCCESS;
    err = make_kernel_slot(index);
    return err == ERROR_NO_SYSTEM_RESOURCES && take_any(0, index) ? ERROR_SUCCESS : err;
}

static u32 take_slot(u32 *index)
{
    struct queue *q = own_queue();
    u32 err = ERROR_SUCCESS;
    if (HND_KERNEL)
        return take_kernel_slot(index);
    queue_lock(q);
    if (q->count < BATCH)
        err = make_slots(q);
    bool got = q->head != 0;
    if (got)
        *index = queue_take(q);
    queue_unlock(q);
    if (got)
        return ERROR_SUCCESS;
    return err == ERROR_NO_SYSTEM_RESOURCES ? steal_slot(index) : err;
}

static u32 fill_slot(u32 index, const struct reg_row *row)
{
    struct slot *s = slot_at(index);
    u32 word = __atomic_load_n(&s->word, __ATOMIC_RELAXED);
    /* Whoever sees one of these stores also sees that the handle before was closed. */
    __atomic_thread_fence(__ATOMIC_RELEASE);
    __atomic_store_n(&s->access, row->access, __ATOMIC_RELAXED);
    __atomic_store_n(&s->id, row->id, __ATOMIC_RELAXED);
    __atomic_store_n(&s->place, row->place, __ATOMIC_RELAXED);
    __atomic_store_n(&s->hint, row->cell | (u64)row->gen << 32, __ATOMIC_RELAXED);
    __atomic_store_n(&s->mount, row->mount, __ATOMIC_RELAXED);
    __atomic_store_n(&s->extra, row->extra, __ATOMIC_RELAXED);
    word = ((word >> WORD_GEN) + 1) << WORD_GEN | (row->flags << 1 & WORD_FLAGS) | WORD_OPEN;
    __atomic_store_n(&s->word, word, __ATOMIC_RELEASE);
    return handle_of(index, word);
}

u32 hnd_open(const struct reg_row *row, u32 *handle)
{
    u32 index = 0, err = take_slot(&index);
    if (!err)
        *handle = fill_slot(index, row);
    return err;
}

u32 hnd_adopt(u32 handle, const struct reg_row *row)
{
    struct reg_row lent = *row;
    u32 err, index = index_of(handle);
    if (!HND_KERNEL)
        return ERROR_NOT_SUPPORTED;
    hnd_forget(handle);
    os_mutex_lock(&grow_lock);
    err = need_chunk(index);
    if (!err)
        own(index, 0, IS_OTHER);
    os_mutex_unlock(&grow_lock);
    lent.flags |= ROW_LENT;
    if (!err)
        fill_slot(index, &lent);
    return err;
}

void hnd_forget(u32 handle)
{
    u32 index = index_of(handle);
    if (!HND_KERNEL || !slot_at(index))
        return;
    os_mutex_lock(&grow_lock);
    own(index, 0, OWNS_OBJECT);
    os_mutex_unlock(&grow_lock);
    lose_row(index);
}

void hnd_on_lost(void (*lost)(u32 handle, const struct reg_row *row))
{
    lost_row = lost;
}

/* Whether the value can be one of the table's at all. */
static bool has_form(u32 handle)
{
    return HND_KERNEL ? !(handle & 1) && handle > 3 : (handle & 3) == 3;
}

/* The slot of an open handle and its word; NULL where it is none. */
static struct slot *find(u32 handle, u32 *word)
{
    struct slot *s = has_form(handle) ? slot_at(index_of(handle)) : NULL;
    if (!s)
        return NULL;
    *word = __atomic_load_n(&s->word, __ATOMIC_ACQUIRE);
    if (!(*word & WORD_OPEN))
        return NULL;
    return HND_KERNEL || handle_of(index_of(handle), *word) == handle ? s : NULL;
}

enum hnd_state hnd_state(u32 handle)
{
    u32 word;
    if (find(handle, &word))
        return HND_OPEN;
    u32 has = has_form(handle) ? owned(index_of(handle)) : 0;
    return has & OWNS_OBJECT ? HND_RESTING : has & IS_OTHER ? HND_OTHER : HND_NONE;
}

void hnd_other(u32 handle, bool is_other)
{
    if (!HND_KERNEL || !has_form(handle))
        return;
    os_mutex_lock(&grow_lock);
    if (slot_at(index_of(handle)) || (is_other && !need_chunk(index_of(handle))))
        own(index_of(handle), is_other ? IS_OTHER : 0, is_other ? 0 : IS_OTHER);
    os_mutex_unlock(&grow_lock);
}

static void copy_row(struct slot *s, u32 word, struct reg_row *row)
{
    u64 hint = __atomic_load_n(&s->hint, __ATOMIC_RELAXED);
    row->mount = __atomic_load_n(&s->mount, __ATOMIC_RELAXED);
    row->extra = __atomic_load_n(&s->extra, __ATOMIC_RELAXED);
    row->access = __atomic_load_n(&s->access, __ATOMIC_RELAXED);
    row->id = __atomic_load_n(&s->id, __ATOMIC_RELAXED);
    row->place = __atomic_load_n(&s->place, __ATOMIC_RELAXED);
    row->cell = (u32)hint;
    row->gen = (u32)(hint >> 32);
    row->flags = (word & WORD_FLAGS) >> 1;
}

/* Whether the slot still is what it was at `word`, flags apart. */
static bool unchanged(struct slot *s, u32 word)
{
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    return ((__atomic_load_n(&s->word, __ATOMIC_RELAXED) ^ word) & ~WORD_FLAGS) == 0;
}

u32 hnd_get(u32 handle, struct reg_row *row)
{
    u32 word;
    struct slot *s = find(handle, &word);
    if (!s)
        return ERROR_INVALID_HANDLE;
    copy_row(s, word, row);
    return unchanged(s, word) ? ERROR_SUCCESS : ERROR_INVALID_HANDLE;
}

/* The row leaves the slot; false when another thread was quicker, or it must stay. */
static bool close_row(u32 handle, u32 stay, struct reg_row *row)
{
    u32 word;
    struct slot *s = find(handle, &word);
    if (!s)
        return false;
    u32 gen = word >> WORD_GEN;
    do {
        if (!(word & WORD_OPEN) || word >> WORD_GEN != gen || word & stay << 1)
            return false;
        copy_row(s, word, row);
    } while (!__atomic_compare_exchange_n(&s->word, &word, gen << WORD_GEN, false, __ATOMIC_ACQ_REL,
                                          __ATOMIC_ACQUIRE));
    return true;
}

/* Closes what is open in the slot: its kernel object was closed past the table. */
static void lose_row(u32 index)
{
    struct reg_row row;
    u32 handle = handle_of(index, __atomic_load_n(&slot_at(index)->word, __ATOMIC_ACQUIRE));
    if (close_row(handle, 0, &row) && lost_row)
        lost_row(handle, &row);
}

u32 hnd_close(u32 handle, struct reg_row *row)
{
    if (!close_row(handle, ROW_PROTECTED, row))
        return ERROR_INVALID_HANDLE;
    u32 index = index_of(handle);
    if (row->flags & ROW_LENT) {
        own(index, 0, OWNS_OBJECT);
        kernel_close(handle_of(index, 0));
        return ERROR_SUCCESS;
    }
    struct queue *q = own_queue();
    queue_lock(q);
    queue_put(q, index);
    queue_unlock(q);
    return ERROR_SUCCESS;
}

bool hnd_flag(u32 handle, u32 set, u32 clear)
{
    u32 word, add = set << 1 & WORD_FLAGS, take = clear << 1 & WORD_FLAGS;
    struct slot *s = find(handle, &word);
    u32 gen = s ? word >> WORD_GEN : 0;
    while (s && word & WORD_OPEN && word >> WORD_GEN == gen)
        if (__atomic_compare_exchange_n(&s->word, &word, (word | add) & ~take, false,
                                        __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
            return true;
    return false;
}

void hnd_hint(u32 handle, u32 cell, u32 gen)
{
    u32 word;
    struct slot *s = find(handle, &word);
    if (!s)
        return;
    /* The slot may go to another key just now; its number would then not be found at this cell, and
     * the number is what counts. */
    __atomic_store_n(&s->hint, cell | (u64)gen << 32, __ATOMIC_RELAXED);
}

bool hnd_value(const void *wide, u32 *handle)
{
    intptr_t v = (intptr_t)wide;
    *handle = HND_KERNEL ? (u32)v & ~2u : (u32)v;
    return v >= 0 && v <= 0x7fffffff;
}

void *hnd_wide(u32 handle)
{
    return (void *)(intptr_t)handle;
}

bool hnd_each(bool (*visit)(void *ctx, u32 handle, const struct reg_row *row), void *ctx)
{
    for (u32 i = 0; i < CHUNKS * CHUNK_SLOTS; i++) {
        struct slot *s = slot_at(i);
        if (!s) {
            i += CHUNK_SLOTS - 1; /* kernel handles leave holes */
            continue;
        }
        u32 word = __atomic_load_n(&s->word, __ATOMIC_ACQUIRE);
        struct reg_row row;
        if (!(word & WORD_OPEN))
            continue;
        copy_row(s, word, &row);
        if (unchanged(s, word) && !visit(ctx, handle_of(i, word), &row))
            return false;
    }
    return true;
}

static bool count_row(void *ctx, u32 handle, const struct reg_row *row)
{
    UNUSED(handle);
    UNUSED(row);
    ++*(u32 *)ctx;
    return true;
}

u32 hnd_count(void)
{
    u32 n = 0;
    hnd_each(count_row, &n);
    return n;
}

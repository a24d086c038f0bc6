/*
 * Invariants
 *   (1) slot->word has bit WORD_OPEN exactly while the handle is valid; its generation counts
 *       every opening, and handles carry the low 9 bits.
 *   (2) Only the thread that took the slot from a free queue writes the row, before it sets
 *       WORD_OPEN; only the hint changes while the slot is open.
 *   (3) A slot is in one free queue or in none.
 */
#include "handles.h"

#include "os.h"

#define CHUNK_SLOTS 1024u
#define CHUNKS      1024u
#define GEN_BITS    9u
#define QUEUES      16u
#define BATCH       64u

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
    u32 next; /* in the free queue; slot + 1 */
};

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
static u32 slots_made; /* under grow_lock */

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

static void queue_put(struct queue *q, u32 index)
{
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
    return index;
}

/* Puts a batch of new slots into the queue, whose lock the caller holds. */
static u32 make_slots(struct queue *q)
{
    u32 err = ERROR_SUCCESS, first = 0, n = 0;
    os_mutex_lock(&grow_lock);
    if (slots_made == CHUNKS * CHUNK_SLOTS) {
        err = ERROR_NO_SYSTEM_RESOURCES;
    } else if (slots_made % CHUNK_SLOTS == 0) {
        struct slot *chunk = os_calloc(CHUNK_SLOTS, sizeof *chunk);
        if (chunk)
            __atomic_store_n(&chunks[slots_made / CHUNK_SLOTS], chunk, __ATOMIC_RELEASE);
        else
            err = ERROR_OUTOFMEMORY;
    }
    if (!err) {
        first = slots_made;
        n = BATCH;
        slots_made += BATCH;
    }
    os_mutex_unlock(&grow_lock);
    for (u32 i = 0; i < n; i++)
        queue_put(q, first + i);
    return err;
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

static u32 take_slot(u32 *index)
{
    struct queue *q = own_queue();
    u32 err = ERROR_SUCCESS;
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

static u32 handle_of(u32 index, u32 word)
{
    return (word >> WORD_GEN & ((1u << GEN_BITS) - 1)) << 22 | index << 2 | 3;
}

u32 hnd_open(const struct reg_row *row, u32 *handle)
{
    u32 index = 0, err = take_slot(&index);
    if (err)
        return err;
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
    *handle = handle_of(index, word);
    return ERROR_SUCCESS;
}

/* The slot of an open handle and its word; NULL where it is none. */
static struct slot *find(u32 handle, u32 *word)
{
    struct slot *s = (handle & 3) == 3 ? slot_at(handle >> 2 & 0xfffff) : NULL;
    if (!s)
        return NULL;
    *word = __atomic_load_n(&s->word, __ATOMIC_ACQUIRE);
    return *word & WORD_OPEN && handle_of(handle >> 2 & 0xfffff, *word) == handle ? s : NULL;
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

u32 hnd_close(u32 handle, struct reg_row *row)
{
    u32 word;
    struct slot *s = find(handle, &word);
    if (!s)
        return ERROR_INVALID_HANDLE;
    u32 gen = word >> WORD_GEN;
    for (;;) {
        if (!(word & WORD_OPEN) || word >> WORD_GEN != gen)
            return ERROR_INVALID_HANDLE;
        copy_row(s, word, row);
        if (__atomic_compare_exchange_n(&s->word, &word, gen << WORD_GEN, false, __ATOMIC_ACQ_REL,
                                        __ATOMIC_ACQUIRE))
            break;
    }
    struct queue *q = own_queue();
    queue_lock(q);
    queue_put(q, handle >> 2 & 0xfffff);
    queue_unlock(q);
    return ERROR_SUCCESS;
}

void hnd_flag(u32 handle, u32 flags)
{
    u32 word, add = flags << 1 & WORD_FLAGS;
    struct slot *s = find(handle, &word);
    u32 gen = word >> WORD_GEN;
    while (s && word & WORD_OPEN && word >> WORD_GEN == gen && (word & add) != add)
        if (__atomic_compare_exchange_n(&s->word, &word, word | add, false, __ATOMIC_ACQ_REL,
                                        __ATOMIC_ACQUIRE))
            return;
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
    *handle = (u32)v;
    return v >= 0 && v <= 0x7fffffff;
}

void *hnd_wide(u32 handle)
{
    return (void *)(intptr_t)handle;
}

bool hnd_each(bool (*visit)(void *ctx, u32 handle, const struct reg_row *row), void *ctx)
{
    for (u32 i = 0; slot_at(i); i++) {
        struct slot *s = slot_at(i);
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

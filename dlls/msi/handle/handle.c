/*
 * The table of MSIHANDLEs; handle.h says what it promises.
 *
 * Rules:
 * (1) A slot's `state` says everything: the open bit, the generation, the pins of other threads.
 *     obj, type and owner are written before the slot is published open, and stay until it is free.
 * (2) Only the owner clears the open bit. So what the owner reads of an open slot of its own is
 *     stable, without a pin.
 * (3) A pin is taken only together with seeing the slot open, in one step. So after the open bit is
 *     gone, pins only fall, and who makes them 0 (or the closer, finding 0) frees the slot.
 * (4) A thread's list of open slots, its stock of free ones and its returns are touched by that
 *     thread alone; `lock` guards the common queue, the carving of new chunks and the thread list.
 */
#include "handle.h"

#include "os.h"
#include "trace.h"

enum {
    CHUNK_SLOTS = 1024,
    CHUNKS = (1 << HND_SLOT_BITS) / CHUNK_SLOTS,
    GEN_MAX = (1 << (32 - HND_SLOT_BITS)) - 1,
    BATCH = 64,         /* slots that go to or from a thread at a time */
    REUSE_AFTER = 1024, /* a slot rests until that many others are free */
    ROUND = 2048,       /* so many go round; more that are free lie aside, out of the cache */
    NO_SLOT = 0xffffffff
};

#define STATE_OPEN   ((u64)1 << 63)
#define STATE_PINS   ((u64)0xffffffff)
#define STATE_GEN(s) ((u32)((s) >> 32) & GEN_MAX)

struct slot {
    _Atomic u64 state;
    struct object *obj;
    _Atomic u32 owner; /* the serial of its struct thread; 0: its thread has ended */
    u32 next;          /* in the owner's list (older), or in a queue of free slots */
    u32 prev;          /* newer */
};

struct queue {
    u32 head, tail, count;
};

struct thread {
    struct thread *next, *prev;
    u32 tid;    /* for messages: the system gives a dead thread's to another */
    u32 serial; /* no two of a process have the same, but after 2^32 */
    u32 newest; /* the list of open handles */
    _Atomic u32 open;
    struct queue stock;   /* free slots to take from */
    struct queue returns; /* freed ones, on their way to the common queue */
};

static _Atomic(struct slot *) chunks[CHUNKS];
static struct os_mutex lock;
static struct queue resting = {NO_SLOT, NO_SLOT, 0};
static struct queue aside = {NO_SLOT, NO_SLOT, 0};
static u32 carved;
static struct thread *threads;

static struct slot *slot_at(u32 index)
{
    struct slot *c = atomic_load_explicit(&chunks[index / CHUNK_SLOTS], memory_order_acquire);

    return c ? &c[index % CHUNK_SLOTS] : NULL;
}

/* --- queues of free slots -----------------------------------------------------------------------
 */

static void queue_init(struct queue *q)
{
    q->head = q->tail = NO_SLOT;
    q->count = 0;
}

static void queue_push(struct queue *q, u32 index)
{
    slot_at(index)->next = NO_SLOT;
    if (q->count++)
        slot_at(q->tail)->next = index;
    else
        q->head = index;
    q->tail = index;
}

static u32 queue_pop(struct queue *q)
{
    u32 index = q->head;

    q->head = slot_at(index)->next;
    q->count--;
    return index;
}

static void queue_append(struct queue *to, struct queue *from)
{
    if (!from->count)
        return;
    if (to->count)
        slot_at(to->tail)->next = from->head;
    else
        to->head = from->head;
    to->tail = from->tail;
    to->count += from->count;
    queue_init(from);
}

/* --- threads ------------------------------------------------------------------------------------
 */

/* Free slots come back. The lock is held. */
static void rest(struct queue *returned)
{
    queue_append(resting.count < ROUND ? &resting : &aside, returned);
}

static void trace_leaks(const struct thread *t)
{
    const struct slot *s;

    if (!TRACE_ON(TRACE_MSI))
        return;
    for (u32 i = t->newest; i != NO_SLOT; i = s->next) {
        u64 state;

        s = slot_at(i);
        state = atomic_load_explicit(&s->state, memory_order_relaxed);
        trace_line(TRACE_MSI, "Leaked MSIHANDLE (%u) of type %u for thread %u",
                   STATE_GEN(state) << HND_SLOT_BITS | i, s->obj->type, t->tid);
    }
}

/* Its slots are nobody's from now on, its free ones everybody's. The lock is held. */
static void thread_leave(struct thread *t)
{
    trace_leaks(t);
    for (u32 i = t->newest; i != NO_SLOT; i = slot_at(i)->next)
        atomic_store_explicit(&slot_at(i)->owner, 0, memory_order_relaxed);
    rest(&t->returns);
    rest(&t->stock);
    if (t->prev)
        t->prev->next = t->next;
    else
        threads = t->next;
    if (t->next)
        t->next->prev = t->prev;
}

static u32 new_serial(void)
{
    static _Atomic u32 last;
    u32 serial;

    do
        serial = atomic_fetch_add_explicit(&last, 1, memory_order_relaxed) + 1;
    while (!serial);
    return serial;
}

/* A thread that was killed never told its end: who has its number now tells it. Its handles stay
 * usable, and nobody closes them. */
static void end_dead(u32 tid)
{
    struct thread *dead;

    os_mutex_lock(&lock);
    for (dead = threads; dead && dead->tid != tid; dead = dead->next)
        ;
    if (dead)
        thread_leave(dead);
    os_mutex_unlock(&lock);
    os_free(dead);
}

static struct thread *thread_new(void)
{
    struct thread *t = os_calloc(1, sizeof(*t));

    if (!t)
        return NULL;
    end_dead(os_tid());
    t->tid = os_tid();
    t->serial = new_serial();
    t->newest = NO_SLOT;
    queue_init(&t->stock);
    queue_init(&t->returns);
    os_mutex_lock(&lock);
    t->next = threads;
    if (threads)
        threads->prev = t;
    threads = t;
    os_mutex_unlock(&lock);
    hnd_tls_set(t);
    return t;
}

static struct thread *thread_here(void)
{
    struct thread *t = hnd_tls_get();

    return t ? t : thread_new();
}

/* New slots from a chunk, which is made if need be. False when there is no room or no memory. */
static bool carve(struct queue *stock)
{
    u32 chunk = carved / CHUNK_SLOTS;

    if (chunk >= CHUNKS)
        return false;
    if (!slot_at(carved)) {
        struct slot *c = os_calloc(CHUNK_SLOTS, sizeof(*c));

        if (!c)
            return false;
        atomic_store_explicit(&chunks[chunk], c, memory_order_release);
    }
    for (u32 i = 0; i < BATCH; i++)
        queue_push(stock, carved++);
    return true;
}

static void take(struct queue *stock, struct queue *from)
{
    while (stock->count < BATCH && from->count)
        queue_push(stock, queue_pop(from));
}

static bool refill(struct thread *t)
{
    os_mutex_lock(&lock);
    rest(&t->returns);
    if (resting.count >= REUSE_AFTER)
        take(&t->stock, &resting);
    take(&t->stock, &aside);
    if (!t->stock.count)
        carve(&t->stock);
    if (!t->stock.count) /* there is no more memory: then sooner */
        take(&t->stock, &resting);
    os_mutex_unlock(&lock);
    return t->stock.count != 0;
}

/* A slot that nobody uses any more rests from now on. t may be NULL, for want of memory. */
static void slot_free(struct thread *t, u32 index)
{
    if (!t) {
        os_mutex_lock(&lock);
        queue_push(&resting, index);
        os_mutex_unlock(&lock);
        return;
    }
    queue_push(&t->returns, index);
    if (t->returns.count >= BATCH) {
        os_mutex_lock(&lock);
        rest(&t->returns);
        os_mutex_unlock(&lock);
    }
}

/* --- opening and using --------------------------------------------------------------------------
 */

/* Only this thread writes the count; others read it. */
static void count_add(struct thread *t, u32 n)
{
    atomic_store_explicit(&t->open, atomic_load_explicit(&t->open, memory_order_relaxed) + n,
                          memory_order_relaxed);
}

static void list_add(struct thread *t, u32 index, struct slot *s)
{
    s->prev = NO_SLOT;
    s->next = t->newest;
    if (t->newest != NO_SLOT)
        slot_at(t->newest)->prev = index;
    t->newest = index;
    count_add(t, 1);
}

static void list_remove(struct thread *t, struct slot *s)
{
    if (s->prev == NO_SLOT)
        t->newest = s->next;
    else
        slot_at(s->prev)->next = s->next;
    if (s->next != NO_SLOT)
        slot_at(s->next)->prev = s->prev;
    count_add(t, (u32)-1);
}

u32 hnd_open(struct object *obj)
{
    struct thread *t = thread_here();
    struct slot *s;
    u32 index, gen;

    if (!t || (!t->stock.count && !refill(t))) {
        obj_unref(obj);
        return 0;
    }
    index = queue_pop(&t->stock);
    s = slot_at(index);
    gen = STATE_GEN(atomic_load_explicit(&s->state, memory_order_relaxed)) + 1;
    if (gen > GEN_MAX)
        gen = 1;
    s->obj = obj;
    atomic_store_explicit(&s->owner, t->serial, memory_order_relaxed);
    list_add(t, index, s);
    atomic_store_explicit(&s->state, STATE_OPEN | (u64)gen << 32, memory_order_release);
    return gen << HND_SLOT_BITS | index;
}

/* The upper half of a state is the open bit and the generation. */
static bool is_open(u64 state, u32 h)
{
    return (u32)(state >> 32) == ((u32)(STATE_OPEN >> 32) | h >> HND_SLOT_BITS);
}

static void unpin(u32 index)
{
    struct slot *s = slot_at(index);
    struct object *obj = s->obj;
    u64 left = atomic_fetch_sub_explicit(&s->state, 1, memory_order_acq_rel) - 1;

    if (!(left & STATE_OPEN) && !(left & STATE_PINS)) {
        slot_free(thread_here(), index);
        obj_unref(obj);
    }
}

static bool pin(struct slot *s, u32 h)
{
    u64 state = atomic_load_explicit(&s->state, memory_order_acquire);

    while (is_open(state, h))
        if (atomic_compare_exchange_weak_explicit(&s->state, &state, state + 1,
                                                  memory_order_acquire, memory_order_acquire))
            return true;
    return false;
}

/* Of another thread's handle; apart, so that hnd_use is short for its owner. */
__attribute__((noinline)) static u32 use_pinned(struct slot *s, u32 h, u32 type,
                                                struct hnd_use *use)
{
    if (!pin(s, h))
        return ERROR_INVALID_HANDLE;
    use->pinned = (h & (HND_FIRST - 1)) + 1;
    use->obj = s->obj;
    if (type == OBJ_ANY || use->obj->type == type)
        return ERROR_SUCCESS;
    hnd_done(use);
    return ERROR_INVALID_HANDLE;
}

u32 hnd_use(u32 h, u32 type, struct hnd_use *use)
{
    struct slot *s = slot_at(h & (HND_FIRST - 1));
    const struct thread *t;

    if (!s || !is_open(atomic_load_explicit(&s->state, memory_order_acquire), h))
        return ERROR_INVALID_HANDLE;
    t = hnd_tls_get();
    if (!t || atomic_load_explicit(&s->owner, memory_order_relaxed) != t->serial)
        return use_pinned(s, h, type, use);
    use->pinned = 0;
    use->obj = s->obj;
    return type == OBJ_ANY || use->obj->type == type ? ERROR_SUCCESS : ERROR_INVALID_HANDLE;
}

void hnd_done(struct hnd_use *use)
{
    if (use->pinned)
        unpin(use->pinned - 1);
}

/* --- closing ------------------------------------------------------------------------------------
 */

/* The caller is the owner. */
static void close_slot(struct thread *t, u32 index, struct slot *s)
{
    struct object *obj = s->obj;
    u64 before;

    list_remove(t, s);
    before = atomic_fetch_and_explicit(&s->state, ~STATE_OPEN, memory_order_acq_rel);
    if (before & STATE_PINS)
        return;
    slot_free(t, index);
    obj_unref(obj);
}

u32 hnd_close(u32 h)
{
    u32 index = h & (HND_FIRST - 1);
    struct thread *t = hnd_tls_get();
    struct slot *s = slot_at(index);

    if (!h)
        return ERROR_SUCCESS;
    if (!t || !s || !is_open(atomic_load_explicit(&s->state, memory_order_acquire), h))
        return ERROR_INVALID_HANDLE;
    if (atomic_load_explicit(&s->owner, memory_order_relaxed) != t->serial) {
        TRACE(TRACE_MSI, "MSIHANDLE (%u) is closed by thread %u but belongs to another: refused", h,
              t->tid);
        return ERROR_INVALID_HANDLE;
    }
    close_slot(t, index, s);
    return ERROR_SUCCESS;
}

u32 hnd_close_all(void)
{
    struct thread *t = hnd_tls_get();
    u32 count = 0;

    if (!t)
        return 0;
    while (t->newest != NO_SLOT) {
        close_slot(t, t->newest, slot_at(t->newest));
        count++;
    }
    return count;
}

u32 hnd_count(void)
{
    u32 n = 0;

    os_mutex_lock(&lock);
    for (const struct thread *t = threads; t; t = t->next)
        n += atomic_load_explicit(&t->open, memory_order_relaxed);
    os_mutex_unlock(&lock);
    return n;
}

/* --- the end of a thread and of the process -----------------------------------------------------
 */

void hnd_thread_end(void)
{
    struct thread *t = hnd_tls_get();

    if (!t)
        return;
    hnd_tls_set(NULL);
    os_mutex_lock(&lock);
    thread_leave(t);
    os_mutex_unlock(&lock);
    os_free(t);
}

void hnd_process_end(void)
{
    /* No lock: at a process's end the other threads are gone, one of them perhaps within it. */
    for (const struct thread *t = threads; t; t = t->next)
        trace_leaks(t);
}

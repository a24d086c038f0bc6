/*
 * The writers' lock: one word in the control page.
 *
 *   bits  0..15  a number that differs from one taking to the next
 *   bits 16..31  slot of the owner's process + 1
 *   bits 32..63  the owner's thread
 *
 * It is taken by a compare-and-swap and given back by a store. Who waits spins, yields, then looks
 * every millisecond, until its time is over; no system object is involved, since none reaches
 * from one Wine prefix into another or to a native program.
 *
 * A dead owner: its process had the lock of its slot's byte in the hive file, which the system
 * gives back when the process ends, however it ends. Who can have that byte knows. (A process that
 * merely does not run, stopped in a debugger, keeps byte and lock: the others get ERROR_BUSY.)
 *
 * A thread that died in a process that lives: the system is asked for the thread by its number,
 * where numbers mean the same to both (os_domain: native programs among themselves, the programs of
 * one prefix). Whoever cannot ask leaves the word in `ask`; the owner's process answers when
 * one of its threads comes here, or its watcher does (hlock_answer). What the dead thread had of
 * the writer's memory in its process is not used again, for it may have died anywhere.
 *
 * Fairness: who has waited for STARVING_MS announces itself in `starving`; whoever takes the lock
 * without waiting stands back while somebody else is announced there, but only for a moment, as
 * the announced may be dead.
 */
#include <string.h>

#include "hive_impl.h"

#define SPINS       64u
#define YIELDS      64u
#define YIELD_MS    2u
#define STARVING_MS 10u
#define STAND_BACK  4u  /* ms */
#define LOOK_MS     30u /* between two looks whether the owner lives */

static inline void pause_cpu(void)
{
#if defined(__i386__) || defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

static u64 own_word(const struct hive *h)
{
    static u32 counter;
    u32 n = __atomic_fetch_add(&counter, 1, __ATOMIC_RELAXED) & 0xffff;

    return (u64)os_tid() << 32 | (u64)(h->slot + 1) << 16 | n;
}

static bool try_word(struct hive *h, u64 from, u64 to)
{
    return __atomic_compare_exchange_n(&h->ctl->lock, &from, to, false, __ATOMIC_ACQUIRE,
                                       __ATOMIC_RELAXED);
}

static u32 slot_of(u64 word)
{
    return (u32)(word >> 16 & 0xffff) - 1;
}

static struct image_slot *slot_entry(const struct hive *h, u32 slot)
{
    return (struct image_slot *)(void *)((u8 *)h->ctl + IMAGE_SLOT) + slot;
}

/* A thread of this process: another one, or this one under a number that was used again. */
static bool own_thread_dead(u64 word, u64 mine)
{
    return word >> 32 == mine >> 32 || !os_thread_alive(os_pid(), (u32)(word >> 32));
}

/* A thread of another process that lives. */
static bool thread_dead(struct hive *h, u64 word)
{
    const struct image_slot *s = slot_entry(h, slot_of(word));
    u32 domain = __atomic_load_n(&s->domain, __ATOMIC_RELAXED);
    u32 pid = __atomic_load_n(&s->pid, __ATOMIC_RELAXED);

    if (domain && domain == os_domain())
        return !os_thread_alive(pid, (u32)(word >> 32));
    __atomic_store_n(&h->ctl->ask, word, __ATOMIC_RELEASE);
    return false;
}

/* Takes the lock from a dead owner; false where it lives or somebody else was faster. While the
 * probe holds the slot's byte, no new process can get that slot. */
static bool take_over(struct hive *h, u64 word, u64 mine)
{
    u32 slot = slot_of(word);
    bool taken;

    if (slot == h->slot)
        return own_thread_dead(word, mine) && try_word(h, word, mine);
    if (!h->file || slot >= IMAGE_SLOTS) /* nobody's word */
        return try_word(h, word, mine);
    if (os_lock(h->file, IMAGE_LOCK_SLOTS + slot, 1, true, 0))
        return thread_dead(h, word) && try_word(h, word, mine);
    taken = try_word(h, word, mine);
    os_unlock(h->file, IMAGE_LOCK_SLOTS + slot, 1);
    return taken;
}

bool hlock_slot_alive(struct hive *h, u32 slot)
{
    if (slot == h->slot || !h->file)
        return true;
    if (slot >= IMAGE_SLOTS)
        return false;
    if (os_lock(h->file, IMAGE_LOCK_SLOTS + slot, 1, true, 0))
        return true;
    os_unlock(h->file, IMAGE_LOCK_SLOTS + slot, 1);
    return false;
}

void hlock_answer(struct hive *h)
{
    u64 word = h->shared ? __atomic_load_n(&h->ctl->ask, __ATOMIC_ACQUIRE) : 0, was = word;

    if (!word || slot_of(word) != h->slot)
        return;
    if (__atomic_load_n(&h->ctl->lock, __ATOMIC_RELAXED) == word &&
        !os_thread_alive(os_pid(), (u32)(word >> 32)))
        try_word(h, word, 0);
    __atomic_compare_exchange_n(&h->ctl->ask, &was, 0, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

/* What dead threads worked with: it may be in the middle of anything, so nobody touches it again.
 */
static struct remains {
    struct remains *next;
    struct overlay *overlay;
    struct commit_run *runs;
    u8 *entry;
} * remains;

static u32 put_away(struct hive *h)
{
    struct remains *r = os_alloc(sizeof(*r));

    if (!r)
        return ERROR_OUTOFMEMORY;
    *r = (struct remains){__atomic_load_n(&remains, __ATOMIC_RELAXED), h->overlay, h->runs,
                          h->entry};
    while (!__atomic_compare_exchange_n(&remains, &r->next, r, false, __ATOMIC_RELEASE,
                                        __ATOMIC_RELAXED))
        ;
    return ERROR_SUCCESS;
}

/* The lock is this thread's; the one before it in this process may never have given it back. */
static u32 settle_in(struct hive *h, u64 mine)
{
    /* Of a hive in own memory the redo is the overlay itself. */
    if (h->holder && (h->shared || h->ctl->txn == h->ctl->done)) {
        struct overlay *anew;

        if (overlay_create(&anew))
            return ERROR_OUTOFMEMORY;
        if (put_away(h)) {
            overlay_destroy(anew);
            return ERROR_OUTOFMEMORY;
        }
        h->overlay = anew;
        h->runs = NULL;
        h->run_count = h->run_cap = 0;
        h->entry = NULL;
        h->entry_cap = 0;
        memset(&h->plan, 0, sizeof(h->plan));
    }
    h->holder = mine;
    return ERROR_SUCCESS;
}

static void stand_back(struct hive *h, u64 mine)
{
    u64 other = __atomic_load_n(&h->ctl->starving, __ATOMIC_RELAXED);

    for (u32 i = 0; i < STAND_BACK; i++) {
        if (!other || (other ^ mine) >> 16 == 0)
            return;
        os_sleep(1);
        if (__atomic_load_n(&h->ctl->starving, __ATOMIC_RELAXED) != other)
            return;
    }
    __atomic_compare_exchange_n(&h->ctl->starving, &other, 0, false, __ATOMIC_RELAXED,
                                __ATOMIC_RELAXED);
}

static bool is_had(struct hive *h, u64 mine)
{
    return !__atomic_load_n(&h->ctl->lock, __ATOMIC_RELAXED) && try_word(h, 0, mine);
}

/* On a machine that is busy with other things a yield is all of their turns: who sleeps instead is
 * woken before them. */
static bool spin(struct hive *h, u64 mine)
{
    u64 start;

    for (u32 i = 0; i < SPINS; i++) {
        if (is_had(h, mine))
            return true;
        pause_cpu();
    }
    start = os_ticks();
    for (u32 i = 0; i < YIELDS && os_ticks() - start < YIELD_MS; i++) {
        if (is_had(h, mine))
            return true;
        os_yield();
    }
    return is_had(h, mine);
}

static void announce(struct hive *h, u64 mine)
{
    u64 none = 0;

    __atomic_compare_exchange_n(&h->ctl->starving, &none, mine, false, __ATOMIC_RELAXED,
                                __ATOMIC_RELAXED);
}

static void withdraw(struct hive *h, u64 mine)
{
    u64 was = mine;

    if (__atomic_load_n(&h->ctl->starving, __ATOMIC_RELAXED) == mine)
        __atomic_compare_exchange_n(&h->ctl->starving, &was, 0, false, __ATOMIC_RELAXED,
                                    __ATOMIC_RELAXED);
}

static u32 wait_for(struct hive *h, u64 mine, u32 timeout_ms)
{
    u64 start = os_ticks(), now = start, looked = start;

    for (;;) {
        u64 word = __atomic_load_n(&h->ctl->lock, __ATOMIC_RELAXED);

        if (spin(h, mine))
            return ERROR_SUCCESS;
        now = os_ticks();
        if (word && now - looked >= LOOK_MS) {
            looked = now;
            if (take_over(h, word, mine))
                return ERROR_SUCCESS;
        }
        if (now - start >= timeout_ms)
            return ERROR_BUSY;
        if (now - start >= STARVING_MS)
            announce(h, mine);
        os_sleep(1);
    }
}

struct repairing {
    struct hive *h;
    u32 err;
};

static void try_repair(void *ctx)
{
    struct repairing *r = ctx;

    r->err = commit_repair(r->h);
}

u32 hlock_take(struct hive *h, u32 timeout_ms)
{
    u64 mine = own_word(h);
    u32 err = ERROR_SUCCESS;

    if (hive_lost(h))
        return ERROR_REGISTRY_IO_FAILED;
    if (__atomic_load_n(&h->ctl->starving, __ATOMIC_RELAXED))
        stand_back(h, mine);
    if (!try_word(h, 0, mine)) {
        hlock_answer(h);
        err = wait_for(h, mine, timeout_ms);
        withdraw(h, mine);
    }
    if (err)
        return err;
    err = settle_in(h, mine);
    if (err) {
        hlock_drop(h);
        return err;
    }
    if (!commit_words_hold(h)) {
        /* Nothing is done by them; who only reads may. */
        h->ctl->flags |= IMAGE_BROKEN;
        return ERROR_SUCCESS;
    }
    if (h->ctl->pending.txn != h->ctl->done) {
        struct repairing r = {h, ERROR_DISK_FULL};

        os_guard(try_repair, &r);
        err = r.err;
        if (err)
            hlock_drop(h);
    }
    return err;
}

void hlock_drop(struct hive *h)
{
    h->holder = 0;
    __atomic_store_n(&h->ctl->lock, 0, __ATOMIC_RELEASE);
}

void hlock_inherit(struct hive *h)
{
    u64 word = __atomic_load_n(&h->ctl->lock, __ATOMIC_RELAXED);

    slot_entry(h, h->slot)->pid = os_pid();
    slot_entry(h, h->slot)->domain = os_domain();
    if (!word || slot_of(word) != h->slot)
        return;
    /* what it left is seen to by whoever takes the lock next */
    try_word(h, word, 0);
}

/*
 * The memory of records.
 */
#include "recblock.h"

#include <stdatomic.h>

#include "os.h"

enum { KEPT = 64, CLASSES = 2 };

/* Blocks of one size. Who finds the lock taken goes to the heap instead of waiting. */
struct keep {
    atomic_uchar taken;
    u32 count;
    void *blocks[KEPT];
};

static struct keep keeps[CLASSES];
static const size_t sizes[CLASSES] = {256, RECBLOCK_MAX};

/* Where addresses are checked, a freed block must be a freed block. */
#if defined(__SANITIZE_ADDRESS__)
#define KEEPS_NONE 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define KEEPS_NONE 1
#endif
#endif

static struct keep *keep_for(size_t size)
{
#ifdef KEEPS_NONE
    UNUSED(size);
    UNUSED(keeps);
    return NULL;
#else
    if (size > RECBLOCK_MAX)
        return NULL;
    return &keeps[size > sizes[0]];
#endif
}

static bool enter(struct keep *k)
{
    return k && !atomic_exchange_explicit(&k->taken, 1, memory_order_acquire);
}

static void leave(struct keep *k)
{
    atomic_store_explicit(&k->taken, 0, memory_order_release);
}

size_t recblock_room(size_t size)
{
    if (size > RECBLOCK_MAX)
        return size;
    return size > sizes[0] ? sizes[1] : sizes[0];
}

void *recblock_alloc(size_t size)
{
    struct keep *k = keep_for(size);
    void *block = NULL;

    if (enter(k)) {
        if (k->count)
            block = k->blocks[--k->count];
        leave(k);
    }
    if (block)
        return block;
    if (size > RECBLOCK_MAX)
        return os_calloc(1, size);
    return os_alloc(recblock_room(size));
}

void recblock_free(void *block, size_t size)
{
    struct keep *k = keep_for(size);

    if (enter(k)) {
        if (k->count < KEPT) {
            k->blocks[k->count++] = block;
            block = NULL;
        }
        leave(k);
    }
    os_free(block);
}

/*
 * Recovery on any bytes: a base block, bins and two logs out of the input. The input's first four
 * bytes say how it is divided; a bit of them makes the hashes right, so that what lies behind them
 * is met too.
 */
#include <stdlib.h>
#include <string.h>

#include "logfmt.h"
#include "marvin.h"
#include "os.h"
#include "recover.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

#define ROOM 0x40000u

static u8 *bins;

static u8 *grow(void *ctx, u32 size)
{
    (void)ctx;
    return size <= ROOM ? bins : NULL;
}

/* Every byte of the record is read. */
static u32 decided(void *ctx, const struct log_joint *j, bool *yes)
{
    u32 sum = (u32)j->id;

    (void)ctx;
    for (u32 i = 0; i < j->len; i++)
        sum += j->path[i];
    *yes = sum & 1;
    return sum % 16 ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

static u8 *piece(const u8 **data, size_t *size, size_t n, size_t least)
{
    u8 *p = calloc(1, n > least ? n : least);

    n = n < *size ? n : *size;
    memcpy(p, *data, n);
    *data += n;
    *size -= n;
    return p;
}

static void mend_base(u8 *bytes, u32 type)
{
    struct base_block *b = (struct base_block *)(void *)bytes;

    b->magic = BASE_MAGIC;
    b->type = type;
    base_seal(b);
}

static void mend_head(struct log_entry *e)
{
    struct log_entry sealed;

    memcpy(&sealed, e, sizeof(sealed));
    sealed.magic = LOG_MAGIC;
    e->hash2 = marvin32(MARVIN_LOG_SEED, &sealed, 32);
}

static void mend_log(u8 *log, u32 size)
{
    for (u32 at = LOG_FIRST; at + sizeof(struct log_entry) <= size;) {
        struct log_entry *e = (struct log_entry *)(void *)(log + at);

        e->magic = e->flags & 1 ? 0 : LOG_MAGIC;
        e->size = (e->size & 0xe00) + 512;
        if (e->size > size - at)
            return;
        e->bins_size = (e->bins_size & 0x3f000) + 4096;
        if (e->flags & 2)
            memcpy((u8 *)e + e->size - 4, "join", 4);
        e->hash1 = marvin32(MARVIN_LOG_SEED, e->refs, e->size - sizeof(*e));
        mend_head(e);
        at += e->size;
    }
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    static u64 changed[DIRTY_WORDS];
    struct recover r = {.grow = grow, .decided = decided, .changed = changed};
    u8 how[4], *base, *log[2];
    u32 len[2];

    if (size < 4)
        return 0;
    memcpy(how, data, 4);
    data += 4;
    size -= 4;
    len[0] = how[0] * 64u;
    len[1] = how[1] * 64u;
    base = piece(&data, &size, 512, BASE_SIZE);
    log[0] = piece(&data, &size, len[0], 4096);
    log[1] = piece(&data, &size, len[1], 4096);
    if (how[2] & 1)
        mend_base(base, BASE_HIVE);
    for (int i = 0; i < 2; i++) {
        if (how[2] & 2)
            mend_base(log[i], how[3] % 3 ? BASE_LOG_NEW : BASE_LOG_OLD);
        if (how[2] & 4)
            mend_log(log[i], len[i]);
        r.log[i] = (struct recover_log){.bytes = log[i], .size = len[i]};
    }
    bins = calloc(1, ROOM);
    r.base = (struct base_block *)(void *)base;
    r.bins = bins;
    if (!recover_base(&r) && r.base->size <= ROOM) {
        r.size = r.base->size;
        if (!recover_run(&r) && (r.size > ROOM || r.base->seq1 != r.base->seq2))
            abort();
    }
    dirty_clear(changed);
    free(bins);
    free(base);
    free(log[0]);
    free(log[1]);
    return 0;
}

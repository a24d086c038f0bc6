/*
 * Recovery in the old format:
 *
 *   offset  what
 *   0       the base block's first sector, type 1
 *   S       "DIRT", then a bit for each 512 bytes of the hive bins data, the lowest bit of a byte
 *           first: whether they are in the log
 *   ...     from the next sector on, those 512 bytes, one after another
 *
 * S, a sector, is 512 times the clustering factor. A log counts if and only if both its sequence
 * numbers are the same and it has the hive's last-written time (the first bin has it too, for where
 * the base block is lost); all of it is there then. A piece
 * that claims to be the start of a bin somewhere else ends it.
 */
#include <string.h>

#include "recover_old.h"

#define DIRT_MAGIC 0x54524944u
#define BIN_MAGIC  0x6e696268u /* "hbin" */

struct vector {
    const u8 *bits;
    const u8 *pages; /* the first piece */
    u64 room;        /* bytes from there to the end of the log */
    u32 size;        /* of the hive bins data */
};

static bool find_vector(const struct recover_log *log, const struct base_block *b, struct vector *v)
{
    u64 sector = (b->cluster && b->cluster <= 8 ? b->cluster : 1) * (u64)BASE_SECTOR;
    u64 bytes = 4 + ((u64)b->size / 512 + 7) / 8;
    u64 start = ALIGN_UP(sector + bytes, sector);
    u32 magic;

    if (!b->size || b->size % 4096 || b->size > 0x7ffff000u || start > log->size)
        return false;
    memcpy(&magic, log->bytes + sector, 4);
    if (magic != DIRT_MAGIC)
        return false;
    v->bits = log->bytes + sector + 4;
    v->pages = log->bytes + start;
    v->room = log->size - start;
    v->size = b->size;
    return true;
}

static bool misplaced_bin(const u8 *piece, u32 off)
{
    u32 head[2];

    memcpy(head, piece, sizeof(head));
    return head[0] == BIN_MAGIC && off % 4096 == 0 && head[1] != off;
}

static u32 apply(struct recover *r, const struct vector *v)
{
    u32 err = recover_resize(r, v->size);
    u64 at = 0;

    if (err)
        return err;
    for (u32 i = 0; i < v->size / 512; i++) {
        if (!(v->bits[i / 8] >> i % 8 & 1))
            continue;
        if (at + 512 > v->room || misplaced_bin(v->pages + at, i * 512))
            break;
        recover_piece(r, i * 512, v->pages + at, 512);
        at += 512;
    }
    return ERROR_SUCCESS;
}

/* When the hive was written, by itself: a base block that a log gave says nothing of that. */
static u64 hive_time(const struct recover *r)
{
    u32 magic;
    u64 time;

    if (!r->from_log || r->size < 4096)
        return base_written(r->base);
    memcpy(&magic, r->bins, 4);
    memcpy(&time, r->bins + 20, 8);
    return magic == BIN_MAGIC ? time : base_written(r->base);
}

u32 recover_old(struct recover *r)
{
    for (u32 i = 0; i < RECOVER_LOGS; i++) {
        const struct base_block *b = recover_header(&r->log[i]);
        struct vector v;
        u32 err;

        if (!b || b->type == BASE_LOG_NEW || b->seq1 != b->seq2 ||
            base_written(b) != hive_time(r) || !find_vector(&r->log[i], b, &v))
            continue;
        err = apply(r, &v);
        if (!err) {
            r->base->root = b->root;
            r->log[i].applied++;
            r->entries++;
        }
        return err;
    }
    return ERROR_SUCCESS;
}

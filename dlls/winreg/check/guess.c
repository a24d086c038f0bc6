/*
 * Guessing what a damaged hive does not say any more (guess.h).
 */
#include <string.h>

#include "guess.h"
#include "node.h"
#include "os.h"

/* Whether the page of bins at off begins a bin, by its own word; *end is where that one ends. */
static bool read_bin(struct os_file *f, u32 off, u32 *end)
{
    u32 head[3], got;

    if (os_read_at(f, BASE_SIZE + (u64)off, head, sizeof(head), &got) || got < sizeof(head))
        return false;
    if (head[0] != SIG_HBIN || head[1] != off || !head[2] || head[2] % REGF_BIN)
        return false;
    *end = off + head[2];
    return true;
}

/* The end of the last bin, within `most` bytes. Files have room to spare behind it, so it is looked
 * for from the end. */
static u32 bins_size(struct os_file *f, u32 most)
{
    for (u32 off = most; off; off -= REGF_BIN) {
        u32 end;

        if (read_bin(f, off - REGF_BIN, &end))
            return MIN(MAX(end, off), most);
    }
    return most;
}

static bool is_log(const struct base_block *b)
{
    return base_valid(b, BASE_LOG_OLD) || base_valid(b, BASE_LOG_OLDER) ||
           base_valid(b, BASE_LOG_NEW);
}

u32 guess_base(struct os_file *f, struct base_block *b)
{
    u32 end, most, err, faults = base_faults(b);
    u64 size;

    if ((err = os_size(f, &size)))
        return err;
    if (is_log(b) || ((faults & BASE_BAD_MAGIC) && !read_bin(f, 0, &end)))
        return ERROR_NOT_REGISTRY_FILE;
    if (size < BASE_SIZE + REGF_BIN)
        return ERROR_REGISTRY_CORRUPT;
    most = (u32)MIN((size - BASE_SIZE) & ~(u64)(REGF_BIN - 1), 0x7fff0000u);
    if ((faults & (BASE_BAD_MAGIC | BASE_BAD_SIZE)) || b->size > most)
        b->size = bins_size(f, most);
    if (faults & BASE_BAD_MAGIC)
        b->root = HV_NIL;
    if (b->minor > 6)
        b->minor = LH_MINOR;
    b->seq1 = b->seq2;
    return ERROR_SUCCESS;
}

u32 guess_root(struct hview *h)
{
    u32 alone = HV_NIL, size = h->size[HV_STABLE_STORE];

    for (u32 cell = BIN_HEAD; cell < size; cell += 8) {
        if (!node_is(h, cell))
            continue;
        if (cell_u16(h, cell, NK_FLAGS) & KEYF_HIVE_ENTRY)
            return cell;
        if (alone == HV_NIL && !node_is(h, cell_u32(h, cell, NK_PARENT)))
            alone = cell;
    }
    return alone;
}

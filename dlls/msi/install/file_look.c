/*
 * Looking into files of the machine: hashes, and the checksums that programs carry.
 *
 * A program has at 60 where its header begins; 88 bytes behind that stands the checksum: the sum of
 * all its words but these two, carries added, and the file's length.
 */
#include "act_files.h"
#include "md5.h"
#include "os.h"
#include "target.h"

enum { PIECE = 1 << 16, HEADER_AT = 60, CHECKSUM_AT = 88 };

/* Calls each for every piece, of which all but the last are PIECE bytes. */
static u32 read_piece(struct tgt_file *f, u8 *piece, u32 *got)
{
    u32 more = 1, err = ERROR_SUCCESS;

    for (*got = 0; !err && more && *got < PIECE; *got += more)
        err = tgt_read(f, piece + *got, PIECE - *got, &more);
    return err;
}

static u32 each_piece(const char16_t *path, void (*each)(void *ctx, const u8 *bytes, u32 n),
                      void *ctx)
{
    struct tgt_file *f;
    u32 got = PIECE, err = tgt_open(path, &f);
    u8 *piece;

    if (err)
        return err;
    piece = os_alloc(PIECE);
    if (!piece)
        err = ERROR_OUTOFMEMORY;
    while (!err && got == PIECE) {
        err = read_piece(f, piece, &got);
        if (!err && got)
            each(ctx, piece, got);
    }
    os_free(piece);
    tgt_close(f);
    return err;
}

static void add_to_hash(void *ctx, const u8 *bytes, u32 n)
{
    md5_add(ctx, bytes, n);
}

u32 file_hash(const char16_t *path, u32 hash[4])
{
    struct md5 m;
    u32 err;

    md5_init(&m);
    err = each_piece(path, add_to_hash, &m);
    if (!err)
        md5_done(&m, hash);
    return err;
}

/* --- checksums ----------------------------------------------------------------------------------
 */

struct summing {
    u64 len;
    u32 sum, place, stored; /* place: of the checksum in the file, 0: it is no program */
};

static void find_checksum(struct summing *s, const u8 *bytes, u32 n)
{
    u32 header;

    if (n < HEADER_AT + 4 || bytes[0] != 'M' || bytes[1] != 'Z')
        return;
    header = le32(bytes + HEADER_AT);
    if (header > n || n - header < CHECKSUM_AT + 4 || le32(bytes + header) != 0x4550)
        return;
    s->place = header + CHECKSUM_AT;
    s->stored = le32(bytes + s->place);
}

static void add_to_sum(void *ctx, const u8 *bytes, u32 n)
{
    struct summing *s = ctx;

    if (!s->len)
        find_checksum(s, bytes, n);
    for (u32 i = 0; i < n; i += 2) {
        u64 at = s->len + i;
        u32 word = i + 1 < n ? le16(bytes + i) : bytes[i];

        if (s->place && at >= s->place && at < s->place + 4u)
            continue;
        s->sum += word;
        s->sum = (s->sum & 0xffff) + (s->sum >> 16);
    }
    s->len += n;
}

bool file_checksum_holds(const char16_t *path)
{
    struct summing s = {0};

    if (each_piece(path, add_to_sum, &s))
        return false;
    return !s.place || !s.stored || s.stored == s.sum + (u32)s.len;
}

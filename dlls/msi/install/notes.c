/*
 * On disk, all little-endian:
 *
 *   0  8 bytes of magic
 *   8  u32 version, 1
 *  12  u32 salt, another one in each file
 *  16  records: u32 bytes of the note, u32 check, the note as op_write makes it
 *
 * The check is over the salt, the place of the record in the file and the note; the first record
 * whose check is wrong ends the file.
 */
#include "notes.h"

#include <string.h>

#include "hash.h"
#include "trace.h"

enum { MAGIC = 8, HEAD = 16, RECORD = 8, VERSION = 1, CHUNK = 1 << 20 };
/* A limit for what is read back: such a file may be anybody's. What stands behind it was never
 * written by notes_add. */
#define NOTES_MAX ((u64)1 << 30)

void notes_close(struct notes *n)
{
    os_close(n->file);
    buf_free(&n->bytes);
    buf_free(&n->starts);
    memset(n, 0, sizeof(*n));
}

/* --- writing ------------------------------------------------------------------------------------
 */

u32 notes_begin(struct notes *n, const char *magic)
{
    u32 err;

    os_random(&n->salt, sizeof(n->salt));
    err = buf_add(&n->bytes, magic, MAGIC);
    if (!err)
        err = buf_add32(&n->bytes, VERSION);
    if (!err)
        err = buf_add32(&n->bytes, n->salt);
    return err ? err : notes_write(n, true);
}

static u32 check_of(const struct notes *n, size_t at, const u8 *note, u32 size)
{
    u32 parts[3] = {n->salt, (u32)at, hash_shared(note, size)};

    return hash_shared(parts, sizeof(parts));
}

u32 notes_add(struct notes *n, const struct op *note)
{
    size_t at = n->bytes.len;
    u32 err, size;

    err = buf_add(&n->bytes, NULL, RECORD);
    if (!err)
        err = op_write(&n->bytes, note);
    if (!err && n->bytes.len > NOTES_MAX)
        err = ERROR_DISK_FULL;
    if (!err)
        err = buf_add32(&n->starts, (u32)(at + RECORD));
    if (err) {
        n->bytes.len = at;
        return err;
    }
    size = (u32)(n->bytes.len - at - RECORD);
    put_le32(n->bytes.data + at, size);
    put_le32(n->bytes.data + at + 4, check_of(n, at, n->bytes.data + at + RECORD, size));
    n->count++;
    return ERROR_SUCCESS;
}

u32 notes_write(struct notes *n, bool sync)
{
    u32 err = ERROR_SUCCESS;

    if (n->written < n->bytes.len)
        err = os_write_at(n->file, n->written, n->bytes.data + n->written,
                          (u32)(n->bytes.len - n->written));
    if (err)
        return err;
    n->written = n->bytes.len;
    return sync ? os_sync(n->file) : ERROR_SUCCESS;
}

/* --- reading ------------------------------------------------------------------------------------
 */

void notes_at(const struct notes *n, u32 i, struct op *note)
{
    size_t at = le32(n->starts.data + 4 * (size_t)i);

    if (op_read(n->bytes.data, n->bytes.len, &at, note))
        op_begin(note, OP_NONE); /* cannot be: it was read, or written, before */
}

/* Has so many bytes of the file, where it has them. */
static u32 read_up_to(struct notes *n, u64 size, u64 need)
{
    u64 want = MIN(MAX(need, n->bytes.len + CHUNK), size);
    size_t have = n->bytes.len;
    u32 err, got = 0;

    if (need <= have || have >= size)
        return ERROR_SUCCESS;
    err = buf_add(&n->bytes, NULL, (size_t)want - have);
    if (!err)
        err = os_read_at(n->file, have, n->bytes.data + have, (u32)(want - have), &got);
    n->bytes.len = have + got;
    return err;
}

/* Whether a whole note begins there; *at moves on. */
static bool take_note(struct notes *n, size_t *at)
{
    size_t left = n->bytes.len - *at, end;
    const u8 *p = n->bytes.data + *at;
    struct op note;
    u32 size;

    if (left < RECORD)
        return false;
    size = le32(p);
    if (!size || size > left - RECORD || le32(p + 4) != check_of(n, *at, p + RECORD, size))
        return false;
    end = *at + RECORD;
    if (op_read(n->bytes.data, n->bytes.len, &end, &note) || end != *at + RECORD + size)
        return false;
    *at = end;
    return true;
}

static u32 read_note(struct notes *n, u64 size, size_t at)
{
    u32 err = read_up_to(n, size, (u64)at + RECORD);

    return err || n->bytes.len < at + RECORD
               ? err
               : read_up_to(n, size, (u64)at + RECORD + le32(n->bytes.data + at));
}

/* What stands behind the last note is not even read. */
static u32 take_notes(struct notes *n, u64 size)
{
    size_t at = HEAD;
    u32 err;

    n->salt = le32(n->bytes.data + 12);
    while (!(err = read_note(n, size, at))) {
        size_t start = at;

        if (!take_note(n, &at))
            break;
        err = buf_add32(&n->starts, (u32)(start + RECORD));
        if (err)
            break;
        n->count++;
    }
    if (at < size)
        TRACE(TRACE_MSI, "%llu bytes at the end of a file of notes are none of it",
              (unsigned long long)(size - at));
    n->bytes.len = n->written = at;
    return err;
}

u32 notes_read(struct notes *n, const char *magic, bool *foreign)
{
    u64 size;
    u32 err = os_size(n->file, &size);

    size = MIN(size, NOTES_MAX);
    if (!err)
        err = read_up_to(n, size, HEAD);
    if (err)
        return err;
    *foreign = false;
    if (n->bytes.len >= HEAD && !memcmp(n->bytes.data, magic, MAGIC) &&
        le32(n->bytes.data + MAGIC) == VERSION)
        return take_notes(n, size);
    *foreign = n->bytes.len >= HEAD;
    n->bytes.len = 0;
    return ERROR_SUCCESS;
}

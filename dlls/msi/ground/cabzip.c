/*
 * Cabinets of one file, stored or MSZIP (Microsoft's "Cabinet Format").
 *
 *   OFFSET  SIZE  DESCRIPTION
 *   0       4     "MSCF"
 *   16      4     offset of the first file entry
 *   26      2     number of folders; 28: of files; 30: flags (1 and 2: goes on, 4: reserved areas)
 *   36            with flag 4: bytes reserved in the header (2), a folder (1), a block (1)
 * A folder: offset of its first block (4), number of blocks (2), compression (2). A file: size (4),
 * offset in the folder (4), folder (2), date (2), time (2), attributes (2), name with a 0. A block:
 * checksum (4), bytes stored (2), bytes made of them (2), the bytes.
 */
#include "cabzip.h"

#include <string.h>

#include "buf.h"
#include "mszip.h"
#include "os.h"

enum {
    HEADER = 36,
    FOLDER = 8,
    FILE_HEAD = 16,
    NAME_MAX = 256,
    NAME_UNITS = 260,
    BLOCK_HEAD = 8,
    STORED_MAX = 0xffff,
    CONTINUED = 3, /* flags */
    RESERVED = 4,
    MSZIP = 1, /* compression */
};

struct cab {
    const struct cab_bytes *bytes;
    const struct cab_user *user;
    u8 *folders, *files; /* as stored */
    u32 folder_count, folder_bytes, file_count;
    size_t files_len;
    /* where the reading is: a folder, its next block, what the last one made */
    u32 folder, block, made_len;
    u64 at;      /* of the next block */
    u64 made_at; /* offset of `made` in the folder */
    const u8 *made;
    struct mszip zip;
    u8 input[STORED_MAX + MSZIP_PAD];
};

static u32 read_all(const struct cab *c, u64 off, void *buf, u32 n)
{
    u32 got, err = c->bytes->read(c->bytes->ctx, off, buf, n, &got);

    return err ? err : got == n ? ERROR_SUCCESS : ERROR_FILE_CORRUPT;
}

/* --- header -------------------------------------------------------------------------------------
 */

static u32 read_tables(struct cab *c, u64 folders_at, u64 files_at)
{
    size_t folders_len = (size_t)c->folder_count * c->folder_bytes;
    u64 first_block = c->bytes->size;
    u32 err;

    if (files_at < HEADER || files_at > c->bytes->size)
        return ERROR_FILE_CORRUPT;
    c->folders = os_alloc(folders_len + 1);
    err = c->folders ? read_all(c, folders_at, c->folders, (u32)folders_len) : ERROR_OUTOFMEMORY;
    for (u32 i = 0; !err && i < c->folder_count; i++)
        if (le32(c->folders + i * c->folder_bytes) >= files_at)
            first_block = MIN(first_block, le32(c->folders + i * c->folder_bytes));
    if (err)
        return err;
    /* the entries end where the blocks begin */
    c->files_len = (size_t)MIN(first_block - files_at, (u64)c->file_count * (FILE_HEAD + NAME_MAX));
    c->files = os_alloc(c->files_len + 1);
    if (!c->files)
        return ERROR_OUTOFMEMORY;
    return read_all(c, files_at, c->files, (u32)c->files_len);
}

static u32 read_header(struct cab *c)
{
    u8 head[HEADER], reserved[4] = {0};
    u64 folders_at = HEADER;
    u32 err = read_all(c, 0, head, sizeof(head)), flags;

    if (err)
        return err;
    flags = le16(head + 30);
    if (memcmp(head, "MSCF", 4) || flags & CONTINUED)
        return ERROR_NOT_SUPPORTED;
    if (flags & RESERVED) {
        err = read_all(c, HEADER, reserved, sizeof(reserved));
        folders_at += sizeof(reserved) + le16(reserved);
    }
    c->folder_count = le16(head + 26);
    c->file_count = le16(head + 28);
    c->folder_bytes = FOLDER + reserved[2];
    /* what a block reserves is in its checksum in one reading of the format and not in another */
    if (!err && reserved[3])
        return ERROR_NOT_SUPPORTED;
    return err ? err : read_tables(c, folders_at, le32(head + 16));
}

static bool is_known(const struct cab *c)
{
    for (u32 i = 0; i < c->folder_count; i++)
        if (le16(c->folders + i * c->folder_bytes + 6) > MSZIP)
            return false;
    return true;
}

/* --- blocks -------------------------------------------------------------------------------------
 */

static void start_folder(struct cab *c, u32 folder)
{
    c->folder = folder;
    c->block = 0;
    c->made_len = 0;
    c->made_at = 0;
    c->at = le32(c->folders + folder * c->folder_bytes);
    mszip_start(&c->zip);
}

static u32 next_block(struct cab *c)
{
    const u8 *folder = c->folders + c->folder * c->folder_bytes;
    u8 head[BLOCK_HEAD];
    u32 stored, made, err;

    if (c->block == le16(folder + 4))
        return ERROR_FILE_CORRUPT;
    err = read_all(c, c->at, head, sizeof(head));
    if (err)
        return err;
    stored = le16(head + 4);
    made = le16(head + 6);
    err = read_all(c, c->at + BLOCK_HEAD, c->input, stored);
    if (err)
        return err;
    if (le32(head) && le32(head) != cab_checksum(head + 4, 4, cab_checksum(c->input, stored, 0)))
        return ERROR_FILE_CORRUPT;
    c->block++;
    c->at += BLOCK_HEAD + stored;
    c->made_at += c->made_len;
    c->made_len = made;
    c->made = c->input;
    if (le16(folder + 6) != MSZIP)
        return stored == made ? ERROR_SUCCESS : ERROR_FILE_CORRUPT;
    memset(c->input + stored, 0, MSZIP_PAD);
    return mszip_block(&c->zip, c->input, stored, made, &c->made);
}

/* --- files --------------------------------------------------------------------------------------
 */

static u32 give_bytes(struct cab *c, u32 folder, u64 off, u64 len)
{
    u32 err = ERROR_SUCCESS;

    if (folder >= c->folder_count)
        return ERROR_FILE_CORRUPT;
    if (folder != c->folder || off < c->made_at)
        start_folder(c, folder);
    while (!err && len) {
        if (off >= c->made_at + c->made_len) {
            err = next_block(c);
            continue;
        }
        u32 skip = (u32)(off - c->made_at), n = (u32)MIN(len, (u64)(c->made_len - skip));

        err = c->user->data(c->user->ctx, c->made + skip, n);
        off += n;
        len -= n;
    }
    return err;
}

static u32 read_file(struct cab *c, const u8 *entry, const char16_t *name)
{
    struct cab_file f = {
        .name = name,
        .size = le32(entry),
        .date = (u16)le16(entry + 10),
        .time = (u16)le16(entry + 12),
        .attributes =
            le16(entry + 14) & (CAB_READONLY | CAB_HIDDEN | CAB_SYSTEM | CAB_ARCHIVE | CAB_EXECUTE),
    };
    bool want = false;
    u32 err = c->user->begin(c->user->ctx, &f, &want);

    if (err || !want)
        return err;
    err = give_bytes(c, le16(entry + 8), le32(entry + 4), f.size);
    return err ? err : c->user->end(c->user->ctx, &f);
}

static u32 read_files(struct cab *c)
{
    u32 err = ERROR_SUCCESS;
    size_t at = 0;

    for (u32 i = 0; i < c->file_count && !err; i++) {
        char16_t name[NAME_UNITS];
        const u8 *end;

        if (c->files_len - at < FILE_HEAD + 1)
            return ERROR_FILE_CORRUPT;
        end = memchr(c->files + at + FILE_HEAD, 0, c->files_len - at - FILE_HEAD);
        if (!end)
            return ERROR_FILE_CORRUPT;
        cab_name((const char *)c->files + at + FILE_HEAD, name, ARRAY_LEN(name));
        err = read_file(c, c->files + at, name);
        at = (size_t)(end - c->files) + 1;
    }
    return err;
}

u32 cabzip_read(const struct cab_user *user, const struct cab_bytes *bytes)
{
    struct cab *c = os_alloc(sizeof(*c));
    u32 err;

    if (!c)
        return ERROR_OUTOFMEMORY;
    memset(c, 0, offsetof(struct cab, zip));
    c->bytes = bytes;
    c->user = user;
    c->folder = 0xffffffff;
    mszip_start(&c->zip);
    err = read_header(c);
    if (!err)
        err = is_known(c) ? read_files(c) : ERROR_NOT_SUPPORTED;
    os_free(c->folders);
    os_free(c->files);
    os_free(c);
    return err;
}

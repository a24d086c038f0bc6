/*
 * The version of a program or library: the fixed file information of its version resource.
 *
 * A program has at 60 where its header begins: "PE", number of sections (2, at 6), size of the
 * optional header (2, at 20), that header at 24. Its magic tells where the table of directories is
 * (at 96, or 112 for 64 bits), of which the third names the resources: their address. A section is
 * 40 bytes: size in memory at 8, address 12, size in the file 16, offset there 20.
 *
 * Resources are a tree of three levels: type, name, language. A table has at 12 and 14 its numbers
 * of named and of numbered entries, and behind 16 bytes 8 for each: name, offset (with the top bit
 * set: of a table). What is named in the end is an address and a size. In the version resource
 * stands after some text the mark fe ef 04 bd, backwards, with the version at 8 and 12.
 */
#include <string.h>

#include "buf.h"
#include "os.h"
#include "target.h"

enum {
    HEAD = 4096,
    RESOURCES_MAX = 32 << 20,
    SECTION = 40,
    ENTRY = 8,
    TYPE_VERSION = 16,
    MAGIC_64 = 0x20b,
    MARK_WITHIN = 256,
    FIXED = 52,
};
static const u32 fixed_mark = 0xfeef04bd;

struct resources {
    u8 *bytes;
    u32 len, address;
};

static u32 read_up_to(struct tgt_file *f, u8 *to, u32 n)
{
    u32 at = 0, got = 1;

    while (at < n && got && !tgt_read(f, to + at, n - at, &got))
        at += got;
    return at;
}

static bool skip(struct tgt_file *f, u32 n)
{
    u8 room[4096];

    while (n) {
        u32 piece = MIN(n, (u32)sizeof(room));

        if (read_up_to(f, room, piece) != piece)
            return false;
        n -= piece;
    }
    return true;
}

/* --- where the resources are --------------------------------------------------------------------
 */

/* Of the section that has the address: where in the file the address is, and how many bytes there
 * are from it on. */
static bool find_section(const u8 *head, u32 len, u32 sections, u32 count, u32 address, u32 *at,
                         u32 *size)
{
    for (u32 i = 0; i < count && sections + (i + 1) * SECTION <= len; i++) {
        const u8 *s = head + sections + i * SECTION;
        u32 start = le32(s + 12), bytes = le32(s + 16);

        if (address < start || address - start >= bytes)
            continue;
        *at = le32(s + 20) + (address - start);
        *size = bytes - (address - start);
        return *at >= len && *size <= RESOURCES_MAX;
    }
    return false;
}

static bool find_resources(const u8 *head, u32 len, u32 *address, u32 *at, u32 *size)
{
    u32 pe, optional, directories;

    if (len < 64 || head[0] != 'M' || head[1] != 'Z')
        return false;
    pe = le32(head + 60);
    if (pe > len || len - pe < 24 + 240 || le32(head + pe) != 0x4550)
        return false;
    optional = pe + 24;
    directories = optional + (le16(head + optional) == MAGIC_64 ? 112 : 96);
    *address = le32(head + directories + 2 * 8);
    return *address && find_section(head, len, optional + le16(head + pe + 20), le16(head + pe + 6),
                                    *address, at, size);
}

static bool read_resources(struct tgt_file *f, struct resources *r)
{
    u8 *head = os_alloc(HEAD);
    u32 len = head ? read_up_to(f, head, HEAD) : 0, at, size;
    bool good = find_resources(head, len, &r->address, &at, &size) && skip(f, at - len);

    os_free(head);
    r->bytes = good ? os_alloc(size) : NULL;
    r->len = r->bytes ? read_up_to(f, r->bytes, size) : 0;
    return r->len;
}

/* --- the tree -----------------------------------------------------------------------------------
 */

/* The entry of that number, or for 0 the first: its offset. */
static bool find_entry(const struct resources *r, u32 table, u32 number, u32 *offset)
{
    u32 count;

    if (table > r->len || r->len - table < 16)
        return false;
    count = le16(r->bytes + table + 12) + le16(r->bytes + table + 14);
    table += 16;
    for (u32 i = 0; i < count && r->len - table >= ENTRY; i++, table += ENTRY) {
        if (number && le32(r->bytes + table) != number)
            continue;
        *offset = le32(r->bytes + table + 4);
        return true;
    }
    return false;
}

static bool find_data(const struct resources *r, u32 *at, u32 *size)
{
    const u32 table = 0x80000000;
    u32 offset = table;

    for (u32 level = 0; level < 3; level++)
        if (!(offset & table) || !find_entry(r, offset & ~table, level ? 0 : TYPE_VERSION, &offset))
            return false;
    if ((offset & table) || offset > r->len || r->len - offset < 16)
        return false;
    *at = le32(r->bytes + offset) - r->address;
    *size = le32(r->bytes + offset + 4);
    return *at < r->len && *size <= r->len - *at;
}

/* The language of the first entry is that of the file. */
static u32 language_of(const struct resources *r)
{
    const u32 table = 0x80000000;
    u32 type, name, at;

    if (!find_entry(r, 0, TYPE_VERSION, &type) || !(type & table) ||
        !find_entry(r, type & ~table, 0, &name) || !(name & table))
        return 0;
    at = (name & ~table) + 16;
    return at <= r->len && r->len - at >= ENTRY ? le32(r->bytes + at) : 0;
}

static bool take_version(const struct resources *r, u32 version[4])
{
    u32 at, size;

    if (!find_data(r, &at, &size))
        return false;
    for (u32 i = 0; i + FIXED <= size && i < MARK_WITHIN; i += 4) {
        const u8 *p = r->bytes + at + i;

        if (le32(p) != fixed_mark)
            continue;
        version[0] = le16(p + 10);
        version[1] = le16(p + 8);
        version[2] = le16(p + 14);
        version[3] = le16(p + 12);
        return true;
    }
    return false;
}

bool tgt_version(const char16_t *path, u32 version[4], u32 *language)
{
    struct resources r = {NULL, 0, 0};
    struct tgt_file *f;
    bool found;

    if (tgt_open(path, &f))
        return false;
    found = read_resources(f, &r) && take_version(&r, version);
    *language = found ? language_of(&r) : 0;
    os_free(r.bytes);
    tgt_close(f);
    return found;
}

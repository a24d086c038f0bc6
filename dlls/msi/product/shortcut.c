/*
 * Reading shortcuts (MS-SHLLINK):
 *
 *   0       u32  size of the header, 76
 *   4       16   the class of shell links
 *   20      u32  flags: 1 a list of items follows the header, 2 a place; 4 to 0x40 five texts;
 *                0x80 texts are UTF-16, else bytes of the code page; 0x1000 there is a descriptor
 *   76           the list: u16 its size, without these two bytes; the place: u32 its size, with
 *                these four; each text: u16 its characters
 *   then         blocks: u32 size, u32 signature, data; a size below 4 ends them. The descriptor's:
 *                0x314 bytes, signature 0xa0000006, 260 bytes and 260 UTF-16 characters
 */
#include "shortcut.h"

#include <string.h>

#include "buf.h"
#include "codepage.h"
#include "os.h"

enum {
    HEADER = 76,
    AT_CLASS = 4,
    AT_FLAGS = 20,
    HAS_ITEMS = 1,
    HAS_PLACE = 2,
    FIRST_TEXT = 4,
    LAST_TEXT = 0x40,
    IS_WIDE = 0x80,
    HAS_DESCRIPTOR = 0x1000,
    BLOCK = 0x314,
    NARROW_AT = 8,
    WIDE_AT = NARROW_AT + SHORTCUT_DESCRIPTOR,
    FILE_MAX = 1 << 20
};
#define SIGNATURE 0xa0000006u

static const u8 link_class[16] = {1, 0x14, 2, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46};

struct cursor {
    const u8 *at;
    size_t left;
    bool broken;
};

static void skip(struct cursor *c, size_t n)
{
    if (n > c->left) {
        c->broken = true;
        n = c->left;
    }
    c->at += n;
    c->left -= n;
}

static u32 number(struct cursor *c, u32 bytes)
{
    if (c->left >= bytes)
        return bytes == 2 ? le16(c->at) : le32(c->at);
    c->broken = true;
    return 0;
}

/* To the blocks. */
static void skip_body(struct cursor *c, u32 flags)
{
    skip(c, HEADER);
    if (flags & HAS_ITEMS)
        skip(c, number(c, 2) + 2);
    if (flags & HAS_PLACE)
        skip(c, number(c, 4));
    for (u32 bit = FIRST_TEXT; bit <= LAST_TEXT; bit <<= 1)
        if (flags & bit)
            skip(c, 2 + (size_t)number(c, 2) * (flags & IS_WIDE ? 2 : 1));
}

static const u8 *find_block(struct cursor *c)
{
    while (!c->broken && c->left >= NARROW_AT) {
        u32 size = number(c, 4);

        if (size < 4)
            return NULL;
        if (size == BLOCK && c->left >= BLOCK && le32(c->at + 4) == SIGNATURE)
            return c->at;
        skip(c, size);
    }
    return NULL;
}

static u32 from_block(const u8 *block, char16_t descriptor[SHORTCUT_DESCRIPTOR])
{
    const char *narrow = (const char *)block + NARROW_AT;
    size_t n = 0, need;

    memset(descriptor, 0, SHORTCUT_DESCRIPTOR * sizeof(*descriptor));
    while (n < SHORTCUT_DESCRIPTOR - 1 && le16(block + WIDE_AT + 2 * n)) {
        descriptor[n] = (char16_t)le16(block + WIDE_AT + 2 * n);
        n++;
    }
    if (n)
        return ERROR_SUCCESS;
    while (n < SHORTCUT_DESCRIPTOR - 1 && narrow[n])
        n++;
    return codepage_decode(CODEPAGE_ACP, narrow, n, descriptor, SHORTCUT_DESCRIPTOR - 1, &need);
}

u32 shortcut_read(const u8 *bytes, size_t len, char16_t descriptor[SHORTCUT_DESCRIPTOR])
{
    struct cursor c = {bytes, len, false};
    const u8 *block;
    u32 flags;

    if (len < HEADER || le32(bytes) != HEADER ||
        memcmp(bytes + AT_CLASS, link_class, sizeof(link_class)))
        return ERROR_FUNCTION_FAILED;
    flags = le32(bytes + AT_FLAGS);
    skip_body(&c, flags);
    block = flags & HAS_DESCRIPTOR ? find_block(&c) : NULL;
    return block && !from_block(block, descriptor) ? ERROR_SUCCESS : ERROR_FUNCTION_FAILED;
}

u32 shortcut_descriptor(const char16_t *path, char16_t descriptor[SHORTCUT_DESCRIPTOR])
{
    struct os_file *f;
    u8 *bytes = NULL;
    u64 size = 0;
    u32 got, err = os_open(path, OS_READ, &f);

    if (err)
        return ERROR_FUNCTION_FAILED;
    err = os_size(f, &size);
    if (!err && size && size <= FILE_MAX)
        bytes = os_alloc(size);
    if (bytes)
        err = os_read_at(f, 0, bytes, (u32)size, &got);
    os_close(f);
    if (bytes && !err)
        err = shortcut_read(bytes, got, descriptor);
    else
        err = ERROR_FUNCTION_FAILED;
    os_free(bytes);
    return err;
}

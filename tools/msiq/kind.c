/*
 * What a file is, by the class of its root: read from the compound file's header (512 bytes: sector
 * shift at 30, first directory sector at 48) and the root's directory entry (class at 80).
 */
#include <string.h>

#include "buf.h"
#include "msiq.h"

static enum file_kind kind_of(struct os_file *f)
{
    static const u8 magic[8] = {0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1};
    static const u8 tail[12] = {0x0c, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0};
    u8 head[512], clsid[16];
    u32 got, shift;

    if (os_read_at(f, 0, head, sizeof(head), &got) || got < sizeof(head) ||
        memcmp(head, magic, sizeof(magic)))
        return KIND_UNKNOWN;
    shift = le16(head + 30);
    if (shift != 9 && shift != 12)
        return KIND_UNKNOWN;
    if (os_read_at(f, (((u64)le32(head + 48) + 1) << shift) + 80, clsid, sizeof(clsid), &got) ||
        got < sizeof(clsid) || clsid[1] != 0x10 || memcmp(clsid + 2, tail, sizeof(tail)) ||
        clsid[15] != 0x46)
        return KIND_UNKNOWN;
    return clsid[0] == 0x82   ? KIND_TRANSFORM
           : clsid[0] == 0x84 ? KIND_PACKAGE
           : clsid[0] == 0x86 ? KIND_PATCH
                              : KIND_UNKNOWN;
}

enum file_kind file_kind(const char16_t *path)
{
    struct os_file *f;
    enum file_kind kind;

    if (os_open(path, OS_READ, &f))
        return KIND_UNKNOWN;
    kind = kind_of(f);
    os_close(f);
    return kind;
}

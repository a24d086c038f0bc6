/*
 * Sizes and digests of storages.
 */
#include "storage.h"

#include <stdio.h>
#include <string.h>

#include "md5.h"
#include "msiq.h"

enum { DEEPEST = 32 };

static void digest_text(struct md5 *m, char text[DIGEST_TEXT])
{
    u32 digest[4];

    md5_done(m, digest);
    for (u32 i = 0; i < 16; i++)
        snprintf(text + 2 * i, 3, "%02x", (unsigned)(digest[i / 4] >> 8 * (i % 4) & 0xff));
}

static u32 add_stream(struct stg *s, const char16_t *stored, struct md5 *m, u64 *bytes)
{
    static u8 buffer[1 << 16];
    struct stg_stream *st;
    u32 got = 1, err = stg_stream_open(s, stored, &st);

    if (err)
        return err;
    for (u64 at = 0; !err && got; at += got) {
        err = stg_stream_read(st, at, buffer, sizeof(buffer), &got);
        if (!err)
            md5_add(m, buffer, got);
    }
    *bytes += stg_stream_size(st);
    stg_stream_close(st);
    return err;
}

/* In the order of the list, which is that of the names. */
static u32 add_storage(struct stg *s, struct md5 *m, u64 *bytes, u32 depth)
{
    struct stg_list list;
    u8 clsid[16];
    u32 err = stg_get_class(s, clsid);

    if (!err)
        err = depth ? stg_list(s, &list) : ERROR_FILE_CORRUPT;
    if (err)
        return err;
    md5_add(m, clsid, sizeof(clsid));
    for (u32 i = 0; !err && i < list.count; i++) {
        const struct stg_entry *e = &list.entries[i];
        u8 kind = (u8)e->kind;
        struct stg *sub;

        md5_add(m, e->name, u16_len(e->name) * sizeof(char16_t));
        md5_add(m, &kind, 1);
        md5_add(m, &e->size, sizeof(e->size));
        if (e->kind == STG_STREAM) {
            err = add_stream(s, e->name, m, bytes);
        } else if (!(err = stg_sub_open(s, e->name, &sub))) {
            err = add_storage(sub, m, bytes, depth - 1);
            stg_close(sub);
        }
    }
    stg_list_free(&list);
    return err;
}

static const char *kind_name(struct stg *s)
{
    static const u8 tail[15] = {0x10, 0x0c, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46};
    u8 clsid[16];

    if (stg_get_class(s, clsid) || memcmp(clsid + 1, tail, sizeof(tail)))
        return "storage";
    return clsid[0] == 0x82   ? "transform"
           : clsid[0] == 0x84 ? "package"
           : clsid[0] == 0x86 ? "patch"
                              : "storage";
}

u32 storage_look(struct stg *root, const char16_t *name, struct storage_look *out)
{
    struct stg *sub;
    struct md5 m;
    u32 err = stg_sub_open(root, name, &sub);

    *out = (struct storage_look){.kind = ""};
    if (err)
        return err;
    md5_init(&m);
    out->kind = kind_name(sub);
    err = add_storage(sub, &m, &out->bytes, DEEPEST);
    digest_text(&m, out->digest);
    stg_close(sub);
    return err;
}

u32 stream_digest(struct stg *root, const char16_t *stored, char digest[DIGEST_TEXT])
{
    struct md5 m;
    u64 bytes = 0;
    u32 err;

    md5_init(&m);
    err = add_stream(root, stored, &m, &bytes);
    digest_text(&m, digest);
    return err;
}

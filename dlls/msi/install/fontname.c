/*
 * Names of fonts.
 *
 * An sfnt: u32 version, u16 tables, 6 bytes; a table each: tag, checksum, offset, length (u32). A
 * collection: "ttcf", u32 version, u32 fonts, an offset of an sfnt each. The table `name`: u16
 * format, u16 records, u16 offset of the texts; a record each: platform, encoding, language, name,
 * length, offset (u16). All numbers are big-endian. Name 4 is the full one; platform 3 has UTF-16,
 * platform 1 bytes.
 */
#include "fontname.h"

#include <string.h>

struct font {
    const u8 *bytes;
    size_t len;
};

enum { TABLES_MAX = 512, FONTS_MAX = 64, FULL_NAME = 4, ENGLISH = 0x409 };

static u32 be16(const u8 *p)
{
    return (u32)p[0] << 8 | p[1];
}

static u32 be32(const u8 *p)
{
    return be16(p) << 16 | be16(p + 2);
}

static bool has(const struct font *f, size_t at, size_t n)
{
    return at <= f->len && n <= f->len - at;
}

static bool find_table(const struct font *f, size_t at, const char *tag, size_t *start,
                       size_t *size)
{
    u32 count;

    if (!has(f, at, 12))
        return false;
    count = be16(f->bytes + at + 4);
    for (u32 i = 0; i < count && i < TABLES_MAX; i++) {
        size_t entry = at + 12 + (size_t)i * 16;

        if (!has(f, entry, 16))
            return false;
        if (memcmp(f->bytes + entry, tag, 4))
            continue;
        *start = be32(f->bytes + entry + 8);
        *size = be32(f->bytes + entry + 12);
        return has(f, *start, *size);
    }
    return false;
}

static void add_text(const struct font *f, size_t at, size_t size, bool wide, struct text_buf *out)
{
    for (size_t i = 0; i + wide < size; i += wide ? 2 : 1)
        tb_char(out, wide ? (char16_t)be16(f->bytes + at + i) : f->bytes[at + i]);
}

/* How much a record is wanted: English above other languages, UTF-16 above bytes. */
static int worth(const u8 *record)
{
    if (be16(record + 6) != FULL_NAME)
        return 0;
    if (be16(record) == 3)
        return be16(record + 4) == ENGLISH ? 3 : 2;
    return be16(record) == 1 ? 1 : 0;
}

static bool add_name(const struct font *f, size_t sfnt, struct text_buf *out)
{
    size_t start, size, at = 0;
    const u8 *best = NULL;
    u32 count, texts;

    if (!find_table(f, sfnt, "name", &start, &size) || size < 6)
        return false;
    count = be16(f->bytes + start + 2);
    texts = be16(f->bytes + start + 4);
    for (u32 i = 0; i < count; i++) {
        const u8 *record = f->bytes + start + 6 + (size_t)i * 12;

        if (!has(f, start + 6 + (size_t)i * 12, 12))
            break;
        at = start + texts + be16(record + 10);
        if (has(f, at, be16(record + 8)) && worth(record) > (best ? worth(best) : 0))
            best = record;
    }
    if (!best)
        return false;
    at = start + texts + be16(best + 10);
    add_text(f, at, be16(best + 8), be16(best) == 3, out);
    return true;
}

static bool add_collection(const struct font *f, struct text_buf *out)
{
    u32 count = be32(f->bytes + 8), found = 0;

    for (u32 i = 0; i < count && i < FONTS_MAX && has(f, 12 + (size_t)i * 4, 4); i++) {
        size_t before = out->len;

        if (found)
            tb_ascii(out, " & ");
        if (add_name(f, be32(f->bytes + 12 + (size_t)i * 4), out))
            found++;
        else
            tb_cut(out, before);
    }
    return found;
}

u32 font_name(const u8 *bytes, size_t len, struct text_buf *out)
{
    struct font f = {bytes, len};
    size_t before = out->len;
    bool good;

    if (len < 12)
        return ERROR_FILE_CORRUPT;
    good = memcmp(bytes, "ttcf", 4) ? add_name(&f, 0, out) : add_collection(&f, out);
    if (!good || out->len == before)
        return out->failed ? ERROR_OUTOFMEMORY : ERROR_FILE_CORRUPT;
    tb_ascii(out, " (TrueType)");
    return out->failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

/*
 * Shell links (MS-SHLLINK), and the property stores in them (MS-PROPSTORE).
 *
 *   OFFSET  SIZE  DESCRIPTION
 *   0       4     76, the header's size; 4: the class {00021401-0000-0000-C000-000000000046}
 *   20      4     flags: which of the parts below there are
 *   24      4     the target's attributes; 28: three times, 52: its size; all may be 0
 *   56      4     icon's index; 60: how the window shows; 64: hot key (2); 66: 10 zero bytes
 *
 * Behind it stand, each where its flag says so: the place of the target (link info: its size, the
 * header's size 36, flag 1, offsets of volume, path, network, suffix, and of the last two in
 * UTF-16); texts, each a number of units (2) and these: description, folder, arguments, icon; and
 * blocks, each its size, a signature and content, the last of which has size 0. A path that is none
 * of a drive, or has variables in it, is in a block of variables: in ANSI (260), in UTF-16 (520);
 * the descriptor of an advertised shortcut is in a block of the same form.
 */
#include "lnk.h"

#include <string.h>

#include "guid.h"
#include "os.h"
#include "utf16.h"

enum {
    HEADER = 76,
    INFO_HEADER = 36,
    HAS_INFO = 2,
    HAS_NAME = 4,
    HAS_FOLDER = 0x10,
    HAS_ARGUMENTS = 0x20,
    HAS_ICON = 0x40,
    IS_UNICODE = 0x80,
    HAS_VARIABLES = 0x200,
    HAS_DESCRIPTOR = 0x1000,
    BLOCK_VARIABLES = 0xa0000001,
    BLOCK_DESCRIPTOR = 0xa0000006,
    BLOCK_PROPERTIES = 0xa0000009,
    VARIABLES_UNITS = 260,
    STORE_VERSION = 0x53505331,
    TYPE_TEXT = 31,
    TEXT_MAX = 0xffff,
    ATTRIBUTE_FOLDER = 0x10,
    ATTRIBUTE_ARCHIVE = 0x20,
    DRIVE_FIXED = 3,
};

static bool is_there(const char16_t *text)
{
    return text && text[0];
}

static bool has_variable(const char16_t *text)
{
    while (*text && *text != '%')
        text++;
    return *text;
}

/* A path of a drive, without variables. */
static bool is_local(const char16_t *path)
{
    return is_there(path) && path[1] == ':' && path[2] == '\\' && !has_variable(path);
}

static u32 flags_of(const struct lnk *l)
{
    u32 flags = IS_UNICODE;

    if (is_local(l->target))
        flags |= HAS_INFO;
    else if (is_there(l->target))
        flags |= HAS_VARIABLES;
    if (is_there(l->description))
        flags |= HAS_NAME;
    if (is_there(l->folder))
        flags |= HAS_FOLDER;
    if (is_there(l->arguments))
        flags |= HAS_ARGUMENTS;
    if (is_there(l->icon))
        flags |= HAS_ICON;
    if (is_there(l->descriptor))
        flags |= HAS_DESCRIPTOR;
    return flags;
}

static u32 add_header(const struct lnk *l, struct buf *out)
{
    static const u8 class[16] = {1, 20, 2, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46};
    size_t len = is_there(l->target) ? u16_len(l->target) : 0;
    u8 h[HEADER] = {0};

    put_le32(h, HEADER);
    memcpy(h + 4, class, sizeof(class));
    put_le32(h + 20, flags_of(l));
    put_le32(h + 24, len && l->target[len - 1] == '\\' ? ATTRIBUTE_FOLDER : ATTRIBUTE_ARCHIVE);
    put_le32(h + 56, (u32)l->icon_index);
    put_le32(h + 60, l->show ? l->show : 1);
    put_le16(h + 64, l->hotkey);
    return buf_add(out, h, sizeof(h));
}

/* --- the target ---------------------------------------------------------------------------------
 */

/* What is no ASCII becomes a question mark: UTF-16 stands beside it. */
static u32 add_narrow(struct buf *out, const char16_t *text, size_t len)
{
    u32 err = ERROR_SUCCESS;

    for (size_t i = 0; !err && i < len; i++) {
        u8 c = text[i] < 128 ? (u8)text[i] : '?';

        err = buf_add(out, &c, 1);
    }
    return err;
}

static u32 add_zeros(struct buf *out, size_t n)
{
    static const u8 zeros[16];
    u32 err = ERROR_SUCCESS;

    for (; !err && n; n -= MIN(n, sizeof(zeros)))
        err = buf_add(out, zeros, MIN(n, sizeof(zeros)));
    return err;
}

static u32 add_info(const char16_t *path, struct buf *out)
{
    enum { VOLUME = 17 };
    size_t len = MIN(u16_len(path), (size_t)TEXT_MAX);
    u32 narrow = INFO_HEADER + VOLUME, suffix = narrow + (u32)len + 1, wide = suffix + 1;
    u32 wide_suffix = wide + ((u32)len + 1) * 2, size = wide_suffix + 2;
    u32 head[] = {size, INFO_HEADER, 1,      INFO_HEADER, narrow,         0, suffix,
                  wide, wide_suffix, VOLUME, DRIVE_FIXED, 0 /* serial */, 16 /* label's offset */};
    u32 err = ERROR_SUCCESS;

    for (size_t i = 0; !err && i < ARRAY_LEN(head); i++)
        err = buf_add32(out, head[i]);
    if (!err)
        err = add_zeros(out, 1); /* label */
    if (!err)
        err = add_narrow(out, path, len);
    if (!err)
        err = add_zeros(out, 2); /* its end, and the empty suffix */
    if (!err)
        err = buf_add(out, path, len * sizeof(*path));
    return err ? err : add_zeros(out, 4);
}

static u32 add_both(u32 block, const char16_t *target, struct buf *out)
{
    size_t len = MIN(u16_len(target), (size_t)VARIABLES_UNITS - 1);
    u32 err = buf_add32(out, 8 + VARIABLES_UNITS * 3);

    if (!err)
        err = buf_add32(out, block);
    if (!err)
        err = add_narrow(out, target, len);
    if (!err)
        err = add_zeros(out, VARIABLES_UNITS - len);
    if (!err)
        err = buf_add(out, target, len * sizeof(*target));
    return err ? err : add_zeros(out, (VARIABLES_UNITS - len) * 2);
}

static u32 add_text(const char16_t *text, struct buf *out)
{
    size_t len = is_there(text) ? MIN(u16_len(text), (size_t)TEXT_MAX) : 0;
    u32 err = len ? buf_add16(out, (u32)len) : ERROR_SUCCESS;

    return err || !len ? err : buf_add(out, text, len * sizeof(*text));
}

/* --- properties ---------------------------------------------------------------------------------
 */

/* A store of one property; several stand one behind the other. */
static u32 add_property(const struct lnk_property *p, struct buf *out)
{
    size_t len = MIN(u16_len(p->text), (size_t)TEXT_MAX) + 1, padded = ALIGN_UP(len, (size_t)2);
    u32 value = 4 + 4 + 1 + 4 + 4 + (u32)padded * 2, store = 4 + 4 + 16 + value + 4;
    u32 err = buf_add32(out, store);

    if (!err)
        err = buf_add32(out, STORE_VERSION);
    if (!err)
        err = buf_add(out, p->format, sizeof(p->format));
    if (!err)
        err = buf_add32(out, value);
    if (!err)
        err = buf_add32(out, p->id);
    if (!err)
        err = add_zeros(out, 1);
    if (!err)
        err = buf_add32(out, TYPE_TEXT);
    if (!err)
        err = buf_add32(out, (u32)len);
    if (!err)
        err = buf_add(out, p->text, (len - 1) * sizeof(*p->text));
    return err ? err : add_zeros(out, (padded - len + 1) * 2 + 4);
}

static u32 add_properties(const struct lnk *l, struct buf *out)
{
    size_t start = out->len;
    u32 err = buf_add32(out, 0);

    if (!err)
        err = buf_add32(out, BLOCK_PROPERTIES);
    for (u32 i = 0; !err && i < l->property_count; i++)
        err = add_property(&l->properties[i], out);
    if (!err)
        err = add_zeros(out, 4);
    if (!err)
        put_le32(out->data + start, (u32)(out->len - start));
    return err;
}

u32 lnk_make(const struct lnk *l, struct buf *out)
{
    u32 flags = flags_of(l), err = add_header(l, out);

    if (!err && (flags & HAS_INFO))
        err = add_info(l->target, out);
    if (!err)
        err = add_text(l->description, out);
    if (!err)
        err = add_text(l->folder, out);
    if (!err)
        err = add_text(l->arguments, out);
    if (!err)
        err = add_text(l->icon, out);
    if (!err && (flags & HAS_VARIABLES))
        err = add_both(BLOCK_VARIABLES, l->target, out);
    if (!err && (flags & HAS_DESCRIPTOR))
        err = add_both(BLOCK_DESCRIPTOR, l->descriptor, out);
    if (!err && l->property_count)
        err = add_properties(l, out);
    return err ? err : add_zeros(out, 4);
}

/* --- keys ---------------------------------------------------------------------------------------
 */

static u32 hex_digit(char16_t c)
{
    c = u16_upper(c);
    return c >= '0' && c <= '9' ? (u32)(c - '0') : (u32)(c - 'A' + 10);
}

/* The places of the bytes' digits in "{00112233-4455-6677-8899-AABBCCDDEEFF}", in memory's order.
 */
static void guid_bytes(const char16_t *text, u8 bytes[16])
{
    static const u8 at[16] = {7, 5, 3, 1, 12, 10, 17, 15, 20, 22, 25, 27, 29, 31, 33, 35};

    for (u32 i = 0; i < 16; i++)
        bytes[i] = (u8)(hex_digit(text[at[i]]) << 4 | hex_digit(text[at[i] + 1]));
}

static const struct {
    const char *name;
    u32 id;
} known[] = {
    {"System.AppUserModel.RelaunchCommand", 2},
    {"System.AppUserModel.RelaunchIconResource", 3},
    {"System.AppUserModel.RelaunchDisplayNameResource", 4},
    {"System.AppUserModel.ID", 5},
    {"System.AppUserModel.IsDestListSeparator", 6},
    {"System.AppUserModel.ExcludeFromShowInNewInstall", 8},
    {"System.AppUserModel.PreventPinning", 9},
    {"System.AppUserModel.StartPinOption", 12},
    {"System.AppUserModel.ToastActivatorCLSID", 26},
};

bool lnk_property_key(const char16_t *text, struct lnk_property *p)
{
    char16_t guid[GUID_CHARS + 1];
    size_t len = u16_len(text), at = GUID_CHARS;

    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        if (u16_is(text, len, known[i].name)) {
            guid_bytes(u"{9F4C2855-9F79-4B39-A8D0-E1D42DE1D5F3}", p->format);
            p->id = known[i].id;
            return true;
        }
    u16_copy(guid, ARRAY_LEN(guid), text);
    if (len <= GUID_CHARS || !guid_is(guid))
        return false;
    guid_bytes(guid, p->format);
    while (at < len && (text[at] == ' ' || text[at] == ','))
        at++;
    return u16_to_u32(text + at, len - at, &p->id);
}

/*
 * Texts about the product.
 */
#include "product_text.h"

#include "descriptor.h"
#include "os.h"
#include "pathname.h"
#include "regplan.h"
#include "target.h"
#include "utf16.h"

/* A text, be it empty. */
static u32 done(struct text_buf *out)
{
    tb_add(out, u"", 0);
    return out->failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

static bool is_slash(char16_t c)
{
    return c == '\\' || c == '/';
}

static void end_with_slash(struct text_buf *out)
{
    if (out->len && out->s[out->len - 1] != '\\')
        tb_char(out, '\\');
}

/* --- the source ---------------------------------------------------------------------------------
 */

static void add_path(struct text_buf *out, const char16_t *path, size_t len)
{
    bool of_host = len && path[0] == '/';

    if (of_host)
        tb_ascii(out, "Z:");
    for (size_t i = 0; i < len; i++)
        tb_char(out, of_host && path[i] == '/' ? '\\' : path[i]);
}

static size_t name_start(const char16_t *path)
{
    return path_name(path, u16_len(path));
}

/* A path from the root, or a URL. */
static bool is_whole(const char16_t *path)
{
    const char16_t *at = path;

    while (*at && *at != ':' && !is_slash(*at))
        at++;
    return is_slash(path[0]) || *at == ':';
}

u32 product_folder_of(const char16_t *path, struct text_buf *out)
{
    char16_t *full = os_alloc_array(TGT_PATH, sizeof(*full));

    if (!full)
        return ERROR_OUTOFMEMORY;
    if (path[0] && !is_whole(path) && os_path_shared(path, full, TGT_PATH))
        path = full;
    add_path(out, path, name_start(path));
    os_free(full);
    return ERROR_SUCCESS;
}

/* Where the package came from: the file may be a copy. */
static const char16_t *original(struct install *in)
{
    const char16_t *path = install_property(in, "OriginalDatabase");

    return path[0] ? path : in->s->db->path;
}

u32 product_source(struct install *in, struct text_buf *out)
{
    const char16_t *source = install_property(in, "SourceDir");
    u32 err = ERROR_SUCCESS;

    if (source[0])
        add_path(out, source, u16_len(source));
    else
        err = product_folder_of(original(in), out);
    end_with_slash(out);
    return err ? err : done(out);
}

u32 product_package_name(struct install *in, struct text_buf *out)
{
    const char16_t *path = original(in);

    path += name_start(path);
    tb_add(out, path, u16_len(path));
    return done(out);
}

/* --- what is kept of it -------------------------------------------------------------------------
 */

static u32 below_property(struct install *in, const char *name, const char *below,
                          struct text_buf *out)
{
    const char16_t *folder = install_property(in, name);

    if (!folder[0])
        return ERROR_INSTALL_FAILURE;
    tb_add(out, folder, u16_len(folder));
    end_with_slash(out);
    tb_ascii(out, below);
    return done(out);
}

u32 product_cache_folder(struct install *in, struct text_buf *out)
{
    return below_property(in, "WindowsFolder", "Installer\\", out);
}

u32 product_icon_folder(struct install *in, struct text_buf *out)
{
    u32 err = in->context == CONTEXT_USER
                  ? below_property(in, "AppDataFolder", "Microsoft\\Installer\\", out)
                  : product_cache_folder(in, out);

    if (err)
        return err;
    tb_add(out, in->product_code, u16_len(in->product_code));
    tb_char(out, '\\');
    return done(out);
}

u32 product_icon(struct install *in, const char16_t *name, struct text_buf *out)
{
    u32 err = product_icon_folder(in, out);

    if (err)
        return err;
    tb_add(out, name, u16_len(name));
    return done(out);
}

/* --- numbers and codes --------------------------------------------------------------------------
 */

u32 product_version(const char16_t *text)
{
    u32 parts[3] = {0}, n = 0;

    for (; *text && n < 3; text++) {
        if (*text == '.')
            n++;
        else if (*text < '0' || *text > '9')
            break;
        else
            parts[n] = (parts[n] * 10 + (u32)(*text - '0')) & 0xffff;
    }
    return (parts[0] & 0xff) << 24 | (parts[1] & 0xff) << 16 | parts[2];
}

u32 product_descriptor(struct install *in, const char16_t *feature, const char16_t *component,
                       struct text_buf *out)
{
    char16_t code[CODE85_CHARS];

    code85_write(in->product_code, code);
    tb_add(out, code, CODE85_CHARS);
    tb_add(out, feature, u16_len(feature));
    if (component && guid_is(component)) {
        tb_char(out, '>');
        code85_write(component, code);
        tb_add(out, code, CODE85_CHARS);
    } else {
        tb_char(out, '<');
    }
    return done(out);
}

static void put_digits(char16_t *to, u32 number, size_t digits)
{
    while (digits--) {
        to[digits] = (char16_t)('0' + number % 10);
        number /= 10;
    }
}

void product_date(char16_t date[9])
{
    /* Days since 1 March 1600, so that the day that some years have stands at the end. */
    u64 day = os_time() / 10000000 / 86400 + 306;
    u32 era = (u32)(day / 146097), of_era = (u32)(day % 146097);
    u32 year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    u32 of_year = of_era - (365 * year + year / 4 - year / 100), month = (5 * of_year + 2) / 153;
    u32 in_month = of_year - (153 * month + 2) / 5 + 1;

    year += 1600 + era * 400 + (month >= 10);
    put_digits(date, year, 4);
    put_digits(date + 4, month < 10 ? month + 3 : month - 9, 2);
    put_digits(date + 6, in_month, 2);
    date[8] = 0;
}

/*
 * Planning what is kept of a product in files.
 */
#include "filekeep.h"

#include "apart.h"
#include <string.h>

#include "os.h"
#include "product_text.h"
#include "products.h"
#include "regplan.h"
#include "target.h"
#include "utf16.h"

enum { STREAM_MAX = 64 << 20, TRIES = 100 };

bool keep_name_is_safe(const char16_t *name, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (name[i] < ' ' || name[i] == '\\' || name[i] == '/' || name[i] == ':' ||
            name[i] == '*' || name[i] == '?' || name[i] == '"' || name[i] == '<' ||
            name[i] == '>' || name[i] == '|')
            return false;
    return len && len < 200 && name[len - 1] != '.' && name[len - 1] != ' ';
}

/* --- folders ------------------------------------------------------------------------------------
 */

u32 plan_keep_folders(struct install *in, const char16_t *path)
{
    size_t n = u16_len(path);
    struct op op;

    while (n && path[n - 1] != '\\')
        n--;
    if (n < 4) /* a drive */
        return ERROR_SUCCESS;
    op_begin(&op, OP_FOLDER_MAKE);
    op_text_n(&op, path, n - 1);
    return plan(in, &op);
}

/* --- streams ------------------------------------------------------------------------------------
 */

static u32 read_stream(struct record *row, u32 field, u8 **bytes, u32 *size)
{
    u32 err;

    *bytes = NULL;
    *size = rec_data_size(row, field);
    if (*size > STREAM_MAX)
        return ERROR_INSTALL_PACKAGE_INVALID;
    *bytes = os_alloc(*size + 1);
    if (!*bytes)
        return ERROR_OUTOFMEMORY;
    if (!*size)
        return ERROR_SUCCESS;
    err = rec_rewind(row, field);
    return err ? err : rec_read_stream(row, field, *bytes, size);
}

u32 plan_keep_stream(struct install *in, const char16_t *path, struct record *row, u32 field)
{
    struct op op;
    u8 *bytes;
    u32 size, err = read_stream(row, field, &bytes, &size);

    if (!err)
        err = plan_keep_folders(in, path);
    if (!err) {
        op_begin(&op, OP_CACHE);
        op_text(&op, path);
        op_text(&op, NULL);
        op_bytes(&op, bytes, size);
        err = plan(in, &op);
    }
    os_free(bytes);
    return err;
}

/* --- the package --------------------------------------------------------------------------------
 */

static void add_hex(struct text_buf *out, u32 n)
{
    bool begun = false;

    for (int shift = 28; shift >= 0; shift -= 4) {
        u32 digit = n >> shift & 15;

        begun = begun || digit || !shift;
        if (begun)
            tb_char(out, (char16_t)(digit < 10 ? '0' + digit : 'a' + digit - 10));
    }
}

u32 keep_free_name(struct install *in, const char *ending, struct text_buf *path)
{
    struct tgt_stat st;
    size_t len;
    u32 err = product_cache_folder(in, path), n;

    len = path->len;
    for (int i = 0; !err && i < TRIES; i++) {
        os_random(&n, sizeof(n));
        tb_cut(path, len);
        add_hex(path, n);
        tb_ascii(path, ending);
        if (path->failed)
            return ERROR_OUTOFMEMORY;
        if (tgt_stat(path->s, &st))
            return ERROR_SUCCESS;
    }
    return err ? err : ERROR_INSTALL_FAILURE;
}

/* The cached package that is there already; false where there is none. */
static bool kept_package(struct install *in, struct text_buf *path)
{
    char16_t *text;
    struct tgt_stat st;
    bool there = false;

    if (!in->s->registered || product_property(&in->s->product_there, u"LocalPackage", &text))
        return false;
    there = text[0] && !tgt_stat(text, &st);
    if (there)
        tb_add(path, text, u16_len(text));
    os_free(text);
    return there;
}

/* The cached package is no source, neither of itself nor of anything. */
static bool runs_from_cache(struct install *in)
{
    struct text_buf cached;
    bool is;

    tb_init(&cached);
    is = kept_package(in, &cached) && !cached.failed && u16_equal_fold(cached.s, in->s->db->path);
    tb_free(&cached);
    return is;
}

bool install_recaches(struct install *in)
{
    const char16_t *mode = install_property(in, "REINSTALLMODE");

    if (!in->s->registered || runs_from_cache(in))
        return false;
    while (*mode && u16_upper(*mode) != 'V')
        mode++;
    return *mode;
}

u32 plan_keep_copy(struct install *in, const char16_t *path, const char16_t *from)
{
    struct op op;
    u32 err = plan_keep_folders(in, path);

    if (err)
        return err;
    op_begin(&op, OP_CACHE);
    op_text(&op, path);
    op_text(&op, from);
    return plan(in, &op);
}

/* The old one goes when the new one is there: it may be what is copied. */
static u32 keep_anew(struct install *in, const char16_t *old, struct text_buf *path)
{
    u32 err;

    tb_cut(path, 0);
    err = keep_free_name(in, ".msi", path);
    if (!err)
        err = plan_keep_copy(in, path->s, apart_package(in->s));
    return !err && old ? plan_drop_file(in, old) : err;
}

u32 plan_keep_package(struct install *in, struct text_buf *path)
{
    bool there = kept_package(in, path);
    char16_t *old = NULL;
    u32 err;

    if (!there && !in->s->db->path[0])
        return ERROR_SUCCESS;
    if (there && !install_recaches(in))
        return path->failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
    if (there)
        old = path->failed ? NULL : u16_dup(path->s, path->len);
    err = there && !old ? ERROR_OUTOFMEMORY : keep_anew(in, old, path);
    os_free(old);
    return err;
}

/* --- what goes ----------------------------------------------------------------------------------
 */

static u32 plan_path(struct install *in, u32 kind, const char16_t *path)
{
    struct op op;

    op_begin(&op, kind);
    op_text(&op, path);
    return plan(in, &op);
}

u32 plan_drop_file(struct install *in, const char16_t *path)
{
    struct tgt_stat st;

    if (tgt_stat(path, &st) || (st.attributes & (TGT_FOLDER | TGT_LINK)))
        return ERROR_SUCCESS;
    return plan_path(in, OP_FILE_REMOVE, path);
}

struct drop {
    struct install *in;
    const char16_t *folder; /* with a backslash at the end */
};

static u32 drop_one(void *ctx, const char16_t *name, u32 attributes)
{
    struct drop *d = ctx;
    struct text_buf path;
    u32 err;

    if (attributes & (TGT_FOLDER | TGT_LINK))
        return ERROR_SUCCESS;
    tb_init(&path);
    tb_add(&path, d->folder, u16_len(d->folder));
    tb_add(&path, name, u16_len(name));
    err = path.failed ? ERROR_OUTOFMEMORY : plan_path(d->in, OP_FILE_REMOVE, path.s);
    tb_free(&path);
    return err;
}

u32 plan_drop_folder(struct install *in, const char16_t *folder)
{
    struct drop d = {in, folder};
    size_t len = u16_len(folder);
    struct tgt_stat st;
    char16_t *bare;
    u32 err;

    bare = u16_dup(folder, len && folder[len - 1] == '\\' ? len - 1 : len);
    if (!bare)
        return ERROR_OUTOFMEMORY;
    err = tgt_stat(bare, &st);
    if (!err && (st.attributes & TGT_FOLDER) && !(st.attributes & TGT_LINK)) {
        err = tgt_each(bare, drop_one, &d);
        if (!err)
            err = plan_path(in, OP_FOLDER_REMOVE, bare);
    } else {
        err = ERROR_SUCCESS;
    }
    os_free(bare);
    return err;
}

u32 plan_drop_empty(struct install *in, const char16_t *folder)
{
    size_t len = u16_len(folder);
    struct tgt_stat st;
    char16_t *bare = u16_dup(folder, len && folder[len - 1] == '\\' ? len - 1 : len);
    u32 err = ERROR_SUCCESS;

    if (!bare)
        return ERROR_OUTOFMEMORY;
    if (!tgt_stat(bare, &st) && (st.attributes & (TGT_FOLDER | TGT_LINK)) == TGT_FOLDER)
        err = plan_path(in, OP_FOLDER_REMOVE, bare);
    os_free(bare);
    return err;
}

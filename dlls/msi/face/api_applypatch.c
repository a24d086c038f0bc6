/*
 * MsiApplyPatch, MsiApplyMultiplePatches, MsiRemovePatches: installations of the products that the
 * patches are for, with PATCH or MSIPATCHREMOVE.
 *
 * Each product is patched by itself. Whether all of them are for this engine is known before any of
 * them is touched; where one is not, the whole call is Wine's, and so are patches of administrative
 * images.
 */
#include <windows.h>
#include <msi.h>

#include "door.h"
#include "fullpath.h"
#include "guid.h"
#include "installing.h"
#include "os.h"
#include "patchdata.h"
#include "pathname.h"
#include "products.h"
#include "texts.h"
#include "trace.h"
#include "transaction.h"
#include "utf16.h"

/* --- lists of patches ---------------------------------------------------------------------------
 */

/* What a call is about. */
struct patching {
    struct text_buf list;        /* full paths and codes, semicolons between */
    struct patch_code *products; /* that the patches name, each once */
    u32 count, cap;
};

static void patching_end(struct patching *p)
{
    tb_free(&p->list);
    os_free(p->products);
}

static u32 add_product(struct patching *p, const char16_t *code)
{
    for (u32 i = 0; i < p->count; i++)
        if (u16_equal_fold(p->products[i].guid, code))
            return ERROR_SUCCESS;
    if (p->count == p->cap) {
        u32 cap = p->cap ? p->cap * 2 : 8;
        struct patch_code *more = os_realloc_array(p->products, cap, sizeof(*more));

        if (!more)
            return ERROR_OUTOFMEMORY;
        p->products = more;
        p->cap = cap;
    }
    u16_copy(p->products[p->count++].guid, GUID_CHARS + 1, code);
    return ERROR_SUCCESS;
}

/* patch_read_file's errors. */
static u32 add_file(struct patching *p, const char16_t *name)
{
    struct patch_data d;
    char16_t *full;
    u32 err = full_path(name, &full);

    if (err)
        return err;
    err = patch_read_file(full, &d);
    if (!err) {
        tb_add(&p->list, full, u16_len(full));
        for (u32 i = 0; !err && i < d.product_count; i++)
            err = add_product(p, d.products[i].guid);
        patch_data_free(&d);
    }
    os_free(full);
    return err;
}

/* One that stands as its code is known to the machine, or not: the installation tells. */
static u32 add_one(struct patching *p, const char16_t *text, size_t len)
{
    char16_t *name = u16_dup(text, len);
    u32 err = name ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;

    if (!err && p->list.len)
        tb_char(&p->list, ';');
    if (!err && name[0] == '{')
        tb_add(&p->list, name, len);
    else if (!err)
        err = add_file(p, name);
    os_free(name);
    return !err && p->list.failed ? ERROR_OUTOFMEMORY : err;
}

/* Of patches with semicolons between, blanks and quotation marks around each. */
static u32 read_list(struct patching *p, const char16_t *list)
{
    u32 err = ERROR_SUCCESS;

    while (!err && *list) {
        size_t n = 0, skip = 0, end;

        while (list[n] && list[n] != ';')
            n++;
        for (end = n; end && (list[end - 1] == ' ' || list[end - 1] == '"');)
            end--;
        while (skip < end && (list[skip] == ' ' || list[skip] == '"'))
            skip++;
        if (end > skip)
            err = add_one(p, list + skip, end - skip);
        list += n + (list[n] == ';');
    }
    return !err && !p->list.len ? ERROR_PATCH_PACKAGE_OPEN_FAILED : err;
}

/* --- products -----------------------------------------------------------------------------------
 */

static bool is_there(const char16_t *code)
{
    struct product p;

    return product_find(code, &p) && product_installed(&p);
}

/* The line with the property behind it, which wins. */
static u32 line_with(const struct patching *p, const char *property, const char16_t *line,
                     struct text_buf *out)
{
    tb_init(out);
    if (line)
        tb_add(out, line, u16_len(line));
    line_add(out, property, p->list.s);
    return out->failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

/* Of the products, those that none of the patches is for are left out, and *any is none. */
static u32 leave_out(struct patching *p, const char16_t *line, bool *ours)
{
    u32 err = ERROR_SUCCESS, kept = 0;

    *ours = true;
    for (u32 i = 0; !err && *ours && i < p->count; i++) {
        const struct installation how = {.product = p->products[i].guid, .line = line};
        bool fits = is_there(p->products[i].guid);

        if (!fits)
            continue;
        err = install_is_ours(&how, ours);
        fits = err != ERROR_PATCH_TARGET_NOT_FOUND;
        if (!fits)
            err = ERROR_SUCCESS;
        if (fits)
            p->products[kept++] = p->products[i];
    }
    p->count = kept;
    return err;
}

/* Each in its own transaction; the first that fails ends it, as does a restart. */
static u32 run_each(struct patching *p, const char16_t *line, bool *ours)
{
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; !err && *ours && i < p->count; i++) {
        const struct installation how = {.product = p->products[i].guid, .line = line};

        err = install_by_us(&how, ours);
        if (!*ours && i) { /* those before are done */
            *ours = true;
            err = ERROR_INSTALL_FAILURE;
        }
        TRACE(TRACE_MSI, "patching %s: %u", trace_text(p->products[i].guid, -1), err);
    }
    return err;
}

/* none: what is answered where no product is there that they are for. */
static u32 patch_products(struct patching *p, const char16_t *line, u32 none, bool *ours)
{
    struct text_buf whole;
    u32 err = line_with(p, "PATCH", line, &whole);

    *ours = true;
    if (!err)
        err = leave_out(p, whole.s, ours);
    if (!err && *ours && !p->count)
        err = none;
    else if (!err && *ours)
        err = run_each(p, whole.s, ours);
    tb_free(&whole);
    return err;
}

static u32 patch_one(struct patching *p, const char16_t *product, const char16_t *line, u32 none,
                     bool *ours)
{
    p->count = 0;
    return add_product(p, product) ? ERROR_OUTOFMEMORY : patch_products(p, line, none, ours);
}

/* --- MsiApplyPatch ------------------------------------------------------------------------------
 */

static u32 wines_apply(const char16_t *patch, const char16_t *package, INSTALLTYPE type,
                       const char16_t *line)
{
    static struct door_entry wine = {"MsiApplyPatchW", NULL};

    if (transaction_excludes_others() || !door_available() || !door_find(&wine))
        return ERROR_CALL_NOT_IMPLEMENTED;
    return ((UINT(WINAPI *)(const char16_t *, const char16_t *, INSTALLTYPE,
                            const char16_t *))wine.target)(patch, package, type, line);
}

static u32 apply_read(struct patching *p, const char16_t *package, INSTALLTYPE type,
                      const char16_t *line, bool *ours)
{
    if (type == INSTALLTYPE_DEFAULT)
        return patch_products(p, line, ERROR_PATCH_TARGET_NOT_FOUND, ours);
    if (!package || !guid_is(package))
        return ERROR_INVALID_PARAMETER;
    if (!is_there(package))
        return ERROR_UNKNOWN_PRODUCT;
    return patch_one(p, package, line, ERROR_PATCH_TARGET_NOT_FOUND, ours);
}

/* The image is made anew where it is, unless the line has another TARGETDIR. */
static u32 patch_there(const char16_t *image, const char16_t *line, bool *ours)
{
    struct installation how = {.package = image, .line = line};
    struct text_buf set;
    char16_t *folder;
    u32 err = ERROR_OUTOFMEMORY;

    tb_init(&set);
    folder = u16_dup(image, path_name(image, u16_len(image)));
    line_add(&set, "ACTION", u"ADMIN");
    if (folder)
        line_add(&set, "TARGETDIR", folder);
    how.set = set.s;
    if (folder && !set.failed)
        err = install_by_us(&how, ours);
    os_free(folder);
    tb_free(&set);
    return err;
}

static u32 patch_image(struct patching *p, const char16_t *package, const char16_t *line,
                       bool *ours)
{
    struct text_buf whole;
    char16_t *image;
    u32 err;

    if (!package || !package[0])
        return ERROR_INVALID_PARAMETER;
    err = full_path(package, &image);
    if (err)
        return err;
    err = line_with(p, "PATCH", line, &whole);
    if (!err)
        err = patch_there(image, whole.s, ours);
    tb_free(&whole);
    os_free(image);
    return err;
}

static u32 apply_patch(const char16_t *patch, const char16_t *package, INSTALLTYPE type,
                       const char16_t *line)
{
    struct patching p = {.count = 0};
    bool ours = true;
    u32 err;

    if (!patch || !patch[0] || (u32)type > INSTALLTYPE_SINGLE_INSTANCE)
        return ERROR_INVALID_PARAMETER;
    tb_init(&p.list);
    err = read_list(&p, patch);
    if (!err && type == INSTALLTYPE_NETWORK_IMAGE)
        err = patch_image(&p, package, line, &ours);
    else if (!err)
        err = apply_read(&p, package, type, line, &ours);
    patching_end(&p);
    return ours ? err : wines_apply(patch, package, type, line);
}

UINT WINAPI MsiApplyPatchW(const WCHAR *patch, const WCHAR *package, INSTALLTYPE type,
                           const WCHAR *line)
{
    return apply_patch(w16(patch), w16(package), type, w16(line));
}

UINT WINAPI MsiApplyPatchA(const char *patch, const char *package, INSTALLTYPE type,
                           const char *line)
{
    struct texts t;
    u32 err = texts_from_a(&t, 3, (const char *const[]){patch, package, line});

    if (err)
        return err;
    err = apply_patch(t.at[0].text, t.at[1].text, type, t.at[2].text);
    texts_done(&t);
    return err;
}

/* --- MsiApplyMultiplePatches --------------------------------------------------------------------
 */

static u32 wines_apply_several(const char16_t *patches, const char16_t *product,
                               const char16_t *line)
{
    static struct door_entry wine = {"MsiApplyMultiplePatchesW", NULL};

    if (transaction_excludes_others() || !door_available() || !door_find(&wine))
        return ERROR_CALL_NOT_IMPLEMENTED;
    return ((UINT(WINAPI *)(const char16_t *, const char16_t *, const char16_t *))wine.target)(
        patches, product, line);
}

static u32 apply_patches(const char16_t *patches, const char16_t *product, const char16_t *line)
{
    struct patching p = {.count = 0};
    bool ours = true;
    struct product there;
    u32 err;

    if (!patches || !patches[0] || (product && !guid_is(product)) || (line && !line[0]))
        return ERROR_INVALID_PARAMETER;
    if (product && !product_find(product, &there))
        return ERROR_UNKNOWN_PRODUCT;
    tb_init(&p.list);
    err = read_list(&p, patches);
    if (!err)
        err = product ? patch_one(&p, product, line, ERROR_SUCCESS, &ours)
                      : patch_products(&p, line, ERROR_SUCCESS, &ours);
    patching_end(&p);
    return ours ? err : wines_apply_several(patches, product, line);
}

UINT WINAPI MsiApplyMultiplePatchesW(const WCHAR *patches, const WCHAR *product, const WCHAR *line)
{
    return apply_patches(w16(patches), w16(product), w16(line));
}

UINT WINAPI MsiApplyMultiplePatchesA(const char *patches, const char *product, const char *line)
{
    struct texts t;
    u32 err = texts_from_a(&t, 3, (const char *const[]){patches, product, line});

    if (err)
        return err;
    err = apply_patches(t.at[0].text, t.at[1].text, t.at[2].text);
    texts_done(&t);
    return err;
}

/* --- MsiRemovePatches ---------------------------------------------------------------------------
 */

static u32 wines_remove(const char16_t *patches, const char16_t *product, INSTALLTYPE type,
                        const char16_t *line)
{
    static struct door_entry wine = {"MsiRemovePatchesW", NULL};

    if (transaction_excludes_others() || !door_available() || !door_find(&wine))
        return ERROR_CALL_NOT_IMPLEMENTED;
    return ((UINT(WINAPI *)(const char16_t *, const char16_t *, INSTALLTYPE,
                            const char16_t *))wine.target)(patches, product, type, line);
}

static u32 remove_read(const struct patching *p, const char16_t *product, const char16_t *line,
                       bool *ours)
{
    struct installation how = {.product = product};
    struct text_buf whole;
    u32 err = line_with(p, "MSIPATCHREMOVE", line, &whole);

    how.line = whole.s;
    if (!err)
        err = install_by_us(&how, ours);
    tb_free(&whole);
    return err;
}

static u32 remove_patches(const char16_t *patches, const char16_t *product, INSTALLTYPE type,
                          const char16_t *line)
{
    struct patching p = {.count = 0};
    struct product there;
    bool ours = true;
    u32 err;

    if (!patches || !patches[0] || !product || !guid_is(product) ||
        type != INSTALLTYPE_SINGLE_INSTANCE)
        return ERROR_INVALID_PARAMETER;
    if (!product_find(product, &there))
        return ERROR_UNKNOWN_PRODUCT;
    tb_init(&p.list);
    err = read_list(&p, patches);
    if (!err)
        err = remove_read(&p, product, line, &ours);
    patching_end(&p);
    return ours ? err : wines_remove(patches, product, type, line);
}

UINT WINAPI MsiRemovePatchesW(const WCHAR *patches, const WCHAR *product, INSTALLTYPE type,
                              const WCHAR *line)
{
    return remove_patches(w16(patches), w16(product), type, w16(line));
}

UINT WINAPI MsiRemovePatchesA(const char *patches, const char *product, INSTALLTYPE type,
                              const char *line)
{
    struct texts t;
    u32 err = texts_from_a(&t, 3, (const char *const[]){patches, product, line});

    if (err)
        return err;
    err = remove_patches(t.at[0].text, t.at[1].text, type, t.at[2].text);
    texts_done(&t);
    return err;
}

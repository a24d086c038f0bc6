/*
 * Which patches are for a package or a product, and in which order: MsiDetermineApplicablePatches,
 * MsiDeterminePatchSequence, MsiExtractPatchXMLData.
 */
#include <windows.h>
#include <msi.h>

#include "fullpath.h"
#include "os.h"
#include "patchbase.h"
#include "texts.h"
#include "trace.h"
#include "utf16.h"

/* --- what is asked about ------------------------------------------------------------------------
 */

/* The patches of a call, behind those that the product has. */
struct question {
    struct patch_item *items;
    struct patch_data *data;
    u32 count, own, cap; /* the first `own` ones are the product's */
};

static void question_free(struct question *q)
{
    for (u32 i = 0; i < q->count; i++)
        patch_data_free(&q->data[i]);
    os_free(q->data);
    os_free(q->items);
}

/* The next item, with no data yet; NULL without memory. */
static struct patch_data *question_add(struct question *q)
{
    if (q->count == q->cap) {
        u32 cap = q->cap ? q->cap * 2 : 8;
        struct patch_data *data = os_realloc_array(q->data, cap, sizeof(*data));

        if (!data)
            return NULL;
        q->data = data;
        q->cap = cap;
    }
    memset(&q->data[q->count], 0, sizeof(*q->data));
    return &q->data[q->count++];
}

static u32 add_applied(void *ctx, struct patch_data *data)
{
    struct patch_data *d = question_add(ctx);

    if (!d) {
        patch_data_free(data);
        return ERROR_OUTOFMEMORY;
    }
    *d = *data;
    return ERROR_SUCCESS;
}

static u32 read_path(const char16_t *path, bool xml, struct patch_data *d)
{
    char16_t *full;
    u32 err = full_path(path, &full);

    if (err)
        return err == ERROR_OUTOFMEMORY ? err
               : xml                    ? ERROR_INVALID_PATCH_XML
                                        : ERROR_PATCH_PACKAGE_OPEN_FAILED;
    err = xml ? patch_read_xml_file(full, d) : patch_read_file(full, d);
    os_free(full);
    return err;
}

static u32 read_patch(const char16_t *text, MSIPATCHDATATYPE type, struct patch_data *d)
{
    if (!text)
        return ERROR_INVALID_PARAMETER;
    switch (type) {
    case MSIPATCH_DATATYPE_PATCHFILE:
        return read_path(text, false, d);
    case MSIPATCH_DATATYPE_XMLPATH:
        return read_path(text, true, d);
    case MSIPATCH_DATATYPE_XMLBLOB:
        return patch_read_xml(text, u16_len(text), d);
    default:
        return ERROR_INVALID_PARAMETER;
    }
}

/* A patch that was applied and is asked about is one patch. */
static void drop_repeated(struct question *q)
{
    for (u32 i = 0; i < q->own; i++)
        for (u32 k = q->own; k < q->count; k++)
            if (u16_equal_fold(q->data[i].code, q->data[k].code))
                q->items[i].error = ERROR_ALREADY_EXISTS;
}

/* --- A and W ------------------------------------------------------------------------------------
 */

/* The array of the call, of either kind: they differ in the type of the text alone. */
struct patch_array {
    MSIPATCHSEQUENCEINFOW *info;
    DWORD count;
    bool ansi;
};

static u32 read_one(const struct patch_array *a, DWORD i, struct patch_data *d)
{
    struct text_in text;
    u32 err;

    if (!a->ansi)
        return read_patch(w16(a->info[i].szPatchData), a->info[i].ePatchDataType, d);
    err = text_from_a(&text, (const char *)(const void *)a->info[i].szPatchData);
    if (err)
        return err;
    err = read_patch(text.text, a->info[i].ePatchDataType, d);
    text_done(&text);
    return err;
}

static void all_failed(const struct patch_array *a, u32 status)
{
    for (DWORD i = 0; i < a->count; i++) {
        a->info[i].dwOrder = (DWORD)-1;
        a->info[i].uStatus = status;
    }
}

/* A file that cannot be read is left out; anything else ends the call, and that patch says why. */
static u32 read_all(const struct patch_array *a, struct question *q, u32 **errors)
{
    u32 err = ERROR_SUCCESS;

    *errors = os_calloc(a->count, sizeof(**errors));
    if (!*errors)
        return ERROR_OUTOFMEMORY;
    for (DWORD i = 0; i < a->count && !err; i++) {
        struct patch_data *d = question_add(q);

        err = d ? read_one(a, i, d) : ERROR_OUTOFMEMORY;
        (*errors)[i] = err;
        if (err == ERROR_PATCH_PACKAGE_OPEN_FAILED || err == ERROR_PATCH_PACKAGE_INVALID ||
            err == ERROR_PATCH_PACKAGE_UNSUPPORTED)
            err = ERROR_SUCCESS;
        else if (err)
            a->info[i].uStatus = err;
    }
    return err;
}

static u32 make_items(struct question *q, const u32 *errors)
{
    q->items = os_calloc(q->count, sizeof(*q->items));
    if (!q->items)
        return ERROR_OUTOFMEMORY;
    for (u32 i = 0; i < q->count; i++) {
        q->items[i].data = &q->data[i];
        q->items[i].error = i < q->own ? ERROR_SUCCESS : errors[i - q->own];
    }
    drop_repeated(q);
    return ERROR_SUCCESS;
}

/* The places among those that were asked about, from 0 on. */
static void put_answers(const struct patch_array *a, const struct question *q, u32 err)
{
    const struct patch_item *given = q->items + q->own;

    for (DWORD i = 0; i < a->count; i++) {
        i32 place = given[i].order;

        for (u32 k = 0; place >= 0 && k < q->own; k++)
            place -= q->items[k].order >= 0 && q->items[k].order < given[i].order;
        a->info[i].dwOrder = err ? (DWORD)-1 : (DWORD)place;
        a->info[i].uStatus = given[i].status;
    }
}

/* q has the patches of the product already. */
static u32 sequence(const struct patch_base *base, const struct patch_array *a, struct question *q)
{
    u32 *errors = NULL, err;

    q->own = q->count;
    all_failed(a, ERROR_SUCCESS);
    err = read_all(a, q, &errors);
    if (!err)
        err = make_items(q, errors);
    if (!err) {
        err = patch_order(base, q->items, q->count);
        put_answers(a, q, err);
    }
    os_free(errors);
    return err;
}

static bool array_good(const struct patch_array *a)
{
    return a->info && a->count && a->count <= 0x100000;
}

/* --- MsiDetermineApplicablePatches --------------------------------------------------------------
 */

static u32 applicable(const char16_t *package, const struct patch_array *a)
{
    struct question q = {0};
    struct patch_base base;
    char16_t *full;
    u32 err;

    if (!package || !package[0] || !array_good(a))
        return ERROR_INVALID_PARAMETER;
    err = full_path(package, &full);
    if (!err) {
        err = patch_base_read(full, &base);
        os_free(full);
    }
    if (!err)
        err = sequence(&base, a, &q);
    else
        all_failed(a, err);
    question_free(&q);
    TRACE(TRACE_MSI, "MsiDetermineApplicablePatches of %lu: %u", a->count, err);
    return err;
}

UINT WINAPI MsiDetermineApplicablePatchesW(const WCHAR *package, DWORD count,
                                           MSIPATCHSEQUENCEINFOW *info)
{
    return applicable(w16(package), &(struct patch_array){info, count, false});
}

UINT WINAPI MsiDetermineApplicablePatchesA(const char *package, DWORD count,
                                           MSIPATCHSEQUENCEINFOA *info)
{
    struct text_in text;
    u32 err = text_from_a(&text, package);

    if (err)
        return err;
    err = applicable(text.text,
                     &(struct patch_array){(MSIPATCHSEQUENCEINFOW *)(void *)info, count, true});
    text_done(&text);
    return err;
}

/* --- MsiDeterminePatchSequence ------------------------------------------------------------------
 */

static u32 of_product(const struct product *p, const struct patch_array *a)
{
    struct question q = {0};
    struct patch_base base;
    char16_t *package;
    u32 err = patch_base_package(p, &package);

    if (err)
        return err;
    err = patch_base_read(package, &base);
    os_free(package);
    if (!err)
        err = patch_each_applied(p, add_applied, &q);
    if (!err)
        err = sequence(&base, a, &q);
    question_free(&q);
    return err;
}

static u32 determine(const char16_t *code, const char16_t *sid, DWORD context,
                     const struct patch_array *a)
{
    struct product p;
    u32 err;

    if (!code || !guid_is(code) || !context_one(sid, context) || !array_good(a))
        return ERROR_INVALID_PARAMETER;
    if (sid && (u16_equal_fold(sid, LAYOUT_EVERYONE) || u16_equal_fold(sid, LAYOUT_MACHINE_SID)))
        return ERROR_INVALID_PARAMETER;
    product_in(code, user_of(sid), context, &p);
    err = product_advertised(&p) || product_has_package(&p) ? of_product(&p, a)
                                                            : ERROR_UNKNOWN_PRODUCT;
    if (err)
        for (DWORD i = 0; i < a->count; i++)
            a->info[i].dwOrder = (DWORD)-1;
    TRACE(TRACE_MSI, "MsiDeterminePatchSequence of %lu: %u", a->count, err);
    return err;
}

UINT WINAPI MsiDeterminePatchSequenceW(const WCHAR *code, const WCHAR *sid,
                                       MSIINSTALLCONTEXT context, DWORD count,
                                       MSIPATCHSEQUENCEINFOW *info)
{
    return determine(w16(code), w16(sid), context, &(struct patch_array){info, count, false});
}

UINT WINAPI MsiDeterminePatchSequenceA(const char *code, const char *sid, MSIINSTALLCONTEXT context,
                                       DWORD count, MSIPATCHSEQUENCEINFOA *info)
{
    const char *in[] = {code, sid};
    struct texts t;
    u32 err = texts_from_a(&t, ARRAY_LEN(in), in);

    if (err)
        return err;
    err = determine(t.at[0].text, t.at[1].text, context,
                    &(struct patch_array){(MSIPATCHSEQUENCEINFOW *)(void *)info, count, true});
    texts_done(&t);
    return err;
}

STATIC_ASSERT(sizeof(MSIPATCHSEQUENCEINFOA) == sizeof(MSIPATCHSEQUENCEINFOW));

/* --- MsiExtractPatchXMLData ---------------------------------------------------------------------
 */

static u32 extract(const char16_t *path, DWORD reserved, struct text_out out)
{
    struct patch_data d = {0};
    char16_t *xml;
    u32 err;

    if (!path || !path[0] || reserved || !out.size)
        return ERROR_INVALID_PARAMETER;
    err = read_path(path, false, &d);
    if (!err)
        err = patch_write_xml(&d, &xml);
    patch_data_free(&d);
    return err ? err : text_give(out, xml, SHORT_CUT, false);
}

UINT WINAPI MsiExtractPatchXMLDataW(const WCHAR *path, DWORD reserved, WCHAR *xml, DWORD *size)
{
    return extract(w16(path), reserved, out_w(xml, size));
}

UINT WINAPI MsiExtractPatchXMLDataA(const char *path, DWORD reserved, char *xml, DWORD *size)
{
    struct text_in text;
    u32 err = text_from_a(&text, path);

    if (err)
        return err;
    err = extract(text.text, reserved, out_a(xml, size));
    text_done(&text);
    return err;
}

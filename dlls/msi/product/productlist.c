/*
 * The products that there are.
 */
#include "listing.h"
#include "products.h"

#include "os.h"
#include "utf16.h"

static u32 add_advertised(const struct listing_query *q, struct listing *l, u32 context,
                          const char16_t *sid)
{
    struct layout_path p;

    UNUSED(q);
    layout_advertised(&p, context, sid, u"Products", NULL, NULL);
    return listing_add_keys(l, &p, context, sid);
}

/* Of the caller, in the order in which a product is looked for. */
static u32 fill_own(const struct listing_query *q, struct listing *l)
{
    u32 err = add_advertised(q, l, CONTEXT_MANAGED, NULL);

    if (!err)
        err = add_advertised(q, l, CONTEXT_USER, NULL);
    return err ? err : add_advertised(q, l, CONTEXT_MACHINE, NULL);
}

u32 product_at(u32 index, char16_t code[GUID_CHARS + 1])
{
    struct listing_query q = {.kind = LIST_PRODUCTS};
    struct listing_row row;
    u32 err = listing_at(&q, index, ORDER_NEXT, fill_own, &row);

    if (!err)
        u16_copy(code, GUID_CHARS + 1, row.guid);
    return err;
}

/* Is advertised there, or installed. */
static bool is_there(const char16_t *code, const char16_t *sid, u32 context)
{
    struct product p;

    product_in(code, sid, context, &p);
    return product_advertised(&p) || product_has_package(&p);
}

static u32 add_one(const struct listing_query *q, struct listing *l, u32 context,
                   const char16_t *sid)
{
    return is_there(q->guid, sid, context) ? listing_add(l, q->guid, NULL, context, sid)
                                           : ERROR_SUCCESS;
}

static u32 fill_ex(const struct listing_query *q, struct listing *l)
{
    return listing_each_user(q, l, q->guid ? add_one : add_advertised);
}

u32 product_at_ex(const char16_t *code, const char16_t *sid, u32 contexts, u32 index,
                  struct listing_row *row)
{
    struct listing_query q = {
        .kind = LIST_PRODUCTS_EX, .guid = code, .sid = sid, .contexts = contexts};

    return listing_at(&q, index, ORDER_NEXT, fill_ex, row);
}

/* --- by upgrade code ----------------------------------------------------------------------------
 */

static u32 add_related(const struct layout_path *p, struct listing *l)
{
    char16_t name[REG_NAME_MAX];
    struct reg_key *key;
    u32 err = ERROR_SUCCESS, found;

    if (layout_open(p, &key))
        return ERROR_SUCCESS;
    for (u32 i = 0; !err && (found = reg_value_at(key, i, name)) != ERROR_NO_MORE_ITEMS; i++) {
        if (!found && !listing_has(l, name, CONTEXT_MACHINE))
            err = listing_add(l, name, NULL, CONTEXT_MACHINE, NULL);
        else if (found && found != ERROR_MORE_DATA)
            break;
    }
    reg_close(key);
    return err;
}

/* Windows Installer keeps the list of the machine, and one in each context. */
static u32 fill_related(const struct listing_query *q, struct listing *l)
{
    static const u32 contexts[] = {CONTEXT_MACHINE, CONTEXT_MANAGED, CONTEXT_USER};
    char16_t packed[GUID_PACKED + 1];
    struct layout_path p = {REG_MACHINE,
                            u"Software\\Microsoft\\Windows\\CurrentVersion\\Installer\\"
                            u"UpgradeCodes\\"};
    size_t n = u16_len(p.path);
    u32 err;

    guid_pack(q->guid, packed);
    u16_copy(p.path + n, LAYOUT_PATH - n, packed);
    err = add_related(&p, l);
    for (size_t i = 0; !err && i < ARRAY_LEN(contexts); i++) {
        layout_advertised(&p, contexts[i], NULL, u"UpgradeCodes", q->guid, NULL);
        err = add_related(&p, l);
    }
    return err;
}

u32 product_related_at(const char16_t *upgrade, u32 index, char16_t code[GUID_CHARS + 1])
{
    struct listing_query q = {.kind = LIST_RELATED, .guid = upgrade};
    struct listing_row row;
    u32 err = listing_at(&q, index, ORDER_ANY, fill_related, &row);

    if (!err)
        u16_copy(code, GUID_CHARS + 1, row.guid);
    return err;
}

static bool is_of_package(const char16_t *code, const char16_t *package)
{
    struct product p;
    char16_t *text;
    bool same;

    if (!product_find(code, &p) || product_property(&p, u"PackageCode", &text))
        return false;
    same = u16_equal_fold(text, package);
    os_free(text);
    return same;
}

u32 product_of_package(const char16_t *package, char16_t code[GUID_CHARS + 1])
{
    u32 err;

    for (u32 i = 0; !(err = product_at(i, code)); i++)
        if (is_of_package(code, package))
            return ERROR_SUCCESS;
    return err == ERROR_NO_MORE_ITEMS ? ERROR_UNKNOWN_PRODUCT : err;
}

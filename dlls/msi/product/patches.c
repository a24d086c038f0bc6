/*
 * Patches of products.
 */
#include "patches.h"

#include "listing.h"
#include "os.h"
#include "utf16.h"

static const u32 contexts[] = {CONTEXT_MANAGED, CONTEXT_USER, CONTEXT_MACHINE};

bool patch_known(const char16_t *patch)
{
    struct layout_path p;

    for (size_t i = 0; i < ARRAY_LEN(contexts); i++) {
        layout_advertised(&p, contexts[i], NULL, u"Patches", patch, NULL);
        if (layout_has(&p))
            return true;
    }
    return false;
}

static u32 text_of(const struct layout_path *p, const char16_t *name, char16_t **text)
{
    struct reg_key *key;
    u32 err = layout_open(p, &key);

    if (err)
        return err;
    err = reg_get_text(key, name, text);
    reg_close(key);
    return err;
}

u32 patch_package(const char16_t *patch, char16_t **text)
{
    struct layout_path p;

    for (size_t i = 1; i < ARRAY_LEN(contexts); i++) {
        layout_installed(&p, contexts[i], NULL, u"Patches", patch, NULL);
        if (!text_of(&p, u"LocalPackage", text))
            return ERROR_SUCCESS;
    }
    return ERROR_UNKNOWN_PRODUCT;
}

/* --- properties ---------------------------------------------------------------------------------
 */

static const struct {
    const char *name;
    const char16_t *value;
} properties[] = {{"State", u"State"},
                  {"Uninstallable", u"Uninstallable"},
                  {"InstallDate", u"Installed"},
                  {"DisplayName", u"DisplayName"},
                  {"MoreInfoURL", u"MoreInfoURL"},
                  {"LUAEnabled", u"LUAEnabled"},
                  {"PatchType", u"PatchType"}};

static void patch_key(struct layout_path *p, const struct product *of, const char16_t *patch)
{
    static const char16_t below[] = u"Patches\\";
    char16_t tail[ARRAY_LEN(below) + GUID_PACKED];

    u16_copy(tail, ARRAY_LEN(tail), below);
    guid_pack(patch, tail + ARRAY_LEN(below) - 1);
    layout_installed(p, of->context, product_sid(of), u"Products", of->code, tail);
}

static u32 or_empty(u32 err, char16_t **text)
{
    if (err != ERROR_FILE_NOT_FOUND)
        return err;
    *text = u16_dup(u"", 0);
    return *text ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

u32 patch_transforms(const struct product *p, const char16_t *patch, char16_t **text)
{
    char16_t packed[GUID_PACKED + 1];
    struct layout_path path;

    guid_pack(patch, packed);
    layout_advertised(&path, p->context, product_sid(p), u"Products", p->code, u"Patches");
    return text_of(&path, packed, text);
}

u32 patch_property(const struct product *p, const char16_t *patch, const char16_t *name,
                   char16_t **text)
{
    struct layout_path of_product, of_patch;
    size_t i = 0;

    patch_key(&of_product, p, patch);
    layout_installed(&of_patch, p->context, product_sid(p), u"Patches", patch, NULL);
    if (!layout_has(&p->properties))
        return ERROR_UNKNOWN_PRODUCT;
    if (!layout_has(&of_product))
        return ERROR_UNKNOWN_PATCH;
    if (u16_is(name, u16_len(name), "Transforms"))
        return or_empty(patch_transforms(p, patch, text), text);
    if (!layout_has(&of_patch))
        return ERROR_UNKNOWN_PATCH;
    if (u16_is(name, u16_len(name), "LocalPackage"))
        return or_empty(text_of(&of_patch, u"LocalPackage", text), text);
    while (i < ARRAY_LEN(properties) && !u16_is(name, u16_len(name), properties[i].name))
        i++;
    if (i == ARRAY_LEN(properties))
        return ERROR_UNKNOWN_PROPERTY;
    return or_empty(text_of(&of_product, properties[i].value, text), text);
}

/* --- enumerations -------------------------------------------------------------------------------
 */

/* What a patch counts as that the product lists and has no data of: seen on Wine, by context. */
static u32 state_without_data(const struct product *p)
{
    return p->context == CONTEXT_MACHINE
               ? PATCH_APPLIED | PATCH_SUPERSEDED | PATCH_OBSOLETED | PATCH_REGISTERED
           : p->context == CONTEXT_MANAGED ? PATCH_APPLIED
                                           : 0;
}

/* The state that the product's data has of it; `otherwise` where there is none. */
static u32 state_of(const struct product *p, const char16_t *patch, u32 otherwise)
{
    struct layout_path path;
    struct reg_key *key;
    u32 state;

    patch_key(&path, p, patch);
    if (layout_open(&path, &key))
        return otherwise;
    if (reg_get_number(key, u"State", &state))
        state = p->context == CONTEXT_MANAGED ? PATCH_APPLIED : 0;
    reg_close(key);
    return state;
}

/* Whether every text of the list ends, and an empty one ends them all. */
static bool list_ends(const struct reg_data *d)
{
    const char16_t *s = (const char16_t *)(const void *)d->bytes;
    size_t n = d->size / sizeof(*s);

    return !n || (n >= 2 && !s[n - 1] && !s[n - 2]);
}

/* The list has packed codes; a patch has its transforms beside it, or is none of the product's. */
static u32 add_listed(const struct listing_query *q, struct listing *l, const struct product *p,
                      const char16_t *sid, struct reg_key *key, const struct reg_data *d)
{
    const char16_t *s = (const char16_t *)(const void *)d->bytes;
    char16_t patch[GUID_CHARS + 1];
    u32 err = ERROR_SUCCESS;

    for (; !err && *s; s += u16_len(s) + 1) {
        if (!guid_unpack(s, patch))
            return ERROR_BAD_CONFIGURATION;
        if (!reg_has_value(key, s)) {
            if (!list_ends(d))
                return ERROR_BAD_CONFIGURATION;
        } else if (state_of(p, patch, state_without_data(p)) & q->filter)
            err = listing_add(l, patch, p->code, p->context, sid);
    }
    return err;
}

/* Patches that the product has and does not list: superseded ones, say. */
static u32 add_unlisted(const struct listing_query *q, struct listing *l, const struct product *p,
                        const char16_t *sid)
{
    char16_t name[REG_NAME_MAX], patch[GUID_CHARS + 1];
    struct layout_path path;
    struct reg_key *key;
    u32 err = ERROR_SUCCESS, found;

    layout_installed(&path, p->context, product_sid(p), u"Products", p->code, u"Patches");
    if (layout_open(&path, &key))
        return ERROR_SUCCESS;
    for (u32 i = 0; !err && (found = reg_key_at(key, i, name)) != ERROR_NO_MORE_ITEMS; i++) {
        if (found && found != ERROR_MORE_DATA)
            break;
        if (!found && guid_unpack(name, patch) && (state_of(p, patch, 0) & q->filter) &&
            !listing_has(l, patch, p->context))
            err = listing_add(l, patch, p->code, p->context, sid);
    }
    reg_close(key);
    return err;
}

static u32 add_of_product(const struct listing_query *q, struct listing *l, const char16_t *code,
                          u32 context, const char16_t *sid)
{
    struct layout_path path;
    struct reg_data d;
    struct reg_key *key;
    struct product p;
    u32 err;

    /* A user's data are in one place, managed or not: what is advertised tells. */
    product_in(code, sid, context, &p);
    if (!product_advertised(&p))
        return ERROR_SUCCESS;
    layout_advertised(&path, context, product_sid(&p), u"Products", code, u"Patches");
    err = layout_open(&path, &key);
    if (err)
        return err == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : err;
    err = reg_get(key, u"Patches", &d);
    if (!err) {
        err =
            d.type == REG_TYPE_MULTI ? add_listed(q, l, &p, sid, key, &d) : ERROR_BAD_CONFIGURATION;
        os_free(d.bytes);
        if (!err)
            err = add_unlisted(q, l, &p, sid);
    }
    reg_close(key);
    return err == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : err;
}

static u32 add_of_all(const struct listing_query *q, struct listing *l, u32 context,
                      const char16_t *sid)
{
    char16_t name[REG_NAME_MAX], code[GUID_CHARS + 1];
    struct layout_path path;
    struct reg_key *key;
    u32 err = ERROR_SUCCESS, found;

    layout_advertised(&path, context, sid, u"Products", NULL, NULL);
    if (layout_open(&path, &key))
        return ERROR_SUCCESS;
    for (u32 i = 0; !err && (found = reg_key_at(key, i, name)) != ERROR_NO_MORE_ITEMS; i++) {
        if (found && found != ERROR_MORE_DATA)
            break;
        if (!found && guid_unpack(name, code))
            err = add_of_product(q, l, code, context, sid);
    }
    reg_close(key);
    return err;
}

static u32 add_patches(const struct listing_query *q, struct listing *l, u32 context,
                       const char16_t *sid)
{
    return q->guid ? add_of_product(q, l, q->guid, context, sid) : add_of_all(q, l, context, sid);
}

static u32 fill(const struct listing_query *q, struct listing *l)
{
    return listing_each_user(q, l, add_patches);
}

u32 patch_at(const char16_t *code, const char16_t *sid, u32 contexts_, u32 filter, u32 index,
             struct listing_row *row)
{
    struct listing_query q = {
        .kind = LIST_PATCHES, .guid = code, .sid = sid, .contexts = contexts_, .filter = filter};

    return listing_at(&q, index, ORDER_ANY, fill, row);
}

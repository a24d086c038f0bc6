/*
 * Patches that go, by themselves or with their product: each is forgotten, and its cached package
 * deleted, unless another product has it too.
 */
#include "unregister.h"

#include "filekeep.h"
#include "os.h"
#include "regplan.h"
#include "utf16.h"

struct unpatch {
    struct install *in;
    char16_t own[GUID_PACKED + 1];
    struct reg_key *products; /* all of the context */
};

/* Whether the product, by its packed code, has the patch. */
static bool product_has(const struct unpatch *u, const char16_t *product, const char16_t *patch)
{
    char16_t below[GUID_PACKED * 2 + 12];
    struct layout_path path;
    size_t n = u16_copy(below, ARRAY_LEN(below), product);

    n += u16_copy(below + n, ARRAY_LEN(below) - n, u"\\Patches\\");
    u16_copy(below + n, ARRAY_LEN(below) - n, patch);
    layout_installed(&path, u->in->context, u->in->sid, u"Products", NULL, below);
    return layout_has(&path);
}

static bool others_have(const struct unpatch *u, const char16_t *patch)
{
    char16_t name[REG_NAME_MAX];
    bool found = false;

    for (u32 i = 0; !found && !reg_key_at(u->products, i, name); i++)
        found = u16_len(name) == GUID_PACKED && !u16_equal_fold(name, u->own) &&
                product_has(u, name, patch);
    return found;
}

static u32 drop_cached(struct install *in, const struct layout_path *path)
{
    struct reg_key *key;
    char16_t *file;
    u32 err;

    if (layout_open(path, &key))
        return ERROR_SUCCESS;
    err = reg_get_text(key, u"LocalPackage", &file);
    reg_close(key);
    if (err)
        return ERROR_SUCCESS;
    err = file[0] ? plan_drop_file(in, file) : ERROR_SUCCESS;
    os_free(file);
    return err;
}

static u32 forget(const struct unpatch *u, const char16_t *packed)
{
    char16_t code[GUID_CHARS + 1];
    struct layout_path path;
    u32 err;

    if (!guid_unpack(packed, code) || others_have(u, packed))
        return ERROR_SUCCESS;
    layout_installed(&path, u->in->context, u->in->sid, u"Patches", code, NULL);
    err = drop_cached(u->in, &path);
    if (!err)
        err = plan_layout_remove(u->in, &path);
    layout_advertised(&path, u->in->context, u->in->sid, u"Patches", code, NULL);
    return err ? err : plan_layout_remove(u->in, &path);
}

static u32 forget_all(const struct unpatch *u, struct reg_key *patches)
{
    char16_t name[REG_NAME_MAX];
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; !err && !reg_key_at(patches, i, name); i++)
        err = forget(u, name);
    return err;
}

/* Opens what tells of the others. */
static u32 unpatch_begin(struct install *in, struct unpatch *u)
{
    struct layout_path path;

    u->in = in;
    guid_pack(in->product_code, u->own);
    layout_installed(&path, in->context, in->sid, u"Products", NULL, NULL);
    return layout_open(&path, &u->products);
}

u32 plan_patch_forgotten(struct install *in, const char16_t *patch)
{
    char16_t packed[GUID_PACKED + 1];
    struct unpatch u;
    u32 err = unpatch_begin(in, &u);

    if (err)
        return err;
    guid_pack(patch, packed);
    err = forget(&u, packed);
    reg_close(u.products);
    return err;
}

u32 plan_unpatch(struct install *in)
{
    struct layout_path path;
    struct reg_key *patches;
    struct unpatch u;
    u32 err;

    layout_installed(&path, in->context, in->sid, u"Products", in->product_code, u"Patches");
    if (layout_open(&path, &patches))
        return ERROR_SUCCESS;
    err = unpatch_begin(in, &u);
    if (!err) {
        err = forget_all(&u, patches);
        reg_close(u.products);
    }
    reg_close(patches);
    return err;
}

/*
 * The transforms of a product that are files: copies of them are kept, and the product is
 * registered with those.
 *
 * Copies stand in the folder of the product's icons, which goes with the product: below the cache
 * of packages, or of what is one user's in the user's profile. Secure ones (the list begins with @
 * or |, or TRANSFORMSSECURE or the policy TransformsSecure says so) are always below the cache; the
 * list keeps their names, and they are looked for there first.
 */
#include "act_publish.h"

#include "filekeep.h"
#include "os.h"
#include "pathname.h"
#include "product_text.h"
#include "regplan.h"
#include "target.h"
#include "transforms.h"
#include "utf16.h"

struct keeping {
    struct install *in;
    char16_t kind; /* of the list that is registered */
    struct text_buf folder, list;
    struct name_list taken; /* names in the folder */
};

static bool policy_secures(void)
{
    struct reg_key *key;
    u32 number = 0;

    if (reg_open(REG_MACHINE, u"Software\\Policies\\Microsoft\\Windows\\Installer", &key))
        return false;
    if (reg_get_number(key, u"TransformsSecure", &number))
        number = 0;
    reg_close(key);
    return number == 1;
}

static bool is_set(const struct install *in, const char *property)
{
    const char16_t *value = install_property(in, property);

    return value[0] && !u16_is(value, u16_len(value), "0");
}

static u32 note_folder(void *has, const struct transform_name *n)
{
    for (size_t i = 0; i < n->len; i++)
        if (n->name[i] == '\\' || n->name[i] == '/')
            *(bool *)has = true;
    return ERROR_SUCCESS;
}

/* How the list is registered: one that is secured otherwise than by its first character gets that.
 */
static u32 kind_of(struct install *in, const char16_t *list, char16_t *kind)
{
    bool folders = false;
    u32 err = ERROR_SUCCESS;

    *kind = list[0] == '@' || list[0] == '|' ? list[0] : 0;
    if (*kind ||
        !(is_set(in, "TRANSFORMSSECURE") || is_set(in, "TRANSFORMSATSOURCE") || policy_secures()))
        return ERROR_SUCCESS;
    err = transforms_each(list, u16_len(list), note_folder, &folders);
    *kind = folders ? '|' : '@';
    return err;
}

static u32 secure_folder(struct install *in, struct text_buf *folder)
{
    u32 err = product_cache_folder(in, folder);

    if (err)
        return err;
    tb_add(folder, in->product_code, u16_len(in->product_code));
    tb_char(folder, '\\');
    return folder->failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

/* --- one ----------------------------------------------------------------------------------------
 */

static void list_add(struct keeping *k, const char16_t *name, size_t len)
{
    if (k->list.len > (k->kind ? 1u : 0u))
        tb_char(&k->list, ';');
    tb_add(&k->list, name, len);
}

/* A copy that is where it is to be is none. */
static u32 keep_copy(struct keeping *k, const char16_t *to, const char16_t *from)
{
    enum { PATH = 4096 };
    char16_t *host = os_alloc_array(PATH, sizeof(*host));
    bool is_that;

    if (!host)
        return ERROR_OUTOFMEMORY;
    is_that = !tgt_host_path(to, host, PATH) && u16_equal_fold(host, from);
    os_free(host);
    return is_that ? ERROR_SUCCESS : plan_keep_copy(k->in, to, from);
}

/* name: the last part of what it is called. */
static u32 keep_file(struct keeping *k, const struct transform_name *n, const char16_t *name,
                     size_t len)
{
    struct text_buf from, to;
    u32 err;

    tb_init(&from);
    tb_init(&to);
    err = transform_find(k->in->s, n, &from);
    tb_add(&to, k->folder.s, k->folder.len);
    tb_add(&to, name, len);
    if (!err && to.failed)
        err = ERROR_OUTOFMEMORY;
    if (!err)
        err = keep_copy(k, to.s, from.s);
    if (k->kind || err)
        list_add(k, n->name, n->len);
    else
        list_add(k, to.s, to.len);
    if (err == ERROR_FILE_NOT_FOUND) /* it was there when the package was opened */
        err = ERROR_SUCCESS;
    tb_free(&from);
    tb_free(&to);
    return err;
}

static u32 keep_one(void *ctx, const struct transform_name *n)
{
    struct keeping *k = ctx;
    size_t at = path_name(n->name, n->len);

    /* one in the package; one whose name another has, or that is none, stays where it is */
    if (n->name[0] == ':' || !keep_name_is_safe(n->name + at, n->len - at) ||
        names_find(&k->taken, n->name + at, n->len - at) != NAME_NONE) {
        list_add(k, n->name, n->len);
        return ERROR_SUCCESS;
    }
    if (!names_add(&k->taken, n->name + at, n->len - at))
        return ERROR_OUTOFMEMORY;
    return keep_file(k, n, n->name + at, n->len - at);
}

/* --- all ----------------------------------------------------------------------------------------
 */

static u32 keep_all(struct keeping *k, const char16_t *list, const struct reg_place *at)
{
    u32 err = k->kind ? secure_folder(k->in, &k->folder) : product_icon_folder(k->in, &k->folder);

    if (k->kind)
        tb_char(&k->list, k->kind);
    if (!err)
        err = transforms_each(list, u16_len(list), keep_one, k);
    if (!err && k->list.failed)
        err = ERROR_OUTOFMEMORY;
    return err ? err : plan_reg_text(k->in, at, u"Transforms", k->list.s ? k->list.s : u"");
}

u32 plan_transforms(struct install *in, const struct reg_place *at)
{
    const char16_t *list = install_property(in, "TRANSFORMS");
    struct keeping k = {.in = in};
    u32 err;

    if (!list[0])
        return ERROR_SUCCESS;
    tb_init(&k.folder);
    tb_init(&k.list);
    names_init(&k.taken, sizeof(struct named));
    err = kind_of(in, list, &k.kind);
    if (!err)
        err = keep_all(&k, list, at);
    names_free(&k.taken, NULL);
    tb_free(&k.folder);
    tb_free(&k.list);
    return err;
}

u32 plan_transforms_gone(struct install *in)
{
    struct text_buf folder;
    u32 err;

    if (in->context != CONTEXT_USER) /* it is that of the icons */
        return ERROR_SUCCESS;
    tb_init(&folder);
    err = secure_folder(in, &folder);
    if (!err)
        err = plan_drop_folder(in, folder.s);
    tb_free(&folder);
    return err;
}

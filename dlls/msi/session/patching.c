/*
 * Which patches a session has, and in which order.
 */
#include "patching.h"

#include <string.h>

#include "listing.h"
#include "look.h"
#include "patchbase.h"
#include "patches.h"
#include "patchorder.h"
#include "pathname.h"
#include "trace.h"
#include "utf16.h"

static void patch_free(struct session_patch *p)
{
    patch_data_free(&p->data);
    os_free(p->path);
    os_free(p->transforms);
}

static void gone_done(void *item)
{
    os_free(((struct patch_gone *)item)->of);
}

void patching_free(struct session *s)
{
    struct session_patches *l = s->patches;

    for (u32 i = 0; l && i < l->count; i++)
        patch_free(&l->all[i]);
    if (!l)
        return;
    names_free(&l->gone, gone_done);
    names_free(&l->features, NULL);
    names_free(&l->forced, NULL);
    os_free(l->all);
    os_free(l);
    s->patches = NULL;
}

/* A zeroed one at the end; NULL without memory. */
static struct session_patch *add(struct session_patches *l, const char16_t *code)
{
    struct session_patch *p;

    if (l->count == l->cap) {
        u32 cap = l->cap ? l->cap * 2 : 8;
        struct session_patch *more = os_realloc_array(l->all, cap, sizeof(*more));

        if (!more)
            return NULL;
        l->all = more;
        l->cap = cap;
    }
    p = &l->all[l->count++];
    memset(p, 0, sizeof(*p));
    u16_copy(p->code, ARRAY_LEN(p->code), code);
    p->order = -1;
    return p;
}

static struct session_patch *find(const struct session_patches *l, const char16_t *code)
{
    for (u32 i = 0; i < l->count; i++)
        if (u16_equal_fold(l->all[i].code, code))
            return &l->all[i];
    return NULL;
}

/* --- those of the product -----------------------------------------------------------------------
 */

static u32 read_file(struct session_patches *l, const struct product *of, struct session_patch *p)
{
    u32 err = patch_cached(of, p->code, &p->path);

    if (!err)
        err = patch_read_file(p->path, &p->data);
    if (err == ERROR_OUTOFMEMORY)
        return err;
    if (err) {
        TRACE(TRACE_MSI, "patch %s = %u", trace_text(p->code, -1), err);
        os_free(p->path);
        p->path = NULL;
        l->lacking = l->lacking || p->was == PATCH_APPLIED;
    }
    return ERROR_SUCCESS;
}

static u32 read_state(const struct product *of, struct session_patch *p)
{
    char16_t *text;
    u32 err = patch_property(of, p->code, u"State", &text);

    p->was = PATCH_APPLIED;
    if (err)
        return err == ERROR_OUTOFMEMORY ? err : ERROR_SUCCESS;
    if (text[0])
        u16_to_u32(text, u16_len(text), &p->was);
    os_free(text);
    return ERROR_SUCCESS;
}

/* First all their codes: reading one looks other things up. */
static u32 take_registered(struct session_patches *l, const struct product *of)
{
    struct listing_row row;
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; !err; i++) {
        struct session_patch *p;

        err = patch_at(of->code, product_sid(of), of->context,
                       PATCH_APPLIED | PATCH_SUPERSEDED | PATCH_OBSOLETED, i, &row);
        if (err)
            break;
        p = add(l, row.guid);
        if (!p)
            return ERROR_OUTOFMEMORY;
        p->registered = true;
    }
    /* a list that is none has no patches */
    if (err == ERROR_NO_MORE_ITEMS || err == ERROR_BAD_CONFIGURATION)
        err = ERROR_SUCCESS;
    for (u32 i = 0; !err && i < l->count; i++) {
        err = read_state(of, &l->all[i]);
        if (!err)
            err = read_file(l, of, &l->all[i]);
    }
    return err;
}

/* --- those of PATCH -----------------------------------------------------------------------------
 */

/* The next of a list with semicolons, without blanks and quotes around it, from os_alloc; *text
 * moves on. NULL: no memory, or with *none set, no more. */
static char16_t *next_of(const char16_t **text, bool *none)
{
    const char16_t *s = *text;
    size_t n = 0;

    while (*s == ';' || *s == ' ' || *s == '"')
        s++;
    while (s[n] && s[n] != ';')
        n++;
    *text = s + n;
    while (n && (s[n - 1] == ' ' || s[n - 1] == '"'))
        n--;
    *none = !n;
    return n ? u16_dup(s, n) : NULL;
}

/* What the product has already comes again by its own. */
static u32 take_given(struct session_patches *l, char16_t *path)
{
    struct patch_data data;
    struct session_patch *p;
    u32 err;

    if (guid_is(path))
        err = find(l, path) ? ERROR_SUCCESS : ERROR_PATCH_PACKAGE_OPEN_FAILED;
    else
        err = patch_read_file(path, &data);
    if (err || guid_is(path) || find(l, data.code)) {
        if (!err && !guid_is(path))
            patch_data_free(&data);
        os_free(path);
        return err;
    }
    p = add(l, data.code);
    if (!p) {
        patch_data_free(&data);
        os_free(path);
        return ERROR_OUTOFMEMORY;
    }
    p->data = data;
    p->path = path;
    p->fresh = true;
    l->fresh++;
    return ERROR_SUCCESS;
}

static u32 take_list(struct session *s, const char *property,
                     u32 (*take)(struct session_patches *l, char16_t *path))
{
    const struct property *list = prop_get(s, property);
    const char16_t *at = list ? list->value : u"";
    u32 err = ERROR_SUCCESS;
    bool none = false;

    while (!err) {
        char16_t *path = next_of(&at, &none);

        if (none)
            break;
        err = path ? take(s->patches, path) : ERROR_OUTOFMEMORY;
    }
    return err;
}

/* --- those of MSIPATCHREMOVE --------------------------------------------------------------------
 */

/* By its code, or by the path of its file. */
static u32 take_going(struct session_patches *l, char16_t *name)
{
    struct session_patch *p = NULL;
    struct patch_data data;
    u32 err = ERROR_SUCCESS;

    if (guid_is(name)) {
        p = find(l, name);
    } else if (!(err = patch_read_file(name, &data))) {
        p = find(l, data.code);
        patch_data_free(&data);
    }
    os_free(name);
    if (!err && (!p || !p->registered))
        err = ERROR_UNKNOWN_PATCH;
    if (!err && !p->goes) {
        p->goes = true;
        l->going++;
    }
    return err;
}

static bool policy_forbids(void)
{
    struct reg_key *key;
    u32 number = 0;

    if (reg_open(REG_MACHINE, u"Software\\Policies\\Microsoft\\Windows\\Installer", &key))
        return false;
    if (reg_get_number(key, u"DisablePatchUninstall", &number))
        number = 0;
    reg_close(key);
    return number != 0;
}

static u32 check_removable(const struct session_patches *l, const struct product *of)
{
    u32 err = ERROR_SUCCESS;

    if (l->going && policy_forbids())
        return ERROR_PATCH_REMOVAL_DISALLOWED;
    for (u32 i = 0; !err && i < l->count; i++) {
        char16_t *text;

        if (!l->all[i].goes)
            continue;
        err = patch_property(of, l->all[i].code, u"Uninstallable", &text);
        if (err)
            return err == ERROR_OUTOFMEMORY ? err : ERROR_PATCH_REMOVAL_UNSUPPORTED;
        if (!u16_is(text, u16_len(text), "1"))
            err = ERROR_PATCH_REMOVAL_UNSUPPORTED;
        os_free(text);
    }
    return err;
}

/* --- order --------------------------------------------------------------------------------------
 */

static bool is_obsolete(const struct session_patches *l, const struct session_patch *p)
{
    for (u32 i = 0; i < l->count; i++)
        for (u32 k = 0; !l->all[i].goes && k < l->all[i].data.obsolete_count; k++)
            if (u16_equal_fold(l->all[i].data.obsolete[k].guid, p->code))
                return true;
    return false;
}

static void take_place(struct session_patches *l, struct session_patch *p,
                       const struct patch_item *item)
{
    p->order = item->order;
    p->target = item->target;
    if (p->goes)
        p->state = 0;
    else if (!p->path)
        p->state = p->was;
    else if (item->order >= 0)
        p->state = PATCH_APPLIED;
    else if (item->status)
        p->state = p->registered ? PATCH_OBSOLETED : 0;
    else
        p->state = is_obsolete(l, p) ? PATCH_OBSOLETED : PATCH_SUPERSEDED;
    l->applied += item->order >= 0;
}

/* Of several that PATCH has, those that are not for this product are passed over. */
static u32 check_given(struct session_patches *l, const struct patch_item *items)
{
    u32 err = ERROR_SUCCESS, good = 0;

    for (u32 i = 0; i < l->count; i++) {
        if (!l->all[i].fresh)
            continue;
        good += l->all[i].state != 0;
        if (!l->all[i].state && !err)
            err = items[i].status;
        if (!l->all[i].state) {
            l->all[i].fresh = false;
            l->fresh--;
        }
    }
    return good ? ERROR_SUCCESS : err;
}

static u32 put_in_order(struct session_patches *l, const struct patch_base *base)
{
    struct patch_item *items = os_calloc((u64)l->count + 1, sizeof(*items));
    u32 err;

    if (!items)
        return ERROR_OUTOFMEMORY;
    for (u32 i = 0; i < l->count; i++) {
        const struct session_patch *p = &l->all[i];

        items[i].data = &p->data;
        if (p->goes || !p->path)
            items[i].error = ERROR_UNKNOWN_PATCH;
    }
    err = patch_order(base, items, l->count);
    if (!err)
        for (u32 i = 0; i < l->count; i++)
            take_place(l, &l->all[i], &items[i]);
    if (!err)
        err = check_given(l, items);
    os_free(items);
    return err;
}

struct session_patch *patching_at(const struct session *s, i32 order)
{
    for (u32 i = 0; s->patches && i < s->patches->count; i++)
        if (s->patches->all[i].order == order)
            return &s->patches->all[i];
    return NULL;
}

const struct session_patch *patching_of_disk(const struct session *s, i32 disk)
{
    for (u32 i = 0; s->patches && i < s->patches->count; i++) {
        const struct session_patch *p = &s->patches->all[i];

        if (disk >= p->disk && disk - p->disk < p->disk_count)
            return p;
    }
    return NULL;
}

/* --- together -----------------------------------------------------------------------------------
 */

static u32 gather(struct session *s, const char16_t *code, bool as_it_is)
{
    struct session_patches *l = s->patches;
    u32 err;

    l->known =
        !s->restricted && !session_is_admin(s) && guid_is(code) && product_find(code, &l->of);
    err = l->known ? take_registered(l, &l->of) : ERROR_SUCCESS;

    if (!err && !as_it_is)
        err = take_list(s, "PATCH", take_given);
    if (!err && !as_it_is)
        err = take_list(s, "MSIPATCHREMOVE", take_going);
    return !err && l->going ? check_removable(l, &l->of) : err;
}

bool patching_turns(const struct session_patch *p)
{
    const struct patch_target *t = p->target;

    return t && t->new_code[0] && !u16_equal_fold(t->code, t->new_code);
}

/* The new product is what all of them make of the package: it has none of them yet. */
static void hand_over(struct session_patches *l)
{
    for (u32 i = 0; i < l->count; i++) {
        struct session_patch *p = &l->all[i];

        if (!p->registered)
            continue;
        p->registered = false;
        p->was = 0;
        p->fresh = p->handed = p->order >= 0;
        l->fresh += p->fresh;
    }
}

static u32 apply_all(struct session *s, const char16_t *code)
{
    struct patch_base now;
    u32 err = ERROR_SUCCESS;

    for (i32 i = 0; !err && i < (i32)s->patches->applied; i++)
        err = patching_pair(s, patching_at(s, i));
    if (err || !s->patches->applied)
        return err;
    err = patch_base_of(s->db, &now);
    s->patches->other_product = !err && !u16_equal_fold(now.code, code);
    if (s->patches->other_product)
        hand_over(s->patches);
    return err;
}

static struct session_patches *make(void)
{
    struct session_patches *l = os_calloc(1, sizeof(*l));

    if (!l)
        return NULL;
    names_init(&l->gone, sizeof(struct patch_gone));
    names_init(&l->features, sizeof(struct named));
    names_init(&l->forced, sizeof(struct named));
    return l;
}

u32 patching_apply(struct session *s, const struct session_options *o)
{
    struct patch_base base;
    const char16_t *code = o->product ? o->product : base.code;
    u32 err = patch_base_of(s->db, &base);

    if (err)
        return err;
    s->patches = make();
    if (!s->patches)
        return ERROR_OUTOFMEMORY;
    err = gather(s, code, o->as_it_is);
    if (!err && !s->patches->count) {
        patching_free(s);
        return ERROR_SUCCESS;
    }
    if (!err)
        err = put_in_order(s->patches, &base);
    if (!err)
        err = apply_all(s, code);
    return !err && s->patches->going ? patching_leave(s, o) : err;
}

bool patching_lacks(struct session *s)
{
    const struct property *remove;
    bool lacks;

    os_mutex_lock(&s->lock);
    remove = prop_get(s, "REMOVE");
    lacks = s->patches && s->patches->lacking &&
            !(remove && u16_is(remove->value, remove->value_len, "ALL"));
    os_mutex_unlock(&s->lock);
    return lacks;
}

/* --- properties ---------------------------------------------------------------------------------
 */

static void list_add(struct text_buf *list, const char16_t *text)
{
    if (list->len)
        tb_char(list, ';');
    tb_add(list, text, u16_len(text));
}

static u32 set_lists(struct session *s)
{
    struct text_buf coming, going;
    u32 err;

    tb_init(&coming);
    tb_init(&going);
    for (u32 i = 0; i < s->patches->count; i++) {
        const struct session_patch *p = &s->patches->all[i];

        if (p->fresh)
            list_add(&coming, p->path);
        if (p->goes)
            list_add(&going, p->code);
    }
    err = coming.failed || going.failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
    if (!err && coming.len)
        err = prop_set(s, "PATCH", coming.s, coming.len);
    if (!err && going.len)
        err = prop_set(s, "MsiPatchRemovalList", going.s, going.len);
    tb_free(&coming);
    tb_free(&going);
    return err;
}

/* What a patch changes is installed again, unless it is said what is to be. */
static u32 set_reinstall(struct session *s)
{
    u32 err;

    if (!prop_get(s, "Installed") || select_is_asked(s))
        return ERROR_SUCCESS;
    err = prop_set_ascii(s, "REINSTALL", "ALL");
    if (!err && !prop_get(s, "REINSTALLMODE"))
        err = prop_set_ascii(s, "REINSTALLMODE", s->patches->going ? "ecmus" : "omus");
    return err;
}

/* An image that is patched is made anew where it is, unless it is said where. */
static u32 set_target(struct session *s)
{
    enum { IMAGE = 4 };
    const char16_t *path = s->db->path;
    size_t len = path_name(path, u16_len(path));

    if (!(s->word_count & IMAGE) || prop_get(s, "TARGETDIR"))
        return ERROR_SUCCESS;
    return len ? prop_set(s, "TARGETDIR", path, len) : ERROR_SUCCESS;
}

/* A product that is made of another is for the same users. */
static u32 set_context(struct session *s)
{
    const struct session_patches *l = s->patches;

    if (!l->other_product || !l->known || s->registered)
        return ERROR_SUCCESS;
    return l->of.context == CONTEXT_MACHINE ? prop_set_ascii(s, "ALLUSERS", "1")
                                            : prop_set(s, "ALLUSERS", NULL, 0);
}

u32 patching_properties(struct session *s)
{
    u32 err;

    if (!s->patches || !(s->patches->fresh || s->patches->going))
        return ERROR_SUCCESS;
    err = set_lists(s);
    if (!err)
        err = set_context(s);
    if (!err && session_is_admin(s))
        return set_target(s);
    return err ? err : set_reinstall(s);
}

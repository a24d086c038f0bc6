/*
 * The transforms of a session: what the property TRANSFORMS lists is applied to its database before
 * anything is read from that.
 *
 *   :name      a sub-storage of the database
 *   @list      files beside the package      (secure at source)
 *   |list      files by their full paths     (secure by full path)
 *   list       files as they are named, or else beside the package
 * Names are separated by semicolons. Copies of secure ones are looked for first, in the folder of
 * the product below the cache of packages; copies of others are named by their paths in the list
 * that a product was registered with.
 *
 * A transform says in its summary information what it is for (the high word of the character count)
 * and which of its changes may be in vain (the low word). One that is missing, or made for
 * something else, fails the whole opening with ERROR_INSTALL_TRANSFORM_FAILURE.
 */
#include "transforms.h"

#include "codepage.h"
#include "look.h"
#include "os.h"
#include "pathname.h"
#include "products.h"
#include "propset.h"
#include "rows.h"
#include "session_impl.h"
#include "stg.h"
#include "trace.h"
#include "transform.h"
#include "utf16.h"

enum { PID_TEMPLATE = 7, PID_REVISION = 9, PID_CHARS = 16, ERRORS_MASK = 0x3f };

/* MSITRANSFORM_VALIDATE_* */
enum {
    SAME_LANGUAGE = 0x1,
    SAME_PRODUCT = 0x2,
    MAJOR = 0x8,
    MINOR = 0x10,
    UPDATE = 0x20,
    NEW_LESS = 0x40,
    NEW_LESS_EQUAL = 0x80,
    NEW_EQUAL = 0x100,
    NEW_GREATER_EQUAL = 0x200,
    NEW_GREATER = 0x400,
    SAME_UPGRADE_CODE = 0x800
};

/* --- what the transform says of itself ----------------------------------------------------------
 */

struct purpose {
    u32 validate, errors;
    char16_t *template, *revision; /* "code version;code version;upgrade code" */
};

static u32 decode(const struct propset *set, u32 id, char16_t **text)
{
    const struct prop *p = propset_get(set, id);
    u32 len = p && p->type == PROP_LPSTR ? p->len : 0;
    size_t need = 0;

    *text = os_alloc_array((u64)len + 1, sizeof(**text));
    if (!*text)
        return ERROR_OUTOFMEMORY;
    if (len &&
        codepage_decode(propset_codepage(set), (const char *)p->data, len, *text, len, &need))
        need = 0;
    (*text)[MIN(need, len)] = 0;
    return ERROR_SUCCESS;
}

static u32 purpose_of(const struct propset *set, struct purpose *p)
{
    const struct prop *chars = propset_get(set, PID_CHARS);
    u32 flags = chars && chars->type == PROP_I4 ? (u32)chars->num : 0;
    u32 err = decode(set, PID_TEMPLATE, &p->template);

    p->validate = flags >> 16;
    p->errors = flags & ERRORS_MASK;
    return err ? err : decode(set, PID_REVISION, &p->revision);
}

/* A transform without summary information is for everything. */
static u32 read_purpose(struct stg *transform, struct purpose *p)
{
    struct propset set;
    u8 *data;
    size_t len;
    u32 err = stg_read_all(transform, u"\005SummaryInformation", &data, &len);

    propset_init(&set);
    if (!err) {
        err = propset_read(&set, data, len);
        os_free(data);
    } else if (err == ERROR_FILE_NOT_FOUND) {
        err = ERROR_SUCCESS;
    }
    if (!err)
        err = purpose_of(&set, p);
    propset_free(&set);
    return err && err != ERROR_OUTOFMEMORY ? ERROR_INSTALL_TRANSFORM_FAILURE : err;
}

/* --- whether it is for this package -------------------------------------------------------------
 */

struct text_value {
    char16_t *text;
    size_t len;
};

/* The part between the n-th semicolon and the next. */
static const char16_t *part(const char16_t *text, u32 n, size_t *len)
{
    size_t end = 0;

    for (; n && *text; text++)
        n -= *text == ';';
    while (text[end] && text[end] != ';')
        end++;
    *len = end;
    return text;
}

static bool same(const struct text_value *v, const char16_t *text, size_t len)
{
    return v->text && !u16_compare_fold(v->text, v->len, text, len);
}

static u32 next_number(const char16_t **s, const char16_t *end)
{
    u32 n = 0;

    for (; *s < end && **s != '.'; (*s)++)
        if (**s >= '0' && **s <= '9' && n < 100000000)
            n = n * 10 + (u32)(**s - '0');
    if (*s < end)
        (*s)++;
    return n;
}

/* The first `fields` numbers of two versions; <0, 0, >0. */
static int compare_versions(const char16_t *a, size_t a_len, const char16_t *b, size_t b_len,
                            u32 fields)
{
    const char16_t *a_end = a + a_len, *b_end = b + b_len;

    while (fields--) {
        u32 x = next_number(&a, a_end), y = next_number(&b, b_end);

        if (x != y)
            return x < y ? -1 : 1;
    }
    return 0;
}

static bool relation_holds(u32 validate, int order)
{
    return !((validate & NEW_LESS && order >= 0) || (validate & NEW_LESS_EQUAL && order > 0) ||
             (validate & NEW_EQUAL && order) || (validate & NEW_GREATER_EQUAL && order < 0) ||
             (validate & NEW_GREATER && order <= 0));
}

static bool version_suits(const struct purpose *p, const struct text_value *own,
                          const char16_t *version, size_t len)
{
    u32 fields = p->validate & UPDATE ? 3 : p->validate & MINOR ? 2 : p->validate & MAJOR ? 1 : 0;

    if (!fields)
        return true;
    return own->text &&
           relation_holds(p->validate, compare_versions(own->text, own->len, version, len, fields));
}

static bool language_suits(const struct purpose *p, const struct text_value *own)
{
    size_t len;
    const char16_t *language = part(p->template, 1, &len);

    return !(p->validate & SAME_LANGUAGE) || same(own, language, len);
}

enum { CODE, VERSION, UPGRADE, LANGUAGE, VALUES };

static bool purpose_suits(const struct purpose *p, const struct text_value *own)
{
    size_t len, upgrade_len, code_len = 38;
    const char16_t *base = part(p->revision, 0, &len);
    const char16_t *upgrade = part(p->revision, 2, &upgrade_len);

    code_len = MIN(code_len, len);
    if (p->validate & SAME_PRODUCT && !same(&own[CODE], base, code_len))
        return false;
    if (p->validate & SAME_UPGRADE_CODE && !same(&own[UPGRADE], upgrade, upgrade_len))
        return false;
    return language_suits(p, &own[LANGUAGE]) &&
           version_suits(p, &own[VERSION], base + code_len, len - code_len);
}

static u32 check_purpose(struct session *s, const struct purpose *p)
{
    static const char16_t *const names[VALUES] = {u"ProductCode", u"ProductVersion", u"UpgradeCode",
                                                  u"ProductLanguage"};
    struct text_value own[VALUES] = {{NULL, 0}};
    u32 err = ERROR_SUCCESS;

    if (!p->validate || !p->revision || !p->template)
        return ERROR_SUCCESS;
    for (int i = 0; !err && i < VALUES; i++)
        err = rows_property(s->db, names[i], &own[i].text, &own[i].len);
    if (!err && !purpose_suits(p, own))
        err = ERROR_INSTALL_TRANSFORM_FAILURE;
    for (int i = 0; i < VALUES; i++)
        os_free(own[i].text);
    return err;
}

/* --- applying -----------------------------------------------------------------------------------
 */

u32 transform_apply(struct session *s, struct stg *transform, bool check)
{
    struct purpose p = {0, 0, NULL, NULL};
    u32 err = read_purpose(transform, &p);

    if (!err && check)
        err = check_purpose(s, &p);
    if (!err) {
        db_lock(s->db);
        err = xform_apply(s->db->core, transform, p.errors, NULL);
        db_unlock(s->db);
    }
    os_free(p.template);
    os_free(p.revision);
    return err;
}

static bool has_folder(const char16_t *name, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (name[i] == '\\' || name[i] == '/' || name[i] == ':')
            return true;
    return false;
}

static u32 open_stored(struct session *s, const char16_t *name, size_t len, struct stg **out)
{
    char16_t *copy = u16_dup(name, len);
    u32 err;

    if (!copy)
        return ERROR_OUTOFMEMORY;
    db_lock(s->db);
    err = stg_sub_open(s->db->stg, copy, out);
    db_unlock(s->db);
    os_free(copy);
    return err;
}

/* --- where a file is ----------------------------------------------------------------------------
 */

/* Whether there is a file of that name in the folder; then *path is what os.h opens it by. */
static bool is_below(const char16_t *folder, size_t folder_units, const char16_t *name, size_t len,
                     struct text_buf *path)
{
    char16_t mapped[LOOK_PATH];

    tb_cut(path, 0);
    tb_add(path, folder, folder_units);
    tb_add(path, name, len);
    if (path->failed || !path->s)
        return false;
    if (os_exists(path->s))
        return true;
    if (!look_exists(path->s) || !look_os_path(path->s, mapped))
        return false;
    tb_cut(path, 0);
    tb_add(path, mapped, u16_len(mapped));
    return !path->failed;
}

/* The copies that the product has of its secure ones. */
static bool is_kept(struct session *s, const char16_t *name, size_t len, struct text_buf *path)
{
    const struct property *windows = prop_get(s, "WindowsFolder"),
                          *instance = prop_get(s, "MSIINSTANCEGUID");
    struct text_value code = {NULL, 0};
    struct text_buf folder;
    bool is = false;

    tb_init(&folder);
    if (instance && guid_is(instance->value))
        tb_add(&folder, instance->value, instance->value_len);
    else if (!rows_property(s->db, u"ProductCode", &code.text, &code.len) && code.text &&
             guid_is(code.text))
        tb_add(&folder, code.text, code.len);
    os_free(code.text);
    if (windows && folder.len && !folder.failed) {
        struct text_buf whole;

        tb_init(&whole);
        tb_add(&whole, windows->value, windows->value_len);
        tb_ascii(&whole, "Installer\\");
        tb_add(&whole, folder.s, folder.len);
        tb_char(&whole, '\\');
        is = !whole.failed && is_below(whole.s, whole.len, name, len, path);
        tb_free(&whole);
    }
    tb_free(&folder);
    return is;
}

u32 transform_find(struct session *s, const struct transform_name *n, struct text_buf *path)
{
    const struct property *source = prop_get(s, "OriginalDatabase");
    const char16_t *package = s->db->path, *base = n->name + path_name(n->name, n->len);
    size_t len = n->len - (size_t)(base - n->name);
    bool found;

    found = n->kind && is_kept(s, base, len, path);
    if (!found && (n->kind != '@' || has_folder(n->name, n->len)))
        found = is_below(u"", 0, n->name, n->len, path);
    if (!found && n->kind != '|')
        found = is_below(package, path_name(package, u16_len(package)), base, len, path);
    if (!found && n->kind != '|' && source)
        found =
            is_below(source->value, path_name(source->value, source->value_len), base, len, path);
    return path->failed ? ERROR_OUTOFMEMORY : found ? ERROR_SUCCESS : ERROR_FILE_NOT_FOUND;
}

static u32 open_file(struct session *s, const struct transform_name *n, struct stg **out)
{
    struct text_buf path;
    u32 err;

    tb_init(&path);
    err = transform_find(s, n, &path);
    if (!err)
        err = stg_open(path.s, STG_READ, out);
    tb_free(&path);
    return err;
}

/* --- the list -----------------------------------------------------------------------------------
 */

static u32 apply_named(void *ctx, const struct transform_name *n)
{
    struct session *s = ctx;
    struct stg *transform;
    u32 err = n->name[0] == ':' ? open_stored(s, n->name + 1, n->len - 1, &transform)
                                : open_file(s, n, &transform);

    if (!err) {
        err = transform_apply(s, transform, true);
        stg_close(transform);
    }
    TRACE(TRACE_MSI, "transform %s: %u", trace_text(n->name, (int)n->len), err);
    return err && err != ERROR_OUTOFMEMORY ? ERROR_INSTALL_TRANSFORM_FAILURE : err;
}

u32 transforms_each(const char16_t *list, size_t len,
                    u32 (*each)(void *ctx, const struct transform_name *n), void *ctx)
{
    struct transform_name n = {0, NULL, 0};
    u32 err = ERROR_SUCCESS;

    n.kind = len && (list[0] == '@' || list[0] == '|') ? list[0] : 0;
    for (size_t at = n.kind ? 1 : 0, end; !err && at < len; at = end + 1) {
        while (at < len && list[at] == ' ')
            at++;
        for (end = at; end < len && list[end] != ';';)
            end++;
        n.name = list + at;
        n.len = end - at;
        if (n.len)
            err = each(ctx, &n);
    }
    return err;
}

u32 transforms_apply(struct session *s, const char16_t *list, size_t len)
{
    return transforms_each(list, len, apply_named, s);
}

/* A product that is there has those that it was registered with. */
u32 transforms_registered(struct session *s, bool *there)
{
    struct text_value code;
    struct product p;
    char16_t *list = NULL;
    u32 err = rows_property(s->db, u"ProductCode", &code.text, &code.len);

    *there = false;
    if (!err && code.text && guid_is(code.text) && product_find(code.text, &p))
        err = product_property(&p, u"Transforms", &list);
    os_free(code.text);
    if (err == ERROR_UNKNOWN_PROPERTY)
        err = ERROR_SUCCESS;
    *there = !err && list && list[0];
    if (*there)
        err = prop_set(s, "TRANSFORMS", list, u16_len(list));
    if (!err && *there)
        err = transforms_apply(s, list, u16_len(list));
    os_free(list);
    return err;
}

u32 transforms_listed(struct session *s)
{
    struct text_value v;
    u32 err = rows_property(s->db, u"TRANSFORMS", &v.text, &v.len);

    if (!err && v.text)
        err = transforms_apply(s, v.text, v.len);
    os_free(v.text);
    return err;
}

/*
 * Planning operations on the registry.
 */
#include "regplan.h"

#include <string.h>

#include "rows.h"
#include "stores.h"
#include "target.h"
#include "utf16.h"

/* --- whose product it is ------------------------------------------------------------------------
 */

static bool property_is(const struct install *in, const char *name, const char *value)
{
    const struct property *p = prop_get(in->s, name);

    return p && u16_is(p->value, p->value_len, value);
}

/* A product that is there stays where it is. */
static u32 context_of(const struct install *in)
{
    if (in->s->registered)
        return in->s->product_there.context;
    return session_for_all_users(in->s) ? CONTEXT_MACHINE : CONTEXT_USER;
}

/* The caller's own is not named: it is HKEY_CURRENT_USER then. */
static u32 take_sid(struct install *in)
{
    const struct product *p = &in->s->product_there;

    if (in->context == CONTEXT_MACHINE || in->sid || !in->s->registered || !p->sid[0])
        return ERROR_SUCCESS;
    in->sid = u16_dup(p->sid, u16_len(p->sid));
    return in->sid ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

u32 install_identify(struct install *in)
{
    const struct property *p = prop_get(in->s, "ProductCode");

    if (in->product_code)
        return ERROR_SUCCESS;
    if (!p || !guid_is(p->value))
        return ERROR_INSTALL_PACKAGE_INVALID;
    in->product_code = u16_dup(p->value, p->value_len);
    if (!in->product_code)
        return ERROR_OUTOFMEMORY;
    for (size_t i = 0; i < p->value_len; i++)
        in->product_code[i] = u16_upper(in->product_code[i]);
    in->context = context_of(in);
    in->per_machine = in->context == CONTEXT_MACHINE;
    return take_sid(in);
}

bool install_removes_all(const struct install *in)
{
    bool was = false;

    if (!in->s->registered)
        return false;
    for (u32 i = 0; i < in->s->features.count; i++) {
        const struct feature *f = names_at(&in->s->features, i);
        int state = f->action == STATE_UNKNOWN ? f->installed : f->action;

        if (state == STATE_LOCAL || state == STATE_SOURCE || state == STATE_ADVERTISED ||
            state == STATE_DEFAULT)
            return false;
        was = was || f->action == STATE_ABSENT;
    }
    return was || property_is(in, "REMOVE", "ALL");
}

bool install_adds_nothing(const struct install *in)
{
    if (in->s->registered || session_advertises(in->s))
        return false;
    for (u32 i = 0; i < in->s->features.count; i++) {
        const struct feature *f = names_at(&in->s->features, i);

        if (f->action != STATE_UNKNOWN && f->action != STATE_ABSENT)
            return false;
    }
    return in->s->features.count;
}

/* --- operations ---------------------------------------------------------------------------------
 */

static void begin(struct op *op, u32 kind, const struct reg_place *at)
{
    op_begin(op, kind);
    op_number(op, at->root);
    op_number(op, at->view);
    op_text(op, at->key);
}

/* Whether the key begins with that name, and that is all of it or a backslash follows. */
static bool begins_with(const char16_t *key, const char *name)
{
    size_t len = strlen(name), i = 0;

    while (i < len && key[i] && u16_upper(key[i]) == u16_upper((unsigned char)name[i]))
        i++;
    return i == len && (!key[i] || key[i] == '\\');
}

/* What Windows keeps once for both views: the classes, but these. Where a registry has them twice,
 * as Wine's has most, what a 32-bit component registers is found by programs of either width all
 * the same. */
static bool is_shared(const struct reg_place *at)
{
    static const char *const apart[] = {"CLSID", "DirectShow", "Interface", "Media Type",
                                        "MediaFoundation"};
    const char *classes = "Software\\Classes";

    if (at->view != REG_VIEW_32 || (at->root != REG_MACHINE && at->root != REG_USER) ||
        !begins_with(at->key, classes) || !at->key[strlen(classes)])
        return false;
    for (size_t i = 0; i < ARRAY_LEN(apart); i++)
        if (begins_with(at->key + strlen(classes) + 1, apart[i]))
            return false;
    return true;
}

static u32 plan_at(struct install *in, struct op *op, const struct reg_place *at)
{
    u32 err = plan(in, op);

    if (err || !is_shared(at))
        return err;
    op->f[1].number = REG_VIEW_64;
    return plan(in, op);
}

u32 plan_reg_set(struct install *in, const struct reg_place *at, const char16_t *name, u32 type,
                 const void *bytes, size_t size)
{
    struct op op;

    if (size > REG_DATA_MAX)
        return ERROR_INSTALL_PACKAGE_INVALID;
    begin(&op, OP_REG_SET, at);
    op_text(&op, name ? name : u"");
    op_number(&op, type);
    op_bytes(&op, bytes, size);
    return plan_at(in, &op, at);
}

static u32 set_text(struct install *in, const struct reg_place *at, const char16_t *name, u32 type,
                    const char16_t *text)
{
    return plan_reg_set(in, at, name, type, text, (u16_len(text) + 1) * sizeof(*text));
}

u32 plan_reg_text(struct install *in, const struct reg_place *at, const char16_t *name,
                  const char16_t *text)
{
    return set_text(in, at, name, REG_TYPE_SZ, text);
}

u32 plan_reg_expand(struct install *in, const struct reg_place *at, const char16_t *name,
                    const char16_t *text)
{
    return set_text(in, at, name, REG_TYPE_EXPAND, text);
}

u32 plan_reg_number(struct install *in, const struct reg_place *at, const char16_t *name,
                    u32 number)
{
    u8 bytes[4];

    put_le32(bytes, number);
    return plan_reg_set(in, at, name, REG_TYPE_DWORD, bytes, sizeof(bytes));
}

u32 plan_reg_remove_value(struct install *in, const struct reg_place *at, const char16_t *name)
{
    struct op op;

    begin(&op, OP_REG_REMOVE_VALUE, at);
    op_text(&op, name ? name : u"");
    return plan_at(in, &op, at);
}

static u32 plan_key(struct install *in, u32 kind, const struct reg_place *at)
{
    struct op op;

    begin(&op, kind, at);
    return plan_at(in, &op, at);
}

u32 plan_reg_make_key(struct install *in, const struct reg_place *at)
{
    return plan_key(in, OP_REG_MAKE_KEY, at);
}

u32 plan_reg_remove_key(struct install *in, const struct reg_place *at)
{
    return plan_key(in, OP_REG_REMOVE_KEY, at);
}

u32 plan_reg_remove_empty(struct install *in, const struct reg_place *at, size_t keep)
{
    struct op op;
    size_t first = 0;

    while (at->key[first] && at->key[first] != '\\')
        first++;
    keep = MAX(keep, first);

    begin(&op, OP_REG_REMOVE_EMPTY, at);
    op_number(&op, (i64)keep);
    return plan_at(in, &op, at);
}

u32 plan_reg_list(struct install *in, const struct reg_place *at, const char16_t *name, u32 how,
                  const char16_t *text, size_t len)
{
    struct op op;

    begin(&op, OP_REG_LIST, at);
    op_text(&op, name ? name : u"");
    op_number(&op, how);
    op_text_n(&op, text, len);
    return plan_at(in, &op, at);
}

/* --- rows ---------------------------------------------------------------------------------------
 */

static void *row_named(const struct name_list *l, struct record *row, u32 field)
{
    struct rec_view v;
    u32 i;

    if (rec_view(row, field, &v))
        return NULL;
    i = names_find(l, v.text, v.len);
    return i == NAME_NONE ? NULL : names_at(l, i);
}

struct component *row_component(struct install *in, struct record *row, u32 field)
{
    return row_named(&in->s->components, row, field);
}

struct feature *row_feature(struct install *in, struct record *row, u32 field)
{
    return row_named(&in->s->features, row, field);
}

u32 row_format(struct install *in, struct record *row, u32 field, struct text_buf *out)
{
    struct rec_view v;
    u32 err;

    tb_init(out);
    if (rec_view(row, field, &v))
        return ERROR_INSTALL_PACKAGE_INVALID;
    err = format_text(in->s, v.text, v.len, out);
    if (!err)
        tb_add(out, u"", 0);
    return !err && (out->failed || !out->s) ? ERROR_OUTOFMEMORY : err;
}

const char16_t *install_property(const struct install *in, const char *name)
{
    const struct property *p = prop_get(in->s, name);

    return p ? p->value : u"";
}

/* --- components ---------------------------------------------------------------------------------
 */

enum reg_view component_view(const struct component *c)
{
    return c->attributes & COMPONENT_64BIT ? REG_VIEW_64 : REG_VIEW_32;
}

static const struct package_file *key_file(const struct install *in, const struct component *c)
{
    u32 i = names_find(&in->s->files, c->key_path, u16_len(c->key_path));

    return i == NAME_NONE ? NULL : names_at(&in->s->files, i);
}

u32 component_key_file(struct install *in, const struct component *c, struct text_buf *out)
{
    const struct package_file *f = key_file(in, c);
    bool source =
        c->action == STATE_SOURCE || (c->action == STATE_UNKNOWN && c->installed == STATE_SOURCE);
    u32 err = source          ? folder_source(in->s, c->folder, u16_len(c->folder), out)
              : c->store && f ? file_target_folder(in->s, f, out)
                              : component_target(in->s, c, out);

    if (err)
        return ERROR_INSTALL_PACKAGE_INVALID;
    if (f)
        tb_add(out, f->long_name, u16_len(f->long_name));
    return out->failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

/* --- components that are left as they are -------------------------------------------------------
 */

struct key_value {
    struct install *in;
    const struct component *c;
    bool there;
};

/* Fields: root, key, name. */
static u32 look_for_value(void *ctx, struct record *row)
{
    struct key_value *k = ctx;
    struct text_buf key, name;
    struct reg_place at = {.view = component_view(k->c)};
    u32 err = row_format(k->in, row, 2, &key);

    tb_init(&name);
    if (!err)
        err = row_format(k->in, row, 3, &name);
    if (!err)
        err = registry_place(k->in, rec_get_int(row, 1), &key, &at);
    if (!err)
        k->there = reg_place_has(&at, name.len ? name.s : NULL);
    tb_free(&key);
    tb_free(&name);
    return err;
}

static bool key_value_there(struct install *in, const struct component *c)
{
    struct key_value k = {in, c, false};

    if (rows_each_named(in->s->db,
                        u"SELECT `Root`, `Key`, `Name` FROM `Registry` WHERE `Registry` = ?",
                        c->key_path, u16_len(c->key_path), look_for_value, &k))
        return false;
    return k.there;
}

static bool key_file_there(struct install *in, const struct component *c)
{
    struct tgt_stat st;
    struct text_buf path;
    bool there;

    tb_init(&path);
    there = !component_key_file(in, c, &path) && !tgt_stat(path.s, &st);
    tb_free(&path);
    return there;
}

bool component_kept(struct install *in, const struct component *c)
{
    if (!(c->attributes & COMPONENT_NEVER_OVERWRITE) || !c->key_path[0])
        return false;
    if (c->attributes & COMPONENT_REG_KEY_PATH)
        return key_value_there(in, c);
    return !(c->attributes & COMPONENT_ODBC_KEY_PATH) && key_file_there(in, c);
}

bool reinstalls(const struct install *in, const struct component *c, char16_t letter)
{
    const char16_t *mode = install_property(in, "REINSTALLMODE");

    if (c->installed != STATE_LOCAL && c->installed != STATE_SOURCE)
        return true;
    if (!mode[0])
        mode = u"omus";
    while (*mode && u16_upper(*mode) != u16_upper(letter))
        mode++;
    return *mode;
}

/* --- places -------------------------------------------------------------------------------------
 */

u32 reg_place_open(const struct reg_place *at, struct reg_key **key)
{
    return reg_open_view(at->root, at->view, at->key, key);
}

size_t layout_keep(const struct layout_path *p)
{
    static const char16_t own[] = u"\\Installer";
    size_t n = ARRAY_LEN(own) - 1, len = u16_len(p->path);

    for (size_t i = 0; i + n <= len; i++)
        if (!u16_compare(p->path + i, n, own, n))
            return i;
    return len;
}

u32 plan_layout_remove(struct install *in, const struct layout_path *p)
{
    struct reg_place at = {p->root, REG_VIEW_64, p->path};
    u32 err = plan_reg_remove_key(in, &at);

    return err ? err : plan_reg_remove_empty(in, &at, layout_keep(p));
}

void upgrade_key(const char16_t *upgrade, char16_t key[LAYOUT_PATH])
{
    size_t n = u16_copy(key, LAYOUT_PATH,
                        u"Software\\Microsoft\\Windows\\CurrentVersion\\Installer\\UpgradeCodes\\");

    guid_pack(upgrade, key + n);
}

bool reg_place_has(const struct reg_place *at, const char16_t *name)
{
    struct reg_key *key;
    bool has;

    if (reg_place_open(at, &key))
        return false;
    has = reg_has_value(key, name ? name : u"");
    reg_close(key);
    return has;
}

static bool root_of(const struct install *in, i32 root, enum reg_root *out)
{
    static const enum reg_root roots[] = {REG_CLASSES, REG_USER, REG_MACHINE, REG_USERS};

    if (root == -1)
        *out = in->per_machine ? REG_MACHINE : REG_USER;
    else if (root < 0 || root >= (i32)ARRAY_LEN(roots))
        return false;
    else
        *out = roots[root];
    return true;
}

/* Without backslashes at its ends. */
static void trim(struct text_buf *key)
{
    size_t n = 0;

    while (key->len && key->s[key->len - 1] == '\\')
        tb_cut(key, key->len - 1);
    while (n < key->len && key->s[n] == '\\')
        n++;
    if (!n)
        return;
    for (size_t i = n; i <= key->len; i++)
        key->s[i - n] = key->s[i];
    key->len -= n;
}

u32 registry_place(struct install *in, i32 root, struct text_buf *key, struct reg_place *at)
{
    static const char16_t classes[] = u"Software\\Classes\\";

    if (!root_of(in, root, &at->root))
        return ERROR_INSTALL_PACKAGE_INVALID;
    trim(key);
    if (!key->len) /* it would be all of the root */
        return ERROR_INSTALL_PACKAGE_INVALID;
    if (at->root == REG_CLASSES) {
        for (size_t i = 0; classes[i]; i++)
            tb_insert(key, i, classes[i]);
        at->root = in->per_machine ? REG_MACHINE : REG_USER;
    }
    at->key = key->s;
    return key->failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

void classes_root(const struct install *in, struct reg_place *at)
{
    at->root = in->per_machine ? REG_MACHINE : REG_USER;
    at->key = u"Software\\Classes";
}

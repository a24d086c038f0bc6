/*
 * WriteRegistryValues and RemoveRegistryValues: the tables Registry and RemoveRegistry.
 *
 * A row is written when its component comes and taken away when that goes. In a name without a
 * value, `+` makes the key when the component comes, `-` removes it with all in it when the
 * component goes, `*` does both. A key from which the last value goes, goes too.
 */
#include "act_registry.h"

#include "os.h"
#include "regplan.h"
#include "regvalue.h"
#include "rows.h"
#include "utf16.h"

/* A row of either table, formatted. */
struct reg_row {
    const struct component *component;
    struct reg_place at;
    struct text_buf key, name, value;
    bool has_value;
    char16_t sign; /* of a name without a value: + - *; or 0 */
};

static void row_free(struct reg_row *r)
{
    tb_free(&r->key);
    tb_free(&r->name);
    tb_free(&r->value);
}

static const char *root_name(enum reg_root root)
{
    return root == REG_MACHINE ? "HKEY_LOCAL_MACHINE\\"
           : root == REG_USER  ? "HKEY_CURRENT_USER\\"
           : root == REG_USERS ? "HKEY_USERS\\"
                               : "HKEY_CLASSES_ROOT\\";
}

/* --- rows ---------------------------------------------------------------------------------------
 */

static void read_sign(struct reg_row *r)
{
    char16_t c = r->name.len == 1 && !r->has_value ? r->name.s[0] : 0;

    r->sign = c == '+' || c == '-' || c == '*' ? c : 0;
}

/* Fields: root, key, name, component, and of Registry the value. */
static u32 read_row(struct install *in, struct record *row, struct reg_row *r)
{
    u32 err = row_format(in, row, 2, &r->key);

    if (!err)
        err = row_format(in, row, 3, &r->name);
    r->has_value = rec_count(row) > 4 && !rec_is_null(row, 5);
    if (!err && rec_count(row) > 4)
        err = row_format(in, row, 5, &r->value);
    if (!err)
        err = registry_place(in, rec_get_int(row, 1), &r->key, &r->at);
    r->at.view = component_view(r->component);
    if (!err)
        read_sign(r);
    return err;
}

static u32 say(struct install *in, const struct reg_row *r, bool writes)
{
    const char16_t *texts[3] = {NULL, r->name.s, r->value.s};
    struct text_buf key;
    u32 err;

    tb_init(&key);
    tb_ascii(&key, root_name(r->at.root));
    tb_add(&key, r->key.s, r->key.len);
    texts[0] = key.s;
    err = key.failed ? ERROR_OUTOFMEMORY : plan_data(in, writes ? 3 : 2, texts);
    tb_free(&key);
    return err;
}

/* --- writing ------------------------------------------------------------------------------------
 */

/* Whether a reinstallation leaves a root alone: REINSTALLMODE has neither its m nor its u. */
static bool left_alone(const struct install *in, const struct reg_row *r)
{
    bool of_user = r->at.root == REG_USER || r->at.root == REG_USERS;

    return !reinstalls(in, r->component, of_user ? 'u' : 'm');
}

static u32 write_value(struct install *in, const struct reg_row *r)
{
    const char16_t *name = r->name.len ? r->name.s : NULL;
    struct reg_value v;
    u32 err = reg_value_of(r->value.s ? r->value.s : u"", r->value.len, &v);

    if (!err && v.how)
        err = plan_reg_list(in, &r->at, name, v.how, v.items, v.items_len);
    else if (!err)
        err = plan_reg_set(in, &r->at, name, v.type, v.bytes.data, v.bytes.len);
    buf_free(&v.bytes);
    return err;
}

static u32 write_read(struct install *in, const struct reg_row *r)
{
    u32 err;

    if (r->sign == '-' || left_alone(in, r))
        return ERROR_SUCCESS;
    err = say(in, r, true);
    if (err)
        return err;
    return r->sign ? plan_reg_make_key(in, &r->at) : write_value(in, r);
}

static u32 write_row(void *ctx, struct record *row)
{
    struct install *in = ctx;
    struct reg_row r = {.component = row_component(in, row, 4)};
    u32 err;

    if (!r.component || !component_installs(r.component) || component_kept(in, r.component))
        return ERROR_SUCCESS;
    err = read_row(in, row, &r);
    if (!err)
        err = write_read(in, &r);
    row_free(&r);
    return err;
}

static const char16_t registry[] =
    u"SELECT `Root`, `Key`, `Name`, `Component_`, `Value` FROM `Registry`";
static const char16_t remove_registry[] =
    u"SELECT `Root`, `Key`, `Name`, `Component_` FROM `RemoveRegistry`";

u32 act_write_registry(struct install *in)
{
    u32 err = install_identify(in);

    return err ? err : rows_each(in->s->db, registry, NULL, write_row, in);
}

/* --- keys that stay -----------------------------------------------------------------------------
 */

/* A removal, and the keys that rows with a `+` want to keep: "root,view,KEY". */
struct removal {
    struct install *in;
    struct name_list kept;
};

static void kept_name(const struct reg_place *at, size_t len, struct text_buf *name)
{
    tb_init(name);
    tb_number(name, (i32)at->root);
    tb_char(name, ',');
    tb_number(name, (i32)at->view);
    tb_char(name, ',');
    for (size_t i = 0; i < len; i++)
        tb_char(name, u16_upper(at->key[i]));
}

static u32 keep_key(struct removal *r, const struct reg_place *at)
{
    struct text_buf name;
    u32 err = ERROR_OUTOFMEMORY;

    kept_name(at, u16_len(at->key), &name);
    if (!name.failed && (names_find(&r->kept, name.s, name.len) != NAME_NONE ||
                         names_add(&r->kept, name.s, name.len)))
        err = ERROR_SUCCESS;
    tb_free(&name);
    return err;
}

/* How much of the key's path is such a key. */
static u32 kept_part(struct removal *r, const struct reg_place *at, size_t *keep)
{
    struct text_buf name;
    bool found = false;

    *keep = 0;
    for (size_t n = u16_len(at->key); r->kept.count && n && !found; n--) {
        if (at->key[n] && at->key[n] != '\\')
            continue;
        kept_name(at, n, &name);
        if (name.failed)
            return ERROR_OUTOFMEMORY;
        found = names_find(&r->kept, name.s, name.len) != NAME_NONE;
        tb_free(&name);
        *keep = found ? n : 0;
    }
    return ERROR_SUCCESS;
}

static u32 remove_empty(struct removal *r, const struct reg_place *at)
{
    size_t keep;
    u32 err = kept_part(r, at, &keep);

    return err ? err : plan_reg_remove_empty(r->in, at, keep);
}

/* The key, and those above it where they are empty then. */
static u32 remove_key(struct removal *r, const struct reg_place *at)
{
    struct reg_place up = *at;
    size_t n = u16_len(at->key);
    char16_t *key;
    u32 err = plan_reg_remove_key(r->in, at);

    while (n && at->key[n - 1] != '\\')
        n--;
    if (err || n < 2)
        return err;
    key = u16_dup(at->key, n - 1);
    if (!key)
        return ERROR_OUTOFMEMORY;
    up.key = key;
    err = remove_empty(r, &up);
    os_free(key);
    return err;
}

/* --- removing -----------------------------------------------------------------------------------
 */

static u32 note_kept(void *ctx, struct record *row)
{
    struct removal *r = ctx;
    struct reg_row k = {.component = row_component(r->in, row, 4)};
    struct rec_view name;
    u32 err = ERROR_SUCCESS;

    if (!k.component || !rec_is_null(row, 5) || rec_view(row, 3, &name) ||
        !u16_is(name.text, name.len, "+"))
        return ERROR_SUCCESS;
    err = read_row(r->in, row, &k);
    if (!err)
        err = keep_key(r, &k.at);
    row_free(&k);
    return err;
}

static u32 remove_value(struct removal *r, const struct reg_row *row)
{
    const char16_t *name = row->name.len ? row->name.s : NULL;
    struct reg_value v;
    u32 err = reg_value_of(row->value.s ? row->value.s : u"", row->value.len, &v);

    if (!err && v.how)
        err = plan_reg_list(r->in, &row->at, name, LIST_LEAVE, v.items, v.items_len);
    else if (!err)
        err = plan_reg_remove_value(r->in, &row->at, name);
    buf_free(&v.bytes);
    return err ? err : remove_empty(r, &row->at);
}

/* A row of Registry whose component goes. */
static u32 unwrite_read(struct removal *r, const struct reg_row *row)
{
    u32 err;

    if (row->sign == '+')
        return ERROR_SUCCESS;
    err = say(r->in, row, false);
    if (err)
        return err;
    return row->sign ? remove_key(r, &row->at) : remove_value(r, row);
}

static u32 unwrite_row(void *ctx, struct record *row)
{
    struct removal *removal = ctx;
    struct reg_row r = {.component = row_component(removal->in, row, 4)};
    u32 err;

    if (!r.component || !component_goes(r.component))
        return ERROR_SUCCESS;
    err = read_row(removal->in, row, &r);
    if (!err)
        err = unwrite_read(removal, &r);
    row_free(&r);
    return err;
}

/* A row of RemoveRegistry, whose component comes. */
static u32 remove_read(struct removal *r, const struct reg_row *row)
{
    u32 err = say(r->in, row, false);

    if (err)
        return err;
    if (row->sign == '-')
        return remove_key(r, &row->at);
    err = plan_reg_remove_value(r->in, &row->at, row->name.len ? row->name.s : NULL);
    return err ? err : remove_empty(r, &row->at);
}

static u32 remove_row(void *ctx, struct record *row)
{
    struct removal *removal = ctx;
    struct reg_row r = {.component = row_component(removal->in, row, 4)};
    u32 err;

    if (!r.component || !component_installs(r.component))
        return ERROR_SUCCESS;
    err = read_row(removal->in, row, &r);
    if (!err)
        err = remove_read(removal, &r);
    row_free(&r);
    return err;
}

u32 act_remove_registry(struct install *in)
{
    struct removal r = {.in = in};
    u32 err = install_identify(in);

    names_init(&r.kept, sizeof(struct named));
    if (!err)
        err = rows_each(in->s->db, registry, NULL, note_kept, &r);
    if (!err)
        err = rows_each(in->s->db, registry, NULL, unwrite_row, &r);
    if (!err)
        err = rows_each(in->s->db, remove_registry, NULL, remove_row, &r);
    names_free(&r.kept, NULL);
    return err;
}

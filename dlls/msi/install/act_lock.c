/*
 * LockPermissions and MsiLockPermissionsEx: who may do what with the files, folders, keys and
 * services of the package.
 *
 * A list of the former is made of its rows: the system has full control, each user what its row
 * says. A user that is not known here is left out and told of, for the users of another domain's
 * machines are not in a prefix; Windows ends the installation there.
 */
#include "act_lock.h"

#include "errorrec.h"
#include "log.h"
#include "notice.h"
#include "os.h"
#include "reg.h"
#include "regplan.h"
#include "rows.h"
#include "security.h"
#include "utf16.h"

enum { BOTH_TABLES = 1941, TWO_CONDITIONS, NO_DESCRIPTOR, NO_USER = 1609 };

struct lock {
    struct install *in;
    const char16_t *table;
    const char *flags; /* who inherits an entry: files and folders in a folder, keys in a key */
    char16_t *object;  /* whose rows are read now */
    size_t len;
    struct text_buf text; /* its descriptor so far; empty: none */
};

/* --- messages -----------------------------------------------------------------------------------
 */

/* Without the lock: a handler may call anything. */
static u32 refuse(struct lock *l, i32 number, const char16_t *first, const char16_t *second)
{
    const char16_t *const texts[] = {first, second, l->object, l->table};
    struct notice_field fields[6] = {{NULL, 0, false, 0}};

    fields[1].is_number = true;
    fields[1].number = number;
    for (size_t i = 0, at = 2; i < ARRAY_LEN(texts); i++)
        if (texts[i]) {
            fields[at].text = texts[i];
            fields[at++].len = u16_len(texts[i]);
        }
    os_mutex_unlock(&l->in->s->lock);
    notice_send(l->in->s, NOTICE_ERROR, fields, ARRAY_LEN(fields));
    os_mutex_lock(&l->in->s->lock);
    return ERROR_INSTALL_FAILURE;
}

/* --- objects ------------------------------------------------------------------------------------
 */

static u32 plan_object(struct lock *l, const struct security_object *o)
{
    u8 *descriptor;
    struct op op;
    u32 size, err = security_parse(l->text.s, &descriptor, &size);

    if (err == ERROR_INVALID_DATA)
        return refuse(l, NO_DESCRIPTOR, l->text.s, NULL);
    if (err)
        return err;
    op_begin(&op, OP_SECURITY);
    op_number(&op, o->kind);
    op_text(&op, o->name);
    op_number(&op, o->root);
    op_number(&op, o->view);
    op_bytes(&op, descriptor, size);
    err = plan(l->in, &op);
    os_free(descriptor);
    return err;
}

static bool comes(struct install *in, struct record *row, u32 field)
{
    const struct component *c = row_component(in, row, field);

    return c && component_installs(c) && !component_kept(in, c);
}

static u32 lock_file(void *ctx, struct record *row)
{
    struct lock *l = ctx;
    struct security_object o = {.kind = SECURITY_FILE};
    struct text_buf path;
    u32 err;

    if (!comes(l->in, row, 1))
        return ERROR_SUCCESS;
    tb_init(&path);
    err = file_path(l->in->s, l->object, l->len, &path);
    o.name = path.s;
    if (!err && path.len)
        err = plan_object(l, &o);
    tb_free(&path);
    return err;
}

/* The folder, of one of the components that make it. */
static u32 lock_folder(void *ctx, struct record *row)
{
    struct lock *l = ctx;
    struct security_object o = {.kind = SECURITY_FILE};
    struct text_buf path;
    u32 err;

    if (!comes(l->in, row, 1))
        return ERROR_SUCCESS;
    tb_init(&path);
    err = folder_target(l->in->s, l->object, l->len, &path);
    if (!err && path.len > 3 && path.s[path.len - 1] == '\\')
        tb_cut(&path, path.len - 1);
    o.name = path.s;
    if (!err)
        err = plan_object(l, &o);
    tb_free(&path);
    return err ? err : ERROR_NO_MORE_ITEMS;
}

static u32 lock_key(void *ctx, struct record *row)
{
    enum { COMPONENT = 1, KEY, ROOT };
    struct lock *l = ctx;
    struct security_object o = {.kind = SECURITY_KEY};
    struct reg_place at;
    struct text_buf key;
    u32 err;

    if (!comes(l->in, row, COMPONENT))
        return ERROR_SUCCESS;
    err = row_format(l->in, row, KEY, &key);
    if (!err)
        err = registry_place(l->in, rec_get_int(row, ROOT), &key, &at);
    if (!err) {
        o.name = at.key;
        o.root = at.root;
        o.view = component_view(row_component(l->in, row, COMPONENT));
        err = plan_object(l, &o);
    }
    tb_free(&key);
    return err;
}

static u32 lock_service(void *ctx, struct record *row)
{
    struct lock *l = ctx;
    struct security_object o = {.kind = SECURITY_SERVICE};
    struct text_buf name;
    u32 err;

    if (!comes(l->in, row, 1))
        return ERROR_SUCCESS;
    err = row_format(l->in, row, 2, &name);
    o.name = name.s;
    if (!err && name.len)
        err = plan_object(l, &o);
    tb_free(&name);
    return err;
}

static const struct kind {
    const char16_t *table, *query;
    u32 (*each)(void *ctx, struct record *row);
    const char *flags;
} kinds[] = {
    {u"File", u"SELECT `Component_` FROM `File` WHERE `File` = ?", lock_file, ""},
    {u"CreateFolder", u"SELECT `Component_` FROM `CreateFolder` WHERE `Directory_` = ?",
     lock_folder, "OICI"},
    {u"Registry", u"SELECT `Component_`, `Key`, `Root` FROM `Registry` WHERE `Registry` = ?",
     lock_key, "CI"},
    {u"ServiceInstall",
     u"SELECT `Component_`, `Name` FROM `ServiceInstall` WHERE `ServiceInstall` = ?", lock_service,
     ""},
};

static const struct kind *kind_of(const char16_t *table)
{
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (!u16_compare(kinds[i].table, u16_len(kinds[i].table), table, u16_len(table)))
            return &kinds[i];
    return &kinds[0];
}

/* What was read of the object is planned. */
static u32 end_object(struct lock *l)
{
    u32 err = ERROR_SUCCESS;
    const struct kind *k = kind_of(l->table);

    if (l->text.failed)
        err = ERROR_OUTOFMEMORY;
    else if (l->object && l->text.len)
        err = rows_each_named(l->in->s->db, k->query, l->object, l->len, k->each, l);
    os_free(l->object);
    l->object = NULL;
    tb_cut(&l->text, 0);
    return err;
}

/* Rows come object by object. */
static u32 begin_row(struct lock *l, struct record *row)
{
    size_t len;
    char16_t *object = rec_dup_text(row, 1, &len);
    u32 err = ERROR_SUCCESS;

    if (!object)
        return ERROR_OUTOFMEMORY;
    if (l->object && !u16_compare(l->object, l->len, object, len)) {
        os_free(object);
        return ERROR_SUCCESS;
    }
    err = end_object(l);
    l->object = object;
    l->len = len;
    return err;
}

/* --- LockPermissions ----------------------------------------------------------------------------
 */

static void add_hex(struct text_buf *out, u32 n)
{
    static const char16_t digits[] = u"0123456789abcdef";

    tb_ascii(out, "0x");
    for (u32 i = 8; i-- > 0;)
        tb_char(out, digits[n >> 4 * i & 15]);
}

static void add_entry(struct lock *l, u32 rights, const char16_t *sid)
{
    tb_ascii(&l->text, "(A;");
    tb_ascii(&l->text, l->flags);
    tb_char(&l->text, ';');
    add_hex(&l->text, rights);
    tb_ascii(&l->text, ";;;");
    tb_add(&l->text, sid, u16_len(sid));
    tb_char(&l->text, ')');
}

enum { ALL = 0x10000000 };

/* Who installs is the service of the system elsewhere; here it is a user, who has to put files into
 * a folder that others may only read, and to take them away again. Nothing is locked for nobody. */
static void permit_one(struct lock *l, u32 rights, const char16_t *sid)
{
    char16_t own[SECURITY_SID];

    if (!l->text.len) {
        tb_ascii(&l->text, "D:P");
        add_entry(l, ALL, u"SY");
        if (reg_user_sid(own, ARRAY_LEN(own)))
            add_entry(l, ALL, own);
    }
    add_entry(l, rights, sid);
}

static u32 permit(void *ctx, struct record *row)
{
    enum { DOMAIN = 2, USER, PERMISSION };
    struct lock *l = ctx;
    i32 rights = rec_get_int(row, PERMISSION);
    struct text_buf domain, user;
    char16_t sid[SECURITY_SID];
    u32 err = begin_row(l, row);

    if (err || rights == REC_NULL_INT)
        return err;
    tb_init(&user);
    err = row_format(l->in, row, DOMAIN, &domain);
    if (!err) {
        tb_free(&user);
        err = row_format(l->in, row, USER, &user);
    }
    if (!err && security_account(domain.len ? domain.s : u"", user.s ? user.s : u"", sid))
        permit_one(l, (u32)rights, sid);
    else if (!err)
        log_tell("Error 1609: not a user or group that is known here, and passed over: ", user.s,
                 user.len);
    tb_free(&domain);
    tb_free(&user);
    return err;
}

/* --- MsiLockPermissionsEx -----------------------------------------------------------------------
 */

/* <domain\user> stands for that one's SID. */
static bool resolve(const char16_t *s, size_t len, struct text_buf *out)
{
    char16_t domain[300], sid[SECURITY_SID];
    const char16_t *user;

    for (size_t i = 0, n; i < len; i += n) {
        n = 1;
        if (s[i] != '<') {
            tb_char(out, s[i]);
            continue;
        }
        while (i + n < len && s[i + n] != '>')
            n++;
        if (i + n == len || n > ARRAY_LEN(domain))
            return false;
        for (size_t k = 1; k < n; k++)
            domain[k - 1] = s[i + k] == '\\' ? 0 : s[i + k];
        domain[n - 1] = 0;
        user = domain + u16_len(domain) + 1;
        if (user > domain + n - 1) {
            if (!security_account(u"", domain, sid))
                return false;
        } else if (!security_account(domain, user, sid)) {
            return false;
        }
        tb_add(out, sid, u16_len(sid));
        n++;
    }
    return true;
}

static u32 describe(void *ctx, struct record *row)
{
    enum { TEXT = 2, CONDITION };
    struct lock *l = ctx;
    size_t condition_len;
    char16_t *condition = rec_dup_text(row, CONDITION, &condition_len);
    struct text_buf text; /* formatted, for [%USERNAME] in it */
    u32 err = row_format(l->in, row, TEXT, &text);

    if (!err)
        err = condition ? begin_row(l, row) : ERROR_OUTOFMEMORY;
    if (!err && condition_true(l->in->s, condition, condition_len)) {
        if (l->text.len)
            err = refuse(l, TWO_CONDITIONS, condition, condition);
        else if (!resolve(text.s, text.len, &l->text))
            err = refuse(l, NO_DESCRIPTOR, text.s, NULL);
    }
    os_free(condition);
    tb_free(&text);
    return err;
}

/* --- both ---------------------------------------------------------------------------------------
 */

static u32 note_row(void *found, struct record *row)
{
    UNUSED(row);
    *(bool *)found = true;
    return ERROR_NO_MORE_ITEMS;
}

u32 lock_objects(struct install *in, const char16_t *table)
{
    struct lock l = {.in = in, .table = table, .flags = kind_of(table)->flags};
    struct database *db = in->s->db;
    bool old = false, new = false;
    u32 err;

    if (!security_here())
        return ERROR_SUCCESS;
    tb_init(&l.text);
    err = rows_each(db, u"SELECT `User` FROM `LockPermissions`", NULL, note_row, &old);
    if (!err)
        err = rows_each(db, u"SELECT `SDDLText` FROM `MsiLockPermissionsEx`", NULL, note_row, &new);
    if (!err && old && new)
        err = refuse(&l, BOTH_TABLES, NULL, NULL);
    if (!err && old)
        err = rows_each_named(db,
                              u"SELECT `LockObject`, `Domain`, `User`, `Permission` FROM "
                              u"`LockPermissions` WHERE `Table` = ? ORDER BY `LockObject`",
                              table, u16_len(table), permit, &l);
    if (!err && new)
        err = rows_each_named(db,
                              u"SELECT `LockObject`, `SDDLText`, `Condition` FROM "
                              u"`MsiLockPermissionsEx` WHERE `Table` = ? ORDER BY `LockObject`",
                              table, u16_len(table), describe, &l);
    if (!err)
        err = end_object(&l);
    os_free(l.object);
    tb_free(&l.text);
    return err;
}

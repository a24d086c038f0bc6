/*
 * AppSearch: the AppSearch table's signatures, looked for by the five locator tables.
 */
#include "search.h"

#include <string.h>

#include "components.h"
#include "notice.h"
#include "rows.h"
#include "sysfiles.h"
#include "trace.h"
#include "utf16.h"

/* Parents may fork at each step: a search goes no deeper than that, and over no more of them. */
enum { PARENTS_MAX = 32, SEARCHES_MAX = 4096 };
enum { LOCATE_FOLDER = 0, LOCATE_FILE = 1, LOCATE_RAW = 2, LOCATE_64 = 16 };

/* A search under way: of one signature. */
struct search {
    struct session *s;
    const char16_t *id;
    size_t id_len;
    struct signature sig;
    u32 parents; /* how deep in a chain of parents */
    u32 *left;   /* how many more parents may be searched */
    struct text_buf *out;
    bool found;
};

static bool search_for(struct session *s, const char16_t *id, size_t len, u32 parents, u32 *left,
                       struct text_buf *out);

/* --- texts of rows ------------------------------------------------------------------------------
 */

/* A formatted field, terminated, from os_alloc; NULL without memory. */
static char16_t *formatted(struct session *s, struct record *row, u32 field)
{
    struct text_buf b;
    struct rec_view v;
    size_t len;

    tb_init(&b);
    if (!rec_view(row, field, &v) && format_text(s, v.text, v.len, &b)) {
        tb_free(&b);
        return NULL;
    }
    return tb_take(&b, &len);
}

static i32 number_or(struct record *row, u32 field, i32 otherwise)
{
    i32 n = rec_get_int(row, field);

    return n == REC_NULL_INT ? otherwise : n;
}

/* --- the registry -------------------------------------------------------------------------------
 */

static void add_hex(struct text_buf *out, const struct reg_data *d)
{
    static const char digits[] = "0123456789ABCDEF";

    tb_ascii(out, "#x");
    for (u32 i = 0; i < d->size; i++) {
        tb_char(out, (char16_t)digits[d->bytes[i] >> 4]);
        tb_char(out, (char16_t)digits[d->bytes[i] & 15]);
    }
}

/* Texts, each with a zero before it, and one behind the last. */
static void add_list(struct text_buf *out, const char16_t *s, size_t units)
{
    size_t at = 0;

    while (at < units && s[at]) {
        size_t len = u16_nlen(s + at, units - at);

        tb_char(out, 0);
        tb_add(out, s + at, len);
        at += len + 1;
    }
    tb_char(out, 0);
}

static bool add_raw(struct text_buf *out, const struct reg_data *d)
{
    const char16_t *s = (const char16_t *)(const void *)d->bytes;
    i32 number;

    switch (d->type) {
    case REG_TYPE_SZ:
        if (s[0] == '#')
            tb_char(out, '#');
        tb_add(out, s, u16_len(s));
        return s[0] != 0;
    case REG_TYPE_EXPAND:
        sys_expand(s, out);
        return s[0] != 0;
    case REG_TYPE_DWORD:
        if (d->size != sizeof(number))
            return false;
        memcpy(&number, d->bytes, sizeof(number));
        tb_char(out, '#');
        tb_number(out, number);
        return true;
    case REG_TYPE_BINARY:
        add_hex(out, d);
        return true;
    case REG_TYPE_MULTI:
        add_list(out, s, d->size / sizeof(*s));
        return true;
    }
    return false;
}

static bool path_of_value(struct search *q, const struct reg_data *d, bool as_file)
{
    const char16_t *s = (const char16_t *)(const void *)d->bytes;
    struct text_buf path;
    bool found;

    if (d->type != REG_TYPE_SZ && d->type != REG_TYPE_EXPAND)
        return false;
    tb_init(&path);
    if (d->type == REG_TYPE_EXPAND)
        sys_expand(s, &path);
    else
        tb_add(&path, s, u16_len(s));
    found = !path.failed && path.s[0] && signature_of_path(&q->sig, path.s, as_file, q->out);
    tb_free(&path);
    return found;
}

static bool in_value(struct search *q, struct reg_key *key, const char16_t *name, u32 kind)
{
    struct reg_data d;
    bool found;

    if (reg_get(key, name, &d))
        return false;
    found = kind == LOCATE_RAW ? add_raw(q->out, &d) : path_of_value(q, &d, kind == LOCATE_FILE);
    os_free(d.bytes);
    return found;
}

static u32 look_in_registry(void *ctx, struct record *row)
{
    static const enum reg_root roots[] = {REG_CLASSES, REG_USER, REG_MACHINE, REG_USERS};
    struct search *q = ctx;
    i32 root = number_or(row, 1, -1), type = number_or(row, 4, LOCATE_FILE);
    char16_t *path = formatted(q->s, row, 2), *name = formatted(q->s, row, 3);
    struct reg_key *key;
    u32 err = path && name ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;

    if (!err && root >= 0 && root < (i32)ARRAY_LEN(roots) &&
        !reg_open_view(roots[root], type & LOCATE_64 ? REG_VIEW_64 : REG_VIEW_32, path, &key)) {
        q->found = in_value(q, key, name, (u32)type & ~(u32)LOCATE_64);
        reg_close(key);
    }
    os_free(path);
    os_free(name);
    return err ? err : q->found ? ERROR_NO_MORE_ITEMS : ERROR_SUCCESS;
}

/* --- components ---------------------------------------------------------------------------------
 */

static bool in_component_path(struct search *q, const char16_t *path, bool as_file)
{
    size_t len = u16_len(path);

    if (as_file)
        return signature_of_path(&q->sig, path, true, q->out);
    /* A folder is one that ends so; a file's folder is not looked into. */
    if (!len || path[len - 1] != '\\')
        return false;
    return signature_in(&q->sig, path, 0, q->out);
}

static u32 look_in_component(void *ctx, struct record *row)
{
    struct search *q = ctx;
    struct rec_view id;
    char16_t *path;

    if (rec_view(row, 1, &id) || !guid_is(id.text))
        return ERROR_SUCCESS;
    if (component_path_in(id.text, NULL, NULL, CONTEXT_USER, &path) &&
        component_path_in(id.text, NULL, NULL, CONTEXT_MACHINE, &path))
        return ERROR_SUCCESS;
    q->found = in_component_path(q, path, number_or(row, 2, LOCATE_FILE) == LOCATE_FILE);
    os_free(path);
    return q->found ? ERROR_NO_MORE_ITEMS : ERROR_SUCCESS;
}

/* --- INI files ----------------------------------------------------------------------------------
 */

/* Of "short|long" the long one. */
static const char16_t *long_name(const char16_t *name)
{
    size_t bar = 0;

    while (name[bar] && name[bar] != '|')
        bar++;
    return name[bar] ? name + bar + 1 : name;
}

/* The n-th of the parts between commas; all of it for 0. */
static void cut_field(struct text_buf *b, i32 field)
{
    size_t from = 0, to;

    for (i32 i = 1; i < field && from < b->len; i++) {
        while (from < b->len && b->s[from] != ',')
            from++;
        from += from < b->len;
    }
    to = from;
    while (to < b->len && (field < 1 || b->s[to] != ','))
        to++;
    memmove(b->s, b->s + from, (to - from) * sizeof(*b->s));
    tb_cut(b, to - from);
}

static u32 look_in_ini(void *ctx, struct record *row)
{
    struct search *q = ctx;
    char16_t *file = formatted(q->s, row, 1), *section = formatted(q->s, row, 2);
    char16_t *key = formatted(q->s, row, 3);
    u32 err = file && section && key ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
    i32 type = number_or(row, 5, LOCATE_FILE);
    struct text_buf value;

    tb_init(&value);
    if (!err) {
        sys_ini_value(long_name(file), section, key, &value);
        if (value.len)
            cut_field(&value, number_or(row, 4, 0));
    }
    if (value.len && type == LOCATE_RAW) {
        tb_add(q->out, value.s, value.len);
        q->found = true;
    } else if (value.len) {
        q->found =
            !value.failed && signature_of_path(&q->sig, value.s, type == LOCATE_FILE, q->out);
    }
    tb_free(&value);
    os_free(file);
    os_free(section);
    os_free(key);
    return err ? err : q->found ? ERROR_NO_MORE_ITEMS : ERROR_SUCCESS;
}

/* --- drives -------------------------------------------------------------------------------------
 */

static bool is_full_path(const char16_t *path)
{
    return (path[0] && path[1] == ':') || (path[0] == '\\' && path[1] == '\\');
}

/* Below a folder that ends with a backslash, or of itself where that is empty. */
static bool look_below(struct search *q, const char16_t *above, size_t above_len,
                       const char16_t *path, u32 depth)
{
    struct text_buf folder;
    bool found;

    tb_init(&folder);
    tb_add(&folder, above, above_len);
    tb_add(&folder, path, u16_len(path));
    if (folder.len && folder.s[folder.len - 1] != '\\')
        tb_char(&folder, '\\');
    found = !folder.failed && signature_in(&q->sig, folder.s, depth, q->out);
    tb_free(&folder);
    return found;
}

static bool on_drives(struct search *q, const char16_t *path, u32 depth)
{
    char16_t letters[27], root[] = u"A:\\";

    sys_fixed_drives(letters);
    for (size_t i = 0; letters[i]; i++) {
        root[0] = letters[i];
        if (look_below(q, root, 3, path[0] == '\\' ? path + 1 : path, depth))
            return true;
    }
    return false;
}

static bool below_parent(struct search *q, const char16_t *parent, const char16_t *path, u32 depth)
{
    struct text_buf above;
    bool found = false;

    tb_init(&above);
    if (search_for(q->s, parent, u16_len(parent), q->parents + 1, q->left, &above)) {
        /* Of a file its folder. */
        while (above.len && above.s[above.len - 1] != '\\')
            tb_cut(&above, above.len - 1);
        /* What has no folder would be looked for in the current one. */
        found = above.len &&
                look_below(q, above.s, above.len, path[0] == '\\' ? path + 1 : path, depth);
    }
    tb_free(&above);
    return found;
}

static u32 look_on_drives(void *ctx, struct record *row)
{
    struct search *q = ctx;
    char16_t *parent = formatted(q->s, row, 1), *path = formatted(q->s, row, 2);
    i32 depth = number_or(row, 3, 0);
    u32 err = parent && path ? ERROR_SUCCESS : ERROR_OUTOFMEMORY, levels = (u32)MAX(depth, 0);

    if (!err && parent[0])
        q->found = below_parent(q, parent, path, levels);
    else if (!err && is_full_path(path))
        q->found = look_below(q, u"", 0, path, levels);
    else if (!err)
        q->found = on_drives(q, path, levels);
    os_free(parent);
    os_free(path);
    return err ? err : q->found ? ERROR_NO_MORE_ITEMS : ERROR_SUCCESS;
}

/* --- all of it ----------------------------------------------------------------------------------
 */

static const struct {
    const char16_t *query;
    u32 (*look)(void *ctx, struct record *row);
} locators[] = {
    {u"SELECT `ComponentId`, `Type` FROM `CompLocator` WHERE `Signature_` = ?", look_in_component},
    {u"SELECT `Root`, `Key`, `Name`, `Type` FROM `RegLocator` WHERE `Signature_` = ?",
     look_in_registry},
    {u"SELECT `FileName`, `Section`, `Key`, `Field`, `Type` FROM `IniLocator` WHERE "
     u"`Signature_` = ?",
     look_in_ini},
    {u"SELECT `Parent`, `Path`, `Depth` FROM `DrLocator` WHERE `Signature_` = ?", look_on_drives},
};

static bool search_for(struct session *s, const char16_t *id, size_t len, u32 parents, u32 *left,
                       struct text_buf *out)
{
    struct search q = {
        .s = s, .id = id, .id_len = len, .parents = parents, .left = left, .out = out};
    u32 err;

    if (parents > PARENTS_MAX || !*left)
        return false;
    --*left;
    err = signature_read(s->db, id, len, &q.sig);
    for (size_t i = 0; !err && !q.found && i < ARRAY_LEN(locators); i++) {
        tb_cut(out, 0);
        err = rows_each_named(s->db, locators[i].query, id, len, locators[i].look, &q);
    }
    signature_free(&q.sig);
    return !err && q.found && !out->failed;
}

/* Messages go out without the lock: a handler may call anything. */
static u32 tell(struct session *s, const char16_t *property, const char16_t *signature)
{
    const char16_t *texts[] = {property, signature};
    int answer;

    os_mutex_unlock(&s->lock);
    answer = notice_data(s, u"AppSearch", texts, ARRAY_LEN(texts));
    os_mutex_lock(&s->lock);
    return answer == NOTICE_CANCEL ? ERROR_INSTALL_USEREXIT : ERROR_SUCCESS;
}

static u32 search_row(void *ctx, struct record *row)
{
    struct session *s = ctx;
    struct rec_view name, id;
    struct text_buf out;
    u32 err, left = SEARCHES_MAX;

    if (rec_view(row, 1, &name) || rec_view(row, 2, &id))
        return ERROR_SUCCESS;
    err = tell(s, name.text, id.text);
    if (err)
        return err;
    tb_init(&out);
    if (search_for(s, id.text, id.len, 0, &left, &out))
        err = props_set(&s->props, name.text, name.len, out.s, out.len);
    tb_free(&out);
    return err;
}

u32 search_apps(struct session *s)
{
    return rows_each(s->db, u"SELECT `Property`, `Signature_` FROM `AppSearch`", NULL, search_row,
                     s);
}

/* --- qualifying products ------------------------------------------------------------------------
 */

static u32 note_success(struct session *s)
{
    u32 err = prop_set(s, "CCP_Success", u"1", 1);

    return err ? err : ERROR_NO_MORE_ITEMS; /* one will do */
}

static u32 qualify(void *ctx, struct record *row)
{
    struct session *s = ctx;
    u32 left = SEARCHES_MAX;
    struct text_buf out;
    struct rec_view id;
    bool found;

    if (rec_view(row, 1, &id))
        return ERROR_SUCCESS;
    tb_init(&out);
    found = search_for(s, id.text, id.len, 0, &left, &out);
    tb_free(&out);
    return found ? note_success(s) : ERROR_SUCCESS;
}

u32 search_qualifying(struct session *s)
{
    return rows_each(s->db, u"SELECT `Signature_` FROM `CCPSearch`", NULL, qualify, s);
}

/* A row of DrLocator, its path taken below the drive of the qualifying product. */
static u32 look_on_media(void *ctx, struct record *row)
{
    struct search *q = ctx;
    const struct property *drive = prop_get(q->s, "CCP_DRIVE");
    char16_t *path = formatted(q->s, row, 2), *below = path;
    struct text_buf top;

    if (!path || !drive) {
        os_free(path);
        return drive ? ERROR_OUTOFMEMORY : ERROR_NO_MORE_ITEMS;
    }
    if (is_full_path(below) && below[1] == ':') /* its drive is not the one */
        below += 2;
    while (*below == '\\')
        below++;
    tb_init(&top);
    tb_add(&top, drive->value, drive->value_len);
    if (top.len && top.s[top.len - 1] != '\\')
        tb_char(&top, '\\');
    q->found = !top.failed && top.len &&
               look_below(q, top.s, top.len, below, (u32)MAX(number_or(row, 3, 0), 0));
    tb_free(&top);
    os_free(path);
    return q->found ? ERROR_NO_MORE_ITEMS : ERROR_SUCCESS;
}

static u32 qualify_media(void *ctx, struct record *row)
{
    struct session *s = ctx;
    u32 left = SEARCHES_MAX, err;
    struct text_buf out;
    struct rec_view id;
    struct search q = {.s = s, .left = &left, .out = &out};

    if (rec_view(row, 1, &id))
        return ERROR_SUCCESS;
    q.id = id.text;
    q.id_len = id.len;
    tb_init(&out);
    err = signature_read(s->db, id.text, id.len, &q.sig);
    if (!err)
        err = rows_each_named(
            s->db, u"SELECT `Parent`, `Path`, `Depth` FROM `DrLocator` WHERE `Signature_` = ?",
            id.text, id.len, look_on_media, &q);
    signature_free(&q.sig);
    tb_free(&out);
    return err ? err : q.found ? note_success(s) : ERROR_SUCCESS;
}

u32 search_qualifying_media(struct session *s)
{
    if (!prop_get(s, "CCP_DRIVE"))
        return ERROR_SUCCESS;
    return rows_each(s->db, u"SELECT `Signature_` FROM `CCPSearch`", NULL, qualify_media, s);
}

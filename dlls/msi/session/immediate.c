/*
 * Standard actions that set something and are done.
 */
#include "immediate.h"

#include "notice.h"
#include "reg.h"
#include "rows.h"
#include "utf16.h"

/* Messages go out without the lock: a handler may call anything. */
static void tell(struct session *s, const char16_t *action, const char16_t *const *texts, u32 count)
{
    os_mutex_unlock(&s->lock);
    notice_data(s, action, texts, count);
    os_mutex_lock(&s->lock);
}

/* --- ValidateProductID: the mask is that of the control MaskedEdit ------------------------------
 */

/* A position of the mask that takes a character of the key. */
static bool takes(char16_t mask, char16_t c)
{
    if (mask == '#' || mask == '%')
        return c >= '0' && c <= '9';
    return mask == '&' || mask == '^' || mask == '?' || mask == '`';
}

static bool is_position(char16_t mask)
{
    return mask == '#' || mask == '%' || mask == '&' || mask == '^' || mask == '?' || mask == '`';
}

struct key {
    const char16_t *s;
    size_t len, at;
};

static bool next_is(const struct key *k, char16_t c)
{
    return k->at < k->len && k->s[k->at] == c;
}

static bool take_position(struct key *k, char16_t mask, struct text_buf *id)
{
    if (k->at >= k->len || !takes(mask, k->s[k->at]))
        return false;
    tb_char(id, k->s[k->at++]);
    return true;
}

/* A position more of the kind before it, and the dash that ends the field. */
static bool take_end(struct key *k, char16_t before, struct text_buf *id)
{
    if (!is_position(before) || !take_position(k, before, id) || !next_is(k, '-'))
        return false;
    k->at++;
    tb_char(id, '-');
    return true;
}

/* The visible part: what is no position stands in the key as it is. */
static bool take_visible(struct key *k, const char16_t *mask, size_t len, struct text_buf *id)
{
    for (size_t i = 0; i < len; i++) {
        if (is_position(mask[i])) {
            if (!take_position(k, mask[i], id))
                return false;
        } else if (mask[i] == '=') {
            if (!take_end(k, i ? mask[i - 1] : 0, id))
                return false;
        } else {
            if (!next_is(k, mask[i]))
                return false;
            k->at++;
            tb_char(id, mask[i]);
        }
    }
    return k->at == k->len;
}

/* The hidden parts, with a digit of nobody's choice for each @. */
static void add_hidden(struct text_buf *id, const char16_t *mask, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        u32 random = 0;

        if (mask[i] == '@')
            os_random(&random, sizeof(random));
        tb_char(id, mask[i] == '@' ? (char16_t)('0' + random % 10) : mask[i]);
    }
}

static size_t place_of(const char16_t *s, size_t len, char16_t c)
{
    size_t i = 0;

    while (i < len && s[i] != c)
        i++;
    return i;
}

/* The marks of the visible part are dashes in the identifier. */
static bool fits(const struct property *mask, const struct property *pid, struct text_buf *id)
{
    struct key k = {pid->value, pid->value_len, 0};
    const char16_t *s = mask->value;
    size_t len = mask->value_len, left = place_of(s, len, '<'), right = place_of(s, len, '>');

    if (left == len)
        return right == len && take_visible(&k, s, len, id);
    if (right == len || right < left)
        return false;
    add_hidden(id, s, left);
    if (left)
        tb_char(id, '-');
    if (!take_visible(&k, s + left + 1, right - left - 1, id))
        return false;
    if (right + 1 < len)
        tb_char(id, '-');
    add_hidden(id, s + right + 1, len - right - 1);
    return true;
}

u32 validate_product_id(struct session *s)
{
    const struct property *mask = prop_get(s, "PIDTemplate"), *pid = prop_get(s, "PIDKEY");
    struct text_buf id;
    u32 err = ERROR_SUCCESS;

    if (prop_get(s, "ProductID") || !mask || !pid)
        return ERROR_SUCCESS;
    tb_init(&id);
    if (fits(mask, pid, &id))
        err = id.failed ? ERROR_OUTOFMEMORY : prop_set(s, "ProductID", id.s, id.len);
    tb_free(&id);
    return err;
}

/* --- modes --------------------------------------------------------------------------------------
 */

u32 schedule_reboot(struct session *s)
{
    s->reboot_at_end = s->reboot_scheduled = true;
    return ERROR_SUCCESS;
}

u32 disable_rollback(struct session *s)
{
    return prop_set(s, "RollbackDisabled", u"1", 1);
}

u32 allocate_registry_space(struct session *s)
{
    const struct property *space = prop_get(s, "AVAILABLEFREEREG");
    char16_t *text;

    if (!space)
        return ERROR_SUCCESS;
    text = u16_dup(space->value, space->value_len);
    if (!text)
        return ERROR_OUTOFMEMORY;
    tell(s, u"AllocateRegistrySpace", (const char16_t *const *)&text, 1);
    os_free(text);
    return ERROR_SUCCESS;
}

u32 isolate_components(struct session *s)
{
    s->isolates = true;
    return ERROR_SUCCESS;
}

/* --- SetODBCFolders -----------------------------------------------------------------------------
 */

enum { COMPONENT_64BIT = 256 };

/* The path of the driver that is there under that description; NULL where there is none. */
static char16_t *installed_driver(const char16_t *description, bool wide)
{
    struct reg_key *key;
    struct text_buf path;
    char16_t *driver = NULL;
    u32 err;

    tb_init(&path);
    tb_ascii(&path, "SOFTWARE\\ODBC\\ODBCINST.INI\\");
    tb_add(&path, description, u16_len(description));
    err = path.failed ? ERROR_OUTOFMEMORY
          : wide      ? reg_open(REG_MACHINE, path.s, &key)
                      : reg_open_32(REG_MACHINE, path.s, &key);
    tb_free(&path);
    if (err)
        return NULL;
    if (reg_get_text(key, u"Driver", &driver))
        driver = NULL;
    reg_close(key);
    return driver;
}

static u32 move_driver(struct session *s, const struct component *c, const char16_t *description,
                       char16_t *driver)
{
    const char16_t *texts[3] = {description, NULL, driver};
    size_t folder_len = u16_len(c->folder), n = u16_len(driver);
    struct text_buf old;
    u32 err;

    while (n && driver[n - 1] != '\\')
        n--;
    driver[n] = 0; /* its folder */
    tb_init(&old);
    err = n ? folder_target(s, c->folder, folder_len, &old) : ERROR_SUCCESS;
    if (!err && n && old.s && !u16_equal_fold(old.s, driver)) {
        err = folder_move(s, c->folder, folder_len, driver, n);
        texts[1] = old.s;
        if (!err)
            tell(s, u"SetODBCFolders", texts, 3);
    }
    tb_free(&old);
    return err == ERROR_DIRECTORY ? ERROR_SUCCESS : err;
}

static u32 driver_row(void *ctx, struct record *row)
{
    struct session *s = ctx;
    const struct component *c;
    char16_t *description, *driver;
    struct rec_view v;
    size_t len;
    u32 i = rec_view(row, 1, &v) ? NAME_NONE : names_find(&s->components, v.text, v.len);
    u32 err = ERROR_SUCCESS;

    c = i == NAME_NONE ? NULL : names_at(&s->components, i);
    if (!s->costed)
        return ERROR_FUNCTION_FAILED;
    if (!c || c->action != STATE_LOCAL)
        return ERROR_SUCCESS;
    description = rec_dup_text(row, 2, &len);
    if (!description)
        return ERROR_OUTOFMEMORY;
    driver = installed_driver(description, c->attributes & COMPONENT_64BIT);
    if (driver)
        err = move_driver(s, c, description, driver);
    os_free(driver);
    os_free(description);
    return err;
}

u32 set_odbc_folders(struct session *s)
{
    return rows_each(s->db, u"SELECT `Component_`, `Description` FROM `ODBCDriver`", NULL,
                     driver_row, s);
}

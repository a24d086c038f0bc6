/*
 * RegisterTypeLibraries and UnregisterTypeLibraries: the TypeLib table.
 *
 *   TypeLib\id\1.0                   description
 *   TypeLib\id\1.0\409\win32|win64   path; the language in hexadecimal
 *   TypeLib\id\1.0\FLAGS, HELPDIR
 * always of the machine. What the library's own interfaces need is not written: packages that want
 * it have it in their Registry table.
 */
#include "act_typelib.h"

#include "classes.h"
#include "rows.h"
#include "trace.h"
#include "utf16.h"

struct typelib {
    struct install *in;
    const struct component *component;
    struct rec_view id, description, folder;
    enum reg_view view;
    char16_t version[24], language[12];
    struct text_buf base; /* the key of the version */
};

static size_t put_hex(char16_t *to, u32 n)
{
    char16_t digits[8];
    size_t len = 0;

    do {
        u32 d = n & 15;

        digits[len++] = (char16_t)(d < 10 ? '0' + d : 'a' + d - 10);
        n >>= 4;
    } while (n);
    for (size_t i = 0; i < len; i++)
        to[i] = digits[len - 1 - i];
    to[len] = 0;
    return len;
}

static u32 set_at(struct typelib *t, const char16_t *below, const char16_t *text, size_t len)
{
    struct reg_place at = {REG_MACHINE, t->view, NULL};
    struct text_buf key, value;
    u32 err = ERROR_OUTOFMEMORY;

    tb_init(&key);
    tb_init(&value);
    tb_add(&key, t->base.s, t->base.len);
    tb_add(&key, below, u16_len(below));
    tb_add(&value, text, len);
    at.key = key.s;
    if (!key.failed && !value.failed)
        err = plan_reg_text(t->in, &at, NULL, value.s);
    tb_free(&key);
    tb_free(&value);
    return err;
}

static u32 set_path(struct typelib *t)
{
    struct text_buf below, path;
    u32 err;

    tb_init(&below);
    tb_init(&path);
    err = component_key_file(t->in, t->component, &path);
    tb_char(&below, '\\');
    tb_add(&below, t->language, u16_len(t->language));
    tb_ascii(&below, t->view == REG_VIEW_64 ? "\\win64" : "\\win32");
    if (!err)
        err = below.failed ? ERROR_OUTOFMEMORY : set_at(t, below.s, path.s, path.len);
    tb_free(&below);
    tb_free(&path);
    return err;
}

/* The folder of the help, else that of the library; without the backslash at its end. */
static u32 set_help(struct typelib *t)
{
    const char16_t *name = t->folder.len ? t->folder.text : t->component->folder;
    struct text_buf path;
    u32 err;

    tb_init(&path);
    err = folder_target(t->in->s, name, u16_len(name), &path);
    if (err)
        err = ERROR_INSTALL_PACKAGE_INVALID;
    else if (path.len > 3)
        tb_cut(&path, path.len - 1);
    if (!err)
        err = set_at(t, u"\\HELPDIR", path.s, path.len);
    tb_free(&path);
    return err;
}

static u32 register_one(struct typelib *t)
{
    u32 err = set_at(t, u"", t->description.text, t->description.len);

    if (!err)
        err = set_path(t);
    if (!err)
        err = set_at(t, u"\\FLAGS", u"0", 1);
    return err ? err : set_help(t);
}

/* This language of the version; the version, and the library, with their last. */
static u32 unregister_one(struct typelib *t)
{
    static const char16_t *const below[] = {u"\\FLAGS", u"\\HELPDIR"};
    struct reg_place at = {REG_MACHINE, t->view, NULL};
    struct text_buf key;
    u32 err = ERROR_OUTOFMEMORY;

    tb_init(&key);
    tb_add(&key, t->base.s, t->base.len);
    for (size_t i = 0; i < ARRAY_LEN(below); i++) {
        tb_cut(&key, t->base.len);
        tb_add(&key, below[i], u16_len(below[i]));
        at.key = key.s;
        if (key.failed || (err = plan_reg_remove_key(t->in, &at)))
            break;
    }
    tb_cut(&key, t->base.len);
    tb_char(&key, '\\');
    tb_add(&key, t->language, u16_len(t->language));
    at.key = key.s;
    if (!err && !key.failed)
        err = plan_reg_remove_key(t->in, &at);
    tb_cut(&key, t->base.len);
    at.key = key.s;
    if (!err)
        err = plan_reg_remove_value(t->in, &at, NULL);
    if (!err)
        err = plan_reg_remove_empty(t->in, &at, u16_len(u"Software\\Classes\\TypeLib"));
    tb_free(&key);
    return err;
}

/* The minor number is in the lowest 8 bits, the major one above. */
static u32 begin(struct typelib *t, i32 version, i32 language)
{
    size_t n = put_hex(t->version, (u32)version >> 8 & 0xffff);

    t->version[n++] = '.';
    put_hex(t->version + n, (u32)version & 0xff);
    put_hex(t->language, (u32)language);
    tb_ascii(&t->base, "Software\\Classes\\TypeLib\\");
    tb_add(&t->base, t->id.text, t->id.len);
    tb_char(&t->base, '\\');
    tb_add(&t->base, t->version, u16_len(t->version));
    return t->base.failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

struct each {
    struct install *in;
    bool comes;
};

/* Fields: id, language, component, version, description, folder. */
static u32 each_row(void *ctx, struct record *row)
{
    struct each *e = ctx;
    struct typelib t = {.in = e->in, .component = row_component(e->in, row, 3)};
    i32 language = rec_get_int(row, 2);
    u32 err;

    if (!t.component || t.component->store ||
        !(e->comes ? component_installs(t.component) : component_goes(t.component)))
        return ERROR_SUCCESS;
    if (rec_view(row, 1, &t.id) || !guid_is(t.id.text) || language < 0 ||
        rec_view(row, 5, &t.description) || rec_view(row, 6, &t.folder))
        return ERROR_INSTALL_PACKAGE_INVALID;
    if (rec_is_null(row, 4)) {
        TRACE(TRACE_MSI, "a type library without a version is not registered");
        return ERROR_SUCCESS;
    }
    t.view = component_view(t.component);
    err = begin(&t, rec_get_int(row, 4), language);
    if (!err)
        err = plan_data(e->in, 1, (const char16_t *const[]){t.id.text});
    if (!err)
        err = e->comes ? register_one(&t) : unregister_one(&t);
    tb_free(&t.base);
    return err;
}

static u32 each(struct install *in, bool comes)
{
    struct each e = {in, comes};
    u32 err = install_identify(in);

    return err ? err
               : rows_each(in->s->db,
                           u"SELECT `LibID`, `Language`, `Component_`, `Version`, `Description`, "
                           u"`Directory_` FROM `TypeLib`",
                           NULL, each_row, &e);
}

u32 act_register_typelibs(struct install *in)
{
    return each(in, true);
}

u32 act_unregister_typelibs(struct install *in)
{
    return each(in, false);
}

/*
 * InstallODBC and RemoveODBC: the tables ODBCDriver, ODBCTranslator, ODBCDataSource and those of
 * attributes, written where the ODBC installer of the system would write them.
 *
 *   HKLM Software\ODBC\ODBCINST.INI\Name   Driver, Setup (or Translator), attributes, UsageCount
 *                         ...\ODBC Drivers, ODBC Translators     Name = Installed
 *   HKLM or HKCU Software\ODBC\ODBC.INI\Source   Driver, attributes
 *                         ...\ODBC Data Sources                  Source = name of its driver
 */
#include "act_odbc.h"

#include "reglist.h"
#include "regplan.h"
#include "rows.h"
#include "stores.h"
#include "utf16.h"

#define DRIVERS u"Software\\ODBC\\ODBCINST.INI\\"
#define SOURCES u"Software\\ODBC\\ODBC.INI\\"

/* One of what is installed. */
struct part {
    struct install *in;
    const struct component *component;
    struct rec_view name; /* its description */
    struct text_buf key, list;
    struct reg_place at, listed; /* its own key, and the one that lists it */
};

static u32 part_begin(struct part *p, enum reg_root root, const char16_t *below,
                      const char16_t *list)
{
    tb_init(&p->key);
    tb_init(&p->list);
    tb_add(&p->key, below, u16_len(below));
    tb_add(&p->list, below, u16_len(below));
    tb_add(&p->key, p->name.text, p->name.len);
    tb_add(&p->list, list, u16_len(list));
    p->at = (struct reg_place){root, component_view(p->component), p->key.s};
    p->listed = (struct reg_place){root, p->at.view, p->list.s};
    return p->key.failed || p->list.failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

static void part_end(struct part *p)
{
    tb_free(&p->key);
    tb_free(&p->list);
}

/* A name with a backslash would be a key elsewhere. */
static bool is_name(const struct rec_view *v)
{
    for (size_t i = 0; i < v->len; i++)
        if (v->text[i] == '\\')
            return false;
    return v->len;
}

static bool comes_or_goes(const struct component *c, bool comes)
{
    return c && (comes ? component_installs(c) : component_goes(c));
}

/* --- attributes ---------------------------------------------------------------------------------
 */

/* Fields: name, value. */
static u32 set_attribute(void *ctx, struct record *row)
{
    struct part *p = ctx;
    struct rec_view name;
    struct text_buf value;
    u32 err;

    if (rec_view(row, 1, &name) || !name.len)
        return ERROR_SUCCESS;
    err = row_format(p->in, row, 2, &value);
    if (!err)
        err = plan_reg_text(p->in, &p->at, name.text, value.s);
    tb_free(&value);
    return err;
}

static u32 set_attributes(struct part *p, const char16_t *query, const struct rec_view *of)
{
    return rows_each_named(p->in->s->db, query, of->text, of->len, set_attribute, p);
}

/* --- drivers and translators --------------------------------------------------------------------
 */

/* The path of one of the package's files. */
static u32 path_of(struct install *in, const struct rec_view *file, struct text_buf *out)
{
    u32 i = names_find(&in->s->files, file->text, file->len);
    const struct package_file *f = i == NAME_NONE ? NULL : names_at(&in->s->files, i);

    if (!f || file_target_folder(in->s, f, out))
        return ERROR_INSTALL_PACKAGE_INVALID;
    tb_add(out, f->long_name, u16_len(f->long_name));
    return out->failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

static u32 set_path(struct part *p, struct record *row, u32 field, const char16_t *name)
{
    struct rec_view file;
    struct text_buf path;
    u32 err;

    if (rec_view(row, field, &file) || !file.len)
        return ERROR_SUCCESS;
    tb_init(&path);
    err = path_of(p->in, &file, &path);
    if (!err)
        err = plan_reg_text(p->in, &p->at, name, path.s);
    tb_free(&path);
    return err;
}

struct kind {
    const char16_t *query, *list, *value;
    const char16_t *attributes; /* NULL: none */
};

static const struct kind drivers = {
    u"SELECT `Driver`, `Component_`, `Description`, `File_`, `File_Setup` FROM `ODBCDriver`",
    u"ODBC Drivers", u"Driver",
    u"SELECT `Attribute`, `Value` FROM `ODBCAttribute` WHERE `Driver_` = ?"};
static const struct kind translators = {
    u"SELECT `Translator`, `Component_`, `Description`, `File_`, `File_Setup` FROM "
    u"`ODBCTranslator`",
    u"ODBC Translators", u"Translator", NULL};

struct each {
    struct install *in;
    const struct kind *kind;
    bool comes;
};

/* How often it is installed is counted once for each component that has it. */
static u32 install_part(struct part *p, const struct kind *kind, struct record *row)
{
    bool again = p->component->installed == STATE_LOCAL || p->component->installed == STATE_SOURCE;
    struct rec_view key;
    u32 err = plan_reg_text(p->in, &p->listed, p->name.text, u"Installed");

    if (!err)
        err = set_path(p, row, 4, kind->value);
    if (!err)
        err = set_path(p, row, 5, u"Setup");
    if (!err && kind->attributes && !rec_view(row, 1, &key))
        err = set_attributes(p, kind->attributes, &key);
    if (!err && !again)
        err = plan_reg_list(p->in, &p->at, u"UsageCount", COUNT_UP, NULL, 0);
    return err;
}

static u32 usage(const struct reg_place *at)
{
    struct reg_key *key;
    u32 n = 0;

    if (reg_place_open(at, &key))
        return 0;
    if (reg_get_number(key, u"UsageCount", &n))
        n = 0;
    reg_close(key);
    return n;
}

static u32 remove_part(struct part *p)
{
    u32 err;

    if (usage(&p->at) > 1)
        return plan_reg_list(p->in, &p->at, u"UsageCount", COUNT_DOWN, NULL, 0);
    err = plan_reg_remove_key(p->in, &p->at);
    if (!err)
        err = plan_reg_remove_value(p->in, &p->listed, p->name.text);
    return err ? err : plan_reg_remove_empty(p->in, &p->listed, 0);
}

static u32 say(struct part *p)
{
    struct text_buf folder;
    u32 err;

    tb_init(&folder);
    folder_target(p->in->s, p->component->folder, u16_len(p->component->folder), &folder);
    err =
        plan_data(p->in, 3, (const char16_t *const[]){p->name.text, p->component->guid, folder.s});
    tb_free(&folder);
    return err;
}

/* Fields: key, component, description, file, setup. */
static u32 each_part(void *ctx, struct record *row)
{
    struct each *e = ctx;
    struct part p = {.in = e->in, .component = row_component(e->in, row, 2)};
    u32 err;

    if (!comes_or_goes(p.component, e->comes))
        return ERROR_SUCCESS;
    if (rec_view(row, 3, &p.name) || !is_name(&p.name))
        return ERROR_INSTALL_PACKAGE_INVALID;
    err = part_begin(&p, REG_MACHINE, DRIVERS, e->kind->list);
    if (!err)
        err = say(&p);
    if (!err)
        err = e->comes ? install_part(&p, e->kind, row) : remove_part(&p);
    part_end(&p);
    return err;
}

/* --- data sources -------------------------------------------------------------------------------
 */

struct driver_search {
    struct install *in;
    const struct rec_view *name;
    struct text_buf path;
};

/* Fields: description, file. */
static u32 match_driver(void *ctx, struct record *row)
{
    struct driver_search *d = ctx;
    struct rec_view name, file;
    u32 err;

    if (rec_view(row, 1, &name) || rec_view(row, 2, &file) ||
        u16_compare_fold(name.text, name.len, d->name->text, d->name->len))
        return ERROR_SUCCESS;
    err = path_of(d->in, &file, &d->path);
    return err ? err : ERROR_NO_MORE_ITEMS;
}

/* A driver of the package, else one that is there. */
static u32 driver_path(struct part *p, struct driver_search *d)
{
    struct reg_place at = {REG_MACHINE, p->at.view, NULL};
    struct text_buf key;
    struct reg_key *open;
    char16_t *text;
    u32 err = rows_each(p->in->s->db, u"SELECT `Description`, `File_` FROM `ODBCDriver`", NULL,
                        match_driver, d);

    if (err || d->path.len)
        return err;
    tb_init(&key);
    tb_add(&key, DRIVERS, u16_len(DRIVERS));
    tb_add(&key, d->name->text, d->name->len);
    at.key = key.s;
    if (!key.failed && !reg_place_open(&at, &open)) {
        if (!reg_get_text(open, u"Driver", &text)) {
            tb_add(&d->path, text, u16_len(text));
            os_free(text);
        }
        reg_close(open);
    }
    tb_free(&key);
    return d->path.failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

/* Fields: key, component, description, driver, registration. */
static u32 install_source(struct part *p, struct record *row)
{
    struct rec_view driver, key;
    struct driver_search d = {.in = p->in, .name = &driver};
    u32 err;

    if (rec_view(row, 4, &driver) || rec_view(row, 1, &key))
        return ERROR_INSTALL_PACKAGE_INVALID;
    err = plan_reg_text(p->in, &p->listed, p->name.text, driver.text);
    if (!err)
        err = driver_path(p, &d);
    if (!err && d.path.len)
        err = plan_reg_text(p->in, &p->at, u"Driver", d.path.s);
    if (!err)
        err = set_attributes(
            p, u"SELECT `Attribute`, `Value` FROM `ODBCSourceAttribute` WHERE `DataSource_` = ?",
            &key);
    tb_free(&d.path);
    return err;
}

static u32 remove_source(struct part *p)
{
    u32 err = plan_reg_remove_key(p->in, &p->at);

    if (!err)
        err = plan_reg_remove_value(p->in, &p->listed, p->name.text);
    return err ? err : plan_reg_remove_empty(p->in, &p->listed, 0);
}

static u32 each_source(void *ctx, struct record *row)
{
    struct each *e = ctx;
    struct part p = {.in = e->in, .component = row_component(e->in, row, 2)};
    u32 err;

    if (!comes_or_goes(p.component, e->comes))
        return ERROR_SUCCESS;
    if (rec_view(row, 3, &p.name) || !is_name(&p.name))
        return ERROR_INSTALL_PACKAGE_INVALID;
    err = part_begin(&p, rec_get_int(row, 5) == 1 ? REG_USER : REG_MACHINE, SOURCES,
                     u"ODBC Data Sources");
    if (!err)
        err = say(&p);
    if (!err)
        err = e->comes ? install_source(&p, row) : remove_source(&p);
    part_end(&p);
    return err;
}

/* --- the actions --------------------------------------------------------------------------------
 */

static u32 all(struct install *in, bool comes)
{
    struct each e = {in, &drivers, comes};
    u32 err = install_identify(in);

    if (!err)
        err = rows_each(in->s->db, e.kind->query, NULL, each_part, &e);
    e.kind = &translators;
    if (!err)
        err = rows_each(in->s->db, e.kind->query, NULL, each_part, &e);
    return err ? err
               : rows_each(in->s->db,
                           u"SELECT `DataSource`, `Component_`, `Description`, "
                           u"`DriverDescription`, `Registration` FROM `ODBCDataSource`",
                           NULL, each_source, &e);
}

u32 act_install_odbc(struct install *in)
{
    return all(in, true);
}

u32 act_remove_odbc(struct install *in)
{
    return all(in, false);
}

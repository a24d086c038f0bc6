/*
 * Key paths of components.
 */
#include "keypath.h"

#include "notice.h"
#include "os.h"
#include "rows.h"
#include "utf16.h"

/* Rows whose keys are key paths, by name: which component each is of. */
struct keyed {
    struct named named;
    u32 component;
};

struct gatherer {
    struct install *in;
    struct key_paths *paths;
    struct name_list registry, sources, files; /* struct keyed */
};

static const struct component *component_at(const struct install *in, u32 i)
{
    return names_at(&in->s->components, i);
}

static bool runs_from_source(const struct component *c)
{
    return c->action == STATE_SOURCE ||
           (c->action == STATE_UNKNOWN && c->installed == STATE_SOURCE);
}

static u32 take(struct gatherer *g, u32 i, struct text_buf *path)
{
    size_t len;

    os_free(g->paths->all[i]);
    g->paths->all[i] = tb_take(path, &len);
    return g->paths->all[i] ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

/* --- files and folders --------------------------------------------------------------------------
 */

/* "01\folder\file": the disk, and the path on it. */
static u32 source_path(struct gatherer *g, u32 i, u32 disk)
{
    struct text_buf full, path;
    u32 err;

    tb_init(&full);
    tb_init(&path);
    err = component_key_file(g->in, component_at(g->in, i), &full);
    if (!err) {
        /* whoever asks for a source resolves it: the property is there now */
        const char16_t *root = install_property(g->in, "SourceDir");
        size_t n = u16_len(root);
        bool below = full.len >= n && !u16_compare_fold(full.s, n, root, n);

        if (disk < 10)
            tb_char(&path, '0');
        tb_number(&path, (i32)disk);
        tb_char(&path, '\\');
        tb_add(&path, below ? full.s + n : full.s, below ? full.len - n : full.len);
        err = take(g, i, &path);
    }
    tb_free(&full);
    tb_free(&path);
    return err;
}

/* The message goes out without the lock: a handler may call anything. */
static void tell_folder(struct session *s, const struct component *c)
{
    if (names_find(&s->folders, c->folder, u16_len(c->folder)) != NAME_NONE)
        return;
    os_mutex_unlock(&s->lock);
    notice_no_folder(s, c->folder, u16_len(c->folder));
    os_mutex_lock(&s->lock);
}

static u32 local_path(struct gatherer *g, u32 i)
{
    struct text_buf path;
    u32 err;

    tb_init(&path);
    err = component_key_file(g->in, component_at(g->in, i), &path);
    if (err == ERROR_INSTALL_PACKAGE_INVALID)
        tell_folder(g->in->s, component_at(g->in, i));
    if (!err)
        err = take(g, i, &path);
    tb_free(&path);
    return err;
}

/* --- rows ---------------------------------------------------------------------------------------
 */

static u32 keyed_by(const struct name_list *l, struct record *row)
{
    struct rec_view v;
    u32 i = rec_view(row, 1, &v) ? NAME_NONE : names_find(l, v.text, v.len);

    return i == NAME_NONE ? i : ((const struct keyed *)names_at(l, i))->component;
}

/* "02:\key\name"; fields: row, root, key, name. */
static u32 registry_path(struct gatherer *g, u32 i, struct record *row, struct text_buf *path)
{
    const struct component *c = component_at(g->in, i);
    i32 root = rec_get_int(row, 2);
    struct text_buf text;
    u32 err = row_format(g->in, row, 3, &text);

    if (root == -1)
        root = g->in->per_machine ? 2 : 1;
    if (!err && (root < 0 || root > 3))
        err = ERROR_INSTALL_PACKAGE_INVALID;
    tb_char(path, component_view(c) == REG_VIEW_64 ? '2' : '0');
    tb_number(path, root);
    tb_ascii(path, ":\\");
    for (size_t n = text.len; n && text.s[n - 1] == '\\'; n--)
        tb_cut(&text, n - 1);
    for (size_t n = 0; !err && n < text.len; n++)
        if (text.s[n] != '\\' || path->s[path->len - 1] != '\\')
            tb_char(path, text.s[n]);
    tb_free(&text);
    if (err)
        return err;
    err = row_format(g->in, row, 4, &text);
    tb_char(path, '\\');
    tb_add(path, text.s, text.len);
    tb_free(&text);
    return err;
}

static u32 from_registry(void *ctx, struct record *row)
{
    struct gatherer *g = ctx;
    u32 i = keyed_by(&g->registry, row), err;
    struct text_buf path;

    if (i == NAME_NONE)
        return ERROR_SUCCESS;
    tb_init(&path);
    err = registry_path(g, i, row, &path);
    if (!err)
        err = take(g, i, &path);
    tb_free(&path);
    return err;
}

/* Fields: row, name, whether it is the user's. */
static u32 from_source(void *ctx, struct record *row)
{
    struct gatherer *g = ctx;
    u32 i = keyed_by(&g->sources, row), err;
    struct rec_view name;
    struct text_buf path;

    if (i == NAME_NONE || rec_view(row, 2, &name))
        return ERROR_SUCCESS;
    tb_init(&path);
    tb_char(&path, component_view(component_at(g->in, i)) == REG_VIEW_64 ? '2' : '0');
    tb_ascii(&path, rec_get_int(row, 3) == 1 ? "1" : "2");
    tb_ascii(&path, ":\\SOFTWARE\\ODBC\\ODBC.INI\\");
    tb_add(&path, name.text, name.len);
    tb_char(&path, '\\');
    err = take(g, i, &path);
    tb_free(&path);
    return err;
}

/* The disk of a file that runs from it: the first whose last number is not below the file's. */
struct disk_search {
    i32 sequence, last;
    u32 disk;
};

static u32 look_at_disk(void *ctx, struct record *row)
{
    struct disk_search *d = ctx;
    i32 last = rec_get_int(row, 2);

    if (last >= d->sequence && (!d->disk || last < d->last)) {
        d->disk = (u32)rec_get_int(row, 1);
        d->last = last;
    }
    return ERROR_SUCCESS;
}

/* Fields: file, sequence. */
static u32 from_file(void *ctx, struct record *row)
{
    struct gatherer *g = ctx;
    struct disk_search d = {.sequence = rec_get_int(row, 2)};
    u32 i = keyed_by(&g->files, row), err;

    if (i == NAME_NONE)
        return ERROR_SUCCESS;
    err = rows_each(g->in->s->db, u"SELECT `DiskId`, `LastSequence` FROM `Media`", NULL,
                    look_at_disk, &d);
    return err ? err : source_path(g, i, d.disk ? d.disk : 1);
}

static u32 add_keyed(struct name_list *l, const char16_t *name, u32 component)
{
    size_t len = u16_len(name);
    struct keyed *k;

    if (names_find(l, name, len) != NAME_NONE)
        return ERROR_SUCCESS;
    k = names_add(l, name, len);
    if (!k)
        return ERROR_OUTOFMEMORY;
    k->component = component;
    return ERROR_SUCCESS;
}

/* An assembly for everybody: "<\\name,...". */
static u32 assembly_path(struct gatherer *g, u32 i)
{
    const struct component *c = component_at(g->in, i);
    struct text_buf path;
    u32 err;

    tb_init(&path);
    tb_ascii(&path, "<\\");
    tb_add(&path, c->assembly, u16_len(c->assembly));
    err = take(g, i, &path);
    tb_free(&path);
    return err;
}

static u32 begin_path(struct gatherer *g, u32 i)
{
    const struct component *c = component_at(g->in, i);

    if (c->store)
        return assembly_path(g, i);
    if (c->key_path[0] && (c->attributes & COMPONENT_REG_KEY_PATH))
        return add_keyed(&g->registry, c->key_path, i);
    if (c->key_path[0] && (c->attributes & COMPONENT_ODBC_KEY_PATH))
        return add_keyed(&g->sources, c->key_path, i);
    if (!runs_from_source(c))
        return local_path(g, i);
    return c->key_path[0] ? add_keyed(&g->files, c->key_path, i) : source_path(g, i, 1);
}

static u32 gather(struct gatherer *g)
{
    struct database *db = g->in->s->db;
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; !err && i < g->paths->count; i++) {
        const struct component *c = component_at(g->in, i);

        if (component_installs(c) || c->installed == STATE_LOCAL || c->installed == STATE_SOURCE)
            err = begin_path(g, i);
    }
    if (!err && g->registry.count)
        err = rows_each(db, u"SELECT `Registry`, `Root`, `Key`, `Name` FROM `Registry`", NULL,
                        from_registry, g);
    if (!err && g->sources.count)
        err = rows_each(db,
                        u"SELECT `DataSource`, `Description`, `Registration` FROM "
                        u"`ODBCDataSource`",
                        NULL, from_source, g);
    if (!err && g->files.count)
        err = rows_each(db, u"SELECT `File`, `Sequence` FROM `File`", NULL, from_file, g);
    return err;
}

u32 key_paths_of(struct install *in, struct key_paths *out)
{
    struct gatherer g = {.in = in, .paths = out};
    u32 err;

    out->count = in->s->components.count;
    out->all = os_calloc(out->count + 1, sizeof(*out->all));
    if (!out->all)
        return ERROR_OUTOFMEMORY;
    names_init(&g.registry, sizeof(struct keyed));
    names_init(&g.sources, sizeof(struct keyed));
    names_init(&g.files, sizeof(struct keyed));
    err = gather(&g);
    names_free(&g.registry, NULL);
    names_free(&g.sources, NULL);
    names_free(&g.files, NULL);
    return err;
}

void key_paths_free(struct key_paths *k)
{
    for (u32 i = 0; k->all && i < k->count; i++)
        os_free(k->all[i]);
    os_free(k->all);
    k->all = NULL;
}

bool key_path_is_local(const char16_t *path)
{
    char16_t drive = path[0] | 0x20;

    return drive >= 'a' && drive <= 'z' && (path[1] == ':' || path[1] == '?') && path[2] == '\\';
}

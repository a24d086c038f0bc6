/*
 * CreateFolders and RemoveFolders, and how folders are planned by all actions.
 */
#include <stdlib.h>

#include "act_files.h"
#include "act_folder.h"
#include "act_publish.h"
#include "file_table.h"
#include "reg.h"
#include "rows.h"
#include "session_impl.h"
#include "target.h"
#include "utf16.h"

enum { PARENTS_MAX = 256 };

#define FOLDERS_KEY u"Software\\Microsoft\\Windows\\CurrentVersion\\Installer\\Folders"

/* The length of the parent's path, with its backslash; 0: it is a root. */
static size_t parent_length(const char16_t *path, size_t len)
{
    size_t root = 3;

    if (path[1] != ':') { /* server and share */
        u32 slashes = 0;

        for (root = 2; root < len && slashes < 2; root++)
            slashes += path[root] == '\\';
    }
    if (len <= root)
        return 0;
    for (len--; len > root && path[len - 1] != '\\';)
        len--;
    return len;
}

/* --- the system's own ---------------------------------------------------------------------------
 */

static const char *const system_folders[] = {
    "AdminToolsFolder",   "AppDataFolder",      "CommonAppDataFolder",  "CommonFiles64Folder",
    "CommonFilesFolder",  "DesktopFolder",      "FavoritesFolder",      "FontsFolder",
    "LocalAppDataFolder", "MyPicturesFolder",   "NetHoodFolder",        "PersonalFolder",
    "PrintHoodFolder",    "ProgramFilesFolder", "ProgramFiles64Folder", "ProgramMenuFolder",
    "RecentFolder",       "SendToFolder",       "StartMenuFolder",      "StartupFolder",
    "System16Folder",     "System64Folder",     "SystemFolder",         "TempFolder",
    "TemplateFolder",     "WindowsFolder"};

static u32 add_system_folder(struct path_set *set, const struct property *p)
{
    size_t len = p->value_len;
    bool is_new;

    if (len && p->value[len - 1] == '\\')
        len--;
    return path_set_add(set, p->value, len, &is_new);
}

static u32 read_system_folders(struct install *in, struct path_set *set)
{
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; !err && i < ARRAY_LEN(system_folders); i++) {
        const struct property *p = prop_get(in->s, system_folders[i]);

        if (p)
            err = add_system_folder(set, p);
    }
    return err;
}

/* --- making -------------------------------------------------------------------------------------
 */

static bool is_folder(const char16_t *path)
{
    struct tgt_stat st;

    return !tgt_stat(path, &st) && (st.attributes & TGT_FOLDER);
}

static void registry_value(struct op *op, u32 kind, const char16_t *name)
{
    op_begin(op, kind);
    op_number(op, REG_MACHINE);
    op_number(op, 0);
    op_text(op, FOLDERS_KEY);
    op_text(op, name);
}

/* The value's name has the backslash, the folder's path has not. Nobody removes an administrative
 * image, so nobody would ask whose its folders are. */
static u32 plan_make(struct install *in, const struct making *m, const char16_t *path, size_t len,
                     bool adopts)
{
    char16_t *folder = u16_dup(path, len - 1), *name = u16_dup(path, len);
    struct op op;
    u32 err = folder && name ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;

    if (!err) { /* also where it is there: what is planned before may take it away */
        op_begin(&op, OP_FOLDER_MAKE);
        op_text(&op, folder);
        err = plan(in, &op);
    }
    if (!err && !session_is_admin(in->s) && (adopts || !is_folder(folder)) &&
        !path_set_has(&m->system, folder, len - 1)) {
        registry_value(&op, OP_REG_SET, name);
        op_number(&op, REG_TYPE_SZ);
        op_bytes(&op, u"", sizeof(u""));
        err = plan(in, &op);
    }
    os_free(folder);
    os_free(name);
    return err;
}

u32 plan_folder_made(struct install *in, struct making *m, const char16_t *path, size_t len)
{
    size_t ends[PARENTS_MAX], system = 0;
    u32 n = 0, err = m->known ? ERROR_SUCCESS : read_system_folders(in, &m->system);
    bool is_new;

    if (!m->known)
        m->adopts = product_is_of_others(in);
    m->known = true;
    for (size_t at = len, up; (up = parent_length(path, at)) && !path_set_has(&m->done, path, at);
         at = up) {
        if (n == PARENTS_MAX)
            return ERROR_BAD_PATHNAME;
        ends[n++] = at;
        if (!system && path_set_has(&m->system, path, at - 1))
            system = at;
    }
    while (!err && n) {
        size_t end = ends[--n];

        err = path_set_add(&m->done, path, end, &is_new);
        if (!err)
            err = plan_make(in, m, path, end, m->adopts && end > system);
    }
    return err;
}

void making_free(struct making *m)
{
    path_set_free(&m->done);
    path_set_free(&m->system);
}

/* --- leaving ------------------------------------------------------------------------------------
 */

u32 leaving_begin(struct install *in, struct leaving *l)
{
    *l = (struct leaving){.noted = NULL};
    if (product_is_of_others(in) || reg_open(REG_MACHINE, FOLDERS_KEY, &l->noted))
        l->noted = NULL;
    return read_system_folders(in, &l->system);
}

/* Where nothing was ever noted, or not of this product, another engine made the folders: then each
 * may go. */
static bool is_ours(const struct leaving *l, const char16_t *path, size_t len)
{
    char16_t *name;
    bool is;

    if (!l->noted)
        return true;
    name = u16_dup(path, len);
    is = name && reg_has_value(l->noted, name);
    os_free(name);
    return is;
}

u32 leaving_add(struct leaving *l, const char16_t *path, size_t len, bool anyones)
{
    u32 err = ERROR_SUCCESS;
    bool is_new = true;

    for (size_t up; !err && is_new && (up = parent_length(path, len)); len = up) {
        if (path_set_has(&l->system, path, len - 1) || !(anyones || is_ours(l, path, len)))
            break;
        err = path_set_add(&l->folders, path, len, &is_new);
        anyones = false;
    }
    return err;
}

static int longest_first(const void *a, const void *b)
{
    size_t x = u16_len(*(char16_t *const *)a), y = u16_len(*(char16_t *const *)b);

    return x > y ? -1 : x < y;
}

static u32 plan_leave(struct install *in, const char16_t *name)
{
    char16_t *folder = u16_dup(name, u16_len(name) - 1);
    struct op op;
    u32 err;

    if (!folder)
        return ERROR_OUTOFMEMORY;
    op_begin(&op, OP_FOLDER_REMOVE);
    op_text(&op, folder);
    err = plan(in, &op);
    registry_value(&op, OP_FOLDER_FORGET, name);
    op_text(&op, folder);
    if (!err)
        err = plan(in, &op);
    os_free(folder);
    return err;
}

u32 leaving_plan(struct install *in, const struct leaving *l)
{
    u32 count = l->folders.count, err = ERROR_SUCCESS;
    char16_t **order = os_alloc_array(count + 1u, sizeof(*order));

    if (!order)
        return ERROR_OUTOFMEMORY;
    for (u32 i = 0; i < count; i++)
        order[i] = l->folders.paths[i];
    qsort(order, count, sizeof(*order), longest_first);
    for (u32 i = 0; !err && i < count; i++)
        err = plan_leave(in, order[i]);
    os_free(order);
    return err;
}

void leaving_end(struct leaving *l)
{
    path_set_free(&l->folders);
    path_set_free(&l->system);
    reg_close(l->noted);
}

/* --- the actions --------------------------------------------------------------------------------
 */

struct folders_plan {
    struct install *in;
    struct making made;
    struct leaving leaving;
};

/* The folder of a row of CreateFolder, where its component is what is asked for. */
static u32 row_folder(struct install *in, struct record *row, bool removes, struct text_buf *path)
{
    struct rec_view folder, component;
    u32 i, err;

    if (rec_view(row, 1, &folder) || rec_view(row, 2, &component))
        return ERROR_SUCCESS;
    i = names_find(&in->s->components, component.text, component.len);
    if (!(removes ? component_removes(in, i) : component_comes(in, i)))
        return ERROR_SUCCESS;
    err = path_of_folder(in, folder.text, path);
    return err;
}

static u32 tell_folder(struct install *in, const char16_t *path)
{
    const char16_t *texts[1] = {path};

    return plan_data(in, 1, texts);
}

static u32 create_row(void *ctx, struct record *row)
{
    struct folders_plan *p = ctx;
    struct text_buf path;
    u32 err;

    tb_init(&path);
    err = row_folder(p->in, row, false, &path);
    if (!err && path.len) {
        err = tell_folder(p->in, path.s);
        if (!err)
            err = plan_folder_made(p->in, &p->made, path.s, path.len);
    }
    tb_free(&path);
    return err;
}

static u32 remove_row(void *ctx, struct record *row)
{
    struct folders_plan *p = ctx;
    struct text_buf path;
    u32 err;

    tb_init(&path);
    err = row_folder(p->in, row, true, &path);
    if (!err && path.len) {
        err = tell_folder(p->in, path.s);
        if (!err)
            err = leaving_add(&p->leaving, path.s, path.len, true);
    }
    tb_free(&path);
    return err;
}

static const char16_t query[] = u"SELECT `Directory_`, `Component_` FROM `CreateFolder`";

u32 create_folders(struct install *in)
{
    struct folders_plan p = {.in = in};
    u32 err = rows_each(in->s->db, query, NULL, create_row, &p);

    making_free(&p.made);
    return err;
}

u32 remove_folders(struct install *in)
{
    struct folders_plan p = {.in = in};
    u32 err = leaving_begin(in, &p.leaving);

    if (!err)
        err = rows_each(in->s->db, query, NULL, remove_row, &p);
    if (!err)
        err = leaving_plan(in, &p.leaving);
    leaving_end(&p.leaving);
    return err;
}

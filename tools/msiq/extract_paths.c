/*
 * Where files go: the folders of the Directory table, as target and as source.
 *
 *   DefaultDir   target[:source], each name or short|long; "." is the parent itself
 *   the root     has no parent, or is its own: the folder that is extracted to
 * A folder that the system has its own name for, such as ProgramFilesFolder, is called as the
 * system calls it where the table says nothing better.
 */
#include <stdlib.h>
#include <string.h>

#include "extract.h"
#include "place.h"

enum { DEEPEST = 200 };
enum state { UNKNOWN, BUSY, KNOWN };

struct folder {
    char16_t *target, *source;
    const char *wrong;
    enum state state;
};

struct folders {
    struct index table;
    struct folder *folder;
    bool short_source;
};

/* --- names ------------------------------------------------------------------------------------ */

static size_t bar_of(const char16_t *name)
{
    size_t n = 0;

    while (name[n] && name[n] != u'|')
        n++;
    return n;
}

char16_t *long_name(const char16_t *name)
{
    size_t n = bar_of(name);

    return must_dup(name[n] ? name + n + 1 : name);
}

char16_t *short_name(const char16_t *name)
{
    return must(u16_dup(name, bar_of(name)));
}

static const struct {
    const char *key;
    const char16_t *name;
    bool always; /* also where the table has a name */
} system_names[] = {
    {"ProgramFilesFolder", u"Program Files", true},
    {"ProgramFiles64Folder", u"Program Files", false},
    {"CommonFilesFolder", u"Program Files/Common Files", false},
    {"CommonFiles64Folder", u"Program Files/Common Files", false},
    {"CommonAppDataFolder", u"ProgramData", false},
    {"AppDataFolder", u"AppData/Roaming", false},
    {"LocalAppDataFolder", u"AppData/Local", false},
    {"WindowsFolder", u"Windows", false},
    {"SystemFolder", u"Windows/System32", false},
    {"System64Folder", u"Windows/System32", false},
    {"FontsFolder", u"Windows/Fonts", false},
    {"ProgramMenuFolder", u"Start Menu/Programs", false},
    {"StartMenuFolder", u"Start Menu", false},
    {"StartupFolder", u"Start Menu/Programs/Startup", false},
    {"DesktopFolder", u"Desktop", false},
    {"PersonalFolder", u"Documents", false},
};

/* A folder of a merge module has the module's code behind its name. */
static size_t plain_length(const char16_t *key)
{
    size_t n = 0;

    while (key[n] && key[n] != u'.')
        n++;
    return n;
}

static const char16_t *system_name(const char16_t *key, bool has_name)
{
    for (size_t i = 0; i < ARRAY_LEN(system_names); i++)
        if (u16_is(key, plain_length(key), system_names[i].key))
            return system_names[i].always || !has_name ? system_names[i].name : NULL;
    return NULL;
}

/* --- folders ---------------------------------------------------------------------------------- */

struct folders *folders_read(struct pkg *db, bool short_source, u32 *err)
{
    struct folders *f = must_alloc(sizeof(*f));

    memset(f, 0, sizeof(*f));
    f->short_source = short_source;
    *err =
        index_query(db, u"Directory", u"`Directory`, `Directory_Parent`, `DefaultDir`", &f->table);
    f->folder = must_alloc((f->table.rows.count + 1) * sizeof(*f->folder));
    memset(f->folder, 0, (f->table.rows.count + 1) * sizeof(*f->folder));
    return f;
}

void folders_free(struct folders *f)
{
    for (u32 i = 0; i < f->table.rows.count; i++) {
        os_free(f->folder[i].target);
        os_free(f->folder[i].source);
    }
    os_free(f->folder);
    index_free(&f->table);
    os_free(f);
}

static char16_t *below(const char16_t *parent, const char16_t *name)
{
    return *name ? join(parent, *parent ? u"/" : u"", name, NULL) : must_dup(parent);
}

static const char *wrong_name(const char16_t *name)
{
    return !*name || place_name_good(name, u16_len(name))
               ? NULL
               : "a folder's name that would lead elsewhere";
}

/* Takes DefaultDir apart: "" stands for the parent itself. */
static void split_default(const struct folders *f, const char16_t *value, char16_t **target,
                          char16_t **source)
{
    size_t n = 0;
    char16_t *first, *second;

    while (value[n] && value[n] != u':')
        n++;
    first = must(u16_dup(value, n));
    second = value[n] ? must_dup(value + n + 1) : must_dup(first);
    *target = long_name(first);
    *source = f->short_source ? short_name(second) : long_name(second);
    os_free(first);
    os_free(second);
    if (is(*target, "."))
        (*target)[0] = 0;
    if (is(*source, "."))
        (*source)[0] = 0;
}

static const char *resolve(struct folders *f, u32 i, u32 depth);

static const char *resolve_below(struct folders *f, u32 i, u32 parent, u32 depth)
{
    char16_t **cells = f->table.rows.row[i].cells, *target, *source;
    struct folder *up = &f->folder[parent], *own = &f->folder[i];
    const char *wrong = resolve(f, parent, depth + 1);
    const char16_t *name;

    if (wrong)
        return wrong;
    split_default(f, cells[2], &target, &source);
    wrong = wrong_name(target);
    wrong = wrong ? wrong : wrong_name(source);
    if (!wrong) {
        name = system_name(cells[0], *target != 0);
        own->target = below(up->target, name ? name : target);
        own->source = below(up->source, source);
    }
    os_free(target);
    os_free(source);
    return wrong;
}

static const char *resolve(struct folders *f, u32 i, u32 depth)
{
    struct folder *own = &f->folder[i];
    char16_t **cells = f->table.rows.row[i].cells;
    u32 parent;

    if (own->state == KNOWN)
        return own->wrong;
    if (own->state == BUSY || depth > DEEPEST)
        return "a folder that is below itself";
    own->state = BUSY;
    parent = *cells[1] && compare(cells[1], cells[0]) ? index_find(&f->table, cells[1]) : HASH_NONE;
    if (parent != HASH_NONE) {
        own->wrong = resolve_below(f, i, parent, depth);
    } else if (*cells[1] && compare(cells[1], cells[0])) {
        own->wrong = "a folder whose parent is not there";
    } else {
        own->target = must_dup(u"");
        own->source = must_dup(u"");
    }
    own->state = KNOWN;
    return own->wrong;
}

const char *folders_path(struct folders *f, const char16_t *key, const char16_t **target,
                         const char16_t **source)
{
    u32 i = index_find(&f->table, key);
    const char *wrong = i == HASH_NONE ? "a folder that is not there" : resolve(f, i, 0);

    *target = *source = u"";
    if (!wrong) {
        *target = f->folder[i].target;
        *source = f->folder[i].source;
    }
    return wrong;
}

/* --- settling --------------------------------------------------------------------------------- */

static int compare_paths(const void *a, const void *b)
{
    const struct item *x = *(const struct item *const *)a, *y = *(const struct item *const *)b;
    int d = u16_compare_fold(x->path, u16_len(x->path), y->path, u16_len(y->path));

    return d ? d : x < y ? -1 : x > y;
}

/* The folders that two paths which follow each other share are spelled as in the first. All paths
 * below a folder stand together, so the one before is enough. */
static void share_spelling(const char16_t *first, char16_t *second)
{
    for (size_t i = 0; first[i] && u16_upper(first[i]) == u16_upper(second[i]); i++)
        if (first[i] == u'/')
            memcpy(second, first, i * sizeof(*first));
}

static void rename_second(struct item *item)
{
    char16_t *path;

    if (!place_name_good(item->key, u16_len(item->key))) {
        item->refused = "a second file of that path, and its key is no name";
        return;
    }
    path = join(item->path, u" (", item->key, u")", NULL);
    os_free(item->path);
    item->path = path;
}

void paths_settle(struct plan *p, bool flat)
{
    struct item **sorted = must_alloc((p->count + 1) * sizeof(struct item *));
    u32 n = 0;

    for (u32 i = 0; i < p->count; i++) {
        struct item *item = &p->items[i];

        if (item->refused)
            continue;
        if (flat) {
            os_free(item->path);
            item->path = must_dup(item->name);
        }
        sorted[n++] = item;
    }
    qsort(sorted, n, sizeof(struct item *), compare_paths);
    for (u32 i = 1, first = 0; i < n; i++) {
        share_spelling(sorted[first]->path, sorted[i]->path);
        if (u16_equal_fold(sorted[first]->path, sorted[i]->path))
            rename_second(sorted[i]);
        else
            first = i;
    }
    os_free(sorted);
}

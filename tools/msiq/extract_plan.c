/*
 * What files a package has: File, Component, Directory and Media.
 */
#include <stdlib.h>
#include <string.h>

#include "extract.h"
#include "place.h"

enum {
    FILE_NONCOMPRESSED = 0x2000, /* File.Attributes */
    FILE_COMPRESSED = 0x4000,
    SOURCE_SHORT = 1, /* the word count of the summary information */
    SOURCE_COMPRESSED = 2,
};

/* --- rows by key ------------------------------------------------------------------------------ */

static u32 hash_of(const char16_t *s)
{
    return hash_bytes(s, u16_len(s) * sizeof(*s));
}

static bool same_key(const void *ctx, u32 value, const void *item)
{
    const struct index *x = ctx;

    return u16_equal(x->rows.row[value].cells[0], item);
}

u32 index_query(struct pkg *db, const char16_t *table, const char16_t *columns, struct index *out)
{
    char16_t *query = join(u"SELECT ", columns, u" FROM `", table, u"`", NULL);
    u32 err = ERROR_SUCCESS;

    memset(out, 0, sizeof(*out));
    hash_init(&out->map);
    if (pkg_has_table(db, table))
        err = rows_query(db, query, NULL, &out->rows);
    for (u32 i = 0; !err && i < out->rows.count; i++)
        err = hash_add(&out->map, hash_of(out->rows.row[i].cells[0]), i);
    os_free(query);
    return err;
}

u32 index_find(const struct index *x, const char16_t *key)
{
    return hash_find(&x->map, hash_of(key), same_key, x, key);
}

void index_free(struct index *x)
{
    rows_free(&x->rows);
    hash_free(&x->map);
}

/* --- media ------------------------------------------------------------------------------------ */

static int compare_media(const void *a, const void *b)
{
    const struct medium *x = a, *y = b;

    return x->last < y->last ? -1 : x->last > y->last;
}

static void add_medium(struct plan *p, u32 last, const char16_t *cabinet)
{
    p->media = must_realloc(p->media, (p->media_count + 1) * sizeof(*p->media));
    p->media[p->media_count++] = (struct medium){.last = last, .cabinet = must_dup(cabinet)};
}

static u32 read_media(struct pkg *db, struct plan *p)
{
    struct rows r;
    u32 err, last;

    if (!pkg_has_table(db, u"Media")) {
        /* a merge module's one cabinet has a name of its own */
        if (pkg_has_table(db, u"ModuleSignature"))
            add_medium(p, 0xffffffff, u"#MergeModule.CABinet");
        return ERROR_SUCCESS;
    }
    err = rows_query(db, u"SELECT `LastSequence`, `Cabinet` FROM `Media`", NULL, &r);
    if (err)
        return err;
    for (u32 i = 0; i < r.count; i++)
        if (number_of(r.row[i].cells[0], &last))
            add_medium(p, last, r.row[i].cells[1]);
    rows_free(&r);
    if (p->media_count)
        qsort(p->media, p->media_count, sizeof(*p->media), compare_media);
    return ERROR_SUCCESS;
}

/* The first whose last sequence is not below. */
static u32 medium_of(const struct plan *p, u32 sequence)
{
    u32 low = 0, high = p->media_count;

    while (low < high) {
        u32 mid = low + (high - low) / 2;

        if (p->media[mid].last < sequence)
            low = mid + 1;
        else
            high = mid;
    }
    return low < p->media_count ? low : NO_MEDIUM;
}

/* --- files ------------------------------------------------------------------------------------ */

struct reading {
    struct plan *plan;
    struct index components;
    struct folders *folders;
    bool short_source, compressed;
};

/* File, Component_, FileName, FileSize, Attributes, Sequence. */
enum { C_FILE, C_COMPONENT, C_NAME, C_SIZE, C_ATTRIBUTES, C_SEQUENCE };

static char16_t *below(const char16_t *folder, const char16_t *name)
{
    return join(folder, *folder ? u"/" : u"", name, NULL);
}

static void find_path(struct reading *r, struct item *item, char16_t **cells)
{
    u32 component = index_find(&r->components, cells[C_COMPONENT]);
    const char16_t *target = u"", *source = u"";
    char16_t *source_name = r->short_source ? short_name(cells[C_NAME]) : must_dup(item->name);

    if (component == HASH_NONE)
        item->refused = "a component that is not there";
    else
        item->refused =
            folders_path(r->folders, r->components.rows.row[component].cells[1], &target, &source);
    if (!item->refused && (!place_name_good(item->name, u16_len(item->name)) ||
                           !place_name_good(source_name, u16_len(source_name))))
        item->refused = "a name that would lead elsewhere";
    item->path = below(target, item->name);
    item->source = below(source, source_name);
    os_free(source_name);
}

static void read_item(struct reading *r, struct item *item, char16_t **cells)
{
    u32 sequence = 0;

    memset(item, 0, sizeof(*item));
    item->key = must_dup(cells[C_FILE]);
    item->name = long_name(cells[C_NAME]);
    number_of(cells[C_SIZE], &item->size);
    number_of(cells[C_ATTRIBUTES], &item->attributes);
    number_of(cells[C_SEQUENCE], &sequence);
    item->medium = medium_of(r->plan, sequence);
    item->in_cabinet = item->medium != NO_MEDIUM && *r->plan->media[item->medium].cabinet &&
                       !(item->attributes & FILE_NONCOMPRESSED) &&
                       (r->compressed || item->attributes & FILE_COMPRESSED ||
                        r->plan->media[item->medium].cabinet[0] == u'#');
    find_path(r, item, cells);
}

static bool same_item(const void *ctx, u32 value, const void *key)
{
    const struct plan *p = ctx;

    return u16_equal(p->items[value].key, key);
}

struct item *plan_find(const struct plan *p, const char16_t *key)
{
    u32 i = hash_find(&p->by_key, hash_of(key), same_item, p, key);

    return i == HASH_NONE ? NULL : &p->items[i];
}

static u32 read_files(struct pkg *db, struct reading *r)
{
    struct plan *p = r->plan;
    struct rows files;
    u32 err = rows_query(db,
                         u"SELECT `File`, `Component_`, `FileName`, `FileSize`, `Attributes`, "
                         u"`Sequence` FROM `File` ORDER BY `Sequence`",
                         NULL, &files);

    if (err)
        return err;
    p->items = must_alloc((files.count + 1) * sizeof(*p->items));
    for (u32 i = 0; i < files.count && !err; i++) {
        read_item(r, &p->items[i], files.row[i].cells);
        p->count++;
        err = hash_add(&p->by_key, hash_of(p->items[i].key), i);
    }
    rows_free(&files);
    return err;
}

static u32 word_count(const char16_t *package)
{
    struct pkg_sum *info;
    struct sum_item item = {0};

    if (sum_open(package, &info))
        return SOURCE_COMPRESSED;
    if (sum_get(info, SUM_WORDCOUNT, &item) || (item.type != SUM_I4 && item.type != SUM_I2))
        item.number = SOURCE_COMPRESSED;
    os_free(item.text);
    sum_close(info);
    return (u32)item.number;
}

u32 plan_make(struct pkg *db, const char16_t *package, struct plan *out)
{
    u32 words = word_count(package), err;
    struct reading r = {
        .plan = out, .short_source = words & SOURCE_SHORT, .compressed = words & SOURCE_COMPRESSED};

    memset(out, 0, sizeof(*out));
    out->package = package;
    hash_init(&out->by_key);
    err = read_media(db, out);
    if (!err)
        err = index_query(db, u"Component", u"`Component`, `Directory_`", &r.components);
    if (err)
        return err;
    r.folders = folders_read(db, r.short_source, &err);
    if (!err && pkg_has_table(db, u"File"))
        err = read_files(db, &r);
    folders_free(r.folders);
    index_free(&r.components);
    return err;
}

struct medium *plan_medium(const struct plan *p, const char16_t *name)
{
    for (u32 i = 0; i < p->media_count; i++) {
        struct medium *m = &p->media[i];

        if (u16_equal_fold(m->cabinet, name) ||
            (m->cabinet[0] == u'#' && u16_equal_fold(m->cabinet + 1, name)))
            return m;
    }
    return NULL;
}

void plan_free(struct plan *p)
{
    for (u32 i = 0; i < p->count; i++) {
        os_free(p->items[i].key);
        os_free(p->items[i].name);
        os_free(p->items[i].path);
        os_free(p->items[i].source);
    }
    for (u32 i = 0; i < p->media_count; i++)
        os_free(p->media[i].cabinet);
    os_free(p->items);
    os_free(p->media);
    hash_free(&p->by_key);
}

/*
 * extract: the files of a package, out of its cabinets or from beside it.
 */
#include <stdio.h>
#include <string.h>

#include "cabsource.h"
#include "extract.h"
#include "place.h"

struct run {
    struct plan *plan;
    struct stg *stg;
    struct place *place; /* NULL: one file goes to `out` */
    struct out_file *out;
    struct item *item;       /* whose bytes come */
    struct place_file *file; /* where they go */
    u64 done, total;         /* bytes */
    u32 left;                /* files that are wanted */
    u32 first, last;         /* media of the cabinet that is read, and of those it goes on in */
    bool failed;
};

static void complain_item(struct run *r, const struct item *item, u32 err)
{
    warn_about(item->path, error_words(err));
    r->failed = true;
}

/* --- where bytes go --------------------------------------------------------------------------- */

static u32 begin_item(struct run *r, struct item *item)
{
    u32 err = r->place ? place_begin(r->place, item->path, &r->file) : ERROR_SUCCESS;

    if (err == ERROR_DIRECTORY || err == ERROR_FILE_EXISTS) {
        warn_about(item->path, "refused: a link, or something else that is no folder or file of "
                               "its own, stands in the way");
        r->failed = true;
    } else if (err) {
        complain_item(r, item, err);
    }
    if (!err)
        r->item = item;
    return err;
}

static u32 put(struct run *r, const void *bytes, u32 n)
{
    u32 err = r->place ? place_write(r->file, bytes, n) : out_file_write(r->out, bytes, n);

    r->done += n;
    progress("bytes", r->done, MAX(r->total, r->done + 1));
    return err;
}

static u32 end_item(struct run *r, u32 date, u32 time, u32 attributes)
{
    struct item *item = r->item;
    u32 err = ERROR_SUCCESS;

    /* msidbFileAttributesReadOnly, Hidden and System have the bits of the cabinet's */
    attributes |= item->attributes & (CAB_READONLY | CAB_HIDDEN | CAB_SYSTEM);
    if (r->place)
        err = place_finish(r->file, date, time, attributes);
    r->file = NULL;
    r->item = NULL;
    if (err) {
        complain_item(r, item, err);
        return err;
    }
    item->done = true;
    r->left--;
    return ERROR_SUCCESS;
}

static void abandon_item(struct run *r)
{
    place_abandon(r->file);
    r->file = NULL;
    r->item = NULL;
}

/* --- cabinets --------------------------------------------------------------------------------- */

static u32 open_cabinet(void *ctx, const char16_t *name, struct cab_bytes *out)
{
    struct run *r = ctx;
    struct medium *m = plan_medium(r->plan, name);
    const char16_t *cabinet = m ? m->cabinet : name;
    u32 err = cabsource_open(r->stg, r->plan->package, cabinet, out);

    if (m)
        m->read = true;
    if (err)
        warn_about(cabinet, err == ERROR_FILE_NOT_FOUND
                                ? cabinet[0] == u'#' ? "this cabinet is not in the package"
                                                     : "this cabinet is not beside the package"
                                : error_words(err));
    return err;
}

/* What keeps one file from its place keeps no other. */
static u32 cabinet_file(void *ctx, const struct cab_file *f, bool *want)
{
    struct run *r = ctx;
    struct item *item = plan_find(r->plan, f->name);

    if (!r->left)
        return ERROR_NO_MORE_ITEMS;
    *want = item && item->wanted && !item->done && !item->refused && item->in_cabinet &&
            item->medium >= r->first && item->medium <= r->last && !begin_item(r, item);
    return ERROR_SUCCESS;
}

static u32 cabinet_data(void *ctx, const void *bytes, u32 n)
{
    return put(ctx, bytes, n);
}

static u32 cabinet_end(void *ctx, const struct cab_file *f)
{
    struct run *r = ctx;

    end_item(r, f->date, f->time, f->attributes);
    return r->left ? ERROR_SUCCESS : ERROR_NO_MORE_ITEMS;
}

static bool wants_medium(const struct plan *p, u32 medium)
{
    for (u32 i = 0; i < p->count; i++) {
        const struct item *item = &p->items[i];

        if (item->medium == medium && item->wanted && item->in_cabinet && !item->done &&
            !item->refused)
            return true;
    }
    return false;
}

/* Whether its header says that it goes on in another one. */
static bool goes_on(struct run *r, u32 medium)
{
    enum { HEADER = 32, FLAGS = 30, HAS_NEXT = 2 };
    struct cab_bytes bytes;
    u8 header[HEADER];
    u32 got = 0;
    bool does;

    if (!*r->plan->media[medium].cabinet ||
        cabsource_open(r->stg, r->plan->package, r->plan->media[medium].cabinet, &bytes))
        return false;
    does = !bytes.read(bytes.ctx, 0, header, HEADER, &got) && got == HEADER &&
           (header[FLAGS] & HAS_NEXT);
    bytes.close(bytes.ctx);
    return does;
}

/* Cabinets of patches have files of the same names as the package's, which are others. */
static void read_cabinet(struct run *r, u32 medium)
{
    struct cab_user user = {r, open_cabinet, cabinet_file, cabinet_data, cabinet_end};
    struct medium *m = &r->plan->media[medium];
    u32 err;

    r->first = r->last = medium;
    while (r->last + 1 < r->plan->media_count && goes_on(r, r->last))
        r->last++;
    err = cab_read(&user, m->cabinet);

    if (r->item)
        complain_item(r, r->item, err);
    abandon_item(r);
    if (err && err != ERROR_NO_MORE_ITEMS && err != ERROR_FILE_NOT_FOUND)
        warn_about(m->cabinet, err == ERROR_FILE_CORRUPT
                                   ? "this cabinet is damaged, or goes on in one that is not there"
                                   : error_words(err));
    if (err && err != ERROR_NO_MORE_ITEMS)
        r->failed = true;
}

/* --- files beside the package ----------------------------------------------------------------- */

/* source, below the package's folder, each name in any case; allocated. */
static char16_t *find_source(const char16_t *package, const char16_t *source)
{
    char16_t *at = folder_of_path(package);

    while (at && *source) {
        size_t n = 0;
        char16_t *name, *next;

        while (source[n] && source[n] != u'/')
            n++;
        name = must(u16_dup(source, n));
        next = place_find(at, name);
        os_free(name);
        os_free(at);
        at = next;
        source += n + (source[n] == u'/');
    }
    return at;
}

static u32 copy_bytes(struct run *r, struct os_file *f)
{
    static u8 buffer[1 << 16];
    u32 got = 1, err = ERROR_SUCCESS;

    for (u64 at = 0; !err && got; at += got) {
        err = os_read_at(f, at, buffer, sizeof(buffer), &got);
        if (!err)
            err = put(r, buffer, got);
    }
    return err;
}

static void copy_source(struct run *r, struct item *item)
{
    char16_t *path = find_source(r->plan->package, item->source);
    struct os_file *f = NULL;
    u32 err = path ? os_open(path, OS_READ, &f) : ERROR_FILE_NOT_FOUND, date = 0, time = 0;

    if (err) {
        warn_about(item->source, "this file is not compressed, and not beside the package");
        r->failed = true;
    } else if (!begin_item(r, item)) {
        place_times(path, &date, &time);
        err = copy_bytes(r, f);
        if (!err)
            end_item(r, date, time, 0);
        else
            complain_item(r, item, err);
        abandon_item(r);
    }
    os_close(f);
    os_free(path);
}

/* --- all of it -------------------------------------------------------------------------------- */

static void count_wanted(struct run *r)
{
    for (u32 i = 0; i < r->plan->count; i++) {
        struct item *item = &r->plan->items[i];

        if (!item->wanted)
            continue;
        if (item->refused) {
            char16_t *where = join(item->key, u" ", item->path, NULL);

            fputs("msiq: ", stderr);
            err_text(where);
            fprintf(stderr, ": refused: %s\n", item->refused);
            os_free(where);
            r->failed = true;
            continue;
        }
        r->left++;
        r->total += item->size;
    }
}

static void say_missing(struct run *r)
{
    for (u32 i = 0; i < r->plan->count && !r->failed; i++) {
        const struct item *item = &r->plan->items[i];

        if (item->wanted && !item->done && !item->refused) {
            warn_about(item->key, item->medium == NO_MEDIUM ? "no row of Media has its sequence"
                                                            : "this file is not in its cabinet");
            r->failed = true;
        }
    }
}

static void take_all(struct run *r)
{
    struct plan *p = r->plan;

    count_wanted(r);
    for (u32 i = 0; i < p->media_count; i++)
        if (!p->media[i].read && *p->media[i].cabinet && wants_medium(p, i))
            read_cabinet(r, i);
    for (u32 i = 0; i < p->count; i++)
        if (p->items[i].wanted && !p->items[i].refused && !p->items[i].in_cabinet)
            copy_source(r, &p->items[i]);
    progress("bytes", 1, 1);
    say_missing(r);
}

static int take_to_folder(struct run *r, const char16_t *folder)
{
    u32 err = place_open(folder, &r->place);

    if (err) {
        complain(folder, err);
        return EXIT_FAILED;
    }
    take_all(r);
    place_close(r->place);
    return r->failed ? EXIT_FAILED : EXIT_GOOD;
}

static int take_to_file(struct run *r, const char16_t *path)
{
    u32 err = out_file_open(path, &r->out);

    if (err) {
        complain(path, err);
        return EXIT_FAILED;
    }
    take_all(r);
    err = out_file_close(r->out, r->failed ? ERROR_FILE_CORRUPT : ERROR_SUCCESS);
    if (err && !r->failed)
        complain(path, err);
    return err ? EXIT_FAILED : EXIT_GOOD;
}

bool extract_wanted(struct plan *p, const char16_t *package, const char16_t *folder)
{
    struct run r = {.plan = p};
    u32 err = stg_open(package, STG_READ | STG_DENY_WRITE, &r.stg);
    int code;

    if (err) {
        complain(package, err);
        return false;
    }
    code = take_to_folder(&r, folder);
    stg_close(r.stg);
    return code == EXIT_GOOD;
}

/* --- the list --------------------------------------------------------------------------------- */

static void list_items(const struct plan *p)
{
    struct rows r;

    rows_make(&r, u"File:s72", u"Path:s0", u"Size:i4", u"Cabinet:S0", NULL);
    for (u32 i = 0; i < p->count; i++) {
        const struct item *item = &p->items[i];

        if (item->wanted)
            rows_add(&r, must_dup(item->key),
                     item->refused ? join(u"(refused) ", item->path, NULL) : must_dup(item->path),
                     from_number(item->size),
                     must_dup(item->in_cabinet ? p->media[item->medium].cabinet : u""));
    }
    out_rows(&r, NULL);
    rows_free(&r);
}

/* --- the command ------------------------------------------------------------------------------ */

static bool choose(struct plan *p, int argc, char16_t **keys)
{
    for (u32 i = 0; i < p->count; i++)
        p->items[i].wanted = !argc;
    for (int i = 0; i < argc; i++) {
        struct item *item = plan_find(p, keys[i]);

        if (!item) {
            warn_about(keys[i], "the package has no file of this key ('msiq extract FILE --list')");
            return false;
        }
        item->wanted = true;
    }
    return true;
}

static int extract(struct plan *p, int argc, char16_t **argv)
{
    int skip = options.list || options.out ? 1 : 2, code;
    struct run r = {.plan = p};
    u32 err;

    if (!choose(p, argc - skip, argv + skip))
        return EXIT_FAILED;
    paths_settle(p, options.flat);
    if (options.list) {
        list_items(p);
        return EXIT_GOOD;
    }
    if (!p->count)
        warn_about(argv[0], file_kind(argv[0]) == KIND_PATCH
                                ? "a patch has no files of its own: 'msiq streams' takes its "
                                  "cabinets out"
                                : "the package has no files");
    err = stg_open(argv[0], STG_READ | STG_DENY_WRITE, &r.stg);
    if (err) {
        complain(argv[0], err);
        return EXIT_FAILED;
    }
    code = options.out ? take_to_file(&r, options.out) : take_to_folder(&r, argv[1]);
    stg_close(r.stg);
    return code;
}

int cmd_extract(int argc, char16_t **argv)
{
    struct plan plan;
    struct pkg *db;
    int code = EXIT_FAILED;

    if (options.out && (options.list || options.flat || argc != 2))
        return wrong_usage("extract", "--out is for one file: extract FILE KEY --out PATH", NULL);
    if (!options.list && argc < 2)
        return wrong_usage("extract", "a folder is missing, or --list", NULL);
    if (options.form != OUT_TEXT && !options.list)
        return wrong_usage("extract", "--csv and --json are for --list", NULL);
    if (open_pkg(argv[0], PKG_READ, &db))
        return EXIT_FAILED;
    if (!plan_make(db, argv[0], &plan))
        code = extract(&plan, argc, argv);
    plan_free(&plan);
    pkg_close(db);
    return code;
}

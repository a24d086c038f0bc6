/*
 * export and import of registry text.
 */
#include <string.h>

#include "hivetool.h"
#include "os.h"
#include "utf16.h"

static const char16_t *prefix(void)
{
    if (options.prefix)
        return options.prefix;
    return options.form == REGTEXT_WINE ? u"" : u"HKEY_LOCAL_MACHINE\\HIVE";
}

/* --- export ---------------------------------------------------------------------------------- */

struct export
{
    struct regtext_writer w;
    struct buf path; /* char16_t: the prefix, the key the export starts at, the key below it */
    size_t base;
    u32 keys, unsaid;
};

static u32 export_value(void *ctx, const struct value *v)
{
    struct export *e = ctx;

    regtext_value(&e->w, v->name, v->name_len, v->type, v->data, v->size);
    return e->w.err;
}

/* Wine writes no line for a key that only leads to others. */
static bool is_left_out(const struct export *e, const struct key_info *info)
{
    return e->w.form == REGTEXT_WINE && info->subkeys && !info->values && !info->class_len &&
           !(info->flags & KEYF_SYM_LINK);
}

static u32 export_head(struct export *e, struct hview *h, u32 key)
{
    struct key_info info;
    char16_t *class_name = NULL;
    u32 size = 0, err = key_query(h, key, &info);

    if (!err && info.class_len) {
        class_name = os_alloc(info.class_len);
        err = class_name ? key_class(h, key, class_name, info.class_len, &size) : ERROR_OUTOFMEMORY;
    }
    if (!err && is_left_out(e, &info)) {
        os_free(class_name);
        return ERROR_SUCCESS;
    }
    if (!err)
        regtext_key(&e->w, (const char16_t *)(const void *)e->path.data,
                    (u32)(e->path.len / sizeof(char16_t)), info.last_write, class_name,
                    MIN(size, info.class_len) / 2, info.flags & KEYF_SYM_LINK);
    os_free(class_name);
    return err ? err : e->w.err;
}

static bool can_say(const struct export *e)
{
    return regtext_can_say(e->w.form, (const char16_t *)(const void *)e->path.data,
                           (u32)(e->path.len / sizeof(char16_t)));
}

static u32 export_key(void *ctx, struct hview *h, u32 key, const char16_t *path, u32 len)
{
    struct export *e = ctx;
    u32 err = ERROR_SUCCESS;

    e->path.len = e->base;
    if (e->base && len)
        err = buf_add(&e->path, u"\\", sizeof(char16_t));
    if (!err)
        err = buf_add(&e->path, path, len * sizeof(char16_t));
    if (!err && !can_say(e)) {
        e->unsaid++;
        return err;
    }
    /* Wine's own text has no line for the key that all others are relative to */
    if (!err && e->path.len)
        err = export_head(e, h, key);
    if (!err && e->path.len)
        err = each_value(h, key, export_value, e);
    progress("exporting keys", ++e->keys, 0);
    return err;
}

static u32 export_tree(struct hive *hive, const char16_t *from, struct export *e)
{
    struct hive_read r = {.tries = 0};
    u32 key, err = buf_add(&e->path, prefix(), u16_len(prefix()) * sizeof(char16_t));

    if (!err && *from && e->path.len)
        err = buf_add(&e->path, u"\\", sizeof(char16_t));
    if (!err)
        err = buf_add(&e->path, from, u16_len(from) * sizeof(char16_t));
    e->base = e->path.len;
    regtext_begin(&e->w, u"REGISTRY\\Machine");
    if (!err)
        err = hive_read_begin(hive, &r);
    if (err)
        return err;
    err = find_path(&r.view, from, &key);
    if (!err)
        err = walk_keys(&r.view, key, export_key, e);
    hive_read_end(hive, &r);
    return err;
}

int cmd_export(int argc, char16_t **argv)
{
    struct buf text = {0};
    struct export e = {.w = {.out = &text, .form = options.form, .codepage = options.codepage}};
    struct hive *hive;
    u32 err;

    if (open_to_read(argv[0], &hive))
        return EXIT_FAILED;
    err = export_tree(hive, argc > 1 ? argv[1] : u"", &e);
    regtext_end(&e.w);
    if (!err)
        err = e.w.err;
    if (!err)
        err = write_file(options.out, &text);
    progress("exporting keys", 0, 0);
    hive_close(hive);
    buf_free(&text);
    buf_free(&e.path);
    if (e.unsaid)
        warn("%u keys have line ends in their names, or begin with '-', and were left out; --wine "
             "can say them",
             (unsigned)e.unsaid);
    if (err)
        return complain(argv[0], err);
    return e.unsaid ? EXIT_DIFFERENT : exit_looked();
}

/* --- import ---------------------------------------------------------------------------------- */

/* Writes are committed every so many keys: one change of everything would keep other programs
 * waiting, one for each value would cost a log entry each. */
enum { KEYS_A_WRITE = 256 };

struct import {
    struct hive *hive;
    struct hive_write w;
    bool open;          /* a write is begun */
    u32 pending;        /* keys in it */
    struct key_ref key; /* that values go to; cell HV_NIL: none */
    u32 problems, left_out;
    bool timed; /* there are times to set */
    bool again; /* the second pass, which sets them: what is made below a key changes its time */
};

static u32 begin(struct import *im)
{
    u32 err;

    if (im->open)
        return ERROR_SUCCESS;
    err = hive_write_begin(im->hive, HIVE_WAIT, &im->w);
    im->open = !err;
    im->pending = 0;
    return err;
}

static u32 commit(struct import *im)
{
    if (!im->open)
        return ERROR_SUCCESS;
    im->open = false;
    im->key.cell = HV_NIL;
    return hive_write_commit(im->hive, &im->w);
}

/* The part of a path below the prefix; NULL where it lies elsewhere. */
static const char16_t *below_prefix(const char16_t *path, u32 *len)
{
    u32 n = options.prefix ? (u32)u16_len(options.prefix) : 0;

    if (!n)
        return path;
    if (*len < n || u16_compare_fold(path, n, options.prefix, n) || (*len > n && path[n] != '\\'))
        return NULL;
    *len -= n;
    return path + n;
}

static u32 import_path(struct import *im, const char16_t *path, u32 len, bool remove)
{
    struct hview *h = &im->w.view;
    u32 base, key,
        err = make_path(h, options.under ? options.under : u"",
                        options.under ? u16_len(options.under) : 0, &base);

    if (!err && !remove)
        err = make_path_from(h, base, path, len, &key);
    if (!err && !remove)
        im->key = key_ref_of(h, key);
    if (err || !remove)
        return err;
    /* what is not there is deleted already */
    for (key = base; len && !err;) {
        u32 n = 0;

        while (n < len && path[n] != '\\')
            n++;
        if (n)
            err = key_find(h, key, path, n, &key);
        n += n < len;
        path += n;
        len -= n;
    }
    if (!err && key != base)
        err = key_delete_tree(h, key, false);
    return err == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : err;
}

static u32 import_key(void *ctx, const char16_t *path, u32 len, bool remove)
{
    struct import *im = ctx;
    u32 err = ERROR_SUCCESS;

    im->key.cell = HV_NIL;
    if (im->pending >= KEYS_A_WRITE)
        err = commit(im);
    path = below_prefix(path, &len);
    if (!path && !im->again)
        im->left_out++;
    if (err || !path)
        return err;
    err = begin(im);
    im->pending++;
    return err ? err : import_path(im, path, len, remove);
}

static u32 import_value(void *ctx, const char16_t *name, u32 len, u32 type, const void *data,
                        u32 size)
{
    struct import *im = ctx;

    if (im->key.cell == HV_NIL)
        return ERROR_SUCCESS;
    return val_set(&im->w.view, im->key.cell, name, len, type, data, size);
}

static u32 import_removal(void *ctx, const char16_t *name, u32 len)
{
    struct import *im = ctx;
    u32 err;

    if (im->key.cell == HV_NIL)
        return ERROR_SUCCESS;
    err = val_delete(&im->w.view, im->key.cell, name, len);
    return err == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : err;
}

static u32 import_time(void *ctx, u64 last_write)
{
    struct import *im = ctx;

    im->timed = true;
    if (!im->again || im->key.cell == HV_NIL || !last_write)
        return ERROR_SUCCESS;
    return key_set_time(&im->w.view, im->key.cell, last_write);
}

static u32 import_link(void *ctx)
{
    struct import *im = ctx;

    if (im->key.cell == HV_NIL)
        return ERROR_SUCCESS;
    return key_set_flags(&im->w.view, im->key.cell, KEYF_SYM_LINK, 0);
}

static u32 import_class(void *ctx, const char16_t *text, u32 len)
{
    struct import *im = ctx;

    if (im->key.cell == HV_NIL)
        return ERROR_SUCCESS;
    return key_set_class(&im->w.view, im->key.cell, text, len * (u32)sizeof(*text));
}

static void import_problem(void *ctx, u32 line, const char *what)
{
    struct import *im = ctx;

    if (im->problems++ < 20)
        warn("line %u: %s", (unsigned)line, what);
}

static void import_progress(void *ctx, size_t done, size_t total)
{
    UNUSED(ctx);
    progress("importing", done, total);
}

static u32 import_one(struct import *im, const char16_t *path)
{
    const struct regtext_sink sink = {.ctx = im,
                                      .key = import_key,
                                      .value = import_value,
                                      .remove_value = import_removal,
                                      .key_time = import_time,
                                      .key_class = import_class,
                                      .key_link = import_link,
                                      .problem = import_problem,
                                      .progress = import_progress};
    const struct regtext_sink times = {.ctx = im, .key = import_key, .key_time = import_time};
    struct buf text = {0};
    u32 err = read_file(path, &text);

    im->timed = im->again = false;
    if (!err)
        err = regtext_read(text.data, text.len, options.codepage, &sink, NULL);
    im->again = true;
    if (!err && im->timed)
        err = regtext_read(text.data, text.len, options.codepage, &times, NULL);
    buf_free(&text);
    if (!err)
        return commit(im);
    if (im->open)
        hive_write_abort(im->hive, &im->w);
    im->open = false;
    return err;
}

int cmd_import(int argc, char16_t **argv)
{
    struct import im = {.key = {.cell = HV_NIL}};
    u32 err = ERROR_SUCCESS;
    int i;

    if (open_to_write(argv[0], true, &im.hive))
        return EXIT_FAILED;
    for (i = 1; i < argc && !err; i++)
        err = import_one(&im, argv[i]);
    if (!err)
        err = hive_flush(im.hive);
    progress("importing", 1, 1);
    hive_close(im.hive);
    if (err)
        return complain(argv[i - 1], err);
    if (im.left_out)
        warn("%u keys outside of the prefix were left out", (unsigned)im.left_out);
    if (im.problems)
        warn("%u lines made no sense and were left out", (unsigned)im.problems);
    return im.problems ? EXIT_DIFFERENT : EXIT_GOOD;
}

/*
 * import: registry text into a hive. Also what makes a hive in memory of a text, for the commands
 * that look.
 *
 * A line that makes no sense, and a key or value that cannot be made, is named with its line and
 * left out. With --all-or-nothing the text is read without a hive first, and nothing is written
 * when anything was left out.
 */
#include <string.h>

#include "hivetool.h"
#include "os.h"
#include "utf16.h"

/* Writes are committed every so many keys: one change of everything would keep other programs
 * waiting, one for each value would cost a log entry each. */
enum { KEYS_A_WRITE = 256 };

/* Problems that are told; more are counted. */
enum { PROBLEMS_TOLD = 20 };

struct import {
    struct hive *hive; /* NULL: the text is only read */
    struct hive_write w;
    bool open;          /* a write is begun */
    u32 pending;        /* keys in it */
    struct key_ref key; /* that values go to; cell HV_NIL: none */
    const char16_t *file;
    const char *why;      /* what was wrong with the line refused last */
    const char16_t *path; /* and its key, or NULL */
    u32 path_len;
    u32 problems, left_out;
    enum regtext_form form;
    bool timed; /* there are times to set */
    bool again; /* the second pass, which sets them: what is made below a key changes its time */
};

/* --- writes ------------------------------------------------------------------------------------
 */

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

static void give_up(struct import *im)
{
    if (im->open)
        hive_write_abort(im->hive, &im->w);
    im->open = false;
}

/* --- paths -------------------------------------------------------------------------------------
 */

static bool is_below(const char16_t *path, u32 len, const char16_t *top, u32 n)
{
    return len >= n && !u16_compare_fold(path, n, top, n) && (len == n || path[n] == '\\');
}

/* The part of a path below the prefix; NULL where it lies elsewhere. Without a prefix the root that
 * export and diff give a hive is one. */
static const char16_t *below_prefix(const struct import *im, const char16_t *path, u32 *len)
{
    const char16_t *top = options.prefix ? options.prefix : TEXT_ROOT;
    u32 n = (u32)u16_len(top);

    if (!options.prefix && (im->form == REGTEXT_WINE || !is_below(path, *len, top, n)))
        return path;
    if (n && !is_below(path, *len, top, n))
        return NULL;
    *len -= n;
    return path + n;
}

/* regedit's names of roots are followed by one backslash, and preceded by none. */
static bool rootless(enum regtext_form form, const char16_t *path, u32 len)
{
    u32 n = 0;

    while (n < len && path[n] != '\\')
        n++;
    return form != REGTEXT_WINE && ((len && !n) || (n + 1 < len && path[n + 1] == '\\'));
}

/* What no hive can have. */
static const char *impossible(const char16_t *path, u32 len)
{
    u32 depth = 0, n = 0;

    for (u32 i = 0; i <= len; i++) {
        if (i < len && path[i] != '\\') {
            n++;
            continue;
        }
        depth += n != 0;
        if (n > KEY_NAME_MAX)
            return "a key's name has more than 256 characters";
        n = 0;
    }
    return depth >= KEY_DEPTH_MAX ? "keys more than 512 deep" : NULL;
}

static u32 refuse(struct import *im, const char *why, const char16_t *path, u32 len)
{
    im->why = why;
    im->path = path;
    im->path_len = len;
    return ERROR_INVALID_DATA;
}

/* --- keys --------------------------------------------------------------------------------------
 */

static u32 remove_path(struct hview *h, u32 base, const char16_t *path, u32 len)
{
    u32 key = base, err = ERROR_SUCCESS;

    while (len && !err) {
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
    /* what is not there is deleted already */
    return err == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : err;
}

static u32 import_path(struct import *im, const char16_t *path, u32 len, bool remove)
{
    struct hview *h = &im->w.view;
    u32 base, key,
        err = make_path(h, options.under ? options.under : u"",
                        options.under ? u16_len(options.under) : 0, &base);

    if (!err && remove)
        return remove_path(h, base, path, len);
    if (!err)
        err = make_path_from(h, base, path, len, &key);
    if (!err)
        im->key = key_ref_of(h, key);
    return err;
}

/* Errors of one key alone, which leave the write as it was. */
static const char *of_this_key(const struct hview *h, u32 err)
{
    if (h->error)
        return NULL;
    switch (err) {
    case ERROR_ACCESS_DENIED:
        return "this key cannot be deleted";
    case ERROR_INVALID_PARAMETER:
        return "a key's name that cannot be";
    case ERROR_NO_SYSTEM_RESOURCES:
        return "keys too deep";
    default:
        return NULL;
    }
}

static u32 import_key(void *ctx, const char16_t *path, u32 len, bool remove)
{
    struct import *im = ctx;
    const char16_t *full = path;
    u32 full_len = len, err = ERROR_SUCCESS;
    const char *why;

    im->key.cell = HV_NIL;
    if (im->pending >= KEYS_A_WRITE && !options.all_or_nothing)
        err = commit(im);
    if (!err && rootless(im->form, path, len))
        return refuse(im, "no backslash, or two, where one is due at the root", path, len);
    path = below_prefix(im, path, &len);
    if (!path && !im->again)
        im->left_out++;
    if (err || !path)
        return err;
    if (!remove && (why = impossible(path, len)))
        return refuse(im, why, full, full_len);
    if (!im->hive)
        return ERROR_SUCCESS;
    err = begin(im);
    im->pending++;
    if (!err)
        err = import_path(im, path, len, remove);
    why = err ? of_this_key(&im->w.view, err) : NULL;
    return why ? refuse(im, why, full, full_len) : err;
}

/* --- values ------------------------------------------------------------------------------------
 */

static u32 import_value(void *ctx, const char16_t *name, u32 len, u32 type, const void *data,
                        u32 size)
{
    struct import *im = ctx;

    if (len > VAL_NAME_MAX)
        return refuse(im, "a value's name has more than 16383 characters", NULL, 0);
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

/* --- files -------------------------------------------------------------------------------------
 */

static void import_problem(void *ctx, u32 line, const char *what)
{
    struct import *im = ctx;
    bool refused = !what;

    if (im->again || im->problems++ >= PROBLEMS_TOLD)
        return;
    warn_line(im->file, line, refused ? im->why : what, refused ? im->path : NULL, im->path_len);
}

static void import_progress(void *ctx, size_t done, size_t total)
{
    UNUSED(ctx);
    progress("importing", done, total);
}

static u32 read_text(struct import *im, const struct buf *text)
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
    const struct regtext_sink times = {
        .ctx = im, .key = import_key, .key_time = import_time, .problem = import_problem};
    u32 err;

    im->timed = im->again = false;
    err = regtext_check(text->data, text->len, options.codepage, &im->form);
    if (!err)
        err = regtext_read(text->data, text->len, options.codepage, &sink, NULL);
    im->again = true;
    if (!err && im->timed && im->hive)
        err = regtext_read(text->data, text->len, options.codepage, &times, NULL);
    return err;
}

static u32 import_one(struct import *im, const char16_t *path)
{
    struct buf text = {0};
    u32 err = read_file(path, &text);

    im->file = path;
    if (!err)
        err = read_text(im, &text);
    buf_free(&text);
    if (!err && !options.all_or_nothing)
        err = commit(im);
    if (err)
        give_up(im);
    return err;
}

/* Whether every file can be read and is registry text; with --all-or-nothing, whether all of it can
 * be taken. Nothing is made or changed before that is known. */
static int look_before(int argc, char16_t **argv)
{
    struct import im = {.key = {.cell = HV_NIL}};

    for (int i = 1; i < argc; i++) {
        struct buf text = {0};
        u32 err = is_standard_input(argv[i]) ? ERROR_SUCCESS : read_file(argv[i], &text);

        im.file = argv[i];
        if (!err && !is_standard_input(argv[i]))
            err = options.all_or_nothing
                      ? read_text(&im, &text)
                      : regtext_check(text.data, text.len, options.codepage, NULL);
        buf_free(&text);
        if (err)
            return complain_text(argv[i], err);
    }
    if (!im.problems)
        return EXIT_GOOD;
    warn("%u lines made no sense or cannot be: nothing was imported", (unsigned)im.problems);
    return EXIT_DIFFERENT;
}

int cmd_import(int argc, char16_t **argv)
{
    struct import im = {.key = {.cell = HV_NIL}};
    u32 err = ERROR_SUCCESS;
    int i, code = look_before(argc, argv);

    if (code)
        return code;
    if (open_to_write(argv[0], true, &im.hive))
        return EXIT_FAILED;
    for (i = 1; i < argc && !err; i++)
        err = import_one(&im, argv[i]);
    if (!err && im.problems && options.all_or_nothing)
        give_up(&im);
    else if (!err && !(err = commit(&im)))
        err = hive_flush(im.hive);
    progress("importing", 1, 1);
    hive_close(im.hive);
    if (err)
        return complain_text(argv[i - 1], err);
    if (im.left_out)
        warn("%u keys outside of the prefix were left out", (unsigned)im.left_out);
    if (im.problems)
        warn(options.all_or_nothing ? "%u lines cannot be: nothing was imported"
                                    : "%u lines made no sense or cannot be, and were left out",
             (unsigned)im.problems);
    return im.problems ? EXIT_DIFFERENT : EXIT_GOOD;
}

u32 hive_of_text(const char16_t *path, struct hive **out)
{
    struct import im = {.key = {.cell = HV_NIL}};
    struct buf text = {0};
    u32 err = read_file(path, &text);

    if (!err)
        err = regtext_check(text.data, text.len, options.codepage, NULL);
    buf_free(&text);
    if (!err)
        err = hive_open(NULL, HIVE_MEMORY, &im.hive);
    if (err)
        return err;
    err = import_one(&im, path);
    if (!err)
        err = commit(&im);
    if (im.problems)
        note_looked();
    if (err)
        hive_close(im.hive);
    else
        *out = im.hive;
    return err;
}

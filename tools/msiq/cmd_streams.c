/*
 * streams: the named streams of a package, listed, taken out, put in and deleted.
 */
#include <stdio.h>
#include <string.h>

#include "msiq.h"

/* --- the list --------------------------------------------------------------------------------- */

static u32 list_streams(struct pkg *db)
{
    struct pkg_query *q;
    struct pkg_row *rec;
    struct rows r;
    u32 err;

    rows_make(&r, u"Name:s62", u"Size:i4", NULL);
    err = pkg_run(db, u"SELECT `Name`, `Data` FROM `_Streams`", NULL, &q);
    while (!err && !(err = pkg_fetch(q, &rec))) {
        rows_add(&r, must(row_text(rec, 1)), from_number(row_size(rec, 2)));
        row_free(rec);
    }
    pkg_query_close(q);
    err = err == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : complain(u"_Streams", err);
    if (!err)
        out_rows(&r, NULL);
    rows_free(&r);
    return err;
}

/* --- out -------------------------------------------------------------------------------------- */

/* A record with the stream of that name; ERROR_NO_MORE_ITEMS where there is none. */
static u32 find_stream(struct pkg *db, const char16_t *name, struct pkg_row **rec)
{
    struct pkg_row *key = must(row_new(1));
    struct pkg_query *q;
    u32 err;

    *rec = NULL;
    row_set_text(key, 1, name);
    err = pkg_run(db, u"SELECT `Data` FROM `_Streams` WHERE `Name` = ?", key, &q);
    if (!err)
        err = pkg_fetch(q, rec);
    pkg_query_close(q);
    row_free(key);
    return err;
}

static u32 extract_stream(struct pkg *db, const char16_t *name)
{
    struct pkg_row *rec;
    u32 err = find_stream(db, name, &rec);

    if (!err)
        err = save_stream(rec, 1, options.out);
    row_free(rec);
    return err ? complain(name, err) : ERROR_SUCCESS;
}

static u32 extract_to(struct pkg_row *rec, const char16_t *folder)
{
    char16_t *name = must(row_text(rec, 1)), *file = file_name_for(name),
             *path = path_in(folder, file);
    u32 err = save_stream(rec, 2, path);

    if (err)
        complain(name, err);
    os_free(path);
    os_free(file);
    os_free(name);
    return err;
}

/* A stream that cannot be read keeps nobody from the others. */
static u32 extract_all(struct pkg *db)
{
    const char16_t *folder = options.out ? options.out : u".";
    struct pkg_query *q;
    struct pkg_row *rec;
    u32 err = make_folder(folder), failed = ERROR_SUCCESS;

    if (err)
        return complain(folder, err);
    err = pkg_run(db, u"SELECT `Name`, `Data` FROM `_Streams`", NULL, &q);
    while (!err && !(err = pkg_fetch(q, &rec))) {
        u32 one = extract_to(rec, folder);

        failed = failed ? failed : one;
        row_free(rec);
    }
    pkg_query_close(q);
    if (err != ERROR_NO_MORE_ITEMS)
        return complain(u"_Streams", err);
    return failed;
}

/* --- in --------------------------------------------------------------------------------------- */

static u32 has_stream(struct pkg *db, const char16_t *name, bool *has)
{
    struct pkg_row *rec;
    u32 err = find_stream(db, name, &rec);

    *has = !err;
    row_free(rec);
    return err == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : err;
}

static u32 put_stream(struct pkg *db, const char16_t *name, const char16_t *path)
{
    struct pkg_row *rec = must(row_new(2));
    bool has;
    u32 err = has_stream(db, name, &has);

    if (err)
        complain(name, err);
    if (!err && (err = row_set_file(rec, 1, path)))
        complain(path, err);
    row_set_text(rec, 2, name);
    if (!err)
        err = run_query(db,
                        has ? u"UPDATE `_Streams` SET `Data` = ? WHERE `Name` = ?"
                            : u"INSERT INTO `_Streams` (`Data`, `Name`) VALUES (?, ?)",
                        rec);
    row_free(rec);
    return err;
}

static u32 delete_stream(struct pkg *db, const char16_t *name)
{
    struct pkg_row *key = must(row_new(1));
    bool has;
    u32 err = has_stream(db, name, &has);

    if (!err && !has)
        err = ERROR_NO_MORE_ITEMS;
    if (err)
        complain(name, err);
    row_set_text(key, 1, name);
    if (!err)
        err = run_query(db, u"DELETE FROM `_Streams` WHERE `Name` = ?", key);
    row_free(key);
    return err;
}

static u32 change_streams(struct pkg *db, int argc, char16_t **argv)
{
    bool put = is(argv[0], "put");
    u32 err = put ? put_stream(db, argv[1], argv[2]) : ERROR_SUCCESS;

    for (int i = 1; !put && !err && i < argc; i++)
        err = delete_stream(db, argv[i]);
    return err ? err : commit(db);
}

/* --- the command ------------------------------------------------------------------------------ */

int cmd_streams(int argc, char16_t **argv)
{
    bool put = argc > 1 && is(argv[1], "put"), del = argc > 1 && is(argv[1], "delete");
    struct pkg *db;
    u32 err;

    if (put && argc != 4)
        return wrong_usage("streams", "put takes NAME PATH", NULL);
    if (del && argc < 3)
        return wrong_usage("streams", "delete takes NAME ...", NULL);
    if (!put && !del && argc > 2)
        return wrong_usage("streams", "one argument too many:", argv[2]);
    if ((put || del || argc == 1) && options.out)
        return wrong_usage("streams", "--out is for what is taken out", NULL);
    if (open_pkg(argv[0], put || del ? PKG_CHANGE : PKG_READ, &db))
        return EXIT_FAILED;
    if (put || del)
        err = change_streams(db, argc - 1, argv + 1);
    else if (argc == 1)
        err = list_streams(db);
    else
        err = is(argv[1], "all") ? extract_all(db) : extract_stream(db, argv[1]);
    pkg_close(db);
    return err ? EXIT_FAILED : EXIT_GOOD;
}

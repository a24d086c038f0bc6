/*
 * export and import of text archives.
 */
#include "msiq.h"
#include "seam.h"

/* --- export ----------------------------------------------------------------------------------- */

/* Those that hold a table's place in an archive are always there. */
static bool has_table(struct pkg *db, const char16_t *table)
{
    return table[0] == u'_' || pkg_has_table(db, table);
}

/* Without --out through a folder of the moment, for to a file is how a table is exported. */
static u32 export_one(struct pkg *db, const char16_t *table, const char16_t *folder)
{
    char16_t *name, *path;
    u32 err;

    if (!has_table(db, table))
        return complain(table, ERROR_INVALID_TABLE);
    name = join(table, u".idt", NULL);
    err = pkg_export(db, table, folder, name);
    if (err)
        complain(table, err);
    if (!err && !options.out) {
        path = path_in(folder, name);
        err = save_file(path, NULL);
        if (err)
            warn_about(table, error_words(err));
        os_free(path);
    }
    os_free(name);
    return err;
}

static u32 export_all(struct pkg *db, const char16_t *folder)
{
    struct rows tables;
    u32 err = rows_tables(db, &tables);

    for (u32 i = 0; !err && i < tables.count; i++) {
        progress("exporting table", i, tables.count);
        err = export_one(db, tables.row[i].cells[0], folder);
    }
    if (!err)
        err = export_one(db, u"_SummaryInformation", folder);
    if (!err)
        err = export_one(db, u"_ForceCodepage", folder);
    progress("exporting table", 1, 1);
    rows_free(&tables);
    return err;
}

static u32 output_folder(char16_t **folder)
{
    u32 err;

    if (!options.out) {
        err = temp_folder(folder);
        return err ? complain(u"a folder for temporary files", err) : ERROR_SUCCESS;
    }
    *folder = must_dup(options.out);
    err = make_folder(*folder);
    return err ? complain(*folder, err) : ERROR_SUCCESS;
}

int cmd_export(int argc, char16_t **argv)
{
    char16_t *folder = NULL;
    struct pkg *db;
    u32 err;

    if (open_pkg(argv[0], PKG_READ, &db))
        return EXIT_FAILED;
    err = output_folder(&folder);
    if (!err && argc == 1)
        err = export_all(db, folder);
    for (int i = 1; i < argc && !err; i++)
        err = export_one(db, argv[i], folder);
    if (folder && !options.out)
        remove_folder(folder);
    os_free(folder);
    pkg_close(db);
    return err ? EXIT_FAILED : EXIT_GOOD;
}

/* --- import ----------------------------------------------------------------------------------- */

int cmd_import(int argc, char16_t **argv)
{
    u32 err = ERROR_SUCCESS;
    struct pkg *db;

    if (open_pkg(argv[0], os_exists(argv[0]) ? PKG_CHANGE : PKG_NEW, &db))
        return EXIT_FAILED;
    for (int i = 1; i < argc && !err; i++) {
        progress("importing", (u32)i - 1, (u32)argc - 1);
        err = pkg_import(db, argv[i]);
        if (err)
            complain(argv[i], err);
    }
    progress("importing", 1, 1);
    if (!err)
        err = commit(db);
    pkg_close(db);
    return err ? EXIT_FAILED : EXIT_GOOD;
}

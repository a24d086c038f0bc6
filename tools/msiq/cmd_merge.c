/*
 * merge.
 */
#include "msiq.h"

static void show_conflicts(struct pkg *db)
{
    struct rows r;

    if (rows_table(db, u"_MergeErrors", &r))
        return;
    out_rows(&r, u"Conflicts");
    rows_free(&r);
}

static int merge_into(struct pkg *db, struct pkg *other, const char16_t *name)
{
    u32 err = pkg_merge(db, other, u"_MergeErrors");

    if (err) {
        bool conflicts = err == ERROR_FUNCTION_FAILED && pkg_has_table(db, u"_MergeErrors");

        complain(name, err);
        if (conflicts)
            show_conflicts(db);
        return conflicts ? EXIT_DIFFERENT : EXIT_FAILED;
    }
    return commit(db) ? EXIT_FAILED : EXIT_GOOD;
}

int cmd_merge(int argc, char16_t **argv)
{
    struct pkg *db = NULL, *other = NULL;
    int code = EXIT_FAILED;

    UNUSED(argc);
    if (!open_pkg(argv[0], PKG_CHANGE, &db) && !open_pkg(argv[1], PKG_READ, &other))
        code = merge_into(db, other, argv[1]);
    pkg_close(other);
    pkg_close(db);
    return code;
}

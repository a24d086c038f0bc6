/*
 * tour: all of a package for a person to read, and a handle that only its own thread closes.
 */
#include "msiq.h"

static int show_handle_rules(struct pkg *db)
{
    struct pkg_handle_rule rule = pkg_close_by_the_rule(db);

    out_format("A handle is closed by the thread that opened it\n");
    out_format("  closed on another thread   %s (error %u)\n",
               rule.elsewhere ? "refused" : "ACCEPTED", (unsigned)rule.elsewhere);
    out_format("  then used on its own       %s\n", rule.open_after ? "still open" : "GONE");
    out_format("  closed on its own thread   %s (error %u)\n", rule.here ? "REFUSED" : "done",
               (unsigned)rule.here);
    out_format("  closed a second time       %s (error %u)\n", rule.again ? "refused" : "ACCEPTED",
               (unsigned)rule.again);
    if (rule.elsewhere == ERROR_INVALID_HANDLE && rule.open_after && !rule.here &&
        rule.again == ERROR_INVALID_HANDLE)
        return EXIT_GOOD;
    out_format("This is not what the documentation says.\n");
    return EXIT_FAILED;
}

static u32 show_all_tables(struct pkg *db)
{
    struct rows tables, r;
    u32 err = rows_tables(db, &tables);

    for (u32 i = 0; !err && i < tables.count; i++) {
        err = rows_table(db, tables.row[i].cells[0], &r);
        if (err)
            break;
        out_rows(&r, tables.row[i].cells[0]);
        out_format("\n");
        rows_free(&r);
    }
    rows_free(&tables);
    return err;
}

int cmd_tour(int argc, char16_t **argv)
{
    struct pair pairs[SUMMARY_PAIRS];
    struct pkg *db;
    u32 count;

    UNUSED(argc);
    if (open_pkg(argv[0], PKG_READ, &db))
        return EXIT_FAILED;
    if (summary_pairs(argv[0], pairs, &count)) {
        pkg_close(db);
        return EXIT_FAILED;
    }
    out_pairs(pairs, count, u"Summary information");
    free_pairs(pairs, count);
    out_format("\n");
    if (show_all_tables(db)) {
        pkg_close(db);
        return EXIT_FAILED;
    }
    return show_handle_rules(db);
}

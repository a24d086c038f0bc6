/*
 * validate: the rows against _Validation, through the function that every program has for it.
 */
#include "check.h"

/* By the numbers of MSIDBERROR. */
static const char *const texts[] = {
    NULL,
    "a key that is there already",
    "a value is needed",
    "a key of another table that is not there",
    "over the largest value",
    "under the smallest value",
    "not in the set of values",
    "not a version",
    "wrong case",
    "not a GUID",
    "wrong wildcard",
    "not an identifier",
    "not a language",
    "not a file name",
    "not a path",
    "not a condition",
    "wrong formatted text",
    "wrong template",
    "wrong DefaultDir",
    "not a registry path",
    "wrong CustomSource",
    "not a property",
    "no row for it in _Validation",
    "an unknown category",
    "an unknown key table",
    "wrong limits in _Validation",
    "not a cabinet",
    "not a shortcut",
    "longer than the column",
    "wrong localizable attribute",
};

static const char *advice(int error)
{
    switch (error) {
    case 3:
        return "add the row that is referred to, or take this one out";
    case 15:
        return "an installation takes a condition that is none for false";
    case 22:
        return "add rows for the table to _Validation, or it cannot be checked";
    case 28:
        return "Windows reads it all the same; tools may cut it";
    default:
        return "see the column's row in _Validation";
    }
}

/* What Windows installs all the same: no row or a strange category in _Validation, a cabinet's long
 * name, a text longer than the column says. */
static bool is_soft(int error)
{
    return error == 22 || error == 23 || error == 26 || error == 28;
}

static void add_findings(struct check *c, struct pkg_query *q, struct pkg_row *rec,
                         const char16_t *table, u32 keys)
{
    char16_t column[PKG_COLUMN_NAME], *key = must(row_text(rec, 1));
    int error;

    for (u32 i = 2; i <= keys; i++) {
        char16_t *part = must(row_text(rec, i)), *both = join(key, u"\t", part, NULL);

        os_free(part);
        os_free(key);
        key = both;
    }
    while ((error = pkg_next_error(q, column)) > 0) {
        char16_t *where = join(table, u".", column, NULL);
        found(c, is_soft(error) ? LEVEL_WARNING : LEVEL_ERROR, where, key,
              (size_t)error < ARRAY_LEN(texts) ? texts[error] : "wrong", advice(error));
        os_free(where);
    }
    os_free(key);
}

static void check_table_rules(struct check *c, struct pkg *db, const char16_t *table)
{
    char16_t *query = join(u"SELECT * FROM `", table, u"`", NULL);
    u32 keys = pkg_keys(db, table), err;
    struct pkg_query *q;
    struct pkg_row *rec;

    err = pkg_run(db, query, NULL, &q);
    while (!err && !(err = pkg_fetch(q, &rec))) {
        if (pkg_validate(q, rec) == ERROR_INVALID_DATA)
            add_findings(c, q, rec, table, keys);
        row_free(rec);
    }
    pkg_query_close(q);
    os_free(query);
}

void check_rules(struct check *c)
{
    struct rows tables;
    struct pkg *db;
    u32 err;

    if (!check_table(c, u"_Validation")) {
        found(c, LEVEL_NOTE, u"_Validation", NULL,
              "there is no such table: columns were checked by what is known of them alone", "");
        return;
    }
    err = pkg_open(c->path, PKG_READ, &db);
    if (err) {
        found(c, LEVEL_ERROR, u"file", NULL, "msi.dll does not open it as a database",
              "see the other errors");
        return;
    }
    err = rows_tables(db, &tables);
    for (u32 i = 0; !err && i < tables.count; i++) {
        /* the usual rows of _Validation break the rules that they give for themselves, such as
         * KeyTable's lists of tables where an identifier should be */
        if (is(tables.row[i].cells[0], "_Validation"))
            continue;
        progress("validating table", i, tables.count);
        check_table_rules(c, db, tables.row[i].cells[0]);
    }
    progress("validating table", 1, 1);
    rows_free(&tables);
    pkg_close(db);
}

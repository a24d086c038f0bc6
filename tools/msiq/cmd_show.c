/*
 * info, tables, schema and show: a package as it is.
 */
#include <stdio.h>
#include <string.h>

#include "msiq.h"

static const struct {
    u32 id;
    const char16_t *name;
} summary_names[] = {
    {SUM_CODEPAGE, u"Codepage"},    {SUM_TITLE, u"Title"},
    {SUM_SUBJECT, u"Subject"},      {SUM_AUTHOR, u"Author"},
    {SUM_KEYWORDS, u"Keywords"},    {SUM_COMMENTS, u"Comments"},
    {SUM_TEMPLATE, u"Template"},    {SUM_LASTAUTHOR, u"Last author"},
    {SUM_REVNUMBER, u"Revision"},   {SUM_LASTPRINTED, u"Last printed"},
    {SUM_CREATED, u"Created"},      {SUM_LASTSAVED, u"Last saved"},
    {SUM_PAGECOUNT, u"Version"},    {SUM_WORDCOUNT, u"Source"},
    {SUM_CHARCOUNT, u"Characters"}, {SUM_APPNAME, u"Application"},
    {SUM_SECURITY, u"Security"},
};

/* Days since 1601-01-01 as a date of the Gregorian calendar. */
static void date_of(u64 days, unsigned *year, unsigned *month, unsigned *day)
{
    static const unsigned lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    u64 era = days / 146097; /* 400 years */
    unsigned left = (unsigned)(days % 146097), y = 0;

    for (;; y++) {
        unsigned n = 365 + ((y % 4 == 3 && y % 100 != 99) || y % 400 == 399);

        if (left < n)
            break;
        left -= n;
    }
    *year = (unsigned)(1601 + era * 400 + y);
    for (*month = 0;; ++*month) {
        unsigned n = lengths[*month] +
                     (*month == 1 && ((*year % 4 == 0 && *year % 100 != 0) || *year % 400 == 0));

        if (left < n)
            break;
        left -= n;
    }
    ++*month;
    *day = left + 1;
}

static char16_t *time_text(u64 time)
{
    unsigned year, month, day, seconds = (unsigned)(time / 10000000 % 86400);
    char text[64];

    if (time >> 63)
        return must_dup(u"(not a time)");
    date_of(time / 10000000 / 86400, &year, &month, &day);
    snprintf(text, sizeof(text), "%04u-%02u-%02u %02u:%02u:%02u UTC", year, month, day,
             seconds / 3600, seconds / 60 % 60, seconds % 60);
    return from_ascii(text);
}

static char16_t *item_text(struct sum_item *item)
{
    char text[16];

    if (item->type == SUM_TEXT)
        return item->text ? item->text : must_dup(u"");
    os_free(item->text);
    if (item->type == SUM_TIME)
        return time_text(item->time);
    snprintf(text, sizeof(text), "%d", (int)item->number);
    return from_ascii(text);
}

char16_t *summary_text(struct pkg_sum *info, u32 id)
{
    struct sum_item item;

    if (sum_get(info, id, &item) || item.type == SUM_EMPTY)
        return NULL;
    return item_text(&item);
}

u32 summary_pairs(const char16_t *path, struct pair pairs[SUMMARY_PAIRS], u32 *count)
{
    struct pkg_sum *info;
    u32 err = sum_open(path, &info);

    *count = 0;
    if (err) {
        complain(path, err);
        return err;
    }
    for (size_t i = 0; i < ARRAY_LEN(summary_names); i++) {
        struct sum_item item;

        if (sum_get(info, summary_names[i].id, &item) || item.type == SUM_EMPTY)
            continue;
        pairs[*count].number = item.type == SUM_I2 || item.type == SUM_I4;
        pairs[*count].name = summary_names[i].name;
        pairs[(*count)++].value = item_text(&item);
    }
    sum_close(info);
    return ERROR_SUCCESS;
}

void free_pairs(struct pair *pairs, u32 count)
{
    for (u32 i = 0; i < count; i++)
        os_free(pairs[i].value);
}

int cmd_info(int argc, char16_t **argv)
{
    struct pair pairs[SUMMARY_PAIRS];
    u32 count;

    UNUSED(argc);
    if (summary_pairs(argv[0], pairs, &count))
        return EXIT_FAILED;
    if (!count)
        warn_about(argv[0], "it has no summary information");
    out_pairs(pairs, count, NULL);
    free_pairs(pairs, count);
    return EXIT_GOOD;
}

/* --- tables ----------------------------------------------------------------------------------- */

static u32 count_rows(struct pkg *db, const char16_t *table, u32 *rows, u32 *columns)
{
    char16_t *query = join(u"SELECT * FROM `", table, u"`", NULL);
    struct pkg_query *q;
    struct pkg_row *rec;
    u32 err = pkg_run(db, query, NULL, &q);

    *rows = *columns = 0;
    if (!err && !(err = pkg_columns(q, true, &rec))) {
        *columns = row_count(rec);
        row_free(rec);
        while (!(err = pkg_fetch(q, &rec))) {
            ++*rows;
            row_free(rec);
        }
    }
    pkg_query_close(q);
    os_free(query);
    return err == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : complain(table, err);
}

static u32 list_tables(struct pkg *db, struct rows *out)
{
    struct rows tables;
    u32 err = rows_tables(db, &tables);

    rows_make(out, u"Table:s64", u"Rows:i4", u"Columns:i4", NULL);
    for (u32 i = 0; !err && i < tables.count; i++) {
        u32 rows, columns;

        progress("reading table", i, tables.count);
        err = count_rows(db, tables.row[i].cells[0], &rows, &columns);
        rows_add(out, must_dup(tables.row[i].cells[0]), from_number(rows), from_number(columns));
    }
    progress("reading table", 1, 1);
    rows_free(&tables);
    return err;
}

int cmd_tables(int argc, char16_t **argv)
{
    struct rows tables;
    struct pkg *db;
    u32 err;

    UNUSED(argc);
    if (open_pkg(argv[0], PKG_READ, &db))
        return EXIT_FAILED;
    err = list_tables(db, &tables);
    if (!err)
        out_rows(&tables, NULL);
    rows_free(&tables);
    pkg_close(db);
    return err ? EXIT_FAILED : EXIT_GOOD;
}

/* --- schema ----------------------------------------------------------------------------------- */

static u32 schema_rows(struct pkg *db, const char16_t *table, struct rows *out)
{
    char16_t *query = join(u"SELECT * FROM `", table, u"`", NULL);
    struct pkg_row *names = NULL, *types = NULL;
    u32 keys = pkg_keys(db, table);
    struct pkg_query *q;
    u32 err = pkg_run(db, query, NULL, &q);

    rows_make(out, u"Column:s64", u"Type:s8", u"Key:S3", NULL);
    if (!err)
        err = pkg_columns(q, true, &names);
    if (!err)
        err = pkg_columns(q, false, &types);
    for (u32 i = 1; !err && i <= row_count(names); i++)
        rows_add(out, must(row_text(names, i)), must(row_text(types, i)),
                 must_dup(i <= keys ? u"key" : u""));
    row_free(names);
    row_free(types);
    pkg_query_close(q);
    os_free(query);
    return err ? complain(table, err) : ERROR_SUCCESS;
}

static void schema_as_text(const struct rows *r, const char16_t *table)
{
    out_text(table);
    out_format("\n");
    for (u32 i = 0; i < r->count; i++) {
        char16_t **cells = r->row[i].cells;

        out_format("  ");
        out_text(cells[0]);
        out_format("%*s", (int)(24 - MIN(u16_len(cells[0]), 23u)), "");
        out_text(cells[1]);
        out_format("%s\n", cells[2][0] ? "  key" : "");
    }
}

/* A table of its own in each row, so that lines of several tables can be told apart. */
static void schema_as_csv(const struct rows *r, const char16_t *table)
{
    struct rows all;

    rows_make(&all, u"Table:s64", u"Column:s64", u"Type:s8", u"Key:S3", NULL);
    for (u32 i = 0; i < r->count; i++)
        rows_add(&all, must_dup(table), must_dup(r->row[i].cells[0]), must_dup(r->row[i].cells[1]),
                 must_dup(r->row[i].cells[2]));
    out_rows(&all, NULL);
    rows_free(&all);
}

static u32 show_schema(struct pkg *db, const char16_t *table)
{
    struct rows r;
    u32 err = schema_rows(db, table, &r);

    if (!err && options.form == OUT_TEXT)
        schema_as_text(&r, table);
    else if (!err && options.form == OUT_CSV)
        schema_as_csv(&r, table);
    else if (!err)
        out_rows(&r, table);
    rows_free(&r);
    return err;
}

/* --- every table, or those named -------------------------------------------------------------- */

static u32 show_rows(struct pkg *db, const char16_t *table)
{
    struct rows r;
    u32 err = rows_table(db, table, &r);

    if (err)
        return err;
    out_rows(&r, table);
    rows_free(&r);
    return ERROR_SUCCESS;
}

static int each_table(int argc, char16_t **argv, u32 (*show)(struct pkg *, const char16_t *))
{
    struct rows tables = {0};
    u32 err = ERROR_SUCCESS;
    struct pkg *db;

    if (open_pkg(argv[0], PKG_READ, &db))
        return EXIT_FAILED;
    if (argc == 1)
        err = rows_tables(db, &tables);
    out_begin_many();
    for (int i = 1; i < argc && !err; i++) {
        out_between();
        err = show(db, argv[i]);
    }
    for (u32 i = 0; i < tables.count && !err; i++) {
        out_between();
        err = show(db, tables.row[i].cells[0]);
    }
    out_end_many();
    rows_free(&tables);
    pkg_close(db);
    return err ? EXIT_FAILED : EXIT_GOOD;
}

int cmd_schema(int argc, char16_t **argv)
{
    return each_table(argc, argv, show_schema);
}

int cmd_show(int argc, char16_t **argv)
{
    return each_table(argc, argv, show_rows);
}

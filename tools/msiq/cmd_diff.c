/*
 * diff: two packages as text, in the manner of a patch: '-' is in OLD alone, '+' in NEW alone. Rows
 * are matched by their key, so that a changed row stands as a '-' and a '+' under its table.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "msiq.h"

static unsigned sort_columns;

static int compare_cells(const struct row *a, const struct row *b, unsigned columns)
{
    for (unsigned i = 0; i < columns; i++) {
        int d = wcscmp(a->cells[i], b->cells[i]);
        if (d)
            return d;
    }
    return 0;
}

static int compare_keys(const void *a, const void *b)
{
    return compare_cells(a, b, sort_columns);
}

static void sort_rows(struct rows *r, unsigned keys)
{
    sort_columns = keys;
    if (r->count)
        qsort(r->row, r->count, sizeof(*r->row), compare_keys);
}

static void print_row(char sign, const struct rows *r, const struct row *row)
{
    out_format("%c ", sign);
    for (unsigned i = 0; i < r->columns; i++) {
        if (i)
            out_format("\t");
        out_text(row->cells[i]);
    }
    out_format("\n");
}

static void print_head(const WCHAR *table, bool *printed)
{
    if (*printed)
        return;
    out_format("@@ ");
    out_text(table);
    out_format("\n");
    *printed = true;
}

static bool same_columns(const struct rows *a, const struct rows *b)
{
    bool same = a->columns == b->columns;

    for (unsigned i = 0; same && i < a->columns; i++)
        same = !wcscmp(a->names[i], b->names[i]) && !wcscmp(a->types[i], b->types[i]);
    return same;
}

static void print_columns(char sign, const struct rows *r)
{
    out_format("%c columns", sign);
    for (unsigned i = 0; i < r->columns; i++) {
        out_format(" ");
        out_text(r->names[i]);
        out_format(":");
        out_text(r->types[i]);
    }
    out_format("\n");
}

/* Both sorted by the first `keys` columns. */
static bool diff_rows(const WCHAR *table, const struct rows *a, const struct rows *b, unsigned keys)
{
    bool printed = false;
    unsigned i = 0, j = 0;

    if (!same_columns(a, b)) {
        print_head(table, &printed);
        print_columns('-', a);
        print_columns('+', b);
        keys = MIN(keys, MIN(a->columns, b->columns));
    }
    while (i < a->count || j < b->count) {
        int d = i == a->count   ? 1
                : j == b->count ? -1
                                : compare_cells(&a->row[i], &b->row[j], keys);

        if (!d && a->columns == b->columns && !compare_cells(&a->row[i], &b->row[j], a->columns)) {
            i++;
            j++;
            continue;
        }
        print_head(table, &printed);
        if (d <= 0)
            print_row('-', a, &a->row[i++]);
        if (d >= 0)
            print_row('+', b, &b->row[j++]);
    }
    return printed;
}

/* An absent side counts as an empty table. */
static UINT diff_table(MSIHANDLE a, MSIHANDLE b, const WCHAR *table, bool *found)
{
    struct rows ra = {0}, rb = {0};
    UINT err = a ? rows_table(a, table, &ra) : ERROR_SUCCESS;

    if (!err && b)
        err = rows_table(b, table, &rb);
    if (!err) {
        unsigned keys = key_columns(a ? a : b, table);
        bool head = false;

        sort_rows(&ra, keys);
        sort_rows(&rb, keys);
        if (!a || !b) {
            print_head(table, &head);
            print_columns(a ? '-' : '+', a ? &ra : &rb);
            for (unsigned i = 0; i < ra.count; i++)
                print_row('-', &ra, &ra.row[i]);
            for (unsigned i = 0; i < rb.count; i++)
                print_row('+', &rb, &rb.row[i]);
            *found = true;
        } else if (diff_rows(table, &ra, &rb, keys)) {
            *found = true;
        }
    }
    rows_free(&ra);
    rows_free(&rb);
    return err;
}

static UINT diff_tables(MSIHANDLE a, MSIHANDLE b, bool *found)
{
    struct rows ta, tb = {0};
    unsigned i = 0, j = 0;
    UINT err = rows_tables(a, &ta);

    if (!err)
        err = rows_tables(b, &tb);
    while (!err && (i < ta.count || j < tb.count)) {
        int d = i == ta.count   ? 1
                : j == tb.count ? -1
                                : wcscmp(ta.row[i].cells[0], tb.row[j].cells[0]);

        progress("comparing table", i + j, ta.count + tb.count);
        err = diff_table(d <= 0 ? a : 0, d >= 0 ? b : 0,
                         d <= 0 ? ta.row[i].cells[0] : tb.row[j].cells[0], found);
        i += d <= 0;
        j += d >= 0;
    }
    progress("comparing table", 1, 1);
    rows_free(&ta);
    rows_free(&tb);
    return err;
}

static bool diff_summary(MSIHANDLE a, MSIHANDLE b)
{
    struct pair pa[SUMMARY_PAIRS], pb[SUMMARY_PAIRS];
    unsigned na = summary_pairs(a, pa), nb = summary_pairs(b, pb), i = 0, j = 0;
    bool printed = false;

    while (i < na || j < nb) {
        /* both are in the order of the property numbers, so a name missing on one side shows */
        bool in_b = false, same;

        for (unsigned k = j; i < na && k < nb; k++)
            in_b |= pa[i].name == pb[k].name;
        same = i < na && j < nb && pa[i].name == pb[j].name;
        if (same && !wcscmp(pa[i].value, pb[j].value)) {
            i++;
            j++;
            continue;
        }
        print_head(L"_SummaryInformation", &printed);
        if (i < na && (same || !in_b)) {
            out_format("- %ls\t", pa[i].name);
            out_text(pa[i++].value);
            out_format("\n");
        }
        if (j < nb && (same || in_b || i == na)) {
            out_format("+ %ls\t", pb[j].name);
            out_text(pb[j++].value);
            out_format("\n");
        }
    }
    free_pairs(pa, na);
    free_pairs(pb, nb);
    return printed;
}

int cmd_diff(int argc, WCHAR **argv)
{
    MSIHANDLE a = 0, b = 0;
    bool found = false;
    UINT err;

    UNREFERENCED_PARAMETER(argc);
    err = db_open(argv[0], MSIDBOPEN_READONLY, &a);
    if (!err)
        err = db_open(argv[1], MSIDBOPEN_READONLY, &b);
    if (!err)
        found = diff_summary(a, b);
    if (!err)
        err = diff_tables(a, b, &found);
    MsiCloseHandle(a);
    MsiCloseHandle(b);
    return err ? EXIT_FAILED : found ? EXIT_DIFFERENT : EXIT_GOOD;
}

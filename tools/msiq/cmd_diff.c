/*
 * diff: two packages as text, in the manner of a patch: '-' is in OLD alone, '+' in NEW alone. Rows
 * are matched by their key, so that a changed row stands as a '-' and a '+' under its table. A
 * stream is told by its size and digest.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diff.h"
#include "msiq.h"

/* --- what was found --------------------------------------------------------------------------- */

static bool found;
static char16_t *head;  /* the table that was named last */
static struct rows all; /* for --csv and --json */

void diff_line(const char16_t *table, char sign, const char16_t *line)
{
    char16_t mark[2] = {(char16_t)sign, 0};

    found = true;
    if (options.form != OUT_TEXT) {
        if (!all.columns)
            rows_make(&all, u"Table:s64", u"Sign:s1", u"Row:s0", NULL);
        rows_add(&all, must_dup(table), must_dup(mark), must_dup(line));
        return;
    }
    if (!head || compare(head, table)) {
        os_free(head);
        head = must_dup(table);
        out_format("@@ ");
        out_text(table);
        out_format("\n");
    }
    out_format("%c ", sign);
    out_text(line);
    out_format("\n");
}

static void finish(void)
{
    if (options.form != OUT_TEXT) {
        if (!all.columns)
            rows_make(&all, u"Table:s64", u"Sign:s1", u"Row:s0", NULL);
        out_rows(&all, NULL);
        rows_free(&all);
    }
    os_free(head);
    head = NULL;
}

/* --- rows ------------------------------------------------------------------------------------- */

static u32 sort_columns;

static int compare_cells(const struct cells *a, const struct cells *b, u32 columns)
{
    for (u32 i = 0; i < columns; i++) {
        int d = compare(a->cells[i], b->cells[i]);
        if (d)
            return d;
    }
    return 0;
}

static int compare_keys(const void *a, const void *b)
{
    return compare_cells(a, b, sort_columns);
}

static void sort_rows(struct rows *r, u32 keys)
{
    sort_columns = keys;
    if (r->count)
        qsort(r->row, r->count, sizeof(*r->row), compare_keys);
}

static void add_piece(char16_t **text, size_t *len, const char16_t *piece)
{
    size_t n = u16_len(piece);

    *text = must_realloc(*text, (*len + n + 1) * sizeof(**text));
    memcpy(*text + *len, piece, (n + 1) * sizeof(*piece));
    *len += n;
}

static void print_row(const char16_t *table, char sign, const struct rows *r,
                      const struct cells *row)
{
    char16_t *text = NULL;
    size_t len = 0;

    for (u32 i = 0; i < r->columns; i++) {
        if (i)
            add_piece(&text, &len, u"\t");
        add_piece(&text, &len, row->cells[i]);
    }
    diff_line(table, sign, text ? text : u"");
    os_free(text);
}

static bool same_columns(const struct rows *a, const struct rows *b)
{
    bool same = a->columns == b->columns;

    for (u32 i = 0; same && i < a->columns; i++)
        same = !compare(a->names[i], b->names[i]) && !compare(a->types[i], b->types[i]);
    return same;
}

static void print_columns(const char16_t *table, char sign, const struct rows *r)
{
    char16_t *text = must_dup(u"columns");
    size_t len = u16_len(text);

    for (u32 i = 0; i < r->columns; i++) {
        add_piece(&text, &len, u" ");
        add_piece(&text, &len, r->names[i]);
        add_piece(&text, &len, u":");
        add_piece(&text, &len, r->types[i]);
    }
    diff_line(table, sign, text);
    os_free(text);
}

/* Both sorted by the first `keys` columns. */
static void diff_rows(const char16_t *table, const struct rows *a, const struct rows *b, u32 keys)
{
    u32 i = 0, j = 0;

    if (!same_columns(a, b)) {
        print_columns(table, '-', a);
        print_columns(table, '+', b);
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
        if (d <= 0)
            print_row(table, '-', a, &a->row[i++]);
        if (d >= 0)
            print_row(table, '+', b, &b->row[j++]);
    }
}

static void print_all(const char16_t *table, char sign, const struct rows *r)
{
    print_columns(table, sign, r);
    for (u32 i = 0; i < r->count; i++)
        print_row(table, sign, r, &r->row[i]);
}

/* An absent side counts as an empty table. */
static u32 diff_table(struct pkg *a, struct pkg *b, const char16_t *table)
{
    struct rows ra = {0}, rb = {0};
    u32 err = a ? diff_read_table(a, table, &ra) : ERROR_SUCCESS;

    if (!err && b)
        err = diff_read_table(b, table, &rb);
    if (!err) {
        u32 keys = pkg_keys(a ? a : b, table);

        sort_rows(&ra, keys);
        sort_rows(&rb, keys);
        if (a && b)
            diff_rows(table, &ra, &rb, keys);
        else
            print_all(table, a ? '-' : '+', a ? &ra : &rb);
    }
    rows_free(&ra);
    rows_free(&rb);
    return err;
}

static u32 diff_tables(struct pkg *a, struct pkg *b)
{
    struct rows ta, tb = {0};
    u32 i = 0, j = 0, err = rows_tables(a, &ta);

    if (!err)
        err = rows_tables(b, &tb);
    while (!err && (i < ta.count || j < tb.count)) {
        int d = i == ta.count   ? 1
                : j == tb.count ? -1
                                : compare(ta.row[i].cells[0], tb.row[j].cells[0]);

        progress("comparing table", i + j, ta.count + tb.count);
        err = diff_table(d <= 0 ? a : NULL, d >= 0 ? b : NULL,
                         d <= 0 ? ta.row[i].cells[0] : tb.row[j].cells[0]);
        i += d <= 0;
        j += d >= 0;
    }
    progress("comparing table", 1, 1);
    rows_free(&ta);
    rows_free(&tb);
    return err;
}

/* --- summary information ---------------------------------------------------------------------- */

static void print_pair(char sign, const struct pair *pair)
{
    char16_t *line = join(pair->name, u"\t", pair->value, NULL);

    diff_line(u"_SummaryInformation", sign, line);
    os_free(line);
}

static u32 diff_summary(const char16_t *old, const char16_t *new)
{
    struct pair pa[SUMMARY_PAIRS], pb[SUMMARY_PAIRS];
    u32 na, nb, i = 0, j = 0, err = summary_pairs(old, pa, &na);

    if (err)
        return err;
    err = summary_pairs(new, pb, &nb);
    while (!err && (i < na || j < nb)) {
        /* both are in the order of the property numbers, so a name missing on one side shows */
        bool in_b = false, same;

        for (u32 k = j; i < na && k < nb; k++)
            in_b |= pa[i].name == pb[k].name;
        same = i < na && j < nb && pa[i].name == pb[j].name;
        if (same && !compare(pa[i].value, pb[j].value)) {
            i++;
            j++;
            continue;
        }
        if (i < na && (same || !in_b))
            print_pair('-', &pa[i++]);
        if (j < nb && (same || in_b || i == na))
            print_pair('+', &pb[j++]);
    }
    free_pairs(pa, na);
    free_pairs(pb, nb);
    return err;
}

int cmd_diff(int argc, char16_t **argv)
{
    struct pkg *a = NULL, *b = NULL;
    u32 err;

    UNUSED(argc);
    err = open_pkg(argv[0], PKG_READ, &a);
    if (!err)
        err = open_pkg(argv[1], PKG_READ, &b);
    if (!err)
        err = diff_summary(argv[0], argv[1]);
    if (!err)
        err = diff_tables(a, b);
    if (!err)
        err = diff_storage(argv[0], argv[1]);
    if (!err)
        finish();
    pkg_close(a);
    pkg_close(b);
    return err ? EXIT_FAILED : found ? EXIT_DIFFERENT : EXIT_GOOD;
}

/*
 * Output: aligned text, CSV after RFC 4180, or JSON. UTF-8, through one buffer.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "msiq.h"

static bool first_of_many, in_many;

/* Cells wider than this are cut in aligned text; CSV and JSON give everything. */
enum { WIDEST = 60 };

static void out_char(const WCHAR *s, size_t *i)
{
    WCHAR pair[2] = {s[*i], 0};
    char bytes[8];
    int units = 1, n;

    if (IS_HIGH_SURROGATE(s[*i]) && IS_LOW_SURROGATE(s[*i + 1])) {
        pair[1] = s[++*i];
        units = 2;
    }
    n = WideCharToMultiByte(CP_UTF8, 0, pair, units, bytes, sizeof(bytes), NULL, NULL);
    fwrite(bytes, 1, (size_t)n, stdout);
}

void out_text(const WCHAR *s)
{
    for (size_t i = 0; s[i]; i++)
        out_char(s, &i);
}

void out_format(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vfprintf(stdout, format, args);
    va_end(args);
}

void out_flush(void)
{
    fflush(stdout);
}

/* --- JSON and CSV cells --- */

static void out_json(const WCHAR *s)
{
    putchar('"');
    for (size_t i = 0; s[i]; i++) {
        if (s[i] == '"' || s[i] == '\\')
            printf("\\%c", (char)s[i]);
        else if (s[i] < 0x20)
            printf("\\u%04x", s[i]);
        else
            out_char(s, &i);
    }
    putchar('"');
}

static void out_csv(const WCHAR *s)
{
    if (!wcspbrk(s, L",\"\r\n")) {
        out_text(s);
        return;
    }
    putchar('"');
    for (size_t i = 0; s[i]; i++) {
        if (s[i] == '"')
            putchar('"');
        out_char(s, &i);
    }
    putchar('"');
}

/* --- aligned text --- */

/* One line for the eye: control characters become spaces, long text is cut. Returns columns. */
static unsigned out_cell(const WCHAR *s, bool write)
{
    unsigned n = 0;

    for (size_t i = 0; s[i]; i++, n++) {
        if (n == WIDEST - 3 && wcslen(s + i) > 3) {
            if (write)
                fputs("...", stdout);
            return WIDEST;
        }
        if (!write)
            i += IS_HIGH_SURROGATE(s[i]) && IS_LOW_SURROGATE(s[i + 1]);
        else if (s[i] < 0x20 || s[i] == 0x7f)
            putchar(' ');
        else
            out_char(s, &i);
    }
    return n;
}

static unsigned width_of(const struct rows *r, unsigned column)
{
    unsigned width = out_cell(r->names[column], false);

    for (unsigned i = 0; i < r->count; i++) {
        unsigned n = out_cell(r->row[i].cells[column], false);
        if (n > width)
            width = n;
    }
    return width;
}

static void out_line(WCHAR **cells, const unsigned *widths, unsigned columns)
{
    for (unsigned i = 0; i < columns; i++) {
        unsigned n = out_cell(cells[i], true);

        if (i + 1 < columns)
            printf("%*s", (int)(widths[i] - n + 2), "");
    }
    putchar('\n');
}

static void rows_as_text(const struct rows *r, const WCHAR *title)
{
    unsigned *widths = must_alloc(r->columns * sizeof(*widths));

    for (unsigned i = 0; i < r->columns; i++)
        widths[i] = width_of(r, i);
    if (title) {
        out_text(title);
        printf(" (%u row%s)\n", r->count, r->count == 1 ? "" : "s");
    }
    out_line(r->names, widths, r->columns);
    for (unsigned i = 0; i < r->columns; i++) {
        for (unsigned n = 0; n < widths[i]; n++)
            putchar('-');
        fputs(i + 1 < r->columns ? "  " : "\n", stdout);
    }
    for (unsigned i = 0; i < r->count; i++)
        out_line(r->row[i].cells, widths, r->columns);
    free(widths);
}

static void csv_line(WCHAR **cells, unsigned columns)
{
    for (unsigned i = 0; i < columns; i++) {
        if (i)
            putchar(',');
        out_csv(cells[i]);
    }
    fputs("\r\n", stdout);
}

static bool is_number(const struct rows *r, unsigned column)
{
    WCHAR c = r->types[column][0];

    return c == 'i' || c == 'I' || c == 'j' || c == 'J';
}

static void json_row(const struct rows *r, const struct row *row)
{
    putchar('{');
    for (unsigned i = 0; i < r->columns; i++) {
        if (i)
            fputs(", ", stdout);
        out_json(r->names[i]);
        fputs(": ", stdout);
        if (!row->cells[i][0])
            fputs("null", stdout);
        else if (is_number(r, i))
            out_text(row->cells[i]);
        else
            out_json(row->cells[i]);
    }
    putchar('}');
}

static void rows_as_json(const struct rows *r, const WCHAR *title)
{
    if (title) {
        fputs("{\"table\": ", stdout);
        out_json(title);
        fputs(", \"rows\": ", stdout);
    }
    fputs("[", stdout);
    for (unsigned i = 0; i < r->count; i++) {
        fputs(i ? ",\n  " : "\n  ", stdout);
        json_row(r, &r->row[i]);
    }
    fputs(r->count ? "\n]" : "]", stdout);
    fputs(title ? "}" : "", stdout);
    fputs(in_many ? "" : "\n", stdout);
}

void out_rows(const struct rows *r, const WCHAR *title)
{
    if (options.form == OUT_JSON) {
        rows_as_json(r, title);
    } else if (options.form == OUT_CSV) {
        csv_line(r->names, r->columns);
        for (unsigned i = 0; i < r->count; i++)
            csv_line(r->row[i].cells, r->columns);
    } else {
        rows_as_text(r, title);
    }
}

/* --- pairs --- */

static void pairs_as_json(const struct pair *pairs, unsigned count)
{
    fputs("{", stdout);
    for (unsigned i = 0; i < count; i++) {
        fputs(i ? ",\n  " : "\n  ", stdout);
        out_json(pairs[i].name);
        fputs(": ", stdout);
        out_json(pairs[i].value);
    }
    fputs(in_many ? "\n}" : "\n}\n", stdout);
}

void out_pairs(const struct pair *pairs, unsigned count, const WCHAR *title)
{
    unsigned width = 0;

    if (options.form == OUT_JSON) {
        pairs_as_json(pairs, count);
        return;
    }
    for (unsigned i = 0; i < count; i++)
        if (wcslen(pairs[i].name) > width)
            width = (unsigned)wcslen(pairs[i].name);
    if (title && options.form == OUT_TEXT) {
        out_text(title);
        putchar('\n');
    }
    for (unsigned i = 0; i < count; i++) {
        if (options.form == OUT_CSV) {
            WCHAR *cells[] = {(WCHAR *)pairs[i].name, pairs[i].value};
            csv_line(cells, 2);
            continue;
        }
        out_text(pairs[i].name);
        printf("%*s", (int)(width - wcslen(pairs[i].name) + 2), "");
        out_text(pairs[i].value);
        putchar('\n');
    }
}

/* --- several things --- */

void out_begin_many(void)
{
    first_of_many = in_many = true;
    if (options.form == OUT_JSON)
        fputs("[\n", stdout);
}

void out_between(void)
{
    if (!first_of_many)
        fputs(options.form == OUT_JSON ? ",\n" : "\n", stdout);
    first_of_many = false;
}

void out_end_many(void)
{
    in_many = false;
    if (options.form == OUT_JSON)
        fputs("\n]\n", stdout);
}

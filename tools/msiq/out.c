/*
 * Output: aligned text, CSV after RFC 4180, or JSON. UTF-8, through one buffer.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "msiq.h"
#include "seam.h"

static bool first_of_many, in_many;

/* Cells wider than this are cut on a terminal, and not aligned elsewhere; CSV and JSON give
 * everything. */
enum { WIDEST = 60 };

static void write_text(FILE *to, const char16_t *s, size_t len)
{
    char bytes[1024];

    while (len) {
        size_t n = MIN(len, 256u);

        /* a pair is not cut in two */
        if (n > 1 && n < len && s[n - 1] >= 0xd800 && s[n - 1] < 0xdc00)
            n--;
        fwrite(bytes, 1, u16_to_utf8(bytes, sizeof(bytes), s, n, false), to);
        s += n;
        len -= n;
    }
}

static bool is_pair(const char16_t *s)
{
    return s[0] >= 0xd800 && s[0] < 0xdc00 && s[1] >= 0xdc00 && s[1] < 0xe000;
}

static void out_char(const char16_t *s, size_t *i)
{
    if (s[*i] < 0x80) {
        putchar(s[*i]);
        return;
    }
    write_text(stdout, s + *i, is_pair(s + *i) ? 2 : 1);
    *i += is_pair(s + *i);
}

void out_text(const char16_t *s)
{
    write_text(stdout, s, u16_len(s));
}

/* A line for the eye: what could move the cursor is a space. */
void err_text(const char16_t *s)
{
    for (size_t n; *s; s += n) {
        for (n = 0; s[n] >= 0x20 && s[n] != 0x7f; n++)
            ;
        write_text(stderr, s, n);
        if (s[n])
            fputc(' ', stderr);
        n += s[n] != 0;
    }
}

void out_format(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vfprintf(stdout, format, args);
    va_end(args);
}

/* --- JSON and CSV cells --- */

void out_json_text(const char16_t *s)
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

static bool needs_quotes(const char16_t *s)
{
    for (; *s; s++)
        if (*s == ',' || *s == '"' || *s == '\r' || *s == '\n')
            return true;
    return false;
}

static void out_csv(const char16_t *s)
{
    if (!needs_quotes(s)) {
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

static bool cuts(void)
{
    static int terminal = -1;

    if (terminal < 0)
        terminal = stdout_is_terminal();
    return terminal;
}

/* One line for the eye: control characters become spaces, on a terminal long text is cut. Returns
 * columns. */
static u32 out_cell(const char16_t *s, bool write)
{
    u32 n = 0;

    for (size_t i = 0; s[i]; i++, n++) {
        if (n == WIDEST - 3 && cuts() && u16_len(s + i) > 3) {
            if (write)
                fputs("...", stdout);
            return WIDEST;
        }
        if (!write)
            i += is_pair(s + i);
        else if (s[i] < 0x20 || s[i] == 0x7f)
            putchar(' ');
        else
            out_char(s, &i);
    }
    return n;
}

static u32 width_of(const struct rows *r, u32 column)
{
    u32 width = out_cell(r->names[column], false);

    for (u32 i = 0; i < r->count; i++) {
        u32 n = out_cell(r->row[i].cells[column], false);
        if (n > width)
            width = n;
    }
    return MIN(width, (u32)WIDEST);
}

static void out_line(char16_t **cells, const u32 *widths, u32 columns)
{
    for (u32 i = 0; i < columns; i++) {
        u32 n = out_cell(cells[i], true);

        if (i + 1 < columns)
            printf("%*s", (int)(widths[i] - MIN(n, widths[i]) + 2), "");
    }
    putchar('\n');
}

static void rows_as_text(const struct rows *r, const char16_t *title)
{
    u32 *widths = must_alloc(r->columns * sizeof(*widths));

    for (u32 i = 0; i < r->columns; i++)
        widths[i] = width_of(r, i);
    if (title) {
        out_text(title);
        printf(" (%u row%s)\n", r->count, r->count == 1 ? "" : "s");
    }
    out_line(r->names, widths, r->columns);
    for (u32 i = 0; i < r->columns; i++) {
        for (u32 n = 0; n < widths[i]; n++)
            putchar('-');
        fputs(i + 1 < r->columns ? "  " : "\n", stdout);
    }
    for (u32 i = 0; i < r->count; i++)
        out_line(r->row[i].cells, widths, r->columns);
    os_free(widths);
}

static void csv_line(char16_t **cells, u32 columns)
{
    for (u32 i = 0; i < columns; i++) {
        if (i)
            putchar(',');
        out_csv(cells[i]);
    }
    fputs("\r\n", stdout);
}

static bool is_number(const struct rows *r, u32 column)
{
    char16_t c = r->types[column][0];

    return c == 'i' || c == 'I' || c == 'j' || c == 'J';
}

static void json_row(const struct rows *r, const struct cells *row)
{
    putchar('{');
    for (u32 i = 0; i < r->columns; i++) {
        if (i)
            fputs(", ", stdout);
        out_json_text(r->names[i]);
        fputs(": ", stdout);
        if (!row->cells[i][0])
            fputs("null", stdout);
        else if (is_number(r, i))
            out_text(row->cells[i]);
        else
            out_json_text(row->cells[i]);
    }
    putchar('}');
}

static void rows_as_json(const struct rows *r, const char16_t *title)
{
    if (title) {
        fputs("{\"table\": ", stdout);
        out_json_text(title);
        fputs(", \"rows\": ", stdout);
    }
    fputs("[", stdout);
    for (u32 i = 0; i < r->count; i++) {
        fputs(i ? ",\n  " : "\n  ", stdout);
        json_row(r, &r->row[i]);
    }
    fputs(r->count ? "\n]" : "]", stdout);
    fputs(title ? "}" : "", stdout);
    fputs(in_many ? "" : "\n", stdout);
}

void out_rows(const struct rows *r, const char16_t *title)
{
    if (options.form == OUT_JSON) {
        rows_as_json(r, title);
    } else if (options.form == OUT_CSV) {
        csv_line(r->names, r->columns);
        for (u32 i = 0; i < r->count; i++)
            csv_line(r->row[i].cells, r->columns);
    } else {
        rows_as_text(r, title);
    }
}

/* --- pairs --- */

static void pairs_as_json(const struct pair *pairs, u32 count)
{
    fputs("{", stdout);
    for (u32 i = 0; i < count; i++) {
        fputs(i ? ",\n  " : "\n  ", stdout);
        out_json_text(pairs[i].name);
        fputs(": ", stdout);
        if (pairs[i].number)
            out_text(pairs[i].value);
        else
            out_json_text(pairs[i].value);
    }
    fputs(in_many ? "\n}" : "\n}\n", stdout);
}

void out_pairs(const struct pair *pairs, u32 count, const char16_t *title)
{
    u32 width = 0;

    if (options.form == OUT_JSON) {
        pairs_as_json(pairs, count);
        return;
    }
    for (u32 i = 0; i < count; i++)
        if (u16_len(pairs[i].name) > width)
            width = (u32)u16_len(pairs[i].name);
    if (title && options.form == OUT_TEXT) {
        out_text(title);
        putchar('\n');
    }
    for (u32 i = 0; i < count; i++) {
        if (options.form == OUT_CSV) {
            char16_t *cells[] = {(char16_t *)pairs[i].name, pairs[i].value};
            csv_line(cells, 2);
            continue;
        }
        out_text(pairs[i].name);
        printf("%*s", (int)(width - u16_len(pairs[i].name) + 2), "");
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

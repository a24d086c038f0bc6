/*
 * sql: one query, a script, or a prompt. Everything is one change: it is committed at the end, and
 * only if every query worked. A person at the prompt may go on after a mistake, and what worked is
 * committed; lines from a pipe end with the first mistake.
 */
#include <stdio.h>
#include <string.h>

#include "msiq.h"
#include "seam.h"

static bool is_blank_char(char16_t c)
{
    return c == u' ' || c == u'\t' || c == u'\r' || c == u'\n';
}

static bool is_select(const char16_t *query)
{
    static const char word[] = "SELECT";

    while (is_blank_char(*query))
        query++;
    for (const char *w = word; *w; w++, query++)
        if (u16_upper(*query) != (unsigned char)*w)
            return false;
    return true;
}

static u32 run_one(struct pkg *db, const char16_t *query, bool *changed)
{
    struct rows r;
    u32 err;

    if (!is_select(query)) {
        err = run_query(db, query, NULL);
        if (!err)
            *changed = true;
        return err;
    }
    err = rows_query(db, query, NULL, &r);
    if (err)
        return err;
    out_rows(&r, NULL);
    rows_free(&r);
    return ERROR_SUCCESS;
}

/* --- a script: queries that end with ';' outside of quotes --- */

static void read_file(struct os_file *f, char **bytes, size_t *size)
{
    size_t room = 4096, n = 1;

    *bytes = must_alloc(room);
    for (*size = 0; n; *size += n) {
        if (*size + 4096 > room)
            *bytes = must_realloc(*bytes, room *= 2);
        if (f) {
            u32 got;

            n = os_read_at(f, *size, *bytes + *size, 4096, &got) ? 0 : got;
        } else {
            n = fread(*bytes + *size, 1, 4096, stdin);
        }
    }
}

static char16_t *read_text(const char16_t *path, u32 *err)
{
    struct os_file *f = NULL;
    char16_t *text;
    char *bytes;
    size_t size, skip, n;

    *err = is(path, "-") ? ERROR_SUCCESS : os_open(path, OS_READ, &f);
    if (*err)
        return NULL;
    read_file(f, &bytes, &size);
    os_close(f);
    skip = size >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3) ? 3 : 0;
    n = u16_from_utf8(NULL, 0, bytes + skip, size - skip, false);
    text = must_alloc((n + 1) * sizeof(*text));
    u16_from_utf8(text, n, bytes + skip, size - skip, false);
    text[n] = 0;
    os_free(bytes);
    return text;
}

/* The end of the query that starts at s: its ';' or the end of the text. */
static char16_t *query_end(char16_t *s)
{
    char16_t quote = 0;

    for (; *s; s++) {
        if (quote)
            quote = *s == quote ? 0 : quote;
        else if (*s == u'\'' || *s == u'`')
            quote = *s;
        else if (*s == u';')
            break;
    }
    return s;
}

static bool is_blank(const char16_t *s)
{
    while (is_blank_char(*s))
        s++;
    return !*s;
}

static u32 run_script(struct pkg *db, const char16_t *path, bool *changed)
{
    u32 err;
    char16_t *text = read_text(path, &err), *next;

    if (!text)
        return complain(path, err);
    for (char16_t *s = text; *s && !err; s = next) {
        next = query_end(s);
        if (*next)
            *next++ = 0;
        if (!is_blank(s))
            err = run_one(db, s, changed);
    }
    os_free(text);
    return err;
}

/* --- lines ------------------------------------------------------------------------------------ */

/* A line of any length without its end; false after the last. */
static bool read_line(char **line, size_t *room)
{
    size_t n = 0;
    int c = EOF;

    while ((c = getchar()) != EOF && c != '\n') {
        if (n + 1 >= *room)
            *line = must_realloc(*line, *room = *room * 2 + 256);
        (*line)[n++] = (char)c;
    }
    if (!n && c == EOF)
        return false;
    if (n + 1 >= *room)
        *line = must_realloc(*line, *room = *room * 2 + 256);
    while (n && ((*line)[n - 1] == ';' || (*line)[n - 1] == ' ' || (*line)[n - 1] == '\r'))
        n--;
    (*line)[n] = 0;
    return true;
}

static u32 prompt(struct pkg *db, bool *changed)
{
    bool person = stdin_is_terminal();
    u32 err = ERROR_SUCCESS;
    char *line = NULL;
    size_t room = 0;

    while (person || !err) {
        char16_t *query;

        if (person)
            fputs("msiq> ", stderr);
        if (!read_line(&line, &room) || !strcmp(line, "quit") || !strcmp(line, "exit"))
            break;
        query = from_ascii(line);
        if (!is_blank(query))
            err = run_one(db, query, changed);
        os_free(query);
        if (person)
            fflush(stdout);
    }
    os_free(line);
    return person ? ERROR_SUCCESS : err;
}

int cmd_sql(int argc, char16_t **argv)
{
    bool only_select = argc == 2 && is_select(argv[1]);
    bool changed = false;
    struct pkg *db;
    u32 err;

    if (argc == 2 && options.script)
        return wrong_usage("sql", "a query and a script exclude each other", NULL);
    /* a file that may not be written can still be asked */
    if (open_pkg(argv[0], only_select || !is_writable(argv[0]) ? PKG_READ : PKG_CHANGE, &db))
        return EXIT_FAILED;
    if (options.script)
        err = run_script(db, options.script, &changed);
    else if (argc == 2)
        err = run_one(db, argv[1], &changed);
    else
        err = prompt(db, &changed);
    if (!err && changed)
        err = commit(db);
    pkg_close(db);
    return err ? EXIT_FAILED : EXIT_GOOD;
}

/* SPDX-License-Identifier: MIT */
/*
 * A command line's text in arguments.
 */
#include "args.h"

#include "cmdline.h"
#include "os.h"
#include "utf16.h"

void args_char(struct args_text *t, char16_t c)
{
    if (t->len + 2 > t->cap) {
        size_t cap = t->cap ? t->cap * 2 : 64;
        char16_t *more = t->failed ? NULL : os_realloc_array(t->s, cap, sizeof(*more));

        if (!more) {
            t->failed = true;
            return;
        }
        t->s = more;
        t->cap = cap;
    }
    t->s[t->len++] = c;
    t->s[t->len] = 0;
}

static bool is_blank(char16_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Backslashes before a quotation mark: two are one, and an odd one makes the mark a character. */
static const char16_t *c_backslashes(const char16_t *s, struct args_text *out, bool *character)
{
    size_t n = 0;

    while (s[n] == '\\')
        n++;
    *character = false;
    if (s[n] == '"') {
        *character = n % 2;
        for (size_t i = 0; i < n / 2; i++)
            args_char(out, '\\');
    } else {
        for (size_t i = 0; i < n; i++)
            args_char(out, '\\');
    }
    return s + n;
}

/* An argument that was quoted for a C program. */
static const char16_t *take_c(const char16_t *s, struct args_text *out)
{
    bool quoted = false, character;

    while (*s && (quoted || !is_blank(*s))) {
        if (*s == '\\') {
            s = c_backslashes(s, out, &character);
            if (!character)
                continue;
            args_char(out, *s++);
        } else if (*s == '"') {
            if (quoted && s[1] == '"')
                args_char(out, *s++);
            else
                quoted = !quoted;
            s++;
        } else {
            args_char(out, *s++);
        }
    }
    return s;
}

/* As it stands, up to the blank that ends it; its own quotation marks are taken off later. */
static const char16_t *take_plain(const char16_t *s, struct args_text *out)
{
    bool quoted = false;

    for (; *s && (quoted || !is_blank(*s)); s++) {
        if (*s == '"')
            quoted = !quoted;
        args_char(out, *s);
    }
    return s;
}

static bool quoted_for_c(const char16_t *s)
{
    if (*s == '"')
        return true;
    for (size_t i = 0; s[i] && !is_blank(s[i]); i++)
        if (s[i] == '"')
            return i && s[i - 1] == '\\';
    return false;
}

/* Without the marks around quoted text, two within it being one. */
static void unquote(struct args_text *t)
{
    bool quoted = false;
    size_t to = 0;

    for (size_t i = 0; i < t->len; i++) {
        if (t->s[i] != '"') {
            t->s[to++] = t->s[i];
        } else if (quoted && i + 1 < t->len && t->s[i + 1] == '"') {
            t->s[to++] = '"';
            i++;
        } else {
            quoted = !quoted;
        }
    }
    t->len = to;
    if (t->s)
        t->s[to] = 0;
}

/* NAME="value", which was quoted once more for a C program. */
static bool has_quoted_value(const struct args_text *t)
{
    size_t i = 0;

    while (i < t->len && t->s[i] != '"')
        i++;
    return i < t->len && i && t->s[i - 1] == '=';
}

static u32 add(struct args *a, struct args_text *t)
{
    if (a->count == a->cap) {
        u32 cap = a->cap ? a->cap * 2 : 16;
        char16_t **more = os_realloc_array(a->all, cap, sizeof(*more));

        if (!more)
            return ERROR_OUTOFMEMORY;
        a->all = more;
        a->cap = cap;
    }
    a->all[a->count] = t->s ? t->s : u16_dup(u"", 0);
    if (!a->all[a->count])
        return ERROR_OUTOFMEMORY;
    a->count++;
    return ERROR_SUCCESS;
}

u32 args_split(const char16_t *line, struct args *a)
{
    for (;;) {
        struct args_text t = {0};
        u32 err;

        while (is_blank(*line))
            line++;
        if (!*line)
            return ERROR_SUCCESS;
        if (!quoted_for_c(line)) {
            line = take_plain(line, &t);
            unquote(&t);
        } else {
            line = take_c(line, &t);
            if (has_quoted_value(&t))
                unquote(&t);
        }
        err = t.failed ? ERROR_OUTOFMEMORY : add(a, &t);
        if (err) {
            os_free(t.s);
            return err;
        }
    }
}

void args_free(struct args *a)
{
    for (u32 i = 0; i < a->count; i++)
        os_free(a->all[i]);
    os_free(a->all);
    *a = (struct args){0};
}

const char16_t *cmdline_arguments(const char16_t *whole)
{
    bool quoted = false;

    for (; *whole && (quoted || !is_blank(*whole)); whole++)
        if (*whole == '"')
            quoted = !quoted;
    while (is_blank(*whole))
        whole++;
    return whole;
}

/*
 * Text and memory.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "msiq.h"

void *must(void *p)
{
    if (!p) {
        fputs("msiq: out of memory\n", stderr);
        exit(EXIT_FAILED);
    }
    return p;
}

void *must_alloc(size_t size)
{
    return must(os_alloc(size ? size : 1));
}

void *must_realloc(void *p, size_t size)
{
    return must(os_realloc(p, size ? size : 1));
}

char16_t *must_dup(const char16_t *s)
{
    return must(u16_dup(s, u16_len(s)));
}

char16_t *join(const char16_t *first, ...)
{
    const char16_t *s;
    char16_t *text;
    size_t len = 0;
    va_list args;

    va_start(args, first);
    for (s = first; s; s = va_arg(args, const char16_t *))
        len += u16_len(s);
    va_end(args);
    text = must_alloc((len + 1) * sizeof(*text));
    len = 0;
    va_start(args, first);
    for (s = first; s; s = va_arg(args, const char16_t *)) {
        size_t n = u16_len(s);

        memcpy(text + len, s, n * sizeof(*s));
        len += n;
    }
    va_end(args);
    text[len] = 0;
    return text;
}

char16_t *from_ascii(const char *s)
{
    return must(u16_dup_utf8(s));
}

char16_t *from_number(u64 n)
{
    char text[24];

    snprintf(text, sizeof(text), "%llu", (unsigned long long)n);
    return from_ascii(text);
}

bool is(const char16_t *s, const char *ascii)
{
    return u16_is(s, u16_len(s), ascii);
}

bool starts_with(const char16_t *s, const char *ascii)
{
    for (; *ascii; s++, ascii++)
        if (*s != (unsigned char)*ascii)
            return false;
    return true;
}

int compare(const char16_t *a, const char16_t *b)
{
    return u16_compare(a, u16_len(a), b, u16_len(b));
}

bool number_of(const char16_t *s, u32 *n)
{
    return u16_to_u32(s, u16_len(s), n);
}

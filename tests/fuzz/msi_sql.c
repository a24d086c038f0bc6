/*
 * Any text as a query: it parses or it does not; what parses must print as text that parses again
 * to the same tree.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sql_parse.h"
#include "sql_print.h"

enum { TEXT_MAX = 1 << 16 };

static size_t print(const char16_t *text, size_t len, char16_t *to)
{
    struct sql_arena arena;
    struct sql_error err;
    struct ast_query *q;
    size_t printed = 0;

    sql_arena_init(&arena, NULL, 0);
    sql_error_clear(&err);
    if (!sql_parse(&arena, text, len, &q, &err)) {
        printed = sql_print(q, to, TEXT_MAX);
    } else if (err.code != ERROR_BAD_QUERY_SYNTAX || !err.number || err.position > len) {
        abort();
    }
    sql_arena_free(&arena);
    return printed;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static char16_t first[TEXT_MAX], second[TEXT_MAX];
    size_t len = size < 2048 ? size : 2048;
    /* One byte is one character, which keeps the inputs readable; the top bit makes a wide one. */
    char16_t *text = malloc((len + 1) * sizeof(*text));
    for (size_t i = 0; i < len; i++)
        text[i] = data[i] < 0x80 ? data[i] : (char16_t)(data[i] * 0x101);

    size_t printed = print(text, len, first);
    if (printed && printed <= TEXT_MAX) {
        size_t again = print(first, printed, second);
        if (again != printed || memcmp(first, second, printed * sizeof(*first)))
            abort();
    }
    free(text);
    return 0;
}

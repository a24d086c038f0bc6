/*
 * Copies of memory that may not be there.
 */
#include <string.h>

#include "os.h"

struct copy {
    void *to;
    const void *from;
    size_t n;
};

static void copy(void *ctx)
{
    const struct copy *c = ctx;

    memcpy(c->to, c->from, c->n);
}

bool os_copy(void *to, const void *from, size_t n)
{
    struct copy c = {to, from, n};

    return !n || os_guard(copy, &c);
}

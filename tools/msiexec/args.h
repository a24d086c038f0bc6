/* SPDX-License-Identifier: MIT */
/*
 * A command line's text in arguments; cmdline.h says how.
 */
#ifndef MSIEXEC_ARGS_H
#define MSIEXEC_ARGS_H

#include "base.h"
#include "error.h"

/* Zeroed memory is an empty text and an empty list. */
struct args_text {
    char16_t *s; /* terminated, unless NULL */
    size_t len, cap;
    bool failed;
};
void args_char(struct args_text *t, char16_t c);

struct args {
    char16_t **all;
    u32 count, cap;
};
/* ERROR_OUTOFMEMORY. */
u32 args_split(const char16_t *line, struct args *a);
void args_free(struct args *a);

#endif

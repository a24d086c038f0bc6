/*
 * UTF-16 text. Lengths are in characters (UTF-16 code units), without a terminator.
 *
 * Case folds as Windows folds names: code unit by code unit, with the system's table of simple
 * upper case (RtlUpcaseUnicodeChar), in any locale.
 */
#ifndef DECANTER_UTF16_H
#define DECANTER_UTF16_H

#include "base.h"

size_t u16_len(const char16_t *s);
/* At most max: for text that need not be terminated. */
size_t u16_nlen(const char16_t *s, size_t max);
char16_t u16_upper(char16_t c);

/* By code unit; <0, 0, >0. */
int u16_compare(const char16_t *a, size_t a_len, const char16_t *b, size_t b_len);
int u16_compare_fold(const char16_t *a, size_t a_len, const char16_t *b, size_t b_len);
bool u16_equal(const char16_t *a, const char16_t *b);      /* terminated, exact */
bool u16_equal_fold(const char16_t *a, const char16_t *b); /* terminated, case folded */

/* A terminated copy of len characters from os_alloc, NULL when there is no memory. */
char16_t *u16_dup(const char16_t *s, size_t len);
/* Copies at most cap-1 characters and terminates; cap is at least 1. Returns those copied. */
size_t u16_copy(char16_t *to, size_t cap, const char16_t *from);
/* Compares with ASCII text, exactly. */
bool u16_is(const char16_t *s, size_t len, const char *ascii);
/* The value of an unsigned decimal; false where it is none or does not fit. */
bool u16_to_u32(const char16_t *s, size_t len, u32 *value);

/* UTF-8. Writes at most cap units, no terminator; returns the units the whole text needs.
 * What is not well formed becomes U+FFFD; with `lone` set (WTF-8) unpaired surrogates stay. */
size_t u16_from_utf8(char16_t *to, size_t cap, const char *from, size_t len, bool lone);
size_t u16_to_utf8(char *to, size_t cap, const char16_t *from, size_t len, bool lone);
/* Terminated copies from os_alloc, NULL when there is no memory. */
char16_t *u16_dup_utf8(const char *s);
char *u16_dup_to_utf8(const char16_t *s);

#endif

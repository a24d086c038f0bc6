/*
 * Registry text: the files that regedit and Wine write.
 *
 * Three forms are read and written:
 *   REGTEXT_V5    "Windows Registry Editor Version 5.00", UTF-16 with a byte order mark (either
 *                 order, UTF-8 and a code page are read too: regtext_decode.c)
 *   REGTEXT_V4    "REGEDIT4", in an ANSI code page; hex(2) and hex(7) hold ANSI bytes
 *   REGTEXT_WINE  "WINE REGISTRY Version 2", ASCII with escapes, with times, classes and links
 *
 * A line is taken whole or not at all: one that makes no sense is reported and left out, and
 * reading goes on, as regedit does it.
 */
#ifndef DECANTER_REGTEXT_H
#define DECANTER_REGTEXT_H

#include "base.h"
#include "buf.h"
#include "error.h"

enum regtext_form { REGTEXT_V5, REGTEXT_V4, REGTEXT_WINE };

/* What reading calls; any may be NULL. A result other than ERROR_SUCCESS ends the reading with it,
 * but ERROR_INVALID_DATA refuses the line: a key's values are left out then.
 * Text is UTF-16, unescaped, not terminated, and valid during the call; lengths in characters,
 * sizes in bytes. Values belong to the last key. */
struct regtext_sink {
    void *ctx;
    /* "[path]" or "[-path]"; the path as written, without the brackets. last_write is a FILETIME
     * or 0. In Wine's form #time, #class and #link come in calls of their own after it. */
    u32 (*key)(void *ctx, const char16_t *path, u32 len, bool remove);
    u32 (*value)(void *ctx, const char16_t *name, u32 len, u32 type, const void *data, u32 size);
    u32 (*remove_value)(void *ctx, const char16_t *name, u32 len);
    u32 (*key_time)(void *ctx, u64 last_write);
    u32 (*key_class)(void *ctx, const char16_t *text, u32 len);
    u32 (*key_link)(void *ctx);
    /* Wine's form: what keys are relative to, such as "REGISTRY\Machine". */
    u32 (*relative_to)(void *ctx, const char16_t *path, u32 len);
    /* A line that makes no sense, or (what is NULL) that the sink refused; numbers start with 1. */
    void (*problem)(void *ctx, u32 line, const char *what);
    /* Now and then, with how much of the text is done, in characters. */
    void (*progress)(void *ctx, size_t done, size_t total);
};

/* Reads a file's bytes. codepage is for text without a mark (0: UTF-8 if it is that, else the
 * process's own). ERROR_NOT_REGISTRY_FILE: the first line is none of the three; ERROR_OUTOFMEMORY;
 * what the sink returned. */
u32 regtext_read(const void *bytes, size_t size, u32 codepage, const struct regtext_sink *sink,
                 enum regtext_form *form);

/* Only looks at the first line. */
u32 regtext_check(const void *bytes, size_t size, u32 codepage, enum regtext_form *form);

/* Writing appends to out; ERROR_OUTOFMEMORY. regtext_begin writes the header (relative_to for
 * Wine's form, such as u"REGISTRY\\Machine"; NULL otherwise). */
struct regtext_writer {
    struct buf *out;
    enum regtext_form form;
    u32 codepage; /* of REGTEXT_V4 */
    u32 err;      /* the first failure; all later calls do nothing */
};
void regtext_begin(struct regtext_writer *w, const char16_t *relative_to);
/* After the last key: the empty line that regedit ends with. */
void regtext_end(struct regtext_writer *w);
/* Whether a key's path can be said in that form: regedit's have a line for it, without escapes. */
bool regtext_can_say(enum regtext_form form, const char16_t *path, u32 len);
/* class_name may be NULL; last_write, class and link are written in Wine's form alone. */
void regtext_key(struct regtext_writer *w, const char16_t *path, u32 len, u64 last_write,
                 const char16_t *class_name, u32 class_len, bool link);
void regtext_value(struct regtext_writer *w, const char16_t *name, u32 len, u32 type,
                   const void *data, u32 size);
/* "[-path]" and "name"=-; not in Wine's form. */
void regtext_remove_key(struct regtext_writer *w, const char16_t *path, u32 len);
void regtext_remove_value(struct regtext_writer *w, const char16_t *name, u32 len);

#endif

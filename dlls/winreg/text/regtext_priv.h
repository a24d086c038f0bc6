/*
 * What the parts of the reader share (regtext.h): the place in the text, and its characters.
 */
#ifndef DECANTER_REGTEXT_PRIV_H
#define DECANTER_REGTEXT_PRIV_H

#include "buf.h"
#include "regtext.h"

/* What hives hold under the types of text is not always text. In the line before lists of these
 * types a comment says what regedit's forms cannot: that no terminator is to be added; that the
 * bytes are those of the value in REGEDIT4 too. It is read behind the list as well, where it once
 * was written: not every regedit takes a comment there. */
#define REGTEXT_UNENDED "; no terminator"
#define REGTEXT_UTF16   "; UTF-16"

enum remark { REMARK_NONE, REMARK_UNENDED, REMARK_UTF16 };

struct reader {
    const char16_t *start, *s, *end;
    u32 line;
    enum regtext_form form;
    u32 codepage;
    bool wide;          /* the bytes were UTF-16 */
    bool in_key;        /* a key line that made sense came before */
    enum remark remark; /* the line before was that comment */
    bool refused_key;   /* one that the sink refused did: its values go without a word */
    const struct regtext_sink *sink;
    struct buf name, text, data; /* name and text hold char16_t */
    size_t told;
};

/* The bytes as UTF-16, from os_alloc. codepage 0: UTF-8 or the process's own. wide: whether they
 * were UTF-16. */
u32 regtext_decode(const u8 *bytes, size_t size, u32 codepage, char16_t **text, size_t *len,
                   bool *wide);

/* A line that begins with a quote or an at sign, whole (regtext_value.c). What is wrong with it is
 * told, and it is left out then. What the sink returned; ERROR_OUTOFMEMORY. */
u32 reader_value(struct reader *r);
/* The text of Wine's form up to the closing character, unescaped; false: there is none, and nothing
 * is taken. */
bool reader_wine_text(struct reader *r, char16_t close, struct buf *out, u32 *err);

/* Which of the two comments stands here, alone. It stays where it is. */
enum remark reader_remark(struct reader *r);

void reader_problem(struct reader *r, u32 line, const char *what);
/* Behind the end of the line. */
void reader_skip_line(struct reader *r);

static inline bool at_end(const struct reader *r)
{
    return r->s >= r->end;
}

static inline char16_t peek(const struct reader *r)
{
    return r->s < r->end ? *r->s : 0;
}

static inline bool is_newline(char16_t c)
{
    return c == '\n' || c == '\r';
}

/* At the end of a line, or of the text. */
static inline bool at_line_end(const struct reader *r)
{
    return at_end(r) || is_newline(*r->s);
}

static inline void skip_blanks(struct reader *r)
{
    while (!at_end(r) && (*r->s == ' ' || *r->s == '\t'))
        r->s++;
}

static inline void skip_newline(struct reader *r)
{
    if (peek(r) == '\r')
        r->s++;
    if (peek(r) == '\n')
        r->s++;
    r->line++;
}

static inline const char16_t *chars(const struct buf *b)
{
    static const char16_t none[1];

    return b->len ? (const char16_t *)(const void *)b->data : none;
}

static inline u32 char_count(const struct buf *b)
{
    return (u32)(b->len / sizeof(char16_t));
}

/* Takes that ASCII text, where it is there. */
bool reader_take(struct reader *r, const char *ascii);
/* Up to `most` hexadecimal digits; false where there is none. */
bool reader_hex(struct reader *r, u32 most, u64 *value);
/* Those of other scripts too. */
bool reader_number(struct reader *r, u32 most, u64 *value);
/* Up to 8 digits, of full width too. */
bool reader_dword(struct reader *r, u64 *value);
bool reader_at_digit(const struct reader *r);

#endif

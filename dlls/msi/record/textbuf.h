/*
 * Text that grows. A failed allocation is remembered, so that only the end need ask.
 */
#ifndef MSI_TEXTBUF_H
#define MSI_TEXTBUF_H

#include "base.h"
#include "error.h"

struct text_buf {
    char16_t *s; /* terminated unless it is NULL */
    size_t len, cap;
    bool failed;
};

void tb_init(struct text_buf *b);
void tb_free(struct text_buf *b);
void tb_add(struct text_buf *b, const char16_t *s, size_t len);
void tb_char(struct text_buf *b, char16_t c);
void tb_ascii(struct text_buf *b, const char *s);
void tb_number(struct text_buf *b, i32 n);
/* Cuts it to len. */
void tb_cut(struct text_buf *b, size_t len);
/* Puts a character in at a place. */
void tb_insert(struct text_buf *b, size_t at, char16_t c);
/* The text, terminated, which is the caller's then; NULL without memory. b is empty again. */
char16_t *tb_take(struct text_buf *b, size_t *len);

#endif

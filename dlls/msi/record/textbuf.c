/*
 * Text that grows.
 */
#include "textbuf.h"

#include <string.h>

#include "os.h"
#include "record.h"

void tb_init(struct text_buf *b)
{
    memset(b, 0, sizeof(*b));
}

void tb_free(struct text_buf *b)
{
    os_free(b->s);
    tb_init(b);
}

/* Texts made of texts may double with every step: none of ours is near that. */
enum { MOST = 1 << 26 };

static bool reserve(struct text_buf *b, size_t more)
{
    size_t need = b->len + more + 1, cap = b->cap ? b->cap : 64;
    char16_t *s;

    if (b->failed || need <= b->cap)
        return !b->failed;
    if (more > MOST || need > MOST) {
        b->failed = true;
        return false;
    }
    while (cap < need)
        cap *= 2;
    s = os_realloc_array(b->s, cap, sizeof(*s));
    if (!s) {
        b->failed = true;
        return false;
    }
    b->s = s;
    b->cap = cap;
    return true;
}

void tb_add(struct text_buf *b, const char16_t *s, size_t len)
{
    if (!reserve(b, len))
        return;
    if (len)
        memcpy(b->s + b->len, s, len * sizeof(*s));
    b->len += len;
    b->s[b->len] = 0;
}

void tb_char(struct text_buf *b, char16_t c)
{
    tb_add(b, &c, 1);
}

void tb_ascii(struct text_buf *b, const char *s)
{
    while (*s)
        tb_char(b, (unsigned char)*s++);
}

void tb_number(struct text_buf *b, i32 n)
{
    char16_t digits[12];

    tb_add(b, digits, rec_format_int(n, digits));
}

void tb_cut(struct text_buf *b, size_t len)
{
    if (!b->s || len > b->len)
        return;
    b->len = len;
    b->s[len] = 0;
}

void tb_insert(struct text_buf *b, size_t at, char16_t c)
{
    if (!reserve(b, 1))
        return;
    memmove(b->s + at + 1, b->s + at, (b->len - at) * sizeof(c));
    b->s[at] = c;
    b->s[++b->len] = 0;
}

char16_t *tb_take(struct text_buf *b, size_t *len)
{
    char16_t *s;

    if (!reserve(b, 0)) {
        tb_free(b);
        return NULL;
    }
    s = b->s;
    s[b->len] = 0;
    *len = b->len;
    tb_init(b);
    return s;
}

/*
 * Any text as formatted text and as a conditional statement, with and without values for its names:
 * no crash, and formatting never loops.
 */
#include <stdint.h>
#include <stdlib.h>

#include "cond.h"
#include "format.h"
#include "os.h"

enum { LEN_MAX = 4096 };

static u32 lookup(void *session, const char16_t *name, size_t len, struct text_buf *out)
{
    UNUSED(session);
    if (len % 3 == 0)
        tb_add(out, name, len);
    else if (len % 3 == 1)
        tb_ascii(out, "[1]{x}");
    return ERROR_SUCCESS;
}

static u32 lookup_sign(void *session, char16_t sign, const char16_t *name, size_t len,
                       struct text_buf *out)
{
    if (sign)
        tb_number(out, (i32)len - 2);
    return lookup(session, name, len, out);
}

static void format(struct record *r, fmt_lookup find, const char16_t *text, size_t len)
{
    struct text_buf out;

    tb_init(&out);
    if (fmt_text(r, find, NULL, text, len, &out) || out.len > 16 * LEN_MAX)
        abort();
    tb_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t len = size < LEN_MAX ? size : LEN_MAX;
    char16_t *text = malloc((len + 1) * sizeof(*text));
    struct record *r = rec_create(3);

    for (size_t i = 0; i < len; i++)
        text[i] = data[i] < 0x80 ? data[i] : (char16_t)(data[i] * 0x101);
    text[len] = 0;
    rec_set_text(r, 1, u"[2] {y}", 7);
    rec_set_int(r, 2, 1);
    format(r, NULL, text, len);
    format(r, lookup, text, len);
    if (cond_evaluate(text, len, NULL, NULL) > COND_ERROR ||
        cond_evaluate(text, len, lookup_sign, NULL) > COND_ERROR)
        abort();
    obj_unref(rec_object(r));
    free(text);
    return 0;
}

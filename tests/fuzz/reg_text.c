/*
 * Registry text: any bytes are read without a crash, and what was read is written in each form and
 * read again to the same keys and values.
 */
#include <stdlib.h>
#include <string.h>

#include "regtext.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

struct rewriter {
    struct regtext_writer w;
    bool unsaid; /* the key that the values belong to could not be written */
};

static u32 write_key(void *ctx, const char16_t *path, u32 len, bool remove)
{
    struct rewriter *r = ctx;

    r->unsaid = (remove && r->w.form == REGTEXT_WINE) || !regtext_can_say(r->w.form, path, len);
    if (r->unsaid)
        return ERROR_SUCCESS; /* has no such line */
    if (remove)
        regtext_remove_key(&r->w, path, len);
    else
        regtext_key(&r->w, path, len, 0, NULL, 0, false);
    return ERROR_SUCCESS;
}

static u32 write_value(void *ctx, const char16_t *name, u32 len, u32 type, const void *data,
                       u32 size)
{
    struct rewriter *r = ctx;

    if (!r->unsaid)
        regtext_value(&r->w, name, len, type, data, size);
    return ERROR_SUCCESS;
}

static u32 write_removal(void *ctx, const char16_t *name, u32 len)
{
    struct rewriter *r = ctx;

    if (!r->unsaid)
        regtext_remove_value(&r->w, name, len);
    return ERROR_SUCCESS;
}

static u32 rewrite(const void *bytes, size_t size, enum regtext_form form, struct buf *out)
{
    struct rewriter r = {.w = {.out = out, .form = form, .codepage = 1252}};
    struct regtext_sink sink = {.ctx = &r, .key = write_key, .value = write_value};

    if (form != REGTEXT_WINE)
        sink.remove_value = write_removal;
    regtext_begin(&r.w, u"REGISTRY\\Machine");
    return regtext_read(bytes, size, 1252, &sink, NULL);
}

static void try_all(const u8 *data, size_t size)
{
    for (enum regtext_form form = REGTEXT_V5; form <= REGTEXT_WINE; form++) {
        struct buf once = {0}, twice = {0};

        if (!rewrite(data, size, form, &once)) {
            /* REGEDIT4 loses what its code page has not, so only its reading is tried */
            if (rewrite(once.data, once.len, form, &twice))
                abort();
            if (form != REGTEXT_V4 &&
                (once.len != twice.len || memcmp(once.data, twice.data, once.len)))
                abort();
        }
        buf_free(&once);
        buf_free(&twice);
    }
}

/* As UTF-16 with its mark, each byte a character: two of them for one above 127. */
static void widen(const u8 *data, size_t size, struct buf *out)
{
    for (size_t i = 0; i < size; i++)
        buf_add16(out, data[i] > 127 && i + 1 < size ? (u32)(data[i] << 8 | data[i + 1]) : data[i]);
}

/* The first byte says which header goes before the rest, or none. */
int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    static const char *const heads[] = {
        "Windows Registry Editor Version 5.00\n[A]\n",
        "REGEDIT4\n[A]\n",
        "WINE REGISTRY Version 2\n[A] 1\n",
    };
    struct buf text = {0};
    u32 how = size ? data[0] % 8 : 7;

    if (how > 3) {
        try_all(data, size);
        return 0;
    }
    if (how == 3) {
        buf_add16(&text, 0xfeff);
        widen((const u8 *)heads[0], strlen(heads[0]), &text);
        widen(data + 1, size - 1, &text);
    } else {
        buf_add(&text, heads[how], strlen(heads[how]));
        buf_add(&text, data + 1, size - 1);
    }
    try_all(text.data, text.len);
    buf_free(&text);
    return 0;
}

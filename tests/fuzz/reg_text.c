/*
 * Registry text: any bytes are read without a crash, and what was read is written in each form and
 * read again to the same keys and values.
 */
#include <stdlib.h>
#include <string.h>

#include "regtext.h"

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

static u32 write_key(void *ctx, const char16_t *path, u32 len, bool remove)
{
    struct regtext_writer *w = ctx;

    if (remove && w->form == REGTEXT_WINE)
        return ERROR_SUCCESS; /* has no such line */
    if (remove)
        regtext_remove_key(ctx, path, len);
    else
        regtext_key(ctx, path, len, 0, NULL, 0, false);
    return ERROR_SUCCESS;
}

static u32 write_value(void *ctx, const char16_t *name, u32 len, u32 type, const void *data,
                       u32 size)
{
    regtext_value(ctx, name, len, type, data, size);
    return ERROR_SUCCESS;
}

static u32 write_removal(void *ctx, const char16_t *name, u32 len)
{
    regtext_remove_value(ctx, name, len);
    return ERROR_SUCCESS;
}

static u32 rewrite(const void *bytes, size_t size, enum regtext_form form, struct buf *out)
{
    struct regtext_writer w = {.out = out, .form = form, .codepage = 1252};
    struct regtext_sink sink = {.ctx = &w, .key = write_key, .value = write_value};

    if (form != REGTEXT_WINE)
        sink.remove_value = write_removal;
    regtext_begin(&w, u"REGISTRY\\Machine");
    return regtext_read(bytes, size, 1252, &sink, NULL);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    for (enum regtext_form form = REGTEXT_V5; form <= REGTEXT_WINE; form++) {
        struct buf once = {0}, twice = {0};

        if (!rewrite(data, size, form, &once)) {
            /* REGEDIT4 loses what its code page has not, so only its reading is tried */
            if (rewrite(once.data, once.len, form, &twice))
                abort();
            if (form == REGTEXT_WINE &&
                (once.len != twice.len || memcmp(once.data, twice.data, once.len)))
                abort();
        }
        buf_free(&once);
        buf_free(&twice);
    }
    return 0;
}

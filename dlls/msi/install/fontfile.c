/*
 * Fonts on the machine that is installed on.
 */
#include "fontfile.h"

#include "buf.h"
#include "fontname.h"
#include "os.h"
#include "target.h"

enum { CHUNK = 1 << 18, FONT_MAX = 256 << 20 };

u32 font_file_name(const char16_t *path, struct text_buf *out)
{
    struct tgt_file *f;
    struct buf b = {0};
    u32 got = 0, err = tgt_open(path, &f);

    if (err)
        return err;
    do {
        err = b.len > FONT_MAX ? ERROR_FILE_TOO_LARGE : buf_reserve(&b, CHUNK);
        if (!err)
            err = tgt_read(f, b.data + b.len, CHUNK, &got);
        if (!err)
            b.len += got;
    } while (!err && got);
    tgt_close(f);
    if (!err)
        err = font_name(b.data, b.len, out);
    buf_free(&b);
    return err;
}

/*
 * Properties that an administrative image keeps.
 */
#include "adminprops.h"

#include <string.h>

#include "namecodec.h"
#include "os.h"
#include "stg.h"

const char16_t adminprops_stream[16] = u"AdminProperties";

enum { STREAM_MAX = 1 << 20 };

/* --- writing ------------------------------------------------------------------------------------
 */

static void write_one(struct text_buf *out, const char16_t *name, size_t len,
                      const struct property *p)
{
    if (out->len)
        tb_char(out, ' ');
    tb_add(out, name, len);
    tb_ascii(out, "=\"");
    for (size_t i = 0; p && i < p->value_len; i++) {
        tb_char(out, p->value[i]);
        if (p->value[i] == '"')
            tb_char(out, '"');
    }
    tb_char(out, '"');
}

/* One that has no value has none in the image either. */
u32 adminprops_write(struct session *s, struct text_buf *out)
{
    const struct property *list = prop_get(s, "AdminProperties");

    for (size_t at = 0, end; list && at < list->value_len; at = end + 1) {
        for (end = at; end < list->value_len && list->value[end] != ';';)
            end++;
        if (end > at)
            write_one(out, list->value + at, end - at,
                      props_get(&s->props, list->value + at, end - at));
    }
    return out->failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

/* --- reading ------------------------------------------------------------------------------------
 */

/* The value behind a quotation mark at *at, which moves behind the last one. */
static void read_value(const char16_t *text, size_t len, size_t *at, struct text_buf *value)
{
    while (++*at < len) {
        if (text[*at] == '"' && (*at + 1 >= len || text[*at + 1] != '"'))
            break;
        if (text[*at] == '"')
            ++*at;
        tb_char(value, text[*at]);
    }
    ++*at;
}

static u32 set_all(struct session *s, const char16_t *text, size_t len)
{
    u32 err = ERROR_SUCCESS;

    for (size_t at = 0, start; !err && at < len;) {
        struct text_buf value;
        size_t name_len;

        while (at < len && text[at] == ' ')
            at++;
        for (start = at; at < len && text[at] != '=';)
            at++;
        name_len = at - start;
        if (!name_len || at + 1 >= len || text[++at] != '"')
            break;
        tb_init(&value);
        read_value(text, len, &at, &value);
        err = value.failed ? ERROR_OUTOFMEMORY
                           : props_set(&s->props, text + start, name_len, value.s ? value.s : u"",
                                       value.len);
        tb_free(&value);
    }
    return err;
}

u32 adminprops_read(struct session *s)
{
    char16_t stored[NAME_STORED_MAX + 1], *text;
    u8 *data = NULL;
    size_t len = 0;
    u64 size;
    u32 err = name_encode(adminprops_stream, ARRAY_LEN(adminprops_stream) - 1, false, stored);

    db_lock(s->db);
    if (!err)
        err = stg_stream_length(s->db->stg, stored, &size);
    if (!err && size > STREAM_MAX)
        err = ERROR_FILE_CORRUPT;
    if (!err)
        err = stg_read_all(s->db->stg, stored, &data, &len);
    db_unlock(s->db);
    if (err)
        return err == ERROR_OUTOFMEMORY ? err : ERROR_SUCCESS;
    len /= sizeof(*text);
    text = os_alloc_array(len + 1, sizeof(*text));
    if (text) {
        memcpy(text, data, len * sizeof(*text));
        err = set_all(s, text, len);
    } else {
        err = ERROR_OUTOFMEMORY;
    }
    os_free(text);
    os_free(data);
    return err;
}

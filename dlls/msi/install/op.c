/*
 * Operations as bytes.
 *
 * An operation: u32 bytes of all of it, a multiple of 4; u16 kind; u16 fields. A field: u32, of
 * which the upper 4 bits are enum op_field_kind and the lower 28 the length in characters or bytes;
 * then a number as 8 bytes, a text with two bytes of zero behind it, or bytes; then zeros up to a
 * multiple of 4. All little-endian.
 */
#include "op.h"

#include <string.h>

enum { HEAD = 8, LEN_BITS = 28, LEN_MASK = (1 << LEN_BITS) - 1 };

void op_begin(struct op *op, u32 kind)
{
    memset(op, 0, sizeof(*op));
    op->kind = kind;
}

static struct op_field *next_field(struct op *op, enum op_field_kind kind)
{
    struct op_field *f;

    if (op->count >= OP_FIELDS) { /* op_write refuses it */
        op->count = OP_FIELDS + 1;
        return NULL;
    }
    f = &op->f[op->count++];
    f->kind = kind;
    return f;
}

void op_number(struct op *op, i64 number)
{
    struct op_field *f = next_field(op, OP_NUMBER);

    if (f)
        f->number = number;
}

void op_text_n(struct op *op, const char16_t *text, size_t len)
{
    struct op_field *f = next_field(op, text ? OP_TEXT : OP_NULL);

    if (f && text) {
        f->text = text;
        f->len = len;
    }
}

void op_text(struct op *op, const char16_t *text)
{
    size_t len = 0;

    while (text && text[len])
        len++;
    op_text_n(op, text, len);
}

void op_bytes(struct op *op, const void *bytes, size_t len)
{
    struct op_field *f = next_field(op, OP_BYTES);

    if (f) {
        f->bytes = bytes;
        f->len = len;
    }
}

const char16_t *op_text_at(const struct op *op, u32 i)
{
    return i < op->count && op->f[i].kind == OP_TEXT ? op->f[i].text : u"";
}

i64 op_number_at(const struct op *op, u32 i)
{
    return i < op->count && op->f[i].kind == OP_NUMBER ? op->f[i].number : 0;
}

/* --- writing ------------------------------------------------------------------------------------
 */

static u32 pad(struct buf *b, size_t n)
{
    static const u8 zeros[8] = {0};

    return buf_add(b, zeros, n);
}

static u32 write_field(struct buf *b, const struct op_field *f)
{
    size_t size = f->kind == OP_TEXT ? f->len * sizeof(char16_t) : f->len;
    u32 err;

    if (f->len > LEN_MASK)
        return ERROR_OUTOFMEMORY;
    err = buf_add32(b, (u32)f->kind << LEN_BITS | (u32)f->len);
    if (err || f->kind == OP_NULL)
        return err;
    if (f->kind == OP_NUMBER)
        return buf_add(b, &f->number, sizeof(f->number));
    err = buf_add(b, f->kind == OP_TEXT ? (const void *)f->text : f->bytes, size);
    if (!err && f->kind == OP_TEXT) {
        err = pad(b, sizeof(char16_t));
        size += sizeof(char16_t);
    }
    return err ? err : pad(b, ALIGN_UP(size, 4) - size);
}

u32 op_write(struct buf *b, const struct op *op)
{
    size_t start = b->len;
    u32 err;

    if (op->count > OP_FIELDS)
        return ERROR_INVALID_PARAMETER;
    err = buf_add32(b, 0);
    if (!err)
        err = buf_add16(b, op->kind);
    if (!err)
        err = buf_add16(b, op->count);
    for (u32 i = 0; !err && i < op->count; i++)
        err = write_field(b, &op->f[i]);
    if (!err && b->len - start > LEN_MASK)
        err = ERROR_OUTOFMEMORY;
    if (err)
        b->len = start;
    else
        put_le32(b->data + start, (u32)(b->len - start));
    return err;
}

/* --- reading ------------------------------------------------------------------------------------
 */

static u32 read_field(const u8 *bytes, size_t len, size_t *at, struct op_field *f)
{
    const u8 *p;
    size_t size;
    u32 head;

    if (len - *at < 4)
        return ERROR_FILE_CORRUPT;
    head = le32(bytes + *at);
    f->kind = (enum op_field_kind)(head >> LEN_BITS);
    f->len = head & LEN_MASK;
    p = bytes + *at + 4;
    size = f->kind == OP_NULL     ? 0
           : f->kind == OP_NUMBER ? sizeof(f->number)
           : f->kind == OP_TEXT   ? (f->len + 1) * sizeof(char16_t)
                                  : f->len;
    if (f->kind > OP_BYTES || (f->len && (f->kind == OP_NULL || f->kind == OP_NUMBER)) ||
        ALIGN_UP(size, 4) > len - *at - 4)
        return ERROR_FILE_CORRUPT;
    if (f->kind == OP_NUMBER)
        memcpy(&f->number, p, sizeof(f->number));
    else if (f->kind == OP_TEXT)
        f->text = (const char16_t *)(const void *)p;
    else
        f->bytes = p;
    if (f->kind == OP_TEXT && f->text[f->len])
        return ERROR_FILE_CORRUPT;
    *at += 4 + ALIGN_UP(size, 4);
    return ERROR_SUCCESS;
}

u32 op_read(const u8 *bytes, size_t len, size_t *at, struct op *op)
{
    size_t i = *at, end;
    u32 err = ERROR_SUCCESS;

    if (i > len || len - i < HEAD || le32(bytes + i) < HEAD || le32(bytes + i) > len - i ||
        le32(bytes + i) % 4)
        return ERROR_FILE_CORRUPT;
    end = i + le32(bytes + i);
    op_begin(op, le16(bytes + i + 4));
    op->count = le16(bytes + i + 6);
    if (op->count > OP_FIELDS)
        return ERROR_FILE_CORRUPT;
    i += HEAD;
    for (u32 n = 0; !err && n < op->count; n++)
        err = read_field(bytes, end, &i, &op->f[n]);
    if (err || i != end)
        return ERROR_FILE_CORRUPT;
    *at = end;
    return ERROR_SUCCESS;
}

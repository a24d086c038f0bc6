/*
 * Operations from any bytes: every kind, with fields of every kind, whose texts are mostly such as
 * mean something where they are used.
 */
#ifndef FUZZ_OPS_H
#define FUZZ_OPS_H

#include "families.h"
#include "journal.h"
#include "op.h"

struct ops {
    const u8 *p;
    size_t left;
    char16_t texts[OP_FIELDS][16];
};

static u8 ops_byte(struct ops *in)
{
    if (!in->left)
        return 0;
    in->left--;
    return *in->p++;
}

/* Of any bytes, as many as there are. */
static size_t ops_bytes(struct ops *in, size_t most, const u8 **bytes)
{
    size_t n = MIN(in->left, most);

    *bytes = in->p;
    in->p += n;
    in->left -= n;
    return n;
}

static u32 ops_kind(struct ops *in)
{
    static const u16 kinds[] = {OP_ACTION,
                                OP_DATA,
                                OP_PROGRESS,
                                OP_FOLDER_MAKE,
                                OP_FOLDER_REMOVE,
                                OP_FOLDER_FORGET,
                                OP_FILE_REMOVE,
                                OP_FILE_COPY,
                                OP_FILE_MOVE,
                                OP_FILE_WRITE,
                                OP_LINK,
                                OP_LATER,
                                OP_FOLDER_TIMES,
                                OP_REG_SET,
                                OP_REG_REMOVE_VALUE,
                                OP_REG_MAKE_KEY,
                                OP_REG_REMOVE_KEY,
                                OP_REG_REMOVE_EMPTY,
                                OP_REG_LIST,
                                OP_REG_KEPT,
                                OP_REG_ORDER,
                                OP_INI,
                                OP_SERVICE,
                                OP_RUN,
                                OP_NOTIFY,
                                OP_CACHE,
                                OP_SELFREG,
                                OP_FONT,
                                OP_SECURITY,
                                OP_MEDIA,
                                OP_ADMIN_PACKAGE,
                                OP_FILE_PUT,
                                OP_FILE_CHANGE,
                                JOURNAL_FOLDER,
                                JOURNAL_COMMIT,
                                JOURNAL_UNDONE,
                                JOURNAL_UNDOING,
                                JOURNAL_PLACE,
                                JOURNAL_UNDONE_FROM,
                                JOURNAL_GIVEN,
                                0x1234};

    return kinds[ops_byte(in) % ARRAY_LEN(kinds)];
}

static const char16_t *ops_known(struct ops *in)
{
    static const char16_t *const known[] = {
        u"C:\\app\\kept.txt",
        u"C:\\app\\new.txt",
        u"C:\\app\\Empty",
        u"C:\\app\\full",
        u"C:\\app\\full\\inside.txt",
        u"C:\\app\\made\\deep",
        u"C:\\app\\link\\x.txt",
        u"C:\\app\\link",
        u"C:\\app\\leads.txt",
        u"C:\\app\\..\\..\\x",
        u"C:\\",
        u"C:",
        u"D:\\x",
        u"\\\\server\\share\\x",
        u"C:\\Config.Msi\\0badc0de\\00000001.rbf",
        u"C:\\Config.Msi\\0badc0de",
        u"C:\\Config.Msi",
        u"Software\\Old",
        u"Software\\Tree",
        u"Software\\Tree\\a",
        u"Software\\New\\deep",
        u"removed",
        u"changed",
        u"",
        u"\\",
    };

    return known[ops_byte(in) % ARRAY_LEN(known)];
}

static void ops_field(struct ops *in, struct op *op)
{
    char16_t *text = in->texts[op->count];
    const u8 *bytes;
    size_t n;

    switch (ops_byte(in) % 8) {
    case 0:
        op_text(op, NULL);
        break;
    case 1:
        op_number(op, ops_byte(in));
        break;
    case 2: {
        u64 number = 0;

        n = ops_bytes(in, sizeof(number), &bytes);
        memcpy(&number, bytes, n);
        op_number(op, (i64)number);
        break;
    }
    case 3:
        n = ops_bytes(in, ops_byte(in), &bytes);
        op_bytes(op, bytes, n);
        break;
    case 4:
        n = ops_bytes(in, 30, &bytes) / 2 * 2;
        memcpy(text, bytes, n);
        text[n / 2] = 0;
        op_text(op, text);
        break;
    default:
        op_text(op, ops_known(in));
    }
}

/* False: there are no more. */
static bool ops_next(struct ops *in, struct op *op)
{
    u32 kind = ops_kind(in), fields = ops_byte(in) % OP_FIELDS;

    op_begin(op, kind);
    for (u32 i = 0; in->left && i < fields; i++)
        ops_field(in, op);
    return in->left || fields;
}

#endif

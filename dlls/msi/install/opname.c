/*
 * Operations as text, for the log and for tests.
 */
#include "op.h"
#include "textbuf.h"

static const struct {
    u32 kind;
    const char *name;
} names[] = {
    {OP_ACTION, "ActionStart"},
    {OP_DATA, "ActionData"},
    {OP_PROGRESS, "ProgressTotal"},
    {OP_FOLDER_MAKE, "FolderCreate"},
    {OP_FOLDER_REMOVE, "FolderRemove"},
    {OP_FOLDER_FORGET, "RegRemoveValueOfFolder"},
    {OP_FILE_PUT, "FilePut"},
    {OP_FILE_REMOVE, "FileRemove"},
    {OP_FILE_COPY, "FileCopy"},
    {OP_FILE_MOVE, "FileMove"},
    {OP_MEDIA, "ChangeMedia"},
    {OP_ADMIN_PACKAGE, "AdminPackage"},
    {OP_FILE_WRITE, "FileCreate"},
    {OP_LINK, "ShortcutCreate"},
    {OP_LATER, "FilePutOff"},
    {OP_FILE_CHANGE, "PatchApply"},
    {OP_FOLDER_TIMES, "FolderTimes"},
    {OP_REG_SET, "RegAddValue"},
    {OP_REG_REMOVE_VALUE, "RegRemoveValue"},
    {OP_REG_MAKE_KEY, "RegCreateKey"},
    {OP_REG_REMOVE_KEY, "RegRemoveKey"},
    {OP_REG_REMOVE_EMPTY, "RegRemoveEmptyKey"},
    {OP_REG_LIST, "RegListValue"},
    {OP_REG_KEPT, "RegKeyKept"},
    {OP_REG_ORDER, "RegValueOrder"},
    {OP_INI, "IniWriteRemoveValue"},
    {OP_SERVICE, "ServiceControl"},
    {OP_RUN, "CustomActionSchedule"},
    {OP_NOTIFY, "Notify"},
    {OP_CACHE, "DatabaseCopy"},
    {OP_SELFREG, "RegSelfReg"},
    {OP_FONT, "FontRegister"},
    {OP_SECURITY, "SecureObject"},
};

static void show_bytes(struct text_buf *out, const struct op_field *f)
{
    static const char16_t digits[] = u"0123456789abcdef";
    size_t n = MIN(f->len, (size_t)64);

    tb_char(out, '<');
    for (size_t i = 0; i < n; i++) {
        tb_char(out, digits[f->bytes[i] >> 4]);
        tb_char(out, digits[f->bytes[i] & 15]);
    }
    if (n < f->len)
        tb_ascii(out, "...");
    tb_char(out, '>');
}

static void show_number(struct text_buf *out, i64 number)
{
    char16_t digits[24];
    u64 n = number < 0 ? 0 - (u64)number : (u64)number;
    u32 at = ARRAY_LEN(digits);

    do {
        digits[--at] = (char16_t)('0' + n % 10);
        n /= 10;
    } while (n);
    if (number < 0)
        digits[--at] = '-';
    tb_add(out, digits + at, ARRAY_LEN(digits) - at);
}

void op_show(const struct op *op, struct text_buf *out)
{
    size_t i = 0;

    while (i < ARRAY_LEN(names) && names[i].kind != op->kind)
        i++;
    if (i < ARRAY_LEN(names))
        tb_ascii(out, names[i].name);
    else
        tb_number(out, (i32)op->kind);
    tb_char(out, '(');
    for (u32 n = 0; n < op->count; n++) {
        const struct op_field *f = &op->f[n];

        if (n)
            tb_char(out, ',');
        if (f->kind == OP_NUMBER)
            show_number(out, f->number);
        else if (f->kind == OP_TEXT)
            tb_add(out, f->text, f->len);
        else if (f->kind == OP_BYTES)
            show_bytes(out, f);
    }
    tb_char(out, ')');
}

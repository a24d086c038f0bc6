/*
 * What is said of an operation that failed: an error message with the number that Windows Installer
 * has for such a thing, and a line of the log with the operation and the reason in words.
 */
#include "failure.h"

#include "log.h"
#include "notice.h"
#include "op_service.h"
#include "security.h"
#include "utf16.h"

static const struct {
    u32 err;
    const char *words;
} reasons[] = {
    {ERROR_FILE_NOT_FOUND, "there is no such file"},
    {ERROR_PATH_NOT_FOUND, "there is no such folder"},
    {ERROR_ACCESS_DENIED, "access is denied"},
    {ERROR_OUTOFMEMORY, "no memory is left"},
    {ERROR_NOT_SAME_DEVICE, "it is on another drive"},
    {ERROR_WRITE_FAULT, "writing failed"},
    {ERROR_READ_FAULT, "reading failed"},
    {ERROR_SHARING_VIOLATION, "another program uses it"},
    {ERROR_FILE_EXISTS, "it is there already"},
    {ERROR_DISK_FULL, "the disk is full"},
    {ERROR_CALL_NOT_IMPLEMENTED, "this is not done here"},
    {ERROR_DIR_NOT_EMPTY, "the folder is not empty"},
    {ERROR_BAD_PATHNAME, "that is no path that may be used"},
    {ERROR_DIRECTORY, "a file stands where a folder is to be"},
    {ERROR_FILE_CORRUPT, "what is read is damaged"},
    {ERROR_INSTALL_USEREXIT, "it was cancelled"},
    {ERROR_INSTALL_FAILURE, "it did not succeed"},
};

static const char *words_of(u32 err)
{
    for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
        if (reasons[i].err == err)
            return reasons[i].words;
    return "the system refused it";
}

/* Numbers of windows-installer-error-messages, whose field 2 is the thing itself; 0: there is
 * none, or it was told already. */
static u32 number_of(const struct op *op)
{
    switch (op->kind) {
    case OP_FOLDER_MAKE:
        return 1303;
    case OP_FILE_PUT:
    case OP_FILE_COPY:
    case OP_FILE_MOVE:
        return 1310;
    case OP_FILE_CHANGE:
        return 1328;
    case OP_SECURITY:
        return op_number_at(op, 0) == SECURITY_KEY       ? 1401
               : op_number_at(op, 0) == SECURITY_SERVICE ? 1944
                                                         : 1926;
    case OP_REG_MAKE_KEY:
        return 1402;
    case OP_REG_REMOVE_KEY:
        return 1404;
    case OP_REG_REMOVE_VALUE:
        return 1405;
    case OP_REG_SET:
    case OP_REG_LIST:
        return 1406;
    case OP_SERVICE:
        switch (op_number_at(op, 0)) {
        case SERVICE_START:
            return 1920;
        case SERVICE_STOP:
            return 1921;
        case SERVICE_DELETE:
            return 1922;
        }
        return 1923;
    }
    return 0;
}

enum { REG_KEY = 2, REG_NAME = 3, FILE_PATH = 0, FILE_TO = 1, SERVICE_NAME = 1 };

static void give(struct notice_field *f, const struct op *op, u32 i)
{
    f->text = op_text_at(op, i);
    f->len = u16_len(f->text);
}

static void tell_message(struct session *s, const struct op *op, u32 err)
{
    struct notice_field fields[5] = {{NULL, 0, false, 0}};
    u32 number = number_of(op);

    if (!number)
        return;
    fields[1].is_number = true;
    fields[1].number = (i32)number;
    if (op->kind == OP_REG_SET || op->kind == OP_REG_LIST || op->kind == OP_REG_REMOVE_VALUE) {
        give(&fields[2], op, REG_NAME);
        give(&fields[3], op, REG_KEY);
    } else if (op->kind == OP_REG_MAKE_KEY || op->kind == OP_REG_REMOVE_KEY) {
        give(&fields[2], op, REG_KEY);
    } else if (op->kind == OP_SECURITY) {
        bool key = op_number_at(op, 0) == SECURITY_KEY;

        give(&fields[key ? 2 : 3], op, 1);
        fields[key ? 3 : 2].is_number = true;
        fields[key ? 3 : 2].number = (i32)err;
    } else if (op->kind == OP_SERVICE) {
        give(&fields[2], op, SERVICE_NAME);
        give(&fields[3], op, SERVICE_NAME);
    } else {
        fields[3].is_number = op->kind == OP_FILE_CHANGE;
        fields[3].number = (i32)err;
        give(&fields[2], op,
             op->kind == OP_FILE_COPY || op->kind == OP_FILE_MOVE ? FILE_TO : FILE_PATH);
    }
    fields[4].is_number = true;
    fields[4].number = (i32)err;
    notice_send(s, NOTICE_ERROR, fields, ARRAY_LEN(fields));
}

void failure_tell(struct session *s, const struct op *op, u32 err)
{
    struct text_buf line;

    if (err == ERROR_INSTALL_USEREXIT)
        return;
    tell_message(s, op, err);
    tb_init(&line);
    op_show(op, &line);
    tb_ascii(&line, " failed with ");
    tb_number(&line, (i32)err);
    tb_ascii(&line, ": ");
    tb_ascii(&line, words_of(err));
    if (!line.failed)
        log_line(LOG_ERROR | LOG_INFO, line.s, line.len);
    tb_free(&line);
}

void failure_tell_later(const struct op *note)
{
    struct text_buf line;
    bool replaces = *op_text_at(note, 1);

    tb_init(&line);
    tb_ascii(&line, replaces ? "Info 1902. Scheduling restart operation: Renaming file "
                             : "Info 1903. Scheduling restart operation: Deleting file ");
    tb_add(&line, op_text_at(note, replaces), u16_len(op_text_at(note, replaces)));
    if (replaces) {
        tb_ascii(&line, " to ");
        tb_add(&line, op_text_at(note, 0), u16_len(op_text_at(note, 0)));
    }
    tb_ascii(&line, ". Must restart to complete operation.");
    if (!line.failed)
        log_line(LOG_INFO, line.s, line.len);
    tb_free(&line);
}

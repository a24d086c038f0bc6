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

/* A message's fields from 2 on: what they say. */
enum part {
    PART_NONE,
    PART_PATH,
    PART_TO,
    PART_DRIVE,
    PART_KEY,
    PART_NAME,
    PART_OBJECT,
    PART_CODE
};

/* windows-installer-error-messages */
struct said {
    u32 number; /* 0: there is none, or it was told already */
    u8 parts[3];
};

static struct said of_folder(const struct op *op, u32 err)
{
    switch (err) {
    case ERROR_DIRECTORY:
    case ERROR_FILE_EXISTS:
        return (struct said){1312, {PART_PATH}};
    case ERROR_PATH_NOT_FOUND: /* its parent was made before it, or is the root */
        if (op_text_at(op, 0)[0] && op_text_at(op, 0)[1] == ':')
            return (struct said){1327, {PART_DRIVE}};
        break;
    case ERROR_ACCESS_DENIED:
        return (struct said){1303, {PART_PATH}};
    }
    return (struct said){1317, {PART_PATH}};
}

static struct said of_file(const struct op *op, u32 err)
{
    u8 path = op->kind == OP_FILE_PUT ? PART_PATH : PART_TO;

    if (err == ERROR_DIRECTORY)
        return (struct said){1301, {path}};
    if (err == ERROR_DISK_FULL)
        return (struct said){1307, {path}};
    return (struct said){1310, {PART_CODE, path}};
}

static struct said of_security(const struct op *op)
{
    switch (op_number_at(op, 0)) {
    case SECURITY_KEY:
        return (struct said){1401, {PART_OBJECT, PART_CODE}};
    case SECURITY_SERVICE:
        return (struct said){1944, {PART_CODE, PART_OBJECT}};
    }
    return (struct said){1926, {PART_CODE, PART_OBJECT}};
}

static struct said of_service(const struct op *op)
{
    static const struct {
        u32 deed, number;
    } deeds[] = {{SERVICE_START, 1920}, {SERVICE_STOP, 1921}, {SERVICE_DELETE, 1922}};

    for (size_t i = 0; i < ARRAY_LEN(deeds); i++)
        if (op_number_at(op, 0) == deeds[i].deed)
            return (struct said){deeds[i].number, {PART_OBJECT, PART_OBJECT, PART_CODE}};
    return (struct said){1923, {PART_OBJECT, PART_OBJECT, PART_CODE}};
}

static struct said said_of(const struct op *op, u32 err)
{
    switch (op->kind) {
    case OP_FOLDER_MAKE:
        return of_folder(op, err);
    case OP_FILE_PUT:
    case OP_FILE_COPY:
    case OP_FILE_MOVE:
        return of_file(op, err);
    case OP_FILE_CHANGE:
        return (struct said){1328, {PART_PATH, PART_CODE}};
    case OP_SECURITY:
        return of_security(op);
    case OP_REG_MAKE_KEY:
        return (struct said){1401, {PART_KEY, PART_CODE}};
    case OP_REG_REMOVE_KEY:
        return (struct said){1404, {PART_KEY, PART_CODE}};
    case OP_REG_REMOVE_VALUE:
        return (struct said){1403, {PART_NAME, PART_KEY, PART_CODE}};
    case OP_REG_SET:
    case OP_REG_LIST:
        return (struct said){1406, {PART_NAME, PART_KEY, PART_CODE}};
    case OP_SERVICE:
        return of_service(op);
    }
    return (struct said){0, {PART_NONE}};
}

static struct notice_field text_of(const struct op *op, u32 i, size_t at_most)
{
    const char16_t *text = op_text_at(op, i);

    return (struct notice_field){text, MIN(u16_len(text), at_most), false, 0};
}

static struct notice_field field_of(const struct op *op, u8 part, u32 err)
{
    enum { FILE_PATH = 0, FILE_TO = 1, OBJECT = 1, REG_KEY = 2, REG_NAME = 3, DRIVE = 3 };

    switch (part) {
    case PART_PATH:
        return text_of(op, FILE_PATH, SIZE_MAX);
    case PART_TO:
        return text_of(op, FILE_TO, SIZE_MAX);
    case PART_DRIVE:
        return text_of(op, FILE_PATH, DRIVE);
    case PART_KEY:
        return text_of(op, REG_KEY, SIZE_MAX);
    case PART_NAME:
        return text_of(op, REG_NAME, SIZE_MAX);
    case PART_OBJECT:
        return text_of(op, OBJECT, SIZE_MAX);
    case PART_CODE:
        return (struct notice_field){NULL, 0, true, (i32)err};
    }
    return (struct notice_field){NULL, 0, false, 0};
}

enum { FIRST_PART = 2, FIELDS = 5 };

static void tell_message(struct session *s, const struct op *op, u32 err)
{
    struct notice_field fields[FIELDS] = {{NULL, 0, false, 0}};
    struct said said = said_of(op, err);

    if (!said.number)
        return;
    fields[1] = (struct notice_field){NULL, 0, true, (i32)said.number};
    for (size_t i = 0; i < ARRAY_LEN(said.parts); i++)
        fields[FIRST_PART + i] = field_of(op, said.parts[i], err);
    notice_internal(s, fields, FIELDS);
}

static struct notice_field name_of(const char16_t *text)
{
    return (struct notice_field){text, u16_len(text), false, 0};
}

/* "1309: code, file", "1334: file, cabinet", and the others' cabinet. */
static void tell_trouble(struct session *s, const struct media_trouble *t, u32 err)
{
    struct notice_field fields[FIELDS - 1] = {{NULL, 0, false, 0}};
    bool loose = !t->cabinet;

    fields[1] = (struct notice_field){NULL, 0, true, (i32)t->number};
    fields[2] = loose ? (struct notice_field){NULL, 0, true, (i32)err}
                      : name_of(t->file ? t->file : t->cabinet);
    if (t->file)
        fields[3] = name_of(loose ? t->file : t->cabinet);
    notice_internal(s, fields, ARRAY_LEN(fields));
}

void failure_tell(struct session *s, const struct op *op, u32 err,
                  const struct media_trouble *trouble)
{
    struct text_buf line;

    if (err == ERROR_INSTALL_USEREXIT)
        return;
    if (trouble && (op->kind == OP_MEDIA || op->kind == OP_FILE_PUT))
        tell_trouble(s, trouble, err);
    else
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

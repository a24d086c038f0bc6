/*
 * Opening databases in their modes.
 *
 * Readers let others read, a transaction and a new file too; direct mode is exclusive.
 * The class identifier of a file tells what it is: {000C1084-...} a database, {000C1086-...} a
 * patch, {000C1082-...} a transform. Another file is none of ours, and MSIDBOPEN_PATCHFILE takes
 * patches alone.
 */
#include "dbopen.h"

#include <string.h>

#include "errorrec.h"
#include "stg.h"
#include "trace.h"
#include "utf16.h"

static const u8 class_database[16] = {0x84, 0x10, 0x0c, 0, 0, 0, 0, 0,
                                      0xc0, 0,    0,    0, 0, 0, 0, 0x46};
static const u8 class_transform[16] = {0x82, 0x10, 0x0c, 0, 0, 0, 0, 0,
                                       0xc0, 0,    0,    0, 0, 0, 0, 0x46};
static const u8 class_patch[16] = {0x86, 0x10, 0x0c, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46};

enum {
    E_OPEN = 2203,   /* cannot open database file, system error [3] */
    E_FORMAT = 2219, /* invalid installer database format */
};

static void append_number(char16_t out[12], u32 value)
{
    rec_format_int((i32)value, out);
}

/* The error record and the code for a file that could not be opened or made. */
static u32 open_failed(const char16_t *path, u32 err, u32 code)
{
    char16_t number[12];
    const char16_t *texts[2] = {path, number};

    append_number(number, err);
    TRACE(TRACE_MSI, "%s cannot be opened: error %u", trace_text(path, -1), err);
    if (err == ERROR_OUTOFMEMORY || err == ERROR_NOT_ENOUGH_MEMORY)
        return ERROR_OUTOFMEMORY;
    if (err == ERROR_INVALID_DATA || err == ERROR_FILE_CORRUPT ||
        err == ERROR_INSTALL_PACKAGE_INVALID)
        return err_set(code, E_FORMAT, texts, 1);
    return err_set(code, E_OPEN, texts, 2);
}

static u32 check_class(struct stg *stg, bool patch)
{
    u8 is[16];
    u32 err = stg_get_class(stg, is);

    if (err || !memcmp(is, class_patch, sizeof(is)))
        return err;
    if (!patch &&
        (!memcmp(is, class_database, sizeof(is)) || !memcmp(is, class_transform, sizeof(is))))
        return ERROR_SUCCESS;
    return ERROR_INVALID_DATA;
}

static u32 open_storage(struct database *db)
{
    switch (db->mode) {
    case DB_READONLY:
        return stg_open(db->path, STG_READ | STG_DENY_WRITE | (db->internal ? STG_MAY_GO : 0),
                        &db->stg);
    case DB_TRANSACT:
        return stg_open(db->path, STG_WRITE | STG_DENY_WRITE, &db->stg);
    case DB_DIRECT:
        return stg_open(db->path, STG_WRITE | STG_DENY_WRITE | STG_DENY_READ, &db->stg);
    case DB_CREATE:
        return stg_create(db->path, STG_DENY_WRITE, &db->stg);
    case DB_CREATEDIRECT:
        break;
    }
    return stg_create(db->path, STG_DENY_WRITE | STG_DENY_READ, &db->stg);
}

static u32 open_tables(struct database *db)
{
    u32 err = check_class(db->stg, db->patch);

    return err ? err : db_core_open(db->stg, &db->core);
}

/* Tables for a storage that is new and empty. */
static u32 create_tables(struct database *db)
{
    u32 err = stg_set_class(db->stg, db->patch ? class_patch : class_database);

    if (!err)
        err = db_core_create(db->stg, &db->core);
    if (!err && db->mode == DB_CREATEDIRECT) {
        err = db_core_save(db->core);
        if (!err)
            err = stg_commit(db->stg);
    }
    return err;
}

static u32 open_new(struct database *db, struct database **out)
{
    bool create = db->mode == DB_CREATE || db->mode == DB_CREATEDIRECT;
    u32 err;

    err = open_storage(db);
    if (!err)
        err = create ? create_tables(db) : open_tables(db);
    if (err) {
        err = open_failed(db->path, err, create ? ERROR_CREATE_FAILED : ERROR_OPEN_FAILED);
        obj_unref(&db->object);
        return err;
    }
    if (db->mode == DB_CREATE)
        stg_replaces(db->stg);
    err_clear();
    *out = db;
    return ERROR_SUCCESS;
}

u32 db_open(const char16_t *path, enum db_mode mode, bool patch, struct database **out)
{
    struct database *db = db_new(path, mode, patch);

    return db ? open_new(db, out) : ERROR_OUTOFMEMORY;
}

u32 db_open_package(const char16_t *path, struct database **out)
{
    struct database *db = db_new(path, DB_READONLY, false);

    if (!db)
        return ERROR_OUTOFMEMORY;
    db->internal = true;
    return open_new(db, out);
}

/* Copies the source into db's new storage and opens the tables there. */
static u32 fill_output(struct database *db, struct stg *source)
{
    u32 err = stg_create(db->path, STG_DENY_WRITE, &db->stg);

    if (!err)
        err = stg_copy(source, db->stg);
    return err ? err : open_tables(db);
}

u32 db_open_output(const char16_t *path, const char16_t *output, bool patch, struct database **out)
{
    struct database *db;
    struct stg *source;
    u32 err;

    if (u16_equal_fold(path, output))
        return open_failed(output, ERROR_SHARING_VIOLATION, ERROR_OPEN_FAILED);
    db = db_new(output, DB_TRANSACT, patch);
    if (!db)
        return ERROR_OUTOFMEMORY;
    err = stg_open(path, STG_READ | STG_DENY_WRITE, &source);
    if (err) {
        obj_unref(&db->object);
        return open_failed(path, err, ERROR_OPEN_FAILED);
    }
    err = fill_output(db, source);
    stg_close(source);
    if (err) {
        err = open_failed(output, err, ERROR_OPEN_FAILED);
        obj_unref(&db->object);
        return err;
    }
    err_clear();
    *out = db;
    return ERROR_SUCCESS;
}

u32 db_open_memory(struct database **out)
{
    struct database *db = db_new(u"", DB_CREATE, false);
    u32 err;

    if (!db)
        return ERROR_OUTOFMEMORY;
    err = stg_create_memory(&db->stg);
    if (!err)
        err = create_tables(db);
    if (err)
        obj_unref(&db->object);
    else
        *out = db;
    return err;
}

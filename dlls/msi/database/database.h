/*
 * A database object: a storage, the tables on it, how it was opened, and its lock.
 *
 * Everything that is done to one database takes its lock, so different databases never wait for
 * each other. Views and summary informations hold a reference on their database.
 */
#ifndef MSI_DATABASE_H
#define MSI_DATABASE_H

#include "dbcore.h"
#include "object.h"
#include "os.h"

enum db_mode { DB_READONLY, DB_TRANSACT, DB_DIRECT, DB_CREATE, DB_CREATEDIRECT };

struct database {
    struct object object;
    struct os_mutex lock;
    struct stg *stg;
    struct db_core *core;
    char16_t *path; /* of the file that commits go to */
    enum db_mode mode;
    bool patch;    /* MSIDBOPEN_PATCHFILE */
    bool bare;     /* of a session without a package: there is no storage to look into */
    bool internal; /* a session's: permanent changes are refused */
};

static inline struct database *db_from(struct object *o)
{
    return (struct database *)o;
}
static inline struct object *db_object(struct database *db)
{
    return &db->object;
}

/* path is a full path. ERROR_OPEN_FAILED, ERROR_CREATE_FAILED, ERROR_OUTOFMEMORY; leaves the error
 * record. */
u32 db_open(const char16_t *path, enum db_mode mode, bool patch, struct database **out);
/* Opens `path` for reading, with changes going to a new file `output` when they are committed. */
u32 db_open_output(const char16_t *path, const char16_t *output, bool patch, struct database **out);
/* A database in memory without a file. */
u32 db_open_memory(struct database **out);

void db_lock(struct database *db);
void db_unlock(struct database *db);
/* Whether permanent changes may be made. */
bool db_writable(const struct database *db);
/* Makes all changes permanent; nothing to do is success, as is a database opened for reading.
 * ERROR_FUNCTION_FAILED, or ERROR_DISK_FULL and the like; the changes are kept. */
u32 db_commit(struct database *db);

struct record;
/* A record of the table's key columns, its name in field 0. ERROR_INVALID_TABLE, also
 * for _Tables and _Columns, as documented. */
u32 db_primary_keys(struct database *db, const char16_t *table, size_t len, struct record **out);
/* MSICONDITION: 0 temporary, 1 persistent, 2 absent, 3 an error. */
int db_is_table_persistent(struct database *db, const char16_t *table, size_t len);

#endif

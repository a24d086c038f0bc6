/*
 * The insides of a database, for the files db*.c, catalog.c and vtab.c alone.
 */
#ifndef MSI_DBCORE_IMPL_H
#define MSI_DBCORE_IMPL_H

#include "dbcore.h"
#include "dbfeed.h"
#include "hash.h"
#include "namecodec.h"
#include "stg.h"
#include "table_impl.h"

struct db_core {
    struct stg *stg;
    struct stg *temp_stg; /* the streams of temporary rows; NULL until there is one */
    struct str_pool *strings;
    u32 ref_bytes;                       /* of string references in the stored tables */
    u32 saved_codepage;                  /* of the stored pool */
    bool new_pool;                       /* nothing is stored yet */
    struct table *sys[TBL_STORAGES + 1]; /* by enum tbl_kind; TBL_USER stays NULL */
    u32 seen[TBL_STORAGES + 1]; /* the version of the storage that _Streams and _Storages show */
    struct table **tables;      /* NULL where one was dropped */
    u32 count, cap, gaps;       /* places, room for them, those that are NULL */
    struct hash_map by_name;    /* name id -> place in tables */
    struct table *fed;          /* what `feed` is shown in; NULL: there is none */
    struct db_feed feed;
    u32 feed_version; /* of what it shows */
    bool feed_shown;
    struct undo *undo; /* between db_core_begin and db_core_end */
};

enum { TABLES_NAME = 0, COLUMNS_TABLE = 0, COLUMNS_NUMBER, COLUMNS_NAME, COLUMNS_TYPE };

/* --- dbcore.c --- */
/* Reads the rows of a table that has only its columns so far. */
u32 db_load_rows(struct db_core *db, struct table *t);
/* All tables; the first error of one is returned, but all are tried. */
u32 db_load_all(struct db_core *db);
/* The stored name of a table's stream. ERROR_INSTALL_PACKAGE_INVALID where there can be none. */
u32 db_table_stream_name(struct db_core *db, u32 name, char16_t stored[NAME_STORED_MAX + 1]);

/* --- catalog.c --- */
u32 cat_make_system(struct db_core *db);
/* Makes the tables that _Tables and _Columns name. */
u32 cat_read(struct db_core *db);
struct table *cat_find(const struct db_core *db, u32 name);
bool cat_is_listed(const struct db_core *db, const struct table *t);
/* Takes a table out of the list, its rows of the schema left as they are. */
void cat_unlist(struct db_core *db, struct table *t);
/* Puts a table that was dropped into the list again, at its place. */
void cat_bring_back(struct db_core *db, struct table *t, u32 place);

/* --- dbstream.c --- */
/* Whether a table can have the name: what it may be called in a file must be no path. */
bool db_is_table_name(const char16_t *name, size_t len);
/* Packs a name for the storage. ERROR_FUNCTION_FAILED for one that it cannot have. */
u32 db_encode_name(const char16_t *name, size_t len, bool table,
                   char16_t stored[NAME_STORED_MAX + 1]);
/* Where the streams of this row are: the file's storage or that of temporary rows. */
u32 db_row_stg(struct db_core *db, bool temporary, struct stg **out);
/* "Table.key1.key2" for these key cells. ERROR_FUNCTION_FAILED where it is too long. */
u32 db_stream_name(struct db_core *db, const struct table *t, const u32 *key, char16_t *out,
                   size_t cap);
/* The same, packed. */
u32 db_stored_stream_name(struct db_core *db, const struct table *t, const u32 *key,
                          char16_t stored[NAME_STORED_MAX + 1]);
/* All changes of a table's streams go through these three, which note them (undo.h). Removing one
 * that is not there is fine. */
u32 db_remove_stream(struct db_core *db, struct stg *stg, const char16_t *stored);
u32 db_rename_stream(struct db_core *db, struct stg *stg, const char16_t *from, const char16_t *to);
u32 db_put_stream(struct db_core *db, struct stg *stg, const char16_t *stored,
                  struct stream_source *source);
/* Removes the streams of the row, if it has any. */
u32 db_remove_streams(struct db_core *db, struct table *t, u32 row);

/* --- dbfeed.c --- */
/* Makes the rows of the fed table those that there are above. */
u32 feed_refresh(struct db_core *db);

/* --- vtab.c --- */
/* Makes the rows of _Streams or _Storages those of the storage as it is now. */
u32 vtab_refresh(struct db_core *db, struct table *t);
u32 vtab_insert(struct db_core *db, struct table *t, const struct value *values, u32 *row);
u32 vtab_update(struct db_core *db, struct table *t, u32 row, u32 mask, const struct value *values);
u32 vtab_delete(struct db_core *db, struct table *t, u32 row);
u32 vtab_open(struct db_core *db, struct table *t, u32 row, struct stg_stream **out);

static inline bool tbl_is_virtual(const struct table *t)
{
    return t->kind == TBL_STREAMS || t->kind == TBL_STORAGES;
}

/* What reading a stream of the database says when it is damaged. */
static inline u32 db_read_error(u32 err)
{
    return err == ERROR_FILE_CORRUPT || err == ERROR_INVALID_DATA ? ERROR_INSTALL_PACKAGE_INVALID
                                                                  : err;
}

#endif

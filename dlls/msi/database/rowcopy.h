/*
 * Rows between two databases: whether they are equal, and a row of one as values for the other.
 *
 * The ids of two string pools have nothing to do with each other; an id_map remembers for the
 * strings of one which they are in the other, so each text is looked up once.
 */
#ifndef MSI_ROWCOPY_H
#define MSI_ROWCOPY_H

#include "buf.h"
#include "dbcore.h"

struct id_map {
    const struct str_pool *from;
    struct str_pool *to;
    u32 *ids; /* by id in from; MAP_UNKNOWN where nobody asked yet */
    u32 count;
};

enum { ID_NONE = 0xfffffffeu };

u32 id_map_init(struct id_map *m, const struct str_pool *from, struct str_pool *to);
void id_map_free(struct id_map *m);
/* The id of that text in the other pool: 0 for 0, ID_NONE where there is no such text. */
u32 id_map_find(struct id_map *m, u32 id, u32 *found);
/* The same, but a text that is not there is added, with one persistent reference for each call. */
u32 id_map_add(struct id_map *m, u32 id, u32 *found);

/* The row of `to` with the key of that row of `from` (tables with the same key columns), or
 * TBL_NONE. The map leads from the pool of `from` to that of `to`. */
u32 row_find_twin(struct id_map *m, const struct table *from, u32 row, struct table *to, u32 *twin);

/* A row of a database, and the streams of its cells. */
struct row_ref {
    struct db_core *db;
    struct table *t;
    u32 row;
};
/* Which of the first `columns` cells differ, a bit for each; objects are compared by their bytes.
 * The map leads from a's pool to b's. */
u32 row_difference(struct id_map *m, const struct row_ref *a, const struct row_ref *b, u32 columns,
                   u32 *mask);

/* A row as values. */
struct row_values {
    struct value v[TBL_MAX_COLUMNS];
    struct stream_copy {
        struct stream_source source;
        struct stg_stream *st;
    } streams[TBL_MAX_COLUMNS];
    struct buf text;
};
/* Takes the first `columns` cells; v stays valid until the next call. Zeroed memory is an empty
 * one. */
u32 row_values_take(struct row_values *v, const struct row_ref *r, u32 columns);
void row_values_free(struct row_values *v);

/* Columns that are not temporary. */
u32 persistent_columns(const struct table *t);

#endif

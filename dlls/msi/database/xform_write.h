/*
 * The streams of a transform that is being made.
 */
#ifndef MSI_XFORM_WRITE_H
#define MSI_XFORM_WRITE_H

#include "rowcopy.h"
#include "transform.h"

struct xform_writer {
    struct db_core *db, *ref;
    struct stg *stg; /* NULL: nothing is written, differences are only noticed */
    u32 ref_bytes;   /* of string references: 2 or 3 */
    struct str_pool *strings;
    struct id_map to_ref, to_db;      /* between the two databases */
    struct id_map from_db, from_ref;  /* to the transform's pool */
    struct buf tables, columns, rows; /* changes of _Tables, _Columns and the table in work */
    bool different;
};

/* An empty pool and empty streams; what an earlier run made is dropped. */
u32 xform_begin(struct xform_writer *w);
void xform_writer_free(struct xform_writer *w);

u32 xform_put_id(const struct xform_writer *w, struct buf *b, u32 id);
/* A cell as a change has it; a string's id is the transform's. */
u32 xform_put_cell(const struct xform_writer *w, struct buf *b, u32 type, u32 cell);
/* Writes the changes of rows gathered so far as those of the table, and starts anew. */
u32 xform_end_table(struct xform_writer *w, const struct str_pool *p, u32 name);
/* Writes the schema and the pool. */
u32 xform_finish(struct xform_writer *w);

#endif

/*
 * What the files of the view object share.
 */
#ifndef MSI_VIEW_IMPL_H
#define MSI_VIEW_IMPL_H

#include "sql.h"
#include "valid.h"
#include "view.h"

struct view {
    struct object object;
    struct database *db;
    struct sql_query *query;
    u32 serial; /* no two views of a process have the same */
    /* The rest is for those who hold the database's lock. */
    bool at_end; /* the last fetch found no row */
    struct valid_errors errors;
    u32 next_error;
};

/* What a record that was fetched knows of its row (rec_extra). */
struct view_mark {
    u32 serial;
    struct sql_row row;
};

/* Leaves the error record of a failed step, and returns e->code or err. */
u32 view_failed(struct view *v, u32 err, const struct sql_error *e);
/* Puts the row that the query stands on into the record's fields. */
u32 view_fill(struct view *v, struct record *r);

#endif

/*
 * A record's fields as the values that the engine takes: for parameters and modifications.
 *
 * The texts are copied, so nothing else may change them while a statement runs.
 */
#ifndef MSI_RECVALUE_H
#define MSI_RECVALUE_H

#include "dbcore.h"
#include "record.h"

enum { RVAL_FEW = 8, RVAL_ARENA = 256 };

/* A stream field, from its first byte. */
struct rval_stream {
    struct stream_source base;
    struct rec_stream *stream;
};

struct rec_values {
    struct value *v; /* n of them */
    u32 n;
    struct rval_stream *streams; /* one for each value */
    char16_t **owned;            /* texts that did not fit the arena, or NULL */
    void *memory;
    size_t used;
    struct value few[RVAL_FEW];
    struct rval_stream few_streams[RVAL_FEW];
    char16_t *few_owned[RVAL_FEW];
    char16_t arena[RVAL_ARENA];
};

/* Fields 1 to n; those past the record's end are NULL, and r may be NULL for none at all.
 * ERROR_OUTOFMEMORY. */
u32 rval_take(struct rec_values *vals, struct record *r, u32 n);
void rval_done(struct rec_values *vals);

/* The value in a record's field: text is copied, a stream becomes a field of that content. */
struct stg_stream;
u32 rval_set_stream(struct record *r, u32 field, struct stg_stream *st);
/* The field becomes a sub-storage, whose bytes cannot be read. */
u32 rval_set_storage(struct record *r, u32 field);
/* Whether the field holds what these put there. */
bool rval_is_stored(struct record *r, u32 field);

#endif

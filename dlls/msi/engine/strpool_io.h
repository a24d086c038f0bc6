/*
 * The stored form of a string pool: the streams _StringPool and _StringData.
 */
#ifndef MSI_STRPOOL_IO_H
#define MSI_STRPOOL_IO_H

#include "buf.h"
#include "strpool.h"

/* Reads a pool. Copies what it needs of the two streams. *ref_bytes is the width of string
 * references in the tables: 2 or 3. ERROR_INSTALL_PACKAGE_INVALID where the streams contradict
 * each other, or themselves; ERROR_OUTOFMEMORY. */
u32 sp_read(const u8 *pool, size_t pool_len, const u8 *data, size_t data_len, u32 *ref_bytes,
            struct str_pool **out);
/* Appends the two streams to empty buffers. Strings without a persistent reference become free
 * entries. Characters that the code page does not have become its default character. */
u32 sp_write(const struct str_pool *p, u32 ref_bytes, struct buf *pool, struct buf *data);
/* Whether a text would not be read again as it is. */
u32 sp_lossy(const struct str_pool *p, bool *lossy);
/* One more than the highest id with a persistent reference. */
u32 sp_stored_limit(const struct str_pool *p);

/* Whether the id stood for a string in the file, so that a stored table may refer to it: ids that
 * were free there may have been given to new strings since. True for any string of a pool that is
 * from no file, or since a recount, when all tables have been read. */
bool sp_was_stored(const struct str_pool *p, u32 id);

/* Counts cannot be trusted where they come from a file, and stop counting at 65535. So a string of
 * the file is not forgotten when its count falls to 0; then the pool wants a recount, which the
 * database does before it saves: start, sp_add_ref for every persistent cell, finish. */
bool sp_wants_recount(const struct str_pool *p);
void sp_recount_start(struct str_pool *p);
void sp_recount_finish(struct str_pool *p);

#endif

/*
 * The string pool of a database: every text once, under a number.
 *
 * An id is never 0; 0 stands for NULL, which to MSI is the same as the empty text. Ids are stable
 * for as long as a string has a reference. Equal texts have equal ids, so cells are compared by id.
 *
 * A string lives while somebody refers to it. There are two counts: the persistent one (cells of
 * rows that are saved) and the temporary one (temporary rows, and the hold that sp_intern gives).
 * Everything here is O(1) in the number of strings. The caller serialises calls on one pool.
 */
#ifndef MSI_STRPOOL_H
#define MSI_STRPOOL_H

#include "base.h"
#include "error.h"

struct str_pool;

enum { SP_NULL = 0, SP_MAX_IDS = 0xffffff };
enum sp_ref { SP_PERSISTENT, SP_TEMPORARY };

/* An empty pool. ERROR_OUTOFMEMORY. */
u32 sp_create(u32 codepage, struct str_pool **out);
void sp_free(struct str_pool *p); /* p may be NULL */

/* 0 is neutral: only ASCII is sure to mean the same everywhere. */
u32 sp_codepage(const struct str_pool *p);
/* Changes what the texts will be saved in, not the texts. ERROR_FUNCTION_FAILED for a code page
 * that the system does not know. */
u32 sp_set_codepage(struct str_pool *p, u32 codepage);
/* Back to one that it had, which the file may have brought along unknown. */
void sp_put_codepage(struct str_pool *p, u32 codepage);

/* The id of the text, or 0: there is no such string (or len is 0). Takes no reference.
 * The first call on a loaded pool makes the index, which may fail: then *id is not set. */
u32 sp_find(struct str_pool *p, const char16_t *text, size_t len, u32 *id);
/* The id of the text, which is added where it is new, with one SP_TEMPORARY reference that the
 * caller gives back with sp_release. The empty text gives 0, which needs no release.
 * ERROR_OUTOFMEMORY, ERROR_FUNCTION_FAILED when the ids are used up. */
u32 sp_intern(struct str_pool *p, const char16_t *text, size_t len, u32 *id);

/* One reference more or less; id 0 is ignored. */
void sp_add_ref(struct str_pool *p, u32 id, enum sp_ref kind);
void sp_release(struct str_pool *p, u32 id, enum sp_ref kind);

/* Whether the id stands for a string. 0 does not. */
bool sp_valid(const struct str_pool *p, u32 id);
/* Length in UTF-16 units; 0 for id 0 or one that is not valid. */
size_t sp_len(const struct str_pool *p, u32 id);
/* Copies at most cap units of the text, no terminator; returns the whole length. */
size_t sp_text(const struct str_pool *p, u32 id, char16_t *to, size_t cap);
bool sp_equal(const struct str_pool *p, u32 id, const char16_t *text, size_t len);
/* Order by code unit: <0, 0, >0. NULL comes first. */
int sp_compare(const struct str_pool *p, u32 a, u32 b);
/* A terminated copy from os_alloc, NULL when there is no memory. Id 0 gives "". */
char16_t *sp_dup(const struct str_pool *p, u32 id);

/* One more than the highest id in use. */
u32 sp_limit(const struct str_pool *p);
/* Strings that would be saved. */
u32 sp_count(const struct str_pool *p);
u32 sp_refs(const struct str_pool *p, u32 id, enum sp_ref kind);
/* Bytes of memory held. */
size_t sp_memory(const struct str_pool *p);
/* The pool's invariants, for tests: 0 or the number of the broken one. */
int sp_check(const struct str_pool *p);

#endif

/*
 * Enumerations by index. Who asks for the index-th product asks for the next one next, so what was
 * found is kept, by thread: each enumeration reads the registry once, when its index is 0, and what
 * changes meanwhile is not in it.
 */
#ifndef MSI_LISTING_H
#define MSI_LISTING_H

#include "layout.h"

enum listing_kind {
    LIST_PRODUCTS,
    LIST_PRODUCTS_EX,
    LIST_RELATED,
    LIST_COMPONENTS,
    LIST_COMPONENTS_EX,
    LIST_CLIENTS,
    LIST_CLIENTS_EX,
    LIST_PATCHES,
    LIST_KINDS
};

struct listing_row {
    char16_t guid[GUID_CHARS + 1], other[GUID_CHARS + 1];
    u32 context;
    char16_t sid[LAYOUT_SID]; /* empty: the machine */
};

struct listing; /* under way */

/* What is asked for; texts may be NULL. */
struct listing_query {
    enum listing_kind kind;
    const char16_t *guid, *sid;
    u32 contexts, filter;
};

/* Which index is refused: none; any after the end was told; one beyond the next, as the index "must
 * be incremented by 1" (MsiEnumComponentsEx) from 0. */
enum listing_order { ORDER_ANY, ORDER_TO_END, ORDER_NEXT };

/* Copies the index-th row. ERROR_NO_MORE_ITEMS, what `fill` answers with, and
 * ERROR_INVALID_PARAMETER for an index that is refused. */
u32 listing_at(const struct listing_query *q, u32 index, enum listing_order order,
               u32 (*fill)(const struct listing_query *q, struct listing *l),
               struct listing_row *row);

/* Forgets what is kept for any thread: an enumeration under way reads the registry anew. */
void listing_forget(void);

/* Both are packed or, with braces, not; other may be NULL. What is no GUID is left out. */
u32 listing_add(struct listing *l, const char16_t *guid, const char16_t *other, u32 context,
                const char16_t *sid);
/* Adds the names of the keys, or values, of a path that are packed GUIDs. */
u32 listing_add_keys(struct listing *l, const struct layout_path *p, u32 context,
                     const char16_t *sid);
u32 listing_add_values(struct listing *l, const struct layout_path *p, u32 context,
                       const char16_t *sid);
/* Whether that GUID is in it already, in that context. */
bool listing_has(const struct listing *l, const char16_t *guid, u32 context);

/* Calls fn for each context that is asked for and each user in it: sid NULL is the caller, and the
 * machine. Everyone (S-1-1-0) are those who have something below UserData. Ends with fn's error. */
typedef u32 (*listing_user_fn)(const struct listing_query *q, struct listing *l, u32 context,
                               const char16_t *sid);
u32 listing_each_user(const struct listing_query *q, struct listing *l, listing_user_fn fn);

#endif

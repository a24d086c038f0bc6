/*
 * Lists of subkeys: li, lf, lh leaves, and ri index roots above several leaves. A list is named by
 * its first cell, HV_NIL when empty; layouts stand in regf.h.
 *
 * Entries are in the order of the upper-cased names. Leaves we make are lh (lf in hives before
 * version 1.5); lists from elsewhere keep their kind. A full leaf of ours is one sector of the log,
 * and where a list has very many of them, two: what is moved for a new leaf in the index root would
 * be more than what is saved.
 */
#ifndef DECANTER_INDEX_H
#define DECANTER_INDEX_H

#include "node.h"

#define LEAF_SMALL  63u   /* entries of 8 bytes: with their heads a cell of 512 bytes */
#define LEAF_LARGE  127u  /* of 1024 */
#define LEAVES_MANY 2048u /* from where on leaves are large */

/* HM_FLAGS: some list is not in order, names are looked for one by one. */
#define META_UNSORTED 2u

/* The node with that name, HV_NIL where there is none or the list makes no sense. */
u32 index_find(struct hview *h, u32 list, const struct fold_name *f);
/* The index-th entry; HV_NIL beyond the end. pos as in key.h, for this list; may be NULL. */
u32 index_at(struct hview *h, u32 list, u32 index, struct key_pos *pos);
/* Entries of all leaves. */
u32 index_count(struct hview *h, u32 list);

/* Where a name stands in a list, or would; good until the list is changed. */
struct index_spot {
    u32 leaf; /* its cell; HV_NIL in an empty list */
    u32 entry;
    u32 root_pos; /* of the leaf in the index root */
    u32 leaves;   /* of the index root; 0: there is none */
    bool found;
};

/* For who may insert next. Not for hives whose lists are not in order (index_ordered). The child's
 * cell, HV_NIL where there is none. */
u32 index_seek(struct hview *h, u32 list, const struct fold_name *f, struct index_spot *spot);
bool index_ordered(struct hview *h);
/* Adds the node `child` of name f, which is not there yet, at its spot (NULL: looks for it). The
 * list's first cell may change. */
u32 index_insert(struct hview *h, enum hv_storage st, u32 *list, const struct fold_name *f,
                 const struct index_spot *spot, u32 child);
/* ERROR_REGISTRY_CORRUPT where it is not there. */
u32 index_remove(struct hview *h, u32 *list, const struct fold_name *f, u32 child);
/* Writes another cell for the child. */
u32 index_replace(struct hview *h, u32 list, const struct fold_name *f, u32 child, u32 with);
/* Frees the cells of the list; not the nodes. */
u32 index_free(struct hview *h, u32 list);

/* --- for index.c, index_write.c, check.c -------------------------------------------------------
 */

struct leaf {
    u32 cell;
    u32 sig;
    u32 count;
    u32 width; /* of an entry: 4 or 8 bytes */
};

/* False where no leaf with all of its entries begins there. */
bool leaf_open(struct hview *h, u32 cell, struct leaf *l);
/* The number of leaves of an ri; 0 where there is none. */
u32 root_open(struct hview *h, u32 cell);

static inline u32 leaf_entry(const struct leaf *l, u32 i)
{
    return l->cell + CELL_HEAD + LIST_ENTRIES + i * l->width;
}

static inline u32 root_entry(u32 cell, u32 i)
{
    return cell + CELL_HEAD + LIST_ENTRIES + i * 4;
}

/* The first four characters of the child's name as an lf leaf has them. */
u32 index_lf_hint(struct hview *h, u32 child);
/* The place of the name in a leaf, or where it would stand; *found. */
u32 leaf_search(struct hview *h, const struct leaf *l, const struct fold_name *f, bool *found);
/* The last leaf of an ri whose first name is not behind f: where f is, or belongs. */
u32 root_search(struct hview *h, u32 cell, u32 count, const struct fold_name *f);

#endif

/*
 * Key nodes and names: what key.c, index.c and value.c share about nk and vk records.
 */
#ifndef DECANTER_NODE_H
#define DECANTER_NODE_H

#include "cell.h"
#include "key.h"
#include "utf16.h"

/* A name to look for: upper-cased, with the hash an lh leaf has for it. */
struct fold_name {
    u32 len;
    u32 hash;
    char16_t up[KEY_NAME_MAX + 1];
};

static inline char16_t upper(char16_t c)
{
    if (c < 0x80)
        return (u32)(c - u'a') < 26u ? (char16_t)(c - 32) : c;
    return u16_upper(c);
}

/* False where it is no key's name: empty or longer than KEY_NAME_MAX characters. */
bool fold_any(struct fold_name *f, const char16_t *name, u32 len);
/* The same, and with a backslash it is none: what paths are made of. */
bool fold_make(struct fold_name *f, const char16_t *name, u32 len);

/* Whether an allocated key node with all of its name begins there. */
bool node_is(struct hview *h, u32 key);
/* The child of that name, through the hints or the lists. ERROR_FILE_NOT_FOUND. (key.c) */
u32 node_find(struct hview *h, u32 key, const struct fold_name *f, u32 *child);
/* The same for who will make the child where it is missing, in that storage: *spot is where it
 * belongs (index.h). Not where the lists are out of order. */
struct index_spot;
u32 node_seek(struct hview *h, u32 key, enum hv_storage st, const struct fold_name *f, u32 *child,
              struct index_spot *spot);
/* The root key of a new hive (key_write.c). */
u32 node_make_root(struct hview *h, const struct key_new *what, u32 *root);
/* Puts a node into its parent's lists and counts, and takes it out (key_write.c). spot:
 * node_seek's, or NULL. */
u32 node_link(struct hview *h, u32 parent, const struct fold_name *f, const struct index_spot *spot,
              u32 key);
u32 node_unlink(struct hview *h, u32 parent, const struct fold_name *f, u32 key);
/* Compares the wanted name with a node's: <0 where the wanted one sorts before. A cell that is no
 * node sets h->error. */
int node_compare(struct hview *h, const struct fold_name *f, u32 key);
/* Whether it is a node with that name. */
bool node_named(struct hview *h, const struct fold_name *f, u32 key);
/* The name folded. False where there is no node. */
bool node_fold(struct hview *h, u32 key, struct fold_name *f);

/* Characters of a name stored in `bytes` bytes, and of one to be stored: whether all are Latin-1.
 */
static inline u32 name_chars(u32 bytes, bool compressed)
{
    return compressed ? bytes : bytes / 2;
}

bool name_is_latin1(const char16_t *name, u32 len);
/* Copies n characters of a stored name out, and one in. */
void name_get(struct hview *h, u32 off, bool compressed, char16_t *buf, u32 n);
void name_put(struct hview *h, u32 off, bool compressed, const char16_t *name, u32 n);

/* Stamps the last write time of a key. */
void node_touch(struct hview *h, u32 key);
/* Raises a longest-length field of the node. */
void node_raise(struct hview *h, u32 key, u32 field, u32 value);

/* Adds one to a counter in the meta storage. */
static inline void meta_bump(struct hview *h, u32 at)
{
    hv_put_u32(h, at, hv_u32(h, at) + 1);
}

/* Gives a generation a value it never had: not by this process, and by others only by a chance
 * of 2^-32. So a cache filled during a write that was then aborted is never taken for valid. */
u32 gen_renew(struct hview *h, u32 at);

/* The list of subkeys in that storage; HV_NIL where there are none. */
static inline u32 node_list(struct hview *h, u32 key, enum hv_storage st)
{
    return cell_u32(h, key, NK_COUNT + 4 * st) ? cell_u32(h, key, NK_LIST + 4 * st) : HV_NIL;
}

/* Where in a table of 256 counters a key's is. */
static inline u32 gen_at(u32 table, u32 key)
{
    return table + ((key >> 3 ^ key >> 11 ^ key >> 19) & 255) * 4;
}

/* ERROR_SUCCESS where this view may change keys. */
u32 write_ok(struct hview *h);

#endif

/*
 * The meta storage of an image: 64 KB of bookkeeping that is not in the hive file.
 *
 *   offset   size   what
 *   0x0000      4   "hmet"
 *   0x0004      4   version of this layout
 *   0x0008      4   struct_gen: another number when any key was deleted, renamed or moved
 *   0x000c      4   the number the next new key gets (its WorkVar), never 0
 *   0x0010      4   root key's cell
 *   0x0014      4   minor version of the hive format
 *   0x0018      4   keys created less keys deleted, with those loaded
 *   0x001c      4   META_READ_ONLY and other flags
 *   0x0020      8   bin map of the stable storage: a cell of the volatile one, its bytes (bin.c)
 *   0x0028      4   watches in use (watch.c)
 *   0x002c      4   moves made: (moves % 256) is the next entry of the ring (identity.c)
 *   0x0030      4   unused
 *   0x0034      4   head of the ring of sk cells of the volatile storage
 *   0x0038      4   watch slots ever used: the ones to look at
 *   0x0040     32   free lists that are not empty, a bit each: 128 stable, 128 volatile
 *   0x0080   1024   heads of the free lists: 128 stable, 128 volatile (cell.c)
 *   0x0800   1024   list_gen[256]: another number when the list of subkeys of a key changed
 *   0x0c00   1024   value_gen[256]: another number when the list of values of a key changed
 *   0x1000   2048   sk cells by hash of their content (sk.c)
 *   0x2000   3072   the ring of moved keys: old cell, number, new cell
 *   0x3000   4096   bin map of the volatile storage: a bit for each page where a bin begins
 *   0x4000  16384   belongs to the shared image (hive.h)
 *   0x8000  32704   watches: who waits for changes of which key (watch.c)
 *
 * Everything before 0x4000 is made by meta_build() from the storages; a stale one is never used.
 */
#ifndef DECANTER_META_H
#define DECANTER_META_H

#include "hive_view.h"

#define META_MAGIC   0x74656d68u
#define META_VERSION 1u

#define HM(off)        (HV_META + (off))
#define HM_MAGIC       HM(0x0000)
#define HM_VERSION     HM(0x0004)
#define HM_STRUCT_GEN  HM(0x0008)
#define HM_NEXT_ID     HM(0x000c)
#define HM_ROOT        HM(0x0010)
#define HM_MINOR       HM(0x0014)
#define HM_KEYS        HM(0x0018)
#define HM_FLAGS       HM(0x001c)
#define HM_BINMAP      HM(0x0020)
#define HM_BINMAP_SIZE HM(0x0024)
#define HM_WATCHES     HM(0x0028)
#define HM_MOVES       HM(0x002c)
#define HM_VOL_SK      HM(0x0034)
#define HM_WATCH_TOP   HM(0x0038)
#define HM_FREE_BITS   HM(0x0040)
#define HM_FREE_HEADS  HM(0x0080)
#define HM_LIST_GEN    HM(0x0800)
#define HM_VALUE_GEN   HM(0x0c00)
#define HM_SK_HASH     HM(0x1000)
#define HM_MOVE_RING   HM(0x2000)
#define HM_VOL_MAP     HM(0x3000)
#define HM_SHARED      HM(0x4000) /* regshare's part, 16 KB */
#define HM_WATCH       HM(0x8000)

#define HM_SK_SLOTS   512u
#define HM_MOVE_SLOTS 256u

/* The file is damaged: it can be read, never written. */
#define META_READ_ONLY 1u
/* (2: META_UNSORTED, index.h.) Counts in the file were wrong and have been derived anew. */
#define META_MENDED 4u

/*
 * Makes the meta storage, and the bin maps in the volatile storage, from what the stable storage
 * holds. h is a writer's view with an empty volatile storage; root and minor are the base block's.
 * Bins and cells are validated; damage that makes writing unsafe sets META_READ_ONLY in HM_FLAGS
 * and is no error. Counts that can be derived are corrected, and each place is told to `mended`;
 * where that is NULL they stay as they are. ERROR_REGISTRY_CORRUPT: not even a root key.
 * ERROR_OUTOFMEMORY.
 */
typedef void (*meta_mended)(void *ctx, u32 off, u32 size);
u32 meta_build(struct hview *h, u32 root, u32 minor, meta_mended mended, void *ctx);

/* Bytes of volatile storage that meta_build needs at most for that much stable storage: who has
 * them ready may use a direct view, which is several times faster. */
u32 meta_room(u32 stable_size);

/* The bytes of a new hive: one bin, a root key with that name and descriptor (self-relative; NULL:
 * a built-in one that grants everything to everybody). To be called instead of meta_build on a
 * view of empty storages. *root is the root's cell, for the base block. */
u32 meta_create(struct hview *h, const char16_t *root_name, size_t name_len, const void *sd,
                u32 sd_size, u32 *root);

#endif

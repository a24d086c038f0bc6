/*
 * A compound file in memory: what the cfb_*.c files share. Others include stg.h.
 *
 * The file's committed state and the state with the caller's changes stand side by side:
 *
 * (1) Committed: header, fat_at, difat_at, dir, minifat_runs, mini_map, mini_size describe what the
 *     header on disk reaches. They change only when a commit has succeeded.
 * (2) Current: the tree of nodes. A node's content is where it was read from, or pending.
 * (3) No sector that the committed state reaches is written. `busy` has a bit for each of those and
 *     for each sector of a content, committed or not.
 * (4) A content lives as long as a node or an open stream needs it; its sectors are not given away
 *     before. Streams of less than CFB_CUTOFF are copied when they are opened, so that no one holds
 *     on to mini sectors.
 */
#ifndef DECANTER_CFB_H
#define DECANTER_CFB_H

#include "base.h"
#include "cfb_format.h"
#include "error.h"
#include "hash.h"
#include "os.h"

/* A piece of a chain whose sectors follow each other. */
struct cfb_run {
    u32 start;
    u32 count;
};

struct cfb_runs {
    struct cfb_run *at;
    u32 count;
    u32 cap;
};

enum cfb_place {
    CFB_IN_MEMORY,  /* data; pending */
    CFB_IN_SECTORS, /* runs of sectors */
    CFB_IN_MINI,    /* runs of mini sectors; committed always */
    CFB_IN_SCRATCH, /* at `scratch` in the scratch file; pending */
};

struct cfb_content {
    u32 refs;
    enum cfb_place place;
    bool resolved; /* runs are known; before, start is */
    u8 shift;      /* in sectors: their size, which cfb_upgrade changes for new ones */
    u32 start;
    u64 size;
    struct cfb_runs runs;
    struct cfb_runs planned; /* where the commit under way has put it */
    bool planned_mini;
    u32 seek_run; /* the run that the last read was in, and the bytes before it */
    u64 seek_base;
    u8 *data;
    u64 scratch;
    struct cfb_content *prev, *next; /* all contents of the file */
};

struct cfb_node {
    u32 parent, child, next, prev; /* node numbers, CFB_NONE */
    u8 type;                       /* enum cfb_type; CFB_UNUSED: free or removed */
    u8 name_len;
    char16_t name[CFB_NAME_UNITS];
    u32 opens;                   /* handles of a sub-storage; the slot is not given away */
    struct cfb_content *content; /* NULL: not looked at yet, start and size tell */
    u32 start;
    u64 size;
    u32 state;
    u64 created, modified;
    u8 clsid[16];
};

struct cfb_tree {
    struct cfb_node *nodes; /* 0 is the root */
    u32 count, cap;
    u32 free; /* list through next */
    struct hash_map names;
};

enum { CFB_RECENT = 16 };

struct cfb {
    struct os_mutex lock;
    u32 refs; /* handles of storages and streams */

    struct os_file *file; /* NULL: in memory */
    char16_t *path;
    bool writable;
    bool made;     /* this open made the file, and nothing was committed */
    bool replaces; /* the file goes also where this open found it, if no commit is tried */
    bool changed;  /* the tree differs from the committed state */
    u32 version;   /* rises with every change */
    struct cfb_change {
        u32 version, parent;
        char16_t name[CFB_NAME_UNITS]; /* terminated */
    } recent[CFB_RECENT]; /* what the last changes were of: number n stands at n % CFB_RECENT */
    bool upgraded;        /* the commit under way or to come changes the version */
    bool doubtful;        /* a failed commit could not put the old header back */
    u64 size;             /* of the file as we left it */
    u64 kept;             /* its size without what was written but not committed */
    u8 *window;           /* the piece of the file that was read last */
    u64 window_off;
    u32 window_len;
    u32 window_cap;

    u32 shift;
    bool has_header; /* false for a new file */
    u8 header[CFB_HEADER_SIZE];

    u32 *fat_at; /* the FAT's sectors */
    u32 fat_pages;
    u32 **fat_page; /* those that were read, NULL where fat is complete */
    u32 *fat;       /* the whole FAT, once something is written */
    u32 fat_len;
    u32 *difat_at;
    u32 difat_count;
    struct cfb_runs dir;
    struct cfb_runs minifat_runs;
    u32 *minifat;
    u32 minifat_len;
    u32 *mini_map; /* block of the mini stream -> sector */
    u32 mini_blocks;
    u64 mini_size;
    u32 mini_start;
    bool mini_loaded;

    struct cfb_tree tree;
    u32 epoch; /* counts reverts */
    struct cfb_content *contents;

    u64 *busy; /* a bit for each sector; NULL until something is written */
    u32 busy_words;

    struct os_file *scratch;
    char16_t *scratch_path;
    u64 scratch_end;
};

static inline u32 cfb_sector_size(const struct cfb *c)
{
    return 1u << c->shift;
}

static inline u64 cfb_offset_as(u32 sector, u32 shift)
{
    return ((u64)sector + 1) << shift;
}

static inline u64 cfb_offset(const struct cfb *c, u32 sector)
{
    return cfb_offset_as(sector, c->shift);
}

/* Sectors that the file has room for, the last one perhaps cut short. */
u32 cfb_sectors(const struct cfb *c);

/* --- cfb_io.c: reading and writing --------------------------------------------------------------
 */

/* Reads exactly n bytes; what the file lacks of its last sector reads as zeros, anything further
 * is ERROR_FILE_CORRUPT. */
u32 cfb_read(struct cfb *c, u64 off, void *buf, u32 n);
u32 cfb_write(struct cfb *c, u64 off, const void *buf, u32 n);
/* n bytes at off of a chain, n and off within it. *run and *base remember the place. */
u32 cfb_read_runs(struct cfb *c, u32 shift, const struct cfb_runs *runs, u32 *run, u64 *base,
                  u64 off, u8 *buf, u32 n);
/* Writes n bytes to the chain from its start; the rest of the last sector becomes zeros. */
u32 cfb_write_runs(struct cfb *c, const struct cfb_runs *runs, const u8 *data, u64 n);

u32 cfb_runs_add(struct cfb_runs *r, u32 start, u32 count);
u32 cfb_runs_total(const struct cfb_runs *r);
void cfb_runs_free(struct cfb_runs *r);

/* --- cfb_header.c, cfb_fat.c, cfb_mini.c: the committed state -----------------------------------
 */

/* Reads header and list of FAT sectors. */
u32 cfb_header_read(struct cfb *c);
u32 cfb_difat_read(struct cfb *c);
/* The FAT's word for a sector. */
u32 cfb_fat_get(struct cfb *c, u32 sector, u32 *next);
/* Reads what is missing of the FAT. */
u32 cfb_fat_all(struct cfb *c);
/* Those of its first sectors that can be reached. ERROR_OUTOFMEMORY. */
u32 cfb_chain_prefix(struct cfb *c, u32 start, u32 count, struct cfb_runs *out);
/* The runs of a chain of `count` sectors, or of one that ends by itself (CFB_NONE). */
u32 cfb_chain(struct cfb *c, u32 start, u32 count, struct cfb_runs *out);
/* Reads mini FAT and the map of the mini stream. */
u32 cfb_mini_load(struct cfb *c);
u32 cfb_mini_chain(struct cfb *c, u32 start, u32 count, struct cfb_runs *out);
u32 cfb_mini_chain_prefix(struct cfb *c, u32 start, u32 count, struct cfb_runs *out);
u32 cfb_mini_read(struct cfb *c, u64 off, u8 *buf, u32 n);

/* --- cfb_tree.c, cfb_dir.c: nodes ----------------------------------------------------------------
 */

u32 cfb_tree_init(struct cfb_tree *t);
/* Makes room for `count` nodes in all. */
u32 cfb_tree_reserve(struct cfb_tree *t, u32 count);
/* Gives the nodes' contents up. */
void cfb_tree_free(struct cfb *c, struct cfb_tree *t);
int cfb_name_compare(const char16_t *a, u32 a_len, const char16_t *b, u32 b_len);
/* CFB_NONE where there is none. */
u32 cfb_find(const struct cfb_tree *t, u32 parent, const char16_t *name, u32 len);
u32 cfb_add(struct cfb_tree *t, u32 parent, const char16_t *name, u32 len, enum cfb_type type,
            u32 *out);
/* Gives a node another name, which none of its siblings has. */
u32 cfb_rename(struct cfb_tree *t, u32 id, const char16_t *name, u32 len);
/* Ends the use of a node by a handle (counted in opens). */
void cfb_node_close(struct cfb_tree *t, u32 id);
/* Removes a node with all below it. */
void cfb_remove(struct cfb *c, u32 node);
/* Fills the tree from the file's directory. */
u32 cfb_dir_read(struct cfb *c, struct cfb_tree *t);
/* The directory's bytes, a multiple of the sector size. */
struct cfb_dir_image {
    u8 *bytes;
    u64 size;
};
/* mini_start and mini_size go into the root's entry. */
u32 cfb_dir_image(struct cfb *c, u32 mini_start, u64 mini_size, struct cfb_dir_image *img);
/* Node numbers of a storage's children in MS-CFB's order, from os_alloc. */
u32 cfb_sorted_children(const struct cfb_tree *t, u32 parent, u32 **ids, u32 *count);

/* --- cfb_content.c
 * -------------------------------------------------------------------------------- */

/* The content of a node, its runs not yet resolved; made at the first call. */
u32 cfb_content_of(struct cfb *c, u32 node, struct cfb_content **out);
u32 cfb_content_new(struct cfb *c, struct cfb_content **out);
void cfb_content_drop(struct cfb *c, struct cfb_content *k); /* one reference; NULL is fine */
u32 cfb_content_resolve(struct cfb *c, struct cfb_content *k);
/* For one that cannot be resolved: *part, zeroed, becomes a content of what can be reached, without
 * its size. */
u32 cfb_content_prefix(struct cfb *c, const struct cfb_content *k, struct cfb_content *part);
/* Its first sector or mini sector, planned or as it is; CFB_END where it has none. */
u32 cfb_content_start(const struct cfb_content *k);
/* n bytes at off, both within its size. */
u32 cfb_content_read(struct cfb *c, struct cfb_content *k, u64 off, u8 *buf, u32 n);

/* --- cfb_scratch.c
 * -------------------------------------------------------------------------------- */

u32 cfb_scratch_reserve(struct cfb *c, u64 size, u64 *off);
void cfb_scratch_close(struct cfb *c);

/* --- cfb_space.c: free sectors
 * --------------------------------------------------------------------- */

/* Makes `busy` from the committed state, once. */
u32 cfb_space_load(struct cfb *c);
/* Makes it anew after a commit; cannot fail. */
void cfb_space_rebuild(struct cfb *c);
/* All of the file up to `end` bytes in use, in sectors of c->shift. */
u32 cfb_space_fill(struct cfb *c, u64 end);
/* Takes `count` sectors, in as few runs as may be, and appends them to out. On failure nothing is
 * taken and out is as it was. */
u32 cfb_space_take(struct cfb *c, u32 count, struct cfb_runs *out);
/* Gives sectors up that the committed state does not reach; those that it does stay busy until the
 * commit that lets go of them. */
void cfb_space_give(struct cfb *c, const struct cfb_runs *runs);
u32 cfb_space_used(const struct cfb *c); /* busy sectors */
/* One past the last busy sector. */
u32 cfb_space_end(const struct cfb *c);

/* --- cfb_upgrade.c -------------------------------------------------------------------------------
 */

/* From version 3 to 4, for a file that grows over 2 GB. Nothing is written: the next commit writes
 * everything anew, in sectors of the other size, beside the old file. */
u32 cfb_upgrade(struct cfb *c);
/* Frees what is known of the committed state, which is then none. */
void cfb_drop_meta(struct cfb *c);

/* --- cfb_commit.c -------------------------------------------------------------------------------
 */

u32 cfb_commit(struct cfb *c);

#endif

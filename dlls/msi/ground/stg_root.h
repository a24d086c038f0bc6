/*
 * What the stg_*.c files share: the handles behind stg.h.
 */
#ifndef DECANTER_STG_ROOT_H
#define DECANTER_STG_ROOT_H

#include "cfb.h"
#include "stg.h"

struct stg {
    struct cfb *c;
    u32 node;  /* 0: the root */
    u32 epoch; /* of c when this was opened */
};

struct stg_stream {
    struct cfb *c;
    u64 size;
    u8 *data;                    /* a short stream's bytes, else NULL */
    struct cfb_content *content; /* a long one's, else NULL */
    struct cfb_content *part;    /* what can be read of a damaged one, else NULL; its own */
    u32 node, epoch;
};

/* Takes the lock and checks that s still stands for something; ERROR_FILE_NOT_FOUND (and no lock)
 * where it was removed or reverted. */
u32 stg_enter(struct stg *s);
void stg_leave(struct stg *s);
/* The node of that name, with its length; checks the name. */
u32 stg_lookup(struct stg *s, const char16_t *name, u32 *node);
/* Whether a name can be given to something new. */
u32 stg_check_name(const char16_t *name, u32 *len);
/* Before the first change: what a failure here refuses is the change. */
void stg_touch(struct cfb *c);
/* The same, where only that node of the tree comes, goes, has a new content or another name. */
void stg_touch_node(struct cfb *c, u32 node);
/* One use of the file less, under its lock; the last closes it. Leaves the lock. */
void stg_release(struct cfb *c);
/* A handle on a node; counts a use of the file. */
u32 stg_handle(struct cfb *c, u32 node, struct stg **out);

#endif

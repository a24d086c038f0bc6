/*
 * Watches: who waits for changes of which key, in the meta storage, so that a change in one
 * process is seen in every other. The writing functions of key.h and value.h tell what they changed
 * by themselves; a write that is aborted tells nothing.
 *
 * A watch has a generation that moves when something it asks for has changed. To wait: add a
 * watch, note its generation, and look again (in a read) when told to, or every so often.
 */
#ifndef DECANTER_WATCH_H
#define DECANTER_WATCH_H

#include "key.h"

#define WATCH_MAX 1000u

enum watch_what {                       /* as REG_NOTIFY_CHANGE_* */
                  WATCH_NAME = 1,       /* a subkey made, deleted or renamed */
                  WATCH_ATTRIBUTES = 2, /* flags, class, security */
                  WATCH_LAST_SET = 4,   /* a value made, changed or deleted */
                  WATCH_SECURITY = 8,
};

struct watch_state {
    u32 gen;
    bool deleted; /* the key is gone */
};

/* owner is a number the caller finds its dead by (hive_slot). ERROR_NO_SYSTEM_RESOURCES when all
 * are in use. Needs a writer's view. */
u32 watch_add(struct hview *h, u32 key, u32 what, bool subtree, u32 owner, u32 *slot);
/* Only a watch of that owner. */
void watch_remove(struct hview *h, u32 slot, u32 owner);
/* Whether there are any of that owner; for readers. */
bool watch_owned(struct hview *h, u32 owner);
/* Asks `alive` of each owner and removes the watches of those that are not. Returns the number
 * removed. */
u32 watch_sweep(struct hview *h, bool (*alive)(void *ctx, u32 owner), void *ctx);
/* For readers. ERROR_INVALID_PARAMETER for a slot not in use. */
u32 watch_look(struct hview *h, u32 slot, struct watch_state *state);
/* How many watches there are: 0 lets a writer skip waking anybody. */
u32 watch_count(struct hview *h);

/* For the engine: `key` changed in that way; deleted or moved keys. */
void watch_changed(struct hview *h, u32 key, u32 what);
void watch_deleted(struct hview *h, u32 key);
void watch_moved(struct hview *h, u32 from, u32 to);

#endif

/*
 * The handles of an action in a host process; host_handles.h.
 */
#include "host_handles.h"

#include "os.h"

enum { REST = 1024 };

/* Index + 1 of a place that is free; 0: there is none. */
static u32 new_place(struct host_handles *t)
{
    u32 cap = t->cap ? t->cap * 2 : 16;
    struct host_handle *more;

    if (t->count == t->cap) {
        if (t->count > REMOTE_LAST - REMOTE_FIRST)
            return 0;
        more = os_realloc_array(t->at, cap, sizeof(*more));
        if (!more)
            return 0;
        t->at = more;
        t->cap = cap;
    }
    return ++t->count;
}

static u32 rested_place(struct host_handles *t)
{
    u32 place = t->rest_first;

    t->rest_first = t->at[place - 1].next;
    if (!t->rest_first)
        t->rest_last = 0;
    t->resting--;
    return place;
}

u32 host_handles_add(struct host_handles *t, MSIHANDLE h)
{
    u32 place = t->resting > REST ? rested_place(t) : new_place(t);

    if (!place)
        return 0;
    t->at[place - 1] = (struct host_handle){h, 0};
    return REMOTE_FIRST + place - 1;
}

MSIHANDLE host_handles_get(const struct host_handles *t, u32 number)
{
    if (!number)
        return 0;
    if (number < REMOTE_FIRST || number - REMOTE_FIRST >= t->count)
        return NO_HANDLE;
    return t->at[number - REMOTE_FIRST].handle ? t->at[number - REMOTE_FIRST].handle : NO_HANDLE;
}

void host_handles_remove(struct host_handles *t, u32 number)
{
    u32 place = number - REMOTE_FIRST + 1;

    if (host_handles_get(t, number) == NO_HANDLE || !number)
        return;
    t->at[place - 1] = (struct host_handle){0, 0};
    if (t->rest_last)
        t->at[t->rest_last - 1].next = place;
    else
        t->rest_first = place;
    t->rest_last = place;
    t->resting++;
}

void host_handles_free(struct host_handles *t)
{
    os_free(t->at);
    *t = (struct host_handles){0};
}

/*
 * Changes of a registry value that depend on what it is when they are made: OP_REG_LIST.
 */
#ifndef MSI_REGLIST_H
#define MSI_REGLIST_H

#include "buf.h"
#include "reg.h"

/* What the operation's field `how` is; `text` is what is said here. */
enum reg_list_how {
    /* REG_MULTI_SZ; text: the items, a zero between two. A text that is there counts as one item.
     * Items that come leave their old place; a list without items is removed. */
    LIST_APPEND = 1,
    LIST_PREPEND,
    LIST_LEAVE,
    /* REG_DWORD, no text. A count that comes to nothing is removed. */
    COUNT_UP,
    COUNT_DOWN,
    /* Environment variables; text: what the Environment table has beside [~], with the separator as
     * its first character (at the end) or its last (at the start). What is there already is not
     * added; a variable that has nothing else gets it without the separator; and one that keeps
     * nothing is removed. */
    VAR_APPEND,
    VAR_PREPEND,
    VAR_LEAVE_END,
    VAR_LEAVE_START,
    VAR_DEFAULT,      /* text: the value, where the variable is not set */
    VAR_REMOVE_EQUAL, /* removed where its value is text, the empty text being any */
    LIST_HOWS
};

/* What the value becomes. */
struct reg_list_result {
    bool same;   /* what it is */
    bool remove; /* nothing */
    u32 type;
    struct buf bytes; /* the caller's to free */
};

/* old NULL: there is none. ERROR_OUTOFMEMORY; ERROR_INVALID_PARAMETER for a how there is not. */
u32 reg_list_apply(const struct reg_data *old, u32 how, const char16_t *text, size_t len,
                   struct reg_list_result *out);

#endif

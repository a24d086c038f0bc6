/*
 * From a key and a path to another key: across the namespace, mounted hives, symbolic links and the
 * two views.
 *
 * Components are separated by any number of backslashes; one at the end changes nothing, one at the
 * beginning is ERROR_BAD_PATHNAME (the caller checks that). Names compare without case.
 */
#ifndef DECANTER_WALK_H
#define DECANTER_WALK_H

#include "row.h"
#include "space.h"

/* Where a walk stands: a key of a hive, or (mount NULL) one that is in none. */
struct spot {
    struct mount *mount;
    enum space_key top; /* with mount NULL */
    u32 cell, id, gen;
    u32 place;
};

#define WALK_HOPS_MAX 64u /* links followed */

struct walk {
    struct spot at;
    const char16_t *rest; /* what is to be walked yet */
    u32 left;
    u32 view;       /* ACCESS_VIEW_32: through redirections; else plain */
    bool open_link; /* a link that ends the path is the end, not its target */
    /* from here on the walk's own; zero at the start */
    bool at_link;   /* the end is a link, opened as such */
    bool no_target; /* ERROR_FILE_NOT_FOUND is a link's that has no target */
    u32 behind;     /* of `left`, what stood behind the last link that was followed */
    u32 hops;
    bool plain;     /* behind a link nothing is redirected */
    u32 raw;        /* components that are walked as they are, without redirection */
    char16_t *text; /* rest, where a link or a redirection made it; from os_alloc */
};

/* What is to be done at the end, in the same read. May be called several times; what the last call
 * left counts. */
typedef u32 (*walk_end)(void *ctx, struct mount *m, struct hview *v, u32 cell);

/* The start: the key of a row and a path of len characters below it. */
void walk_start(struct walk *w, const struct reg_row *row, const char16_t *path, u32 len);
void walk_done(struct walk *w);

/* Walks to the end and calls `end` there (not for keys in no hive; NULL: nothing to do). On
 * ERROR_FILE_NOT_FOUND w->at is the last key there was, w->rest begins with the component that is
 * missing. ERROR_KEY_DELETED: the key of the start is gone. More links than
 * WALK_HOPS_MAX are ERROR_INVALID_PARAMETER. */
u32 walk_run(struct walk *w, walk_end end, void *ctx);

/* After ERROR_FILE_NOT_FOUND: what is missing is the target of a link. */
bool walk_dangling(const struct walk *w);

/* The next component of the rest; false at the end. */
bool walk_component(const struct walk *w, const char16_t **name, u32 *len);
/* Goes behind it, to its key. */
void walk_consume(struct walk *w, const char16_t *name, u32 len);

/* The cell of a row's key in this read or write. ERROR_KEY_DELETED. */
u32 walk_cell(struct hview *v, u32 gen, u32 cell, u32 id, u32 *now);

#endif

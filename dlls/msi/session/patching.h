/*
 * The patches of a session: those that its product has, those that PATCH adds to them, without
 * those that MSIPATCHREMOVE takes away. All are put in order anew each time, for one that comes or
 * goes may make others superseded, or bring them back; the transforms of those that are left are
 * applied to the session's database.
 *
 * A patch (.msp) has two transforms for a target: NAME makes the new database, #NAME tells where
 * the files are that the patch brings. What the second adds is numbered anew, so that patches do
 * not meet each other or the package: Media rows have DiskIds from 100 on, File and Patch rows
 * sequences from 10000 on, and Media.Source is MSPSRC with the patch's code.
 *
 * A patch may change the product code (a major upgrade): the session is for the new product then,
 * which is installed from the package and the patches of the old one, and registered with all of
 * them. That the old one goes is the business of RemoveExistingProducts.
 */
#ifndef MSI_PATCHING_H
#define MSI_PATCHING_H

#include "patchdata.h"
#include "session_impl.h"

struct session_patch {
    char16_t code[GUID_CHARS + 1];
    struct patch_data data; /* empty where its file cannot be had */
    char16_t *path;         /* of the file, as os.h opens it; NULL: it is gone */
    char16_t *transforms;   /* ":NAME;:#NAME", of those that are applied; else NULL */
    bool registered;        /* the product has it */
    bool fresh, goes;       /* PATCH brings it; MSIPATCHREMOVE takes it */
    bool handed, apart;     /* of the old product, for the new; its path is a copy's (apart.h) */
    u32 was, state;         /* patch_state: before, and afterwards; 0: none */
    i32 order;              /* among those that are applied, or -1 */
    const struct patch_target *target; /* of data */
    i32 disk, disk_count;
    bool lasting; /* it adds to tables whose rows cannot be taken back */ /* its Media rows */
};

/* A component that goes with the patches that go. */
struct patch_gone {
    struct named named;
    char16_t *of; /* NULL; or the component that stays, of which it has what goes */
};

struct session_patches {
    struct session_patch *all;
    u32 count, cap;
    u32 applied;        /* number of those in order */
    u32 fresh, going;   /* that PATCH brings, that go */
    bool lacking;       /* an applied one's file is gone */
    bool other_product; /* another product comes of them than the one they are for */
    bool known;         /* the product that they are for is on the machine ... */
    struct product of;  /* ... as this */
    /* where some go: components (struct patch_gone), features; files that are put in any case */
    struct name_list gone, features, forced;
};

/* All of these are called with the session's lock held, as session_impl.h says. */

/* Finds the patches and applies them. Errors as session_open has them. */
u32 patching_apply(struct session *s, const struct session_options *o);
/* The properties that tell of it, when the command line's and the package's are there. */
u32 patching_properties(struct session *s);
void patching_free(struct session *s);
/* The patch whose medium that is, or NULL. */
const struct session_patch *patching_of_disk(const struct session *s, i32 disk);
/* Whether the file of one that is applied is gone, and the session is for more than removing all of
 * the product: that cannot be. Called without the lock. */
bool patching_lacks(struct session *s);
/* Whether it makes another product of what it is applied to. */
bool patching_turns(const struct session_patch *p);
/* The n-th of those that are applied. */
struct session_patch *patching_at(const struct session *s, i32 order);

/* patchgone.c: finds what those that go leave; and, at the end of costing, lets go of it. */
u32 patching_leave(struct session *s, const struct session_options *o);
void patching_goes(struct session *s);
/* patchmedia.c: both transforms of one. */
u32 patching_pair(struct session *s, struct session_patch *p);

#endif

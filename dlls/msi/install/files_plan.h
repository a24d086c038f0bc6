/*
 * What InstallFiles and PatchFiles share: which files are to come, and what an OP_MEDIA lists.
 */
#ifndef MSI_FILES_PLAN_H
#define MSI_FILES_PLAN_H

#include "act_folder.h"
#include "deltas.h"
#include "file_table.h"

struct files_medium {
    i32 disk;
    u32 last; /* sequence */
    char16_t *cabinet;
    u32 place; /* among the cabinets, or MEDIA_LOOSE */
};

/* CHANGE: a file is there, and deltas may make of it what is to come. */
enum files_verdict { UNDECIDED, DECIDING, KEEP, PUT, CHANGE };

struct files_plan {
    struct install *in;
    struct file_table t;
    struct deltas deltas;
    u8 *verdicts; /* of the table's rows */
    u8 *kept;     /* of components: NeverOverwrite, and the key is there */
    u32 mode, language, depth;
    struct files_medium *media;
    u32 medium_count, medium_cap;
    struct making folders;
    struct buf cabinets, list, made; /* of the OP_MEDIA */
    u32 cabinet_count, put_count, made_count;
    struct path_set volumes;
};

/* The tables; zeroed but for in. files_done in any case. */
u32 files_begin(struct files_plan *p);
void files_done(struct files_plan *p);
/* Gives every file its verdict. */
u32 files_decide(struct files_plan *p);
/* Lists the cabinets of the Media table. */
u32 files_media(struct files_plan *p);
/* The medium of a sequence, or NULL. Those are asked for from the lowest to the highest, and *at,
 * which begins as 0, is where the last one was. */
const struct files_medium *files_medium_of(const struct files_plan *p, u32 sequence, u32 *at);

/* Adds a file to the list: path says to which volume it goes, place and source where it is. */
u32 files_list(struct files_plan *p, const char16_t *path, u32 place, const char16_t *source);
/* Where the package has it. medium: as files_medium_of has at. ERROR_INSTALL_PACKAGE_INVALID: on no
 * medium. */
u32 files_list_source(struct files_plan *p, const struct file_row *f, const char16_t *path,
                      u32 *medium);
/* Plans the OP_MEDIA; and the put, of that place in its list. */
u32 files_plan_media(struct files_plan *p);
u32 files_put(struct files_plan *p, const struct file_row *f, u32 kind, u32 place);

#endif

/*
 * What the families of files have in common: setting a file aside, and bringing it back.
 *
 * The note of an operation on files has two fields for each path whose first note it is: the path,
 * and where the file that was there is set aside, or nothing where there was none.
 */
#ifndef MSI_OP_UNDO_H
#define MSI_OP_UNDO_H

#include "family.h"

/* Adds the two fields for the path; nothing, where it was noted before. ERROR_DIRECTORY,
 * ERROR_ACCESS_DENIED: a folder, a link is there. */
u32 note_path(struct run *r, const char16_t *path, struct op *undo);
/* From within note: something in the folder, the first len characters of the path, may change; its
 * times are noted where they were not yet. op_folder.c */
u32 note_folder(struct run *r, const char16_t *path, size_t len);
/* Takes what is at the path away: aside, where the note says so and it is not yet, else for good.
 * ERROR_ACCESS_DENIED: it may be a link, and stays. */
u32 take_away(struct run *r, const char16_t *path, const struct op *undo);
/* The undo of a family whose notes are of note_path. */
u32 undo_paths(struct run *r, const struct op *undo);
/* What a file of the run's own (run_temp_name) is put by, be it on another volume: a folder on the
 * way may be a link to one. Nothing is at `to`. */
u32 put_in_place(const char16_t *from, const char16_t *to);
/* The bytes, times and attributes of a file as a new one. */
u32 copy_file(const char16_t *from, const char16_t *to);

/* The path with its last part as it is written there; in memory of the run. */
u32 real_path(struct run *r, const char16_t *path, size_t len, const char16_t **out);

/* Of families whose notes no script has: a script that has one is none of ours. */
u32 in_no_script(struct run *r, const struct op *op, struct op *undo);
u32 never_done(struct run *r, const struct op *op, const struct op *undo);

static inline bool is_missing(u32 err)
{
    return err == ERROR_FILE_NOT_FOUND || err == ERROR_PATH_NOT_FOUND;
}

#endif

/*
 * Transforms: the differences of two databases as a file, and applying them.
 *
 * The caller holds the locks of the databases. `fault` (may be NULL) tells what went wrong
 * (fault.h).
 */
#ifndef MSI_TRANSFORM_H
#define MSI_TRANSFORM_H

#include "dbcore.h"

struct fault;

enum xform_condition {
    XFORM_ADD_EXISTING_ROW = 0x1,
    XFORM_DELETE_MISSING_ROW = 0x2,
    XFORM_ADD_EXISTING_TABLE = 0x4,
    XFORM_DELETE_MISSING_TABLE = 0x8,
    XFORM_UPDATE_MISSING_ROW = 0x10,
    XFORM_CHANGE_CODEPAGE = 0x20,
    XFORM_VIEW = 0x100,
};

/* Writes what turns `reference` into `db` to a file at path (NULL: only compares).
 * ERROR_NO_DATA where they are the same, and no file is written. A table of both with other columns
 * is dropped and made anew, except where `db` only has more at the end. */
u32 xform_generate(struct db_core *db, struct db_core *reference, const char16_t *path,
                   struct fault *fault);
/* Applies the transform in the storage. The conditions (enum xform_condition) are those that are
 * no errors here; without theirs ERROR_FUNCTION_FAILED. With XFORM_VIEW nothing is applied, and the
 * changes become rows of the temporary table _TransformView.
 * ERROR_INSTALL_TRANSFORM_FAILURE for a damaged transform. A transform that is refused changes
 * nothing; want of memory or a failing storage may leave a part of it. */
u32 xform_apply(struct db_core *db, struct stg *transform, u32 conditions, struct fault *fault);
/* The same from a file, or with a ':' before the name from a sub-storage of the database.
 * ERROR_OPEN_FAILED. */
u32 xform_apply_file(struct db_core *db, const char16_t *path, u32 conditions, struct fault *fault);
/* Writes the summary information of a transform made from the two. The Property tables of both
 * must have ProductCode and ProductVersion, with validation flag 0x800 UpgradeCode too:
 * ERROR_INSTALL_PACKAGE_INVALID, as for damaged summary information of theirs. ERROR_OPEN_FAILED
 * for the file. */
u32 xform_summary(struct db_core *db, struct db_core *reference, const char16_t *path,
                  u32 conditions, u32 validation, struct fault *fault);

#endif

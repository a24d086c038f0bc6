/*
 * What Windows Installer keeps of a product in files: the cached package, and its icons.
 */
#ifndef MSI_FILEKEEP_H
#define MSI_FILEKEEP_H

#include "install.h"
#include "record.h"
#include "textbuf.h"

/* Whether the package is to be fetched from its source again (REINSTALLMODE has a v). */
bool install_recaches(struct install *in);
/* A name that is no path: it leaves no folder and is no device. */
bool keep_name_is_safe(const char16_t *name, size_t len);
/* Plans the folder of a file. */
u32 plan_keep_folders(struct install *in, const char16_t *path);
/* Plans a file with the bytes of a row's stream; ones that are there are replaced. Folders are made
 * on the way. ERROR_INSTALL_PACKAGE_INVALID for what is larger than any icon. */
u32 plan_keep_stream(struct install *in, const char16_t *path, struct record *row, u32 field);
/* A name that nothing has in the folder of cached packages, and the copy of a file, given as os.h
 * opens it, to there. */
u32 keep_free_name(struct install *in, const char *ending, struct text_buf *path);
u32 plan_keep_copy(struct install *in, const char16_t *path, const char16_t *from);
/* Plans the copy of the package; *path is where it will be, or is already. Nothing of a package
 * that is no file. */
u32 plan_keep_package(struct install *in, struct text_buf *path);
/* Plans that a file goes, and that a folder goes with the files in it; what is not there is no
 * error. */
u32 plan_drop_file(struct install *in, const char16_t *path);
u32 plan_drop_folder(struct install *in, const char16_t *folder);
/* Plans that a folder goes that is empty then. */
u32 plan_drop_empty(struct install *in, const char16_t *folder);

#endif

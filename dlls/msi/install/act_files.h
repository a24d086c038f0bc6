/*
 * The actions that install and remove files, folders and links.
 */
#ifndef MSI_ACT_FILES_H
#define MSI_ACT_FILES_H

#include "install.h"

enum component_attributes {
    COMPONENT_SHARED_COUNT = 8,
    COMPONENT_NEVER_OVERWRITE = 128,
    COMPONENT_64BIT = 256,
};

u32 install_files(struct install *in);
u32 patch_files(struct install *in); /* act_patchfiles.c */
u32 remove_files(struct install *in);
u32 create_folders(struct install *in);
u32 remove_folders(struct install *in);
u32 duplicate_files(struct install *in);
u32 remove_duplicate_files(struct install *in);
u32 move_files(struct install *in);
u32 create_shortcuts(struct install *in);
u32 remove_shortcuts(struct install *in);
u32 install_admin_package(struct install *in);
/* Neither Wine's loader nor Windows' own, which puts programs where chance wants, looks at
 * addresses that were bound before: nothing is planned. */
u32 bind_image(struct install *in);

/* Of a file of the machine: MD5 as MsiGetFileHash gives it. */
u32 file_hash(const char16_t *path, u32 hash[4]);
/* Whether the checksum in a program's header is that of its bytes; true for what is no program or
 * has none, false for what cannot be read. */
bool file_checksum_holds(const char16_t *path);

#endif

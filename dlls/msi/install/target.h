/*
 * The seam to the machine that is installed on, but for its registry (product/reg.h): target_win.c
 * and target_posix.c, the latter a folder whose folders `drive_c`, `drive_d`, ... are the drives.
 *
 * Paths are full Windows paths: a drive letter or a network name, backslashes, terminated. The host
 * finds names whatever their case, and follows no link below its folder. All functions give Win32
 * error codes: ERROR_FILE_NOT_FOUND and ERROR_PATH_NOT_FOUND where there is no such thing,
 * ERROR_BAD_PATHNAME for a path that is none or leaves the drives, ERROR_SHARING_VIOLATION for what
 * is in use, ERROR_DISK_FULL, ERROR_ACCESS_DENIED.
 */
#ifndef MSI_TARGET_H
#define MSI_TARGET_H

#include "base.h"
#include "error.h"

enum { TGT_PATH = 32768 }; /* characters, with the terminator, that a path may have */

enum tgt_attributes {
    TGT_READONLY = 0x01,
    TGT_HIDDEN = 0x02,
    TGT_SYSTEM = 0x04,
    TGT_FOLDER = 0x10,
    TGT_ARCHIVE = 0x20,
    TGT_LINK = 0x400, /* a link of any kind: never followed, never written through */
};

struct tgt_stat {
    u64 size;
    u64 created, written; /* FILETIME */
    u32 attributes; /* enum tgt_attributes; the host keeps those that it has no place for in its own
                       way */
    u64 volume;     /* the same for what a rename can move between */
};

u32 tgt_stat(const char16_t *path, struct tgt_stat *out);
/* The same, but a link to a file may seem to be that file: Wine has it opened to tell. */
u32 tgt_glance(const char16_t *path, struct tgt_stat *out);
/* The last part of the path as it is written there, terminated: in the case that the name was made
 * in. ERROR_BUFFER_OVERFLOW for cap characters and more. */
u32 tgt_real_name(const char16_t *path, char16_t *name, size_t cap);
u32 tgt_set_attributes(const char16_t *path, u32 attributes);
u32 tgt_set_times(const char16_t *path, u64 created, u64 written);

/* --- folders --- */
/* ERROR_ALREADY_EXISTS where a folder is there, ERROR_DIRECTORY where something else is. Parents
 * must be there. */
u32 tgt_make_folder(const char16_t *path);
/* ERROR_DIR_NOT_EMPTY. */
u32 tgt_remove_folder(const char16_t *path);
/* The names in a folder, one call each, in no order, without "." and ".."; what each returns ends
 * it. */
u32 tgt_each(const char16_t *folder, u32 (*each)(void *ctx, const char16_t *name, u32 attributes),
             void *ctx);

/* --- files --- */
struct tgt_file;
/* Made new: ERROR_FILE_EXISTS. */
u32 tgt_create(const char16_t *path, struct tgt_file **out);
u32 tgt_open(const char16_t *path, struct tgt_file **out); /* to read */
u32 tgt_read(struct tgt_file *f, void *buf, u32 n, u32 *got);
u32 tgt_write(struct tgt_file *f, const void *buf, u32 n);
u32 tgt_sync(struct tgt_file *f);
void tgt_close(struct tgt_file *f);
/* The same for one that was made at that path, with these attributes and times: whatever it
 * returns, it is closed. That nobody has saved it yet (TGT_ARCHIVE) stays. */
u32 tgt_close_at(struct tgt_file *f, const char16_t *path, u32 attributes, u64 created,
                 u64 written);
/* Within a volume. ERROR_FILE_EXISTS where `to` is there; ERROR_NOT_SAME_DEVICE. Keeps times and
 * attributes. */
u32 tgt_rename(const char16_t *from, const char16_t *to);
/* The same of what is no link: ERROR_ACCESS_DENIED, and nothing is done. */
u32 tgt_rename_file(const char16_t *from, const char16_t *to);
/* The same of a folder, with what is in it, that is no link. */
u32 tgt_rename_folder(const char16_t *from, const char16_t *to);
u32 tgt_remove(const char16_t *path); /* read-only ones too */
/* Makes the names in a folder durable; nothing where the system does that by itself. */
u32 tgt_sync_folder(const char16_t *folder);
/* Free bytes of the drive of a path, and the size of its clusters. */
u32 tgt_space(const char16_t *path, u64 *free, u32 *cluster);

/* Somebody else may have changed something: what is remembered of names is forgotten. */
void tgt_forget(void);
/* The drive of the system, "C:". */
void tgt_system_drive(char16_t out[3]);
/* The path by which os.h knows it, terminated; cap in characters. ERROR_BUFFER_OVERFLOW. */
u32 tgt_host_path(const char16_t *path, char16_t *out, size_t cap);
/* Makes all that was done on all drives durable. */
u32 tgt_sync_drives(void);

/* Of a program or library: its version and language of the fixed file information; false: it has
 * none. */
bool tgt_version(const char16_t *path, u32 version[4], u32 *language);

#endif

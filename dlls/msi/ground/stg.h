/*
 * The storage seam: a file of named streams and sub-storages, as compound files have them.
 *
 * A storage holds streams (bytes) and sub-storages, each under a name of 1 to 31 UTF-16 units as
 * stored (namecodec.h packs MSI's names into that). Names compare without case, as MS-CFB says.
 *
 * Changes are private to the opened storage until stg_commit on its root, which is all or nothing:
 * a process killed at any instant, a full disk or a failed write leaves the file as it was or as it
 * shall be. After a failed commit the changes are still pending and the commit can be repeated.
 *
 * Opening reads the header and the directory only. Streams are read when they are asked for.
 *
 * Every function may be called from any thread; calls on one root and its sub-storages take turns.
 *
 * Errors, beside those of os.h:
 *   ERROR_FILE_NOT_FOUND        no such file, or no stream or storage of that name
 *   ERROR_SHARING_VIOLATION     another open of the file excludes this one
 *   ERROR_INVALID_DATA          the file is not a compound file
 *   ERROR_FILE_CORRUPT          it is one, and is damaged (at opening, or where a stream is read)
 *   ERROR_INVALID_NAME          an empty name, or one with a character of "/\:!"
 *   ERROR_FILENAME_EXCED_RANGE  a name of more than STG_NAME_MAX units
 *   ERROR_WRITE_PROTECT         a commit of what was opened for reading
 *   ERROR_OUTOFMEMORY
 */
#ifndef DECANTER_STG_H
#define DECANTER_STG_H

#include "base.h"
#include "error.h"
#include "os.h"

#define STG_NAME_MAX 31

struct stg;
struct stg_stream;

enum stg_flags {
    STG_READ = 0,       /* changes can be made, and saved with stg_save_as, but not committed */
    STG_WRITE = 1,      /* changes can be committed */
    STG_DENY_WRITE = 2, /* nobody else may open the file for writing */
    STG_DENY_READ = 4,  /* nobody else may open it for reading */
    STG_MAY_GO = 8,     /* with STG_READ: others may delete or rename it meanwhile */
};

/* --- opening and closing -----------------------------------------------------------------------
 */

u32 stg_open(const char16_t *path, u32 flags, struct stg **out);
/* A new, empty root in place of what is at path, if anything is. What was there stays as it is
 * until the first commit; a file that was not there and is not committed is gone after stg_close,
 * and until the first commit has length 0. flags: STG_DENY_*. */
u32 stg_create(const char16_t *path, u32 flags, struct stg **out);
/* For a root of stg_create: what was at its path goes too when it is closed before any commit was
 * tried. */
void stg_replaces(struct stg *s);
/* An empty root with no file. Its stg_commit does nothing; stg_save_as writes it out. */
u32 stg_create_memory(struct stg **out);
/* A root on a copy of the bytes of a compound file, as opened with STG_READ. */
u32 stg_open_memory(const void *data, size_t len, struct stg **out);
/* Gives up a root or a sub-storage, and with a root all that was not committed. Sub-storages and
 * streams that are still open stay usable; the file is closed with the last of them. May be NULL.
 */
void stg_close(struct stg *s);

/* Whether there are changes that a commit would write. */
bool stg_is_changed(struct stg *s);
/* A number that is another one after every change of the root or anything in it. */
u32 stg_version(struct stg *s);
/* The name in s that the change with which the version became this one was of: it came, went, has
 * another content, or is one of both names of a renaming. Empty where it was of none in s; room for
 * 32 characters. False for a change that is not remembered: only the last few are. */
bool stg_changed_name(struct stg *s, u32 version, char16_t *name);
bool stg_is_writable(struct stg *s);
/* Whether another process has committed to the file since it was opened here or committed last. */
bool stg_is_stale(struct stg *s);

/* Makes the changes of the whole root (s may be a sub-storage) permanent; when it returns they are
 * on the medium. ERROR_DISK_FULL and the like leave file and changes as they were. */
u32 stg_commit(struct stg *s);
/* Forgets the changes since the last commit. Sub-storages open before answer ERROR_FILE_NOT_FOUND
 * afterwards. ERROR_NOT_SUPPORTED for a root made by stg_create_memory, and where the changes have
 * taken the file over 2 GB, which changes its format. */
u32 stg_revert(struct stg *s);
/* Writes s, with its changes, as the root of another file, replacing that atomically. */
u32 stg_save_as(struct stg *s, const char16_t *path);

/* --- streams -----------------------------------------------------------------------------------
 */

/* A stream to read. It keeps the content that it had when it was opened, whatever happens to the
 * storage, also over a commit. A damaged one is opened too: what can be reached of it is read, and
 * then ERROR_FILE_CORRUPT. */
u32 stg_stream_open(struct stg *s, const char16_t *name, struct stg_stream **out);
u64 stg_stream_size(const struct stg_stream *st);
/* Whether the storage has it no more. */
bool stg_stream_is_removed(struct stg_stream *st);
/* Reads up to n bytes at off; *got is less only at the end, and where damage begins. */
u32 stg_stream_read(struct stg_stream *st, u64 off, void *buf, u32 n, u32 *got);
void stg_stream_close(struct stg_stream *st); /* may be NULL */

/* The whole stream in memory from os_alloc (never NULL on success). ERROR_OUTOFMEMORY also where
 * it is longer than memory can hold. */
u32 stg_read_all(struct stg *s, const char16_t *name, u8 **data, size_t *len);
u32 stg_stream_length(struct stg *s, const char16_t *name, u64 *size);

/* Makes the stream or replaces its content. ERROR_ALREADY_EXISTS where a sub-storage has the name.
 * The bytes are copied: long content goes to the file's free space in pieces, not to memory. */
u32 stg_set_bytes(struct stg *s, const char16_t *name, const void *data, size_t len);
/* The same from `size` bytes of a file at off. ERROR_HANDLE_EOF where it has fewer. */
u32 stg_set_file(struct stg *s, const char16_t *name, struct os_file *f, u64 off, u64 size);
/* The same from another stream, of this root or any other. */
u32 stg_set_stream(struct stg *s, const char16_t *name, struct stg_stream *from);

/* --- names -------------------------------------------------------------------------------------
 */

enum stg_kind { STG_NONE, STG_STREAM, STG_STORAGE };

enum stg_kind stg_kind_of(struct stg *s, const char16_t *name);
/* Likewise, of a name that is spelled so: storages find names in any case. */
enum stg_kind stg_kind_exact(struct stg *s, const char16_t *name);
/* Removes a stream, or a sub-storage with all that is in it. */
u32 stg_remove(struct stg *s, const char16_t *name);
/* ERROR_ALREADY_EXISTS where `to` is the name of another one. */
u32 stg_rename(struct stg *s, const char16_t *from, const char16_t *to);

struct stg_entry {
    const char16_t *name; /* terminated; lives as long as the list */
    enum stg_kind kind;
    u64 size; /* bytes; 0 for a storage */
};

struct stg_list {
    struct stg_entry *entries;
    u32 count;
};

/* The streams and sub-storages at this moment, in the order of MS-CFB (by length, then by
 * upper-cased units). */
u32 stg_list(struct stg *s, struct stg_list *out);
void stg_list_free(struct stg_list *l);

/* What a name stands for at a moment, to put it back: the stream with its content, or nothing. For
 * changes that are undone from the last to the first, before any commit or revert. */
struct stg_saved;
/* ERROR_ALREADY_EXISTS where the name is a sub-storage's, ERROR_OUTOFMEMORY. */
u32 stg_save_name(struct stg *s, const char16_t *name, struct stg_saved **out);
/* Cannot fail: no byte is moved, and the places were there before. */
void stg_put_back(struct stg_saved *saved);
void stg_forget(struct stg_saved *saved);

/* --- sub-storages ------------------------------------------------------------------------------
 */

u32 stg_sub_open(struct stg *s, const char16_t *name, struct stg **out);
/* ERROR_ALREADY_EXISTS where the name is taken. */
u32 stg_sub_create(struct stg *s, const char16_t *name, struct stg **out);
/* Adds all that is in `from` to `to` (streams and, recursively, sub-storages; those of the same
 * name are replaced) and gives `to` the class of `from`. On failure `to` may hold a part. */
u32 stg_copy(struct stg *from, struct stg *to);

/* The class identifier, 16 bytes as stored (the layout of a GUID on disk). */
u32 stg_get_class(struct stg *s, u8 clsid[16]);
u32 stg_set_class(struct stg *s, const u8 clsid[16]);

#endif

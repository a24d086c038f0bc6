/*
 * The list of an OP_MEDIA, and its files while they are staged. The form of the list is in
 * op_media.h.
 */
#ifndef MSI_MEDIA_H
#define MSI_MEDIA_H

#include "cabinet.h"
#include "hash.h"
#include "op_media.h"
#include "run.h"
#include "stg.h"

struct media_cabinet {
    char16_t *name; /* of a stream, or a path of the host's */
    bool embedded;
    char16_t *package; /* of an embedded one: another than the operation's; NULL: that */
    struct stg *root;  /* of package, while files are staged */
};

struct media_file {
    char16_t *name;
    char16_t *staged; /* the path that it gets; NULL: a single file */
    u32 cabinet, volume;
    bool done;   /* staged, or there to be copied */
    bool by_kin; /* done with a file of its name in another case */
    bool rests;  /* it is not wanted yet */
    bool part;   /* something is made of it */
    u32 why;     /* of what is made: why it is not done; ERROR_NO_MORE_ITEMS: it need not be */
};

struct media_delta {
    u32 place;
    bool optional;
};

struct media_made {
    u32 place, base; /* base: or MEDIA_LOOSE */
    struct media_delta *deltas;
    u32 count;
};

struct media {
    struct media_cabinet *cabinets;
    char16_t **volumes;
    struct media_file *files;
    struct media_made *made;
    u32 cabinet_count, volume_count, file_count, made_count;
    struct hash_map by_name; /* of files in cabinets */
    struct os_file *from;    /* the single file that is put next: it may stand where it goes */
    u64 from_written;        /* 0: not known */
    struct media_trouble trouble;
};

/* Error messages about sources. */
enum {
    MEDIA_NO_FILE = 1309,
    MEDIA_NO_CABINET = 1311,
    MEDIA_NOT_IN_CABINET = 1334,
    MEDIA_BAD_CABINET = 1335,
    MEDIA_NO_STREAM = 2356
};

/* --- making the list ----------------------------------------------------------------------------
 */

/* The parts in their order; each has its number first. */
u32 media_put_text(struct buf *list, const char16_t *text);
/* ERROR_FILE_CORRUPT, ERROR_OUTOFMEMORY. */
u32 media_read_list(const u8 *bytes, size_t len, struct media **out);

/* The file of that name in one of so many cabinets, or NULL. Keys of the File table may differ in
 * case alone: the one in another case is found where none has that very name. */
struct media_file *media_find(struct media *m, u32 first, u32 count, const char16_t *name);

/* --- staging ------------------------------------------------------------------------------------
 */

/* Gives the volume's files that are staged their paths: base with a number behind it. */
u32 media_stage_as(struct media *m, u32 volume, const char16_t *base);
static inline bool media_is_staged(const struct media_file *f)
{
    return f->cabinet != MEDIA_LOOSE || f->part;
}
/* Stages all. package has the streams. What a source lacks is ERROR_FILE_NOT_FOUND and the like,
 * what is damaged in it ERROR_FILE_CORRUPT. */
u32 media_stage(struct media *m, struct stg *package);
/* From a path of the host's to one of the machine's where nothing is. */
u32 media_copy_loose(const char16_t *from, const char16_t *to, u32 attributes);
/* media_made.c: makes what is made, when media_stage was done. What a delta says is its file's why.
 * Errors: what staging the package's gives. */
u32 media_make(struct media *m, struct stg *package);
/* Those of one cabinet, and of all that it goes on in. */
u32 media_read_cabinets(struct media *m, struct stg *package, u32 wanted);

/* --- the host -----------------------------------------------------------------------------------
 */

/* Makes of a path with backslashes one that os.h takes, in place, whatever the case of its names.
 */
void media_host_path(char16_t *path);
/* FILETIME of what a cabinet says, local time; 0: nothing. */
u64 media_time(u32 date, u32 time);
/* When a file was written last. */
bool media_written(const char16_t *path, u64 *written);

#endif

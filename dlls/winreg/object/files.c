#include "files.h"

#include "copy.h"
#include "os.h"

/* What MS-RRP calls a file that is no hive, whatever is wrong with it. */
static u32 file_error(u32 err)
{
    return err == ERROR_BADDB ? ERROR_NOT_REGISTRY_FILE : err;
}

/* --- saving
 * -------------------------------------------------------------------------------------------- */

struct saving {
    struct hive *hive; /* in memory */
    u32 err;           /* of what is not the source's */
    u32 flags;         /* beside those of every save */
};

static u32 copy_out(void *ctx, struct hview *v, u32 key)
{
    struct saving *s = ctx;
    struct hive_write w;
    struct key_ref root;
    hive_close(s->hive); /* of a try that did not count */
    s->hive = NULL;
    u32 err = hive_open(NULL, HIVE_MEMORY, &s->hive);
    if (!err)
        err = hive_write_begin(s->hive, HIVE_WAIT, &w);
    if (err)
        return err;
    err = key_root(&w.view, &root);
    if (!err)
        err = copy_tree(&w.view, root.cell, v, key, COPY_KEEP_TIMES | COPY_REPLACE | s->flags, NULL,
                        NULL);
    if (!err)
        return hive_write_commit(s->hive, &w);
    hive_write_abort(s->hive, &w);
    return err;
}

u32 files_save(const struct reg_row *row, const char16_t *path, u32 minor)
{
    struct saving s = {0};
    struct reg_row copy = *row;
    if (os_exists(path))
        return ERROR_ALREADY_EXISTS;
    u32 err = nsp_read(&copy, copy_out, &s);
    if (!err)
        err = hive_save(s.hive, path, minor);
    hive_close(s.hive);
    return err == ERROR_FILE_EXISTS ? ERROR_ALREADY_EXISTS : err;
}

/* --- restoring
 * ----------------------------------------------------------------------------------------- */

struct restoring {
    struct hview *src;
    u32 root;
    u32 flags;
};

static u32 copy_in(void *ctx, struct hview *v, u32 key)
{
    struct restoring *s = ctx;
    return copy_tree(v, key, s->src, s->root, s->flags, NULL, NULL);
}

/* Calls fn on the file's root, in a read of a copy of it. */
static u32 with_file(const char16_t *path, u32 (*fn)(void *ctx, struct hview *v, u32 root),
                     void *ctx)
{
    struct hive *h;
    struct hive_read r = {.tries = 0};
    struct key_ref root;
    u32 err = hive_open(path, HIVE_COPY, &h);
    if (err)
        return file_error(err);
    err = hive_read_begin(h, &r);
    if (!err) {
        err = key_root(&r.view, &root);
        if (!err)
            err = fn(ctx, &r.view, root.cell);
        hive_read_end(h, &r); /* a copy of this process alone: nobody changes it */
    }
    hive_close(h);
    return err;
}

struct restore_to {
    const struct reg_row *row;
    u32 flags;
};

static u32 restore_from(void *ctx, struct hview *v, u32 root)
{
    const struct restore_to *to = ctx;
    struct restoring s = {v, root, to->flags};
    return nsp_write(to->row, copy_in, &s);
}

/* All keys of an app hive have one descriptor (RegLoadAppKey). */
static u32 security_flags(const struct reg_row *to)
{
    return to->mount->flags & MOUNT_APP ? COPY_ONE_SECURITY : 0;
}

u32 files_restore(const struct reg_row *row, const char16_t *path, bool as_volatile)
{
    struct restore_to to = {row, COPY_REPLACE | COPY_KEEP_TIMES |
                                     (as_volatile ? COPY_MAKE_VOLATILE : 0) | security_flags(row)};
    return with_file(path, restore_from, &to);
}

struct root_name {
    char16_t *name;
    u32 *len;
};

static u32 read_root_name(void *ctx, struct hview *v, u32 root)
{
    struct root_name *n = ctx;
    return key_name(v, root, n->name, n->len);
}

u32 files_root_name(const char16_t *path, char16_t name[KEY_NAME_MAX], u32 *len)
{
    struct root_name n = {name, len};
    return with_file(path, read_root_name, &n);
}

/* --- from key to key
 * ----------------------------------------------------------------------------------- */

enum { COPY_KEY = COPY_STABLE | COPY_KEEP_KEYS };

/* Both in one hive: in one write. A key that is copied onto itself is what it is. */
static u32 copy_within(void *ctx, struct hview *v, u32 key)
{
    const struct reg_row *to = ctx;
    struct key_ref ref = {to->cell, to->id};
    u32 err = key_check(v, &ref);
    if (err || ref.cell == key)
        return err;
    return copy_tree(v, ref.cell, v, key, COPY_KEY | security_flags(to), NULL, NULL);
}

u32 files_copy(const struct reg_row *from, const struct reg_row *to)
{
    struct saving s = {.flags = COPY_STABLE};
    struct hive_read r = {.tries = 0};
    struct reg_row copy = *from, target = *to;
    struct key_ref root;
    if (from->mount == to->mount)
        return nsp_write(from, copy_within, &target);
    /* By way of a hive in memory, so that no lock of one hive waits for another's. */
    u32 err = nsp_read(&copy, copy_out, &s);
    if (!err)
        err = hive_read_begin(s.hive, &r);
    if (!err) {
        err = key_root(&r.view, &root);
        struct restoring in = {&r.view, root.cell, COPY_KEY | security_flags(to)};
        if (!err)
            err = nsp_write(to, copy_in, &in);
        hive_read_end(s.hive, &r);
    }
    hive_close(s.hive);
    return err;
}

/*
 * Copying a storage with all that is in it.
 */
#include "stg_root.h"

enum { MAX_DEPTH = 64 };

static u32 copy_into(struct stg *from, struct stg *to, u32 depth);

static u32 copy_stream(struct stg *from, struct stg *to, const char16_t *name)
{
    struct stg_stream *st;
    u32 err = stg_stream_open(from, name, &st);

    if (err)
        return err;
    if (stg_kind_of(to, name) == STG_STORAGE)
        err = stg_remove(to, name);
    if (!err)
        err = stg_set_stream(to, name, st);
    stg_stream_close(st);
    return err;
}

static u32 copy_storage(struct stg *from, struct stg *to, const char16_t *name, u32 depth)
{
    struct stg *a;
    struct stg *b;
    u32 err = ERROR_SUCCESS;

    if (stg_kind_of(to, name) != STG_NONE)
        err = stg_remove(to, name);
    if (!err)
        err = stg_sub_open(from, name, &a);
    if (err)
        return err;
    err = stg_sub_create(to, name, &b);
    if (!err) {
        err = copy_into(a, b, depth + 1);
        stg_close(b);
    }
    stg_close(a);
    return err;
}

static u32 copy_into(struct stg *from, struct stg *to, u32 depth)
{
    struct stg_list list;
    u8 clsid[16];
    u32 err;

    if (depth > MAX_DEPTH)
        return ERROR_FILE_CORRUPT;
    err = stg_get_class(from, clsid);
    if (!err)
        err = stg_set_class(to, clsid);
    if (!err)
        err = stg_list(from, &list);
    if (err)
        return err;
    for (u32 i = 0; i < list.count && !err; i++) {
        if (list.entries[i].kind == STG_STREAM)
            err = copy_stream(from, to, list.entries[i].name);
        else
            err = copy_storage(from, to, list.entries[i].name, depth);
    }
    stg_list_free(&list);
    return err;
}

u32 stg_copy(struct stg *from, struct stg *to)
{
    return copy_into(from, to, 0);
}

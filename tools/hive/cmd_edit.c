/*
 * set and delete: through the same locks and logs as any program, so the hive may be in use.
 */
#include "hivetool.h"
#include "utf16.h"

/* One change, written through to the hive file. */
static int change(const char16_t *path, bool create, u32 (*edit)(struct hview *h, void *ctx),
                  void *ctx, const char16_t *key, const char16_t *value)
{
    struct hive_write w;
    struct hive *hive;
    u32 err = open_to_write(path, create, &hive);

    if (err)
        return EXIT_FAILED;
    err = hive_write_begin(hive, HIVE_WAIT, &w);
    if (!err) {
        err = edit(&w.view, ctx);
        if (err)
            hive_write_abort(hive, &w);
        else
            err = hive_write_commit(hive, &w);
    }
    if (!err)
        err = hive_flush(hive);
    hive_close(hive);
    return err ? complain_key(path, key, value, err) : EXIT_GOOD;
}

struct setting {
    const char16_t *key, *name;
    u32 type;
    struct buf data;
};

static u32 set_value(struct hview *h, void *ctx)
{
    struct setting *s = ctx;
    u32 key, err = make_path(h, s->key, u16_len(s->key), &key);

    if (err)
        return err;
    return val_set(h, key, s->name, (u32)u16_len(s->name), s->type,
                   s->data.data ? s->data.data : (const u8 *)"", (u32)s->data.len);
}

int cmd_set(int argc, char16_t **argv)
{
    struct setting s = {.key = argv[1], .name = argv[2]};
    int code;
    u32 err;

    UNUSED(argc);
    if (!type_parse(argv[3], &s.type)) {
        warn("unknown type; types are REG_SZ, REG_DWORD, REG_BINARY, ... or a number");
        return EXIT_USAGE;
    }
    err = data_parse(s.type, argv[4], &s.data);
    code = err ? complain(argv[4], err) : change(argv[0], true, set_value, &s, argv[1], argv[2]);
    buf_free(&s.data);
    return code;
}

struct deletion {
    const char16_t *key, *value; /* value NULL: the key */
};

static u32 delete_one(struct hview *h, void *ctx)
{
    struct deletion *d = ctx;
    u32 key, err = find_path(h, d->key, &key);

    if (err)
        return err;
    if (d->value)
        return val_delete(h, key, d->value, (u32)u16_len(d->value));
    return key_delete_tree(h, key, false);
}

int cmd_delete(int argc, char16_t **argv)
{
    struct deletion d = {argv[1], argc > 2 ? argv[2] : NULL};

    return change(argv[0], false, delete_one, &d, d.key, d.value);
}

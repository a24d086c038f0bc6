/*
 * print and get.
 */
#include "hivetool.h"
#include "utf16.h"

static void print_value(const struct value *v)
{
    char buffer[16];

    if (v->name_len)
        out_visible(v->name, v->name_len);
    else
        out_format("(default)");
    out_format("  %s  ", type_name(v->type, buffer));
    data_print(v->type, v->data, v->size);
    out_format("\n");
}

struct place {
    const char16_t *path;
    u32 len;
};

static u32 print_in_place(void *ctx, const struct value *v)
{
    const struct place *p = ctx;

    if (options.flat) {
        out_visible(p->path, p->len);
        out_format("\t");
    } else {
        out_format("  ");
    }
    print_value(v);
    return ERROR_SUCCESS;
}

static u32 print_key(void *ctx, struct hview *h, u32 key, const char16_t *path, u32 len)
{
    const char16_t *base = ctx;
    struct place place = {path, len};

    if (!options.flat) {
        out_format("[");
        out_string(base);
        out_format(*base && len ? "\\" : "");
        out_visible(path, len);
        out_format("]%s\n", key_flags(h, key) & KEYF_SYM_LINK ? "  (link)" : "");
    } else {
        out_visible(path, len);
        out_format("\n");
    }
    return each_value(h, key, print_in_place, &place);
}

/* A copy in this process's memory: nothing changes while it is read. */
static u32 with_key(const char16_t *path, const char16_t *key_path,
                    u32 (*use)(struct hview *h, u32 key, void *ctx), void *ctx)
{
    struct hive_read r = {.tries = 0};
    struct hive *hive;
    u32 key, err = open_to_read(path, &hive);
    bool there = false;

    if (err)
        return err;
    err = hive_read_begin(hive, &r);
    if (!err) {
        err = find_path(&r.view, key_path, &key);
        there = !err;
        if (!err)
            err = use(&r.view, key, ctx);
        hive_read_end(hive, &r);
    }
    hive_close(hive);
    if (err)
        complain_key(path, key_path, there ? ctx : NULL, err);
    return err;
}

static u32 print_tree(struct hview *h, u32 key, void *ctx)
{
    return walk_keys(h, key, print_key, ctx);
}

int cmd_print(int argc, char16_t **argv)
{
    static char16_t root[] = u"";
    char16_t *base = argc > 1 ? argv[1] : root;

    return with_key(argv[0], base, print_tree, base) ? EXIT_FAILED : exit_looked();
}

static u32 print_one(struct hview *h, u32 key, void *ctx)
{
    const char16_t *name = ctx;
    struct val_info info;
    struct value v;
    u32 err = val_find(h, key, name, (u32)u16_len(name), &info);

    if (!err)
        err = value_read(h, &info, &v);
    if (err)
        return err;
    data_print(v.type, v.data, v.size);
    out_format("\n");
    value_free(&v);
    return ERROR_SUCCESS;
}

int cmd_get(int argc, char16_t **argv)
{
    static char16_t unnamed[] = u"";

    return with_key(argv[0], argv[1], print_one, argc > 2 ? argv[2] : unnamed) ? EXIT_FAILED
                                                                               : EXIT_GOOD;
}

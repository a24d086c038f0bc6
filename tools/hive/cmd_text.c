/*
 * export: a hive as registry text.
 */
#include <string.h>

#include "hivetool.h"
#include "os.h"
#include "utf16.h"

static const char16_t *prefix(void)
{
    if (options.prefix)
        return options.prefix;
    return options.form == REGTEXT_WINE ? u"" : TEXT_ROOT;
}

/* --- export ---------------------------------------------------------------------------------- */

struct export
{
    struct regtext_writer w;
    struct buf path; /* char16_t: the prefix, the key the export starts at, the key below it */
    size_t base;
    u32 keys, unsaid;
};

static u32 export_value(void *ctx, const struct value *v)
{
    struct export *e = ctx;

    regtext_value(&e->w, v->name, v->name_len, v->type, v->data, v->size);
    return e->w.err;
}

/* Wine writes no line for a key that only leads to others. */
static bool is_left_out(const struct export *e, const struct key_info *info)
{
    return e->w.form == REGTEXT_WINE && info->subkeys && !info->values && !info->class_len &&
           !(info->flags & KEYF_SYM_LINK);
}

static u32 export_head(struct export *e, struct hview *h, u32 key)
{
    struct key_info info;
    char16_t *class_name = NULL;
    u32 size = 0, err = key_query(h, key, &info);

    if (!err && info.class_len) {
        class_name = os_alloc(info.class_len);
        err = class_name ? key_class(h, key, class_name, info.class_len, &size) : ERROR_OUTOFMEMORY;
    }
    if (!err && is_left_out(e, &info)) {
        os_free(class_name);
        return ERROR_SUCCESS;
    }
    if (!err)
        regtext_key(&e->w, (const char16_t *)(const void *)e->path.data,
                    (u32)(e->path.len / sizeof(char16_t)), info.last_write, class_name,
                    MIN(size, info.class_len) / 2, info.flags & KEYF_SYM_LINK);
    os_free(class_name);
    return err ? err : e->w.err;
}

static bool can_say(const struct export *e)
{
    return regtext_can_say(e->w.form, (const char16_t *)(const void *)e->path.data,
                           (u32)(e->path.len / sizeof(char16_t)));
}

static u32 export_key(void *ctx, struct hview *h, u32 key, const char16_t *path, u32 len)
{
    struct export *e = ctx;
    u32 err = ERROR_SUCCESS;

    e->path.len = e->base;
    if (e->base && len)
        err = buf_add(&e->path, u"\\", sizeof(char16_t));
    if (!err)
        err = buf_add(&e->path, path, len * sizeof(char16_t));
    if (!err && !can_say(e)) {
        e->unsaid++;
        return err;
    }
    /* Wine's own text has no line for the key that all others are relative to */
    if (!err && e->path.len)
        err = export_head(e, h, key);
    if (!err && e->path.len)
        err = each_value(h, key, export_value, e);
    progress("exporting keys", ++e->keys, 0);
    return err;
}

static u32 export_tree(struct hive *hive, const char16_t *from, struct export *e)
{
    struct hive_read r = {.tries = 0};
    u32 key, err = buf_add(&e->path, prefix(), u16_len(prefix()) * sizeof(char16_t));

    if (!err && *from && e->path.len)
        err = buf_add(&e->path, u"\\", sizeof(char16_t));
    if (!err)
        err = buf_add(&e->path, from, u16_len(from) * sizeof(char16_t));
    e->base = e->path.len;
    regtext_begin(&e->w, u"REGISTRY\\Machine");
    if (!err)
        err = hive_read_begin(hive, &r);
    if (err)
        return err;
    err = find_path(&r.view, from, &key);
    if (!err)
        err = walk_keys(&r.view, key, export_key, e);
    hive_read_end(hive, &r);
    return err;
}

int cmd_export(int argc, char16_t **argv)
{
    struct buf text = {0};
    struct export e = {.w = {.out = &text, .form = options.form, .codepage = options.codepage}};
    struct hive *hive;
    u32 err;

    if (open_to_read(argv[0], &hive))
        return EXIT_FAILED;
    err = export_tree(hive, argc > 1 ? argv[1] : u"", &e);
    regtext_end(&e.w);
    if (!err)
        err = e.w.err;
    progress("exporting keys", 0, 0);
    hive_close(hive);
    buf_free(&e.path);
    if (err) {
        buf_free(&text);
        return complain_key(argv[0], argc > 1 ? argv[1] : NULL, NULL, err);
    }
    err = write_text_file(options.out, &text);
    buf_free(&text);
    if (err)
        return EXIT_FAILED;
    if (e.unsaid)
        warn("%u keys have line ends in their names, or begin with '-', and were left out; --wine "
             "can say them",
             (unsigned)e.unsaid);
    return e.unsaid ? EXIT_DIFFERENT : exit_looked();
}

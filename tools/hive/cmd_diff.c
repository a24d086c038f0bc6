/*
 * diff: registry text that makes NEW of OLD, so that it can be read, kept and imported.
 */
#include <string.h>

#include "hivetool.h"
#include "utf16.h"

struct diff {
    struct hview *a, *b;
    struct regtext_writer w;
    struct buf path; /* char16_t */
    bool headed;     /* the key's line is written */
    bool found;
    u32 depth, keys, lost;
};

static void head(struct diff *d)
{
    if (!d->headed)
        regtext_key(&d->w, (const char16_t *)(const void *)d->path.data,
                    (u32)(d->path.len / sizeof(char16_t)), 0, NULL, 0, false);
    d->headed = d->found = true;
}

static u32 push(struct diff *d, const char16_t *name, u32 len)
{
    u32 err = buf_add(&d->path, u"\\", sizeof(char16_t));

    return err ? err : buf_add(&d->path, name, len * sizeof(char16_t));
}

static bool same_value(const struct value *a, const struct value *b)
{
    return a->type == b->type && a->size == b->size && !memcmp(a->data, b->data, a->size);
}

static u32 diff_value(struct diff *d, u32 a, struct value *new_value)
{
    struct val_info info;
    struct value old;
    u32 err = a == HV_NIL ? ERROR_FILE_NOT_FOUND
                          : val_find(d->a, a, new_value->name, new_value->name_len, &info);
    bool same;

    if (err && err != ERROR_FILE_NOT_FOUND)
        return err;
    if (!err) {
        err = value_read(d->a, &info, &old);
        if (err)
            return err;
        same = same_value(&old, new_value);
        value_free(&old);
        if (same)
            return ERROR_SUCCESS;
    }
    head(d);
    regtext_value(&d->w, new_value->name, new_value->name_len, new_value->type, new_value->data,
                  new_value->size);
    return d->w.err;
}

static u32 new_values(struct diff *d, u32 a, u32 b)
{
    struct val_info info;
    struct value v;
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; !err && !(err = val_enum(d->b, b, i, &info)); i++) {
        err = value_read(d->b, &info, &v);
        if (err)
            break;
        err = diff_value(d, a, &v);
        value_free(&v);
    }
    return err == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : err;
}

static u32 lost_values(struct diff *d, u32 a, u32 b)
{
    struct val_info info, other;
    struct value v;
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; !err && !(err = val_enum(d->a, a, i, &info)); i++) {
        err = value_read(d->a, &info, &v);
        if (err)
            break;
        if (val_find(d->b, b, v.name, v.name_len, &other) == ERROR_FILE_NOT_FOUND) {
            head(d);
            regtext_remove_value(&d->w, v.name, v.name_len);
        }
        value_free(&v);
    }
    return err == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : err;
}

static u32 diff_key(struct diff *d, u32 a, u32 b);

static u32 new_child(struct diff *d, u32 a, u32 child)
{
    size_t before = d->path.len;
    char16_t name[KEY_NAME_MAX];
    u32 len = 0, other = HV_NIL, err = key_name(d->b, child, name, &len);

    if (!err && a != HV_NIL) {
        err = key_find(d->a, a, name, len, &other);
        if (err == ERROR_FILE_NOT_FOUND) {
            other = HV_NIL;
            err = ERROR_SUCCESS;
        }
    }
    if (!err)
        err = push(d, name, len);
    d->headed = false;
    if (!err && other == HV_NIL)
        head(d);
    if (!err)
        err = diff_key(d, other, child);
    d->path.len = before;
    return err;
}

static u32 lost_child(struct diff *d, u32 b, u32 child)
{
    size_t before = d->path.len;
    char16_t name[KEY_NAME_MAX];
    u32 len = 0, other, err = key_name(d->a, child, name, &len);

    if (d->lost++ > key_bound(d->a))
        return ERROR_REGISTRY_CORRUPT;
    if (err || key_find(d->b, b, name, len, &other) != ERROR_FILE_NOT_FOUND)
        return err;
    err = push(d, name, len);
    if (!err)
        regtext_remove_key(&d->w, (const char16_t *)(const void *)d->path.data,
                           (u32)(d->path.len / sizeof(char16_t)));
    d->path.len = before;
    d->headed = false;
    d->found = true;
    return err;
}

/* a is HV_NIL for a key that is new. */
static u32 diff_key(struct diff *d, u32 a, u32 b)
{
    struct key_pos pos = {0};
    u32 child, err = ERROR_SUCCESS;

    if (d->depth++ > KEY_DEPTH_MAX || d->keys++ > key_bound(d->b))
        return ERROR_REGISTRY_CORRUPT;
    err = new_values(d, a, b);
    if (!err && a != HV_NIL)
        err = lost_values(d, a, b);
    for (u32 i = 0; !err && a != HV_NIL && !(err = key_enum(d->a, a, i, &pos, &child)); i++)
        err = lost_child(d, b, child);
    if (err == ERROR_NO_MORE_ITEMS)
        err = ERROR_SUCCESS;
    memset(&pos, 0, sizeof(pos));
    for (u32 i = 0; !err && !(err = key_enum(d->b, b, i, &pos, &child)); i++)
        err = new_child(d, a, child);
    d->depth--;
    return err == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : err;
}

static u32 diff_roots(struct diff *d)
{
    const char16_t *prefix = options.prefix ? options.prefix : TEXT_ROOT;
    struct key_ref a, b;
    u32 err = buf_add(&d->path, prefix, u16_len(prefix) * sizeof(*prefix));

    regtext_begin(&d->w, u"REGISTRY\\Machine");
    if (!err)
        err = key_root(d->a, &a);
    if (!err)
        err = key_root(d->b, &b);
    if (!err)
        err = diff_key(d, a.cell, b.cell);
    return err ? err : d->w.err;
}

static u32 diff_hives(struct hive *old, struct hive *new, bool *found)
{
    struct hive_read ra = {.tries = 0}, rb = {.tries = 0};
    struct buf text = {0};
    struct diff d = {.w = {.out = &text, .form = options.form, .codepage = options.codepage}};
    u32 err = hive_read_begin(old, &ra);

    if (err)
        return err;
    err = hive_read_begin(new, &rb);
    if (!err) {
        d.a = &ra.view;
        d.b = &rb.view;
        err = diff_roots(&d);
        hive_read_end(new, &rb);
    }
    hive_read_end(old, &ra);
    *found = d.found;
    regtext_end(&d.w);
    if (err)
        complain_ascii("diff", err);
    else if (d.found)
        err = write_text_file(options.out, &text);
    buf_free(&text);
    buf_free(&d.path);
    return err;
}

int cmd_diff(int argc, char16_t **argv)
{
    struct hive *a = NULL, *b = NULL;
    bool found = false;
    u32 err;

    UNUSED(argc);
    if (options.form == REGTEXT_WINE)
        options.form = REGTEXT_V5; /* Wine's form cannot say that something is gone */
    err = open_to_read(argv[0], &a);
    if (!err)
        err = open_to_read(argv[1], &b);
    if (!err) {
        err = diff_hives(a, b, &found);
    }
    hive_close(a);
    hive_close(b);
    return err ? EXIT_FAILED : found ? EXIT_DIFFERENT : EXIT_GOOD;
}

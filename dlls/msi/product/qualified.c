/*
 * Qualified components.
 */
#include "qualified.h"

#include "os.h"
#include "utf16.h"

static const u32 contexts[] = {CONTEXT_MANAGED, CONTEXT_USER, CONTEXT_MACHINE};

static u32 open_category(const char16_t *category, struct reg_key **key)
{
    struct layout_path p;

    for (size_t i = 0; i < ARRAY_LEN(contexts); i++) {
        layout_advertised(&p, contexts[i], NULL, u"Components", category, NULL);
        if (!layout_open(&p, key))
            return ERROR_SUCCESS;
    }
    return ERROR_UNKNOWN_COMPONENT;
}

bool qualified_known(const char16_t *category)
{
    struct reg_key *key;

    if (open_category(category, &key))
        return false;
    reg_close(key);
    return true;
}

/* A value's texts, one after the other, with an empty one at the end. */
static u32 get_list(struct reg_key *key, const char16_t *name, struct reg_data *d)
{
    u32 err = reg_get(key, name, d);

    if (!err && d->type != REG_TYPE_MULTI && d->type != REG_TYPE_SZ) {
        os_free(d->bytes);
        err = ERROR_INVALID_PARAMETER;
    }
    return err;
}

/* The texts in it. */
static const char16_t *nth(const struct reg_data *d, u32 n, u32 *count)
{
    const char16_t *s = (const char16_t *)(const void *)d->bytes;
    const char16_t *end = s + d->size / sizeof(*s);

    for (*count = 0; s < end && *s; s += u16_len(s) + 1)
        if ((*count)++ == n)
            return s;
    return NULL;
}

static u32 describe(const char16_t *name, const char16_t *s, char16_t **qualifier, char16_t **text)
{
    struct descriptor d;

    if (!descriptor_read(s, &d))
        return ERROR_INVALID_PARAMETER;
    *qualifier = u16_dup(name, u16_len(name));
    *text = u16_dup(s + d.used, u16_len(s + d.used));
    if (*qualifier && *text)
        return ERROR_SUCCESS;
    os_free(*qualifier);
    os_free(*text);
    return ERROR_OUTOFMEMORY;
}

static u32 nth_of_all(struct reg_key *key, u32 index, char16_t **qualifier, char16_t **text)
{
    char16_t name[REG_NAME_MAX];
    const char16_t *s;
    struct reg_data d;
    u32 err, count;

    for (u32 i = 0;; i++) {
        err = reg_value_at(key, i, name);
        if (!err)
            err = get_list(key, name, &d);
        if (err)
            return err;
        s = nth(&d, index, &count);
        if (s)
            err = describe(name, s, qualifier, text);
        os_free(d.bytes);
        if (s)
            return err;
        index -= count;
    }
}

u32 qualified_at(const char16_t *category, u32 index, char16_t **qualifier, char16_t **text)
{
    struct reg_key *key;
    u32 err = open_category(category, &key);

    if (err)
        return err;
    err = nth_of_all(key, index, qualifier, text);
    reg_close(key);
    return err;
}

/* The first of the texts that is the product's; any where that is NULL. */
static u32 find_descriptor(const struct reg_data *data, const char16_t *product,
                           struct descriptor *d)
{
    const char16_t *s = (const char16_t *)(const void *)data->bytes;
    const char16_t *end = s + data->size / sizeof(*s);
    u32 err = ERROR_INDEX_ABSENT;

    for (; err && s < end && *s; s += u16_len(s) + 1) {
        if (!descriptor_read(s, d))
            err = ERROR_INVALID_PARAMETER;
        else if (!product || u16_equal_fold(d->product, product))
            err = ERROR_SUCCESS;
    }
    return err;
}

u32 qualified_find(const char16_t *category, const char16_t *qualifier, const char16_t *product,
                   struct descriptor *d)
{
    struct reg_key *key;
    struct reg_data data;
    u32 err = open_category(category, &key);

    if (err)
        return err;
    err = get_list(key, qualifier, &data);
    reg_close(key);
    if (err)
        return err == ERROR_FILE_NOT_FOUND ? ERROR_INDEX_ABSENT : err;
    err = find_descriptor(&data, product, d);
    os_free(data.bytes);
    return err;
}

/*
 * On the host there is a registry only where a program gives one (reg_use); without it nothing is
 * known, and nothing can be written.
 */
#include "reg_host.h"

#include "os.h"

static const struct reg_host *host;

void reg_use(const struct reg_host *h)
{
    host = h;
}

u32 reg_open_view(enum reg_root root, enum reg_view view, const char16_t *path,
                  struct reg_key **key)
{
    return host ? host->open(root, view, path, key) : ERROR_FILE_NOT_FOUND;
}

u32 reg_make_view(enum reg_root root, enum reg_view view, const char16_t *path,
                  struct reg_key **key)
{
    return host ? host->make(root, view, path, key) : ERROR_CALL_NOT_IMPLEMENTED;
}

void reg_close(struct reg_key *key)
{
    if (key)
        host->close(key);
}

u32 reg_get(struct reg_key *key, const char16_t *name, struct reg_data *data)
{
    return host->get(key, name, data);
}

bool reg_has_value(struct reg_key *key, const char16_t *name)
{
    struct reg_data data;

    if (host->get(key, name, &data))
        return false;
    os_free(data.bytes);
    return true;
}

u32 reg_set(struct reg_key *key, const char16_t *name, u32 type, const void *bytes, u32 size)
{
    return host->set(key, name, type, bytes, size);
}

u32 reg_remove_value(struct reg_key *key, const char16_t *name)
{
    return host->remove_value(key, name);
}

u32 reg_remove_view(enum reg_root root, enum reg_view view, const char16_t *path)
{
    return host ? host->remove(root, view, path) : ERROR_FILE_NOT_FOUND;
}

u32 reg_remove_empty(enum reg_root root, enum reg_view view, const char16_t *path)
{
    return host ? host->remove_empty(root, view, path) : ERROR_FILE_NOT_FOUND;
}

u32 reg_look(enum reg_root root, enum reg_view view, const char16_t *path, struct reg_about *about)
{
    struct reg_key *key;
    u32 err;

    *about = (struct reg_about){0};
    if (host && host->look) {
        err = host->look(root, view, path, about);
        if (err)
            reg_about_free(about);
        return err;
    }
    err = reg_open_view(root, view, path, &key);
    if (!err)
        reg_close(key);
    return err;
}

u32 reg_make_as(enum reg_root root, enum reg_view view, const char16_t *path,
                const struct reg_about *about)
{
    struct reg_key *key;
    u32 err;

    if (host && host->make_as)
        return host->make_as(root, view, path, about);
    err = reg_make_view(root, view, path, &key);
    if (!err)
        reg_close(key);
    return err;
}

u32 reg_flush(void)
{
    return host && host->flush ? host->flush() : ERROR_SUCCESS;
}

u32 reg_key_at(struct reg_key *key, u32 index, char16_t name[REG_NAME_MAX])
{
    return host->key_at(key, index, name);
}

u32 reg_value_at(struct reg_key *key, u32 index, char16_t name[REG_NAME_MAX])
{
    return host->value_at(key, index, name);
}

bool reg_user_sid(char16_t *sid, size_t cap)
{
    return host && host->user_sid(sid, cap);
}

u32 behind_file(char16_t *out, size_t cap)
{
    return host && host->behind ? host->behind->file(out, cap) : ERROR_FILE_NOT_FOUND;
}

bool behind_has(enum reg_root root, enum reg_view view, const char16_t *path)
{
    return host && host->behind && host->behind->has(root, view, path);
}

void behind_now(struct behind_moment *m)
{
    host->behind->now(m);
}

bool behind_wrote(enum reg_root root, enum reg_view view, const char16_t *path)
{
    return host->behind->wrote(root, view, path);
}

u32 behind_mark(void)
{
    return host->behind->mark();
}

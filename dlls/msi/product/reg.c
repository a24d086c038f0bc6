/*
 * Values of the registry as texts and numbers.
 */
#include "reg.h"

#include <string.h>

#include "os.h"
#include "record.h"
#include "utf16.h"

u32 reg_open(enum reg_root root, const char16_t *path, struct reg_key **key)
{
    return reg_open_view(root, REG_VIEW_64, path, key);
}

u32 reg_make(enum reg_root root, const char16_t *path, struct reg_key **key)
{
    return reg_make_view(root, REG_VIEW_64, path, key);
}

u32 reg_remove(enum reg_root root, const char16_t *path)
{
    return reg_remove_view(root, REG_VIEW_64, path);
}

bool reg_has(enum reg_root root, const char16_t *path)
{
    struct reg_key *key;

    if (reg_open(root, path, &key))
        return false;
    reg_close(key);
    return true;
}

static u32 number_text(const struct reg_data *d, char16_t **text)
{
    char16_t digits[16];
    u32 number;

    if (d->size != sizeof(number))
        return ERROR_FILE_NOT_FOUND;
    memcpy(&number, d->bytes, sizeof(number));
    rec_format_int((i32)number, digits);
    *text = u16_dup(digits, u16_len(digits));
    return *text ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

u32 reg_get_text(struct reg_key *key, const char16_t *name, char16_t **text)
{
    struct reg_data d;
    u32 err = reg_get(key, name, &d);

    if (err)
        return err;
    if (d.type == REG_TYPE_SZ || d.type == REG_TYPE_EXPAND) {
        *text = (char16_t *)(void *)d.bytes;
        return ERROR_SUCCESS;
    }
    err = d.type == REG_TYPE_DWORD ? number_text(&d, text) : ERROR_FILE_NOT_FOUND;
    os_free(d.bytes);
    return err;
}

u32 reg_get_number(struct reg_key *key, const char16_t *name, u32 *number)
{
    struct reg_data d;
    u32 err = reg_get(key, name, &d);

    if (err)
        return err;
    if (d.type == REG_TYPE_DWORD && d.size == sizeof(*number))
        memcpy(number, d.bytes, sizeof(*number));
    else
        err = ERROR_FILE_NOT_FOUND;
    os_free(d.bytes);
    return err;
}

u32 reg_set_text(struct reg_key *key, const char16_t *name, u32 type, const char16_t *text)
{
    return reg_set(key, name, type, text, (u32)((u16_len(text) + 1) * sizeof(*text)));
}

void reg_about_free(struct reg_about *about)
{
    os_free(about->class);
    os_free(about->security);
    os_free(about->link);
    *about = (struct reg_about){0};
}

/*
 * States and numbers of a product's features.
 */
#include "prodfeatures.h"

#include "code85.h"
#include "components.h"
#include "os.h"
#include "utf16.h"

/* INSTALLSTATE */
enum { BADCONFIG = -6, ADVERTISED = 1, ABSENT = 2, LOCAL = 3, SOURCE = 4 };
enum { ABSENT_MARK = 6, PARENT_MARK = 2 };

static u32 read_value(const struct layout_path *p, const char16_t *name, char16_t **text)
{
    struct reg_key *key;
    u32 err = layout_open(p, &key);

    if (err)
        return err;
    err = reg_get_text(key, name, text);
    reg_close(key);
    return err;
}

/* The state of its registered components: of the source as soon as one of them is. */
static u32 state_of_components(const struct product *p, const char16_t *codes, int *state)
{
    char16_t guid[GUID_CHARS + 1], *path;
    int found = LOCAL;
    u32 err;

    for (; *codes && *codes != PARENT_MARK; codes += CODE85_CHARS) {
        if (!code85_read(codes, guid)) {
            *state = BADCONFIG;
            return ERROR_SUCCESS;
        }
        err = component_path_in(guid, p->code, product_sid(p), p->context, &path);
        if (err == ERROR_UNKNOWN_COMPONENT) {
            *state = ADVERTISED;
            return ERROR_SUCCESS;
        }
        if (err)
            return err;
        if (component_registered_state(path) == SOURCE)
            found = SOURCE;
        os_free(path);
    }
    *state = found;
    return ERROR_SUCCESS;
}

bool features_known(const struct product *p)
{
    struct layout_path path;

    layout_advertised(&path, p->context, product_sid(p), u"Features", p->code, NULL);
    return layout_has(&path);
}

u32 feature_state(const struct product *p, const char16_t *feature, int *state)
{
    struct layout_path path;
    char16_t *text, mark;
    u32 err;

    layout_advertised(&path, p->context, product_sid(p), u"Features", p->code, NULL);
    err = read_value(&path, feature, &text);
    if (err)
        return err == ERROR_FILE_NOT_FOUND ? ERROR_UNKNOWN_FEATURE : err;
    mark = text[0];
    os_free(text);
    *state = ABSENT;
    if (mark == ABSENT_MARK)
        return ERROR_SUCCESS;
    *state = ADVERTISED;
    layout_installed(&path, p->context, product_sid(p), u"Products", p->code, u"Features");
    err = read_value(&path, feature, &text);
    if (err)
        return err == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : err;
    err = state_of_components(p, text, state);
    os_free(text);
    return err;
}

u32 feature_state_there(const struct product *p, const char16_t *feature, int *state)
{
    u32 err = feature_state(p, feature, state);

    if (!err && *state == BADCONFIG)
        *state = LOCAL;
    return err;
}

u32 feature_at(const struct product *p, u32 index, char16_t name[REG_NAME_MAX], char16_t **parent)
{
    struct layout_path path;
    struct reg_key *key;
    char16_t *text;
    u32 err;

    layout_advertised(&path, p->context, product_sid(p), u"Features", p->code, NULL);
    if (layout_open(&path, &key))
        return ERROR_NO_MORE_ITEMS;
    err = reg_value_at(key, index, name);
    if (!err)
        err = reg_get_text(key, name, &text);
    reg_close(key);
    if (err)
        return err == ERROR_MORE_DATA || err == ERROR_FILE_NOT_FOUND ? ERROR_BAD_CONFIGURATION
                                                                     : err;
    *parent = u16_dup(text + (text[0] == ABSENT_MARK), u16_len(text) - (text[0] == ABSENT_MARK));
    os_free(text);
    return *parent ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

u32 feature_usage(const struct product *p, const char16_t *feature, u32 *count, u16 *date)
{
    struct layout_path path;
    struct reg_key *key;
    u32 number = 0, err;
    int state;

    err = feature_state(p, feature, &state);
    if (err)
        return err;
    layout_installed(&path, p->context, product_sid(p), u"Products", p->code, u"Usage");
    if (!layout_open(&path, &key)) {
        if (reg_get_number(key, feature, &number))
            number = 0;
        reg_close(key);
    }
    *count = number & 0xffff;
    *date = (u16)(number >> 16);
    return ERROR_SUCCESS;
}

u32 feature_used(const struct product *p, const char16_t *feature, u16 date)
{
    struct layout_path path;
    struct reg_key *key;
    u32 number, err;

    layout_installed(&path, p->context, product_sid(p), u"Products", p->code, u"Usage");
    err = reg_make(path.root, path.path, &key);
    if (err)
        return err;
    if (reg_get_number(key, feature, &number))
        number = 0;
    number = (u32)date << 16 | MIN((number & 0xffff) + 1, 0xffff);
    err = reg_set(key, feature, REG_TYPE_DWORD, &number, sizeof(number));
    reg_close(key);
    return err;
}

u32 feature_component(const struct product *p, const char16_t *feature,
                      char16_t component[GUID_CHARS + 1])
{
    struct layout_path path;
    char16_t *text;
    u32 err;

    layout_installed(&path, p->context, product_sid(p), u"Products", p->code, u"Features");
    err = read_value(&path, feature, &text);
    if (err)
        return err == ERROR_FILE_NOT_FOUND ? ERROR_UNKNOWN_FEATURE : err;
    err = code85_read(text, component) ? ERROR_SUCCESS : ERROR_UNKNOWN_COMPONENT;
    os_free(text);
    return err;
}

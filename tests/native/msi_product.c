/*
 * What the registry tells of products, where its values are not what Windows Installer writes:
 * other types, odd sizes, codes that are none.
 */
#include "test.h"

#include <string.h>

#include "components.h"
#include "descriptor.h"
#include "os.h"
#include "patches.h"
#include "prodfeatures.h"
#include "products.h"
#include "qualified.h"
#include "reg_host.h"
#include "utf16.h"

#define CODE   u"{00112233-4455-6677-8899-AABBCCDDEEFF}"
#define PACKED u"33221100554477668899AABBCCDDEEFF"

#define INSTALLER u"Software\\Classes\\Installer\\"
#define USERDATA  u"Software\\Microsoft\\Windows\\CurrentVersion\\Installer\\UserData\\S-1-5-18\\"

/* --- a registry of one root ---------------------------------------------------------------------
 */

enum { VALUES = 64 };

static struct entry {
    const char16_t *path, *name;
    u32 type, size;
    const void *bytes;
} entries[VALUES];
static u32 entry_count;

/* A key is the path that it was opened by. */
struct reg_key {
    char16_t path[LAYOUT_PATH];
};

static bool is_below(const char16_t *path, const char16_t *of)
{
    size_t n = u16_len(of);

    return !u16_compare_fold(path, MIN(u16_len(path), n), of, n) && (!path[n] || path[n] == '\\');
}

static u32 fake_open(enum reg_root root, enum reg_view view, const char16_t *path,
                     struct reg_key **key)
{
    UNUSED(view);
    for (u32 i = 0; root == REG_MACHINE && i < entry_count; i++) {
        if (!is_below(entries[i].path, path))
            continue;
        *key = os_alloc(sizeof(**key));
        if (!*key)
            return ERROR_OUTOFMEMORY;
        u16_copy((*key)->path, LAYOUT_PATH, path);
        return ERROR_SUCCESS;
    }
    return ERROR_FILE_NOT_FOUND;
}

static void fake_close(struct reg_key *key)
{
    os_free(key);
}

static u32 fake_get(struct reg_key *key, const char16_t *name, struct reg_data *data)
{
    for (u32 i = 0; i < entry_count; i++) {
        const struct entry *e = &entries[i];

        if (!u16_equal_fold(e->path, key->path) || !u16_equal_fold(e->name, name))
            continue;
        data->bytes = os_calloc(e->size + 4, 1);
        if (!data->bytes)
            return ERROR_OUTOFMEMORY;
        memcpy(data->bytes, e->bytes, e->size);
        data->type = e->type;
        data->size = e->size;
        return ERROR_SUCCESS;
    }
    return ERROR_FILE_NOT_FOUND;
}

static u32 fake_value_at(struct reg_key *key, u32 index, char16_t name[REG_NAME_MAX])
{
    for (u32 i = 0; i < entry_count; i++) {
        if (!u16_equal_fold(entries[i].path, key->path) || index--)
            continue;
        u16_copy(name, REG_NAME_MAX, entries[i].name);
        return ERROR_SUCCESS;
    }
    return ERROR_NO_MORE_ITEMS;
}

/* Each value stands in a key of its own below. */
static u32 fake_key_at(struct reg_key *key, u32 index, char16_t name[REG_NAME_MAX])
{
    size_t n = u16_len(key->path), len = 0;

    for (u32 i = 0; i < entry_count; i++) {
        const char16_t *rest = entries[i].path + n + 1;

        if (!is_below(entries[i].path, key->path) || !entries[i].path[n] || index--)
            continue;
        while (rest[len] && rest[len] != '\\')
            len++;
        u16_copy(name, MIN(len + 1, (size_t)REG_NAME_MAX), rest);
        return ERROR_SUCCESS;
    }
    return ERROR_NO_MORE_ITEMS;
}

static u32 fake_set(struct reg_key *key, const char16_t *name, u32 type, const void *bytes,
                    u32 size)
{
    UNUSED(key);
    UNUSED(name);
    UNUSED(type);
    UNUSED(bytes);
    UNUSED(size);
    return ERROR_ACCESS_DENIED;
}

static u32 fake_remove_value(struct reg_key *key, const char16_t *name)
{
    UNUSED(key);
    UNUSED(name);
    return ERROR_ACCESS_DENIED;
}

static u32 fake_remove(enum reg_root root, enum reg_view view, const char16_t *path)
{
    UNUSED(view);
    UNUSED(root);
    UNUSED(path);
    return ERROR_ACCESS_DENIED;
}

static bool fake_sid(char16_t *sid, size_t cap)
{
    u16_copy(sid, cap, u"S-1-5-21-1-2-3-1000");
    return true;
}

static const struct reg_host registry = {
    .open = fake_open,
    .make = fake_open,
    .close = fake_close,
    .get = fake_get,
    .set = fake_set,
    .remove_value = fake_remove_value,
    .remove = fake_remove,
    .key_at = fake_key_at,
    .value_at = fake_value_at,
    .user_sid = fake_sid,
};

static void put(const char16_t *path, const char16_t *name, u32 type, const void *bytes, u32 size)
{
    entries[entry_count++] = (struct entry){path, name, type, size, bytes};
}

#define TEXT(path, name, text) put(path, name, REG_TYPE_SZ, text, sizeof(text))

static void start(void)
{
    entry_count = 0;
    TEXT(INSTALLER u"Products\\" PACKED, u"ProductName", u"Name");
}

/* --- products -----------------------------------------------------------------------------------
 */

/* Compares a property, or tells the error. */
static bool property_is(const char16_t *name, const char *want)
{
    struct product p;
    char16_t *text;
    bool is;

    if (!product_find(CODE, &p) || product_property(&p, name, &text))
        return false;
    is = u16_is(text, u16_len(text), want);
    os_free(text);
    return is;
}

static u32 property_error(const char16_t *name)
{
    struct product p;
    char16_t *text;
    u32 err = product_find(CODE, &p) ? product_property(&p, name, &text) : ERROR_UNKNOWN_PRODUCT;

    if (!err)
        os_free(text);
    return err;
}

static void values_of_other_types_are_none(void)
{
    static const u32 number = 1033;

    start();
    put(INSTALLER u"Products\\" PACKED, u"Transforms", REG_TYPE_BINARY, "\1\2\3", 3);
    put(INSTALLER u"Products\\" PACKED, u"Language", REG_TYPE_DWORD, &number, 4);
    put(INSTALLER u"Products\\" PACKED, u"Version", REG_TYPE_DWORD, &number, 3);
    put(INSTALLER u"Products\\" PACKED, u"ProductIcon", REG_TYPE_SZ, "", 0);
    ok(property_is(u"ProductName", "Name"), "a text\n");
    ok(property_is(u"Language", "1033"), "a number\n");
    ok(property_is(u"Transforms", ""), "bytes\n");
    ok(property_is(u"Version", ""), "three bytes of a number\n");
    ok(property_is(u"ProductIcon", ""), "a text of no bytes\n");
}

static void texts_need_not_end(void)
{
    start();
    put(INSTALLER u"Products\\" PACKED, u"Language", REG_TYPE_SZ, u"10", 4);
    ok(property_is(u"Language", "10"), "not terminated\n");
}

static void a_package_code_that_is_none_is_told(void)
{
    start();
    TEXT(INSTALLER u"Products\\" PACKED, u"PackageCode", u"no code");
    ok(property_error(u"PackageCode") == ERROR_BAD_CONFIGURATION, "no code\n");
    start();
    TEXT(INSTALLER u"Products\\" PACKED, u"PackageCode", PACKED u"0");
    ok(property_error(u"PackageCode") == ERROR_BAD_CONFIGURATION, "one character more\n");
}

static void names_that_are_no_codes_are_left_out(void)
{
    char16_t code[GUID_CHARS + 1];

    start();
    TEXT(INSTALLER u"Products\\junk", u"ProductName", u"x");
    TEXT(INSTALLER u"Products\\{" PACKED, u"ProductName", u"x");
    ok(!product_at(0, code) && u16_equal(code, CODE), "the first\n");
    ok(product_at(1, code) == ERROR_NO_MORE_ITEMS, "the end\n");
    ok(product_at(1, code) == ERROR_NO_MORE_ITEMS, "the end again\n");
    ok(!product_at(0, code) && u16_equal(code, CODE), "from the first again\n");
}

/* --- features and components --------------------------------------------------------------------
 */

static int state_of(const char16_t *feature)
{
    struct product p;
    int state = 0;

    return product_find(CODE, &p) && !feature_state(&p, feature, &state) ? state : -1;
}

static void features_whose_components_are_no_codes(void)
{
    start();
    TEXT(INSTALLER u"Features\\" PACKED, u"f", u"");
    TEXT(USERDATA u"Products\\" PACKED u"\\Features", u"f", u"too short");
    TEXT(INSTALLER u"Features\\" PACKED, u"g", u"");
    TEXT(USERDATA u"Products\\" PACKED u"\\Features", u"g", u"\x7f\x80\xffff####################");
    put(INSTALLER u"Features\\" PACKED, u"h", REG_TYPE_MULTI, u"x\0", 6);
    ok(state_of(u"f") == -6 && state_of(u"g") == -6, "what is no code is bad configuration\n");
    ok(state_of(u"h") == -1, "a feature of another type\n");
}

static void key_paths_are_anybodys_text(void)
{
    static const char16_t *const paths[] = {u"",   u"0", u"02",   u"02:",     u"02:\\", u"99:\\x",
                                            u"C?", u"?", u"02\\", u"02:x\\y", u"\\?"};

    for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
        char16_t *path = u16_dup(paths[i], u16_len(paths[i]));

        ok(component_look(path) != 3, "path %u is there\n", (unsigned)i);
        os_free(path);
    }
}

static void a_key_path_of_a_megabyte(void)
{
    size_t n = 1 << 19;
    char16_t *path = os_alloc((n + 1) * sizeof(*path));

    for (size_t i = 0; i < n; i++)
        path[i] = i % 50 ? 'x' : '\\';
    memcpy(path, u"02:\\", 8);
    path[n] = 0;
    ok(component_look(path) == 2, "there\n");
    os_free(path);
}

/* --- qualified components -----------------------------------------------------------------------
 */

static void descriptors_are_anybodys_text(void)
{
    static const char16_t *const texts[] = {u"",
                                            u"<",
                                            u"short<",
                                            u"!!!!!!!!!!!!!!!!!!!!",
                                            u"!!!!!!!!!!!!!!!!!!!!f>",
                                            u"!!!!!!!!!!!!!!!!!!!!f>!!"};
    struct descriptor d;

    for (size_t i = 0; i < ARRAY_LEN(texts); i++)
        ok(!descriptor_read(texts[i], &d), "text %u is one\n", (unsigned)i);
}

static void the_products_own_descriptor_is_found(void)
{
    static const char16_t list[] = u"!!!!!!!!!!!!!!!!!!!!f<\0rubbish\0$!!!!!!!!!!!!!!!!!!!g<\0";
    struct descriptor d, first;

    start();
    put(INSTALLER u"Components\\" PACKED, u"q", REG_TYPE_MULTI, list, sizeof(list));
    put(INSTALLER u"Components\\" PACKED, u"b", REG_TYPE_BINARY, list, sizeof(list));
    ok(!qualified_find(CODE, u"q", NULL, &first) && u16_equal(first.feature, u"f"), "any\n");
    ok(!qualified_find(CODE, u"q", u"{00000001-0000-0000-0000-000000000000}", &d) &&
           u16_equal(d.feature, u"g"),
       "behind what is none\n");
    ok(qualified_find(CODE, u"b", NULL, &d) == ERROR_INVALID_PARAMETER, "bytes\n");
    ok(qualified_find(CODE, u"none", NULL, &d) == ERROR_INDEX_ABSENT, "none\n");
}

START_TEST(msi_product)
{
    reg_use(&registry);
    RUN(values_of_other_types_are_none);
    RUN(texts_need_not_end);
    RUN(a_package_code_that_is_none_is_told);
    RUN(names_that_are_no_codes_are_left_out);
    RUN(features_whose_components_are_no_codes);
    RUN(key_paths_are_anybodys_text);
    RUN(a_key_path_of_a_megabyte);
    RUN(descriptors_are_anybodys_text);
    RUN(the_products_own_descriptor_is_found);
}

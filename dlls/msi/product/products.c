/*
 * Where a product is, and its properties.
 */
#include "products.h"

#include "os.h"
#include "utf16.h"

static const u32 contexts[] = {CONTEXT_MANAGED, CONTEXT_USER, CONTEXT_MACHINE};

const char16_t *product_sid(const struct product *p)
{
    return p->sid[0] ? p->sid : NULL;
}

void product_in(const char16_t *code, const char16_t *sid, u32 context, struct product *p)
{
    char16_t own[LAYOUT_SID];

    if (sid && reg_user_sid(own, LAYOUT_SID) && u16_equal_fold(sid, own))
        sid = NULL;
    p->context = context;
    u16_copy(p->code, GUID_CHARS + 1, code);
    u16_copy(p->sid, LAYOUT_SID, sid && context != CONTEXT_MACHINE ? sid : u"");
    layout_advertised(&p->advertised, context, sid, u"Products", code, NULL);
    layout_installed(&p->properties, context, sid, u"Products", code, u"InstallProperties");
}

bool product_find(const char16_t *code, struct product *p)
{
    for (size_t i = 0; i < ARRAY_LEN(contexts); i++) {
        product_in(code, NULL, contexts[i], p);
        if (product_advertised(p))
            return true;
    }
    return false;
}

bool product_advertised(const struct product *p)
{
    return layout_has(&p->advertised);
}

bool product_installed(const struct product *p)
{
    struct reg_key *key;
    u32 number;
    bool yes;

    if (layout_open(&p->properties, &key))
        return false;
    yes = !reg_get_number(key, u"WindowsInstaller", &number) && number == 1;
    reg_close(key);
    return yes;
}

bool product_for_others(const char16_t *code)
{
    char16_t sid[REG_NAME_MAX];
    struct layout_path users;
    struct reg_key *key;
    struct product p;
    bool found = false;

    layout_installed(&users, CONTEXT_USER, u"", NULL, NULL, NULL);
    users.path[u16_len(users.path) - 1] = 0; /* the backslash before the SID */
    if (layout_open(&users, &key))
        return false;
    for (u32 i = 0; !found && !reg_key_at(key, i, sid); i++) {
        if (u16_is(sid, u16_len(sid), "S-1-5-18"))
            continue;
        product_in(code, sid, CONTEXT_USER, &p);
        found = product_installed(&p);
    }
    reg_close(key);
    return found;
}

/* --- properties ---------------------------------------------------------------------------------
 */

/* PACKED: as ADVERTISED, a packed GUID. OLD: MsiGetProductInfo has it there, MsiGetProductInfoEx
 * among the installed ones. */
enum where { ADVERTISED, PACKED, SOURCE, INSTALLED, OLD, STATE };

struct property_place {
    const char *name;
    const char16_t *value;
    enum where where;
};

static const struct property_place properties[] = {
    {"Transforms", u"Transforms", ADVERTISED},
    {"Language", u"Language", ADVERTISED},
    {"ProductName", u"ProductName", ADVERTISED},
    {"AssignmentType", u"Assignment", ADVERTISED},
    {"PackageCode", u"PackageCode", PACKED},
    {"Version", u"Version", ADVERTISED},
    {"ProductIcon", u"ProductIcon", ADVERTISED},
    {"AuthorizedLUAApp", u"AuthorizedLUAApp", ADVERTISED},
    {"InstanceType", u"InstanceType", OLD},
    {"PackageName", u"PackageName", SOURCE},
    {"InstalledLanguage", u"Language", INSTALLED},
    {"InstalledProductName", u"DisplayName", INSTALLED},
    {"VersionString", u"DisplayVersion", INSTALLED},
    {"HelpLink", u"HelpLink", INSTALLED},
    {"HelpTelephone", u"HelpTelephone", INSTALLED},
    {"InstallLocation", u"InstallLocation", INSTALLED},
    {"InstallSource", u"InstallSource", INSTALLED},
    {"InstallDate", u"InstallDate", INSTALLED},
    {"Publisher", u"Publisher", INSTALLED},
    {"LocalPackage", u"LocalPackage", INSTALLED},
    {"URLInfoAbout", u"URLInfoAbout", INSTALLED},
    {"URLUpdateInfo", u"URLUpdateInfo", INSTALLED},
    {"VersionMinor", u"VersionMinor", INSTALLED},
    {"VersionMajor", u"VersionMajor", INSTALLED},
    {"ProductID", u"ProductID", INSTALLED},
    {"RegCompany", u"RegCompany", INSTALLED},
    {"RegOwner", u"RegOwner", INSTALLED},
    {"State", NULL, STATE}};

static const struct property_place *find_property(const char16_t *name)
{
    for (size_t i = 0; i < ARRAY_LEN(properties); i++)
        if (u16_is(name, u16_len(name), properties[i].name))
            return &properties[i];
    return NULL;
}

static u32 empty_text(char16_t **text)
{
    *text = u16_dup(u"", 0);
    return *text ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

/* A value below a path, empty where it is not there. */
static u32 value_text(const struct layout_path *p, const char16_t *below, const char16_t *value,
                      char16_t **text)
{
    struct layout_path path = *p;
    struct reg_key *key;
    size_t n = u16_len(path.path);
    u32 err;

    if (below)
        u16_copy(path.path + n, LAYOUT_PATH - n, below);
    err = layout_open(&path, &key);
    if (!err) {
        err = reg_get_text(key, value, text);
        reg_close(key);
    }
    return err == ERROR_FILE_NOT_FOUND ? empty_text(text) : err;
}

/* The package code with its braces; what is none is a broken registration. */
static u32 unpacked_text(const struct product *p, const char16_t *value, char16_t **text)
{
    char16_t guid[GUID_CHARS + 1];
    u32 err = value_text(&p->advertised, NULL, value, text);
    bool good;

    if (err || !(*text)[0])
        return err;
    good = guid_unpack(*text, guid);
    os_free(*text);
    *text = good ? u16_dup(guid, GUID_CHARS) : NULL;
    return *text ? ERROR_SUCCESS : good ? ERROR_OUTOFMEMORY : ERROR_BAD_CONFIGURATION;
}

static bool has_properties(const struct product *p)
{
    return layout_has(&p->properties);
}

static bool has_source_list(const struct product *p)
{
    struct layout_path path;

    layout_advertised(&path, p->context, product_sid(p), u"Products", p->code, u"SourceList");
    return layout_has(&path);
}

static u32 source_text(const struct product *p, const char16_t *value, char16_t **text)
{
    if (!has_source_list(p))
        return ERROR_UNKNOWN_PRODUCT;
    return value_text(&p->advertised, u"\\SourceList", value, text);
}

bool product_has_property(const char16_t *name)
{
    const struct property_place *place = find_property(name);

    return place && place->where != STATE;
}

u32 product_property(const struct product *p, const char16_t *name, char16_t **text)
{
    const struct property_place *place = find_property(name);

    if (!product_has_property(name))
        return ERROR_UNKNOWN_PROPERTY;
    if (place->where == INSTALLED)
        return has_properties(p) ? value_text(&p->properties, NULL, place->value, text)
                                 : ERROR_UNKNOWN_PROPERTY;
    if (place->where == SOURCE)
        return source_text(p, place->value, text);
    if (place->where == PACKED)
        return unpacked_text(p, place->value, text);
    return value_text(&p->advertised, NULL, place->value, text);
}

/* Installed, as MsiGetProductInfoEx sees it: there is a cached package. */
bool product_has_package(const struct product *p)
{
    struct reg_key *key;
    bool has;

    if (layout_open(&p->properties, &key))
        return false;
    has = reg_has_value(key,
                        p->context == CONTEXT_MANAGED ? u"ManagedLocalPackage" : u"LocalPackage");
    reg_close(key);
    return has;
}

static u32 state_text(const struct product *p, bool advertised, char16_t **text)
{
    if (product_has_package(p))
        *text = u16_dup(u"5", 1);
    else if (!advertised || (p->context == CONTEXT_MACHINE && has_properties(p)))
        return ERROR_UNKNOWN_PRODUCT;
    else
        *text = u16_dup(u"1", 1);
    return *text ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

static u32 installed_text(const struct product *p, const char16_t *value, bool advertised,
                          char16_t **text)
{
    if (!product_has_package(p))
        return advertised ? ERROR_UNKNOWN_PROPERTY : ERROR_UNKNOWN_PRODUCT;
    return value_text(&p->properties, NULL, value, text);
}

u32 product_property_ex(const struct product *p, const char16_t *name, char16_t **text)
{
    const struct property_place *place = find_property(name);
    bool advertised = product_advertised(p);

    if (!place)
        return advertised || product_has_package(p) ? ERROR_UNKNOWN_PROPERTY
                                                    : ERROR_UNKNOWN_PRODUCT;
    if (place->where == STATE)
        return state_text(p, advertised, text);
    if (place->where == INSTALLED || place->where == OLD)
        return installed_text(p, place->value, advertised, text);
    if (!advertised)
        return ERROR_UNKNOWN_PRODUCT;
    if (place->where == SOURCE)
        return source_text(p, place->value, text);
    if (place->where == PACKED)
        return unpacked_text(p, place->value, text);
    return value_text(&p->advertised, NULL, place->value, text);
}

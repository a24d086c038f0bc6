/*
 * The arguments of the installer's functions, where there is no installer: wrong ones are answered
 * as documented, and what is not known to this machine as such. The rules are in door_list.h.
 */
#include "door.h"

#include "components.h"
#include "patches.h"
#include "products.h"
#include "qualified.h"
#include "strio.h"
#include "trace.h"

#define OPTION_PATCH 0x40000000 /* MSICODE_PATCH */

/* A call that is looked at. */
struct call {
    const struct door *door;
    const uintptr_t *args;
    bool ansi;
};

static bool is_text(uintptr_t arg, bool ansi, bool empty)
{
    if (!arg)
        return false;
    return empty || (ansi ? *(const char *)arg != 0 : *(const WCHAR *)arg != 0);
}

/* The argument as a GUID; false for what is none. */
static bool get_guid(const struct call *c, size_t i, char16_t *guid)
{
    const void *arg = (const void *)c->args[i];

    if (!arg)
        return false;
    for (size_t k = 0; k <= GUID_CHARS; k++) {
        guid[k] = c->ansi ? (unsigned char)((const char *)arg)[k] : ((const char16_t *)arg)[k];
        if (!guid[k])
            return k == GUID_CHARS && guid_is(guid);
    }
    return false;
}

static bool good_context(const struct call *c, size_t i, u32 n, bool several)
{
    if (!n || n > MSIINSTALLCONTEXT_ALL || (!several && (n & (n - 1))))
        return false;
    return n != MSIINSTALLCONTEXT_MACHINE || !c->args[i - 1];
}

/* MSICODE_* alone, or with one of the kinds of sources. */
static bool good_options(u32 n, bool source)
{
    u32 kind = n & ~(u32)OPTION_PATCH;

    return source ? kind == MSISOURCETYPE_NETWORK || kind == MSISOURCETYPE_URL : !kind;
}

static bool good_number(const struct call *c, size_t i, char rule)
{
    u32 n = (u32)c->args[i];

    switch (rule) {
    case 'n':
        return n != 0;
    case '0': /* of 32 bits: what is above them in its place may be anything */
        return n == 0;
    case '1':
        return n <= 1;
    case '2':
        return n == 2;
    case 'l':
        return n >= INSTALLSTATE_ADVERTISED && n <= INSTALLSTATE_DEFAULT;
    case 'f':
        return n && n <= MSIPATCHSTATE_ALL;
    case 'm':
    case 'w':
        return good_options(n, rule == 'w');
    default:
        return good_context(c, i, n, rule == 'C');
    }
}

static bool good(const struct call *c, size_t i, char rule)
{
    char16_t guid[GUID_CHARS + 1];

    switch (rule) {
    case '.':
    case 's':
        return true;
    case 't':
    case 'T':
        return is_text(c->args[i], c->ansi, rule == 't');
    case 'p':
        return c->args[i] != 0;
    case 'b':
        return !c->args[i] || c->args[i + 1];
    case 'o':
    case 'O':
        return !c->args[i] || get_guid(c, i, guid);
    case 'g':
    case 'P':
    case 'S':
    case 'K':
    case 'Q':
        return get_guid(c, i, guid);
    default:
        return good_number(c, i, rule);
    }
}

/* What a product's or component's being unknown is answered with, or ERROR_SUCCESS. */
static u32 unknown(const struct call *c, size_t i, char rule)
{
    char16_t guid[GUID_CHARS + 1];
    struct product p;

    /* Only of these it is known that there is text. */
    if (!strchr("SPOKQ", rule) || !get_guid(c, i, guid))
        return ERROR_SUCCESS;
    switch (rule) {
    case 'S':
        if (c->args[3] & OPTION_PATCH)
            return patch_known(guid) ? ERROR_SUCCESS : ERROR_UNKNOWN_PATCH;
        __attribute__((fallthrough));
    case 'P':
    case 'O':
        return product_find(guid, &p) ? ERROR_SUCCESS : ERROR_UNKNOWN_PRODUCT;
    case 'K':
        return component_known(guid) ? ERROR_SUCCESS : ERROR_UNKNOWN_COMPONENT;
    case 'Q':
        return qualified_known(guid) ? ERROR_SUCCESS : ERROR_UNKNOWN_COMPONENT;
    default:
        return ERROR_SUCCESS;
    }
}

static u32 look(const struct call *c)
{
    const char *rules = c->door->rules;
    u32 err;

    for (size_t i = 0; rules[i]; i++)
        if (!good(c, i, rules[i]))
            return c->door->refusal;
    for (size_t i = 0; rules[i]; i++)
        if ((err = unknown(c, i, rules[i])))
            return err;
    TRACE(TRACE_MSI, "%s: not implemented", c->door->entry.name);
    return c->door->value;
}

u32 door_refuse(const struct door *d, const uintptr_t *args)
{
    const char *name = d->entry.name;
    struct call c = {d, args, name[strlen(name) - 1] == 'A'};

    return look(&c);
}

/* There is a letter for each argument. */
#define DOOR(name, bytes, value, rules, refusal) STATIC_ASSERT(sizeof(rules) - 1 == (bytes) / 4);
#define DOOR_CDECL(name, value)
#include "door_list.h"

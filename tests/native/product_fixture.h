/*
 * Whole installations of a package in memory, on a folder and a registry in memory: for tests.
 *
 *     before:  regmem_start(); target_start("name");
 *     ok(!prod_run(prod_package(), NULL), "install\n");
 *     IS(REG_MACHINE, REG_VIEW_64, u"Software\\X", u"name", "1:text");
 *     ok(!prod_run(prod_package(), "REMOVE=ALL"), "remove\n");
 */
#ifndef TEST_PRODUCT_FIXTURE_H
#define TEST_PRODUCT_FIXTURE_H

#include "install_fixture.h"
#include "regmem_fixture.h"
#include "target_fixture.h"

/* The sequence that suggested-installexecutesequence has, without files. */
static const char *const prod_actions[] = {
    "CostInitialize",
    "FileCost",
    "CostFinalize",
    "InstallValidate",
    "InstallInitialize",
    "ProcessComponents",
    "StopServices",
    "DeleteServices",
    "UnpublishComponents",
    "MsiUnpublishAssemblies",
    "UnpublishFeatures",
    "SelfUnregModules",
    "UnregisterTypeLibraries",
    "RemoveODBC",
    "UnregisterFonts",
    "RemoveRegistryValues",
    "UnregisterClassInfo",
    "UnregisterExtensionInfo",
    "UnregisterProgIdInfo",
    "UnregisterMIMEInfo",
    "RemoveIniValues",
    "RemoveEnvironmentStrings",
    "RemoveFolders",
    "RegisterClassInfo",
    "RegisterExtensionInfo",
    "RegisterProgIdInfo",
    "RegisterMIMEInfo",
    "WriteRegistryValues",
    "WriteIniValues",
    "WriteEnvironmentStrings",
    "RegisterFonts",
    "InstallODBC",
    "RegisterTypeLibraries",
    "SelfRegModules",
    "InstallServices",
    "MsiConfigureServices",
    "StartServices",
    "RegisterUser",
    "RegisterProduct",
    "PublishComponents",
    "MsiPublishAssemblies",
    "PublishFeatures",
    "PublishProduct",
    "InstallFinalize",
};

/* Runs them in a session with the properties, each "NAME=value", up to a NULL. */
TEST_UNUSED static u32 prod_run_with(struct database *db, const char *const *properties)
{
    struct session *s = inst_open(db);
    u32 err = ERROR_SUCCESS;

    for (; *properties; properties++) {
        char name[80];
        const char *value = strchr(*properties, '=');

        snprintf(name, sizeof(name), "%.*s", (int)(value - *properties), *properties);
        inst_set(s, name, value + 1);
    }
    for (size_t i = 0; !err && i < ARRAY_LEN(prod_actions); i++) {
        err = inst_act(s, prod_actions[i]);
        if (err)
            printf("%s gives %u\n", prod_actions[i], err);
    }
    inst_close(s);
    return err;
}

#define prod_run(db, ...) prod_run_with(db, (const char *const[]){__VA_ARGS__, NULL})

/* A value as "type:text" (a `|` for a zero, hexadecimal for numbers and bytes), or "none". */
TEST_UNUSED static const char *prod_value(enum reg_root root, enum reg_view view,
                                          const char16_t *path, const char16_t *name)
{
    static char text[4000];
    struct reg_data d;
    struct reg_key *key;
    char *out = text;
    u32 err;

    if (reg_open_view(root, view, path, &key))
        return "no key";
    err = reg_get(key, name ? name : u"", &d);
    reg_close(key);
    if (err)
        return "none";
    out += sprintf(out, "%u:", d.type);
    for (u32 i = 0; i < d.size && out < text + sizeof(text) - 8; i++) {
        if (d.type == REG_TYPE_BINARY)
            out += sprintf(out, "%02x", d.bytes[i]);
        else if (d.type == REG_TYPE_DWORD && !i)
            out += sprintf(out, "%x", le32(d.bytes));
        else if (d.type != REG_TYPE_DWORD && i % 2 == 0)
            *out++ = d.bytes[i] ? (char)d.bytes[i] : '|';
    }
    *out = 0;
    if ((d.type == REG_TYPE_SZ || d.type == REG_TYPE_EXPAND) && out[-1] == '|')
        out[-1] = 0;
    os_free(d.bytes);
    return text;
}

TEST_UNUSED static void prod_is(int line, enum reg_root root, enum reg_view view,
                                const char16_t *path, const char16_t *name, const char *want)
{
    const char *got = prod_value(root, view, path, name);

    ok(!strcmp(got, want), "line %d: %s\n", line, got);
}
#define IS(root, view, path, name, want) prod_is(__LINE__, root, view, path, name, want)

#endif

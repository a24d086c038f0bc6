/*
 * validate: what a package must say of its product, and its sequences.
 */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "validcat.h"

/* --- properties ------------------------------------------------------------------------------- */

static bool is_guid(const char16_t *s)
{
    return u16_len(s) == 38 && !valid_category(u"GUID", 4, s, 38);
}

/* Fields up to 255, 255 and 65535; a fourth means nothing. */
static bool is_product_version(const char16_t *s)
{
    static const u32 most[] = {255, 255, 65535};

    for (u32 field = 0;; field++) {
        size_t n = 0;
        u32 value;

        while (s[n] && s[n] != u'.')
            n++;
        if (!u16_to_u32(s, n, &value) || (field < ARRAY_LEN(most) && value > most[field]))
            return false;
        if (!s[n])
            return true;
        s += n + 1;
    }
}

static bool is_language(const char16_t *s)
{
    u32 language;

    return number_of(s, &language) && language <= 0xffff;
}

static bool is_anything(const char16_t *s)
{
    return *s != 0;
}

static void check_properties(struct check *c)
{
    static const struct {
        const char16_t *name;
        bool (*good)(const char16_t *s);
        bool required;
        const char *what, *advice;
    } wanted[] = {
        {u"ProductCode", is_guid, true, "not a GUID", "write a GUID with upper-case letters"},
        {u"ProductName", is_anything, true, "it is empty", "give the product a name"},
        {u"ProductLanguage", is_language, true, "not a language", "write a number, such as 1033"},
        {u"ProductVersion", is_product_version, true, "not a version: 255.255.65535 at most",
         "write three numbers"},
        {u"Manufacturer", is_anything, true, "it is empty", "give the product a manufacturer"},
        {u"UpgradeCode", is_guid, false, "not a GUID", "write a GUID with upper-case letters"},
    };

    if (!check_table(c, u"Property")) {
        found(c, LEVEL_ERROR, u"Property", NULL, "there is no such table: Windows answers 1620",
              "a package has at least ProductCode, ProductName, ProductLanguage, ProductVersion "
              "and Manufacturer");
        return;
    }
    for (size_t i = 0; i < ARRAY_LEN(wanted); i++) {
        char16_t *value = check_property(c, wanted[i].name);

        if (!value && wanted[i].required)
            found(c, LEVEL_ERROR, u"Property", wanted[i].name,
                  "it is missing: no product can be registered without", wanted[i].advice);
        else if (value && !wanted[i].good(value))
            found(c, LEVEL_ERROR, u"Property", wanted[i].name, wanted[i].what, wanted[i].advice);
        os_free(value);
    }
}

/* --- sequences -------------------------------------------------------------------------------- */

/* "Standard Actions Reference", and the names that dialogs of an end have. */
static const char *const standard_actions[] = {
    "ADMIN",
    "ADVERTISE",
    "AllocateRegistrySpace",
    "AppSearch",
    "BindImage",
    "CCPSearch",
    "CostFinalize",
    "CostInitialize",
    "CreateFolders",
    "CreateShortcuts",
    "DeleteServices",
    "DisableRollback",
    "DuplicateFiles",
    "ExecuteAction",
    "FileCost",
    "FindRelatedProducts",
    "ForceReboot",
    "INSTALL",
    "InstallAdminPackage",
    "InstallExecute",
    "InstallExecuteAgain",
    "InstallFiles",
    "InstallFinalize",
    "InstallInitialize",
    "InstallODBC",
    "InstallSFPCatalogFile",
    "InstallValidate",
    "IsolateComponents",
    "LaunchConditions",
    "MigrateFeatureStates",
    "MoveFiles",
    "MsiConfigureServices",
    "MsiPublishAssemblies",
    "MsiUnpublishAssemblies",
    "PatchFiles",
    "ProcessComponents",
    "PublishComponents",
    "PublishFeatures",
    "PublishProduct",
    "RMCCPSearch",
    "RegisterClassInfo",
    "RegisterComPlus",
    "RegisterExtensionInfo",
    "RegisterFonts",
    "RegisterMIMEInfo",
    "RegisterProduct",
    "RegisterProgIdInfo",
    "RegisterTypeLibraries",
    "RegisterUser",
    "RemoveDuplicateFiles",
    "RemoveEnvironmentStrings",
    "RemoveExistingProducts",
    "RemoveFiles",
    "RemoveFolders",
    "RemoveIniValues",
    "RemoveODBC",
    "RemoveRegistryValues",
    "RemoveShortcuts",
    "ResolveSource",
    "ScheduleReboot",
    "SelfRegModules",
    "SelfUnregModules",
    "SEQUENCE",
    "SetODBCFolders",
    "StartServices",
    "StopServices",
    "UnpublishComponents",
    "UnpublishFeatures",
    "UnpublishProduct",
    "UnregisterClassInfo",
    "UnregisterComPlus",
    "UnregisterExtensionInfo",
    "UnregisterFonts",
    "UnregisterMIMEInfo",
    "UnregisterProgIdInfo",
    "UnregisterTypeLibraries",
    "UnmoveFiles",
    "ValidateProductID",
    "WriteEnvironmentStrings",
    "WriteIniValues",
    "WriteRegistryValues",
    "InstallServices",
    "UnregisterUser",
    "UnregisterProduct",
};

/* These stand in this order where they stand at all. */
static const char16_t *const order[] = {
    u"CostInitialize",    u"CostFinalize",    u"InstallValidate",
    u"InstallInitialize", u"InstallFinalize",
};

struct sequence {
    const char16_t *table;
    i32 at[ARRAY_LEN(order)]; /* 0: not in it */
    u32 rows;
};

static bool is_standard(const char16_t *action)
{
    for (size_t i = 0; i < ARRAY_LEN(standard_actions); i++)
        if (is(action, standard_actions[i]))
            return true;
    return false;
}

static void check_action(struct check *c, struct table *t, u32 row, void *ctx)
{
    char16_t *action = check_text(c, t, row, 0);
    struct sequence *s = ctx;
    i32 at;

    s->rows++;
    for (size_t i = 0; i < ARRAY_LEN(order); i++)
        if (!compare(action, order[i]) && check_int(t, row, check_column(c, t, u"Sequence"), &at))
            s->at[i] = at;
    if (!is_standard(action) && !check_has(c, u"CustomAction", action) &&
        !check_has(c, u"Dialog", action))
        found(c, LEVEL_ERROR, s->table, action,
              "neither a standard action nor in CustomAction or Dialog: error 2726, or it is left "
              "out",
              "add the custom action, or take the row out");
    os_free(action);
}

static void check_sequence(struct check *c, const char16_t *table)
{
    struct sequence s = {.table = table};
    i32 last = 0;

    check_each(c, check_table(c, table), check_action, &s);
    for (size_t i = 0; i < ARRAY_LEN(order); i++) {
        if (s.at[i] && s.at[i] < last)
            found(c, LEVEL_ERROR, table, order[i], "it stands before what must come first",
                  "CostInitialize, CostFinalize, InstallValidate, InstallInitialize, "
                  "InstallFinalize is the order");
        last = s.at[i] ? s.at[i] : last;
    }
    if (!compare(table, u"InstallExecuteSequence") && !s.rows)
        found(c, LEVEL_WARNING, table, NULL, "there are no actions: nothing would be installed",
              "import the usual InstallExecuteSequence");
    else if (!compare(table, u"InstallExecuteSequence") && (!s.at[3] || !s.at[4]))
        found(c, LEVEL_WARNING, table, NULL,
              "without InstallInitialize and InstallFinalize nothing is installed", "add the two");
}

/* What a sequence that counts costs works on. */
static void check_tables_of_sequence(struct check *c)
{
    static const char16_t *const needed[] = {u"Directory", u"Component", u"Feature",
                                             u"FeatureComponents"};

    for (size_t i = 0; i < ARRAY_LEN(needed); i++) {
        if (check_table(c, needed[i]) || !check_has(c, u"InstallExecuteSequence", u"CostFinalize"))
            continue;
        found(c, LEVEL_WARNING, needed[i], NULL,
              "there is no such table, though the sequence counts costs: nothing is installed",
              "add the tables Directory, Component, Feature and FeatureComponents");
        return;
    }
}

void check_product(struct check *c)
{
    static const char16_t *const sequences[] = {
        u"InstallExecuteSequence", u"InstallUISequence",   u"AdminExecuteSequence",
        u"AdminUISequence",        u"AdvtExecuteSequence",
    };

    check_properties(c);
    for (size_t i = 0; i < ARRAY_LEN(sequences); i++)
        if (!i || check_table(c, sequences[i]))
            check_sequence(c, sequences[i]);
    check_tables_of_sequence(c);
}

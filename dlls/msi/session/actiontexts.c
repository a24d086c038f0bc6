/*
 * What is said of actions: the package's words, or those that packages usually have.
 */
#include "actiontexts.h"

#include "rows.h"
#include "textbuf.h"
#include "utf16.h"

/* The fields of a template are those of the ActionData messages of the action's page. */
static const struct {
    const char *action, *description, *template;
} usual[] = {
    {"AllocateRegistrySpace", "Allocating registry space", "Free space: [1]"},
    {"AppSearch", "Searching for installed applications", "Property: [1], Signature: [2]"},
    {"BindImage", "Binding executables", "File: [1]"},
    {"CCPSearch", "Searching for qualifying products", ""},
    {"CostFinalize", "Computing space requirements", ""},
    {"CostInitialize", "Computing space requirements", ""},
    {"CreateFolders", "Creating folders", "Folder: [1]"},
    {"CreateShortcuts", "Creating shortcuts", "Shortcut: [1]"},
    {"DeleteServices", "Deleting services", "Service: [1]"},
    {"DuplicateFiles", "Creating duplicate files", "File: [1],  Directory: [9],  Size: [6]"},
    {"FileCost", "Computing space requirements", ""},
    {"FindRelatedProducts", "Searching for related applications", "Found application: [1]"},
    {"InstallAdminPackage", "Copying network install files",
     "File: [1], Directory: [9], Size: [6]"},
    {"InstallFiles", "Copying new files", "File: [1],  Directory: [9],  Size: [6]"},
    {"InstallODBC", "Installing ODBC components", ""},
    {"InstallSFPCatalogFile", "Installing system catalog", "File: [1],  Dependencies: [2]"},
    {"InstallServices", "Installing new services", "Service: [2]"},
    {"InstallValidate", "Validating install", ""},
    {"LaunchConditions", "Evaluating launch conditions", ""},
    {"MoveFiles", "Moving files", "File: [1],  Directory: [9],  Size: [6]"},
    {"MsiPublishAssemblies", "Publishing assembly information",
     "Application Context:[1], Assembly Name:[2]"},
    {"MsiUnpublishAssemblies", "Unpublishing assembly information",
     "Application Context:[1], Assembly Name:[2]"},
    {"PatchFiles", "Patching files", "File: [1],  Directory: [2],  Size: [3]"},
    {"ProcessComponents", "Updating component registration", ""},
    {"PublishComponents", "Publishing Qualified Components", "Component ID: [1], Qualifier: [2]"},
    {"PublishFeatures", "Publishing Product Features", "Feature: [1]"},
    {"PublishProduct", "Publishing product information", ""},
    {"RMCCPSearch", "Searching for qualifying products", ""},
    {"RegisterClassInfo", "Registering Class servers", "Class Id: [1]"},
    {"RegisterComPlus", "Registering COM+ Applications and Components",
     "AppId: [1]{{, AppType: [2], Users: [3], RSN: [4]}}"},
    {"RegisterExtensionInfo", "Registering extension servers", "Extension: [1]"},
    {"RegisterFonts", "Registering fonts", "Font: [1]"},
    {"RegisterMIMEInfo", "Registering MIME info", "MIME Content Type: [1], Extension: [2]"},
    {"RegisterProduct", "Registering product", "[1]"},
    {"RegisterProgIdInfo", "Registering program identifiers", "ProgId: [1]"},
    {"RegisterTypeLibraries", "Registering type libraries", "LibID: [1]"},
    {"RegisterUser", "Registering user", "[1]"},
    {"RemoveDuplicateFiles", "Removing duplicated files", "File: [1], Directory: [9]"},
    {"RemoveEnvironmentStrings", "Updating environment strings",
     "Name: [1], Value: [2], Action [3]"},
    {"RemoveExistingProducts", "Removing applications", "Application: [1], Command line: [2]"},
    {"RemoveFiles", "Removing files", "File: [1], Directory: [9]"},
    {"RemoveFolders", "Removing folders", "Folder: [1]"},
    {"RemoveIniValues", "Removing INI files entries",
     "File: [1],  Section: [2],  Key: [3], Value: [4]"},
    {"RemoveODBC", "Removing ODBC components", ""},
    {"RemoveRegistryValues", "Removing system registry values", "Key: [1], Name: [2]"},
    {"RemoveShortcuts", "Removing shortcuts", "Shortcut: [1]"},
    {"SelfRegModules", "Registering modules", "File: [1], Folder: [2]"},
    {"SelfUnregModules", "Unregistering modules", "File: [1], Folder: [2]"},
    {"SetODBCFolders", "Initializing ODBC directories", ""},
    {"StartServices", "Starting services", "Service: [1]"},
    {"StopServices", "Stopping services", "Service: [1]"},
    {"UnpublishComponents", "Unpublishing Qualified Components",
     "Component ID: [1], Qualifier: [2]"},
    {"UnpublishFeatures", "Unpublishing Product Features", "Feature: [1]"},
    {"UnregisterClassInfo", "Unregister Class servers", "Class Id: [1]"},
    {"UnregisterComPlus", "Unregistering COM+ Applications and Components",
     "AppId: [1]{{, AppType: [2]}}"},
    {"UnregisterExtensionInfo", "Unregistering extension servers", "Extension: [1]"},
    {"UnregisterFonts", "Unregistering fonts", "Font: [1]"},
    {"UnregisterMIMEInfo", "Unregistering MIME info", "MIME Content Type: [1], Extension: [2]"},
    {"UnregisterProgIdInfo", "Unregistering program identifiers", "ProgId: [1]"},
    {"UnregisterTypeLibraries", "Unregistering type libraries", "LibID: [1]"},
    {"WriteEnvironmentStrings", "Updating environment strings",
     "Name: [1], Value: [2], Action [3]"},
    {"WriteIniValues", "Writing INI files values",
     "File: [1],  Section: [2],  Key: [3], Value: [4]"},
    {"WriteRegistryValues", "Writing system registry values", "Key: [1], Name: [2], Value: [3]"},
};

static u32 take_row(void *ctx, struct record *row)
{
    struct action_text *t = ctx;

    t->description = rec_dup_text(row, 1, &t->description_len);
    t->template = rec_dup_text(row, 2, &t->template_len);
    return t->description && t->template ? ERROR_NO_MORE_ITEMS : ERROR_OUTOFMEMORY;
}

static u32 widen(const char *ascii, char16_t **text, size_t *len)
{
    struct text_buf b;

    tb_init(&b);
    tb_ascii(&b, ascii);
    *text = tb_take(&b, len);
    tb_free(&b);
    return *text ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

static u32 take_usual(const char16_t *action, size_t len, struct action_text *t)
{
    u32 err;

    for (size_t i = 0; i < ARRAY_LEN(usual); i++)
        if (u16_is(action, len, usual[i].action)) {
            err = widen(usual[i].description, &t->description, &t->description_len);
            return err ? err : widen(usual[i].template, &t->template, &t->template_len);
        }
    return ERROR_SUCCESS;
}

u32 action_text_of(struct database *db, const char16_t *action, size_t len, struct action_text *t)
{
    u32 err;

    *t = (struct action_text){0};
    err = rows_each_named(db,
                          u"SELECT `Description`, `Template` FROM `ActionText` WHERE `Action` = ?",
                          action, len, take_row, t);
    return !err && !t->description ? take_usual(action, len, t) : err;
}

void action_text_free(struct action_text *t)
{
    os_free(t->description);
    os_free(t->template);
}

void action_data_template(const char16_t *action, size_t len, const char16_t *template,
                          size_t template_len, struct text_buf *out)
{
    if (!template_len)
        return;
    tb_ascii(out, "{{");
    tb_add(out, action, len);
    tb_ascii(out, ": }}");
    tb_add(out, template, template_len);
}

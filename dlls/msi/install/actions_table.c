/*
 * The actions of the sequence tables that plan operations, in the order of the alphabet. One that
 * is not here is refused, so none is before it does its work.
 */
#include "act_assembly.h"
#include "act_class.h"
#include "act_components.h"
#include "act_environment.h"
#include "act_files.h"
#include "act_fonts.h"
#include "act_ini.h"
#include "act_lock.h"
#include "act_odbc.h"
#include "act_publish.h"
#include "act_qualified.h"
#include "act_register.h"
#include "act_registry.h"
#include "act_selfreg.h"
#include "act_services.h"
#include "act_typelib.h"
#include "install.h"

/* What makes objects that can be secured secures them. */
#define SECURED(name, action, table)                \
    static u32 name(struct install *in)             \
    {                                               \
        u32 err = action(in);                       \
                                                    \
        return err ? err : lock_objects(in, table); \
    }
SECURED(lock_create_folders, create_folders, u"CreateFolder")
SECURED(lock_install_files, install_files, u"File")
SECURED(lock_patch_files, patch_files, u"File")
SECURED(lock_install_services, install_services, u"ServiceInstall")
SECURED(lock_write_registry, act_write_registry, u"Registry")

/* Of Windows Me alone: nothing else has protected files whose catalogs a package brings. */
static u32 install_catalogs(struct install *in)
{
    UNUSED(in);
    return ERROR_SUCCESS;
}

const struct install_action install_actions[] = {
    {"BindImage", bind_image},
    {"CreateFolders", lock_create_folders},
    {"CreateShortcuts", create_shortcuts},
    {"DeleteServices", delete_services},
    {"DuplicateFiles", duplicate_files},
    {"InstallAdminPackage", install_admin_package},
    {"InstallFiles", lock_install_files},
    {"InstallODBC", act_install_odbc},
    {"InstallSFPCatalogFile", install_catalogs},
    {"InstallServices", lock_install_services},
    {"MoveFiles", move_files},
    {"MsiConfigureServices", configure_services},
    {"MsiPublishAssemblies", act_publish_assemblies},
    {"MsiUnpublishAssemblies", act_unpublish_assemblies},
    {"PatchFiles", lock_patch_files},
    {"ProcessComponents", act_process_components},
    {"PublishComponents", act_publish_components},
    {"PublishFeatures", act_publish_features},
    {"PublishProduct", act_publish_product},
    {"RegisterClassInfo", act_register_class},
    {"RegisterExtensionInfo", act_register_extension},
    {"RegisterFonts", act_register_fonts},
    {"RegisterMIMEInfo", act_register_mime},
    {"RegisterProduct", act_register_product},
    {"RegisterProgIdInfo", act_register_prog_id},
    {"RegisterTypeLibraries", act_register_typelibs},
    {"RegisterUser", act_register_user},
    {"RemoveDuplicateFiles", remove_duplicate_files},
    {"RemoveEnvironmentStrings", act_remove_environment},
    {"RemoveFiles", remove_files},
    {"RemoveFolders", remove_folders},
    {"RemoveIniValues", act_remove_ini},
    {"RemoveODBC", act_remove_odbc},
    {"RemoveRegistryValues", act_remove_registry},
    {"RemoveShortcuts", remove_shortcuts},
    {"SelfRegModules", act_register_modules},
    {"SelfUnregModules", act_unregister_modules},
    {"StartServices", start_services},
    {"StopServices", stop_services},
    {"UnpublishComponents", act_unpublish_components},
    {"UnpublishFeatures", act_unpublish_features},
    {"UnregisterClassInfo", act_unregister_class},
    {"UnregisterExtensionInfo", act_unregister_extension},
    {"UnregisterFonts", act_unregister_fonts},
    {"UnregisterMIMEInfo", act_unregister_mime},
    {"UnregisterProgIdInfo", act_unregister_prog_id},
    {"UnregisterTypeLibraries", act_unregister_typelibs},
    {"WriteEnvironmentStrings", act_write_environment},
    {"WriteIniValues", act_write_ini},
    {"WriteRegistryValues", lock_write_registry},
    {NULL, NULL},
};

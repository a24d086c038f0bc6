/*
 * The version resource of every DLL; a .rc file defines DLL_NAME and includes this.
 * CompanyName is how the tests tell our DLL from Wine's.
 */
#include <winver.h>

#define DECANTER_VERSION_NUM 0, 1, 0, 0
#define DECANTER_VERSION_STR "0.1.0.0"

VS_VERSION_INFO VERSIONINFO
FILEVERSION DECANTER_VERSION_NUM
PRODUCTVERSION DECANTER_VERSION_NUM
FILEFLAGSMASK VS_FFI_FILEFLAGSMASK
FILEFLAGS 0
FILEOS VOS_NT_WINDOWS32
FILETYPE VFT_DLL
FILESUBTYPE VFT2_UNKNOWN
BEGIN
    BLOCK "StringFileInfo"
    BEGIN
        BLOCK "040904B0"
        BEGIN
            VALUE "CompanyName", "Decanter"
            VALUE "FileDescription", DLL_NAME
            VALUE "FileVersion", DECANTER_VERSION_STR
            VALUE "InternalName", DLL_NAME
            VALUE "LegalCopyright", "MIT License"
            VALUE "OriginalFilename", DLL_NAME
            VALUE "ProductName", "Decanter"
            VALUE "ProductVersion", DECANTER_VERSION_STR
        END
    END
    BLOCK "VarFileInfo"
    BEGIN
        VALUE "Translation", 0x0409, 0x04B0
    END
END

/*
 * Built-in texts, sorted by their numbers (Error Table; Windows Installer Error Messages).
 */
#include "msgtexts.h"

static const struct text {
    i32 number;
    const char *text;
} texts[] = {
    {0, "{{Fatal error: }}"},
    {1, "Error [1]. "},
    {2, "Warning [1]. "},
    {4, "Info [1]. "},
    /* as Windows' logs have it; the page has what packages used to bring along */
    {5,
     "The installer has encountered an unexpected error installing this package. This may indicate "
     "a problem with this package. The error code is [1]. {{The arguments are: [2], [3], [4]}}"},
    {7, "{{Disk full: }}"},
    {8, "Action [Time]: [1]. [2]"},
    {9, "[ProductName]"},
    {10, "{[2]}{, [3]}{, [4]}"},
    {11, "Message type: [1], Argument: [2]{, [3]}"},
    {12, "=== Logging started: [Date]  [Time] ==="},
    {13, "=== Logging stopped: [Date]  [Time] ==="},
    {14, "Action start [Time]: [1]."},
    {15, "Action ended [Time]: [1]. Return value [2]."},
    {16, "Time remaining: {[1] min }{[2] sec}"},
    {17, "Out of memory. Shut down other applications before retrying."},
    {18, "The installer is no longer responding."},
    {19, "The installer terminated prematurely."},
    {20, "Please wait while Windows configures [ProductName]..."},
    {21, "Gathering required information..."},
    {22, "Removing older versions of this application..."},
    {23, "Preparing to remove older versions of this application..."},
    {32, "{[ProductName] }Setup completed successfully."},
    {33, "{[ProductName] }Setup failed."},
    {1101, "Could not open file stream: [2]. System error: [3]"},
    {1301, "Cannot create the file '[2]'. A directory with this name already exists."},
    {1302, "Please insert the disk: [2]"},
    {1303, "The Installer has insufficient privileges to access this directory: [2]."},
    {1304, "Error writing to File: [2]"},
    {1305, "Error reading from File: [2]; System error code: [3]"},
    {1306, "The file '[2]' is in use. Close the application that is using the file, then retry."},
    {1307, "There is not enough disk space remaining to install this file: [2]."},
    {1308, "Source file not found: [2]"},
    {1309, "Error attempting to open the source file: [3]. System error code: [2]"},
    {1310, "Error attempting to create the destination file: [3]. System error code: [2]"},
    {1311, "Could not locate source file cabinet: [2]."},
    {1312, "Cannot create the directory '[2]'. A file with this name already exists."},
    {1313, "The volume [2] is currently unavailable."},
    {1314, "The specified path [2] is unavailable."},
    {1315, "Unable to write to the specified folder [2]."},
    {1316, "A network error occurred while attempting to read from the file [2]."},
    {1317, "An error occurred while attempting to create the directory [2]."},
    {1318, "A network error occurred while attempting to create the directory [2]."},
    {1319, "A network error occurred while attempting to open the source file cabinet [2]."},
    {1320, "The specified path is too long: [2]."},
    {1321, "The Installer has insufficient privileges to modify the file [2]."},
    {1322, "A portion of the path [2] exceeds the length allowed by the system."},
    {1323, "The path [2] contains words that are not valid in folders."},
    {1324, "The path [2] contains a character that is not valid."},
    {1325, "[2] is not a valid short file name."},
    {1326, "Error getting file security: [3] GetLastError: [2]"},
    {1327, "Invalid Drive: [2]"},
    {1328, "Error applying patch to file [2]. System Error: [3]"},
    {1329, "A file cannot be installed because the cabinet file [2] is not digitally signed."},
    {1330, "A file cannot be installed because the cabinet file [2] has an invalid digital "
           "signature."},
    {1331, "Failed to correctly copy [2] file: CRC error."},
    {1334, "The file '[2]' cannot be installed because it is not in the cabinet file '[3]'."},
    {1335, "The cabinet file '[2]' required for this installation is corrupt and cannot be used."},
    {1401, "Could not create key: [2]. System error [3]."},
    {1402, "Could not open key: [2]. System error [3]."},
    {1403, "Could not delete value [2] from key [3]. System error [4]."},
    {1404, "Could not delete key [2]. System error [3]."},
    {1405, "Could not read value [2] from key [3]. System error [4]."},
    {1406, "Could not write value [2] to key [3]. System error [4]."},
    {1407, "Could not get value names for key [2]. System error [3]."},
    {1408, "Could not get sub key names for key [2]. System error [3]."},
    {1409, "Could not read security information for key [2]. System error [3]."},
    {1410, "Could not increase the available registry space. [2] KB of free registry space is "
           "required."},
    {1500, "Another installation is in progress. It must be completed before this one goes on."},
    {1501, "Error accessing secured data."},
    {1601, "Out of disk space. Volume: '[2]'; required space: [3] KB; available space: [4] KB."},
    {1602, "Are you sure you want to cancel?"},
    {1603, "The file [2][3] is being held in use{ by the following process: Name: [4]}."},
    {1605, "There is not enough disk space with rollback. Volume: '[2]'; required space: [3] KB; "
           "available space: [4] KB."},
    {1606, "Could not access location [2]."},
    {1607, "The following applications should be closed before the installation goes on: [2]"},
    {1609, "An error occurred while applying security settings. [2] is not a valid user or group."},
    {1701, "[2] is not a valid entry for a product ID."},
    {1702, "Configuring [2] cannot be completed until the system is restarted."},
    {1703, "The configuration changes made to [2] take effect when the system is restarted."},
    {1704, "An installation for [2] is currently suspended. Its changes must be undone to go on."},
    {1705, "A previous installation for this product is in progress. Its changes must be undone "
           "to go on."},
    {1706, "No valid source could be found for product [2]."},
    {1707, "Installation operation completed successfully."},
    {1708, "Installation operation failed."},
    {1709, "Product: [2] -- [3]"},
    {1710, "The machine may be restored to its previous state, or the installation may go on "
           "later."},
    {1711, "An error occurred while writing installation information to disk."},
    {1712, "One or more of the files required to restore the machine to its previous state could "
           "not be found."},
    {1713, "[2] cannot install one of its required products. System error: [3]."},
    {1714, "The older version of [2] cannot be removed. System error [3]."},
    {1715, "Installed [2]"},
    {1716, "Configured [2]"},
    {1717, "Removed [2]"},
    {1718, "File [2] was rejected by digital signature policy."},
    {1719, "The Windows Installer service could not be accessed."},
    {1720, "A script required for this installation to complete could not be run. Custom action "
           "[2] script error [3], [4]: [5] Line [6], Column [7], [8]"},
    {1721, "A program required for this installation to complete could not be run. Action: [2], "
           "location: [3], command: [4]"},
    {1722, "A program run as part of the setup did not finish as expected. Action [2], location: "
           "[3], command: [4]"},
    {1723, "A DLL required for this installation to complete could not be run. Action [2], entry: "
           "[3], library: [4]"},
    {1724, "Removal completed successfully."},
    {1725, "Removal failed."},
    {1726, "Advertisement completed successfully."},
    {1727, "Advertisement failed."},
    {1728, "Configuration completed successfully."},
    {1729, "Configuration failed."},
    {1730, "Removing this application takes an administrator."},
    {1801, "The path [2] is not valid"},
    {1802, "Out of memory"},
    {1803, "There is no disk in drive [2]."},
    {1805, "The path [2] does not exist"},
    {1807, "A valid destination folder could not be determined."},
    {1901, "An error occurred while attempting to read from the source install database: [2]."},
    {1903, "Scheduling restart operation: Deleting file [2]. Must restart to complete operation."},
    {1904, "Module [2] failed to register. HRESULT [3]."},
    {1905, "Module [2] failed to unregister. HRESULT [3]."},
    {1906, "Failed to cache package [2]. Error: [3]"},
    {1907, "Could not register font [2]."},
    {1908, "Could not unregister font [2]."},
    {1909, "Could not create shortcut [2]."},
    {1910, "Could not remove shortcut [2]."},
    {1911, "Could not register type library for file [2]."},
    {1912, "Could not unregister type library for file [2]."},
    {1913, "Could not update the .ini file [2][3]."},
    {1914, "Could not schedule file [2] to replace file [3] on restart."},
    {1915, "Error removing ODBC driver manager, ODBC error [2]: [3]."},
    {1916, "Error installing ODBC driver manager, ODBC error [2]: [3]."},
    {1917, "Error removing ODBC driver: [4], ODBC error [2]: [3]."},
    {1918, "Error installing ODBC driver: [4], ODBC error [2]: [3]."},
    {1919, "Error configuring ODBC data source: [4], ODBC error [2]: [3]."},
    {1920, "Service '[2]' ([3]) failed to start."},
    {1921, "Service '[2]' ([3]) could not be stopped."},
    {1922, "Service '[2]' ([3]) could not be deleted."},
    {1923, "Service '[2]' ([3]) could not be installed."},
    {1924, "Could not update environment variable '[2]'."},
    {1925, "Completing this installation for all users takes sufficient privileges."},
    {1926, "Could not set file security for file '[3]'. Error: [2]."},
    {1935, "An error occurred during the installation of assembly '[6]'. HRESULT: [3]. {{assembly "
           "interface: [4], function: [5], component: [2]}}"},
    {1939, "Service '[2]' ([3]) could not be configured. Verify that there is such a service, and "
           "that its settings are right."},
    {1941, "Both LockPermissions and MsiLockPermissionsEx tables were found in the package. Only "
           "one of them may be present."},
    {1942, "Multiple conditions ('[2]' and '[3]') have resolved to true while installing object "
           "[4] (from table [5])."},
    {1943, "SDDL string '[2]' for object [3] (in table [4]) could not be resolved into a valid "
           "security descriptor."},
    {1944, "Could not set security for service '[3]'. Error: [2]."},
    {2356, "Could not locate cabinet in stream: [2]."},
    {2602, "The File table entry '[2]' has no associated entry in the Media table."},
    {2701, "The depth of a feature exceeds the acceptable tree depth of [2] levels."},
    {2711, "The specified Feature name ('[2]') not found in Feature table."},
    {2721, "Custom action [2] not found in Binary table stream"},
    {2723, "Custom action [2] specifies unsupported type [3]"},
    {2726, "Action not found: [2]"},
    {2727, "The directory entry '[2]' does not exist in the Directory table"},
    {2762, "Cannot write script record. Transaction not started."},
};

const char *message_builtin(i32 number)
{
    size_t low = 0, high = ARRAY_LEN(texts);

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (texts[middle].number == number)
            return texts[middle].text;
        if (texts[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

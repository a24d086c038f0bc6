/*
 * Win32 error codes, the only error codes of the project.
 *
 * A Windows build takes them from the SDK; a host build, which has none, from the list below
 * (values: MS-ERREF section 2.2). Add what is needed, in the order of the numbers.
 * Include this after <windows.h> where both are needed.
 */
#ifndef DECANTER_ERROR_H
#define DECANTER_ERROR_H

#ifdef _WIN32
#include <winerror.h>
#else
#define ERROR_SUCCESS                      0u
#define ERROR_INVALID_FUNCTION             1u
#define ERROR_FILE_NOT_FOUND               2u
#define ERROR_PATH_NOT_FOUND               3u
#define ERROR_TOO_MANY_OPEN_FILES          4u
#define ERROR_ACCESS_DENIED                5u
#define ERROR_INVALID_HANDLE               6u
#define ERROR_NOT_ENOUGH_MEMORY            8u
#define ERROR_INVALID_DATA                 13u
#define ERROR_OUTOFMEMORY                  14u
#define ERROR_NOT_SAME_DEVICE              17u
#define ERROR_WRITE_PROTECT                19u
#define ERROR_NOT_READY                    21u
#define ERROR_SEEK                         25u
#define ERROR_WRITE_FAULT                  29u
#define ERROR_READ_FAULT                   30u
#define ERROR_GEN_FAILURE                  31u
#define ERROR_SHARING_VIOLATION            32u
#define ERROR_LOCK_VIOLATION               33u
#define ERROR_HANDLE_EOF                   38u
#define ERROR_HANDLE_DISK_FULL             39u
#define ERROR_NOT_SUPPORTED                50u
#define ERROR_FILE_EXISTS                  80u
#define ERROR_INVALID_PARAMETER            87u
#define ERROR_OPEN_FAILED                  110u
#define ERROR_BUFFER_OVERFLOW              111u
#define ERROR_DISK_FULL                    112u
#define ERROR_CALL_NOT_IMPLEMENTED         120u
#define ERROR_SEM_TIMEOUT                  121u
#define ERROR_INSUFFICIENT_BUFFER          122u
#define ERROR_INVALID_NAME                 123u
#define ERROR_DIR_NOT_EMPTY                145u
#define ERROR_BAD_PATHNAME                 161u
#define ERROR_BUSY                         170u
#define ERROR_ALREADY_EXISTS               183u
#define ERROR_FILENAME_EXCED_RANGE         206u
#define ERROR_FILE_TOO_LARGE               223u
#define ERROR_NO_DATA                      232u
#define ERROR_MORE_DATA                    234u
#define WAIT_TIMEOUT                       258u
#define ERROR_DIRECTORY                    267u
#define ERROR_NO_MORE_ITEMS                259u
#define ERROR_INVALID_ADDRESS              487u
#define ERROR_ARITHMETIC_OVERFLOW          534u
#define ERROR_NOACCESS                     998u
#define ERROR_BADDB                        1009u
#define ERROR_BADKEY                       1010u
#define ERROR_CANTOPEN                     1011u
#define ERROR_CANTREAD                     1012u
#define ERROR_CANTWRITE                    1013u
#define ERROR_REGISTRY_RECOVERED           1014u
#define ERROR_REGISTRY_CORRUPT             1015u
#define ERROR_REGISTRY_IO_FAILED           1016u
#define ERROR_NOT_REGISTRY_FILE            1017u
#define ERROR_KEY_DELETED                  1018u
#define ERROR_NO_LOG_SPACE                 1019u
#define ERROR_KEY_HAS_CHILDREN             1020u
#define ERROR_CHILD_MUST_BE_VOLATILE       1021u
#define ERROR_NOTIFY_ENUM_DIR              1022u
#define ERROR_NO_UNICODE_TRANSLATION       1113u
#define ERROR_IO_DEVICE                    1117u
#define ERROR_CANCELLED                    1223u
#define ERROR_PRIVILEGE_NOT_HELD           1314u
#define ERROR_INVALID_SECURITY_DESCR       1338u
#define ERROR_FILE_CORRUPT                 1392u
#define ERROR_INVALID_INDEX                1413u
#define ERROR_NO_SYSTEM_RESOURCES          1450u
#define ERROR_TIMEOUT                      1460u
#define ERROR_INSTALL_USEREXIT             1602u
#define ERROR_INSTALL_FAILURE              1603u
#define ERROR_INSTALL_SUSPEND              1604u
#define ERROR_UNKNOWN_PRODUCT              1605u
#define ERROR_UNKNOWN_FEATURE              1606u
#define ERROR_UNKNOWN_COMPONENT            1607u
#define ERROR_UNKNOWN_PROPERTY             1608u
#define ERROR_INVALID_HANDLE_STATE         1609u
#define ERROR_BAD_CONFIGURATION            1610u
#define ERROR_INDEX_ABSENT                 1611u
#define ERROR_INSTALL_SOURCE_ABSENT        1612u
#define ERROR_INSTALL_PACKAGE_VERSION      1613u
#define ERROR_BAD_QUERY_SYNTAX             1615u
#define ERROR_INVALID_FIELD                1616u
#define ERROR_INSTALL_ALREADY_RUNNING      1618u
#define ERROR_INSTALL_PACKAGE_OPEN_FAILED  1619u
#define ERROR_INSTALL_PACKAGE_INVALID      1620u
#define ERROR_INSTALL_LOG_FAILURE          1622u
#define ERROR_INSTALL_LANGUAGE_UNSUPPORTED 1623u
#define ERROR_FUNCTION_NOT_CALLED          1626u
#define ERROR_FUNCTION_FAILED              1627u
#define ERROR_INVALID_TABLE                1628u
#define ERROR_DATATYPE_MISMATCH            1629u
#define ERROR_UNSUPPORTED_TYPE             1630u
#define ERROR_INSTALL_PLATFORM_UNSUPPORTED 1633u
#define ERROR_CREATE_FAILED                1631u
#define ERROR_PRODUCT_VERSION              1638u
#define ERROR_INVALID_COMMAND_LINE         1639u
#define ERROR_PATCH_PACKAGE_OPEN_FAILED    1635u
#define ERROR_PATCH_PACKAGE_INVALID        1636u
#define ERROR_PATCH_PACKAGE_UNSUPPORTED    1637u
#define ERROR_PATCH_TARGET_NOT_FOUND       1642u
#define ERROR_SUCCESS_REBOOT_INITIATED     1641u
#define ERROR_PATCH_REMOVAL_UNSUPPORTED    1646u
#define ERROR_UNKNOWN_PATCH                1647u
#define ERROR_PATCH_NO_SEQUENCE            1648u
#define ERROR_PATCH_REMOVAL_DISALLOWED     1649u
#define ERROR_INVALID_PATCH_XML            1650u
#define ERROR_ROLLBACK_DISABLED            1653u
#define ERROR_INVALID_DATATYPE             1804u
#define ERROR_SUCCESS_REBOOT_REQUIRED      3010u
#define ERROR_INSTALL_TRANSFORM_FAILURE    1624u
#endif

/* mingw-w64's winerror.h lacks these. */
#ifndef ERROR_UNKNOWN_PATCH
#define ERROR_UNKNOWN_PATCH 1647
#endif
#ifndef ERROR_PATCH_NO_SEQUENCE
#define ERROR_PATCH_NO_SEQUENCE 1648
#endif
#ifndef ERROR_PATCH_REMOVAL_UNSUPPORTED
#define ERROR_PATCH_REMOVAL_UNSUPPORTED 1646
#endif
#ifndef ERROR_PATCH_REMOVAL_DISALLOWED
#define ERROR_PATCH_REMOVAL_DISALLOWED 1649
#endif
#ifndef ERROR_INVALID_PATCH_XML
#define ERROR_INVALID_PATCH_XML 1650
#endif
#ifndef ERROR_ROLLBACK_DISABLED
#define ERROR_ROLLBACK_DISABLED 1653
#endif
#ifndef ERROR_TRANSACTION_NOT_ACTIVE
#define ERROR_TRANSACTION_NOT_ACTIVE 6701
#endif
#ifndef ERROR_TRANSACTIONAL_CONFLICT
#define ERROR_TRANSACTIONAL_CONFLICT 6800
#endif

#endif

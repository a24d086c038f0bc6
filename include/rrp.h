/* SPDX-License-Identifier: MIT */
/*
 * The methods of the Windows Remote Registry Protocol (MS-RRP, sections 2.2, 3.1.5 and appendix A),
 * taken in process: winreg.dll exports each under its name with the parameters of the IDL in order.
 *
 * A program on Windows includes this as it is (it brings <windows.h>). The registry's own layers
 * and native programs define RRP_STANDALONE first and get the few types alone, without a system
 * header.
 *
 * Rules that hold for every method
 *   - Before WinregStart: ERROR_NOT_READY. From WinregShutdown on: ERROR_WRITE_PROTECT.
 *   - ERROR_BUSY or WAIT_TIMEOUT: a lock was not to be had in time; the call may be repeated.
 *   - Lengths in a string are BYTES. A string given in counts its terminating NUL in Length (a
 *     missing one is forgiven, trailing NULs are dropped). Length 0 is the empty string, with or
 *     without a Buffer; a Length with no Buffer is ERROR_INVALID_PARAMETER.
 *   - A string that comes out counts its NUL in Length. Its room is MaximumLength of the string
 *     given in beside it (of the outgoing string where that is smaller and has a Buffer). It is
 *     written to the outgoing string's Buffer; where that is NULL, to the Buffer of the string
 * given in, and the outgoing Buffer points there; where both are NULL, to memory that the caller
 * frees with WinregFree. Too little room is ERROR_MORE_DATA with the bytes needed in Length.
 *   - Handles are 32-bit values in a pointer-sized type; NULL and what was never given out are
 *     ERROR_INVALID_HANDLE, or ERROR_INVALID_PARAMETER where the protocol says so
 * (BaseRegDeleteKey, BaseRegEnumKey, BaseRegEnumValue, BaseRegGetKeySecurity,
 * BaseRegSetKeySecurity).
 */
#ifndef DECANTER_RRP_H
#define DECANTER_RRP_H

#if defined(_WIN32) && !defined(RRP_STANDALONE)

#include <windows.h>

#else

#include <stdint.h>
#include <uchar.h>

#if defined(_WIN32) && defined(__i386__)
#define WINAPI __attribute__((stdcall))
#else
#define WINAPI
#endif
typedef uint8_t BYTE, *PBYTE, *LPBYTE, BOOLEAN;
typedef uint16_t USHORT;
typedef uint32_t DWORD, *LPDWORD, ULONG, REGSAM, SECURITY_INFORMATION;
typedef char16_t WCHAR, *PWCHAR;
typedef void *HANDLE;
typedef struct _FILETIME {
    DWORD dwLowDateTime;
    DWORD dwHighDateTime;
} FILETIME, *PFILETIME;

#define REG_NONE             0u
#define REG_SZ               1u
#define REG_EXPAND_SZ        2u
#define REG_BINARY           3u
#define REG_DWORD            4u
#define REG_DWORD_BIG_ENDIAN 5u
#define REG_LINK             6u
#define REG_MULTI_SZ         7u
#define REG_QWORD            11u

#define KEY_QUERY_VALUE        0x0001u
#define KEY_SET_VALUE          0x0002u
#define KEY_CREATE_SUB_KEY     0x0004u
#define KEY_ENUMERATE_SUB_KEYS 0x0008u
#define KEY_NOTIFY             0x0010u
#define KEY_CREATE_LINK        0x0020u
#define KEY_WOW64_64KEY        0x0100u
#define KEY_WOW64_32KEY        0x0200u
#define KEY_READ               0x20019u
#define KEY_WRITE              0x20006u
#define KEY_EXECUTE            0x20019u
#define KEY_ALL_ACCESS         0xf003fu
#define DELETE                 0x00010000u
#define READ_CONTROL           0x00020000u
#define WRITE_DAC              0x00040000u
#define WRITE_OWNER            0x00080000u
#define SYNCHRONIZE            0x00100000u
#define ACCESS_SYSTEM_SECURITY 0x01000000u
#define MAXIMUM_ALLOWED        0x02000000u
#define GENERIC_ALL            0x10000000u
#define GENERIC_EXECUTE        0x20000000u
#define GENERIC_WRITE          0x40000000u
#define GENERIC_READ           0x80000000u

#define REG_OPTION_NON_VOLATILE   0u
#define REG_OPTION_VOLATILE       1u
#define REG_OPTION_CREATE_LINK    2u
#define REG_OPTION_BACKUP_RESTORE 4u
#define REG_OPTION_OPEN_LINK      8u
#define REG_CREATED_NEW_KEY       1u
#define REG_OPENED_EXISTING_KEY   2u
#define REG_WHOLE_HIVE_VOLATILE   1u
#define REG_REFRESH_HIVE          2u
#define REG_NO_LAZY_FLUSH         4u
#define REG_FORCE_RESTORE         8u
#define REG_STANDARD_FORMAT       1u
#define REG_LATEST_FORMAT         2u
#define REG_NO_COMPRESSION        4u

#define OWNER_SECURITY_INFORMATION 1u
#define GROUP_SECURITY_INFORMATION 2u
#define DACL_SECURITY_INFORMATION  4u
#define SACL_SECURITY_INFORMATION  8u

#endif

#ifndef REG_OPTION_DONT_VIRTUALIZE
#define REG_OPTION_DONT_VIRTUALIZE 0x10u
#endif

#ifdef __cplusplus
extern "C" {
#endif

typedef HANDLE RPC_HKEY;
typedef RPC_HKEY *PRPC_HKEY;
typedef PWCHAR PREGISTRY_SERVER_NAME;

/* Length and MaximumLength are bytes. */
typedef struct _RPC_UNICODE_STRING {
    USHORT Length;
    USHORT MaximumLength;
    PWCHAR Buffer;
} RPC_UNICODE_STRING, *PRPC_UNICODE_STRING, RRP_UNICODE_STRING, *PRRP_UNICODE_STRING;

/* ve_valueptr: on return the offset of the data in the value buffer. */
typedef struct _RVALENT {
    PRPC_UNICODE_STRING ve_valuename;
    DWORD ve_valuelen;
    LPDWORD ve_valueptr;
    DWORD ve_type;
} RVALENT, *PRVALENT;

typedef struct _RPC_SECURITY_DESCRIPTOR {
    PBYTE lpSecurityDescriptor; /* self-relative */
    DWORD cbInSecurityDescriptor;
    DWORD cbOutSecurityDescriptor;
} RPC_SECURITY_DESCRIPTOR, *PRPC_SECURITY_DESCRIPTOR;

typedef struct _RPC_SECURITY_ATTRIBUTES {
    DWORD nLength;
    RPC_SECURITY_DESCRIPTOR RpcSecurityDescriptor;
    BOOLEAN bInheritHandle;
} RPC_SECURITY_ATTRIBUTES, *PRPC_SECURITY_ATTRIBUTES;

/* ---- the server's life ------------------------------------------------------------------------
 */

/* Starts the server on the hives of a folder (made where it is missing); NULL is the folder that
 * DECANTER_HIVES names, or "config" beside winreg.dll. No file is touched before the first key of
 * its hive is. ERROR_ALREADY_EXISTS: it runs already, on another folder; running on the same one is
 * success. After WinregShutdown it starts anew. DECANTER_REFLECTION=1 turns reflection between the
 * 32-bit and the 64-bit namespace on, as Windows Vista had it (BaseRegCloseKey). */
DWORD WINAPI WinregStart(const WCHAR *folder);
/* Writes everything out and closes every handle. ERROR_NOT_READY before the first start,
 * ERROR_WRITE_PROTECT when it was shut down before. */
DWORD WINAPI WinregShutdown(void);
/* Frees memory that a method gave out; NULL is nothing. */
void WINAPI WinregFree(void *p);
/* Whether an HKEY of the Reg* functions, predefined ones too, is a key of the hives: 0 where it
 * stays Wine's, or is none. */
DWORD WINAPI WinregHolds(RPC_HKEY key);

/* ---- transactions ------------------------------------------------------------------------------
 */

/* A transaction that RegCreateKeyTransacted, RegOpenKeyTransacted and RegDeleteKeyTransacted take.
 * What is done under it is seen through its own keys alone, until it is committed. BaseRegCloseKey
 * (or RegCloseKey) closes the handle, which rolls back what was not committed. */
DWORD WINAPI WinregCreateTransaction(PRPC_HKEY transaction);
/* ERROR_TRANSACTION_NOT_ACTIVE: it has ended. ERROR_TRANSACTIONAL_CONFLICT: a key it changed is
 * gone; nothing of it is kept. */
DWORD WINAPI WinregCommitTransaction(RPC_HKEY transaction);
DWORD WINAPI WinregRollbackTransaction(RPC_HKEY transaction);

/* ---- the methods, by opnum ----------------------------------------------------------------------
 */

/* 0..4: ServerName is ignored. *phKey is NULL on failure. ERROR_INVALID_PARAMETER: phKey NULL, both
 * KEY_WOW64 bits, bits of samDesired that mean nothing. ERROR_ACCESS_DENIED. */
DWORD WINAPI OpenClassesRoot(PREGISTRY_SERVER_NAME ServerName, REGSAM samDesired, PRPC_HKEY phKey);
DWORD WINAPI OpenCurrentUser(PREGISTRY_SERVER_NAME ServerName, REGSAM samDesired, PRPC_HKEY phKey);
DWORD WINAPI OpenLocalMachine(PREGISTRY_SERVER_NAME ServerName, REGSAM samDesired, PRPC_HKEY phKey);
DWORD WINAPI OpenPerformanceData(PREGISTRY_SERVER_NAME ServerName, REGSAM samDesired,
                                 PRPC_HKEY phKey);
DWORD WINAPI OpenUsers(PREGISTRY_SERVER_NAME ServerName, REGSAM samDesired, PRPC_HKEY phKey);
/* 5: sets *hKey to NULL on success and leaves it alone on failure. */
DWORD WINAPI BaseRegCloseKey(PRPC_HKEY hKey);
/* 6 */
DWORD WINAPI BaseRegCreateKey(RPC_HKEY hKey, PRRP_UNICODE_STRING lpSubKey,
                              PRRP_UNICODE_STRING lpClass, DWORD dwOptions, REGSAM samDesired,
                              PRPC_SECURITY_ATTRIBUTES lpSecurityAttributes, PRPC_HKEY phkResult,
                              LPDWORD lpdwDisposition);
/* 7: one key without subkeys (ERROR_ACCESS_DENIED with some), in the 64-bit namespace. */
DWORD WINAPI BaseRegDeleteKey(RPC_HKEY hKey, PRRP_UNICODE_STRING lpSubKey);
DWORD WINAPI BaseRegDeleteValue(RPC_HKEY hKey, PRRP_UNICODE_STRING lpValueName);
/* 9: lpClassIn NULL: no class is wanted. */
DWORD WINAPI BaseRegEnumKey(RPC_HKEY hKey, DWORD dwIndex, PRRP_UNICODE_STRING lpNameIn,
                            PRRP_UNICODE_STRING lpNameOut, PRRP_UNICODE_STRING lpClassIn,
                            PRPC_UNICODE_STRING *lplpClassOut, PFILETIME lpftLastWriteTime);
/* 10: lpType, lpData may be NULL; lpData wants lpcbData and lpcbLen. As 17 otherwise. */
DWORD WINAPI BaseRegEnumValue(RPC_HKEY hKey, DWORD dwIndex, PRRP_UNICODE_STRING lpValueNameIn,
                              PRPC_UNICODE_STRING lpValueNameOut, LPDWORD lpType, LPBYTE lpData,
                              LPDWORD lpcbData, LPDWORD lpcbLen);
DWORD WINAPI BaseRegFlushKey(RPC_HKEY hKey);
/* 12: room is pRpcSecurityDescriptorIn->cbInSecurityDescriptor; on ERROR_INSUFFICIENT_BUFFER the
 * out structure's cbInSecurityDescriptor is what is needed. */
DWORD WINAPI BaseRegGetKeySecurity(RPC_HKEY hKey, SECURITY_INFORMATION SecurityInformation,
                                   PRPC_SECURITY_DESCRIPTOR pRpcSecurityDescriptorIn,
                                   PRPC_SECURITY_DESCRIPTOR pRpcSecurityDescriptorOut);
DWORD WINAPI BaseRegLoadKey(RPC_HKEY hKey, PRRP_UNICODE_STRING lpSubKey,
                            PRRP_UNICODE_STRING lpFile);
DWORD WINAPI Opnum14NotImplemented(void);
/* 15: *phkResult is NULL on failure. */
DWORD WINAPI BaseRegOpenKey(RPC_HKEY hKey, PRRP_UNICODE_STRING lpSubKey, DWORD dwOptions,
                            REGSAM samDesired, PRPC_HKEY phkResult);
/* 16: lengths of names and classes in characters without a NUL, of data and of the descriptor in
 * bytes. lpClassIn or lpClassOut NULL: no class is wanted. */
DWORD WINAPI BaseRegQueryInfoKey(RPC_HKEY hKey, PRRP_UNICODE_STRING lpClassIn,
                                 PRPC_UNICODE_STRING lpClassOut, LPDWORD lpcSubKeys,
                                 LPDWORD lpcbMaxSubKeyLen, LPDWORD lpcbMaxClassLen,
                                 LPDWORD lpcValues, LPDWORD lpcbMaxValueNameLen,
                                 LPDWORD lpcbMaxValueLen, LPDWORD lpcbSecurityDescriptor,
                                 PFILETIME lpftLastWriteTime);
/* 17: lpType, lpcbData and lpcbLen must be there. *lpcbData: room in, size of the data out (also on
 * ERROR_MORE_DATA, and with lpData NULL, which is success). *lpcbLen: bytes written to lpData. */
DWORD WINAPI BaseRegQueryValue(RPC_HKEY hKey, PRRP_UNICODE_STRING lpValueName, LPDWORD lpType,
                               LPBYTE lpData, LPDWORD lpcbData, LPDWORD lpcbLen);
DWORD WINAPI BaseRegReplaceKey(RPC_HKEY hKey, PRRP_UNICODE_STRING lpSubKey,
                               PRRP_UNICODE_STRING lpNewFile, PRRP_UNICODE_STRING lpOldFile);
DWORD WINAPI BaseRegRestoreKey(RPC_HKEY hKey, PRRP_UNICODE_STRING lpFile, DWORD Flags);
DWORD WINAPI BaseRegSaveKey(RPC_HKEY hKey, PRRP_UNICODE_STRING lpFile,
                            PRPC_SECURITY_ATTRIBUTES pSecurityAttributes);
DWORD WINAPI BaseRegSetKeySecurity(RPC_HKEY hKey, SECURITY_INFORMATION SecurityInformation,
                                   PRPC_SECURITY_DESCRIPTOR pRpcSecurityDescriptor);
DWORD WINAPI BaseRegSetValue(RPC_HKEY hKey, PRRP_UNICODE_STRING lpValueName, DWORD dwType,
                             LPBYTE lpData, DWORD cbData);
DWORD WINAPI BaseRegUnLoadKey(RPC_HKEY hKey, PRRP_UNICODE_STRING lpSubKey);
DWORD WINAPI Opnum24NotImplemented(void);
DWORD WINAPI Opnum25NotImplemented(void);
/* 26: 6, which says that both namespaces are there. */
DWORD WINAPI BaseRegGetVersion(RPC_HKEY hKey, LPDWORD lpdwVersion);
DWORD WINAPI OpenCurrentConfig(PREGISTRY_SERVER_NAME ServerName, REGSAM samDesired,
                               PRPC_HKEY phKey);
DWORD WINAPI Opnum28NotImplemented(void);
/* 29: *ldwTotsize: room in, bytes used or needed out. Each value's data starts on a multiple of 4.
 */
DWORD WINAPI BaseRegQueryMultipleValues(RPC_HKEY hKey, PRVALENT val_listIn, PRVALENT val_listOut,
                                        DWORD num_vals, char *lpvalueBuf, LPDWORD ldwTotsize);
DWORD WINAPI Opnum30NotImplemented(void);
DWORD WINAPI BaseRegSaveKeyEx(RPC_HKEY hKey, PRRP_UNICODE_STRING lpFile,
                              PRPC_SECURITY_ATTRIBUTES pSecurityAttributes, DWORD Flags);
DWORD WINAPI OpenPerformanceText(PREGISTRY_SERVER_NAME ServerName, REGSAM samDesired,
                                 PRPC_HKEY phKey);
DWORD WINAPI OpenPerformanceNlsText(PREGISTRY_SERVER_NAME ServerName, REGSAM samDesired,
                                    PRPC_HKEY phKey);
DWORD WINAPI BaseRegQueryMultipleValues2(RPC_HKEY hKey, PRVALENT val_listIn, PRVALENT val_listOut,
                                         DWORD num_vals, char *lpvalueBuf, LPDWORD ldwTotsize,
                                         LPDWORD ldwRequiredSize);
/* 35: AccessMask's KEY_WOW64 bits choose the namespace. */
DWORD WINAPI BaseRegDeleteKeyEx(RPC_HKEY hKey, PRRP_UNICODE_STRING lpSubKey, REGSAM AccessMask,
                                DWORD Reserved);

#ifdef __cplusplus
}
#endif

#endif

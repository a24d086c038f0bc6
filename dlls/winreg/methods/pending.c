/*
 * The methods until they are there. Each answers ERROR_CALL_NOT_IMPLEMENTED; remove a method here
 * when it gets its body elsewhere.
 */
#include "rrp.h"

#include "base.h"
#include "error.h"

DWORD WINAPI WinregStart(const WCHAR *folder)
{
    UNUSED(folder);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI WinregShutdown(void)
{
    return ERROR_CALL_NOT_IMPLEMENTED;
}

void WINAPI WinregFree(void *p)
{
    UNUSED(p);
}

DWORD WINAPI OpenClassesRoot(PREGISTRY_SERVER_NAME ServerName, REGSAM samDesired, PRPC_HKEY phKey)
{
    UNUSED(ServerName);
    UNUSED(samDesired);
    UNUSED(phKey);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI OpenCurrentUser(PREGISTRY_SERVER_NAME ServerName, REGSAM samDesired, PRPC_HKEY phKey)
{
    UNUSED(ServerName);
    UNUSED(samDesired);
    UNUSED(phKey);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI OpenLocalMachine(PREGISTRY_SERVER_NAME ServerName, REGSAM samDesired, PRPC_HKEY phKey)
{
    UNUSED(ServerName);
    UNUSED(samDesired);
    UNUSED(phKey);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI OpenPerformanceData(PREGISTRY_SERVER_NAME ServerName, REGSAM samDesired,
                                 PRPC_HKEY phKey)
{
    UNUSED(ServerName);
    UNUSED(samDesired);
    UNUSED(phKey);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI OpenUsers(PREGISTRY_SERVER_NAME ServerName, REGSAM samDesired, PRPC_HKEY phKey)
{
    UNUSED(ServerName);
    UNUSED(samDesired);
    UNUSED(phKey);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI BaseRegCloseKey(PRPC_HKEY hKey)
{
    UNUSED(hKey);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI BaseRegCreateKey(RPC_HKEY hKey, PRRP_UNICODE_STRING lpSubKey,
                              PRRP_UNICODE_STRING lpClass, DWORD dwOptions, REGSAM samDesired,
                              PRPC_SECURITY_ATTRIBUTES lpSecurityAttributes, PRPC_HKEY phkResult,
                              LPDWORD lpdwDisposition)
{
    UNUSED(hKey);
    UNUSED(lpSubKey);
    UNUSED(lpClass);
    UNUSED(dwOptions);
    UNUSED(samDesired);
    UNUSED(lpSecurityAttributes);
    UNUSED(phkResult);
    UNUSED(lpdwDisposition);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI BaseRegDeleteKey(RPC_HKEY hKey, PRRP_UNICODE_STRING lpSubKey)
{
    UNUSED(hKey);
    UNUSED(lpSubKey);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI BaseRegDeleteValue(RPC_HKEY hKey, PRRP_UNICODE_STRING lpValueName)
{
    UNUSED(hKey);
    UNUSED(lpValueName);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI BaseRegEnumKey(RPC_HKEY hKey, DWORD dwIndex, PRRP_UNICODE_STRING lpNameIn,
                            PRRP_UNICODE_STRING lpNameOut, PRRP_UNICODE_STRING lpClassIn,
                            PRPC_UNICODE_STRING *lplpClassOut, PFILETIME lpftLastWriteTime)
{
    UNUSED(hKey);
    UNUSED(dwIndex);
    UNUSED(lpNameIn);
    UNUSED(lpNameOut);
    UNUSED(lpClassIn);
    UNUSED(lplpClassOut);
    UNUSED(lpftLastWriteTime);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI BaseRegEnumValue(RPC_HKEY hKey, DWORD dwIndex, PRRP_UNICODE_STRING lpValueNameIn,
                              PRPC_UNICODE_STRING lpValueNameOut, LPDWORD lpType, LPBYTE lpData,
                              LPDWORD lpcbData, LPDWORD lpcbLen)
{
    UNUSED(hKey);
    UNUSED(dwIndex);
    UNUSED(lpValueNameIn);
    UNUSED(lpValueNameOut);
    UNUSED(lpType);
    UNUSED(lpData);
    UNUSED(lpcbData);
    UNUSED(lpcbLen);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI BaseRegFlushKey(RPC_HKEY hKey)
{
    UNUSED(hKey);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI BaseRegGetKeySecurity(RPC_HKEY hKey, SECURITY_INFORMATION SecurityInformation,
                                   PRPC_SECURITY_DESCRIPTOR pRpcSecurityDescriptorIn,
                                   PRPC_SECURITY_DESCRIPTOR pRpcSecurityDescriptorOut)
{
    UNUSED(hKey);
    UNUSED(SecurityInformation);
    UNUSED(pRpcSecurityDescriptorIn);
    UNUSED(pRpcSecurityDescriptorOut);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI BaseRegLoadKey(RPC_HKEY hKey, PRRP_UNICODE_STRING lpSubKey, PRRP_UNICODE_STRING lpFile)
{
    UNUSED(hKey);
    UNUSED(lpSubKey);
    UNUSED(lpFile);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI Opnum14NotImplemented(void)
{
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI BaseRegOpenKey(RPC_HKEY hKey, PRRP_UNICODE_STRING lpSubKey, DWORD dwOptions,
                            REGSAM samDesired, PRPC_HKEY phkResult)
{
    UNUSED(hKey);
    UNUSED(lpSubKey);
    UNUSED(dwOptions);
    UNUSED(samDesired);
    UNUSED(phkResult);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI BaseRegQueryInfoKey(RPC_HKEY hKey, PRRP_UNICODE_STRING lpClassIn,
                                 PRPC_UNICODE_STRING lpClassOut, LPDWORD lpcSubKeys,
                                 LPDWORD lpcbMaxSubKeyLen, LPDWORD lpcbMaxClassLen,
                                 LPDWORD lpcValues, LPDWORD lpcbMaxValueNameLen,
                                 LPDWORD lpcbMaxValueLen, LPDWORD lpcbSecurityDescriptor,
                                 PFILETIME lpftLastWriteTime)
{
    UNUSED(hKey);
    UNUSED(lpClassIn);
    UNUSED(lpClassOut);
    UNUSED(lpcSubKeys);
    UNUSED(lpcbMaxSubKeyLen);
    UNUSED(lpcbMaxClassLen);
    UNUSED(lpcValues);
    UNUSED(lpcbMaxValueNameLen);
    UNUSED(lpcbMaxValueLen);
    UNUSED(lpcbSecurityDescriptor);
    UNUSED(lpftLastWriteTime);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI BaseRegQueryValue(RPC_HKEY hKey, PRRP_UNICODE_STRING lpValueName, LPDWORD lpType,
                               LPBYTE lpData, LPDWORD lpcbData, LPDWORD lpcbLen)
{
    UNUSED(hKey);
    UNUSED(lpValueName);
    UNUSED(lpType);
    UNUSED(lpData);
    UNUSED(lpcbData);
    UNUSED(lpcbLen);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI BaseRegReplaceKey(RPC_HKEY hKey, PRRP_UNICODE_STRING lpSubKey,
                               PRRP_UNICODE_STRING lpNewFile, PRRP_UNICODE_STRING lpOldFile)
{
    UNUSED(hKey);
    UNUSED(lpSubKey);
    UNUSED(lpNewFile);
    UNUSED(lpOldFile);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI BaseRegRestoreKey(RPC_HKEY hKey, PRRP_UNICODE_STRING lpFile, DWORD Flags)
{
    UNUSED(hKey);
    UNUSED(lpFile);
    UNUSED(Flags);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI BaseRegSaveKey(RPC_HKEY hKey, PRRP_UNICODE_STRING lpFile,
                            PRPC_SECURITY_ATTRIBUTES pSecurityAttributes)
{
    UNUSED(hKey);
    UNUSED(lpFile);
    UNUSED(pSecurityAttributes);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI BaseRegSetKeySecurity(RPC_HKEY hKey, SECURITY_INFORMATION SecurityInformation,
                                   PRPC_SECURITY_DESCRIPTOR pRpcSecurityDescriptor)
{
    UNUSED(hKey);
    UNUSED(SecurityInformation);
    UNUSED(pRpcSecurityDescriptor);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI BaseRegSetValue(RPC_HKEY hKey, PRRP_UNICODE_STRING lpValueName, DWORD dwType,
                             LPBYTE lpData, DWORD cbData)
{
    UNUSED(hKey);
    UNUSED(lpValueName);
    UNUSED(dwType);
    UNUSED(lpData);
    UNUSED(cbData);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI BaseRegUnLoadKey(RPC_HKEY hKey, PRRP_UNICODE_STRING lpSubKey)
{
    UNUSED(hKey);
    UNUSED(lpSubKey);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI Opnum24NotImplemented(void)
{
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI Opnum25NotImplemented(void)
{
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI BaseRegGetVersion(RPC_HKEY hKey, LPDWORD lpdwVersion)
{
    UNUSED(hKey);
    UNUSED(lpdwVersion);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI OpenCurrentConfig(PREGISTRY_SERVER_NAME ServerName, REGSAM samDesired, PRPC_HKEY phKey)
{
    UNUSED(ServerName);
    UNUSED(samDesired);
    UNUSED(phKey);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI Opnum28NotImplemented(void)
{
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI BaseRegQueryMultipleValues(RPC_HKEY hKey, PRVALENT val_listIn, PRVALENT val_listOut,
                                        DWORD num_vals, char *lpvalueBuf, LPDWORD ldwTotsize)
{
    UNUSED(hKey);
    UNUSED(val_listIn);
    UNUSED(val_listOut);
    UNUSED(num_vals);
    UNUSED(lpvalueBuf);
    UNUSED(ldwTotsize);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI Opnum30NotImplemented(void)
{
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI BaseRegSaveKeyEx(RPC_HKEY hKey, PRRP_UNICODE_STRING lpFile,
                              PRPC_SECURITY_ATTRIBUTES pSecurityAttributes, DWORD Flags)
{
    UNUSED(hKey);
    UNUSED(lpFile);
    UNUSED(pSecurityAttributes);
    UNUSED(Flags);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI OpenPerformanceText(PREGISTRY_SERVER_NAME ServerName, REGSAM samDesired,
                                 PRPC_HKEY phKey)
{
    UNUSED(ServerName);
    UNUSED(samDesired);
    UNUSED(phKey);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI OpenPerformanceNlsText(PREGISTRY_SERVER_NAME ServerName, REGSAM samDesired,
                                    PRPC_HKEY phKey)
{
    UNUSED(ServerName);
    UNUSED(samDesired);
    UNUSED(phKey);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI BaseRegQueryMultipleValues2(RPC_HKEY hKey, PRVALENT val_listIn, PRVALENT val_listOut,
                                         DWORD num_vals, char *lpvalueBuf, LPDWORD ldwTotsize,
                                         LPDWORD ldwRequiredSize)
{
    UNUSED(hKey);
    UNUSED(val_listIn);
    UNUSED(val_listOut);
    UNUSED(num_vals);
    UNUSED(lpvalueBuf);
    UNUSED(ldwTotsize);
    UNUSED(ldwRequiredSize);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

DWORD WINAPI BaseRegDeleteKeyEx(RPC_HKEY hKey, PRRP_UNICODE_STRING lpSubKey, REGSAM AccessMask,
                                DWORD Reserved)
{
    UNUSED(hKey);
    UNUSED(lpSubKey);
    UNUSED(AccessMask);
    UNUSED(Reserved);
    return ERROR_CALL_NOT_IMPLEMENTED;
}

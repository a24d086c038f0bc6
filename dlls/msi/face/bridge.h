/*
 * Calls that mix handles of ours and of a far side, which is Wine's msi.dll or, in a host of custom
 * actions, the process that installs: the record of the one side is copied to the other for the
 * length of the call. And those without a handle that concern both.
 */
#ifndef MSI_BRIDGE_H
#define MSI_BRIDGE_H

#include <windows.h>
#include <msi.h>
#include <msiquery.h>

UINT WINAPI bridge_MsiCloseHandle(MSIHANDLE h);
UINT WINAPI bridge_MsiCloseAllHandles(void);
MSIHANDLE WINAPI bridge_MsiGetLastErrorRecord(void);
int WINAPI bridge_MsiProcessMessage(MSIHANDLE install, INSTALLMESSAGE type, MSIHANDLE record);
UINT WINAPI bridge_MsiViewExecute(MSIHANDLE view, MSIHANDLE record);
UINT WINAPI bridge_MsiViewModify(MSIHANDLE view, MSIMODIFY mode, MSIHANDLE record);
UINT WINAPI bridge_MsiFormatRecordA(MSIHANDLE install, MSIHANDLE record, char *buf, DWORD *size);
UINT WINAPI bridge_MsiFormatRecordW(MSIHANDLE install, MSIHANDLE record, WCHAR *buf, DWORD *size);
UINT WINAPI bridge_MsiDatabaseMergeA(MSIHANDLE db, MSIHANDLE from, const char *table);
UINT WINAPI bridge_MsiDatabaseMergeW(MSIHANDLE db, MSIHANDLE from, const WCHAR *table);
UINT WINAPI bridge_MsiDatabaseGenerateTransformA(MSIHANDLE db, MSIHANDLE base, const char *file,
                                                 int reserved, int reserved2);
UINT WINAPI bridge_MsiDatabaseGenerateTransformW(MSIHANDLE db, MSIHANDLE base, const WCHAR *file,
                                                 int reserved, int reserved2);
UINT WINAPI bridge_MsiCreateTransformSummaryInfoA(MSIHANDLE db, MSIHANDLE base, const char *file,
                                                  int errors, int validation);
UINT WINAPI bridge_MsiCreateTransformSummaryInfoW(MSIHANDLE db, MSIHANDLE base, const WCHAR *file,
                                                  int errors, int validation);

#endif

/*
 * The parts of the registry that stay Wine's in a prefix, and kernelbase, which serves them.
 *
 * The file wine-parts.txt in the folder of the hives lists key paths, one on a line, as in
 *
 *     HKEY_LOCAL_MACHINE\HARDWARE
 *     HKEY_CURRENT_USER\Software\Wine
 *
 * with # before comments. A key at or below one of them is opened through kernelbase and its HKEY
 * is the kernel handle; every function passes such a handle on. Without the file no path is
 * passed on.
 */
#ifndef DECANTER_WINEPARTS_H
#define DECANTER_WINEPARTS_H

#include "face.h"

/* kernelbase's functions, found at run time: importing them would be Wine's business, and
 * advapi32's are our own. NULL where this Wine has none. */
struct wine_functions {
    LSTATUS(WINAPI *CloseKey)(HKEY);
    LSTATUS(WINAPI *CopyTreeW)(HKEY, LPCWSTR, HKEY);
    LSTATUS(WINAPI *CreateKeyExW)
    (HKEY, LPCWSTR, DWORD, LPWSTR, DWORD, REGSAM, SECURITY_ATTRIBUTES *, HKEY *, DWORD *);
    LSTATUS(WINAPI *DeleteKeyExW)(HKEY, LPCWSTR, REGSAM, DWORD);
    LSTATUS(WINAPI *DeleteTreeW)(HKEY, LPCWSTR);
    LSTATUS(WINAPI *DeleteValueW)(HKEY, LPCWSTR);
    LSTATUS(WINAPI *EnumKeyExW)
    (HKEY, DWORD, LPWSTR, DWORD *, DWORD *, LPWSTR, DWORD *, FILETIME *);
    LSTATUS(WINAPI *EnumValueW)
    (HKEY, DWORD, LPWSTR, DWORD *, DWORD *, DWORD *, BYTE *, DWORD *);
    LSTATUS(WINAPI *FlushKey)(HKEY);
    LSTATUS(WINAPI *GetKeySecurity)(HKEY, SECURITY_INFORMATION, PSECURITY_DESCRIPTOR, DWORD *);
    LSTATUS(WINAPI *LoadKeyW)(HKEY, LPCWSTR, LPCWSTR);
    LSTATUS(WINAPI *NotifyChangeKeyValue)(HKEY, BOOL, DWORD, HANDLE, BOOL);
    LSTATUS(WINAPI *OpenKeyExW)(HKEY, LPCWSTR, DWORD, REGSAM, HKEY *);
    LSTATUS(WINAPI *QueryInfoKeyW)
    (HKEY, LPWSTR, DWORD *, DWORD *, DWORD *, DWORD *, DWORD *, DWORD *, DWORD *, DWORD *, DWORD *,
     FILETIME *);
    LSTATUS(WINAPI *QueryValueExW)(HKEY, LPCWSTR, DWORD *, DWORD *, BYTE *, DWORD *);
    LSTATUS(WINAPI *SaveKeyExW)(HKEY, LPCWSTR, SECURITY_ATTRIBUTES *, DWORD);
    LSTATUS(WINAPI *SetKeySecurity)(HKEY, SECURITY_INFORMATION, PSECURITY_DESCRIPTOR);
    LSTATUS(WINAPI *SetValueExW)(HKEY, LPCWSTR, DWORD, DWORD, const BYTE *, DWORD);
    LSTATUS(WINAPI *UnLoadKeyW)(HKEY, LPCWSTR);
    LSTATUS(WINAPI *QueryValueExA)(HKEY, LPCSTR, DWORD *, DWORD *, BYTE *, DWORD *);
};

const struct wine_functions *wine_functions(void);

/* Calls a function of kernelbase: WINE(OpenKeyExW, key, ...). */
#define WINE(name, ...)                                                \
    (wine_functions()->name ? (u32)wine_functions()->name(__VA_ARGS__) \
                            : (u32)ERROR_CALL_NOT_IMPLEMENTED)

void wine_close(HKEY key);

struct create_how;

/* As kernelbase's RegOpenKeyExW and RegCreateKeyExW, for handles that go to the program: a value
 * that our table had, and that the program closed behind our back, is Wine's from then on. */
u32 wine_open(HKEY key, const WCHAR *subkey, DWORD options, REGSAM access, HKEY *out);
u32 wine_create(HKEY key, const WCHAR *subkey, const WCHAR *class_name,
                const struct create_how *how, HKEY *out, DWORD *disposition);

/* Opens the path below key (which k serves) through kernelbase, if it is a part that stays Wine's:
 * true then, *err being the answer. One load and one branch where there are no such parts. */
bool parts_open(HKEY key, const struct face_key *k, const WCHAR *subkey, DWORD options,
                REGSAM access, HKEY *out, u32 *err);
bool parts_create(HKEY key, const struct face_key *k, const WCHAR *subkey, const WCHAR *class_name,
                  const struct create_how *how, HKEY *out, DWORD *disposition, u32 *err);
bool parts_delete(HKEY key, const struct face_key *k, const WCHAR *subkey, REGSAM access, u32 *err);

/* Whether the path is a part, or has parts below it. */
bool parts_at_or_below(HKEY key, const struct face_key *k, const WCHAR *subkey);
/* Whether the predefined key itself lies in a part: HKEY_CURRENT_CONFIG and HKEY_CLASSES_ROOT
 * (which is where the machine's classes are) can, and HKEY_DYN_DATA is Wine's where anything is. */
bool parts_root(HKEY root);
/* Reads the file; before the first other call here. */
void parts_load(void);

/* Where RegEnumKeyEx puts what it finds; class_name, class_len and time may be NULL. */
struct enum_room {
    WCHAR *name;
    DWORD *name_len;
    WCHAR *class_name;
    DWORD *class_len;
    FILETIME *time;
};

/* The parts directly below a key are seen among its subkeys: the entry at `index`, which lies
 * beyond the key's own. ERROR_NO_MORE_ITEMS, ERROR_MORE_DATA. */
u32 parts_enum(HKEY key, const struct face_key *k, DWORD index, const struct enum_room *to);
/* Adds them to what RegQueryInfoKey tells; either may be NULL. */
void parts_count(HKEY key, const struct face_key *k, DWORD *subkeys, DWORD *max_len);

#endif

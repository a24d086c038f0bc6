/*
 * Opening and creating keys, for the functions that open one on their way.
 */
#ifndef DECANTER_FACE_OPEN_H
#define DECANTER_FACE_OPEN_H

#include "face.h"

/* As RegOpenKeyExW without its rules about NULL: *out is a new handle. */
u32 open_below(HKEY key, const WCHAR *subkey, DWORD options, REGSAM access, HKEY *out);

struct create_how {
    DWORD options; /* REG_OPTION_* */
    REGSAM access;
    const SECURITY_ATTRIBUTES *sa; /* or NULL */
};
/* As RegCreateKeyExW; *disposition is set on success. */
u32 create_below(HKEY key, const WCHAR *subkey, const WCHAR *class_name,
                 const struct create_how *how, HKEY *out, DWORD *disposition);

/* A key for one operation: `key` itself where subkey is NULL or empty, else one opened below it,
 * which close_for then closes. */
u32 open_for(HKEY key, const WCHAR *subkey, REGSAM access, HKEY *out);
void close_for(HKEY key, HKEY opened);

/* A path from the caller, below a key that k serves: ERROR_BAD_PATHNAME for a leading backslash,
 * after what is wrong with the key itself (ERROR_INVALID_HANDLE, ERROR_KEY_DELETED). */
u32 open_path(const struct face_key *k, const WCHAR *subkey);

#endif

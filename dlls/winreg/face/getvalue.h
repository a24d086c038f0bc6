/*
 * What RegGetValueA and RegGetValueW share: which types pass, and how texts are finished.
 */
#ifndef DECANTER_FACE_GETVALUE_H
#define DECANTER_FACE_GETVALUE_H

#include "face.h"

/* A value read for RegGetValue: expanded and terminated as it asks. Free with getvalue_free. */
struct got_value {
    DWORD type;
    void *data; /* UTF-16 where it is text */
    DWORD size; /* in bytes, terminators of texts included */
    bool asked; /* the key was there to be asked: type and size are told, whatever came of it */
    BYTE small[512];
};

/* ERROR_INVALID_PARAMETER for flags that contradict themselves. */
u32 getvalue_check(DWORD flags, const void *data, const DWORD *size);
/* Whether the type and size pass the flags: ERROR_UNSUPPORTED_TYPE, ERROR_DATATYPE_MISMATCH. */
u32 getvalue_restrict(DWORD flags, DWORD type, DWORD size);
/* Opens the subkey, reads and finishes the value. On ERROR_UNSUPPORTED_TYPE and
 * ERROR_DATATYPE_MISMATCH its type and size are told too; a value that is not there has neither. */
u32 getvalue_read(HKEY key, const WCHAR *subkey, const WCHAR *name, DWORD flags,
                  struct got_value *v);
/* Whether a failure tells the value's size: the value was found, or its size was all that was
 * asked for. */
bool getvalue_tells_size(const struct got_value *v, u32 err, const void *data);
void getvalue_free(struct got_value *v);

#endif

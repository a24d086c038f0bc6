/*
 * What the files of the Win32 face share: from an HKEY to who serves it, and text to the methods'
 * strings.
 *
 * An HKEY is
 *   predefined      HKEY_* (the low 32 bits count): a root that this process opens once and keeps
 *   ours            a kernel handle that is in the methods' table (handle/handles.h); below
 *                   HKEY_CLASSES_ROOT with bit 1 set, which the kernel ignores and by which
 * programs tell such keys, as on Windows Wine's          any other kernel handle: a key that stays
 * Wine's (wineparts.h), passed on nothing         NULL, odd values, and a handle of ours that was
 * closed: ERROR_INVALID_HANDLE
 */
#ifndef DECANTER_FACE_H
#define DECANTER_FACE_H

/* The functions of winreg.h are defined here, not imported. */
#define _ADVAPI32_
#include "rrp.h"
#include "base.h"
#include "error.h"
#include "trace.h"

/* The longest text a method's string can count, without its terminator. */
#define FACE_TEXT_MAX       32766u
#define FACE_NAME_MAX       256u
#define FACE_VALUE_NAME_MAX 16383u

/* Who serves a key: the methods with `ours`, or kernelbase with `wine`; the other is NULL. */
struct face_key {
    RPC_HKEY ours;
    HKEY wine;
    bool temporary;   /* opened for this call alone */
    bool classes;     /* HKEY_CLASSES_ROOT or below it */
    DWORD last_error; /* the caller's, which these functions leave alone */
};

/* Starts the server where need be and finds who serves the key. Each success needs a face_end.
 * ERROR_INVALID_HANDLE, and errors of WinregStart and of opening a root. */
u32 face_begin(HKEY key, struct face_key *k);
void face_close_temporary(struct face_key *k);
static inline void face_end(struct face_key *k)
{
    if (k->temporary)
        face_close_temporary(k);
    SetLastError(k->last_error);
}

/* Starts the server at the first call. */
u32 face_start(void);

static inline bool face_is_predefined(HKEY key)
{
    return ((u32)(uintptr_t)key & 0xf0000000u) == 0x80000000u;
}
static inline bool face_is_root(HKEY key, HKEY root)
{
    return (u32)(uintptr_t)key == (u32)(uintptr_t)root;
}
/* The kernel handle of a key below HKEY_CLASSES_ROOT has bit 1 set. */
static inline bool face_is_class(HKEY key)
{
    return ((uintptr_t)key & 3) == 2 && !face_is_predefined(key);
}
static inline RPC_HKEY face_untagged(HKEY key)
{
    return (RPC_HKEY)((uintptr_t)key & ~(uintptr_t)2);
}
static inline HKEY face_hkey(RPC_HKEY h)
{
    return (HKEY)h;
}
/* The HKEY of what was opened below k. */
static inline HKEY face_hkey_below(const struct face_key *k, RPC_HKEY h)
{
    return (HKEY)(k->classes ? (uintptr_t)h | 2 : (uintptr_t)h);
}

/* The rights asked for below a key, with the view of this process added where neither view is
 * named and the key was not opened in the 64-bit one. A 32-bit Windows ignores both ("Registry Key
 * Security and Access Rights"); asking for both at once stays the error that it is elsewhere. */
REGSAM face_view(RPC_HKEY key, REGSAM access);

/* The string that a method takes in; text is terminated or NULL, which is the empty string.
 * ERROR_INVALID_PARAMETER when it is too long for one. */
u32 face_string(RRP_UNICODE_STRING *s, const WCHAR *text);
/* The same for a path below a key of ours: ERROR_INVALID_PARAMETER also for a name in it that is
 * too long. What is wrong with the key itself is told first. */
u32 face_path(const struct face_key *k, RRP_UNICODE_STRING *s, const WCHAR *path);

/* For the methods that say ERROR_INVALID_PARAMETER of a handle that is none. */
u32 face_handle_error(RPC_HKEY key, u32 err);

/* A string for a method to write to: room for cap characters, the terminator among them. */
static inline void face_room(RRP_UNICODE_STRING *s, WCHAR *buf, u32 cap)
{
    s->Length = 0;
    s->MaximumLength = (USHORT)(MIN(cap, FACE_TEXT_MAX + 1) * sizeof(WCHAR));
    s->Buffer = buf;
}
/* Characters of a string that a method gave out, without the terminator. */
static inline u32 face_out_len(const RRP_UNICODE_STRING *s)
{
    return s->Length >= sizeof(WCHAR) ? s->Length / sizeof(WCHAR) - 1u : 0;
}

static inline bool face_is_text(DWORD type)
{
    return type == REG_SZ || type == REG_EXPAND_SZ || type == REG_MULTI_SZ;
}

/* One line for a call and what came of it. */
#define FACE_TRACE(...) TRACE(TRACE_ADVAPI32, __VA_ARGS__)
static inline const char *face_text(const WCHAR *s)
{
    return trace_text((const char16_t *)s, -1);
}

#endif

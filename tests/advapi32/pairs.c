/*
 * Two wrong arguments at once: which error wins. For each function a call in which everything is
 * right, and what can be wrong with it, in the order in which the function looks: of two wrong
 * arguments the one that stands first here is told. Every pair is tried.
 */
#include "fixture.h"

#include <stdbool.h>

enum kind {
    A_NUMBER,
    A_TEXT,
    A_OUTPUT,
    A_ROOM, /* an output that is a size, and holds one */
    A_KEY,
    A_CLOSED,
    A_READS,
    A_EVENT,
    A_DELETED,
    A_VALENT,
    A_DESCRIPTOR
};
/* Wine's own DLL ends the program. */
enum { UNSAFE = 1 };

struct argument {
    enum kind kind;
    ULONG_PTR value;
};

struct wrong {
    int place; /* from 1; 0 ends the list */
    const char *label;
    struct argument is;
    LONG err;
    int flags;
};

struct function {
    const char *name;
    int count;
    struct argument right[12];
    struct wrong wrong[28];
    const char *doc; /* backs the order where Wine's own DLL has another */
};

/* arguments */
#define N(n)      A_NUMBER, n
#define T(text)   A_TEXT, (ULONG_PTR)L##text
#define LONG_NAME A_TEXT, (ULONG_PTR)long_name
#define LONG_TEXT A_TEXT, (ULONG_PTR)long_text
#define OUTPUT    A_OUTPUT, 0
#define FITS(n)   A_ROOM, n
#define GOOD      A_KEY, 0
#define CLOSED    A_CLOSED, 0
#define READS     A_READS, 0
#define EVENT     A_EVENT, 0
#define DELETED   A_DELETED, 0
#define VALENTS   A_VALENT, 0
#define SD        A_DESCRIPTOR, 0
#define BAD       N(0xdeadbeef)
#define ODD       N((ULONG_PTR)(LONG_PTR)(LONG)0x80000099)
/* what is wrong with one */
#define W(place, label, is, err)           \
    {                                      \
        place, label, {is}, ERROR_##err, 0 \
    }
#define ON_OURS(place, label, is, err)          \
    {                                           \
        place, label, {is}, ERROR_##err, UNSAFE \
    }

static WCHAR long_name[300], long_text[16500];

static const struct function functions[] = {
    {"RegOpenKeyW",
     3,
     {{GOOD}, {T("sub")}, {OUTPUT}},
     {W(3, "NULL", N(0), INVALID_PARAMETER), W(1, "NULL", N(0), INVALID_HANDLE),
      W(1, "bad", BAD, INVALID_HANDLE), W(1, "closed", CLOSED, INVALID_HANDLE),
      W(1, "deleted", DELETED, KEY_DELETED), W(1, "event", EVENT, INVALID_HANDLE),
      W(1, "odd", ODD, INVALID_HANDLE), W(2, "\\sub", T("\\sub"), BAD_PATHNAME),
      W(2, "long", LONG_NAME, INVALID_PARAMETER), W(2, "none", T("none"), FILE_NOT_FOUND)},
     NULL},
    {"RegOpenKeyExW",
     5,
     {{GOOD}, {T("sub")}, {N(0)}, {N(KEY_ALL_ACCESS)}, {OUTPUT}},
     {W(5, "NULL", N(0), INVALID_PARAMETER), W(1, "NULL", N(0), INVALID_HANDLE),
      W(1, "bad", BAD, INVALID_HANDLE), W(1, "closed", CLOSED, INVALID_HANDLE),
      W(1, "event", EVENT, INVALID_HANDLE), W(1, "odd", ODD, INVALID_HANDLE),
      W(2, "\\sub", T("\\sub"), BAD_PATHNAME), W(2, "long", LONG_NAME, INVALID_PARAMETER),
      W(4, "32&64", N(KEY_ALL_ACCESS | 0x300), INVALID_PARAMETER),
      W(4, "ff", N(0xffffffff), INVALID_PARAMETER), W(4, "unk", N(0x00800000), INVALID_PARAMETER),
      W(2, "none", T("none"), FILE_NOT_FOUND), W(3, "ff", N(0xffffffff), ACCESS_DENIED)},
     "Registry Key Security and Access Rights"},
    {"RegCreateKeyW",
     3,
     {{GOOD}, {T("sub")}, {OUTPUT}},
     {ON_OURS(3, "NULL", N(0), INVALID_PARAMETER), W(1, "NULL", N(0), INVALID_HANDLE),
      W(1, "bad", BAD, INVALID_HANDLE), W(1, "closed", CLOSED, INVALID_HANDLE),
      W(1, "deleted", DELETED, KEY_DELETED), W(1, "event", EVENT, INVALID_HANDLE),
      W(1, "odd", ODD, INVALID_HANDLE), W(2, "\\sub", T("\\sub"), BAD_PATHNAME),
      W(2, "long", LONG_NAME, INVALID_PARAMETER)},
     NULL},
    {"RegDeleteKeyW",
     2,
     {{GOOD}, {T("sub")}},
     {W(2, "NULL", N(0), INVALID_PARAMETER), W(1, "NULL", N(0), INVALID_HANDLE),
      W(1, "bad", BAD, INVALID_HANDLE), W(1, "closed", CLOSED, INVALID_HANDLE),
      W(1, "deleted", DELETED, KEY_DELETED), W(1, "event", EVENT, INVALID_HANDLE),
      W(1, "odd", ODD, INVALID_HANDLE), W(2, "''", T(""), ACCESS_DENIED),
      W(2, "\\sub", T("\\sub"), BAD_PATHNAME), W(2, "long", LONG_NAME, INVALID_PARAMETER),
      W(2, "none", T("none"), FILE_NOT_FOUND)},
     NULL},
    {"RegDeleteKeyExW",
     4,
     {{GOOD}, {T("sub")}, {N(0)}, {N(0)}},
     {W(2, "NULL", N(0), INVALID_PARAMETER), W(1, "NULL", N(0), INVALID_HANDLE),
      W(1, "bad", BAD, INVALID_HANDLE), W(1, "closed", CLOSED, INVALID_HANDLE),
      W(1, "event", EVENT, INVALID_HANDLE), W(1, "odd", ODD, INVALID_HANDLE),
      W(2, "\\sub", T("\\sub"), BAD_PATHNAME), W(2, "long", LONG_NAME, INVALID_PARAMETER),
      W(3, "both", N(0x300), INVALID_PARAMETER), W(3, "ff", N(0xffffffff), INVALID_PARAMETER),
      W(2, "''", T(""), ACCESS_DENIED), W(2, "none", T("none"), FILE_NOT_FOUND)},
     "RegDeleteKeyExW, samDesired"},
    {"RegDeleteTreeW",
     2,
     {{GOOD}, {T("sub")}},
     {W(1, "NULL", N(0), INVALID_HANDLE), W(1, "bad", BAD, INVALID_HANDLE),
      W(1, "deleted", DELETED, KEY_DELETED), W(2, "\\sub", T("\\sub"), BAD_PATHNAME),
      W(2, "long", LONG_NAME, INVALID_PARAMETER), W(1, "HKLM", N(0x80000002), FILE_NOT_FOUND),
      W(2, "none", T("none"), FILE_NOT_FOUND)},
     NULL},
    {"RegDeleteValueW",
     2,
     {{GOOD}, {T("v")}},
     {W(1, "NULL", N(0), INVALID_HANDLE), W(1, "bad", BAD, INVALID_HANDLE),
      W(1, "closed", CLOSED, INVALID_HANDLE), W(1, "deleted", DELETED, KEY_DELETED),
      W(1, "odd", ODD, INVALID_HANDLE), W(1, "read", READS, ACCESS_DENIED),
      W(2, "long", LONG_TEXT, FILE_NOT_FOUND), W(1, "event", EVENT, INVALID_HANDLE),
      W(2, "none", T("none"), FILE_NOT_FOUND)},
     "MS-RRP 3.1.5, hKey"},
    {"RegDeleteKeyValueW",
     3,
     {{GOOD}, {T("sub")}, {T("v")}},
     {W(1, "NULL", N(0), INVALID_HANDLE), W(1, "bad", BAD, INVALID_HANDLE),
      W(1, "closed", CLOSED, INVALID_HANDLE), W(1, "deleted", DELETED, KEY_DELETED),
      W(1, "event", EVENT, INVALID_HANDLE), W(1, "odd", ODD, INVALID_HANDLE),
      W(2, "\\sub", T("\\sub"), BAD_PATHNAME), W(2, "long", LONG_NAME, INVALID_PARAMETER),
      W(2, "none", T("none"), FILE_NOT_FOUND), W(3, "''", T(""), FILE_NOT_FOUND),
      W(3, "NULL", N(0), FILE_NOT_FOUND), W(3, "long", LONG_TEXT, FILE_NOT_FOUND),
      W(3, "none", T("none"), FILE_NOT_FOUND)},
     NULL},
    {"RegQueryValueExW",
     6,
     {{GOOD}, {T("v")}, {N(0)}, {N(0)}, {OUTPUT}, {FITS(64)}},
     {W(3, "o", OUTPUT, INVALID_PARAMETER), W(6, "NULL", N(0), INVALID_PARAMETER),
      W(1, "NULL", N(0), INVALID_HANDLE), W(1, "bad", BAD, INVALID_HANDLE),
      W(1, "closed", CLOSED, INVALID_HANDLE), W(1, "deleted", DELETED, KEY_DELETED),
      W(1, "odd", ODD, INVALID_HANDLE), W(2, "long", LONG_TEXT, FILE_NOT_FOUND),
      W(1, "event", EVENT, INVALID_HANDLE), W(2, "none", T("none"), FILE_NOT_FOUND),
      W(6, "0", FITS(0), MORE_DATA), W(6, "1", FITS(1), MORE_DATA)},
     "MS-RRP 3.1.5, hKey"},
    {"RegQueryValueW",
     4,
     {{GOOD}, {T("sub")}, {OUTPUT}, {FITS(64)}},
     {W(1, "NULL", N(0), INVALID_HANDLE), W(1, "bad", BAD, INVALID_HANDLE),
      W(1, "closed", CLOSED, INVALID_HANDLE), W(1, "deleted", DELETED, KEY_DELETED),
      W(1, "event", EVENT, INVALID_HANDLE), W(1, "odd", ODD, INVALID_HANDLE),
      W(2, "\\sub", T("\\sub"), BAD_PATHNAME), W(2, "long", LONG_NAME, INVALID_PARAMETER),
      W(2, "none", T("none"), FILE_NOT_FOUND), W(4, "NULL", N(0), INVALID_PARAMETER)},
     NULL},
    {"RegSetValueExW",
     6,
     {{GOOD}, {T("v")}, {N(0)}, {N(1)}, {T("xy")}, {N(4)}},
     {W(5, "NULL", N(0), NOACCESS), W(1, "NULL", N(0), INVALID_HANDLE),
      W(1, "bad", BAD, INVALID_HANDLE), W(1, "closed", CLOSED, INVALID_HANDLE),
      W(1, "odd", ODD, INVALID_HANDLE), W(2, "long", LONG_TEXT, INVALID_PARAMETER),
      W(1, "deleted", DELETED, KEY_DELETED), W(1, "event", EVENT, INVALID_HANDLE),
      W(1, "read", READS, ACCESS_DENIED)},
     "MS-RRP 3.1.5, hKey"},
    {"RegSetKeyValueW",
     6,
     {{GOOD}, {T("sub")}, {T("v")}, {N(1)}, {T("xy")}, {N(4)}},
     {W(1, "NULL", N(0), INVALID_HANDLE), W(1, "bad", BAD, INVALID_HANDLE),
      W(1, "closed", CLOSED, INVALID_HANDLE), W(1, "deleted", DELETED, KEY_DELETED),
      W(1, "event", EVENT, INVALID_HANDLE), W(1, "odd", ODD, INVALID_HANDLE),
      W(2, "\\sub", T("\\sub"), BAD_PATHNAME), W(2, "long", LONG_NAME, INVALID_PARAMETER),
      W(5, "NULL", N(0), NOACCESS), W(3, "long", LONG_TEXT, INVALID_PARAMETER)},
     NULL},
    {"RegGetValueW",
     7,
     {{GOOD}, {T("sub")}, {T("v")}, {N(0xffff)}, {N(0)}, {OUTPUT}, {FITS(64)}},
     {W(4, "32&64", N(0x0003ffff), INVALID_PARAMETER),
      W(4, "exp", N(4), INVALID_PARAMETER),
      W(4, "ff", N(0xffffffff), INVALID_PARAMETER),
      W(7, "NULL", N(0), INVALID_PARAMETER),
      W(1, "NULL", N(0), INVALID_HANDLE),
      W(1, "bad", BAD, INVALID_HANDLE),
      W(1, "closed", CLOSED, INVALID_HANDLE),
      W(1, "deleted", DELETED, KEY_DELETED),
      W(1, "event", EVENT, INVALID_HANDLE),
      W(1, "odd", ODD, INVALID_HANDLE),
      W(2, "\\sub", T("\\sub"), BAD_PATHNAME),
      W(2, "long", LONG_NAME, INVALID_PARAMETER),
      W(2, "none", T("none"), FILE_NOT_FOUND),
      W(3, "''", T(""), FILE_NOT_FOUND),
      W(3, "NULL", N(0), FILE_NOT_FOUND),
      W(3, "long", LONG_TEXT, FILE_NOT_FOUND),
      W(3, "none", T("none"), FILE_NOT_FOUND),
      W(4, "0", N(0), UNSUPPORTED_TYPE),
      W(4, "dw", N(0x10), UNSUPPORTED_TYPE),
      W(4, "exp+no", N(0x10000004), UNSUPPORTED_TYPE),
      W(7, "0", FITS(0), MORE_DATA),
      W(7, "1", FITS(1), MORE_DATA)},
     DOC_GET},
    {"RegEnumKeyExW",
     8,
     {{GOOD}, {N(0)}, {OUTPUT}, {FITS(64)}, {N(0)}, {N(0)}, {N(0)}, {N(0)}},
     {W(5, "o", OUTPUT, INVALID_PARAMETER), W(6, "o", OUTPUT, INVALID_PARAMETER),
      W(1, "NULL", N(0), INVALID_HANDLE), W(1, "bad", BAD, INVALID_HANDLE),
      W(1, "closed", CLOSED, INVALID_HANDLE), W(1, "odd", ODD, INVALID_HANDLE),
      ON_OURS(3, "NULL", N(0), INVALID_PARAMETER), ON_OURS(4, "NULL", N(0), INVALID_PARAMETER),
      W(1, "deleted", DELETED, KEY_DELETED), W(2, "ff", N(0xffffffff), NO_MORE_ITEMS),
      W(1, "event", EVENT, INVALID_HANDLE), W(2, "9", N(9), NO_MORE_ITEMS),
      W(4, "0", FITS(0), MORE_DATA), W(4, "1", FITS(1), MORE_DATA)},
     "RegEnumKeyExW, lpcchClass; MS-RRP 3.1.5.10"},
    {"RegEnumValueW",
     8,
     {{GOOD}, {N(0)}, {OUTPUT}, {FITS(64)}, {N(0)}, {N(0)}, {OUTPUT}, {FITS(64)}},
     {W(3, "NULL", N(0), INVALID_PARAMETER), W(4, "NULL", N(0), INVALID_PARAMETER),
      W(5, "o", OUTPUT, INVALID_PARAMETER), W(8, "NULL", N(0), INVALID_PARAMETER),
      W(1, "NULL", N(0), INVALID_HANDLE), W(1, "bad", BAD, INVALID_HANDLE),
      W(1, "closed", CLOSED, INVALID_HANDLE), W(1, "deleted", DELETED, KEY_DELETED),
      W(1, "event", EVENT, INVALID_HANDLE), W(1, "odd", ODD, INVALID_HANDLE),
      W(2, "9", N(9), NO_MORE_ITEMS), W(2, "ff", N(0xffffffff), NO_MORE_ITEMS),
      W(4, "0", FITS(0), MORE_DATA), W(4, "1", FITS(1), MORE_DATA), W(8, "0", FITS(0), MORE_DATA),
      W(8, "1", FITS(1), MORE_DATA)},
     "MS-RRP 3.1.5, hKey"},
    {"RegQueryInfoKeyW",
     12,
     {{GOOD},
      {N(0)},
      {FITS(64)},
      {N(0)},
      {N(0)},
      {N(0)},
      {N(0)},
      {N(0)},
      {N(0)},
      {N(0)},
      {N(0)},
      {N(0)}},
     {W(1, "NULL", N(0), INVALID_HANDLE), W(1, "bad", BAD, INVALID_HANDLE),
      W(1, "closed", CLOSED, INVALID_HANDLE), W(1, "deleted", DELETED, KEY_DELETED),
      W(1, "event", EVENT, INVALID_HANDLE), W(1, "odd", ODD, INVALID_HANDLE)},
     NULL},
    {"RegNotifyChangeKeyValue",
     5,
     {{GOOD}, {N(0)}, {N(0xf)}, {EVENT}, {N(1)}},
     {W(1, "NULL", N(0), INVALID_HANDLE), W(1, "bad", BAD, INVALID_HANDLE),
      W(1, "closed", CLOSED, INVALID_HANDLE), W(1, "odd", ODD, INVALID_HANDLE),
      W(4, "NULL", N(0), INVALID_HANDLE), W(3, "0", N(0), INVALID_PARAMETER),
      W(3, "bad", N(0x100), INVALID_PARAMETER), W(1, "event", EVENT, INVALID_HANDLE),
      W(4, "bad", BAD, INVALID_HANDLE), W(4, "k", GOOD, INVALID_HANDLE)},
     DOC_NOTIFY},
    {"RegGetKeySecurity",
     4,
     {{GOOD}, {N(4)}, {OUTPUT}, {FITS(64)}},
     {W(1, "NULL", N(0), INVALID_HANDLE), W(1, "bad", BAD, INVALID_HANDLE),
      W(1, "closed", CLOSED, INVALID_HANDLE), W(1, "odd", ODD, INVALID_HANDLE),
      ON_OURS(4, "NULL", N(0), INVALID_PARAMETER), W(2, "ff", N(0xffffffff), ACCESS_DENIED),
      W(2, "sacl", N(8), ACCESS_DENIED), W(1, "deleted", DELETED, KEY_DELETED)},
     "MS-RRP 3.1.5, hKey"},
    {"RegSetKeySecurity",
     3,
     {{GOOD}, {N(4)}, {SD}},
     {W(2, "0", N(0), INVALID_PARAMETER), W(2, "bad", N(0x100), INVALID_PARAMETER),
      W(3, "NULL", N(0), INVALID_PARAMETER), W(1, "NULL", N(0), INVALID_HANDLE),
      W(1, "bad", BAD, INVALID_HANDLE), W(1, "closed", CLOSED, INVALID_HANDLE),
      W(1, "odd", ODD, INVALID_HANDLE), W(3, "junk", T("xy"), UNKNOWN_REVISION),
      W(2, "ff", N(0xffffffff), INVALID_SECURITY_DESCR),
      W(2, "owner", N(1), INVALID_SECURITY_DESCR), W(1, "read", READS, ACCESS_DENIED),
      W(2, "sacl", N(8), ACCESS_DENIED), W(1, "deleted", DELETED, KEY_DELETED)},
     "MS-RRP 3.1.5, hKey"},
    {"RegCopyTreeW",
     3,
     {{GOOD}, {T("sub")}, {GOOD}},
     {W(1, "NULL", N(0), INVALID_HANDLE), W(1, "bad", BAD, INVALID_HANDLE),
      W(2, "\\sub", T("\\sub"), BAD_PATHNAME), W(1, "deleted", DELETED, KEY_DELETED),
      W(2, "long", LONG_NAME, INVALID_PARAMETER), W(1, "HKLM", N(0x80000002), FILE_NOT_FOUND),
      W(2, "none", T("none"), FILE_NOT_FOUND), W(3, "NULL", N(0), INVALID_HANDLE),
      W(3, "bad", BAD, INVALID_HANDLE), W(3, "closed", CLOSED, INVALID_HANDLE),
      W(3, "deleted", DELETED, KEY_DELETED), W(3, "event", EVENT, INVALID_HANDLE),
      W(3, "odd", ODD, INVALID_HANDLE), W(3, "read", READS, ACCESS_DENIED)},
     "MS-RRP 3.1.5, hKey"},
    {"RegLoadMUIStringW",
     7,
     {{GOOD}, {T("v")}, {OUTPUT}, {N(64)}, {N(0)}, {N(0)}, {N(0)}},
     {W(1, "NULL", N(0), INVALID_PARAMETER), W(3, "NULL", N(0), INVALID_PARAMETER),
      W(4, "1", N(1), INVALID_PARAMETER), W(6, "bad", N(2), INVALID_PARAMETER),
      W(6, "ff", N(0xffffffff), INVALID_PARAMETER), W(1, "bad", BAD, INVALID_HANDLE),
      W(1, "closed", CLOSED, INVALID_HANDLE), W(1, "deleted", DELETED, KEY_DELETED),
      W(1, "odd", ODD, INVALID_HANDLE), W(2, "long", LONG_TEXT, FILE_NOT_FOUND),
      W(1, "event", EVENT, INVALID_HANDLE), W(2, "''", T(""), FILE_NOT_FOUND),
      W(2, "NULL", N(0), FILE_NOT_FOUND), W(2, "none", T("none"), FILE_NOT_FOUND)},
     "MS-RRP 3.1.5, hKey"},
    {"RegQueryMultipleValuesW",
     5,
     {{GOOD}, {VALENTS}, {N(1)}, {OUTPUT}, {FITS(64)}},
     {ON_OURS(2, "NULL", N(0), INVALID_PARAMETER), ON_OURS(5, "NULL", N(0), INVALID_PARAMETER),
      W(1, "NULL", N(0), INVALID_HANDLE), W(1, "bad", BAD, INVALID_HANDLE),
      W(1, "closed", CLOSED, INVALID_HANDLE), W(1, "deleted", DELETED, KEY_DELETED),
      W(1, "event", EVENT, INVALID_HANDLE), W(1, "odd", ODD, INVALID_HANDLE),
      W(4, "NULL", N(0), MORE_DATA), W(5, "0", FITS(0), MORE_DATA), W(5, "1", FITS(1), MORE_DATA)},
     NULL},
    {"RegConnectRegistryW",
     3,
     {{N(0)}, {N(0x80000001)}, {OUTPUT}},
     {W(3, "NULL", N(0), INVALID_PARAMETER), W(1, "\\\\", T("\\\\"), BAD_NETPATH),
      W(2, "NULL", N(0), INVALID_HANDLE), W(2, "bad", BAD, INVALID_HANDLE),
      W(2, "k", GOOD, INVALID_HANDLE), W(2, "odd", ODD, INVALID_HANDLE)},
     DOC_PREDEF},
    {"RegFlushKey",
     1,
     {{GOOD}},
     {W(1, "NULL", N(0), INVALID_HANDLE), W(1, "bad", BAD, INVALID_HANDLE),
      W(1, "closed", CLOSED, INVALID_HANDLE), W(1, "deleted", DELETED, KEY_DELETED),
      W(1, "event", EVENT, INVALID_HANDLE), W(1, "odd", ODD, INVALID_HANDLE)},
     NULL},
};

/* --- a call ------------------------------------------------------------------------------------
 */

typedef ULONG_PTR A;

static LONG call(FARPROC function, int count, const A *a)
{
    union {
        FARPROC any;
        LONG(WINAPI *f1)(A);
        LONG(WINAPI *f2)(A, A);
        LONG(WINAPI *f3)(A, A, A);
        LONG(WINAPI *f4)(A, A, A, A);
        LONG(WINAPI *f5)(A, A, A, A, A);
        LONG(WINAPI *f6)(A, A, A, A, A, A);
        LONG(WINAPI *f7)(A, A, A, A, A, A, A);
        LONG(WINAPI *f8)(A, A, A, A, A, A, A, A);
        LONG(WINAPI *f12)(A, A, A, A, A, A, A, A, A, A, A, A);
    } f = {function};

    switch (count) {
    case 1:
        return f.f1(a[0]);
    case 2:
        return f.f2(a[0], a[1]);
    case 3:
        return f.f3(a[0], a[1], a[2]);
    case 4:
        return f.f4(a[0], a[1], a[2], a[3]);
    case 5:
        return f.f5(a[0], a[1], a[2], a[3], a[4]);
    case 6:
        return f.f6(a[0], a[1], a[2], a[3], a[4], a[5]);
    case 7:
        return f.f7(a[0], a[1], a[2], a[3], a[4], a[5], a[6]);
    case 8:
        return f.f8(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7]);
    default:
        return f.f12(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10], a[11]);
    }
}

/* What the arguments stand for, made anew for each call. */
struct stage {
    HKEY key, reads, closed, deleted;
    HANDLE event;
    VALENTW valent;
    SECURITY_DESCRIPTOR sd;
    union {
        BYTE bytes[1024];
        DWORD number;
        HKEY key;
    } outputs[12];
};

static void set_up(struct stage *s, HKEY top)
{
    HKEY sub;

    memset(s, 0, sizeof(*s));
    RegDeleteTreeW(top, L"k");
    RegCreateKeyW(top, L"k", &s->key);
    RegSetValueExW(s->key, L"v", 0, REG_SZ, (const BYTE *)L"abc", 8);
    RegCreateKeyW(s->key, L"sub", &sub);
    RegSetValueExW(sub, L"v", 0, REG_SZ, (const BYTE *)L"de", 6);
    RegCloseKey(sub);
    RegOpenKeyExW(top, L"k", 0, KEY_READ, &s->reads);
    RegCreateKeyW(top, L"deleted", &s->deleted);
    RegDeleteKeyW(top, L"deleted");
    RegOpenKeyExW(top, L"k", 0, KEY_READ, &s->closed);
    RegCloseKey(s->closed);
    s->event = CreateEventW(NULL, FALSE, FALSE, NULL);
    s->valent.ve_valuename = (WCHAR *)L"v";
    InitializeSecurityDescriptor(&s->sd, SECURITY_DESCRIPTOR_REVISION);
    SetSecurityDescriptorDacl(&s->sd, TRUE, NULL, FALSE);
}

static void clean_up(struct stage *s, const struct function *f, LONG err)
{
    bool opens = strstr(f->name, "Open") || strstr(f->name, "Create") || strstr(f->name, "Connect");

    /* NULL names may give the key itself */
    for (int i = 0; opens && !err && i < f->count; i++)
        if (f->right[i].kind == A_OUTPUT && s->outputs[i].key != s->key)
            RegCloseKey(s->outputs[i].key);
    RegCloseKey(s->key);
    RegCloseKey(s->reads);
    RegCloseKey(s->deleted);
    CloseHandle(s->event);
}

static A value_of(struct stage *s, int place, const struct argument *a)
{
    switch (a->kind) {
    case A_OUTPUT:
        return (A)&s->outputs[place];
    case A_ROOM:
        s->outputs[place].number = (DWORD)a->value;
        return (A)&s->outputs[place];
    case A_KEY:
        return (A)s->key;
    case A_CLOSED:
        return (A)s->closed;
    case A_READS:
        return (A)s->reads;
    case A_EVENT:
        return (A)s->event;
    case A_DELETED:
        return (A)s->deleted;
    case A_VALENT:
        return (A)&s->valent;
    case A_DESCRIPTOR:
        return (A)&s->sd;
    default:
        return a->value;
    }
}

static LONG result(HKEY top, const struct function *f, const struct wrong *one,
                   const struct wrong *two)
{
    FARPROC function = GetProcAddress(GetModuleHandleA("advapi32.dll"), f->name);
    struct stage s;
    A a[12];
    LONG err;

    set_up(&s, top);
    for (int i = 0; i < f->count; i++) {
        const struct argument *is = one && one->place == i + 1   ? &one->is
                                    : two && two->place == i + 1 ? &two->is
                                                                 : &f->right[i];

        a[i] = value_of(&s, i, is);
    }
    err = call(function, f->count, a);
    clean_up(&s, f, err);
    return err;
}

/* --- all of them -------------------------------------------------------------------------------
 */

static bool left_out(const struct wrong *w)
{
    return test_builtin_dlls && (w->flags & UNSAFE);
}

static void check(HKEY top, const struct function *f, const struct wrong *one,
                  const struct wrong *two)
{
    LONG err = result(top, f, one, two), wanted = one ? one->err : ERROR_SUCCESS;

    differs(f->doc)
        ok(err == wanted, "%s, %d %s, %d %s: error %ld, not %ld\n", f->name, one ? one->place : 0,
           one ? one->label : "", two ? two->place : 0, two ? two->label : "", err, wanted);
}

static void of_two_wrong_arguments_the_first_is_told(void)
{
    FIXTURE(top);

    for (size_t i = 0; i < sizeof(long_name) / sizeof(WCHAR) - 1; i++)
        long_name[i] = 'l';
    for (size_t i = 0; i < sizeof(long_text) / sizeof(WCHAR) - 1; i++)
        long_text[i] = 'l';
    for (size_t i = 0; i < sizeof(functions) / sizeof(*functions); i++) {
        const struct function *f = &functions[i];

        for (const struct wrong *one = f->wrong; one->place; one++) {
            if (left_out(one))
                continue;
            check(top, f, one, NULL);
            for (const struct wrong *two = one + 1; two->place; two++)
                if (two->place != one->place && !left_out(two))
                    check(top, f, one, two);
        }
    }
    END(top);
}

START_TEST(pairs)
{
    RUN(of_two_wrong_arguments_the_first_is_told);
}

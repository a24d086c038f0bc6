/*
 * The automation object "WindowsInstaller.Installer" and those that it makes, over the exported
 * functions.
 *
 * An object is one IDispatch with a class: a table of members, each with its DISPID, its name and
 * the names of its parameters in one text, and the function that does it. Arguments come to it in
 * their order, whatever their order or names were in the call; what it leaves in `result` is the
 * caller's. An HRESULT DISP_E_* is the call's own; any other failure becomes an exception whose
 * source is "Msi API Error" and whose text is the member's.
 */
#ifndef MSI_AUTOMATION_H
#define MSI_AUTOMATION_H

#include <windows.h>
#include <msi.h>
#include <msiquery.h>
#include <oleauto.h>

#include "base.h"

enum { AUTO_ARGS = 8 };
/* Kinds of members: as in the flags of Invoke. */
enum {
    AUTO_METHOD = DISPATCH_METHOD,
    AUTO_GET = DISPATCH_PROPERTYGET,
    AUTO_PUT = DISPATCH_PROPERTYPUT
};

struct auto_object;

struct auto_call {
    struct auto_object *self;
    const VARIANT *args[AUTO_ARGS]; /* NULL: not given */
    const VARIANT *value;           /* of a put; else NULL */
    VARIANT *result;                /* empty at first */
    VARIANT held[AUTO_ARGS + 1];    /* what arguments were converted to: for the call's length */
    UINT places[AUTO_ARGS + 1];     /* of the arguments, and of a put's value, in the call */
    u32 required;                   /* of the parameters */
    UINT bad;                       /* the place of the argument that is of a wrong type */
};

struct auto_member {
    DISPID id;
    WORD kinds;
    u8 required;        /* of the parameters; the rest may be left out */
    const WCHAR *names; /* "Member,Parameter,Parameter" */
    HRESULT (*fn)(struct auto_call *c);
};

struct auto_class {
    IID iid;
    const WCHAR *name;
    const struct auto_member *members;
    u32 count;
    void (*end)(struct auto_object *o); /* may be NULL: only closes the handle */
};

struct auto_class_info;
typedef struct auto_class_info_vtable auto_class_info_vtable;
struct auto_class_info {
    auto_class_info_vtable *lpVtbl;
};

struct auto_object {
    IDispatch iface;
    struct auto_class_info class_info;
    LONG refs;
    const struct auto_class *class;
    MSIHANDLE handle; /* 0: none */
};

#define AUTO_CLASS_IID(n)                \
    {                                    \
        0x000c1000 + (n), 0, 0,          \
        {                                \
            0xc0, 0, 0, 0, 0, 0, 0, 0x46 \
        }                                \
    }

/* --- objects ------------------------------------------------------------------------------------
 */

/* An object of `size` bytes, which begin with struct auto_object and are zero behind it; the handle
 * is its own. NULL, and the handle closed: no memory. */
struct auto_object *auto_new(const struct auto_class *class, size_t size, MSIHANDLE handle);
/* How many objects there are. */
LONG auto_count(void);
void auto_release(struct auto_object *o);

/* --- types, in automation_types.c ---------------------------------------------------------------
 */

extern const auto_class_info_vtable auto_class_info;
/* IProvideClassInfo, and what was made of it: an object is each of them by its class_info. */
bool auto_is_class_info(REFIID iid);
HRESULT auto_type_info(const struct auto_class *class, ITypeInfo **info);

/* --- arguments ----------------------------------------------------------------------------------
 *
 * Each is DISP_E_TYPEMISMATCH for what cannot be made into it. Argument AUTO_ARGS is a put's value.
 */

HRESULT auto_mismatch(struct auto_call *c, u32 i); /* DISP_E_TYPEMISMATCH, of that argument */
/* As it was given: scripts give their variables by reference. NULL where it is left out. */
const VARIANT *auto_value(const struct auto_call *c, u32 i);
/* NULL where the argument is left out. */
HRESULT auto_text(struct auto_call *c, u32 i, const WCHAR **text);
HRESULT auto_int(struct auto_call *c, u32 i, int otherwise, int *n);
HRESULT auto_bool(struct auto_call *c, u32 i, bool otherwise, bool *b);
/* NULL for Nothing, and where the argument is left out. */
HRESULT auto_arg_object(struct auto_call *c, u32 i, const struct auto_class *class,
                        struct auto_object **o);

/* --- results ------------------------------------------------------------------------------------
 */

HRESULT auto_failed(UINT err); /* S_OK for 0 */
HRESULT auto_put_text(struct auto_call *c, const WCHAR *s);
HRESULT auto_put_int(struct auto_call *c, int n);
HRESULT auto_put_bool(struct auto_call *c, bool b);
/* The reference goes to the caller. o NULL is E_OUTOFMEMORY. */
HRESULT auto_put_object(struct auto_call *c, struct auto_object *o);
HRESULT auto_put_nothing(struct auto_call *c); /* an object that is none */

/* A text of an exported function: asks with a small buffer, then with one that is long enough. */
typedef UINT (*auto_ask)(const void *ctx, WCHAR *buf, DWORD *size);
HRESULT auto_ask_text(struct auto_call *c, auto_ask ask, const void *ctx);

/* --- lists --------------------------------------------------------------------------------------
 */

struct auto_list;
struct auto_list *auto_string_list(void);
struct auto_list *auto_record_list(void);
/* false: no memory. The object's reference goes to the list, also then. */
bool auto_list_text(struct auto_list *l, const WCHAR *s);
bool auto_list_object(struct auto_list *l, struct auto_object *o);
struct auto_object *auto_list_object_of(struct auto_list *l);

/* --- classes ------------------------------------------------------------------------------------
 */

extern const struct auto_class auto_record, auto_database, auto_view, auto_suminfo, auto_preview,
    auto_session;
/* The parts of the installer's members, by subject: automation_installer.c puts them together. */
extern const struct auto_member auto_product_members[], auto_feature_members[];
extern const u32 auto_product_member_count, auto_feature_member_count;

struct auto_object *auto_new_installer(void);
struct auto_object *auto_new_record(MSIHANDLE h);
struct auto_object *auto_new_database(MSIHANDLE h);
struct auto_object *auto_new_suminfo(MSIHANDLE h);
/* installer: what Session.Installer gives; the session takes a reference. */
struct auto_object *auto_new_session(MSIHANDLE h, struct auto_object *installer);
/* sid and code may be NULL. */
struct auto_object *auto_new_product(const WCHAR *code, const WCHAR *sid, int context);
struct auto_object *auto_new_patch(const WCHAR *patch, const WCHAR *code, const WCHAR *sid,
                                   int context);
struct auto_object *auto_new_component(const WCHAR *component, const WCHAR *sid, int context);
struct auto_object *auto_new_client(const WCHAR *code, const WCHAR *component, const WCHAR *sid,
                                    int context);
struct auto_object *auto_new_component_info(const WCHAR *component, const WCHAR *path, int state);

static inline void auto_add_ref(struct auto_object *o)
{
    InterlockedIncrement(&o->refs);
}

#endif

/*
 * What every object behind an MSIHANDLE begins with: a reference count, a type and an end.
 *
 * A handle holds one reference, a child one on its parent, a call in progress one more where the
 * object may lose its handle meanwhile.
 */
#ifndef MSI_OBJECT_H
#define MSI_OBJECT_H

#include <stdatomic.h>

#include "base.h"
#include "error.h"

/* The numbers Windows Installer's log gives in "Leaked MSIHANDLE (n) of type ...". 790531 is
 * documented; the others follow the numbers of its COM interfaces, as 790531 does. */
enum object_type {
    OBJ_ANY = 0,
    OBJ_RECORD = 0xc1003,
    OBJ_PREVIEW = 0xc100a,
    OBJ_SUMMARY = 0xc100b,
    OBJ_VIEW = 0xc100c,
    OBJ_DATABASE = 0xc100d,
    OBJ_SESSION = 0xc100e,
    OBJ_TRANSACTION = 0xc10ff, /* no interface stands for it */
};

struct object {
    atomic_uint refs;
    u32 type;
    void (*destroy)(struct object *o);
};

static inline void obj_init(struct object *o, u32 type, void (*destroy)(struct object *))
{
    atomic_init(&o->refs, 1);
    o->type = type;
    o->destroy = destroy;
}

static inline void obj_ref(struct object *o)
{
    atomic_fetch_add_explicit(&o->refs, 1, memory_order_relaxed);
}

/* o may be NULL. The last reference ends the object, on this thread. */
static inline void obj_unref(struct object *o)
{
    if (!o)
        return;
    /* The only holder needs no interlocked step: nobody else can be about to add one. */
    if (atomic_load_explicit(&o->refs, memory_order_acquire) == 1 ||
        atomic_fetch_sub_explicit(&o->refs, 1, memory_order_acq_rel) == 1)
        o->destroy(o);
}

/* A lock held for a few instructions, or for one record's stream read: taking it costs one
 * interlocked step, giving it back none. */
struct obj_spin {
    atomic_uchar taken;
};
void obj_spin_wait(struct obj_spin *s);

static inline void obj_lock(struct obj_spin *s)
{
    if (atomic_exchange_explicit(&s->taken, 1, memory_order_acquire))
        obj_spin_wait(s);
}

static inline void obj_unlock(struct obj_spin *s)
{
    atomic_store_explicit(&s->taken, 0, memory_order_release);
}

#endif

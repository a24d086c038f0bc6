/*
 * The properties of a session: texts by name. Names are case-sensitive. The caller serialises.
 */
#ifndef MSI_PROPS_H
#define MSI_PROPS_H

#include "base.h"
#include "error.h"
#include "hash.h"
#include "os.h"

struct property {
    char16_t *name, *value; /* terminated */
    size_t name_len, value_len;
};

struct props {
    struct property *all;
    u32 count, cap;
    struct hash_map map;
    /* Those who only look, and are not serialised with the others, look between props_hold and
     * props_let_go. */
    struct os_mutex looking;
    u32 version; /* rises with every change */
    /* Told before each change, len 0 of a removal; old NULL where there was none. NULL: nobody. */
    void (*changes)(void *ctx, const struct property *old, const char16_t *name, size_t name_len,
                    const char16_t *value, size_t len);
    void *ctx;
};

void props_init(struct props *p);
void props_free(struct props *p);
/* len 0 removes the property. ERROR_OUTOFMEMORY, and nothing has changed. */
u32 props_set(struct props *p, const char16_t *name, size_t name_len, const char16_t *value,
              size_t len);
/* Nothing changes between the two, whoever else has the properties. Nothing else may be asked of
 * them then, and no lock be taken. */
void props_hold(struct props *p);
void props_let_go(struct props *p);
/* NULL where there is none; valid until the next change. */
const struct property *props_get(const struct props *p, const char16_t *name, size_t name_len);

#endif

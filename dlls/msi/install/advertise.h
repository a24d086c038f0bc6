/*
 * What is advertised: features that lead to components which are not there yet.
 */
#ifndef MSI_ADVERTISE_H
#define MSI_ADVERTISE_H

#include "session_impl.h"

enum { FEATURE_NO_ADVERTISE = 8 };

static inline bool component_is_there(const struct component *c)
{
    return c->installed == STATE_LOCAL || c->installed == STATE_SOURCE;
}

/* Whether what leads to the component is to be there before it is. f may be NULL. */
static inline bool component_appears(const struct component *c, const struct feature *f)
{
    return f && f->action == STATE_ADVERTISED && !(f->attributes & FEATURE_NO_ADVERTISE) &&
           c->enabled && !component_is_there(c);
}

/* Whether it was there without the component, and goes. */
static inline bool component_vanishes(const struct component *c, const struct feature *f)
{
    return f && f->action == STATE_ABSENT && f->installed == STATE_ADVERTISED &&
           c->action == STATE_UNKNOWN && !component_is_there(c);
}

#endif

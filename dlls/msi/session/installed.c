/*
 * What of the package is installed already, as the registry tells.
 *
 * A component is as it was registered where this product is a client of it, else absent; one
 * without a code is never registered, so nothing is known of it. A feature is as its components
 * are: from the source as soon as one of them is.
 */
#include "components.h"
#include "prodfeatures.h"
#include "session_impl.h"
#include "utf16.h"

enum { COMPONENT_TRANSITIVE = 64 };

static u32 registered_state(const struct session *s, const struct component *c, int *state)
{
    const struct product *p = &s->product_there;
    char16_t *path;
    u32 err;

    *state = STATE_ABSENT;
    if (!s->registered || !guid_is(c->guid))
        return ERROR_SUCCESS;
    err = component_path_in(c->guid, p->code, product_sid(p), p->context, &path);
    if (err) /* what cannot be made sense of is not there */
        return err == ERROR_OUTOFMEMORY ? err : ERROR_SUCCESS;
    *state = component_registered_state(path);
    os_free(path);
    if (*state != STATE_SOURCE && *state != STATE_LOCAL) /* without a path it was disabled */
        *state = STATE_ABSENT;
    return ERROR_SUCCESS;
}

static u32 update_component(const struct session *s, struct component *c)
{
    const struct product *p = &s->product_there;
    u32 err = ERROR_SUCCESS;

    c->shared = false;
    c->installed = STATE_UNKNOWN;
    if (c->guid[0])
        err = registered_state(s, c, &c->installed);
    if (c->installed == STATE_LOCAL || c->installed == STATE_SOURCE) {
        c->shared = component_shared(c->guid, p->code, product_sid(p), p->context);
        /* What is there stays, whatever its condition says now, unless it is asked again. */
        c->enabled = c->enabled || !(c->attributes & COMPONENT_TRANSITIVE);
    } else if (!c->enabled) {
        c->installed = STATE_UNKNOWN;
    }
    return err;
}

static u32 update_feature(const struct session *s, struct feature *f)
{
    int state = STATE_ABSENT;
    u32 err = ERROR_SUCCESS;

    if (s->registered && f->level > 0)
        err = feature_state_there(&s->product_there, f->named.name, &state);
    f->installed = err ? STATE_ABSENT : state;
    return err == ERROR_OUTOFMEMORY ? err : ERROR_SUCCESS;
}

u32 installed_update(struct session *s)
{
    bool registered = s->registered;
    u32 err = ERROR_SUCCESS;

    /* An image is made of what the package has, whatever is installed. */
    s->registered = registered && !session_is_admin(s);
    for (u32 i = 0; !err && i < s->features.count; i++)
        err = update_feature(s, names_at(&s->features, i));
    for (u32 i = 0; !err && i < s->components.count; i++)
        err = update_component(s, names_at(&s->components, i));
    s->registered = registered;
    return err;
}

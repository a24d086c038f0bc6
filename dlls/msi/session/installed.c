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

static int registered_state(const struct session *s, const struct component *c)
{
    const struct product *p = &s->product_there;
    char16_t *path;
    int state;

    if (!s->registered || !guid_is(c->guid) ||
        component_path_in(c->guid, p->code, product_sid(p), p->context, &path))
        return STATE_ABSENT;
    state = component_registered_state(path);
    os_free(path);
    /* without a path it was disabled */
    return state == STATE_SOURCE || state == STATE_LOCAL ? state : STATE_ABSENT;
}

static void update_component(const struct session *s, struct component *c)
{
    const struct product *p = &s->product_there;

    c->shared = false;
    c->installed = c->guid[0] ? registered_state(s, c) : STATE_UNKNOWN;
    if (c->installed == STATE_LOCAL || c->installed == STATE_SOURCE) {
        c->shared = component_shared(c->guid, p->code, product_sid(p), p->context);
        /* What is there stays, whatever its condition says now, unless it is asked again. */
        c->enabled = c->enabled || !(c->attributes & COMPONENT_TRANSITIVE);
    } else if (!c->enabled) {
        c->installed = STATE_UNKNOWN;
    }
}

static int feature_installed(const struct session *s, const struct feature *f)
{
    int state;

    if (!s->registered || f->level <= 0 ||
        feature_state_there(&s->product_there, f->named.name, &state))
        return STATE_ABSENT;
    return state;
}

void installed_update(struct session *s)
{
    bool registered = s->registered;

    /* An image is made of what the package has, whatever is installed. */
    s->registered = registered && !session_is_admin(s);
    for (u32 i = 0; i < s->features.count; i++) {
        struct feature *f = names_at(&s->features, i);

        f->installed = feature_installed(s, f);
    }
    for (u32 i = 0; i < s->components.count; i++)
        update_component(s, names_at(&s->components, i));
    s->registered = registered;
}

/*
 * What becomes of features and components: the decisions of CostFinalize.
 *
 * A feature's action comes from the properties that list features, components and files, in their
 * documented order (a later one wins), or, where none is set and the product is not installed, from
 * its level. A component's comes from what the features that have it want: their actions or, where
 * they have none, their installed states.
 */
#include "rows.h"
#include "session_impl.h"
#include "utf16.h"

enum { FEATURE_FAVOR_SOURCE = 1, FEATURE_FOLLOW_PARENT = 2, FEATURE_FAVOR_ADVERTISE = 4 };
enum { COMPONENT_SOURCE_ONLY = 1, COMPONENT_OPTIONAL = 2, COMPONENT_PERMANENT = 16 };

static struct feature *feature_at(const struct session *s, u32 i)
{
    return names_at(&s->features, i);
}

static bool is_installing(int state)
{
    return state == STATE_LOCAL || state == STATE_SOURCE;
}

/* --- levels -------------------------------------------------------------------------------------
 */

static u32 set_level(void *ctx, struct record *row)
{
    struct session *s = ctx;
    struct rec_view name, condition;
    i32 level = rec_get_int(row, 2);
    u32 i;

    if (rec_view(row, 1, &name) || level == REC_NULL_INT)
        return ERROR_SUCCESS;
    i = names_find(&s->features, name.text, name.len);
    if (i != NAME_NONE && !rec_view(row, 3, &condition) &&
        condition_of(s, condition.text, condition.len) == COND_TRUE)
        feature_at(s, i)->level = level;
    return ERROR_SUCCESS;
}

u32 levels_from_conditions(struct session *s)
{
    u32 err;

    if (select_is_asked(s)) {
        err = prop_set(s, "Preselected", u"1", 1);
        if (err)
            return err;
    }
    if (prop_get(s, "Preselected"))
        return ERROR_SUCCESS;
    return rows_each(s->db, u"SELECT `Feature_`, `Level`, `Condition` FROM `Condition`", NULL,
                     set_level, s);
}

static i32 install_level(const struct session *s)
{
    const struct property *p = prop_get(s, "INSTALLLEVEL");
    i32 level = p ? rec_parse_int(p->value, p->value_len) : 1;

    return level == REC_NULL_INT ? 1 : level;
}

static void select_by_level(struct session *s)
{
    i32 level = install_level(s);

    for (u32 i = 0; i < s->features.count; i++) {
        struct feature *f = feature_at(s, i);

        if (f->level <= 0 || f->level > level)
            continue;
        if (f->attributes & FEATURE_FAVOR_ADVERTISE)
            f->action = STATE_ADVERTISED;
        else
            f->action = f->attributes & FEATURE_FAVOR_SOURCE ? STATE_SOURCE : STATE_LOCAL;
    }
}

/* --- parents ------------------------------------------------------------------------------------
 */

/* Settles a feature below its parent, which is settled first: without a selected parent it is not
 * selected, and one that follows does as its parent does. */
static void settle_below(struct session *s, struct feature *f, bool by_level)
{
    const struct feature *up = feature_at(s, f->parent);

    if (by_level && up->action == STATE_UNKNOWN)
        f->action = STATE_UNKNOWN;
    else if ((f->attributes & FEATURE_FOLLOW_PARENT) && f->level > 0 &&
             (by_level ? f->action != STATE_UNKNOWN : up->action != STATE_UNKNOWN))
        f->action = up->action;
}

/* Goes up to the first feature that is settled, then down the same way; each is gone over once. A
 * circle of parents has no top: what is met again on the way is taken for one. */
static void settle(struct session *s, u32 i, u8 *done, u32 *way, bool by_level)
{
    u32 n = 0;

    for (; i != NAME_NONE && !done[i]; i = feature_at(s, i)->parent) {
        done[i] = 1;
        way[n++] = i;
    }
    while (n) {
        struct feature *f = feature_at(s, way[--n]);

        if (f->parent != NAME_NONE)
            settle_below(s, f, by_level);
    }
}

static void settle_all(struct session *s, bool by_level)
{
    u32 count = s->features.count;
    u32 *way = count ? os_alloc(count * sizeof(*way)) : NULL;
    u8 *done = count ? os_calloc(count, 1) : NULL;

    for (u32 i = 0; way && done && i < count; i++)
        settle(s, i, done, way, by_level);
    os_free(way);
    os_free(done);
}

/* --- lists --------------------------------------------------------------------------------------
 */

enum list_of { OF_FEATURES, OF_COMPONENTS, OF_FILES };
/* By the feature's own preference; again as it is installed. */
enum { ACTION_DEFAULT = 100, ACTION_REINSTALL };

static const struct {
    const char *name;
    enum list_of of;
    int action;
} lists[] = {
    {"ADDLOCAL", OF_FEATURES, STATE_LOCAL},
    {"REMOVE", OF_FEATURES, STATE_ABSENT},
    {"ADDSOURCE", OF_FEATURES, STATE_SOURCE},
    {"ADDDEFAULT", OF_FEATURES, ACTION_DEFAULT},
    {"REINSTALL", OF_FEATURES, ACTION_REINSTALL},
    {"ADVERTISE", OF_FEATURES, STATE_ADVERTISED},
    {"COMPADDLOCAL", OF_COMPONENTS, STATE_LOCAL},
    {"COMPADDSOURCE", OF_COMPONENTS, STATE_SOURCE},
    {"COMPADDDEFAULT", OF_COMPONENTS, ACTION_DEFAULT},
    {"FILEADDLOCAL", OF_FILES, STATE_LOCAL},
    {"FILEADDSOURCE", OF_FILES, STATE_SOURCE},
    {"FILEADDDEFAULT", OF_FILES, ACTION_DEFAULT},
};

bool select_is_asked(const struct session *s)
{
    for (size_t i = 0; i < ARRAY_LEN(lists); i++)
        if (prop_get(s, lists[i].name))
            return true;
    return false;
}

static int wanted_action(const struct feature *f, int action)
{
    if (action == ACTION_DEFAULT)
        return f->attributes & FEATURE_FAVOR_SOURCE ? STATE_SOURCE : STATE_LOCAL;
    if (action == ACTION_REINSTALL) /* what is not there is not reinstalled */
        return is_installing(f->installed) ? f->installed : STATE_UNKNOWN;
    return action;
}

static void want(struct feature *f, int action)
{
    int wanted = wanted_action(f, action);

    /* A feature of level 0 is disabled, whoever asks for it. */
    if (wanted != STATE_UNKNOWN && (f->level > 0 || wanted == STATE_ABSENT))
        f->action = wanted;
}

/* The first feature that has the component. */
static void want_component(struct session *s, u32 component, int action)
{
    for (u32 i = 0; i < s->member_count; i++) {
        if (s->members[i].component == component) {
            want(feature_at(s, s->members[i].feature), action);
            return;
        }
    }
}

static u32 component_by_guid(const struct session *s, const char16_t *guid, size_t len)
{
    for (u32 i = 0; i < s->components.count; i++) {
        const struct component *c = names_at(&s->components, i);

        if (!u16_compare_fold(c->guid, u16_len(c->guid), guid, len))
            return i;
    }
    return NAME_NONE;
}

static void want_name(struct session *s, enum list_of of, const char16_t *name, size_t len,
                      int action)
{
    u32 i;

    if (of == OF_FEATURES) {
        i = names_find(&s->features, name, len);
        if (i != NAME_NONE)
            want(feature_at(s, i), action);
        return;
    }
    if (of == OF_FILES) {
        i = names_find(&s->files, name, len);
        i = i == NAME_NONE ? i : ((struct package_file *)names_at(&s->files, i))->component;
    } else {
        i = component_by_guid(s, name, len);
    }
    if (i != NAME_NONE)
        want_component(s, i, action);
}

static void want_listed(struct session *s, enum list_of of, const struct property *p, int action)
{
    for (size_t at = 0, end; at < p->value_len; at = end + 1) {
        for (end = at; end < p->value_len && p->value[end] != ',';)
            end++;
        if (of == OF_FEATURES && u16_is(p->value + at, end - at, "ALL")) {
            for (u32 i = 0; i < s->features.count; i++)
                want(feature_at(s, i), action);
        } else {
            want_name(s, of, p->value + at, end - at, action);
        }
    }
}

/* What is installed needs its parents: each that is neither there nor asked for comes along. */
static void bring_parents(struct session *s)
{
    for (u32 i = 0; i < s->features.count; i++) {
        int action = feature_at(s, i)->action;
        u32 up = feature_at(s, i)->parent;

        /* Where one was brought, those above it were. */
        for (u32 n = 0; is_installing(action) && up != NAME_NONE && n < s->features.count; n++) {
            struct feature *f = feature_at(s, up);

            if (is_installing(f->action) || f->level <= 0 || is_installing(f->installed))
                break;
            f->action = action;
            up = f->parent;
        }
    }
}

/* A file in a cabinet is not run from there: its feature comes to the disk. */
static void no_source_from_cabinets(struct session *s)
{
    for (u32 i = 0; i < s->member_count; i++) {
        struct feature *f = feature_at(s, s->members[i].feature);
        const struct component *c = names_at(&s->components, s->members[i].component);

        if (f->action == STATE_SOURCE && c->compressed)
            f->action = STATE_LOCAL;
    }
}

void select_features(struct session *s)
{
    bool asked = select_is_asked(s);

    for (u32 i = 0; i < s->features.count; i++)
        feature_at(s, i)->action = STATE_UNKNOWN;
    if (asked) {
        for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
            const struct property *p = prop_get(s, lists[i].name);

            if (p)
                want_listed(s, lists[i].of, p, lists[i].action);
        }
        bring_parents(s);
        settle_all(s, false);
    } else if (!prop_get(s, "Installed")) {
        select_by_level(s);
        settle_all(s, true);
    }
    no_source_from_cabinets(s);
}

/* --- components ---------------------------------------------------------------------------------
 */

enum { WANT_LOCAL = 1, WANT_SOURCE = 2, WANT_GONE = 4 };

static u8 want_of(const struct feature *f)
{
    int state = f->action == STATE_UNKNOWN ? f->installed : f->action;

    if (state == STATE_LOCAL)
        return WANT_LOCAL;
    if (state == STATE_SOURCE)
        return WANT_SOURCE;
    return f->action == STATE_ABSENT ? WANT_GONE : 0;
}

/* Where nobody wants it: what is there goes with its features, unless others have it. */
static int unwanted_action(const struct component *c, u8 wants)
{
    if (!is_installing(c->installed) || !(wants & WANT_GONE) || c->shared ||
        (c->attributes & COMPONENT_PERMANENT))
        return STATE_UNKNOWN;
    return STATE_ABSENT;
}

static int component_action(const struct component *c, u8 wants)
{
    int action = STATE_LOCAL;

    if (!(wants & (WANT_LOCAL | WANT_SOURCE)))
        return unwanted_action(c, wants);
    if (!c->enabled)
        return is_installing(c->installed) ? STATE_ABSENT : STATE_UNKNOWN;
    if (c->compressed)
        return STATE_LOCAL;
    if (c->attributes & COMPONENT_OPTIONAL)
        action = wants & WANT_LOCAL ? STATE_LOCAL : STATE_SOURCE;
    else if (c->attributes & COMPONENT_SOURCE_ONLY)
        action = STATE_SOURCE;
    /* Source over source is nothing to do. */
    if (action == STATE_SOURCE && c->installed == STATE_SOURCE && (wants & WANT_SOURCE))
        return STATE_UNKNOWN;
    return action;
}

void costing_update(struct session *s)
{
    u8 *wants = s->components.count ? os_calloc(s->components.count, 1) : NULL;

    for (u32 i = 0; wants && i < s->member_count; i++)
        wants[s->members[i].component] |= want_of(feature_at(s, s->members[i].feature));
    for (u32 i = 0; i < s->components.count; i++) {
        struct component *c = names_at(&s->components, i);

        if (!c->set)
            c->action = wants ? component_action(c, wants[i]) : STATE_UNKNOWN;
    }
    os_free(wants);
}

/*
 * What becomes of features and components: the decisions of CostFinalize.
 *
 * A feature's action comes from the properties that list features, components and files, in their
 * documented order (a later one wins), or, where none is set and the product is not installed, from
 * its level. A component's comes from what the features that have it want: their actions or, where
 * they have none, their installed states.
 */
#include "notice.h"
#include "rows.h"
#include "session_impl.h"
#include "utf16.h"

enum {
    FEATURE_FAVOR_SOURCE = 1,
    FEATURE_FOLLOW_PARENT = 2,
    FEATURE_FAVOR_ADVERTISE = 4,
    FEATURE_NO_ADVERTISE = 8
};
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

/* What is below a disabled feature is not installed without it, so it is disabled too.
 * CostInitialize has seen that the tree is not deep. */
static void disable_below(struct session *s)
{
    for (u32 i = 0; i < s->features.count; i++) {
        u32 up = feature_at(s, i)->parent;

        while (up != NAME_NONE && feature_at(s, up)->level > 0)
            up = feature_at(s, up)->parent;
        if (up != NAME_NONE)
            feature_at(s, i)->level = 0;
    }
}

static u32 levels_of_table(struct session *s)
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

u32 levels_from_conditions(struct session *s)
{
    u32 err = levels_of_table(s);

    disable_below(s);
    return err;
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

/* Goes up to the first feature that is settled, then down the same way; each is gone over once. */
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

/* False without memory. */
static bool settle_all(struct session *s, bool by_level)
{
    u32 count = s->features.count;
    u32 *way = os_alloc_array(count + 1, sizeof(*way));
    u8 *done = os_calloc(count + 1, 1);
    bool good = way && done;

    for (u32 i = 0; good && i < count; i++)
        settle(s, i, done, way, by_level);
    os_free(way);
    os_free(done);
    return good;
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

/* A component by its code in capitals. */
struct coded {
    struct named named;
    u32 component;
};

/* What names of components and files are looked up in: lists and tables may be long together. */
struct lookup {
    struct name_list codes; /* struct coded */
    u32 *feature;           /* the first that has each component, or NAME_NONE */
    u8 *when;               /* of each feature the list that decided last, 0: none has */
    u8 list;                /* the one at hand */
};

static int by_preference(const struct feature *f)
{
    return f->attributes & FEATURE_FAVOR_SOURCE ? STATE_SOURCE : STATE_LOCAL;
}

/* What may not be advertised is installed, but not below what is advertised instead. */
static int wanted_advertised(const struct feature *f)
{
    if (!(f->attributes & FEATURE_NO_ADVERTISE))
        return STATE_ADVERTISED;
    return f->parent == NAME_NONE ? by_preference(f) : STATE_UNKNOWN;
}

static int wanted_action(const struct feature *f, int action)
{
    if (action == ACTION_DEFAULT)
        return by_preference(f);
    if (action == ACTION_REINSTALL) /* what is not there is not reinstalled */
        return is_installing(f->installed) ? f->installed : STATE_UNKNOWN;
    return action == STATE_ADVERTISED ? wanted_advertised(f) : action;
}

static void want(struct session *s, const struct lookup *l, u32 i, int action)
{
    struct feature *f = feature_at(s, i);
    int wanted = wanted_action(f, action);

    /* A feature of level 0 is disabled, whoever asks for it. */
    if (wanted == STATE_UNKNOWN || (f->level <= 0 && wanted != STATE_ABSENT))
        return;
    f->action = wanted;
    l->when[i] = l->list;
}

/* Disabled features stay as they are, also where all are removed. */
static void want_all(struct session *s, const struct lookup *l, int action)
{
    for (u32 i = 0; i < s->features.count; i++)
        if (feature_at(s, i)->level > 0)
            want(s, l, i, action);
}

enum { CODE_MAX = 38 };

/* False for what is too long to be a code. */
static bool capitals(const char16_t *code, size_t len, char16_t to[CODE_MAX])
{
    if (len > CODE_MAX)
        return false;
    for (size_t i = 0; i < len; i++)
        to[i] = u16_upper(code[i]);
    return true;
}

static u32 component_by_code(const struct lookup *l, const char16_t *code, size_t len)
{
    char16_t upper[CODE_MAX];
    u32 i = capitals(code, len, upper) ? names_find(&l->codes, upper, len) : NAME_NONE;

    return i == NAME_NONE ? i : ((const struct coded *)names_at(&l->codes, i))->component;
}

static void lookup_free(struct lookup *l)
{
    names_free(&l->codes, NULL);
    os_free(l->feature);
    os_free(l->when);
}

/* Of components with one code the first is found. */
static bool add_code(struct lookup *l, const struct component *c, u32 i)
{
    char16_t upper[CODE_MAX];
    size_t len = u16_len(c->guid);
    struct coded *coded;

    if (!len || component_by_code(l, c->guid, len) != NAME_NONE || !capitals(c->guid, len, upper))
        return true;
    coded = names_add(&l->codes, upper, len);
    if (coded)
        coded->component = i;
    return coded;
}

/* False without memory. */
static bool lookup_make(const struct session *s, struct lookup *l)
{
    bool good;

    names_init(&l->codes, sizeof(struct coded));
    l->feature = os_alloc_array(s->components.count + 1, sizeof(*l->feature));
    l->when = os_calloc(s->features.count + 1, 1);
    good = l->feature && l->when;
    for (u32 i = 0; good && i < s->components.count; i++) {
        l->feature[i] = NAME_NONE;
        good = add_code(l, names_at(&s->components, i), i);
    }
    for (u32 i = s->member_count; good && i-- > 0;)
        l->feature[s->members[i].component] = s->members[i].feature;
    return good;
}

/* False: there is no feature of that name. */
static bool want_name(struct session *s, const struct lookup *l, enum list_of of,
                      const char16_t *name, size_t len, int action)
{
    u32 i;

    if (of == OF_FEATURES) {
        i = names_find(&s->features, name, len);
    } else if (of == OF_FILES) {
        i = names_find(&s->files, name, len);
        i = i == NAME_NONE ? i : ((struct package_file *)names_at(&s->files, i))->component;
    } else {
        i = component_by_code(l, name, len);
    }
    if (of != OF_FEATURES && i != NAME_NONE)
        i = l->feature[i];
    if (i != NAME_NONE)
        want(s, l, i, action);
    return i != NAME_NONE || of != OF_FEATURES || !len;
}

/* unknown: takes the first name that is no feature's; NULL where that is of no matter. */
static void want_listed(struct session *s, const struct lookup *l, enum list_of of,
                        const struct property *p, int action, struct text_buf *unknown)
{
    bool all = false;

    for (size_t at = 0, end; at < p->value_len; at = end + 1) {
        for (end = at; end < p->value_len && p->value[end] != ',';)
            end++;
        if (of != OF_FEATURES || !u16_is(p->value + at, end - at, "ALL")) {
            if (!want_name(s, l, of, p->value + at, end - at, action) && unknown && !unknown->len)
                tb_add(unknown, p->value + at, end - at);
            continue;
        }
        if (!all) /* a second time says nothing new */
            want_all(s, l, action);
        all = true;
    }
}

/* What an upgrade removes of an older product may be in none of its features. */
static bool may_be_unknown(const struct session *s, int action)
{
    return action == STATE_ABSENT && prop_get(s, "UPGRADINGPRODUCTCODE");
}

/* What is removed takes along what is below it, but for what a later list asks for again. */
static void remove_below(struct session *s, const struct lookup *l)
{
    for (u32 i = 0; i < s->features.count; i++) {
        struct feature *f = feature_at(s, i);
        u32 up = f->parent;

        if (f->action == STATE_UNKNOWN && !is_installing(f->installed) &&
            f->installed != STATE_ADVERTISED)
            continue;
        while (up != NAME_NONE &&
               (feature_at(s, up)->action != STATE_ABSENT || l->when[up] <= l->when[i]))
            up = feature_at(s, up)->parent;
        if (up == NAME_NONE)
            continue;
        f->action = STATE_ABSENT;
        l->when[i] = l->when[up];
    }
}

static bool want_lists(struct session *s, struct text_buf *unknown)
{
    struct lookup l;
    bool good = lookup_make(s, &l);

    for (size_t i = 0; good && i < ARRAY_LEN(lists); i++) {
        const struct property *p = prop_get(s, lists[i].name);

        l.list = (u8)(i + 1);
        if (p)
            want_listed(s, &l, lists[i].of, p, lists[i].action,
                        may_be_unknown(s, lists[i].action) ? NULL : unknown);
    }
    if (good)
        remove_below(s, &l);
    lookup_free(&l);
    return good && !unknown->failed;
}

/* As the lists of features say. A message goes out without the lock: a handler may call anything.
 */
static u32 select_asked(struct session *s)
{
    struct text_buf unknown;
    u32 err;

    tb_init(&unknown);
    err = want_lists(s, &unknown) ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
    if (!err && unknown.len) {
        os_mutex_unlock(&s->lock);
        notice_no_feature(s, unknown.s, unknown.len);
        os_mutex_lock(&s->lock);
        err = ERROR_INSTALL_FAILURE;
    }
    tb_free(&unknown);
    return err;
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

            if (is_installing(f->action) || f->level <= 0 ||
                (f->action != STATE_ABSENT && is_installing(f->installed)))
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

/* Everything but what is disabled. */
static void select_for_image(struct session *s)
{
    for (u32 i = 0; i < s->features.count; i++)
        if (feature_at(s, i)->level > 0)
            feature_at(s, i)->action = STATE_LOCAL;
}

/* What would be installed is advertised, where it may be, and what is installed stays so. */
static void advertise_selected(struct session *s)
{
    for (u32 i = 0; i < s->features.count; i++) {
        struct feature *f = feature_at(s, i);

        if (!is_installing(f->action) && f->action != STATE_ADVERTISED)
            continue;
        f->action = f->attributes & FEATURE_NO_ADVERTISE || is_installing(f->installed)
                        ? STATE_UNKNOWN
                        : STATE_ADVERTISED;
    }
}

u32 select_features(struct session *s)
{
    bool asked = select_is_asked(s), good = true;

    for (u32 i = 0; i < s->features.count; i++)
        feature_at(s, i)->action = STATE_UNKNOWN;
    if (session_is_admin(s)) {
        select_for_image(s);
        return ERROR_SUCCESS;
    }
    if (asked) {
        u32 err = select_asked(s);

        if (err)
            return err;
        bring_parents(s);
        good = settle_all(s, false);
    } else if (!prop_get(s, "Installed")) {
        select_by_level(s);
        good = settle_all(s, true);
    }
    if (session_advertises(s))
        advertise_selected(s);
    no_source_from_cabinets(s);
    return good ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
}

/* --- components ---------------------------------------------------------------------------------
 */

enum { WANT_LOCAL = 1, WANT_SOURCE = 2, WANT_GONE = 4, WANT_ASKED = 8 };

static u8 want_of(const struct feature *f)
{
    int state = f->action == STATE_UNKNOWN ? f->installed : f->action;

    if (state == STATE_LOCAL)
        return WANT_LOCAL;
    if (state == STATE_SOURCE)
        return WANT_SOURCE;
    /* what is advertised is not there any more */
    return f->action == STATE_ABSENT || f->action == STATE_ADVERTISED ? WANT_GONE : 0;
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

u32 costing_update(struct session *s)
{
    u8 *wants = os_calloc(s->components.count + 1, 1);

    if (!wants)
        return ERROR_OUTOFMEMORY;
    for (u32 i = 0; i < s->member_count; i++) {
        const struct feature *f = feature_at(s, s->members[i].feature);

        wants[s->members[i].component] |= want_of(f);
        if (f->action != STATE_UNKNOWN)
            wants[s->members[i].component] |= WANT_ASKED;
    }
    for (u32 i = 0; i < s->components.count; i++) {
        struct component *c = names_at(&s->components, i);

        c->asked = (wants[i] & WANT_ASKED) != 0;
        if (!c->set && session_is_admin(s))
            c->action = wants[i] & WANT_LOCAL ? STATE_LOCAL : STATE_UNKNOWN;
        else if (!c->set)
            c->action = component_action(c, wants[i]);
    }
    os_free(wants);
    return ERROR_SUCCESS;
}

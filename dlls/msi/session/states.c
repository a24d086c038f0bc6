/*
 * Questions about the features and components of a session, and setting what becomes of them.
 */
#include "rows.h"
#include "session_impl.h"
#include "stores.h"
#include "sysprops.h"
#include "utf16.h"

enum { COST_SELF, COST_CHILDREN, COST_PARENTS };
enum { INSTALL_LEVEL_MAX = 32767 };

static struct feature *find_feature(struct session *s, const char16_t *name, size_t len)
{
    u32 i = s->initialized ? names_find(&s->features, name, len) : NAME_NONE;

    return i == NAME_NONE ? NULL : names_at(&s->features, i);
}

static struct component *find_component(struct session *s, const char16_t *name, size_t len)
{
    u32 i = s->initialized ? names_find(&s->components, name, len) : NAME_NONE;

    return i == NAME_NONE ? NULL : names_at(&s->components, i);
}

u32 session_feature_state(struct session *s, const char16_t *feature, size_t len, int *installed,
                          int *action)
{
    const struct feature *f;

    os_mutex_lock(&s->lock);
    f = find_feature(s, feature, len);
    if (f) {
        *installed = f->installed;
        *action = f->action;
    }
    os_mutex_unlock(&s->lock);
    return f ? ERROR_SUCCESS : ERROR_UNKNOWN_FEATURE;
}

u32 session_component_state(struct session *s, const char16_t *component, size_t len,
                            int *installed, int *action)
{
    const struct component *c;

    os_mutex_lock(&s->lock);
    c = find_component(s, component, len);
    if (c) {
        *installed = c->installed;
        *action = c->action;
    }
    os_mutex_unlock(&s->lock);
    return c ? ERROR_SUCCESS : ERROR_UNKNOWN_COMPONENT;
}

/* --- setting ------------------------------------------------------------------------------------
 */

enum { FEATURE_FOLLOW_PARENT = 2, FEATURE_NO_ADVERTISE = 8, FEATURE_NO_ABSENT = 16 };

static struct feature *feature_at(const struct session *s, u32 i)
{
    return names_at(&s->features, i);
}

/* CostInitialize has seen that the tree is not deep. */
static bool is_in_tree(const struct session *s, u32 i, u32 top)
{
    while (i != top && i != NAME_NONE)
        i = feature_at(s, i)->parent;
    return i == top;
}

/* The feature and what is below it, but for what is disabled or may not be advertised. */
static void set_tree(struct session *s, u32 top, int state, u8 *changed)
{
    for (u32 i = 0; i < s->features.count; i++) {
        struct feature *f = feature_at(s, i);

        if (i != top && (f->level <= 0 || !is_in_tree(s, i, top)))
            continue;
        f->action = state == STATE_ADVERTISED && (f->attributes & FEATURE_NO_ADVERTISE)
                        ? STATE_UNKNOWN
                        : state;
        changed[i] = 1;
    }
}

/* What is installed needs its parents. A feature of level 0 is never installed. */
static void set_parents(struct session *s, u32 i, int state, u8 *changed)
{
    if (state != STATE_LOCAL && state != STATE_SOURCE)
        return;
    while ((i = feature_at(s, i)->parent) != NAME_NONE) {
        struct feature *f = feature_at(s, i);

        if (f->level <= 0 || f->action == STATE_LOCAL || f->action == STATE_SOURCE)
            continue;
        f->action = state;
        changed[i] = 1;
    }
}

/* What was said of the components of changed features no longer holds. */
static void forget_set(struct session *s, const u8 *changed)
{
    for (u32 i = 0; i < s->member_count; i++) {
        const struct membership *m = &s->members[i];

        if (changed[m->feature])
            ((struct component *)names_at(&s->components, m->component))->set = false;
    }
}

static u32 set_feature(struct session *s, u32 i, int state)
{
    u8 *changed;

    if (state == STATE_ADVERTISED && (feature_at(s, i)->attributes & FEATURE_NO_ADVERTISE))
        return ERROR_FUNCTION_FAILED;
    changed = os_calloc(s->features.count, 1);
    if (!changed)
        return ERROR_OUTOFMEMORY;
    set_tree(s, i, state, changed);
    set_parents(s, i, state, changed);
    forget_set(s, changed);
    os_free(changed);
    return costing_update(s);
}

u32 session_set_feature_state(struct session *s, const char16_t *feature, size_t len, int state)
{
    u32 err = ERROR_UNKNOWN_FEATURE, i;

    os_mutex_lock(&s->lock);
    i = s->initialized ? names_find(&s->features, feature, len) : NAME_NONE;
    if (i != NAME_NONE)
        err = set_feature(s, i, state);
    os_mutex_unlock(&s->lock);
    return err;
}

u32 session_set_component_state(struct session *s, const char16_t *component, size_t len, int state)
{
    struct component *c;

    os_mutex_lock(&s->lock);
    c = find_component(s, component, len);
    /* what its condition disables, and is not there, has nothing done to it */
    if (c && (c->enabled || c->installed != STATE_UNKNOWN)) {
        c->set = true;
        c->action = state;
    }
    os_mutex_unlock(&s->lock);
    return c ? ERROR_SUCCESS : ERROR_UNKNOWN_COMPONENT;
}

u32 session_set_feature_attributes(struct session *s, const char16_t *feature, size_t len,
                                   u32 attributes)
{
    u32 err = ERROR_FUNCTION_FAILED;
    struct feature *f;

    if (!len)
        return ERROR_UNKNOWN_FEATURE;
    os_mutex_lock(&s->lock);
    f = find_feature(s, feature, len);
    if (s->initialized && !s->costed)
        err = f ? ERROR_SUCCESS : ERROR_UNKNOWN_FEATURE;
    if (!err) /* bit 0 says "local", which in the table is no bit */
        f->attributes = attributes >> 1 | (f->attributes & ~0x1fu);
    os_mutex_unlock(&s->lock);
    return err;
}

u32 session_set_install_level(struct session *s, i32 level)
{
    char16_t text[12];
    size_t len;
    u32 err = ERROR_SUCCESS;

    if (level > INSTALL_LEVEL_MAX)
        return ERROR_INVALID_PARAMETER;
    os_mutex_lock(&s->lock);
    if (level > 0) {
        len = rec_format_int(level, text);
        err = prop_set(s, "INSTALLLEVEL", text, len);
    }
    if (!err && s->costed) /* also where the level stays as it is */
        err = costing_finalize(s);
    os_mutex_unlock(&s->lock);
    return err;
}

/* --- costs --------------------------------------------------------------------------------------
 */

/* In units of 512 bytes. */
static i32 own_cost(const struct session *s, u32 feature, int state)
{
    i64 cost = 0;

    for (u32 i = 0; i < s->member_count; i++) {
        const struct component *c;

        if (s->members[i].feature != feature)
            continue;
        c = names_at(&s->components, s->members[i].component);
        if (c->enabled && state == STATE_LOCAL && c->installed != STATE_LOCAL)
            cost += (c->bytes + 511) / 512;
    }
    return (i32)MIN(cost, 0x7fffffff);
}

static bool counts(const struct session *s, u32 i, u32 top, int tree)
{
    u32 from = tree == COST_CHILDREN ? i : top, to = tree == COST_CHILDREN ? top : i;

    for (u32 n = 0; from != NAME_NONE && n <= s->features.count; n++) {
        if (from == to)
            return true;
        if (tree == COST_SELF)
            return false;
        from = ((const struct feature *)names_at(&s->features, from))->parent;
    }
    return false;
}

u32 session_feature_cost(struct session *s, const char16_t *feature, size_t len, int tree,
                         int state, i32 *cost)
{
    i64 sum = 0;
    u32 top;

    os_mutex_lock(&s->lock);
    top = s->initialized ? names_find(&s->features, feature, len) : NAME_NONE;
    for (u32 i = 0; top != NAME_NONE && i < s->features.count; i++)
        if (counts(s, i, top, tree))
            sum += own_cost(s, i, state);
    os_mutex_unlock(&s->lock);
    *cost = (i32)MIN(sum, 0x7fffffff);
    return top == NAME_NONE ? ERROR_UNKNOWN_FEATURE : ERROR_SUCCESS;
}

enum { LETTERS = 26 };

/* The index of the drive that a path is on, or LETTERS. */
static u32 drive_of(const char16_t *path)
{
    char16_t letter = path && path[0] && path[1] == ':' ? u16_upper(path[0]) : 0;

    return letter >= 'A' && letter <= 'Z' ? (u32)(letter - 'A') : LETTERS;
}

/* The bytes that go to each drive. */
static void drive_costs(const struct session *s, u64 sums[LETTERS])
{
    for (u32 i = 0; i < LETTERS; i++)
        sums[i] = 0;
    for (u32 i = 0; i < s->components.count; i++) {
        const struct component *c = names_at(&s->components, i);
        u32 folder, drive;

        if (c->action != STATE_LOCAL || c->bytes <= 0)
            continue;
        folder = names_find(&s->folders, c->folder, u16_len(c->folder));
        if (folder == NAME_NONE)
            continue;
        drive = drive_of(((const struct folder *)names_at(&s->folders, folder))->target);
        if (drive < LETTERS)
            sums[drive] += (u64)c->bytes;
    }
}

u32 disk_space(struct session *s)
{
    u64 sums[LETTERS], have;

    drive_costs(s, sums);
    for (u32 i = 0; i < LETTERS; i++)
        if (sums[i] && sys_free_space((char16_t)('A' + i), &have) && have < sums[i])
            return ERROR_DISK_FULL;
    return ERROR_SUCCESS;
}

static u32 set_bytes(struct session *s, const char *name, u64 bytes)
{
    char digits[24];
    u32 at = sizeof(digits) - 1;

    digits[at] = 0;
    do
        digits[--at] = (char)('0' + bytes % 10);
    while (bytes /= 10);
    return prop_set_ascii(s, name, digits + at);
}

/* The target of the folder that PRIMARYFOLDER names; NULL where there is none. */
static const char16_t *primary_target(const struct session *s)
{
    const struct property *name = prop_get(s, "PRIMARYFOLDER");
    u32 i = name ? names_find(&s->folders, name->value, name->value_len) : NAME_NONE;

    return i == NAME_NONE ? NULL : ((const struct folder *)names_at(&s->folders, i))->target;
}

u32 space_properties(struct session *s)
{
    const char16_t *out = disk_space(s) ? u"1" : u"0", *target = primary_target(s);
    u32 drive = drive_of(target), err = prop_set(s, "OutOfDiskSpace", out, 1);
    u64 sums[LETTERS], have = 0;
    char16_t path[2];

    if (!err) /* what a rollback needs besides is not counted */
        err = prop_set(s, "OutOfNoRbDiskSpace", out, 1);
    if (err || drive == LETTERS)
        return err;
    drive_costs(s, sums);
    path[0] = (char16_t)('A' + drive);
    path[1] = ':';
    if (!sys_free_space(path[0], &have))
        return ERROR_SUCCESS;
    err = prop_set(s, "PrimaryVolumePath", path, 2);
    if (!err)
        err = set_bytes(s, "PrimaryVolumeSpaceAvailable", have);
    if (!err)
        err = set_bytes(s, "PrimaryVolumeSpaceRequired", sums[drive]);
    return err ? err
               : set_bytes(s, "PrimaryVolumeSpaceRemaining",
                           have > sums[drive] ? have - sums[drive] : 0);
}

u32 session_verify_space(struct session *s)
{
    u32 err;

    os_mutex_lock(&s->lock);
    err = s->costed ? disk_space(s) : ERROR_INVALID_HANDLE_STATE;
    os_mutex_unlock(&s->lock);
    return err;
}

static u32 component_cost(struct session *s, const char16_t *name, size_t len,
                          struct text_buf *drive, i32 *cost)
{
    const struct component *c = find_component(s, name, len);
    const struct property *root = prop_get(s, "ROOTDRIVE");
    u32 err = ERROR_SUCCESS;

    *cost = 0;
    if (!s->initialized)
        return ERROR_INVALID_HANDLE_STATE;
    if (!s->validated)
        return ERROR_FUNCTION_NOT_CALLED;
    if (len && !c)
        return ERROR_UNKNOWN_COMPONENT;
    if (c) {
        err = component_target(s, c, drive);
        if (c->action == STATE_LOCAL)
            *cost = (i32)MIN((c->bytes + 511) / 512, 0x7fffffff);
    } else if (root) {
        tb_add(drive, root->value, root->value_len);
    }
    tb_cut(drive, 2);
    return err;
}

u32 session_component_cost(struct session *s, const char16_t *component, size_t len,
                           struct text_buf *drive, i32 *cost)
{
    u32 err;

    os_mutex_lock(&s->lock);
    err = component_cost(s, component, len, drive, cost);
    os_mutex_unlock(&s->lock);
    return err;
}

enum { VALID_LOCAL = 1u << STATE_LOCAL, VALID_SOURCE = 1u << STATE_SOURCE };

/* Where a feature's components can be run from. */
static u32 places(const struct session *s, u32 index)
{
    enum { SOURCE_ONLY = 1, OPTIONAL = 2 };
    bool any = false, compressed = false;
    u32 states = 0;

    for (u32 i = 0; i < s->member_count; i++) {
        const struct component *c = names_at(&s->components, s->members[i].component);

        if (s->members[i].feature != index)
            continue;
        any = true;
        compressed = compressed || c->compressed;
        if ((c->attributes & OPTIONAL) || !(c->attributes & SOURCE_ONLY))
            states |= VALID_LOCAL;
        if (c->attributes & (SOURCE_ONLY | OPTIONAL))
            states |= VALID_SOURCE;
    }
    if (!any)
        states = VALID_LOCAL | VALID_SOURCE;
    return compressed ? states & ~VALID_SOURCE : states;
}

/* A feature that follows its parent is where that is. */
static u32 places_of_parent(const struct session *s, const struct feature *f)
{
    const struct feature *parent;
    int state;

    if (!(f->attributes & FEATURE_FOLLOW_PARENT) || f->parent == NAME_NONE)
        return VALID_LOCAL | VALID_SOURCE;
    parent = feature_at(s, f->parent);
    state = parent->action == STATE_UNKNOWN ? parent->installed : parent->action;
    return state == STATE_LOCAL    ? VALID_LOCAL
           : state == STATE_SOURCE ? VALID_SOURCE
                                   : VALID_LOCAL | VALID_SOURCE;
}

/* Bit n stands for the state n, as the page of MsiGetFeatureValidStates has it. */
static u32 valid_states(const struct session *s, const struct feature *f)
{
    u32 index = (u32)(((const u8 *)f - s->features.items) / s->features.size);
    u32 states = places(s, index) & places_of_parent(s, f);

    if (!(f->attributes & FEATURE_NO_ADVERTISE))
        states |= 1u << STATE_ADVERTISED;
    if (!(f->attributes & FEATURE_NO_ABSENT))
        states |= 1u << STATE_ABSENT;
    return states;
}

u32 session_feature_valid_states(struct session *s, const char16_t *feature, size_t len,
                                 u32 *states)
{
    const struct feature *f;

    os_mutex_lock(&s->lock);
    f = find_feature(s, feature, len);
    if (f)
        *states = valid_states(s, f);
    os_mutex_unlock(&s->lock);
    return f ? ERROR_SUCCESS : ERROR_UNKNOWN_FEATURE;
}

/* FAVORLOCAL is 1, and the table's bits follow it. */
static u32 info_attributes(u32 attributes)
{
    u32 bits = (attributes & 0xf) << 1 | (attributes & 0x20);

    return attributes & 7 ? bits : bits | 1;
}

static void add_field(struct record *row, u32 field, struct text_buf *out)
{
    struct rec_view v;

    if (!rec_view(row, field, &v))
        tb_add(out, v.text, v.len);
}

/* What is asked, and whether a row answered it. */
struct info_query {
    struct feature_info *info;
    bool found;
};

static u32 take_info(void *ctx, struct record *row)
{
    struct info_query *q = ctx;
    i32 attributes = rec_get_int(row, 3);

    q->info->attributes = info_attributes(attributes == REC_NULL_INT ? 0 : (u32)attributes);
    add_field(row, 1, &q->info->title);
    add_field(row, 2, &q->info->description);
    q->found = true;
    return ERROR_NO_MORE_ITEMS;
}

/* Before costing the table answers. */
static u32 info_from_table(struct session *s, const char16_t *feature, size_t len,
                           struct feature_info *info)
{
    struct info_query q = {info, false};
    u32 err = rows_each_named(
        s->db, u"SELECT `Title`, `Description`, `Attributes` FROM `Feature` WHERE `Feature` = ?",
        feature, len, take_info, &q);

    return err ? err : q.found ? ERROR_SUCCESS : ERROR_UNKNOWN_FEATURE;
}

u32 session_feature_info(struct session *s, const char16_t *feature, size_t len,
                         struct feature_info *info)
{
    const struct feature *f;
    u32 err = ERROR_SUCCESS;

    os_mutex_lock(&s->lock);
    f = find_feature(s, feature, len);
    if (f) {
        info->attributes = info_attributes(f->attributes);
        tb_add(&info->title, f->title, u16_len(f->title));
        tb_add(&info->description, f->description, u16_len(f->description));
    } else {
        err =
            s->initialized || !len ? ERROR_UNKNOWN_FEATURE : info_from_table(s, feature, len, info);
    }
    os_mutex_unlock(&s->lock);
    return err;
}

/*
 * Related products.
 */
#include "related.h"

#include "notice.h"
#include "prodfeatures.h"
#include "rows.h"
#include "trace.h"
#include "utf16.h"

enum { MIGRATE = 1, MIN_INCLUSIVE = 0x100, MAX_INCLUSIVE = 0x200, LANGUAGES_EXCLUSIVE = 0x400 };
enum { PRODUCTS_MAX = 10000 }; /* of one upgrade code: the registry is anybody's */

/* --- rows of the Upgrade table ------------------------------------------------------------------
 */

struct upgrade {
    struct session *s;
    char16_t *code, *min, *max, *languages, *property;
    u32 attributes;
};

/* A version as the registry has it: the first three numbers in 8, 8 and 16 bits. */
static u32 packed_version(const char16_t *text)
{
    u32 part[3] = {0, 0, 0}, i = 0;

    for (; *text && i < 3; text++) {
        if (*text == '.')
            i++;
        else if (*text >= '0' && *text <= '9' && part[i] < 100000)
            part[i] = part[i] * 10 + (u32)(*text - '0');
    }
    return MIN(part[0], 255u) << 24 | MIN(part[1], 255u) << 16 | MIN(part[2], 65535u);
}

static bool version_lies_within(const struct upgrade *u, u32 version)
{
    u32 min = packed_version(u->min), max = packed_version(u->max);

    if (u->min[0] && (version < min || (version == min && !(u->attributes & MIN_INCLUSIVE))))
        return false;
    return !u->max[0] || version < max || (version == max && u->attributes & MAX_INCLUSIVE);
}

/* The number that a text of the list begins with. */
static bool is_listed(const char16_t *list, u32 language)
{
    for (;;) {
        size_t end = 0;
        u32 n;

        while (*list == ' ')
            list++;
        while (list[end] >= '0' && list[end] <= '9')
            end++;
        if (end && u16_to_u32(list, end, &n) && n == language)
            return true;
        while (*list && *list != ',')
            list++;
        if (!*list++)
            return false;
    }
}

static bool language_suits(const struct upgrade *u, u32 language)
{
    if (!u->languages[0])
        return true;
    return is_listed(u->languages, language) == !(u->attributes & LANGUAGES_EXCLUSIVE);
}

/* A number of the product, 0 where it is not known. */
static u32 product_number(const struct product *p, const char16_t *name)
{
    char16_t *text;
    u32 n = 0;

    if (product_property(p, name, &text))
        return 0;
    if (!u16_to_u32(text, u16_len(text), &n))
        n = 0;
    os_free(text);
    return n;
}

static bool product_suits(const struct upgrade *u, const struct product *p)
{
    return version_lies_within(u, product_number(p, u"Version")) &&
           language_suits(u, product_number(p, u"Language"));
}

static u32 append(struct session *s, const char16_t *property, const char16_t *code)
{
    const struct property *old = props_get(&s->props, property, u16_len(property));
    struct text_buf list;
    u32 err;

    tb_init(&list);
    if (old) {
        tb_add(&list, old->value, old->value_len);
        tb_char(&list, ';');
    }
    tb_add(&list, code, u16_len(code));
    err = list.failed ? ERROR_OUTOFMEMORY
                      : props_set(&s->props, property, u16_len(property), list.s, list.len);
    tb_free(&list);
    return err;
}

/* Messages go out without the lock: a handler may call anything. */
static u32 tell(struct session *s, const char16_t *action, const char16_t *code)
{
    int answer;

    os_mutex_unlock(&s->lock);
    answer = notice_data(s, action, &code, 1);
    os_mutex_lock(&s->lock);
    return answer == NOTICE_CANCEL ? ERROR_INSTALL_USEREXIT : ERROR_SUCCESS;
}

static bool is_own(const struct session *s, const char16_t *code)
{
    const struct property *own = prop_get(s, "ProductCode");

    return own && u16_equal_fold(own->value, code);
}

static u32 find_products(const struct upgrade *u)
{
    char16_t code[GUID_CHARS + 1];
    struct product p;
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; !err && i < PRODUCTS_MAX && !product_related_at(u->code, i, code); i++) {
        if (is_own(u->s, code) || !product_find(code, &p) || !product_suits(u, &p))
            continue;
        err = append(u->s, u->property, code);
        if (!err)
            err = tell(u->s, u"FindRelatedProducts", code);
    }
    return err;
}

static bool read_row(struct upgrade *u, struct record *row)
{
    i32 attributes = rec_get_int(row, 5);
    size_t len;

    u->code = rec_dup_text(row, 1, &len);
    u->min = rec_dup_text(row, 2, &len);
    u->max = rec_dup_text(row, 3, &len);
    u->languages = rec_dup_text(row, 4, &len);
    u->attributes = attributes == REC_NULL_INT ? 0 : (u32)attributes;
    u->property = rec_dup_text(row, 6, &len);
    return u->code && u->min && u->max && u->languages && u->property;
}

static void free_row(struct upgrade *u)
{
    os_free(u->code);
    os_free(u->min);
    os_free(u->max);
    os_free(u->languages);
    os_free(u->property);
}

static u32 each_row(struct session *s, u32 (*each)(void *ctx, struct record *row), void *ctx)
{
    return rows_each(s->db,
                     u"SELECT `UpgradeCode`, `VersionMin`, `VersionMax`, `Language`, `Attributes`, "
                     u"`ActionProperty` FROM `Upgrade`",
                     NULL, each, ctx);
}

static u32 find_row(void *ctx, struct record *row)
{
    struct upgrade u = {.s = ctx};
    u32 err = read_row(&u, row) ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;

    if (!err && guid_is(u.code) && u.property[0])
        err = find_products(&u);
    free_row(&u);
    return err;
}

u32 related_find(struct session *s)
{
    return s->restricted || prop_get(s, "Installed") ? ERROR_SUCCESS : each_row(s, find_row, s);
}

/* --- features -----------------------------------------------------------------------------------
 */

/* What the features were in all products so far: 0 where none has the feature. */
struct migration {
    struct session *s;
    int *states;
    u32 count; /* of features, when it began: a handler of messages may cost anew */
    bool any;
};

/* Local goes before source, that before advertised, that before absent. */
static u32 rank(int state)
{
    return state == STATE_LOCAL        ? 4
           : state == STATE_SOURCE     ? 3
           : state == STATE_ADVERTISED ? 2
           : state == STATE_ABSENT     ? 1
                                       : 0;
}

static void take_states(struct migration *m, const struct product *p)
{
    struct session *s = m->s;

    for (u32 i = 0; i < MIN(s->features.count, m->count); i++) {
        const struct feature *f = names_at(&s->features, i);
        int state;

        if (!feature_state_there(p, f->named.name, &state) && rank(state) > rank(m->states[i]))
            m->states[i] = state;
    }
    m->any = true;
}

/* The products that FindRelatedProducts put into the row's property. */
static u32 migrate_row(void *ctx, struct record *row)
{
    struct migration *m = ctx;
    struct upgrade u = {.s = m->s};
    const struct property *list = NULL;
    u32 err = read_row(&u, row) ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;
    char16_t *copy = NULL;

    if (!err && u.attributes & MIGRATE)
        list = props_get(&m->s->props, u.property, u16_len(u.property));
    if (list && !(copy = u16_dup(list->value, list->value_len)))
        err = ERROR_OUTOFMEMORY;
    for (char16_t *code = copy, *end; !err && code && *code; code = end) {
        struct product p;

        for (end = code; *end && *end != ';';)
            end++;
        if (*end)
            *end++ = 0;
        if (!guid_is(code) || !product_find(code, &p))
            continue;
        take_states(m, &p);
        err = tell(m->s, u"MigrateFeatureStates", code);
    }
    os_free(copy);
    free_row(&u);
    return err;
}

static void set_states(struct migration *m)
{
    for (u32 i = 0; i < m->s->features.count; i++) {
        struct feature *f = names_at(&m->s->features, i);

        if (m->states[i] && f->level > 0)
            f->action = m->states[i];
    }
}

u32 related_migrate(struct session *s)
{
    struct migration m = {.s = s, .count = s->features.count};
    u32 err;

    if (s->restricted || !s->costed || prop_get(s, "Installed") || prop_get(s, "Preselected"))
        return ERROR_SUCCESS;
    m.states = os_calloc(m.count + 1, sizeof(*m.states));
    if (!m.states)
        return ERROR_OUTOFMEMORY;
    err = each_row(s, migrate_row, &m);
    if (!err && m.any && s->costed && s->features.count == m.count) {
        set_states(&m);
        err = costing_update(s);
    }
    os_free(m.states);
    return err;
}

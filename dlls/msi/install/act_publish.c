/*
 * PublishFeatures and UnpublishFeatures: the states of a product's features and what they are made
 * of, as product/prodfeatures.h has them.
 */
#include "act_publish.h"

#include "code85.h"
#include "os.h"
#include "patching.h"
#include "regplan.h"
#include "utf16.h"

enum { ABSENT_MARK = 6, PARENT_MARK = 2 };

static int final_state(const struct feature *f)
{
    return f->action == STATE_UNKNOWN ? f->installed : f->action;
}

static const char16_t *parent_name(const struct install *in, const struct feature *f)
{
    const struct feature *up;

    if (f->parent == NAME_NONE)
        return u"";
    up = names_at(&in->s->features, f->parent);
    return up->named.name;
}

/* --- what features are made of ------------------------------------------------------------------
 */

/* The features' lists of component codes, one for each. */
static u32 collect(struct install *in, struct text_buf *lists)
{
    const struct session *s = in->s;
    char16_t code[CODE85_CHARS];

    for (u32 i = 0; i < s->member_count; i++) {
        const struct component *c = names_at(&s->components, s->members[i].component);
        struct text_buf *list = &lists[s->members[i].feature];

        if (!guid_is(c->guid))
            continue;
        code85_write(c->guid, code);
        tb_add(list, code, CODE85_CHARS);
        if (list->failed)
            return ERROR_OUTOFMEMORY;
    }
    return ERROR_SUCCESS;
}

static void place(struct layout_path *path, struct reg_place *at)
{
    *at = (struct reg_place){path->root, REG_VIEW_64, path->path};
}

static u32 publish_state(struct install *in, const struct feature *f)
{
    const char16_t *parent = parent_name(in, f);
    int state = final_state(f);
    struct layout_path path;
    struct reg_place at;
    struct text_buf text;
    u32 err;

    layout_advertised(&path, in->context, in->sid, u"Features", in->product_code, NULL);
    place(&path, &at);
    tb_init(&text);
    if (state != STATE_LOCAL && state != STATE_SOURCE && state != STATE_ADVERTISED)
        tb_char(&text, ABSENT_MARK);
    tb_add(&text, parent, u16_len(parent));
    err = text.failed ? ERROR_OUTOFMEMORY : plan_reg_text(in, &at, f->named.name, text.s);
    tb_free(&text);
    return err;
}

static u32 publish_parts(struct install *in, const struct feature *f, struct text_buf *list)
{
    const char16_t *parent = parent_name(in, f);
    struct layout_path path;
    struct reg_place at;

    layout_installed(&path, in->context, in->sid, u"Products", in->product_code, u"Features");
    place(&path, &at);
    if (parent[0]) {
        tb_char(list, PARENT_MARK);
        tb_add(list, parent, u16_len(parent));
    }
    tb_add(list, u"", 0);
    return list->failed ? ERROR_OUTOFMEMORY : plan_reg_text(in, &at, f->named.name, list->s);
}

/* A disabled feature, of level 0, is not told of. What is advertised alone has no parts yet: a
 * feature without them is one that is not installed. */
static u32 publish(struct install *in, struct text_buf *lists)
{
    bool parts = !session_advertises(in->s) || product_installed(&in->s->product_there);
    u32 err = collect(in, lists);

    for (u32 i = 0; !err && i < in->s->features.count; i++) {
        const struct feature *f = names_at(&in->s->features, i);
        const char16_t *texts[1] = {f->named.name};

        if (f->level <= 0)
            continue;
        err = plan_data(in, 1, texts);
        if (!err)
            err = publish_state(in, f);
        if (!err && parts)
            err = publish_parts(in, f, &lists[i]);
    }
    return err;
}

/* Features of patches that go. */
static u32 forget_gone(struct install *in)
{
    const struct session_patches *l = in->s->patches;
    struct layout_path advertised, installed;
    struct reg_place at[2];
    u32 err = ERROR_SUCCESS;

    layout_advertised(&advertised, in->context, in->sid, u"Features", in->product_code, NULL);
    layout_installed(&installed, in->context, in->sid, u"Products", in->product_code, u"Features");
    place(&advertised, &at[0]);
    place(&installed, &at[1]);
    for (u32 i = 0; l && !err && i < l->features.count; i++) {
        const struct named *name = names_at(&l->features, i);

        for (size_t k = 0; !err && k < ARRAY_LEN(at); k++)
            err = plan_reg_remove_value(in, &at[k], name->name);
    }
    return err;
}

u32 act_publish_features(struct install *in)
{
    u32 err = install_identify(in), count = in->s->features.count;
    struct text_buf *lists;

    if (err || install_removes_all(in) || install_adds_nothing(in))
        return err;
    lists = os_calloc(count + 1, sizeof(*lists));
    if (!lists)
        return ERROR_OUTOFMEMORY;
    err = publish(in, lists);
    if (!err)
        err = forget_gone(in);
    for (u32 i = 0; i < count; i++)
        tb_free(&lists[i]);
    os_free(lists);
    return err;
}

/* --- removal ------------------------------------------------------------------------------------
 */

u32 act_unpublish_features(struct install *in)
{
    struct layout_path path;
    u32 err = install_identify(in);

    if (err || !install_removes_all(in))
        return err;
    for (u32 i = 0; !err && i < in->s->features.count; i++) {
        const struct feature *f = names_at(&in->s->features, i);
        const char16_t *texts[1] = {f->named.name};

        if (f->action == STATE_ABSENT)
            err = plan_data(in, 1, texts);
    }
    layout_advertised(&path, in->context, in->sid, u"Features", in->product_code, NULL);
    if (!err)
        err = plan_layout_remove(in, &path);
    layout_installed(&path, in->context, in->sid, u"Products", in->product_code, u"Features");
    return err ? err : plan_layout_remove(in, &path);
}

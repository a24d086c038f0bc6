/*
 * PublishComponents and UnpublishComponents: qualified components (product/qualified.h). A
 * qualifier's value is a list, for several products and components may have it.
 */
#include "act_qualified.h"

#include "product_text.h"
#include "reglist.h"
#include "regplan.h"
#include "rows.h"
#include "utf16.h"

/* A row: what its value has for it, and where. */
struct qualified_row {
    struct rec_view category, qualifier;
    struct layout_path path;
    struct reg_place at;
    struct text_buf item;
};

/* Fields: category, qualifier, component, text, feature. */
static u32 read_row(struct install *in, struct record *row, struct qualified_row *q)
{
    const struct component *c = row_component(in, row, 3);
    struct rec_view feature, text;
    u32 err;

    tb_init(&q->item);
    if (!c || rec_view(row, 1, &q->category) || rec_view(row, 2, &q->qualifier) ||
        rec_view(row, 4, &text) || rec_view(row, 5, &feature) || !guid_is(q->category.text))
        return ERROR_INSTALL_PACKAGE_INVALID;
    layout_advertised(&q->path, in->context, in->sid, u"Components", q->category.text, NULL);
    q->at = (struct reg_place){q->path.root, REG_VIEW_64, q->path.path};
    err = product_descriptor(in, feature.text, c->guid, &q->item);
    tb_add(&q->item, text.text, text.len);
    return err ? err : q->item.failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

static u32 change(struct install *in, struct record *row, bool publishes)
{
    struct qualified_row q;
    u32 err = read_row(in, row, &q);

    if (!err)
        err = plan_data(in, 2, (const char16_t *const[]){q.category.text, q.qualifier.text});
    if (!err)
        err = plan_reg_list(in, &q.at, q.qualifier.text, publishes ? LIST_APPEND : LIST_LEAVE,
                            q.item.s, q.item.len);
    if (!err && !publishes)
        err = plan_reg_remove_empty(in, &q.at, layout_keep(&q.path));
    tb_free(&q.item);
    return err;
}

static const char16_t rows[] = u"SELECT `ComponentId`, `Qualifier`, `Component_`, `AppData`, "
                               u"`Feature_` FROM `PublishComponent`";

static u32 publish_row(void *ctx, struct record *row)
{
    struct install *in = ctx;
    const struct feature *f = row_feature(in, row, 5);

    if (!f ||
        (f->action != STATE_LOCAL && f->action != STATE_SOURCE && f->action != STATE_ADVERTISED))
        return ERROR_SUCCESS;
    return change(in, row, true);
}

u32 act_publish_components(struct install *in)
{
    u32 err = install_identify(in);

    return err ? err : rows_each(in->s->db, rows, NULL, publish_row, in);
}

static u32 unpublish_row(void *ctx, struct record *row)
{
    struct install *in = ctx;
    const struct feature *f = row_feature(in, row, 5);

    return f && f->action == STATE_ABSENT ? change(in, row, false) : ERROR_SUCCESS;
}

u32 act_unpublish_components(struct install *in)
{
    u32 err = install_identify(in);

    return err ? err : rows_each(in->s->db, rows, NULL, unpublish_row, in);
}

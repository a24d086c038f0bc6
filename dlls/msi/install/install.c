/*
 * Planning: the actions of a session add operations to its script.
 */
#include "install.h"

#include <string.h>

#include "errorrec.h"
#include "rows.h"
#include "session_impl.h"
#include "trace.h"
#include "utf16.h"

/* --- the script ---------------------------------------------------------------------------------
 */

struct action_texts {
    char16_t *description, *template;
    size_t description_len, template_len;
};

static u32 take_texts(void *ctx, struct record *row)
{
    struct action_texts *t = ctx;

    t->description = rec_dup_text(row, 1, &t->description_len);
    t->template = rec_dup_text(row, 2, &t->template_len);
    return t->description && t->template ? ERROR_NO_MORE_ITEMS : ERROR_OUTOFMEMORY;
}

static u32 write_action(struct install *in)
{
    struct action_texts t = {0};
    struct op op;
    u32 err;

    if (in->action_written || !in->action)
        return ERROR_SUCCESS;
    err = rows_each_named(in->s->db,
                          u"SELECT `Description`, `Template` FROM `ActionText` WHERE `Action` = ?",
                          in->action, in->action_len, take_texts, &t);
    op_begin(&op, OP_ACTION);
    op_text_n(&op, in->action, in->action_len);
    op_text_n(&op, t.description, t.description_len);
    op_text_n(&op, t.template, t.template_len);
    if (!err)
        err = op_write(&in->script, &op);
    in->action_written = !err;
    os_free(t.description);
    os_free(t.template);
    return err;
}

u32 plan(struct install *in, const struct op *op)
{
    u32 err = in->started ? write_action(in) : ERROR_INSTALL_FAILURE;

    if (!in->started)
        TRACE(TRACE_MSI, "an operation before InstallInitialize");
    return err ? err : op_write(&in->script, op);
}

u32 plan_data(struct install *in, u32 count, const char16_t *const *texts)
{
    struct op op;

    op_begin(&op, OP_DATA);
    for (u32 i = 0; i < MIN(count, (u32)OP_FIELDS); i++)
        op_text(&op, texts[i]);
    return plan(in, &op);
}

/* --- the installation of a session --------------------------------------------------------------
 */

static void end(void *install)
{
    struct install *in = install;

    buf_free(&in->script);
    os_free(in->product_code);
    os_free(in->sid);
    os_free(in);
}

struct install *install_of(struct session *s)
{
    struct install *in = s->install;

    if (in)
        return in;
    in = os_calloc(1, sizeof(*in));
    if (!in)
        return NULL;
    in->s = s;
    s->install = in;
    return in;
}

static u32 start(struct install *in)
{
    if (!in->s->costed)
        return ERROR_INSTALL_FAILURE;
    in->started = true;
    return ERROR_SUCCESS;
}

static const struct install_action own[] = {
    {"InstallInitialize", start},
    {NULL, NULL},
};

static const struct install_action *find(const struct install_action *list, const char16_t *action,
                                         size_t len)
{
    while (list->name && !u16_is(action, len, list->name))
        list++;
    return list->name ? list : NULL;
}

static u32 act(struct session *s, const char16_t *action, size_t len)
{
    const struct install_action *a = find(own, action, len);
    u32 err = ERROR_CALL_NOT_IMPLEMENTED;
    struct install *in;

    if (!a)
        a = find(install_actions, action, len);
    if (!a)
        return err;
    os_mutex_lock(&s->lock);
    in = install_of(s);
    if (in) {
        in->action = action;
        in->action_len = len;
        in->action_written = false;
        err = a->plan(in);
        in->action = NULL;
    }
    os_mutex_unlock(&s->lock);
    return in ? err : ERROR_OUTOFMEMORY;
}

void install_start(void)
{
    static const struct session_installer installer = {act, end};

    session_installed_by(&installer);
}

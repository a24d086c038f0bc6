/*
 * ForceReboot: what was planned is done and stays, and the installation ends there. The next start
 * of the machine goes on with it, by a command line in RunOnce that has AFTERREBOOT=1.
 *
 * Properties that the package hides are not in that line, for it can be read by everybody.
 */
#include "install_impl.h"

#include "cmdline.h"
#include "log.h"
#include "os.h"
#include "products.h"
#include "regplan.h"
#include "transaction.h"
#include "utf16.h"

#define RUN_ONCE u"Software\\Microsoft\\Windows\\CurrentVersion\\RunOnce"

/* REBOOT's first character says all. */
static bool is_suppressed(struct install *in)
{
    return u16_upper(install_property(in, "REBOOT")[0]) == 'R';
}

/* --- the line -----------------------------------------------------------------------------------
 */

struct line {
    struct install *in;
    struct text_buf text;
};

static u32 add_given(void *ctx, const char16_t *name, size_t name_len, const char16_t *value,
                     size_t len)
{
    struct line *l = ctx;

    if (u16_is(name, name_len, "AFTERREBOOT") || property_is_hidden(l->in->s, name, name_len))
        return ERROR_SUCCESS;
    tb_char(&l->text, ' ');
    tb_add(&l->text, name, name_len);
    tb_ascii(&l->text, "=\"");
    for (size_t i = 0; i < len; i++) {
        tb_char(&l->text, value[i]);
        if (value[i] == '"')
            tb_char(&l->text, '"');
    }
    tb_char(&l->text, '"');
    return ERROR_SUCCESS;
}

static void add_text(struct line *l, const char16_t *s)
{
    tb_add(&l->text, s, u16_len(s));
}

/* By its code where the product is there by now, for its source may be gone then; else by its
 * package. */
static void add_package(struct line *l)
{
    const char16_t *code = install_property(l->in, "ProductCode");
    struct product p;

    tb_ascii(&l->text, " /i \"");
    if (product_find(code, &p) && product_has_package(&p))
        add_text(l, code);
    else
        add_text(l, install_property(l->in, "OriginalDatabase"));
    tb_char(&l->text, '"');
}

static void add_level(struct line *l)
{
    switch (install_property(l->in, "UILevel")[0]) {
    case '2':
        tb_ascii(&l->text, " /qn");
        break;
    case '3':
        tb_ascii(&l->text, " /qb");
        break;
    case '4':
        tb_ascii(&l->text, " /qr");
        break;
    }
}

static u32 make_line(struct line *l)
{
    const char16_t *folder = install_property(l->in, "System64Folder"), *given = l->in->s->given;
    u32 err = ERROR_SUCCESS;

    tb_char(&l->text, '"');
    add_text(l, folder[0] ? folder : install_property(l->in, "SystemFolder"));
    tb_ascii(&l->text, "msiexec.exe\"");
    add_package(l);
    tb_ascii(&l->text, " AFTERREBOOT=1");
    if (given)
        err = cmdline_each(given, u16_len(given), add_given, l);
    add_level(l);
    return err ? err : l->text.failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

/* The lock is held. */
static u32 plan_resuming(struct install *in)
{
    const struct reg_place at = {REG_MACHINE, REG_VIEW_64, RUN_ONCE};
    struct line l = {.in = in};
    u32 err;

    tb_init(&l.text);
    err = make_line(&l);
    if (!err)
        err = plan_reg_text(in, &at, install_property(in, "ProductCode"), l.text.s);
    tb_free(&l.text);
    return err;
}

/* --- the action ---------------------------------------------------------------------------------
 */

u32 install_force_reboot(struct install *in)
{
    bool suppressed;
    u32 err;

    if (transaction_is_open()) { /* the others of it go on, as documented */
        in->s->reboot_scheduled = true;
        return ERROR_INSTALL_FAILURE;
    }
    err = install_execute(in);
    if (err)
        return err;
    os_mutex_lock(&in->s->lock);
    suppressed = is_suppressed(in) || in->nested;
    if (suppressed)
        in->s->reboot_at_end = true;
    else
        err = plan_resuming(in);
    os_mutex_unlock(&in->s->lock);
    if (err || suppressed)
        return err;
    err = install_finalize(in);
    if (err)
        return err;
    in->suspended = true;
    return ERROR_INSTALL_SUSPEND;
}

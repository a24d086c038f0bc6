/*
 * InstallServices, DeleteServices, StartServices, StopServices.
 */
#include "act_services.h"

#include "op_service.h"
#include "os.h"
#include "rows.h"
#include "session_impl.h"
#include "svcreg.h"
#include "utf16.h"

enum { MSI_VITAL = 0x8000, ERROR_CONTROLS = 3, WIN32_TYPES = 0x130 };

/* What an action's rows are read with. */
struct services {
    struct install *in;
    u32 verb;                /* of ServiceControl */
    i32 installing, leaving; /* the event's bits that ask for it */
};

/* NULL where there is no such component, or it is disabled. */
static const struct component *component_in(struct session *s, struct record *row, u32 field)
{
    size_t len;
    char16_t *name = rec_dup_text(row, field, &len);
    u32 i = name ? names_find(&s->components, name, len) : NAME_NONE;

    os_free(name);
    return i == NAME_NONE ? NULL : names_at(&s->components, i);
}

static bool is_installed(const struct component *c)
{
    return c && c->enabled && (c->action == STATE_LOCAL || c->action == STATE_SOURCE);
}

static bool is_removed(const struct component *c)
{
    return c && c->action == STATE_ABSENT;
}

/* A column's text, formatted, from os_alloc and ended by two zeros, so that it does for a list;
 * NULL where it is empty. */
static u32 formatted(struct session *s, struct record *row, u32 field, char16_t **out)
{
    size_t len;
    char16_t *text = rec_dup_text(row, field, &len);
    struct text_buf b;
    u32 err = text ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;

    *out = NULL;
    tb_init(&b);
    if (!err && len) {
        err = format_text(s, text, len, &b);
        tb_char(&b, 0);
        if (!err && b.failed)
            err = ERROR_OUTOFMEMORY;
        if (!err)
            *out = tb_take(&b, &len);
        if (!err && !*out)
            err = ERROR_OUTOFMEMORY;
    }
    tb_free(&b);
    os_free(text);
    return err;
}

static u32 tell(struct install *in, const char16_t *display, const char16_t *name)
{
    const char16_t *texts[] = {display && display[0] ? display : name, name};

    return plan_data(in, ARRAY_LEN(texts), texts);
}

/* --- InstallServices ----------------------------------------------------------------------------
 */

enum {
    NAME = 1,
    DISPLAY,
    TYPE,
    START,
    CONTROL,
    GROUP,
    DEPENDENCIES,
    ACCOUNT,
    PASSWORD,
    ARGUMENTS,
    COMPONENT,
    DESCRIPTION,
    COLUMNS
};

struct service_texts {
    char16_t *at[COLUMNS];
};

static u32 read_texts(struct session *s, struct record *row, struct service_texts *t)
{
    static const u8 columns[] = {NAME,    DISPLAY,  GROUP,     DEPENDENCIES,
                                 ACCOUNT, PASSWORD, ARGUMENTS, DESCRIPTION};
    u32 err = ERROR_SUCCESS;

    for (size_t i = 0; !err && i < ARRAY_LEN(columns); i++)
        err = formatted(s, row, columns[i], &t->at[columns[i]]);
    return err;
}

/* "path of the key file" arguments */
static u32 add_binary(struct session *s, const struct component *c, const char16_t *arguments,
                      struct text_buf *out)
{
    u32 err;

    if (!c->key_path || !c->key_path[0])
        return ERROR_INSTALL_FAILURE;
    tb_char(out, '"');
    err = file_path(s, c->key_path, u16_len(c->key_path), out);
    if (err)
        return err;
    if (out->len == 1) /* the key path is no file */
        return ERROR_INSTALL_FAILURE;
    tb_char(out, '"');
    if (arguments) {
        tb_char(out, ' ');
        tb_add(out, arguments, u16_len(arguments));
    }
    return out->failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

static u32 plan_put(struct install *in, struct record *row, const struct service_texts *t,
                    const char16_t *binary)
{
    i32 control = rec_get_int(row, CONTROL);
    struct svc_config c = {
        .type = (u32)rec_get_int(row, TYPE) & WIN32_TYPES,
        .start = (u32)rec_get_int(row, START),
        .error = (u32)control & ERROR_CONTROLS,
        .binary = binary,
        .display = t->at[DISPLAY],
        .group = t->at[GROUP],
        .dependencies = t->at[DEPENDENCIES],
        .account = t->at[ACCOUNT],
        .password = t->at[PASSWORD],
        .description = t->at[DESCRIPTION],
    };
    struct op op;
    u32 err = tell(in, t->at[DISPLAY], t->at[NAME]);

    if (err)
        return err;
    if (!svc_manager())
        return svcreg_plan_put(in, t->at[NAME], &c);
    op_service_put(&op, t->at[NAME], &c, !(control & MSI_VITAL));
    return plan(in, &op);
}

static u32 install_one(void *ctx, struct record *row)
{
    struct install *in = ctx;
    const struct component *c = component_in(in->s, row, COMPONENT);
    struct service_texts t = {{NULL}};
    struct text_buf binary;
    u32 err;

    if (!is_installed(c))
        return ERROR_SUCCESS;
    tb_init(&binary);
    err = read_texts(in->s, row, &t);
    if (!err && !svcreg_is_name(t.at[NAME]))
        err = ERROR_INSTALL_FAILURE;
    if (!err)
        err = add_binary(in->s, c, t.at[ARGUMENTS], &binary);
    if (!err)
        err = plan_put(in, row, &t, binary.s);
    tb_free(&binary);
    for (size_t i = 0; i < COLUMNS; i++)
        os_free(t.at[i]);
    return err;
}

u32 install_services(struct install *in)
{
    return rows_each(in->s->db,
                     u"SELECT `Name`, `DisplayName`, `ServiceType`, `StartType`, `ErrorControl`, "
                     u"`LoadOrderGroup`, `Dependencies`, `StartName`, `Password`, `Arguments`, "
                     u"`Component_`, `Description` FROM `ServiceInstall`",
                     NULL, install_one, in);
}

/* --- ServiceControl -----------------------------------------------------------------------------
 */

enum { C_NAME = 1, C_EVENT, C_ARGUMENTS, C_WAIT, C_COMPONENT };

static u32 plan_control(const struct services *v, const char16_t *name, const char16_t *args,
                        i32 wait)
{
    bool waits = wait != 0; /* and where it is empty */
    struct op op;
    u32 err = tell(v->in, NULL, name);

    if (err)
        return err;
    /* nothing runs on a machine that is being prepared, nor is to be started before it is */
    if (!svc_manager())
        return v->verb == SERVICE_DELETE ? svcreg_plan_delete(v->in, name) : ERROR_SUCCESS;
    /* who only waits until it is on its way does not ask how it ends; and a service that does not
     * stop is found out by its files */
    op_service_do(&op, v->verb, name, args, waits,
                  v->verb == SERVICE_STOP || (v->verb == SERVICE_START && !waits));
    return plan(v->in, &op);
}

static u32 control_one(void *ctx, struct record *row)
{
    const struct services *v = ctx;
    struct session *s = v->in->s;
    const struct component *c = component_in(s, row, C_COMPONENT);
    i32 event = rec_get_int(row, C_EVENT);
    char16_t *name = NULL, *args = NULL;
    u32 err;

    if (event == REC_NULL_INT ||
        !((is_installed(c) && event & v->installing) || (is_removed(c) && event & v->leaving)))
        return ERROR_SUCCESS;
    err = formatted(s, row, C_NAME, &name);
    if (!err)
        err = formatted(s, row, C_ARGUMENTS, &args);
    if (!err && svcreg_is_name(name))
        err = plan_control(v, name, args, rec_get_int(row, C_WAIT));
    os_free(name);
    os_free(args);
    return err;
}

static u32 control(struct install *in, u32 verb, i32 installing, i32 leaving)
{
    struct services v = {in, verb, installing, leaving};

    return rows_each(in->s->db,
                     u"SELECT `Name`, `Event`, `Arguments`, `Wait`, `Component_` FROM "
                     u"`ServiceControl`",
                     NULL, control_one, &v);
}

u32 start_services(struct install *in)
{
    return control(in, SERVICE_START, 0x1, 0x10);
}

u32 stop_services(struct install *in)
{
    return control(in, SERVICE_STOP, 0x2, 0x20);
}

u32 delete_services(struct install *in)
{
    return control(in, SERVICE_DELETE, 0x8, 0x80);
}

/*
 * Custom actions.
 */
#include "custom.h"

#include <stdatomic.h>
#include <string.h>

#include "install.h"
#include "log.h"
#include "nested.h"
#include "notice.h"
#include "os.h"
#include "rows.h"
#include "session_impl.h"
#include "trace.h"
#include "utf16.h"

static _Atomic(const struct custom_ways *) ways;
static _Atomic(struct session *) script_of;

void custom_by(const struct custom_ways *how)
{
    atomic_store_explicit(&ways, how, memory_order_release);
}

const struct custom_ways *custom_how(void)
{
    return atomic_load_explicit(&ways, memory_order_acquire);
}

void custom_script_of(struct session *s)
{
    atomic_store_explicit(&script_of, s, memory_order_release);
}

struct session *custom_session(void)
{
    return atomic_load_explicit(&script_of, memory_order_acquire);
}

/* --- the Binary table ---------------------------------------------------------------------------
 */

static u32 take_stream(void *out, struct record *row)
{
    *(struct rec_stream **)out = rec_get_stream(row, 1);
    return *(struct rec_stream **)out ? ERROR_NO_MORE_ITEMS : ERROR_INSTALL_FAILURE;
}

static struct rec_stream *binary(struct session *s, const char16_t *name, size_t len)
{
    struct rec_stream *stream = NULL;

    rows_each_named(s->db, u"SELECT `Data` FROM `Binary` WHERE `Name` = ?", name, len, take_stream,
                    &stream);
    return stream;
}

u32 custom_temp_path(struct session *s, struct text_buf *out)
{
    static const char16_t digits[] = u"0123456789abcdef";
    u32 n;

    os_random(&n, sizeof(n));
    os_mutex_lock(&s->lock);
    if (prop_get(s, "TempFolder"))
        tb_add(out, prop_get(s, "TempFolder")->value, prop_get(s, "TempFolder")->value_len);
    os_mutex_unlock(&s->lock);
    if (!out->len)
        return ERROR_PATH_NOT_FOUND;
    tb_ascii(out, "MSI");
    for (u32 i = 0; i < 8; i++)
        tb_char(out, digits[n >> 4 * i & 15]);
    tb_ascii(out, ".tmp");
    return out->failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
}

u32 custom_extract(struct session *s, const char16_t *name, size_t len, char16_t **path)
{
    struct rec_stream *stream = binary(s, name, len);
    struct os_file *file = NULL;
    struct text_buf to;
    size_t unused;
    u32 err;

    if (!stream) {
        notice_no_binary(s, name, len);
        return ERROR_INSTALL_FAILURE;
    }
    tb_init(&to);
    err = custom_temp_path(s, &to);
    if (!err)
        err = os_open(to.s, OS_WRITE | OS_CREATE | OS_EXCLUSIVE, &file);
    if (!err) {
        err = rstream_write(stream, file);
        os_close(file);
        if (err)
            os_remove(to.s);
    }
    if (!err)
        *path = tb_take(&to, &unused);
    tb_free(&to);
    rstream_release(stream);
    return err;
}

static u32 take_attributes(void *attributes, struct record *row)
{
    *(i32 *)attributes = rec_get_int(row, 1);
    return ERROR_NO_MORE_ITEMS;
}

enum { COMPONENT_64BIT = 256 };

/* Whether the file's component is of 64 bits. */
static bool is_wide(struct session *s, const char16_t *file, size_t len)
{
    i32 attributes = 0;

    rows_each_named(s->db,
                    u"SELECT `Component`.`Attributes` FROM `File`, `Component` WHERE "
                    u"`File`.`Component_` = `Component`.`Component` AND `File`.`File` = ?",
                    file, len, take_attributes, &attributes);
    return attributes != REC_NULL_INT && attributes & COMPONENT_64BIT;
}

bool custom_any(void)
{
    return custom_how() != NULL;
}

enum { HEAD = 1024 };

/* How many bytes of its beginning there are. */
static u32 read_head(struct session *s, const char16_t *name, size_t len, u8 head[HEAD])
{
    struct rec_stream *stream = binary(s, name, len);
    u32 got = 0;

    if (stream && rstream_read(stream, 0, head, HEAD, &got))
        got = 0;
    rstream_release(stream);
    return got;
}

/* A kind of action that there is not: it fails when its turn comes. The installer's own kinds (19,
 * 35, 51) do not come here. */
static bool is_unsupported(u32 type)
{
    u32 kind = type & CUSTOM_KIND, source = type & CUSTOM_SOURCE;

    if (kind == CUSTOM_DLL)
        return source == CUSTOM_OF_FOLDER || source == CUSTOM_OF_PROPERTY;
    return kind != CUSTOM_EXE && !custom_is_package(type) && !custom_is_script(type);
}

bool custom_can(struct session *s, u32 type, const char16_t *source, size_t len)
{
    const struct custom_ways *how = custom_how();
    bool dll = (type & CUSTOM_KIND) == CUSTOM_DLL;
    u8 head[HEAD] = {0};
    u32 got;

    if (!how || is_unsupported(type))
        return how != NULL;
    if (custom_is_package(type)) /* a program's own session has no installation to be part of */
        return !s->asks;
    if (!dll || !custom_in_package(type))
        return how->can(type, NULL, 0, dll && is_wide(s, source, len));
    got = read_head(s, source, len, head);
    /* what is no DLL, or not there at all, fails when its turn comes */
    return got < 2 || head[0] != 'M' || head[1] != 'Z' || how->can(type, head, got, false);
}

/* --- from the table -----------------------------------------------------------------------------
 */

struct found {
    u32 type;
    char16_t *source, *target;
    size_t source_len, target_len;
    bool any;
};

static u32 take_row(void *ctx, struct record *row)
{
    struct found *f = ctx;

    f->type = (u32)rec_get_int(row, 1);
    f->source = rec_dup_text(row, 2, &f->source_len);
    f->target = rec_dup_text(row, 3, &f->target_len);
    f->any = true;
    return f->source && f->target ? ERROR_NO_MORE_ITEMS : ERROR_OUTOFMEMORY;
}

/* What an action comes to when its turn is; the texts are its own. */
struct made {
    struct text_buf program, target, folder;
    char16_t *temp; /* a file to be removed afterwards, which is the program */
};

static void made_free(struct made *m)
{
    tb_free(&m->program);
    tb_free(&m->target);
    tb_free(&m->folder);
    if (m->temp)
        os_remove(m->temp);
    os_free(m->temp);
}

/* What there is in the property, once it is looked at: of a script its text. */
static void add_property(struct session *s, const struct found *f, struct text_buf *out)
{
    const struct property *p = props_get(&s->props, f->source, f->source_len);

    if (p)
        tb_add(out, p->value, p->value_len);
}

/* The lock is held. Of a row of the Binary table the program is what that is called. */
static u32 find_program(struct session *s, const struct found *f, struct made *m)
{
    if (custom_is_package(f->type))
        return ERROR_SUCCESS;
    switch (f->type & CUSTOM_SOURCE) {
    case CUSTOM_OF_BINARY:
        tb_add(&m->program, f->source, f->source_len);
        break;
    case CUSTOM_OF_FILE:
        return file_path(s, f->source, f->source_len, &m->program);
    case CUSTOM_OF_FOLDER:
        if (custom_is_script(f->type))
            tb_add(&m->program, f->target, f->target_len);
        else if (f->source_len)
            return folder_target(s, f->source, f->source_len, &m->folder);
        break;
    case CUSTOM_OF_PROPERTY:
        add_property(s, f, &m->program);
        break;
    }
    return ERROR_SUCCESS;
}

/* The lock is held. */
static u32 make(struct session *s, const struct found *f, struct made *m)
{
    bool inlined = custom_is_script(f->type) && (f->type & CUSTOM_SOURCE) == CUSTOM_OF_FOLDER;
    u32 err = find_program(s, f, m);

    if (!err && ((f->type & CUSTOM_KIND) == CUSTOM_EXE || custom_is_package(f->type)))
        err = format_text(s, f->target, f->target_len, &m->target);
    else if (!err && !inlined)
        tb_add(&m->target, f->target, f->target_len);
    if (m->program.failed || m->target.failed || m->folder.failed)
        return ERROR_OUTOFMEMORY;
    return err;
}

static const char16_t *text_of(const struct text_buf *b)
{
    return b->s ? b->s : u"";
}

/* --- in a script --------------------------------------------------------------------------------
 */

static void op_property(struct op *op, struct session *s, const char16_t *name)
{
    const struct property *p = props_get(&s->props, name, u16_len(name));

    op_text(op, p ? p->value : NULL);
}

/* The lock is held. */
static u32 plan_later(struct session *s, const char16_t *action, const struct found *f,
                      const struct made *m, u32 language)
{
    struct install *in = install_of(s);
    struct op op;
    u32 err;

    if (!in)
        return ERROR_OUTOFMEMORY;
    if (in->by_itself) { /* nobody has said that a script is to be */
        in->untimely = true;
        return ERROR_INSTALL_FAILURE;
    }
    op_begin(&op, OP_RUN);
    op_number(&op, f->type & CUSTOM_ROLLBACK ? CUSTOM_MODE_ROLLBACK
                   : f->type & CUSTOM_COMMIT ? CUSTOM_MODE_COMMIT
                                             : CUSTOM_MODE_SCHEDULED);
    op_text(&op, action);
    op_number(&op, f->type);
    op_text(&op, text_of(&m->program));
    op_text(&op, text_of(&m->target));
    op_text(&op, text_of(&m->folder));
    op_property(&op, s, action); /* CustomActionData is the property of the action's name */
    op_property(&op, s, u"ProductCode");
    op_property(&op, s, u"UserSID");
    op_number(&op, language);
    in->action = action;
    in->action_len = u16_len(action);
    in->action_written = false;
    err = plan(in, &op);
    in->action = NULL;
    return err;
}

/* --- at once ------------------------------------------------------------------------------------
 */

static u32 run_now(struct session *s, const char16_t *action, const struct found *f, struct made *m)
{
    struct custom_action a = {.name = action,
                              .type = f->type,
                              .program = text_of(&m->program),
                              .target = text_of(&m->target),
                              .folder = text_of(&m->folder)};
    u32 err = ERROR_SUCCESS;

    if (custom_is_package(f->type))
        return nested_install(s, f->type, f->source, a.target);
    if (custom_in_package(f->type)) {
        err = custom_extract(s, f->source, f->source_len, &m->temp);
        a.program = m->temp;
    }
    return err ? err : custom_run(s, &a, &m->temp);
}

/* Without the lock: what it takes to do one may have to be started first. */
static u32 find(struct session *s, const char16_t *action, size_t len, struct found *f)
{
    u32 err = rows_each_named(
        s->db, u"SELECT `Type`, `Source`, `Target` FROM `CustomAction` WHERE `Action` = ?", action,
        len, take_row, f);

    if (!err && !f->any)
        return ERROR_FUNCTION_NOT_CALLED;
    return err || custom_can(s, f->type, f->source, f->source_len) ? err
                                                                   : ERROR_CALL_NOT_IMPLEMENTED;
}

static u32 make_or_plan(struct session *s, const char16_t *name, const struct found *f,
                        struct made *m)
{
    u32 language = session_language(s), err;

    os_mutex_lock(&s->lock);
    err = make(s, f, m);
    if (!err && f->type & CUSTOM_IN_SCRIPT)
        err = plan_later(s, name, f, m, language);
    os_mutex_unlock(&s->lock);
    return err;
}

u32 custom_do(struct session *s, const char16_t *action, size_t len)
{
    char16_t *name = u16_dup(action, len);
    struct found f = {0};
    struct made m = {0};
    u32 err = name ? find(s, action, len, &f) : ERROR_OUTOFMEMORY;

    if (!err && is_unsupported(f.type)) {
        notice_unsupported(s, action, len, f.type);
        err = ERROR_INSTALL_FAILURE;
    }
    if (!err)
        err = make_or_plan(s, name, &f, &m);
    if (!err && !(f.type & CUSTOM_IN_SCRIPT))
        err = run_now(s, name, &f, &m);
    made_free(&m);
    os_free(f.source);
    os_free(f.target);
    os_free(name);
    return err;
}

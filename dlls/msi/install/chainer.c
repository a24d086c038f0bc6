/*
 * Embedded chainers.
 *
 * The run of the installation, which has done everything and is not committed, becomes a
 * transaction's, if it is not one's already. The program gets the transaction's handle, and joins
 * it, installs and ends it. If it does not, all is undone.
 */
#include "chainer.h"

#include <stdatomic.h>

#include "custom.h"
#include "os.h"
#include "rows.h"
#include "session_impl.h"
#include "trace.h"
#include "transaction.h"
#include "utf16.h"

static _Atomic(const struct chainer_ways *) ways;

void chainer_by(const struct chainer_ways *how)
{
    atomic_store_explicit(&ways, how, memory_order_release);
}

static const struct chainer_ways *how_now(void)
{
    return atomic_load_explicit(&ways, memory_order_acquire);
}

static u32 note_row(void *found, struct record *row)
{
    UNUSED(row);
    *(bool *)found = true;
    return ERROR_NO_MORE_ITEMS;
}

u32 chainer_is_missing(struct session *s, bool *missing)
{
    bool any = false;
    u32 err = rows_each(s->db, u"SELECT `MsiEmbeddedChainer` FROM `MsiEmbeddedChainer`", NULL,
                        note_row, &any);

    *missing = any && !(how_now() && custom_any());
    return err;
}

/* --- which one ----------------------------------------------------------------------------------
 */

enum {
    CHAINER_BINARY = CUSTOM_EXE | CUSTOM_OF_BINARY,
    CHAINER_FILE = CUSTOM_EXE | CUSTOM_OF_FILE,
    CHAINER_PROPERTY = CUSTOM_EXE | CUSTOM_OF_PROPERTY
};

struct chainer {
    struct install *in;
    u32 type;
    char16_t *name, *source;
    size_t source_len;
    struct text_buf line, program;
    char16_t *temp; /* the program, to be removed afterwards */
};

static void chainer_free(struct chainer *c)
{
    if (c->temp)
        os_remove(c->temp);
    os_free(c->temp);
    os_free(c->name);
    os_free(c->source);
    tb_free(&c->line);
    tb_free(&c->program);
}

/* The first whose condition is true. */
static u32 see_row(void *ctx, struct record *row)
{
    struct chainer *c = ctx;
    struct session *s = c->in->s;
    struct rec_view condition;
    size_t len;
    char16_t *line;
    u32 err;

    if (!rec_view(row, 2, &condition) && condition.len &&
        condition_of(s, condition.text, condition.len) != COND_TRUE)
        return ERROR_SUCCESS;
    c->type = (u32)rec_get_int(row, 5) & CUSTOM_BASE;
    if (c->type != CHAINER_BINARY && c->type != CHAINER_FILE && c->type != CHAINER_PROPERTY)
        return ERROR_INSTALL_PACKAGE_INVALID;
    c->name = rec_dup_text(row, 1, &len);
    c->source = rec_dup_text(row, 4, &c->source_len);
    line = rec_dup_text(row, 3, &len);
    err = c->name && c->source && line ? format_text(s, line, len, &c->line) : ERROR_OUTOFMEMORY;
    os_free(line);
    return err ? err : ERROR_NO_MORE_ITEMS;
}

static u32 find_program(struct chainer *c)
{
    struct session *s = c->in->s;
    const struct property *p;
    u32 err = ERROR_SUCCESS;

    os_mutex_lock(&s->lock);
    if (c->type == CHAINER_FILE) {
        err = file_path(s, c->source, c->source_len, &c->program);
    } else if (c->type == CHAINER_PROPERTY) {
        p = props_get(&s->props, c->source, c->source_len);
        if (p)
            tb_add(&c->program, p->value, p->value_len);
    }
    os_mutex_unlock(&s->lock);
    if (!err && c->type == CHAINER_BINARY)
        err = custom_extract(s, c->source, c->source_len, &c->temp);
    if (!err && c->temp)
        tb_add(&c->program, c->temp, u16_len(c->temp));
    if (!err && c->program.failed)
        err = ERROR_OUTOFMEMORY;
    return !err && !c->program.len ? ERROR_INSTALL_FAILURE : err;
}

/* --- running it ---------------------------------------------------------------------------------
 */

/* Its arguments are the handle and what the table has. */
static u32 run_program(struct chainer *c, u32 handle)
{
    struct custom_action a = {.name = c->name, .type = c->type, .folder = u""};
    struct text_buf line;
    u32 err;

    tb_init(&line);
    tb_number(&line, (i32)handle);
    if (c->line.len) {
        tb_char(&line, ' ');
        tb_add(&line, c->line.s, c->line.len);
    }
    a.program = c->program.s;
    a.target = line.s;
    err = line.failed ? ERROR_OUTOFMEMORY : custom_run(c->in->s, &a, NULL);
    tb_free(&line);
    return err;
}

/* Lends the run to who joins. */
static u32 run_lent(struct chainer *c, bool *ended)
{
    const struct chainer_ways *how = how_now();
    struct install *in = c->in;
    bool member = in->member, given;
    char16_t name[RUN_NAME];
    u32 err = transaction_lend(in, name), handle = 0, ran;

    if (err)
        return err;
    err = how->open(name, member, &handle);
    ran = err ? err : run_program(c, handle);
    given = !transaction_regain(in);
    *ended = !err && how->close(handle, member, given);
    TRACE(TRACE_MSI, "the chainer %s: %u, joined %d, committed %d", trace_text(c->name, -1), ran,
          given, *ended);
    if (*ended)
        return ERROR_SUCCESS;
    return ran ? ran : ERROR_INSTALL_FAILURE;
}

u32 chainer_run(struct install *in, bool *ended)
{
    struct chainer c = {.in = in};
    u32 err;

    *ended = false;
    tb_init(&c.line);
    tb_init(&c.program);
    os_mutex_lock(&in->s->lock);
    err = rows_each(in->s->db,
                    u"SELECT `MsiEmbeddedChainer`, `Condition`, `CommandLine`, `Source`, `Type` "
                    u"FROM `MsiEmbeddedChainer`",
                    NULL, see_row, &c);
    os_mutex_unlock(&in->s->lock);
    if (!err && c.name && !how_now())
        err = ERROR_CALL_NOT_IMPLEMENTED;
    if (!err && c.name)
        err = find_program(&c);
    if (!err && c.name)
        err = run_lent(&c, ended);
    chainer_free(&c);
    return err;
}

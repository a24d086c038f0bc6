/*
 * WriteEnvironmentStrings and RemoveEnvironmentStrings: the Environment table.
 *
 * Signs before a name, in any order: `=` set when the component comes, `+` set where it is not set,
 * `-` removed when the component goes, `!` removed when it comes, `*` of the machine, not the user.
 * Without any it is as with `=-`. An empty value removes the variable where another would be set.
 * With [~] at an end the value is a part of a list (reglist.h), and with [~] alone a part that is
 * nothing: the variable stays as it is. A whole value is removed only where the variable still has
 * it.
 */
#include "act_environment.h"

#include "notify.h"
#include "reglist.h"
#include "regplan.h"
#include "regvalue.h"
#include "rows.h"
#include "utf16.h"

enum sign { SET = 1, DEFAULT = 2, REMOVE_LATER = 4, REMOVE_NOW = 8, MACHINE = 16 };

struct env_row {
    u32 signs;
    struct reg_place at;
    struct text_buf name, value;
    const char16_t *bare; /* the name without signs */
    const char16_t *part; /* the value without its zero */
    size_t len;
    enum { WHOLE, AT_END, AT_START, NOWHERE } where;
};

static const struct {
    char16_t c;
    u32 sign;
} all_signs[] = {
    {'=', SET}, {'+', DEFAULT}, {'-', REMOVE_LATER}, {'!', REMOVE_NOW}, {'*', MACHINE}};

static u32 sign_of(char16_t c)
{
    for (size_t i = 0; i < ARRAY_LEN(all_signs); i++)
        if (all_signs[i].c == c)
            return all_signs[i].sign;
    return 0;
}

static void read_signs(struct env_row *r)
{
    u32 sign;

    r->bare = r->name.s;
    while ((sign = sign_of(*r->bare))) {
        r->signs |= sign;
        r->bare++;
    }
    if (!(r->signs & ~(u32)MACHINE))
        r->signs |= SET | REMOVE_LATER;
}

static void read_part(struct env_row *r)
{
    r->part = r->value.s;
    r->len = r->value.len;
    if (r->len > 1 && !r->part[0]) {
        r->where = AT_END;
        r->part++;
        r->len--;
    } else if (r->len > 1 && !r->part[r->len - 1]) {
        r->where = AT_START;
        r->len--;
    } else if (r->len == 1 && !r->part[0]) {
        r->where = NOWHERE;
        r->len = 0;
    }
}

/* Fields: name, value. */
static u32 read_row(struct install *in, struct record *row, struct env_row *r)
{
    u32 err = row_format(in, row, 1, &r->name);

    if (!err)
        err = row_format(in, row, 2, &r->value);
    if (err)
        return err;
    read_signs(r);
    read_part(r);
    if (r->signs & MACHINE)
        r->at =
            (struct reg_place){REG_MACHINE, REG_VIEW_64,
                               u"SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment"};
    else
        r->at = (struct reg_place){REG_USER, REG_VIEW_64, u"Environment"};
    return r->bare[0] ? ERROR_SUCCESS : ERROR_INSTALL_PACKAGE_INVALID;
}

static void row_free(struct env_row *r)
{
    tb_free(&r->name);
    tb_free(&r->value);
}

/* --- writing ------------------------------------------------------------------------------------
 */

static u32 set_whole(struct install *in, const struct env_row *r)
{
    for (size_t i = 0; i < r->len; i++)
        if (r->part[i] == '%')
            return plan_reg_expand(in, &r->at, r->bare, r->part);
    return plan_reg_text(in, &r->at, r->bare, r->part);
}

static u32 set(struct install *in, const struct env_row *r)
{
    if (!(r->signs & (SET | DEFAULT)))
        return ERROR_SUCCESS;
    if (!r->len)
        return r->signs & SET ? plan_reg_list(in, &r->at, r->bare, VAR_REMOVE_EQUAL, u"", 0)
                              : ERROR_SUCCESS;
    if (r->where != WHOLE)
        return plan_reg_list(in, &r->at, r->bare, r->where == AT_END ? VAR_APPEND : VAR_PREPEND,
                             r->part, r->len);
    if (r->signs & SET)
        return set_whole(in, r);
    return plan_reg_list(in, &r->at, r->bare, VAR_DEFAULT, r->part, r->len);
}

static u32 unset(struct install *in, const struct env_row *r)
{
    if (r->where != WHOLE)
        return plan_reg_list(in, &r->at, r->bare,
                             r->where == AT_END ? VAR_LEAVE_END : VAR_LEAVE_START, r->part, r->len);
    return plan_reg_list(in, &r->at, r->bare, VAR_REMOVE_EQUAL, r->part, r->len);
}

/* Its flags are those of the message's documentation. */
static u32 say(struct install *in, const struct env_row *r, bool removes)
{
    u32 flags = removes ? 4 : r->signs & SET ? 1 : 2;
    char16_t digits[12];

    if (r->signs & MACHINE)
        flags |= 0x20000000;
    if (r->where != WHOLE)
        flags |= r->where == AT_END ? 0x40000000 : 0x80000000;
    rec_format_int((i32)flags, digits);
    return plan_data(in, 3, (const char16_t *const[]){r->bare, r->part, digits});
}

struct env {
    struct install *in;
    bool any; /* something was planned, of which programs are to be told */
};

static u32 write_row(void *ctx, struct record *row)
{
    struct env *e = ctx;
    const struct component *c = row_component(e->in, row, 3);
    struct env_row r = {0};
    u32 err;

    if (!c || !component_installs(c) || component_kept(e->in, c))
        return ERROR_SUCCESS;
    err = read_row(e->in, row, &r);
    if (!err && r.where != NOWHERE) {
        err = say(e->in, &r, r.signs & REMOVE_NOW);
        if (!err)
            err = r.signs & REMOVE_NOW ? unset(e->in, &r) : set(e->in, &r);
        e->any = true;
    }
    row_free(&r);
    return err;
}

static u32 remove_row(void *ctx, struct record *row)
{
    struct env *e = ctx;
    const struct component *c = row_component(e->in, row, 3);
    struct env_row r = {0};
    u32 err;

    if (!c || !component_goes(c))
        return ERROR_SUCCESS;
    err = read_row(e->in, row, &r);
    if (!err && (r.signs & REMOVE_LATER) && r.where != NOWHERE) {
        e->any = true;
        err = say(e->in, &r, true);
        if (!err)
            err = unset(e->in, &r);
    }
    row_free(&r);
    return err;
}

static u32 each_row(struct install *in, u32 (*each)(void *ctx, struct record *row))
{
    struct env e = {in, false};
    u32 err = install_identify(in);

    if (!err)
        err = rows_each(in->s->db, u"SELECT `Name`, `Value`, `Component_` FROM `Environment`", NULL,
                        each, &e);
    return !err && e.any ? plan_notify(in, NOTIFY_ENVIRONMENT) : err;
}

u32 act_write_environment(struct install *in)
{
    return each_row(in, write_row);
}

u32 act_remove_environment(struct install *in)
{
    return each_row(in, remove_row);
}

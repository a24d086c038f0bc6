/*
 * Services in the registry.
 */
#include "svcreg.h"

#include "os.h"
#include "utf16.h"

#define SERVICES u"System\\CurrentControlSet\\Services\\"

bool svcreg_is_name(const char16_t *name)
{
    size_t n = name ? u16_len(name) : 0;

    for (size_t i = 0; i < n; i++)
        if (name[i] == '/' || name[i] == '\\')
            return false;
    return n && n <= 256;
}

void svcreg_key(const char16_t *name, char16_t key[SVCREG_PATH], struct reg_place *at)
{
    size_t n = u16_copy(key, SVCREG_PATH, SERVICES);

    u16_copy(key + n, SVCREG_PATH - n, name);
    *at = (struct reg_place){REG_MACHINE, REG_VIEW_64, key};
}

static u32 put_text(struct install *in, const struct reg_place *at, const char16_t *name,
                    const char16_t *text)
{
    return text && *text ? plan_reg_text(in, at, name, text) : ERROR_SUCCESS;
}

/* Of the list those that are groups, or those that are not. */
static u32 put_list(struct install *in, const struct reg_place *at, const char16_t *name,
                    const char16_t *list, bool groups)
{
    struct text_buf out;
    u32 err = ERROR_SUCCESS;
    size_t n;

    tb_init(&out);
    for (; list && *list; list += n + 1) {
        bool group = *list == '+';

        n = u16_len(list);
        if (group == groups)
            tb_add(&out, list + group, n + 1 - group);
    }
    if (out.failed)
        err = ERROR_OUTOFMEMORY;
    else if (out.len)
        err = plan_reg_set(in, at, name, REG_TYPE_MULTI, out.s, (out.len + 1) * sizeof(*out.s));
    tb_free(&out);
    return err;
}

static u32 put_texts(struct install *in, const struct reg_place *at, const struct svc_config *c)
{
    const char16_t *account = c->account && *c->account ? c->account : u"LocalSystem";
    u32 err = plan_reg_expand(in, at, u"ImagePath", c->binary);

    if (!err)
        err = put_text(in, at, u"DisplayName", c->display);
    if (!err)
        err = put_text(in, at, u"Group", c->group);
    if (!err)
        err = put_list(in, at, u"DependOnService", c->dependencies, false);
    if (!err)
        err = put_list(in, at, u"DependOnGroup", c->dependencies, true);
    if (!err)
        err = put_text(in, at, u"ObjectName", account);
    return err ? err : put_text(in, at, u"Description", c->description);
}

u32 svcreg_plan_put(struct install *in, const char16_t *name, const struct svc_config *c)
{
    char16_t key[SVCREG_PATH];
    struct reg_place at;
    u32 err;

    svcreg_key(name, key, &at);
    err = plan_reg_number(in, &at, u"Type", c->type);
    if (!err)
        err = plan_reg_number(in, &at, u"Start", c->start);
    if (!err)
        err = plan_reg_number(in, &at, u"ErrorControl", c->error);
    return err ? err : put_texts(in, &at, c);
}

u32 svcreg_plan_delete(struct install *in, const char16_t *name)
{
    char16_t key[SVCREG_PATH];
    struct reg_place at;

    svcreg_key(name, key, &at);
    return plan_reg_remove_key(in, &at);
}

/*
 * ProcessComponents: which products have which components, and where.
 *
 * A component of a feature that comes gets this product as a client, with its key path; one that is
 * disabled by its condition gets it with an empty one. A component that none of the product's
 * features has any more loses it, be there other clients or not. A permanent one has the all-zero
 * product for a client besides, for ever.
 *
 * SharedDLLs counts key files: those of components that ask for it, those in the system folder, and
 * those that are counted already. The registered path has a `?` for the colon then.
 */
#include "act_components.h"

#include "components.h"
#include "keypath.h"
#include "os.h"
#include "reglist.h"
#include "utf16.h"

#define CURRENT_VERSION u"Software\\Microsoft\\Windows\\CurrentVersion"
#define SHARED          CURRENT_VERSION u"\\SharedDLLs"
#define NOBODYS         u"00000000000000000000000000000000"

struct process {
    struct install *in;
    struct key_paths paths;
    u8 *wanted; /* of each component: a feature of the product has it afterwards */
    char16_t client[GUID_PACKED + 1];
};

/* --- counts -------------------------------------------------------------------------------------
 */

static struct reg_place shared_place(const struct component *c)
{
    return (struct reg_place){REG_MACHINE, component_view(c), SHARED};
}

static bool in_system_folder(const struct install *in, const struct component *c)
{
    static const char *const folders[] = {"SystemFolder", "System64Folder"};
    u32 i = names_find(&in->s->folders, c->folder, u16_len(c->folder));
    const struct folder *f = i == NAME_NONE ? NULL : names_at(&in->s->folders, i);

    for (size_t n = 0; f && f->target && n < ARRAY_LEN(folders); n++) {
        const struct property *p = prop_get(in->s, folders[n]);

        if (p && u16_equal_fold(p->value, f->target))
            return true;
    }
    return false;
}

static bool is_counted(const char16_t *path)
{
    return path && key_path_is_local(path) && path[1] == '?';
}

/* Whether SharedDLLs is to count a key file that comes. */
static bool to_count(const struct install *in, const struct component *c, const char16_t *path)
{
    struct reg_place at = shared_place(c);

    if (c->action != STATE_LOCAL || !key_path_is_local(path) || !c->key_path[0] ||
        (c->attributes & (COMPONENT_REG_KEY_PATH | COMPONENT_ODBC_KEY_PATH)))
        return false;
    return (c->attributes & COMPONENT_COUNTED) || in_system_folder(in, c) ||
           reg_place_has(&at, path);
}

/* path is a registered one, and is as it was afterwards. */
static u32 count_down(struct install *in, const struct component *c, char16_t *path)
{
    struct reg_place at = shared_place(c);
    u32 err;

    path[1] = ':';
    err = plan_reg_list(in, &at, path, COUNT_DOWN, NULL, 0);
    path[1] = '?';
    return err ? err : plan_reg_remove_empty(in, &at, ARRAY_LEN(CURRENT_VERSION) - 1);
}

/* --- clients ------------------------------------------------------------------------------------
 */

static void component_place(const struct install *in, const struct component *c,
                            struct layout_path *p, struct reg_place *at)
{
    layout_installed(p, in->context, in->sid, u"Components", c->guid, NULL);
    *at = (struct reg_place){p->root, REG_VIEW_64, p->path};
}

static u32 write_client(struct process *p, const struct component *c, const char16_t *path)
{
    const char16_t *texts[3] = {p->in->product_code, c->guid, path};
    struct layout_path place;
    struct reg_place at;
    u32 err = plan_data(p->in, 3, texts);

    component_place(p->in, c, &place, &at);
    if (!err)
        err = plan_reg_text(p->in, &at, p->client, path);
    if (!err && (c->attributes & COMPONENT_PERMANENT) && path[0])
        err = plan_reg_text(p->in, &at, NOBODYS, path);
    return err;
}

/* path, the component's own, is marked where it is counted. */
static u32 register_at(struct process *p, const struct component *c, char16_t *path,
                       char16_t *before)
{
    struct reg_place at = shared_place(c);
    bool counted = is_counted(before);
    u32 err = ERROR_SUCCESS;

    if (!counted && to_count(p->in, c, path)) {
        err = plan_reg_list(p->in, &at, path, COUNT_UP, NULL, 0);
        counted = true;
    } else if (counted && c->action != STATE_LOCAL) {
        err = count_down(p->in, c, before);
        counted = false;
    }
    if (counted && key_path_is_local(path))
        path[1] = '?';
    return err ? err : write_client(p, c, path);
}

static u32 unregister(struct process *p, const struct component *c, char16_t *before)
{
    const char16_t *texts[2] = {p->in->product_code, c->guid};
    struct layout_path place;
    struct reg_place at;
    u32 err = plan_data(p->in, 2, texts);

    component_place(p->in, c, &place, &at);
    /* the file of a permanent one stays, and its count */
    if (!err && is_counted(before) && !(c->attributes & COMPONENT_PERMANENT))
        err = count_down(p->in, c, before);
    if (!err)
        err = plan_reg_remove_value(p->in, &at, p->client);
    if (!err)
        err = plan_reg_remove_empty(p->in, &at, layout_keep(&place));
    return err;
}

/* Registered without a path: wanted, and disabled. */
static u32 disable(struct process *p, const struct component *c, char16_t *before)
{
    u32 err = before && is_counted(before) ? count_down(p->in, c, before) : ERROR_SUCCESS;

    return err ? err : write_client(p, c, u"");
}

static u32 process_with(struct process *p, u32 i, char16_t *before)
{
    const struct component *c = names_at(&p->in->s->components, i);

    if (component_installs(c))
        return p->paths.all[i] ? register_at(p, c, p->paths.all[i], before)
                               : write_client(p, c, u"");
    if (!p->wanted[i] || (c->set && component_goes(c)))
        return before ? unregister(p, c, before) : ERROR_SUCCESS;
    if (!c->enabled && (!before || component_goes(c)))
        return disable(p, c, before);
    return ERROR_SUCCESS;
}

static u32 process_one(struct process *p, u32 i)
{
    const struct component *c = names_at(&p->in->s->components, i);
    char16_t *before = NULL;
    u32 err;

    if (!guid_is(c->guid))
        return ERROR_SUCCESS;
    err = component_path_in(c->guid, p->in->product_code, p->in->sid, p->in->context, &before);
    if (err == ERROR_UNKNOWN_COMPONENT)
        err = ERROR_SUCCESS;
    else if (err)
        return err;
    err = process_with(p, i, before);
    os_free(before);
    return err;
}

/* --- all of them --------------------------------------------------------------------------------
 */

static bool will_be_there(const struct feature *f)
{
    int state = f->action == STATE_UNKNOWN ? f->installed : f->action;

    return state == STATE_LOCAL || state == STATE_SOURCE;
}

static u32 process_all(struct process *p)
{
    const struct session *s = p->in->s;
    u32 err = key_paths_of(p->in, &p->paths);

    for (u32 i = 0; i < s->member_count; i++)
        if (will_be_there(names_at(&s->features, s->members[i].feature)))
            p->wanted[s->members[i].component] = 1;
    for (u32 i = 0; !err && i < s->components.count; i++)
        err = process_one(p, i);
    return err;
}

u32 act_process_components(struct install *in)
{
    struct process p = {.in = in};
    u32 err = install_identify(in);

    if (err)
        return err;
    guid_pack(in->product_code, p.client);
    p.wanted = os_calloc(in->s->components.count + 1, 1);
    err = p.wanted ? process_all(&p) : ERROR_OUTOFMEMORY;
    key_paths_free(&p.paths);
    os_free(p.wanted);
    return err;
}

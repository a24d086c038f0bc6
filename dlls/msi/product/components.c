/*
 * Components and their key paths.
 */
#include "components.h"

#include "listing.h"
#include "look.h"
#include "os.h"
#include "products.h"
#include "sources.h"
#include "sxsname.h"
#include "textbuf.h"
#include "utf16.h"

/* INSTALLSTATE */
enum { NOTUSED = -7, SOURCEABSENT = -4, ABSENT = 2, LOCAL = 3, SOURCE = 4 };

static const u32 contexts[] = {CONTEXT_USER, CONTEXT_MACHINE};

#define PERMANENT u"{00000000-0000-0000-0000-000000000000}"

/* The first value's name that is a product's. */
static u32 first_client(struct reg_key *key, char16_t code[GUID_CHARS + 1])
{
    char16_t name[REG_NAME_MAX];
    u32 err;

    for (u32 i = 0; (err = reg_value_at(key, i, name)) != ERROR_NO_MORE_ITEMS; i++) {
        if (!err && guid_unpack(name, code) && !u16_equal(code, PERMANENT))
            return ERROR_SUCCESS;
        if (err && err != ERROR_MORE_DATA)
            break;
    }
    return ERROR_UNKNOWN_COMPONENT;
}

u32 component_path_in(const char16_t *component, const char16_t *code, const char16_t *sid,
                      u32 context, char16_t **path)
{
    char16_t packed[GUID_PACKED + 1], client[GUID_CHARS + 1];
    struct layout_path p;
    struct reg_key *key;
    u32 err;

    layout_installed(&p, context, sid, u"Components", component, NULL);
    err = layout_open(&p, &key);
    if (err)
        return err == ERROR_OUTOFMEMORY ? err : ERROR_UNKNOWN_COMPONENT;
    err = code ? ERROR_SUCCESS : first_client(key, client);
    if (!err) {
        guid_pack(code ? code : client, packed);
        err = reg_get_text(key, packed, path);
    }
    reg_close(key);
    return err == ERROR_FILE_NOT_FOUND ? ERROR_UNKNOWN_COMPONENT : err;
}

bool component_known(const char16_t *component)
{
    struct layout_path p;

    for (size_t i = 0; i < ARRAY_LEN(contexts); i++) {
        layout_installed(&p, contexts[i], NULL, u"Components", component, NULL);
        if (layout_has(&p))
            return true;
    }
    return false;
}

bool component_shared(const char16_t *component, const char16_t *code, const char16_t *sid,
                      u32 context)
{
    char16_t name[REG_NAME_MAX], client[GUID_CHARS + 1];
    struct layout_path p;
    struct reg_key *key;
    bool shared = false;
    u32 err;

    layout_installed(&p, context, sid, u"Components", component, NULL);
    if (layout_open(&p, &key))
        return false;
    for (u32 i = 0; !shared && (err = reg_value_at(key, i, name)) != ERROR_NO_MORE_ITEMS; i++) {
        if (err && err != ERROR_MORE_DATA)
            break;
        shared = !err && guid_unpack(name, client) && !u16_equal_fold(client, code);
    }
    reg_close(key);
    return shared;
}

u32 component_client(const char16_t *component, char16_t code[GUID_CHARS + 1])
{
    struct layout_path p;
    struct reg_key *key;
    u32 err = ERROR_UNKNOWN_COMPONENT;

    for (size_t i = 0; err && i < ARRAY_LEN(contexts); i++) {
        layout_installed(&p, contexts[i], NULL, u"Components", component, NULL);
        if (layout_open(&p, &key))
            continue;
        err = first_client(key, code);
        reg_close(key);
    }
    return err;
}

/* --- key paths ----------------------------------------------------------------------------------
 */

static bool digit(char16_t c)
{
    return c >= '0' && c <= '9';
}

static bool in_registry(const char16_t *path)
{
    return digit(path[0]) && digit(path[1]) && path[2] == ':';
}

static bool on_source(const char16_t *path)
{
    return digit(path[0]) && digit(path[1]) && path[2] == '\\';
}

int component_registered_state(const char16_t *path)
{
    if (!path[0])
        return NOTUSED;
    return on_source(path) ? SOURCE : LOCAL;
}

/* name empty: the key is enough. */
static bool value_there(enum reg_root root, enum reg_view view, const char16_t *path,
                        const char16_t *name)
{
    struct reg_key *key;
    bool there;

    if (reg_open_view(root, view, path, &key))
        return false;
    there = !name[0] || reg_has_value(key, name);
    reg_close(key);
    return there;
}

/* "02:\key\value", where the value may be the key's own, after the last backslash. A 0 is the view
 * of 32-bit programs, but others than Windows Installer write it for both. */
static bool registry_there(char16_t *path)
{
    static const enum reg_root roots[] = {REG_MACHINE, REG_USER, REG_MACHINE, REG_USERS};
    char16_t full[REG_NAME_MAX * 2];
    size_t last = u16_len(path), n;
    bool there;

    if (path[1] > '3' || path[3] != '\\')
        return false;
    while (path[last] != '\\')
        last--;
    n = u16_copy(full, ARRAY_LEN(full), path[1] == '0' ? u"Software\\Classes\\" : u"");
    if (last > 4)
        n += u16_copy(full + n, MIN(ARRAY_LEN(full) - n, last - 4 + 1), path + 4);
    full[n] = 0;
    there = path[0] == '0' && value_there(roots[path[1] - '0'], REG_VIEW_32, full, path + last + 1);
    return there || value_there(roots[path[1] - '0'], REG_VIEW_64, full, path + last + 1);
}

int component_look(char16_t *path)
{
    int state = component_registered_state(path);

    if (state != LOCAL)
        return state;
    if (in_registry(path))
        return registry_there(path) ? LOCAL : ABSENT;
    if (path[0] && path[1] == '?')
        path[1] = path[2] == '\\' && path[0] == '\\' ? '\\' : ':';
    return look_exists(path) ? LOCAL : ABSENT;
}

/* The folder that the product was last installed from, or the first that it may be. */
static u32 source_root(const char16_t *code, const char16_t *sid, u32 context, char16_t **root)
{
    struct source_owner owner = {.code = code, .sid = sid, .context = context};
    u32 err = source_info(&owner, u"LastUsedSource", root);

    if (!err && (*root)[0])
        return ERROR_SUCCESS;
    if (!err)
        os_free(*root);
    return source_at(&owner, SOURCE_NETWORK, 0, root);
}

/* path: "01\folder\file". */
static int find_on_source(const char16_t *root, char16_t **path)
{
    enum { DISK = 3 };
    struct text_buf full;
    char16_t *text;
    size_t len;

    tb_init(&full);
    tb_add(&full, root, u16_len(root));
    if (full.len && root[full.len - 1] != '\\')
        tb_char(&full, '\\');
    tb_add(&full, *path + DISK, u16_len(*path + DISK));
    text = tb_take(&full, &len);
    tb_free(&full);
    if (!text || !look_exists(text)) {
        os_free(text);
        return SOURCEABSENT;
    }
    os_free(*path);
    *path = text;
    return SOURCE;
}

/* path: "<\name,..."; it is there when its manifest is. */
static int find_assembly(char16_t **path)
{
    char16_t windows[LOOK_WINDOWS], *text;
    struct text_buf folder, manifest;
    int state = ABSENT;
    size_t len;

    look_windows(windows);
    tb_init(&folder);
    tb_init(&manifest);
    tb_add(&folder, windows, u16_len(windows));
    tb_add(&manifest, windows, u16_len(windows));
    tb_add(&folder, SXS_FOLDER, u16_len(SXS_FOLDER));
    tb_add(&manifest, SXS_MANIFESTS, u16_len(SXS_MANIFESTS));
    if (!sxs_folder(*path + 2, u16_len(*path + 2), &folder) &&
        !sxs_folder(*path + 2, u16_len(*path + 2), &manifest)) {
        tb_char(&folder, '\\');
        tb_add(&manifest, SXS_MANIFEST, u16_len(SXS_MANIFEST));
        text = tb_take(&folder, &len);
        if (text) {
            os_free(*path);
            *path = text;
            state = !manifest.failed && look_exists(manifest.s) ? LOCAL : ABSENT;
        }
    }
    tb_free(&folder);
    tb_free(&manifest);
    return state;
}

int component_find(const char16_t *code, const char16_t *sid, u32 contexts_, char16_t **path)
{
    static const u32 where[] = {CONTEXT_MANAGED, CONTEXT_USER, CONTEXT_MACHINE};
    bool assembly = (*path)[0] == '<' && (*path)[1] == '\\';
    int state = assembly ? find_assembly(path) : component_look(*path);
    char16_t *root;

    for (size_t i = 0; state == SOURCE && i < ARRAY_LEN(where); i++) {
        if (!(contexts_ & where[i]) ||
            source_root(code, where[i] == CONTEXT_MACHINE ? NULL : sid, where[i], &root))
            continue;
        state = find_on_source(root, path);
        os_free(root);
        return state;
    }
    return state == SOURCE ? SOURCEABSENT : state;
}

/* --- enumerations -------------------------------------------------------------------------------
 */

static u32 add_components(const struct listing_query *q, struct listing *l, u32 context,
                          const char16_t *sid)
{
    struct layout_path p;

    UNUSED(q);
    layout_installed(&p, context, sid, u"Components", NULL, NULL);
    return listing_add_keys(l, &p, context, sid);
}

/* What is installed for a user is in one place, managed or not. */
static u32 each_data(const struct listing_query *q, struct listing *l, listing_user_fn fn)
{
    struct listing_query once = *q;

    if (once.contexts & CONTEXT_USER)
        once.contexts &= ~(u32)CONTEXT_MANAGED;
    return listing_each_user(&once, l, fn);
}

static u32 fill_components(const struct listing_query *q, struct listing *l)
{
    return each_data(q, l, add_components);
}

u32 component_at(u32 index, char16_t component[GUID_CHARS + 1])
{
    struct listing_query q = {.kind = LIST_COMPONENTS, .contexts = CONTEXT_ANY};
    struct listing_row row;
    u32 err = listing_at(&q, index, ORDER_NEXT, fill_components, &row);

    if (!err)
        u16_copy(component, GUID_CHARS + 1, row.guid);
    return err;
}

u32 component_at_ex(const char16_t *sid, u32 contexts_, u32 index, struct listing_row *row)
{
    struct listing_query q = {.kind = LIST_COMPONENTS_EX, .sid = sid, .contexts = contexts_};

    return listing_at(&q, index, ORDER_NEXT, fill_components, row);
}

static u32 add_clients(const struct listing_query *q, struct listing *l, u32 context,
                       const char16_t *sid)
{
    struct layout_path p;

    layout_installed(&p, context, sid, u"Components", q->guid, NULL);
    return listing_add_values(l, &p, context, sid);
}

static u32 fill_clients(const struct listing_query *q, struct listing *l)
{
    return each_data(q, l, add_clients);
}

u32 component_client_at(const char16_t *component, u32 index, char16_t code[GUID_CHARS + 1])
{
    struct listing_query q = {.kind = LIST_CLIENTS, .guid = component, .contexts = CONTEXT_ANY};
    struct listing_row row;
    u32 err;

    if (!component_known(component))
        return ERROR_UNKNOWN_COMPONENT;
    err = listing_at(&q, index, ORDER_TO_END, fill_clients, &row);
    if (!err)
        u16_copy(code, GUID_CHARS + 1, row.guid);
    return err;
}

u32 component_client_at_ex(const char16_t *component, const char16_t *sid, u32 contexts_, u32 index,
                           struct listing_row *row)
{
    struct listing_query q = {
        .kind = LIST_CLIENTS_EX, .guid = component, .sid = sid, .contexts = contexts_};
    u32 err = listing_at(&q, index, ORDER_TO_END, fill_clients, row);

    return err == ERROR_NO_MORE_ITEMS && !index ? ERROR_UNKNOWN_COMPONENT : err;
}

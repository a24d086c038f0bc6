#include "classes.h"

#include "os.h"
#include "place.h"
#include "utf16.h"

#include <string.h>

/* The path of a key below its Classes key, "" for that itself. */
struct rel {
    char16_t *s; /* from os_alloc; NULL: "" */
    u32 len;
};

/* --- from a key to its path
 * -------------------------------------------------------------------------- */

struct climb {
    struct rel rel;
    u32 cap;
};

/* Puts a name and a backslash before what is there. */
static u32 put_before(struct climb *c, const char16_t *name, u32 len)
{
    u32 need = c->rel.len + len + 1;
    if (need > c->cap) {
        char16_t *s = os_realloc(c->rel.s, need * 2 * sizeof *s);
        if (!s)
            return ERROR_OUTOFMEMORY;
        c->rel.s = s;
        c->cap = need * 2;
    }
    memmove(c->rel.s + len + 1, c->rel.s, c->rel.len * sizeof *c->rel.s);
    memcpy(c->rel.s, name, len * sizeof *name);
    c->rel.s[len] = u'\\';
    c->rel.len = need;
    return ERROR_SUCCESS;
}

static u32 climb_up(void *ctx, struct hview *v, u32 key)
{
    struct climb *c = ctx;
    char16_t name[KEY_NAME_MAX];
    u32 len, parent, err;
    c->rel.len = 0;
    for (u32 depth = 0; depth <= KEY_DEPTH_MAX; depth++) {
        err = key_parent(v, key, &parent);
        if (err || parent == HV_NIL)
            return err;
        err = key_name(v, key, name, &len);
        if (!err)
            err = put_before(c, name, len);
        if (err)
            return err;
        key = parent;
    }
    return ERROR_REGISTRY_CORRUPT;
}

/* The path of a row's key below Classes. ERROR_KEY_DELETED. */
static u32 rel_of(const struct reg_row *row, struct rel *rel)
{
    struct climb c = {0};
    struct reg_row copy = *row;
    u32 err = nsp_read(&copy, climb_up, &c);
    *rel = c.rel;
    if (row->mount != space_user_classes() && rel->len >= 8) { /* "Classes\" of SOFTWARE */
        rel->len -= 8;
        memmove(rel->s, rel->s + 8, rel->len * sizeof *rel->s);
    }
    return err;
}

/* --- the two keys
 * ------------------------------------------------------------------------------------- */

static void top_row(struct reg_row *row, enum space_key top, const struct reg_row *like)
{
    memset(row, 0, sizeof *row);
    row->id = (u32)top;
    row->flags = ROW_CLASSES;
    row->extra = like->extra;
}

/* The path of one of the two Classes keys, below USER or MACHINE. */
static u32 top_path(bool users, char16_t name[KEY_NAME_MAX + 1])
{
    return (u32)u16_copy(name, KEY_NAME_MAX + 1,
                         users ? space_user_classes()->name : u"SOFTWARE\\Classes");
}

static void skip_backslash(struct nsp_path *p)
{
    if (p->len && *p->path == u'\\')
        p->path++, p->len--;
}

/* The path that p is from USER or MACHINE on, in *text: under a transaction, whose keys are known
 * by their paths, the views are followed from there. */
static u32 from_top(bool users, const struct nsp_path *p, struct reg_row *top,
                    struct nsp_path *path, char16_t **text)
{
    *path = *p;
    skip_backslash(path);
    *text = os_alloc((KEY_NAME_MAX + 2 + path->len) * sizeof **text);
    if (!*text)
        return ERROR_OUTOFMEMORY;
    u32 n = top_path(users, *text);
    (*text)[n++] = u'\\';
    memcpy(*text + n, path->path, path->len * sizeof **text);
    top_row(top, users ? SPACE_USER : SPACE_MACHINE, p->base);
    path->base = top;
    path->path = *text;
    path->len += n;
    return ERROR_SUCCESS;
}

static u32 open_from_top(bool users, const struct nsp_path *p, struct reg_row *out)
{
    struct reg_row top;
    struct nsp_path path;
    char16_t *text;
    u32 err = from_top(users, p, &top, &path, &text);
    if (err)
        return err;
    err = nsp_open(&path, out, NULL);
    os_free(text);
    return err;
}

/* One of the two Classes keys. */
static u32 open_top(bool users, const struct nsp_path *p, struct reg_row *base)
{
    struct reg_row top;
    struct nsp_path root = {.base = &top};
    char16_t name[KEY_NAME_MAX + 1];
    top_row(&top, users ? SPACE_USER : SPACE_MACHINE, p->base);
    root.path = name;
    root.len = top_path(users, name);
    return nsp_open(&root, base, NULL);
}

u32 classes_top(bool users, struct reg_row *out)
{
    const struct reg_row none = {.extra = NULL};
    const struct nsp_path p = {.base = &none};
    return open_top(users, &p, out);
}

/* p below one of the two Classes keys. */
static u32 below(bool users, const struct nsp_path *p, struct reg_row *out)
{
    struct reg_row base;
    struct nsp_path path = *p;
    if (p->base->extra)
        return open_from_top(users, p, out);
    u32 err = open_top(users, p, &base);
    if (err)
        return err;
    skip_backslash(&path);
    path.base = &base;
    return nsp_open(&path, out, NULL);
}

static u32 make_below(bool users, const struct nsp_path *p, const struct nsp_new *what,
                      struct reg_row *out, bool *created)
{
    struct reg_row base;
    struct nsp_path path = *p;
    char16_t *text = NULL;
    u32 err = p->base->extra ? from_top(users, p, &base, &path, &text) : open_top(users, p, &base);
    if (err)
        return err;
    if (!p->base->extra)
        skip_backslash(&path);
    path.base = &base;
    err = nsp_create(&path, what, out, created);
    os_free(text);
    return err;
}

static bool is_top(const struct reg_row *row)
{
    return !row->mount && row->id == SPACE_CLASSES;
}

/* The path that `p` is below Classes, where p's base is not HKEY_CLASSES_ROOT itself. */
static u32 whole_path(const struct nsp_path *p, struct rel *rel, struct nsp_path *whole)
{
    u32 err = ERROR_SUCCESS;
    *whole = *p;
    *rel = (struct rel){0};
    if (is_top(p->base))
        return ERROR_SUCCESS;
    if (p->len && *p->path == u'\\')
        return ERROR_BAD_PATHNAME;
    err = rel_of(p->base, rel);
    if (err)
        return err;
    char16_t *s = os_realloc(rel->s, (rel->len + p->len + 1) * sizeof *s);
    if (!s)
        return ERROR_OUTOFMEMORY;
    memcpy(s + rel->len, p->path, p->len * sizeof *s);
    rel->s = s;
    whole->path = s;
    whole->len = rel->len + p->len;
    return ERROR_SUCCESS;
}

u32 classes_open(const struct nsp_path *p, struct reg_row *out)
{
    struct rel rel;
    struct nsp_path whole;
    if (is_top(p->base) && !p->len) {
        *out = *p->base;
        return p->by_privilege ? access_by_privilege(&out->access)
                               : access_check_top(p->wanted, &out->access);
    }
    u32 err = whole_path(p, &rel, &whole);
    if (!err)
        err = below(true, &whole, out);
    if (err == ERROR_FILE_NOT_FOUND)
        err = below(false, &whole, out);
    os_free(rel.s);
    return err;
}

/* The part of a path before its last component. */
static u32 parent_len(const struct nsp_path *p)
{
    u32 n = p->len;
    while (n && p->path[n - 1] == u'\\')
        n--;
    while (n && p->path[n - 1] != u'\\')
        n--;
    while (n && p->path[n - 1] == u'\\')
        n--;
    return n;
}

/* Whether the key above a path's last one is the user's own. */
static bool parent_is_users(const struct nsp_path *whole)
{
    struct nsp_path parent = *whole;
    struct reg_row row;
    parent.len = parent_len(whole);
    parent.wanted = 0;
    parent.by_privilege = false;
    return parent.len && !below(true, &parent, &row);
}

u32 classes_create(const struct nsp_path *p, const struct nsp_new *what, struct reg_row *out,
                   bool *created)
{
    struct rel rel;
    struct nsp_path whole;
    *created = false;
    u32 err = classes_open(p, out);
    if (err != ERROR_FILE_NOT_FOUND)
        return err || !what->is_link ? err : ERROR_ALREADY_EXISTS;
    err = whole_path(p, &rel, &whole);
    if (!err)
        err = make_below(parent_is_users(&whole), &whole, what, out, created);
    os_free(rel.s);
    return err;
}

u32 classes_delete(const struct nsp_path *p)
{
    struct reg_row row;
    struct nsp_path self = {
        .base = &row, .path = u"", .of_active = p->of_active, .wanted = p->wanted};
    u32 err = classes_open(p, &row);
    if (!err && !row.mount)
        err = ERROR_ACCESS_DENIED;
    if (err)
        return err;
    row.flags &= ~(u32)ROW_CLASSES;
    return nsp_delete(&self);
}

u32 classes_both(const struct reg_row *row, struct reg_row *user, struct reg_row *machine)
{
    struct rel rel;
    struct nsp_path whole, self = {.base = row, .path = u"", .view = 0};
    user->mount = machine->mount = NULL;
    u32 err = whole_path(&self, &rel, &whole);
    if (err)
        return err;
    if (rel.len && rel.s[rel.len - 1] == u'\\')
        whole.len = rel.len - 1;
    u32 mine = below(true, &whole, user);
    u32 all = below(false, &whole, machine);
    os_free(rel.s);
    if (mine)
        user->mount = NULL;
    if (all)
        machine->mount = NULL;
    if (!mine || !all)
        return ERROR_SUCCESS;
    return mine != ERROR_FILE_NOT_FOUND  ? mine
           : all != ERROR_FILE_NOT_FOUND ? all
                                         : ERROR_KEY_DELETED;
}

u32 classes_writable(const struct reg_row *row, struct reg_row *out)
{
    struct reg_row user, machine;
    u32 err = classes_both(row, &user, &machine);
    if (!err)
        *out = user.mount && !is_top(row) ? user : machine;
    return err || out->mount ? err : ERROR_ACCESS_DENIED;
}

/* --- enumeration
 * -------------------------------------------------------------------------------------- */

/* A place in the list of one key's subkeys, in the order of names. */
struct side {
    struct reg_row *row;
    u32 index;
    bool done;
    char16_t name[KEY_NAME_MAX];
    u32 len;
    struct key_pos pos;
};

static u32 side_name(void *ctx, struct hview *v, u32 key)
{
    struct side *s = ctx;
    u32 child, err = key_enum(v, key, s->index, &s->pos, &child);
    return err ? err : key_name(v, child, s->name, &s->len);
}

static u32 side_load(struct side *s)
{
    if (s->done || !s->row->mount) {
        s->done = true;
        return ERROR_SUCCESS;
    }
    u32 err = nsp_read(s->row, side_name, s);
    s->done = err != ERROR_SUCCESS;
    return err == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : err;
}

static u32 side_next(struct side *s)
{
    s->index++;
    return side_load(s);
}

/* Goes through both lists at once; visit false stops. The lists are in the order of names, but for
 * volatile keys, which come after the others and may so show twice. */
static u32 merge(const struct reg_row *row, bool (*visit)(void *ctx, const struct side *s),
                 void *ctx)
{
    struct reg_row user, machine;
    struct side *s = os_calloc(2, sizeof *s);
    if (!s)
        return ERROR_OUTOFMEMORY;
    u32 err = classes_both(row, &user, &machine);
    s[0].row = &user;
    s[1].row = &machine;
    for (u32 i = 0; i < 2 && !err; i++)
        err = side_load(&s[i]);
    while (!err && !(s[0].done && s[1].done)) {
        int order = s[0].done   ? 1
                    : s[1].done ? -1
                                : u16_compare_fold(s[0].name, s[0].len, s[1].name, s[1].len);
        if (!visit(ctx, order <= 0 ? &s[0] : &s[1]))
            break;
        if (order <= 0)
            err = side_next(&s[0]);
        if (!err && order >= 0)
            err = side_next(&s[1]);
    }
    os_free(s);
    return err;
}

struct pick {
    u32 left;
    char16_t *name;
    u32 *len;
    struct reg_row *from;
    bool found;
};

static bool pick_one(void *ctx, const struct side *s)
{
    struct pick *p = ctx;
    if (p->left--)
        return true;
    memcpy(p->name, s->name, s->len * sizeof *s->name);
    *p->len = s->len;
    *p->from = *s->row;
    p->found = true;
    return false;
}

u32 classes_enum(const struct reg_row *row, u32 index, char16_t *name, u32 *len,
                 struct reg_row *from)
{
    struct pick p = {index, name, len, from, false};
    u32 err = merge(row, pick_one, &p);
    return err ? err : p.found ? ERROR_SUCCESS : ERROR_NO_MORE_ITEMS;
}

struct tally {
    u32 count, longest;
};

static bool count_one(void *ctx, const struct side *s)
{
    struct tally *t = ctx;
    t->count++;
    t->longest = MAX(t->longest, s->len);
    return true;
}

u32 classes_count(const struct reg_row *row, u32 *count, u32 *longest)
{
    struct tally t = {0, 0};
    u32 err = merge(row, count_one, &t);
    *count = t.count;
    *longest = t.longest;
    return err;
}

#include "reflect.h"

#include "copy.h"
#include "nsp.h"
#include "os.h"
#include "place.h"
#include "utf16.h"

#include <string.h>

static u32 reflecting;

void reflect_set(bool on)
{
    __atomic_store_n(&reflecting, on, __ATOMIC_RELAXED);
}

static const char16_t wow[] = u"Wow6432Node\\";
#define WOW_LEN 12u

/* Of a key: its path in the hive, and that of the key it is copied to. */
struct paths {
    char16_t own[4096], other[4096 + WOW_LEN];
    u32 own_len, other_len;
    u32 root_len; /* own up to "Classes\" where Wow6432Node is below that */
};

static u32 read_path(void *ctx, struct hview *v, u32 key)
{
    struct paths *p = ctx;
    char16_t name[KEY_NAME_MAX];
    u32 len, parent, err;
    u32 at = ARRAY_LEN(p->own);
    for (;;) {
        err = key_parent(v, key, &parent);
        if (!err && parent == HV_NIL)
            break;
        if (!err)
            err = key_name(v, key, name, &len);
        if (err)
            return err;
        if (at < len + 1)
            return ERROR_FILENAME_EXCED_RANGE;
        at -= len + 1;
        memcpy(p->own + at, name, len * 2);
        p->own[at + len] = u'\\';
        key = parent;
    }
    p->own_len = ARRAY_LEN(p->own) - at;
    memmove(p->own, p->own + at, p->own_len * 2);
    if (p->own_len)
        p->own_len--; /* the last backslash */
    return ERROR_SUCCESS;
}

static bool starts(const char16_t *s, u32 len, const char16_t *with, u32 n)
{
    return len >= n && !u16_compare_fold(s, n, with, n);
}

/* The other namespace's path: Wow6432Node put in or taken out, in SOFTWARE below its root or below
 * Classes, in the user's Classes below the root. */
static bool other_path(const struct mount *m, struct paths *p)
{
    u32 base = 0;
    if (m->place == PLACE_SOFTWARE && starts(p->own, p->own_len, u"Classes\\", 8))
        base = 8;
    const char16_t *rest = p->own + base;
    u32 rest_len = p->own_len - base;
    bool in_32 = starts(rest, rest_len, wow, WOW_LEN);
    memcpy(p->other, p->own, base * 2);
    p->other_len = base;
    if (in_32) {
        rest += WOW_LEN;
        rest_len -= WOW_LEN;
    } else {
        memcpy(p->other + base, wow, WOW_LEN * 2);
        p->other_len += WOW_LEN;
    }
    memcpy(p->other + p->other_len, rest, rest_len * 2);
    p->other_len += rest_len;
    if (m->place == PLACE_USER_CLASSES)
        return rest_len > 0;
    const char16_t *plain = in_32 ? p->other : p->own;
    u32 plain_len = in_32 ? p->other_len : p->own_len;
    return rest_len > 0 && place_reflected(plain, plain_len);
}

static bool find_paths(const struct reg_row *row, struct paths *p)
{
    struct reg_row copy = *row;
    if (!row->mount ||
        (row->mount->place != PLACE_SOFTWARE && row->mount->place != PLACE_USER_CLASSES))
        return false;
    return !nsp_read(&copy, read_path, p) && other_path(row->mount, p);
}

bool reflect_on(const struct reg_row *row)
{
    if (!__atomic_load_n(&reflecting, __ATOMIC_RELAXED) || row->flags & ROW_NO_REFLECT)
        return false;
    struct paths *p = os_calloc(1, sizeof *p);
    bool on = p && find_paths(row, p);
    os_free(p);
    return on;
}

struct copying {
    struct reg_row to;
};

/* Whether the key is at or below a class that runs in its caller's process: those are of one
 * bitness, and are not reflected. */
static bool runs_in_process(struct hview *v, u32 key)
{
    char16_t name[KEY_NAME_MAX];
    u32 len, parent, inside;
    for (u32 depth = 0; depth < KEY_DEPTH_MAX; depth++, key = parent) {
        if (key_parent(v, key, &parent) || parent == HV_NIL || key_name(v, parent, name, &len))
            return false;
        if (len == 5 && !u16_compare_fold(name, len, u"CLSID", 5))
            return !key_find(v, key, u"InprocServer32", 14, &inside) ||
                   !key_find(v, key, u"InprocHandler32", 15, &inside);
    }
    return false;
}

static u32 look_at_class(void *ctx, struct hview *v, u32 key)
{
    *(bool *)ctx = runs_in_process(v, key);
    return ERROR_SUCCESS;
}

/* Both keys are in one hive: one write. */
static u32 copy_over(void *ctx, struct hview *v, u32 key)
{
    struct copying *c = ctx;
    struct key_ref to = {c->to.cell, c->to.id};
    u32 err = key_check(v, &to);
    return err ? err : copy_tree(v, to.cell, v, key, COPY_VOLATILE, NULL, NULL);
}

void reflect_copy(const struct reg_row *row)
{
    struct paths *p = os_calloc(1, sizeof *p);
    struct reg_row root = {.mount = row->mount};
    struct nsp_path path = {.base = &root};
    struct nsp_new plain = {0};
    struct copying c;
    struct reg_row look = *row;
    bool created, in_process = false;
    if (p && find_paths(row, p) && !nsp_read(&look, look_at_class, &in_process) && !in_process) {
        path.path = p->other;
        path.len = p->other_len;
        if (!nsp_create(&path, &plain, &c.to, &created))
            nsp_write(row, copy_over, &c);
    }
    os_free(p);
}

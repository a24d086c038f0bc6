#include "access.h"

#include "fresh.h"
#include "os.h"
#include "secdesc.h"
#include "user.h"

#include <string.h>

#define MEANT (0x3fu | 0x300u | 0x1f0000u | ACCESS_SACL | ACCESS_MAXIMUM | 0xf0000000u)
#define WRITE 0x20006u

u32 access_parse(u32 sam, u32 *wanted, u32 *view)
{
    *view = sam & (ACCESS_VIEW_32 | ACCESS_VIEW_64);
    if (sam & ~MEANT || *view == (ACCESS_VIEW_32 | ACCESS_VIEW_64))
        return ERROR_INVALID_PARAMETER;
    *wanted = sam & ~(ACCESS_VIEW_32 | ACCESS_VIEW_64 | 0xf0000000u);
    if (sam & 0x80000000u || sam & 0x20000000u) /* GENERIC_READ, GENERIC_EXECUTE */
        *wanted |= ACCESS_READ;
    if (sam & 0x40000000u)
        *wanted |= WRITE;
    if (sam & 0x10000000u)
        *wanted |= ACCESS_ALL;
    return ERROR_SUCCESS;
}

/* What the descriptor gives at most; a descriptor that makes no sense gives nothing. */
static u32 most_of(const void *sd, u32 n)
{
    u32 granted;
    struct sd_token plain = *user_token();
    /* The first two count where REG_OPTION_BACKUP_RESTORE asks, and each may come and go. */
    plain.backup = plain.restore = plain.take_ownership = false;
    return sd_access(sd, n, &plain, ACCESS_MAXIMUM, &granted) ? 0 : granted;
}

static u32 decide(u32 most, u32 wanted, u32 *granted)
{
    u32 plain = wanted & ~(ACCESS_SACL | ACCESS_MAXIMUM);
    if (wanted & ACCESS_SACL && !user_has(USER_SECURITY))
        return ERROR_PRIVILEGE_NOT_HELD;
    if ((plain | (wanted & ACCESS_MAXIMUM ? ACCESS_WRITE_OWN : 0)) & ~most & ACCESS_WRITE_OWN &&
        user_has(USER_TAKE_OWNERSHIP))
        most |= ACCESS_WRITE_OWN;
    if (plain & ~most || (wanted & ACCESS_MAXIMUM && !most))
        return ERROR_ACCESS_DENIED;
    *granted = plain | (wanted & ACCESS_SACL) | (wanted & ACCESS_MAXIMUM ? most & ACCESS_ALL : 0);
    return ERROR_SUCCESS;
}

/* --- a few answers kept -------------------------------------------------------------------------
 */

/* The descriptor's number in the low half; above it 10 bits of rights and 22 of the generation its
 * number is valid for. */
static u64 make_note(u32 sec, u32 gen, u32 most)
{
    u32 bits = (most & 0x3f) | (most >> 10 & 0x3c0);
    return (u64)sec | (u64)(bits | gen << 10) << 32;
}

static bool recall(u64 kept, u32 sec, u32 gen, u32 *most)
{
    u32 high = (u32)(kept >> 32);
    if ((u32)kept != sec || high >> 10 != (gen & 0x3fffff))
        return false;
    *most = (high & 0x3f) | (high & 0x3c0) << 10;
    return true;
}

u32 access_descriptor(struct hview *v, u32 key, void **sd, u32 *size)
{
    u32 n = 0, err = key_get_security(v, key, NULL, 0, &n);
    if (err)
        return err;
    u8 *buf = os_alloc(n ? n : 1);
    if (!buf)
        return ERROR_OUTOFMEMORY;
    err = key_get_security(v, key, buf, n, size);
    if (!err && *size <= n) {
        *sd = buf;
        return ERROR_SUCCESS;
    }
    os_free(buf);
    return err ? err : ERROR_REGISTRY_CORRUPT;
}

static u32 most_of_key(struct hview *v, u32 key, u32 *most)
{
    u8 small[512];
    void *sd = small;
    u32 n = 0, err = key_get_security(v, key, small, sizeof small, &n);
    if (!err && n > sizeof small)
        err = access_descriptor(v, key, &sd, &n);
    if (!err)
        *most = most_of(sd, n);
    if (sd != small)
        os_free(sd);
    return err;
}

static u64 *note_slot(struct mount *m, u32 sec)
{
    return &m->access_cache[sec / 8 % ARRAY_LEN(m->access_cache)];
}

void access_remember(struct mount *m, u64 note)
{
    if (note)
        __atomic_store_n(note_slot(m, (u32)note), note, __ATOMIC_RELAXED);
}

u32 access_check(struct mount *m, struct hview *v, u32 key, u32 wanted, u32 *granted, u64 *note)
{
    u32 most, err;
    u32 sec = key_security_id(v, key), gen = key_struct_gen(v);
    bool keep = !user_pretended();
    *note = 0;
    if (!keep || !recall(__atomic_load_n(note_slot(m, sec), __ATOMIC_RELAXED), sec, gen, &most)) {
        err = most_of_key(v, key, &most);
        if (err)
            return err;
        if (keep)
            *note = make_note(sec, gen, most);
    }
    return decide(most, wanted, granted);
}

struct tree_check {
    struct mount *m;
    struct hview *v;
    u32 wanted;
    u32 passed; /* the descriptor of the last key that did */
    u32 left;   /* keys that there can be */
};

static u32 check_children(struct tree_check *t, u32 key, u32 depth);

static u32 check_child(struct tree_check *t, u32 key, u32 depth)
{
    u32 sec = key_security_id(t->v, key), granted, err = ERROR_SUCCESS;
    u64 note;
    if (!t->left--)
        return ERROR_REGISTRY_CORRUPT;
    if (sec != t->passed)
        err = access_check(t->m, t->v, key, t->wanted, &granted, &note);
    if (err)
        return err;
    t->passed = sec;
    return check_children(t, key, depth);
}

static u32 check_children(struct tree_check *t, u32 key, u32 depth)
{
    struct key_pos pos = {0};
    u32 child, err = depth < KEY_DEPTH_MAX ? ERROR_SUCCESS : ERROR_REGISTRY_CORRUPT;
    for (u32 i = 0; !err; i++) {
        err = key_enum(t->v, key, i, &pos, &child);
        if (!err)
            err = check_child(t, child, depth + 1);
    }
    return err == ERROR_NO_MORE_ITEMS ? ERROR_SUCCESS : err;
}

u32 access_check_below(struct mount *m, struct hview *v, u32 key, u32 wanted)
{
    struct tree_check t = {m, v, wanted, 0, key_bound(v)};
    return check_children(&t, key, 0);
}

const void *access_top_descriptor(u32 *size)
{
    return fresh_top_security(size);
}

u32 access_check_top(u32 wanted, u32 *granted)
{
    u32 n;
    const void *sd = fresh_top_security(&n);
    return decide(most_of(sd, n), wanted, granted);
}

u32 access_by_privilege(u32 *granted)
{
    bool backup = user_has(USER_BACKUP), restore = user_has(USER_RESTORE);
    if (!backup && !restore)
        return ERROR_ACCESS_DENIED;
    *granted = ACCESS_SACL;
    if (backup)
        *granted |= ACCESS_READ;
    if (restore)
        *granted |= WRITE | ACCESS_WRITE_DAC | ACCESS_WRITE_OWN | ACCESS_DELETE;
    return ERROR_SUCCESS;
}

u32 access_inherit(struct mount *m, struct hview *v, u32 parent, bool settled,
                   const void *explicit_sd, u32 n, void **sd, u32 *size)
{
    void *above = NULL;
    u32 above_n = 0;
    u32 sec = key_security_id(v, parent), gen = key_struct_gen(v);
    u64 same = (u64)sec << 32 | gen;
    *sd = NULL;
    *size = 0;
    if (m->flags & MOUNT_APP) /* all keys have one descriptor there (RegLoadAppKey) */
        return ERROR_SUCCESS;
    if (!explicit_sd && !user_pretended() &&
        __atomic_load_n(&m->inherit_cache, __ATOMIC_RELAXED) == same)
        return ERROR_SUCCESS;
    u32 err = access_descriptor(v, parent, &above, &above_n);
    struct sd_token now = *user_token();
    now.security = explicit_sd && user_has(USER_SECURITY);
    if (!err)
        err = sd_inherit(above, above_n, explicit_sd, n, &now, sd, size);
    if (!err && *size == above_n && !memcmp(above, *sd, above_n)) {
        os_free(*sd);
        *sd = NULL;
        if (!explicit_sd && settled && !user_pretended())
            __atomic_store_n(&m->inherit_cache, same, __ATOMIC_RELAXED);
    }
    os_free(above);
    return err;
}

/*
 * Security descriptors: validity of bytes, parts, inheritance, access checks.
 */
#include <string.h>

#include "os.h"
#include "secdesc.h"
#include "test.h"

/* --- building descriptors ------------------------------------------------------------------- */

static const u8 user[] = {1, 1, 0, 0, 0, 0, 0, 5, 100, 0, 0, 0};
static const u8 group[] = {1, 1, 0, 0, 0, 0, 0, 5, 101, 0, 0, 0};
static const u8 other[] = {1, 1, 0, 0, 0, 0, 0, 5, 102, 0, 0, 0};
static const u8 creator[] = {1, 1, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0};
static const u8 owner_rights[] = {1, 1, 0, 0, 0, 0, 0, 3, 4, 0, 0, 0};

struct builder {
    u8 sd[512];
    u32 size, dacl;
};

static void put16(u8 *p, u32 v)
{
    p[0] = (u8)v;
    p[1] = (u8)(v >> 8);
}

static void put32(u8 *p, u32 v)
{
    put16(p, v);
    put16(p + 2, v >> 16);
}

/* A descriptor of that owner with an empty DACL. */
static void start(struct builder *b, const u8 *owner)
{
    memset(b, 0, sizeof(*b));
    b->sd[0] = 1;
    put16(b->sd + 2, 0x8004);
    put32(b->sd + 4, 20);
    put32(b->sd + 8, 32);
    put32(b->sd + 16, 44);
    memcpy(b->sd + 20, owner, 12);
    memcpy(b->sd + 32, group, 12);
    b->dacl = 44;
    b->sd[44] = 2;
    put16(b->sd + 46, 8);
    b->size = 52;
}

static void ace(struct builder *b, u32 type, u32 flags, u32 mask, const u8 *sid)
{
    u8 *p = b->sd + b->size, *acl = b->sd + b->dacl;
    p[0] = (u8)type;
    p[1] = (u8)flags;
    put16(p + 2, 20);
    put32(p + 4, mask);
    memcpy(p + 8, sid, 12);
    b->size += 20;
    put16(acl + 2, b->size - b->dacl);
    put16(acl + 4, acl[4] + 1u);
}

static const struct sd_sid sids[] = {{user, 0}, {group, SD_SID_ENABLED}};
static const struct sd_token token = {.sids = sids, .count = 2, .primary_group = group};

static u32 access_of(const struct builder *b, u32 wanted, u32 *granted)
{
    return sd_access(b->sd, b->size, &token, wanted, granted);
}

/* --- tests ---------------------------------------------------------------------------------- */

static void test_valid(void)
{
    struct builder b;
    start(&b, user);
    ace(&b, 0, 2, 0xf003f, group);
    ok(sd_valid(b.sd, b.size), "a good one\n");
    ok(sd_length(b.sd, sizeof(b.sd)) == b.size, "length %u\n", sd_length(b.sd, sizeof(b.sd)));
    for (u32 n = 0; n < b.size; n++)
        ok(!sd_valid(b.sd, n), "cut to %u\n", n);
    b.sd[b.dacl + 4] = 2;
    ok(!sd_valid(b.sd, b.size), "an entry too many\n");
}

static void test_any_byte(void)
{
    struct builder b;
    u32 granted;
    start(&b, user);
    ace(&b, 0, 2, 0xf003f, group);
    for (u32 i = 0; i < b.size; i++) {
        for (u32 v = 0; v < 256; v += 5) {
            struct builder c = b;
            void *out = NULL;
            u32 size;
            c.sd[i] = (u8)v;
            access_of(&c, 1, &granted);
            if (!sd_inherit(c.sd, c.size, NULL, 0, &token, &out, &size))
                ok(sd_valid(out, size), "byte %u made %u\n", i, v);
            os_free(out);
        }
    }
}

static void test_extract_and_merge(void)
{
    struct builder a, b;
    u8 buf[256];
    u32 size;
    void *merged;
    start(&a, user);
    ace(&a, 0, 0, 1, user);
    start(&b, other);
    ace(&b, 0, 0, 2, other);
    ok(!sd_extract(a.sd, a.size, SD_OWNER, buf, sizeof(buf), &size) && size == 32, "owner\n");
    ok(sd_extract(a.sd, a.size, 15, buf, 10, &size) == ERROR_INSUFFICIENT_BUFFER, "10 bytes\n");
    ok(size == a.size, "size %u\n", size);
    ok(!sd_merge(a.sd, a.size, b.sd, b.size, SD_DACL, &merged, &size), "merge\n");
    ok(sd_valid(merged, size), "not valid\n");
    ok(!sd_extract(merged, size, SD_OWNER, buf, sizeof(buf), &size) && !memcmp(buf + 20, user, 12),
       "owner\n");
    os_free(merged);
}

static void test_access(void)
{
    struct builder b;
    u32 granted = 0;
    start(&b, other);
    ok(access_of(&b, 1, &granted) == ERROR_ACCESS_DENIED, "an empty DACL\n");
    ace(&b, 0, 0, 0x80000000, group);
    ok(!access_of(&b, 0x20019, &granted) && granted == 0x20019, "granted %x\n", granted);
    ok(!access_of(&b, 0x80000000, &granted) && granted == 0x20019, "granted %x\n", granted);
    ok(access_of(&b, 2, &granted) == ERROR_ACCESS_DENIED, "write\n");
    ok(!access_of(&b, 0x02000000, &granted) && granted == 0x20019, "maximum %x\n", granted);
    ok(access_of(&b, 0x01000000, &granted) == ERROR_PRIVILEGE_NOT_HELD, "SACL\n");
    put16(b.sd + 2, 0x8000);
    ok(!access_of(&b, 0xf003f, &granted) && granted == 0xf003f, "no DACL\n");
}

static void test_order_and_deny(void)
{
    struct builder b;
    u32 granted = 0;
    start(&b, other);
    ace(&b, 1, 0, 2, user);
    ace(&b, 0, 0, 0xf003f, user);
    ok(access_of(&b, 3, &granted) == ERROR_ACCESS_DENIED, "denied first\n");
    ok(!access_of(&b, 0x02000000, &granted) && granted == 0xf003d, "maximum %x\n", granted);
    start(&b, other);
    ace(&b, 0, 0, 0xf003f, user);
    ace(&b, 1, 0, 2, user);
    ok(!access_of(&b, 3, &granted), "allowed first\n");
    start(&b, other);
    ace(&b, 0, 8, 0xf003f, user);
    ok(access_of(&b, 1, &granted) == ERROR_ACCESS_DENIED, "for inheriting only\n");
}

static void test_owner(void)
{
    struct builder b;
    u32 granted = 0;
    start(&b, user);
    ok(!access_of(&b, 0x60000, &granted) && granted == 0x60000, "granted %x\n", granted);
    ok(access_of(&b, 0x60001, &granted) == ERROR_ACCESS_DENIED, "more\n");
    ace(&b, 0, 0, 1, owner_rights);
    ok(access_of(&b, 0x40000, &granted) == ERROR_ACCESS_DENIED, "OWNER RIGHTS\n");
    ok(!access_of(&b, 1, &granted), "OWNER RIGHTS\n");
}

static void test_deny_only(void)
{
    static const struct sd_sid mine[] = {{user, 0}, {group, SD_SID_DENY_ONLY | SD_SID_ENABLED}};
    static const struct sd_token t = {.sids = mine, .count = 2};
    struct builder b;
    u32 granted;
    start(&b, other);
    ace(&b, 0, 0, 1, group);
    ok(sd_access(b.sd, b.size, &t, 1, &granted) == ERROR_ACCESS_DENIED, "allowed\n");
    start(&b, other);
    ace(&b, 1, 0, 1, group);
    ace(&b, 0, 0, 1, user);
    ok(sd_access(b.sd, b.size, &t, 1, &granted) == ERROR_ACCESS_DENIED, "not denied\n");
}

/* Whether the DACL of sd has at that place an entry with these. */
static bool has_ace(const u8 *sd, u32 i, u32 flags, u32 mask, const u8 *sid)
{
    const u8 *acl = sd + sd[16] + (sd[17] << 8), *p = acl + 8 + 20 * i;
    u32 m = p[4] | (u32)p[5] << 8 | (u32)p[6] << 16 | (u32)p[7] << 24;
    return i < acl[4] && p[1] == flags && m == mask && !memcmp(p + 8, sid, 12);
}

/* INHERITED_ACE: "The system sets" it "in all inherited ACEs" (ACE Inheritance Rules). */
#define ID 16u

static void test_inherit(void)
{
    struct builder b;
    u8 *sd;
    void *out;
    u32 size;
    start(&b, other);
    ace(&b, 0, 2, 0xf003f, other);          /* container */
    ace(&b, 0, 0, 1, user);                 /* not inherited */
    ace(&b, 0, 2 | 8, 0x10000000, creator); /* container, inherit only, generic */
    ace(&b, 0, 2 | 4, 2, group);            /* no further */
    ok(!sd_inherit(b.sd, b.size, NULL, 0, &token, &out, &size), "inherit\n");
    sd = out;
    ok(sd_valid(sd, size), "not valid\n");
    ok(has_ace(sd, 0, 2 | ID, 0xf003f, other), "the container's\n");
    ok(has_ace(sd, 1, ID, 0xf003f, user), "the creator's, in effect\n");
    ok(has_ace(sd, 2, 2 | 8 | ID, 0x10000000, creator), "the creator's, handed on\n");
    ok(has_ace(sd, 3, ID, 2, group), "not handed on\n");
    ok(!has_ace(sd, 4, 0, 1, user), "one too many\n");
    ok(!memcmp(sd + sd[4], user, 12), "owner\n");
    os_free(out);
}

static void test_inherit_given(void)
{
    struct builder parent, given;
    void *out;
    u32 size;
    start(&parent, other);
    ace(&parent, 0, 2, 0xf003f, other);
    start(&given, other);
    ace(&given, 0, 0, 0x80000000, user);
    ok(!sd_inherit(parent.sd, parent.size, given.sd, given.size, &token, &out, &size), "inherit\n");
    ok(has_ace(out, 0, 0, 0x20019, user) && !has_ace(out, 1, 2, 0xf003f, other), "not as given\n");
    os_free(out);
    ok(!sd_inherit(NULL, 0, NULL, 0, &token, &out, &size) && sd_valid(out, size), "nothing\n");
    os_free(out);
}

static u32 control_of(const void *sd)
{
    const u8 *p = sd;
    return p[2] | (u32)p[3] << 8;
}

#define AUTO_INHERITED 0x400u
#define PROTECTED      0x1000u

/* MS-DTYP 2.5.3.4.2: where inheritance is automatic, the given list without what it inherited from
 * elsewhere, and behind it what the parent hands down. */
static void test_inherit_automatic(void)
{
    struct builder parent, given;
    void *out;
    u32 size;
    start(&parent, other);
    ace(&parent, 0, 2 | ID, 0xf003f, other);
    put16(parent.sd + 2, 0x8004 | AUTO_INHERITED);
    start(&given, other);
    ace(&given, 0, ID, 1, group);
    ace(&given, 0, 0, 2, user);
    ok(!sd_inherit(parent.sd, parent.size, given.sd, given.size, &token, &out, &size), "merged\n");
    ok(has_ace(out, 0, 0, 2, user) && has_ace(out, 1, 2 | ID, 0xf003f, other), "not merged\n");
    ok(control_of(out) == (0x8004 | AUTO_INHERITED), "control %x\n", control_of(out));
    os_free(out);
    put16(given.sd + 2, 0x8004 | PROTECTED);
    ok(!sd_inherit(parent.sd, parent.size, given.sd, given.size, &token, &out, &size), "alone\n");
    ok(has_ace(out, 0, ID, 1, group) && has_ace(out, 1, 0, 2, user), "not as given\n");
    ok(!has_ace(out, 2, 2 | ID, 0xf003f, other), "inherited too\n");
    ok(control_of(out) == (0x8004 | PROTECTED), "control %x\n", control_of(out));
    os_free(out);
}

/* What the creator has by default stands back behind what the parent hands down. */
static void test_inherit_defaulted(void)
{
    struct builder parent, given;
    void *out;
    u32 size;
    start(&parent, other);
    start(&given, other);
    ace(&given, 0, 0, 2, user);
    put16(given.sd + 2, 0x800c);
    ok(!sd_inherit(parent.sd, parent.size, given.sd, given.size, &token, &out, &size), "given\n");
    ok(has_ace(out, 0, 0, 2, user), "not the given one\n");
    os_free(out);
    ace(&parent, 0, 2, 1, other);
    ok(!sd_inherit(parent.sd, parent.size, given.sd, given.size, &token, &out, &size),
       "parent's\n");
    ok(has_ace(out, 0, 2 | ID, 1, other) && !has_ace(out, 1, 0, 2, user), "not the parent's\n");
    os_free(out);
}

/* Owner of a New Object: the token's default owner, where it has one. */
static void test_owner_of_a_new_key(void)
{
    struct sd_token t = token;
    struct builder parent;
    u8 *sd;
    void *out;
    u32 size;
    t.owner = group;
    start(&parent, other);
    ace(&parent, 0, 2 | 8, 1, creator);
    ok(!sd_inherit(parent.sd, parent.size, NULL, 0, &t, &out, &size), "inherit\n");
    sd = out;
    ok(!memcmp(sd + sd[4], group, 12), "another owner\n");
    ok(has_ace(sd, 0, ID, 1, group) && has_ace(sd, 1, 2 | 8 | ID, 1, creator), "entries\n");
    os_free(out);
}

/* A descriptor with a SACL: one entry that audits, and a label. */
static void start_sacl(struct builder *b, const u8 *audited, const u8 *label)
{
    start(b, user);
    b->dacl = b->size;
    b->sd[b->size] = 2;
    put16(b->sd + b->size + 2, 8);
    put32(b->sd + 12, b->size);
    put16(b->sd + 2, 0x8014);
    b->size += 8;
    if (audited)
        ace(b, 2, 0x40, 1, audited);
    if (label)
        ace(b, 17, 0, 1, label);
}

/* Whether the SACL of sd has at that place an entry of that type and SID. */
static bool has_audit(const u8 *sd, u32 i, u32 type, const u8 *sid)
{
    const u8 *acl = sd + sd[12], *p = acl + 8 + 20 * i;
    return sd[12] && i < acl[4] && p[0] == type && !memcmp(p + 8, sid, 12);
}

static void test_sacl_parts(void)
{
    struct builder b, with;
    u8 buf[256];
    void *out;
    u32 size;
    start_sacl(&b, user, group);
    ok(!sd_extract(b.sd, b.size, SD_LABEL, buf, sizeof(buf), &size), "label\n");
    ok(has_audit(buf, 0, 17, group) && !has_audit(buf, 1, 2, user), "not the label alone\n");
    ok(!sd_extract(b.sd, b.size, SD_SACL, buf, sizeof(buf), &size), "SACL\n");
    ok(has_audit(buf, 0, 2, user) && !has_audit(buf, 1, 17, group), "not the entry alone\n");
    ok(!sd_extract(b.sd, b.size, SD_BACKUP, buf, sizeof(buf), &size) && size == b.size, "all\n");
    ok(!sd_extract(b.sd, b.size, SD_SCOPE, buf, sizeof(buf), &size) && size == 20, "no scope\n");
    start_sacl(&with, other, other);
    ok(!sd_merge(b.sd, b.size, with.sd, with.size, SD_LABEL, &out, &size), "a label\n");
    ok(has_audit(out, 0, 2, user) && has_audit(out, 1, 17, other), "not the label alone\n");
    os_free(out);
    start(&with, other);
    ok(!sd_merge(b.sd, b.size, with.sd, with.size, SD_SACL, &out, &size), "no SACL\n");
    ok(has_audit(out, 0, 17, group) && !has_audit(out, 1, 2, user), "the label went too\n");
    os_free(out);
}

static void test_merge_control(void)
{
    struct builder b, with;
    void *out;
    u32 size;
    start(&b, user);
    start(&with, user);
    put16(with.sd + 2, 0x8000);
    ok(!sd_merge(b.sd, b.size, with.sd, with.size, SD_DACL | SD_PROTECTED_DACL, &out, &size),
       "merge\n");
    ok(control_of(out) == (0x8004 | PROTECTED), "control %x\n", control_of(out));
    ok(!((u8 *)out)[16], "a DACL came from nowhere\n");
    os_free(out);
    put32(with.sd + 8, 0);
    ok(sd_lacks(with.sd, with.size, SD_GROUP) && !sd_lacks(with.sd, with.size, SD_OWNER),
       "group\n");
    ok(sd_merge(b.sd, b.size, with.sd, with.size, SD_GROUP, &out, &size) ==
           ERROR_INVALID_SECURITY_DESCR,
       "no group\n");
}

/* SACL for a New Object: who gives one must hold the privilege, but for a label. */
static void test_a_sacl_needs_the_privilege(void)
{
    struct sd_token t = token;
    struct builder parent, given;
    void *out;
    u32 size;
    start(&parent, other);
    start_sacl(&given, user, group);
    ok(sd_inherit(parent.sd, parent.size, given.sd, given.size, &t, &out, &size) ==
           ERROR_PRIVILEGE_NOT_HELD,
       "without it\n");
    t.security = true;
    ok(!sd_inherit(parent.sd, parent.size, given.sd, given.size, &t, &out, &size), "with it\n");
    ok(has_audit(out, 0, 2, user) && has_audit(out, 1, 17, group), "not as given\n");
    os_free(out);
    t.security = false;
    start_sacl(&given, NULL, group);
    ok(!sd_inherit(parent.sd, parent.size, given.sd, given.size, &t, &out, &size), "a label\n");
    os_free(out);
}

/* An entry of a type that nobody knows may end after its four bytes; so may the descriptor. */
static void test_inherit_short_entry(void)
{
    struct builder b;
    u8 *sd;
    void *out;
    u32 size;
    start(&b, other);
    b.sd[b.size] = 0x7f;
    b.sd[b.size + 1] = 2;
    put16(b.sd + b.size + 2, 4);
    b.size += 4;
    put16(b.sd + b.dacl + 2, b.size - b.dacl);
    put16(b.sd + b.dacl + 4, 1);
    sd = os_alloc(b.size); /* no byte more, for the sanitizer */
    memcpy(sd, b.sd, b.size);
    ok(sd_valid(sd, b.size), "not valid\n");
    ok(!sd_inherit(sd, b.size, NULL, 0, &token, &out, &size), "inherit\n");
    ok(sd_valid(out, size), "what is inherited is not valid\n");
    os_free(out);
    os_free(sd);
}

START_TEST(reg_secdesc)
{
    test_valid();
    test_any_byte();
    test_extract_and_merge();
    test_access();
    test_order_and_deny();
    test_owner();
    test_deny_only();
    test_inherit();
    test_inherit_given();
    test_inherit_automatic();
    test_inherit_defaulted();
    test_owner_of_a_new_key();
    test_sacl_parts();
    test_merge_control();
    test_a_sacl_needs_the_privilege();
    test_inherit_short_entry();
}

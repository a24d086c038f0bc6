/*
 * Security of keys natively: descriptors, who may open what, privileges.
 */
#define RRP_STANDALONE
#include "rrp.h"

#include "error.h"
#include "handles.h"
#include "os.h"
#include "secdesc.h"
#include "test.h"
#include "trace.h"
#include "user.h"
#include "utf16.h"

#include "rrp_fixture.h"

static const u8 sid_guest[] = {1, 2, 0, 0, 0, 0, 0, 5, 77, 0, 0, 0, 1, 0, 0, 0};
static const u8 sid_users[] = {1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 0x21, 2, 0, 0};
static const u8 sid_everyone[] = {1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0};

static const struct sd_sid guest_sids[] = {
    {sid_guest, SD_SID_ENABLED}, {sid_users, SD_SID_ENABLED}, {sid_everyone, SD_SID_ENABLED}};
static const struct sd_token guest = {
    .sids = guest_sids, .count = ARRAY_LEN(guest_sids), .primary_group = sid_users};

/* A descriptor with one ACE: Everyone, type 0 allows and 1 denies. */
static u32 one_ace(u8 *buf, u8 type, u32 mask)
{
    u8 sd[48] = {1, 0, 4, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20};
    u8 *acl = sd + 20;
    acl[0] = 2;
    acl[2] = 28;
    acl[4] = 1;
    acl[8] = type;
    acl[10] = 20;
    memcpy(acl + 12, &mask, 4);
    memcpy(acl + 16, sid_everyone, 12);
    memcpy(buf, sd, 48);
    return 48;
}

static void the_machine_is_read_by_all_and_written_by_administrators(void)
{
    struct fixture f;
    RPC_HKEY m, key;
    fixture_start(&f);
    ok(!OpenLocalMachine(NULL, KEY_READ, &m), "machine\n");
    put_number(m, u"Software\\S", 0, 1);
    user_pretend(&guest);
    ok(!open_key(m, u"Software\\S", KEY_READ, &key), "read\n");
    close_key(key);
    ok(open_key(m, u"Software\\S", KEY_SET_VALUE, &key) == ERROR_ACCESS_DENIED, "write\n");
    ok(create_key(m, u"Software\\S\\sub", 0, KEY_READ, &key) == ERROR_ACCESS_DENIED, "create\n");
    ok(!open_key(m, u"Software\\S", MAXIMUM_ALLOWED, &key), "maximum\n");
    ok(set_value(key, u"v", 1, NULL, 0) == ERROR_ACCESS_DENIED, "what it does not hold\n");
    close_key(key);
    RRP_UNICODE_STRING s = str(u"Software\\S");
    ok(BaseRegDeleteKey(m, &s) == ERROR_ACCESS_DENIED, "delete\n");
    user_pretend(NULL);
    close_key(m);
    fixture_stop(&f);
}

static void a_descriptor_that_was_set_decides(void)
{
    struct fixture f;
    RPC_HKEY key, root, again;
    u8 buf[48];
    fixture_start(&f);
    key = make_key(u"Software\\D");
    RPC_SECURITY_DESCRIPTOR sd = {buf, one_ace(buf, 1, KEY_SET_VALUE), 0};
    ok(!BaseRegSetKeySecurity(key, DACL_SECURITY_INFORMATION, &sd), "set\n");
    ok(!OpenCurrentUser(NULL, KEY_ALL_ACCESS, &root), "root\n");
    ok(open_key(root, u"Software\\D", KEY_SET_VALUE, &again) == ERROR_ACCESS_DENIED, "denied\n");
    sd.cbInSecurityDescriptor = one_ace(buf, 0, KEY_READ);
    ok(!BaseRegSetKeySecurity(key, DACL_SECURITY_INFORMATION, &sd), "set\n");
    ok(!open_key(root, u"Software\\D", KEY_READ, &again), "allowed\n");
    ok(BaseRegSetKeySecurity(again, DACL_SECURITY_INFORMATION, &sd) == ERROR_ACCESS_DENIED,
       "no WRITE_DAC\n");
    close_key(again);
    sd.cbInSecurityDescriptor = 7;
    ok(BaseRegSetKeySecurity(key, DACL_SECURITY_INFORMATION, &sd) == ERROR_INVALID_PARAMETER,
       "short\n");
    close_key(root);
    close_key(key);
    fixture_stop(&f);
}

static void a_descriptor_is_returned_in_parts(void)
{
    struct fixture f;
    RPC_HKEY key;
    u8 buf[512];
    fixture_start(&f);
    key = make_key(u"Software\\G");
    RPC_SECURITY_DESCRIPTOR in = {buf, sizeof buf, 0}, out = {buf, 0, 0};
    ok(!BaseRegGetKeySecurity(key, OWNER_SECURITY_INFORMATION, &in, &out), "owner\n");
    u32 owner = out.cbOutSecurityDescriptor;
    ok(sd_valid(buf, owner) && owner > 20 && owner < 60, "%u\n", owner);
    in.cbInSecurityDescriptor = 5;
    out = (RPC_SECURITY_DESCRIPTOR){buf, 0, 0};
    ok(BaseRegGetKeySecurity(key, 7, &in, &out) == ERROR_INSUFFICIENT_BUFFER, "small\n");
    ok(out.cbInSecurityDescriptor > owner && !out.lpSecurityDescriptor, "%u\n",
       out.cbInSecurityDescriptor);
    in.cbInSecurityDescriptor = sizeof buf;
    out = (RPC_SECURITY_DESCRIPTOR){buf, 0, 0};
    ok(BaseRegGetKeySecurity(key, SACL_SECURITY_INFORMATION, &in, &out) == ERROR_ACCESS_DENIED,
       "the SACL needs its right\n");
    close_key(key);
    fixture_stop(&f);
}

static void a_new_key_inherits_from_the_key_above(void)
{
    struct fixture f;
    RPC_HKEY key, sub;
    u8 above[512], below[512];
    fixture_start(&f);
    key = make_key(u"Software\\I");
    sub = make_key(u"Software\\I\\sub");
    RPC_SECURITY_DESCRIPTOR in = {NULL, sizeof above, 0}, a = {above, 0, 0}, b = {below, 0, 0};
    ok(!BaseRegGetKeySecurity(key, DACL_SECURITY_INFORMATION, &in, &a), "above\n");
    ok(!BaseRegGetKeySecurity(sub, DACL_SECURITY_INFORMATION, &in, &b), "below\n");
    ok(a.cbOutSecurityDescriptor > 40 && b.cbOutSecurityDescriptor > 40, "%u %u\n",
       a.cbOutSecurityDescriptor, b.cbOutSecurityDescriptor);
    close_key(sub);
    close_key(key);
    fixture_stop(&f);
}

static void saving_and_loading_need_their_privileges(void)
{
    struct fixture f;
    RPC_HKEY key, m;
    static struct sd_token plain;
    fixture_start(&f);
    key = make_key(u"Software\\P");
    ok(!OpenLocalMachine(NULL, KEY_READ, &m), "machine\n");
    RRP_UNICODE_STRING file = str(u"/tmp/rrp-not-made"), name = str(u"X");
    plain = *user_token();
    plain.backup = plain.restore = false;
    user_pretend(&plain);
    ok(BaseRegSaveKey(key, &file, NULL) == ERROR_PRIVILEGE_NOT_HELD, "save\n");
    ok(BaseRegLoadKey(m, &name, &file) == ERROR_PRIVILEGE_NOT_HELD, "load\n");
    ok(BaseRegUnLoadKey(m, &name) == ERROR_PRIVILEGE_NOT_HELD, "unload\n");
    ok(BaseRegRestoreKey(key, &file, 0) == ERROR_PRIVILEGE_NOT_HELD, "restore\n");
    RRP_UNICODE_STRING path = str(u"");
    RPC_HKEY again;
    ok(BaseRegOpenKey(key, &path, REG_OPTION_BACKUP_RESTORE, 0, &again) == ERROR_ACCESS_DENIED,
       "open\n");
    user_pretend(NULL);
    ok(!BaseRegOpenKey(key, &path, REG_OPTION_BACKUP_RESTORE, 0, &again), "open\n");
    close_key(again);
    close_key(m);
    close_key(key);
    fixture_stop(&f);
}

START_TEST(reg_rrp_security)
{
    RUN(the_machine_is_read_by_all_and_written_by_administrators);
    RUN(a_descriptor_that_was_set_decides);
    RUN(a_descriptor_is_returned_in_parts);
    RUN(a_new_key_inherits_from_the_key_above);
    RUN(saving_and_loading_need_their_privileges);
}

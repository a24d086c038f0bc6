/*
 * Every allocation and every write of a day's work fails once: the work is done or refused, and the
 * server goes on.
 */
#define RRP_STANDALONE
#include "rrp.h"

#include "error.h"
#include "handles.h"
#include "inside.h"
#include "os.h"
#include "test.h"
#include "trace.h"
#include "utf16.h"

#include "rrp_fixture.h"

/* One of everything; an error ends it, with every handle closed. */
static DWORD work(void)
{
    RPC_HKEY root = NULL, key = NULL, classes = NULL, t = NULL, sub = NULL;
    RRP_UNICODE_STRING path = str(u"Software\\Fault\\a\\b"), cls = str(u"class"), v = str(u"v");
    RRP_UNICODE_STRING a = str(u"Software\\Fault\\a\\b"), dot = str(u".fault");
    char16_t buf[64];
    RRP_UNICODE_STRING in = {0, sizeof buf, buf}, out = {0};
    struct nsp_new plain = {0};
    bool created;
    u8 data[8];
    DWORD type, size = sizeof data, len;
    DWORD err = OpenCurrentUser(NULL, KEY_ALL_ACCESS, &root);
    if (!err)
        err = BaseRegCreateKey(root, &path, &cls, 0, KEY_ALL_ACCESS, NULL, &key, NULL);
    if (!err)
        err = BaseRegSetValue(key, &v, REG_BINARY, (LPBYTE) "12345", 5);
    if (!err)
        err = BaseRegQueryValue(key, &v, &type, data, &size, &len);
    if (!err)
        err = BaseRegEnumValue(key, 0, &in, &out, &type, data, &size, &len);
    out = (RRP_UNICODE_STRING){0};
    if (!err)
        err = BaseRegEnumKey(root, 0, &in, &out, NULL, NULL, NULL);
    if (!err)
        err = OpenClassesRoot(NULL, MAXIMUM_ALLOWED, &classes);
    if (!err)
        err = BaseRegCreateKey(classes, &dot, &cls, 0, KEY_READ, NULL, &sub, NULL);
    if (!err)
        err = BaseRegCloseKey(&sub);
    if (!err)
        err = WinregCreateTransaction(&t);
    if (!err)
        err = inside_txn_create(t, root, u"Software\\Fault\\t", 16, &plain, KEY_ALL_ACCESS, &sub,
                                &created);
    if (!err)
        err = WinregCommitTransaction(t);
    if (!err)
        err = BaseRegDeleteKey(root, &a);
    RPC_HKEY all[] = {sub, t, classes, key, root};
    os_fault(OS_FAULT_ALLOC, 0, false);
    os_fault(OS_FAULT_WRITE, 0, false);
    for (u32 i = 0; i < ARRAY_LEN(all); i++)
        if (all[i])
            BaseRegCloseKey(&all[i]);
    return err;
}

static void sweep(enum os_fault_kind kind, u32 most)
{
    struct fixture f;
    fixture_start(&f);
    u32 failed = 0, n = 0;
    for (n = 1; n <= most; n++) {
        os_fault(kind, n, false);
        DWORD err = work();
        failed += err != 0;
        ok(hnd_count() == 0, "%u handles after failure %u (error %u)\n", hnd_count(), n, err);
        ok(!work(), "nothing works after failure %u (error %u)\n", n, err);
        if (!err && failed > 3 && n > 60)
            break;
    }
    ok(failed > 0, "nothing failed\n");
    fixture_stop(&f);
}

static void allocations_fail(void)
{
    sweep(OS_FAULT_ALLOC, 200);
}

static void writes_fail(void)
{
    sweep(OS_FAULT_WRITE, 60);
}

/* Starting, the first look at a hive, and stopping. */
static void starts_fail(void)
{
    struct fixture f;
    u32 failed = 0;
    fixture_start(&f);
    for (u32 n = 1; n <= 150; n++) {
        ok(!WinregShutdown(), "shutdown %u\n", n);
        RPC_HKEY root = NULL;
        os_fault(OS_FAULT_ALLOC, n, false);
        DWORD err = WinregStart(f.folder);
        if (!err)
            err = OpenCurrentUser(NULL, KEY_READ, &root);
        os_fault(OS_FAULT_ALLOC, 0, false);
        failed += err != 0;
        if (root)
            close_key(root);
        ok(!WinregStart(f.folder), "start after failure %u (error %u)\n", n, err);
    }
    ok(failed > 0, "nothing failed\n");
    fixture_stop(&f);
}

START_TEST(reg_rrp_fault)
{
    RUN(starts_fail);
    RUN(allocations_fail);
    RUN(writes_fail);
}

/*
 * Transactions natively: seen by nobody until they are committed, rolled back whole.
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

static RPC_HKEY user(void)
{
    RPC_HKEY key = NULL;
    ok(!OpenCurrentUser(NULL, KEY_ALL_ACCESS, &key), "user\n");
    return key;
}

static RPC_HKEY create_under(RPC_HKEY t, RPC_HKEY root, const char16_t *path)
{
    RPC_HKEY key = NULL;
    struct nsp_new plain = {0};
    bool created;
    u32 err = inside_txn_create(t, root, path, (u32)u16_len(path), &plain, KEY_ALL_ACCESS, &key,
                                &created);
    ok(!err, "create gave %u\n", err);
    return key;
}

static void what_is_done_is_seen_after_the_commit(void)
{
    struct fixture f;
    RPC_HKEY t, root, key, sub;
    u32 n = 6;
    fixture_start(&f);
    root = user();
    ok(!WinregCreateTransaction(&t), "begin\n");
    key = create_under(t, root, u"Software\\T\\a");
    ok(!set_value(key, u"v", REG_DWORD, &n, 4), "set\n");
    ok(number_at(root, u"Software\\T\\a", 0) == 0xffffffff, "seen too soon\n");
    ok(number_at(key, u"", 0) == 6, "its own keys see it\n");
    ok(!create_key(key, u"b", 0, KEY_ALL_ACCESS, &sub), "below it\n");
    n = 7;
    ok(!set_value(sub, u"v", REG_DWORD, &n, 4), "set\n");
    ok(number_at(root, u"Software\\T\\a\\b", 0) == 0xffffffff, "seen too soon\n");
    ok(!WinregCommitTransaction(t), "commit\n");
    ok(number_at(root, u"Software\\T\\a", 0) == 6, "not there\n");
    ok(number_at(root, u"Software\\T\\a\\b", 0) == 7, "not there\n");
    ok(WinregCommitTransaction(t) == ERROR_TRANSACTION_NOT_ACTIVE, "commit again\n");
    ok(number_at(sub, u"", 0) == 7, "its keys are keys like others\n");
    close_key(sub);
    close_key(key);
    close_key(t);
    close_key(root);
    fixture_stop(&f);
}

static void what_is_rolled_back_was_never_there(void)
{
    struct fixture f;
    RPC_HKEY t, root, key;
    u32 n = 9;
    DWORD type, size = 4, len;
    fixture_start(&f);
    root = user();
    put_number(root, u"Software\\K", 0, 1);
    ok(!WinregCreateTransaction(&t), "begin\n");
    ok(!inside_txn_open(t, root, u"Software\\K", 10, KEY_ALL_ACCESS, &key), "open\n");
    ok(!set_value(key, u"v", REG_DWORD, &n, 4), "set\n");
    ok(!inside_txn_delete(t, root, u"Environment", 11, 0), "delete\n");
    ok(number_at(root, u"Software\\K", 0) == 1, "seen\n");
    ok(!WinregRollbackTransaction(t), "roll back\n");
    ok(number_at(root, u"Software\\K", 0) == 1, "kept\n");
    ok(query_value(key, u"v", &type, &n, &size, &len) == ERROR_TRANSACTION_NOT_ACTIVE, "query\n");
    close_key(key);
    close_key(t);
    RPC_HKEY env;
    ok(!open_key(root, u"Environment", KEY_READ, &env), "what was deleted is there\n");
    close_key(env);
    close_key(root);
    fixture_stop(&f);
}

static void closing_the_transaction_rolls_back(void)
{
    struct fixture f;
    RPC_HKEY t, root, key;
    fixture_start(&f);
    root = user();
    ok(!WinregCreateTransaction(&t), "begin\n");
    key = create_under(t, root, u"Software\\C");
    close_key(t);
    close_key(key);
    ok(open_key(root, u"Software\\C", KEY_READ, &key) == ERROR_FILE_NOT_FOUND, "kept\n");
    close_key(root);
    fixture_stop(&f);
}

static void others_go_on_meanwhile(void)
{
    struct fixture f;
    RPC_HKEY t, root, key;
    u32 n = 2;
    fixture_start(&f);
    root = user();
    put_number(root, u"Software\\O", 0, 1);
    ok(!WinregCreateTransaction(&t), "begin\n");
    ok(!inside_txn_open(t, root, u"Software\\O", 10, KEY_ALL_ACCESS, &key), "open\n");
    ok(!set_value(key, u"w", REG_DWORD, &n, 4), "set\n");
    put_number(root, u"Software\\O", 0, 3);
    ok(number_at(key, u"", 0) == 3, "what others wrote\n");
    RRP_UNICODE_STRING o = str(u"Software\\O");
    ok(!BaseRegDeleteKey(root, &o), "delete\n");
    ok(WinregCommitTransaction(t) == ERROR_TRANSACTIONAL_CONFLICT, "commit\n");
    close_key(key);
    close_key(t);
    close_key(root);
    fixture_stop(&f);
}

static void a_transaction_is_no_key(void)
{
    struct fixture f;
    RPC_HKEY t, root, out;
    DWORD type, size = 0, len;
    fixture_start(&f);
    root = user();
    ok(!WinregCreateTransaction(&t), "begin\n");
    ok(query_value(t, u"v", &type, NULL, &size, &len) == ERROR_INVALID_HANDLE, "query\n");
    ok(WinregCommitTransaction(root) == ERROR_INVALID_HANDLE, "commit of a key\n");
    ok(inside_txn_open(root, root, u"Software", 8, KEY_READ, &out) == ERROR_INVALID_HANDLE, "\n");
    close_key(t);
    close_key(root);
    fixture_stop(&f);
}

START_TEST(reg_rrp_transact)
{
    RUN(what_is_done_is_seen_after_the_commit);
    RUN(what_is_rolled_back_was_never_there);
    RUN(closing_the_transaction_rolls_back);
    RUN(others_go_on_meanwhile);
    RUN(a_transaction_is_no_key);
}

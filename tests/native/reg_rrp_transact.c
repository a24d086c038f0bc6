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

/* What is named with it would be done at once, and for everybody. */
static void a_transaction_that_ended_takes_nothing_more(void)
{
    struct fixture f;
    const struct nsp_new plain = {.class_name = NULL};
    RPC_HKEY t, root, top, key, mine;
    bool created;
    fixture_start(&f);
    root = user();
    ok(!OpenClassesRoot(NULL, MAXIMUM_ALLOWED, &top), "classes\n");
    put_number(root, u"Software\\E", 0, 1);
    for (u32 commit = 0; commit < 2; commit++) {
        ok(!WinregCreateTransaction(&t), "begin\n");
        mine = create_under(t, root, commit ? u"Software\\M1" : u"Software\\M0");
        ok(!(commit ? WinregCommitTransaction(t) : WinregRollbackTransaction(t)), "end\n");
        ok(inside_txn_open(t, root, u"Software\\E", 10, KEY_READ, &key) ==
               ERROR_TRANSACTION_NOT_ACTIVE,
           "opened\n");
        ok(inside_txn_create(t, root, u"Software\\F", 10, &plain, KEY_READ, &key, &created) ==
               ERROR_TRANSACTION_NOT_ACTIVE,
           "made\n");
        ok(inside_txn_create(t, top, u".f", 2, &plain, KEY_READ, &key, &created) ==
               ERROR_TRANSACTION_NOT_ACTIVE,
           "a class made\n");
        ok(inside_txn_delete(t, root, u"Software\\E", 10, 0) == ERROR_TRANSACTION_NOT_ACTIVE,
           "deleted\n");
        ok(inside_txn_delete(t, mine, u"", 0, 0) == ERROR_TRANSACTION_NOT_ACTIVE, "its own\n");
        ok(number_at(root, u"Software\\E", 0) == 1, "it is gone\n");
        close_key(mine);
        close_key(t);
    }
    ok(open_key(root, u"Software\\F", KEY_READ, &key) == ERROR_FILE_NOT_FOUND, "it is there\n");
    close_key(top);
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

/* Under the transaction a key has its new name at once, and its keys that are open follow. */
static void a_key_is_renamed_under_a_transaction(void)
{
    struct fixture f;
    RPC_HKEY t, root, above, key, below;
    u32 n = 4;
    fixture_start(&f);
    root = user();
    put_number(root, u"Software\\N\\old", 0, 1);
    put_number(root, u"Software\\N\\old\\sub", 0, 2);
    ok(!WinregCreateTransaction(&t), "begin\n");
    ok(!inside_txn_open(t, root, u"Software\\N", 10, KEY_ALL_ACCESS, &above), "open\n");
    ok(!open_key(above, u"old", KEY_ALL_ACCESS, &key), "open\n");
    ok(!open_key(key, u"sub", KEY_ALL_ACCESS, &below), "open\n");
    ok(!inside_rename(above, u"old", 3, u"new name", 8), "rename\n");
    ok(number_at(above, u"old", 0) == 0xffffffff, "it has its old name\n");
    ok(number_at(above, u"new name", 0) == 1, "it has not its new name\n");
    ok(number_at(below, u"", 0) == 2, "a key below is lost\n");
    ok(!set_value(key, u"v", REG_DWORD, &n, 4), "set\n");
    ok(number_at(root, u"Software\\N\\old", 0) == 1, "seen too soon\n");
    ok(!WinregCommitTransaction(t), "commit\n");
    ok(number_at(root, u"Software\\N\\new name", 0) == 4, "not committed\n");
    ok(number_at(root, u"Software\\N\\new name\\sub", 0) == 2, "not committed\n");
    ok(number_at(root, u"Software\\N\\old", 0) == 0xffffffff, "it has its old name\n");
    close_key(below);
    close_key(key);
    close_key(above);
    close_key(t);
    close_key(root);
    fixture_stop(&f);
}

/* The machine's hive and the user's: a conflict in one keeps nothing in the other. */
static void several_hives_are_committed_or_none(void)
{
    struct fixture f;
    RPC_HKEY t, root, m, mine, theirs;
    fixture_start(&f);
    root = user();
    ok(!OpenLocalMachine(NULL, MAXIMUM_ALLOWED, &m), "machine\n");
    put_number(root, u"Software\\H", 0, 1);
    put_number(m, u"Software\\H", 0, 1);
    for (u32 conflict = 0; conflict < 2; conflict++) {
        u32 n = 5 + conflict;
        RRP_UNICODE_STRING gone = str(u"Software\\H");
        ok(!WinregCreateTransaction(&t), "begin\n");
        ok(!inside_txn_open(t, root, u"Software\\H", 10, KEY_ALL_ACCESS, &mine), "open\n");
        ok(!inside_txn_open(t, m, u"Software\\H", 10, KEY_ALL_ACCESS, &theirs), "open\n");
        ok(!set_value(theirs, u"v", REG_DWORD, &n, 4), "set\n");
        ok(!set_value(mine, u"v", REG_DWORD, &n, 4), "set\n");
        if (conflict)
            ok(!BaseRegDeleteKey(root, &gone), "delete\n");
        DWORD err = WinregCommitTransaction(t);
        ok(err == (conflict ? ERROR_TRANSACTIONAL_CONFLICT : ERROR_SUCCESS), "commit: %u\n", err);
        ok(number_at(m, u"Software\\H", 0) == 5, "the machine's: %u\n",
           number_at(m, u"Software\\H", 0));
        close_key(mine);
        close_key(theirs);
        close_key(t);
    }
    close_key(m);
    close_key(root);
    fixture_stop(&f);
}

/* Two values of large, which are logged otherwise than what is mapped, or of four bytes. */
static DWORD change_both(RPC_HKEY root, RPC_HKEY m, u8 to, u32 size, u32 fail)
{
    static u8 data[0x180000];
    RPC_HKEY t, mine, theirs;
    memset(data, to, size);
    ok(!WinregCreateTransaction(&t), "begin\n");
    ok(!inside_txn_open(t, root, u"Software\\F", 10, KEY_ALL_ACCESS, &mine), "open\n");
    ok(!inside_txn_open(t, m, u"Software\\F", 10, KEY_ALL_ACCESS, &theirs), "open\n");
    ok(!set_value(theirs, u"v", REG_BINARY, data, size), "set\n");
    ok(!set_value(mine, u"v", REG_BINARY, data, size), "set\n");
    os_fault(OS_FAULT_WRITE, fail, false);
    DWORD err = WinregCommitTransaction(t);
    os_fault(OS_FAULT_WRITE, 0, false);
    close_key(mine);
    close_key(theirs);
    close_key(t);
    return err;
}

static u32 first_byte(RPC_HKEY root)
{
    static u8 data[0x180000];
    RPC_HKEY key;
    DWORD type, size = sizeof data, len = 0, err;
    ok(!open_key(root, u"Software\\F", KEY_READ, &key), "open\n");
    err = query_value(key, u"v", &type, data, &size, &len);
    close_key(key);
    return err ? 0 : data[0];
}

/* The n-th write of the commit fails, for all n, once and for a value that is not mapped. */
static void a_full_disk_keeps_nothing_in_any_hive(void)
{
    struct fixture f;
    RPC_HKEY root, m;
    fixture_start(&f);
    root = user();
    ok(!OpenLocalMachine(NULL, MAXIMUM_ALLOWED, &m), "machine\n");
    put_number(root, u"Software\\F", 0, 1);
    put_number(m, u"Software\\F", 0, 1);
    u32 failed = 0, now = 1;
    for (u32 n = 1; n < 80; n++) {
        u32 to = n % 200 + 2, size = n % 2 ? 4 : 0x180000;
        DWORD err = change_both(root, m, (u8)to, size, 1 + n / 2 % 20);
        if (!err)
            now = to;
        failed += err != 0;
        ok(first_byte(root) == now, "%u: the user's is %u, not %u\n", n, first_byte(root), now);
        ok(first_byte(m) == first_byte(root), "%u, error %u: the machine's is %u, the user's %u\n",
           n, err, first_byte(m), first_byte(root));
    }
    ok(failed > 4, "%u failed\n", failed);
    close_key(m);
    close_key(root);
    fixture_stop(&f);
}

/* Below HKEY_CLASSES_ROOT the view stays merged: new keys are the machine's, those below a key of
 * the user's are the user's, and nobody sees them before the commit. */
static void merged_classes_are_changed_under_a_transaction(void)
{
    struct fixture f;
    RPC_HKEY t, m, root, top, key, mine, again;
    u32 n = 3;
    fixture_start(&f);
    root = user();
    ok(!OpenLocalMachine(NULL, MAXIMUM_ALLOWED, &m), "machine\n");
    ok(!OpenClassesRoot(NULL, MAXIMUM_ALLOWED, &top), "classes\n");
    put_number(root, u"Software\\Classes\\.mine", 0, 1);
    put_number(m, u"Software\\Classes\\.mine\\all", 0, 2);
    ok(!WinregCreateTransaction(&t), "begin\n");
    key = create_under(t, top, u".new\\sub");
    ok(!set_value(key, u"v", REG_DWORD, &n, 4), "set\n");
    ok(!inside_txn_open(t, top, u".mine", 5, KEY_ALL_ACCESS, &mine), "open\n");
    ok(number_at(mine, u"", 0) == 1 && number_at(mine, u"all", 0) == 2, "not merged\n");
    ok(!create_key(mine, u"below", 0, KEY_ALL_ACCESS, &again), "below the user's\n");
    close_key(again);
    ok(!inside_txn_open(t, top, u".new", 4, KEY_READ, &again), "its own key\n");
    ok(number_at(again, u"sub", 0) == 3, "its own value\n");
    close_key(again);
    ok(number_at(top, u".new\\sub", 0) == 0xffffffff, "seen too soon\n");
    ok(!inside_txn_delete(t, top, u".mine\\all", 9, 0), "delete\n");
    ok(number_at(top, u".mine\\all", 0) == 2, "gone too soon\n");
    ok(!WinregCommitTransaction(t), "commit\n");
    ok(number_at(m, u"Software\\Classes\\.new\\sub", 0) == 3, "not the machine's\n");
    ok(number_at(top, u".mine\\all", 0) == 0xffffffff, "not deleted\n");
    ok(!open_key(root, u"Software\\Classes\\.mine\\below", KEY_READ, &again), "not the user's\n");
    close_key(again);
    close_key(mine);
    close_key(key);
    close_key(t);
    close_key(top);
    close_key(m);
    close_key(root);
    fixture_stop(&f);
}

static void file_in(const struct fixture *f, const char *name, char16_t out[128])
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", f->path, name);
    u16_from_utf8(out, 128, path, strlen(path) + 1, false);
}

/* What was done to it has no handle any more, and is still to be kept. */
static void a_loaded_hive_stays_until_the_transaction_has_ended(void)
{
    struct fixture f;
    RPC_HKEY t, m, key;
    char16_t file[128];
    u32 n = 8;
    fixture_start(&f);
    file_in(&f, "loaded.dat", file);
    RRP_UNICODE_STRING s = str(file), name = str(u"Loaded");
    ok(!OpenLocalMachine(NULL, MAXIMUM_ALLOWED, &m), "machine\n");
    for (u32 commits = 0; commits < 2; commits++) {
        ok(!BaseRegLoadKey(m, &name, &s), "load\n");
        ok(!WinregCreateTransaction(&t), "begin\n");
        key = create_under(t, m, u"Loaded\\new");
        ok(!set_value(key, u"v", REG_DWORD, &n, 4), "set\n");
        close_key(key);
        ok(BaseRegUnLoadKey(m, &name) == ERROR_ACCESS_DENIED, "unload\n");
        ok(!(commits ? WinregCommitTransaction(t) : WinregRollbackTransaction(t)), "end\n");
        ok(number_at(m, u"Loaded\\new", 0) == (commits ? n : 0xffffffff), "%u\n", commits);
        ok(!BaseRegUnLoadKey(m, &name), "unload afterwards\n");
        close_key(t);
    }
    close_key(m);
    fixture_stop(&f);
}

static void an_app_hive_stays_until_the_transaction_has_ended(void)
{
    struct fixture f;
    RPC_HKEY t, app, key;
    char16_t file[128];
    u32 n = 9;
    fixture_start(&f);
    file_in(&f, "app.dat", file);
    ok(!inside_load_app(file, KEY_ALL_ACCESS, false, &app), "load\n");
    ok(!WinregCreateTransaction(&t), "begin\n");
    key = create_under(t, app, u"new");
    ok(!set_value(key, u"v", REG_DWORD, &n, 4), "set\n");
    close_key(key);
    close_key(app);
    ok(!WinregCommitTransaction(t), "commit\n");
    close_key(t);
    ok(!inside_load_app(file, KEY_READ, true, &app), "let go\n");
    ok(number_at(app, u"new", 0) == 9, "not kept\n");
    close_key(app);
    fixture_stop(&f);
}

START_TEST(reg_rrp_transact)
{
    RUN(a_loaded_hive_stays_until_the_transaction_has_ended);
    RUN(an_app_hive_stays_until_the_transaction_has_ended);
    RUN(merged_classes_are_changed_under_a_transaction);
    RUN(a_key_is_renamed_under_a_transaction);
    RUN(a_full_disk_keeps_nothing_in_any_hive);
    RUN(several_hives_are_committed_or_none);
    RUN(what_is_done_is_seen_after_the_commit);
    RUN(what_is_rolled_back_was_never_there);
    RUN(a_transaction_that_ended_takes_nothing_more);
    RUN(closing_the_transaction_rolls_back);
    RUN(others_go_on_meanwhile);
    RUN(a_transaction_is_no_key);
}

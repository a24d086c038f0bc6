/*
 * Memory of a client's that is not there: ERROR_NOACCESS, and nobody waits for it afterwards. And
 * watches of clients that are no more.
 */
#define RRP_STANDALONE
#include "rrp.h"

#include "error.h"
#include "handles.h"
#include "os.h"
#include "test.h"
#include "trace.h"
#include "utf16.h"
#include "watcher.h"

#include "other_fixture.h"

#include <sys/mman.h>

#define PAGE 4096u

static u8 *good; /* a page with nothing behind it */

static void make_page(void)
{
    good = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(good, 'a', PAGE);
    mprotect(good + PAGE, PAGE, PROT_NONE);
}

/* n bytes of which the last is not there. */
static void *short_of(u32 n)
{
    return good + PAGE - (n - 1);
}

/* The server and its locks are as they were. */
static void still_works(struct fixture *f, RPC_HKEY key)
{
    u32 n = 5;
    ok(!set_value(key, u"after", REG_DWORD, &n, 4), "set\n");
    close_key(key);
    fixture_stop(f);
}

static void test_data_that_is_not_there(void)
{
    static const u32 sizes[] = {2, 4, 8, 300, 2000, 4000};
    struct fixture f;
    DWORD type, size, len;
    u8 back[4];
    fixture_start(&f);
    RPC_HKEY key = make_key(u"Software\\Pointers");
    for (u32 i = 0; i < ARRAY_LEN(sizes); i++) {
        DWORD err = set_value(key, u"v", REG_BINARY, short_of(sizes[i]), sizes[i]);
        ok(err == ERROR_NOACCESS, "%u bytes: set gave %u\n", sizes[i], err);
    }
    DWORD err = set_value(key, u"v", REG_BINARY, (void *)(uintptr_t)8, 100);
    ok(err == ERROR_NOACCESS, "set gave %u\n", err);
    size = sizeof back;
    ok(query_value(key, u"v", &type, back, &size, &len) == ERROR_FILE_NOT_FOUND, "set something\n");
    still_works(&f, key);
}

static void test_results_that_have_no_room(void)
{
    struct fixture f;
    DWORD type, size = 100, len, err;
    u8 data[100] = {1};
    RRP_UNICODE_STRING in = {0, 200, NULL};
    RPC_UNICODE_STRING out = {0, 200, NULL};
    fixture_start(&f);
    RPC_HKEY key = make_key(u"Software\\Pointers");
    ok(!set_value(key, u"a long name", REG_BINARY, data, sizeof data), "set\n");
    err = query_value(key, u"a long name", &type, short_of(100), &size, &len);
    ok(err == ERROR_NOACCESS, "query gave %u\n", err);
    in.Buffer = out.Buffer = short_of(20);
    err = BaseRegEnumValue(key, 0, &in, &out, &type, NULL, NULL, NULL);
    ok(err == ERROR_NOACCESS, "enumeration of names gave %u\n", err);
    char16_t name[100];
    in.Buffer = out.Buffer = name;
    size = 100;
    err = BaseRegEnumValue(key, 0, &in, &out, &type, short_of(100), &size, &len);
    ok(err == ERROR_NOACCESS, "enumeration of data gave %u\n", err);
    still_works(&f, key);
}

static void test_names_that_are_not_there(void)
{
    struct fixture f;
    RPC_HKEY other = NULL;
    u32 n = 1;
    fixture_start(&f);
    RPC_HKEY key = make_key(u"Software\\Pointers");
    RRP_UNICODE_STRING bad = {40, 40, short_of(40)}, none = {0}, name = str(u"k");
    DWORD type, size = 4, len;
    ok(BaseRegSetValue(key, &bad, REG_DWORD, (BYTE *)&n, 4) == ERROR_NOACCESS, "set\n");
    ok(BaseRegQueryValue(key, &bad, &type, (BYTE *)&n, &size, &len) == ERROR_NOACCESS, "query\n");
    ok(BaseRegDeleteValue(key, &bad) == ERROR_NOACCESS, "delete value\n");
    ok(BaseRegOpenKey(key, &bad, 0, KEY_READ, &other) == ERROR_NOACCESS, "open\n");
    DWORD err = BaseRegCreateKey(key, &bad, &none, 0, KEY_READ, NULL, &other, NULL);
    ok(err == ERROR_NOACCESS, "create gave %u\n", err);
    err = BaseRegCreateKey(key, &name, &bad, 0, KEY_READ, NULL, &other, NULL);
    ok(err == ERROR_NOACCESS, "create with a class gave %u\n", err);
    ok(BaseRegDeleteKey(key, &bad) == ERROR_NOACCESS, "delete\n");
    ok(BaseRegSaveKey(key, &bad, NULL) == ERROR_NOACCESS, "save\n");
    still_works(&f, key);
}

static void test_descriptors_that_are_not_there(void)
{
    struct fixture f;
    RPC_HKEY other = NULL;
    RPC_SECURITY_ATTRIBUTES attributes = {0};
    RRP_UNICODE_STRING none = {0}, name = str(u"k");
    fixture_start(&f);
    RPC_HKEY key = make_key(u"Software\\Pointers");
    RPC_SECURITY_DESCRIPTOR sd = {short_of(60), 60, 60};
    attributes.RpcSecurityDescriptor = sd;
    DWORD err = BaseRegCreateKey(key, &name, &none, 0, KEY_READ, &attributes, &other, NULL);
    ok(err == ERROR_NOACCESS, "create gave %u\n", err);
    err = BaseRegSetKeySecurity(key, 4, &sd);
    ok(err == ERROR_NOACCESS, "set security gave %u\n", err);
    RPC_SECURITY_DESCRIPTOR out = sd;
    err = BaseRegGetKeySecurity(key, 4, &sd, &out);
    ok(err == ERROR_NOACCESS || err == ERROR_INSUFFICIENT_BUFFER, "get security gave %u\n", err);
    still_works(&f, key);
}

static void test_several_that_are_not_there(void)
{
    struct fixture f;
    u32 n = 1;
    RRP_UNICODE_STRING bad = {40, 40, short_of(40)}, v = str(u"v");
    RVALENT in[2] = {{.ve_valuename = &v}, {.ve_valuename = &bad}}, out[2];
    DWORD size = 40;
    fixture_start(&f);
    RPC_HKEY key = make_key(u"Software\\Pointers");
    ok(!set_value(key, u"v", REG_DWORD, &n, 4), "set\n");
    DWORD err = BaseRegQueryMultipleValues(key, in, out, 2, (char *)good, &size);
    ok(err == ERROR_NOACCESS, "a bad name gave %u\n", err);
    err = BaseRegQueryMultipleValues(key, in, out, 1, (char *)short_of(4), &size);
    ok(err == ERROR_NOACCESS, "a bad buffer gave %u\n", err);
    err = BaseRegQueryMultipleValues(key, in, (PRVALENT)(void *)(good + PAGE - 8), 1, (char *)good,
                                     &size);
    ok(err == ERROR_NOACCESS, "a bad list gave %u\n", err);
    still_works(&f, key);
}

/* --- what ended processes leave --------------------------------------------------------------- */

static void ignore(void *ctx)
{
    (void)ctx;
}

/* Waits on 250 handles when it is told to, and is killed. */
static void wait_and_die(const struct fixture *f, int tell)
{
    struct notify_wait wait = {.fire = ignore};
    RPC_HKEY root = NULL, key;
    char x;
    if (read(tell, &x, 1) != 1 || WinregStart(f->folder))
        _exit(1);
    OpenCurrentUser(NULL, KEY_ALL_ACCESS, &root);
    for (u32 i = 0; i < 250; i++)
        if (open_key(root, u"Software\\Watched", KEY_ALL_ACCESS, &key) ||
            watcher_add(key, false, 1, &wait))
            _exit(2);
    kill(getpid(), SIGKILL);
}

/* Before this process has a server. */
static pid_t make_waiter(const struct fixture *f, int *tell)
{
    int pipes[2];
    if (pipe(pipes))
        abort();
    pid_t pid = fork();
    if (!pid)
        wait_and_die(f, pipes[0]);
    *tell = pipes[1];
    return pid;
}

static u32 fired;

static void count(void *ctx)
{
    (void)ctx;
    fired++;
}

static void test_watches_of_the_dead_are_taken_back(void)
{
    struct fixture f;
    pid_t pids[6];
    int tell[6], status;
    struct notify_wait wait = {.fire = count};
    u32 n = 1;
    snprintf(f.path, sizeof f.path, "/tmp/rrp.XXXXXX");
    ok(mkdtemp(f.path) != NULL, "no folder\n");
    u16_from_utf8(f.folder, ARRAY_LEN(f.folder), f.path, strlen(f.path) + 1, false);
    for (u32 i = 0; i < ARRAY_LEN(pids); i++)
        pids[i] = make_waiter(&f, &tell[i]);
    ok(!WinregStart(f.folder), "start\n");
    RPC_HKEY key = make_key(u"Software\\Watched");
    for (u32 i = 0; i < ARRAY_LEN(pids); i++) {
        ok(write(tell[i], "w", 1) == 1, "tell\n");
        waitpid(pids[i], &status, 0);
        ok(WIFSIGNALED(status), "process %u has no waits: %d\n", i, status);
        close(tell[i]);
    }
    DWORD err = watcher_add(key, false, 4, &wait);
    ok(!err, "the wait gave %u\n", err);
    ok(!set_value(key, u"v", REG_DWORD, &n, 4) && fired == 1, "told %u times\n", fired);
    close_key(key);
    fixture_stop(&f);
}

START_TEST(reg_rrp_pointers)
{
    make_page();
    RUN(test_watches_of_the_dead_are_taken_back);
    RUN(test_data_that_is_not_there);
    RUN(test_results_that_have_no_room);
    RUN(test_names_that_are_not_there);
    RUN(test_descriptors_that_are_not_there);
    RUN(test_several_that_are_not_there);
}

/*
 * Hives that BaseRegLoadKey loaded, and HKLM\HARDWARE, as several processes see them.
 */
#define RRP_STANDALONE
#include "rrp.h"

#include "error.h"
#include "handles.h"
#include "hive.h"
#include "os.h"
#include "test.h"
#include "trace.h"
#include "utf16.h"

#include "other_fixture.h"

#include <fcntl.h>

static char16_t hive_file[128];
static RPC_HKEY kept;

static RPC_HKEY machine(void)
{
    RPC_HKEY key = NULL;
    DWORD err = OpenLocalMachine(NULL, MAXIMUM_ALLOWED, &key);
    ok(!err, "machine gave %u\n", err);
    return key;
}

static DWORD load(const char16_t *name, const char16_t *file)
{
    RRP_UNICODE_STRING n = str(name), f = str(file);
    RPC_HKEY m = machine();
    DWORD err = BaseRegLoadKey(m, &n, &f);
    close_key(m);
    return err;
}

static DWORD unload(const char16_t *name)
{
    RRP_UNICODE_STRING n = str(name);
    RPC_HKEY m = machine();
    DWORD err = BaseRegUnLoadKey(m, &n);
    close_key(m);
    return err;
}

static u32 number(const char16_t *path)
{
    RPC_HKEY m = machine();
    u32 n = number_at(m, path, 0);
    close_key(m);
    return n;
}

static void put(const char16_t *path, u32 n)
{
    RPC_HKEY m = machine();
    put_number(m, path, 0, n);
    close_key(m);
}

static void keep_open(const char16_t *path)
{
    RPC_HKEY m = machine();
    DWORD err = open_key(m, path, KEY_READ, &kept);
    ok(!err, "opening %s gave %u\n", trace_text(path, -1), err);
    close_key(m);
}

static void does(RPC_HKEY user, char what)
{
    (void)user;
    if (what == 'l')
        ok(!load(u"L", hive_file), "the other's load\n");
    if (what == 'u')
        ok(!unload(u"L"), "the other's unload\n");
    if (what == 'r')
        ok(number(u"L\\a") == 5, "the other reads %u\n", number(u"L\\a"));
    if (what == 'w')
        put(u"L\\b", 6);
    if (what == 'k')
        keep_open(u"L\\a");
    if (what == 'c')
        close_key(kept);
    if (what == 'n')
        ok(number(u"L\\a") == 0xffffffff, "the other still reads %u\n", number(u"L\\a"));
    if (what == 'h')
        put(u"HARDWARE\\x", 7);
}

static void start(struct other *o, struct fixture *f)
{
    char path[64];
    snprintf(path, sizeof path, "/tmp/rrp-loaded.%d", (int)getpid());
    u16_from_utf8(hive_file, ARRAY_LEN(hive_file), path, strlen(path) + 1, false);
    os_remove(hive_file);
    other_start(o, f, does);
}

static void remove_file(void)
{
    char name[80];
    static const char *const more[] = {"", ".LOG1", ".LOG2", ".image", ".volatile"};
    for (u32 i = 0; i < ARRAY_LEN(more); i++) {
        snprintf(name, sizeof name, "/tmp/rrp-loaded.%d%s", (int)getpid(), more[i]);
        remove(name);
    }
}

static bool enumerated(const char16_t *name)
{
    char16_t buf[256];
    RPC_HKEY m = machine();
    bool found = false;
    for (DWORD i = 0; !found; i++) {
        RRP_UNICODE_STRING in = {0, sizeof buf, buf}, out = {0};
        if (BaseRegEnumKey(m, i, &in, &out, NULL, NULL, NULL))
            break;
        found = u16_equal_fold(buf, name);
    }
    close_key(m);
    return found;
}

static void what_one_loads_all_see(void)
{
    struct fixture f;
    struct other o;
    start(&o, &f);
    ok(!enumerated(u"L"), "there already\n");
    other_do(&o, 'l');
    ok(enumerated(u"l"), "not enumerated\n");
    put(u"L\\a", 5);
    other_do(&o, 'r');
    other_do(&o, 'w');
    ok(number(u"L\\b") == 6, "what the other wrote: %u\n", number(u"L\\b"));
    ok(load(u"L", hive_file) == ERROR_ACCESS_DENIED, "the same name\n");
    ok(load(u"L2", hive_file) == ERROR_SHARING_VIOLATION, "the same file\n");
    ok(!unload(u"L"), "unload\n");
    other_do(&o, 'n');
    ok(!enumerated(u"L"), "still enumerated\n");
    ok(unload(u"L") == ERROR_FILE_NOT_FOUND, "unload again\n");
    other_stop(&o, &f);
    remove_file();
}

static void a_key_that_another_has_open_hinders_unloading(void)
{
    struct fixture f;
    struct other o;
    start(&o, &f);
    ok(!load(u"L", hive_file), "load\n");
    put(u"L\\a", 5);
    other_do(&o, 'k');
    ok(unload(u"L") == ERROR_ACCESS_DENIED, "with the other's key\n");
    ok(number(u"L\\a") == 5, "it stays\n");
    other_do(&o, 'c');
    ok(!unload(u"L"), "unload\n");
    ok(!hive_is_used(hive_file), "somebody has the file yet\n");
    other_do(&o, 'n');
    other_do(&o, 'l');
    ok(number(u"L\\a") == 5, "what is in the file: %u\n", number(u"L\\a"));
    keep_open(u"L\\a");
    ok(unload(u"L") == ERROR_ACCESS_DENIED, "with my key\n");
    close_key(kept);
    other_do(&o, 'u');
    ok(number(u"L\\a") == 0xffffffff, "unloaded by the other\n");
    other_stop(&o, &f);
    remove_file();
}

static void it_stays_when_who_loaded_it_is_killed(void)
{
    struct fixture f;
    struct other o;
    start(&o, &f);
    other_do(&o, 'l');
    other_do(&o, 'w');
    put(u"L\\a", 5);
    other_do(&o, 'k');
    other_kill(&o);
    ok(number(u"L\\b") == 6, "got %u\n", number(u"L\\b"));
    u64 begun = os_ticks();
    ok(!unload(u"L"), "a dead process's key hinders\n");
    ok(os_ticks() - begun < 2000, "took %u ms\n", (u32)(os_ticks() - begun));
    fixture_stop(&f);
    remove_file();
}

static void a_process_that_is_stopped_hinders_by_its_keys_alone(void)
{
    struct fixture f;
    struct other o;
    start(&o, &f);
    ok(!load(u"L", hive_file), "load\n");
    put(u"L\\a", 5);
    other_do(&o, 'k');
    kill(o.pid, SIGSTOP);
    u64 begun = os_ticks();
    ok(unload(u"L") == ERROR_ACCESS_DENIED, "with its key\n");
    put(u"L\\a", 5);
    kill(o.pid, SIGCONT);
    other_do(&o, 'c');
    kill(o.pid, SIGSTOP);
    ok(!unload(u"L"), "without\n");
    ok(number(u"L\\a") == 0xffffffff, "still there\n");
    ok(os_ticks() - begun < 4000, "took %u ms\n", (u32)(os_ticks() - begun));
    kill(o.pid, SIGCONT);
    other_do(&o, 'n');
    other_stop(&o, &f);
    remove_file();
}

static void restart(struct fixture *f)
{
    ok(!WinregShutdown(), "shutdown\n");
    ok(!WinregStart(f->folder), "start\n");
}

static void write_list(const struct fixture *f, off_t at, const void *bytes, size_t n)
{
    char name[100];
    snprintf(name, sizeof name, "%s/LOADED", f->path);
    int fd = open(name, O_RDWR);
    ok(fd >= 0 && pwrite(fd, bytes, n, at) == (ssize_t)n, "the list\n");
    close(fd);
}

/* As on Windows: until it is unloaded, or the machine starts again. */
static void it_stays_loaded_until_the_machine_starts_again(void)
{
    struct fixture f;
    struct other o;
    start(&o, &f);
    ok(!load(u"L", hive_file), "load\n");
    put(u"L\\a", 5);
    restart(&f);
    ok(number(u"L\\a") == 5, "after the last process: %u\n", number(u"L\\a"));
    ok(!WinregShutdown(), "shutdown\n");
    write_list(&f, 8, "boot", 4);
    ok(!WinregStart(f.folder), "start\n");
    ok(number(u"L\\a") == 0xffffffff, "after another start of the machine\n");
    ok(!load(u"L", hive_file), "load\n");
    ok(number(u"L\\a") == 5, "what is in the file\n");
    ok(!unload(u"L"), "unload\n");
    other_stop(&o, &f);
    remove_file();
}

static void an_entry_without_its_file_gives_way(void)
{
    struct fixture f;
    struct other o;
    start(&o, &f);
    ok(!load(u"L", hive_file), "load\n");
    ok(!WinregShutdown(), "shutdown\n");
    remove_file();
    ok(!WinregStart(f.folder), "start\n");
    ok(number(u"L\\a") == 0xffffffff, "there is no file\n");
    ok(!load(u"L", hive_file), "load\n");
    ok(!unload(u"L"), "unload\n");
    other_stop(&o, &f);
    remove_file();
}

static void a_damaged_list_is_none(void)
{
    struct fixture f;
    struct other o;
    u8 junk[0x1000];
    start(&o, &f);
    memset(junk, 0xa5, sizeof junk);
    ok(!load(u"L", hive_file), "load\n");
    ok(!WinregShutdown(), "shutdown\n");
    write_list(&f, 0x1000, junk, sizeof junk); /* the entry */
    write_list(&f, 0x204, junk, 64);           /* ids of entries that are none */
    ok(!WinregStart(f.folder), "start\n");
    ok(number(u"L\\a") == 0xffffffff, "from a damaged entry\n");
    ok(!WinregShutdown(), "shutdown\n");
    write_list(&f, 0, junk, sizeof junk);
    ok(!WinregStart(f.folder), "start\n");
    ok(number(u"L\\a") == 0xffffffff, "from a damaged list\n");
    ok(!load(u"L", hive_file), "load\n");
    ok(enumerated(u"L"), "not there\n");
    ok(!unload(u"L"), "unload\n");
    other_stop(&o, &f);
    remove_file();
}

/* The list that it makes is the one that others load into. */
static void who_looks_often_sees_what_is_loaded_later(void)
{
    struct fixture f;
    struct other o;
    start(&o, &f);
    char name[100];
    snprintf(name, sizeof name, "%s/LOADED", f.path);
    ok(access(name, F_OK), "there is a list already\n");
    for (int i = 0; i < 40; i++)
        ok(!enumerated(u"L"), "there already\n");
    ok(!access(name, F_OK), "to look for the list each time is dear\n");
    other_do(&o, 'l');
    ok(enumerated(u"L"), "not enumerated\n");
    put(u"L\\a", 5);
    other_do(&o, 'r');
    other_do(&o, 'u');
    ok(!enumerated(u"L"), "still enumerated\n");
    other_stop(&o, &f);
    remove_file();
}

static void hardware_is_one_for_all_and_ends_with_them(void)
{
    struct fixture f;
    struct other o;
    start(&o, &f);
    other_do(&o, 'h');
    ok(number(u"HARDWARE\\x") == 7, "got %u\n", number(u"HARDWARE\\x"));
    put(u"HARDWARE\\y", 8);
    other_kill(&o);
    ok(number(u"HARDWARE\\x") == 7, "after a kill: %u\n", number(u"HARDWARE\\x"));
    restart(&f);
    ok(number(u"HARDWARE\\x") == 0xffffffff, "it was kept\n");
    ok(number(u"HARDWARE\\y") == 0xffffffff, "it was kept\n");
    fixture_stop(&f);
}

START_TEST(reg_rrp_loaded)
{
    RUN_ALONE(what_one_loads_all_see);
    RUN_ALONE(a_key_that_another_has_open_hinders_unloading);
    RUN_ALONE(it_stays_when_who_loaded_it_is_killed);
    RUN_ALONE(a_process_that_is_stopped_hinders_by_its_keys_alone);
    RUN_ALONE(it_stays_loaded_until_the_machine_starts_again);
    RUN_ALONE(an_entry_without_its_file_gives_way);
    RUN_ALONE(a_damaged_list_is_none);
    RUN_ALONE(who_looks_often_sees_what_is_loaded_later);
    RUN_ALONE(hardware_is_one_for_all_and_ends_with_them);
}

/*
 * Want of memory at every place of some work, for tests of objects over a database.
 */
#ifndef TEST_WANT_FIXTURE_H
#define TEST_WANT_FIXTURE_H

#include "database.h"
#include "os.h"
#include "test.h"

/* Does `work` once for each of its allocations, which fails: each time that is told as want of
 * memory or put up with, and the database serves on. At least `least` allocations must be seen. */
static void each_allocation_fails(u32 (*work)(struct database *db), struct database *db, u32 least)
{
    u32 total, failed = 0, other = 0;

    ok(!work(db), "without failures\n");
    os_fault(OS_FAULT_ALLOC, 0x7fffffff, false);
    ok(!work(db), "while counting\n");
    total = os_fault_count(OS_FAULT_ALLOC);
    for (u32 n = 1; n <= total; n++) {
        u32 err;

        os_fault(OS_FAULT_ALLOC, n, false);
        err = work(db);
        os_fault(OS_FAULT_ALLOC, 0, false);
        failed += err == ERROR_OUTOFMEMORY;
        other += err && err != ERROR_OUTOFMEMORY;
    }
    ok(total > least && failed > total / 2, "%u of %u failures were told\n", failed, total);
    ok(!other, "%u were told as something else\n", other);
    ok(!work(db), "afterwards\n");
}

#endif

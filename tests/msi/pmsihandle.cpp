/*
 * PMSIHANDLE, the class of msi.h, on our handles.
 */
extern "C" {
#include "test.h"
}
#include <msi.h>
#include <msiquery.h>

static void leaving_the_scope_closes(void)
{
    MSIHANDLE raw;
    {
        PMSIHANDLE rec = MsiCreateRecord(1);

        raw = rec;
        ok(MsiRecordSetInteger(raw, 1, 1) == ERROR_SUCCESS, "use\n");
    }
    ok(MsiRecordSetInteger(raw, 1, 1) == ERROR_INVALID_HANDLE, "still open\n");
}

static void assigning_closes_the_old(void)
{
    PMSIHANDLE rec = MsiCreateRecord(1);
    MSIHANDLE first = rec;

    rec = MsiCreateRecord(1);
    ok(MsiRecordSetInteger(first, 1, 1) == ERROR_INVALID_HANDLE, "still open\n");
    ok(MsiRecordSetInteger(rec, 1, 1) == ERROR_SUCCESS, "new\n");
}

static void taking_the_address_closes_the_old(void)
{
    PMSIHANDLE rec = MsiCreateRecord(1);
    MSIHANDLE first = rec, *address = &rec;

    ok(MsiRecordSetInteger(first, 1, 1) == ERROR_INVALID_HANDLE, "still open\n");
    ok(*address == 0, "not zeroed\n");
}

static void a_copy_closes_twice_without_harm(void)
{
    MSIHANDLE raw;
    {
        PMSIHANDLE rec = MsiCreateRecord(1);
        PMSIHANDLE copy = rec;

        raw = copy;
    }
    ok(MsiCloseHandle(raw) == ERROR_INVALID_HANDLE, "still open\n");
}

START_TEST(pmsihandle)
{
    test_dll("msi");
    RUN(leaving_the_scope_closes);
    RUN(assigning_closes_the_old);
    RUN(taking_the_address_closes_the_old);
    RUN(a_copy_closes_twice_without_harm);
}

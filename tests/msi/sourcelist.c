/*
 * The source lists of products and their media, in the registry.
 */
#define PART "7171"
#include "productkeys.h"

/* --- source lists -------------------------------------------------------------------------------
 */

static UINT add(DWORD kind, const char *place, DWORD at)
{
    return MsiSourceListAddSourceExA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, kind, place, at);
}

static UINT source(DWORD index, char *buf, DWORD size)
{
    return MsiSourceListEnumSourcesA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, MSISOURCETYPE_NETWORK,
                                     index, buf, &size);
}

/* All of them, and how it ended. */
static const char *sources(void)
{
    static char all[256];
    char one[64];
    UINT err = 0;

    all[0] = 0;
    for (DWORD i = 0; i < 9 && !err; i++) {
        size_t n = strlen(all);

        err = source(i, one, sizeof(one));
        if (err)
            snprintf(all + n, sizeof(all) - n, "%u", err);
        else
            snprintf(all + n, sizeof(all) - n, "%s;", one);
    }
    return all;
}

#define SOURCES(want)                                \
    do {                                             \
        const char *got = sources();                 \
                                                     \
        ok(!strcmp(got, want), "sources %s\n", got); \
    } while (0)

static void sources_have_an_order(void)
{
    advertise();
    ok(!add(MSISOURCETYPE_NETWORK, "C:\\b", 0), "add\n");
    SOURCES("C:\\b\\;259");
    ok(!add(MSISOURCETYPE_NETWORK, "C:\\c\\", 9), "at the end\n");
    differs("MsiSourceListAddSourceEx") SOURCES("C:\\b\\;C:\\c\\;259");
    ok(!add(MSISOURCETYPE_NETWORK, "C:\\a", 1), "first\n");
    differs("MsiSourceListAddSourceEx") SOURCES("C:\\a\\;C:\\b\\;C:\\c\\;259");
    ok(!add(MSISOURCETYPE_NETWORK, "c:\\A\\", 0), "there already\n");
    differs("MsiSourceListAddSourceEx") SOURCES("C:\\a\\;C:\\b\\;C:\\c\\;259");
    differs("MsiSourceListClearSource")
    {
        ok(!MsiSourceListClearSourceA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, MSISOURCETYPE_NETWORK,
                                      "C:\\a"),
           "clear\n");
        SOURCES("C:\\b\\;C:\\c\\;259");
    }
    ok(add(MSISOURCETYPE_MEDIA, "C:\\", 0) == ERROR_INVALID_PARAMETER, "media\n");
    clean();
    ok(add(MSISOURCETYPE_NETWORK, "C:\\b", 0) == ERROR_UNKNOWN_PRODUCT, "unknown\n");
}

static UINT disk_at(DWORD index)
{
    char label[16];
    DWORD size = sizeof(label);

    return MsiSourceListEnumMediaDisksA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, 0, index, NULL,
                                        label, &size, NULL, NULL);
}

/* Each index follows the one before; what was asked for without a buffer may be asked again. */
static void lists_are_gone_through_in_order(void)
{
    char buf[64];
    UINT err;

    advertise();
    for (DWORD i = 1; i <= 3; i++) {
        snprintf(buf, sizeof(buf), "C:\\%lu", i);
        ok(!add(MSISOURCETYPE_NETWORK, buf, i), "add\n");
        ok(!MsiSourceListAddMediaDiskA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, 0, i, buf, "disk"),
           "add\n");
    }
    err = source(0, buf, sizeof(buf));
    ok(!err, "0: %u\n", err);
    err = source(2, buf, sizeof(buf));
    differs("MsiSourceListEnumSources") ok(err == ERROR_INVALID_PARAMETER, "a jump: %u\n", err);
    err = source(1, NULL, 0);
    differs("MsiSourceListEnumSources") ok(!err, "the size of 1: %u\n", err);
    err = source(1, buf, 2);
    differs("MsiSourceListEnumSources") ok(err == ERROR_MORE_DATA, "too little for 1: %u\n", err);
    err = source(1, buf, sizeof(buf));
    differs("MsiSourceListEnumSources") ok(!err, "1: %u\n", err);
    err = source(1, buf, sizeof(buf));
    ok(err == ERROR_INVALID_PARAMETER, "1 again: %u\n", err);
    err = source(2, buf, sizeof(buf));
    differs("MsiSourceListEnumSources") ok(!err, "2: %u\n", err);
    err = source(0, buf, sizeof(buf));
    ok(!err, "from the beginning: %u\n", err);
    ok(!disk_at(0), "disk 0\n");
    err = disk_at(2);
    ok(err == ERROR_INVALID_PARAMETER, "a jump: %u\n", err);
    err = disk_at(1);
    ok(!err, "disk 1: %u\n", err);
    clean();
}

static void disks_of_a_source_list(void)
{
    char label[16], prompt[16];
    DWORD disk = 0, a = sizeof(label), b = sizeof(prompt);

    advertise();
    ok(!MsiSourceListAddMediaDiskA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, 0, 4, "LAMP", "Disk 4"),
       "add\n");
    ok(!MsiSourceListEnumMediaDisksA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, 0, 0, &disk, label, &a,
                                     prompt, &b) &&
           disk == 4 && !strcmp(label, "LAMP") && !strcmp(prompt, "Disk 4"),
       "%lu %s %s\n", disk, label, prompt);
    put_text(path(INSTALLER_CLASSES "Products\\", product, "\\SourceList\\Media"), "4", "whole");
    a = sizeof(label);
    b = sizeof(prompt);
    ok(!MsiSourceListEnumMediaDisksA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, 0, 0, &disk, label, &a,
                                     prompt, &b) &&
           !strcmp(label, "whole") && !strcmp(prompt, "whole"),
       "one text: %s %s\n", label, prompt);
    ok(MsiSourceListAddMediaDiskA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, 0, 5, "", "") ==
           ERROR_INVALID_PARAMETER,
       "empty texts\n");
    ok(MsiSourceListEnumMediaDisksA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, MSISOURCETYPE_NETWORK, 0,
                                    &disk, NULL, NULL, NULL, NULL) == ERROR_INVALID_PARAMETER,
       "a kind of source\n");
    clean();
}

/* The type of a source belongs to LastUsedSource alone, and a list to a product of somebody. */
static void what_a_source_list_is_not_asked(void)
{
    static const DWORD types[] = {MSISOURCETYPE_NETWORK, MSISOURCETYPE_URL,
                                  MSISOURCETYPE_NETWORK | MSISOURCETYPE_URL,
                                  MSISOURCETYPE_NETWORK | MSISOURCETYPE_MEDIA};
    char buf[32];
    DWORD size = sizeof(buf);

    advertise();
    for (size_t i = 0; i < ARRAYSIZE(types); i++)
        ok(MsiSourceListSetInfoA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, types[i], "PackageName",
                                 "x.msi") == ERROR_INVALID_PARAMETER,
           "type %lu\n", types[i]);
    ok(MsiSourceListSetInfoA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, 0, "PackageName", NULL) ==
           ERROR_UNKNOWN_PROPERTY,
       "no value\n");
    ok(MsiSourceListSetInfoA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, MSISOURCETYPE_NETWORK,
                             "LastUsedSource", "") == ERROR_INVALID_PARAMETER,
       "no source\n");
    differs("MsiSourceListGetInfo, szUserSid")
        ok(MsiSourceListGetInfoA(CODE, "S-1-1-0", MSIINSTALLCONTEXT_USERUNMANAGED, 0, "PackageName",
                                 buf, &size) == ERROR_INVALID_PARAMETER,
           "everyone\n");
    clean();
}

static void what_a_source_list_tells(void)
{
    char buf[32];
    DWORD size = sizeof(buf);

    advertise();
    ok(!MsiSourceListSetInfoA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, MSISOURCETYPE_NETWORK,
                              "LastUsedSource", "C:\\b\\"),
       "set\n");
    ok(!MsiSourceListGetInfoA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, 0, "LastUsedSource", buf,
                              &size) &&
           !strcmp(buf, "C:\\b\\"),
       "%s\n", buf);
    size = sizeof(buf);
    ok(!MsiSourceListGetInfoA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, 0, "LastUsedType", buf,
                              &size) &&
           !strcmp(buf, "n"),
       "%s\n", buf);
    SOURCES("C:\\b\\;259");
    ok(MsiSourceListGetInfoA(CODE, NULL, MSIINSTALLCONTEXT_MACHINE, 0, "Nonsense", buf, &size) ==
           ERROR_UNKNOWN_PROPERTY,
       "none\n");
    clean();
}

START_TEST(sourcelist)
{
    test_dll("msi");
    RUN(sources_have_an_order);
    RUN(lists_are_gone_through_in_order);
    RUN(disks_of_a_source_list);
    RUN(what_a_source_list_is_not_asked);
    RUN(what_a_source_list_tells);
}

/*
 * What a bundle does: it looks what is there, plans, installs its packages in a transaction and
 * tells how far it is, undoes all where one fails, and looks again.
 */
#include "three_packages.h"

#define PATCH "{A9FB2B73-8EA3-4DCD-9C45-5FE9D23C2D01}"
#ifndef ERROR_PATCH_TARGET_NOT_FOUND
#define ERROR_PATCH_TARGET_NOT_FOUND 1642
#endif

static const char *upgrade_of(int n)
{
    static char text[PACKAGES][40];

    snprintf(text[n], sizeof(text[n]), "{A9FB2B73-8EA3-4DCD-9C45-5FE9D23C2C1%d}", n);
    return text[n];
}

static void add_upgrade_code(MSIHANDLE db, int n)
{
    char query[200];

    snprintf(query, sizeof(query),
             "INSERT INTO `Property` (`Property`, `Value`) VALUES ('UpgradeCode', '%s')",
             upgrade_of(n));
    change(db, query);
}

/* --- looking ------------------------------------------------------------------------------------
 */

static const char *info(int n, const char *property)
{
    static char text[MAX_PATH];
    DWORD size = sizeof(text);
    UINT err =
        MsiGetProductInfoExA(code_of(n), NULL, MSIINSTALLCONTEXT_MACHINE, property, text, &size);

    if (err)
        snprintf(text, sizeof(text), "error %u", err);
    return text;
}

/* As it is found by the upgrade code, by the product code, and in the list of all. */
static void detected(int n, BOOL is)
{
    char code[39] = "", one[39];
    UINT err = MsiEnumRelatedProductsA(upgrade_of(n), 0, 0, code);
    BOOL listed = FALSE;

    ok(err == (is ? ERROR_SUCCESS : ERROR_NO_MORE_ITEMS), "%d: related: %u\n", n, err);
    ok(!is || !strcmp(code, code_of(n)), "%d: %s\n", n, code);
    ok(!strcmp(info(n, "VersionString"), is ? "1.0.0" : "error 1605"), "%d: %s\n", n,
       info(n, "VersionString"));
    ok(!is || !strcmp(info(n, "State"), "5"), "%d: %s\n", n, info(n, "State"));
    for (DWORD i = 0;
         !MsiEnumProductsExA(NULL, NULL, MSIINSTALLCONTEXT_MACHINE, i, one, NULL, NULL, NULL); i++)
        listed = listed || !strcmp(one, code_of(n));
    ok(listed == is, "%d: listed: %d\n", n, listed);
}

static void all_detected(BOOL are)
{
    for (int n = 0; n < PACKAGES; n++)
        detected(n, are);
}

/* --- planning -----------------------------------------------------------------------------------
 */

static void xml_for(char *xml, size_t size, const char *product)
{
    snprintf(xml, size,
             "<MsiPatch xmlns=\"http://www.microsoft.com/msi/patch_applicability.xsd\" "
             "SchemaVersion=\"1.0.0.0\" PatchGUID=\"" PATCH "\" MinMsiVersion=\"3\">"
             "<TargetProduct MinMsiVersion=\"200\">"
             "<TargetProductCode Validate=\"true\">%s</TargetProductCode>"
             "<TargetVersion Validate=\"true\" ComparisonType=\"Equal\" "
             "ComparisonFilter=\"MajorMinorUpdate\">1.0.0</TargetVersion>"
             "<UpdatedVersion>1.0.1</UpdatedVersion>"
             "<TargetLanguage Validate=\"false\">1033</TargetLanguage>"
             "<UpdatedLanguages>1033</UpdatedLanguages>"
             "<UpgradeCode Validate=\"false\">%s</UpgradeCode></TargetProduct>"
             "<TargetProductCode>%s</TargetProductCode></MsiPatch>",
             product, upgrade_of(0), product);
}

static void patches_are_planned(void)
{
    char xml[2][2000], package[MAX_PATH + 16];
    MSIPATCHSEQUENCEINFOA plan[] = {{xml[0], MSIPATCH_DATATYPE_XMLBLOB, 7, 7},
                                    {xml[1], MSIPATCH_DATATYPE_XMLBLOB, 7, 7}};
    UINT err;

    xml_for(xml[0], sizeof(xml[0]), code_of(1));
    xml_for(xml[1], sizeof(xml[1]), code_of(0));
    snprintf(package, sizeof(package), "%s\\p0.msi", folder);
    err = MsiDetermineApplicablePatchesA(package, 2, plan);
    ok(!err, "plan: %u\n", err);
    ok(plan[0].dwOrder == (DWORD)-1 && plan[0].uStatus == ERROR_PATCH_TARGET_NOT_FOUND,
       "of another: %lu, %u\n", plan[0].dwOrder, plan[0].uStatus);
    ok(!plan[1].dwOrder && !plan[1].uStatus, "of this: %lu, %u\n", plan[1].dwOrder,
       plan[1].uStatus);
}

/* --- installing ---------------------------------------------------------------------------------
 */

/* As bundles count: what a master reset says, and what is done of it. */
static struct {
    int total, done, phases, starts, ends, failures, errors;
    BOOL forward, script;
} heard;

static void take_progress(MSIHANDLE record)
{
    int how = MsiRecordGetInteger(record, 1), n = MsiRecordGetInteger(record, 2);

    if (how == 0) {
        heard.total = n;
        heard.forward = !MsiRecordGetInteger(record, 3);
        heard.done = heard.forward ? 0 : n;
        heard.phases++;
    } else if (how == 2) {
        heard.done += heard.forward ? n : -n;
    } else if (how == 3) {
        heard.total += n;
    }
    ok(heard.done >= 0, "%d of %d are done\n", heard.done, heard.total);
}

static INT CALLBACK hear(void *context, UINT message, MSIHANDLE record)
{
    (void)context;
    switch (message & 0xff000000) {
    case INSTALLMESSAGE_PROGRESS:
        take_progress(record);
        break;
    case INSTALLMESSAGE_INSTALLSTART:
        heard.starts++;
        break;
    case INSTALLMESSAGE_INSTALLEND:
        heard.ends++;
        heard.failures += MsiRecordGetInteger(record, 3) != 1;
        break;
    case INSTALLMESSAGE_ERROR:
        heard.errors++;
        break;
    }
    return IDOK;
}

static UINT install_heard(int n, const char *more)
{
    UINT err;

    memset(&heard, 0, sizeof(heard));
    err = install(n, more);
    ok(heard.starts == 1 && heard.ends == 1, "%d: %d begin, %d end\n", n, heard.starts, heard.ends);
    ok(heard.phases > 0 && heard.total > 0, "%d: %d phases, %d in the last\n", n, heard.phases,
       heard.total);
    ok(heard.failures == (err != 0), "%d: %d fail\n", n, heard.failures);
    ok(err || heard.done == heard.total, "%d: %d of %d\n", n, heard.done, heard.total);
    return err;
}

static BOOL log_has(const char *text)
{
    static WCHAR words[1 << 18];
    WCHAR wanted[100];
    FILE *f = fopen("bundle.log", "rb");
    size_t n = f ? fread(words, sizeof(*words), ARRAYSIZE(words) - 1, f) : 0;

    words[n] = 0;
    if (f)
        fclose(f);
    MultiByteToWideChar(CP_ACP, 0, text, -1, wanted, ARRAYSIZE(wanted));
    return wcsstr(words, wanted) != NULL;
}

static void begin_hearing(void)
{
    INSTALLUI_HANDLER_RECORD old = NULL;
    DWORD kinds = INSTALLLOGMODE_PROGRESS | INSTALLLOGMODE_ERROR | INSTALLLOGMODE_INSTALLSTART |
                  INSTALLLOGMODE_INSTALLEND;
    INSTALLUILEVEL level = MsiSetInternalUI(INSTALLUILEVEL_NONE, NULL);

    ok(level == INSTALLUILEVEL_NONE, "the level was %d\n", level);
    DeleteFileA("bundle.log");
    ok(!MsiEnableLogA(INSTALLLOGMODE_VERBOSE | 0xfdf, "bundle.log", 0), "log\n");
    ok(!MsiSetExternalUIRecord(hear, kinds, NULL, &old) && !old, "handler\n");
}

static void end_hearing(void)
{
    INSTALLUI_HANDLER_RECORD old = NULL;

    ok(!MsiSetExternalUIRecord(NULL, 0, NULL, &old) && old == hear, "handler\n");
    ok(!MsiEnableLogA(0, NULL, 0), "log\n");
}

static UINT in_a_transaction(const char *third)
{
    MSIHANDLE handle = 0;
    HANDLE changed = NULL;
    UINT err = MsiBeginTransactionA("bundle", 0, &handle, &changed), end;

    ok(!err, "begin: %u\n", err);
    for (int n = 0; !err && n < PACKAGES; n++)
        err = install_heard(n, n == 2 ? third : "");
    end = MsiEndTransaction(err ? MSITRANSACTIONSTATE_ROLLBACK : MSITRANSACTIONSTATE_COMMIT);
    ok(!end, "end: %u\n", end);
    MsiCloseHandle(handle);
    CloseHandle(changed);
    return err;
}

static void all_or_none(void)
{
    UINT err;

    all_detected(FALSE);
    begin_hearing();
    err = in_a_transaction("FAIL=1");
    ok(err == ERROR_INSTALL_FAILURE, "the third fails: %u\n", err);
    ok(heard.errors > 0, "no error was told\n");
    all_detected(FALSE);
    for (int n = 0; n < PACKAGES; n++)
        ok(!there(n), "%d is there\n", n);
    ok(log_has("Installation failed."), "the log has it\n");
    err = in_a_transaction("");
    ok(!err, "all succeed: %u\n", err);
    all_detected(TRUE);
    end_hearing();
    ok(log_has("Installation completed successfully."), "the log has it\n");
    ok(log_has("MainEngineThread is returning 0"), "the log has it\n");
}

/* --- afterwards ---------------------------------------------------------------------------------
 */

/* A bundle's cache is a source too. */
static void the_cache_is_a_source(void)
{
    char source[MAX_PATH], cache[MAX_PATH + 16];
    DWORD size = sizeof(source);
    UINT err;

    snprintf(cache, sizeof(cache), "%s\\cache\\", folder);
    err = MsiSourceListAddSourceExA(code_of(0), NULL, MSIINSTALLCONTEXT_MACHINE,
                                    MSISOURCETYPE_NETWORK | MSICODE_PRODUCT, cache, 1);
    ok(!err, "add: %u\n", err);
    err = MsiSourceListEnumSourcesA(code_of(0), NULL, MSIINSTALLCONTEXT_MACHINE,
                                    MSISOURCETYPE_NETWORK | MSICODE_PRODUCT, 0, source, &size);
    ok(!err && !strcmp(source, cache), "first: %u, %s\n", err, source);
    size = sizeof(source);
    err = MsiSourceListGetInfoA(code_of(0), NULL, MSIINSTALLCONTEXT_MACHINE, MSICODE_PRODUCT,
                                "PackageName", source, &size);
    ok(!err && !strcmp(source, "p0.msi"), "name: %u, %s\n", err, source);
    CreateDirectoryA(cache, NULL);
    ok(CopyFileA("p0.msi", "cache\\p0.msi", FALSE), "copy\n");
    err = MsiReinstallProductA(code_of(0), REINSTALLMODE_PACKAGE | REINSTALLMODE_MACHINEDATA);
    ok(!err, "from there: %u\n", err);
    DeleteFileA("cache\\p0.msi");
    RemoveDirectoryA(cache);
}

static void it_goes_as_it_came(void)
{
    for (int n = PACKAGES; n-- > 0;) {
        UINT err = MsiConfigureProductExA(code_of(n), INSTALLLEVEL_DEFAULT, INSTALLSTATE_ABSENT,
                                          "REBOOT=ReallySuppress");

        ok(!err, "remove %d: %u\n", n, err);
    }
    all_detected(FALSE);
}

START_TEST(bundle)
{
    test_dll("msi");
    wait_for_turn();
    if (test_builtin_dlls) {
        skip("Wine's says that a transaction succeeds\n");
        return;
    }
    package_more = add_upgrade_code;
    make_all();
    RUN(patches_are_planned);
    RUN(all_or_none);
    RUN(the_cache_is_a_source);
    RUN(it_goes_as_it_came);
}

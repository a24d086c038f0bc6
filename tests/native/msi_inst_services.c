/*
 * Services on a machine whose service control manager does not run: what it will find in the
 * registry.
 */
#include "product_fixture.h"

#define KEY u"System\\CurrentControlSet\\Services\\Svc"

static void start(void)
{
    regmem_start();
    target_start("services");
}

static void add_services(struct database *db)
{
    INST_TABLE(db,
               "File;File s72 k;Component_ s72;FileName l255;FileSize i4;Version S72;Language "
               "S20;Attributes I2;Sequence i2",
               "exe;k;s.exe;1;;;;1");
    inst_row(db, "Component", "k;{AAAAAAAA-3333-3333-4444-555555555555};INSTALLDIR;0;;exe");
    inst_row(db, "FeatureComponents", "f;k");
    INST_TABLE(db,
               "ServiceInstall;ServiceInstall s72 k;Name s255;DisplayName L255;ServiceType i4;"
               "StartType i4;ErrorControl i4;LoadOrderGroup S255;Dependencies S255;StartName S255;"
               "Password S255;Arguments S255;Component_ s72;Description L255",
               "s;Svc;My [ProductName];16;2;32769;grp;A[~]+G[~]B[~][~];;;-x [ProductVersion];k;"
               "What it does");
    INST_TABLE(db,
               "ServiceControl;ServiceControl s72 k;Name s255;Event i2;Arguments S255;Wait I2;"
               "Component_ s72",
               "s;Svc;163;;1;k");
}

static struct database *with_service(void)
{
    struct database *db = inst_package();

    add_services(db);
    return db;
}

#define SVC(name, text)                                                        \
    ok(!strcmp(prod_value(REG_MACHINE, REG_VIEW_64, KEY, name), text), "%s\n", \
       prod_value(REG_MACHINE, REG_VIEW_64, KEY, name))

static void a_service_is_made_and_deleted(void)
{
    start();
    ok(!prod_run(with_service(), "A=1"), "install\n");
    SVC(u"Type", "4:10");
    SVC(u"Start", "4:2");
    SVC(u"ErrorControl", "4:1");
    SVC(u"ImagePath", "2:\"C:\\Program Files (x86)\\App\\s.exe\" -x 1.2.3");
    SVC(u"DisplayName", "1:My App");
    SVC(u"Group", "1:grp");
    SVC(u"DependOnService", "7:A|B||");
    SVC(u"DependOnGroup", "7:G||");
    SVC(u"ObjectName", "1:LocalSystem");
    SVC(u"Description", "1:What it does");
    ok(!prod_run(with_service(), "REMOVE=ALL"), "remove\n");
    SVC(u"Type", "no key");
    target_end();
}

static struct database *with_configuration(const char *argument, const char *actions,
                                           const char *delays)
{
    struct database *db = with_service();
    char row[200];

    snprintf(row, sizeof(row), "a;Svc;1;3;%s;k", argument);
    INST_TABLE(db,
               "MsiServiceConfig;MsiServiceConfig s72 k;Name s255;Event i4;ConfigType i4;Argument "
               "S255;Component_ s72",
               row, "b;Svc;7;6;SeA[~]SeB;k", "c;Svc;1;7;;k", "d;Svc;1;5;3;k", "e;Svc;1;4;1;k",
               "f;Svc;4;4;9;k", "g;Gone;2;4;9;k");
    snprintf(row, sizeof(row), "a;Svc;1;;new;[~];%s;%s;k", actions, delays);
    INST_TABLE(db,
               "MsiServiceConfigFailureActions;MsiServiceConfigFailureActions s72 k;Name s255;"
               "Event i4;ResetPeriod I4;RebootMessage L255;Command L255;Actions S255;DelayActions "
               "S255;Component_ s72",
               row);
    return db;
}

static void a_service_is_configured(void)
{
    start();
    ok(!prod_run(with_configuration("1", "1[~]2[~]3", "60000[~]0[~]5"), "A=1"), "install\n");
    SVC(u"DelayedAutostart", "4:1");
    SVC(u"RequiredPrivileges", "7:SeA|SeB||");
    SVC(u"PreshutdownTimeout", "4:2bf20");
    SVC(u"ServiceSidType", "4:3");
    SVC(u"FailureActionsOnNonCrashFailures", "4:1");
    SVC(u"FailureActions", "3:ffffffff0000000000000000030000001400000001000000"
                           "60ea000002000000000000000300000005000000");
    SVC(u"RebootMessage", "1:new");
    SVC(u"FailureCommand", "none");
    ok(!prod_run(with_configuration("1", "1", "1"), "REMOVE=ALL"), "remove\n");
    SVC(u"Type", "no key");
    target_end();
}

/* It fails, and what came before it is undone. */
static void fails(int line, struct database *db)
{
    char *before, *after;

    start();
    before = regmem_show();
    ok(prod_run(db, "A=1") == ERROR_INSTALL_FAILURE, "line %d: install\n", line);
    after = regmem_show();
    ok(!strcmp(before, after), "line %d: before\n%safter\n%s", line, before, after);
    free(before);
    free(after);
    target_end();
}

static void configurations_that_are_wrong(void)
{
    struct database *db = with_configuration("1", "1", "1");

    fails(__LINE__, with_configuration("x", "1", "1"));
    fails(__LINE__, with_configuration("1", "1[~]2", "1"));
    fails(__LINE__, with_configuration("1", "1,2", "1,1"));
    fails(__LINE__, with_configuration("1", "-1", "1"));
    inst_row(db, "MsiServiceConfig", "n;NoSuch;1;4;1;k");
    fails(__LINE__, db);
}

START_TEST(msi_inst_services)
{
    RUN(a_service_is_made_and_deleted);
    RUN(a_service_is_configured);
    RUN(configurations_that_are_wrong);
}

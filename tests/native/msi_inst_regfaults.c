/*
 * Failures while what a package has for the registry, INI files and the product's registration is
 * installed or removed: afterwards everything is as it was, or all is done.
 */
#include "product_fixture.h"
#include "run.h"

#define C1 "{CCCCCCCC-0000-0000-0000-000000000001}"

static struct database *package(void)
{
    struct database *db = inst_package();

    inst_row(db, "Component", "x;{BBBBBBBB-2222-3333-4444-555555555555};INSTALLDIR;24;;exe");
    inst_row(db, "FeatureComponents", "f;x");
    inst_row(db, "Property", "UpgradeCode;{DDDDDDDD-2222-3333-4444-555555555555}");
    INST_TABLE(db,
               "File;File s72 k;Component_ s72;FileName l255;FileSize i4;Version S72;Language "
               "S20;Attributes I2;Sequence i2",
               "exe;x;ab.exe;5;;;;1");
    INST_TABLE(db, "Registry;Registry s72 k;Root i2;Key l255;Name L255;Value L0;Component_ s72",
               "a;2;Software\\X\\Y;n;text;c", "b;2;Software\\L;end;[~]b;c",
               "d;2;Software\\New\\Deep;*;;c", "e;2;Software\\L;whole;#1;c");
    INST_TABLE(db, "RemoveRegistry;RemoveRegistry s72 k;Root i2;Key l255;Name L255;Component_ s72",
               "a;2;Software\\Old;-;c");
    INST_TABLE(db, "Environment;Environment s72 k;Name l255;Value L255;Component_ s72",
               "a;=-PATH;[~],x;c", "b;=-OWN;x;c");
    INST_TABLE(db,
               "IniFile;IniFile s72 k;FileName l255;DirProperty S72;Section l96;Key l128;Value "
               "l255;Action i2;Component_ s72",
               "a;new.ini;INSTALLDIR;s;k;v;0;c", "b;old.ini;WindowsFolder;s;k;v;3;c",
               "d;old.ini;WindowsFolder;s;other;v;0;c");
    INST_TABLE(db,
               "Extension;Extension s255 k;Component_ s72 k;ProgId_ S255;MIME_ S64;Feature_ s38",
               "rgt;x;Doc;app/rgt;f");
    INST_TABLE(db,
               "ProgId;ProgId s255 k;ProgId_Parent S255;Class_ S38;Description L255;Icon_ "
               "S72;IconIndex I2",
               "Doc;;;Document;i;");
    INST_TABLE(db, "Verb;Extension_ s255 k;Verb s32 k;Sequence I2;Command L255;Argument L255",
               "rgt;open;1;&Open;");
    INST_TABLE(db, "MIME;ContentType s64 k;Extension_ s255;CLSID S38", "app/rgt;rgt;" C1);
    INST_TABLE(db, "Icon;Name s72 k;Data v0", "i;bytes of an icon");
    return db;
}

static void put(const char16_t *path, enum reg_root root, enum reg_view view, const char16_t *name,
                u32 type, const void *bytes, u32 size)
{
    struct reg_key *key = NULL;

    ok(!reg_make_view(root, view, path, &key), "key\n");
    ok(!reg_set(key, name, type, bytes, size), "value\n");
    reg_close(key);
}

static void machine(void)
{
    regmem_start();
    target_start("regfaults");
    target_folder("drive_c/windows");
    target_file("drive_c/windows/old.ini", "[s]\r\nk=a\r\n");
    put(u"Software\\Microsoft\\Windows\\CurrentVersion", REG_MACHINE, REG_VIEW_64, u"v",
        REG_TYPE_SZ, u"v", 4);
    put(u"Software\\L", REG_MACHINE, REG_VIEW_32, u"end", REG_TYPE_MULTI, u"a\0", 6);
    put(u"Software\\L", REG_MACHINE, REG_VIEW_32, u"whole", REG_TYPE_SZ, u"was", 8);
    put(u"Software\\Old\\Tree", REG_MACHINE, REG_VIEW_32, u"v", REG_TYPE_SZ, u"was", 8);
    put(u"Environment", REG_USER, REG_VIEW_64, u"PATH", REG_TYPE_SZ, u"a", 4);
}

static char *state(void)
{
    char *files = target_show(), *reg = regmem_show();
    char *all = calloc(1, strlen(files) + strlen(reg) + 1);

    sprintf(all, "%s%s", files, reg);
    free(files);
    free(reg);
    return all;
}

/* Planned, up to where it is run. */
static struct session *planned(bool removes)
{
    struct session *s = inst_open(package());

    if (removes)
        inst_set(s, "REMOVE", "ALL");
    for (size_t i = 0; i + 1 < ARRAY_LEN(prod_actions); i++)
        ok(!inst_act(s, prod_actions[i]), "plan %s\n", prod_actions[i]);
    return s;
}

static u32 one_failure(enum os_fault_kind kind, u32 n, bool removes, u32 *total)
{
    struct session *s = planned(removes);
    char *before, *after;
    u32 err;

    target_age();
    before = state();
    os_fault(kind, n, false);
    err = inst_act(s, "InstallFinalize");
    *total = os_fault_count(kind);
    os_fault(kind, 0, false);
    inst_close(s);
    ok(!run_recover(), "kind %u, failure %u: recover\n", kind, n);
    after = state();
    if (err)
        ok(!strcmp(before, after), "kind %u, failure %u:\n%s-- after\n%s", kind, n, before, after);
    else
        ok(strcmp(before, after), "kind %u, failure %u: nothing was done\n", kind, n);
    free(before);
    free(after);
    return err;
}

static void fresh(bool removes)
{
    machine();
    if (removes)
        ok(!prod_run(package(), "A=1"), "install\n");
}

static void sweep(enum os_fault_kind kind, u32 most, bool removes)
{
    u32 total, unused, step, failed = 0, tried = 0;

    fresh(removes);
    one_failure(kind, 0x7fffffff, removes, &total);
    ok(total > 0, "kind %u: %u calls\n", kind, total);
    step = MAX(total / most, 1u);
    fresh(removes);
    for (u32 n = 1; n <= total; n += step, tried++) {
        if (one_failure(kind, n, removes, &unused))
            failed++;
        else
            fresh(removes);
    }
    ok(failed > tried / 4, "kind %u: %u of %u failed\n", kind, failed, tried);
}

START_TEST(msi_inst_regfaults)
{
    for (int removes = 0; removes < 2; removes++) {
        sweep(OS_FAULT_WRITE, 70, removes);
        sweep(OS_FAULT_ALLOC, 50, removes);
        sweep(OS_FAULT_RENAME, 20, removes);
        sweep(OS_FAULT_SYNC, 20, removes);
    }
    target_end();
}

/*
 * Installing classes, program ids, extensions, content types, type libraries, fonts, ODBC, INI
 * values and assemblies, and removing them again.
 */
#include "prodfeatures.h"
#include "product_fixture.h"
#include "products.h"
#include "target.h"

#define M       REG_MACHINE
#define V       REG_VIEW_32
#define C1      "{CCCCCCCC-0000-0000-0000-000000000001}"
#define C2      "{CCCCCCCC-0000-0000-0000-000000000002}"
#define A1      "{DDDDDDDD-0000-0000-0000-000000000001}"
#define CLASSES u"Software\\Classes\\"
#define CLSID1  CLASSES u"CLSID\\{CCCCCCCC-0000-0000-0000-000000000001}"
#define CLSID2  CLASSES u"CLSID\\{CCCCCCCC-0000-0000-0000-000000000002}"
#define EXE     "C:\\Program Files (x86)\\App\\a b.exe"

static void start(void)
{
    regmem_start();
    target_start("classes");
}

/* The sequence that suggested-advtexecutesequence has. */
static u32 advertise(struct database *db)
{
    static const char *const actions[] = {
        "CostInitialize",   "CostFinalize",      "InstallValidate",       "InstallInitialize",
        "CreateShortcuts",  "RegisterClassInfo", "RegisterExtensionInfo", "RegisterProgIdInfo",
        "RegisterMIMEInfo", "PublishComponents", "PublishFeatures",       "PublishProduct",
        "InstallFinalize"};
    struct session *s = inst_open(db);
    u32 err = ERROR_SUCCESS;

    inst_set(s, "ACTION", "ADVERTISE");
    for (size_t i = 0; !err && i < ARRAY_LEN(actions); i++)
        err = inst_act(s, actions[i]);
    inst_close(s);
    return err;
}

/* Installs, or advertises, and removes; the registry and the folder are as before. */
static void removes_all(int line, struct database *(*package)(void), bool advertised)
{
    char *before, *after;
    static const struct {
        enum reg_root root;
        enum reg_view view;
        const char16_t *key;
    } system[] = {
        {M, REG_VIEW_64, u"Software\\Microsoft\\Windows\\CurrentVersion"},
        {M, REG_VIEW_32, u"Software\\Microsoft\\Windows\\CurrentVersion"},
        {M, REG_VIEW_64, u"Software\\Microsoft\\Windows NT\\CurrentVersion\\Fonts"},
        {M, REG_VIEW_64, u"Software\\Classes"},
        {M, REG_VIEW_64, u"Software\\Classes\\AppID"},
        {M, REG_VIEW_64, u"Software\\Classes\\TypeLib"},
        {M, REG_VIEW_32, u"Software\\Classes\\CLSID"},
        {M, REG_VIEW_32, u"Software\\Classes\\AppID"},
        {M, REG_VIEW_32, u"Software\\Classes\\TypeLib"},
        {REG_USER, REG_VIEW_32, u"Software"},
    };
    struct reg_key *key = NULL;

    for (size_t i = 0; i < ARRAY_LEN(system); i++) {
        ok(!reg_make_view(system[i].root, system[i].view, system[i].key, &key), "key\n");
        ok(!reg_set(key, u"v", REG_TYPE_SZ, "", 0), "value\n");
        reg_close(key);
    }
    before = regmem_show();
    ok(!(advertised ? advertise(package()) : prod_run(package(), "A=1")), "line %d: install\n",
       line);
    ok(!prod_run(package(), "REMOVE=ALL"), "line %d: remove\n", line);
    after = regmem_show();
    ok(!strcmp(before, after), "line %d: before\n%safter\n%s", line, before, after);
    free(before);
    free(after);
}

/* c has a file for its key. */
static struct database *package(void)
{
    struct database *db = inst_package();

    inst_row(db, "Component", "x;{BBBBBBBB-2222-3333-4444-555555555555};INSTALLDIR;0;;exe");
    inst_row(db, "FeatureComponents", "f;x");
    INST_TABLE(db,
               "File;File s72 k;Component_ s72;FileName l255;FileSize i4;Version S72;Language "
               "S20;Attributes I2;Sequence i2",
               "exe;x;ab.exe|a b.exe;5;;;;1");
    return db;
}

/* --- classes ------------------------------------------------------------------------------------
 */

#define CLASS_TABLE                                                                           \
    "Class;CLSID s38 k;Context s32 k;Component_ s72 k;ProgId_Default S255;Description L255;"  \
    "AppId_ S38;FileTypeMask S255;Icon_ S72;IconIndex I2;DefInprocHandler S32;Argument S255;" \
    "Feature_ s38;Attributes I2"
#define PROGID_TABLE \
    "ProgId;ProgId s255 k;ProgId_Parent S255;Class_ S38;Description L255;Icon_ S72;IconIndex I2"

static struct database *with_classes(void)
{
    struct database *db = package();

    INST_TABLE(db, CLASS_TABLE,
               C1 ";LocalServer32;x;App.1;Class one;" A1 ";0,2,FFFF,1234;;;2;/auto;f;",
               C2 ";InprocServer32;x;;Class two;;;;;;Both;f;1");
    INST_TABLE(db, PROGID_TABLE, "App.1;;" C1 ";An app;;", "App;App.1;;Any app;;",
               "Nobody;;;Not meant;;");
    INST_TABLE(db,
               "AppId;AppId s38 k;RemoteServerName S255;LocalService S255;ServiceParameters S255;"
               "DllSurrogate S255;ActivateAtStorage I2;RunAsInteractiveUser I2",
               A1 ";host;svc;par;;1;0");
    return db;
}

static void classes_are_registered(void)
{
    start();
    ok(!prod_run(with_classes(), "A=1"), "install\n");
    IS(M, V, CLSID1, NULL, "1:Class one");
    IS(M, V, CLSID1, u"AppID", "1:" A1);
    IS(M, V, CLSID1 u"\\LocalServer32", NULL, "1:\"" EXE "\" /auto");
    IS(M, V, CLSID1 u"\\ProgID", NULL, "1:App.1");
    IS(M, V, CLSID1 u"\\VersionIndependentProgID", NULL, "1:App");
    IS(M, V, CLSID1 u"\\InprocHandler32", NULL, "1:ole32.dll");
    IS(M, V, CLSID2 u"\\InprocServer32", NULL, "1:a b.exe");
    IS(M, V, CLSID2 u"\\InprocServer32", u"ThreadingModel", "1:Both");
    IS(M, V, CLASSES u"FileType\\{CCCCCCCC-0000-0000-0000-000000000001}\\0", NULL,
       "1:0,2,FFFF,1234");
    IS(M, V, CLASSES u"AppID\\{DDDDDDDD-0000-0000-0000-000000000001}", u"RemoteServerName",
       "1:host");
    IS(M, V, CLASSES u"AppID\\{DDDDDDDD-0000-0000-0000-000000000001}", u"ActivateAtStorage", "1:Y");
    IS(M, V, CLASSES u"AppID\\{DDDDDDDD-0000-0000-0000-000000000001}", u"RunAs", "none");
    target_end();
}

static void program_ids_are_registered(void)
{
    start();
    ok(!prod_run(with_classes(), "A=1"), "install\n");
    IS(M, V, CLASSES u"App.1", NULL, "1:An app");
    IS(M, V, CLASSES u"App.1\\CLSID", NULL, "1:" C1);
    IS(M, V, CLASSES u"App", NULL, "1:Any app");
    IS(M, V, CLASSES u"App\\CLSID", NULL, "1:" C1);
    IS(M, V, CLASSES u"App\\CurVer", NULL, "1:App.1");
    IS(M, V, CLASSES u"Nobody", NULL, "no key");
    target_end();
}

/* What is advertised leads to the component by descriptors, and has no server yet. */
static void advertised_classes_have_descriptors(void)
{
    struct product p;
    int state = 0;

    start();
    ok(!advertise(with_classes()), "advertise\n");
    IS(M, V, CLSID1, NULL, "1:Class one");
    IS(M, V, CLSID1 u"\\LocalServer32", NULL, "none");
    IS(M, V, CLSID2 u"\\InprocServer32", NULL, "none");
    ok(!strncmp(prod_value(M, V, CLSID2 u"\\InprocServer32", u"InprocServer32"), "7:", 2),
       "a descriptor\n");
    IS(M, V, CLASSES u"AppID\\{DDDDDDDD-0000-0000-0000-000000000001}", NULL, "no key");
    IS(M, V, CLASSES u"App.1\\CLSID", NULL, "1:" C1);
    ok(product_find(u"{11111111-2222-3333-4444-555555555555}", &p) && !product_installed(&p),
       "it is no more than advertised\n");
    ok(!feature_state(&p, u"f", &state) && state == STATE_ADVERTISED, "state %d\n", state);
    ok(!prod_run(with_classes(), "A=1"), "install\n");
    IS(M, V, CLSID2 u"\\InprocServer32", NULL, "1:a b.exe");
    ok(product_installed(&p), "it is installed\n");
    ok(!feature_state(&p, u"f", &state) && state == STATE_LOCAL, "state %d\n", state);
    target_end();
}

/* --- extensions ---------------------------------------------------------------------------------
 */

static struct database *with_extensions(void)
{
    struct database *db = package();

    INST_TABLE(db,
               "Extension;Extension s255 k;Component_ s72 k;ProgId_ S255;MIME_ S64;Feature_ "
               "s38",
               "rgt;x;Doc;app/rgt;f", "bare;x;;;f");
    INST_TABLE(db, PROGID_TABLE, "Doc;;;Document;;");
    INST_TABLE(db, "Verb;Extension_ s255 k;Verb s32 k;Sequence I2;Command L255;Argument L255",
               "rgt;print;2;;/p \"%1\"", "rgt;open;1;&Open;\"%1\" [ProductName]", "rgt;edit;;Ed;",
               "bare;open;1;;");
    INST_TABLE(db, "MIME;ContentType s64 k;Extension_ s255;CLSID S38", "app/rgt;rgt;" C1);
    return db;
}

/* Windows has them once, but for class ids: a 64-bit shell opens the documents of a 32-bit program.
 */
static void both_views_have_what_a_32_bit_component_registers(void)
{
    struct database *db;

    start();
    db = with_classes();
    INST_TABLE(db,
               "Extension;Extension s255 k;Component_ s72 k;ProgId_ S255;MIME_ S64;Feature_ s38",
               "rgt;x;App.1;;f");
    INST_TABLE(db, "Registry;Registry s72 k;Root i2;Key l255;Name L255;Value L0;Component_ s72",
               "r;0;Own.Thing;;it;x", "i;0;Interface\\" C1 ";;IOwn;x",
               "k;2;Software\\Maker;;mine;x");
    ok(!prod_run(db, "A=1"), "install\n");
    IS(M, REG_VIEW_64, CLASSES u".rgt", NULL, "1:App.1");
    IS(M, REG_VIEW_32, CLASSES u".rgt", NULL, "1:App.1");
    IS(M, REG_VIEW_64, CLASSES u"App.1\\CLSID", NULL, "1:" C1);
    IS(M, REG_VIEW_64, CLASSES u"Own.Thing", NULL, "1:it");
    IS(M, REG_VIEW_32, CLASSES u"Own.Thing", NULL, "1:it");
    IS(M, REG_VIEW_64, CLSID1, NULL, "no key");
    IS(M, REG_VIEW_64, CLASSES u"Interface\\{CCCCCCCC-0000-0000-0000-000000000001}", NULL,
       "no key");
    IS(M, REG_VIEW_64, u"Software\\Maker", NULL, "no key");
    target_end();
}

static void extensions_have_their_verbs(void)
{
    start();
    ok(!prod_run(with_extensions(), "A=1"), "install\n");
    IS(M, V, CLASSES u".rgt", NULL, "1:Doc");
    IS(M, V, CLASSES u".rgt", u"Content Type", "1:app/rgt");
    IS(M, V, CLASSES u"Doc", NULL, "1:Document");
    IS(M, V, CLASSES u"Doc\\shell", NULL, "1:open,print");
    IS(M, V, CLASSES u"Doc\\shell\\open", NULL, "1:&Open");
    IS(M, V, CLASSES u"Doc\\shell\\open\\command", NULL, "1:\"" EXE "\" \"%1\" App");
    IS(M, V, CLASSES u"Doc\\shell\\edit\\command", NULL, "1:\"" EXE "\"");
    IS(M, V, CLASSES u".bare\\shell\\open\\command", NULL, "1:\"" EXE "\"");
    IS(M, V, CLASSES u"MIME\\Database\\Content Type\\app/rgt", u"Extension", "1:.rgt");
    IS(M, V, CLASSES u"MIME\\Database\\Content Type\\app/rgt", u"CLSID", "1:" C1);
    target_end();
}

/* Who took an extension since keeps it. */
static void extensions_of_others_stay(void)
{
    struct reg_key *key = NULL;

    start();
    ok(!prod_run(with_extensions(), "A=1"), "install\n");
    ok(!reg_make_view(M, V, CLASSES u".rgt", &key), "key\n");
    ok(!reg_set_text(key, u"", REG_TYPE_SZ, u"Theirs"), "value\n");
    reg_close(key);
    ok(!prod_run(with_extensions(), "REMOVE=ALL"), "remove\n");
    IS(M, V, CLASSES u".rgt", NULL, "1:Theirs");
    IS(M, V, CLASSES u"Doc", NULL, "no key");
    target_end();
}

/* --- others -------------------------------------------------------------------------------------
 */

static struct database *with_others(void)
{
    struct database *db = package();

    INST_TABLE(db,
               "TypeLib;LibID s38 k;Language i2 k;Component_ s72 k;Version I4;Description S128;"
               "Directory_ S72;Feature_ s38;Cost I4",
               C1 ";9;x;258;Library;;f;");
    INST_TABLE(db, "Font;File_ s72 k;FontTitle S128", "exe;A Font (TrueType)");
    INST_TABLE(db,
               "ODBCDriver;Driver s72 k;Component_ s72;Description s255;File_ s72;File_Setup "
               "S72",
               "d;x;My Driver;exe;exe");
    INST_TABLE(db, "ODBCAttribute;Driver_ s72 k;Attribute s40 k;Value L255", "d;APILevel;1");
    INST_TABLE(db,
               "ODBCDataSource;DataSource s72 k;Component_ s72;Description s255;DriverDescription "
               "s255;Registration i2",
               "s;x;My Source;My Driver;1");
    INST_TABLE(db,
               "MsiAssembly;Component_ s72 k;Feature_ s38;File_Manifest S72;File_Application "
               "S72;Attributes I2",
               "x;f;;exe;1", "c;f;;nosuch;0");
    /* the second one's application is not in the package: it is passed over */
    INST_TABLE(db, "MsiAssemblyName;Component_ s72 k;Name s255 k;Value s255", "x;version;1.0",
               "x;name;Asm", "c;name;Other");
    return db;
}

static void others_are_registered(void)
{
    start();
    ok(!prod_run(with_others(), "A=1"), "install\n");
    IS(M, V, CLASSES u"TypeLib\\{CCCCCCCC-0000-0000-0000-000000000001}\\1.2", NULL, "1:Library");
    IS(M, V, CLASSES u"TypeLib\\{CCCCCCCC-0000-0000-0000-000000000001}\\1.2\\9\\win32", NULL,
       "1:" EXE);
    IS(M, REG_VIEW_64, u"Software\\Microsoft\\Windows NT\\CurrentVersion\\Fonts",
       u"A Font (TrueType)", "1:" EXE);
    IS(M, V, u"Software\\ODBC\\ODBCINST.INI\\ODBC Drivers", u"My Driver", "1:Installed");
    IS(M, V, u"Software\\ODBC\\ODBCINST.INI\\My Driver", u"Driver", "1:" EXE);
    IS(M, V, u"Software\\ODBC\\ODBCINST.INI\\My Driver", u"APILevel", "1:1");
    IS(M, V, u"Software\\ODBC\\ODBCINST.INI\\My Driver", u"UsageCount", "4:1");
    IS(REG_USER, V, u"Software\\ODBC\\ODBC.INI\\ODBC Data Sources", u"My Source", "1:My Driver");
    IS(REG_USER, V, u"Software\\ODBC\\ODBC.INI\\My Source", u"Driver", "1:" EXE);
    IS(M, REG_VIEW_64,
       u"Software\\Classes\\Installer\\Win32Assemblies\\C:|Program Files (x86)|App|a b.exe", u"x",
       "none");
    target_end();
}

/* A font file with one name, "AB", at the place of the package's file. */
static void put_font(void)
{
    static const u8 font[] = {0, 1, 0, 0, 0, 1, 0,  0, 0, 0, 0,  0, 'n', 'a', 'm', 'e', 0,
                              0, 0, 0, 0, 0, 0, 28, 0, 0, 0, 22, 0, 0,   0,   1,   0,   18,
                              0, 3, 0, 1, 4, 9, 0,  4, 0, 4, 0,  0, 0,   'A', 0,   'B'};
    struct tgt_file *f = NULL;

    target_folder("drive_c/Program Files (x86)");
    target_folder("drive_c/Program Files (x86)/App");
    ok(!tgt_create(u"C:\\Program Files (x86)\\App\\a b.exe", &f), "create\n");
    ok(!tgt_write(f, font, sizeof(font)), "write\n");
    tgt_close(f);
}

#define FONTS u"Software\\Microsoft\\Windows NT\\CurrentVersion\\Fonts"

static struct database *with_font(void)
{
    struct database *db = package();

    INST_TABLE(db, "Font;File_ s72 k;FontTitle S128", "exe;");
    return db;
}

static void fonts_are_named_by_their_files(void)
{
    start();
    put_font();
    ok(!prod_run(with_font(), "A=1"), "install\n");
    IS(M, REG_VIEW_64, FONTS, u"AB (TrueType)", "1:" EXE);
    ok(!prod_run(with_font(), "REMOVE=ALL"), "remove\n");
    IS(M, REG_VIEW_64, FONTS, u"AB (TrueType)", "none");
    target_end();
}

static struct database *with_ini(void)
{
    struct database *db = package();

    INST_TABLE(db,
               "IniFile;IniFile s72 k;FileName l255;DirProperty S72;Section l96;Key l128;Value "
               "l255;Action i2;Component_ s72",
               "a;a.ini;INSTALLDIR;s;k;[ProductName];0;c", "b;a.ini;INSTALLDIR;s;tags;one;3;c",
               "d;a.ini;INSTALLDIR;s;tags;two;3;c");
    return db;
}

/* The folder of Windows where none is named, and where the property of that name is not set. */
static void ini_files_without_a_folder_are_in_that_of_windows(void)
{
    struct database *db = package();
    char *all;

    start();
    INST_TABLE(db,
               "IniFile;IniFile s72 k;FileName l255;DirProperty S72;Section l96;Key l128;Value "
               "l255;Action i2;Component_ s72",
               "a;none.ini;;s;k;v;0;c", "b;unset.ini;NOTSET;s;k;v;0;c");
    ok(!prod_run(db, "A=1"), "install\n");
    all = target_show();
    ok(strstr(all, "windows/none.ini") && strstr(all, "windows/unset.ini"), "shows\n%s", all);
    free(all);
    target_end();
}

static void ini_values_are_written(void)
{
    char *all;

    start();
    ok(!prod_run(with_ini(), "A=1"), "install\n");
    all = target_show();
    ok(strstr(all, "[s]") && strstr(all, "k=App") && strstr(all, "tags=one,two"), "shows\n%s", all);
    free(all);
    ok(!prod_run(with_ini(), "REMOVE=ALL"), "remove\n");
    all = target_show();
    ok(!strstr(all, "a.ini"), "left\n%s", all);
    free(all);
    target_end();
}

/* --- INI files ----------------------------------------------------------------------------------
 */

/* What stands between two rows has the file read and written once more. */
static void rows_of_one_ini_file_come_together(void)
{
    struct database *db = inst_package();
    struct session *s;
    char *planned, *first;

    start();
    INST_TABLE(db,
               "IniFile;IniFile s72 k;FileName l255;DirProperty S72;Section l96;Key l128;"
               "Value l255;Action i2;Component_ s72",
               "i;a.ini;INSTALLDIR;s;k;v;0;c", "j;a.ini;INSTALLDIR;s;l;v;0;c",
               "k;a.ini;INSTALLDIR;t;m;v;0;c");
    s = inst_open(db);
    inst_set(s, "ADDLOCAL", "ALL");
    inst_cost(s);
    ok(!inst_act(s, "WriteIniValues"), "planned\n");
    planned = inst_planned(s);
    first = strstr(planned, "IniWriteRemoveValue(");
    ok(first && strstr(planned, "FolderCreate(") && strstr(planned, "FolderCreate(") < first,
       "the folder comes first\n%s", planned);
    for (u32 n = 1; first && n < 3; n++) {
        first = strstr(first + 1, "IniWriteRemoveValue(");
        ok(first != NULL, "no row %u\n%s", n, planned);
    }
    first = strstr(planned, "IniWriteRemoveValue(");
    ok(first && !strstr(first, "FolderCreate("), "apart\n%s", planned);
    free(planned);
    inst_close(s);
    target_end();
}

START_TEST(msi_inst_classes)
{
    rows_of_one_ini_file_come_together();
    static struct database *(*const packages[])(void) = {with_classes, with_extensions, with_others,
                                                         with_ini};

    classes_are_registered();
    program_ids_are_registered();
    advertised_classes_have_descriptors();
    extensions_have_their_verbs();
    both_views_have_what_a_32_bit_component_registers();
    extensions_of_others_stay();
    others_are_registered();
    fonts_are_named_by_their_files();
    ini_values_are_written();
    ini_files_without_a_folder_are_in_that_of_windows();
    for (size_t i = 0; i < ARRAY_LEN(packages); i++) {
        start();
        removes_all((int)i, packages[i], false);
        target_end();
        start();
        removes_all((int)i, packages[i], true);
        target_end();
    }
}

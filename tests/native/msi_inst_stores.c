/*
 * Win32 assemblies for everybody: put below winsxs, registered, repaired, patched, shared by
 * products, and removed with the last of them; failures and kills on the way.
 */
#include "patch_product_fixture.h"
#include "product_fixture.h"
#include "sweep_fixture.h"

#include "code85.h"
#include "components.h"
#include "layout.h"

#define FIRST  "{11111111-2222-3333-4444-555555555555}"
#define SECOND "{22222222-2222-3333-4444-555555555555}"
#define OWN    "{DDDDDDDD-2222-3333-4444-555555555555}"
#define OTHER  "{EEEEEEEE-2222-3333-4444-555555555555}"
#define SXS    "drive_c/windows/winsxs/"
#define STORE  "amd64_acme.lib_0123456789abcdef_1.2.3.4_none_deadbeef"
#define NEXT   "amd64_acme.lib_0123456789abcdef_1.2.3.5_none_deadbeef"

/* What an assembly's name has behind it. */
#define WITH(version)                                                          \
    ",type=\"win32\",version=\"" version "\",processorArchitecture=\"amd64\"," \
    "publicKeyToken=\"0123456789ABCDEF\""
#define REST      WITH("1.2.3.4")
#define NEXT_REST WITH("1.2.3.5")

#define GLOBAL u"Software\\Classes\\Installer\\Win32Assemblies\\Global"
#define COMPONENTS \
    u"Software\\Microsoft\\Windows\\CurrentVersion\\Installer\\UserData\\S-1-5-18\\Components\\"
#define SYSTEMS u"Software\\Microsoft\\Windows\\CurrentVersion\\SideBySide\\Installations\\"

/* --- packages -----------------------------------------------------------------------------------
 */

static void name_assembly(struct database *db, const char *name, const char *version)
{
    char named[700], versioned[80];

    snprintf(named, sizeof(named), "a;name;%s", name);
    snprintf(versioned, sizeof(versioned), "a;version;%s", version);
    INST_TABLE(db,
               "MsiAssembly;Component_ s72 k;Feature_ s38;File_Manifest S72;File_Application "
               "S72;Attributes I2",
               "a;f;man;;1");
    INST_TABLE(db, "MsiAssemblyName;Component_ s72 k;Name s255 k;Value S0", "a;type;win32", named,
               versioned, "a;processorArchitecture;amd64", "a;publicKeyToken;0123456789ABCDEF");
}

static struct database *unnamed(void)
{
    struct database *db = first();

    inst_row(db, "Component", "a;" OWN ";INSTALLDIR;0;;lib");
    inst_row(db, "FeatureComponents", "f;a");
    inst_row(db, "File", "lib;a;LIB~1.DLL|Lib.dll;3;;;16384;3");
    inst_row(db, "File", "man;a;Acme.manifest;5;;;16384;4");
    inst_row(db, "File", "cat;a;acme.CAT;3;;;16384;5");
    inst_row(db, "Media", "3;5;;#store.cab;;");
    inst_row(db, "InstallExecuteSequence", "MsiUnpublishAssemblies;;1750");
    inst_row(db, "InstallExecuteSequence", "MsiPublishAssemblies;;6250");
    return db;
}

static struct database *assembled(void)
{
    struct database *db = unnamed();

    name_assembly(db, "Acme.Lib", "1.2.3.4");
    return db;
}

static struct database *newer(void)
{
    struct database *db = unnamed();

    name_assembly(db, "Acme.Lib", "1.2.3.5");
    return db;
}

static struct database *second(const char *component)
{
    struct database *db = assembled();

    msp_set_text(db, "Property", "ProductCode", 1, SECOND);
    msp_set_text(db, "Component", "c", 1, "{CCCCCCCC-2222-3333-4444-555555555555}");
    msp_set_text(db, "Component", "a", 1, component);
    msp_set_text(db, "Directory", "INSTALLDIR", 2, "Second");
    msp_set_text(db, "Registry", "r", 2, "Software\\Second");
    return db;
}

static void save(struct database *db, const char *name)
{
    static const struct cab_entry files[] = {{"lib", 3, 0, 0, 0x58a1, 0x6000, 0x20},
                                             {"man", 5, 3, 0, 0x58a1, 0x6000, 0x20},
                                             {"cat", 3, 8, 0, 0x58a1, 0x6000, 0x20}};
    struct cab_part p = {.files = files, .count = 3, .bytes = "liba-mancat", .len = 11, .made = 11};
    struct buf cab = {0};

    cab_write(&p, &cab);
    package_stream(db, "store.cab", &cab);
    buf_free(&cab);
    patched_cabinet(db);
    package_save_as(db, name);
}

static const struct msp update = {.name = "update.msp",
                                  .code = ONE,
                                  .base = assembled,
                                  .next = newer,
                                  .files = {"lib"},
                                  .contents = {"LIB"},
                                  .family = "App",
                                  .sequence = "1.2.1"};

static void make_all(void)
{
    regmem_start();
    obj_unref(db_object(package_begin("stores")));
    save(assembled(), "package.msi");
    save(second(OTHER), "other.msi");
    save(second(OWN), "same.msi");
    msp_make(&update);
}

/* --- the machine --------------------------------------------------------------------------------
 */

static void start(void)
{
    patched_machine("stores");
    target_folder("drive_c/windows/temp");
}

static void install(void)
{
    ok(!patched_run(NULL, "", ""), "install\n");
}

static bool is_stored(const char *store, const char *lib)
{
    char path[3][200];

    snprintf(path[0], sizeof(path[0]), SXS "%s/Lib.dll", store);
    snprintf(path[1], sizeof(path[1]), SXS "manifests/%s.manifest", store);
    snprintf(path[2], sizeof(path[2]), SXS "manifests/%s.cat", store);
    return sweep_has(path[0], lib) && sweep_has(path[1], lib ? "a-man" : NULL) &&
           sweep_has(path[2], lib ? "cat" : NULL);
}

static bool there(const char *folder)
{
    struct stat st;

    return !stat(target_path(folder), &st);
}

static void published(int line, const char16_t *name, bool is)
{
    const char *got = prod_value(REG_MACHINE, REG_VIEW_64, GLOBAL, name);

    ok(is ? !strncmp(got, "7:", 2) : !strncmp(got, "no", 2), "line %d: %s\n", line, got);
}
#define PUBLISHED(name, is) published(__LINE__, name, is)

/* The registered key path of a component of a product. */
static void registered(int line, const char16_t *component, const char16_t *code, const char *want)
{
    char16_t packed[2][GUID_PACKED + 1], path[300];
    size_t n = u16_copy(path, ARRAY_LEN(path), COMPONENTS);

    guid_pack(component, packed[0]);
    guid_pack(code, packed[1]);
    u16_copy(path + n, ARRAY_LEN(path) - n, packed[0]);
    prod_is(line, REG_MACHINE, REG_VIEW_64, path, packed[1], want);
}
#define REGISTERED(component, code, want) registered(__LINE__, u"" component, u"" code, want)

/* --- what becomes of it -------------------------------------------------------------------------
 */

static void comes_and_goes(void)
{
    start();
    install();
    ok(is_stored(STORE, "lib"), "stored\n");
    HAS(APP "one.txt", "one");
    HAS(APP "Lib.dll", NULL);
    HAS(APP "Acme.manifest", NULL);
    HAS(APP "acme.CAT", NULL);
    REGISTERED(OWN, FIRST, "1:<\\Acme.Lib" REST);
    PUBLISHED(u"Acme.Lib" REST, true);
    ok(!patched_run(NULL, "", "REMOVE=ALL"), "remove\n");
    ok(is_stored(STORE, NULL) && !there(SXS), "gone\n");
    PUBLISHED(u"Acme.Lib" REST, false);
    REGISTERED(OWN, FIRST, "no key");
    target_end();
}

static void is_found_and_repaired(void)
{
    char16_t *path = u16_dup(u"<\\Acme.Lib" REST, u16_len(u"<\\Acme.Lib" REST));
    struct session *s;

    start();
    install();
    unlink(target_path(SXS STORE "/Lib.dll"));
    ok(component_find(CODE, NULL, CONTEXT_MACHINE, &path) == STATE_LOCAL, "it is there\n");
    ok(u16_equal(path, u"C:\\windows\\winsxs\\" STORE u"\\"), "another path\n");
    os_free(path);
    ok(!patched_run(NULL, "", "REINSTALL=ALL REINSTALLMODE=omus"), "repair\n");
    ok(is_stored(STORE, "lib"), "repaired\n");
    ok(!patched_open(NULL, "", "", &s), "open\n");
    inst_cost(s);
    {
        struct text_buf out;

        tb_init(&out);
        os_mutex_lock(&s->lock);
        ok(!format_text(s, u"[#lib]|[$a]|[#man]", 18, &out), "format\n");
        os_mutex_unlock(&s->lock);
        ok(out.s && u16_equal(out.s, u"C:\\windows\\winsxs\\" STORE u"\\Lib.dll|"
                                     u"C:\\windows\\winsxs\\" STORE u"\\|"
                                     u"C:\\windows\\winsxs\\manifests\\" STORE u".manifest"),
           "other paths\n");
        tb_free(&out);
    }
    inst_close(s);
    ok(!patched_run(NULL, "", "REMOVE=ALL"), "remove\n");
    ok(is_stored(STORE, NULL) && !there(SXS), "gone\n");
    target_end();
}

/* Two products have it: by one component, or each by its own. */
static void goes_with_the_last(void)
{
    static const char *const others[] = {"other.msi", "same.msi"};

    for (size_t i = 0; i < ARRAY_LEN(others); i++)
        for (u32 last = 0; last < 2; last++) {
            start();
            install();
            ok(!patched_run_of(others[i], NULL, "", ""), "install %s\n", others[i]);
            ok(!patched_run_of(last ? "package.msi" : others[i], NULL, "", "REMOVE=ALL"),
               "first\n");
            ok(is_stored(STORE, "lib"), "%s, %u: it stays\n", others[i], last);
            PUBLISHED(u"Acme.Lib" REST, true);
            ok(!patched_run_of(last ? others[i] : "package.msi", NULL, "", "REMOVE=ALL"), "last\n");
            ok(is_stored(STORE, NULL) && !there(SXS), "%s, %u: it goes\n", others[i], last);
            PUBLISHED(u"Acme.Lib" REST, false);
            target_end();
        }
}

/* What a key has by a name becomes what another has by another. */
static void copy_value(const struct layout_path *from, const char16_t *name,
                       const struct layout_path *to)
{
    struct reg_data d = {0};
    struct reg_key *key = NULL;

    ok(!layout_open(from, &key) && !reg_get(key, name, &d), "value\n");
    reg_close(key);
    ok(!reg_make(to->root, to->path, &key) && !reg_set(key, name, d.type, d.bytes, d.size),
       "copy\n");
    reg_close(key);
    os_free(d.bytes);
}

/* For the user too, as far as assemblies are concerned. */
static void have_it_twice(void)
{
    struct layout_path from, to;
    char16_t packed[GUID_PACKED + 1];

    guid_pack(CODE, packed);
    layout_advertised(&from, CONTEXT_MACHINE, NULL, u"Win32Assemblies", NULL, u"Global");
    layout_advertised(&to, CONTEXT_USER, NULL, u"Win32Assemblies", NULL, u"Global");
    copy_value(&from, u"Acme.Lib" REST, &to);
    layout_installed(&from, CONTEXT_MACHINE, NULL, u"Components", u"" OWN, NULL);
    layout_installed(&to, CONTEXT_USER, NULL, u"Components", u"" OWN, NULL);
    copy_value(&from, packed, &to);
}

static void stays_for_another_context(void)
{
    start();
    install();
    have_it_twice();
    ok(!patched_run(NULL, "", "REMOVE=ALL"), "remove\n");
    ok(is_stored(STORE, "lib"), "it stays\n");
    target_end();
}

/* As Wine's msi.dll registers it: the name where its row is, and no feature where there is one. */
#define AS_WINE                                                                     \
    u"type=\"win32\",Acme.Lib,version=\"1.2.3.4\",processorArchitecture=\"amd64\"," \
    u"publicKeyToken=\"0123456789ABCDEF\""

static void make_it_wines(void)
{
    char16_t packed[GUID_PACKED + 1], code[CODE85_CHARS], item[2 * CODE85_CHARS + 3] = {0};
    struct layout_path at;
    struct reg_key *key = NULL;

    code85_write(CODE, code);
    memcpy(item, code, sizeof(code));
    item[CODE85_CHARS] = '>';
    code85_write(u"" OWN, code);
    memcpy(item + CODE85_CHARS + 1, code, sizeof(code));
    layout_advertised(&at, CONTEXT_MACHINE, NULL, u"Win32Assemblies", NULL, u"Global");
    ok(!layout_open(&at, &key), "list\n");
    reg_close(key);
    ok(!reg_make(at.root, at.path, &key) && !reg_remove_value(key, u"Acme.Lib" REST) &&
           !reg_set(key, AS_WINE, REG_TYPE_MULTI, item, sizeof(item)),
       "list\n");
    reg_close(key);
    guid_pack(CODE, packed);
    layout_installed(&at, CONTEXT_MACHINE, NULL, u"Components", u"" OWN, NULL);
    ok(!reg_make(at.root, at.path, &key) && !reg_set_text(key, packed, REG_TYPE_SZ, u"<\\" AS_WINE),
       "component\n");
    reg_close(key);
}

static void wines_engine_has_clients_too(void)
{
    start();
    install();
    make_it_wines();
    ok(!patched_run_of("other.msi", NULL, "", ""), "install\n");
    ok(!patched_run_of("other.msi", NULL, "", "REMOVE=ALL"), "remove\n");
    ok(is_stored(STORE, "lib"), "it stays\n");
    ok(!patched_run(NULL, "", "REMOVE=ALL"), "remove\n");
    ok(is_stored(STORE, NULL), "it goes\n");
    PUBLISHED(AS_WINE, false);
    target_end();
}

static void permanent_ones_stay(void)
{
    struct database *db = second(OTHER);

    msp_set(db, "Component", "a", 3, 16);
    save(db, "permanent.msi");
    start();
    ok(!patched_run_of("permanent.msi", NULL, "", ""), "install\n");
    install();
    ok(!patched_run_of("permanent.msi", NULL, "", "REMOVE=ALL"), "remove\n");
    ok(!patched_run(NULL, "", "REMOVE=ALL"), "remove\n");
    ok(is_stored(STORE, "lib"), "it stays\n");
    PUBLISHED(u"Acme.Lib" REST, false);
    target_end();
}

static void system_has(const char *store)
{
    char path[200];

    target_folder("drive_c/windows/winsxs");
    target_folder(SXS "manifests");
    snprintf(path, sizeof(path), SXS "manifests/%s.manifest", store);
    target_file(path, "a-man");
    snprintf(path, sizeof(path), SXS "%s", store);
    target_folder(path);
    snprintf(path, sizeof(path), SXS "%s/Lib.dll", store);
    target_file(path, "lib");
    snprintf(path, sizeof(path), SXS "%s/more.dll", store);
    target_file(path, "more");
}

/* What was there before any product had it is the system's. */
static void what_was_there_stays(void)
{
    start();
    system_has(STORE);
    install();
    IS(REG_MACHINE, REG_VIEW_64, SYSTEMS STORE, u"System", "1:");
    ok(!patched_run_of("other.msi", NULL, "", ""), "install\n");
    ok(!patched_run(NULL, "", "REMOVE=ALL"), "remove\n");
    ok(!patched_run_of("other.msi", NULL, "", "REMOVE=ALL"), "remove\n");
    HAS(SXS "manifests/" STORE ".manifest", "a-man");
    HAS(SXS STORE "/Lib.dll", "lib");
    HAS(SXS STORE "/more.dll", "more");
    target_end();
}

/* A product that is advertised alone has none. */
static void what_was_there_stays_for_an_advertised_product(void)
{
    start();
    system_has(STORE);
    ok(!patched_run(NULL, "", "ADVERTISE=ALL"), "advertise\n");
    PUBLISHED(u"Acme.Lib" REST, true);
    ok(!patched_run(NULL, "", "ADDLOCAL=ALL"), "install\n");
    ok(!patched_run(NULL, "", "REMOVE=ALL"), "remove\n");
    HAS(SXS "manifests/" STORE ".manifest", "a-man");
    HAS(SXS STORE "/more.dll", "more");
    ok(!patched_run(NULL, "", "ADVERTISE=ALL"), "advertise\n");
    ok(!patched_run(NULL, "", "REMOVE=ALL"), "remove\n");
    PUBLISHED(u"Acme.Lib" REST, false);
    target_end();
}

/* A file of Wine's that stands for what it has built in gives way, whatever its version. */
static void what_is_wines_is_replaced(void)
{
    char text[200];

    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = 0;
    memcpy(text, "MZ", 2);
    memcpy(text + 0x40, "Wine builtin DLL", 16);
    start();
    target_folder("drive_c/windows/winsxs");
    target_folder(SXS STORE);
    target_file(SXS STORE "/Lib.dll", text);
    {
        FILE *f = fopen(target_path(SXS STORE "/Lib.dll"), "r+b");

        ok(f && !fseek(f, 0x50, SEEK_SET) && fwrite("", 1, 1, f) == 1 && !fclose(f), "mark\n");
    }
    install();
    HAS(SXS STORE "/Lib.dll", "lib");
    target_end();
}

/* --- patches ------------------------------------------------------------------------------------
 */

static bool is_patched(void)
{
    return is_stored(NEXT, "LIB");
}

static void a_patch_gives_it_another_name(void)
{
    start();
    install();
    ok(!patched_run("PATCH", "update.msp", ""), "patch\n");
    ok(is_patched() && is_stored(STORE, NULL) && !there(SXS STORE), "patched\n");
    REGISTERED(OWN, FIRST, "1:<\\Acme.Lib" NEXT_REST);
    PUBLISHED(u"Acme.Lib" NEXT_REST, true);
    PUBLISHED(u"Acme.Lib" REST, false);
    ok(!patched_run("MSIPATCHREMOVE", "update.msp", ""), "remove the patch\n");
    ok(is_stored(STORE, "lib") && is_stored(NEXT, NULL) && !there(SXS NEXT), "as before\n");
    PUBLISHED(u"Acme.Lib" NEXT_REST, false);
    ok(!patched_run(NULL, "", "REMOVE=ALL"), "remove\n");
    ok(!there(SXS), "gone\n");
    target_end();
}

static void what_was_there_stays_when_a_patch_leads_to_it(void)
{
    start();
    system_has(NEXT);
    install();
    ok(!patched_run("PATCH", "update.msp", ""), "patch\n");
    ok(is_stored(STORE, NULL), "the old one goes\n");
    ok(!patched_run(NULL, "", "REMOVE=ALL"), "remove\n");
    HAS(SXS "manifests/" NEXT ".manifest", "a-man");
    HAS(SXS NEXT "/more.dll", "more");
    target_end();
}

static void the_old_one_stays_for_others(void)
{
    start();
    install();
    ok(!patched_run_of("other.msi", NULL, "", ""), "install\n");
    ok(!patched_run("PATCH", "update.msp", ""), "patch\n");
    ok(is_patched() && is_stored(STORE, "lib"), "both\n");
    ok(!patched_run_of("other.msi", NULL, "", "REMOVE=ALL"), "remove\n");
    ok(is_patched() && is_stored(STORE, NULL), "the new one\n");
    ok(!patched_run(NULL, "", "REMOVE=ALL"), "remove\n");
    ok(!there(SXS), "gone\n");
    target_end();
}

/* --- what is not for this engine ----------------------------------------------------------------
 */

static bool takes(struct database *db)
{
    struct session *s = inst_open(db);
    bool is = install_takes(s, NULL, 0);

    inst_close(s);
    return is;
}

static void names_are_checked(void)
{
    static const char *const bad[] = {"..\\..\\x", "a/b",  "a:b", "a\"b", "a,b=c", "a\"b\"",
                                      "a*",        "a\tb", "",    "a<",   NULL};
    static const char *const versions[] = {"1.2.3", "1.2.3.4.5", "1.2.3.65536", "1..3.4",
                                           "..",    "",          "1.2.3.x",     NULL};
    char name[320];

    start();
    for (u32 i = 0; bad[i]; i++) {
        struct database *db = unnamed();

        name_assembly(db, bad[i], "1.2.3.4");
        ok(!takes(db), "name %s\n", bad[i]);
    }
    for (u32 i = 0; versions[i]; i++) {
        struct database *db = unnamed();

        name_assembly(db, "Acme.Lib", versions[i]);
        ok(!takes(db), "version %s\n", versions[i]);
    }
    memset(name, 'a', sizeof(name));
    for (u32 n = 150; n < 300; n += 50) {
        struct database *db = unnamed();

        name[n] = 0;
        name_assembly(db, name, "1.2.3.4");
        ok(takes(db) == (n < 250), "%u characters\n", n);
        name[n] = 'a';
    }
    target_end();
}

static void tables_are_checked(void)
{
    struct database *db;

    start();
    ok(takes(assembled()), "taken\n");
    db = assembled();
    msp_set(db, "MsiAssembly", "a", 4, 0);
    ok(!takes(db), ".NET's\n");
    db = assembled();
    msp_set_text(db, "MsiAssembly", "a", 2, "");
    ok(!takes(db), "no manifest\n");
    db = assembled();
    msp_set_text(db, "MsiAssembly", "a", 2, "one");
    ok(!takes(db), "another component's manifest\n");
    ok(takes(first()), "no assembly\n");
    db = unnamed();
    INST_TABLE(db,
               "MsiAssembly;Component_ s72 k;Feature_ s38;File_Manifest S72;File_Application "
               "S72;Attributes I2",
               "a;f;man;;1");
    ok(!takes(db), "no name\n");
    target_end();
}

/* A component of an application's own assembly stays in its folder. */
static void an_applications_own_is_in_its_folder(void)
{
    struct database *db = assembled();

    msp_set_text(db, "MsiAssembly", "a", 3, "lib");
    save(db, "own.msi");
    start();
    ok(!patched_run_of("own.msi", NULL, "", ""), "install\n");
    HAS(APP "Lib.dll", "lib");
    HAS(APP "Acme.manifest", "a-man");
    ok(!there(SXS), "nothing is stored\n");
    target_end();
}

/* --- undone, or done ----------------------------------------------------------------------------
 */

static struct session *open_with(const char *property, const char *files, const char *more)
{
    struct session *s;

    ok(!patched_open(property, files, more, &s), "open\n");
    return s;
}

static struct session *open_install(void)
{
    return open_with(NULL, "", "");
}

static struct session *open_removal(void)
{
    return open_with(NULL, "", "REMOVE=ALL");
}

static struct session *open_patch(void)
{
    return open_with("PATCH", "update.msp", "");
}

static void start_with_it(void)
{
    start();
    install();
    target_age();
}

static bool is_installed(void)
{
    return is_stored(STORE, "lib") && sweep_has(APP "one.txt", "one");
}

static bool is_removed(void)
{
    return is_stored(STORE, NULL) && !there(SXS) && sweep_has(APP "one.txt", NULL);
}

static bool is_patched_whole(void)
{
    return is_patched() && is_stored(STORE, NULL);
}

static const struct sweep_case installing = {start, open_install, NULL, is_installed, NULL},
                               removing = {start_with_it, open_removal, NULL, is_removed, NULL},
                               patching = {start_with_it, open_patch, NULL, is_patched_whole, NULL};

static void failures_undo_everything(void)
{
    sweep_failures(&installing, 8);
    sweep_failures(&removing, 8);
    sweep_failures(&patching, 5);
}

static void kills_undo_everything(void)
{
    sweep_kills(&installing, 23);
    sweep_kills(&removing, 19);
    sweep_kills(&patching, 29);
}

START_TEST(msi_inst_stores)
{
    make_all();
    RUN(comes_and_goes);
    RUN(is_found_and_repaired);
    RUN(goes_with_the_last);
    RUN(stays_for_another_context);
    RUN(wines_engine_has_clients_too);
    RUN(permanent_ones_stay);
    RUN(what_was_there_stays);
    RUN(what_was_there_stays_for_an_advertised_product);
    RUN(what_is_wines_is_replaced);
    RUN(a_patch_gives_it_another_name);
    RUN(what_was_there_stays_when_a_patch_leads_to_it);
    RUN(the_old_one_stays_for_others);
    RUN(names_are_checked);
    RUN(tables_are_checked);
    RUN(an_applications_own_is_in_its_folder);
    RUN(failures_undo_everything);
    RUN(kills_undo_everything);
    package_end(NULL);
}

/*
 * Any rows in the tables that actions plan from: whatever is planned is done whole or not at all,
 * and nothing is written beside the machine's folder. Or the package as an advertise script.
 *
 * Input: a byte that says how components are to be; then rows: a byte for the table, and for each
 * column one that says which text it has, or that bytes of the input follow.
 */
#include "../native/package_fixture.h"
#include "advscript.h"

static const char *const tables[] = {
    "Directory;Directory s72 k;Directory_Parent S72;DefaultDir l255",
    "Feature;Feature s38 k;Feature_Parent S38;Title L64;Description L255;Display I2;Level i2;"
    "Directory_ S72;Attributes i2",
    "Component;Component s72 k;ComponentId S38;Directory_ s72;Attributes i2;Condition S255;"
    "KeyPath S72",
    "FeatureComponents;Feature_ s38 k;Component_ s72 k",
    "Property;Property s72 k;Value l0",
    "File;File s72 k;Component_ s72;FileName l255;FileSize i4;Version S72;Language S20;Attributes "
    "I2;Sequence i2",
    "Registry;Registry s72 k;Root i2;Key l255;Name L255;Value L0;Component_ s72",
    "RemoveRegistry;RemoveRegistry s72 k;Root i2;Key l255;Name L255;Component_ s72",
    "IniFile;IniFile s72 k;FileName l255;DirProperty S72;Section l96;Key l128;Value l255;Action "
    "i2;Component_ s72",
    "RemoveIniFile;RemoveIniFile s72 k;FileName l255;DirProperty S72;Section l96;Key l128;Value "
    "L255;Action i2;Component_ s72",
    "Environment;Environment s72 k;Name l255;Value L255;Component_ s72",
    "Shortcut;Shortcut s72 k;Directory_ s72;Name l128;Component_ s72;Target s72;Arguments S255;"
    "Description L255;Hotkey I2;Icon_ S72;IconIndex I2;ShowCmd I2;WkDir S72",
    "DuplicateFile;FileKey s72 k;Component_ s72;File_ s72;DestName L255;DestFolder S72",
    "MoveFile;FileKey s72 k;Component_ s72;SourceName L255;DestName L255;SourceFolder S72;"
    "DestFolder s72;Options i2",
    "RemoveFile;FileKey s72 k;Component_ s72;FileName L255;DirProperty s72;InstallMode i2",
    "CreateFolder;Directory_ s72 k;Component_ s72 k",
    "Class;CLSID s38 k;Context s32 k;Component_ s72 k;ProgId_Default S255;Description L255;AppId_ "
    "S38;FileTypeMask S255;Icon_ S72;IconIndex I2;DefInprocHandler S32;Argument S255;Feature_ s38;"
    "Attributes I2",
    "ProgId;ProgId s255 k;ProgId_Parent S255;Class_ S38;Description L255;Icon_ S72;IconIndex I2",
    "Extension;Extension s255 k;Component_ s72 k;ProgId_ S255;MIME_ S64;Feature_ s38",
    "Verb;Extension_ s255 k;Verb s32 k;Sequence I2;Command L255;Argument L255",
    "MIME;ContentType s64 k;Extension_ s255;CLSID S38",
    "AppId;AppId s38 k;RemoteServerName S255;LocalService S255;ServiceParameters S255;DllSurrogate "
    "S255;ActivateAtStorage I2;RunAsInteractiveUser I2",
    "TypeLib;LibID s38 k;Language i2 k;Component_ s72 k;Version I4;Description L128;Directory_ S72;"
    "Feature_ s38;Cost I4",
    "Font;File_ s72 k;FontTitle S128",
    "PublishComponent;ComponentId s38 k;Qualifier s255 k;Component_ s72 k;AppData L255;Feature_ "
    "s38",
    "LockPermissions;LockObject s72 k;Table s32 k;Domain S255 k;User s255 k;Permission I4",
    "MsiAssembly;Component_ s72 k;Feature_ s38;File_Manifest S72;File_Application S72;Attributes "
    "I2",
    "MsiAssemblyName;Component_ s72 k;Name s255 k;Value s255",
    "ReserveCost;ReserveKey s72 k;Component_ s72;ReserveFolder S72;ReserveLocal i4;ReserveSource "
    "i4",
    "Icon;Name s72 k;Data S0",
};

/* None has a semicolon, which parts fields. */
static const char *const texts[] = {
    "",
    "c",
    "d",
    "e",
    "f",
    "g",
    "one",
    "two",
    "three",
    "INSTALLDIR",
    "TARGETDIR",
    "ProgramFilesFolder",
    "A",
    "B",
    "SourceDir",
    ".",
    "..",
    "a|b",
    "one.txt",
    "ONE~1.TXT|one.txt",
    "..\\..\\x",
    "C:\\x",
    "\\\\host\\share",
    "con",
    "a:b",
    "a?b*",
    "*",
    "[INSTALLDIR]",
    "[TARGETDIR]x",
    "[#one]",
    "[$c]",
    "[!two]",
    "[~]",
    "x[~]",
    "[~]x",
    "[[A]]",
    "[",
    "]",
    "[\\x]",
    "[%PATH]",
    "#1",
    "#x00ff",
    "#%a%",
    "##",
    "+",
    "-",
    "*=-+!",
    "=-*PATH",
    "Software\\X",
    "Software\\X\\Y\\Z",
    "\\Software",
    "Software\\\\X",
    "System\\CurrentControlSet",
    "0",
    "1",
    "2",
    "3",
    "-1",
    "4",
    "16",
    "256",
    "16384",
    "8192",
    "32767",
    "-32767",
    "2147483647",
    "{AAAAAAAA-2222-3333-4444-555555555555}",
    "{AAAAAAAA-2222-3333-4444-555555555556}",
    "{aaaaaaaa-2222-3333-4444-555555555557}",
    "{}",
    "LocalServer32",
    "InprocServer32",
    "text/plain",
    "Kind.Of.1",
    "txt",
    "open",
    "\x01",
    "Registry",
    "CreateFolder",
    "File",
    "Everyone",
    "name",
    "version",
    "publicKeyToken",
    "culture",
    "1.2.3.4",
    "65535.65535.65535.65535",
    "1033",
    "1033,1031",
    "f&c",
    "NOT Installed",
    "((((((",
    "1=1",
};

struct input {
    const u8 *p;
    size_t left;
};

static u8 next(struct input *in)
{
    if (!in->left)
        return 0;
    in->left--;
    return *in->p++;
}

static void add_field(struct input *in, char *row, size_t cap)
{
    size_t n = strlen(row);
    u8 which = next(in);

    if (which < ARRAY_LEN(texts)) {
        snprintf(row + n, cap - n, "%s", texts[which]);
        return;
    }
    if (which & 1) /* two of them, one behind the other */
        snprintf(row + n, cap - n, "%s%s", texts[next(in) % ARRAY_LEN(texts)],
                 texts[next(in) % ARRAY_LEN(texts)]);
    else
        for (u32 count = next(in) % 20; count && n + 2 < cap; count--) {
            char c = (char)next(in);

            row[n++] = c && c != ';' && !(c & 0x80) ? c : '_';
            row[n] = 0;
        }
}

static u32 columns_of(const char *schema)
{
    u32 n = 0;

    while ((schema = strchr(schema, ';'))) {
        schema++;
        n++;
    }
    return n;
}

static void add_rows(struct database *db, struct input *in)
{
    struct mem_db d = {NULL, db->core};

    for (u32 i = 5; i < ARRAY_LEN(tables); i++)
        add_table(&d, tables[i]);
    for (u32 count = 0; in->left && count < 60; count++) {
        const char *schema = tables[next(in) % ARRAY_LEN(tables)];
        char row[1500] = "", name[40];
        u32 columns = columns_of(schema);
        struct table *t = NULL;

        snprintf(name, sizeof(name), "%.*s", (int)strcspn(schema, ";"), schema);
        for (u32 i = 0; i < columns; i++) {
            add_field(in, row, sizeof(row) - 2);
            if (i + 1 < columns)
                strcat(row, ";");
        }
        if (!db_core_table(db->core, text16(name), strlen(name), &t))
            add_row(&d, t, row);
    }
}

static void set_states(struct session *s, u8 how)
{
    for (u32 i = 0; i < s->components.count; i++) {
        struct component *c = names_at(&s->components, i);

        if (how & 1 && (how >> (1 + i % 7)) & 1) {
            c->installed = STATE_LOCAL;
            c->action = STATE_ABSENT;
        }
    }
}

static u32 plan_all(struct session *s)
{
    static const char *const first[] = {"CostInitialize", "FileCost", "CostFinalize",
                                        "InstallValidate", "InstallInitialize"};
    u32 err = ERROR_SUCCESS;

    for (size_t i = 0; !err && i < ARRAY_LEN(first); i++)
        err = inst_act(s, first[i]);
    return err;
}

/* Behind those that look: each by itself, and what fails is undone with all the rest. */
static u32 act_all(struct session *s)
{
    u32 err = ERROR_SUCCESS;

    for (u32 i = 0; !err && install_actions[i].name; i++) {
        const char *name = install_actions[i].name;

        if (strcmp(name, "InstallAdminPackage") && !strstr(name, "Service") &&
            strcmp(name, "SelfRegModules") && strcmp(name, "SelfUnregModules"))
            err = inst_act(s, name);
    }
    return err ? err : inst_act(s, "InstallFinalize");
}

/* What is written as a script can be read as one. */
static void as_script(struct session *s, u8 parts)
{
    struct advscript script;
    struct database *db;

    if (advscript_write(s, u"Z:\\package.msi", text16(package_path("script.aas"))))
        return;
    if (db_open(text16(package_path("script.aas")), DB_DIRECT, false, &db))
        abort();
    if (advscript_read(db, &script))
        abort();
    advscript_free(&script);
    advscript_limit(db, parts);
    obj_unref(db_object(db));
}

static void machine(void)
{
    struct reg_key *key = NULL;

    target_folder("drive_c/windows");
    target_folder("drive_c/Program Files (x86)");
    target_folder("drive_c/Program Files (x86)/App");
    target_file("drive_c/Program Files (x86)/App/one.txt", "old");
    target_file("drive_c/Program Files (x86)/App/other.txt", "not ours");
    reg_make(REG_MACHINE, u"Software\\X", &key);
    reg_close(key);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
    struct input in = {data, size};
    struct database *db;
    struct session *s;
    char *was, *is;
    u32 err;
    u8 how;

    regmem_start();
    db = package_begin("plan");
    package_file("one.txt", "one", 3);
    machine();
    how = next(&in);
    add_rows(db, &in);
    package_save(db);
    s = package_open_file();
    if (s) {
        was = machine_state();
        err = plan_all(s);
        if (how >= 0xf0) {
            as_script(s, next(&in));
            free(was);
            package_end(s);
            return 0;
        }
        set_states(s, how);
        if (!err)
            err = act_all(s);
        if (err) {
            is = machine_state();
            if (strcmp(was, is)) {
                fprintf(stderr, "before:\n%s-- failed:\n%s", was, is);
                abort();
            }
            free(is);
        }
        free(was);
    }
    package_end(s);
    return 0;
}

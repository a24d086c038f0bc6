/*
 * What may be asked and set before, between and after the costing actions, and the order in which
 * arguments are looked at.
 */
#include "package.h"

static const char *name;
static MSIHANDLE session;

static void begin(void)
{
    name = new_name();
    session = open_session(name);
}

static void end(void)
{
    MsiCloseHandle(session);
    DeleteFileA(name);
}

static void act(const char *action)
{
    UINT err = MsiDoActionA(session, action);

    ok(!err, "%s: %u\n", action, err);
}

static const char *property(const char *property_name)
{
    static char text[512];
    DWORD size = sizeof(text);
    UINT err = MsiGetPropertyA(session, property_name, text, &size);

    if (err)
        snprintf(text, sizeof(text), "error %u", err);
    return text;
}

static const char *target(const char *folder)
{
    static char text[MAX_PATH];
    DWORD size = sizeof(text);
    UINT err = MsiGetTargetPathA(session, folder, text, &size);

    if (err)
        snprintf(text, sizeof(text), "error %u", err);
    return text;
}

static void a_target_is_set_before_costing_is_finished(void)
{
    begin();
    act("CostInitialize");
    ok(strlen(property("ROOTDRIVE")) == 3, "ROOTDRIVE %s\n", property("ROOTDRIVE"));
    ok(target("TARGETDIR")[1] == ':', "root %s\n", target("TARGETDIR"));
    ok(!MsiSetTargetPathA(session, "TARGETDIR", "C:\\top"), "set\n");
    ok(!strcmp(target("TARGETDIR"), "C:\\top\\"), "%s\n", target("TARGETDIR"));
    ok(MsiSetTargetPathA(session, "NoFolder", "C:\\top") == ERROR_DIRECTORY, "none\n");
    act("FileCost");
    act("CostFinalize");
    ok(!strcmp(target("TARGETDIR"), "C:\\top\\"), "%s\n", target("TARGETDIR"));
    ok(!strcmp(property("TARGETDIR"), "C:\\top\\"), "%s\n", property("TARGETDIR"));
    end();
}

static void attributes_are_set_between_the_costing_actions(void)
{
    begin();
    ok(MsiSetFeatureAttributesA(session, "feat", 2) == ERROR_FUNCTION_FAILED, "before\n");
    act("CostInitialize");
    ok(!MsiSetFeatureAttributesA(session, "feat", 2), "between\n");
    ok(MsiSetFeatureAttributesA(session, "none", 2) == ERROR_UNKNOWN_FEATURE, "no feature\n");
    act("FileCost");
    act("CostFinalize");
    ok(MsiSetFeatureAttributesA(session, "feat", 1) == ERROR_FUNCTION_FAILED, "after\n");
    ok(MsiSetFeatureAttributesA(session, "", 1) == ERROR_UNKNOWN_FEATURE, "empty name\n");
    end();
}

static void costing_says_how_far_it_is(void)
{
    begin();
    ok(!strcmp(property("CostingComplete"), ""), "%s\n", property("CostingComplete"));
    act("CostInitialize");
    ok(!strcmp(property("CostingComplete"), "0"), "%s\n", property("CostingComplete"));
    act("FileCost");
    act("CostFinalize");
    ok(!strcmp(property("CostingComplete"), "1"), "%s\n", property("CostingComplete"));
    ok(!strcmp(property("OutOfDiskSpace"), "0"), "%s\n", property("OutOfDiskSpace"));
    ok(!strcmp(property("INSTALLLEVEL"), "1"), "%s\n", property("INSTALLLEVEL"));
    end();
}

static void a_level_over_32767_is_refused(void)
{
    begin();
    act("CostInitialize");
    act("FileCost");
    act("CostFinalize");
    ok(MsiSetInstallLevel(session, 32768) == ERROR_INVALID_PARAMETER, "32768\n");
    ok(!MsiSetInstallLevel(session, 32767), "32767\n");
    ok(!strcmp(property("INSTALLLEVEL"), "32767"), "%s\n", property("INSTALLLEVEL"));
    end();
}

/* "all features are still updated based on the current installation level" */
static DWORD valid_states(const char *feature)
{
    DWORD states = 0;
    UINT err = MsiGetFeatureValidStatesA(session, feature, &states);

    return err ? 0x80000000 | err : states;
}

static void add_feature(MSIHANDLE db, const char *feature, const char *parent, int attributes)
{
    char query[300];

    snprintf(query, sizeof(query),
             "INSERT INTO `Feature` (`Feature`, `Feature_Parent`, `Level`, `Attributes`) VALUES "
             "('%s', '%s', 1, %d)",
             feature, parent, attributes);
    must_run(db, query);
}

/* A component of its own for a feature; `file` is of its File row, or -1. */
static void add_component(MSIHANDLE db, const char *feature, int attributes, int file)
{
    char query[300];

    snprintf(query, sizeof(query),
             "INSERT INTO `Component` (`Component`, `Directory_`, `Attributes`) VALUES ('c_%s', "
             "'INSTALLDIR', %d)",
             feature, attributes);
    must_run(db, query);
    snprintf(query, sizeof(query),
             "INSERT INTO `FeatureComponents` (`Feature_`, `Component_`) VALUES ('%s', 'c_%s')",
             feature, feature);
    must_run(db, query);
    if (file < 0)
        return;
    snprintf(query, sizeof(query),
             "INSERT INTO `File` (`File`, `Component_`, `FileName`, `FileSize`, `Attributes`, "
             "`Sequence`) VALUES ('f_%s', 'c_%s', 'f', 1, %d, 1)",
             feature, feature, file);
    must_run(db, query);
}

/* 2 advertised, 4 absent, 8 local, 16 source. */
static void valid_states_are_those_of_the_page(void)
{
    MSIHANDLE db;

    name = new_name();
    make_package(name);
    ok(!MsiOpenDatabaseA(name, OPEN_TRANSACT, &db), "open\n");
    add_feature(db, "empty", "", 0);
    add_feature(db, "optional", "", 0);
    add_component(db, "optional", 2, -1);
    add_feature(db, "source", "", 0);
    add_component(db, "source", 1, -1);
    add_feature(db, "packed", "", 0);
    add_component(db, "packed", 2, 0x4000);
    add_feature(db, "silent", "", 8);
    add_feature(db, "stays", "", 16);
    add_feature(db, "follows", "feat", 2);
    ok(!MsiDatabaseCommit(db), "commit\n");
    MsiCloseHandle(db);
    MsiSetInternalUI(INSTALLUILEVEL_NONE, NULL);
    ok(!MsiOpenPackageA(name, &session), "open\n");
    act("CostInitialize");
    act("FileCost");
    act("CostFinalize");
#define VALID(feature, want)                     \
    differs("MsiGetFeatureValidStates, Remarks") \
        ok(valid_states(feature) == (want), "%s: %lx\n", feature, valid_states(feature))
    VALID("feat", 14); /* the page's own example */
    VALID("empty", 2 + 4 + 8 + 16);
    VALID("optional", 2 + 4 + 8 + 16);
    VALID("source", 2 + 4 + 16);
    VALID("packed", 2 + 4 + 8);
    VALID("silent", 4 + 8 + 16);
    VALID("stays", 2 + 8 + 16);
    VALID("follows", 2 + 4 + 8);
    end();
}

static void level_zero_selects_again(void)
{
    INSTALLSTATE installed, action = INSTALLSTATE_UNKNOWN;

    begin();
    act("CostInitialize");
    act("FileCost");
    act("CostFinalize");
    ok(!MsiSetFeatureStateA(session, "feat", INSTALLSTATE_ABSENT), "set\n");
    ok(!MsiSetInstallLevel(session, 0), "level 0\n");
    MsiGetFeatureStateA(session, "feat", &installed, &action);
    ok(action == INSTALLSTATE_LOCAL, "action %d\n", action);
    end();
}

static void the_source_is_resolved(void)
{
    char path[MAX_PATH];
    DWORD size = sizeof(path);

    begin();
    ok(!strcmp(property("SourceDir"), ""), "before: %s\n", property("SourceDir"));
    act("ResolveSource");
    ok(property("SourceDir")[1] == ':', "after: %s\n", property("SourceDir"));
    ok(property("SOURCEDIR")[1] == ':', "after: %s\n", property("SOURCEDIR"));
    act("CostInitialize");
    ok(!MsiGetSourcePathA(session, "SourceDir", path, &size) &&
           !strcmp(path, property("SourceDir")),
       "%s\n", path);
    end();
}

static void add_huge_files(MSIHANDLE db)
{
    MSIHANDLE view = 0, rec = MsiCreateRecord(1);
    char file[16];

    ok(!MsiDatabaseOpenViewA(db,
                             "INSERT INTO `File` (`File`, `Component_`, `FileName`, `FileSize`, "
                             "`Sequence`) VALUES (?, 'comp', 'x', 2147483647, 2)",
                             &view),
       "view\n");
    for (int i = 0; i < 20000; i++) {
        snprintf(file, sizeof(file), "h%d", i);
        MsiRecordSetStringA(rec, 1, file);
        if (MsiViewExecute(view, rec))
            ok(0, "insert %d\n", i);
    }
    MsiCloseHandle(rec);
    MsiCloseHandle(view);
}

static void a_full_disk_is_told(void)
{
    MSIHANDLE db;

    begin();
    ok(MsiVerifyDiskSpace(session) == ERROR_INVALID_HANDLE_STATE, "before costing\n");
    act("CostInitialize");
    act("FileCost");
    act("CostFinalize");
    ok(!MsiVerifyDiskSpace(session), "room for 100 bytes\n");
    MsiCloseHandle(session);
    ok(!MsiOpenDatabaseA(name, OPEN_TRANSACT, &db), "open\n");
    add_huge_files(db);
    ok(!MsiDatabaseCommit(db), "commit\n");
    MsiCloseHandle(db);
    ok(!MsiOpenPackageA(name, &session), "package\n");
    act("CostInitialize");
    act("FileCost");
    act("CostFinalize");
    ok(MsiVerifyDiskSpace(session) == ERROR_DISK_FULL, "40 TB\n");
    ok(!strcmp(property("OutOfDiskSpace"), "1"), "%s\n", property("OutOfDiskSpace"));
    end();
}

static void names_are_looked_at_before_handles(void)
{
    char buf[8];
    DWORD size = sizeof(buf);

    ok(MsiGetPropertyA(0, NULL, buf, &size) == ERROR_INVALID_PARAMETER, "property\n");
    ok(MsiGetTargetPathA(0, NULL, buf, &size) == ERROR_INVALID_PARAMETER, "target\n");
    ok(MsiGetSourcePathA(0, NULL, buf, &size) == ERROR_INVALID_PARAMETER, "source\n");
    ok(MsiSetTargetPathA(0, "x", NULL) == ERROR_INVALID_PARAMETER, "set target\n");
    ok(MsiDoActionA(0, NULL) == ERROR_INVALID_PARAMETER, "action\n");
    ok(MsiSequenceA(0, NULL, 0) == ERROR_INVALID_PARAMETER, "sequence\n");
    ok(MsiGetFeatureStateA(0, NULL, NULL, NULL) == ERROR_UNKNOWN_FEATURE, "feature\n");
    ok(MsiSetFeatureStateA(0, NULL, 3) == ERROR_UNKNOWN_FEATURE, "set feature\n");
    ok(MsiGetComponentStateA(0, NULL, NULL, NULL) == ERROR_UNKNOWN_COMPONENT, "component\n");
    ok(MsiGetFeatureInfoA(0, NULL, NULL, NULL, NULL, NULL, NULL) == ERROR_INVALID_PARAMETER,
       "feature info\n");
    ok(MsiSetPropertyA(0, NULL, "x") == ERROR_INVALID_HANDLE, "a property's is not\n");
}

static void a_sequence_needs_its_columns(void)
{
    begin();
    ok(MsiSequenceA(session, "Property", 0) == ERROR_BAD_QUERY_SYNTAX, "of properties\n");
    ok(MsiSequenceA(session, "NoTable", 0) == ERROR_BAD_QUERY_SYNTAX, "of nothing\n");
    end();
}

static void characters_have_a_height(void)
{
    begin();
    differs("TextHeight property")
        ok(atoi(property("TextHeight")) > 0, "'%s'\n", property("TextHeight"));
    differs("TextHeight property") ok(property("TextInternalLeading")[0] != 0, "no leading\n");
    differs("TextHeight property")
        ok(!strcmp(property("TTCSupport"), "1"), "'%s'\n", property("TTCSupport"));
    end();
}

static void the_machine_has_folders_and_a_user(void)
{
    size_t n;

    begin();
    ok(!strncmp(property("UserSID"), "S-1-", 4), "UserSID %s\n", property("UserSID"));
    ok(property("RecentFolder")[1] == ':', "RecentFolder %s\n", property("RecentFolder"));
    ok(property("NetHoodFolder")[1] == ':', "NetHoodFolder %s\n", property("NetHoodFolder"));
    ok(property("PrintHoodFolder")[1] == ':', "PrintHoodFolder %s\n", property("PrintHoodFolder"));
    n = strlen(property("SystemFolder"));
    ok(n > 10 && !_stricmp(property("SystemFolder") + n - 10,
                           *property("System64Folder") ? "\\syswow64\\" : "\\system32\\"),
       "SystemFolder %s\n", property("SystemFolder"));
    end();
}

START_TEST(costing)
{
    test_dll("msi");
    CoInitialize(NULL);
    RUN(names_are_looked_at_before_handles);
    RUN(characters_have_a_height);
    RUN(the_machine_has_folders_and_a_user);
    RUN(costing_says_how_far_it_is);
    RUN(a_level_over_32767_is_refused);
    RUN(the_source_is_resolved);
    RUN(attributes_are_set_between_the_costing_actions);
    if (test_builtin_dlls) {
        skip("Wine's ends the process or does not look\n");
        return;
    }
    RUN(a_target_is_set_before_costing_is_finished);
    RUN(valid_states_are_those_of_the_page);
    RUN(level_zero_selects_again);
    RUN(a_full_disk_is_told);
    RUN(a_sequence_needs_its_columns);
}

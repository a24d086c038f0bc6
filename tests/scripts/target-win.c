/*
 * The seam to the machine's files, target_win.c, on the system that it is for. The script
 * target-win builds it with the engine's own objects. Its folder is the current one.
 */
#include "test.h"

#include "target.h"
#include "utf16.h"

static char16_t base[MAX_PATH];

/* A path in the test's folder. */
static const char16_t *at(const char16_t *name)
{
    static char16_t room[8][1024];
    static int turn;
    char16_t *to = room[turn++ % 8];
    size_t n = u16_copy(to, 1024, base);

    to[n++] = '\\';
    u16_copy(to + n, 1024 - n, name);
    return to;
}

static void put(const char16_t *name, const char *text)
{
    struct tgt_file *f = NULL;
    u32 err = tgt_create(at(name), &f);

    ok(!err, "%ls: created %u\n", (const WCHAR *)name, err);
    if (err)
        return;
    ok(!tgt_write(f, text, (u32)strlen(text)), "written\n");
    ok(!tgt_sync(f), "synced\n");
    tgt_close(f);
}

static const char *get(const char16_t *name)
{
    static char text[100];
    struct tgt_file *f = NULL;
    u32 got = 0;

    text[0] = 0;
    if (tgt_open(at(name), &f))
        return "no such file";
    tgt_read(f, text, sizeof(text) - 1, &got);
    text[got] = 0;
    tgt_close(f);
    return text;
}

static u32 attributes_of(const char16_t *name)
{
    struct tgt_stat st = {0};

    return tgt_stat(at(name), &st) ? 0xffffffff : st.attributes;
}

static void files_are_made_once(void)
{
    struct tgt_file *f;

    put(u"once", "some bytes");
    ok(!strcmp(get(u"once"), "some bytes"), "got %s\n", get(u"once"));
    ok(tgt_create(at(u"once"), &f) == ERROR_FILE_EXISTS, "made twice\n");
    ok(tgt_create(at(u"no\\once"), &f) == ERROR_PATH_NOT_FOUND, "made in no folder\n");
    ok(tgt_open(at(u"none"), &f) == ERROR_FILE_NOT_FOUND, "opened\n");
    ok(tgt_remove(at(u"once")) == 0, "not removed\n");
    ok(tgt_remove(at(u"once")) == ERROR_FILE_NOT_FOUND, "removed twice\n");
}

static void a_stat_has_size_times_and_attributes(void)
{
    struct tgt_stat st, folder;

    put(u"stat", "12345");
    ok(!tgt_set_attributes(at(u"stat"), TGT_HIDDEN | TGT_READONLY), "attributes\n");
    ok(!tgt_set_times(at(u"stat"), 0, 0x01c9000000000000), "times\n");
    ok(!tgt_stat(at(u"stat"), &st), "stat\n");
    ok(st.size == 5, "size %u\n", (u32)st.size);
    ok((st.attributes & ~TGT_ARCHIVE) == (TGT_HIDDEN | TGT_READONLY), "attributes %x\n",
       st.attributes);
    ok(st.written == 0x01c9000000000000, "written %llx\n", (unsigned long long)st.written);
    ok(!tgt_set_attributes(at(u"stat"), 0), "attributes\n");
    ok(!(attributes_of(u"stat") & (TGT_HIDDEN | TGT_READONLY)), "they stay\n");
    ok(!tgt_stat(base, &folder), "stat\n");
    ok(folder.attributes & TGT_FOLDER, "attributes %x\n", folder.attributes);
    ok(folder.volume == st.volume, "volumes differ\n");
    ok(tgt_stat(at(u"none"), &st) == ERROR_FILE_NOT_FOUND, "there is one\n");
    ok(tgt_stat(at(u"none\\none"), &st) == ERROR_PATH_NOT_FOUND, "there is one\n");
    tgt_remove(at(u"stat"));
}

static void what_is_read_only_can_be_removed_and_renamed(void)
{
    put(u"ro", "x");
    tgt_set_attributes(at(u"ro"), TGT_READONLY);
    ok(!tgt_rename(at(u"ro"), at(u"ro2")), "not renamed\n");
    ok(attributes_of(u"ro2") & TGT_READONLY, "it lost its attribute\n");
    ok(!tgt_remove(at(u"ro2")), "not removed\n");
}

static void a_rename_replaces_nothing(void)
{
    put(u"a", "of a");
    put(u"b", "of b");
    tgt_make_folder(at(u"empty"));
    ok(tgt_rename(at(u"a"), at(u"b")) == ERROR_FILE_EXISTS, "over a file\n");
    ok(tgt_rename(at(u"a"), at(u"empty")) == ERROR_FILE_EXISTS, "over a folder\n");
    ok(!strcmp(get(u"b"), "of b"), "got %s\n", get(u"b"));
    ok(attributes_of(u"empty") & TGT_FOLDER, "the folder is gone\n");
    ok(!tgt_rename(at(u"a"), at(u"A")), "another case\n");
    ok(!tgt_rename(at(u"A"), at(u"empty\\a")), "into a folder\n");
    ok(!strcmp(get(u"empty\\a"), "of a"), "got %s\n", get(u"empty\\a"));
    ok(tgt_rename(at(u"none"), at(u"c")) == ERROR_FILE_NOT_FOUND, "renamed\n");
    ok(!tgt_remove(at(u"empty\\a")), "removed\n");
    ok(!tgt_remove(at(u"b")), "removed\n");
    ok(!tgt_remove_folder(at(u"empty")), "removed\n");
}

static void folders_are_made_and_removed_when_empty(void)
{
    ok(!tgt_make_folder(at(u"f")), "made\n");
    ok(tgt_make_folder(at(u"f")) == ERROR_ALREADY_EXISTS, "made twice\n");
    ok(tgt_make_folder(at(u"none\\f")) == ERROR_PATH_NOT_FOUND, "made in none\n");
    put(u"f\\x", "x");
    ok(tgt_make_folder(at(u"f\\x")) == ERROR_DIRECTORY, "made over a file\n");
    ok(tgt_remove_folder(at(u"f")) == ERROR_DIR_NOT_EMPTY, "removed\n");
    ok(tgt_remove_folder(at(u"f\\x")) == ERROR_DIRECTORY, "a file was removed as a folder\n");
    ok(!tgt_remove(at(u"f\\x")), "removed\n");
    ok(!tgt_remove_folder(at(u"f\\")), "not removed\n");
    ok(tgt_remove_folder(at(u"f")) == ERROR_FILE_NOT_FOUND, "removed twice\n");
}

static u32 count_one(void *ctx, const char16_t *name, u32 attributes)
{
    u32 *counts = ctx;

    counts[attributes & TGT_FOLDER ? 1 : 0]++;
    return u16_is(name, u16_len(name), "stop") ? ERROR_CANCELLED : ERROR_SUCCESS;
}

static void a_folder_tells_its_names(void)
{
    u32 counts[2] = {0, 0};

    tgt_make_folder(at(u"names"));
    ok(!tgt_each(at(u"names"), count_one, counts), "an empty one\n");
    ok(!counts[0] && !counts[1], "it has %u and %u\n", counts[0], counts[1]);
    put(u"names\\one", "1");
    put(u"names\\two", "2");
    tgt_make_folder(at(u"names\\three"));
    ok(!tgt_each(at(u"names"), count_one, counts), "a full one\n");
    ok(counts[0] == 2 && counts[1] == 1, "it has %u and %u\n", counts[0], counts[1]);
    put(u"names\\stop", "4");
    ok(tgt_each(at(u"names"), count_one, counts) == ERROR_CANCELLED, "not stopped\n");
    ok(tgt_each(at(u"none"), count_one, counts) != 0, "none\n");
    tgt_remove(at(u"names\\stop"));
    tgt_remove(at(u"names\\one"));
    tgt_remove(at(u"names\\two"));
    tgt_remove_folder(at(u"names\\three"));
    ok(!tgt_remove_folder(at(u"names")), "not empty\n");
}

static void what_is_no_full_path_is_refused(void)
{
    static const char16_t *const bad[] = {
        u"",           u"name",       u"\\name",         u"C:name",       u"C:\\a\\..\\b",
        u"C:\\a/b",    u"C:\\con",    u"C:\\x\\NUL.txt", u"C:\\a:stream", u"C:\\dot.",
        u"C:\\blank ", u"C:\\a\\\\b", u"C:\\a*",         u"\\\\?\\C:\\a", u"\\\\.\\pipe\\a",
        u"1:\\a",
    };
    struct tgt_stat st;

    for (size_t i = 0; i < ARRAY_LEN(bad); i++)
        ok(tgt_stat(bad[i], &st) == ERROR_BAD_PATHNAME, "%ls\n", (const WCHAR *)bad[i]);
    ok(!tgt_stat(u"C:", &st), "a drive\n");
    ok(!tgt_stat(u"C:\\", &st), "a drive's root\n");
    ok(st.attributes & TGT_FOLDER, "attributes %x\n", st.attributes);
}

static void paths_may_be_long(void)
{
    char16_t name[400];
    u32 depth = 0;

    u16_copy(name, 400, u"");
    for (; depth < 8; depth++) {
        size_t n = u16_len(name);

        u16_copy(name + n, 400 - n, u"\\a folder with a long name of its own");
        ok(!tgt_make_folder(at(name + 1)), "folder %u\n", depth);
    }
    u16_copy(name + u16_len(name), 20, u"\\file");
    put(name + 1, "deep");
    ok(u16_len(at(name + 1)) > MAX_PATH, "it is %u long\n", (u32)u16_len(at(name + 1)));
    ok(!strcmp(get(name + 1), "deep"), "got %s\n", get(name + 1));
    ok(!tgt_remove(at(name + 1)), "removed\n");
    while (depth--) {
        *(char16_t *)wcsrchr((WCHAR *)name, L'\\') = 0;
        ok(!tgt_remove_folder(at(name + 1)), "folder %u\n", depth);
    }
}

static void what_is_in_use_is_said(void)
{
    struct tgt_file *f;
    HANDLE held;

    put(u"used", "x");
    held = CreateFileW((const WCHAR *)at(u"used"), GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    ok(tgt_open(at(u"used"), &f) == ERROR_SHARING_VIOLATION, "opened\n");
    ok(tgt_remove(at(u"used")) == ERROR_SHARING_VIOLATION, "removed\n");
    ok(tgt_rename(at(u"used"), at(u"used2")) == ERROR_SHARING_VIOLATION, "renamed\n");
    CloseHandle(held);
    ok(!tgt_remove(at(u"used")), "not removed\n");
}

static void drives_tell_their_room(void)
{
    u64 room = 0;
    u32 cluster = 0;

    ok(!tgt_space(at(u"none\\none"), &room, &cluster), "no answer\n");
    ok(room && cluster && !(cluster & (cluster - 1)), "%llu and %u\n", (unsigned long long)room,
       cluster);
}

static void programs_have_versions(void)
{
    u32 version[4] = {0}, language = 77;

    ok(tgt_version(u"C:\\windows\\system32\\kernel32.dll", version, &language), "none\n");
    ok(version[0] && language != 77, "version %u language %u\n", version[0], language);
    put(u"text", "no program");
    ok(!tgt_version(at(u"text"), version, &language), "a text has one\n");
    ok(!tgt_version(at(u"none"), version, &language), "nothing has one\n");
    tgt_remove(at(u"text"));
}

/* The script made `link` and `links`, to a file and to a folder elsewhere. */
static void links_are_not_followed(void)
{
    struct tgt_file *f;

    ok(attributes_of(u"link") & TGT_LINK, "attributes %x\n", attributes_of(u"link"));
    ok(attributes_of(u"links") & TGT_LINK, "attributes %x\n", attributes_of(u"links"));
    ok(!(attributes_of(u"links\\inside") & TGT_LINK), "attributes %x\n",
       attributes_of(u"links\\inside"));
    ok(tgt_remove_folder(at(u"links")) == ERROR_ACCESS_DENIED, "removed\n");
    ok(tgt_set_attributes(at(u"links"), TGT_HIDDEN) == ERROR_ACCESS_DENIED, "set\n");
    ok(tgt_create(at(u"link"), &f) == ERROR_FILE_EXISTS, "made over a link\n");
}

/* The script made two folders with old times, and a name in both: a file in `aged`, a link in
 * `other`. */
static void a_link_is_not_renamed_as_a_file(void)
{
    ok(tgt_rename_file(at(u"link"), at(u"moved")) == ERROR_ACCESS_DENIED, "the link\n");
    ok(attributes_of(u"link") & TGT_LINK, "it is a link still\n");
    ok(attributes_of(u"moved") == 0xffffffff, "moved\n");
    put(u"no link", "bytes");
    ok(!tgt_rename_file(at(u"NO LINK"), at(u"moved")), "a file\n");
    ok(!strcmp(get(u"moved"), "bytes"), "got %s\n", get(u"moved"));
    put(u"another", "other bytes");
    ok(tgt_rename_file(at(u"moved"), at(u"another")) == ERROR_FILE_EXISTS, "it is there\n");
    ok(!tgt_remove(at(u"moved")) && !tgt_remove(at(u"another")), "removed\n");
}

static void link_in_the_place_of_a_file_is_seen(void)
{
    ok(attributes_of(u"aged\\name") == TGT_ARCHIVE, "%x\n", attributes_of(u"aged\\name"));
    ok(attributes_of(u"aged\\name") == TGT_ARCHIVE, "%x\n", attributes_of(u"aged\\name"));
    ok(!tgt_rename(at(u"aged"), at(u"aside")), "not renamed\n");
    ok(!tgt_rename(at(u"other"), at(u"aged")), "not renamed\n");
    ok(attributes_of(u"aged\\name") & TGT_LINK, "%x\n", attributes_of(u"aged\\name"));
}

/* So often that the folder's names are read once. */
static void ask_often(const char16_t *name)
{
    for (int i = 0; i < 8; i++)
        attributes_of(name);
}

/* Somebody else's file. */
static void put_aside(const char16_t *name)
{
    HANDLE f = CreateFileW((const WCHAR *)at(name), GENERIC_WRITE, 0, NULL, CREATE_NEW, 0, NULL);

    ok(f != INVALID_HANDLE_VALUE, "made: %lu\n", GetLastError());
    CloseHandle(f);
}

static const char16_t *real_name_of(const char16_t *name)
{
    static char16_t real[100];

    return tgt_real_name(at(name), real, 100) ? u"none" : real;
}

static void names_are_found_in_any_case_when_asked_often(void)
{
    struct tgt_file *f;

    ok(!tgt_make_folder(at(u"often")), "folder\n");
    put(u"often\\First.txt", "first");
    ask_often(u"often\\none");
    ok(!strcmp(get(u"often\\FIRST.TXT"), "first"), "got %s\n", get(u"often\\FIRST.TXT"));
    ok(!u16_compare(real_name_of(u"often\\FIRST.txt"), 9, u"First.txt", 9), "its name\n");
    ok(tgt_create(at(u"often\\first.TXT"), &f) == ERROR_FILE_EXISTS, "made twice\n");
    put(u"often\\Second.txt", "second");
    ok(!strcmp(get(u"often\\sECOND.txt"), "second"), "got %s\n", get(u"often\\sECOND.txt"));
    ok(tgt_rename(at(u"often\\first.txt"), at(u"often\\SECOND.TXT")) == ERROR_FILE_EXISTS,
       "replaced\n");
    ok(!tgt_rename(at(u"often\\first.txt"), at(u"often\\FIRST.txt")), "its case\n");
    ok(!u16_compare(real_name_of(u"often\\first.txt"), 9, u"FIRST.txt", 9), "its new name\n");
    ok(!tgt_remove(at(u"often\\First.TXT")), "removed\n");
    ok(tgt_remove(at(u"often\\FIRST.txt")) == ERROR_FILE_NOT_FOUND, "removed twice\n");
    put(u"often\\first.TXT", "again");
    ok(!u16_compare(real_name_of(u"often\\FIRST.txt"), 9, u"first.TXT", 9), "named anew\n");
}

static void what_others_do_is_seen(void)
{
    ok(!tgt_make_folder(at(u"others")), "folder\n");
    put(u"others\\ours", "ours");
    ask_often(u"others\\none");
    put_aside(u"others\\theirs");
    ok(attributes_of(u"others\\theirs") != 0xffffffff, "made by others\n");
    ok(DeleteFileW((const WCHAR *)at(u"others\\ours")), "removed by others\n");
    ok(attributes_of(u"others\\ours") == 0xffffffff, "it is there\n");
    put(u"others\\ours", "anew");
    ok(!strcmp(get(u"others\\OURS"), "anew"), "got %s\n", get(u"others\\OURS"));
    put_aside(u"others\\By Programs");
    tgt_forget();
    ok(attributes_of(u"others\\by programs") != 0xffffffff, "made by a program\n");
    ok(!tgt_remove(at(u"others\\ours")) && !tgt_remove(at(u"others\\theirs")) &&
           !tgt_remove(at(u"others\\by programs")) && !tgt_remove_folder(at(u"others")),
       "removed\n");
    ok(!tgt_make_folder(at(u"OTHERS")), "folder\n");
    put(u"Others\\ours", "in the new one");
    ask_often(u"others\\none");
    ok(!strcmp(get(u"oTHERS\\OURS"), "in the new one"), "got %s\n", get(u"oTHERS\\OURS"));
}

static void a_folder_that_is_made_later_has_names(void)
{
    struct tgt_stat st;

    ask_often(u"later\\none");
    ask_often(u"later\\deep\\none");
    ok(tgt_stat(at(u"later\\none"), &st) == ERROR_PATH_NOT_FOUND, "nothing is there\n");
    ok(tgt_stat(at(u"later\\deep\\none"), &st) == ERROR_PATH_NOT_FOUND, "nothing is there\n");
    ok(!tgt_make_folder(at(u"Later")) && !tgt_make_folder(at(u"LATER\\Deep")), "folders\n");
    put(u"later\\First.txt", "first");
    put(u"later\\deep\\Second.txt", "second");
    ok(!strcmp(get(u"LATER\\FIRST.TXT"), "first"), "got %s\n", get(u"LATER\\FIRST.TXT"));
    ask_often(u"later\\deep\\none");
    ok(!strcmp(get(u"later\\Deep\\SECOND.txt"), "second"), "in the deep one\n");
    ok(!u16_compare(real_name_of(u"LATER"), 5, u"Later", 5), "its name\n");

    ask_often(u"soon\\none");
    ok(CreateDirectoryW((const WCHAR *)at(u"soon"), NULL), "made by others\n");
    put_aside(u"soon\\theirs");
    ok(attributes_of(u"soon\\theirs") != 0xffffffff, "made by others\n");
    put(u"soon\\ours", "ours");
    ok(!strcmp(get(u"soon\\OURS"), "ours"), "got %s\n", get(u"soon\\OURS"));
}

START_TEST(target)
{
    GetCurrentDirectoryW(MAX_PATH, (WCHAR *)base);
    RUN(files_are_made_once);
    RUN(a_stat_has_size_times_and_attributes);
    RUN(what_is_read_only_can_be_removed_and_renamed);
    RUN(a_rename_replaces_nothing);
    RUN(folders_are_made_and_removed_when_empty);
    RUN(a_folder_tells_its_names);
    RUN(what_is_no_full_path_is_refused);
    RUN(paths_may_be_long);
    RUN(what_is_in_use_is_said);
    RUN(drives_tell_their_room);
    RUN(programs_have_versions);
    RUN(links_are_not_followed);
    RUN(a_link_is_not_renamed_as_a_file);
    RUN(link_in_the_place_of_a_file_is_seen);
    RUN(names_are_found_in_any_case_when_asked_often);
    RUN(what_others_do_is_seen);
    RUN(a_folder_that_is_made_later_has_names);
}

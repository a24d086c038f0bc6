/*
 * msiexec's command line: every option, what may stand with what, and quoting in all its forms.
 */
#include "test.h"

#include "../../tools/msiexec/args.c"
#include "../../tools/msiexec/cmdline.c"

static char shown[4][1024];

static const char *utf8(const char16_t *s)
{
    static int turn;
    char *to = shown[turn++ % 4];
    size_t n = s ? u16_to_utf8(to, sizeof(shown[0]) - 1, s, u16_len(s), false) : 0;

    to[n] = 0;
    return s ? to : "(none)";
}

static struct cmdline c;

static u32 parse(const char *line)
{
    static char16_t wide[1024];

    cmdline_free(&c);
    wide[u16_from_utf8(wide, ARRAY_LEN(wide) - 1, line, strlen(line), false)] = 0;
    return cmdline_parse(wide, &c);
}

#define PARSES(line)                                                                              \
    do {                                                                                          \
        u32 result_ = parse(line);                                                                \
        ok(!result_, "%s: %u, %s %s\n", line, result_, c.wrong ? c.wrong : "", utf8(c.wrong_at)); \
    } while (0)
#define WRONG(line)        ok(parse(line) == ERROR_INVALID_COMMAND_LINE && c.wrong, "%s is taken\n", line)
#define TEXT_IS(got, want) ok(!strcmp(utf8(got), want), "got %s\n", utf8(got))

static void each_command_has_its_argument(void)
{
    static const struct {
        const char *line;
        enum command command;
        const char *what;
    } lines[] = {
        {"/i a.msi", COMMAND_INSTALL, "a.msi"},
        {"-I a.msi", COMMAND_INSTALL, "a.msi"},
        {"/package a.msi", COMMAND_INSTALL, "a.msi"},
        {"/I{11111111-2222-3333-4444-555555555555}", COMMAND_INSTALL,
         "{11111111-2222-3333-4444-555555555555}"},
        {"/X{11111111-2222-3333-4444-555555555555}", COMMAND_UNINSTALL,
         "{11111111-2222-3333-4444-555555555555}"},
        {"/x a.msi", COMMAND_UNINSTALL, "a.msi"},
        {"/uninstall a.msi", COMMAND_UNINSTALL, "a.msi"},
        {"/i\"C:\\a b.msi\"", COMMAND_INSTALL, "C:\\a b.msi"},
        {"/i /home/user/a.msi", COMMAND_INSTALL, "/home/user/a.msi"},
        {"/i http://server/a.msi", COMMAND_INSTALL, "http://server/a.msi"},
        {"/f a.msi", COMMAND_REPAIR, "a.msi"},
        {"/fa{11111111-2222-3333-4444-555555555555}", COMMAND_REPAIR,
         "{11111111-2222-3333-4444-555555555555}"},
        {"/a a.msi", COMMAND_ADMIN, "a.msi"},
        {"/j a.msi", COMMAND_ADVERTISE, "a.msi"},
        {"/ju a.msi", COMMAND_ADVERTISE, "a.msi"},
        {"/JM a.msi", COMMAND_ADVERTISE, "a.msi"},
        {"/p a.msp", COMMAND_PATCH, "a.msp"},
        {"/p a.msp;b.msp", COMMAND_PATCH, "a.msp;b.msp"},
        {"/update a.msp", COMMAND_PATCH, "a.msp"},
        {"/y .\\a.dll", COMMAND_REGISTER, ".\\a.dll"},
        {"/z a.dll", COMMAND_UNREGISTER, "a.dll"},
        {"/?", COMMAND_HELP, "(none)"},
        {"/h", COMMAND_HELP, "(none)"},
        {"/help", COMMAND_HELP, "(none)"},
        {"/recover /qn", COMMAND_RECOVER, "(none)"},
        {"-Embedding 1234", COMMAND_OF_WINE, "(none)"},
        {"/V", COMMAND_OF_WINE, "(none)"},
    };

    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        PARSES(lines[i].line);
        ok(c.command == lines[i].command, "%s: command %d\n", lines[i].line, c.command);
        TEXT_IS(c.what, lines[i].what);
    }
}

static void wrong_lines_are_told(void)
{
    static const char *const lines[] = {
        "",
        "/i",
        "/i /qn",
        "/i \"\"",
        "/bogus",
        "a.msi",
        "/i a.msi b.msi",
        "/i a.msi /x b.msi",
        "/i a.msi /i b.msi",
        "/qx",
        "/i a.msi /qnb",
        "/i a.msi /qb+-",
        "/i a.msi /qf!",
        "/i a.msi /qn-",
        "/i a.msi /l",
        "/i a.msi /lk log",
        "/i a.msi /l*v",
        "/fk a.msi",
        "/i a.msi /t a.mst",
        "/i a.msi /c",
        "/i a.msi /g 1033",
        "/j a.msi /g x",
        "/j a.msi /c",
        "/i a.msi /promptrestart /quiet",
        "/i a.msi /n x",
        "/i a.msi =x",
        "/i a.msi A",
        "/pasive",
        "/i a.msi /log",
        "/qn",
        "/i PROPERTY=value /qn a.msi",
    };

    for (size_t i = 0; i < ARRAY_LEN(lines); i++)
        WRONG(lines[i]);
}

static void properties_keep_their_values(void)
{
    PARSES("/i a.msi prop=VALUE B=\"two words\" C=\"\"");
    TEXT_IS(c.properties, "PROP=\"VALUE\" B=\"two words\" C=\"\"");
    PARSES("/i a.msi P=\"Embedded \"\"Quotes\"\" White Space\"");
    TEXT_IS(c.properties, "P=\"Embedded \"\"Quotes\"\" White Space\"");
    PARSES("/i a.msi INSTALLDIR=\"C:\\a b\\\" /qn");
    TEXT_IS(c.properties, "INSTALLDIR=\"C:\\a b\\\"");
    ok(c.ui == UI_NONE, "level %x\n", c.ui);
}

static void what_a_shell_quoted_is_the_same(void)
{
    /* PROP=a b, and PROP="a b", as one argument each */
    PARSES("/i a.msi \"PROP=a b\"");
    TEXT_IS(c.properties, "PROP=\"a b\"");
    PARSES("/i a.msi \"PROP=\\\"a b\\\"\"");
    TEXT_IS(c.properties, "PROP=\"a b\"");
    PARSES("/i \"C:\\a b\\c.msi\" INSTALLDIR=\\\"C:\\x\\\\\\\"");
    TEXT_IS(c.what, "C:\\a b\\c.msi");
    TEXT_IS(c.properties, "INSTALLDIR=\"C:\\x\\\"");
    PARSES("/i a.msi \"PROP=say \\\"it\\\"\"");
    TEXT_IS(c.properties, "PROP=\"say \"\"it\"\"\"");
}

static void logs_have_modes(void)
{
    static const struct {
        const char *line;
        u32 modes, attributes;
    } lines[] = {
        {"/l a.log", 0x397, 0},   {"/le a.log", 2, 0},        {"/L*v a.log", 0x1fdf, 0},
        {"/l* a.log", 0xfdf, 0},  {"/l*vx a.log", 0x3fdf, 0}, {"/log a.log", 0xfdf, 0},
        {"/l+e! a.log", 2, 3},    {"/LIME a.log", 0x13, 0},   {"/l!v+ a.log", 0x1000, 3},
        {"-lpc a.log", 0xc00, 0},
    };

    for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
        char line[100];

        snprintf(line, sizeof(line), "%s /i a.msi", lines[i].line);
        PARSES(line);
        ok(c.log_modes == lines[i].modes && c.log_attributes == lines[i].attributes,
           "%s: %x and %x\n", line, c.log_modes, c.log_attributes);
        TEXT_IS(c.log, "a.log");
    }
}

static void levels_have_signs(void)
{
    static const struct {
        const char *option;
        u32 level;
    } levels[] = {
        {"/q", 2},      {"/qn", 2},     {"/qn+", 0x82},  {"/qb", 3},         {"/qb+", 0x83},
        {"/qb-", 0x43}, {"/qb!", 0x23}, {"/qb-!", 0x63}, {"/qb!-", 0x63},    {"/qb+!", 0xa3},
        {"/qr", 4},     {"/qf", 5},     {"/quiet", 2},   {"/passive", 0x63}, {"/QB", 3},
    };

    for (size_t i = 0; i < ARRAY_LEN(levels); i++) {
        char line[100];

        snprintf(line, sizeof(line), "/i a.msi %s", levels[i].option);
        PARSES(line);
        ok(c.ui == levels[i].level, "%s: %x\n", line, c.ui);
    }
    PARSES("/i a.msi");
    ok(!c.ui, "level %x\n", c.ui);
    PARSES("/i a.msi /passive");
    TEXT_IS(c.properties, "REBOOTPROMPT=\"S\"");
}

static void restarts_are_properties(void)
{
    PARSES("/i a.msi /norestart");
    TEXT_IS(c.properties, "REBOOT=\"ReallySuppress\"");
    PARSES("/i a.msi /forcerestart");
    TEXT_IS(c.properties, "REBOOT=\"Force\"");
    PARSES("/i a.msi /promptrestart");
    TEXT_IS(c.properties, "REBOOTPROMPT=\"\"");
}

static void repairs_have_letters(void)
{
    PARSES("/f a.msi");
    ok(c.reinstall == 0x384, "%x\n", c.reinstall);
    PARSES("/fpecmsu a.msi");
    ok(c.reinstall == 0x3aa, "%x\n", c.reinstall);
    PARSES("/FVAMUS a.msi");
    ok(c.reinstall == 0x7c0, "%x\n", c.reinstall);
}

static void options_that_go_together(void)
{
    PARSES("/p a.msp /a b.msi");
    ok(c.command == COMMAND_PATCH_ADMIN, "command %d\n", c.command);
    TEXT_IS(c.what, "a.msp");
    TEXT_IS(c.image, "b.msi");
    PARSES("/a b.msi /p a.msp");
    ok(c.command == COMMAND_PATCH_ADMIN, "command %d\n", c.command);
    TEXT_IS(c.what, "a.msp");
    PARSES("/package b.msi /uninstall a.msp;b.msp");
    ok(c.command == COMMAND_INSTALL, "command %d\n", c.command);
    TEXT_IS(c.properties, "MSIPATCHREMOVE=\"a.msp;b.msp\"");
    TEXT_IS(c.what, "b.msi");
    PARSES("/uninstall a.msp /package b.msi /quiet");
    ok(c.command == COMMAND_INSTALL, "command %d\n", c.command);
    TEXT_IS(c.properties, "MSIPATCHREMOVE=\"a.msp\"");
    TEXT_IS(c.what, "b.msi");
    PARSES("/JM msisample.msi /T :instance1.mst;customization.mst /c /LIME logfile.txt");
    ok(c.instance && !c.for_user, "instance %d\n", c.instance);
    TEXT_IS(c.transforms, ":instance1.mst;customization.mst");
    PARSES("/ju a.msi /g 1033");
    ok(c.for_user && c.language == 1033, "language %u\n", c.language);
    PARSES("/p a.msp /n {00000001-0002-0000-0000-624474736554} /qb");
    TEXT_IS(c.instance_of, "{00000001-0002-0000-0000-624474736554}");
}

static void a_line_of_progress_is_asked_for(void)
{
    PARSES("/i a.msi /qn");
    ok(!c.progress, "asked for\n");
    PARSES("/Progress /i a.msi /qn A=1");
    ok(c.progress && c.command == COMMAND_INSTALL, "not asked for\n");
    TEXT_IS(c.properties, "A=\"1\"");
}

static void the_programs_name_is_left_out(void)
{
    TEXT_IS(cmdline_arguments(u"msiexec /i a"), "/i a");
    TEXT_IS(cmdline_arguments(u"\"C:\\a b\\msiexec.exe\"  /i a"), "/i a");
    TEXT_IS(cmdline_arguments(u"msiexec"), "");
}

static void want_of_memory_is_told(void)
{
    u32 err, n = 1;

    do {
        os_fault(OS_FAULT_ALLOC, n++, false);
        err = parse("/package b.msi /uninstall a.msp A=\"x\" B=\"y\" /l*v \"a b.log\" /qn");
        os_fault(OS_FAULT_ALLOC, 0, false);
        ok(!err || err == ERROR_OUTOFMEMORY, "%u\n", err);
    } while (err && n < 200);
    ok(!err, "it never worked\n");
}

START_TEST(msiexec)
{
    RUN(each_command_has_its_argument);
    RUN(wrong_lines_are_told);
    RUN(properties_keep_their_values);
    RUN(what_a_shell_quoted_is_the_same);
    RUN(logs_have_modes);
    RUN(levels_have_signs);
    RUN(restarts_are_properties);
    RUN(repairs_have_letters);
    RUN(options_that_go_together);
    RUN(a_line_of_progress_is_asked_for);
    RUN(the_programs_name_is_left_out);
    RUN(want_of_memory_is_told);
    cmdline_free(&c);
}

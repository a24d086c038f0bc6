/*
 * The log: what is in it in which mode, and in what form.
 */
#include "install_fixture.h"

#include "errorrec.h"
#include "log.h"
#include "notice.h"
#include "os.h"
#include "utf16.h"

static char said[1 << 16];
static size_t said_len;

static const char *path(void)
{
    static char text[200];

    snprintf(text, sizeof(text), "/tmp/decanter-log-%u", (unsigned)getpid());
    return text;
}

static u32 log_to(u32 modes, u32 attributes)
{
    return log_set(modes, text16(path()), attributes);
}

/* The file as it is. */
static void read_said(void)
{
    FILE *f = fopen(path(), "rb");

    said_len = f ? fread(said, 1, sizeof(said) - 1, f) : 0;
    said[said_len] = 0;
    if (f)
        fclose(f);
}

static bool says(const char *text)
{
    read_said();
    return strstr(said, text) != NULL;
}

/* An installation that sets and removes properties and costs, and a message of it. */
static void small_install(u32 result)
{
    struct session *s = inst_open(inst_package());
    const struct notice_field error[] = {{0}, {NULL, 0, true, 1303}, {u"C:\\x", 4, false, 0}};

    ok(!log_begin(), "not begun\n");
    inst_set(s, "MsiHiddenProperties", "SECRET");
    inst_set(s, "SECRET", "hush");
    inst_set(s, "OPEN", "said");
    inst_set(s, "OPEN", "more");
    inst_set(s, "OPEN", "");
    ok(!inst_act(s, "CostInitialize"), "costing\n");
    notice_send(s, 0x01000000, error, ARRAY_LEN(error));
    log_properties(s);
    log_end(result);
    inst_close(s);
}

static void a_verbose_log_has_everything(void)
{
    ok(!log_to(LOG_VERBOSE, 0), "set\n");
    log_side('s');
    small_install(0);
    ok(says("=== Verbose logging started: "), "no head:\n%s\n", said);
    ok(says("]: PROPERTY CHANGE: Adding OPEN property. Its value is 'said'.\r\n"), "%s\n", said);
    ok(says("MSI (s) ("), "%s\n", said);
    ok(says("PROPERTY CHANGE: Modifying OPEN property. Its current value is 'said'. "
            "Its new value: 'more'.\r\n"),
       "%s\n", said);
    ok(says("PROPERTY CHANGE: Deleting OPEN property. Its current value is 'more'.\r\n"), "%s\n",
       said);
    ok(says("PROPERTY CHANGE: Adding SECRET property. Its value is '**********'.\r\n"), "%s\n",
       said);
    ok(says("Property(S): SECRET = **********\r\n"), "%s\n", said);
    ok(!says("hush"), "it is told:\n%s\n", said);
    ok(says("]: Doing action: CostInitialize\r\n"), "%s\n", said);
    ok(says(": CostInitialize.\r\n"), "%s\n", said);
    ok(says(": CostInitialize. Return value 1.\r\n"), "%s\n", said);
    ok(says("Product: App -- Error 1303."), "%s\n", said);
    ok(says("=== Verbose logging stopped: "), "%s\n", said);
}

static void modes_choose_lines(void)
{
    ok(!log_to(LOG_ERROR, 0), "set\n");
    small_install(0);
    ok(says("Error 1303. "), "%s\n", said);
    ok(!says("Action") && !says("PROPERTY CHANGE") && !says("Property(S)"), "%s\n", said);
    ok(says("=== Logging started: "), "%s\n", said);

    ok(!log_to(LOG_PROPERTIES, 0), "set\n");
    small_install(0);
    ok(says("Property(S): ProductName = App\r\n"), "%s\n", said);
    ok(!says("Error 1303"), "%s\n", said);

    ok(!log_to(LOG_INFO, 0), "set\n");
    small_install(0);
    ok(says("Action start ") && says("Action ended "), "%s\n", said);
    ok(!says("Property(S)") && !says("MSI (s)"), "%s\n", said);
}

static void a_log_is_cut_or_grows(void)
{
    size_t one;

    ok(!log_to(LOG_ERROR, 0), "set\n");
    small_install(0);
    read_said();
    one = said_len;
    small_install(0);
    read_said();
    ok(said_len == 2 * one, "%u after two installations, %u after one\n", (u32)said_len, (u32)one);
    ok(!log_to(LOG_ERROR, LOG_APPEND), "set\n");
    small_install(0);
    read_said();
    ok(said_len == 3 * one, "%u\n", (u32)said_len);
    ok(!log_to(LOG_ERROR, LOG_FLUSH), "set\n");
    small_install(0);
    read_said();
    ok(said_len == one, "%u\n", (u32)said_len);
}

static void only_errors_keep_a_log_that_asks_so(void)
{
    ok(!log_to(LOG_ERROR | LOG_ONLY_ON_ERROR, 0), "set\n");
    small_install(0);
    read_said();
    ok(!said_len, "there is one\n");
    ok(!log_to(LOG_ERROR | LOG_ONLY_ON_ERROR, 0), "set\n");
    small_install(1603);
    ok(says("Error 1303"), "%s\n", said);
}

/* Wine's msiexec passes this for its /l*, in which the mode for errors only is one of all. */
static void every_mode_is_a_log_that_stays(void)
{
    ok(!log_to(0x7fdf, 0), "set\n");
    small_install(0);
    ok(says("Action start "), "%s\n", said);
    ok(!log_to(LOG_ALL, 0), "set\n");
    small_install(0);
    ok(says("Action start "), "%s\n", said);
}

static void without_the_variable_it_is_utf_16(void)
{
    unsetenv("DECANTER_MSI_LOG");
    ok(!log_to(LOG_ERROR, 0), "set\n");
    small_install(0);
    read_said();
    ok((u8)said[0] == 0xff && (u8)said[1] == 0xfe && said[2] == '=' && !said[3], "%s\n", said);
    setenv("DECANTER_MSI_LOG", "utf8", 1);
}

static void what_cannot_be_opened_is_said(void)
{
    ok(!log_set(LOG_ERROR, u"/nowhere/at/all", 0), "set\n");
    ok(log_begin() == ERROR_INSTALL_LOG_FAILURE, "begun\n");
    ok(!log_is(LOG_ALL), "on\n");
    ok(log_set(0, u"/tmp/x", 0) == ERROR_INVALID_PARAMETER, "no mode\n");
    ok(log_set(0x8000, u"/tmp/x", 0) == ERROR_INVALID_PARAMETER, "no such mode\n");
    ok(!log_set(0, NULL, 0), "off\n");
    ok(!log_begin(), "no log is none that fails\n");
    log_end(0);
}

START_TEST(log)
{
    setenv("DECANTER_MSI_LOG", "utf8", 1);
    RUN(a_verbose_log_has_everything);
    RUN(modes_choose_lines);
    RUN(a_log_is_cut_or_grows);
    RUN(only_errors_keep_a_log_that_asks_so);
    RUN(every_mode_is_a_log_that_stays);
    RUN(without_the_variable_it_is_utf_16);
    RUN(what_cannot_be_opened_is_said);
    log_set(0, NULL, 0);
    remove(path());
    err_clear();
}

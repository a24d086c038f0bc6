/*
 * The log.
 */
#include "log.h"

#include "clock.h"
#include "message.h"
#include "notice.h"
#include "os.h"
#include "session_impl.h"
#include "trace.h"
#include "utf16.h"

enum { KIND_INFO = 4, KIND_ACTION_START = 8, KIND_ACTION_DATA = 9, KIND_PROGRESS = 10 };
enum { KIND_COMMON_DATA = 11, NAME_CHARS = 128 };
/* What any log of a kind has, whatever it was asked for (MsiEnableLog, INSTALLLOGMODE_VERBOSE). */
enum { OF_VERBOSE = LOG_ALL & ~(LOG_EXTRA | LOG_ONLY_ON_ERROR) };
/* What Wine's msiexec asks for where its user writes /l*: all that a page has, so also that the log
 * is dropped after a success, which no letter of /l stands for. */
enum { EVERY_MODE = LOG_ALL & ~LOG_FILES_IN_USE };

static struct {
    struct os_mutex lock;
    char16_t *path;
    u32 modes, attributes;
    bool utf8;
    u32 depth;   /* installations that run */
    bool began;  /* the file is this log's already: not cut again */
    bool failed; /* an installation did, in this file */
    struct os_file *file;
    u64 size;
    char side;
    char16_t action[NAME_CHARS]; /* whose data is told */
    size_t action_len;
} the_log = {.side = 'c'};

/* --- lines --------------------------------------------------------------------------------------
 */

static void put_utf8(const struct text_buf *line)
{
    size_t need = u16_to_utf8(NULL, 0, line->s, line->len, false);
    char *bytes = os_alloc(need);

    if (!bytes)
        return;
    u16_to_utf8(bytes, need, line->s, line->len, false);
    if (!os_write_at(the_log.file, the_log.size, bytes, (u32)need))
        the_log.size += need;
    os_free(bytes);
}

/* The lock is held. A line that cannot be written is lost; the installation goes on. Each line is
 * handed to the system at once, so what a killed process logged is there. */
static void put_line(struct text_buf *line)
{
    u32 n;

    tb_ascii(line, "\r\n");
    if (line->failed || !the_log.file)
        return;
    n = (u32)(line->len * sizeof(char16_t));
    if (the_log.utf8)
        put_utf8(line);
    else if (!os_write_at(the_log.file, the_log.size, line->s, n))
        the_log.size += n;
    if (the_log.attributes & LOG_FLUSH)
        os_sync(the_log.file);
}

static void put_text(const char16_t *text, size_t len)
{
    struct text_buf line;

    tb_init(&line);
    tb_add(&line, text, len);
    put_line(&line);
    tb_free(&line);
}

static void hex_byte(struct text_buf *out, u32 n)
{
    static const char16_t digits[] = u"0123456789ABCDEF";

    tb_char(out, digits[n >> 4 & 15]);
    tb_char(out, digits[n & 15]);
}

static void digits(struct text_buf *out, u32 n, u32 count)
{
    if (count > 1)
        digits(out, n / 10, count - 1);
    tb_char(out, (char16_t)('0' + n % 10));
}

/* "MSI (s) (E0:74) [09:35:58:262]: " */
static void head(struct text_buf *out)
{
    struct local_time t;

    clock_now(&t);
    tb_ascii(out, "MSI (");
    tb_char(out, (char16_t)the_log.side);
    tb_ascii(out, ") (");
    hex_byte(out, os_pid());
    tb_char(out, ':');
    hex_byte(out, os_tid());
    tb_ascii(out, ") [");
    digits(out, t.hour, 2);
    tb_char(out, ':');
    digits(out, t.minute, 2);
    tb_char(out, ':');
    digits(out, t.second, 2);
    tb_char(out, ':');
    digits(out, t.ms, 3);
    tb_ascii(out, "]: ");
}

static void put_verbose(const char *what, const char16_t *text, size_t len)
{
    struct text_buf line;

    tb_init(&line);
    head(&line);
    tb_ascii(&line, what);
    tb_add(&line, text, len);
    put_line(&line);
    tb_free(&line);
}

/* "=== Verbose logging started: 11/3/2019  9:35:58 ... ===" */
static void put_frame(const char *what, bool program)
{
    struct text_buf line;

    tb_init(&line);
    tb_ascii(&line, the_log.modes & LOG_VERBOSE ? "=== Verbose logging " : "=== Logging ");
    tb_ascii(&line, what);
    clock_date(&line);
    tb_ascii(&line, "  ");
    clock_time(&line);
    if (program) {
        tb_ascii(&line, "  Build type: SHIP UNICODE 5.00.10011.00  Calling process: ");
        clock_program(&line);
    }
    tb_ascii(&line, " ===");
    put_line(&line);
    tb_free(&line);
}

/* --- the file -----------------------------------------------------------------------------------
 */

static bool wants_utf8(void)
{
    char16_t value[8];

    return os_env("DECANTER_MSI_LOG", value, ARRAY_LEN(value)) && u16_equal_fold(value, u"utf8");
}

static void close_file(void)
{
    bool drop = the_log.modes & LOG_ONLY_ON_ERROR && !the_log.failed && the_log.file;

    os_close(the_log.file);
    the_log.file = NULL;
    if (drop)
        os_remove(the_log.path);
}

static u32 all_modes(u32 modes)
{
    if ((modes & EVERY_MODE) == EVERY_MODE)
        modes &= ~(u32)LOG_ONLY_ON_ERROR;
    return modes & LOG_VERBOSE ? modes | OF_VERBOSE : modes;
}

u32 log_set(u32 modes, const char16_t *path, u32 attributes)
{
    char16_t *copy = NULL;

    if (path && (!modes || modes & ~(u32)LOG_ALL))
        return ERROR_INVALID_PARAMETER;
    if (path && !(copy = u16_dup(path, u16_len(path))))
        return ERROR_OUTOFMEMORY;
    os_mutex_lock(&the_log.lock);
    close_file();
    os_free(the_log.path);
    the_log.path = copy;
    the_log.modes = all_modes(modes);
    the_log.attributes = attributes;
    the_log.utf8 = wants_utf8();
    the_log.began = the_log.failed = false;
    os_mutex_unlock(&the_log.lock);
    return ERROR_SUCCESS;
}

static u32 open_file(void)
{
    static const char16_t mark = 0xfeff;
    bool append = the_log.began || the_log.attributes & LOG_APPEND;
    u32 err =
        os_open(the_log.path, OS_WRITE | OS_CREATE | (append ? 0 : OS_TRUNCATE), &the_log.file);

    if (!err)
        err = os_size(the_log.file, &the_log.size);
    if (!err && !the_log.size && !the_log.utf8) {
        err = os_write_at(the_log.file, 0, &mark, sizeof(mark));
        the_log.size = sizeof(mark);
    }
    if (err) {
        TRACE(TRACE_MSI, "the log %s cannot be opened: %u", trace_text(the_log.path, -1), err);
        os_close(the_log.file);
        the_log.file = NULL;
        return ERROR_INSTALL_LOG_FAILURE;
    }
    the_log.began = true;
    put_frame("started: ", true);
    return ERROR_SUCCESS;
}

u32 log_begin(void)
{
    u32 err = ERROR_SUCCESS;

    os_mutex_lock(&the_log.lock);
    if (the_log.path && !the_log.file)
        err = open_file();
    if (!err)
        the_log.depth++;
    os_mutex_unlock(&the_log.lock);
    return err;
}

void log_end(u32 result)
{
    os_mutex_lock(&the_log.lock);
    if (result && result != ERROR_SUCCESS_REBOOT_REQUIRED &&
        result != ERROR_SUCCESS_REBOOT_INITIATED)
        the_log.failed = true;
    if (the_log.depth && !--the_log.depth && the_log.file) {
        put_frame("stopped: ", false);
        close_file();
    }
    os_mutex_unlock(&the_log.lock);
}

/* The lock is held. */
static bool is_on(u32 modes)
{
    return the_log.file && the_log.modes & modes;
}

bool log_is(u32 modes)
{
    bool on;

    os_mutex_lock(&the_log.lock);
    on = is_on(modes);
    os_mutex_unlock(&the_log.lock);
    return on;
}

void log_side(char side)
{
    os_mutex_lock(&the_log.lock);
    the_log.side = side;
    os_mutex_unlock(&the_log.lock);
}

/* --- what is said -------------------------------------------------------------------------------
 */

void log_line(u32 modes, const char16_t *text, size_t len)
{
    os_mutex_lock(&the_log.lock);
    if (is_on(modes))
        put_text(text, len);
    os_mutex_unlock(&the_log.lock);
}

void log_tell(const char *what, const char16_t *text, size_t len)
{
    os_mutex_lock(&the_log.lock);
    if (is_on(LOG_VERBOSE))
        put_verbose(what, text, len);
    os_mutex_unlock(&the_log.lock);
}

void log_verbose(const char16_t *text, size_t len)
{
    log_tell("", text, len);
}

void log_note(u32 number, u32 count, const char16_t *const *texts)
{
    struct text_buf line;

    if (!log_is(LOG_VERBOSE))
        return;
    tb_init(&line);
    tb_ascii(&line, "Note: 1: ");
    tb_number(&line, (i32)number);
    for (u32 i = 0; i < count; i++) {
        tb_char(&line, ' ');
        tb_number(&line, (i32)i + 2);
        tb_ascii(&line, ": ");
        if (texts[i])
            tb_add(&line, texts[i], u16_len(texts[i]));
    }
    if (!line.failed)
        log_verbose(line.s, line.len);
    tb_free(&line);
}

/* --- messages -----------------------------------------------------------------------------------
 */

static void keep_action(struct record *r)
{
    size_t len = 0;
    char16_t *name = rec_dup_text(r, 1, &len);

    os_mutex_lock(&the_log.lock);
    the_log.action_len = 0;
    if (name)
        the_log.action_len = u16_copy(the_log.action, NAME_CHARS, name);
    os_mutex_unlock(&the_log.lock);
    os_free(name);
}

/* "Product: Name -- text", which is what event logs have of errors. */
static void tell_product(struct session *s, const struct text_buf *text)
{
    const struct property *name;
    struct text_buf line;

    tb_init(&line);
    tb_ascii(&line, "Product: ");
    os_mutex_lock(&s->lock);
    name = prop_get(s, "ProductName");
    if (name)
        tb_add(&line, name->value, name->value_len);
    os_mutex_unlock(&s->lock);
    tb_ascii(&line, " -- ");
    tb_add(&line, text->s, text->len);
    tb_ascii(&line, "\r\n"); /* an empty line follows */
    if (!line.failed)
        log_verbose(line.s, line.len);
    tb_free(&line);
}

static void begin_line(u32 kind, struct text_buf *line)
{
    if (kind != KIND_ACTION_DATA)
        return;
    os_mutex_lock(&the_log.lock);
    tb_add(line, the_log.action, the_log.action_len);
    os_mutex_unlock(&the_log.lock);
    tb_ascii(line, ": ");
}

void log_message(struct session *s, u32 type, struct record *r)
{
    u32 kind = type >> 24;
    struct text_buf line;

    /* the bit of progress is that of the properties' dump, and later kinds have others' too */
    if (!r || !s || kind > KIND_COMMON_DATA || kind == KIND_PROGRESS)
        return;
    if (kind == KIND_ACTION_START)
        keep_action(r);
    if (!log_is(1u << kind) || (kind == KIND_COMMON_DATA && rec_lacks_template(r)))
        return;
    tb_init(&line);
    begin_line(kind, &line);
    if (!message_text(s, kind, r, &line) && !line.failed && line.s) {
        log_line(1u << kind, line.s, line.len);
        if (kind < KIND_INFO - 1)
            tell_product(s, &line);
    }
    tb_free(&line);
}

/* --- properties ---------------------------------------------------------------------------------
 */

static bool is_listed(const char16_t *list, size_t len, const char16_t *name, size_t name_len)
{
    size_t i = 0;

    while (i < len) {
        size_t n = 0;

        while (i + n < len && list[i + n] != ';')
            n++;
        if (!u16_compare(list + i, n, name, name_len))
            return true;
        i += n + 1;
    }
    return false;
}

bool property_is_hidden(const struct session *s, const char16_t *name, size_t len)
{
    const struct property *list = prop_get(s, "MsiHiddenProperties");

    return list && is_listed(list->value, list->value_len, name, len);
}

static void add_value(const struct session *s, const char16_t *name, size_t name_len,
                      const char16_t *value, size_t len, struct text_buf *line)
{
    if (property_is_hidden(s, name, name_len))
        tb_ascii(line, "**********");
    else
        tb_add(line, value, len);
}

void property_changes(struct session *s, const struct property *old, const char16_t *name,
                      size_t name_len, const char16_t *value, size_t len)
{
    struct text_buf line;

    if (!log_is(LOG_VERBOSE) || (!old && !len))
        return;
    tb_init(&line);
    tb_ascii(&line, old ? len ? "Modifying " : "Deleting " : "Adding ");
    tb_add(&line, name, name_len);
    tb_ascii(&line, old ? " property. Its current value is '" : " property. Its value is '");
    add_value(s, name, name_len, old ? old->value : value, old ? old->value_len : len, &line);
    tb_ascii(&line, "'.");
    if (old && len) {
        tb_ascii(&line, " Its new value: '");
        add_value(s, name, name_len, value, len, &line);
        tb_ascii(&line, "'.");
    }
    if (!line.failed)
        log_tell("PROPERTY CHANGE: ", line.s, line.len);
    tb_free(&line);
}

/* "Property(S): Name = value" */
void log_properties(struct session *s)
{
    if (!log_is(LOG_PROPERTIES))
        return;
    os_mutex_lock(&s->lock);
    for (u32 i = 0; i < s->props.count; i++) {
        const struct property *p = &s->props.all[i];
        struct text_buf line;

        tb_init(&line);
        tb_ascii(&line, "Property(S): ");
        tb_add(&line, p->name, p->name_len);
        tb_ascii(&line, " = ");
        add_value(s, p->name, p->name_len, p->value, p->value_len, &line);
        if (!line.failed)
            log_line(LOG_PROPERTIES, line.s, line.len);
        tb_free(&line);
    }
    os_mutex_unlock(&s->lock);
}

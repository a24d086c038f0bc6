/*
 * A session's own messages.
 */
#include "notice.h"

#include <stdatomic.h>

#include "actiontexts.h"
#include "log.h"
#include "message.h"
#include "session_impl.h"
#include "utf16.h"

/* Set by one thread while others send. */
static _Atomic(notice_sink) shown_by;

static notice_sink sink_now(void)
{
    return atomic_load_explicit(&shown_by, memory_order_acquire);
}

void notice_to(notice_sink sink)
{
    atomic_store_explicit(&shown_by, sink, memory_order_release);
}

int notice_bare(struct session *s, u32 type)
{
    notice_sink show = sink_now();

    return show ? show(s, type, NULL) : 0;
}

static u32 set_field(struct record *r, u32 i, const struct notice_field *f)
{
    if (f->is_number)
        return rec_set_int(r, i, f->number);
    return f->text ? rec_set_text(r, i, f->text, f->len) : ERROR_SUCCESS;
}

/* NULL without memory. */
static struct record *record_of(const struct notice_field *fields, u32 count)
{
    struct record *r = rec_create(count - 1);
    u32 err = r ? ERROR_SUCCESS : ERROR_OUTOFMEMORY;

    for (u32 i = 0; !err && i < count; i++)
        err = set_field(r, i, &fields[i]);
    if (!err || !r)
        return r;
    obj_unref(rec_object(r));
    return NULL;
}

/* Takes the record, which may be NULL. */
static int send_record(struct session *s, u32 type, struct record *r)
{
    notice_sink show = sink_now();
    int answer = 0;

    if (!r)
        return 0;
    log_message(s, type, r);
    if (show)
        answer = show(s, type, r);
    obj_unref(rec_object(r));
    return answer;
}

int notice_send(struct session *s, u32 type, const struct notice_field *fields, u32 count)
{
    if (!sink_now() && !log_is(1u << (type >> 24)))
        return 0;
    return send_record(s, type, record_of(fields, count));
}

#define TEXT(t)                         \
    {                                   \
        (t), ARRAY_LEN(t) - 1, false, 0 \
    }
#define NUMBER(n)               \
    {                           \
        NULL, 0, true, (i32)(n) \
    }
#define NONE              \
    {                     \
        NULL, 0, false, 0 \
    }

void notice_opened(struct session *s, u32 language, u32 codepage)
{
    const struct notice_field common[] = {NONE, NUMBER(0), NUMBER(language), NUMBER(codepage)};
    const struct notice_field log[] = {TEXT(u"=== Logging started: [Date]  [Time] ===")};
    const struct notice_field again[] = {TEXT(u"Message type: [1], Argument: [2]{, [3]}"),
                                         NUMBER(0), NUMBER(language), NUMBER(codepage)};
    struct notice_field caption[] = {TEXT(u"Message type: [1], Argument: [2]{, [3]}"), NUMBER(1),
                                     NONE, NONE};
    struct text_buf name;

    tb_init(&name);
    session_get_property(s, u"ProductName", 11, &name);
    caption[2].text = name.len ? name.s : NULL;
    caption[2].len = name.len;
    notice_bare(s, NOTICE_INITIALIZE);
    notice_send(s, NOTICE_COMMON_DATA, common, ARRAY_LEN(common));
    notice_send(s, NOTICE_INFO | NOTICE_ICON_HAND, log, ARRAY_LEN(log));
    notice_send(s, NOTICE_COMMON_DATA, again, ARRAY_LEN(again));
    notice_send(s, NOTICE_COMMON_DATA, caption, ARRAY_LEN(caption));
    tb_free(&name);
}

/* --- actions ------------------------------------------------------------------------------------
 */

static struct notice_field given(const char16_t *text, size_t len)
{
    return (struct notice_field){len ? text : NULL, len, false, 0};
}

int notice_action(struct session *s, const char16_t *action, size_t len)
{
    struct notice_field fields[] = {TEXT(u"Action [Time]: [1]. [2]"), NONE, NONE, NONE};
    struct database *db = session_database(s);
    struct action_text t;
    int answer = 0;

    log_tell("Doing action: ", action, len);
    if (!action_text_of(db, action, len, &t)) {
        fields[1] = given(action, len);
        fields[2] = given(t.description, t.description_len);
        fields[3] = given(t.template, t.template_len);
        answer = notice_send(s, NOTICE_ACTION_START, fields, ARRAY_LEN(fields));
    }
    action_text_free(&t);
    obj_unref(db_object(db));
    return answer;
}

enum { DATA_FIELDS = 10 };

int notice_data(struct session *s, const char16_t *action, const char16_t *const *texts, u32 count)
{
    struct notice_field fields[DATA_FIELDS + 1] = {NONE};
    struct text_buf template;
    struct action_text t;
    struct database *db;
    int answer;

    if (!sink_now())
        return 0;
    db = session_database(s);
    count = MIN(count, (u32)DATA_FIELDS);
    tb_init(&template);
    if (!action_text_of(db, action, u16_len(action), &t))
        action_data_template(action, u16_len(action), t.template, t.template_len, &template);
    fields[0] = given(template.s, template.len);
    for (u32 i = 0; i < count; i++)
        fields[i + 1] = given(texts[i], texts[i] ? u16_len(texts[i]) : 0);
    answer = notice_send(s, NOTICE_ACTION_DATA, fields, count + 1);
    tb_free(&template);
    action_text_free(&t);
    obj_unref(db_object(db));
    return answer;
}

void notice_action_begins(struct session *s, const char16_t *action, size_t len, i32 before)
{
    struct notice_field fields[] = {TEXT(u"Action start [Time]: [1]."), NONE, NUMBER(before)};

    fields[1] = given(action, len);
    fields[2].is_number = before >= 0;
    notice_send(s, NOTICE_INFO, fields, ARRAY_LEN(fields));
}

void notice_action_ended(struct session *s, const char16_t *action, size_t len, i32 result)
{
    struct notice_field fields[] = {TEXT(u"Action ended [Time]: [1]. Return value [2]."), NONE,
                                    NUMBER(result)};

    fields[1] = given(action, len);
    notice_send(s, NOTICE_INFO, fields, ARRAY_LEN(fields));
}

int notice_dialog(struct session *s, const char16_t *name, size_t len)
{
    struct notice_field fields[] = {NONE, NONE};

    fields[0] = given(name, len);
    return notice_send(s, NOTICE_SHOW_DIALOG, fields, 1);
}

void notice_dialog_made(struct session *s, const char16_t *name, size_t len)
{
    struct notice_field fields[] = {TEXT(u"Action [Time]: [1]. [2]"), NONE, TEXT(u"Dialog created"),
                                    NONE};

    fields[1] = given(name, len);
    notice_send(s, NOTICE_ACTION_START, fields, ARRAY_LEN(fields));
}

void notice_error(struct session *s, const char16_t *text, size_t len)
{
    struct notice_field fields[] = {NONE, NONE};
    u32 number;

    if (u16_to_u32(text, len, &number) && number < 0x80000000u)
        fields[1] = (struct notice_field){NULL, 0, true, (i32)number};
    else
        fields[0] = given(text, len);
    notice_send(s, NOTICE_ERROR, fields, ARRAY_LEN(fields));
}

enum {
    NO_MEDIUM = 2602,
    TOO_DEEP = 2701,
    NO_FEATURE = 2711,
    NO_BINARY = 2721,
    UNSUPPORTED = 2723,
    NOT_FOUND = 2726,
    NO_FOLDER = 2727
};

void notice_not_found(struct session *s, const char16_t *name, size_t len)
{
    struct notice_field debug[] = {TEXT(u"DEBUG: Error [1]:  Action not found: [2]"),
                                   NUMBER(NOT_FOUND), NONE};
    struct notice_field plain[] = {NONE, NUMBER(NOT_FOUND), NONE};

    debug[2] = plain[2] = given(name, len);
    notice_send(s, NOTICE_INFO, debug, ARRAY_LEN(debug));
    notice_send(s, NOTICE_INFO, plain, ARRAY_LEN(plain));
}

void notice_internal(struct session *s, const struct notice_field *fields, u32 count)
{
    struct record *r = record_of(fields, count);

    if (r && message_is_internal(s, NOTICE_ERROR >> 24, r)) {
        send_record(s, NOTICE_INFO, message_of_internal(s, r, true));
        send_record(s, NOTICE_ERROR, message_of_internal(s, r, false));
        obj_unref(rec_object(r));
    } else {
        send_record(s, NOTICE_ERROR, r);
    }
}

enum { NOT_STARTED = 2762 };

void notice_untimely(struct session *s)
{
    const struct notice_field fields[] = {NONE, NUMBER(NOT_STARTED)};

    notice_internal(s, fields, ARRAY_LEN(fields));
}

static void tell_of(struct session *s, i32 number, const char16_t *name, size_t len)
{
    struct notice_field fields[] = {NONE, NUMBER(number), NONE};

    fields[2] = given(name, len);
    notice_internal(s, fields, ARRAY_LEN(fields));
}

void notice_no_feature(struct session *s, const char16_t *name, size_t len)
{
    tell_of(s, NO_FEATURE, name, len);
}

void notice_no_folder(struct session *s, const char16_t *name, size_t len)
{
    tell_of(s, NO_FOLDER, name, len);
}

void notice_no_medium(struct session *s, const char16_t *file, size_t len)
{
    tell_of(s, NO_MEDIUM, file, len);
}

void notice_no_binary(struct session *s, const char16_t *name, size_t len)
{
    tell_of(s, NO_BINARY, name, len);
}

void notice_unsupported(struct session *s, const char16_t *action, size_t len, u32 type)
{
    struct notice_field fields[] = {NONE, NUMBER(UNSUPPORTED), NONE, NUMBER(type)};

    fields[2] = given(action, len);
    notice_internal(s, fields, ARRAY_LEN(fields));
}

void notice_too_deep(struct session *s, i32 depth)
{
    const struct notice_field fields[] = {NONE, NUMBER(TOO_DEEP), NUMBER(depth)};

    notice_internal(s, fields, ARRAY_LEN(fields));
}

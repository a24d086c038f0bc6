/*
 * _SummaryInformation in a text archive: a row for each property, times as YYYY/MM/DD hh:mm:ss.
 */
#include <string.h>

#include "archive_summary.h"
#include "codepage.h"
#include "os.h"
#include "propset.h"
#include "stg.h"
#include "utf16.h"

static const char16_t stream_name[] = u"\005SummaryInformation";

enum {
    PID_EDITTIME = 10,
    PID_CREATED = 12,
    PID_SAVED = 13,
    PID_PAGES = 14,
    PID_CHARS = 16,
    PID_SECURITY = 19,
    PID_LAST = 19,
    TICKS_A_SECOND = 10000000
};

/* What type a property of that number has. */
static u32 type_of(u32 id)
{
    if (id == PROP_ID_CODEPAGE)
        return PROP_I2;
    if (id >= PID_EDITTIME && id <= PID_SAVED)
        return PROP_FILETIME;
    return (id >= PID_PAGES && id <= PID_CHARS) || id == PID_SECURITY ? PROP_I4 : PROP_LPSTR;
}

/* --- times ------------------------------------------------------------------------------------ */

/* Days from 1601-01-01 to the first of March of the year before the date's months, counted from
 * March so that a leap day is the last one. */
static u64 days_of(u32 year, u32 month, u32 day)
{
    u32 y = month > 2 ? year : year - 1, m = month > 2 ? month - 3 : month + 9;

    return (u64)y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + day - 1 - 584694;
}

static void date_of(u64 days, u32 *year, u32 *month, u32 *day)
{
    u64 n = days + 584694, era = n / 146097;
    u32 d = (u32)(n % 146097), y = (d - d / 1460 + d / 36524 - d / 146096) / 365;
    u32 of_year = d - (365 * y + y / 4 - y / 100), m = (5 * of_year + 2) / 153;

    *day = of_year - (153 * m + 2) / 5 + 1;
    *month = m < 10 ? m + 3 : m - 9;
    *year = (u32)(era * 400) + y + (*month <= 2);
}

static u32 add_padded(struct buf *out, u32 value, u32 width, char16_t before)
{
    char16_t text[6];

    for (u32 i = width; i; value /= 10)
        text[i--] = (char16_t)(u'0' + value % 10);
    text[0] = before;
    return archive_add(out, before ? text : text + 1, before ? width + 1 : width);
}

static u32 add_time(struct buf *out, u64 time)
{
    u32 seconds = (u32)(time / TICKS_A_SECOND % 86400), year, month, day, err;

    date_of(time / TICKS_A_SECOND / 86400, &year, &month, &day);
    err = add_padded(out, year, 4, 0);
    if (!err)
        err = add_padded(out, month, 2, u'/');
    if (!err)
        err = add_padded(out, day, 2, u'/');
    if (!err)
        err = add_padded(out, seconds / 3600, 2, u' ');
    if (!err)
        err = add_padded(out, seconds / 60 % 60, 2, u':');
    return err ? err : add_padded(out, seconds % 60, 2, u':');
}

static bool take_number(struct text *t, char16_t before, u32 *value)
{
    size_t n = 0;

    if (before && (!t->len || t->at[0] != before))
        return false;
    t->at += before != 0;
    t->len -= before != 0;
    while (n < t->len && t->at[n] >= u'0' && t->at[n] <= u'9')
        n++;
    if (!n || n > 5 || !u16_to_u32(t->at, n, value))
        return false;
    t->at += n;
    t->len -= n;
    return true;
}

static bool parse_time(struct text t, u64 *time)
{
    u32 year, month, day, h, m, s;

    if (!take_number(&t, 0, &year) || !take_number(&t, u'/', &month) ||
        !take_number(&t, u'/', &day) || !take_number(&t, u' ', &h) || !take_number(&t, u':', &m) ||
        !take_number(&t, u':', &s) || t.len)
        return false;
    if (year < 1601 || year > 30827 || month < 1 || month > 12 || day < 1 || day > 31 || h > 23 ||
        m > 59 || s > 59)
        return false;
    *time = (days_of(year, month, day) * 86400 + h * 3600 + m * 60 + s) * TICKS_A_SECOND;
    return true;
}

/* --- writing ---------------------------------------------------------------------------------- */

static u32 add_text(struct buf *out, const struct prop *p, u32 codepage)
{
    char16_t *text = os_alloc_array((u64)p->len + 1, sizeof(*text));
    size_t units;
    u32 err;

    if (!text)
        return ERROR_OUTOFMEMORY;
    err = codepage_decode(codepage, (const char *)p->data, p->len, text, p->len, &units);
    if (!err)
        err = archive_add_escaped(out, text, MIN(units, p->len));
    os_free(text);
    return err == ERROR_INVALID_PARAMETER ? ERROR_FUNCTION_FAILED : err;
}

static u32 add_row(struct buf *out, const struct prop *p, u32 codepage)
{
    u32 err = archive_add_number(out, (i32)p->id);

    if (!err)
        err = archive_add(out, u"\t", 1);
    if (!err && p->type == PROP_FILETIME)
        err = add_time(out, p->time);
    else if (!err && p->type == PROP_LPSTR)
        err = add_text(out, p, codepage);
    else if (!err && (p->type == PROP_I2 || p->type == PROP_I4))
        err = archive_add_number(out, p->id == PROP_ID_CODEPAGE ? (u16)p->num : p->num);
    return err ? err : archive_add(out, u"\r\n", 2);
}

static u32 read_set(struct db_core *db, struct propset *set)
{
    u8 *data;
    size_t len;
    u32 err = stg_read_all(db_core_stg(db), stream_name, &data, &len);

    if (err)
        return err == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : err;
    err = propset_read(set, data, len);
    os_free(data);
    return err == ERROR_OUTOFMEMORY || !err ? err : ERROR_FUNCTION_FAILED;
}

u32 archive_summary_write(struct db_core *db, struct buf *out)
{
    static const char16_t header[] =
        u"PropertyId\tValue\r\ni2\tl255\r\n_SummaryInformation\tPropertyId\r\n";
    struct propset set;
    u32 err;

    propset_init(&set);
    err = read_set(db, &set);
    if (!err)
        err = archive_add(out, header, ARRAY_LEN(header) - 1);
    for (u32 i = 0; !err && i < set.count; i++)
        if (set.props[i].id && set.props[i].id <= PID_LAST && set.props[i].type != PROP_EMPTY)
            err = add_row(out, &set.props[i], propset_codepage(&set));
    propset_free(&set);
    return err;
}

/* --- reading ---------------------------------------------------------------------------------- */

static bool parse_int(const struct text *t, i32 *value)
{
    bool minus = t->len && t->at[0] == u'-';
    u32 v;

    if (!u16_to_u32(t->at + minus, t->len - minus, &v) || v > 0x7fffffffu + minus)
        return false;
    *value = (i32)(minus ? 0u - v : v);
    return true;
}

static u32 set_text(struct propset *set, u32 id, const struct text *t)
{
    size_t need;
    char *bytes;
    u32 codepage = propset_codepage(set);
    u32 err = codepage_encode(codepage, t->at, t->len, NULL, 0, &need, NULL);

    if (err || need > 0xfffffff)
        return ERROR_FUNCTION_FAILED;
    bytes = os_alloc(need + 1);
    if (!bytes)
        return ERROR_OUTOFMEMORY;
    err = codepage_encode(codepage, t->at, t->len, bytes, need, &need, NULL);
    if (!err)
        err = propset_set_text(set, id, bytes, (u32)need);
    os_free(bytes);
    return err;
}

static u32 set_value(struct propset *set, u32 id, struct text *t)
{
    u32 type = type_of(id);
    u64 time;
    i32 num;

    archive_unescape(t);
    if (type == PROP_LPSTR)
        return set_text(set, id, t);
    if (!t->len)
        return ERROR_SUCCESS;
    if (type == PROP_FILETIME)
        return parse_time(*t, &time) ? propset_set_time(set, id, time) : ERROR_FUNCTION_FAILED;
    if (!parse_int(t, &num))
        return ERROR_FUNCTION_FAILED;
    return propset_set_num(set, id, type, id == PROP_ID_CODEPAGE ? (i16)num : num);
}

/* One pass for the code page, which the texts are to be in, one for the others. */
static u32 read_rows(struct propset *set, const struct archive *a, bool codepage)
{
    struct text rest = a->rows, line, id, value;

    while (archive_line(&rest, &line)) {
        u32 n, err;

        if (!line.len)
            continue;
        if (!archive_field(&line, &id) || !archive_field(&line, &value) ||
            !u16_to_u32(id.at, id.len, &n) || !n || n > PID_LAST)
            return ERROR_FUNCTION_FAILED;
        if ((n == PROP_ID_CODEPAGE) != codepage)
            continue;
        err = set_value(set, n, &value);
        if (err)
            return err;
    }
    return ERROR_SUCCESS;
}

u32 archive_summary_read(struct db_core *db, const struct archive *a)
{
    struct propset set;
    u8 *data;
    size_t len;
    u32 err;

    propset_init(&set);
    err = read_rows(&set, a, true);
    if (!err)
        err = read_rows(&set, a, false);
    if (!err)
        err = propset_write(&set, &data, &len);
    if (!err) {
        err = stg_set_bytes(db_core_stg(db), stream_name, data, len);
        os_free(data);
    }
    propset_free(&set);
    return err;
}

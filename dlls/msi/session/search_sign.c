/*
 * What a row of the Signature table asks of a file, and whether a file is like that.
 */
#include "search.h"

#include <string.h>

#include "errorrec.h"
#include "rows.h"
#include "sysfiles.h"
#include "utf16.h"

/* "1.2.3.4"; missing numbers are 0. */
static bool parse_version(const char16_t *s, size_t len, u64 *version)
{
    size_t at = 0;

    *version = 0;
    for (u32 i = 0; i < 4; i++) {
        u32 n = 0;

        for (; at < len && s[at] != '.'; at++) {
            if (s[at] < '0' || s[at] > '9' || n > 0xffff)
                return false;
            n = n * 10 + (s[at] - (u32)'0');
        }
        at += at < len;
        *version = *version << 16 | (n & 0xffff);
    }
    return len != 0;
}

static bool version_field(struct record *row, u32 field, u64 *version)
{
    struct rec_view v;

    return !rec_view(row, field, &v) && parse_version(v.text, v.len, version);
}

/* Numbers between commas; what is none ends the list. */
static void parse_languages(struct signature *sig, const char16_t *s, size_t len)
{
    for (size_t at = 0; at < len && sig->language_count < ARRAY_LEN(sig->languages); at++) {
        u32 n = 0;
        size_t from;

        while (at < len && s[at] == ' ')
            at++;
        for (from = at; at < len && s[at] >= '0' && s[at] <= '9' && n <= 0xffff; at++)
            n = n * 10 + (s[at] - (u32)'0');
        if (at == from || n > 0xffff)
            return;
        sig->languages[sig->language_count++] = (u16)n;
        while (at < len && s[at] != ',')
            at++;
    }
}

/* NULL and what is below 0, which the column does not allow, are no limit. */
static bool limit_field(struct record *row, u32 field, u32 *limit)
{
    i32 n = rec_get_int(row, field);

    *limit = n < 0 ? 0 : (u32)n;
    return n != REC_NULL_INT && n >= 0;
}

static u32 take_name(void *ctx, struct record *row)
{
    struct signature *sig = ctx;
    struct rec_view v;
    size_t bar = 0;

    if (rec_view(row, 1, &v))
        return ERROR_SUCCESS;
    while (bar < v.len && v.text[bar] != '|')
        bar++;
    bar = bar < v.len ? bar + 1 : 0;
    sig->name = u16_dup(v.text + bar, v.len - bar);
    sig->is_file = true;
    sig->has_min = version_field(row, 2, &sig->min);
    sig->has_max = version_field(row, 3, &sig->max);
    return sig->name ? ERROR_NO_MORE_ITEMS : ERROR_OUTOFMEMORY;
}

static u32 take_limits(void *ctx, struct record *row)
{
    struct signature *sig = ctx;
    struct rec_view v;

    sig->has_min_size = limit_field(row, 1, &sig->min_size);
    sig->has_max_size = limit_field(row, 2, &sig->max_size);
    sig->has_min_date = limit_field(row, 3, &sig->min_date);
    sig->has_max_date = limit_field(row, 4, &sig->max_date);
    if (!rec_view(row, 5, &v))
        parse_languages(sig, v.text, v.len);
    return ERROR_NO_MORE_ITEMS;
}

u32 signature_read(struct database *db, const char16_t *id, size_t len, struct signature *sig)
{
    u32 err;

    memset(sig, 0, sizeof(*sig));
    err = rows_each_named(db,
                          u"SELECT `FileName`, `MinVersion`, `MaxVersion` FROM `Signature` WHERE "
                          u"`Signature` = ?",
                          id, len, take_name, sig);
    /* A table that has no such columns limits nothing by them. */
    if (!err && sig->is_file &&
        rows_each_named(db,
                        u"SELECT `MinSize`, `MaxSize`, `MinDate`, `MaxDate`, `Languages` FROM "
                        u"`Signature` WHERE `Signature` = ?",
                        id, len, take_limits, sig))
        err_clear();
    return err;
}

void signature_free(struct signature *sig)
{
    os_free(sig->name);
}

/* --- whether a file is like that ----------------------------------------------------------------
 */

/* Language-neutral is what has none, and what has 0 alone. */
static bool is_neutral(const u16 *languages, u32 count)
{
    for (u32 i = 0; i < count; i++)
        if (languages[i])
            return false;
    return true;
}

/* The file has to have all languages that are asked for. */
static bool languages_fit(const struct signature *sig, const struct sys_version *v)
{
    if (is_neutral(sig->languages, sig->language_count))
        return is_neutral(v->languages, v->language_count);
    for (u32 i = 0; i < sig->language_count; i++) {
        u32 at = 0;

        while (at < v->language_count && v->languages[at] != sig->languages[i])
            at++;
        if (at == v->language_count)
            return false;
    }
    return true;
}

/* Languages are looked at where the version is the lowest one, as the table's page has it. */
static bool version_fits(const struct signature *sig, const char16_t *path)
{
    struct sys_version v;

    if (!sig->has_min && !sig->has_max)
        return true;
    if (!sys_file_version(path, &v))
        return false;
    if (sig->has_min && (v.number < sig->min || (v.number == sig->min && !languages_fit(sig, &v))))
        return false;
    return !sig->has_max || v.number <= sig->max;
}

bool signature_fits(const struct signature *sig, const char16_t *path)
{
    bool limited = sig->has_min_size || sig->has_max_size || sig->has_min_date || sig->has_max_date;
    struct sys_file f;

    if (sys_path_kind(path) != SYS_FILE)
        return false;
    if (limited) {
        if (!sys_file_facts(path, &f) || (sig->has_min_size && f.size < sig->min_size) ||
            (sig->has_max_size && f.size > sig->max_size) ||
            (sig->has_min_date && f.written < sig->min_date) ||
            (sig->has_max_date && f.created > sig->max_date))
            return false;
    }
    return version_fits(sig, path);
}

#include "inilines.h"

#include <string.h>

#include "os.h"
#include "utf16.h"

/* `len` characters with the line's end, `end` without. The solid ones, which are not blank, of a
 * section hang together besides, its header first. */
struct ini_line {
    char16_t *own; /* NULL: it stands in the file's text, at `at` */
    u32 at, len, end;
    u32 prev, next;
    u32 section; /* INI_NONE: before the first header */
    u32 solid_prev, solid_next;
    u32 twin;   /* the next with the same key in the section */
    u32 latest; /* of the first of such: the last */
};

struct ini_section {
    u32 header, solid_last;
    u32 solids; /* without the header */
    u32 twin, latest;
};

/* --- text ---------------------------------------------------------------------------------------
 */

static bool is_blank(char16_t c)
{
    return c == ' ' || c == '\t';
}

void ini_trim(const char16_t *s, size_t *at, size_t *end)
{
    while (*at < *end && is_blank(s[*at]))
        ++*at;
    while (*end > *at && is_blank(s[*end - 1]))
        --*end;
}

bool ini_is_header(const char16_t *s, size_t len)
{
    size_t at = 0;

    ini_trim(s, &at, &len);
    return at < len && s[at] == '[';
}

const char16_t *ini_lines_text(const struct ini_lines *l, u32 line, size_t *len)
{
    const struct ini_line *i = &l->lines[line];

    *len = i->end;
    return i->own ? i->own : l->text.s + i->at;
}

struct name {
    const char16_t *s;
    size_t len;
    u32 section;
};

static struct name trimmed(const char16_t *s, size_t at, size_t end, u32 section)
{
    ini_trim(s, &at, &end);
    return (struct name){s + at, end - at, section};
}

/* Of a header: what stands between the brackets, or behind the one. */
static struct name section_name(const struct ini_lines *l, u32 line)
{
    size_t end, at = 0, close;
    const char16_t *s = ini_lines_text(l, line, &end);

    ini_trim(s, &at, &end);
    close = ++at;
    while (close < end && s[close] != ']')
        close++;
    return trimmed(s, at, close, INI_NONE);
}

/* What stands before the sign; without one the line has no key. */
static bool key_name(const struct ini_lines *l, u32 line, struct name *out)
{
    size_t end, sign = 0;
    const char16_t *s = ini_lines_text(l, line, &end);

    while (sign < end && s[sign] != '=')
        sign++;
    *out = trimmed(s, 0, sign, l->lines[line].section);
    return sign < end;
}

/* --- by name ------------------------------------------------------------------------------------
 */

static bool same_name(const struct name *a, const struct name *b)
{
    return !u16_compare_fold(a->s, a->len, b->s, b->len);
}

static bool is_section(const void *ctx, u32 value, const void *item)
{
    const struct ini_lines *l = ctx;
    struct name n = section_name(l, l->sections[value].header);

    return same_name(&n, item);
}

static bool is_key(const void *ctx, u32 value, const void *item)
{
    const struct ini_lines *l = ctx;
    const struct name *wanted = item;
    struct name n;

    return l->lines[value].section == wanted->section && key_name(l, value, &n) &&
           same_name(&n, wanted);
}

static u32 hash_of(const struct name *n)
{
    return hash_name(n->s, n->len) ^ hash_u32(n->section);
}

u32 ini_lines_section(const struct ini_lines *l, const char16_t *name, size_t len)
{
    struct name n = {name, len, INI_NONE};

    return hash_find(&l->by_section, hash_of(&n), is_section, l, &n);
}

u32 ini_lines_key(const struct ini_lines *l, u32 section, const char16_t *name, size_t len)
{
    struct name n = {name, len, section};

    return hash_find(&l->by_key, hash_of(&n), is_key, l, &n);
}

/* The line is the last of its section so far. */
static u32 index_key(struct ini_lines *l, u32 line)
{
    struct name n;
    u32 first;

    if (!key_name(l, line, &n))
        return ERROR_SUCCESS;
    first = hash_find(&l->by_key, hash_of(&n), is_key, l, &n);
    if (first == HASH_NONE) {
        l->lines[line].latest = line;
        return hash_add(&l->by_key, hash_of(&n), line);
    }
    l->lines[l->lines[first].latest].twin = line;
    l->lines[first].latest = line;
    return ERROR_SUCCESS;
}

static u32 index_section(struct ini_lines *l, u32 section)
{
    struct name n = section_name(l, l->sections[section].header);
    u32 first = hash_find(&l->by_section, hash_of(&n), is_section, l, &n);

    if (first == HASH_NONE) {
        l->sections[section].latest = section;
        return hash_add(&l->by_section, hash_of(&n), section);
    }
    l->sections[l->sections[first].latest].twin = section;
    l->sections[first].latest = section;
    return ERROR_SUCCESS;
}

/* The next of the name is found from now on. There is room, for what was taken out was there. */
static void drop_key(struct ini_lines *l, u32 line)
{
    const struct ini_line *i = &l->lines[line];
    struct name n;

    if (!key_name(l, line, &n))
        return;
    hash_remove(&l->by_key, hash_of(&n), line);
    if (i->twin != INI_NONE) {
        l->lines[i->twin].latest = i->latest;
        hash_add(&l->by_key, hash_of(&n), i->twin);
    }
}

static void drop_section(struct ini_lines *l, u32 section)
{
    const struct ini_section *s = &l->sections[section];
    struct name n = section_name(l, s->header);

    hash_remove(&l->by_section, hash_of(&n), section);
    if (s->twin != INI_NONE) {
        l->sections[s->twin].latest = s->latest;
        hash_add(&l->by_section, hash_of(&n), s->twin);
    }
}

/* --- lines --------------------------------------------------------------------------------------
 */

static u32 new_line(struct ini_lines *l, u32 *line)
{
    if (l->count == l->cap) {
        u32 cap = l->cap ? l->cap * 2 : 64;
        struct ini_line *all = os_realloc_array(l->lines, cap, sizeof(*all));

        if (!all)
            return ERROR_OUTOFMEMORY;
        l->lines = all;
        l->cap = cap;
    }
    *line = l->count++;
    l->lines[*line] = (struct ini_line){.prev = INI_NONE,
                                        .next = INI_NONE,
                                        .section = INI_NONE,
                                        .solid_prev = INI_NONE,
                                        .solid_next = INI_NONE,
                                        .twin = INI_NONE,
                                        .latest = INI_NONE};
    return ERROR_SUCCESS;
}

static u32 new_section(struct ini_lines *l, u32 header, u32 *section)
{
    if (l->section_count == l->section_cap) {
        u32 cap = l->section_cap ? l->section_cap * 2 : 16;
        struct ini_section *all = os_realloc_array(l->sections, cap, sizeof(*all));

        if (!all)
            return ERROR_OUTOFMEMORY;
        l->sections = all;
        l->section_cap = cap;
    }
    *section = l->section_count++;
    l->sections[*section] = (struct ini_section){header, header, 0, INI_NONE, INI_NONE};
    l->lines[header].section = *section;
    return index_section(l, *section);
}

/* Behind that one; INI_NONE: first of all. */
static void link_line(struct ini_lines *l, u32 line, u32 after)
{
    struct ini_line *i = &l->lines[line];

    i->prev = after;
    i->next = after == INI_NONE ? l->first : l->lines[after].next;
    if (i->next == INI_NONE)
        l->last = line;
    else
        l->lines[i->next].prev = line;
    if (after == INI_NONE)
        l->first = line;
    else
        l->lines[after].next = line;
}

static void unlink_line(struct ini_lines *l, u32 line)
{
    struct ini_line *i = &l->lines[line];

    if (i->prev == INI_NONE)
        l->first = i->next;
    else
        l->lines[i->prev].next = i->next;
    if (i->next == INI_NONE)
        l->last = i->prev;
    else
        l->lines[i->next].prev = i->prev;
    os_free(i->own);
    i->own = NULL;
}

/* The section's last that is not blank. */
static u32 join_section(struct ini_lines *l, u32 line, u32 section)
{
    struct ini_section *s = &l->sections[section];

    l->lines[line].section = section;
    l->lines[line].solid_prev = s->solid_last;
    l->lines[s->solid_last].solid_next = line;
    s->solid_last = line;
    s->solids++;
    return index_key(l, line);
}

static void leave_section(struct ini_lines *l, u32 line)
{
    const struct ini_line *i = &l->lines[line];
    struct ini_section *s = &l->sections[i->section];

    drop_key(l, line);
    l->lines[i->solid_prev].solid_next = i->solid_next;
    if (i->solid_next == INI_NONE)
        s->solid_last = i->solid_prev;
    else
        l->lines[i->solid_next].solid_prev = i->solid_prev;
    s->solids--;
}

/* --- reading ------------------------------------------------------------------------------------
 */

/* Puts it as a line of the text there behind the others. */
static u32 read_line(struct ini_lines *l, size_t at, u32 *section, bool *after_blank)
{
    const char16_t *s = l->text.s;
    size_t next = at, end, from, to;
    bool blank;
    u32 line, err;

    while (next < l->text.len && s[next] != '\n')
        next++;
    end = next > at && s[next - 1] == '\r' ? next - 1 : next;
    next += next < l->text.len;
    from = at;
    to = end;
    ini_trim(s, &from, &to);
    blank = from == to;
    if (blank && *after_blank) {
        l->lines[l->last].len += (u32)(next - at);
        l->lines[l->last].end = l->lines[l->last].len;
        return ERROR_SUCCESS;
    }
    *after_blank = blank;
    err = new_line(l, &line);
    if (err)
        return err;
    l->lines[line].at = (u32)at;
    l->lines[line].len = (u32)(next - at);
    l->lines[line].end = (u32)(end - at);
    link_line(l, line, l->last);
    if (blank)
        return ERROR_SUCCESS;
    if (s[from] == '[')
        return new_section(l, line, section);
    return *section == INI_NONE ? ERROR_SUCCESS : join_section(l, line, *section);
}

u32 ini_lines_read(struct ini_lines *l, struct text_buf *text)
{
    u32 section = INI_NONE, err = text->failed ? ERROR_OUTOFMEMORY : ERROR_SUCCESS;
    bool after_blank = false;

    *l = (struct ini_lines){.text = *text, .first = INI_NONE, .last = INI_NONE};
    tb_init(text);
    hash_init(&l->by_section);
    hash_init(&l->by_key);
    if (!err && l->text.len > 0x7fffffff)
        err = ERROR_FILE_TOO_LARGE;
    for (size_t at = 0; !err && at < l->text.len;) {
        err = read_line(l, at, &section, &after_blank);
        if (!err)
            at = l->lines[l->last].at + l->lines[l->last].len;
    }
    return err;
}

void ini_lines_free(struct ini_lines *l)
{
    for (u32 i = 0; i < l->count; i++)
        os_free(l->lines[i].own);
    os_free(l->lines);
    os_free(l->sections);
    tb_free(&l->text);
    hash_free(&l->by_section);
    hash_free(&l->by_key);
    memset(l, 0, sizeof(*l));
}

void ini_lines_join(const struct ini_lines *l, struct text_buf *out)
{
    if (!l->count)
        return;
    for (u32 i = l->first; i != INI_NONE; i = l->lines[i].next) {
        size_t end;

        tb_add(out, ini_lines_text(l, i, &end), l->lines[i].len);
    }
}

/* --- changes ------------------------------------------------------------------------------------
 */

static bool has_break(const char16_t *s, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (s[i] == '\n' || s[i] == '\r')
            return true;
    return false;
}

/* The text with that end in the place of the line's. */
static u32 put_text(struct ini_lines *l, u32 line, const char16_t *text, size_t len,
                    const char16_t *end, size_t end_len)
{
    char16_t *own;

    if (len > 0x7fffff00)
        return ERROR_OUTOFMEMORY;
    own = os_alloc((len + end_len) * sizeof(*own));
    if (!own)
        return ERROR_OUTOFMEMORY;
    l->again = l->again || has_break(text, len);
    memcpy(own, text, len * sizeof(*own));
    memcpy(own + len, end, end_len * sizeof(*own));
    os_free(l->lines[line].own);
    l->lines[line].own = own;
    l->lines[line].len = (u32)(len + end_len);
    l->lines[line].end = (u32)len;
    return ERROR_SUCCESS;
}

u32 ini_lines_set(struct ini_lines *l, u32 line, const char16_t *text, size_t len)
{
    const struct ini_line *i = &l->lines[line];
    char16_t end[2] = {0};
    size_t n;
    const char16_t *s = ini_lines_text(l, line, &n);

    memcpy(end, s + i->end, (i->len - i->end) * sizeof(*end));
    return put_text(l, line, text, len, end, i->len - i->end);
}

/* Something is to follow that line, so it ends. */
static u32 end_line(struct ini_lines *l, u32 line)
{
    size_t len;
    const char16_t *s;

    if (line == INI_NONE)
        return ERROR_SUCCESS;
    s = ini_lines_text(l, line, &len);
    len = l->lines[line].len;
    return s[len - 1] == '\n' ? ERROR_SUCCESS : put_text(l, line, s, len, u"\r\n", 2);
}

static u32 add_line(struct ini_lines *l, u32 after, const char16_t *text, size_t len, u32 *line)
{
    u32 err = end_line(l, after);

    if (!err)
        err = new_line(l, line);
    if (!err)
        err = put_text(l, *line, text, len, u"\r\n", 2);
    if (!err)
        link_line(l, *line, after);
    return err;
}

u32 ini_lines_add_key(struct ini_lines *l, u32 section, const char16_t *text, size_t len)
{
    u32 line, err = add_line(l, l->sections[section].solid_last, text, len, &line);

    l->again = l->again || ini_is_header(text, len);
    return err ? err : join_section(l, line, section);
}

u32 ini_lines_add_section(struct ini_lines *l, const char16_t *text, size_t len, u32 *section)
{
    u32 line, err = add_line(l, l->last, text, len, &line);

    return err ? err : new_section(l, line, section);
}

/* The header, and the blank lines behind it. */
static void remove_section(struct ini_lines *l, u32 section)
{
    u32 line = l->sections[section].header, next;

    drop_section(l, section);
    do {
        next = l->lines[line].next;
        unlink_line(l, line);
        line = next;
    } while (line != INI_NONE && l->lines[line].section == INI_NONE);
}

void ini_lines_remove(struct ini_lines *l, u32 line)
{
    u32 section = l->lines[line].section;

    leave_section(l, line);
    unlink_line(l, line);
    if (!l->sections[section].solids)
        remove_section(l, section);
}

/*
 * Summary information objects.
 */
#include "suminfo.h"

#include "codepage.h"
#include "errorrec.h"
#include "propset.h"
#include "stg.h"
#include "trace.h"
#include "utf16.h"

static const char16_t stream_name[] = u"\005SummaryInformation";

enum { E_OPEN = 2203, E_NOT_OPENED = 2220 };
enum { READ_MAX = 16 << 20 }; /* no honest summary information is longer */

struct suminfo {
    struct object object;
    struct os_mutex lock;
    struct database *db; /* of a database; else NULL */
    struct stg *stg;     /* of a file; else NULL */
    struct propset set;
    u32 updates; /* left */
    bool writable;
};

static void destroy(struct object *o)
{
    struct suminfo *s = suminfo_from(o);

    propset_free(&s->set);
    stg_close(s->stg);
    if (s->db)
        obj_unref(db_object(s->db));
    os_mutex_done(&s->lock);
    os_free(s);
}

static struct suminfo *suminfo_new(u32 updates)
{
    struct suminfo *s = os_calloc(1, sizeof(*s));

    if (!s)
        return NULL;
    obj_init(&s->object, OBJ_SUMMARY, destroy);
    propset_init(&s->set);
    s->updates = updates;
    s->writable = updates != 0;
    return s;
}

static u32 load(struct suminfo *s, struct stg *stg)
{
    size_t len;
    u8 *data;
    u64 size;
    u32 err = stg_stream_length(stg, stream_name, &size);

    if (err == ERROR_FILE_NOT_FOUND)
        return ERROR_SUCCESS;
    if (err || size > READ_MAX)
        return err ? err : ERROR_FILE_CORRUPT;
    err = stg_read_all(stg, stream_name, &data, &len);
    if (err)
        return err;
    err = propset_read(&s->set, data, len);
    os_free(data);
    return err;
}

static u32 open_error(u32 err)
{
    return err == ERROR_OUTOFMEMORY ? err : ERROR_INSTALL_PACKAGE_INVALID;
}

u32 suminfo_open(struct database *db, u32 updates, struct suminfo **out)
{
    struct suminfo *s = suminfo_new(updates);
    u32 err;

    if (!s)
        return ERROR_OUTOFMEMORY;
    obj_ref(db_object(db));
    s->db = db;
    db_lock(db);
    err = db->bare ? ERROR_INSTALL_PACKAGE_INVALID : load(s, db->stg);
    db_unlock(db);
    if (err) {
        const char16_t *texts[1] = {db->path};

        obj_unref(&s->object);
        return err_set(open_error(err), E_NOT_OPENED, texts, 1);
    }
    err_clear();
    *out = s;
    return ERROR_SUCCESS;
}

u32 suminfo_open_file(const char16_t *path, u32 updates, struct suminfo **out)
{
    const char16_t *texts[1] = {path};
    struct suminfo *s = suminfo_new(updates);
    u32 err;

    if (!s)
        return ERROR_OUTOFMEMORY;
    err = stg_open(path, (updates ? STG_WRITE : STG_READ) | STG_DENY_WRITE, &s->stg);
    if (!err)
        err = load(s, s->stg);
    if (err) {
        TRACE(TRACE_MSI, "summary information of %s: error %u", trace_text(path, -1), err);
        obj_unref(&s->object);
        return err_set(open_error(err), E_NOT_OPENED, texts, 1);
    }
    err_clear();
    *out = s;
    return ERROR_SUCCESS;
}

u32 suminfo_count(struct suminfo *s)
{
    u32 n;

    os_mutex_lock(&s->lock);
    n = s->set.count;
    os_mutex_unlock(&s->lock);
    return n;
}

/* --- getting ------------------------------------------------------------------------------------
 */

/* The code page of the set's texts that is known here; a neutral or strange one is the system's. */
static u32 text_codepage(const struct propset *set)
{
    u32 cp = propset_codepage(set);

    return cp && codepage_known(cp) ? cp : CODEPAGE_ACP;
}

static u32 decode(const struct propset *set, const struct prop *p, struct sum_value *v)
{
    u32 cp = text_codepage(set), err;

    err = codepage_decode(cp, (const char *)p->data, p->len, NULL, 0, &v->len);
    if (err)
        return err;
    v->text = os_alloc_array(v->len + 1, sizeof(char16_t));
    if (!v->text)
        return ERROR_OUTOFMEMORY;
    err = codepage_decode(cp, (const char *)p->data, p->len, v->text, v->len, &v->len);
    v->text[err ? 0 : v->len] = 0;
    return err;
}

static u32 copy_wide(const struct prop *p, struct sum_value *v)
{
    v->len = p->len / 2;
    v->text = os_alloc_array(v->len + 1, sizeof(char16_t));
    if (!v->text)
        return ERROR_OUTOFMEMORY;
    for (size_t i = 0; i < v->len; i++)
        v->text[i] = (char16_t)(p->data[2 * i] | p->data[2 * i + 1] << 8);
    v->text[v->len] = 0;
    return ERROR_SUCCESS;
}

/* A property's text; another type has none. */
static u32 text_of(const struct propset *set, const struct prop *p, struct sum_value *v)
{
    switch (p->type) {
    case PROP_LPSTR:
        return decode(set, p, v);
    case PROP_LPWSTR:
        return copy_wide(p, v);
    default:
        return ERROR_SUCCESS;
    }
}

static u32 get_locked(struct suminfo *s, u32 id, struct sum_value *v)
{
    const struct prop *p = propset_get(&s->set, id);

    if (!p)
        return ERROR_SUCCESS;
    v->type = p->type == PROP_LPWSTR ? PROP_LPSTR : p->type;
    v->num = p->num;
    v->time = p->time;
    return text_of(&s->set, p, v);
}

u32 suminfo_get(struct suminfo *s, u32 id, struct sum_value *v)
{
    u32 err;

    *v = (struct sum_value){0};
    if (id > SUM_MAX_PROPERTY)
        return ERROR_UNKNOWN_PROPERTY;
    os_mutex_lock(&s->lock);
    err = get_locked(s, id, v);
    os_mutex_unlock(&s->lock);
    if (err) {
        os_free(v->text);
        v->text = NULL;
    }
    return err;
}

/* --- setting ------------------------------------------------------------------------------------
 */

/* The type that the property has; PROP_EMPTY for one that cannot be set. */
static u32 type_of(u32 id)
{
    switch (id) {
    case 1: /* code page */
        return PROP_I2;
    case 11: /* last printed */
    case 12: /* created */
    case 13: /* last saved */
        return PROP_FILETIME;
    case 14: /* page count */
    case 15: /* word count */
    case 16: /* character count */
    case 19: /* security */
        return PROP_I4;
    default:
        return (id >= 2 && id <= 9) || id == 18 ? PROP_LPSTR : PROP_EMPTY;
    }
}

static u32 set_wide(struct propset *set, u32 id, const char16_t *text, size_t len)
{
    struct prop p = {.id = id, .type = PROP_LPWSTR, .len = (u32)(len * sizeof(*text))};

    p.data = (u8 *)text;
    return propset_add(set, &p);
}

static u32 set_text(struct propset *set, u32 id, const char16_t *text, size_t len)
{
    u32 cp = text_codepage(set), err;
    size_t need;
    char *bytes;

    /* All text of such a set is read as UTF-16. */
    if (propset_codepage(set) == CODEPAGE_UTF16)
        return set_wide(set, id, text, len);
    err = codepage_encode(cp, text, len, NULL, 0, &need, NULL);
    if (err)
        return err;
    bytes = os_alloc(need ? need : 1);
    if (!bytes)
        return ERROR_OUTOFMEMORY;
    err = codepage_encode(cp, text, len, bytes, need, &need, NULL);
    if (!err)
        err = propset_set_text(set, id, bytes, (u32)need);
    os_free(bytes);
    return err;
}

static u32 set_value(struct propset *set, u32 id, const struct sum_value *v)
{
    switch (v->type) {
    case PROP_LPSTR:
        return set_text(set, id, v->text, v->len);
    case PROP_FILETIME:
        return propset_set_time(set, id, v->time);
    case PROP_EMPTY:
        propset_remove(set, id);
        return ERROR_SUCCESS;
    default:
        return propset_set_num(set, id, (enum prop_type)v->type, v->num);
    }
}

/* The texts again, in another code page. */
static u32 change_codepage(struct propset *set, const struct sum_value *v)
{
    struct sum_value texts[SUM_MAX_PROPERTY + 1] = {{0}};
    u32 err = ERROR_SUCCESS;

    for (u32 id = 2; !err && id <= SUM_MAX_PROPERTY; id++) {
        const struct prop *p = propset_get(set, id);

        if (p)
            err = text_of(set, p, &texts[id]);
    }
    if (!err)
        err = set_value(set, PROP_ID_CODEPAGE, v);
    for (u32 id = 2; id <= SUM_MAX_PROPERTY; id++) {
        if (!err && texts[id].text)
            err = set_text(set, id, texts[id].text, texts[id].len);
        os_free(texts[id].text);
    }
    return err;
}

static u32 set_locked(struct suminfo *s, u32 id, const struct sum_value *v)
{
    bool is_new = v->type != PROP_EMPTY && !propset_get(&s->set, id);
    u32 err;

    if (!s->writable || (is_new && !s->updates))
        return ERROR_FUNCTION_FAILED;
    err = id == PROP_ID_CODEPAGE ? change_codepage(&s->set, v) : set_value(&s->set, id, v);
    if (!err && is_new)
        s->updates--;
    return err;
}

u32 suminfo_set(struct suminfo *s, u32 id, const struct sum_value *v)
{
    u32 err;

    if (type_of(id) == PROP_EMPTY || (v->type != PROP_EMPTY && type_of(id) != v->type))
        return ERROR_DATATYPE_MISMATCH;
    if (v->missing)
        return ERROR_INVALID_PARAMETER;
    os_mutex_lock(&s->lock);
    err = set_locked(s, id, v);
    os_mutex_unlock(&s->lock);
    return err;
}

static u32 write_stream(struct suminfo *s, struct stg *stg)
{
    u8 *data;
    size_t len;
    u32 err = propset_write(&s->set, &data, &len);

    if (err)
        return err;
    err = stg_set_bytes(stg, stream_name, data, len);
    os_free(data);
    return err;
}

static u32 persist_locked(struct suminfo *s)
{
    u32 err;

    if (!s->db) {
        err = write_stream(s, s->stg);
        return err ? err : stg_commit(s->stg);
    }
    db_lock(s->db);
    err = write_stream(s, s->db->stg);
    db_unlock(s->db);
    return err;
}

u32 suminfo_persist(struct suminfo *s)
{
    u32 err;

    if (!s->writable)
        return ERROR_FUNCTION_FAILED;
    if (s->db && !db_writable(s->db))
        return ERROR_FUNCTION_FAILED;
    os_mutex_lock(&s->lock);
    err = persist_locked(s);
    os_mutex_unlock(&s->lock);
    TRACE(TRACE_MSI, "summary information saved: %u", err);
    return err == ERROR_OUTOFMEMORY || !err ? err : ERROR_FUNCTION_FAILED;
}

/*
 * The error record of the process.
 */
#include "errorrec.h"

#include "trace.h"
#include "utf16.h"

static _Atomic(struct record *) last;

static void put(struct record *r)
{
    struct record *old = atomic_exchange(&last, r);

    if (old)
        obj_unref(rec_object(old));
}

void err_clear(void)
{
    /* Almost always there is none, and then looking is enough. */
    if (atomic_load_explicit(&last, memory_order_relaxed))
        put(NULL);
}

u32 err_set(u32 code, u32 number, const char16_t *const *texts, u32 n)
{
    struct record *r = rec_create(1 + n);

    if (!r) {
        err_clear();
        return code;
    }
    rec_set_int(r, 1, (i32)number);
    for (u32 i = 0; i < n; i++)
        if (texts[i])
            rec_set_text(r, 2 + i, texts[i], u16_len(texts[i]));
    TRACE(TRACE_MSI, "error %u: 1: %u 2: %s 3: %s 4: %s", code, number,
          n > 0 ? trace_text(texts[0], -1) : "", n > 1 ? trace_text(texts[1], -1) : "",
          n > 2 ? trace_text(texts[2], -1) : "");
    put(r);
    return code;
}

u32 err_set_sql(const struct sql_error *e, const char16_t *path, const char16_t *query)
{
    const char16_t *texts[3] = {path, e->text, query};

    if (!e->number) {
        err_clear();
        return e->code;
    }
    switch (e->fields) {
    case SQL_FIELDS_NONE:
        return err_set(e->code, e->number, texts, 1);
    case SQL_FIELDS_TEXT:
        return err_set(e->code, e->number, texts, 2);
    case SQL_FIELDS_QUERY:
        texts[1] = query;
        return err_set(e->code, e->number, texts, 2);
    case SQL_FIELDS_TEXT_QUERY:
        break;
    }
    return err_set(e->code, e->number, texts, 3);
}

struct record *err_take(void)
{
    return atomic_exchange(&last, NULL);
}

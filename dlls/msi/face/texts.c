/*
 * Texts and GUIDs of the functions about products.
 */
#include "texts.h"

#include "os.h"
#include "utf16.h"

u32 texts_from_a(struct texts *t, u32 count, const char *const in[])
{
    u32 err = ERROR_SUCCESS;

    t->count = 0;
    while (!err && t->count < count) {
        err = text_from_a(&t->at[t->count], in[t->count]);
        if (!err)
            t->count++;
    }
    if (err)
        texts_done(t);
    return err;
}

void texts_done(struct texts *t)
{
    while (t->count)
        text_done(&t->at[--t->count]);
}

void guid_put(struct guid_out out, const char16_t *guid)
{
    if (!out.buf)
        return;
    for (size_t i = 0; i <= GUID_CHARS; i++) {
        if (out.ansi)
            ((char *)out.buf)[i] = (char)guid[i];
        else
            ((char16_t *)out.buf)[i] = guid[i];
        if (!guid[i])
            break;
    }
}

static u32 too_long(struct text_out out, const char16_t *text, DWORD need, enum text_short how)
{
    if (how == SHORT_CUT)
        text_put(out, text, u16_len(text));
    else if (how == SHORT_EMPTY && *out.size)
        memset(out.buf, 0, out.ansi ? 1 : sizeof(char16_t));
    *out.size = need;
    return ERROR_MORE_DATA;
}

static u32 give(struct text_out out, const char16_t *text, enum text_short how, bool doubled)
{
    DWORD need = 0;
    u32 err = text_put((struct text_out){NULL, &need, out.ansi}, text, u16_len(text));
    DWORD told = doubled && out.ansi ? need * 2 : need;

    if (err)
        return err;
    if (!out.size)
        return out.buf ? ERROR_INVALID_PARAMETER : ERROR_SUCCESS;
    if (!out.buf) {
        *out.size = told;
        return ERROR_SUCCESS;
    }
    return need < *out.size ? text_put(out, text, u16_len(text)) : too_long(out, text, told, how);
}

u32 text_give(struct text_out out, char16_t *text, enum text_short how, bool doubled)
{
    u32 err = give(out, text, how, doubled);

    os_free(text);
    return err;
}

u32 row_put(const struct listing_row *row, struct row_out out)
{
    u32 err = out.sid.size ? text_put(out.sid, row->sid, u16_len(row->sid)) : ERROR_SUCCESS;

    if (err)
        return err;
    guid_put(out.guid, row->guid);
    if (out.context)
        *out.context = (MSIINSTALLCONTEXT)row->context;
    return ERROR_SUCCESS;
}

/* Whom the machine's products belong to is no user that can be named (Remarks on szUserSid). */
static bool is_machine(const char16_t *sid)
{
    return sid && u16_equal_fold(sid, LAYOUT_MACHINE_SID);
}

bool context_one(const char16_t *sid, DWORD context)
{
    if (context != CONTEXT_MANAGED && context != CONTEXT_USER && context != CONTEXT_MACHINE)
        return false;
    return !is_machine(sid) && (context != CONTEXT_MACHINE || !sid);
}

bool context_some(const char16_t *sid, DWORD contexts)
{
    if (!contexts || contexts > CONTEXT_ANY)
        return false;
    return !is_machine(sid) && (contexts != CONTEXT_MACHINE || !sid);
}

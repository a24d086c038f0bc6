/*
 * Source lists: the places that a product's or a patch's package is looked for in.
 */
#include <windows.h>
#include <msi.h>

#include "os.h"
#include "sourceowner.h"
#include "texts.h"
#include "utf16.h"

/* The one of both kinds of places that the options name; 0 for none and both. */
static enum source_kind place_kind(DWORD options)
{
    DWORD kind = options & SOURCE_KINDS;

    return kind == SOURCE_NETWORK || kind == SOURCE_URL ? (enum source_kind)kind : 0;
}

/* --- MsiSourceListEnumSources, MsiSourceListEnumMediaDisks --------------------------------------
 */

/* Which index comes next in this thread's enumeration: 0 begins it, each other follows the one
 * before. One that was asked for without a buffer may be asked for again. */
struct walk {
    DWORD next;
    bool again;
};
static __thread struct walk of_sources, of_disks;

static bool follows(const struct walk *w, DWORD index)
{
    return !index || index == w->next || (w->again && index + 1 == w->next);
}

static void go_on(struct walk *w, DWORD index, u32 err, bool no_buffer)
{
    if (!err)
        *w = (struct walk){index + 1, no_buffer};
    else if (err == ERROR_NO_MORE_ITEMS)
        *w = (struct walk){0, false};
}

static u32 enum_sources(const char16_t *code, const char16_t *sid, DWORD context, DWORD options,
                        DWORD index, struct text_out out)
{
    struct source_owner o;
    char16_t *place;
    u32 err = source_owner_of(code, sid, context, options, &o);

    if (!err && (!place_kind(options) || (out.buf && !out.size) || !follows(&of_sources, index)))
        return ERROR_INVALID_PARAMETER;
    if (!err)
        err = source_at(&o, place_kind(options), index, &place);
    if (!err)
        err = text_give(out, place, SHORT_NOTHING, false);
    go_on(&of_sources, index, err, !out.buf);
    return err;
}

UINT WINAPI MsiSourceListEnumSourcesW(const WCHAR *code, const WCHAR *user,
                                      MSIINSTALLCONTEXT context, DWORD options, DWORD index,
                                      WCHAR *buf, DWORD *size)
{
    return enum_sources(w16(code), w16(user), context, options, index, out_w(buf, size));
}

UINT WINAPI MsiSourceListEnumSourcesA(const char *code, const char *user, MSIINSTALLCONTEXT context,
                                      DWORD options, DWORD index, char *buf, DWORD *size)
{
    const char *in[] = {code, user};
    struct texts t;
    u32 err = texts_from_a(&t, ARRAY_LEN(in), in);

    if (err)
        return err;
    err = enum_sources(t.at[0].text, t.at[1].text, context, options, index, out_a(buf, size));
    texts_done(&t);
    return err;
}

static u32 enum_disks(const struct source_owner *o, DWORD index, DWORD *disk, struct text_out label,
                      struct text_out prompt)
{
    char16_t *label_text, *prompt_text;
    u32 number, err, err2;

    if ((label.buf && !label.size) || (prompt.buf && !prompt.size) || !follows(&of_disks, index))
        return ERROR_INVALID_PARAMETER;
    err = source_disk_at(o, index, &number, &label_text, &prompt_text);
    if (!err) {
        if (disk)
            *disk = number;
        err = text_give(label, label_text, SHORT_NOTHING, false);
        err2 = text_give(prompt, prompt_text, SHORT_NOTHING, false);
        err = err ? err : err2;
    }
    go_on(&of_disks, index, err, !label.buf && !prompt.buf);
    return err;
}

/* Disks are of one kind: the options only say whether a product or a patch is meant. */
static u32 disks_owner_of(const char16_t *code, const char16_t *sid, DWORD context, DWORD options,
                          struct source_owner *o)
{
    return options & SOURCE_KINDS ? (u32)ERROR_INVALID_PARAMETER
                                  : source_owner_of(code, sid, context, options, o);
}

UINT WINAPI MsiSourceListEnumMediaDisksW(const WCHAR *code, const WCHAR *user,
                                         MSIINSTALLCONTEXT context, DWORD options, DWORD index,
                                         DWORD *disk, WCHAR *label, DWORD *label_size,
                                         WCHAR *prompt, DWORD *prompt_size)
{
    struct source_owner o;
    u32 err = disks_owner_of(w16(code), w16(user), context, options, &o);

    return err ? err
               : enum_disks(&o, index, disk, out_w(label, label_size), out_w(prompt, prompt_size));
}

UINT WINAPI MsiSourceListEnumMediaDisksA(const char *code, const char *user,
                                         MSIINSTALLCONTEXT context, DWORD options, DWORD index,
                                         DWORD *disk, char *label, DWORD *label_size, char *prompt,
                                         DWORD *prompt_size)
{
    const char *in[] = {code, user};
    struct source_owner o;
    struct texts t;
    u32 err = texts_from_a(&t, ARRAY_LEN(in), in);

    if (err)
        return err;
    err = disks_owner_of(t.at[0].text, t.at[1].text, context, options, &o);
    if (!err)
        err = enum_disks(&o, index, disk, out_a(label, label_size), out_a(prompt, prompt_size));
    texts_done(&t);
    return err;
}

/* --- MsiSourceListGetInfo, MsiSourceListSetInfo -------------------------------------------------
 */

static u32 get_info(const char16_t *code, const char16_t *sid, DWORD context, DWORD options,
                    const char16_t *name, struct text_out out)
{
    struct source_owner o;
    char16_t *text;
    u32 err = source_owner_of(code, sid, context, options, &o);

    if (!err && (!name || (out.buf && !out.size)))
        err = ERROR_INVALID_PARAMETER;
    if (!err)
        err = source_info(&o, name, &text);
    return err ? err : text_give(out, text, SHORT_NOTHING, false);
}

UINT WINAPI MsiSourceListGetInfoW(const WCHAR *code, const WCHAR *user, MSIINSTALLCONTEXT context,
                                  DWORD options, const WCHAR *name, WCHAR *buf, DWORD *size)
{
    return get_info(w16(code), w16(user), context, options, w16(name), out_w(buf, size));
}

UINT WINAPI MsiSourceListGetInfoA(const char *code, const char *user, MSIINSTALLCONTEXT context,
                                  DWORD options, const char *name, char *buf, DWORD *size)
{
    const char *in[] = {code, user, name};
    struct texts t;
    u32 err = texts_from_a(&t, ARRAY_LEN(in), in);

    if (err)
        return err;
    err = get_info(t.at[0].text, t.at[1].text, context, options, t.at[2].text, out_a(buf, size));
    texts_done(&t);
    return err;
}

static u32 set_info(const char16_t *code, const char16_t *sid, DWORD context, DWORD options,
                    const char16_t *name, const char16_t *text)
{
    struct source_owner o;
    u32 err = source_owner_of(code, sid, context, options, &o);

    if (!err && (!name || !text))
        err = name ? ERROR_UNKNOWN_PROPERTY : ERROR_INVALID_PARAMETER;
    return err ? err : source_set_info(&o, (enum source_kind)(options & SOURCE_KINDS), name, text);
}

UINT WINAPI MsiSourceListSetInfoW(const WCHAR *code, const WCHAR *user, MSIINSTALLCONTEXT context,
                                  DWORD options, const WCHAR *name, const WCHAR *text)
{
    return set_info(w16(code), w16(user), context, options, w16(name), w16(text));
}

UINT WINAPI MsiSourceListSetInfoA(const char *code, const char *user, MSIINSTALLCONTEXT context,
                                  DWORD options, const char *name, const char *text)
{
    const char *in[] = {code, user, name, text};
    struct texts t;
    u32 err = texts_from_a(&t, ARRAY_LEN(in), in);

    if (err)
        return err;
    err = set_info(t.at[0].text, t.at[1].text, context, options, t.at[2].text, t.at[3].text);
    texts_done(&t);
    return err;
}

/* --- MsiSourceListAddSourceEx, MsiSourceListClearSource -----------------------------------------
 */

static u32 add_source(const char16_t *code, const char16_t *sid, DWORD context, DWORD options,
                      const char16_t *place, DWORD number)
{
    struct source_owner o;
    u32 err = source_owner_of(code, sid, context, options, &o);

    if (!err && (!place || !place[0] || !place_kind(options)))
        err = ERROR_INVALID_PARAMETER;
    return err ? err : source_add(&o, place_kind(options), place, number);
}

UINT WINAPI MsiSourceListAddSourceExW(const WCHAR *code, const WCHAR *user,
                                      MSIINSTALLCONTEXT context, DWORD options, const WCHAR *place,
                                      DWORD number)
{
    return add_source(w16(code), w16(user), context, options, w16(place), number);
}

UINT WINAPI MsiSourceListAddSourceExA(const char *code, const char *user, MSIINSTALLCONTEXT context,
                                      DWORD options, const char *place, DWORD number)
{
    const char *in[] = {code, user, place};
    struct texts t;
    u32 err = texts_from_a(&t, ARRAY_LEN(in), in);

    if (err)
        return err;
    err = add_source(t.at[0].text, t.at[1].text, context, options, t.at[2].text, number);
    texts_done(&t);
    return err;
}

static u32 clear_source(const char16_t *code, const char16_t *sid, DWORD context, DWORD options,
                        const char16_t *place)
{
    struct source_owner o;
    u32 err = source_owner_of(code, sid, context, options, &o);

    if (!err && (!place || !place_kind(options)))
        err = ERROR_INVALID_PARAMETER;
    return err ? err : source_remove(&o, place_kind(options), place);
}

UINT WINAPI MsiSourceListClearSourceW(const WCHAR *code, const WCHAR *user,
                                      MSIINSTALLCONTEXT context, DWORD options, const WCHAR *place)
{
    return clear_source(w16(code), w16(user), context, options, w16(place));
}

UINT WINAPI MsiSourceListClearSourceA(const char *code, const char *user, MSIINSTALLCONTEXT context,
                                      DWORD options, const char *place)
{
    const char *in[] = {code, user, place};
    struct texts t;
    u32 err = texts_from_a(&t, ARRAY_LEN(in), in);

    if (err)
        return err;
    err = clear_source(t.at[0].text, t.at[1].text, context, options, t.at[2].text);
    texts_done(&t);
    return err;
}

/* --- disks --------------------------------------------------------------------------------------
 */

static u32 add_disk(const char16_t *code, const char16_t *sid, DWORD context, DWORD options,
                    DWORD disk, const char16_t *label, const char16_t *prompt)
{
    struct source_owner o;
    u32 err = source_owner_of(code, sid, context, options, &o);

    if (!err && ((options & SOURCE_KINDS) || (label && !label[0]) || (prompt && !prompt[0])))
        err = ERROR_INVALID_PARAMETER;
    return err ? err : source_disk_add(&o, disk, label, prompt);
}

UINT WINAPI MsiSourceListAddMediaDiskW(const WCHAR *code, const WCHAR *user,
                                       MSIINSTALLCONTEXT context, DWORD options, DWORD disk,
                                       const WCHAR *label, const WCHAR *prompt)
{
    return add_disk(w16(code), w16(user), context, options, disk, w16(label), w16(prompt));
}

UINT WINAPI MsiSourceListAddMediaDiskA(const char *code, const char *user,
                                       MSIINSTALLCONTEXT context, DWORD options, DWORD disk,
                                       const char *label, const char *prompt)
{
    const char *in[] = {code, user, label, prompt};
    struct texts t;
    u32 err = texts_from_a(&t, ARRAY_LEN(in), in);

    if (err)
        return err;
    err = add_disk(t.at[0].text, t.at[1].text, context, options, disk, t.at[2].text, t.at[3].text);
    texts_done(&t);
    return err;
}

static u32 clear_disk(const char16_t *code, const char16_t *sid, DWORD context, DWORD options,
                      DWORD disk)
{
    struct source_owner o;
    u32 err = source_owner_of(code, sid, context, options, &o);

    if (!err && (options & (SOURCE_NETWORK | SOURCE_URL)))
        err = ERROR_INVALID_PARAMETER;
    return err ? err : source_disk_remove(&o, disk);
}

UINT WINAPI MsiSourceListClearMediaDiskW(const WCHAR *code, const WCHAR *user,
                                         MSIINSTALLCONTEXT context, DWORD options, DWORD disk)
{
    return clear_disk(w16(code), w16(user), context, options, disk);
}

UINT WINAPI MsiSourceListClearMediaDiskA(const char *code, const char *user,
                                         MSIINSTALLCONTEXT context, DWORD options, DWORD disk)
{
    const char *in[] = {code, user};
    struct texts t;
    u32 err = texts_from_a(&t, ARRAY_LEN(in), in);

    if (err)
        return err;
    err = clear_disk(t.at[0].text, t.at[1].text, context, options, disk);
    texts_done(&t);
    return err;
}

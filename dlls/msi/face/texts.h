/*
 * What the functions about products share: the texts of an A call, GUIDs and texts as answers.
 */
#ifndef MSI_TEXTS_H
#define MSI_TEXTS_H

#include <windows.h>
#include <msi.h>

#include "listing.h"
#include "strio.h"

enum { TEXTS_MAX = 5 };

/* The texts of a call, NULL for NULL. */
struct texts {
    struct text_in at[TEXTS_MAX];
    u32 count;
};
/* ERROR_OUTOFMEMORY. What it made lives until texts_done. */
u32 texts_from_a(struct texts *t, u32 count, const char *const in[]);
void texts_done(struct texts *t);

/* A buffer of GUID_CHARS + 1 characters, which may be NULL. */
struct guid_out {
    void *buf;
    bool ansi;
};
void guid_put(struct guid_out out, const char16_t *guid);

/* What becomes of a text that does not fit: cut as text_put does, not written, or an empty one. */
enum text_short { SHORT_CUT, SHORT_NOTHING, SHORT_EMPTY };
/* As text_put. With `doubled` the length that an A function tells of a text it did not copy is
 * twice as large, as Windows' Ex functions tell it. Frees the text. */
u32 text_give(struct text_out out, char16_t *text, enum text_short how, bool doubled);

/* What an enumeration with users answers. */
struct row_out {
    struct guid_out guid;
    MSIINSTALLCONTEXT *context;
    struct text_out sid;
};
/* ERROR_MORE_DATA: the SID does not fit; nothing else is written then. */
u32 row_put(const struct listing_row *row, struct row_out out);

/* NULL, the caller, for an empty text too. */
static inline const char16_t *user_of(const char16_t *sid)
{
    return sid && sid[0] ? sid : NULL;
}

/* A context and a user as MSDN wants them: one of MSIINSTALLCONTEXT_*, or several of them; no user
 * beside the machine alone, and S-1-5-18 never. */
bool context_one(const char16_t *sid, DWORD context);
bool context_some(const char16_t *sid, DWORD contexts);

#endif

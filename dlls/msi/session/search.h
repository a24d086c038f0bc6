/*
 * AppSearch, CCPSearch, RMCCPSearch: properties from what is on the machine.
 */
#ifndef MSI_SEARCH_H
#define MSI_SEARCH_H

#include "session_impl.h"
#include "sysfiles.h"

/* The action. Success also where nothing is found. */
u32 search_apps(struct session *s);
/* CCP_Success where one of the signatures of the CCPSearch table is found: anywhere; on the drive
 * that CCP_DRIVE names. */
u32 search_qualifying(struct session *s);
u32 search_qualifying_media(struct session *s);

/* --- between its files --------------------------------------------------------------------------
 */

/* A row of the Signature table, if there is one: then a file is looked for, else a folder. */
struct signature {
    bool is_file;
    char16_t *name; /* the long one */
    bool has_min, has_max, has_min_size, has_max_size, has_min_date, has_max_date;
    u64 min, max; /* versions */
    u32 min_size, max_size;
    u32 min_date, max_date; /* of the last write, of the making; as struct sys_file has them */
    u16 languages[SYS_LANGUAGES];
    u32 language_count;
};

/* Reads the row, if there is one. Ends with signature_free in any case. */
u32 signature_read(struct database *db, const char16_t *id, size_t len, struct signature *sig);
void signature_free(struct signature *sig);

/* In all of them: found means that something was added to *out. */

/* A file of any name whose version, languages, size and dates are as the row wants them. */
bool signature_fits(const struct signature *sig, const char16_t *path);
/* The file of the signature's name in the folder (which ends with a backslash), or up to depth
 * levels below it; of a signature without a row the folder itself. */
bool signature_in(const struct signature *sig, const char16_t *folder, u32 depth,
                  struct text_buf *out);
/* What a path says that was found somewhere: of a file (as_file) or a folder. */
bool signature_of_path(const struct signature *sig, const char16_t *path, bool as_file,
                       struct text_buf *out);

#endif

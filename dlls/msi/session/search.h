/*
 * AppSearch, CCPSearch, RMCCPSearch: properties from what is on the machine.
 */
#ifndef MSI_SEARCH_H
#define MSI_SEARCH_H

#include "session_impl.h"

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
    bool has_min, has_max;
    u64 min, max;
};

/* In all of them: found means that something was added to *out. */

/* A file of any name whose version lies within. */
bool signature_fits(const struct signature *sig, const char16_t *path);
/* The file of the signature's name in the folder (which ends with a backslash), or up to depth
 * levels below it; of a signature without a row the folder itself. */
bool signature_in(const struct signature *sig, const char16_t *folder, u32 depth,
                  struct text_buf *out);
/* What a path says that was found somewhere: of a file (as_file) or a folder. */
bool signature_of_path(const struct signature *sig, const char16_t *path, bool as_file,
                       struct text_buf *out);

#endif

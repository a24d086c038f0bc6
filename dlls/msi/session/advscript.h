/*
 * Advertise scripts (.aas). No document describes Windows Installer's own, so this is a form of
 * ours, which only this engine reads: a database with the tables of the package as its transforms
 * left them, without its cabinets, and these rows of the table Property:
 *
 *   DecanterScriptVersion     1; a script of another one is none
 *   DecanterScriptPackage     the full path of the package
 *   DecanterScriptTransforms  TRANSFORMS as it was given; missing where there were none
 *
 * A script is opened as a package is, and believed no more than one.
 */
#ifndef MSI_ADVSCRIPT_H
#define MSI_ADVSCRIPT_H

#include "session.h"

struct advscript {
    char16_t *package, *transforms; /* never NULL; transforms may be empty */
};

/* ERROR_INSTALL_FAILURE: it is none. ERROR_OUTOFMEMORY. */
u32 advscript_read(struct database *db, struct advscript *out);
void advscript_free(struct advscript *script);
/* A value of its Property table, from os_alloc; "" where there is none. */
u32 advscript_property(struct database *db, const char16_t *name, char16_t **value);

/* Writes the session's package, which lies at that full path, as a script. What the session has in
 * memory is changed; nothing else is to be done with it. */
u32 advscript_write(struct session *s, const char16_t *package, const char16_t *script);

enum advscript_parts {
    SCRIPT_ICONS = 0x1,
    SCRIPT_SHORTCUTS = 0x4,
    SCRIPT_CONFIGURATION = 0x20,
    SCRIPT_CLASSES = 0x80,
    SCRIPT_EXTENSIONS = 0x100,
};
/* Takes out of the sequences, in memory, what is for other parts than these. */
u32 advscript_limit(struct database *db, u32 parts);

#endif

/*
 * Reading wine-parts.txt (its form stands in wineparts.h).
 */
#ifndef DECANTER_PARTS_FILE_H
#define DECANTER_PARTS_FILE_H

#include "base.h"

#include <windows.h>

enum { PARTS_MAX = 64 };

struct parts {
    u32 count;
    char16_t *list[PARTS_MAX]; /* "\REGISTRY\MACHINE\HARDWARE", upper case */
    WCHAR *shown[PARTS_MAX];   /* the last component as the file writes it */
    /* What is left of the path below HKEY_LOCAL_MACHINE, or below HKEY_CURRENT_USER; else NULL. */
    const char16_t *below_machine[PARTS_MAX], *below_user[PARTS_MAX];
    char16_t user[200];  /* "\REGISTRY\USER\S-1-5-..." of this user */
    u32 component_count; /* the components of all paths, each once */
    struct {
        const char16_t *name;
        u32 len;
    } components[PARTS_MAX * 4];
};

/* Reads the file in the folder of the running server; without one there are no parts. Lines that
 * are no path of a known root are told in the trace and skipped. */
void parts_read(struct parts *p);

#endif

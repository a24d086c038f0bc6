/*
 * A cabinet of one file that is not compressed, as a file.
 */
#ifndef ONECAB_H
#define ONECAB_H

#include <windows.h>

#include <stdio.h>
#include <string.h>

/* What the fields are is in Microsoft's description of cabinets: a header of 36 bytes, a folder of
 * 8, a file of 16 and its name, a block of 8 (its checksum is 0: none) and its bytes. */
static void make_onecab(const char *path, const char *name, const char *bytes)
{
    enum { HEADER = 36, FOLDER = 8, ENTRY = 16, BLOCK = 8 };
    DWORD len = (DWORD)strlen(bytes), named = (DWORD)strlen(name) + 1;
    DWORD data = HEADER + FOLDER + ENTRY + named, size = data + BLOCK + len,
          files = HEADER + FOLDER;
    BYTE cab[400] = {'M', 'S', 'C', 'F'};
    WORD half = (WORD)len;
    FILE *f;

    memcpy(cab + 8, &size, 4);
    memcpy(cab + 16, &files, 4);
    cab[24] = 3; /* version 1.3 */
    cab[25] = cab[26] = cab[28] = 1;
    memcpy(cab + HEADER, &data, 4);
    cab[HEADER + 4] = 1; /* blocks; not compressed */
    memcpy(cab + files, &len, 4);
    memcpy(cab + files + 10, "\xa2\x58\x00\x60\x20", 5); /* date, time, attributes */
    memcpy(cab + files + ENTRY, name, named);
    memcpy(cab + data + 4, &half, 2);
    memcpy(cab + data + 6, &half, 2);
    memcpy(cab + data + BLOCK, bytes, len);
    f = fopen(path, "wb");
    if (f) {
        fwrite(cab, 1, size, f);
        fclose(f);
    }
}

#endif

/*
 * What searches ask the system about files: whether they are there, their versions, what a folder
 * holds, drives, INI files. Paths are the system's, and terminated.
 */
#ifndef MSI_SYSFILES_H
#define MSI_SYSFILES_H

#include "textbuf.h"

enum sys_kind { SYS_NOTHING, SYS_FILE, SYS_FOLDER };
enum { SYS_LANGUAGES = 32 };

struct sys_version {
    u64 number;                   /* four numbers of 16 bits, the first highest */
    u16 languages[SYS_LANGUAGES]; /* as many of them as there is room for */
    u32 language_count;
};

/* Times are local, as MS-DOS has them: the date in the upper half. */
struct sys_file {
    u64 size;
    u32 created, written;
};

enum sys_kind sys_path_kind(const char16_t *path);
/* False where the file has no version. */
bool sys_file_version(const char16_t *path, struct sys_version *version);
/* False where there is no such file, or a time is none of MS-DOS's. */
bool sys_file_facts(const char16_t *path, struct sys_file *file);
/* Calls fn for each name in a folder until it returns true, which is returned. */
bool sys_each_name(const char16_t *folder, bool (*fn)(void *ctx, const char16_t *name, bool folder),
                   void *ctx);
/* The letters of the fixed drives, terminated. */
void sys_fixed_drives(char16_t letters[27]);
/* %VARIABLES% expanded; what is none stays. */
void sys_expand(const char16_t *text, struct text_buf *out);
/* A value of an INI file in Windows' folder; adds nothing where there is none. */
void sys_ini_value(const char16_t *file, const char16_t *section, const char16_t *key,
                   struct text_buf *out);

#endif

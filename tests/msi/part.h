/*
 * A DLL of tests/parts inside of the test program, for a package's table Binary.
 *
 *     EMBED_PART("action");          tests/parts/action.c; the Makefile says that it comes first
 *     add_part(db);                  as "Dll"
 */
#ifndef PART_H
#define PART_H

#include "actions.h"

#ifdef __x86_64__
#define PART_SYMBOL(x) x
#define PART_FOLDER    "build/x86_64/tests/parts/"
#else
#define PART_SYMBOL(x) "_" x
#define PART_FOLDER    "build/i686/tests/parts/"
#endif

/* clang-format off */
#define EMBED_PART(name)                                        \
    __asm__("\t.section .rdata,\"dr\"\n"                        \
            "\t.globl " PART_SYMBOL("part_dll") "\n"            \
            PART_SYMBOL("part_dll") ":\n"                       \
            "\t.incbin \"" PART_FOLDER name ".dll\"\n"          \
            "\t.globl " PART_SYMBOL("part_dll_end") "\n"        \
            PART_SYMBOL("part_dll_end") ":\n"                   \
            "\t.text\n")
/* clang-format on */
extern const char part_dll[], part_dll_end[];

static void add_part(MSIHANDLE db)
{
    add_binary(db, "Dll", part_dll, (DWORD)(part_dll_end - part_dll));
}

#endif

/*
 * The entry points of door_list.h and bridge_list.h: jumps, so that every argument arrives at
 * Wine's function as the caller passed it.
 *
 * A door:    known? jump there. Else look it up, with the argument registers kept, and jump, or
 *            return the list's value (on i686 taking the arguments off the stack).
 * A bridge:  first argument 0 or one of ours, or msi_wine.dll not loaded: jump to our function.
 *            Else as a door, and where Wine has no such function, to ours.
 */
#include "door.h"

#define STR_(x) #x
#define STR(x)  STR_(x)

STATIC_ASSERT(HND_FIRST == 0x400000);
/* The highest handle that is not ours. */
#define FOREIGN_LAST "0x3fffff"

#ifdef __x86_64__

#define SYM(name, bytes)    #name
#define POINTER(what)       ".quad " what "\n"
#define RETURN(bytes)       "ret\n"
#define LOAD_TARGET(entry)  "movq " entry "+8(%rip), %rax\n"
#define LOOK_UP(entry)      "leaq " entry "(%rip), %rax\n callq door_look_up\n"
#define TEST_TARGET         "testq %rax, %rax\n"
#define JUMP                "jmpq *%rax\n"
#define IF_OURS(ours)       "leal -1(%rcx), %eax\n cmpl $" FOREIGN_LAST "-1, %eax\n ja " ours "\n"
#define IF_NOT_LOADED(ours) "cmpl $0, door_loaded(%rip)\n je " ours "\n"

/* In: rax, the entry. Out: rax, the target or NULL. Keeps the argument registers. */
__asm__(".text\n"
        ".def door_look_up; .scl 3; .type 32; .endef\n"
        "door_look_up:\n"
        "pushq %rcx\n pushq %rdx\n pushq %r8\n pushq %r9\n subq $32, %rsp\n"
        "movq %rax, %rcx\n callq door_find\n"
        "addq $32, %rsp\n popq %r9\n popq %r8\n popq %rdx\n popq %rcx\n"
        "retq\n");

#else

#define SYM(name, bytes)   "_" #name "@" STR(bytes)
#define POINTER(what)      ".long " what "\n"
#define RETURN(bytes)      "ret $" STR(bytes) "\n"
#define LOAD_TARGET(entry) "movl " entry "+4, %eax\n"
#define LOOK_UP(entry)     "pushl $" entry "\n calll _door_find\n addl $4, %esp\n"
#define TEST_TARGET        "testl %eax, %eax\n"
#define JUMP               "jmpl *%eax\n"
#define IF_OURS(ours) \
    "movl 4(%esp), %eax\n decl %eax\n cmpl $" FOREIGN_LAST "-1, %eax\n ja " ours "\n"
#define IF_NOT_LOADED(ours) "cmpl $0, _door_loaded\n je " ours "\n"

#endif

/* struct door_entry of that name */
#define ENTRY(kind, name)                                                       \
    ".section .rdata\n" kind "name_" #name ": .asciz \"" #name "\"\n"           \
    ".data\n .balign 8\n" kind "entry_" #name ":\n" POINTER(kind "name_" #name) \
        POINTER("0") ".text\n .balign 16\n"
#define LABEL(symbol) ".globl " symbol "\n" symbol ":\n"
#define TO_WINE(kind, name, otherwise) \
    LOAD_TARGET(kind "entry_" #name)   \
    TEST_TARGET "jnz 1f\n" LOOK_UP(kind "entry_" #name) TEST_TARGET otherwise "1: " JUMP

#define DOOR(name, bytes, value)                         \
    __asm__(ENTRY("door_", name) LABEL(SYM(name, bytes)) \
                TO_WINE("door_", name, "jz 2f\n") "2: movl $" #value ", %eax\n" RETURN(bytes));

#ifdef __x86_64__
#define DOOR_CDECL(name, value) DOOR(name, 0, value)
#else
#define DOOR_CDECL(name, value)                   \
    __asm__(ENTRY("door_", name) LABEL("_" #name) \
                TO_WINE("door_", name, "jz 2f\n") "2: movl $" #value ", %eax\n ret\n");
#endif

#define BRIDGE(name, bytes)                                                                   \
    __asm__(ENTRY("bridge_", name) LABEL(SYM(bridge_##name, bytes)) IF_OURS(SYM(name, bytes)) \
                IF_NOT_LOADED(SYM(name, bytes))                                               \
                    TO_WINE("bridge_", name, "jz " SYM(name, bytes) "\n"));

#include "door_list.h"
#include "bridge_list.h"

/*
 * The entry points of door_list.h and bridge_list.h: jumps, so that every argument arrives at
 * Wine's function as the caller passed it.
 *
 * A door:    known? jump there. Else look it up, with the argument registers kept, and jump, or
 *            return what door_refuse says of the arguments, which lie in one row for it (on i686
 *            taking them off the stack).
 * A bridge:  first argument 0 or one of ours: jump to our function. In a host of custom actions,
 * one of the process that installs: what remote_call returns. msi_wine.dll not loaded: to ours.
 * Else as a door, and where Wine has no such function, to ours. A remote:  what remote_call
 * returns.
 */
#include "remote.h"

#define STR_(x) #x
#define STR(x)  STR_(x)

STATIC_ASSERT(HND_FIRST == 0x400000);
STATIC_ASSERT(REMOTE_FIRST == 0x200000 && REMOTE_LAST == 0x3fffff);
/* The highest handle that is not ours. */
#define FOREIGN_LAST "0x3fffff"
#define REMOTE_AT    "0x200000"

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
#define IF_REMOTE(there)                                                 \
    "cmpl $" REMOTE_AT ", %ecx\n jb 1f\n cmpl $0, remote_active(%rip)\n" \
    " jne " there "\n1: "

/* The registers go to their places on the caller's stack, before the other arguments. */
#define ASK(function, entry)                                                               \
    "movq %rcx, 8(%rsp)\n movq %rdx, 16(%rsp)\n movq %r8, 24(%rsp)\n movq %r9, 32(%rsp)\n" \
    "leaq " entry "(%rip), %rcx\n leaq 8(%rsp), %rdx\n"                                    \
    "subq $40, %rsp\n callq " function "\n addq $40, %rsp\n"

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
#define ASK(function, entry) \
    "leal 4(%esp), %eax\n pushl %eax\n pushl $" entry "\n calll _" function "\n addl $8, %esp\n"
#define IF_OURS(ours) \
    "movl 4(%esp), %eax\n decl %eax\n cmpl $" FOREIGN_LAST "-1, %eax\n ja " ours "\n"
#define IF_NOT_LOADED(ours) "cmpl $0, _door_loaded\n je " ours "\n"
#define IF_REMOTE(there)                                               \
    "cmpl $" REMOTE_AT ", 4(%esp)\n jb 1f\n cmpl $0, _remote_active\n" \
    " jne " there "\n1: "

#endif

/* struct door of that name */
#define ENTRY(kind, name, rules, value, refusal)                                             \
    ".section .rdata\n" kind "name_" #name ": .asciz \"" #name "\"\n" kind "rules_" #name    \
    ": .asciz \"" rules "\"\n"                                                               \
    ".data\n .balign 8\n" kind "entry_" #name ":\n" POINTER(kind "name_" #name) POINTER("0") \
        POINTER(kind "rules_" #name) ".long " #value ", " #refusal "\n .text\n .balign 16\n"
#define LABEL(symbol) ".globl " symbol "\n" symbol ":\n"
#define TO_WINE(kind, name, otherwise) \
    LOAD_TARGET(kind "entry_" #name)   \
    TEST_TARGET "jnz 1f\n" LOOK_UP(kind "entry_" #name) TEST_TARGET otherwise "1: " JUMP
#define DOOR_TO(symbol, name, value, rules, refusal, back)                     \
    __asm__(ENTRY("door_", name, rules, value, refusal) LABEL(symbol) TO_WINE( \
        "door_", name, "jz 2f\n") "2: " ASK("door_refuse", "door_entry_" #name) back);

#define DOOR(name, bytes, value, rules, refusal) \
    DOOR_TO(SYM(name, bytes), name, value, rules, refusal, RETURN(bytes))

#ifdef __x86_64__
#define DOOR_CDECL(name, value) DOOR(name, 0, value, "", 0)
#else
#define DOOR_CDECL(name, value) DOOR_TO("_" #name, name, value, "", 0, "ret\n")
#endif

#define BRIDGE(name, bytes, rules)                                              \
    __asm__(ENTRY("bridge_", name, "", 0, 0) LABEL(SYM(bridge_##name, bytes))   \
                IF_OURS(SYM(name, bytes)) IF_REMOTE(SYM(remote_##name, bytes))  \
                    IF_NOT_LOADED(SYM(name, bytes))                             \
                        TO_WINE("bridge_", name, "jz " SYM(name, bytes) "\n")); \
    REMOTE(name, bytes, rules)
#define REMOTE(name, bytes, rules)                                            \
    __asm__(ENTRY("remote_", name, "", 0, 0) LABEL(SYM(remote_##name, bytes)) \
                ASK("remote_call", "remote_entry_" #name) RETURN(bytes));

#include "door_list.h"
#include "bridge_list.h"

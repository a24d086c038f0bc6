/*
 * os_guard on Windows: a frame of structured exception handling, which C of gcc cannot say.
 *
 * On x86_64 the scope table of a function says where its faults go, and the system unwinds to
 * there. On i686 a frame of two words (who was before, the handler) is on the stack and at fs:0;
 * the handler sets the registers back to where it was made. Nothing between the fault and this
 * frame gets to clean up: what runs under it holds nothing.
 */
#include <windows.h>

#include "os.h"

static bool is_fault(const EXCEPTION_RECORD *e)
{
    /* Wine makes either of the last two of a mapping that has no block behind it. */
    return e->ExceptionCode == EXCEPTION_ACCESS_VIOLATION ||
           e->ExceptionCode == EXCEPTION_GUARD_PAGE ||
           e->ExceptionCode == EXCEPTION_IN_PAGE_ERROR ||
           e->ExceptionCode == EXCEPTION_DATATYPE_MISALIGNMENT;
}

#if defined(__x86_64__)

LONG os_guard_filter(EXCEPTION_POINTERS *p, void *frame);

__attribute__((used)) LONG os_guard_filter(EXCEPTION_POINTERS *p, void *frame)
{
    UNUSED(frame);
    return is_fault(p->ExceptionRecord) ? EXCEPTION_EXECUTE_HANDLER : EXCEPTION_CONTINUE_SEARCH;
}

__asm__("	.text\n"
        "	.p2align 4\n"
        "	.globl	os_guard\n"
        "	.def	os_guard; .scl 2; .type 32; .endef\n"
        "	.seh_proc	os_guard\n"
        "os_guard:\n"
        "	subq	$40, %rsp\n"
        "	.seh_stackalloc	40\n"
        "	.seh_endprologue\n"
        "	movq	%rcx, %rax\n"
        "	movq	%rdx, %rcx\n"
        ".Los_guard_begin:\n"
        "	call	*%rax\n"
        "	nop\n"
        ".Los_guard_end:\n"
        "	movl	$1, %eax\n"
        "	addq	$40, %rsp\n"
        "	ret\n"
        ".Los_guard_fault:\n"
        "	xorl	%eax, %eax\n"
        "	addq	$40, %rsp\n"
        "	ret\n"
        "	.seh_handler	__C_specific_handler, @except\n"
        "	.seh_handlerdata\n"
        "	.long	1\n"
        "	.rva	.Los_guard_begin, .Los_guard_end, os_guard_filter, .Los_guard_fault\n"
        "	.text\n"
        "	.seh_endproc\n");

#elif defined(__i386__)

#define UNWINDING_FLAGS 6u /* EXCEPTION_UNWINDING, EXCEPTION_EXIT_UNWIND */

extern const char os_guard_fault[];
EXCEPTION_DISPOSITION __cdecl os_guard_handler(EXCEPTION_RECORD *e, void *frame, CONTEXT *context,
                                               void *dispatch);

/* The frame is 20 bytes below where ebp was put. */
__attribute__((used))
EXCEPTION_DISPOSITION __cdecl os_guard_handler(EXCEPTION_RECORD *e, void *frame, CONTEXT *context,
                                               void *dispatch)
{
    UNUSED(dispatch);
    if ((e->ExceptionFlags & UNWINDING_FLAGS) || !is_fault(e))
        return ExceptionContinueSearch;
    context->Esp = (DWORD)(uintptr_t)frame;
    context->Ebp = (DWORD)(uintptr_t)frame + 20;
    context->Eip = (DWORD)(uintptr_t)os_guard_fault;
    return ExceptionContinueExecution;
}

__asm__("	.text\n"
        "	.p2align 4\n"
        "	.globl	_os_guard\n"
        "	.def	_os_guard; .scl 2; .type 32; .endef\n"
        "_os_guard:\n"
        "	pushl	%ebp\n"
        "	movl	%esp, %ebp\n"
        "	pushl	%ebx\n"
        "	pushl	%esi\n"
        "	pushl	%edi\n"
        "	pushl	$_os_guard_handler\n"
        "	pushl	%fs:0\n"
        "	movl	%esp, %fs:0\n"
        "	pushl	12(%ebp)\n"
        "	call	*8(%ebp)\n"
        "	movl	$1, %eax\n"
        ".Los_guard_out:\n"
        "	leal	-20(%ebp), %esp\n"
        "	popl	%fs:0\n"
        "	addl	$4, %esp\n"
        "	popl	%edi\n"
        "	popl	%esi\n"
        "	popl	%ebx\n"
        "	popl	%ebp\n"
        "	ret\n"
        "	.globl	_os_guard_fault\n"
        "_os_guard_fault:\n"
        "	cld\n"
        "	xorl	%eax, %eax\n"
        "	jmp	.Los_guard_out\n");

#else
#error "os_guard for this processor"
#endif

/*
 * Where handles' values come from: on Windows each is a kernel handle, so that what programs do
 * with an HKEY outside of the registry's functions (DuplicateHandle, GetHandleInformation,
 * CloseHandle) works. Natively a value is made from the slot (handles.h).
 */
#ifndef DECANTER_KERNEL_H
#define DECANTER_KERNEL_H

#include "base.h"
#include "error.h"

#ifdef _WIN32
#define HND_KERNEL 1
#else
#define HND_KERNEL 0
#endif

/* A handle to a new object without a name, that nothing can be waited for or read from; a multiple
 * of 4. ERROR_NO_SYSTEM_RESOURCES. */
u32 kernel_make(u32 *handle);
void kernel_close(u32 handle);

#endif

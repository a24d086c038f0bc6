/*
 * The exports that are the installer's: passed on to msi_wine.dll where it stands beside us.
 *
 * DOOR(name, bytes of arguments on i686, what is returned without it, arguments, refusal)
 * DOOR_CDECL(name, what is returned without it)
 *
 * "arguments" has a letter for each of them (face/doorargs.c looks at them, where there is no
 * msi_wine.dll); what breaks a rule is answered with the refusal, 87 being ERROR_INVALID_PARAMETER:
 *
 *   .      anything
 *   t T    a text; one that is not empty
 *   p      a pointer
 *   b s    a buffer, and its size, which must be there if the buffer is
 *   n      not 0
 *   0 1 2  0; 0 or 1; 2
 *   g o    a GUID; a GUID or NULL
 *   l      an INSTALLSTATE to ask for
 *   c C    a context; several. The user's SID stands before it, and must not with the machine alone
 *   f      states of patches
 *   m w    MSICODE_*; MSICODE_* and one MSISOURCETYPE_*
 *
 * These are GUIDs too, of what must be known to this machine, or the answer is in brackets:
 *
 *   P O    a product; one or NULL (ERROR_UNKNOWN_PRODUCT)
 *   S      as argument 3 says, a product or a patch (ERROR_UNKNOWN_PATCH)
 *   K Q    a component; a qualified one (ERROR_UNKNOWN_COMPONENT)
 */
DOOR(MsiLoadStringA, 20, 0, ".....", 87)
DOOR(MsiLoadStringW, 20, 0, ".....", 87)
DOOR(MsiMessageBoxA, 24, 0, "......", 87)
DOOR(MsiMessageBoxExA, 28, 0, ".......", 87)
DOOR(MsiMessageBoxExW, 28, 0, ".......", 87)
DOOR(MsiMessageBoxW, 24, 0, "......", 87)
DOOR_CDECL(__wine_msi_call_dll_function, 120)

/*
 * What messages say where the package's Error table does not: by the numbers of its documentation.
 */
#ifndef MSI_MSGTEXTS_H
#define MSI_MSGTEXTS_H

#include "base.h"

/* A template in ASCII, or NULL. Below 1000 are the parts that messages are made of: the number of a
 * kind (INSTALLMESSAGE, shifted down) is that of what stands before its texts. */
const char *message_builtin(i32 number);

#endif

#include <errno.h>
#include <unistd.h>

#include "trace_out.h"

void trace_out(const char *line, u32 len)
{
    int error = errno;

    if (write(STDERR_FILENO, line, len) < 0)
        errno = error; /* nobody to tell */
    errno = error;
}

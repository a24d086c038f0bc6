#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "msiq.h"

int main(int argc, char **argv)
{
    /* the second, for the commands to move about */
    char16_t **args = must_alloc(((size_t)argc + 1) * sizeof(*args));
    char16_t **passed = must_alloc(((size_t)argc + 1) * sizeof(*passed));
    int code, n = 0;

    for (; n + 1 < argc; n++)
        passed[n] = args[n] = from_ascii(argv[n + 1]);
    setvbuf(stdout, NULL, _IOFBF, 1 << 16);
    code = msiq_main(n, passed);
    if (fflush(stdout) || ferror(stdout)) {
        warn("standard output could not be written: %s", strerror(errno));
        code = EXIT_FAILED;
    }
    while (n)
        os_free(args[--n]);
    os_free(passed);
    os_free(args);
    return code;
}

#include <windows.h>

#include <fcntl.h>
#include <io.h>
#include <stdio.h>

#include "msiq.h"

int wmain(int argc, WCHAR **argv); /* -municode calls it; no header of mingw-w64 declares it */

int wmain(int argc, WCHAR **argv)
{
    int code;

    _setmode(_fileno(stdout), _O_BINARY);
    setvbuf(stdout, NULL, _IOFBF, 1 << 16);
    code = msiq_main(argc - 1, (char16_t **)argv + 1);
    if (fflush(stdout) || ferror(stdout)) {
        warn("standard output could not be written");
        code = EXIT_FAILED;
    }
    return code;
}

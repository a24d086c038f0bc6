#include <windows.h>

#include <fcntl.h>
#include <io.h>
#include <stdio.h>

#include "demo.h"
#include "hivetool.h"

static const struct command demo = {
    "demo", 0, 0, cmd_demo, "demo", "writes some keys and values through winreg.dll"};
const struct command *const more_command = &demo;

int wmain(int argc, WCHAR **argv); /* -municode calls it; no header of mingw-w64 declares it */

int wmain(int argc, WCHAR **argv)
{
    int code;

    _setmode(_fileno(stdout), _O_BINARY);
    code = hive_main(argc - 1, (char16_t **)argv + 1);
    return fflush(stdout) ? EXIT_FAILED : code;
}

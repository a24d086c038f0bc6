#include <stdio.h>
#include <stdlib.h>

#include "hivetool.h"
#include "utf16.h"

const struct command *const more_command;

static void free_args(char16_t **args)
{
    for (int i = 0; args && args[i]; i++)
        free(args[i]);
    free(args);
}

int main(int argc, char **argv)
{
    /* the second, for the commands to move about */
    char16_t **args = calloc((size_t)argc + 1, sizeof(*args));
    char16_t **passed = calloc((size_t)argc + 1, sizeof(*passed));
    int code = EXIT_FAILED, n = 0;

    while (args && passed && n + 1 < argc && (args[n] = u16_dup_utf8(argv[n + 1]))) {
        passed[n] = args[n];
        n++;
    }
    if (args && passed && n + 1 >= argc)
        code = hive_main(n, passed);
    if (fflush(stdout))
        code = EXIT_FAILED;
    free(passed);
    free_args(args);
    return code;
}
